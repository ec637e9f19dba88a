#include "flows/access.h"

#include <stdlib.h>
#include <string.h>

#include "book/denials.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/cards.h"
#include "flows/informing.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "log.h"
#include "offers/kind.h"
#include "text.h"

static const struct timer_type access_again_timer;

enum { SLOWEST = 30 }; /* polls at their slowest: half an hour where those are a minute apart */

/* A denial that comes and goes is not reported again before this; measured by a stopwatch, or by
 * the clock if an earlier process reported it. */
static const int64_t TOLD_MS = HOUR_MS;

bool access_denied(const struct result *result)
{
    return result->outcome == OUTCOME_REFUSED && strcmp(result->code, "AccessDeniedException") == 0;
}

/* --- the operators --- */

/* The product belongs to the ISV, so AWS may well refuse to show it to us. */
static bool may_be_denied(const char *type)
{
    return strcmp(type, "product.read") == 0;
}

/* Without its full stop, if it has one: our own sentence goes on. */
static int size_before_stop(const char *text)
{
    size_t size = strlen(text);
    return (int)(size > 0 && text[size - 1] == '.' ? size - 1 : size);
}

static char *told_watch(const struct denial *denial)
{
    return text_format("denial told %s", denial->what);
}

static bool told_lately(struct turn *turn, const struct denial *denial)
{
    char *watch = told_watch(denial);
    int64_t since = turn_stopwatch_ms(turn, watch);
    free(watch);
    if (since < 0 && denial->told_at > 0)
        since = turn_now(turn) - denial->told_at;
    return since >= 0 && since < TOLD_MS;
}

/* They know, or were told of it so lately that they are not told once more. */
static bool need_not_tell(struct turn *turn, const struct denial *denial)
{
    return denial->told || told_lately(turn, denial);
}

static void mark_told(struct turn *turn, struct denial *denial)
{
    char *watch = told_watch(denial);
    turn_stopwatch_start(turn, watch);
    free(watch);
    denial->told = true;
    denial->told_at = turn_now(turn);
}

static void alarm_operators(struct turn *turn, const char *call, const char *text)
{
    notify_operators(
        turn,
        "AWS refuses %s: %.*s. Either the bot's IAM policy lacks a permission (the README lists "
        "them), or the verification (KYC) of our seller account is not finished in the AWS "
        "Marketplace portal. %s that need it wait and continue by themselves; nothing is lost.",
        call + strlen("aws:"), size_before_stop(text), text, kinds_words()->capital);
}

static void note_denial(struct turn *turn, struct denial *denial, const char *text)
{
    bool quiet = denials_known(turn, denial->call) || need_not_tell(turn, denial);
    if (denial->open && quiet)
        return;
    if (!denial->open)
        log_error("AWS call denied", F_TEXT("type", denial->what), F_TEXT("call", denial->call),
                  F_TEXT("why", text));
    denial->open = true;
    if (!quiet) {
        mark_told(turn, denial);
        alarm_operators(turn, denial->call, text);
    }
    denials_put(turn, denial);
}

/* AWS allows it again, so whatever waits for it goes on at once; and whoever was told that it does
 * not is told that it does. */
static void note_success(struct turn *turn, struct denial *denial)
{
    struct blocked blocked = {.offer = 0};
    bool told = denial->told;
    denial->open = denial->told = false;
    denials_put(turn, denial);
    if (told && *denial->call != '\0')
        notify_operators(turn, "AWS allows %s again. %s that waited for it go on by themselves.",
                         denial->call + strlen("aws:"), kinds_words()->capital);
    else if (told)
        notify_operators(turn,
                         "AWS accepts our seller account again. %s that waited for it go on "
                         "by themselves.",
                         kinds_words()->capital);
    while (blocked_next(turn, blocked.offer, &blocked))
        turn_timer(turn, &access_again_timer, blocked.offer, 0);
}

