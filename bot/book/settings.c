#include "book/settings.h"

#include "io/store.h"

bool settings_get(struct turn *turn, const char *name, char *value, size_t room)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT value FROM setting WHERE name = ?", ARGS(TEXT(name)));
    value[0] = '\0';
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, value, room);
    rows_close(rows);
    return true;
}

void settings_put(struct turn *turn, const char *name, const char *value)
{
    store_run(turn_writes(turn),
              "INSERT INTO setting (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              ARGS(TEXT(name), TEXT(value)));
}
