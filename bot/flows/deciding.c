/* What people decide about a request, once it is known that they may: the rules of design and
 * policy, the move, and what is said to the one who tried. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/people.h"
#include "book/requests.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/card_thread.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/details.h"
#include "flows/homes.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/outsiders.h"
#include "flows/replies.h"
#include "flows/ruling.h"
#include "flows/voting.h"
#include "flows/whispers.h"
#include "mem.h"
#include "offers/kind.h"
#include "offers/rejection.h"
#include "offers/rule.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/card_mentions.h"

/* Has a person moved it on, in this revision? The newest who did. */
static bool moved_by_person(struct turn *turn, const struct request *request, struct move *found)
{
    struct move moves[MAX_MOVES];
    size_t count = history_moves(turn, request->number, 0, moves, MAX_MOVES);
    while (count-- > 0) {
        const struct move *move = &moves[count];
        if (move->who.kind == ACTOR_PERSON && move->revision == request->revision &&
            request_event_moves(move->event) && move->event != EVENT_SUBMIT &&
            move->event != EVENT_TAKE_OVER) {
            *found = *move;
            return true;
        }
    }
    return false;
}

static const char *past_of(enum request_event event)
{
    static const char *const words[EVENTS] = {
        [EVENT_APPROVE] = "already approved",
        [EVENT_REJECT] = "already rejected",
        [EVENT_REQUEST_CHANGES] = "already asked for changes to",
        [EVENT_WITHDRAW] = "withdrew",
        [EVENT_RETRY] = "already retried",
    };
    return event < EVENTS && words[event] != NULL ? words[event] : "already acted on";
}

/* "@Mia already approved CPPO-12. It is now “Publishing”.", or "You already approved …" */
static void say_too_late(struct turn *turn, const struct pending_action *pending,
                         const struct request *request)
{
    struct move move;
    const char *state = kind_label(request->kind, request->state);
    if (moved_by_person(turn, request, &move) && people_same(turn, move.who.id, pending->person))
        reply_undone(turn, pending, "You %s CPPO-%lld. It is now “%s”.", past_of(move.event),
                     (long long)request->number, state);
    else if (moved_by_person(turn, request, &move))
        reply_undone(turn, pending, MENTION_PERSON " %s CPPO-%lld. It is now “%s”.", move.who.id,
                     past_of(move.event), (long long)request->number, state);
    else
        reply_undone(turn, pending, "You can no longer %s CPPO-%lld: it is now “%s”.",
                     pending->what->verb, (long long)request->number, state);
}

/* Says why, and frees it. */
static void say_why(struct turn *turn, const struct pending_action *pending, char *why)
{
    reply_undone(turn, pending, "%s", why);
    free(why);
}

/* True: nobody can approve the request as it stands, and the person was told why. */
static bool refuse_if_hindered(struct turn *turn, const struct pending_action *pending,
                               const struct request *request)
{
    char reviser[PERSON_ID];
    const struct request_kind *kind = request->kind;
    if (pending_actions_revision(turn, request->number, reviser)) {
        reply_undone(turn, pending,
                     "CPPO-%lld is being changed: " MENTION_PERSON
                     " has sent a new revision, which the card "
                     "will show in a moment. Please decide on that one.",
                     (long long)request->number, reviser);
        return true;
    }
    char *why = kind->obstacle != NULL ? kind->obstacle(turn, request) : NULL;
    if (why == NULL)
        why = ruling_obstacle(turn, request);
    if (why == NULL)
        return false;
    say_why(turn, pending, why);
    if (kind->hindered != NULL)
        kind->hindered(turn, request);
    return true;
}

/* Does the button stand for other prices than the approval would now cover? One that showed none,
 * since they were not known yet, stands for no price. */
static bool covers_other(const struct card *card, const struct pending_action *pending)
{
    return strcmp(card->covers, reference_covers(pending->digest)) != 0;
}

/* The rule that applies, or is set aside, however far it has come; on the heap. */
static char *rule_of(struct turn *turn, const struct card *card)
{
    char version[RULE_VERSION];
    struct approval approval = card->approval;
    approval.given = 0;
    for (size_t i = 0; i < approval.open_count; i++)
        approval.open[i].given = 0;
    char *words = approvals_rule(turn, card->request, &approval, NULL, 0);
    if (*card->request->rule == '\0')
        return words;
    rule_version(card->request->rule, version);
    char *whole = text_format("%s, version %s", words, version);
    free(words);
    return whole;
}

/* Whoever decided so before may say something to it now. */
static bool give(struct turn *turn, const struct request *request, const struct ballot *ballot)
{
    bool is_new = votes_give(turn, request, ballot);
    if (!is_new && *ballot->comment != '\0')
        votes_comment(turn, request, ballot);
    return is_new;
}

