/* What comes of the rule that a request was given: it is approved by itself, within the limits of
 * the rule; or the rule could not be chosen, and is as soon as what it hangs on is known. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/requests.h"
#include "book/rulings.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/card_thread.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/rosters.h"
#include "flows/ruling.h"
#include "offers/date.h"
#include "offers/kind.h"
#include "offers/rule.h"
#include "text.h"
#include "views/card.h"
#include "views/card_mentions.h"

static const struct timer_type ruling_again_timer;

enum { AGAIN_MS = 60000 };

static bool is_open(const struct request *request)
{
    return request->state == STATE_PENDING && strcmp(request->rule, REQUEST_RULE_OPEN) == 0;
}

/* One of the day's number is used in the turn that gives the approval: two at once never have the
 * same. */
static void approve(struct turn *turn, struct request *request, const struct rule *rule)
{
    char voter[RULE_VOTER];
    char version[RULE_VERSION];
    const struct request_kind *kind = request->kind;
    struct loaded_card *loaded = cards_load(turn, request->number);
    char *saw = card_plain(cards_view(loaded));
    rule_voter(rule->name, voter);
    rule_version(request->rule, version);
    char *why = text_format("by rule “%s”, version %s", rule->name, version);
    votes_give(turn, request,
               &(struct ballot){.verdict = EVENT_APPROVE,
                                .step = cards_view(loaded)->approval.step.name,
                                .person = voter,
                                .comment = "",
                                .code = "",
                                .shown = "",
                                .saw = saw,
                                .rule = why});
    rulings_use(turn, rule->name, request->requester, date_of_ms(turn_now(turn)));
    if (kind->voted != NULL)
        kind->voted(turn, request, voter);
    if (kind->approving != NULL)
        kind->approving(turn, request);
    moves_apply(turn, request, EVENT_PASS, actor_bot(), why);
    free(why);
    free(saw);
    cards_free(loaded);
}

static void go_on(struct turn *turn, struct request *request)
{
    struct rule rule;
    if (request->state == STATE_PENDING && rule_read(&rule, request->rule) && rule.by_itself)
        approve(turn, request, &rule);
}

/* Ask for what is missing, and look again. */
static void ask(struct turn *turn, const struct request *request)
{
    rosters_read_groups(turn);
    if (request->kind->hindered != NULL)
        request->kind->hindered(turn, request);
    turn_timer(turn, &ruling_again_timer, request->number, AGAIN_MS);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    struct request request;
    if (moved->request->state != STATE_PENDING || *moved->request->rule == '\0' ||
        !requests_get(turn, moved->request->number, &request))
        return;
    if (is_open(&request))
        ask(turn, &request);
    else
        go_on(turn, &request);
}

/* Whoever decides now has not been mentioned, where others were. */
static bool choose(struct turn *turn, struct request *request)
{
    ruling_fix(turn, request);
    if (is_open(request))
        return false;
    turn_timer_stop(turn, &ruling_again_timer, request->number);
    cards_show(turn, request->number);
    go_on(turn, request);
    if (request->state == STATE_PENDING)
        card_thread_mention(turn, request->number, &ruled_mention);
    return true;
}

static void on_answer(struct turn *turn)
{
    int64_t number = 0;
    struct request request;
    if (app_config(turn)->rule_count == 0)
        return;
    while ((number = rulings_next_open(turn, number)) != 0) {
        if (requests_get(turn, number, &request) && is_open(&request))
            choose(turn, &request);
    }
}

static void again(struct turn *turn, int64_t number)
{
    struct request request;
    if (requests_get(turn, number, &request) && is_open(&request) && !choose(turn, &request))
        ask(turn, &request);
}

static const struct timer_type ruling_again_timer = {
    .name = "ruling.again", .due = again, .rests = notify_if_unreadable};

const struct flow ruled_flow = {.timers = {&ruling_again_timer},
                                .mentions = {&ruled_mention},
                                .on_move = on_move,
                                .on_answer = on_answer};
