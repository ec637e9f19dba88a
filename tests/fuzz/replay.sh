#!/bin/bash
# Every file of the corpus, once, through its fuzz target. The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
passed=0
failed=0
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    mapfile -t files < <(find "tests/fuzz/corpus/${name#fuzz_}" -type f | sort)
    if [ "${#files[@]}" -gt 0 ] && timeout 1800 ".build/asan/$name" "${files[@]}" >".build/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name, of ${#files[@]} files"
        tail -40 ".build/$name.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
