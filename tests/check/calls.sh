#!/bin/bash
# No circle of calls: who needs whom, by the names in the compiled files. Where two need each other,
# neither can be read, tested or changed without the other, and what they include need not show it.
#
#   tests/check/calls.sh [.build/release]      of what is built there
set -u
cd "$(dirname "$0")/../.." || exit 1
out=${1:-.build/release}

# Tables that are read below what stands in them. Who looks something up there knows none of the
# rows: each row's file could be taken out, and the readers would not notice.
#   request_kinds   read by offers/kind: the functions of a kind are flows' and views'
#   handlers        read by the help and by what opens forms: each entry is a handler's
#   action_types    read by offers/action: what an action does is a flow's or a handler's
tables='request_kinds handlers action_types'

mapfile -t files < <(git ls-files 'bot/*.c' 'handlers/*.c')
objects=("${files[@]/#/$out/}")
objects=("${objects[@]/%.c/.o}")
for object in "${objects[@]}"; do
    [ -e "$object" ] || { echo "calls: $object is not built"; exit 1; }
done

if ! nm -A -P "${objects[@]}" | awk -v out="$out/" -v tables="$tables" '
    BEGIN { split(tables, names); for (i in names) is_table[names[i]] }
    {
        file = substr($1, length(out) + 1)
        sub(/\.o:$/, "", file)
        if ($3 == "U")
            needs[file, $2]
        else if ($3 ~ /^[A-Z]$/)
            home[$2] = file
    }
    END {
        for (pair in needs) {
            split(pair, part, SUBSEP)
            if (part[2] in home && home[part[2]] != part[1] && !(part[2] in is_table))
                print part[1], home[part[2]], "uses " part[2] " of"
        }
    }' | sort | awk -f tests/check/circle.awk; then
    echo 'calls: these need each other in a circle. What both use belongs into a file below them; what'
    echo 'calls: one only has to tell another, it tells the table of flows (include/flows/flow.h).'
    exit 1
fi