static void on_completion(struct turn *turn, const char *type, const char *call,
                          const struct result *result)
{
    struct denial denial = {.open = false};
    if (strncmp(call, "aws:", 4) != 0 || may_be_denied(type))
        return;
    bool denied = access_denied(result);
    if (!denied && result->outcome != OUTCOME_OK)
        return;
    bool before = denials_get(turn, type, &denial);
    text_fit(denial.what, sizeof(denial.what), type);
    text_fit(denial.call, sizeof(denial.call), call);
    if (denied) {
        note_denial(turn, &denial, result->text);
    } else if (before && denial.open) {
        log_info("AWS call allowed", F_TEXT("type", type), F_TEXT("call", call));
        note_success(turn, &denial);
    }
}

/* --- the seller account --- */

/* AWS may check the account for one of them and not for the other. */
static const char *const unready[] = {
    [ACCESS_DRAFT] = DENIED_ACCOUNT_DRAFT, [ACCESS_RELEASE] = DENIED_ACCOUNT_RELEASE};

static void note_unready(struct turn *turn, enum access_step step, const char *why)
{
    struct denial denial = {.call = ""};
    denials_get(turn, unready[step], &denial);
    bool quiet = need_not_tell(turn, &denial);
    if (denial.open && quiet)
        return;
    text_fit(denial.what, sizeof(denial.what), unready[step]);
    if (!denial.open)
        log_error("AWS seller account not in order", F_TEXT("why", why));
    denial.open = true;
    if (!quiet) {
        mark_told(turn, &denial);
        notify_operators(turn,
                         "AWS is not yet publishing offers for our seller account: %.*s. Put that "
                         "right in the AWS Marketplace portal. Offers that need it wait and "
                         "continue by themselves.",
                         size_before_stop(why), why);
    }
    denials_put(turn, &denial);
}

/* --- offers that wait --- */

void access_block(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    bool is_new = !blocked.told;
    int64_t wait = app_config(turn)->poll_slowest;
    for (int i = 0; i < blocked.tries && wait < SLOWEST * app_config(turn)->poll_slowest; i++)
        wait *= 2;
    if (wait > SLOWEST * app_config(turn)->poll_slowest)
        wait = SLOWEST * app_config(turn)->poll_slowest;
    if (blocked.since == 0)
        blocked.since = turn_now(turn);
    blocked.tries++;
    blocked.told = true;
    blocked_put(turn, &blocked);
    turn_timer(turn, &access_again_timer, offer, wait);
    if (is_new)
        informing_news(turn, offer);
    else
        informing_update(turn, offer);
    cards_show(turn, offer);
}

void access_unready(struct turn *turn, int64_t offer, enum access_step step, const char *why)
{
    note_unready(turn, step, why);
    access_block(turn, offer);
}

static void unblock(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    if (blocked.since == 0)
        return;
    blocked.since = 0;
    blocked.tries = 0;
    blocked_put(turn, &blocked);
    turn_timer_stop(turn, &access_again_timer, offer);
    informing_update(turn, offer);
    cards_show(turn, offer);
}

void access_on_taken(struct turn *turn, int64_t offer)
{
    if (!denials_account(turn))
        unblock(turn, offer);
}

void access_on_changed(struct turn *turn, int64_t offer)
{
    unblock(turn, offer);
}

void access_on_done(struct turn *turn, int64_t offer, enum access_step step)
{
    struct denial denial;
    unblock(turn, offer);
    if (denials_get(turn, unready[step], &denial) && denial.open) {
        log_info("AWS seller account in order");
        note_success(turn, &denial);
    }
}

bool access_blocked(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    return blocked.since > 0;
}

static void try_again(struct turn *turn, int64_t number)
{
    struct request offer;
    if (!access_blocked(turn, number) || !offers_get(turn, number, &offer))
        return;
    if (request_state_in(offer.state, 1U << STATE_PENDING | STATES_GOING))
        moves_wake(turn, &offer);
    else
        unblock(turn, number); /* nothing is wanted of AWS any more */
}

static const struct timer_type access_again_timer = {
    .name = "access.again", .due = try_again, .rests = notify_if_unreadable};

const struct flow access_flow = {.timers = {&access_again_timer}, .on_completion = on_completion};
