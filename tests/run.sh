#!/bin/bash
# Builds everything and runs every test, all of it under ASan and UBSan. The last line is
# "N passed, N failed"; a test program that crashes, or runs nothing, counts as failed.
set -u
cd "$(dirname "$0")/.." || exit 1
jobs=${JOBS:-2}
out=.build/asan
logs=.build/test-logs
# Seconds after which a program hangs for certain, however busy the machine is.
hang=7200
passed=0
failed=0

stage() {
    printf '%-10s %4ds\n' "$1" $((SECONDS - started))
    started=$SECONDS
}

# One program; its output and status are kept.
run_one() {
    local name
    name=$(basename "$1")
    timeout "$hang" "$1" >"$logs/$name.log" 2>&1
    echo $? >"$logs/$name.status"
}
export -f run_one
export logs hang

# What cmocka counted, or one failure where it did not get that far.
count_one() {
    local log=$logs/$1.log status good bad
    status=$(cat "$logs/$1.status" 2>/dev/null || echo 1)
    good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s).*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s), listed.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    good=${good:-0}
    bad=${bad:-0}
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$((good + bad))" -eq 0 ]; then bad=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -ne 0 ]; then
        echo "FAILED: $1"
        grep -vE '^\[ (RUN|      OK)' "$log" | tail -60
    fi
}

run_all() {
    printf '%s\n' "$@" | xargs -P "$jobs" -I{} bash -c 'run_one {}'
}

count_all() {
    for program in "$@"; do count_one "$(basename "$program")"; done
}

# run_script NAME COMMAND...: one whose last line is "N passed, N failed".
run_script() {
    local log=$logs/$1.log
    shift
    timeout "$hang" "$@" >"$log" 2>&1
}

count_script() {
    local log=$logs/$1.log line
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -1)
    if [ -z "$line" ]; then line="0 passed, 1 failed"; fi
    passed=$((passed + $(echo "$line" | cut -d' ' -f1)))
    failed=$((failed + $(echo "$line" | cut -d' ' -f3)))
    if [[ "$line" != *" 0 failed" ]]; then
        echo "FAILED: $1"
        tail -60 "$log"
    fi
}

count_tour() {
    if [ "$(cat "$logs/tour.status")" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: the tour"
        tail -60 "$logs/tour.log"
    fi
}

# programs FOLDER PREFIX LONGEST...: those that take longest come first, since one that begins last
# holds up everybody.
programs() {
    local folder=$1 prefix=$2
    shift 2
    { printf '%s\n' "$@" && basename -a -s .c tests/"$folder"/test_*.c | sed 's/^test_//'; } |
        awk -v before="$out/$prefix" 'NF && !seen[$0]++ { print before $0 }'
}

rm -rf "$logs" "$out/worlds"
mkdir -p "$logs"
SECONDS=0
started=0
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=asan tests || exit 1
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=release crashes network \
    .build/release/faults_sim .build/release/test_flows_statements || exit 1
tests/node.sh || exit 1
stage build

mapfile -t unit < <(programs unit test_ tunnel migrations views_card)
mapfile -t scenarios < <(programs scenarios scenario_)
mapfile -t faults < <(programs faults faults_ sim allocations)
faults+=("$out/faults_checker" "$out/faults_gauge")

run_all "${unit[@]}"
count_all "${unit[@]}"
stage unit
run_script fuzz tests/fuzz/replay.sh
count_script fuzz
stage fuzz

# Scenarios wait for answers most of the time: what computes goes on beside them.
(run_all "${scenarios[@]}" "$out/tour") &
run_all "${faults[@]}"
count_all "${faults[@]}"
grep -h 'offers, ' "$logs/faults_sim.log"
stage faults
# A thousand ways to strike the real bot, as it is shipped: without sanitizers.
# Its worlds wait for one another's processes: one more than there are cores.
run_script crashes .build/release/crashes --points 1000 --jobs "$((jobs + 1))"
count_script crashes
grep -h 'points' "$logs/crashes.log"
stage crashes
# Ten thousand offers live, on every core.
SIM_OFFERS=10000 JOBS=$jobs run_script lives tests/faults/sim.sh .build/release/faults_sim
count_script lives
grep -h 'offers, ' "$logs/lives.log"
stage lives
wait
count_all "${scenarios[@]}"
count_tour
stage scenarios

# These wait as well, for a network that fails and a clock that goes on. A leap day, from the
# evening before to the night after; and people who go on: as shipped, for it is about time. What
# answers cost is counted beside them.
run_script soak .build/release/soak --short &
run_script clients tests/sandbox/clients/run.sh &
run_script costs tests/costs.sh &
run_script network .build/release/network
wait
count_script soak
count_script clients
count_script costs
count_script network
grep -h 'instructions' "$logs/costs.log"
grep -hE 'on time|descriptors:' "$logs/soak.log"
grep -hE '(back|planned|nobody there) ' "$logs/network.log"
stage waiting
run_script web tests/web/run.sh
count_script web
stage web
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
