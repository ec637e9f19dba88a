/* Slack's Web API at /api/METHOD, as strict as the real one: Authorization header only, scopes,
 * content types, rate limits. Source: docs.slack.dev/apis/web-api and each method's page. */
#ifndef SANDBOX_API_H
#define SANDBOX_API_H

#include "sandbox.h"

void api_handle(struct sandbox *sandbox, const struct sb_request *request, struct sb_reply *reply);

/* One call, as the methods in api_*.c see it. */
struct api_call {
    struct sandbox *sandbox;
    json_t *args;       /* an object; form values are texts */
    json_t *reply;      /* the method adds what it answers */
    json_t *messages;   /* for response_metadata.messages; NULL or an array */
    const char *needed; /* with missing_scope */
    int retry_after;    /* with ratelimited */
    char why[160];      /* what was malformed, for the log; "": nothing */
};

/* NULL or Slack's error code. */
typedef const char *api_method(struct api_call *call);

/* Arguments; null counts as not given. api_text: "" when it was not given or is no text. */
const char *api_text(const struct api_call *call, const char *key);
bool api_flag(const struct api_call *call, const char *key);
int api_number(const struct api_call *call, const char *key, int fallback);
/* A structure, given as it is or as text holding JSON. *value a new reference or NULL (not given);
 * false: it is not JSON. */
bool api_json(struct api_call *call, const char *key, json_t **value);
/* Complain that ${key} is missing; returns "invalid_arguments". */
const char *api_missing(struct api_call *call, const char *key);
/* Note for the log what was malformed; returns ${error}. */
__attribute__((format(printf, 3, 4))) const char *
api_wrong(struct api_call *call, const char *error, const char *format, ...);
/* Fill call->args from the request; NULL or Slack's error code, *warning a warning of Slack's.
 * ${form_only}: what is JSON is not looked at. */
const char *api_read_args(struct api_call *call, const struct sb_request *request, bool form_only,
                          const char **warning);
/* Does the token have this scope? Otherwise "missing_scope" and call->needed. */
const char *api_scope(struct api_call *call, const char *scope);

#define API_METHODS(X)                                                                             \
    X(chat_post_message)                                                                           \
    X(chat_update)                                                                                 \
    X(chat_post_ephemeral)                                                                         \
    X(chat_delete)                                                                                 \
    X(chat_get_permalink)                                                                          \
    X(views_open)                                                                                  \
    X(views_push)                                                                                  \
    X(views_update)                                                                                \
    X(views_publish)                                                                               \
    X(auth_test)                                                                                   \
    X(conversations_open)                                                                          \
    X(conversations_info)                                                                          \
    X(conversations_members)                                                                       \
    X(conversations_history)                                                                       \
    X(conversations_replies)                                                                       \
    X(conversations_join)                                                                          \
    X(users_info)                                                                                  \
    X(users_conversations)                                                                         \
    X(usergroups_list)                                                                             \
    X(usergroups_users_list)
#define API_DECLARE(name) api_method api_##name;
API_METHODS(API_DECLARE)

#endif
