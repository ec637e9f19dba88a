/* What Web API replies say: reply bodies (const json_t *) -> values. Lenient: a missing or odd
 * member is "not there". */
#ifndef CPPO_SLACK_REPLIES_H
#define CPPO_SLACK_REPLIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/policy.h"

/* chat.postMessage: the new message's ts. */
bool slack_posted(const void *reply, char *ts, size_t capacity);

/* The channel that it was posted in: for a person's id, their direct messages. */
bool slack_posted_in(const void *reply, char *channel, size_t capacity);
/* chat.getPermalink. */
bool slack_permalink(const void *reply, char *url, size_t capacity);

/* conversations.history with include_all_metadata: our own message with this key (metadata of type
 * cppo_post, posted by ${bot_user}); its ts. Metadata of others is not trusted. */
bool slack_find_post(const void *reply, const char *bot_user, const char *key, char *ts,
                     size_t capacity);

/* conversations.info: do people of another organisation read the channel, or are they invited? */
bool slack_channel_shared(const void *reply);

/* conversations.history: message ${i} if it is a post of ours, by any installation; false
 * for any other. Borrows from the reply. */
struct slack_post {
    const char *ts;
    const char *kind; /* "card", "announcement" */
    const char *key;  /* "" in those of older versions, as install, mark and state */
    const char *install;
    const char *mark;
    const char *state;
    int64_t request;
    int revision;
    const char *text;
    const json_t *blocks;
};
size_t slack_messages(const void *reply); /* how many there are */
bool slack_post_at(const void *reply, size_t i, const char *bot_user, struct slack_post *post);

/* The cursor of the next page; false when this was the last. */
enum { SLACK_CURSOR = 160 };
bool slack_next_page(const void *reply, char cursor[SLACK_CURSOR]);

/* users.info: fills in all but the lists; false when it tells of nobody. On Enterprise Grid team_id
 * may be missing or any workspace of the organisation, and id another than was asked for;
 * enterprise_user names the person and their workspaces
 * (docs.slack.dev/reference/objects/user-object). */
bool slack_person(const void *reply, struct person *person);

/* usergroups.users.list: the member ids, at most ${capacity}, borrowed from the reply; -1: no list.
 */
int slack_group_members(const void *reply, const char **members, size_t capacity);

/* auth.test: who the bot token is. */
bool slack_identity(const void *reply, char *team, size_t team_capacity, char *user,
                    size_t user_capacity);
/* ... and its organisation on Enterprise Grid, "" elsewhere. */
void slack_enterprise(const void *reply, char *enterprise, size_t capacity);

#endif
