#!/bin/bash
# Takes out one guard after the other, in a copy of the tree, and shows which tests notice. Every one
# that its patch names must: one that has gone blind would hide behind the others.
#
#   tests/faults/guards/run.sh           all of them
#   tests/faults/guards/run.sh fsync     these
#   tests/faults/guards/run.sh --apply   only: does every patch still fit?
#
# A patch begins with two lines: "guard: what it is for" and "caught by: test programs".
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../../.." || exit 1
here=$PWD
tree=.build/guards
jobs=${JOBS:-2}
passed=0
failed=0

said() {
    sed -n "s/^$2: //p" "$1" | head -1
}

count() {
    if [ "$1" = caught ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

build() {
    make --no-print-directory -s -C "$tree" -j"$jobs" INSTALLED=yes MODE=asan WARN=-w \
        "${@/#/.build/asan/}" .build/asan/cppo-bot .build/asan/cppo-sandbox >"$tree/build.log" 2>&1
}

# Of the programs named, those that fail. Many wait in vain then: half a minute is longer than the bot
# needs to look twice for a post whose answer was lost.
failing() {
    local one out=
    for one in "$@"; do
        (cd "$tree" && PATIENCE_S=30 timeout 1800 ".build/asan/$one" >"$one.log" 2>&1) || out="$out $one"
    done
    echo "$out"
}

if [ "${1:-}" = --apply ]; then
    for patch in tests/faults/guards/*.patch; do
        if git apply --check "$patch"; then count caught; else count missed; fi
    done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
fi

patches=("$@")
[ $# -gt 0 ] || mapfile -t patches < <(cd tests/faults/guards && ls -- *.patch | sed 's/\.patch$//')
# What differs is copied with the time of now, so that make builds it anew: after a run that was cut
# off, too.
git ls-files -z | while IFS= read -r -d '' file; do
    cmp -s "$file" "$tree/$file" && continue
    mkdir -p "$tree/$(dirname "$file")"
    cp "$file" "$tree/$file"
done
# What is gone here, goes there.
find "$tree" -path "$tree/.build" -prune -o -name '*.[ch]' -print | while read -r file; do
    [ -e "${file#"$tree"/}" ] || rm "$file"
done

mapfile -t all < <(for name in "${patches[@]}"; do said "tests/faults/guards/$name.patch" "caught by"; done |
    tr ' ' '\n' | sort -u)
build "${all[@]}" || { tail -20 "$tree/build.log"; exit 1; }
sick=$(failing "${all[@]}")
[ -z "$sick" ] || { echo "these fail with every guard in place:$sick"; exit 1; }

for name in "${patches[@]}"; do
    patch=$here/tests/faults/guards/$name.patch
    read -ra tests <<<"$(said "$patch" "caught by")"
    if ! (cd "$tree" && patch -s -p1 <"$patch"); then
        echo "$name: the patch does not fit"
        count missed
        continue
    fi
    if build "${tests[@]}"; then caught=$(failing "${tests[@]}"); else caught=; tail -5 "$tree/build.log"; fi
    read -ra noticed <<<"$caught"
    blind=$(printf '%s\n' "${tests[@]}" | grep -vxF -f <(printf '%s\n' "${noticed[@]}") | xargs)
    printf '%-17s %-58s %s\n' "$name" "$(said "$patch" guard)" \
        "${noticed[*]}${blind:+ NOT MISSED BY $blind}"
    if [ -z "$blind" ]; then count caught; else count missed; fi
    (cd "$tree" && patch -s -R -p1 <"$patch")
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
