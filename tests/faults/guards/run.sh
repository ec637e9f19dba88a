#!/bin/bash
# Takes out one guard after the other, in copies of the tree, and shows which tests notice. Every one
# that its patch names must: one that has gone blind would hide behind the others.
#
#   tests/faults/guards/run.sh           all of them
#   tests/faults/guards/run.sh fsync     these
#   tests/faults/guards/run.sh --apply   only: does every patch still fit, and compile?
#
# A patch begins with two lines: "guard: what it is for" and "caught by: test programs".
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../../.." || exit 1
here=$PWD
trees=.build/guards
# Most tests wait in vain while their guard is out: twice as many as there are cores.
workers=$((2 * ${JOBS:-2}))

said() {
    sed -n "s/^$2: //p" "tests/faults/guards/$1.patch" | head -1
}

# fits NAME: does it still take its guard out? Where it does not fit any more, or what it makes of its
# files does not compile, no test has anything to miss, and only a full run would say so.
fits() {
    local patch=tests/faults/guards/$1.patch copy=$trees/fits/$1 file
    git apply --check "$patch" || return
    while read -r file; do
        mkdir -p "$(dirname "$copy/$file")"
        cp "$file" "$copy/$file"
    done < <(sed -n 's#^+++ b/##p' "$patch")
    patch -s -p1 -d "$copy" <"$patch" || return
    # Of its headers those that are patched come first.
    while read -r file; do
        ${CC:-gcc} -fsyntax-only -w -std=c11 "-I$copy/include" $flags -iquote "$(dirname "$file")" \
            -x c "$copy/$file" || return
    done < <(sed -n 's#^+++ b/\(.*\.[ch]\)$#\1#p' "$patch")
}

if [ "${1:-}" = --apply ]; then
    flags="-D_GNU_SOURCE -Iinclude
        $(pkg-config --cflags libuv libwebsockets libcurl openssl jansson sqlite3 yaml-0.1)"
    export -f fits
    export flags trees
    rm -rf "${trees:?}/fits"
    mapfile -t all < <(cd tests/faults/guards && ls -- *.patch | sed 's/\.patch$//')
    mapfile -t unfit < <(printf '%s\n' "${all[@]}" |
        xargs -P "${JOBS:-2}" -I{} bash -c 'fits {} >&2 || echo {}')
    failed=${#unfit[@]}
    passed=$((${#all[@]} - failed))
    [ "$failed" -eq 0 ] || echo "these take nothing out: ${unfit[*]}"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
fi

# bring_up TREE: what differs is copied with the time of now, so that make builds it anew: after a run
# that was cut off, too. What is gone here, goes there.
bring_up() {
    git ls-files -z | while IFS= read -r -d '' file; do
        cmp -s "$file" "$1/$file" && continue
        mkdir -p "$1/$(dirname "$file")"
        cp "$file" "$1/$file"
    done
    find "$1" -path "$1/.build" -prune -o -name '*.[ch]' -print | while read -r file; do
        [ -e "${file#"$1"/}" ] || rm "$file"
    done
}

# build TREE JOBS TEST...
build() {
    local tree=$1 jobs=$2
    shift 2
    make --no-print-directory -s -C "$tree" -j"$jobs" INSTALLED=yes MODE=asan WARN=-w \
        "${@/#/.build/asan/}" .build/asan/cppo-bot .build/asan/cppo-sandbox >"$tree/build.log" 2>&1
}

# failing TREE TEST...: those of them that fail. Half a minute is longer than the bot needs to look
# twice for a post whose answer was lost.
failing() {
    local tree=$1 one
    shift
    for one in "$@"; do
        (cd "$tree" && PATIENCE_S=30 timeout 1800 ".build/asan/$one" >"$one.log" 2>&1) || echo "$one"
    done
}

# take_out NAME TREE: prints a line that begins with "caught" or "missed".
take_out() {
    local name=$1 tree=$2 patch=$here/tests/faults/guards/$1.patch tests noticed=() blind verdict=caught
    read -ra tests <<<"$(said "$name" "caught by")"
    if ! (cd "$tree" && patch -s -p1 <"$patch"); then
        echo "missed $name: the patch does not fit"
        return
    fi
    if build "$tree" 2 "${tests[@]}"; then
        mapfile -t noticed < <(failing "$tree" "${tests[@]}")
    else
        tail -5 "$tree/build.log"
    fi
    blind=$(printf '%s\n' "${tests[@]}" | grep -vxF -f <(printf '%s\n' "${noticed[@]}") | xargs)
    [ -z "$blind" ] || verdict=missed
    printf '%s %-17s %-58s %s\n' "$verdict" "$name" "$(said "$name" guard)" \
        "${noticed[*]}${blind:+ NOT MISSED BY $blind}"
    (cd "$tree" && patch -s -R -p1 <"$patch")
}

# try NAME: in the first tree that nobody works in.
try() {
    local number
    for number in $(seq "$workers"); do
        exec 8>"$trees/$number.lock"
        flock -n 8 && break
    done
    take_out "$1" "$trees/$number" 8>&- # the lock is ours alone: what a test leaves running has none
}
export -f said build failing take_out try
export here trees workers

patches=("$@")
[ $# -gt 0 ] || mapfile -t patches < <(cd tests/faults/guards && ls -- *.patch | sed 's/\.patch$//')
mapfile -t all < <(for name in "${patches[@]}"; do said "$name" "caught by"; done | tr ' ' '\n' | sort -u)
mkdir -p "$trees/1"
bring_up "$trees/1"
build "$trees/1" "$workers" "${all[@]}" || { tail -20 "$trees/1/build.log"; exit 1; }
sick=$(failing "$trees/1" "${all[@]}" | xargs)
[ -z "$sick" ] || { echo "these fail with every guard in place: $sick"; exit 1; }
[ "${#patches[@]}" -ge "$workers" ] || workers=${#patches[@]}
for number in $(seq 2 "$workers"); do
    rm -rf "${trees:?}/$number"
    cp -a "$trees/1" "$trees/$number"
done
printf '%s\n' "${patches[@]}" | xargs -P "$workers" -I{} bash -c 'try {}' | tee "$trees/verdicts"
passed=$(grep -c '^caught' "$trees/verdicts")
failed=$((${#patches[@]} - passed))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
