#!/bin/bash
# Every unit test, as the bot is shipped (optimised, without sanitizers), under valgrind's memcheck:
# it sees what the sanitizers do not, values that nobody has set, in the libraries too. An error
# or a leak fails the test program. The last line is "N passed, N failed", programs counted.
set -u
cd "$(dirname "$0")/../../.." || exit 1
jobs=${JOBS:-2}
logs=.build/valgrind-logs
passed=0
failed=0

run_one() {
    local name
    name=$(basename "$1")
    timeout 1800 valgrind --error-exitcode=99 --leak-check=full \
        --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible \
        --suppressions=tests/faults/valgrind/libraries.supp "$1" >"$logs/$name.log" 2>&1
    echo $? >"$logs/$name.status"
}
export -f run_one
export logs

rm -rf "$logs"
mkdir -p "$logs"
SECONDS=0
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=release unit-tests || exit 1
names=()
for source in tests/unit/test_*.c; do names+=("$(basename "$source" .c)"); done
printf '.build/release/%s\n' "${names[@]}" | xargs -P "$jobs" -I{} bash -c 'run_one {}'
for name in "${names[@]}"; do
    if [ "$(cat "$logs/$name.status" 2>/dev/null)" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED under valgrind: $name"
        grep -vE '^\[ (RUN|      OK)' "$logs/$name.log" | tail -60
    fi
done
echo "unit tests under valgrind, ${SECONDS}s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
