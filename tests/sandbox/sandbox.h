/* What the two halves of cppo-sandbox share: the Slack workspace (this directory) and the
 * Marketplace (market*.c). One process, one libuv loop, one thread; nothing here blocks. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* --- the fixture's names (also written to DIR/cppo.yaml and DIR/sandbox.env) --- */

#define SANDBOX_ACCOUNT "111122223333" /* the partner's AWS account */
#define SANDBOX_REGION "us-east-1"
#define SANDBOX_KEY_ID "AKIDSANDBOXPARTNER"
#define SANDBOX_SECRET_KEY "sandbox/partner/secret+key"
/* Temporary keys, and who gets them: who assumes the role, a container, an instance. */
#define SANDBOX_ROLE "arn:aws:iam::111122223333:role/cppo"
#define SANDBOX_ROLE_KEY_ID "ASIASANDBOXROLE"
#define SANDBOX_ROLE_SECRET_KEY "sandbox/role/secret+key"
#define SANDBOX_ROLE_TOKEN "sandbox//session+token=="
#define SANDBOX_WEB_TOKEN "sandbox.web.identity"
#define SANDBOX_CONTAINER_TOKEN "sandbox-container"

struct sandbox;

/* --- HTTP --- */

struct sb_header {
    const char *name;  /* as sent */
    const char *value; /* without the white space around it */
};

/* All texts are valid while the handler runs. */
struct sb_request {
    const char *method; /* "GET", "POST" */
    const char *target; /* raw, as sent: path and query, nothing decoded */
    const char *path;   /* the target up to "?", not decoded */
    const char *query;  /* what follows "?", raw; "" without */
    const char *body;   /* NUL-terminated behind body_size bytes; never NULL */
    size_t body_size;
    const struct sb_header *headers;
    size_t header_count;
    uint64_t connection; /* numbers the TCP connection, from 1 */
};

/* The (first) header of this name, ASCII case ignored; NULL when it was not sent. */
const char *sandbox_header(const struct sb_request *request, const char *name);

/* A handler gets it zeroed and fills it; whoever called the handler sends it and frees the texts.
 * Content-Length, Date and Connection are added when it is sent. */
struct sb_reply {
    int status;               /* 0 means 200 */
    const char *content_type; /* static text; NULL means application/json */
    struct text headers;      /* further lines, each "Name: value\r\n" */
    struct text body;
    bool cut;     /* send nothing, reset the connection */
    int delay_ms; /* send it (or cut) so much later */
};

/* Fill ${reply} with ${status} and ${body} as compact JSON; takes ${body} over. */
void sandbox_reply_json(struct sb_reply *reply, int status, json_t *body);

/* --- time --- */

int64_t sandbox_now_ms(void);       /* wall clock, UTC, ms since 1970 */
int64_t sandbox_monotonic_ms(void); /* monotonic: for durations */
int64_t sandbox_monotonic_us(void);

/* Call ${fn}(${ctx}) once, ${ms} from now, never inside this call. The handle is valid until ${fn}
 * is called or it is cancelled; NULL may be cancelled. When the sandbox ends, what is left is
 * cancelled. */
struct sandbox_timer;
struct sandbox_timer *sandbox_after(struct sandbox *sandbox, int64_t ms, void (*fn)(void *ctx),
                                    void *ctx);
void sandbox_cancel(struct sandbox_timer *timer);

/* --- ids --- */

enum { SANDBOX_UUID = 37 };
void sandbox_uuid(char uuid[SANDBOX_UUID]); /* random, version 4, lower case */
/* ${size} - 1 random characters of 0-9A-Z and a NUL. */
void sandbox_random_id(char *id, size_t size);

/* Where people and the bot reach this sandbox: "http://127.0.0.1:PORT". */
const char *sandbox_url(const struct sandbox *sandbox);

/* --- the log (GET /_sandbox/log) --- */

/* Append {seq, at_ms, kind, ...${fields}}; takes ${fields} over (NULL: none). No secret in it.
 * Kind "complaint" {what, ...}: a client did something against the rules. */
void log_entry(struct sandbox *sandbox, const char *kind, json_t *fields);

/* --- faults (POST /_sandbox/fault) --- */

enum fault_drop {
    FAULT_KEEP,
    FAULT_BEFORE, /* not applied, connection cut */
    FAULT_AFTER,  /* applied, connection cut without a reply */
    FAULT_LATE,   /* connection cut, and applied delay_ms later (AWS only) */
};

struct fault {
    int status;        /* 0: as the error wants it */
    const char *error; /* code to answer with instead of applying the call; NULL: none */
    int retry_after;   /* seconds, 0: none */
    enum fault_drop drop;
    int delay_ms;      /* the reply comes so much later; the call is applied at once */
    const char *body;  /* this raw body instead of a reply, nothing applied; NULL: none */
    const char *match; /* what the call had to hold; NULL: anything */
    int pad;           /* sockets: bytes to add to a payload */
};

/* To be asked once for every call of the outside world, after it was authenticated: the fault that
 * is due for it, or NULL. ${where}: "slack", "aws" or "socket". Valid until the next call of
 * fault_take. */
const struct fault *fault_take(struct sandbox *sandbox, const char *where, const char *method,
                               const char *body, size_t body_size);
/* Is the call not to be applied, because the fault answers (or cuts) instead? */
bool fault_replaces(const struct fault *fault);
/* Copy delay, cut, Retry-After, status and body of ${fault} (may be NULL) into ${reply}; the error
 * code's shape is the caller's, who fills in the reply before this. */
void fault_apply(const struct fault *fault, struct sb_reply *reply);

/* --- the other half, in market*.c --- */

struct market;
struct market *market_open(struct sandbox *sandbox); /* never NULL; before anything is served */
void market_close(struct market *market);            /* NULL is fine */
/* Serve paths that begin with "/aws/" or "/_sandbox/market/"; false: no such path, a 404 is sent.
 */
bool market_handle(struct market *market, const struct sb_request *request, struct sb_reply *reply);
/* Is ${wish} (of POST /_sandbox/fault) about the Marketplace as a whole: {change_set: "fail" |
 * "cancel" | "hold" | "go_on", code, message, server_fault, state}, {tokens: "honoured" |
 * "ignored"}, {list_lag_ms}? Then it is obeyed, or *error says what is wrong with it. */
bool market_luck(struct market *market, const json_t *wish, const char **error);
void market_luck_ends(struct market *market); /* an end to all that it brought about */
/* What GET /_sandbox/state shows as "market": a new reference. */
json_t *market_state(struct market *market);

#endif
