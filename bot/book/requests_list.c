#include "book/requests_list.h"

#include <stdlib.h>

#include "book/people.h"
#include "book/requests.h"
#include "book/search.h"
#include "io/store.h"
#include "mem.h"

/* Numbers between these two, in one order or the other. */
struct span {
    int64_t above, below;
    bool up;
};

/* One statement for each kind of question: a single one for all could use no index. */
static struct rows *numbers_down(struct turn *turn, const char *requester, const char *state,
                                 const struct span *span, size_t capacity)
{
    struct store *store = turn_reads(turn);
    if (requester == NULL && state == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE number > ? AND number < ?"
                           " ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_INT(span->above), SQL_INT(span->below), SQL_INT(capacity)));
    if (requester == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE state = ? AND number > ? AND"
                           " number < ? ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_TEXT(state), SQL_INT(span->above), SQL_INT(span->below),
                                    SQL_INT(capacity)));
    if (state == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE requester = ? AND number > ? AND"
                           " number < ? ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_TEXT(requester), SQL_INT(span->above), SQL_INT(span->below),
                                    SQL_INT(capacity)));
    return store_query(store,
                       "SELECT number FROM request WHERE requester = ? AND state = ?"
                       " AND number > ? AND number < ? ORDER BY number DESC LIMIT ?",
                       SQL_ARGS(SQL_TEXT(requester), SQL_TEXT(state), SQL_INT(span->above),
                                SQL_INT(span->below), SQL_INT(capacity)));
}

static struct rows *numbers_up(struct turn *turn, const char *requester, const char *state,
                               const struct span *span, size_t capacity)
{
    struct store *store = turn_reads(turn);
    if (requester == NULL && state == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE number > ? AND number < ?"
                           " ORDER BY number LIMIT ?",
                           SQL_ARGS(SQL_INT(span->above), SQL_INT(span->below), SQL_INT(capacity)));
    if (requester == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE state = ? AND number > ? AND"
                           " number < ? ORDER BY number LIMIT ?",
                           SQL_ARGS(SQL_TEXT(state), SQL_INT(span->above), SQL_INT(span->below),
                                    SQL_INT(capacity)));
    if (state == NULL)
        return store_query(store,
                           "SELECT number FROM request WHERE requester = ? AND number > ? AND"
                           " number < ? ORDER BY number LIMIT ?",
                           SQL_ARGS(SQL_TEXT(requester), SQL_INT(span->above), SQL_INT(span->below),
                                    SQL_INT(capacity)));
    return store_query(store,
                       "SELECT number FROM request WHERE requester = ? AND state = ?"
                       " AND number > ? AND number < ? ORDER BY number LIMIT ?",
                       SQL_ARGS(SQL_TEXT(requester), SQL_TEXT(state), SQL_INT(span->above),
                                SQL_INT(span->below), SQL_INT(capacity)));
}

/* Numbers in the order of a span, as many as there is room for. */
struct numbers {
    int64_t *at;
    size_t count, capacity;
    struct span span;
};

static bool is_before(const struct numbers *numbers, int64_t number, int64_t other)
{
    return numbers->span.up ? number < other : number > other;
}

/* Merge them into those that are there. */
static void add_numbers(struct rows *rows, struct numbers *numbers)
{
    size_t capacity = numbers->capacity;
    while (rows_next(rows)) {
        int64_t number = rows_int(rows, 0);
        size_t at = numbers->count < capacity ? numbers->count++ : capacity;
        for (; at > 0 && is_before(numbers, number, numbers->at[at - 1]); at--) {
            if (at < capacity)
                numbers->at[at] = numbers->at[at - 1];
        }
        if (at < capacity)
            numbers->at[at] = number;
    }
}

static bool is_every_state(unsigned states)
{
    return (states | ~0U << STATES) == ~0U;
}

