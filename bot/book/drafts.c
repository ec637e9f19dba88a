#include "book/drafts.h"

#include "book/around.h"
#include "io/store.h"
#include "log.h"
#include "offers/draft.h"

void drafts_get(struct turn *turn, int64_t offer, struct draft *draft)
{
    *draft = around_of(turn, offer)->draft;
}

static void store(struct turn *turn, const struct draft *draft)
{
    store_run(
        around_writes(turn),
        "INSERT INTO draft (offer, state, number, revision, entity, authorization, own_eula,"
        " price_reads, why, empty_reads, polled_since, entity_revision, differing_reads,"
        " prices_read, price_problem, origin, origin_revision, origin_since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (offer) DO UPDATE SET"
        " state = excluded.state, number = excluded.number, revision = excluded.revision,"
        " entity = excluded.entity, authorization = excluded.authorization,"
        " own_eula = excluded.own_eula, price_reads = excluded.price_reads, why = excluded.why,"
        " empty_reads = excluded.empty_reads, polled_since = excluded.polled_since,"
        " entity_revision = excluded.entity_revision, differing_reads = excluded.differing_reads,"
        " prices_read = excluded.prices_read, price_problem = excluded.price_problem,"
        " origin = excluded.origin, origin_revision = excluded.origin_revision,"
        " origin_since = excluded.origin_since",
        SQL_ARGS(SQL_INT(draft->offer), SQL_TEXT(draft_state_name(draft->state)),
                 SQL_INT(draft->number), SQL_INT(draft->revision), SQL_TEXT(draft->entity),
                 SQL_TEXT(draft->authorization), SQL_INT(draft->own_eula),
                 SQL_INT(draft->price_reads), SQL_TEXT(draft->why), SQL_INT(draft->empty_reads),
                 SQL_INT(draft->polled_since), SQL_TEXT(draft->entity_revision),
                 SQL_INT(draft->differing_reads), SQL_INT(draft->prices_read),
                 SQL_TEXT(draft->price_problem), SQL_TEXT(around_origin_name(draft->origin)),
                 SQL_TEXT(draft->origin_revision), SQL_INT(draft->origin_since)));
}

void drafts_put(struct turn *turn, const struct draft *draft)
{
    struct draft stored;
    drafts_get(turn, draft->offer, &stored);
    if (stored.state != draft->state) {
        log_error("draft moved without an event", F_INT("request", draft->offer),
                  F_TEXT("state", draft_state_name(draft->state)),
                  F_TEXT("stored", draft_state_name(stored.state)));
        return;
    }
    if (stored.state != DRAFT_UNREADABLE)
        store(turn, draft);
}

bool drafts_move(struct turn *turn, struct draft *draft, enum draft_event event)
{
    struct draft stored;
    int to = draft_move(draft->state, event);
    drafts_get(turn, draft->offer, &stored);
    if (to < 0 || stored.state != draft->state) {
        log_error("unknown draft move", F_INT("request", draft->offer),
                  F_TEXT("state", draft_state_name(draft->state)),
                  F_TEXT("stored", draft_state_name(stored.state)), F_INT("event", event));
        return false;
    }
    draft->state = (enum draft_state)to;
    store(turn, draft);
    log_info("Marketplace draft moved", F_INT("request", draft->offer),
             F_INT("revision", draft->revision), F_TEXT("to", draft_state_name(draft->state)),
             F_TEXT("entity", draft->entity), F_TEXT("why", draft->why));
    return true;
}
