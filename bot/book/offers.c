#include "book/offers.h"

#include <assert.h>
#include <stdlib.h>

#include "book/people.h"
#include "io/store.h"
#include "offers/claim.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"

bool offers_get(struct turn *turn, int64_t number, struct request *offer)
{
    return requests_get(turn, number, offer) && kind_is(offer->kind, KIND_OFFER);
}

bool offers_revision(struct turn *turn, int64_t number, int revision, struct content *content)
{
    char *stored = requests_content(turn, number, revision);
    bool good = stored != NULL && content_parse(content, stored);
    free(stored);
    return good;
}

bool offers_adopt(struct turn *turn, struct request *offer, int revision,
                  const struct content *content, const char *form_id)
{
    char *canonical = content_write(content);
    bool done = requests_adopt(turn, offer, revision, canonical, form_id);
    free(canonical);
    return done;
}

bool offers_next(struct turn *turn, unsigned states, int64_t after, struct request *offer)
{
    while (requests_next(turn, states, after, offer)) {
        if (kind_is(offer->kind, KIND_OFFER))
            return true;
        after = offer->number;
    }
    return false;
}

size_t offers_times(struct turn *turn, int64_t *took, size_t capacity)
{
    size_t count = 0;
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT done.at - (SELECT max(began.at) FROM move AS began"
                    "  WHERE began.request = done.request AND began.step < done.step"
                    "  AND +began.event IN ('approve', 'continue', 'due'))"
                    " FROM move AS done WHERE done.event = 'release' ORDER BY done.at DESC LIMIT ?",
                    SQL_ARGS(SQL_INT(capacity)));
    while (rows_next(rows))
        took[count++] = rows_int(rows, 0);
    return count;
}

/* --- single-use authorizations --- */

int64_t offers_claimed(struct turn *turn, const char *authorization)
{
    return store_int(turn_reads(turn), "SELECT offer FROM claim WHERE authorization = ?",
                     SQL_ARGS(SQL_TEXT(authorization)), 0);
}

void offers_claim(struct turn *turn, const char *authorization, int64_t number)
{
    assert(number > 0); /* an offer without a number claims nothing */
    offers_unclaim(turn, number);
    store_run(turn_writes(turn),
              "INSERT INTO claim (authorization, offer) VALUES (?, ?)"
              " ON CONFLICT (authorization) DO NOTHING",
              SQL_ARGS(SQL_TEXT(authorization), SQL_INT(number)));
}

void offers_claim_over(struct turn *turn, const char *authorization, int64_t number)
{
    store_run(turn_writes(turn), "DELETE FROM claim WHERE authorization = ?",
              SQL_ARGS(SQL_TEXT(authorization)));
    offers_claim(turn, authorization, number);
}

void offers_unclaim(struct turn *turn, int64_t number)
{
    store_run(turn_writes(turn), "DELETE FROM claim WHERE offer = ?", SQL_ARGS(SQL_INT(number)));
}

void offers_own_use(struct turn *turn, int64_t number, struct authorization *authorization)
{
    if (authorization->single_use)
        claim_own(authorization, offers_claimed(turn, authorization->id), number);
}

void offers_last_authorization(struct turn *turn, const char *requester, char id[AUTHORIZATION_ID])
{
    struct request offer;
    char ids[PERSON_IDS][PERSON_ID];
    int64_t number = 0;
    for (size_t i = people_ids(turn, requester, ids); i > 0; i--) {
        int64_t one = store_int(turn_reads(turn),
                                "SELECT max(number) FROM request"
                                " WHERE requester = ? AND kind = 'offer'",
                                SQL_ARGS(SQL_TEXT(ids[i - 1])), 0);
        number = one > number ? one : number;
    }
    id[0] = '\0';
    if (offers_get(turn, number, &offer))
        text_fit(id, AUTHORIZATION_ID, offer_content(&offer)->authorization);
}

bool offers_bought(struct turn *turn, const char *account)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM buyer JOIN request ON number = buyer.request"
                     " WHERE account = ? AND published_at > 0)",
                     SQL_ARGS(SQL_TEXT(account)), 0) != 0;
}
