#!/bin/bash
# Everything that can be said of the sources without running them. Ends with "check: clean".
set -u
cd "$(dirname "$0")/../.." || exit 1
jobs=${JOBS:-2}
bad=0

complain() {
    echo "check: $1"
    bad=1
}

# --- format -----------------------------------------------------------------------------------
mapfile -t sources < <(git ls-files '*.c' '*.h')
clang-format --dry-run -Werror "${sources[@]}" 2>&1 | head -20 | grep . && complain "clang-format -i the files above"

# --- warnings as errors, two compilers --------------------------------------------------------
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=release tests || complain "gcc does not compile it"
make --no-print-directory -j"$jobs" INSTALLED=yes MODE=clang CC=clang tests || complain "clang does not compile it"

# --- static analysis --------------------------------------------------------------------------
cppcheck --quiet --std=c11 --enable=warning,portability -j "$jobs" --error-exitcode=1 --inline-suppr \
    -D_GNU_SOURCE -Iinclude --library=tests/check/jansson.cfg --suppress=missingIncludeSystem \
    bot handlers || complain "cppcheck found the above"

# gcc's analyser sees more without optimisation.
git ls-files 'bot/*.c' 'handlers/*.c' | xargs -P "$jobs" -I{} gcc -std=c11 -D_GNU_SOURCE -Iinclude \
    $(pkg-config --cflags libuv libwebsockets libcurl openssl jansson sqlite3 yaml-0.1) \
    -O0 -fanalyzer -Werror -c {} -o /dev/null || complain "gcc -fanalyzer found the above"

# --- layers -----------------------------------------------------------------------------------
tests/check/layers.sh || bad=1

# --- banned functions -------------------------------------------------------------------------
banned='\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|system|popen|alloca|rand|srand|localtime|gmtime|asctime|ctime|tmpnam)\('
git grep -nE "$banned" -- 'bot/*.c' 'handlers/*.c' && complain "banned functions, above"
git grep -nw 'double' -- bot/offers include/offers | grep -vE '/\*|\* ' && complain "no double for money"

# --- sizes ------------------------------------------------------------------------------------
git ls-files '*.c' '*.h' '*.js' | xargs wc -l | awk '$2 != "total" && $1 > 600 {print; found = 1} END {exit !found}' &&
    complain "files above 600 lines: split them by job"

# --- README's table of configuration ------------------------------------------------------------
.build/release/cppo-bot config-table >.build/table.md
awk '/<!-- config -->/{on = 1; next} /<!-- \/config -->/{on = 0} on' README.md | diff -u - .build/table.md ||
    complain "README's table of configuration is not what cppo-bot config-table prints"

# --- the guards' patches ------------------------------------------------------------------------
tests/faults/guards/run.sh --apply >/dev/null || complain "tests/faults/guards: a patch does not fit any more"

# --- nothing left behind ------------------------------------------------------------------------
git status --porcelain --untracked-files=normal | grep '^??' && complain "the build leaves files behind"

[ "$bad" -eq 0 ] && echo "check: clean"
exit "$bad"
