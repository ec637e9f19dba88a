#include "book/settings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "text.h"

#define NAME_OF(constant, name) [constant] = (name),
static const char *const names[] = {SETTINGS(NAME_OF)};

/* Short ones that are asked for again and again in a turn. */
enum { MAX_KEPT = 4, VALUE = 40 };

struct kept_settings {
    enum setting setting[MAX_KEPT];
    char value[MAX_KEPT][VALUE];
    size_t count;
};

static struct kept_settings *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_settings));
}

static void keep(struct kept_settings *known, enum setting setting, const char *value)
{
    if (known->count == MAX_KEPT || strlen(value) >= VALUE)
        return;
    known->setting[known->count] = setting;
    text_fit(known->value[known->count], VALUE, value);
    known->count++;
}

static void put(struct turn *turn, const char *name, const char *value)
{
    kept(turn)->count = 0;
    store_run(turn_writes(turn),
              "INSERT INTO setting (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              SQL_ARGS(SQL_TEXT(name), SQL_TEXT(value)));
}

bool settings_get(struct turn *turn, enum setting setting, char *value, size_t capacity)
{
    struct kept_settings *known = kept(turn);
    for (size_t i = 0; i < known->count; i++) {
        if (known->setting[i] == setting) {
            text_fit(value, capacity, known->value[i]);
            return true;
        }
    }
    struct rows *rows = store_query(turn_reads(turn), "SELECT value FROM setting WHERE name = ?",
                                    SQL_ARGS(SQL_TEXT(names[setting])));
    value[0] = '\0';
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, value, capacity);
    keep(known, setting, rows_text(rows, 0));
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
