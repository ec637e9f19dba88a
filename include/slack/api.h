/* Slack's Web API: the methods that this bot calls, how each is asked, and what its answer means.
 * Source: docs.slack.dev/apis/web-api and the reference page of each method. */
#ifndef CPPO_SLACK_API_H
#define CPPO_SLACK_API_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/turn.h"

struct slack_method {
    const char *name;
    const char *scopes; /* that the token needs, separated by commas; "" none */
    bool form;          /* read methods want application/x-www-form-urlencoded */
    bool app_token;     /* xapp-, not xoxb- */
    int timeout_ms;
    bool optional; /* the bot runs without, and what that costs is told */
};

enum { SLACK_POST_GAP_MS = 1100 }; /* of messages to one channel: it takes one a second */

#define SLACK_RESPONSE "response"                                /* an answer at a response url */
const struct slack_method *slack_method_named(const char *name); /* NULL: not one of ours */
const struct slack_method *slack_methods(void);                  /* ends with a NULL name */

/* May an answer be posted to this response url? Only by https to Slack's own hook host, or at the
 * origin of the Web API, ${api_url}: it came with an envelope, and what is told there is
 * confidential. Source: docs.slack.dev/interactivity/handling-user-interaction. */
bool slack_response_allowed(const char *url, const char *api_url);

/* The request's body for ${args} (JSON text): as it is, or as a form. On the heap. */
char *slack_request_body(const struct slack_method *method, const char *args, size_t size);
const char *slack_content_type(const struct slack_method *method);

/* What an answer means. Owns ${root} (NULL unless it was JSON). */
struct slack_answer {
    json_t *root;
    enum outcome outcome;
    char code[80];          /* Slack's error code, "http_500", "timeout" ...; "" when ok */
    char text[400];         /* in plain words, what to do; "" when ok */
    int64_t retry_after_ms; /* -1: nothing was asked for */
};

/* ${status} 0: no answer came, ${sent} whether the request may have arrived. ${retry_after}: the
 * header's text or NULL. Where a second try would do no harm an unknown outcome is the engine's to
 * repeat (engine/turn.h). */
void slack_answer_read(struct slack_answer *answer, int status, bool sent, const char *body,
                       size_t size, const char *retry_after);
/* The same of a response url, which says "ok" and nothing else when it took the message. */
void slack_response_read(struct slack_answer *answer, int status, bool sent, const char *body,
                         size_t size, const char *retry_after);
void slack_answer_clear(struct slack_answer *answer);

/* An error code in plain words; a general sentence for one that we do not know. */
const char *slack_error_words(const char *code);
/* Is the token or the app's set-up wrong, so that all calls fail alike? */
bool slack_error_is_setup(const char *code);

/* NULL when ${token} begins with ${prefix}; else what is wrong with it, in words that do not quote
 * it. */
const char *slack_token_fault(const char *token, const char *prefix);

#endif
