#include "flows/posting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/marks.h"
#include "book/posts.h"
#include "book/requests.h"
#include "book/settings.h"
#include "flows/app_context.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/notify.h"
#include "json.h"
#include "log.h"
#include "offers/kind.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"
#include "views/card.h"

static const struct effect_type post_effect, post_find_effect;
static const struct timer_type post_find_timer, posts_again_timer;

static const int64_t RECONCILE_FIRST_MS =
    2000; /* before we look for a post that may have been made */
static const int64_t RECONCILE_APART_MS = 13000;
static const int64_t REFUSED_AGAIN_MS = 60000; /* between tries while a channel is shut to us */

/* --- posting --- */

static const char *shown_state(const struct request *request, char text[TIMING_SHOWN])
{
    bool waits =
        request_state_in(request->state, STATES_GOING) && timing_shown(&request->timing, text);
    return waits ? text : request_state_name(request->state);
}

/* By which it is found again, and by which a state file is known to be older than it. No secrets:
 * any member can read it. These names never change, although “offer” is a request of any kind: an
 * earlier version that goes on with a backup must recognise what this one has posted. */
static void add_metadata(struct turn *turn, json_t *message, const struct post *post)
{
    struct request request;
    char install[TURN_ID];
    char mark[BOOK_MARK];
    char waits[TIMING_SHOWN];
    app_install(turn, install);
    marks_newest(turn, mark);
    if (!requests_get(turn, post->request, &request))
        return;
    json_object_set_new(message, "metadata",
                        json_pack("{s:s, s:{s:s, s:s, s:I, s:s, s:s, s:i, s:s}}", "event_type",
                                  "cppo_post", "event_payload", "key", post->key, "kind",
                                  post_kind_name(post->kind), "offer", (json_int_t)request.number,
                                  "install", install, "mark", mark, "revision", request.revision,
                                  "state", shown_state(&request, waits)));
}

bool posting_possible(struct turn *turn, const struct post *post)
{
    struct request request;
    return post->kind == POST_CARD ||
           (requests_get(turn, post->request, &request) && request.state != STATE_UNREADABLE &&
            request.kind->announcement != NULL);
}

json_t *posting_message(struct turn *turn, const struct post *post)
{
    struct loaded_card *loaded = cards_load_for(turn, post->request, post->channel);
    const struct card *card = cards_view(loaded);
    json_t *message =
        post->kind == POST_CARD ? card_message(card) : card->request->kind->announcement(card);
    blocks_message_to(message, post->channel);
    if (*post->ts != '\0')
        json_object_set_new(message, "ts", json_string(post->ts));
    if (*post->key != '\0') /* else it is older than keys are, and keeps what it has */
        add_metadata(turn, message, post);
    cards_free(loaded);
    return message;
}

const char *posting_channel(const struct turn *turn, enum post_kind kind)
{
    const struct config *config = app_config(turn);
    return kind == POST_CARD ? config->channel_approvals : config->channel_announcements;
}

void posting_anew(struct turn *turn, struct post *post)
{
    assert(post->request > 0 && *post->channel != '\0');
    char *lane = text_format("channel:%s", post->channel);
    char mark[BOOK_MARK];
    turn_new_id(turn, post->key);
    marks_take(turn, mark);
    post->ts[0] = '\0';
    post->error[0] = '\0';
    post->sent_at = turn_now(turn);
    post->step = STEP_NEWEST;
    post->effect = turn_effect(turn, &(struct effect){.type = &post_effect,
                                                      .subject = post->request,
                                                      .target = post->key,
                                                      .lane = lane});
    assert(post->effect > 0); /* by which its answer finds it */
    posts_put(turn, post);
    free(lane);
}

bool posting_waits(struct turn *turn, enum post_kind kind)
{
    char *lane = text_format("channel:%s", posting_channel(turn, kind));
    bool waits = turn_crowded(turn, &(struct effect){.type = &post_effect, .lane = lane}, 1);
    struct post refused;
    free(lane);
    return waits || posts_refused(turn, kind, 0, &refused);
}

/* Written when it leaves, so that it is true then: many may be waiting for their channel. */
static char *render(struct turn *turn, int64_t request, const char *key)
{
    struct post post;
    for (int kind = POST_CARD; kind <= POST_ANNOUNCEMENT; kind++) {
        if (posts_get(turn, (enum post_kind)kind, request, &post) && strcmp(post.key, key) == 0)
            return posting_possible(turn, &post) ? json_write(posting_message(turn, &post)) : NULL;
    }
    return NULL;
}

