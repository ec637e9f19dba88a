#include "book/seen.h"

#include <stdlib.h>

#include "io/store.h"

void seen_put(struct turn *turn, int64_t offer, int revision, const char *person, const char *terms)
{
    store_run(turn_writes(turn),
              "INSERT INTO seen (offer, revision, person, terms) VALUES (?, ?, ?, ?)"
              " ON CONFLICT (offer, revision, person) DO UPDATE SET terms = excluded.terms",
              SQL_ARGS(SQL_INT(offer), SQL_INT(revision), SQL_TEXT(person), SQL_TEXT(terms)));
}

static bool same(const char *stored, const struct terms *now)
{
    struct terms then;
    if (!terms_parse(&then, stored))
        return false;
    char *money = terms_differences(now, &then);
    char *legal = terms_legal_differences(now, &then, NULL);
    bool equal = money == NULL && legal == NULL;
    free(money);
    free(legal);
    return equal;
}

bool seen_same(struct turn *turn, int64_t offer, int revision, const struct terms *now)
{
    bool equal = true;
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT DISTINCT terms FROM seen WHERE offer = ?"
                                    " AND revision = ? AND EXISTS (SELECT 1 FROM vote"
                                    " WHERE vote.request = seen.offer"
                                    " AND vote.revision = seen.revision"
                                    " AND vote.person = seen.person"
                                    " AND verdict = 'approve' AND lost = '')",
                                    SQL_ARGS(SQL_INT(offer), SQL_INT(revision)));
    while (rows_next(rows))
        equal = same(rows_text(rows, 0), now) && equal;
    return equal;
}
