#include "book/marks.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/settings.h"
#include "io/store.h"
#include "text.h"

enum { LIFE_DIGITS = 8 };

/* The marks are counted where their life stands, so that one statement makes one. */
const char book_schema_marks[] =
    "UPDATE life SET marks = coalesce((SELECT value FROM counter WHERE name = 'mark'), marks)"
    " WHERE id = (SELECT value FROM setting WHERE name = 'life');"
    "DELETE FROM counter WHERE name = 'mark';";

void marks_life(struct turn *turn, char life[BOOK_MARK])
{
    settings_get(turn, SETTING_LIFE, life, BOOK_MARK);
}

/* Of one row: a life and how many it has made. "" where there is none, or it made none. */
static void write_mark(struct rows *rows, char mark[BOOK_MARK])
{
    mark[0] = '\0';
    while (rows_next(rows)) {
        if (rows_int(rows, 1) > 0)
            snprintf(mark, BOOK_MARK, "%.*s.%lld", LIFE_DIGITS, rows_text(rows, 0),
                     (long long)rows_int(rows, 1));
    }
}

void marks_newest(struct turn *turn, char mark[BOOK_MARK])
{
    write_mark(store_query(turn_reads(turn),
                           "SELECT id, marks FROM life"
                           " WHERE id = (SELECT value FROM setting WHERE name = 'life')",
                           SQL_NO_ARGS),
               mark);
}

void marks_begin(struct turn *turn)
{
    char id[TURN_ID];
    char mark[BOOK_MARK];
    turn_new_id(turn, id);
    id[LIFE_DIGITS] = '\0';
    store_run(turn_writes(turn),
              "INSERT INTO life (id, marks) SELECT ?, coalesce(max(marks), 0) FROM life",
              SQL_ARGS(SQL_TEXT(id)));
    settings_put(turn, SETTING_LIFE, id);
    marks_take(turn, mark);
}

/* What one turn sends is in the book or it is not: one mark tells it of all. */
static char *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, BOOK_MARK);
}

void marks_take(struct turn *turn, char mark[BOOK_MARK])
{
    char *taken = kept(turn);
    if (*taken == '\0') {
        write_mark(store_query(turn_writes(turn),
                               "UPDATE life SET marks = marks + 1"
                               " WHERE id = (SELECT value FROM setting WHERE name = 'life')"
                               " RETURNING id, marks",
                               SQL_NO_ARGS),
                   taken);
        assert(*taken != '\0'); /* the life has begun */
        store_put_beside(turn_writes(turn), taken);
    }
    text_fit(mark, BOOK_MARK, taken);
}

/* "<life>.<count>" */
static bool read_mark(const char *mark, char life[BOOK_MARK], int64_t *count)
{
    char *end;
    const char *dot = strchr(mark, '.');
    if (dot == NULL || dot - mark != LIFE_DIGITS)
        return false;
    snprintf(life, BOOK_MARK, "%.*s", LIFE_DIGITS, mark);
    *count = strtoll(dot + 1, &end, 10);
    return end != dot + 1 && *end == '\0' && *count > 0;
}

bool marks_known(struct turn *turn, const char *mark)
{
    char life[BOOK_MARK];
    int64_t count;
    return read_mark(mark, life, &count) &&
           store_int(turn_reads(turn), "SELECT marks FROM life WHERE id = ?",
                     SQL_ARGS(SQL_TEXT(life)), -1) >= count;
}

void marks_learn(struct turn *turn, const char *mark)
{
    char life[BOOK_MARK];
    int64_t count;
    if (!read_mark(mark, life, &count))
        return;
    store_run(turn_writes(turn),
              "INSERT INTO life (id, marks) VALUES (?, ?)"
              " ON CONFLICT (id) DO UPDATE SET marks = max(marks, excluded.marks)",
              SQL_ARGS(SQL_TEXT(life), SQL_INT(count)));
    store_run(turn_writes(turn),
              "UPDATE life SET marks = max(marks, ?)"
              " WHERE id = (SELECT value FROM setting WHERE name = 'life')",
              SQL_ARGS(SQL_INT(count)));
}
