#!/bin/bash
# How many branches of the parts that promise "never twice, never lost" the unit tests and the
# simulator take: each file, each part, all. Ends with failure where a part is below 90 %, and where
# a program failed: what it took on the way there proves nothing.
set -u
cd "$(dirname "$0")/.." || exit 1
out=.build/coverage
jobs=${JOBS:-2}

make --no-print-directory -s -j"$jobs" INSTALLED=yes MODE=coverage coverage-programs || exit 1
find "$out" -name '*.gcda' -delete
for program in tests/unit/test_*.c; do
    echo "$out/$(basename "$program" .c)"
done | cat - <(printf '%s\n' "$out/faults_sim" "$out/faults_clock") |
    SIM_OFFERS=300 xargs -P "$jobs" -I{} \
        sh -c 'timeout 1800 {} >/dev/null 2>&1 || { echo "{} failed"; exit 1; }'
sick=$?

for source in bot/engine/*.c bot/offers/*.c bot/io/store*.c bot/marketplace/*.c; do
    gcov -n -b -o "$out/$(dirname "$source")" "$source" 2>/dev/null |
        awk -v wanted="File '$source'" '$0 ~ /^File/ {mine = $0 == wanted} mine' |
        sed -n "s|^Taken at least once:\([0-9.]*\)% of \([0-9]*\)|$source \1 \2|p"
done | awk '
    function say(name, taken, all) {
        printf "%-36s %6.1f %% of %4d branches\n", name, 100 * taken / all, all
    }
    {
        part = $1 ~ /store\.c$/ ? "store" : $1
        sub(/^bot\//, "", part)
        sub(/\/.*/, "", part)
        taken[part] += $2 * $3 / 100
        all[part] += $3
        say($1, $2 * $3 / 100, $3)
    }
    END {
        count = split("engine offers store marketplace", parts, " ")
        for (i = 1; i <= count; i++) {
            part = parts[i]
            if (all[part] == 0) exit 1
            say(part, taken[part], all[part])
            if (taken[part] < 0.9 * all[part]) low = 1
            taken_all += taken[part]
            branches += all[part]
        }
        say("all", taken_all, branches)
        exit low
    }' && [ "$sick" -eq 0 ]
