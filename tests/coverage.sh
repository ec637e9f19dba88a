#!/bin/bash
# How many branches of the parts that promise "never twice, never lost" the unit tests and the
# simulator take: each file, then all. Ends with failure below 90 %.
set -u
cd "$(dirname "$0")/.." || exit 1
out=.build/coverage
jobs=${JOBS:-2}

make --no-print-directory -s -j"$jobs" INSTALLED=yes MODE=coverage coverage-programs || exit 1
find "$out" -name '*.gcda' -delete
for program in "$out"/test_* "$out"/faults_sim "$out"/faults_clock; do
    [ -x "$program" ] && echo "$program"
done | SIM_OFFERS=300 xargs -P "$jobs" -I{} timeout 200 {} >/dev/null 2>&1

for source in bot/engine/*.c bot/offers/*.c bot/io/store.c bot/marketplace/*.c; do
    gcov -n -b -o "$out/$(dirname "$source")" "$source" 2>/dev/null |
        awk -v wanted="File '$source'" '$0 ~ /^File/ {mine = $0 == wanted} mine' |
        sed -n "s|^Taken at least once:\([0-9.]*\)% of \([0-9]*\)|$source \1 \2|p"
done | awk '
    {taken += $2 * $3 / 100; all += $3; printf "%-36s %6.1f %% of %4d branches\n", $1, $2, $3}
    END {
        if (all == 0) exit 1
        printf "%-36s %6.1f %% of %4d branches\n", "all", 100 * taken / all, all
        exit taken < 0.9 * all
    }'
