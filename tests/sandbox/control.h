/* The control API under /_sandbox/: what tests, the tour and the page use. JSON in, JSON out; every
 * POST answers when what it started is finished. {"ok": false, "error": ...} is a wish that makes
 * no sense. */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "http.h"

/* Takes ${exchange}. */
void control_handle(struct sandbox *sandbox, struct http_exchange *exchange);

#endif
