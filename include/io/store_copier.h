/* What was committed lies in a log (SQLite's write-ahead log) until it is copied into the state
 * file, for which the disk is waited for twice: by a thread of its own, over a connection of its
 * own, while the loop goes on. How long the log may become, io/store.h says. */
#ifndef CPPO_IO_STORE_COPIER_H
#define CPPO_IO_STORE_COPIER_H

#include <uv.h>

#include "io/store.h"

struct store_copier;

/* From now on the log of ${store} is copied so. The loop must run to its end before it is freed. */
struct store_copier *store_copier_new(uv_loop_t *loop, struct store *store);
void store_copier_free(struct store_copier *copier); /* NULL is fine */

#endif
