#include "flows/card_thread.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "book/posts.h"
#include "book/requests.h"
#include "book/threads.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/posting.h"
#include "log.h"
#include "slack/api.h"
#include "slack/replies.h"
#include "text.h"
#include "views/card_mentions.h"

static const struct effect_type permalink_read_effect, thread_reply_effect;

/* NULL: there is none of that name (any more). */
static const struct card_mention *mention_named(const struct turn *turn, const char *name)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_MENTIONS && (*flow)->mentions[i] != NULL; i++) {
            if (strcmp((*flow)->mentions[i]->name, name) == 0)
                return (*flow)->mentions[i];
        }
    }
    return NULL;
}

/* --- mentioning --- */

/* Mentions of those alone whom it names. On the heap. */
static char *named(const struct thread *thread)
{
    char id[PERSON_ID];
    struct text who = {0};
    for (const char *at = thread->whom; text_take_word(&at, id, sizeof(id)) && *id != '\0';)
        text_addf(&who, "%s<@%s>", who.size > 0 ? ", " : "", id);
    return text_take(&who);
}

static void reply(struct turn *turn, const struct post *post, const struct card_mention *why,
                  const struct thread *thread)
{
    struct loaded_card *loaded = cards_load_for(turn, post->request, post->channel);
    const struct card *card = cards_view(loaded);
    char *who = *thread->whom != '\0' ? named(thread)
                                      : approvals_mention(turn, card->request, &card->approval,
                                                          card->votes, card->vote_count);
    json_t *message = card_mention_message(card, why, who);
    json_object_set_new(message, "channel", json_string(post->channel));
    json_object_set_new(message, "thread_ts", json_string(post->ts));
    char *lane = text_format("channel:%s", post->channel);
    flow_effect(turn,
                &(struct effect){.type = &thread_reply_effect,
                                 .subject = post->request,
                                 .target = why->name,
                                 .lane = lane},
                message);
    free(lane);
    free(who);
    cards_free(loaded);
}

/* The card where approvers are mentioned; false: it is still to be posted. */
static bool get_card(struct turn *turn, int64_t request, struct post *post)
{
    return posts_get(turn, POST_CARD, request, post) && *post->ts != '\0';
}

/* A card that is still to be posted mentions them by itself; one that is not well, once it is. */
static void mention(struct turn *turn, struct thread *thread)
{
    struct post post;
    const struct card_mention *why = mention_named(turn, thread->mention);
    turn_cancel_waiting(turn, &thread_reply_effect, thread->request);
    if (why != NULL && get_card(turn, thread->request, &post) && *post.error == '\0')
        reply(turn, &post, why, thread);
}

/* Its update got through, a reply below it may. One that is on its way says by its own result what
 * comes next. What only another version can say is no trouble of this one's. */
static void mention_again(struct turn *turn, const struct thread *thread, const struct post *card)
{
    struct post post = *card;
    const struct card_mention *why = mention_named(turn, thread->mention);
    turn_cancel_waiting(turn, &thread_reply_effect, thread->request);
    if (why == NULL)
        posting_well(turn, &post);
    else if (!turn_pending(turn, &thread_reply_effect, thread->request))
        reply(turn, &post, why, thread);
}

static void set_mention(struct turn *turn, int64_t request, const char *why, const char *whom)
{
    struct thread thread;
    threads_get(turn, request, &thread);
    if (strcmp(thread.mention, why) == 0 && *why == '\0')
        return;
    bool fits = text_fit(thread.mention, sizeof(thread.mention), why) &&
                text_fit(thread.whom, sizeof(thread.whom), whom);
    assert(fits); /* else nobody finds it again by its name */
    threads_put(turn, &thread);
    mention(turn, &thread);
}

void card_thread_mention(struct turn *turn, int64_t request, const struct card_mention *why)
{
    set_mention(turn, request, why->name, "");
}

void card_thread_remind(struct turn *turn, int64_t request, const struct card_mention *why,
                        const char *whom)
{
    set_mention(turn, request, why->name, whom);
}

/* Was somebody asked to look at it before, so that the first mention is spent? */
static bool is_mention_spent(struct turn *turn, const struct request *request,
                             const struct move *last)
{
    struct vote vote;
    return last->from != STATE_PENDING ||
           votes_given(turn, request->number, request->revision - 1, &vote, 1) > 0;
}

