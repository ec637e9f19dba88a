/* The workspace: people, channels, messages, groups, rate limits. All of it is JSON in struct
 * workspace (parts.h); what is returned is borrowed unless said otherwise.
 *
 * A message: {type, ts, user, bot_id?, app_id?, team, text, blocks?, metadata?, thread_ts?,
 * edited?, subtype? ("thread_broadcast": a reply that stands in the channel as well), versions:
 * [earlier {text, blocks, metadata, at_ms}], calls: see notice.h}; an ephemeral one has `channel`
 * and `is_ephemeral` instead of calls. */
#ifndef SANDBOX_WORKSPACE_H
#define SANDBOX_WORKSPACE_H

#include "sandbox.h"

#define WORKSPACE_TEAM "T0HOME"

struct workspace;
struct workspace *workspace_open(void);
void workspace_close(struct workspace *workspace); /* NULL is fine */

/* In a grid also by the id of the organisation. */
json_t *workspace_user(const struct workspace *workspace, const char *id);
json_t *workspace_channel(const struct workspace *workspace, const char *id);
/* The direct messages between the bot and this user, opened when needed; NULL: no such user. */
json_t *workspace_dm(struct workspace *workspace, const char *user);
/* A person as they are kept; a new reference. */
json_t *workspace_person(const char *id, const char *name, const char *real_name, const char *team,
                         bool guest);
bool workspace_is_member(const json_t *channel, const char *user);
/* The bot is invited into the channel, or removed from it. */
void workspace_invite_bot(const struct workspace *workspace, json_t *channel, bool in);
/* The text member ${key} of an object, "" when it has none. */
const char *workspace_text(const json_t *object, const char *key);
bool workspace_flag(const json_t *object, const char *key);

/* A time stamp that no message has yet. */
enum { WORKSPACE_TS = 24 };
void workspace_ts(struct workspace *workspace, char ts[WORKSPACE_TS]);

/* Complete ${message} (taken: user, text, blocks, metadata) and append it to the channel. */
json_t *workspace_post(struct sandbox *sandbox, json_t *channel, json_t *message);
json_t *workspace_post_ephemeral(struct sandbox *sandbox, const char *user, const char *channel,
                                 json_t *message);
/* A message that the bot writes: {user, bot_id, app_id, text, blocks}, a new reference; ${text} and
 * ${blocks} may be NULL. */
json_t *workspace_bot_message(const struct workspace *workspace, const char *text, json_t *blocks);
/* A message as Slack shows it to apps: without our own notes; one that has replies says so. A new
 * reference. */
json_t *workspace_outward(const json_t *channel, const json_t *message);
/* What Slackbot tells one person. */
void workspace_slackbot(struct sandbox *sandbox, const char *user, const char *channel,
                        const char *text);

json_t *workspace_message(const struct workspace *workspace, const char *channel, const char *ts);
/* NULL: this person has no such ephemeral. */
json_t *workspace_ephemeral(const struct workspace *workspace, const char *user, const char *ts);
/* Give it another content, the old one goes into its versions. ${text}, ${blocks}, ${metadata}:
 * NULL keeps; ${blocks} json null removes. */
void workspace_edit(struct sandbox *sandbox, const char *channel, json_t *message, const char *text,
                    json_t *blocks, json_t *metadata);
/* False: no such message. */
bool workspace_delete(struct sandbox *sandbox, const char *channel, const char *ts);
bool workspace_delete_ephemeral(struct sandbox *sandbox, const char *user, const char *ts);

/* Rate limit: may ${key} be used once more, at ${per_minute} with a burst of ${burst}? Otherwise
 * the seconds to wait, 0 when it may. */
int workspace_spend(struct workspace *workspace, const char *key, int per_minute, int burst);

/* The part of GET /_sandbox/state that is ours: members are added to ${state}. */
void workspace_state(const struct workspace *workspace, json_t *state);

#endif
