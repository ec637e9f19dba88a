/* An HTTP proxy, which everything that leaves for the world goes through by CONNECT: TLS runs
 * inside, verified as ever, so that the proxy sees names and ports only. */
#ifndef CPPO_IO_PROXY_H
#define CPPO_IO_PROXY_H

#include "config.h"
#include "err.h"

struct proxy {
    char *host; /* without brackets */
    int port;
    char *user; /* NULL: none */
    char *password;
    char *no_proxy;   /* hosts that are gone to directly */
    const char *from; /* the key or variable that named it; a literal */
};

/* The proxy that is configured: proxy.url ("none": none), else HTTPS_PROXY or ALL_PROXY, in small
 * letters first; the password of a user from the variable or the secret PROXY_PASSWORD. 0 with NULL
 * in *${proxy} when there is none; -1 with words, which quote nothing of the address, for one that
 * cannot be used: a TLS or SOCKS proxy, no port. */
int proxy_open(const struct config *config, struct proxy **proxy, struct err *err);
void proxy_close(struct proxy *proxy); /* NULL is fine */

/* ${proxy}, or NULL when ${host} (a name or address, brackets or not) is gone to directly: where
 * there is no proxy, to addresses that give credentials (169.254.0.0/16, fd00:ec2::/32), to this
 * machine itself unless no_proxy says "<-loopback>", and to what no_proxy names: as curl does,
 * names with all below them, addresses, networks (10.0.0.0/8), or "*". */
const struct proxy *proxy_for(const struct proxy *proxy, const char *host);

/* "http://proxy.example:3128, for user deal-desk (HTTPS_PROXY)"; on the heap. */
char *proxy_text(const struct proxy *proxy);

/* The request "CONNECT host:port" with its blank line; on the heap, to be freed by mem_wipe_free.
 */
char *proxy_request(const struct proxy *proxy, const char *host, int port);

/* Why the proxy refused, by its status, in words; static room. */
const char *proxy_refusal(int status);

#endif
