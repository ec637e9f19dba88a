#include "flows/cards.h"

#include <stdlib.h>
#include <string.h>

#include "book/marks.h"
#include "book/offers.h"
#include "book/posts.h"
#include "book/settings.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/app_context.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "json.h"
#include "log.h"
#include "offers/date.h"
#include "slack/api.h"
#include "slack/replies.h"
#include "text.h"

static const struct effect_type post_effect, post_find_effect, card_effect;
static const struct timer_type cards_refresh_timer, post_find_timer, posts_again_timer;

static const int64_t RECONCILE_FIRST_MS = 2000; /* until a post that was made can be found */
static const int64_t RECONCILE_APART_MS = 13000;
static const int64_t REFUSED_AGAIN_MS = 60000; /* between tries while a channel is shut to us */
static const int64_t REFRESH_GAP_MS = 60000;

/* --- posting --- */

static json_t *message_of(const struct post *post, const struct loaded_card *loaded)
{
    json_t *message = post->kind == POST_CARD ? card_message(cards_view(loaded))
                                              : card_announcement(cards_view(loaded));
    json_object_set_new(message, "channel", json_string(post->channel));
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    return message;
}

/* By which it is found again, and by which a state file is known to be older than it: no secrets,
 * any member can read it. */
static void add_metadata(struct turn *turn, json_t *message, const struct post *post)
{
    struct request request;
    char install[TURN_ID];
    char mark[BOOK_MARK];
    app_install(turn, install);
    marks_newest(turn, mark);
    if (!requests_get(turn, post->request, &request))
        return;
    json_object_set_new(message, "metadata",
                        json_pack("{s:s, s:{s:s, s:s, s:I, s:s, s:s, s:i, s:s}}", "event_type",
                                  "cppo_post", "event_payload", "key", post->key, "kind",
                                  post_kind_name(post->kind), "offer", (json_int_t)request.number,
                                  "install", install, "mark", mark, "revision", request.revision,
                                  "state", request_state_name(request.state)));
}

/* A new effect that posts it, with a key of its own in the metadata, by which it can be found again
 * when Slack's answer was lost. */
static void post_anew(struct turn *turn, struct post *post)
{
    struct loaded_card *loaded = cards_load(turn, post->request);
    char *lane = text_format("channel:%s", post->channel);
    char mark[BOOK_MARK];
    turn_new_id(turn, post->key);
    marks_take(turn, mark);
    json_t *message = message_of(post, loaded);
    add_metadata(turn, message, post);
    post->ts[0] = '\0';
    post->error[0] = '\0';
    post->sent_at = turn_now(turn);
    post->effect = flow_effect(
        turn,
        &(struct effect){
            .type = &post_effect, .subject = post->request, .target = post->key, .lane = lane},
        message);
    posts_put(turn, post);
    free(lane);
    cards_free(loaded);
}

static void mirror(struct turn *turn, const struct post *post)
{
    char target[40];
    char mark[BOOK_MARK];
    marks_take(turn, mark); /* what it shows is newer than all that was shown before */
    snprintf(target, sizeof(target), "%s %lld", post_kind_name(post->kind),
             (long long)post->request);
    turn_mirror(turn, &card_effect, target, post->request);
}

/* The post that a mirror shows, by its target; false: there is none that this version knows. */
static bool post_of(struct turn *turn, const char *target, int64_t request, struct post *post)
{
    char name[40];
    int kind = text_take_word(&target, name, sizeof(name)) ? post_kind_named(name) : -1;
    return kind >= 0 && posts_get(turn, (enum post_kind)kind, request, post);
}

/* Where posts of this kind belong. */
static const char *channel_of(const struct turn *turn, enum post_kind kind)
{
    const struct config *config = app_config(turn);
    return kind == POST_CARD ? config->channel_approvals : config->channel_announcements;
}

void cards_show(struct turn *turn, int64_t request)
{
    struct post post = {.request = request, .kind = POST_CARD};
    if (posts_get(turn, POST_CARD, request, &post)) {
        mirror(turn, &post);
        return;
    }
    text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_CARD));
    post_anew(turn, &post);
}

