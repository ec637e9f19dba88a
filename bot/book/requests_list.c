#include "book/requests_list.h"

#include <stdlib.h>

#include "book/people.h"
#include "book/requests.h"
#include "io/store.h"
#include "mem.h"

/* One statement for each kind of question: a single one for all could use no index. */
static struct rows *numbers_of(struct turn *turn, const char *requester, const char *state,
                               size_t capacity)
{
    struct store *store = turn_reads(turn);
    if (requester == NULL && state == NULL)
        return store_query(store, "SELECT number FROM request ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_INT(capacity)));
    if (requester == NULL)
        return store_query(
            store, "SELECT number FROM request WHERE state = ? ORDER BY number DESC LIMIT ?",
            SQL_ARGS(SQL_TEXT(state), SQL_INT(capacity)));
    if (state == NULL)
        return store_query(
            store, "SELECT number FROM request WHERE requester = ? ORDER BY number DESC LIMIT ?",
            SQL_ARGS(SQL_TEXT(requester), SQL_INT(capacity)));
    return store_query(store,
                       "SELECT number FROM request WHERE requester = ? AND state = ?"
                       " ORDER BY number DESC LIMIT ?",
                       SQL_ARGS(SQL_TEXT(requester), SQL_TEXT(state), SQL_INT(capacity)));
}

/* Merge them into those that are there, the greatest first. */
static size_t add_numbers(struct rows *rows, int64_t *numbers, size_t count, size_t capacity)
{
    while (rows_next(rows)) {
        int64_t number = rows_int(rows, 0);
        size_t at = count < capacity ? count++ : capacity;
        for (; at > 0 && numbers[at - 1] < number; at--) {
            if (at < capacity)
                numbers[at] = numbers[at - 1];
        }
        if (at < capacity)
            numbers[at] = number;
    }
    return count;
}

static bool is_every_state(unsigned states)
{
    return (states | ~0U << STATES) == ~0U;
}

/* Merged into the ${count} that are there; ${requester}: one id of a person's, NULL for all. */
static size_t list_numbers(struct turn *turn, const char *requester, unsigned states,
                           int64_t *numbers, size_t count, size_t capacity)
{
    if (is_every_state(states))
        return add_numbers(numbers_of(turn, requester, NULL, capacity), numbers, count, capacity);
    for (int state = 0; state < STATES; state++) {
        if (states & 1U << state)
            count = add_numbers(numbers_of(turn, requester,
                                           request_state_name((enum request_state)state), capacity),
                                numbers, count, capacity);
    }
    return count;
}

static int64_t count_of(struct turn *turn, const char *requester, unsigned states)
{
    int64_t count = 0;
    if (is_every_state(states))
        return store_int(turn_reads(turn), "SELECT sum(count) FROM tally WHERE requester = ?",
                         SQL_ARGS(SQL_TEXT(requester)), 0);
    for (int state = 0; state < STATES; state++) {
        if (states & 1U << state)
            count += store_int(turn_reads(turn),
                               "SELECT count FROM tally WHERE requester = ? AND state = ?",
                               SQL_ARGS(SQL_TEXT(requester),
                                        SQL_TEXT(request_state_name((enum request_state)state))),
                               0);
    }
    return count;
}

int64_t requests_count(struct turn *turn, const char *requester, unsigned states)
{
    char ids[PERSON_IDS][PERSON_ID];
    int64_t count = 0;
    if (requester == NULL)
        return count_of(turn, "", states);
    for (size_t i = people_ids(turn, requester, ids); i > 0; i--)
        count += count_of(turn, ids[i - 1], states);
    return count;
}

size_t requests_list(struct turn *turn, const char *requester, unsigned states,
                     struct request *requests, size_t capacity, int64_t *total)
{
    int64_t *numbers = mem_new(capacity, sizeof(*numbers));
    char ids[PERSON_IDS][PERSON_ID];
    size_t count = 0;
    if (requester == NULL)
        count = list_numbers(turn, NULL, states, numbers, 0, capacity);
    for (size_t i = requester != NULL ? people_ids(turn, requester, ids) : 0; i > 0; i--)
        count = list_numbers(turn, ids[i - 1], states, numbers, count, capacity);
    size_t got = requests_get_all(turn, numbers, count, requests);
    *total = requests_count(turn, requester, states);
    free(numbers);
    return got;
}

int64_t requests_highest(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT max(number) FROM request", SQL_NO_ARGS, 0);
}
