#!/bin/bash
# The page in a real browser. Pictures of the main moments lie in .build/web; last line
# "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
tests/node_modules/.bin/node --test --test-concurrency=2 --test-reporter=spec tests/web/*.test.js 2>&1 | tee .build/web.log
passed=$(sed -n 's/^ℹ pass \([0-9]*\)$/\1/p' .build/web.log)
failed=$(sed -n 's/^ℹ fail \([0-9]*\)$/\1/p' .build/web.log)
echo "${passed:-0} passed, ${failed:-1} failed"
[ "${failed:-1}" -eq 0 ]
