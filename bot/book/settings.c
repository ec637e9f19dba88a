#include "book/settings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "text.h"

#define NAME_OF(constant, name) [constant] = (name),
static const char *const names[] = {SETTINGS(NAME_OF)};

/* Short ones that are asked for again and again in a turn. */
enum { MAX_CACHED = 4, VALUE = 40 };

struct settings_cache {
    enum setting setting[MAX_CACHED];
    char value[MAX_CACHED][VALUE];
    size_t count;
};

static struct settings_cache *cache_of(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct settings_cache));
}

static void keep(struct settings_cache *cache, enum setting setting, const char *value)
{
    if (cache->count == MAX_CACHED || strlen(value) >= VALUE)
        return;
    cache->setting[cache->count] = setting;
    text_fit(cache->value[cache->count], VALUE, value);
    cache->count++;
}

static void put(struct turn *turn, const char *name, const char *value)
{
    cache_of(turn)->count = 0;
    store_run(turn_writes(turn),
              "INSERT INTO setting (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              SQL_ARGS(SQL_TEXT(name), SQL_TEXT(value)));
}

bool settings_get(struct turn *turn, enum setting setting, char *value, size_t capacity)
{
    struct settings_cache *cache = cache_of(turn);
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->setting[i] == setting) {
            text_fit(value, capacity, cache->value[i]);
            return true;
        }
    }
    struct rows *rows = store_query(turn_reads(turn), "SELECT value FROM setting WHERE name = ?",
                                    SQL_ARGS(SQL_TEXT(names[setting])));
    value[0] = '\0';
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, value, capacity);
    keep(cache, setting, rows_text(rows, 0));
    rows_close(rows);
    return true;
}

bool settings_has(struct turn *turn, enum setting setting)
{
    char text[8];
    return settings_get(turn, setting, text, sizeof(text)) && *text != '\0';
}

void settings_put(struct turn *turn, enum setting setting, const char *value)
{
    put(turn, names[setting], value);
}

bool settings_note(struct turn *turn, enum setting setting, const char *about)
{
    assert(strchr(names[setting], '.') == strrchr(names[setting], '\0') - 1);
    char *name = text_format("%s%s", names[setting], about);
    bool is_new = store_int(turn_reads(turn), "SELECT 1 FROM setting WHERE name = ?",
                            SQL_ARGS(SQL_TEXT(name)), 0) == 0;
    if (is_new)
        put(turn, name, "1");
    free(name);
    return is_new;
}
