#include "flows/catching_up.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/finds.h"
#include "book/marks.h"
#include "book/requests.h"
#include "book/requests_list.h"
#include "book/settings.h"
#include "flows/app_context.h"
#include "flows/catching_up_news.h"
#include "flows/catching_up_sides.h"
#include "flows/catching_up_state.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/moves.h"
#include "flows/reconciling.h"
#include "log.h"
#include "text.h"

static const struct effect_type marks_sets_effect, marks_posts_effect;
static const struct timer_type marks_poll_timer;

static const int64_t FRESH_MS = 60000;
static const int64_t AGAIN_MS = 60000;
static const int64_t AGREED_MS = 100000; /* two counts this far apart can be trusted */
static const int64_t UNCOUNTED_MS = 20000;

/* Names of stopwatches, which belong to this process and are forgotten after a day. */
static const char caught_up[] = "caught up"; /* the last time */
static const char numbered[] =
    "numbers known"; /* since no higher number is known to be in use outside */
static const char second[] = "second look";     /* since when lists may have been behind */
static const char crowded[] = "others counted"; /* since the first count that said so */
static const char uncounted[] = "not counted";  /* since nothing else is waited for */

enum catching_side { CATCHING_AWS, CATCHING_SLACK, CATCHING_SIDES };

static const struct {
    const struct effect_type *effect;
    enum setting page; /* where the whole of it is being read */
    /* Stopwatches. resumed: everything before that page was read in an earlier life. */
    const char *looking, *resumed, *seen, *whole;
} sides[] = {
    [CATCHING_AWS] = {&marks_sets_effect, SETTING_AWS_PAGE, "AWS: looking", "AWS: resumed",
                      "AWS: seen", "AWS: all seen"},
    [CATCHING_SLACK] = {&marks_posts_effect, SETTING_SLACK_PAGE, "Slack: looking", "Slack: resumed",
                        "Slack: seen", "Slack: all seen"},
};

static bool is_set(const struct turn *turn, const char *watch)
{
    return turn_stopwatch_ms(turn, watch) >= 0;
}

/* --- reading --- */

/* "<life> <whole> <channel or -> <cursor>" of a page; those of another life are void. */
static void ask(struct turn *turn, enum catching_side side, const struct catching_page *page)
{
    char life[BOOK_MARK];
    marks_life(turn, life);
    char *body =
        side == CATCHING_AWS ? catching_up_sets_body(page) : catching_up_posts_body(turn, page);
    char *target = text_format("%s %d %s %s", life, page->whole, page->channel, page->cursor);
    char *place = text_format("%d %s %s", page->number, page->channel, page->cursor);
    if (page->whole)
        settings_put(turn, sides[side].page, place);
    free(place);
    turn_effect(turn, &(struct effect){.type = sides[side].effect,
                                       .subject = page->number,
                                       .target = target,
                                       .body = body});
    free(target);
    free(body);
}

/* Which page this replies to, except for its cursor. False: an earlier process asked for it. */
static bool was_asked(struct turn *turn, const struct result *result, struct catching_page *page)
{
    char life[BOOK_MARK];
    char asked[BOOK_MARK];
    char whole[4];
    const char *at = result->target;
    marks_life(turn, life);
    if (!text_take_word(&at, asked, sizeof(asked)) || !text_take_word(&at, whole, sizeof(whole)) ||
        !text_take_word(&at, page->channel, sizeof(page->channel)))
        return false;
    page->number = (int)result->subject;
    page->whole = *whole == '1';
    return strcmp(life, asked) == 0;
}

/* A complete reading resumes where a restart cut it off, and ends with the newest: the file may
 * have been restored, and be older than what its earlier life read. */
