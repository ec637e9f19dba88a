/* The engine: events -> turns -> commit -> acks -> effects -> results, which are events again.
 * Knows the C library and the store, and no service, socket or loop: it is driven through the
 * functions below and acts through its ports, so that a simulator can be its world.
 *
 * Nothing here is reentrant: ports must not call back into the engine. A store that fails ends the
 * process (io/store.h), so no function returns an error. */
#ifndef CPPO_ENGINE_ENGINE_H
#define CPPO_ENGINE_ENGINE_H

#include "engine/ports.h"

/* The engine's own tables: the first part of every migration list. */
extern const char engine_schema[];
extern const char engine_schema_2[];
extern const char engine_schema_3[];
extern const char engine_schema_4[];
extern const char engine_schema_5[];
extern const char engine_schema_6[];
extern const char engine_schema_7[];

/* ${store} is open and brought up to date by the schemas above; ${tables} and ${ports} are copied,
 * and what they point to, like ${app} (turn_app_context), must outlive the engine. */
struct engine *engine_new(struct store *store, const struct ports *ports,
                          const struct tables *tables, const void *app);
/* What was not flushed is lost, as it would be in a crash. NULL is fine. */
void engine_free(struct engine *engine);

/* Recover: of what was under way and must not happen twice the outcome is unknown now; then the
 * start event. Call once, first. */
void engine_start(struct engine *engine);

/* An envelope came. Its answer follows by send_ack. */
void engine_envelope(struct engine *engine, const struct delivery *delivery);

/* A call has ended. */
void engine_result(struct engine *engine, int64_t id, const struct completion *completion);

/* Something else happened, that ${what} handles in a turn of its own. */
void engine_do(struct engine *engine, void (*what)(struct turn *turn, const void *about),
               const void *about);

/* Run what is due: one wait and one date. Where there is more, the next flush says so (wake_in). */
void engine_tick(struct engine *engine);

/* Commit what is open, and have the disk sync it; then its acks leave, and effects start. To be
 * called before the loop can sleep. */
void engine_flush(struct engine *engine);
/* The same, and wait for the disk: before the sockets go on which the answers are to leave. */
void engine_settle(struct engine *engine);
/* The disk has it: ports.sync was done, in ${took} microseconds; negative: it failed, and with it
 * the process ends. */
void engine_synced(struct engine *engine, int64_t took);
/* A commit is due, and may be put off for what can be read at once: the disk is waited for once for
 * many turns. False after 5 ms, or 256 turns, of that. */
bool engine_may_batch(const struct engine *engine);

/* Start no effect from now on (an orderly stop); results are still taken. */
void engine_drain(struct engine *engine);
/* How many calls are in flight. */
size_t engine_in_flight(const struct engine *engine);

/* For operators. */
struct engine_counts engine_counts(const struct engine *engine);

#endif