static bool breaks_glass(const struct pending_action *pending)
{
    return pending->what == &break_glass_action;
}

/* Store what was decided, about what (${card}), and by which rule. False: it was stored already. */
static bool record(struct turn *turn, const struct action *action, const struct card *card,
                   enum request_event verdict)
{
    const struct pending_action *pending = action->pending;
    const struct request *request = card->request;
    const struct approval_step *steps[MAX_STEPS];
    struct approval_rules rules = approvals_rules(turn, request);
    const struct approval_step alone = {.name = APPROVAL_ALONE};
    bool is_new = false;
    assert(request->state == STATE_PENDING && pending->revision == request->revision);
    /* It counts for what it showed. */
    assert(strncmp(pending->digest, request->digest, DIGEST_DIGITS) == 0);
    assert(!people_same(turn, request->requester, pending->person));
    char *saw = card_plain(card);
    char *rule = rule_of(turn, card);
    size_t count = approval_steps_for(&rules, &card->approval, action->person->lists, steps);
    if (breaks_glass(pending)) {
        char *aside = text_format("break-glass, and not: %s", rule);
        free(rule);
        rule = aside;
        steps[0] = &alone;
        count = 1;
    }
    struct ballot ballot = {.verdict = verdict,
                            .person = pending->person,
                            .comment = pending->reason,
                            .code = pending->code,
                            .shown = pending->shown,
                            .saw = saw,
                            .rule = rule};
    for (size_t i = 0; i < count; i++) {
        ballot.step = steps[i]->name;
        is_new |= give(turn, request, &ballot);
    }
    free(saw);
    free(rule);
    return is_new;
}

/* Did they press it on the card, which shows what came of it, or in a form that the card opened? */
static bool on_card(struct turn *turn, const struct pending_action *pending)
{
    return !pending->whispered &&
           strcmp(pending->channel, app_config(turn)->channel_approvals) == 0;
}

/* The result, for those who do not see the card; a modal shows the details as they are now. */
static void say_done(struct turn *turn, const struct pending_action *pending,
                     const struct person *person, const struct request *request)
{
    const struct reply_to to = reply_to_action(pending);
    if (whispers_in_modal(pending->channel))
        details_show(turn, &to, person, request, 0);
    else if (*pending->channel != '\0' && !on_card(turn, pending))
        reply_action(turn, pending, "Done. CPPO-%lld is now “%s”.", (long long)request->number,
                     kind_label(request->kind, request->state));
}

/* Whoever would have been asked is told, and whoever runs the bot. Where people of other
 * organisations read along, the reason is in the details. */
static void tell_all(struct turn *turn, const struct pending_action *pending,
                     const struct request *request)
{
    struct vote votes[MAX_VOTES];
    const char *channel = app_config(turn)->channel_approvals;
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    const char *why = outsiders_read(turn, channel) ? "Details has the reason" : pending->reason;
    char *who = approvals_mention_all(turn, request, votes, count);
    struct text line = {0};
    text_addf(&line,
              "🚨 *Break-glass:* <@%s> approved CPPO-%lld alone in an emergency: ", pending->person,
              (long long)request->number);
    mrkdwn_escape(&line, why);
    text_addf(&line,
              ". It needs nobody else now; Hold and Withdraw still stop it until it is "
              "released. %s",
              who);
    notify_approvers(
        turn, blocks_message(text_get(&line), json_pack("[o]", blocks_section(text_get(&line)))));
    notify_operators(turn,
                     "🚨 Break-glass: " MENTION_PERSON
                     " approved CPPO-%lld alone in an emergency: %s. approvals.break_glass says "
                     "who may.",
                     pending->person, (long long)request->number, pending->reason);
    text_free(&line);
    free(who);
}

static void approve(struct turn *turn, const struct action *action, const struct card *card)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    const struct request_kind *kind = request->kind;
    char place[APPROVAL_PLACE];
    if (refuse_if_hindered(turn, pending, request))
        return;
    if (covers_other(card, pending)) {
        reply_undone(
            turn, pending,
            "What you saw does not show the prices and terms of CPPO-%lld as they are now. "
            "Your approval was not counted; /cppo show CPPO-%lld shows them.",
            (long long)request->number, (long long)request->number);
        cards_show(turn, request->number);
        return;
    }
    bool new_vote = record(turn, action, card, EVENT_APPROVE);
    if (new_vote && kind->voted != NULL)
        kind->voted(turn, request, pending->person);
    struct approval approval = voting_recount(turn, request, pending->person);
    if (!approval.complete) {
        cards_show(turn, request->number);
        if (!new_vote && !pending->whispered)
            return;
        approval_place(&approval, place);
        reply_action(turn, pending, "Your approval of CPPO-%lld is recorded: %d of %d%s.",
                     (long long)request->number, approval.given, approval.step.needed, place);
        if (new_vote) {
            card_thread_mention(turn, request->number, &vote_mention);
            homes_voted(turn, request);
        }
        return;
    }
    if (kind->approving != NULL)
        kind->approving(turn, request);
    char *why = text_format("%s%s", approval.alone ? "break-glass: " : "", pending->reason);
    if (moves_apply(turn, request, EVENT_APPROVE, actor_person(pending->person), why)) {
        if (approval.alone)
            tell_all(turn, pending, request);
        say_done(turn, pending, action->person, request);
    }
    free(why);
}

