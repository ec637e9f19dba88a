#!/bin/bash
# Runs every fuzz target under libFuzzer with ASan and UBSan, until each has had the executions that
# the table below asks for: 100 million in all, and fewer are a failure.
#
#   FUZZ_PERCENT=100        of the table's executions
#   FUZZ_SEED=1             libFuzzer's seed; what it finds depends on it and on the corpus
#   FUZZ_ONLY='date|log'    these targets only
#
# What is learnt goes to .build/fuzz-corpus, what breaks to .build/fuzz-finds: minimise it with
# `.build/fuzz/fuzz_x -minimize_crash=1 FILE` and keep it in tests/fuzz/corpus/x.
set -u
cd "$(dirname "$0")/../.." || exit 1
jobs=${JOBS:-2}
export percent=${FUZZ_PERCENT:-100} seed=${FUZZ_SEED:-1}
least=$((1000000 * percent))
# Quick frees are what finds need, not long memories of them.
export ASAN_OPTIONS=malloc_context_size=1:quarantine_size_mb=2:thread_local_quarantine_size_kb=64

# Thousands of executions, the longest input, a dictionary. The longest runs come first.
table='
life        10      120  -
people      300     400  fields
config      800     3000 config
views       600     1500 -
socket_mode 2000    300  -
credentials 2500    800  credentials
payload     8000    1200 slack
replies     8000    1500 aws
read_back   2000    700  -
aws_error   8000    700  aws
log         6000    800  -
envelope    10000   1200 slack
fields      8000    800  fields
pairs       8000    500  fields
filter      8000    500  fields
headers     12000   300  slack
machine     10000   100  -
zone        8000    2000 -
date        12000   40   -
decimal     12000   60   -
'

make --no-print-directory -j"$jobs" INSTALLED=yes MODE=fuzz CC=clang fuzz-targets || exit 1
mkdir -p .build/fuzz-logs .build/fuzz-finds

run_one() {
    local name=$1 runs=$(($2 * 10 * percent)) longest=$3 corpus=.build/fuzz-corpus/$1 words=()
    mkdir -p "$corpus"
    [ "$4" != - ] && words=("-dict=tests/fuzz/$4.dict")
    local log=.build/fuzz-logs/$name.log started=$SECONDS
    ".build/fuzz/fuzz_$name" "$corpus" "tests/fuzz/corpus/$name" "${words[@]}" -seed="$seed" \
        -runs="$runs" -max_len="$longest" -timeout=20 -rss_limit_mb=1500 \
        -artifact_prefix=".build/fuzz-finds/$name-" -print_final_stats=1 >"$log" 2>&1
    echo "stat::status: $?" >>"$log"
    echo "stat::seconds: $((SECONDS - started))" >>"$log"
}
export -f run_one

stat_of() { sed -n "s/^stat::$2: *//p" ".build/fuzz-logs/$1.log" | tail -1; }

rows=$(echo "$table" | grep -E "^(${FUZZ_ONLY:-.+}) ")
started=$SECONDS
echo "$rows" | xargs -P "$jobs" -L 1 bash -c 'run_one "$@"' run_one
total=0
bad=0
while read -r name thousands _; do
    count=$(stat_of "$name" number_of_executed_units)
    seconds=$(stat_of "$name" seconds)
    total=$((total + ${count:-0}))
    verdict=clean
    if [ "$(stat_of "$name" status)" != 0 ]; then
        verdict="BROKEN, see .build/fuzz-logs/$name.log"
        bad=1
    fi
    printf '%-12s %12d executions %8d a second  %s\n' "$name" "${count:-0}" \
        $((${count:-0} / (seconds > 0 ? seconds : 1))) "$verdict"
done <<<"$rows"
printf '%-12s %12d executions in %d s, seed %s\n' total "$total" $((SECONDS - started)) "$seed"
if [ -z "${FUZZ_ONLY:-}" ] && [ "$total" -lt "$least" ]; then
    echo "FAILED: fewer than $least executions"
    bad=1
fi
exit "$bad"