void posting_found(struct turn *turn, struct post *post, const char *ts)
{
    assert(*ts != '\0');
    text_fit(post->ts, sizeof(post->ts), ts);
    post->error[0] = '\0';
    posts_put(turn, post);
    turn_timer_stop(turn, &post_find_timer, post->effect);
    if (post->kind == POST_CARD || history_steps(turn, post->request) > post->step)
        flows_tell_stale(turn, post);
    if (post->kind == POST_CARD)
        flows_tell_card(turn, post, CARD_POSTED);
}

void posting_refused(struct turn *turn, struct post *post, const char *what, const char *code,
                     const char *text)
{
    bool is_new = strcmp(post->error, code) != 0;
    text_fit(post->error, sizeof(post->error), code);
    posts_put(turn, post);
    turn_timer(turn, &posts_again_timer, 0, REFUSED_AGAIN_MS);
    if (!is_new)
        return;
    log_error("post refused", F_INT("request", post->request), F_TEXT("code", code),
              F_TEXT("channel", post->channel));
    notify_operators(
        turn,
        "I cannot %s the %s of CPPO-%lld in " MENTION_CHANNEL ": %s (%s). I'll retry every "
        "minute; nothing is lost.",
        what, post_kind_name(post->kind), (long long)post->request, post->channel, text, code);
    if (post->kind == POST_CARD)
        flows_tell_card(turn, post, CARD_SHUT_AWAY);
}

void posting_well(struct turn *turn, struct post *post)
{
    if (*post->error == '\0')
        return;
    post->error[0] = '\0';
    posts_put(turn, post);
    if (post->kind == POST_CARD)
        flows_tell_card(turn, post, CARD_REOPENED);
}

/* --- looking for it --- */

/* One page of what the channel holds since an hour before the post was decided: clocks differ. */
static void reconcile(struct turn *turn, const struct post *post, const char *cursor)
{
    char oldest[32];
    /* If the clock was ahead then, it was sent “later than now”. */
    int64_t since = post->sent_at < turn_now(turn) ? post->sent_at : turn_now(turn);
    snprintf(oldest, sizeof(oldest), "%lld", (long long)(since / 1000 - 3600));
    json_t *body = json_pack("{s:s, s:s, s:b, s:i}", "channel", post->channel, "oldest", oldest,
                             "include_all_metadata", 1, "limit", 200);
    if (*cursor != '\0')
        json_object_set_new(body, "cursor", json_string(cursor));
    char *target = text_format("%lld %s", (long long)post->effect, cursor);
    flow_effect(
        turn,
        &(struct effect){.type = &post_find_effect, .subject = post->effect, .target = target},
        body);
    free(target);
}

static void reconcile_post(struct turn *turn, int64_t effect)
{
    struct post post;
    if (posts_by_effect(turn, effect, &post) && *post.ts == '\0')
        reconcile(turn, &post, "");
}

/* Tries until it is posted, in the channel where such posts belong by now: an operator may have
 * configured another. If the outcome of the last try is unknown, the post is looked for first. */
static void try_again(struct turn *turn, struct post *post)
{
    char code[sizeof(post->error)];
    enum once_state once = turn_once_state(turn, post->effect);
    if (!posting_possible(turn, post))
        return; /* it stays as it is until it can be read again */
    bool moved = strcmp(post->channel, posting_channel(turn, post->kind)) != 0;
    if (*post->ts != '\0' && !moved) {
        flows_tell_stale(turn, post);
        return;
    }
    if (once == ONCE_OPEN)
        return; /* its result is still to come, and says whether there is trouble */
    if (once == ONCE_UNKNOWN && !moved) {
        reconcile_post(turn, post->effect);
        return;
    }
    text_fit(code, sizeof(code), post->error);
    text_fit(post->channel, sizeof(post->channel), posting_channel(turn, post->kind));
    turn_resolve(turn, post->effect);
    posting_anew(turn, post);
    text_fit(post->error, sizeof(post->error), code);
    posts_put(turn, post);
}

/* What Slack refused while we did not know its kind is nowhere to be found, so it is posted. */
static void find_or_post(struct turn *turn, int64_t effect)
{
    struct post post;
    if (posts_by_effect(turn, effect, &post) && *post.error != '\0' && *post.ts == '\0' &&
        turn_once_state(turn, effect) == ONCE_CLOSED)
        try_again(turn, &post);
    else
        reconcile_post(turn, effect);
}

static void try_all_again(struct turn *turn, int64_t unused)
{
    struct post post;
    (void)unused;
    for (int kind = POST_CARD; kind <= POST_ANNOUNCEMENT; kind++) {
        post.request = 0;
        while (posts_refused(turn, (enum post_kind)kind, post.request, &post))
            try_again(turn, &post);
    }
}

