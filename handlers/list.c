/* Lists of offers: one's own, and those that wait for a decision. */
#include <stdlib.h>

#include "book/offers.h"
#include "common.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "mem.h"
#include "views/messages.h"

enum { MOST_LISTED = 20 };

static json_t *list(struct turn *turn, const char *heading, const char *requester, unsigned states)
{
    int64_t total;
    struct offer *offers = mem_new(MOST_LISTED, sizeof(*offers));
    size_t count = offers_list(turn, requester, states, offers, MOST_LISTED, &total);
    for (size_t i = 0; i < count; i++)
        notify_unreadable(turn, &offers[i]);
    json_t *whole = message_list(heading, offers, count, total);
    free(offers);
    return whole;
}

static json_t *pending(struct turn *turn, const char *user)
{
    struct person person;
    person_of(turn, user, &person);
    bool all = person.in_approvers || person.in_operators;
    return list(turn, all ? "Waiting for approval" : "Yours, waiting for approval",
                all ? NULL : user, 1U << OFFER_PENDING);
}

/* Approvers see what waits for them below their own. */
struct decision list_command(struct turn *turn, const struct slack_envelope *from, const char *rest)
{
    struct person person;
    (void)rest;
    person_of(turn, from->user, &person);
    json_t *whole = list(turn, "Your offers", from->user, ~0U);
    if (person.in_approvers || person.in_operators) {
        json_t *waiting = pending(turn, from->user);
        json_array_extend(json_object_get(whole, "blocks"), json_object_get(waiting, "blocks"));
        json_decref(waiting);
    }
    return answer_message(turn, from, whole);
}

struct decision my_offers_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    answer_click(turn, from, list(turn, "Your offers", from->user, ~0U));
    return turn_answer(turn, NULL);
}

struct decision pending_offers_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    answer_click(turn, from, pending(turn, from->user));
    return turn_answer(turn, NULL);
}
