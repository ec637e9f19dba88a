/* What the card's buttons hold, read from the state file of a bot that runs: for those who press
 * them without having seen the card. */
#ifndef TESTS_BUTTON_VALUE_H
#define TESTS_BUTTON_VALUE_H

#include <sqlite3.h>

#include "offers/content.h"
#include "offers/reference.h"
#include "offers/terms.h"

/* An approval covers the prices that the card shows; none while the authorization is unread. */
static inline void button_covers(sqlite3 *db, const struct content *content,
                                 char covers[COVERS_TEXT])
{
    sqlite3_stmt *ask = NULL;
    struct terms authorized = {0};
    struct terms customer;
    covers[0] = '\0';
    if (sqlite3_prepare_v2(db, "SELECT terms FROM authorization WHERE id = ? AND read_at <> 0", -1,
                           &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_text(ask, 1, content->authorization, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(ask) == SQLITE_ROW &&
        terms_parse(&authorized, (const char *)sqlite3_column_text(ask, 0))) {
        terms_mark_up(&authorized, content->markup, &customer);
        terms_covers(&customer, covers);
    }
    sqlite3_finalize(ask);
}

/* Of request ${number} as it is now; without a digest when there is none. */
static inline void button_value(sqlite3 *db, long long number, char value[REFERENCE_TEXT])
{
    struct reference reference = {.number = number, .revision = 1};
    struct content content;
    sqlite3_stmt *ask = NULL;
    if (sqlite3_prepare_v2(db,
                           "SELECT request.revision, content, value FROM request"
                           " JOIN revision ON revision.request = number"
                           "  AND revision.revision = request.revision"
                           " JOIN setting ON name = 'book' WHERE number = ?",
                           -1, &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(ask, 1, number) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW) {
        const char *stored = (const char *)sqlite3_column_text(ask, 1);
        char covers[COVERS_TEXT] = "";
        reference.revision = sqlite3_column_int(ask, 0);
        reference_digest((const char *)sqlite3_column_text(ask, 2), number, reference.revision,
                         stored, reference.digest);
        if (content_parse(&content, stored))
            button_covers(db, &content, covers);
        reference_cover(reference.digest, covers);
    }
    sqlite3_finalize(ask);
    reference_write(&reference, value);
}

#endif
