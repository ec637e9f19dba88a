/* Lists of requests: one's own, and those that wait for a decision. */
#include <stdlib.h>

#include "answers.h"
#include "flows/actions.h"
#include "flows/listing.h"
#include "json.h"
#include "text.h"
#include "views/messages.h"

/* Shown once we know whether they may see the requests of others. */
static void show_later(struct turn *turn, const struct slack_envelope *from, bool waiting_only)
{
    struct pending_action pending = {.what = &list_action, .waiting_only = waiting_only};
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    text_fit(pending.question, sizeof(pending.question), from->whisper_ts);
    actions_later(turn, &pending, NULL);
}

/* Approvers see what waits for them below their own. */
static struct decision list_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    char *why;
    enum listing reach = listing_for(turn, from->user, &why);
    (void)rest;
    if (reach == LISTING_NONE) {
        json_t *refusal = message_plain(why);
        free(why);
        return answer_message(turn, from, refusal);
    }
    if (reach == LISTING_LATER) {
        show_later(turn, from, false);
        return turn_act_later(turn);
    }
    return answer_text(turn, from, listing_both(turn, from->user, reach == LISTING_ALL));
}

static struct decision my_offers_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    answer_click(turn, from, json_read(listing_own(turn, from->user)));
    return turn_answer(turn, NULL);
}

static struct decision pending_offers_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    char *why;
    enum listing reach = listing_for(turn, from->user, &why);
    if (reach == LISTING_LATER)
        show_later(turn, from, true);
    else if (why != NULL)
        answer_click(turn, from, message_plain(why));
    else
        answer_click(turn, from,
                     json_read(listing_waiting(turn, from->user, reach == LISTING_ALL)));
    free(why);
    return turn_answer(turn, NULL);
}

const struct entry list_entry = {
    .usage = {"list", "", "your {nouns}, and those waiting for a decision"},
    .run = list_command,
    .routes =
        {
            {"action:my_offers", my_offers_click},
            {"action:pending_offers", pending_offers_click},
        },
};