static void begin(struct turn *turn, enum catching_side side, bool whole)
{
    char place[NEXT_TOKEN + 64] = "";
    char number[12];
    const char *at = place;
    struct catching_page page = {.number = 1, .whole = whole};
    turn_stopwatch_stop(turn, sides[side].seen);
    turn_stopwatch_start(turn, sides[side].looking);
    if (whole)
        settings_get(turn, sides[side].page, place, sizeof(place));
    bool cut_off = text_take_word(&at, number, sizeof(number)) &&
                   text_take_word(&at, page.channel, sizeof(page.channel)) &&
                   text_take_word(&at, page.cursor, sizeof(page.cursor)) && *page.channel != '\0';
    if (cut_off) {
        page.number = (int)strtol(number, NULL, 10);
        turn_stopwatch_start(turn, sides[side].resumed);
    } else {
        turn_stopwatch_stop(turn, sides[side].resumed);
        page.cursor[0] = '\0';
        text_fit(page.channel, sizeof(page.channel),
                 side == CATCHING_AWS ? "-" : app_config(turn)->channel_approvals);
    }
    ask(turn, side, &page);
}

static void check_marks(struct turn *turn, int64_t unused)
{
    (void)unused;
    for (enum catching_side side = 0; side < CATCHING_SIDES; side++) {
        if (is_set(turn, sides[side].looking))
            continue;
        turn_stopwatch_stop(turn, sides[side].whole);
        begin(turn, side, catching_up_doubted(turn));
    }
}

/* --- the end --- */

/* Slack has not said how many there are. True: we wait, but for a short while only, since offers
 * are published whether Slack can be reached or not. */
static bool wait_for_count(struct turn *turn)
{
    int64_t waited = turn_stopwatch_ms(turn, uncounted);
    if (waited < 0) {
        turn_stopwatch_start(turn, uncounted);
        turn_timer(turn, &marks_poll_timer, 0, UNCOUNTED_MS);
    }
    return waited >= UNCOUNTED_MS;
}

/* Somebody may run a copy beside the file that it was made from, or clone a whole machine, where
 * nothing gives the file away. Slack counts the sockets of both. False: another one runs, and the
 * operators are told; if none does, the file is no longer treated as a copy. */
static bool check_alone(struct turn *turn)
{
    int others = app_context_of(turn)->others;
    bool copied = settings_has(turn, SETTING_COPIED);
    if (others == 0 && copied)
        settings_put(turn, SETTING_COPIED, "");
    else if (others > 0 && copied)
        catching_up_tell_copy(turn);
    else if (others > 0 && !is_set(turn, crowded))
        turn_stopwatch_start(turn, crowded);
    return others == 0 || (others < 0 && !copied && wait_for_count(turn));
}

static bool both_seen(const struct turn *turn)
{
    return is_set(turn, sides[CATCHING_AWS].seen) && is_set(turn, sides[CATCHING_SLACK].seen);
}

static void finish(struct turn *turn)
{
    assert(both_seen(turn) && !finds_any(turn) && !settings_has(turn, SETTING_COPIED));
    flows_tell_report(turn);
    catching_up_tell_found(turn);
    catching_up_tell_end(turn);
    finds_learn(turn);
    bool first = !catching_up_done(turn);
    catching_up_set_done(turn);
    turn_stopwatch_start(turn, caught_up);
    turn_stopwatch_stop(turn, second);
    turn_open_gate(turn, &releases_gate);
    if (first)
        log_info("catch-up done");
    moves_wake_all(turn, STATES_GOING);
}

/* Lists at AWS lag behind, and show what they lack within this time. False: it is over, or there is
 * nothing to wait for. */
static bool wait_for_lists(struct turn *turn)
{
    int64_t apart = RECONCILING_ABSENT_MS;
    int64_t waited = turn_stopwatch_ms(turn, second);
    if (!catching_up_doubted(turn))
        return false;
    if (waited < 0) {
        turn_stopwatch_start(turn, second);
        waited = 0;
    }
    if (waited >= apart)
        return false;
    turn_stopwatch_stop(turn, sides[CATCHING_AWS].seen);
    log_info("catch-up waiting", F_INT("in_ms", apart - waited));
    turn_timer(turn, &marks_poll_timer, 0, apart - waited);
    return true;
}

