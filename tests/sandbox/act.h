/* What people do: each turns a wish of the control API into an envelope, and what comes back into
 * what the person then sees. Each takes ${exchange}, whose reply is sent when the interaction is
 * finished: {ok, outcome, ack, envelope_id, ms, ...}; ${body} is borrowed. Whether a person could
 * really see what they click on is not asked: tests forge clicks. For shortcuts it is checked.
 * Shapes: docs.slack.dev/reference/interaction-payloads. */
#ifndef SANDBOX_ACT_H
#define SANDBOX_ACT_H

#include "envelope.h"
#include "http.h"
#include "sandbox.h"

typedef void act_wish(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body);

act_wish act_command, act_home, act_deliver, act_redeliver; /* act.c */
act_wish act_click;                                         /* act_click.c */
act_wish act_shortcut;                                      /* act_shortcut.c */
act_wish act_submit, act_suggest, act_close;                /* act_modal.c */

/* Adds "shortcuts" [{type: "global" | "message", name, callback_id}] to GET /_sandbox/state. */
void act_shortcuts(json_t *state);

/* --- shared by act*.c --- */

struct act {
    struct sandbox *sandbox;
    struct http_exchange *exchange;
    char *user;
    char *channel;
    char *view_id;
    char *block_id;
    const char *timed_out; /* what the outcome is called when no acknowledgement came */
};
struct act *act_new(struct sandbox *sandbox, struct http_exchange *exchange, const char *user);
/* Send the payload; ${done} gets the act and calls act_finish. */
void act_send(struct act *act, const char *type, json_t *payload, bool accepts, bool drop_ack,
              envelope_done *done);
/* Answer with the outcome and ${more} (taken, may be NULL), and free the act. */
void act_finish(struct act *act, const struct envelope_result *result, json_t *more);
/* An envelope_done that does just this. */
void act_done(void *ctx, const struct envelope_result *result);
/* Answer without any envelope. */
void act_refuse(struct http_exchange *exchange, const char *error);
void act_answer(struct http_exchange *exchange, json_t *body); /* takes ${body} */

/* The user named by the wish; NULL (and the exchange is answered) when there is none. */
const char *act_user(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body);
/* {type, team, user, api_app_id, token, is_enterprise_install, enterprise}: ${team} is the
 * workspace of the app or of the person, which differs by kind of payload. */
json_t *act_payload(struct sandbox *sandbox, const char *type, const char *user, const char *team);
/* Type ${wishes} {block id or action id: text} into a view (modal.h). */
int act_enter(json_t *entry, const json_t *wishes, struct err *err);
/* A channel as payloads name it: {id, name}. */
json_t *act_channel(const json_t *channel);

#endif