/* Merged into those that are there; ${requester}: one id of a person's, NULL for all. */
static void list_numbers(struct turn *turn, const char *requester, unsigned states,
                         struct numbers *numbers)
{
    const struct span *span = &numbers->span;
    bool every = is_every_state(states);
    for (int state = 0; state < (every ? 1 : STATES); state++) {
        const char *name = every ? NULL : request_state_name((enum request_state)state);
        if (every || states & 1U << state)
            add_numbers(span->up ? numbers_up(turn, requester, name, span, numbers->capacity)
                                 : numbers_down(turn, requester, name, span, numbers->capacity),
                        numbers);
    }
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

/* --- pages --- */

static unsigned states_in(const struct filter *filter)
{
    return filter->states != 0 ? filter->states : ~0U;
}

/* Is it kept how many there are of these? */
static bool is_plain(const struct filter *filter)
{
    return filter->word_count == 0 && *filter->buyer == '\0' && filter->older_ms == 0 &&
           filter->younger_ms == 0;
}

/* Where nothing but state and requester is asked for; NULL: everybody's. */
static void plain_numbers(struct turn *turn, const char *requester, unsigned states,
                          struct numbers *numbers)
{
    char ids[PERSON_IDS][PERSON_ID];
    if (requester == NULL)
        list_numbers(turn, NULL, states, numbers);
    for (size_t i = requester != NULL ? people_ids(turn, requester, ids) : 0; i > 0; i--)
        list_numbers(turn, ids[i - 1], states, numbers);
}

static const char *requester_in(const struct filter *filter)
{
    return *filter->by != '\0' ? filter->by : NULL;
}

static void find_numbers(struct turn *turn, const struct list_page *asked, struct numbers *numbers,
                         struct search_limits *limits)
{
    const struct filter *filter = &asked->filter;
    struct span *span = &numbers->span;
    *span =
        (struct span){.above = 0, .below = INT64_MAX, .up = filter_waits(filter) != asked->back};
    if (asked->from != 0)
        *(span->up ? &span->above : &span->below) = asked->from;
    numbers->count = 0;
    *limits = (struct search_limits){.stopped = 0};
    if (is_plain(filter))
        plain_numbers(turn, requester_in(filter), states_in(filter), numbers);
    else
        numbers->count = search_numbers(turn, asked, numbers->at, numbers->capacity, limits);
}

/* Is there one on the side of ${asked} from which its page is turned? */
static bool has_behind(struct turn *turn, const struct list_page *asked, int64_t first)
{
    int64_t one;
    struct search_limits limits;
    struct numbers numbers = {.at = &one, .capacity = 1};
    struct list_page other = *asked;
    other.back = !asked->back;
    other.from = first;
    find_numbers(turn, &other, &numbers, &limits);
    return numbers.count > 0 || limits.stopped != 0;
}

/* They are read the highest first. */
static void reverse(struct request *requests, size_t count)
{
    struct request *one = mem_block(sizeof(*one));
    for (size_t i = 0; i < count / 2; i++) {
        *one = requests[i];
        requests[i] = requests[count - 1 - i];
        requests[count - 1 - i] = *one;
    }
    free(one);
}

/* Of so many that were found on the way, one more than the page has room for says that it goes on.
 */
static void turn_pages(struct turn *turn, const struct list_page *asked,
                       const struct numbers *numbers, const struct search_limits *limits,
                       struct requests_page *page)
{
    bool up = filter_waits(&asked->filter) != asked->back;
    bool full = numbers->count > page->capacity;
    page->count = full ? page->capacity : numbers->count;
    int64_t ahead = full ? numbers->at[page->count - 1] : 0;
    int64_t behind = 0;
    if (limits->stopped != 0)
        ahead = limits->stopped + (up ? -1 : 1); /* what is beyond begins with that one */
    if (asked->from != 0 && page->count > 0 && has_behind(turn, asked, numbers->at[0]))
        behind = numbers->at[0];
    page->next = asked->back ? behind : ahead;
    page->previous = asked->back ? ahead : behind;
    page->too_many = limits->too_many;
}

void requests_page(struct turn *turn, const struct list_page *asked, struct requests_page *page)
{
    const struct filter *filter = &asked->filter;
    int64_t *at = mem_new(page->capacity + 1, sizeof(*at));
    struct numbers numbers = {.at = at, .capacity = page->capacity + 1};
    struct search_limits limits;
    struct list_page first = {.filter = *filter};
    find_numbers(turn, asked, &numbers, &limits);
    if (numbers.count == 0 && limits.stopped == 0 && asked->from != 0) {
        asked = &first;
        find_numbers(turn, asked, &numbers, &limits);
    }
    turn_pages(turn, asked, &numbers, &limits, page);
    page->count = requests_get_all(turn, at, page->count, page->requests);
    if (filter_waits(filter))
        reverse(page->requests, page->count);
    page->at_least = false;
    page->total = is_plain(filter) ? requests_count(turn, requester_in(filter), states_in(filter))
                                   : search_count(turn, filter, &page->at_least);
    free(at);
}

size_t requests_list(struct turn *turn, const char *requester, unsigned states,
                     struct request *requests, size_t capacity, int64_t *total)
{
    struct numbers numbers = {.at = mem_new(capacity, sizeof(*numbers.at)),
                              .capacity = capacity,
                              .span = {.above = 0, .below = INT64_MAX}};
    plain_numbers(turn, requester, states, &numbers);
    size_t got = requests_get_all(turn, numbers.at, numbers.count, requests);
    *total = requests_count(turn, requester, states);
    free(numbers.at);
    return got;
}

int64_t requests_highest(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT max(number) FROM request", SQL_NO_ARGS, 0);
}
