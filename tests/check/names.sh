#!/bin/bash
# Names that the compiled files export, and who uses them: by a name one knows where to look.
#
#   tests/check/names.sh [.build/release]     the objects must be built
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${1:-.build/release}
bad=0

# A function's name begins with that of its file (catching_up_news.c: catching_up_...; drafts.c:
# draft_...), of a struct or an enum that it is about (person_on, rows_next), or with a word that
# stands here for its file:
words='
bot/engine/.* engine
bot/slack/.* slack
bot/slack/blocks.c mrkdwn
bot/marketplace/errors.c aws
bot/offers/fields.c eula|term
bot/run/(bot|tables).c bot
handlers/entries.c handlers
'
# mrkdwn: Slack's own word for its markup. eula, term: values of two of the fields.

# What no other file of the bot uses. These are whole without it, and tested by themselves:
alone='
main
true_clock_hear true_clock_ms disk_is_newly_low
change_set_name change_set_description
credentials_ini credential_source_words credential_source_words_free
socket_mode_usable
'
# The clock and the disk: what is read of the machine, and what it means, which the simulator and
# the tests feed. Names and descriptions: what AWS shows people. The credentials' readers take what
# people write, and have a fuzzer. How many sockets are up: what a client of the protocol asks.

# One name, one struct: whoever looks for it finds it.
while read -r kind name _; do
    echo "names: there is more than one $kind $name"
    bad=1
done < <(git grep -hoE '^(struct|enum) [a-z_0-9]+ \{' -- 'bot/*.[ch]' 'handlers/*.[ch]' 'include/*.h' | sort | uniq -d)

objects=$(git ls-files 'bot/*.c' 'handlers/*.c' | sed "s#\(.*\)\.c#$out/\1.o#")
structs=$(git grep -hoE '^(struct|enum) [a-z_0-9]+( \{|;)' -- 'include/*.h' 'bot/*.h' 'handlers/*.h' |
    awk '{sub(/;/, "", $2); print $2}' | sort -u | paste -sd '|')
symbols=$(nm -A $objects | sed "s#^$out/##; s#\.o:# #") || exit 1

while read -r object name; do
    file=$object.c
    stem=$(basename "$object")
    of_file=$stem
    while :; do
        of_file="$of_file|${stem%s}|${stem%ies}y|${stem}s"
        case $stem in *_*) stem=${stem%_*} ;; *) break ;; esac
        of_file="$of_file|$stem"
    done
    word=$(while read -r where what; do
        [[ -n $where && $file =~ ^$where$ ]] && printf '|%s' "$what"
    done <<<"$words")
    about="|$structs"
    [[ $file == bot/views/* ]] && about= # what shows a card, its file says
    [[ $name == main || $name =~ ^($of_file$about$word)(_|$) ]] || {
        echo "names: $file exports $name, which says neither its file nor what it is about"
        bad=1
    }
done < <(awk '$(NF - 1) == "T" {print $1, $NF}' <<<"$symbols" | sort)

while read -r object name; do
    case " $(echo $alone) " in
    *" $name "*) ;;
    *)
        echo "names: $object.c exports $name, which no other file of the bot uses"
        bad=1
        ;;
    esac
done < <(awk '$(NF - 1) ~ /^[TDRB]$/ {of[$NF] = $1} $(NF - 1) == "U" {used[$NF] = 1}
    END {for (name in of) if (!(name in used)) print of[name], name}' <<<"$symbols" | sort)

exit "$bad"
