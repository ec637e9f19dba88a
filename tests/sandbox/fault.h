/* The queue of faults behind fault_take (sandbox.h). */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include "err.h"
#include "sandbox.h"

struct fault_queue;
struct fault_queue *fault_open(void);
void fault_close(struct fault_queue *faults); /* NULL is fine */

/* Serve the body of POST /_sandbox/fault: {where, method, match, times, skip, status, error,
 * retry_after, drop, delay_ms, body} or {clear: true}. */
int fault_add(struct fault_queue *faults, const json_t *wish, struct err *err);
/* Are all members of ${wish} known, and of the right kind? */
int fault_check(const json_t *wish, struct err *err);
/* What still waits: [{where, method, times}], a new reference. */
json_t *fault_list(const struct fault_queue *faults);

#endif
