/* A state file with a long past. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../button_value.h"
#include "bench.h"
#include "text.h"

static sqlite3 *db;

static void run(struct world *world, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK)
        return;
    fprintf(stderr, "%s: %s\n", sql, error);
    world_fail(world, __FILE__, __LINE__, "the state file is filled");
}

static void open_book(struct world *world)
{
    char *path = text_format("%s/cppo.db", world->dir);
    expect(world, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK,
           "the state file is there");
    free(path);
}

/* --- samples --- */

void history_samples(struct world *world)
{
    world_request(world, "Sample", "25");
    expect(world, world_sees(world, "C0APPROVALS", "AWS has accepted the draft"),
           "the draft is ready");
    world_click(world, "U0MIA", "C0APPROVALS", world_card(world, "Sample"), "approve");
    expect(world, world_sees(world, "C0OFFERS", "is published"), "CPPO-1 is published");
    world_request(world, "Sample", "25");
    world_card(world, "CPPO-2");
    expect(world, world_sees(world, "C0APPROVALS", "AWS has accepted the draft"),
           "the draft is ready");
}

/* --- adding --- */

/* What is another in the copy; every other column is as in the sample. A card that waits for a
 * decision is clicked on where the sample's stands. */
static const struct {
    const char *table, *column, *value;
} changed[] = {
    {"request", "number", "n.number"},
    {"request", "state", "n.state"},
    {"request", "requester", "n.requester"},
    {"revision", "request", "n.number"},
    {"revision", "content", "replace(s.content, 'Sample', 'Customer ' || n.number)"},
    {"revision", "form", "s.form || '-' || n.number"},
    {"move", "request", "n.number"},
    {"vote", "request", "n.number"},
    {"draft", "offer", "n.number"},
    {"draft", "entity", "s.entity || n.number"},
    {"post", "request", "n.number"},
    {"post", "effect", "-n.number"},
    {"post", "ts", "CASE n.state WHEN 'pending' THEN s.ts ELSE s.ts || n.number END"},
    {"post", "key", "CASE n.state WHEN 'pending' THEN s.key ELSE s.key || n.number END"},
    {"timer", "subject", "n.number"},
    {"timer", "due_at", "s.due_at + n.number % 3600 * 1000 + 60000"},
};

/* Those that have ended have no timers, and those that wait for approval no draft yet. */
static const struct {
    const char *name, *number, *which;
} tables[] = {
    {"request", "number", "1"},
    {"revision", "request", "1"},
    {"move", "request", "1"},
    {"vote", "request", "1"},
    {"draft", "offer", "n.state <> 'pending'"},
    {"post", "request", "1"},
    {"timer", "subject", "n.state IN ('pending', 'published')"},
};

static const char *value_of(const char *table, const char *column)
{
    for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
        if (strcmp(changed[i].table, table) == 0 && strcmp(changed[i].column, column) == 0)
            return changed[i].value;
    }
    return NULL;
}

static void add_rows(struct world *world, const char *table, const char *number, const char *which)
{
    struct text columns = {0};
    struct text values = {0};
    sqlite3_stmt *info = NULL;
    char *ask = text_format("SELECT name FROM pragma_table_info('%s')", table);
    sqlite3_prepare_v2(db, ask, -1, &info, NULL);
    while (sqlite3_step(info) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(info, 0);
        const char *value = value_of(table, column);
        text_addf(&columns, "%s%s", columns.size > 0 ? ", " : "", column);
        text_addf(&values, "%s%s%s", values.size > 0 ? ", " : "", value == NULL ? "s." : "",
                  value == NULL ? column : value);
    }
    sqlite3_finalize(info);
    char *copy =
        text_format("CREATE TEMP TABLE s AS SELECT * FROM main.%s WHERE %s IN (1, 2);"
                    "INSERT INTO %s (%s) SELECT %s FROM n JOIN s ON s.%s = n.sample"
                    " WHERE %s ORDER BY n.number;"
                    "DROP TABLE s",
                    table, number, table, text_get(&columns), text_get(&values), number, which);
    run(world, copy);
    free(copy);
    free(ask);
    text_free(&columns);
    text_free(&values);
}

/* Ends differ by their last move. */
static void end_them(struct world *world)
{
    run(world,
        "INSERT INTO move (request, step, at, who, event, from_state, to_state, revision, why)"
        " SELECT n.number, 90, m.at, 'aws', CASE n.state WHEN 'accepted' THEN 'accept'"
        "  WHEN 'expired' THEN 'expire' WHEN 'rejected' THEN 'reject' ELSE 'withdraw' END,"
        "  m.to_state, n.state, m.revision, '' FROM n JOIN move AS m ON m.request = n.sample"
        " AND m.step = 1 WHERE n.state NOT IN ('pending', 'published') ORDER BY n.number");
}

/* On the disk, so that the bot's first commit does not wait for what is ours. */
static void settle(struct world *world)
{
    char *path = text_format("%s/cppo.db", world->dir);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    expect(world, fd >= 0 && fsync(fd) == 0, "it is on the disk");
    close(fd);
    free(path);
}

void history_add(struct world *world, int count, int unfinished)
{
    open_book(world);
    run(world, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
               "CREATE TEMP TABLE n (number INTEGER PRIMARY KEY, sample, state, requester)");
    char *numbers = text_format(
        "INSERT INTO n WITH RECURSIVE i (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM i"
        " WHERE k < %d - 1) SELECT 10 + k, 1, CASE WHEN k %% %d = 0 THEN 'pending'"
        "  WHEN k %% %d = 1 THEN 'published' WHEN k %% 10 < 6 THEN 'accepted'"
        "  WHEN k %% 10 < 8 THEN 'expired' WHEN k %% 10 < 9 THEN 'rejected' ELSE 'withdrawn' END,"
        "  CASE WHEN k / 3 %% 10 < 4 THEN 'U0SELLER' ELSE 'U0S' || k %% 1000 END FROM i;"
        "UPDATE n SET sample = 2 WHERE state IN ('pending', 'rejected', 'withdrawn')",
        count, 2 * count / unfinished, 2 * count / unfinished);
    run(world, numbers);
    run(world, "BEGIN");
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        add_rows(world, tables[i].name, tables[i].number, tables[i].which);
    end_them(world);
    run(world,
        "UPDATE counter SET value = (SELECT max(number) FROM request) WHERE name = 'request';"
        "COMMIT; PRAGMA journal_mode = WAL"); /* as a bot leaves it */
    free(numbers);
    sqlite3_close(db);
    settle(world);
}

/* --- reading --- */

size_t history_pending(struct world *world, char (*values)[REFERENCE_TEXT], size_t capacity)
{
    sqlite3_stmt *rows = NULL;
    size_t count = 0;
    open_book(world);
    sqlite3_prepare_v2(db,
                       "SELECT number FROM request WHERE state = 'pending'"
                       " ORDER BY number DESC LIMIT 1000",
                       -1, &rows, NULL);
    while (count < capacity && sqlite3_step(rows) == SQLITE_ROW)
        button_value(db, sqlite3_column_int64(rows, 0), values[count++]);
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return count;
}
