#include "flows/cards.h"

#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/marks.h"
#include "book/posts.h"
#include "book/requests.h"
#include "book/settings.h"
#include "book/threads.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/moves.h"
#include "flows/posting.h"
#include "json.h"
#include "log.h"
#include "offers/date.h"
#include "slack/api.h"
#include "text.h"

static const struct effect_type card_effect;
static const struct timer_type cards_refresh_timer;

static const int64_t REFRESH_GAP_MS = 60000;

/* --- what is to be seen --- */

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

void cards_show(struct turn *turn, int64_t request)
{
    struct post post = {.request = request, .kind = POST_CARD};
    if (posts_get(turn, POST_CARD, request, &post)) {
        mirror(turn, &post);
        return;
    }
    text_fit(post.channel, sizeof(post.channel), posting_channel(turn, POST_CARD));
    posting_anew(turn, &post);
}

void cards_announce(struct turn *turn, int64_t request)
{
    struct post post = {.request = request, .kind = POST_ANNOUNCEMENT};
    if (!posting_possible(turn, &post))
        return;
    if (posts_get(turn, POST_ANNOUNCEMENT, request, &post)) {
        mirror(turn, &post);
        return;
    }
    text_fit(post.channel, sizeof(post.channel), posting_channel(turn, POST_ANNOUNCEMENT));
    posting_anew(turn, &post);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    int64_t request = moved->request->number;
    if (moves_unseen(moved))
        return;
    cards_show(turn, request);
    if (request_state_in(moved->request->state, STATES_OUT))
        cards_announce(turn, request);
}

/* --- as days go by, and after an upgrade --- */

static void write_today(const struct turn *turn, char day[DATE_TEXT])
{
    date_write(date_of_ms(turn_now(turn)), day);
}

/* A minute after it has begun. */
static void refresh_tomorrow(struct turn *turn)
{
    turn_date(turn, &cards_refresh_timer, 0, date_end_ms(date_of_ms(turn_now(turn))) + 60000);
}

/* Cards count days and warn of dates, so what they said when they were posted becomes untrue. A few
 * at a time: Slack takes some fifty updates a minute, and updates for what people do queue behind
 * these. */
static void refresh(struct turn *turn, int64_t after)
{
    enum { AT_ONCE = 25 };
    char day[DATE_TEXT];
    struct request request = {.number = after};
    for (int i = 0; i < AT_ONCE; i++) {
        if (!requests_next(turn, STATES_OPEN, request.number, &request)) {
            write_today(turn, day);
            settings_put(turn, SETTING_CARDS_DAY, day);
            refresh_tomorrow(turn);
            return;
        }
        cards_show(turn, request.number);
    }
    turn_timer(turn, &cards_refresh_timer, request.number, REFRESH_GAP_MS);
}

/* What is over keeps what it shows: those would be all that ever were. */
static void on_exposed(struct turn *turn)
{
    turn_timer(turn, &cards_refresh_timer, 0, 0);
}

static void on_start(struct turn *turn)
{
    char shown[16];
    char day[DATE_TEXT];
    write_today(turn, day);
    if (settings_get(turn, SETTING_CARDS_DAY, shown, sizeof(shown)) && strcmp(shown, day) == 0)
        refresh_tomorrow(turn);
    else
        turn_timer(turn, &cards_refresh_timer, 0, 0);
}

/* The cards of all open requests. */
static void post_all_anew(struct turn *turn)
{
    struct request request = {.number = 0};
    struct post post;
    while (requests_next(turn, STATES_OPEN, request.number, &request)) {
        if (!posts_get(turn, POST_CARD, request.number, &post))
            continue;
        text_fit(post.channel, sizeof(post.channel), posting_channel(turn, POST_CARD));
        turn_cancel(turn, post.effect); /* it may have been found out by an update already */
        turn_resolve(turn, post.effect);
        posting_anew(turn, &post);
    }
}

