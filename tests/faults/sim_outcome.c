/* The judge, on what became of offers that were released: the buyer, the calendar, and a colleague
 * in the console. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sandbox/market.h"
#include "io/store.h"
#include "sim.h"
#include "text.h"

enum { HOUR_MS = 3600000 };

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

enum acceptance_kind { NOBODY, UNDONE, A_BUYER };

/* An agreement that was taken back counts for nobody who has not seen it before. */
static bool is_undone(const char *status)
{
    return strcmp(status, "CANCELLED") == 0 || strcmp(status, "TERMINATED") == 0 ||
           strcmp(status, "REPLACED") == 0 || strcmp(status, "ROLLED_BACK") == 0;
}

static enum acceptance_kind who_accepted(struct sim *sim, const char *entity)
{
    const char *id;
    json_t *agreement;
    enum acceptance_kind found = NOBODY;
    json_object_foreach(sim->market->agreements, id, agreement)
    {
        if (strcmp(text_at(agreement, "offer"), entity) != 0)
            continue;
        if (!is_undone(text_at(agreement, "status")))
            return A_BUYER;
        found = UNDONE;
    }
    return found;
}

/* The accept-by date: of what was released as AWS holds it now, else of the last revision. */
static bool read_date(struct sim *sim, int64_t offer, const char *entity, struct tm *day)
{
    char content[2000];
    const json_t *rules = json_object_get(json_object_get(sim->market->offers, entity), "rules");
    const char *held = text_at(typed_in(rules, "AvailabilityRule"), "AvailabilityEndDate");
    if (*held != '\0')
        return strptime(held, "%Y-%m-%d", day) != NULL;
    struct rows *rows =
        store_query(sim->store,
                    "SELECT content FROM revision JOIN request ON request = number AND"
                    " revision.revision = request.revision WHERE number = ?",
                    SQL_ARGS(SQL_INT(offer)));
    bool there = rows_next(rows);
    if (there) {
        rows_fit(rows, 0, content, sizeof(content));
        rows_close(rows);
    }
    const char *line = there ? strstr(content, "\naccept_by=") : NULL;
    return line != NULL && strptime(line + strlen("\naccept_by="), "%Y-%m-%d", day) != NULL;
}

/* The day after that date has come, and ${grace_ms} more. */
static bool is_past(struct sim *sim, int64_t offer, const char *entity, int64_t grace_ms)
{
    struct tm day = {0};
    if (!read_date(sim, offer, entity, &day))
        return false;
    day.tm_mday++;
    return sim->now >= (int64_t)timegm(&day) * 1000 + grace_ms;
}

/* When the colleague extended or cancelled it last; 0: never. */
static int64_t moved_at(struct sim *sim, const char *entity)
{
    int64_t last = 0;
    size_t i;
    const json_t *one;
    json_array_foreach(sim->console, i, one)
    {
        const char *act = text_at(one, "act");
        if (strcmp(text_at(one, "offer"), entity) == 0 &&
            (strcmp(act, "extend") == 0 || strcmp(act, "cancel") == 0))
            last = json_integer_value(json_object_get(one, "at"));
    }
    return last;
}

/* What is extended in the console has not expired; but for what was so already then. */
static bool expired_early(struct sim *sim, int64_t offer, const char *entity)
{
    enum { UNDER_WAY_MS = 60000 };
    int64_t at =
        store_int(sim->store, "SELECT max(at) FROM move WHERE request = ? AND event = 'expire'",
                  SQL_ARGS(SQL_INT(offer)), 0);
    return !is_past(sim, offer, entity, 0) && moved_at(sim, entity) < at - UNDER_WAY_MS;
}

/* Extended after its end, and not seen to be: looked at daily for a month. */
static bool ended_wrongly(struct sim *sim, int64_t offer, const char *entity, const char *state)
{
    enum { TWO_DAYS_MS = 50 * 3600000 };
    int64_t moved = moved_at(sim, entity);
    if (strcmp(state, "expired") != 0 && strcmp(state, "closed") != 0)
        return false;
    int64_t ended = store_int(sim->store, "SELECT max(at) FROM move WHERE request = ?",
                              SQL_ARGS(SQL_INT(offer)), 0);
    return moved > 0 && moved < ended + INT64_C(20) * 24 * 3600000 &&
           sim->now - moved > TWO_DAYS_MS && !is_past(sim, offer, entity, 0);
}

