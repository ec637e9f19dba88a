#include "book/search_keys.h"

#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "mem.h"

/* Requests from before are read by and by, from the highest down (flows/finding.c). What is listed
 * waits for its turn with its query. */
const char book_schema_search[] =
    "CREATE TABLE search_key ("
    "  key TEXT NOT NULL,"
    "  request INTEGER NOT NULL,"
    "  PRIMARY KEY (key, request)) STRICT, WITHOUT ROWID;"
    "INSERT INTO setting (name, value)"
    "  SELECT 'search.below', max(number) + 1 FROM request WHERE true HAVING count(*) > 0;"
    "ALTER TABLE pending_action ADD COLUMN query TEXT NOT NULL DEFAULT '';"
    "UPDATE pending_action SET query = 'state:pending' WHERE waiting_only = 1;"
    "ALTER TABLE pending_action DROP COLUMN waiting_only;";

/* Lines as a JSON array, on the heap. Nothing in them needs an escape (offers/folded.h). */
static char *array_of(const char *lines)
{
    struct text array = {0};
    text_add(&array, "[");
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");
        text_addf(&array, "%s\"%.*s\"", array.size > 1 ? "," : "", (int)size, lines);
        lines += size + (lines[size] != '\0');
    }
    text_add(&array, "]");
    return text_take(&array);
}

void search_keys_put(struct turn *turn, int64_t request, const char *before, const char *after)
{
    if (strcmp(before, after) == 0)
        return;
    char *gone = array_of(before);
    char *here = array_of(after);
    if (*before != '\0')
        store_run(turn_writes(turn),
                  "DELETE FROM search_key WHERE request = ? AND search_key.key IN"
                  " (SELECT value FROM json_each(?))",
                  SQL_ARGS(SQL_INT(request), SQL_TEXT(gone)));
    store_run(turn_writes(turn),
              "INSERT OR IGNORE INTO search_key (key, request)"
              " SELECT value, ? FROM json_each(?)",
              SQL_ARGS(SQL_INT(request), SQL_TEXT(here)));
    free(gone);
    free(here);
}

/* The first that is not below ${from}, or, with ${beyond}, above it; on the heap, NULL: none. */
static char *next_key(struct turn *turn, const char *from, bool beyond, const char *end)
{
    struct rows *rows =
        beyond ? store_query(turn_reads(turn),
                             "SELECT min(key) FROM search_key WHERE key > ? AND key < ?",
                             SQL_ARGS(SQL_TEXT(from), SQL_TEXT(end)))
               : store_query(turn_reads(turn),
                             "SELECT min(key) FROM search_key WHERE key >= ? AND key < ?",
                             SQL_ARGS(SQL_TEXT(from), SQL_TEXT(end)));
    char *key = NULL;
    while (rows_next(rows))
        key = *rows_text(rows, 0) != '\0' ? mem_copy(rows_text(rows, 0)) : NULL;
    return key;
}

size_t search_keys_like(struct turn *turn, const char *beginning, char **keys, bool *more)
{
    struct text lines = {0};
    size_t count = 0;
    char *end = text_format("%s\xF4\x8F\xBF\xBF", beginning); /* the last character that there is */
    char *key = next_key(turn, beginning, false, end);
    while (key != NULL && count < SEARCH_KEYS) {
        text_addf(&lines, "%s\n", key);
        count++;
        char *next = next_key(turn, key, true, end);
        free(key);
        key = next;
    }
    *more = key != NULL;
    *keys = array_of(text_get(&lines));
    free(key);
    free(end);
    text_free(&lines);
    return count;
}