static void decline(struct turn *turn, const struct action *action, const struct card *card,
                    enum request_event event)
{
    const struct pending_action *pending = action->pending;
    char *why = event == EVENT_REJECT
                    ? rejection_words(rejection_of(pending->code), pending->reason)
                    : mem_copy(pending->reason);
    record(turn, action, card, event);
    if (moves_apply(turn, action->request, event, actor_person(pending->person), why))
        say_done(turn, pending, action->person, action->request);
    free(why);
}

static void decide(struct turn *turn, const struct action *action, enum request_event event)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    if (pending->revision != request->revision) {
        reply_undone(
            turn, pending,
            "CPPO-%lld has changed since: you saw revision %d; it is now at revision %d. Your "
            "click was not counted; please look at it again.",
            (long long)request->number, pending->revision, request->revision);
        cards_show(turn, request->number);
        return;
    }
    if (request->state != STATE_PENDING) {
        /* On the card, a second click by somebody whose approval already counts needs no answer,
         * unless they had something to say. */
        if (event != EVENT_APPROVE || pending->whispered || *pending->reason != '\0' ||
            !voting_has(turn, request, pending->person))
            say_too_late(turn, pending, request);
        cards_show(turn, request->number);
        return;
    }
    struct loaded_card *loaded = cards_load(turn, request->number);
    if (event == EVENT_APPROVE)
        approve(turn, action, cards_view(loaded));
    else
        decline(turn, action, cards_view(loaded), event);
    cards_free(loaded);
}

static void on_approve(struct turn *turn, const struct action *action)
{
    decide(turn, action, EVENT_APPROVE);
}

static void on_reject(struct turn *turn, const struct action *action)
{
    decide(turn, action, EVENT_REJECT);
}

static void on_request_changes(struct turn *turn, const struct action *action)
{
    decide(turn, action, EVENT_REQUEST_CHANGES);
}

static void retry(struct turn *turn, const struct action *action)
{
    struct request *request = action->request;
    const struct request_kind *kind = request->kind;
    char *why =
        kind->retry_obstacle != NULL ? kind->retry_obstacle(turn, request, action->person) : NULL;
    if (why != NULL) {
        say_why(turn, action->pending, why);
        return;
    }
    if (kind->retrying != NULL)
        kind->retrying(turn, request, action->person);
    if (moves_apply(turn, request, EVENT_RETRY, actor_person(action->person->id), ""))
        say_done(turn, action->pending, action->person, request);
}

static void on_retry(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    if (request->state != STATE_FAILED || pending->revision != request->revision)
        say_too_late(turn, pending, request);
    else if (!request->can_retry)
        reply_undone(turn, pending, "Trying CPPO-%lld again will not help. Edit it instead: %s",
                     (long long)request->number, request->problem);
    else
        retry(turn, action);
}

const struct action_type approve_action = {
    .name = "approve",
    .verb = "approve",
    .right = RIGHT_DECIDE,
    .binding = BINDS_SHOWN,
    .approves = true,
    .run = on_approve,
};
const struct action_type break_glass_action = {
    .name = "break_glass",
    .verb = "approve alone",
    .right = RIGHT_BREAK_GLASS,
    .binding = BINDS_SHOWN,
    .run = on_approve,
};
const struct action_type reject_action = {
    .name = "reject",
    .verb = "reject",
    .right = RIGHT_DECIDE,
    .binding = BINDS_SHOWN,
    .run = on_reject,
};
const struct action_type request_changes_action = {
    .name = "request_changes",
    .verb = "request changes to",
    .right = RIGHT_DECIDE,
    .binding = BINDS_SHOWN,
    .run = on_request_changes,
};
const struct action_type retry_action = {
    .name = "retry",
    .verb = "retry",
    .right = RIGHT_RETRY,
    .binding = BINDS_SHOWN,
    .run = on_retry,
};