/* --- of a kind that this version does not know --- */

static const struct matter unknown_kind = {TOLD_FOR_EVER, .setting = SETTING_UNKNOWN_POST};

/* It sleeps for the version that knows its kind. */
static bool notify_if_unknown(struct turn *turn, int64_t effect)
{
    char kind[40];
    if (!posts_unknown(turn, effect, kind))
        return false;
    notify_operators_once(turn, &unknown_kind, kind,
                          "Another version of the bot posted messages (“%s”) that this version "
                          "does not know. I leave them as they are until a version that knows "
                          "them is started.",
                          kind);
    return true;
}

/* Nothing of what Slack says is lost. */
static void keep_unknown(struct turn *turn, const struct result *result)
{
    char ts[32];
    if (result->outcome == OUTCOME_OK && slack_posted(result->reply, ts, sizeof(ts)))
        posts_unknown_put(turn, result->effect, ts, "");
    else
        turn_timer(turn, &post_find_timer, result->effect, RECONCILE_FIRST_MS);
    if (result->outcome == OUTCOME_REFUSED)
        posts_unknown_put(turn, result->effect, "", result->code);
}

static void on_post(struct turn *turn, const struct result *result)
{
    struct post post;
    char ts[32];
    if (notify_if_unknown(turn, result->effect)) {
        keep_unknown(turn, result);
        return;
    }
    /* Another post took its place, or a click has already told us where it is: nothing is open any
     * more. */
    if (!posts_by_effect(turn, result->effect, &post) || *post.ts != '\0') {
        turn_resolve(turn, result->effect);
        return;
    }
    switch (result->outcome) {
    case OUTCOME_OK:
        if (slack_posted(result->reply, ts, sizeof(ts)))
            posting_found(turn, &post, ts);
        else /* it stands somewhere */
            turn_timer(turn, &post_find_timer, post.effect, RECONCILE_FIRST_MS);
        break;
    case OUTCOME_REFUSED:
        posting_refused(turn, &post, "post", result->code, result->text);
        break;
    case OUTCOME_RETRY:
    case OUTCOME_UNKNOWN:
        turn_timer(turn, &post_find_timer, post.effect, RECONCILE_FIRST_MS);
        break;
    }
}

/* --- an ambiguous post is looked for before it is repeated --- */

static void on_post_find(struct turn *turn, const struct result *result)
{
    struct post post;
    char ts[32];
    char cursor[SLACK_CURSOR];
    int64_t effect = result->subject;
    if (notify_if_unknown(turn, effect)) {
        turn_timer(turn, &post_find_timer, effect, 0);
        return;
    }
    if (!posts_by_effect(turn, effect, &post) || *post.ts != '\0')
        return;
    if (result->outcome != OUTCOME_OK) {
        posting_refused(turn, &post, "post", result->code, result->text);
        return;
    }
    if (slack_find_post(result->reply, app_context_of(turn)->bot_user, post.key, ts, sizeof(ts))) {
        turn_resolve(turn, effect);
        posting_found(turn, &post, ts);
        return;
    }
    if (slack_next_page(result->reply, cursor)) {
        reconcile(turn, &post, cursor);
        return;
    }
    enum once_state state = turn_once_state(turn, effect);
    if (state == ONCE_CLOSED)
        log_error("accepted post not found", F_INT("request", post.request));
    if (state != ONCE_UNKNOWN)
        return; /* or it has been sent again, of which this search says nothing */
    int64_t rest = turn_reconcile_wait(turn, effect, RECONCILE_APART_MS);
    if (rest > 0)
        turn_timer(turn, &post_find_timer, effect, rest);
    else
        turn_resend(turn, effect);
}

static const struct effect_type post_effect = {.name = "post",
                                               .kind = EFFECT_ONCE,
                                               .call = "slack:chat.postMessage",
                                               .done = on_post,
                                               .render = render,
                                               .gap_ms = SLACK_POST_GAP_MS,
                                               .gate = &posts_gate};
static const struct effect_type post_find_effect = {
    .name = "post.find",
    .kind = EFFECT_READ,
    .call = "slack:conversations.history",
    .done = on_post_find,
};
static const struct timer_type post_find_timer = {
    .name = "post.find", .due = find_or_post, .rests = notify_if_unknown};
static const struct timer_type posts_again_timer = {.name = "posts.again", .due = try_all_again};

const struct flow posting_flow = {.effects = {&post_effect, &post_find_effect},
                                  .timers = {&post_find_timer, &posts_again_timer}};
