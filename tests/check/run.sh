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

flags="-std=c11 -D_GNU_SOURCE -Iinclude
    $(pkg-config --cflags libuv libwebsockets libcurl openssl jansson sqlite3 yaml-0.1)"

# Each header alone: who includes it need not know what it stands on.
git ls-files 'include/*.h' 'bot/*.h' 'handlers/*.h' | xargs gcc $flags -Wall -Wextra -Werror -fsyntax-only \
    -x c || complain "headers that do not compile alone, above"

# gcc's analyser sees more without optimisation.
git ls-files 'bot/*.c' 'handlers/*.c' | xargs -P "$jobs" -I{} gcc $flags -O0 -fanalyzer -Werror \
    -c {} -o /dev/null || complain "gcc -fanalyzer found the above"

# One file a process: clang 14's analyser no longer knows va_start in the second one, and then
# finds uninitialised lists of arguments everywhere.
git ls-files 'bot/*.c' 'handlers/*.c' | xargs -P "$jobs" -I{} clang-tidy --quiet {} -- $flags 2>/dev/null ||
    complain "clang-tidy found the above"

# clang-tidy has had clang's analyser look at it; here it looks with the checkers that are on trial.
# Left out of those, each wrong in every place that it named:
#   alpha.security.ArrayBound, ArrayBoundV2  an array on the heap that grows has for them the size
#       that it had first, and a loop over a text runs past its end; ASan, valgrind and the fuzzers
#       look at real bounds
#   alpha.security.cert.env.InvalidPtr  a second getenv() spoils nothing in glibc
#   alpha.core.PointerArithm, alpha.core.SizeofPtr  &array[i] of an array on the heap, and the size
#       of a pointer where a pointer is copied
rm -rf .build/scan
scan-build --use-cc=clang --status-bugs -o .build/scan-report \
    -disable-checker security.insecureAPI.DeprecatedOrUnsafeBufferHandling \
    -enable-checker alpha.unix -enable-checker alpha.security -enable-checker alpha.core \
    -enable-checker alpha.deadcode -enable-checker nullability -enable-checker optin.portability \
    -enable-checker security.FloatLoopCounter \
    -disable-checker alpha.security.ArrayBound -disable-checker alpha.security.ArrayBoundV2 \
    -disable-checker alpha.security.cert.env.InvalidPtr \
    -disable-checker alpha.core.PointerArithm -disable-checker alpha.core.SizeofPtr \
    make --no-print-directory -s -j"$jobs" INSTALLED=yes MODE=scan .build/scan/cppo-bot \
    >.build/scan.log 2>&1 || { grep -A3 'warning:\|error:' .build/scan.log; complain "scan-build found the above"; }

# --- layers -----------------------------------------------------------------------------------
tests/check/layers.sh || bad=1
tests/check/calls.sh .build/release || bad=1

# --- names ------------------------------------------------------------------------------------
tests/check/names.sh .build/release || bad=1

# --- banned functions -------------------------------------------------------------------------
banned='\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|system|popen|alloca|rand|srand|localtime|gmtime|asctime|ctime|tmpnam)\('
git grep -nE "$banned" -- 'bot/*.c' 'handlers/*.c' && complain "banned functions, above"
git grep -nw 'double' -- bot/offers include/offers | grep -vE '/\*|\* ' && complain "no double for money"

# --- sizes ------------------------------------------------------------------------------------
git ls-files '*.c' '*.h' '*.js' | xargs wc -l | awk '$2 != "total" && $1 > 600 {print; found = 1} END {exit !found}' &&
    complain "files above 600 lines: split them by job"
git ls-files 'bot/*.c' 'handlers/*.c' | xargs awk '/^{/ {begin = FNR}
    /^}/ && begin {if (FNR - begin >= 45) {print FILENAME ":" begin; found = 1} begin = 0} END {exit !found}' &&
    complain "functions of more than 45 lines, above"

# --- papers -------------------------------------------------------------------------------------
[ "$(wc -l <README.md)" -le 130 ] || complain "README.md is for newcomers: 130 lines at most"
git ls-files '*.md' | while read -r paper; do
    grep -oE '\]\([^):#]+' "$paper" | cut -c3- | while read -r link; do
        [ -e "$(dirname "$paper")/$link" ] || echo "$paper: there is no $link"
    done
done | grep . && complain "links that lead nowhere, above"

# --- the table of configuration ------------------------------------------------------------------
.build/release/cppo-bot config-table >.build/table.md
awk '/<!-- config -->/{on = 1; next} /<!-- \/config -->/{on = 0} on' bot/configuration.md | diff -u - .build/table.md ||
    complain "bot/configuration.md is not what cppo-bot config-table prints"

# --- the guards' patches ------------------------------------------------------------------------
tests/faults/guards/run.sh --apply >/dev/null || complain "tests/faults/guards: a patch takes nothing out any more, above"

# --- commits ------------------------------------------------------------------------------------
# Of those behind the last that came before the rule, where the history is here.
first=3cee46d
if git merge-base --is-ancestor "$first" HEAD 2>/dev/null; then
    git log --no-merges --format='%h %s' "$first..HEAD" |
        awk '{subject = substr($0, index($0, " ") + 1)}
            length(subject) > 72 || subject !~ /^[a-z][a-z ,-]*: [^ ]/' | grep . &&
        complain "subjects of commits that are not “area: intent” in 72 characters, above"
fi

# --- nothing left behind ------------------------------------------------------------------------
git status --porcelain --untracked-files=normal | grep '^??' && complain "the build leaves files behind"

[ "$bad" -eq 0 ] && echo "check: clean"
exit "$bad"