void cards_announce(struct turn *turn, int64_t request)
{
    struct post post = {.request = request, .kind = POST_ANNOUNCEMENT};
    if (posts_get(turn, POST_ANNOUNCEMENT, request, &post)) {
        mirror(turn, &post);
        return;
    }
    text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_ANNOUNCEMENT));
    post_anew(turn, &post);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    int64_t request = moved->request->number;
    if (moves_unseen(moved))
        return;
    cards_show(turn, request);
    switch (moved->request->state) {
    case STATE_PUBLISHED:
    case STATE_ACCEPTED:
    case STATE_EXPIRED:
    case STATE_CLOSED:
        cards_announce(turn, request);
        break;
    case STATE_DRAFT:
    case STATE_PENDING:
    case STATE_CHANGES_REQUESTED:
    case STATE_APPROVED:
    case STATE_PUBLISHING:
    case STATE_REJECTED:
    case STATE_WITHDRAWN:
    case STATE_FAILED:
    case STATE_UNDER_WAY:
    case STATE_DONE:
    case STATE_UNREADABLE:
    case STATES:
        break;
    }
}

/* --- as days go by, and after an upgrade --- */

/* The next offer behind ${after} that is not at its end; false when there is none. */
static bool next_open(struct turn *turn, int64_t after, struct request *request)
{
    static const enum request_state open[] = {STATE_PENDING,   STATE_CHANGES_REQUESTED,
                                              STATE_APPROVED,  STATE_PUBLISHING,
                                              STATE_UNDER_WAY, STATE_FAILED};
    struct request one;
    bool found = false;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        if (requests_next(turn, open[i], after, &one) && (!found || one.number < request->number)) {
            *request = one;
            found = true;
        }
    }
    return found;
}

static void today(const struct turn *turn, char day[DATE_TEXT])
{
    date_write(date_of_ms(turn_now(turn)), day);
}

/* A minute after it has begun. */
static void refresh_tomorrow(struct turn *turn)
{
    turn_date(turn, &cards_refresh_timer, 0, date_end_ms(date_of_ms(turn_now(turn))) + 60000);
}

/* They count days, and warn of dates: what was true when they were posted goes by. Few at a time:
 * Slack takes some fifty updates a minute, and those of what people do come behind them. */
static void refresh(struct turn *turn, int64_t after)
{
    enum { AT_ONCE = 25 };
    char day[DATE_TEXT];
    struct request request = {.number = after};
    for (int i = 0; i < AT_ONCE; i++) {
        if (!next_open(turn, request.number, &request)) {
            today(turn, day);
            settings_put(turn, SETTING_CARDS_DAY, day);
            refresh_tomorrow(turn);
            return;
        }
        cards_show(turn, request.number);
    }
    turn_timer(turn, &cards_refresh_timer, request.number, REFRESH_GAP_MS);
}

static void on_start(struct turn *turn)
{
    char shown[16];
    char day[DATE_TEXT];
    today(turn, day);
    if (settings_get(turn, SETTING_CARDS_DAY, shown, sizeof(shown)) && strcmp(shown, day) == 0)
        refresh_tomorrow(turn);
    else
        turn_timer(turn, &cards_refresh_timer, 0, 0);
}

/* The cards of all open offers. */
static void post_all_anew(struct turn *turn)
{
    struct request request = {.number = 0};
    struct post post;
    while (next_open(turn, request.number, &request)) {
        if (!posts_get(turn, POST_CARD, request.number, &post))
            continue;
        text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_CARD));
        turn_cancel(turn, post.effect); /* it may have been found out by an update already */
        turn_resolve(turn, post.effect);
        post_anew(turn, &post);
    }
}

/* It stands at ${ts}: what changed since it was written shows up now. */
static void adopt(struct turn *turn, struct post *post, const char *ts)
{
    text_fit(post->ts, sizeof(post->ts), ts);
    post->error[0] = '\0';
    posts_put(turn, post);
    turn_timer_stop(turn, &post_find_timer, post->effect);
    if (post->kind == POST_ANNOUNCEMENT) {
        struct request request;
        if (requests_get(turn, post->request, &request) && request.state != STATE_PUBLISHED)
            mirror(turn, post);
        return;
    }
    mirror(turn, post);
    flows_tell_card(turn, post, CARD_POSTED);
}

bool cards_own(struct turn *turn, int64_t request, const char *channel, const char *ts,
               const char *key)
{
    struct post post;
    if (!posts_get(turn, POST_CARD, request, &post) || strcmp(post.channel, channel) != 0)
        return false;
    if (*key != '\0' && *post.key != '\0' && strcmp(key, post.key) != 0)
        return false;
    if (*post.ts == '\0') { /* Slack never told us: this is where it stands */
        turn_resolve(turn, post.effect);
        adopt(turn, &post, ts);
    }
    return strcmp(post.ts, ts) == 0;
}

