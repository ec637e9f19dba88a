/* An HTTP/1.1 server on 127.0.0.1: strict, with keep-alive, Content-Length bodies only. It keeps
 * the request's target as it was sent, which signatures are computed over, and can cut a
 * connection instead of answering. */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include "err.h"
#include "sandbox.h"

struct http;
struct http_exchange; /* one request and the reply that is owed */

typedef void http_handler(struct sandbox *sandbox, struct http_exchange *exchange);

/* Listen on ${port}; 0: any free one; when it is in use, the next free one. NULL with an error. */
struct http *http_open(struct sandbox *sandbox, int port, http_handler *handler, struct err *err);
int http_port(const struct http *http);
/* Ends all connections; the loop must run on until its handles are closed. NULL is fine. */
void http_close(struct http *http);

const struct sb_request *http_request(const struct http_exchange *exchange);
/* Exactly once for every exchange, now or later: sends ${reply}, takes its texts, frees the
 * exchange. */
void http_reply(struct http_exchange *exchange, struct sb_reply *reply);

#endif
