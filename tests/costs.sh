#!/bin/bash
# Instructions that the bot's own code takes to answer, from the frame to what leaves: as it is
# shipped, counted by callgrind, so that they depend on no machine, but on Debian 12's compiler. The
# libraries' are not in it: theirs grow with what is stored. The test's own, some thousands, are.
# Whoever makes one dearer, or cheaper, by more than a tenth writes the new figure here, and says why
# in the commit. The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
figures="help 8834
list 263602
form 181864
approval 233268"
program=.build/release/test_flows_statements
out=.build/costs
passed=0
failed=0
rm -rf "$out"
mkdir -p "$out"
make --no-print-directory INSTALLED=yes MODE=release "$program" >"$out/log" 2>&1 ||
    { cat "$out/log"; exit 1; }

# own PROFILE: what the program's functions took themselves. What follows a line "calls=" was taken
# by others.
own() {
    awk -v object="$(pwd -P)/$program" '
        /^c?ob=/ {
            id = $1; sub(/^c?ob=/, "", id)
            name = $0; sub(/^[^ ]* ?/, "", name)
            if (name != "") names[id] = name
            if ($0 ~ /^ob=/) mine = names[id] == object
        }
        /^calls=/ { skip = 1; next }
        /^[-+0-9*]/ { if (!skip && mine) sum += $2; skip = 0 }
        END { print sum + 0 }' "$1"
}

mapfile -t dumps < <(sed 's/\([a-z]*\).*/--dump-after=cost_of_\1/' <<<"$figures")
valgrind --tool=callgrind --callgrind-out-file="$out/profile" --toggle-collect='cost_of_*' \
    "${dumps[@]}" "$program" >"$out/log" 2>&1 || { cat "$out/log"; exit 1; }
while read -r what figure; do
    profile=$(grep -lx "desc: Trigger: --dump-after=cost_of_$what" "$out"/profile.*)
    count=$(own "${profile:-/dev/null}")
    echo "$what: $count instructions of our own; $figure when they were last looked at"
    if [ $((count * 10)) -ge $((figure * 9)) ] && [ $((count * 10)) -le $((figure * 11)) ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done <<<"$figures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
