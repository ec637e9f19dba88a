# Lines "from to how": from needs to. Prints the shortest way that leads back to where it began, a
# line a step, and ends with 1; nothing, and 0, where there is none.
{
    if (!(($1, $2) in how)) {
        how[$1, $2] = substr($0, length($1) + length($2) + 3)
        next_of[$1] = next_of[$1] " " $2
    }
}

# The shortest way from ${start} back to it, over fewer steps than ${best}: its length, and where
# each file on it was come from; 0: there is none.
function way_back(start, came_from,    at, end, queue, steps, i, count, list) {
    split("", came_from)
    split("", steps)
    queue[end = 1] = start
    steps[start] = 0
    for (at = 1; at <= end; at++) {
        count = split(next_of[queue[at]], list, " ")
        for (i = 1; i <= count; i++) {
            if (list[i] in came_from)
                continue
            came_from[list[i]] = queue[at]
            if (list[i] == start)
                return steps[queue[at]] + 1
            steps[list[i]] = steps[queue[at]] + 1
            queue[++end] = list[i]
        }
    }
    return 0
}

END {
    for (start in next_of) {
        length_of = way_back(start, came_from)
        if (length_of > 0 && (best == 0 || length_of < best || (length_of == best && start < first))) {
            best = length_of
            first = start
        }
    }
    if (best == 0)
        exit 0
    way_back(first, came_from)
    to = first
    for (i = best; i > 0; i--) {
        line[i] = "  " came_from[to] " " how[came_from[to], to] " " to
        to = came_from[to]
    }
    for (i = 1; i <= best; i++)
        print line[i]
    exit 1
}
