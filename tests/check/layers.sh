#!/bin/bash
# Who may include what: the map of the project, held by grep.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

# --- the map in bot/README.md ---

# Every source and header is on it, in its folder's list, and nothing else is. A header of its own
# goes with its source; one that lies in bot/ is for the files beside it.
listed=$(awk '/^## / {on = $0 == "## The map"}
    on && /^### `/ {split($0, part, "`"); folder = part[2] == "bot/" ? "" : part[2]}
    on && /^\* `/ {count = split(substr($0, 1, index($0, ":")), part, "`")
        for (i = 2; i <= count; i += 2) print folder part[i]}' bot/README.md | sort)
there=$(git ls-files 'bot/*.c' 'handlers/*.c' 'include/*.h' | grep -vx 'include/handlers.h' |
    sed -E 's#^(bot|include)/##; s#\.[ch]$##' | sort -u)
if ! difference=$(diff <(echo "$listed") <(echo "$there")); then
    sed -n 's/^> /layers: the map in bot\/README.md lacks /p
        s/^< \(.*\)/layers: the map in bot\/README.md has \1 twice, or there is no such file/p' <<<"$difference"
    bad=1
fi

# A file includes its own folder, leaves, and what the map allows it: folders, and headers of one.
if ! git grep -E '^#include "' -- 'bot/*.[ch]' 'handlers/*.[ch]' 'include/*.h' |
    sed -E 's#^(bot|include)/##; s#^handlers\.h#handlers/&#; s#:.include "# #; s#\.h"$##; s#^([^/]*)\.[ch] #\1/ #' |
    awk '
    /<!-- layers -->/ {on = 1}
    /<!-- \/layers -->/ {on = 0}
    FILENAME != "-" {
        for (i = 2; on && i <= NF; i++)
            may[$1, $i]
        next
    }
    {
        split($1, from, "/")
        parts = split($2, to, "/")
        if (parts == 1 && to[1] != "handlers" || to[1] == from[1] || (from[1], to[1]) in may ||
            (from[1], $2) in may)
            next
        sub(/\/$/, "", $1)
        print "layers: " $1 " must not include " $2 ".h, by the map in bot/README.md"
        bad = 1
    }
    END {exit bad}' bot/README.md -; then
    bad=1
fi

# --- libraries, a few files each ---

# Only files whose path matches $2 include headers that match $1.
only() {
    if git grep -lE "^#include [<\"]($1)" -- 'bot/*.[ch]' 'handlers/*.[ch]' 'include/*.h' | grep -vE "$2"; then
        echo "layers: $1 is for $2 only"
        bad=1
    fi
}

only 'uv\.h' '^(bot|include)/(io|run)/'
only 'curl/' '^bot/io/http.c$'
only 'libwebsockets' '^bot/io/websocket_parts.h$'
only 'sqlite3' '^bot/io/store(_open|_beside|_copier|_parts)?.[ch]$'
only 'yaml' '^bot/config_(fill.h|read.c)$'
only 'openssl/' '^bot/(hash|io/websocket_(library|send)|marketplace/sigv4).c$'
only 'jansson|json\.h' '^(bot|include)/(flows|views|slack|marketplace|run|main|json)|^(handlers|include/handlers)'

# --- inside of one thing ---

# What the parts of the engine share stands below what drives it.
if git grep -n '^#include "engine/engine' -- bot/engine/internal.h; then
    echo 'layers: bot/engine/internal.h must not include engine/engine.h'
    bad=1
fi
# Reading what stands around an offer is the book's alone: others ask the files above it.
if git grep -n '\baround_' -- bot/flows bot/run handlers; then
    echo 'layers: book/around.h is for the book; of its structs the other headers of the book speak'
    bad=1
fi
# What one file has for another is in its header, or it is on no map.
if git grep -nE '^extern ' -- 'bot/*.c' 'handlers/*.c'; then
    echo 'layers: what is defined elsewhere is declared in the header of that'
    bad=1
fi

# --- flows ---

