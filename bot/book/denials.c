#include "book/denials.h"

#include "book/around.h"
#include "io/store.h"

/* --- what is denied --- */

/* Of an earlier time than this the column told_at is negative. */
static int64_t signed_time(const struct denial *denial)
{
    return denial->told ? denial->told_at : -denial->told_at;
}

bool denials_get(struct turn *turn, const char *what, struct denial *denial)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT type, call, open, told_at FROM denial WHERE type = ?",
                    SQL_ARGS(SQL_TEXT(what)));
    if (!rows_next(rows))
        return false;
    int64_t at = rows_int(rows, 3);
    bool open = rows_int(rows, 2) != 0;
    *denial = (struct denial){.open = open, .told = open && at > 0, .told_at = at > 0 ? at : -at};
    rows_fit(rows, 0, denial->what, sizeof(denial->what));
    rows_fit(rows, 1, denial->call, sizeof(denial->call));
    rows_close(rows);
    return true;
}

void denials_put(struct turn *turn, const struct denial *denial)
{
    store_run(turn_writes(turn),
              "INSERT INTO denial (type, call, open, told_at) VALUES (?, ?, ?, ?)"
              " ON CONFLICT (type) DO UPDATE SET call = excluded.call, open = excluded.open,"
              " told_at = excluded.told_at",
              SQL_ARGS(SQL_TEXT(denial->what), SQL_TEXT(denial->call), SQL_INT(denial->open),
                       SQL_INT(signed_time(denial))));
}

bool denials_known(struct turn *turn, const char *call)
{
    return store_int(turn_reads(turn),
                     "SELECT 1 FROM denial WHERE call = ? AND open = 1 AND told_at > 0 LIMIT 1",
                     SQL_ARGS(SQL_TEXT(call)), 0) != 0;
}

bool denials_account(struct turn *turn)
{
    return store_int(
               turn_reads(turn), "SELECT 1 FROM denial WHERE type IN (?, ?) AND open <> 0 LIMIT 1",
               SQL_ARGS(SQL_TEXT(DENIED_ACCOUNT_DRAFT), SQL_TEXT(DENIED_ACCOUNT_RELEASE)), 0) != 0;
}

/* --- offers that wait --- */

void blocked_get(struct turn *turn, int64_t offer, struct blocked *blocked)
{
    *blocked = around_of(turn, offer)->blocked;
}

void blocked_put(struct turn *turn, const struct blocked *blocked)
{
    store_run(around_writes(turn),
              "INSERT INTO blocked (offer, since, tries, told) VALUES (?, ?, ?, ?)"
              " ON CONFLICT (offer) DO UPDATE SET since = excluded.since, tries = excluded.tries,"
              " told = excluded.told",
              SQL_ARGS(SQL_INT(blocked->offer), SQL_INT(blocked->since), SQL_INT(blocked->tries),
                       SQL_INT(blocked->told)));
}

bool blocked_next(struct turn *turn, int64_t offer, struct blocked *blocked)
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT " BLOCKED_COLUMNS " FROM blocked"
                                    " WHERE since > 0 AND offer > ? ORDER BY offer LIMIT 1",
                                    SQL_ARGS(SQL_INT(offer)));
    if (!rows_next(rows))
        return false;
    around_read_blocked(rows, 0, blocked);
    rows_close(rows);
    return true;
}
