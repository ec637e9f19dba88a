/* An HTTP proxy as companies have one: nothing but CONNECT, to this machine alone, with or without
 * a user and a password. Source: RFC 9110, 9.3.6 and 11.7. */
#ifndef SANDBOX_TUNNEL_H
#define SANDBOX_TUNNEL_H

#include "sandbox.h"

/* Serve POST /_sandbox/proxy {user, password}: open it, or ask for other words from now on. Members
 * of the answer {port}, a new reference; NULL and *error when it cannot be opened. What passes is
 * told to the log, kind "proxy.connect" {target, status}. */
json_t *tunnel_wish(struct sandbox *sandbox, const json_t *body, const char **error);
struct tunnel;
void tunnel_close(struct tunnel *tunnel); /* NULL is fine */

#endif