# What goes on without a person, from the ground up: each line includes from the lines above it and
# from itself nothing. One without a header stands above them all: nobody can include it. What a flow
# has to hear of others it is told (flows/flow.h).
flows=(
    'app_context gates outsiders'
    'flow lists'
    'approvals buyer_checks playbooks'
    'ruling'
    'moves notify cards_load retiring claims catching_up_state'
    'posting purposes line whispers'
    'polling'
    'reconciling'
    'cards informing rosters tracking usable live catching_up_news catching_up_sides'
    'card_thread access voting replies forms catching_up_sets catching_up_posts'
    'authorized following listing origins binding unapproved'
    'syncing catching_up'
    'actions unsure opening'
    'releasing'
    'details homes'
    'requesting waiting'
    'offering_card'
    'offering_facts'
    'offering'
)
below=' '
for level in "${flows[@]}"; do
    for one in $level; do
        for other in $(git grep -hoE '^#include "flows/[a-z_]+' -- "bot/flows/$one.c" "include/flows/$one.h" |
            sed 's#.*/##' | sort -u); do
            case "$below$one " in
            *" $other "*) ;;
            *) echo "layers: flows/$one must not include flows/$other"; bad=1 ;;
            esac
        done
    done
    below="$below$level "
done
for file in include/flows/*.h; do
    one=$(basename "${file%.*}")
    case "$below" in
    *" $one "*) ;;
    *) echo "layers: flows/$one has no place among the flows above"; bad=1 ;;
    esac
done

# --- who may call what ---

# One place moves an offer, so that everybody is told.
if git grep -nE '\b(requests_move|history_write|flows_tell_(move|wake))\(' -- 'bot/*.c' 'handlers/*.c' |
    grep -vE '^bot/(book/requests|book/history|flows/moves|flows/flow).c:'; then
    echo 'layers: offers are moved by flows/moves.h'
    bad=1
fi

# A draft goes from state to state by the table of its machine, and operators hear where it cannot.
if git grep -nE '(\.|->)state = DRAFT_' -- 'bot/*.c' 'handlers/*.c' | grep -vE '^bot/book/(around|drafts)[.]c:' ||
    git grep -nE '\bdrafts_move\(' -- 'bot/*.c' 'handlers/*.c' | grep -vE '^bot/(book/drafts|flows/tracking)[.]c:'; then
    echo 'layers: drafts are moved by an event, by tracking_move'
    bad=1
fi

# What people see and decide of a request is the same for every kind: what one is about, its row
# knows (offers/kind.h). None of these files asks for what offers alone have.
common='bot/flows/(approvals|binding|cards|cards_load|posting|deciding|details|actions|informing|listing|moves|notify|replies|requesting|rosters|card_thread|voting|whispers)[.]c:|bot/run/offers_(command|json)[.]c:|bot/views/(card|card_facts|full_view|list_view|card_mentions|messages|notice|parts|sections)[.]c:'
of_offers=$(git grep -hoE '\boffers_[a-z_]+\(' -- include/book/offers.h | tr -d '(' | sort -u | paste -sd '|')
if git grep -nE "\\b(offer_content|offer_facts|$of_offers)\\(|\\bstruct content\\b|\\boffer_kind\\b|\\bKIND_OFFER\\b|^#include \"(offers/offer|views/offer_facts)[.]h\"" -- bot/flows bot/views bot/run | grep -E "^($common)"; then
    echo 'layers: what a request is about is for its kind to know'
    bad=1
fi

# One way to the body of a call (flow_effect, json_write), one to that of an ack (answer_body).
if git grep -n '\bjson_dumps(' -- bot/flows bot/views bot/marketplace handlers; then
    echo 'layers: what goes out is written by json_write'
    bad=1
fi
if git grep -n '\bjson_write(' -- handlers | grep -v '^handlers/answers.c:'; then
    echo 'layers: what an ack carries is bounded by answer_body'
    bad=1
fi

# Whatever door it came by: what becomes of it, a flow decides and writes.
writers=$(awk '/^[a-z].*\(/ {match($0, /[a-z_]+\(/); name = substr($0, RSTART, RLENGTH - 1)}
    /writes\(turn\)/ {print name}' bot/book/*.c | sort -u | paste -sd '|')
if git grep -nE "\\b($writers|moves_apply|moves_fail)\\(" -- 'handlers/*.c'; then
    echo 'layers: handlers write nothing into the book and move nothing'
    bad=1
fi

# --- circles ---

# No circle of includes, where a source and its header are one. What lies beside the file that
# includes it is written without its folder.
graph=$(git grep -E '^#include "' -- 'bot/*.[ch]' 'handlers/*.[ch]' 'include/*.h' |
    sed -E 's#^(bot|include)/##; s#"$##; s#\.[ch]:.include "# #; s#\.h$##' |
    while read -r from to; do
        beside=${from%/*}/$to
        if [ -e "bot/$beside.h" ] || [ -e "$beside.h" ]; then to=$beside; fi
        [ "$from" = "$to" ] || echo "$from $to includes"
    done)
if ! awk -f tests/check/circle.awk <<<"$graph"; then
    echo 'layers: these include each other in a circle'
    bad=1
fi
exit "$bad"
