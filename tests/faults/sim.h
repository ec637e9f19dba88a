/* The simulator: the bot's engine, flows and handlers with the real SQLite, in one process on a
 * virtual clock, between a model of Slack and the sandbox's Marketplace. One seed decides
 * everything: what people do, what goes wrong, when the bot dies. */
#ifndef FAULTS_SIM_H
#define FAULTS_SIM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "engine/engine.h"
#include "flows/app_context.h"
#include "run/clock.h"

struct market;

/* What can go wrong. Every day has some of it, and no two days the same. */
enum sim_fault {
    SIM_NOT_SENT, /* the first seven: the fates of a call (sim_wire.c) */
    SIM_LOST_BEFORE,
    SIM_LOST_AFTER,
    SIM_LATE,
    SIM_500_BEFORE,
    SIM_500_AFTER,
    SIM_BUSY,
    SIM_SLOW,           /* answers take their time, and overtake each other */
    SIM_TWICE,          /* an envelope is delivered twice */
    SIM_OTHER_ENVELOPE, /* what Slack repeats comes in another envelope */
    SIM_REORDER,        /* what people do arrives out of order */
    SIM_ACK_LOST,
    SIM_KILL,
    SIM_POWER,    /* what was not synced is gone at the kill */
    SIM_DISK,     /* it takes its time, and the loop goes on meanwhile */
    SIM_CLOCK,    /* the machine's clock jumps, by hours */
    SIM_TOKEN,    /* AWS takes no notice of tokens */
    SIM_LIST_LAG, /* its lists are minutes late */
    SIM_LISTS,    /* groups cannot be read */
    SIM_GROUP_GONE,
    SIM_CARD_GONE,
    SIM_SHUT, /* nothing can be posted */
    SIM_SET_FAILS,
    SIM_SET_CANCELLED,
    SIM_RESTORE, /* a backup of the state file is put back */
    SIM_FAULTS
};

/* What AWS leaves open, and what a colleague in its console does (sim_strange.c). */
enum sim_strange {
    STRANGE_LEGAL,     /* legal terms are merged in some way, documents are AWS's copies */
    STRANGE_SHAPES,    /* members that are absent, durations and dates in another form */
    STRANGE_STALE,     /* reads of an offer show what it was before */
    STRANGE_REVISIONS, /* how entity@revision is taken; AWS raises one by itself */
    STRANGE_DRAFTS,    /* the colleague changes drafts ... */
    STRANGE_DATES,     /* ... extends or cancels what was released ... */
    STRANGE_BY_HAND,   /* ... releases drafts */
    STRANGE_ENDINGS,   /* agreements are cancelled, terminated ... */
    STRANGE_RIGHTS,    /* AWS denies calls for a while */
    STRANGE_DATED,     /* authorizations have an end, and are used often */
    STRANGE_GRID,      /* Slack's: an organisation of several workspaces; people have two ids */
    STRANGE_CONTRACTS, /* authorizations that fix a term, instalments, amounts of several kinds */
    STRANGE_EULAS,     /* the colleague puts another custom EULA in the place of ours */
    STRANGES
};

#define SIM_ORGANISATION "E0ORG"

/* What happens at some moment of the virtual time. */
struct sim_event {
    int64_t at;
    uint64_t order; /* of those at one moment */
    void (*run)(void *ctx);
    void *ctx;
};

struct sim {
    uint64_t seed, dice;
    int64_t now;              /* ms, UTC */
    struct sim_event *events; /* a heap */
    size_t event_count, event_capacity;
    uint64_t order;
    bool faults;      /* luck is drawn ... */
    unsigned kinds;   /* ... of these (1 << enum sim_fault) */
    unsigned strange; /* (1 << enum sim_strange) */
    unsigned pace;    /* AWS works so many times quicker */
    int64_t skew;     /* of its machine's clock ... */
    int64_t skew_seen;
    struct true_clock clock; /* ... of which it hears from Slack, as the real one does */
    int64_t trouble_until;
    bool scripted; /* people do only what a test tells them */
    bool at_once;  /* calls, answers and a new start take no time */
    /* Before each step, and before an ack or a call leaves (between): what else could happen
     * here? True: it did, look again. */
    bool (*crossing)(struct sim *sim, bool between);
    const char *lost_call;    /* "slack:chat.postMessage": answers to it never come ... */
    bool lost_after;          /* ... and it happens all the same */
    int lost_count;           /* so often; -1: always */
    const char *refused_call; /* "slack:chat.postMessage" is answered with ... */
    const char *refused_code;

