/* response_url: up to 5 messages within 30 minutes of an interaction.
 * Source: docs.slack.dev/interactivity/handling-user-interaction. */
#ifndef SANDBOX_RESPONSE_H
#define SANDBOX_RESPONSE_H

#include "sandbox.h"

/* An address for what ${user} did in ${channel}, on the message ${ts} ("": none). On the heap. */
char *response_url(struct sandbox *sandbox, const char *user, const char *channel, const char *ts,
                   bool ephemeral);
/* Serve POST /response/KEY. */
void response_handle(struct sandbox *sandbox, const struct sb_request *request,
                     struct sb_reply *reply);
/* Show a message object {text, blocks, response_type} in answer to ${user}, in ${channel}; NULL or
 * Slack's error code. */
const char *response_show(struct sandbox *sandbox, const char *user, const char *channel,
                          const json_t *message);

#endif
