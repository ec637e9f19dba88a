#include "flows/requesting.h"

#include <stdlib.h>
#include <string.h>

#include "book/pending_actions.h"
#include "book/people.h"
#include "book/requests.h"
#include "flows/actions.h"
#include "flows/binding.h"
#include "flows/catching_up.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/messages.h"

/* --- what is taken --- */

static struct requested refusal(char *why)
{
    return (struct requested){.kind = REQUEST_REFUSED, .why = why};
}

/* Settled now, or kept until we know whether they may. */
static struct requested now_or_later(struct turn *turn, const struct pending_action *pending,
                                     const char *content)
{
    bool now = actions_now_or_later(turn, pending, content);
    return (struct requested){.kind = now ? REQUEST_TAKEN : REQUEST_LATER};
}

/* Has this form come before, as a revision or as one that still waits? */
static bool was_taken(struct turn *turn, const struct asked *asked, int64_t *number, bool *same)
{
    struct pending_action waiting;
    int revision;
    char *stored;
    if (requests_by_form(turn, asked->id, number, &revision)) {
        stored = requests_content(turn, *number, revision);
    } else if (pending_actions_by_form(turn, asked->id, &waiting)) {
        *number = waiting.request;
        stored = pending_actions_content(turn, waiting.id);
    } else {
        return false;
    }
    *same = stored != NULL && strcmp(stored, asked->content) == 0;
    free(stored);
    return true;
}

/* "with /cppo edit CPPO-12": how it is changed; on the heap. */
static char *way_to_edit(const struct request_kind *kind, int64_t number)
{
    return kind->edit_command != NULL
               ? text_format("with %s CPPO-%lld", kind->edit_command, (long long)number)
               : text_format("with its Edit button");
}

/* The same form again, as after a lost answer: the same content gets the same answer. */
static struct requested again(const struct asked *asked, int64_t number, bool same)
{
    if (same)
        return (struct requested){.kind = REQUEST_TAKEN};
    char *way = way_to_edit(asked->kind, number);
    char *words = text_format("CPPO-%lld was already created from this %s. Change it %s.",
                              (long long)number, asked->by, way);
    free(way);
    return refusal(words);
}

static struct requested add(struct turn *turn, const struct asked *asked)
{
    struct pending_action pending = {.what = &submit_action, .revision = 1};
    struct new_request request = {.kind = asked->kind,
                                  .subject = asked->subject,
                                  .requester = asked->person,
                                  .content = asked->content,
                                  .form = asked->id};
    if (!catching_up_may_number(turn))
        return refusal(
            text_format("I have just been started and am still reading what was here before. "
                        "Nothing you typed is lost: send it again in a moment."));
    bool copies = asked->copied.number != 0;
    if (copies && binding_holds(turn, &asked->copied)) { /* that of another book was another */
        request.copy_of = asked->copied.number;
        request.copy_revision = asked->copied.revision;
    }
    text_fit(pending.person, sizeof(pending.person), asked->person);
    pending.request = requests_add(turn, &request);
    return now_or_later(turn, &pending, NULL);
}

/* Whoever is known not to be allowed is told at once; whoever may be is checked again when it
 * counts. */
static const struct policy_rule *may_not_edit(struct turn *turn, const char *user,
                                              const struct request *request)
{
    struct standing standing;
    rosters_settle(turn, RIGHT_EDIT, user, request, ROSTERS_FRESH_MS, &standing);
    return standing.settled ? standing.why : NULL;
}

char *requesting_closed(const struct request *request)
{
    if (kind_move(request->kind, request->state, EVENT_SUBMIT) >= 0)
        return NULL;
    return text_format("CPPO-%lld can no longer be edited: it is “%s”.", (long long)request->number,
                       kind_label(request->kind, request->state));
}

/* Does the request already say exactly this? */
static bool says_so(struct turn *turn, const struct request *request, const char *content)
{
    char *stored = requests_content(turn, request->number, request->revision);
    bool same = stored != NULL && strcmp(stored, content) == 0;
    free(stored);
    return same;
}

static char *changed_since(const struct asked *asked, const struct request *request)
{
    char *way = way_to_edit(request->kind, request->number);
    char *words = text_format("CPPO-%lld has changed since you opened this %s (it is at revision "
                              "%d). Copy what you need and open it again %s.",
                              (long long)request->number, asked->by, request->revision, way);
    free(way);
    return words;
}

