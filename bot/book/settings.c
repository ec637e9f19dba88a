#include "book/settings.h"

#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "text.h"

#define NAME_OF(constant, name) [constant] = (name),
static const char *const names[] = {SETTINGS(NAME_OF)};

/* Short ones, asked for again and again in a turn. */
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

/* A row with its value, for the caller to close; NULL: nothing is stored by this name. */
static struct rows *find(struct turn *turn, const char *name)
{
    struct rows *rows = store_query(turn_reads(turn), "SELECT value FROM setting WHERE name = ?",
                                    SQL_ARGS(SQL_TEXT(name)));
    return rows_next(rows) ? rows : NULL;
}

static bool has_value(struct turn *turn, const char *name, const char *value)
{
    struct rows *rows = find(turn, name);
    bool same = rows != NULL && strcmp(rows_text(rows, 0), value) == 0;
    if (rows != NULL)
        rows_close(rows);
    return same;
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
    struct rows *rows = find(turn, names[setting]);
    text_fit(value, capacity, rows != NULL ? rows_text(rows, 0) : "");
    if (rows == NULL)
        return false;
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

static bool is_many(enum setting setting)
{
    const char *dot = strrchr(names[setting], '.');
    return dot != NULL && dot[1] == '\0';
}

/* The name that it is stored under; on the heap. */
static char *name_of(enum setting setting, const char *about)
{
    return text_format("%s%s", names[setting], is_many(setting) ? about : "");
}

static const char *value_of(enum setting setting, const char *about)
{
    return is_many(setting) ? "1" : about;
}

bool settings_noted(struct turn *turn, enum setting setting, const char *about)
{
    char *name = name_of(setting, about);
    bool noted = has_value(turn, name, value_of(setting, about));
    free(name);
    return noted;
}

bool settings_note(struct turn *turn, enum setting setting, const char *about)
{
    const char *value = value_of(setting, about);
    char *name = name_of(setting, about);
    bool is_new = !has_value(turn, name, value);
    if (is_new)
        put(turn, name, value);
    free(name);
    return is_new;
}

void settings_forget(struct turn *turn, enum setting setting, const char *about)
{
    char *name = name_of(setting, about);
    struct rows *rows = find(turn, name);
    bool known = rows != NULL && *rows_text(rows, 0) != '\0';
    if (rows != NULL)
        rows_close(rows);
    if (known)
        put(turn, name, "");
    free(name);
}