/* It is looked at hourly at first, and ever more rarely: has it been since? */
static bool was_looked_at(struct sim *sim, int64_t offer, int64_t moved)
{
    int64_t published = store_int(sim->store, "SELECT published_at FROM request WHERE number = ?",
                                  SQL_ARGS(SQL_INT(offer)), 0);
    int64_t pause = (sim->now - published) / 8;
    return sim->now - moved > 2 * HOUR_MS + (pause > HOUR_MS ? pause : HOUR_MS);
}

/* Does something that stands in ${channel} tell this date of the offer? Of what was changed, the
 * newest is there. */
static bool says_date(struct sim *sim, const char *channel, int64_t offer, const char *date)
{
    char *mark = text_format("CPPO-%lld", (long long)offer);
    bool found = false;
    size_t i;
    const json_t *message;
    json_array_foreach(sim->messages, i, message)
    {
        if (found || strcmp(text_at(message, "channel"), channel) != 0)
            continue;
        char *all = json_dumps(message, JSON_COMPACT);
        const char *at = strstr(all, mark);
        found = at != NULL && (at[strlen(mark)] < '0' || at[strlen(mark)] > '9') &&
                strstr(all, date) != NULL;
        free(all);
    }
    free(mark);
    return found;
}

/* What the colleague made of the date of what is out: whoever asked for it hears it, and the card
 * shows it, unless somebody took that away. */
static bool is_date_told(struct sim *sim, int64_t offer, const char *entity, const char *state)
{
    char requester[40] = "";
    char date[11];
    int64_t moved = moved_at(sim, entity);
    const json_t *rules = json_object_get(json_object_get(sim->market->offers, entity), "rules");
    snprintf(date, sizeof(date), "%s",
             text_at(typed_in(rules, "AvailabilityRule"), "AvailabilityEndDate"));
    bool is_open = strcmp(state, "published") == 0 || strcmp(state, "closed") == 0;
    if (moved == 0 || !is_open || !was_looked_at(sim, offer, moved))
        return true;
    struct rows *rows = store_query(sim->store, "SELECT requester FROM request WHERE number = ?",
                                    SQL_ARGS(SQL_INT(offer)));
    if (rows_next(rows)) {
        rows_fit(rows, 0, requester, sizeof(requester));
        rows_close(rows);
    }
    return says_date(sim, requester, offer, date) &&
           (judge_card_gone(sim, offer) || says_date(sim, "C0APPROVALS", offer, date));
}

char *outcome_wrong(struct sim *sim, const char *entity, int64_t offer, const char *state)
{
    char key[24];
    snprintf(key, sizeof(key), "%lld", (long long)offer);
    enum acceptance_kind accepted = who_accepted(sim, entity);
    if (*entity != '\0' && judge_released(sim, entity) == NULL)
        return NULL; /* released by hand: it has a life of its own */
    if (accepted != UNDONE && (accepted == A_BUYER) != (strcmp(state, "accepted") == 0))
        return text_format("I5: CPPO-%s is %s, and %s accepted it", key, state,
                           accepted == A_BUYER ? "a buyer" : "nobody");
    /* Whether its date is still the same is looked at daily. */
    int64_t grace = (moved_at(sim, entity) > 0 ? INT64_C(26) : 3) * HOUR_MS;
    if (!is_date_told(sim, offer, entity, state))
        return text_format("I5: the date of CPPO-%s was changed on AWS, and nobody was told", key);
    if (ended_wrongly(sim, offer, entity, state))
        return text_format("I5: CPPO-%s is %s, and the buyer can accept it", key, state);
    if (strcmp(state, "expired") == 0 && expired_early(sim, offer, entity))
        return text_format("I4: CPPO-%s expired before its date", key);
    if ((strcmp(state, "published") == 0 && is_past(sim, offer, entity, grace) &&
         sim->now - moved_at(sim, entity) > grace) ||
        (strcmp(state, "pending") == 0 && is_past(sim, offer, entity, 2 * HOUR_MS)))
        return text_format("I3: the date of CPPO-%s is past, and it is %s", key, state);
    return NULL;
}
