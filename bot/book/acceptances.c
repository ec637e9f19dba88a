#include "book/acceptances.h"

#include "io/store.h"

/* After the release: agreements, the date as AWS holds it; what AWS refuses because we lack rights,
 * and who waits for it; what was said of an authorization last. */
const char book_schema_after[] =
    "CREATE TABLE acceptance ("
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  agreement TEXT NOT NULL,"
    "  account TEXT NOT NULL,"
    "  status TEXT NOT NULL,"
    "  accepted_at INTEGER NOT NULL,"
    "  seen_at INTEGER NOT NULL,"
    "  PRIMARY KEY (offer, agreement)) STRICT;"

    "CREATE TABLE following ("
    "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
    "  ends TEXT NOT NULL,"
    "  seen TEXT NOT NULL,"
    "  looks INTEGER NOT NULL,"
    "  looked_at INTEGER NOT NULL,"
    "  settled_at INTEGER NOT NULL,"
    "  blind INTEGER NOT NULL CHECK (blind IN (0, 1))) STRICT;"

    "CREATE TABLE refusal ("
    "  type TEXT PRIMARY KEY,"
    "  call TEXT NOT NULL,"
    "  open INTEGER NOT NULL CHECK (open IN (0, 1)),"
    "  told_at INTEGER NOT NULL) STRICT;"

    "CREATE TABLE blocked ("
    "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
    "  since INTEGER NOT NULL,"
    "  tries INTEGER NOT NULL,"
    "  told INTEGER NOT NULL CHECK (told IN (0, 1))) STRICT;"
    "CREATE INDEX blocked_waiting ON blocked (offer) WHERE since > 0;"

    "ALTER TABLE authorization ADD COLUMN shown TEXT NOT NULL DEFAULT '';";

#define COLUMNS "SELECT agreement, account, status, accepted_at FROM acceptance WHERE offer = ?"

static void read_row(struct rows *rows, struct acceptance *acceptance)
{
    *acceptance = (struct acceptance){.accepted_at = rows_int(rows, 3)};
    rows_fit(rows, 0, acceptance->agreement, sizeof(acceptance->agreement));
    rows_fit(rows, 1, acceptance->account, sizeof(acceptance->account));
    rows_fit(rows, 2, acceptance->status, sizeof(acceptance->status));
}

size_t acceptances_get(struct turn *turn, int64_t offer, struct acceptance *list, size_t capacity)
{
    size_t count = 0;
    struct rows *rows =
        store_query(turn_reads(turn), COLUMNS " ORDER BY seen_at, agreement LIMIT ?",
                    SQL_ARGS(SQL_INT(offer), SQL_INT(capacity)));
    while (rows_next(rows))
        read_row(rows, &list[count++]);
    return count;
}

bool acceptances_find(struct turn *turn, int64_t offer, const char *agreement,
                      struct acceptance *acceptance)
{
    struct rows *rows = store_query(turn_reads(turn), COLUMNS " AND agreement = ?",
                                    SQL_ARGS(SQL_INT(offer), SQL_TEXT(agreement)));
    if (!rows_next(rows))
        return false;
    read_row(rows, acceptance);
    rows_close(rows);
    return true;
}

void acceptances_put(struct turn *turn, int64_t offer, const struct acceptance *acceptance)
{
    store_run(turn_writes(turn),
              "INSERT INTO acceptance (offer, agreement, account, status, accepted_at, seen_at)"
              " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (offer, agreement) DO UPDATE SET"
              " account = excluded.account, status = excluded.status,"
              " accepted_at = excluded.accepted_at",
              SQL_ARGS(SQL_INT(offer), SQL_TEXT(acceptance->agreement),
                       SQL_TEXT(acceptance->account), SQL_TEXT(acceptance->status),
                       SQL_INT(acceptance->accepted_at), SQL_INT(turn_now(turn))));
}

/* --- AWS's own copy --- */

void acceptances_following(struct turn *turn, int64_t offer, struct following *following)
{
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT ends, seen, reads, read_at, settled_at, blind FROM following"
                    " WHERE offer = ?",
                    SQL_ARGS(SQL_INT(offer)));
    *following = (struct following){.offer = offer};
    if (!rows_next(rows))
        return;
    rows_fit(rows, 0, following->ends, sizeof(following->ends));
    rows_fit(rows, 1, following->seen, sizeof(following->seen));
    following->reads = (int)rows_int(rows, 2);
    following->read_at = rows_int(rows, 3);
    following->settled_at = rows_int(rows, 4);
    following->blind = rows_int(rows, 5) != 0;
    rows_close(rows);
}

void acceptances_put_following(struct turn *turn, const struct following *following)
{
    store_run(turn_writes(turn),
              "INSERT INTO following (offer, ends, seen, reads, read_at, settled_at, blind)"
              " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (offer) DO UPDATE SET"
              " ends = excluded.ends, seen = excluded.seen, reads = excluded.reads,"
              " read_at = excluded.read_at, settled_at = excluded.settled_at,"
              " blind = excluded.blind",
              SQL_ARGS(SQL_INT(following->offer), SQL_TEXT(following->ends),
                       SQL_TEXT(following->seen), SQL_INT(following->reads),
                       SQL_INT(following->read_at), SQL_INT(following->settled_at),
                       SQL_INT(following->blind)));
}
