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

static bool is_decision(enum request_event event)
{
    return event == EVENT_APPROVE || event == EVENT_REJECT || event == EVENT_REQUEST_CHANGES;
}

static void move_offer(enum request_state *state, struct past *past, enum request_event event)
{
    int to = kind_move(&offer_kind, *state, event);
    unsigned movers = kind_movers(&offer_kind, *state, event);
    must((to >= 0) == (movers != 0), "a move has somebody who may make it");
    if (to < 0)
        return;
    must(!past->ended ||
             (event == EVENT_FIND ? !past->released : past->released && movers == ROLE_BOT),
         "no move leads out of an end but what AWS tells");
    must(event != EVENT_PUBLISH || past->approved, "only what is approved is published");
    must(event != EVENT_RELEASE || past->published, "only what is being published is released");
    must(event != EVENT_WITHDRAW || !past->published || *state == STATE_FAILED,
         "what may be out already is not withdrawn");
    must(event != EVENT_SUBMIT || !past->released, "what the buyer sees is not changed");
    must(event != EVENT_RETRY || past->approved, "only what was approved is tried again");
    must(!is_decision(event) || movers == ROLE_APPROVER, "approvers alone decide");
    must(event < EVENT_REFUSE || event == EVENT_RETRY || movers == ROLE_BOT,
         "people do not do the bot's part");
    if (event == EVENT_SUBMIT)
        past->approved = past->published = false;
    past->approved = past->approved || event == EVENT_APPROVE;
    past->published = past->published || event == EVENT_PUBLISH || event == EVENT_RETRY ||
                      event == EVENT_FIND; /* it was, says AWS */
    past->approved = past->approved || event == EVENT_FIND;
    past->released = past->released || event == EVENT_RELEASE;
    *state = (enum request_state)to;
    past->ended = kind_ended(&offer_kind, *state);
    must(request_state_named(request_state_name(*state)) == to, "a state has a name of its own");
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
    must(event != DRAFT_ABANDON || !past->releasing, "nothing is left that may be going out");
    past->made = event == DRAFT_MADE || event == DRAFT_RELEASE_FAIL;
    past->releasing = event == DRAFT_RELEASE || event == DRAFT_FIND;
    *state = (enum draft_state)to;
    must(draft_state_named(draft_state_name(*state)) == to, "a state has a name of its own");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum request_state offer = STATE_DRAFT;
    enum draft_state draft = DRAFT_NONE;
    struct past past = {.approved = false};
    struct draft_past draft_past = {.made = false};
    for (size_t i = 0; i < size; i++) {
        if ((data[i] & 15) < EVENTS)
            move_offer(&offer, &past, (enum request_event)(data[i] & 15));
        if (data[i] >> 4 < DRAFT_EVENTS)
            move_draft(&draft, &draft_past, (enum draft_event)(data[i] >> 4));
    }
    return 0;
}
