/* A turn: the handling of one event in one database transaction. What a handler or flow may do to
 * the world it does through its turn, and nothing of that happens before the turn is committed.
 *
 * Handlers and flows are plain synchronous functions: they cannot block, know no socket and no
 * clock but the turn's, and may be given the same event again after a crash. */
#ifndef CPPO_ENGINE_TURN_H
#define CPPO_ENGINE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/types.h"

struct store;

/* --- what a turn knows --- */

int64_t turn_now(const struct turn *turn); /* wall clock, ms since the epoch; fixed for the turn */
/* Ms on the engine's own clock, for waiting and measuring: monotonic; unaffected by
 * changes to the wall clock, and continues across restarts. */
int64_t turn_time(const struct turn *turn);
/* From the port: the kernel's, fit for names that nobody may guess. */
void turn_random(struct turn *turn, void *bytes, size_t size);
enum { TURN_ID = 33 };
void turn_new_id(struct turn *turn, char id[TURN_ID]); /* 32 hex digits that nobody can guess */
/* What main gave: configuration and identities. */
const void *turn_app_context(const struct turn *turn);

/* The store, to read; and to write, which makes this turn one that leaves a trace: it is then
 * committed, with everything else it did, before its answer leaves. The answer of a turn that asked
 * for neither leaves at once: nothing of what is stored may be in it. */
struct store *turn_reads(struct turn *turn);
struct store *turn_writes(struct turn *turn);

/* Run ${read} in a turn that can only read, without an engine: for what looks at the book beside a
 * running bot. It has turn_now, turn_reads and turn_memory, turn_app_context where ${app} is not
 * NULL, and turn_time is 0. To write in it, or to ask it for what an engine has (turn_random,
 * effects, timers, gates, stopwatches, notes, turn_backoff), ends the process. */
void turn_read_only(struct store *store, int64_t now, const void *app,
                    void (*read)(struct turn *turn, void *about), void *about);

/* ${size} bytes that live until the turn ends, zeroed when ${owner} (an address of its own) asks
 * for them first. The book keeps in them what it has read, so that a turn reads each thing once,
 * and forgets what it writes. */
void *turn_memory(struct turn *turn, const void *owner, size_t size);

int64_t turn_count(struct turn *turn, const char *counter); /* next number, from 1; never reused */
/* The next number will be higher than ${max}. */
void turn_count_past(struct turn *turn, const char *counter, int64_t max);

/* --- how a handler answers an envelope --- */

/* Made by the functions below and by nothing else: a handler that forgets to answer does not
 * compile. */
struct decision {
    enum { DECISION_ANSWER = 1, DECISION_ERRORS } kind;
    char *answer; /* the ack's payload (JSON text), NULL: an empty ack; the engine frees it */
};

/* Acknowledge, with ${payload} (JSON text on the heap, taken; NULL: none). Kept: the same envelope,
 * click or event gets the same answer again. */
struct decision turn_answer(struct turn *turn, char *payload);

/* Acknowledge with errors beside the fields: everything the turn did is undone and nothing is
 * remembered, so that the corrected form is a new submission. */
struct decision turn_errors(struct turn *turn, char *payload);

/* Acknowledge now; whether the person may, is decided when fresh lists are there. */
struct decision turn_act_later(struct turn *turn);

/* --- telling --- */

/* Call ${tell} with a copy of ${about}: now; or, where that is within such a call, when it and
 * those before have ended, so that all who are told hear of everything in one order. */
void turn_tell(struct turn *turn, void (*tell)(struct turn *turn, const void *about),
               const void *about, size_t size);

/* --- effects --- */

/* ${subject}: mostly the offer's number. ${target}: for a mirror and a read what it shows or asks
 * (one at a time is kept per type and target); for others free, up to 200 bytes. ${lane}: effects
 * of one lane run one after the other, in order; NULL: none. ${answer}: to what somebody just did;
 * it goes ahead of all in its lane that are not answers.
 * ${topic}: of a notice; at most one of its type, lane and topic waits, and a newer one takes its
 * place; NULL: none. ${wait_ms}: it begins no sooner than so long from now. ${body}: text, copied
 * as it is; what is rendered has none. */
