/* AWS as the process reaches it: signed requests, and the credentials that sign them. */
#ifndef CPPO_RUN_AWS_H
#define CPPO_RUN_AWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "io/http.h"
#include "marketplace/catalog.h"
#include "marketplace/credentials.h"
#include "marketplace/sigv4.h"

/* --- the wire --- */

struct aws_wire {
    struct http *http;
    int64_t skew_s; /* AWS's clock minus clock_ms, once it is known to matter */
};

struct aws_request {
    const char *base; /* "https://host[:port][/prefix]" */
    const char *method;
    const char *path; /* after the prefix: "/StartChangeSet"; needs no encoding */
    const struct sigv4_parameter *query; /* NULL: none */
    const char *content_type;            /* "" without a body */
    const char *target;                  /* X-Amz-Target, NULL: none */
    const void *body;
    size_t body_size;
    const char *service; /* that the signature names */
    int timeout_ms;
    size_t max_reply;
    bool once; /* it must not arrive twice (HTTP_ONCE) */
};

/* Sign with ${credentials} and send. */
void aws_send(struct aws_wire *wire, const struct aws_request *request,
              const struct credentials *credentials, http_done_fn *done, void *ctx);

/* AWS tells its time with every answer; signatures are good for five minutes either way. True when
 * the clock we signed by was off, so that signing anew can help. */
bool aws_learn_clock(struct aws_wire *wire, const struct http_reply *reply);

/* STS, where the environment says it is, else where it really is. */
const char *aws_sts_endpoint(void);

/* A call of the Catalog API with its arguments as JSON text (marketplace/catalog.h). */
void aws_call(struct aws_wire *wire, const struct catalog_call *call, const char *args, size_t size,
              bool once, const struct credentials *credentials, http_done_fn *done, void *ctx);

/* GetCallerIdentity of STS: the reply is XML with an Account and an Arn. */
void aws_ask_identity(struct aws_wire *wire, const struct credentials *credentials,
                      http_done_fn *done, void *ctx);

/* GetRole of IAM: is there a role of this name in the account? Its reply is XML. */
void aws_ask_role(struct aws_wire *wire, const char *role, const struct credentials *credentials,
                  http_done_fn *done, void *ctx);

/* --- the credentials --- */

struct aws_credentials;

/* Told at the end of every fetch: NULL, or in words why there are no credentials. Called from the
 * loop, never inside aws_credentials_get. */
typedef void aws_credentials_done_fn(void *ctx, const char *why);
struct aws_credentials *aws_credentials_new(struct aws_wire *wire, uv_loop_t *loop,
                                            const char *profile, aws_credentials_done_fn *done,
                                            void *ctx);
/* Lets go of the loop; memory is freed when its handles are closed. NULL is fine. */
void aws_credentials_free(struct aws_credentials *credentials);

/* The credentials, if there are good ones now: borrowed until the loop goes on. Else NULL; then a
 * fetch is under way (*${coming}), or was not long ago and is not tried again yet. Credentials that
 * end soon are renewed ahead of time. */
const struct credentials *aws_credentials_get(struct aws_credentials *credentials, bool *coming);

/* Did the last fetch fail because AWS STS wants to be asked more slowly? */
bool aws_credentials_slowed(const struct aws_credentials *credentials);

/* AWS does not take them: others are fetched. */
void aws_credentials_renew(struct aws_credentials *credentials);

#endif
