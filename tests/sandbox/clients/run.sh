#!/bin/bash
# Runs every test_*.js here with the tests' own Node, each against a sandbox of its own, whose
# addresses and keys it finds in its environment (SANDBOX_URL, and what sandbox.env holds for the
# bot). A sandbox that does not end clean, leaks included, is a failure. The last line is
# "N passed, N failed".
set -u
cd "$(dirname "$0")/../../.." || exit 1
export out=.build/asan worlds=.build/asan/worlds/clients
passed=0
failed=0

# One file: its TAP and the sandbox's words are kept, and one line "PASSED FAILED".
run_one() {
    local name world line url='' sandbox status=0
    name=$(basename "$1" .js)
    world=$worlds/$name
    rm -rf "$world"
    mkdir -p "$world"
    exec 3< <(exec "$out/cppo-sandbox" --port 0 --dir "$world" 2>"$world/sandbox.log")
    sandbox=$!
    while read -r -t 300 line <&3 && [ "$line" != ready ]; do
        case $line in page*) url=${line#page } ;; esac
    done
    (
        set -a
        . "$world/sandbox.env"
        SANDBOX_URL=${url%/} exec timeout 1800 tests/node_modules/.bin/node \
            --test-reporter=tap --test-force-exit "$1"
    ) >"$world/tap" 2>&1 || status=1
    kill "$sandbox"
    wait "$sandbox" || status=1
    exec 3<&-
    awk -v status=$status '/^# pass /{good = $3} /^# fail /{bad = $3} /^# cancelled /{bad += $3}
        END {print good + 0, bad + (status && !bad ? 1 : 0)}' "$world/tap" >"$world/count"
}
export -f run_one

files=("$@")
[ $# -gt 0 ] || files=(tests/sandbox/clients/test_*.js)
# They mostly wait, so there may be more of them than processors.
printf '%s\n' "${files[@]}" | xargs -P $((2 * ${JOBS:-2})) -I{} bash -c 'run_one {}'
for file in "${files[@]}"; do
    world=$worlds/$(basename "$file" .js)
    read -r good bad <"$world/count"
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -ne 0 ]; then
        echo "FAILED: $file"
        tail -n 80 "$world/tap" "$world/sandbox.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
