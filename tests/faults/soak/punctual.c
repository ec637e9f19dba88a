#include "punctual.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../checker/check.h"
#include "day.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

static void judge(struct punctual *punctual, const char *what, json_int_t number, int64_t at,
                  int64_t from, int64_t until)
{
    punctual->early += at < from;
    punctual->late += at > until;
    if (at < from || at > until)
        printf("CPPO-%lld %s %.1f minutes too %s\n", (long long)number, what,
               (double)(at < from ? from - at : at - until) / MINUTE_MS,
               at < from ? "early" : "late");
}

/* The last moment of the accept-by date of this revision. */
static int64_t end_of(const json_t *book, json_int_t number, json_int_t revision)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(book, "revision"), i, row)
    {
        const char *line = strstr(text_of(row, "content"), "accept_by=");
        char day[40];
        if (number_of(row, "offer") != number || number_of(row, "revision") != revision ||
            line == NULL)
            continue;
        snprintf(day, sizeof(day), "%.10sT23:59:59", line + strlen("accept_by="));
        return day_ms(day) + 999;
    }
    return 0;
}

/* AWS is asked every ten minutes at first, and every hour at last. */
static void check_moves(const json_t *book, struct punctual *punctual)
{
    size_t i;
    json_t *move;
    json_array_foreach(json_object_get(book, "move"), i, move)
    {
        const char *event = text_of(move, "event");
        json_int_t number = number_of(move, "offer");
        int64_t at = number_of(move, "at");
        int64_t end = end_of(book, number, number_of(move, "revision"));
        if (strcmp(event, "lapse") == 0) {
            punctual->lapses++;
            judge(punctual, "lapsed", number, at, end, end + HOUR_MS + MINUTE_MS);
        } else if (strcmp(event, "expire") == 0) {
            punctual->expiries++;
            judge(punctual, "expired", number, at, end, end + 2 * HOUR_MS + MINUTE_MS);
        }
    }
}

/* What should be past its date is not still open. */
static void check_open(const json_t *book, int64_t now, struct punctual *punctual)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(book, "offer"), i, row)
    {
        json_int_t number = number_of(row, "number");
        int64_t end = end_of(book, number, number_of(row, "revision"));
        bool pending = strcmp(text_of(row, "state"), "pending") == 0;
        bool published = strcmp(text_of(row, "state"), "published") == 0;
        if (pending || published)
            judge(punctual, pending ? "has not lapsed:" : "has not expired:", number, now, 0,
                  end + (pending ? 1 : 2) * HOUR_MS + MINUTE_MS);
    }
}

/* The authorizations are listed every ten minutes. */
static void check_listings(const json_t *log, struct punctual *punctual)
{
    int64_t last = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(log, i, entry)
    {
        int64_t at = number_of(entry, "at_ms");
        if (strcmp(text_of(entry, "operation"), "ListEntities") != 0)
            continue;
        if (last != 0)
            judge(punctual, "(none): authorizations are listed", 0, at, 0,
                  last + 10 * MINUTE_MS + 10 * SECOND_MS);
        punctual->listings++;
        last = at;
    }
}

/* A buyer's acceptance is seen within an hour. */
static void check_acceptances(const json_t *log, const json_t *book, int64_t now,
                              struct punctual *punctual)
{
    size_t i, j, k;
    json_t *entry, *draft, *move;
    json_array_foreach(log, i, entry)
    {
        int64_t at = number_of(entry, "at_ms"), seen = now;
        if (strcmp(text_of(entry, "kind"), "market.agreement") != 0)
            continue;
        json_int_t number = 0;
        json_array_foreach(json_object_get(book, "draft"), j, draft)
        {
            if (strcmp(text_of(draft, "entity"), text_of(entry, "offer")) == 0)
                number = number_of(draft, "offer");
        }
        json_array_foreach(json_object_get(book, "move"), k, move)
        {
            if (number_of(move, "offer") == number && strcmp(text_of(move, "event"), "accept") == 0)
                seen = number_of(move, "at");
        }
        punctual->acceptances++;
        judge(punctual, "is accepted, and that is noticed", number, seen, at,
              at + HOUR_MS + MINUTE_MS);
    }
}

void punctual_check(const json_t *log, const json_t *book, struct punctual *punctual)
{
    const json_t *last = json_array_get(log, json_array_size(log) - 1);
    int64_t now = number_of(last, "at_ms");
    *punctual = (struct punctual){0};
    check_moves(book, punctual);
    check_open(book, now, punctual);
    check_listings(log, punctual);
    check_acceptances(log, book, now, punctual);
}
