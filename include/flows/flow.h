/* A flow: something that goes on without a person, in a file of its own, which ends with its
 * types of effects and timers and what it listens to. It hears of what others did through the table
 * of flows (bot/run/tables.c) and never by being called: so each is added and taken out in one
 * place. All is told in the order of that table, in the turn in which it happened. NULL: it does
 * not listen to that. */
#ifndef CPPO_FLOWS_FLOW_H
#define CPPO_FLOWS_FLOW_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/turn.h"
#include "offers/request.h"

struct card_mention;
struct catalog_offer;
struct find;
struct post;
struct purpose;

/* ${request}: as it was after this move; ${move}: the row in the history. */
struct moved {
    const struct request *request;
    const struct move *move;
};

/* Where a card is seen to be. */
enum card_place {
    CARD_POSTED,    /* just now: it mentioned the approvers itself */
    CARD_REOPENED,  /* its channel takes updates again */
    CARD_SHUT_AWAY, /* its channel is shut to us */
};

/* For how long a call is tried: one that somebody waits for; one that is asked again later anyway;
 * and one that nothing waits for. */
enum { PATIENCE_SHORT_MS = 30000, PATIENCE_MS = 300000, PATIENCE_LONG_MS = 600000 };
enum { HOUR_MS = 3600000 };
enum { MAX_TYPES = 6, MAX_PURPOSES = 2, MAX_MENTIONS = 4 };

struct flow {
    /* Whose moves it hears (on_move, on_wake): those of requests of one kind, by its name, whose
     * doing it is; NULL: of all. */
    const char *kind;
    const struct effect_type *effects[MAX_TYPES];
    const struct timer_type *timers[MAX_TYPES];
    /* The process started. */
    void (*on_start)(struct turn *turn);
    /* Something that the operators should know. */
    void (*on_alarm)(struct turn *turn, const char *text);
    /* An envelope came, ${payload}: a const struct slack_envelope *; its handler comes next. */
    void (*on_delivery)(struct turn *turn, const void *payload);
    /* A call ended, of an effect of type ${type}; its own handler comes next. */
    void (*on_completion)(struct turn *turn, const char *type, const char *call,
                          const struct result *result);
    /* Slack counted this app's sockets (flows/app_context.h: others). */
    void (*on_counted)(struct turn *turn);
    /* The app was made anew: what it posted before is another's, and its buttons reach nobody. */
    void (*on_renewed)(struct turn *turn);
    /* People of other organisations begin to read along in one of our channels, or cease to
     * (flows/exposure.c). */
    void (*on_exposed)(struct turn *turn);
    /* A request moved (flows/moves.h). */
    void (*on_move)(struct turn *turn, const struct moved *moved);
    /* A request did not move, but something that it may wait for came (flows/moves.h). */
    void (*on_wake)(struct turn *turn, const struct request *request);
    /* A post may show less than the book has by now (flows/posting.h). */
    void (*on_stale)(struct turn *turn, const struct post *post);
    /* A card was placed, or cannot be (flows/posting.h). */
    void (*on_card)(struct turn *turn, const struct post *post, enum card_place place);
    /* Its draft at AWS is to be read back once more, after ${wait} ms (flows/origins.h). */
    void (*on_reread)(struct turn *turn, int64_t request, int64_t wait);
    /* What a click may wait for was answered: by Slack about a person or a group
     * (flows/rosters.h), by AWS about a resale authorization (flows/syncing.h). */
    void (*on_answer)(struct turn *turn);
    /* What a comparison found is to be settled (flows/catching_up.h). */
    void (*on_finds)(struct turn *turn);
    /* ... and is about to be reported to the operators: what belongs to it is added. */
    void (*on_report)(struct turn *turn);
    /* AWS shows an offer as released, at ${find}'s entity, that did not seem to be out
     * (flows/unsure.h). */
    void (*on_out)(struct turn *turn, struct request *request, const struct find *find,
                   const struct catalog_offer *held);
    /* What its change sets are for (flows/purposes.h). */
    const struct purpose *purposes[MAX_PURPOSES];
    /* What it mentions the approvers for in the thread of a card (flows/card_thread.h). */
    const struct card_mention *mentions[MAX_MENTIONS];
};

/* All there are, a word each: ${word}_flow. They are told in this order: what people see first, in
 * the messages that are written at once; then what goes on. */
#define FLOWS(WORD)                                                                                \
    WORD(cards)                                                                                    \
    WORD(informing)                                                                                \
    WORD(card_thread)                                                                              \
    WORD(ruled)                                                                                    \
    WORD(notify)                                                                                   \
    WORD(whispers)                                                                                 \
    WORD(posting)                                                                                  \
    WORD(buyer_checks)                                                                             \
    WORD(claims)                                                                                   \
    WORD(reminding)                                                                                \
    WORD(lapsing)                                                                                  \
    WORD(waiting)                                                                                  \
    WORD(line)                                                                                     \
    WORD(polling)                                                                                  \
    WORD(reconciling)                                                                              \
    WORD(drafting)                                                                                 \
    WORD(publishing)                                                                               \
    WORD(releasing)                                                                                \
    WORD(agreements)                                                                               \
    WORD(following)                                                                                \
    WORD(rosters)                                                                                  \
    WORD(syncing)                                                                                  \
    WORD(actions)                                                                                  \
    WORD(details)                                                                                  \
    WORD(access)                                                                                   \
    WORD(unapproved)                                                                               \
    WORD(unsure)                                                                                   \
    WORD(exposure)                                                                                 \
    WORD(catching_up)                                                                              \
    WORD(adopting)                                                                                 \
    WORD(retiring)                                                                                 \
    WORD(origins)                                                                                  \
    WORD(forms)                                                                                    \
    WORD(opening)                                                                                  \
    WORD(finding)                                                                                  \
    WORD(homes)

#define FLOW_DECLARE(name) extern const struct flow name##_flow;
FLOWS(FLOW_DECLARE)

/* Queue ${effect} with ${body} (taken); returns its id. */
int64_t flow_effect(struct turn *turn, const struct effect *effect, json_t *body);
/* Queue a read of AWS with ${body} (taken). */
void flow_read(struct turn *turn, const struct effect_type *type, int64_t subject,
               const char *target, char *body);

/* Tell all that hear of it; of a move and a wake only those of the request's kind. The first two
 * are for flows/moves.h alone. */
void flows_tell_move(struct turn *turn, const struct moved *moved);
void flows_tell_wake(struct turn *turn, const struct request *request);
void flows_tell_start(struct turn *turn);
void flows_tell_alarm(struct turn *turn, const char *text);
void flows_tell_delivery(struct turn *turn, const void *payload);
void flows_tell_completion(struct turn *turn, const char *type, const char *call,
                           const struct result *result);
void flows_tell_counted(struct turn *turn);
void flows_tell_renewed(struct turn *turn);
void flows_tell_exposed(struct turn *turn);
void flows_tell_stale(struct turn *turn, const struct post *post);
void flows_tell_card(struct turn *turn, const struct post *post, enum card_place place);
void flows_tell_reread(struct turn *turn, int64_t request, int64_t wait);
void flows_tell_answer(struct turn *turn);
void flows_tell_finds(struct turn *turn);
void flows_tell_report(struct turn *turn);
void flows_tell_out(struct turn *turn, struct request *request, const struct find *find,
                    const struct catalog_offer *held);

#endif
