#include "flows/syncing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "flows/authorized.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/rosters.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"

static const struct effect_type authorizations_list_effect, product_read_effect,
    authorization_status_effect, authorization_read_effect;
static const struct timer_type authorizations_sync_timer;

enum { STOPWATCH_NAME = AUTHORIZATION_ID + 10 };

static const int64_t ASKED_MS = 60000; /* for how long AWS's last answer about one is believed */
static const int64_t AGAIN_MS = 10000;
static const int64_t EVERY_MS = INT64_C(10) * 60 * 1000;

void syncing_soon(struct turn *turn)
{
    turn_timer(turn, &authorizations_sync_timer, 0, 0);
}

/* One page; ${since}: when this listing began. */
static void list_page(struct turn *turn, int64_t since, const char *next)
{
    char target[40];
    char *body = catalog_list_authorizations(next);
    snprintf(target, sizeof(target), "%lld", (long long)since);
    turn_effect(turn, &(struct effect){.type = &authorizations_list_effect,
                                       .subject = since,
                                       .target = target,
                                       .body = body});
    free(body);
}

static void sync(struct turn *turn, int64_t unused)
{
    (void)unused;
    list_page(turn, turn_time(turn), "");
    rosters_read_groups(turn);
    turn_timer(turn, &authorizations_sync_timer, 0, EVERY_MS);
}

static void ask(struct turn *turn, const struct effect_type *type, const char *id)
{
    char *body = catalog_describe_entity(id);
    turn_effect(turn, &(struct effect){.type = type,
                                       .target = id,
                                       .lane = "authorizations",
                                       .anyway = true, /* a refused form asks for it */
                                       .body = body});
    free(body);
}

static void describe(struct turn *turn, const char *id)
{
    ask(turn, &authorization_read_effect, id);
}

void syncing_refresh(struct turn *turn, const char *id)
{
    ask(turn, &authorization_status_effect, id);
}

static void stopwatch_name(char name[STOPWATCH_NAME], const char *id)
{
    snprintf(name, STOPWATCH_NAME, "looked %s", id);
}

bool syncing_recheck(struct turn *turn, const char *id)
{
    struct authorization authorization;
    char name[STOPWATCH_NAME];
    bool known = authorizations_get(turn, id, &authorization);
    if (known && authorization_unusable(&authorization, turn_now(turn)) == NULL)
        return false;
    stopwatch_name(name, id);
    int64_t age = turn_stopwatch_ms(turn, name);
    if (age >= 0 && age < ASKED_MS)
        return false;
    if (!turn_pending_for(turn, &authorization_read_effect, id))
        describe(turn, id);
    return true;
}

void syncing_again(struct turn *turn)
{
    static const char name[] = "authorizations asked for";
    int64_t age = turn_stopwatch_ms(turn, name);
    if (age >= 0 && age < AGAIN_MS)
        return;
    turn_stopwatch_start(turn, name);
    syncing_soon(turn);
}

static const char listed_watch[] = "authorizations listed";

int64_t syncing_age(struct turn *turn)
{
    return turn_stopwatch_ms(turn, listed_watch);
}

static void put_listed(struct turn *turn, const struct authorization *listed, int64_t since)
{
    authorized_store_listed(turn, listed, since);
    if (authorization_unusable(listed, turn_now(turn)) == NULL)
        describe(turn, listed->id);
}

static void on_authorizations_list(struct turn *turn, const struct result *result)
{
    char next[NEXT_TOKEN];
    size_t count;
    if (result->outcome != OUTCOME_OK) {
        log_error("authorizations not listed", F_TEXT("code", result->code),
                  F_TEXT("why", result->text));
        char *why = text_format("%s (%s)", result->text, result->code);
        authorizations_unread(turn, why);
        free(why);
        return;
    }
    struct authorization *list = catalog_authorizations(result->reply, &count, next);
    for (size_t i = 0; i < count; i++)
        put_listed(turn, &list[i], result->subject);
    free(list);
    if (*next != '\0') {
        list_page(turn, result->subject, next);
    } else {
        authorized_mark_unlisted(turn, result->subject);
        turn_stopwatch_start(turn, listed_watch);
    }
    log_info("authorizations listed", F_INT("count", count));
}

/* Wakes offers that waited to learn whether it is single-use. */
static void wake_offers(struct turn *turn, const char *authorization)
{
    struct request offer = {.number = 0};
    while (offers_next(turn, 1U << STATE_PENDING, offer.number, &offer)) {
        if (strcmp(offer_content(&offer)->authorization, authorization) == 0)
            moves_wake(turn, &offer);
    }
}

/* Asks once for the product's type. */
static void ask_product(struct turn *turn, const char *product)
{
    if (*product == '\0')
        return;
    char *body = catalog_describe_entity(product);
    turn_effect(turn, &(struct effect){.type = &product_read_effect,
                                       .target = product,
                                       .lane = "authorizations",
                                       .body = body});
    free(body);
}

static void on_authorization_read(struct turn *turn, const struct result *result)
{
    struct authorization authorization;
    struct authorization before;
    struct terms terms;
    char name[STOPWATCH_NAME];
    stopwatch_name(name, result->target);
    turn_stopwatch_start(turn, name);
    if (result->outcome != OUTCOME_OK ||
        !catalog_authorization(result->reply, &authorization, &terms)) {
        if (result->outcome == OUTCOME_REFUSED &&
            strcmp(result->code, "ResourceNotFoundException") == 0)
            authorized_unlist(turn, result->target, 0);
        log_warn("authorization unreadable", F_TEXT("id", result->target),
                 F_TEXT("code", result->code));
        flows_tell_answer(turn);
        return;
    }
    bool known = authorizations_get(turn, authorization.id, &before);
    authorized_store(turn, &authorization, &terms, 0);
    if (!known || *before.product_type == '\0')
        ask_product(turn, authorization.product_id);
    if (!known || before.read_at == 0)
        wake_offers(turn, authorization.id);
    flows_tell_answer(turn);
}

/* The product belongs to the ISV, and AWS may refuse to show it to us: its type is unknown then. */
static void on_product_read(struct turn *turn, const struct result *result)
{
    char type[ENTITY_TYPE];
    if (result->outcome != OUTCOME_OK || !catalog_entity_type(result->reply, type))
        text_fit(type, sizeof(type), "?");
    authorizations_put_product(turn, result->target, type);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    if (moved->request->state == STATE_PUBLISHED)
        syncing_soon(turn);
}

static const struct effect_type authorizations_list_effect = {
    .name = "authorizations.list",
    .kind = EFFECT_READ,
    .call = "aws:ListEntities",
    .done = on_authorizations_list,
    .patience_ms = PATIENCE_MS,
};
static const struct effect_type product_read_effect = {
    .name = "product.read",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_product_read,
    .gap_ms = 60,
    .patience_ms = PATIENCE_MS,
};
static const struct effect_type authorization_status_effect = {
    .name = "authorization.status",
    .kind = EFFECT_VOLATILE,
    .call = "aws:DescribeEntity",
    .done = on_authorization_read,
};
static const struct effect_type authorization_read_effect = {
    .name = "authorization.read",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_authorization_read,
    .gap_ms = 60,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type authorizations_sync_timer = {.name = "authorizations.sync",
                                                            .due = sync};

const struct flow syncing_flow = {.on_start = syncing_soon,
                                  .effects = {&authorizations_list_effect, &product_read_effect,
                                              &authorization_status_effect,
                                              &authorization_read_effect},
                                  .timers = {&authorizations_sync_timer},
                                  .kind = KIND_OFFER,
                                  .on_move = on_move};
