#include "flows/listing.h"

#include <stdlib.h>

#include "book/offers.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "flows/rosters.h"
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

json_t *listing_own(struct turn *turn, const char *user)
{
    return list(turn, "Your offers", user, ~0U);
}

json_t *listing_waiting(struct turn *turn, const char *user, bool all)
{
    return list(turn, all ? "Waiting for approval" : "Yours, waiting for approval",
                all ? NULL : user, 1U << OFFER_PENDING);
}

json_t *listing_both(struct turn *turn, const char *user, bool all)
{
    json_t *whole = listing_own(turn, user);
    if (!all)
        return whole;
    json_t *waiting = listing_waiting(turn, user, true);
    json_array_extend(json_object_get(whole, "blocks"), json_object_get(waiting, "blocks"));
    json_decref(waiting);
    return whole;
}

enum listing listing_for(struct turn *turn, const char *user, char **why)
{
    struct standing standing;
    *why = NULL;
    rosters_judge(turn, RIGHT_SEE, user, NULL, ROSTERS_KNOWN_MS, &standing);
    const char *own = rosters_why(turn, RIGHT_SEE, &standing.person, true);
    if (standing.settled && standing.why == NULL)
        return LISTING_ALL;
    if (standing.settled && own == NULL)
        return LISTING_OWN;
    if (standing.settled) {
        *why = rosters_words(turn, RIGHT_SEE, own, &standing.person, NULL);
        return LISTING_NONE;
    }
    /* On no list as it was read last: they see theirs at once, and more at the next try. */
    struct person last;
    person_of(turn, user, &last);
    bool listed = last.in_approvers || last.in_operators;
    if (!standing.hopeless)
        rosters_ask(turn, user, NULL, &standing);
    return !listed && (own == NULL || !last.known) ? LISTING_OWN : LISTING_LATER;
}

int64_t listing_count(struct turn *turn, const char *user, bool *own)
{
    struct person person;
    person_of(turn, user, &person);
    bool listed = person.in_approvers || person.in_operators;
    *own = person.known ? rosters_why(turn, RIGHT_SEE, &person, false) != NULL : !listed;
    return offers_count(turn, *own ? user : NULL, 1U << OFFER_PENDING);
}

void listing_show(struct turn *turn, const struct judgement *judgement, const struct person *person)
{
    bool all = rosters_why(turn, RIGHT_SEE, person, false) == NULL;
    const char *why = rosters_why(turn, RIGHT_SEE, person, true);
    char *words = why != NULL ? rosters_words(turn, RIGHT_SEE, why, person, NULL) : NULL;
    bool pressed = judgement->revision != 0; /* the button for what waits, alone */
    json_t *answer = words != NULL ? message_plain(words)
                     : pressed     ? listing_waiting(turn, judgement->person, all)
                                   : listing_both(turn, judgement->person, all);
    (pressed ? notify_replace : notify_whisper)(turn, judgement->channel, judgement->person,
                                                answer);
    free(words);
}
