#include "flows/requesting.h"

#include <stdlib.h>

#include "book/authorizations.h"
#include "book/judgements.h"
#include "book/offers.h"
#include "book/people.h"
#include "flows/binding.h"
#include "flows/catching_up.h"
#include "flows/claims.h"
#include "flows/house.h"
#include "flows/judging.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "flows/syncing.h"
#include "mem.h"
#include "offers/claim.h"
#include "offers/date.h"
#include "text.h"
#include "views/messages.h"

/* --- what is taken ------------------------------------------------------------------------ */

static struct requested refused(char *why)
{
    return (struct requested){.kind = REQUEST_REFUSED, .why = why};
}

/* Judge it now or later. */
static struct requested judge(struct turn *turn, const struct judgement *judgement,
                              const struct content *content)
{
    bool now = judging_now_or_later(turn, judgement, content);
    return (struct requested){.kind = now ? REQUEST_TAKEN : REQUEST_LATER};
}

/* Did it come before: as a revision, or one that waits to be judged? */
static bool was_taken(struct turn *turn, const char *id, const struct content *content,
                      int64_t *number, bool *same)
{
    struct judgement waiting;
    struct content stored;
    int revision;
    if (offers_by_form(turn, id, number, &revision)) {
        *same = offers_revision(turn, *number, revision, &stored) && content_same(&stored, content);
        return true;
    }
    if (!judgements_by_form(turn, id, &waiting))
        return false;
    *number = waiting.offer;
    *same = judgements_content(turn, waiting.id, &stored) && content_same(&stored, content);
    return true;
}

/* The same again, as after a lost answer: with the same content it has the same answer. */
static struct requested again(const struct request *request, int64_t number, bool same)
{
    if (same)
        return (struct requested){.kind = REQUEST_TAKEN};
    return refused(text_format("CPPO-%lld was already made from this %s. Change it with /cppo "
                               "edit CPPO-%lld.",
                               (long long)number, request->by, (long long)number));
}

static struct requested add(struct turn *turn, const struct request *request,
                            const struct content *content)
{
    struct judgement judgement = {.what = JUDGE_SUBMIT, .revision = 1};
    if (!catching_up_may_number(turn))
        return refused(
            text_format("I have just been started and am still reading what was here before. "
                        "Nothing you typed is lost: send it again in a moment."));
    text_fit(judgement.person, sizeof(judgement.person), request->person);
    judgement.offer = offers_add(turn, request->person, content, request->id);
    return judge(turn, &judgement, NULL);
}

/* Known already to be none who may: then it is said at once. Who may is judged again by what is
 * known when it counts. */
static const char *may_not_edit(struct turn *turn, const char *user, const struct offer *offer)
{
    struct standing standing;
    rosters_judge(turn, RIGHT_EDIT, user, offer, ROSTERS_FRESH_MS, &standing);
    return standing.settled ? standing.why : NULL;
}

char *requesting_closed(const struct offer *offer)
{
    if (offer_move(offer->state, OFFER_SUBMIT) >= 0)
        return NULL;
    return text_format("CPPO-%lld can no longer be edited: it is “%s”.", (long long)offer->number,
                       offer_state_label(offer->state));
}

/* Why ${content} cannot take the place of what ${request} was shown, on the heap; NULL: it can. */
static char *why_not(struct turn *turn, const struct request *request,
                     const struct content *content)
{
    struct offer offer;
    if (!binding_holds(turn, &request->offer))
        return binding_words(request->by, &request->offer);
    if (!offers_get(turn, request->offer.number, &offer))
        return text_format("That offer no longer exists.");
    const char *why = may_not_edit(turn, request->person, &offer);
    if (why != NULL)
        return mem_copy(why);
    if (offer.revision != request->offer.revision)
        return text_format("CPPO-%lld has changed since you opened this %s (it is at revision %d). "
                           "Copy what you need and open it again with /cppo edit CPPO-%lld.",
                           (long long)offer.number, request->by, offer.revision,
                           (long long)offer.number);
    char *closed = requesting_closed(&offer);
    if (closed != NULL)
        return closed;
    if (offer.state == OFFER_PENDING && content_same(&offer.content, content))
        return text_format("This is what CPPO-%lld says already: nothing was changed.",
                           (long long)offer.number);
    return NULL;
}

