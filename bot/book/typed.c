#include "book/typed.h"

#include "io/store.h"
#include "mem.h"

static const int64_t KEEP_MS = INT64_C(7) * 24 * 3600 * 1000;

void typed_keep(struct turn *turn, const char *person, const char *text, char id[TURN_ID])
{
    struct store *store = turn_writes(turn);
    turn_new_id(turn, id);
    store_run(store, "DELETE FROM typed WHERE at < ?", SQL_ARGS(SQL_INT(turn_now(turn) - KEEP_MS)));
    store_run(store, "INSERT INTO typed (id, person, text, at) VALUES (?, ?, ?, ?)",
              SQL_ARGS(SQL_TEXT(id), SQL_TEXT(person), SQL_TEXT(text), SQL_INT(turn_now(turn))));
}

char *typed_get(struct turn *turn, const char *person, const char *id)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT text FROM typed WHERE id = ? AND person = ?",
                    SQL_ARGS(SQL_TEXT(id), SQL_TEXT(person)));
    if (!rows_next(rows))
        return NULL;
    char *text = mem_copy(rows_text(rows, 0));
    rows_close(rows);
    return text;
}
