/* What was answered already, so that a second delivery gets the same answer and nothing else. */
#include <assert.h>
#include <stdlib.h>

#include "internal.h"
#include "io/store.h"
#include "mem.h"

static const int64_t PRUNE_EVERY_MS = INT64_C(6) * 3600 * 1000;
static const int64_t KEPT_MS = INT64_C(7) * 24 * 3600 * 1000;

enum { MAX_KEYS = 4 /* of a delivery (engine/ports.h) */ };

/* All keys of a delivery, filled up with NULL, which equals none. */
static void pad_keys(const char *const *keys, const char *all[MAX_KEYS])
{
    size_t count = 0;
    for (; keys[count] != NULL; count++) {
        assert(count < MAX_KEYS);
        all[count] = keys[count];
    }
    while (count < MAX_KEYS)
        all[count++] = NULL;
}

/* By the first that is known. One lookup after the other: a list of keys, and an order of what it
 * finds, would be tables that SQLite makes and throws away for each envelope. */
bool inbox_find(struct engine *engine, const char *const *keys, char **answer)
{
    const char *all[MAX_KEYS];
    pad_keys(keys, all);
    struct rows *rows = store_query(
        engine->store,
        "SELECT answer, answer IS NULL FROM inbox WHERE key = ?1 UNION ALL"
        " SELECT answer, answer IS NULL FROM inbox WHERE key = ?2 UNION ALL"
        " SELECT answer, answer IS NULL FROM inbox WHERE key = ?3 UNION ALL"
        " SELECT answer, answer IS NULL FROM inbox WHERE key = ?4 LIMIT 1",
        SQL_ARGS(SQL_TEXT(all[0]), SQL_TEXT(all[1]), SQL_TEXT(all[2]), SQL_TEXT(all[3])));
    if (!rows_next(rows))
        return false;
    *answer = rows_int(rows, 1) ? NULL : mem_copy(rows_text(rows, 0));
    rows_close(rows);
    return true;
}

void inbox_remember(struct turn *turn, const char *const *keys, const char *answer)
{
    const char *all[MAX_KEYS];
    pad_keys(keys, all);
    store_run(turn_writes(turn),
              "INSERT INTO inbox (key, seen_at, answer)"
              " SELECT column1, ?5, ?6 FROM (VALUES (?1), (?2), (?3), (?4))"
              " WHERE column1 IS NOT NULL ON CONFLICT (key) DO NOTHING",
              SQL_ARGS(SQL_TEXT(all[0]), SQL_TEXT(all[1]), SQL_TEXT(all[2]), SQL_TEXT(all[3]),
                       SQL_INT(turn->time), SQL_TEXT(answer)));
}

static void prune(struct turn *turn, int64_t unused)
{
    (void)unused;
    store_run(turn_writes(turn), "DELETE FROM inbox WHERE seen_at < ?",
              SQL_ARGS(SQL_INT(turn->time - KEPT_MS)));
    turn_timer(turn, &inbox_prune, 0, PRUNE_EVERY_MS);
}

const struct timer_type inbox_prune = {.name = "engine.prune", .due = prune};