static struct requested change(struct turn *turn, const struct request *request,
                               const struct content *content)
{
    struct judgement judgement = {
        .what = JUDGE_REVISE, .offer = request->offer.number, .revision = request->offer.revision};
    char *why = why_not(turn, request, content);
    if (why != NULL)
        return refused(why);
    text_fit(judgement.digest, sizeof(judgement.digest), request->offer.digest);
    text_fit(judgement.person, sizeof(judgement.person), request->person);
    text_fit(judgement.form, sizeof(judgement.form), request->id);
    return judge(turn, &judgement, content);
}

/* A single-use authorization that another approved offer has. */
static bool is_taken(struct turn *turn, const struct authorization *chosen, int64_t offer,
                     struct form_errors *errors)
{
    char why[CLAIM_WORDS];
    int64_t taken = chosen != NULL ? claims_taken(turn, chosen, offer) : 0;
    if (taken == 0)
        return false;
    claim_words(taken, why);
    char *words = text_format("This authorization %s. Choose another.", why);
    text_fit(errors->text[FIELD_AUTHORIZATION], sizeof(errors->text[0]), words);
    free(words);
    return true;
}

struct requested requesting_take(struct turn *turn, const struct request *request)
{
    struct requested wrong = {.kind = REQUEST_ERRORS};
    struct authorization chosen;
    struct content content;
    int64_t number;
    bool same;
    const char *id = request->form.typed[FIELD_AUTHORIZATION];
    struct form_rules rules = {
        .today = date_of_ms(turn_now(turn)),
        .now = turn_now(turn),
        .markup_cap = config_of(turn)->markup_cap,
        .chosen = id != NULL && authorizations_get(turn, id, &chosen) ? &chosen : NULL,
    };
    if (rules.chosen != NULL)
        offers_own_use(turn, request->offer.number, &chosen);
    bool good = content_read(&request->form, &rules, &content, &wrong.errors);
    if (was_taken(turn, request->id, &content, &number, &same))
        return again(request, number, same);
    if (rules.chosen != NULL && authorization_unusable(rules.chosen, rules.now) != NULL)
        syncing_look(turn, rules.chosen->id); /* restored by now, it is usable at the next try */
    if (is_taken(turn, rules.chosen, request->offer.number, &wrong.errors) || !good)
        return wrong;
    return request->offer.number == 0 ? add(turn, request, &content)
                                      : change(turn, request, &content);
}

/* --- what is judged ----------------------------------------------------------------------- */

static void submit(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer)
{
    const char *why = rosters_why(turn, RIGHT_REQUEST, person, true);
    if (offer->state != OFFER_DRAFT)
        return;
    if (why == NULL) {
        moves_apply(turn, offer, OFFER_SUBMIT, actor_person(person->id), "");
        return;
    }
    char *words = rosters_words(turn, RIGHT_REQUEST, why, person, NULL);
    reply_log_refused(judgement->what, person, offer, words);
    if (moves_apply(turn, offer, OFFER_WITHDRAW, actor_bot(), words))
        reply_judged(turn, judgement, "CPPO-%lld was not sent: %s", (long long)offer->number,
                     words);
    free(words);
}

/* What somebody typed into the form and what does not count is theirs to keep. */
static void return_change(struct turn *turn, const struct judgement *judgement,
                          const struct content *content, const char *why)
{
    enum { ROOM = 2500 };
    char changes[ROOM] = "";
    struct offer offer;
    char *words =
        text_format("Your change of CPPO-%lld was not made: %s", (long long)judgement->offer, why);
    if (content != NULL && offers_get(turn, judgement->offer, &offer))
        content_changes(&offer.content, content, changes, sizeof(changes));
    notify_person(turn, judgement->person,
                  *changes != '\0' ? message_quoting(words, changes) : message_plain(words));
    free(words);
}

/* Why this offer cannot be changed now, on the heap; NULL: it can. */
static char *unchangeable(const struct judgement *judgement, const struct offer *offer)
{
    if (judgement->revision != offer->revision)
        return text_format("it has changed in the meantime and is now at revision %d. Open it "
                           "again with /cppo edit CPPO-%lld.",
                           offer->revision, (long long)offer->number);
    if (offer_move(offer->state, OFFER_SUBMIT) < 0)
        return text_format("it is now “%s”.", offer_state_label(offer->state));
    return NULL;
}

