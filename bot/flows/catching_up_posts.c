/* Catching up with Slack: our posts in the approvals channel and where offers are announced. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/finds.h"
#include "book/marks.h"
#include "book/posts.h"
#include "book/requests.h"
#include "flows/app_context.h"
#include "flows/catching_up_news.h"
#include "flows/catching_up_sides.h"
#include "flows/catching_up_state.h"
#include "flows/posting.h"
#include "flows/retiring.h"
#include "json.h"
#include "offers/draft.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"

static const int64_t SEEN_BACK_MS = INT64_C(120) * 24 * 3600 * 1000; /* AWS keeps less */

char *catching_up_posts_body(struct turn *turn, const struct catching_page *page)
{
    char oldest[32];
    snprintf(oldest, sizeof(oldest), "%lld", (long long)((turn_now(turn) - SEEN_BACK_MS) / 1000));
    json_t *body = json_pack("{s:s, s:s, s:b, s:i}", "channel", page->channel, "oldest", oldest,
                             "include_all_metadata", 1, "limit", page->whole ? 200 : 50);
    if (*page->cursor != '\0')
        json_object_set_new(body, "cursor", json_string(page->cursor));
    return json_write(body);
}

static enum post_kind kind_of(const struct slack_post *post)
{
    return strcmp(post->kind, post_kind_name(POST_CARD)) == 0 ? POST_CARD : POST_ANNOUNCEMENT;
}

static void post_id(char id[ENTITY_ID], const char *channel, const struct slack_post *post)
{
    snprintf(id, ENTITY_ID, "%.60s %.60s", channel, post->ts);
}

static bool post_known(struct turn *turn, const char *channel, const struct slack_post *post)
{
    struct post ours;
    enum post_kind kind = kind_of(post);
    char id[ENTITY_ID];
    post_id(id, channel, post);
    if (finds_settled(turn, kind == POST_CARD ? FIND_CARD : FIND_ANNOUNCEMENT, id, post->mark))
        return true;
    if (*post->mark != '\0')
        return marks_known(turn, post->mark);
    return (posts_get(turn, kind, post->request, &ours) && strcmp(ours.channel, channel) == 0 &&
            strcmp(ours.ts, post->ts) == 0) ||
           strtoll(post->ts, NULL, 10) * 1000 <= catching_up_last(turn);
}

static void note_post(struct turn *turn, const char *channel, const struct slack_post *post)
{
    struct request offer;
    bool card = kind_of(post) == POST_CARD;
    struct find find = {.what = card ? FIND_CARD : FIND_ANNOUNCEMENT,
                        .request = post->request,
                        .revision = post->revision,
                        .at = strtoll(post->ts, NULL, 10) * 1000};
    post_id(find.id, channel, post);
    text_fit(find.state, sizeof(find.state), post->state);
    text_fit(find.key, sizeof(find.key), post->key);
    text_fit(find.mark, sizeof(find.mark), post->mark);
    finds_put(turn, &find);
    turn_count_past(turn, "request", find.request);
    if (card && !requests_get(turn, post->request, &offer))
        retiring_card(turn, channel, post);
}

/* Another installation that shares the channel has its own name; old posts carry none. */
static bool is_our_post(struct turn *turn, const struct slack_post *post)
{
    return *post->install == '\0' || catching_up_is_ours(turn, post->install);
}

/* A file that was saved between two tries knows the mark of a message that it believes is still to
 * be sent. Here it stands. */
static bool find_unsent(struct turn *turn, const char *channel, const struct slack_post *post)
{
    struct post ours;
    if (!posts_get(turn, kind_of(post), post->request, &ours) || *ours.ts != '\0' ||
        *ours.key == '\0' || strcmp(ours.key, post->key) != 0 || strcmp(ours.channel, channel) != 0)
        return false;
    turn_cancel(turn, ours.effect);
    posting_found(turn, &ours, post->ts);
    return true;
}

static bool is_of_approvals(struct turn *turn, const struct catching_page *page)
{
    return strcmp(page->channel, app_config(turn)->channel_approvals) == 0;
}

/* True: ours are among them, and none that this file does not know to be there, so all that is
 * older is known too. */
static bool take_posts(struct turn *turn, const struct result *result, struct catching_page *page)
{
    struct slack_post post;
    size_t known = 0;
    size_t unsent = 0;
    for (size_t i = 0; i < slack_messages(result->reply); i++) {
        if (!slack_post_at(result->reply, i, app_context_of(turn)->bot_user, &post) ||
            !is_our_post(turn, &post))
            continue;
        unsent += find_unsent(turn, page->channel, &post);
        if (post_known(turn, page->channel, &post)) {
            known++;
            continue;
        }
        note_post(turn, page->channel, &post);
        page->whole = page->whole || is_of_approvals(turn, page);
    }
    return known > 0 && unsent == 0;
}

/* Refused for good, or the app may not read there: its posts remain unseen. */
static void note_unreadable(struct turn *turn, const struct result *result, const char *channel)
{
    char *line = text_format("I cannot read " MENTION_CHANNEL
                             " (%s), so I have not seen what was posted there.",
                             channel, result->text);
    catching_up_unseen(turn, line);
    free(line);
}

/* It was tried for long enough, and a missing scope does not turn up by itself. */
static bool will_never_be_read(const struct result *result)
{
    const char *scope = slack_error_words("missing_scope");
    return strcmp(result->code, "gave_up") != 0 || strncmp(result->text, scope, strlen(scope)) == 0;
}

/* Announcements are read where there is anything new, or where one waits to be sent. */
static bool next_channel(struct turn *turn, const struct catching_page *page)
{
    const char *announcements = app_config(turn)->channel_announcements;
    return is_of_approvals(turn, page) && *announcements != '\0' &&
           strcmp(announcements, page->channel) != 0 &&
           (page->whole || posting_waits(turn, POST_ANNOUNCEMENT));
}

static void note_unread_rest(struct turn *turn, const char *channel)
{
    char *line = text_format(
        MENTION_CHANNEL " holds more messages than I read: I have not seen the oldest.", channel);
    catching_up_unseen(turn, line);
    free(line);
}

static enum catching_next from_the_top(struct catching_page *page)
{
    page->number++;
    page->cursor[0] = '\0';
    return CATCHING_PAGE;
}

/* The cursor of the next page in the channel into ${page}; false: none is to be read. */
static bool take_next_page(const struct result *result, struct catching_page *page, bool known)
{
    char cursor[SLACK_CURSOR];
    if (result->outcome != OUTCOME_OK || !slack_next_page(result->reply, cursor) ||
        (!page->whole && known))
        return false;
    text_fit(page->cursor, sizeof(page->cursor), cursor);
    return true;
}

enum catching_next catching_up_posts(struct turn *turn, const struct result *result,
                                     struct catching_page *page)
{
    bool known = false;
    if (strcmp(result->code, "invalid_cursor") == 0 ||
        (result->outcome != OUTCOME_OK && !will_never_be_read(result)))
        return from_the_top(page);
    if (result->outcome == OUTCOME_OK)
        known = take_posts(turn, result, page);
    else
        note_unreadable(turn, result, page->channel);
    bool more = take_next_page(result, page, known);
    if (more && page->number < CATCHING_PAGES) {
        page->number++;
        return CATCHING_PAGE;
    }
    if (more)
        note_unread_rest(turn, page->channel);
    if (!next_channel(turn, page))
        return CATCHING_END;
    text_fit(page->channel, sizeof(page->channel), app_config(turn)->channel_announcements);
    return from_the_top(page);
}
