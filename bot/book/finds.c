#include "book/finds.h"

#include "io/store.h"

static const char *const kinds[] = {"set", "card", "announcement"};

void finds_put(struct turn *turn, const struct find *find)
{
    store_run(turn_writes(turn),
              "INSERT INTO find (what, id, request, revision, state, entity, key, mark, number,"
              " attempt, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (what, id) DO UPDATE SET revision = excluded.revision,"
              " state = excluded.state, entity = excluded.entity, mark = excluded.mark,"
              " settled = 0",
              SQL_ARGS(SQL_TEXT(kinds[find->what]), SQL_TEXT(find->id), SQL_INT(find->request),
                       SQL_INT(find->revision), SQL_TEXT(find->state), SQL_TEXT(find->entity),
                       SQL_TEXT(find->key), SQL_TEXT(find->mark), SQL_INT(find->number),
                       SQL_INT(find->attempt), SQL_INT(find->at)));
}

bool finds_any(struct turn *turn)
{
    return finds_request(turn, 0) != 0;
}

int64_t finds_request(struct turn *turn, int64_t after)
{
    return store_int(turn_reads(turn),
                     "SELECT request FROM find WHERE settled = 0 AND request > ?"
                     " ORDER BY request LIMIT 1",
                     SQL_ARGS(SQL_INT(after)), 0);
}

static bool newest(struct turn *turn, int64_t request, enum find_kind what, const char *state,
                   bool settled, struct find *find)
{
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT id, request, revision, state, entity, key, mark, number, attempt, at"
        " FROM find WHERE settled <= ?4 AND request = ?1 AND what = ?2"
        " AND (?3 IS NULL OR state = ?3)"
        " ORDER BY at DESC, attempt DESC, id DESC LIMIT 1",
        SQL_ARGS(SQL_INT(request), SQL_TEXT(kinds[what]), SQL_TEXT(state), SQL_INT(settled)));
    if (!rows_next(rows))
        return false;
    *find = (struct find){
        .what = what,
        .request = rows_int(rows, 1),
        .revision = (int)rows_int(rows, 2),
        .number = (int)rows_int(rows, 7),
        .attempt = (int)rows_int(rows, 8),
        .at = rows_int(rows, 9),
    };
    rows_fit(rows, 0, find->id, sizeof(find->id));
    rows_fit(rows, 3, find->state, sizeof(find->state));
    rows_fit(rows, 4, find->entity, sizeof(find->entity));
    rows_fit(rows, 5, find->key, sizeof(find->key));
    rows_fit(rows, 6, find->mark, sizeof(find->mark));
    rows_close(rows);
    return true;
}

bool finds_newest(struct turn *turn, int64_t request, enum find_kind what, const char *state,
                  struct find *find)
{
    return newest(turn, request, what, state, false, find);
}

bool finds_last(struct turn *turn, int64_t request, enum find_kind what, struct find *find)
{
    return newest(turn, request, what, NULL, true, find);
}

void finds_settle(struct turn *turn, int64_t request)
{
    store_run(turn_writes(turn), "UPDATE find SET settled = 1 WHERE request = ?",
              SQL_ARGS(SQL_INT(request)));
}

bool finds_settled(struct turn *turn, enum find_kind what, const char *id, const char *mark)
{
    return store_int(turn_reads(turn),
                     "SELECT count(*) FROM find WHERE what = ? AND id = ? AND mark = ?"
                     " AND settled = 1",
                     SQL_ARGS(SQL_TEXT(kinds[what]), SQL_TEXT(id), SQL_TEXT(mark)), 0) > 0;
}

bool finds_any_of(struct turn *turn, int64_t request)
{
    return store_int(turn_reads(turn),
                     "SELECT count(*) FROM find WHERE settled = 1 AND request = ?",
                     SQL_ARGS(SQL_INT(request)), 0) > 0;
}

void finds_learn(struct turn *turn)
{
    char mark[BOOK_MARK];
    for (;;) {
        struct rows *rows =
            store_query(turn_reads(turn), "SELECT mark FROM find LIMIT 1", SQL_NO_ARGS);
        if (!rows_next(rows))
            return;
        rows_fit(rows, 0, mark, sizeof(mark));
        rows_close(rows);
        marks_learn(turn, mark);
        store_run(turn_writes(turn), "DELETE FROM find WHERE mark = ?", SQL_ARGS(SQL_TEXT(mark)));
    }
}