/* Why it cannot take the place of what was shown, on the heap; NULL: it can. */
static char *why_not(struct turn *turn, const struct asked *asked)
{
    struct request request;
    if (!binding_holds(turn, &asked->shown))
        return binding_words(asked->by, &asked->shown);
    if (!requests_get(turn, asked->shown.number, &request) || request.kind != asked->kind)
        return text_format("That %s no longer exists.", asked->kind->words->noun);
    const struct policy_rule *why = may_not_edit(turn, asked->person, &request);
    if (why != NULL)
        return policy_words(why, request.kind->words);
    if (request.revision != asked->shown.revision)
        return changed_since(asked, &request);
    char *closed = requesting_closed(&request);
    if (closed != NULL)
        return closed;
    if (request.state == STATE_PENDING && says_so(turn, &request, asked->content))
        return text_format("CPPO-%lld already says this; nothing was changed.",
                           (long long)request.number);
    return NULL;
}

static struct requested change(struct turn *turn, const struct asked *asked)
{
    struct pending_action pending = {
        .what = &revise_action, .request = asked->shown.number, .revision = asked->shown.revision};
    char *why = why_not(turn, asked);
    if (why != NULL) {
        reply_log_refused(asked->person, revise_action.verb, asked->shown.number, why);
        return refusal(why);
    }
    text_fit(pending.digest, sizeof(pending.digest), asked->shown.digest);
    text_fit(pending.person, sizeof(pending.person), asked->person);
    text_fit(pending.form, sizeof(pending.form), asked->id);
    return now_or_later(turn, &pending, asked->content);
}

bool requesting_seen(struct turn *turn, const struct asked *asked, struct requested *answer)
{
    int64_t number;
    bool same;
    if (!was_taken(turn, asked, &number, &same))
        return false;
    *answer = again(asked, number, same);
    return true;
}

struct requested requesting_take(struct turn *turn, const struct asked *asked)
{
    struct requested answer;
    if (requesting_seen(turn, asked, &answer))
        return answer;
    return asked->shown.number == 0 ? add(turn, asked) : change(turn, asked);
}

/* --- what may be asked for --- */

static void on_submit(struct turn *turn, const struct action *action)
{
    const struct person *person = action->person;
    struct request *request = action->request;
    const struct policy_rule *why = rosters_why(turn, RIGHT_REQUEST, person, true);
    if (request->state != STATE_DRAFT)
        return;
    if (why == NULL) {
        moves_apply(turn, request, EVENT_SUBMIT, actor_person(person->id), "");
        return;
    }
    char *words = rosters_words_new(turn, why, person, request->kind);
    reply_log_refused(person->id, action->pending->what->verb, request->number, words);
    if (moves_apply(turn, request, EVENT_WITHDRAW, actor_bot(), words))
        reply_undone(turn, action->pending, "CPPO-%lld was not sent: %s",
                     (long long)request->number, words);
    free(words);
}

/* What they typed does not count, but is given back to them. */
static void return_change(struct turn *turn, const struct pending_action *pending,
                          const char *content, const char *why)
{
    enum { ROOM = 2500 };
    char changes[ROOM] = "";
    struct request request;
    char *words =
        text_format("Your change of CPPO-%lld was not made: %s", (long long)pending->request, why);
    if (content != NULL && requests_get(turn, pending->request, &request) &&
        request.kind->changes != NULL) {
        char *now = requests_content(turn, request.number, request.revision);
        request.kind->changes(now, content, changes, sizeof(changes));
        free(now);
    }
    notify_person(turn, pending->person,
                  *changes != '\0' ? message_quoting(words, changes) : message_plain(words));
    free(words);
}

/* Why this request cannot be changed now, on the heap; NULL: it can. */
static char *unchangeable(const struct pending_action *pending, const struct request *request)
{
    if (pending->revision != request->revision) {
        char *way = way_to_edit(request->kind, request->number);
        char *words = text_format("it has changed in the meantime and is now at revision %d. Open "
                                  "it again %s.",
                                  request->revision, way);
        free(way);
        return words;
    }
    if (kind_move(request->kind, request->state, EVENT_SUBMIT) < 0)
        return text_format("it is now “%s”.", kind_label(request->kind, request->state));
    return NULL;
}

/* An operator who changes a request becomes its requester, and the former one is told. False: the
 * request has changed meanwhile. */
