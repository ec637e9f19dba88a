/* HTTP requests by libcurl on the libuv loop. TLS is always verified, also inside a proxy's tunnel;
 * no redirect is followed and no proxy or netrc of the environment is used. */
#ifndef CPPO_IO_HTTP_H
#define CPPO_IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "err.h"
#include "io/proxy.h"

struct http;
struct text;

/* Where plain http is allowed, by the host of the URL. */
enum http_plain {
    HTTP_PLAIN_LOOPBACK = 1,    /* 127.0.0.0/8, ::1, localhost */
    HTTP_PLAIN_CREDENTIALS = 2, /* 169.254.169.254, 169.254.170.2, 169.254.170.23, fd00:ec2::254,
                                   fd00:ec2::23 */
};

/* On which connection a request goes.
 *
 * When a connection that was kept turns out to be dead, libcurl silently sends the request again on
 * a new one, and nobody can know whether it had arrived on the first. Of a request that must not
 * arrive twice, the body is therefore handed to libcurl piece by piece, each piece once: there is
 * nothing that it could send again, a request without its whole body is none, and the call ends as
 * one that was sent and not answered. So that this stays rare, such a request goes only on a
 * connection that was in use a moment ago; services keep theirs open for longer by far. */
enum http_connection {
    HTTP_KEPT,  /* any that is open */
    HTTP_FRESH, /* a new one: those that are open may be as dead as what failed just now */
    HTTP_ONCE,  /* it must not arrive twice, see above; it has a body */
};

struct http_request {
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value" lines, ended by NULL */
    const void *body;           /* NULL: none */
    size_t body_size;
    int timeout_ms;
    size_t max_reply; /* bytes of reply that are taken; more is an error */
    enum http_connection connection;
    unsigned plain; /* enum http_plain, or-ed */
};

struct http_reply {
    int status;        /* 0: no whole answer came */
    bool sent;         /* false: certain that the request never left this machine */
    const char *error; /* in words, when status is 0 */
    const char *body;  /* NUL-terminated */
    size_t size;
    const struct text *headers; /* for http_reply_header */
};

/* ${reply} is borrowed until the callback returns. */
typedef void http_done_fn(void *ctx, const struct http_reply *reply);

/* ${ca_file} "" : the system's authorities; else a file that can be read and holds some. */
struct http *http_open(uv_loop_t *loop, const char *ca_file, struct err *err);

/* All that proxy_for() says goes through ${proxy} from now on, by CONNECT; not what may go in plain
 * to addresses that give credentials. It must outlive ${http}; NULL: none. */
void http_use_proxy(struct http *http, const struct proxy *proxy);

/* Start one; everything given is copied. ${done} runs exactly once, later: never inside this call,
 * at the latest inside http_close. */
void http_send(struct http *http, const struct http_request *request, http_done_fn *done,
               void *ctx);

/* The first header of this name (case ignored), or NULL; borrowed. */
const char *http_reply_header(const struct http_reply *reply, const char *name);

/* An HTTP date (RFC 9110, section 5.6.7) in seconds since the epoch, -1 when it is not one. */
int64_t http_date(const char *text);

/* End all that is under way, as calls without an answer, and let go of the loop; nothing may be
 * started any more. Memory is freed when the loop has closed the handles. */
void http_close(struct http *http);

/* Is the host of this URL one to which plain http is allowed? Also the check for ws://. */
bool http_plain_allowed(const char *url, unsigned plain);

#endif