    /* the bot */
    struct config config;
    struct app_context app;
    char path[100];
    struct store *store; /* NULL while it is dead */
    struct engine *engine;
    int process; /* counts its lives */
    int64_t wake;
    bool dying;   /* it is to be killed as soon as the engine returns */
    bool syncing; /* the disk has been asked, and has not answered */

    /* the outside */
    struct market *market;
    json_t *messages;  /* {channel, ts, user, text, blocks, before, metadata} */
    json_t *cards;     /* "<offer>.<revision>": {channel, ts, value, message}, as last shown */
    json_t *views;     /* by user: what is open */
    json_t *askers;    /* {envelope: user} of commands that are not answered yet */
    json_t *staff;     /* by user: {manager, guest, deleted} */
    bool group_gone;   /* the managers' */
    char extended[40]; /* an authorization that the ISV extended last */

    /* what happened, for the judge; nothing of it comes from the bot's memory */
    json_t *submissions;      /* {customer, user, markup, buyers, ..., acked, kept, lost} */
    json_t *approvals;        /* {value, header, user, at} of clicks that reached the bot */
    json_t *entitled;         /* {user, at, may}: who could decide from when on */
    json_t *deleted;          /* offers whose card somebody deleted */
    json_t *releases;         /* {entity: {by, offer}} as it was then */
    json_t *console;          /* {offer, act, at} of the colleague */
    int64_t backed_up;        /* the highest number in the backup; -1: there is none */
    json_t *lost;             /* numbers that a restored file does not hold */
    json_t *ended;            /* {number: revision} of what had ended when it was put back */
    unsigned restores_wanted; /* of a thousand deaths */
    size_t restores;
    size_t overwritten; /* what all see, by an answer to one of them */
    size_t too_early;   /* releases that left while they were to wait */
    size_t done_twice;  /* second deliveries that made the bot wish for something more */
    size_t kills, calls, bad_calls;
};

/* sim.c */
void sim_open(struct sim *sim, uint64_t seed, const struct config *config, const char *dir);
void sim_close(struct sim *sim);
uint64_t sim_roll(struct sim *sim, uint64_t sides); /* 0 .. sides - 1 */
bool sim_chance(struct sim *sim, unsigned per_mille);
bool sim_fault(struct sim *sim, enum sim_fault kind, unsigned per_mille);
void sim_trouble(struct sim *sim); /* something may go wrong for a while ... */
void sim_calm(struct sim *sim);    /* ... and nothing does any more */
/* On the bot's own clock, by which it waits: it lags behind the wall by as long as nobody ran it.
 */
int64_t sim_own_time(struct sim *sim);
void sim_after(struct sim *sim, int64_t ms, void (*run)(void *ctx), void *ctx);
void sim_run(struct sim *sim, int64_t ms); /* let so much time go by */
void sim_first(struct sim *sim, size_t i); /* of what is due now, this event comes first */

/* Bring an envelope to the bot; false when it is dead. */
bool sim_envelope(struct sim *sim, const char *id, json_t *payload, const char *type);
/* The ack of that envelope came (people.c). */
void people_acked(struct sim *sim, const char *envelope, const char *payload);

/* sim_wire.c: a call goes out into the world. */
void wire_call(struct sim *sim, const struct effect_call *call);
/* Of an event: the call that it carries, out or back, as text on the heap; NULL: it carries none.
 */
char *wire_text(const struct sim_event *event);
/* Is it a call that only tells somebody something, or the answer to one? */
bool wire_is_notice(const struct sim_event *event);
bool wire_is_answer(const struct sim_event *event); /* on its way back */
/* Is it a call on its way out? Its answer will never come, before it happened or ${after} that. */
bool wire_is_out(const struct sim_event *event);
void wire_lose(const struct sim_event *event, bool after);

