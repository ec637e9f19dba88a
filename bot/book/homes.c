#include "book/homes.h"

#include "book/people.h"
#include "io/store.h"

const char book_schema_homes[] = "CREATE TABLE home ("
                                 "  person TEXT PRIMARY KEY,"
                                 "  query TEXT NOT NULL,"
                                 "  sees_all INTEGER NOT NULL CHECK (sees_all IN (0, 1)),"
                                 "  tries INTEGER NOT NULL,"
                                 "  stale INTEGER NOT NULL CHECK (stale IN (0, 1))) STRICT;"
                                 "CREATE INDEX home_stale ON home (person) WHERE stale = 1;"
                                 "CREATE INDEX home_of_all ON home (person)"
                                 "  WHERE sees_all = 1 AND stale = 0;";

static void put(struct turn *turn, const struct home *home, bool stale)
{
    store_run(turn_writes(turn),
              "INSERT INTO home (person, query, sees_all, tries, stale) VALUES (?, ?, ?, ?, ?)"
              " ON CONFLICT (person) DO UPDATE SET query = excluded.query,"
              " sees_all = excluded.sees_all, tries = excluded.tries, stale = excluded.stale",
              SQL_ARGS(SQL_TEXT(home->person), SQL_TEXT(home->query), SQL_INT(home->all),
                       SQL_INT(home->tries), SQL_INT(stale)));
}

void homes_put(struct turn *turn, const struct home *home)
{
    put(turn, home, false);
}

void homes_spoil(struct turn *turn, const struct home *home)
{
    put(turn, home, true);
}

static bool read_one(struct rows *rows, struct home *home)
{
    if (!rows_next(rows))
        return false;
    *home = (struct home){.all = rows_int(rows, 2) != 0, .tries = (int)rows_int(rows, 3)};
    rows_fit(rows, 0, home->person, sizeof(home->person));
    rows_fit(rows, 1, home->query, sizeof(home->query));
    rows_close(rows);
    return true;
}

bool homes_get(struct turn *turn, const char *person, struct home *home)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT person, query, sees_all, tries FROM home WHERE person = ?",
                                SQL_ARGS(SQL_TEXT(person))),
                    home);
}

void homes_spoil_of(struct turn *turn, const char *requester, bool waiting)
{
    char ids[PERSON_IDS][PERSON_ID];
    for (size_t i = people_ids(turn, requester, ids); i > 0; i--)
        store_run(turn_writes(turn), "UPDATE home SET stale = 1, tries = 0 WHERE person = ?",
                  SQL_ARGS(SQL_TEXT(ids[i - 1])));
    if (waiting)
        store_run(turn_writes(turn),
                  "UPDATE home SET stale = 1, tries = 0 WHERE sees_all = 1 AND stale = 0",
                  SQL_NO_ARGS);
}

bool homes_next_stale(struct turn *turn, const char *after, struct home *home)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT person, query, sees_all, tries FROM home WHERE stale = 1"
                                " AND person > ? ORDER BY person LIMIT 1",
                                SQL_ARGS(SQL_TEXT(after))),
                    home);
}

bool homes_any(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT EXISTS (SELECT 1 FROM home)", SQL_NO_ARGS, 0) != 0;
}
