/* Waits for the disk beside the loop, in a thread of its own: libuv's are for whatever comes, and a
 * name that is looked up for ten seconds must hold up no ack. */
#ifndef CPPO_IO_SYNCER_H
#define CPPO_IO_SYNCER_H

#include <stdint.h>
#include <uv.h>

#include "err.h"
#include "io/store.h"

struct syncer;

/* ${done} runs on the loop, with what store_sync returned. The store must outlive it. NULL: the
 * machine has no thread to give. */
struct syncer *syncer_start(uv_loop_t *loop, struct store *store,
                            void (*done)(void *ctx, int64_t took), void *ctx, struct err *err);

/* Sync what is committed by now; ${done} follows, exactly once. One at a time. */
void syncer_sync(struct syncer *syncer);

/* Wait for what was begun, and return what store_sync did: ${done} does not follow. */
int64_t syncer_wait(struct syncer *syncer);

/* Ends the thread; nothing may be under way. Memory is freed when the loop has closed the handle.
 * NULL is fine. */
void syncer_close(struct syncer *syncer);

#endif
