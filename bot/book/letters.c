#include "book/letters.h"

#include "io/store.h"

/* A thread is the story below a card: what it is called by, and whom it has still to call. */
const char book_schema_letters[] =
    "CREATE TABLE letter ("
    "  id INTEGER PRIMARY KEY,"
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  channel TEXT NOT NULL,"
    "  ts TEXT NOT NULL,"
    "  shown TEXT NOT NULL) STRICT;"
    "CREATE INDEX letter_by_offer ON letter (offer, id);"

    "CREATE TABLE thread ("
    "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
    "  ts TEXT NOT NULL,"
    "  permalink TEXT NOT NULL,"
    "  calling TEXT NOT NULL) STRICT;"

    /* What somebody typed for a form that did not open, for another try. */
    "CREATE TABLE typed ("
    "  id TEXT PRIMARY KEY,"
    "  person TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX typed_by_age ON typed (at);";

#define COLUMNS "SELECT id, request, channel, ts, shown FROM letter"

static void read_row(struct rows *rows, struct letter *letter)
{
    *letter = (struct letter){.id = rows_int(rows, 0), .request = rows_int(rows, 1)};
    rows_fit(rows, 2, letter->channel, sizeof(letter->channel));
    rows_fit(rows, 3, letter->ts, sizeof(letter->ts));
    rows_fit(rows, 4, letter->shown, sizeof(letter->shown));
}

int64_t letters_add(struct turn *turn, int64_t request, const char *shown)
{
    int64_t id = turn_count(turn, "letter");
    store_run(turn_writes(turn),
              "INSERT INTO letter (id, request, channel, ts, shown) VALUES (?, ?, '', '', ?)",
              SQL_ARGS(SQL_INT(id), SQL_INT(request), SQL_TEXT(shown)));
    return id;
}

void letters_put(struct turn *turn, const struct letter *letter)
{
    store_run(turn_writes(turn), "UPDATE letter SET channel = ?, ts = ?, shown = ? WHERE id = ?",
              SQL_ARGS(SQL_TEXT(letter->channel), SQL_TEXT(letter->ts), SQL_TEXT(letter->shown),
                       SQL_INT(letter->id)));
}

void letters_forget_unsent(struct turn *turn, int64_t request)
{
    store_run(turn_writes(turn), "DELETE FROM letter WHERE request = ? AND ts = ''",
              SQL_ARGS(SQL_INT(request)));
}

bool letters_get(struct turn *turn, int64_t id, struct letter *letter)
{
    struct rows *rows =
        store_query(turn_reads(turn), COLUMNS " WHERE id = ?", SQL_ARGS(SQL_INT(id)));
    if (!rows_next(rows))
        return false;
    read_row(rows, letter);
    rows_close(rows);
    return true;
}

size_t letters_newest(struct turn *turn, int64_t request, struct letter *letters, size_t capacity)
{
    size_t count = 0;
    struct rows *rows =
        store_query(turn_reads(turn), COLUMNS " WHERE request = ? ORDER BY id DESC LIMIT ?",
                    SQL_ARGS(SQL_INT(request), SQL_INT(capacity)));
    while (rows_next(rows))
        read_row(rows, &letters[count++]);
    return count;
}
