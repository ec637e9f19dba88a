#!/bin/bash
# The simulator on every core: SIM_OFFERS offer lives in all (1 000 000 when not set). A day that
# breaks a promise is named, and lived again with: SIM_SEED=<its number> <program>.
set -u
program=$1
jobs=${JOBS:-2}
lives=${SIM_OFFERS:-1000000}
logs=$(mktemp -d)
for part in $(seq "$jobs"); do
    SIM_PART=$part/$jobs SIM_OFFERS=$((lives / jobs)) "$program" >"$logs/$part" 2>&1 &
done
wait
failed=0
for part in $(seq "$jobs"); do
    grep -hE 'SIM_SEED=|offers, ' "$logs/$part"
    grep -q '^\[  PASSED  \] 1 test' "$logs/$part" || failed=$((failed + 1))
done
rm -r "$logs"
echo "$lives offer lives wanted, in $SECONDS s"
echo "$((jobs - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
