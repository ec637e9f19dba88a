#include "lives.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_TRIES = 40, STEPS = 6 };

static const int64_t MINUTE_MS = 60000;
static const int64_t DAY_MS = INT64_C(86400000);
static const char otto[] = "U0OTTO";

/* splitmix64 */
uint64_t lives_roll(struct lives *lives, uint64_t sides)
{
    uint64_t z = (lives->dice += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % sides;
}

static int64_t minutes(struct lives *lives, int from, int to)
{
    return MINUTE_MS * from + (int64_t)lives_roll(lives, (uint64_t)((to - from) * MINUTE_MS));
}

void lives_begin(struct lives *lives, int64_t now)
{
    if (lives->count == MAX_LIVES)
        return;
    struct life *life = &lives->all[lives->count++];
    *life = (struct life){.fate = (enum fate)((lives->count - 1) % FATES), .due = now};
    bool soon = life->fate == FATE_LAPSES || life->fate == FATE_EXPIRES;
    time_t last = (time_t)((now + (soon ? 1 : 60) * DAY_MS) / 1000);
    struct tm utc;
    strftime(life->accept_by, sizeof(life->accept_by), "%Y-%m-%d", gmtime_r(&last, &utc));
    snprintf(life->customer, sizeof(life->customer), "Customer %d", lives->count);
    life->seller = lives_roll(lives, 2) == 0 ? "U0SELLER" : otto;
}

struct life *lives_next(struct lives *lives)
{
    struct life *next = NULL;
    for (int i = 0; i < lives->count; i++) {
        struct life *one = &lives->all[i];
        if (one->due != INT64_MAX && (next == NULL || one->due < next->due))
            next = one;
    }
    return next;
}

/* --- the steps --- */

static long long number_of(const char *card)
{
    const char *at = strstr(card, "CPPO-");
    return at != NULL ? strtoll(at + 5, NULL, 10) : 0;
}

static bool approve(struct life *life, struct hands *hands, const char *approver)
{
    const char *ts;
    hands_card(hands, life->customer, &ts);
    return hands_click(hands, approver, ts, "approve");
}

static bool give_reason(struct life *life, struct hands *hands, const char *approver,
                        const char *button, const char *form)
{
    const char *ts;
    hands_card(hands, life->customer, &ts);
    return hands_reason(hands, approver, ts, button, form);
}

static bool edit(struct life *life, struct hands *hands)
{
    const char *ts;
    const char *card = hands_card(hands, life->customer, &ts);
    return hands_edit(hands, life->seller, number_of(card), "20");
}

static bool withdraw(struct life *life, struct hands *hands)
{
    const char *ts;
    hands_card(hands, life->customer, &ts);
    return hands_click(hands, life->seller, ts, "withdraw");
}

/* The buyer finds it by the link of the card. */
static bool accept(struct life *life, struct hands *hands)
{
    const char *ts;
    char entity[40];
    const char *link = strstr(hands_card(hands, life->customer, &ts), "offerId=");
    if (link == NULL || sscanf(link, "offerId=%39[a-z0-9-]", entity) != 1)
        return false;
    hands_order(hands, "market/accept",
                json_pack("{s:s, s:s}", "offer", entity, "account", "123456789012"));
    return true;
}

enum act {
    ACT_NONE,
    ACT_ASK,
    ACT_APPROVE,
    ACT_REJECT,
    ACT_CHANGES,
    ACT_EDIT,
    ACT_WITHDRAW,
    ACT_ACCEPT
};

static const enum act acts[FATES][STEPS] = {
    [FATE_ACCEPTED] = {ACT_ASK, ACT_APPROVE, ACT_ACCEPT},
    [FATE_OPEN] = {ACT_ASK, ACT_APPROVE},
    [FATE_CHANGED] = {ACT_ASK, ACT_CHANGES, ACT_EDIT, ACT_APPROVE, ACT_ACCEPT},
    [FATE_REJECTED] = {ACT_ASK, ACT_REJECT},
    [FATE_WITHDRAWN] = {ACT_ASK, ACT_WITHDRAW},
    [FATE_LAPSES] = {ACT_ASK},
    [FATE_EXPIRES] = {ACT_ASK, ACT_APPROVE},
};

/* The card that a step begins with shows this; where there is another, the step was taken already,
 * though nobody heard so. */
static const char *const begins[] = {
    [ACT_APPROVE] = "Waiting for approval",  [ACT_REJECT] = "Waiting for approval",
    [ACT_CHANGES] = "Waiting for approval",  [ACT_EDIT] = "Changes requested",
    [ACT_WITHDRAW] = "Waiting for approval",
};

static bool was_taken(enum act what, struct life *life, struct hands *hands)
{
    const char *ts;
    const char *card = hands_card(hands, life->customer, &ts);
    if (what == ACT_ASK || *card == '\0')
        return *card != '\0';
    return what != ACT_ACCEPT && strstr(card, begins[what]) == NULL;
}

static bool act(enum act what, struct life *life, struct hands *hands, const char *approver)
{
    switch (what) {
    case ACT_ASK:
        return hands_request(hands, life->seller, life->customer, life->accept_by);
    case ACT_APPROVE:
        return approve(life, hands, approver);
    case ACT_REJECT:
        return give_reason(life, hands, approver, "reject", "reject_form");
    case ACT_CHANGES:
        return give_reason(life, hands, approver, "request_changes", "changes_form");
    case ACT_EDIT:
        return edit(life, hands);
    case ACT_WITHDRAW:
        return withdraw(life, hands);
    case ACT_ACCEPT:
        return accept(life, hands);
    case ACT_NONE:
        break;
    }
    return true;
}

bool lives_step(struct lives *lives, struct life *life, struct hands *hands)
{
    const char *approver = lives_roll(lives, 2) == 0 ? "U0MIA" : "U0MAX";
    enum act what = acts[life->fate][life->step];
    if (was_taken(what, life, hands) || act(what, life, hands, approver)) {
        life->tries = 0;
        life->step++;
        bool more = acts[life->fate][life->step] != ACT_NONE;
        life->due = more ? world_now_ms(hands->world) + minutes(lives, 3, 50) : INT64_MAX;
        return true;
    }
    life->due = world_now_ms(hands->world) + MINUTE_MS;
    if (++life->tries < MAX_TRIES)
        return true;
    life->due = INT64_MAX;
    const char *ts;
    printf("  %s gave up: step %d of fate %d; its card: %.300s\n", life->customer, life->step,
           (int)life->fate, hands_card(hands, life->customer, &ts));
    return false;
}
