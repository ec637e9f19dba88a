#include "rest.h"

#include <sqlite3.h>
#include <stddef.h>

int rest_left(const char *path, bool looks)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *ask = NULL;
    int left = -1;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT (SELECT count(*) FROM effect WHERE not_before < 1 << 62 AND "
                           "type <> 'draft.cancel'"
                           " AND (?1 OR type NOT IN ('agreement.read', 'entity.follow')))"
                           " + (SELECT count(*) FROM pending_action)"
                           " + (SELECT count(*) FROM request"
                           " WHERE state IN ('approved', 'publishing'))"
                           " + (SELECT count(*) FROM draft"
                           " WHERE state IN ('making', 'updating', 'releasing'))",
                           -1, &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_int(ask, 1, looks) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW)
        left = sqlite3_column_int(ask, 0);
    sqlite3_finalize(ask);
    sqlite3_close(db);
    return left;
}