bool cards_own(struct turn *turn, int64_t request, const char *channel, const char *ts,
               const char *key)
{
    struct post post;
    if (!posts_get(turn, POST_CARD, request, &post) || strcmp(post.channel, channel) != 0)
        return false;
    if (*key != '\0' && *post.key != '\0' && strcmp(key, post.key) != 0)
        return false;
    if (*post.ts == '\0') { /* its answer was lost: this is where it stands */
        turn_resolve(turn, post.effect);
        posting_found(turn, &post, ts);
    }
    return strcmp(post.ts, ts) == 0;
}

/* --- updating --- */

static char *render(struct turn *turn, int64_t request, const char *target)
{
    struct post post;
    if (!post_of(turn, target, request, &post) || *post.ts == '\0' ||
        !posting_possible(turn, &post))
        return NULL;
    return json_write(posting_message(turn, &post));
}

static bool is_one_of(const char *code, const char *const *codes)
{
    while (*codes != NULL && strcmp(*codes, code) != 0)
        codes++;
    return *codes != NULL;
}

/* Slack will never update this message again: it is gone, another app's, or too old. One that
 * stands and still tells the truth is left alone, or every check would post another; only a card of
 * another app is not, since its buttons reach nobody. An announcement that is gone was taken down
 * by somebody. */
static bool must_be_reposted(struct turn *turn, const struct post *post, const char *code)
{
    static const char *const lost[] = {"message_not_found", "cant_update_message", NULL};
    static const char *const stands[] = {"cant_update_message", "edit_window_closed", NULL};
    if (post->kind == POST_CARD && is_one_of(code, lost))
        return true;
    return is_one_of(code, stands) && history_steps(turn, post->request) > post->step;
}

static bool is_given_up(const struct post *post, const char *code)
{
    static const char *const over[] = {"message_not_found", "cant_update_message",
                                       "edit_window_closed", NULL};
    static const char *const old[] = {"edit_window_closed", NULL};
    return is_one_of(code, post->kind == POST_CARD ? old : over);
}

static bool is_mention_kept(struct turn *turn, int64_t request)
{
    struct thread thread;
    threads_get(turn, request, &thread);
    return *thread.mention != '\0';
}

/* A reply below it may be refused although its updates are not: where approvers are still to be
 * mentioned there, it is well once that is done (flows/card_thread.c). */
static void note_updated(struct turn *turn, struct post *post)
{
    if (post->kind == POST_CARD && *post->error != '\0' && is_mention_kept(turn, post->request))
        flows_tell_card(turn, post, CARD_REOPENED);
    else
        posting_well(turn, post);
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
        note_updated(turn, &post);
    } else if (!is_of(result, &post)) {
        cards_show(turn, result->subject);
    } else if (must_be_reposted(turn, &post, result->code)) {
        log_warn("message reposted", F_INT("request", post.request),
                 F_TEXT("kind", post_kind_name(post.kind)), F_TEXT("code", result->code));
        text_fit(post.channel, sizeof(post.channel), posting_channel(turn, post.kind));
        posting_anew(turn, &post);
    } else if (is_given_up(&post, result->code)) {
        log_warn("message update refused", F_INT("request", post.request),
                 F_TEXT("kind", post_kind_name(post.kind)), F_TEXT("code", result->code));
        note_updated(turn, &post); /* it stands, and a reply below it may be possible again */
    } else {
        posting_refused(turn, &post, "update", result->code, result->text);
    }
}

static const struct effect_type card_effect = {
    .name = "card",
    .kind = EFFECT_MIRROR,
    .call = "slack:chat.update",
    .done = on_card_update,
    .render = render,
    .gate = &posts_gate,
};
static const struct timer_type cards_refresh_timer = {.name = "cards.refresh", .due = refresh};
const struct flow cards_flow = {.on_start = on_start,
                                .effects = {&card_effect},
                                .timers = {&cards_refresh_timer},
                                .on_renewed = post_all_anew,
                                .on_stale = mirror,
                                .on_exposed = on_exposed,
                                .on_move = on_move};
