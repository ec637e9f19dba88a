#include "book/settings.h"

#include <string.h>

#include "io/store.h"
#include "text.h"

/* Short ones that are asked for again and again in a turn. */
enum { MAX_CACHED = 4, NAME = 24, VALUE = 40 };

struct settings_cache {
    char name[MAX_CACHED][NAME];
    char value[MAX_CACHED][VALUE];
    size_t count;
};

static struct settings_cache *cache_of(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct settings_cache));
}

static void keep(struct settings_cache *cache, const char *name, const char *value)
{
    if (cache->count == MAX_CACHED || strlen(name) >= NAME || strlen(value) >= VALUE)
        return;
    text_fit(cache->name[cache->count], NAME, name);
    text_fit(cache->value[cache->count], VALUE, value);
    cache->count++;
}

bool settings_get(struct turn *turn, const char *name, char *value, size_t capacity)
{
    struct settings_cache *cache = cache_of(turn);
    for (size_t i = 0; i < cache->count; i++) {
        if (strcmp(cache->name[i], name) == 0) {
            text_fit(value, capacity, cache->value[i]);
            return true;
        }
    }
    struct rows *rows = store_query(turn_reads(turn), "SELECT value FROM setting WHERE name = ?",
                                    SQL_ARGS(SQL_TEXT(name)));
    value[0] = '\0';
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, value, capacity);
    keep(cache, name, rows_text(rows, 0));
    rows_close(rows);
    return true;
}

bool settings_has(struct turn *turn, const char *name)
{
    char text[8];
    return settings_get(turn, name, text, sizeof(text)) && *text != '\0';
}

void settings_put(struct turn *turn, const char *name, const char *value)
{
    cache_of(turn)->count = 0;
    store_run(turn_writes(turn),
              "INSERT INTO setting (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              SQL_ARGS(SQL_TEXT(name), SQL_TEXT(value)));
}
