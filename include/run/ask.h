/* Asking the services one question at a time, waiting for each answer: for commands that do nothing
 * else. The loop is run meanwhile. */
#ifndef CPPO_RUN_ASK_H
#define CPPO_RUN_ASK_H

#include <jansson.h>
#include <uv.h>

#include "config.h"
#include "io/http.h"
#include "marketplace/errors.h"
#include "run/aws.h"
#include "slack/api.h"

struct asker {
    uv_loop_t loop;
    struct proxy *proxy; /* NULL: none */
    struct http *http;
    struct aws_wire wire;
};

/* ${asker} all zero. With the configured proxy and authorities. */
int asker_open(struct asker *asker, const struct config *config, struct err *err);
void asker_close(struct asker *asker);

/* ${answer} is the caller's to clear; ${scopes}: what the token may, separated by commas, on the
 * heap ("" when Slack does not say). Takes ${args}. */
void ask_slack(struct asker *asker, const char *method, const char *token, json_t *args,
               struct slack_answer *answer, char **scopes);

/* The reply's body on the heap, and what it means. ${args}: JSON text. A service that asks us to
 * slow down is asked again, a few times, after as long as it wants. */
char *ask_identity(struct asker *asker, const struct credentials *credentials,
                   struct aws_error *error);
char *ask_role(struct asker *asker, const char *role, const struct credentials *credentials,
               struct aws_error *error);
char *ask_catalog(struct asker *asker, const char *call, const char *args,
                  const struct credentials *credentials, struct aws_error *error);

/* The configured credentials, with the same patience; NULL with an error. Borrowed from
 * ${credentials}. */
const struct credentials *ask_credentials(struct asker *asker, struct aws_credentials *credentials);

#endif