/* Mentions those who are needed now, and drops a pending mention whose reason is past. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    const struct request *request = moved->request;
    if (request->state == STATE_FAILED)
        card_thread_mention(turn, request->number, &failed_mention);
    else if (request->state == STATE_PENDING && request->revision > 1 &&
             is_mention_spent(turn, request, moved->move))
        card_thread_mention(turn, request->number, &sent_again_mention);
    else if (request->state != STATE_PENDING)
        set_mention(turn, request->number, "", "");
}

/* What approvers are to read does not stand, so the card is not well, whatever becomes of its
 * updates: the next of them that gets through is when it is tried again. */
static void note_refused(struct turn *turn, const struct thread *thread,
                         const struct result *result)
{
    struct post post;
    if (*thread->mention != '\0' && get_card(turn, thread->request, &post))
        posting_refused(turn, &post, "mention the approvers below", result->code, result->text);
}

static void note_mentioned(struct turn *turn, struct thread *thread, const char *mention)
{
    if (strcmp(thread->mention, mention) != 0)
        return;
    thread->mention[0] = '\0';
    threads_put(turn, thread);
}

static void on_thread_reply(struct turn *turn, const struct result *result)
{
    struct thread thread;
    struct post post;
    bool gone = strcmp(result->code, "thread_not_found") == 0 ||
                strcmp(result->code, "message_not_found") == 0;
    threads_get(turn, result->subject, &thread);
    if (result->outcome != OUTCOME_OK)
        log_warn("approvers not mentioned", F_INT("request", result->subject),
                 F_TEXT("code", result->code), F_TEXT("why", result->text));
    if (result->outcome != OUTCOME_OK && !gone) {
        note_refused(turn, &thread, result);
        return;
    }
    note_mentioned(turn, &thread, result->target);
    if (gone || (get_card(turn, result->subject, &post) && *post.error != '\0'))
        cards_show(turn, result->subject); /* its update finds out whether it stands and is well */
}

/* --- the way there --- */

static void ask_permalink(struct turn *turn, int64_t request, const char *channel, const char *ts)
{
    json_t *body = json_pack("{s:s, s:s}", "channel", channel, "message_ts", ts);
    flow_effect(turn,
                &(struct effect){.type = &permalink_read_effect, .subject = request, .target = ts},
                body);
}

static void on_card(struct turn *turn, const struct post *card, enum card_place place)
{
    struct thread thread;
    if (place == CARD_SHUT_AWAY)
        return;
    threads_get(turn, card->request, &thread);
    if (strcmp(thread.ts, card->ts) != 0)
        ask_permalink(turn, card->request, card->channel, card->ts);
    if (*thread.mention == '\0')
        return;
    if (place == CARD_POSTED) {
        thread.mention[0] = '\0';
        threads_put(turn, &thread);
    } else {
        mention_again(turn, &thread, card);
    }
}

static void on_permalink_read(struct turn *turn, const struct result *result)
{
    struct thread thread;
    threads_get(turn, result->subject, &thread);
    if (result->outcome != OUTCOME_OK ||
        !slack_permalink(result->reply, thread.permalink, sizeof(thread.permalink)))
        return; /* people find it without */
    text_fit(thread.ts, sizeof(thread.ts), result->target);
    threads_put(turn, &thread);
}

static const struct effect_type permalink_read_effect = {
    .name = "permalink.read",
    .kind = EFFECT_READ,
    .call = "slack:chat.getPermalink",
    .done = on_permalink_read,
    .patience_ms = PATIENCE_MS,
};
static const struct effect_type thread_reply_effect = {
    .name = "thread.reply",
    .kind = EFFECT_NOTICE,
    .call = "slack:chat.postMessage",
    .done = on_thread_reply,
    .gap_ms = SLACK_POST_GAP_MS,
};

const struct flow card_thread_flow = {
    .effects = {&permalink_read_effect, &thread_reply_effect},
    .mentions = {&sent_again_mention, &vote_mention, &failed_mention, &authorization_mention},
    .on_move = on_move,
    .on_card = on_card};