/* Nobody is reading it, and it was last seen so long ago, a day, that this is forgotten. */
static bool is_forgotten(const struct turn *turn, enum catching_side side)
{
    return !is_set(turn, sides[side].seen) && !is_set(turn, sides[side].looking);
}

void catching_up_settled(struct turn *turn)
{
    if (finds_any(turn))
        return;
    if (!both_seen(turn)) {
        if (is_forgotten(turn, CATCHING_SLACK)) /* AWS's side may be waiting for its lists */
            check_marks(turn, 0);
        return;
    }
    turn_open_gate(turn, &posts_gate);
    catching_up_tell_found(turn); /* told now, though we may yet have to wait for the lists */
    bool alone = check_alone(turn);
    if (!wait_for_lists(turn) && alone)
        finish(turn);
}

/* Settles once both sides have been read, to their end if there is anything new. */
static void compare(struct turn *turn)
{
    bool all = true;
    if (finds_any(turn))
        catching_up_doubt(turn);
    if (is_set(turn, sides[CATCHING_SLACK].seen) && !catching_up_doubted(turn))
        turn_open_gate(turn, &posts_gate);
    if (!both_seen(turn))
        return;
    for (enum catching_side side = 0; catching_up_doubted(turn) && side < CATCHING_SIDES; side++) {
        if (!is_set(turn, sides[side].whole)) {
            begin(turn, side, true);
            all = false;
        }
    }
    if (!all)
        return;
    flows_tell_finds(turn);
    catching_up_settled(turn);
}

/* --- what comes of a page --- */

/* While we may not read, or AWS refuses, nothing is published. */
static void postpone(struct turn *turn, const struct result *result)
{
    turn_stopwatch_stop(turn, sides[CATCHING_AWS].looking);
    if (result->outcome == OUTCOME_REFUSED)
        settings_put(turn, sides[CATCHING_AWS].page, ""); /* the page may be what it refuses */
    turn_timer(turn, &marks_poll_timer, 0, AGAIN_MS);
    catching_up_tell_aws(turn, result);
}

/* All pages of a side have come. */
static void end(struct turn *turn, enum catching_side side, bool whole)
{
    settings_put(turn, sides[side].page, "");
    if (whole)
        turn_stopwatch_start(turn, sides[side].whole);
    if (is_set(turn, sides[side].resumed)) {
        begin(turn, side, false);
        return;
    }
    turn_stopwatch_stop(turn, sides[side].looking);
    turn_stopwatch_start(turn, sides[side].seen);
    if (side == CATCHING_SLACK)
        turn_stopwatch_start(turn, numbered);
    compare(turn);
}

static void on_page(struct turn *turn, const struct result *result, enum catching_side side)
{
    struct catching_page page = {.number = 0};
    if (!was_asked(turn, result, &page))
        return;
    enum catching_next next = side == CATCHING_AWS ? catching_up_sets(turn, result, &page)
                                                   : catching_up_posts(turn, result, &page);
    switch (next) {
    case CATCHING_PAGE:
        if (*page.cursor != '\0')
            catching_up_tell_length(turn, turn_stopwatch_ms(turn, sides[side].looking),
                                    page.number - 1);
        ask(turn, side, &page);
        break;
    case CATCHING_END:
        end(turn, side, page.whole);
        break;
    case CATCHING_LATER:
        postpone(turn, result);
        break;
    }
}

static void on_marks_sets(struct turn *turn, const struct result *result)
{
    on_page(turn, result, CATCHING_AWS);
}

static void on_marks_posts(struct turn *turn, const struct result *result)
{
    on_page(turn, result, CATCHING_SLACK);
}

/* --- the start, and what others ask --- */

/* What the file itself says about being older than the world, or a copy of one that is still in
 * use. */