/* The channel is shut to us: people are told once, and it is tried again. */
static void note_error(struct turn *turn, struct post *post, const char *code, const char *text)
{
    bool is_new = strcmp(post->error, code) != 0;
    text_fit(post->error, sizeof(post->error), code);
    posts_put(turn, post);
    turn_timer(turn, &posts_again_timer, 0, REFUSED_AGAIN_MS);
    if (!is_new)
        return;
    char *words = text_format("I cannot %s the %s of CPPO-%lld in <#%s>: %s (%s). I'll retry every "
                              "minute; nothing is lost.",
                              *post->ts != '\0' ? "update" : "post", post_kind_name(post->kind),
                              (long long)post->request, post->channel, text, code);
    log_error("post refused", F_INT("offer", post->request), F_TEXT("code", code),
              F_TEXT("channel", post->channel));
    notify_operators(turn, words);
    free(words);
    if (post->kind == POST_CARD)
        flows_tell_card(turn, post, CARD_SHUT_AWAY);
}

/* One page of what the channel holds since an hour before it was decided: clocks differ. */
static void reconcile(struct turn *turn, const struct post *post, const char *cursor)
{
    char oldest[32];
    /* By a clock that was ahead it was sent later than now. */
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

/* Once more, until it is posted: where posts of its kind belong by now, since an operator may have
 * configured another channel. One whose outcome is unknown is looked for first. */
static void try_again(struct turn *turn, struct post *post)
{
    char code[sizeof(post->error)];
    enum once_state once = turn_once_state(turn, post->effect);
    bool moved = strcmp(post->channel, channel_of(turn, post->kind)) != 0;
    if (*post->ts != '\0' && !moved) {
        mirror(turn, post);
        return;
    }
    if (once == ONCE_OPEN)
        return; /* its result is still to come, and says whether there is trouble */
    if (once == ONCE_UNKNOWN && !moved) {
        reconcile_post(turn, post->effect);
        return;
    }
    text_fit(code, sizeof(code), post->error);
    text_fit(post->channel, sizeof(post->channel), channel_of(turn, post->kind));
    turn_resolve(turn, post->effect);
    post_anew(turn, post);
    text_fit(post->error, sizeof(post->error), code);
    posts_put(turn, post);
}

/* What Slack refused while its kind was not known stands nowhere: it is posted. */
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

/* The version that knows it looks for it, and tries it again: the operators are told, once. */
static bool rests_post(struct turn *turn, int64_t effect)
{
    char kind[40];
    if (!posts_unknown(turn, effect, kind))
        return false;
    char *words = text_format("Another version of the bot posted messages (“%s”) that this version "
                              "does not know. I leave them as they are until a version that knows "
                              "them is started.",
                              kind);
    notify_operators_once(turn, SETTING_UNKNOWN_POST, kind, words);
    free(words);
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
    if (rests_post(turn, result->effect)) {
        keep_unknown(turn, result);
        return;
    }
    /* Another post took its place, or a click told already where it stands: whatever became of it
     * is settled. */
    if (!posts_by_effect(turn, result->effect, &post) || *post.ts != '\0') {
        turn_resolve(turn, result->effect);
        return;
    }
    switch (result->outcome) {
    case OUTCOME_OK:
        if (slack_posted(result->reply, ts, sizeof(ts)))
            adopt(turn, &post, ts);
        else /* it stands somewhere */
            turn_timer(turn, &post_find_timer, post.effect, RECONCILE_FIRST_MS);
        break;
    case OUTCOME_REFUSED:
        note_error(turn, &post, result->code, result->text);
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
    if (rests_post(turn, effect)) {
        turn_timer(turn, &post_find_timer, effect, 0);
        return;
    }
    if (!posts_by_effect(turn, effect, &post) || *post.ts != '\0')
        return;
    if (result->outcome != OUTCOME_OK) {
        note_error(turn, &post, result->code, result->text);
        return;
    }
    if (slack_find_post(result->reply, app_context_of(turn)->bot_user, post.key, ts, sizeof(ts))) {
        turn_resolve(turn, effect);
        adopt(turn, &post, ts);
        return;
    }
    if (slack_next_page(result->reply, cursor)) {
        reconcile(turn, &post, cursor);
        return;
    }
    enum once_state state = turn_once_state(turn, effect);
    if (state == ONCE_CLOSED)
        log_error("accepted post not found", F_INT("offer", post.request));
    if (state != ONCE_UNKNOWN)
        return; /* or it is out once more: what this look missed says nothing of that */
    int64_t rest = turn_reconcile_wait(turn, effect, RECONCILE_APART_MS);
    if (rest > 0)
        turn_timer(turn, &post_find_timer, effect, rest);
    else
        turn_resend(turn, effect);
}

/* --- updating --- */

static char *render(struct turn *turn, int64_t request, const char *target)
{
    struct post post;
    if (!post_of(turn, target, request, &post) || *post.ts == '\0')
        return NULL;
    struct loaded_card *loaded = cards_load(turn, request);
    json_t *message = message_of(&post, loaded);
    json_object_set_new(message, "ts", json_string(post.ts));
    if (*post.key != '\0') /* else it is from before there were any, and keeps what it has */
        add_metadata(turn, message, &post);
    cards_free(loaded);
    return json_write(message);
}

static bool is_one_of(const char *code, const char *const *codes)
{
    while (*codes != NULL && strcmp(*codes, code) != 0)
        codes++;
    return *codes != NULL;
}

/* Slack will never update this card again: it is gone, of another app, or too old. One that is too
 * old and still says how the offer stands is left alone: else each check would post it once more.
 */
static bool must_be_anew(struct turn *turn, const struct post *post, const char *code)
{
    static const char *const lost[] = {"message_not_found", "cant_update_message", NULL};
    struct request request;
    bool too_old = strcmp(code, "edit_window_closed") == 0;
    return is_one_of(code, lost) || (too_old && requests_get(turn, post->request, &request) &&
                                     request.changed_at > post->sent_at);
}

static bool is_left(const struct post *post, const char *code)
{
    static const char *const over[] = {"message_not_found", "cant_update_message",
                                       "edit_window_closed", NULL};
    static const char *const old[] = {"edit_window_closed", NULL};
    return is_one_of(code, post->kind == POST_CARD ? old : over);
}

static void clear_error(struct turn *turn, struct post *post)
{
    if (*post->error == '\0')
        return;
    post->error[0] = '\0';
    posts_put(turn, post);
    if (post->kind == POST_CARD)
        flows_tell_card(turn, post, CARD_REOPENED);
}

/* Another message may have been taken for the card since. */
static bool is_of(const struct result *result, const struct post *post)
{
    json_t *sent = json_loadb(result->body, result->body_size, 0, NULL);
    const char *ts = json_string_value(json_object_get(sent, "ts"));
    bool same = ts != NULL && strcmp(ts, post->ts) == 0;
    json_decref(sent);
    return same;
}

static void on_card_update(struct turn *turn, const struct result *result)
{
    struct post post;
    if (!post_of(turn, result->target, result->subject, &post))
        return;
    if (result->outcome == OUTCOME_OK) {
        clear_error(turn, &post);
    } else if (!is_of(result, &post)) {
        cards_show(turn, result->subject);
    } else if (post.kind == POST_CARD && must_be_anew(turn, &post, result->code)) {
        log_warn("card reposted", F_INT("offer", post.request), F_TEXT("code", result->code));
        text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_CARD));
        post_anew(turn, &post);
    } else if (is_left(&post, result->code)) {
        log_warn("message update refused", F_INT("offer", post.request),
                 F_TEXT("kind", post_kind_name(post.kind)), F_TEXT("code", result->code));
    } else {
        note_error(turn, &post, result->code, result->text);
    }
}

static const struct effect_type post_effect = {.name = "post",
                                               .kind = EFFECT_ONCE,
                                               .call = "slack:chat.postMessage",
                                               .done = on_post,
                                               .gap_ms = SLACK_POST_GAP_MS,
                                               .gate = &posts_gate};
static const struct effect_type post_find_effect = {
    .name = "post.find",
    .kind = EFFECT_READ,
    .call = "slack:conversations.history",
    .done = on_post_find,
};
static const struct effect_type card_effect = {
    .name = "card",
    .kind = EFFECT_MIRROR,
    .call = "slack:chat.update",
    .done = on_card_update,
    .render = render,
    .gate = &posts_gate,
};
static const struct timer_type cards_refresh_timer = {.name = "cards.refresh", .due = refresh};
static const struct timer_type post_find_timer = {
    .name = "post.find", .due = find_or_post, .rests = rests_post};
static const struct timer_type posts_again_timer = {.name = "posts.again", .due = try_all_again};

const struct flow cards_flow = {
    .on_start = on_start,
    .effects = {&post_effect, &post_find_effect, &card_effect},
    .timers = {&cards_refresh_timer, &post_find_timer, &posts_again_timer},
    .on_renewed = post_all_anew,
    .on_move = on_move};