struct effect {
    const struct effect_type *type;
    int64_t subject;
    const char *target;
    const char *lane;
    bool answer;
    bool anyway; /* volatile: done, too, where the turn ends in errors beside the fields */
    const char *topic;
    int64_t wait_ms;
    const char *body;
};

/* Remember it. Returns its id, which is never reused (part of what proves that it was ours); but 0
 * for a mirror, a read with a target and a notice with a topic: they may merge into a row that
 * waits already. */
int64_t turn_effect(struct turn *turn, const struct effect *effect);

/* Would queuing this exceed ${max} waiting answers (or others) in its lane? One that takes
 * another's place never does. */
bool turn_crowded(struct turn *turn, const struct effect *effect, size_t max);

/* A mirror's target changed: show it. */
void turn_mirror(struct turn *turn, const struct effect_type *type, const char *target,
                 int64_t subject);

/* What is known of an EFFECT_ONCE: it waits or is in flight, and its result will come; it may have
 * happened; or it is closed, and so is an id that never was. */
enum once_state { ONCE_OPEN, ONCE_UNKNOWN, ONCE_CLOSED };
enum once_state turn_once_state(struct turn *turn, int64_t effect);

/* One whose outcome is unknown: it happened (or never will) and is closed; or it certainly did
 * not happen, and its very bytes go out again. */
void turn_resolve(struct turn *turn, int64_t effect);
void turn_resend(struct turn *turn, int64_t effect);

/* Note a look-up that found nothing. Two misses at least ${apart} ms apart, on the monotonic clock,
 * prove absence. Returns ms until the next may count, 0 when proven. */
int64_t turn_reconcile_wait(struct turn *turn, int64_t effect, int64_t apart);

/* Does an effect of this type and subject wait, or is it in flight? */
bool turn_pending(struct turn *turn, const struct effect_type *type, int64_t subject);
/* The same of a read or mirror of no subject, with this target. */
bool turn_pending_for(struct turn *turn, const struct effect_type *type, const char *target);
/* For how many ms the service of this call ("slack:users.info") asked not to be called; 0: it did
 * not, or they are over. */
int64_t turn_backoff(const struct turn *turn, const char *call);
/* Drop an effect of this type and subject that has not been sent yet; true when there was one. */
bool turn_cancel_waiting(struct turn *turn, const struct effect_type *type, int64_t subject);

/* Cancel this effect if it has not been sent, or its outcome is unknown. False: there is none, or
 * it is in flight and comes to its end. */
bool turn_cancel(struct turn *turn, int64_t effect);

/* Effects behind this gate wait from now on, whatever their row says, until it is opened again; in
 * this process, and not after it. */
void turn_close_gate(struct turn *turn, const struct gate *gate);
void turn_open_gate(struct turn *turn, const struct gate *gate);

/* --- timers --- */

/* Due in ${ms} (0: at once, in a turn of its own), whatever the wall clock says by then: a length,
 * below ten years, and no moment. */
void turn_timer(struct turn *turn, const struct timer_type *type, int64_t subject, int64_t ms);
/* A date of the calendar: due when the wall clock says so. */
void turn_date(struct turn *turn, const struct timer_type *type, int64_t subject, int64_t date);
/* Either kind; does nothing if it is not set. */
void turn_timer_stop(struct turn *turn, const struct timer_type *type, int64_t subject);

/* --- stopwatches --- */

/* Start the stopwatch of this name, anew where it runs already. No setting of the clock disturbs
 * it, and no process takes it over from the one before. */
void turn_stopwatch_start(struct turn *turn, const char *name);
void turn_stopwatch_stop(struct turn *turn, const char *name);
/* For how many ms it has been running; -1: it was not started in this process. */
int64_t turn_stopwatch_ms(const struct turn *turn, const char *name);

/* --- notes --- */

/* What is worth something for a while and must never be stored: kept in memory under ${name} for
 * ${ms} (by a clock that nobody sets), to be taken ${uses} times. A newer one takes its place; of
 * very many the oldest goes; none outlives the process. */
void turn_note(struct turn *turn, const char *name, const char *text, int64_t ms, int uses);
/* Take it once, as a copy on the heap; NULL if it is gone. */
char *turn_noted(struct turn *turn, const char *name);

#endif
