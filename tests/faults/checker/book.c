/* The state file as the judge reads it: whole tables, as JSON. */
#include <sqlite3.h>
#include <string.h>

#include "check.h"

static json_t *value_of(sqlite3_stmt *ask, int column)
{
    if (sqlite3_column_type(ask, column) == SQLITE_INTEGER)
        return json_integer(sqlite3_column_int64(ask, column));
    const char *text = (const char *)sqlite3_column_text(ask, column);
    return json_string(text != NULL ? text : "");
}

static json_t *row_of(sqlite3_stmt *ask)
{
    json_t *row = json_object();
    for (int i = 0; i < sqlite3_column_count(ask); i++)
        json_object_set_new(row, sqlite3_column_name(ask, i), value_of(ask, i));
    return row;
}

static json_t *table(sqlite3 *db, const char *sql, json_t *damage)
{
    json_t *rows = json_array();
    sqlite3_stmt *ask = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &ask, NULL);
    while (code == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW)
        json_array_append_new(rows, row_of(ask));
    if (sqlite3_finalize(ask) != SQLITE_OK || code != SQLITE_OK)
        json_array_append_new(damage, json_string(sqlite3_errmsg(db)));
    return rows;
}

static void examine(sqlite3 *db, json_t *damage)
{
    json_t *verdict = table(db, "PRAGMA integrity_check", damage);
    json_t *orphans = table(db, "PRAGMA foreign_key_check", damage);
    size_t i;
    json_t *row;
    json_array_foreach(verdict, i, row)
    {
        if (strcmp(text_of(row, "integrity_check"), "ok") != 0)
            json_array_append(damage, json_object_get(row, "integrity_check"));
    }
    if (json_array_size(orphans) > 0)
        json_array_append_new(damage, json_string("a row refers to one that is not there"));
    json_decref(verdict);
    json_decref(orphans);
}

json_t *book_read(const char *path)
{
    static const char *const tables[][2] = {
        {"offer", "SELECT number, revision, state, requester FROM request ORDER BY number"},
        {"move",
         "SELECT request AS offer, step, at, who, event, from_state, to_state, revision FROM move"
         " ORDER BY request, step"},
        {"vote", "SELECT request AS offer, revision, person, verdict, at FROM vote"},
        {"revision", "SELECT request AS offer, revision, content, form FROM revision"},
        {"draft", "SELECT offer, state, entity FROM draft"},
        {"change_set", "SELECT offer, purpose, state FROM change_set"},
        {"effect", "SELECT type, kind, state, not_before FROM effect"},
        {"pending_action", "SELECT request AS offer, person FROM pending_action"},
    };
    sqlite3 *db = NULL;
    json_t *damage = json_array();
    json_t *book = json_pack("{s:o}", "damage", damage);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        json_array_append_new(damage, json_string(sqlite3_errmsg(db)));
    else
        examine(db, damage);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        json_object_set_new(book, tables[i][0], table(db, tables[i][1], damage));
    sqlite3_close(db);
    return book;
}
