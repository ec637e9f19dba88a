#include "book/places.h"

#include <assert.h>

#include "io/store.h"

/* Of change sets, as the condition of an index; a list of words would be a table of its own. */
#define OPEN "instr('starting lost running', state) > 0"

const char book_schema_places[] =
    "CREATE TABLE places ("
    "  id INTEGER PRIMARY KEY CHECK (id = 1)," /* there is one row, or none */
    "  most INTEGER NOT NULL,"
    "  refusals INTEGER NOT NULL,"
    "  refused_at INTEGER NOT NULL,"
    "  since INTEGER NOT NULL) STRICT;"
    "CREATE TABLE line ("
    "  offer INTEGER PRIMARY KEY REFERENCES request (number),"
    "  called_at INTEGER NOT NULL) STRICT;" /* when it was admitted; 0: it waits; -1: it rests */
    "CREATE INDEX line_by_call ON line (called_at, offer);"
    "CREATE INDEX change_set_open ON change_set (state, began)"
    "  WHERE " OPEN ";";

void places_put(struct turn *turn, const struct places *places)
{
    store_run(turn_writes(turn),
              "INSERT INTO places (id, most, refusals, refused_at, since) VALUES (1, ?, ?, ?, ?)"
              " ON CONFLICT (id) DO UPDATE SET most = excluded.most, refusals = excluded.refusals,"
              " refused_at = excluded.refused_at, since = excluded.since",
              SQL_ARGS(SQL_INT(places->most), SQL_INT(places->refusals),
                       SQL_INT(places->refused_at), SQL_INT(places->since)));
}

void places_forget(struct turn *turn)
{
    store_run(turn_writes(turn), "DELETE FROM places WHERE id = 1", SQL_NO_ARGS);
}

/* --- the line --- */

enum place_state places_of(struct turn *turn, int64_t offer)
{
    return around_of(turn, offer)->place;
}

static void put(struct turn *turn, int64_t offer, int64_t admitted_at)
{
    store_run(around_writes(turn),
              "INSERT INTO line (offer, called_at) VALUES (?, ?)"
              " ON CONFLICT (offer) DO UPDATE SET called_at = excluded.called_at",
              SQL_ARGS(SQL_INT(offer), SQL_INT(admitted_at)));
}

void places_wait(struct turn *turn, int64_t offer)
{
    put(turn, offer, 0);
}

void places_rest(struct turn *turn, int64_t offer)
{
    put(turn, offer, -1);
}

void places_take_up(struct turn *turn)
{
    store_run(around_writes(turn), "UPDATE line SET called_at = 0 WHERE called_at = -1",
              SQL_NO_ARGS);
}

void places_admit(struct turn *turn, int64_t offer)
{
    assert(turn_time(turn) > 0);
    put(turn, offer, turn_time(turn));
}

void places_leave(struct turn *turn, int64_t offer)
{
    if (places_of(turn, offer) != PLACE_NONE)
        store_run(around_writes(turn), "DELETE FROM line WHERE offer = ?",
                  SQL_ARGS(SQL_INT(offer)));
}

void places_count(struct turn *turn, int64_t admitted_since, int64_t started_since,
                  struct places_use *use)
{
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT (SELECT min(offer) FROM line WHERE called_at = 0),"
        " (SELECT count(*) FROM line WHERE called_at > max(?, 0)),"
        " coalesce(sum(state = 'starting' AND began > ?), 0), count(*),"
        " (SELECT most FROM places WHERE id = 1), (SELECT refusals FROM places WHERE id = 1),"
        " (SELECT refused_at FROM places WHERE id = 1), (SELECT since FROM places WHERE id = 1)"
        " FROM change_set WHERE " OPEN,
        SQL_ARGS(SQL_INT(admitted_since), SQL_INT(started_since)));
    *use = (struct places_use){.first = 0};
    if (!rows_next(rows))
        return;
    *use = (struct places_use){.first = rows_int(rows, 0),
                               .admitted = (int)rows_int(rows, 1),
                               .started = (int)rows_int(rows, 2),
                               .open = (int)rows_int(rows, 3),
                               .places = {.most = (int)rows_int(rows, 4),
                                          .refusals = (int)rows_int(rows, 5),
                                          .refused_at = rows_int(rows, 6),
                                          .since = rows_int(rows, 7)}};
    rows_close(rows);
}

int64_t places_waiting(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT count(*) FROM line WHERE called_at = 0", SQL_NO_ARGS,
                     0);
}

void places_drop(struct turn *turn, int64_t admitted_before)
{
    store_run(around_writes(turn), "DELETE FROM line WHERE called_at > 0 AND called_at <= ?",
              SQL_ARGS(SQL_INT(admitted_before)));
}
