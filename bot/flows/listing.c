#include "flows/listing.h"

#include <stdlib.h>

#include "book/requests_list.h"
#include "book/threads.h"
#include "flows/app_context.h"
#include "flows/lists.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "json.h"
#include "mem.h"
#include "offers/kind.h"
#include "text.h"
#include "views/list_view.h"
#include "views/messages.h"

/* In one message of 50 blocks; where the reader may decide, a request takes two. */
enum { MAX_LISTED = LIST_VIEW_ROWS, MAX_BELOW = 10 };

static bool sees_cards(const struct turn *turn, const struct person *person)
{
    struct policy policy = app_policy(turn);
    return policy_sees_cards(&policy, person);
}

/* What is asked for: ${requester}: NULL for everybody's; ${empty} is said when there is none. */
struct selection {
    const char *heading, *empty;
    const char *requester;
    unsigned states;
    size_t max;
};

/* Below those that ${json} holds already; the first one gives the message its words. */
static void add_list(struct turn *turn, const char *user, const struct selection *selection,
                     struct text *json)
{
    int64_t total;
    struct person reader;
    struct request *requests = mem_block(selection->max * sizeof(*requests)); /* filled below */
    struct listed entries[MAX_LISTED];
    char urls[MAX_LISTED][PERMALINK];
    size_t count = requests_list(turn, selection->requester, selection->states, requests,
                                 selection->max, &total);
    lists_known_person(turn, user, &reader);
    bool cards = sees_cards(turn, &reader);
    for (size_t i = 0; i < count; i++) {
        notify_unreadable(turn, &requests[i]);
        urls[i][0] = '\0';
        if (cards)
            threads_card(turn, requests[i].number, urls[i]);
        entries[i] = (struct listed){
            .request = &requests[i],
            .permalink = urls[i],
            .decide = requests[i].state == STATE_PENDING &&
                      rosters_may(turn, RIGHT_DECIDE, &reader, &requests[i]),
        };
    }
    if (json->size == 0)
        list_view_begin(json, selection->heading, total);
    list_view_add(json, selection->heading, selection->empty, entries, count, total);
    free(requests);
}

static void add_own(struct turn *turn, const char *user, struct text *json)
{
    const char *nouns = kinds_words()->nouns;
    char *heading = text_format("Your %s", nouns);
    char *empty = text_format("No %s yet. Create one with `/cppo new`.", nouns);
    add_list(turn, user, &(struct selection){heading, empty, user, ~0U, MAX_LISTED}, json);
    free(heading);
    free(empty);
}

static void add_waiting(struct turn *turn, const char *user, bool all, size_t max,
                        struct text *json)
{
    const struct selection selection = {
        .heading = all ? "Waiting for approval" : "Yours, waiting for approval",
        .empty = "Nothing is waiting for approval.",
        .requester = all ? NULL : user,
        .states = 1U << STATE_PENDING,
        .max = max,
    };
    add_list(turn, user, &selection, json);
}

char *listing_own(struct turn *turn, const char *user)
{
    struct text json = {0};
    add_own(turn, user, &json);
    return list_view_end(&json);
}

char *listing_waiting(struct turn *turn, const char *user, bool all)
{
    struct text json = {0};
    add_waiting(turn, user, all, MAX_LISTED, &json);
    return list_view_end(&json);
}

char *listing_both(struct turn *turn, const char *user, bool all)
{
    struct text json = {0};
    add_own(turn, user, &json);
    if (all)
        add_waiting(turn, user, true, MAX_BELOW, &json);
    return list_view_end(&json);
}

enum listing listing_for(struct turn *turn, const char *user, char **why)
{
    struct standing standing;
    *why = NULL;
    rosters_settle(turn, RIGHT_SEE, user, NULL, ROSTERS_KNOWN_MS, &standing);
    const struct policy_rule *own = rosters_why(turn, RIGHT_SEE, &standing.person, true);
    if (standing.settled && standing.why == NULL)
        return LISTING_ALL;
    if (standing.settled && own == NULL)
        return LISTING_OWN;
    if (standing.settled) {
        *why = rosters_words(turn, RIGHT_SEE, own, &standing.person, NULL);
        reply_log_refused(user, list_action.verb, 0, *why);
        return LISTING_NONE;
    }
    /* They were on no list when it was read last: they see their own at once, and more the next
     * time. */
    struct person last;
    lists_known_person(turn, user, &last);
    bool listed = sees_cards(turn, &last);
    if (!standing.hopeless)
        rosters_ask(turn, user, NULL, &standing);
    return !listed && (own == NULL || !last.known) ? LISTING_OWN : LISTING_LATER;
}

int64_t listing_count(struct turn *turn, const char *user, bool *own)
{
    struct person person;
    lists_known_person(turn, user, &person);
    bool listed = sees_cards(turn, &person);
    *own = person.known ? rosters_why(turn, RIGHT_SEE, &person, false) != NULL : !listed;
    return requests_count(turn, *own ? user : NULL, 1U << STATE_PENDING);
}

/* What waits; alone, where its button was pressed. */
static void on_list(struct turn *turn, const struct action *action)
{
    const struct person *person = action->person;
    const struct reply_to to = reply_to_action(action->pending);
    bool alone = action->pending->waiting_only;
    bool all = rosters_why(turn, RIGHT_SEE, person, false) == NULL;
    const struct policy_rule *why = rosters_why(turn, RIGHT_SEE, person, true);
    char *words = why != NULL ? rosters_words(turn, RIGHT_SEE, why, person, NULL) : NULL;
    json_t *answer = words != NULL ? message_plain(words)
                     : alone       ? json_read(listing_waiting(turn, to.person, all))
                                   : json_read(listing_both(turn, to.person, all));
    if (words != NULL)
        reply_log_refused(to.person, list_action.verb, 0, words);
    reply_message(turn, &to, answer);
    free(words);
}

/* The requests of others that wait for a decision. */
const struct action_type list_action = {
    .name = "list",
    .verb = "list",
    .right = RIGHT_SEE,
    .binding = BINDS_NOTHING,
    .run = on_list,
};