static bool take_over(struct turn *turn, struct request *request, const char *person)
{
    char before[PERSON_ID];
    if (people_same(turn, request->requester, person))
        return true;
    text_fit(before, sizeof(before), request->requester);
    if (!requests_take_over(turn, request, person))
        return false;
    notify_person(turn, before,
                  message_format(MENTION_PERSON
                                 " has changed CPPO-%lld, which you requested, and taken it "
                                 "over: they get its messages from now on.",
                                 person, (long long)request->number));
    return true;
}

static bool is_readable(const struct request *request, const char *content)
{
    struct request changed = {.number = request->number};
    return content != NULL && request->kind->read(changed.content, content);
}

static void on_revise(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    const struct person *person = action->person;
    const char *content = action->content;
    struct request *request = action->request;
    const struct policy_rule *why = rosters_refusal(turn, RIGHT_EDIT, person, request);
    char *words = why != NULL ? rosters_words(turn, RIGHT_EDIT, why, person, request)
                              : unchangeable(pending, request);
    if (why != NULL)
        reply_log_refused(person->id, pending->what->verb, request->number, words);
    if (words != NULL || !is_readable(request, content))
        return_change(turn, pending, content, words != NULL ? words : "it cannot be read.");
    else if (take_over(turn, request, person->id) &&
             requests_revise(turn, request, content, pending->form))
        moves_apply(turn, request, EVENT_SUBMIT, actor_person(person->id), "");
    free(words);
}

/* We shall never learn whether they may: it ends here, and nothing that was typed is lost. */
static void give_up(struct turn *turn, const struct pending_action *pending, const char *content)
{
    struct request request;
    bool there = requests_get(turn, pending->request, &request);
    char *why = text_format("for a long time Slack has not confirmed whether you may request %s. "
                            "Please send it again when Slack works, or ask an operator of this "
                            "bot.",
                            (there ? request.kind->words : kinds_words())->nouns);
    notify_operators(turn,
                     "%s CPPO-%lld by " MENTION_PERSON
                     " was dropped: Slack could not identify them. "
                     "They have been told.",
                     content != NULL ? "A change to" : "The request", (long long)pending->request,
                     pending->person);
    if (pending->what->typed == TYPED_CHANGE)
        return_change(turn, pending, content, why);
    else if (there && request.state == STATE_DRAFT &&
             moves_apply(turn, &request, EVENT_WITHDRAW, actor_bot(), why))
        reply_undone(turn, pending, "CPPO-%lld was not sent: %s", (long long)request.number, why);
    free(why);
}

bool requesting_withdrawable(struct turn *turn, const struct request *request)
{
    const struct request_kind *kind = request->kind;
    return kind_move(kind, request->state, EVENT_WITHDRAW) >= 0 &&
           (kind->irrevocable == NULL || !kind->irrevocable(turn, request));
}

static void on_withdraw(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    if (pending->revision != 0 && pending->revision != request->revision)
        reply_undone(
            turn, pending,
            "CPPO-%lld has changed since: it is now at revision %d. Nothing was withdrawn.",
            (long long)request->number, request->revision);
    else if (requesting_withdrawable(turn, request) &&
             moves_apply(turn, request, EVENT_WITHDRAW, actor_person(action->person->id), ""))
        reply_action(turn, pending, "CPPO-%lld is withdrawn.", (long long)request->number);
    else
        reply_undone(turn, pending, "CPPO-%lld can no longer be withdrawn: it is “%s”.",
                     (long long)request->number, kind_label(request->kind, request->state));
}

const struct action_type submit_action = {
    .name = "submit",
    .verb = "send in",
    .right = RIGHT_REQUEST,
    .binding = BINDS_NUMBER,
    .typed = TYPED_NEW,
    .run = on_submit,
    .given_up = give_up,
};
const struct action_type revise_action = {
    .name = "revise",
    .verb = "change",
    .right = RIGHT_EDIT,
    .binding = BINDS_SHOWN,
    .typed = TYPED_CHANGE,
    .run = on_revise,
    .given_up = give_up,
};
const struct action_type withdraw_action = {
    .name = "withdraw",
    .verb = "withdraw",
    .right = RIGHT_WITHDRAW,
    .binding = BINDS_BUTTON,
    .own_soon = true,
    .run = on_withdraw,
};