/* sim_slack.c: a call arrived: the reply, a new reference. */
json_t *slack_model(struct sim *sim, const char *method, const json_t *args);

/* As much of a message as goes along with a click: its metadata, and the first of ${blocks} (NULL:
 * its own), which names what it shows. */
json_t *slack_seen(const json_t *message, const json_t *blocks);
/* ${message} stands for ${user} alone. */
void slack_whisper(struct sim *sim, const char *user, const json_t *message);

/* sim_people.c */
char *people_text(const struct sim_event *event);    /* as wire_text, of envelopes */
void people_act(struct sim *sim);                    /* somebody does something */
void people_form(struct sim *sim, const char *user); /* a form opened before their eyes */

/* sim_others.c */
void others_open(struct sim *sim);
bool others_vary(struct sim *sim); /* no two days are alike; true: it begins in the evening */
void others_act(struct sim *sim);  /* a buyer, the ISV or an administrator does something */
json_t *others_person(struct sim *sim, const char *id); /* users.info */
json_t *others_managers(struct sim *sim);               /* usergroups.users.list */

/* One thing after the other (scripted). A form: pairs of field and value, ended by NULL; the
 * others as a seller would leave them. */
void people_type(struct sim *sim, const char *user, const char *text);
void people_send_form(struct sim *sim, const char *user, ...);
/* In the form that is open; with an approval, this and who they are but for its first letter. */
#define SIM_COMMENT "Fine by me, "
void people_send_reason(struct sim *sim, const char *user);
/* On the card as it stood at that revision; where there was none, what nobody can click on. */
void people_click(struct sim *sim, const char *user, const char *action, int64_t offer,
                  int revision);
/* How many messages in ${channel} (or to a person) hold ${text} as they stand now. */
size_t slack_count(struct sim *sim, const char *channel, const char *text);

/* sim_strange.c */
void strange_open(struct sim *sim);
void strange_draw(struct sim *sim); /* what of it there is today; nothing unless it is called */
void strange_close(struct sim *sim);
bool strange_is(const struct sim *sim, enum sim_strange kind);
void strange_act(struct sim *sim);                         /* something of it happens, perhaps */
void strange_between(struct sim *sim, const json_t *args); /* this call of the bot was answered */
void strange_extension(struct sim *sim, json_t *order);    /* of an authorization, by the ISV */
void strange_calm(struct sim *sim);
void strange_log(struct sim *sim, const char *kind, const json_t *fields); /* what AWS logs */

/* sim_content.c: an offer of AWS's, and a submission. */
bool content_is(const json_t *entity, const json_t *typed);

/* sim_judge.c: NULL when all promises were kept; else which was not, on the heap. */
char *sim_judge(struct sim *sim);
bool judge_card_gone(struct sim *sim, int64_t offer);
/* What is wrong with the votes, and with the reminders that were sent; on the heap, NULL: nothing.
 */
char *judge_votes(struct sim *sim);
char *judge_reminders(struct sim *sim);
/* This call leaves now. */
void judge_leaving(struct sim *sim, const struct effect_call *call);

/* sim_by_hand.c: as it was when it was released; NULL: not by us. */
const json_t *judge_released(struct sim *sim, const char *entity);
/* Were the operators told so of this offer? */
bool judge_alarmed(struct sim *sim, long long number, const char *words);
#define JUDGE_DIFFERS "what is live is not what was approved"
/* Of ${entity}, which a colleague released: what was not told that should have been, on the heap.
 */
char *judge_by_hand(struct sim *sim, const char *entity, long long number, const json_t *typed);

/* sim_restored.c: what had ended is noted when a file is put back; is it alive again? */
void restored_note(struct sim *sim);
char *restored_wrong(struct sim *sim);

/* sim_outcome.c: what is wrong with what became of this offer, which AWS has as ${entity} ("": not
 * released); NULL: nothing. */
char *outcome_wrong(struct sim *sim, const char *entity, int64_t offer, const char *state);

#endif
