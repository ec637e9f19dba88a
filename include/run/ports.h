/* The two services as the engine sees them: a call goes out as an HTTP request, its answer comes
 * back as a result. */
#ifndef CPPO_RUN_PORTS_H
#define CPPO_RUN_PORTS_H

#include "config.h"
#include "engine/engine.h"
#include "err.h"
#include "io/http.h"

/* How a result is given back; the port never calls it inside *_run. */
struct port_results {
    void (*complete)(void *ctx, int64_t effect, const struct completion *completion);
    void (*alarm)(void *ctx, const char *text); /* the operators should know */
    void *ctx;
};

/* --- Slack --- */

struct slack_port;

/* Where the Web API is: $SLACK_API_URL, else at Slack. */
const char *slack_url(void);

/* One request to the Web API. ${args}: JSON text. */
struct slack_method;
void slack_send(struct http *http, const struct slack_method *method, const char *token,
                const char *args, size_t size, enum http_connection connection, http_done_fn *done,
                void *ctx);

/* Tokens from the environment (config_secret). NULL with an error. */
struct slack_port *slack_port_new(struct http *http, const struct port_results *results,
                                  struct err *err);
void slack_port_free(struct slack_port *port);
void slack_port_run(struct slack_port *port, const struct effect_call *call);

/* A call of the composition's own, outside the engine: ${done} gets the reply (NULL when it
 * failed), Slack's code and words, and whether the set-up is at fault. */
typedef void slack_reply_fn(void *ctx, const void *reply, const char *code, const char *text,
                            bool setup, int64_t retry_after_ms);
void slack_port_ask(struct slack_port *port, const char *method, const char *args,
                    slack_reply_fn *done, void *ctx);

/* --- AWS --- */

struct aws_port;

/* ${http}, ${loop} and ${config} must outlive it. Credentials are fetched when they are first
 * needed. */
struct aws_port *aws_port_new(struct http *http, uv_loop_t *loop, const struct config *config,
                              const struct port_results *results);
/* Lets go of the loop: memory is freed when its handles are closed. */
void aws_port_free(struct aws_port *port);
/* Nothing is started at AWS before the identity is known to be the configured account. */
void aws_port_run(struct aws_port *port, const struct effect_call *call);

#endif
