/* A TCP connection to a host, direct or through an HTTP proxy, on the libuv loop. All addresses of
 * a name are tried, the families by turns, each for as long as leaves time for the others. */
#ifndef CPPO_IO_DIAL_H
#define CPPO_IO_DIAL_H

#include <uv.h>

#include "err.h"
#include "io/proxy.h"

struct dial;

/* Once, never inside dial_start: a socket that is the receiver's (not blocking, closed on exec); or
 * -1, and why, in words. */
typedef void dial_done_fn(void *ctx, int fd, const char *why);

/* ${via}: NULL, or the proxy, which must outlive this. NULL with an error when the name cannot even
 * be looked up. It ends within fourteen seconds. */
struct dial *dial_start(uv_loop_t *loop, const char *host, int port, const struct proxy *via,
                        dial_done_fn *done, void *ctx, struct err *err);

/* ${done} will not run. Memory is freed when the loop has closed the handles. */
void dial_cancel(struct dial *dial);

#endif
