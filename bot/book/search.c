#include "book/search.h"

#include <stdlib.h>

#include "book/people.h"
#include "book/search_keys.h"
#include "io/store.h"
#include "offers/machine.h"
#include "text.h"

/* Looks into an index: for a page, and once more for the count. */
enum { MAX_LOOKS = 4000, MAX_COUNTED = 200 };
enum { MAX_SOURCES = FILTER_WORDS + 2 };

/* Where numbers come from, in their order: requests that have one of these keys; those in one of
 * these states; those of one of these people. */
struct source {
    char *keys; /* JSON arrays, on the heap; NULL: it is not by these */
    char *states;
    char *people;
    int looks; /* that finding the next takes */
};

/* What is in all sources at once. */
struct search {
    struct turn *turn;
    struct source sources[MAX_SOURCES];
    size_t count;
    int64_t low, high; /* no number is beyond these */
    int looks;         /* that are left */
    bool too_many;
};

/* --- what is looked for --- */

static struct source *add_source(struct search *search)
{
    struct source *source = &search->sources[search->count++];
    *source = (struct source){.looks = 1};
    return source;
}

static void add_keys(struct search *search, char kind, const char *beginning)
{
    bool more;
    char *key = text_format("%c%s", kind, beginning);
    struct source *source = add_source(search);
    source->looks = 1 + (int)search_keys_like(search->turn, key, &source->keys, &more);
    search->too_many |= more;
    free(key);
}

static char *states_of(unsigned states)
{
    struct text array = {0};
    for (int state = 0; state < STATES; state++) {
        if (states == 0 || states & 1U << state)
            text_addf(&array, "%s\"%s\"", array.size == 0 ? "[" : ",",
                      request_state_name((enum request_state)state));
    }
    text_add(&array, "]");
    return text_take(&array);
}

static char *people_of(struct turn *turn, const char *person)
{
    char ids[PERSON_IDS][PERSON_ID];
    struct text array = {0};
    size_t count = people_ids(turn, person, ids);
    for (size_t i = 0; i < count; i++)
        text_addf(&array, "%s\"%s\"", i == 0 ? "[" : ",", ids[i]);
    text_add(&array, "]");
    return text_take(&array);
}

/* The lowest number of a request that was made at ${time} or later: they are numbered in the order
 * of time. */
static int64_t first_since(struct turn *turn, int64_t time)
{
    int64_t low = 1;
    int64_t high =
        store_int(turn_reads(turn), "SELECT max(number) FROM request", SQL_NO_ARGS, 0) + 1;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int64_t made = store_int(turn_reads(turn),
                                 "SELECT created_at FROM request WHERE number <= ?"
                                 " ORDER BY number DESC LIMIT 1",
                                 SQL_ARGS(SQL_INT(middle)), 0);
        if (made >= time)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void search_begin(struct search *search, struct turn *turn, const struct filter *filter)
{
    *search = (struct search){.turn = turn, .low = 1, .high = INT64_MAX - 1, .looks = MAX_LOOKS};
    for (size_t i = 0; i < filter->word_count; i++)
        add_keys(search, 'c', filter->words[i]);
    if (*filter->buyer != '\0')
        add_keys(search, 'b', filter->buyer);
    if (filter->states != 0 || *filter->by != '\0' || search->count == 0) {
        struct source *source = add_source(search);
        source->states =
            filter->states != 0 || *filter->by != '\0' ? states_of(filter->states) : NULL;
        source->people = *filter->by != '\0' ? people_of(turn, filter->by) : NULL;
        source->looks = source->states == NULL ? 1 : STATES;
    }
    if (filter->older_ms > 0)
        search->high = first_since(turn, turn_now(turn) - filter->older_ms) - 1;
    if (filter->younger_ms > 0)
        search->low = first_since(turn, turn_now(turn) - filter->younger_ms);
}

static void search_end(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        free(search->sources[i].keys);
        free(search->sources[i].states);
        free(search->sources[i].people);
    }
}

/* --- looking --- */

