/* The log behind log_entry (sandbox.h): kept in memory, the newest 20 000 entries. */
#ifndef SANDBOX_LOG_H
#define SANDBOX_LOG_H

#include "http.h"

struct log;
struct log *log_open(void);
/* At the very end, when timers and server are gone. NULL is fine. */
void log_close(struct log *log);

/* Answer GET /_sandbox/log?after=SEQ&wait_ms=N, now or when there is something; takes ${exchange}.
 */
void log_serve(struct sandbox *sandbox, struct http_exchange *exchange);
int64_t log_newest(const struct log *log);

#endif