/* An operator who changes an offer is its requester from then on. */
static bool becomes_requester(struct turn *turn, struct offer *offer, const char *person)
{
    char before[PERSON_ID];
    if (people_same(turn, offer->requester, person))
        return true;
    text_fit(before, sizeof(before), offer->requester);
    if (!offers_take_over(turn, offer, person))
        return false;
    char *words = text_format("<@%s> has changed CPPO-%lld, which you requested, and taken it "
                              "over: they get its messages from now on.",
                              person, (long long)offer->number);
    notify_person(turn, before, message_plain(words));
    free(words);
    return true;
}

static void revise(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer, const struct content *content)
{
    const char *why = rosters_refusal(turn, RIGHT_EDIT, person, offer);
    char *words = why != NULL ? rosters_words(turn, RIGHT_EDIT, why, person, offer)
                              : unchangeable(judgement, offer);
    if (why != NULL)
        reply_log_refused(judgement->what, person, offer, words);
    if (words != NULL || content == NULL)
        return_change(turn, judgement, content, words != NULL ? words : "it cannot be read.");
    else if (becomes_requester(turn, offer, person->id) &&
             offers_revise(turn, offer, content, judgement->form))
        moves_apply(turn, offer, OFFER_SUBMIT, actor_person(person->id), "");
    free(words);
}

/* Who sent it in can never be told from a stranger: it ends, and nothing that was typed is lost. */
static void give_up(struct turn *turn, const struct judgement *judgement,
                    const struct content *content)
{
    static const char why[] =
        "for a long time Slack has not confirmed whether you may request offers. Please send it "
        "again when Slack works, or ask an operator of this bot.";
    struct offer offer;
    char *words = text_format("%s CPPO-%lld by <@%s> was given up: Slack does not tell who they "
                              "are. They have been told.",
                              content != NULL ? "A change to" : "The request",
                              (long long)judgement->offer, judgement->person);
    notify_operators(turn, words);
    free(words);
    if (judgement->what == JUDGE_REVISE)
        return_change(turn, judgement, content, why);
    else if (offers_get(turn, judgement->offer, &offer) && offer.state == OFFER_DRAFT &&
             moves_apply(turn, &offer, OFFER_WITHDRAW, actor_bot(), why))
        reply_judged(turn, judgement, "CPPO-%lld was not sent: %s", (long long)offer.number, why);
}

static void withdraw(struct turn *turn, const struct judgement *judgement,
                     const struct person *person, struct offer *offer)
{
    if (!reply_unless_allowed(turn, judgement, RIGHT_WITHDRAW, person, offer))
        return;
    if (judgement->revision != 0 && judgement->revision != offer->revision)
        reply_judged(
            turn, judgement,
            "CPPO-%lld has changed since: it is now at revision %d. Nothing was withdrawn.",
            (long long)offer->number, offer->revision);
    else if (moves_apply(turn, offer, OFFER_WITHDRAW, actor_person(person->id), ""))
        reply_judged(turn, judgement, "CPPO-%lld is withdrawn.", (long long)offer->number);
    else
        reply_judged(turn, judgement, "CPPO-%lld can no longer be withdrawn: it is “%s”.",
                     (long long)offer->number, offer_state_label(offer->state));
}

static void on_judged(struct turn *turn, const struct judgement *judgement,
                      const struct person *person, const struct content *content)
{
    struct offer offer;
    bool ours = judgement->what == JUDGE_SUBMIT || judgement->what == JUDGE_REVISE ||
                judgement->what == JUDGE_WITHDRAW;
    if (!ours || !binding_of_judged(turn, judgement, &offer))
        return;
    if (judgement->what == JUDGE_SUBMIT)
        submit(turn, judgement, person, &offer);
    else if (judgement->what == JUDGE_REVISE)
        revise(turn, judgement, person, &offer, content);
    else
        withdraw(turn, judgement, person, &offer);
}

const struct flow requesting_flow = {.on_judged = on_judged, .on_given_up = give_up};