/* The highest number up to ${at} that this source has; 0: none. */
static int64_t below(struct store *store, const struct source *source, int64_t at)
{
    if (source->keys != NULL)
        return store_int(store,
                         "SELECT max(found) FROM (SELECT (SELECT max(request) FROM search_key"
                         " WHERE search_key.key = wanted.value AND request <= ?1) AS found"
                         " FROM json_each(?2) AS wanted)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->keys)), 0);
    if (source->people != NULL)
        return store_int(store,
                         "SELECT max(found) FROM (SELECT (SELECT max(number) FROM request"
                         " WHERE requester = person.value AND state = wanted.value"
                         " AND number <= ?1) AS found"
                         " FROM json_each(?2) AS wanted, json_each(?3) AS person)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->states), SQL_TEXT(source->people)),
                         0);
    if (source->states != NULL)
        return store_int(store,
                         "SELECT max(found) FROM (SELECT (SELECT max(number) FROM request"
                         " WHERE state = wanted.value AND number <= ?1) AS found"
                         " FROM json_each(?2) AS wanted)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->states)), 0);
    return store_int(store, "SELECT max(number) FROM request WHERE number <= ?",
                     SQL_ARGS(SQL_INT(at)), 0);
}

/* The lowest number from ${at} on; 0: none. */
static int64_t above(struct store *store, const struct source *source, int64_t at)
{
    if (source->keys != NULL)
        return store_int(store,
                         "SELECT min(found) FROM (SELECT (SELECT min(request) FROM search_key"
                         " WHERE search_key.key = wanted.value AND request >= ?1) AS found"
                         " FROM json_each(?2) AS wanted)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->keys)), 0);
    if (source->people != NULL)
        return store_int(store,
                         "SELECT min(found) FROM (SELECT (SELECT min(number) FROM request"
                         " WHERE requester = person.value AND state = wanted.value"
                         " AND number >= ?1) AS found"
                         " FROM json_each(?2) AS wanted, json_each(?3) AS person)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->states), SQL_TEXT(source->people)),
                         0);
    if (source->states != NULL)
        return store_int(store,
                         "SELECT min(found) FROM (SELECT (SELECT min(number) FROM request"
                         " WHERE state = wanted.value AND number >= ?1) AS found"
                         " FROM json_each(?2) AS wanted)",
                         SQL_ARGS(SQL_INT(at), SQL_TEXT(source->states)), 0);
    return store_int(store, "SELECT number FROM request WHERE number >= ? ORDER BY number LIMIT 1",
                     SQL_ARGS(SQL_INT(at)), 0);
}

/* From *${at} on, the next number that all sources have, in its place; false: there is none, or
 * there was no more to be looked at. */
static bool search_next(struct search *search, bool up, int64_t *at)
{
    struct store *store = turn_reads(search->turn);
    for (size_t agreed = 0, i = 0; agreed < search->count; i = (i + 1) % search->count) {
        const struct source *source = &search->sources[i];
        if (*at < search->low || *at > search->high || search->looks <= 0)
            return false;
        search->looks -= source->looks;
        int64_t found = up ? above(store, source, *at) : below(store, source, *at);
        if (found == 0) {
            *at = 0;
            return false;
        }
        agreed = found == *at ? agreed + 1 : 1;
        *at = found;
    }
    return *at >= search->low && *at <= search->high;
}

size_t search_numbers(struct turn *turn, const struct list_page *asked, int64_t *numbers,
                      size_t capacity, struct search_limits *limits)
{
    struct search search;
    size_t count = 0;
    bool up = filter_waits(&asked->filter) != asked->back;
    search_begin(&search, turn, &asked->filter);
    int64_t at = asked->from == 0 ? (up ? search.low : search.high) : asked->from + (up ? 1 : -1);
    if (asked->from != 0 && (up ? at < search.low : at > search.high))
        at = up ? search.low : search.high;
    while (count < capacity && search_next(&search, up, &at)) {
        numbers[count++] = at;
        at += up ? 1 : -1;
    }
    bool stopped = search.looks <= 0 && count < capacity && at >= search.low && at <= search.high;
    *limits = (struct search_limits){.stopped = stopped ? at : 0, .too_many = search.too_many};
    search_end(&search);
    return count;
}

int64_t search_count(struct turn *turn, const struct filter *filter, bool *at_least)
{
    struct search search;
    int64_t count = 0;
    search_begin(&search, turn, filter);
    int64_t at = search.high;
    while (count < MAX_COUNTED && search_next(&search, false, &at)) {
        count++;
        at--;
    }
    *at_least = count == MAX_COUNTED || (search.looks <= 0 && at >= search.low);
    search_end(&search);
    return count;
}