static void judge_file(struct turn *turn, bool was_used)
{
    const struct app_context *app = app_context_of(turn);
    bool line = *app->beside != '\0';
    bool known = marks_known(turn, app->beside);
    bool missing = !line && was_used;
    if (line && !known)
        catching_up_because(turn, CAUSE_LINE_NEWER);
    else if (app->copied)
        catching_up_because(turn, CAUSE_FILE_MOVED);
    else if (missing)
        catching_up_because(turn, CAUSE_LINE_MISSING);
    if (app->copied || missing)
        settings_put(turn, SETTING_COPIED, "1");
    if (known && !app->copied)
        turn_stopwatch_start(turn, numbered);
    if ((line && !known) || app->copied || missing || catching_up_doubted(turn))
        catching_up_doubt(turn); /* what it released last may be in no list yet */
}

static void on_start(struct turn *turn)
{
    char install[TURN_ID];
    char newest[BOOK_MARK];
    app_install(turn, install);
    marks_newest(turn, newest);
    bool was_used = *newest != '\0';
    catching_up_news_begin(turn, !was_used && requests_highest(turn) == 0);
    judge_file(turn, was_used);
    marks_begin(turn);
    turn_close_gate(turn, &posts_gate);
    turn_close_gate(turn, &releases_gate);
    check_marks(turn, 0);
}

bool catching_up_ensure_fresh(struct turn *turn)
{
    int64_t age = turn_stopwatch_ms(turn, caught_up);
    if (age >= 0 && age <= FRESH_MS && !catching_up_doubted(turn))
        return true;
    if (catching_up_done(turn)) /* else it is under way since the start */
        check_marks(turn, 0);
    return false;
}

bool catching_up_may_number(struct turn *turn)
{
    return is_set(turn, numbered) || catching_up_done(turn);
}

/* The other one is gone: what it released last may be in no list yet. */
static void compare_anew(struct turn *turn)
{
    settings_put(turn, SETTING_COPIED, "");
    settings_put(turn, SETTING_OTHER_SEEN_BY, "");
    catching_up_doubt(turn);
    turn_stopwatch_start(turn, second);
    check_marks(turn, 0);
}

/* Slack still counts the sockets of a process that has just died: only a later count that says the
 * same is believed. */
static void judge_count(struct turn *turn)
{
    if (app_context_of(turn)->others <= 0 || turn_stopwatch_ms(turn, crowded) < AGREED_MS ||
        settings_has(turn, SETTING_COPIED))
        return;
    settings_put(turn, SETTING_COPIED, "1");
    catching_up_because(turn, CAUSE_CROWDED);
}

static void on_counted(struct turn *turn)
{
    if (catching_up_done(turn))
        return;
    bool alone = app_context_of(turn)->others == 0;
    bool was_crowded = is_set(turn, crowded);
    if (alone)
        turn_stopwatch_stop(turn, crowded);
    if (alone && catching_up_knows(turn, SETTING_OTHER_SEEN_BY)) {
        compare_anew(turn);
    } else if (alone && was_crowded) {
        check_marks(turn, 0); /* what was seen so far is old by now */
    } else {
        judge_count(turn);
        check_alone(turn); /* told at once, however long the comparison lasts */
        catching_up_settled(turn);
    }
}

static const struct effect_type marks_sets_effect = {
    .name = "marks.sets",
    .kind = EFFECT_READ,
    .call = "aws:ListChangeSets",
    .done = on_marks_sets,
};
static const struct effect_type marks_posts_effect = {
    .name = "marks.posts",
    .kind = EFFECT_READ,
    .call = "slack:conversations.history",
    .done = on_marks_posts,
    .patience_ms = PATIENCE_SHORT_MS,
};
static const struct timer_type marks_poll_timer = {.name = "marks.poll", .due = check_marks};

const struct flow catching_up_flow = {.effects = {&marks_sets_effect, &marks_posts_effect},
                                      .on_start = on_start,
                                      .on_counted = on_counted,
                                      .timers = {&marks_poll_timer}};
