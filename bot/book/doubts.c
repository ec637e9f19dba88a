#include "book/doubts.h"

#include "book/around.h"
#include "io/store.h"

const char book_schema_doubts[] = "CREATE TABLE doubt ("
                                  "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
                                  "  entity TEXT NOT NULL,"
                                  "  revision INTEGER NOT NULL,"
                                  "  why TEXT NOT NULL,"
                                  "  told INTEGER NOT NULL CHECK (told IN (0, 1))) STRICT;";

const char book_schema_doubts_2[] =
    "ALTER TABLE doubt ADD COLUMN since INTEGER NOT NULL DEFAULT 0;";

bool doubts_get(struct turn *turn, int64_t offer, struct doubt *doubt)
{
    const struct around *around = around_of(turn, offer);
    if (around->doubt.offer == 0)
        return false;
    *doubt = around->doubt;
    return true;
}

bool doubts_next(struct turn *turn, int64_t after, struct doubt *doubt)
{
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT " DOUBT_COLUMNS " FROM doubt WHERE offer > ? ORDER BY offer LIMIT 1",
                    SQL_ARGS(SQL_INT(after)));
    if (!rows_next(rows))
        return false;
    around_read_doubt(rows, 0, doubt);
    rows_close(rows);
    return true;
}

void doubts_put(struct turn *turn, const struct doubt *doubt)
{
    store_run(around_writes(turn),
              "INSERT INTO doubt (offer, entity, revision, why, told, since)"
              " VALUES (?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (offer) DO UPDATE SET entity = excluded.entity,"
              " revision = excluded.revision, why = excluded.why, told = excluded.told,"
              " since = excluded.since",
              SQL_ARGS(SQL_INT(doubt->offer), SQL_TEXT(doubt->entity), SQL_INT(doubt->revision),
                       SQL_TEXT(doubt->why), SQL_INT(doubt->told), SQL_INT(doubt->since)));
}

void doubts_drop(struct turn *turn, int64_t offer)
{
    store_run(around_writes(turn), "DELETE FROM doubt WHERE offer = ?", SQL_ARGS(SQL_INT(offer)));
}
