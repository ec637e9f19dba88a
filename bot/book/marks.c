#include "book/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/settings.h"
#include "io/store.h"
#include "text.h"

enum { LIFE_DIGITS = 8 };

static int64_t counted(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT value FROM counter WHERE name = 'mark'", SQL_NO_ARGS,
                     0);
}

void marks_life(struct turn *turn, char life[BOOK_MARK])
{
    settings_get(turn, "life", life, BOOK_MARK);
}

static void write_mark(struct turn *turn, char mark[BOOK_MARK])
{
    char life[BOOK_MARK];
    marks_life(turn, life);
    snprintf(mark, BOOK_MARK, "%.*s.%lld", LIFE_DIGITS, life, (long long)counted(turn));
}

void marks_newest(struct turn *turn, char mark[BOOK_MARK])
{
    mark[0] = '\0';
    if (counted(turn) > 0)
        write_mark(turn, mark);
}

void marks_begin(struct turn *turn)
{
    char id[TURN_ID];
    char mark[BOOK_MARK];
    turn_new_id(turn, id);
    id[LIFE_DIGITS] = '\0';
    store_run(turn_writes(turn), "INSERT INTO life (id, marks) VALUES (?, 0)",
              SQL_ARGS(SQL_TEXT(id)));
    settings_put(turn, "life", id);
    marks_take(turn, mark);
}

void marks_take(struct turn *turn, char mark[BOOK_MARK])
{
    char life[BOOK_MARK];
    int64_t count = turn_count(turn, "mark");
    marks_life(turn, life);
    store_run(turn_writes(turn), "UPDATE life SET marks = ? WHERE id = ?",
              SQL_ARGS(SQL_INT(count), SQL_TEXT(life)));
    write_mark(turn, mark);
    store_put_beside(turn_writes(turn), mark);
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
    turn_count_past(turn, "mark", count);
}
