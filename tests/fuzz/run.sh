#!/bin/bash
# Runs every fuzz target under libFuzzer with ASan and UBSan:
#
#   FUZZ_SECONDS=400   how long each target runs
#   FUZZ_SEED=1        libFuzzer's seed; what it finds depends on it and on the corpus
#   FUZZ_ONLY=date     one target only
#
# What is learnt goes to .build/fuzz-corpus, what breaks to .build/fuzz-finds: minimise it with
# `.build/fuzz/fuzz_x -minimize_crash=1 FILE` and keep it in tests/fuzz/corpus/x.
set -u
cd "$(dirname "$0")/../.." || exit 1
jobs=${JOBS:-2}
export seconds=${FUZZ_SECONDS:-400} seed=${FUZZ_SEED:-1}
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=fuzz CC=clang fuzz-targets || exit 1
mkdir -p .build/fuzz-logs .build/fuzz-finds

run_one() {
    local name=$1 corpus=.build/fuzz-corpus/$1 words=()
    mkdir -p "$corpus"
    [ -f "tests/fuzz/$name.dict" ] && words=("-dict=tests/fuzz/$name.dict")
    ".build/fuzz/fuzz_$name" "$corpus" "tests/fuzz/corpus/$name" "${words[@]}" -seed="$seed" \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1500 -max_len=6000 \
        -artifact_prefix=".build/fuzz-finds/$name-" -print_final_stats=1 \
        >".build/fuzz-logs/$name.log" 2>&1
    echo $? >".build/fuzz-logs/$name.status"
}
export -f run_one

names=${FUZZ_ONLY:-$(basename -s .c tests/fuzz/fuzz_*.c | sed 's/^fuzz_//')}
started=$SECONDS
printf '%s\n' $names | xargs -P "$jobs" -I{} bash -c 'run_one {}'
total=0
bad=0
for name in $names; do
    log=.build/fuzz-logs/$name.log
    count=$(sed -n 's/^stat::number_of_executed_units: //p' "$log" | tail -1)
    total=$((total + ${count:-0}))
    verdict=clean
    if [ "$(cat ".build/fuzz-logs/$name.status")" -ne 0 ]; then
        verdict="BROKEN, see $log"
        bad=1
    fi
    printf '%-12s %12d executions  %s\n' "$name" "${count:-0}" "$verdict"
done
printf '%-12s %12d executions in %d s, seed %s\n' total "$total" $((SECONDS - started)) "$seed"
exit "$bad"
