#!/bin/bash
# Fetches what tests/package-lock.json pins, Node included, where it is not there yet. The Node of
# the tests is always tests/node_modules/.bin/node: Debian's own is too old for the clients.
set -eu
cd "$(dirname "$0")"
[ package-lock.json -ot node_modules/.package-lock.json ] && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
touch node_modules/.package-lock.json
