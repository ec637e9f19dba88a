/* The two tables as sequences of events: an event a byte, the offer's in the low half, the draft's
 * in the high half. The oracle knows only what has to have happened before. */
#include "fuzz.h"
#include "offers/kind.h"

struct past {
    bool approved;  /* exactly this content */
    bool published; /* the intent to release it stands */
    bool released;
    bool ended;
};

static bool is_decision(enum offer_event event)
{
    return event == OFFER_APPROVE || event == OFFER_REJECT || event == OFFER_REQUEST_CHANGES;
}

static void move_offer(enum offer_state *state, struct past *past, enum offer_event event)
{
    int to = kind_move(&offer_kind, *state, event);
    unsigned movers = kind_movers(&offer_kind, *state, event);
    must((to >= 0) == (movers != 0), "a move has somebody who may make it");
    if (to < 0)
        return;
    must(!past->ended ||
             (event == OFFER_FIND ? !past->released : past->released && movers == ROLE_BOT),
         "no move leads out of an end but what AWS tells");
    must(event != OFFER_PUBLISH || past->approved, "only what is approved is published");
    must(event != OFFER_RELEASE || past->published, "only what is being published is released");
    must(event != OFFER_WITHDRAW || !past->published || *state == OFFER_FAILED,
         "what may be out already is not withdrawn");
    must(event != OFFER_SUBMIT || !past->released, "what the buyer sees is not changed");
    must(event != OFFER_RETRY || past->approved, "only what was approved is tried again");
    must(!is_decision(event) || movers == ROLE_APPROVER, "approvers alone decide");
    must(event < OFFER_REFUSE || event == OFFER_RETRY || movers == ROLE_BOT,
         "people do not do the bot's part");
    if (event == OFFER_SUBMIT)
        past->approved = past->published = false;
    past->approved = past->approved || event == OFFER_APPROVE;
    past->published = past->published || event == OFFER_PUBLISH || event == OFFER_RETRY ||
                      event == OFFER_FIND; /* it was, says AWS */
    past->approved = past->approved || event == OFFER_FIND;
    past->released = past->released || event == OFFER_RELEASE;
    *state = (enum offer_state)to;
    past->ended = kind_ended(&offer_kind, *state);
    must(offer_state_named(offer_state_name(*state)) == to, "a state has a name of its own");
}

struct draft_past {
    bool made, releasing;
};

static void move_draft(enum draft_state *state, struct draft_past *past, enum draft_event event)
{
    int to = draft_move(*state, event);
    if (to < 0)
        return;
    must(*state != DRAFT_RELEASED, "what is released stays so");
    must(event != DRAFT_RELEASE || past->made, "only a draft that AWS has is released");
    must(event != DRAFT_RELEASE_DONE || past->releasing, "only a release ends in one");
    must(event != DRAFT_LEAVE || !past->releasing, "nothing is left that may be going out");
    past->made = event == DRAFT_MADE || event == DRAFT_RELEASE_FAIL;
    past->releasing = event == DRAFT_RELEASE || event == DRAFT_FIND;
    *state = (enum draft_state)to;
    must(draft_state_named(draft_state_name(*state)) == to, "a state has a name of its own");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum offer_state offer = OFFER_DRAFT;
    enum draft_state draft = DRAFT_NONE;
    struct past past = {.approved = false};
    struct draft_past draft_past = {.made = false};
    for (size_t i = 0; i < size; i++) {
        if ((data[i] & 15) < OFFER_EVENTS)
            move_offer(&offer, &past, (enum offer_event)(data[i] & 15));
        if (data[i] >> 4 < DRAFT_EVENTS)
            move_draft(&draft, &draft_past, (enum draft_event)(data[i] >> 4));
    }
    return 0;
}
