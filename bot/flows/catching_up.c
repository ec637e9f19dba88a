#include "flows/catching_up.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/drafts.h"
#include "book/finds.h"
#include "book/marks.h"
#include "book/offers.h"
#include "book/posts.h"
#include "book/settings.h"
#include "flows/adopting.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "flows/publishing.h"
#include "flows/tracking.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "slack/api.h"
#include "slack/replies.h"
#include "text.h"

enum { MOST_PAGES = 250, REPORT_BYTES = 2400 };

static const int64_t FRESH_MS = 60000;
static const int64_t AGAIN_MS = 60000;
static const int64_t SEEN_BACK_MS = INT64_C(120) * 24 * 3600 * 1000; /* AWS keeps less */

/* What is known of this process alone is kept as stopwatches. */
static const char caught_up[] = "caught up";    /* the last time */
static const char numbered[] = "numbers known"; /* no higher one stands outside */
static const char second[] = "second look";     /* since when lists may have been behind */
static const char copy_told[] = "copy told";
static const char aws_told[] = "AWS unseen told";
static const char length_told[] = "length told";

/* The two sides. */
static const struct side {
    const char *effect;
    const char *page;                   /* a setting: where the whole of it is being read */
    const char *looking, *seen, *whole; /* stopwatches */
} sides[] = {
    {"marks.sets", "AWS page", "AWS: looking", "AWS: seen", "AWS: all seen"},
    {"marks.posts", "Slack page", "Slack: looking", "Slack: seen", "Slack: all seen"},
};
enum { AWS, SLACK, SIDES };

static bool is_set(const struct turn *turn, const char *watch)
{
    return turn_watched(turn, watch) >= 0;
}

static bool is_stored(struct turn *turn, const char *name)
{
    char text[8];
    return settings_get(turn, name, text, sizeof(text)) && *text != '\0';
}

/* By this process, however long ago: stopwatches are forgotten after a day. */
static bool is_caught_up(struct turn *turn)
{
    char life[BOOK_MARK];
    char by[BOOK_MARK];
    marks_life(turn, life);
    return settings_get(turn, "caught_up_by", by, sizeof(by)) && strcmp(by, life) == 0;
}

/* The file is older than something that we saw; until the comparison has ended. */
static bool is_doubted(struct turn *turn)
{
    return is_stored(turn, "doubted");
}

static void doubt(struct turn *turn)
{
    settings_put(turn, "doubted", "1");
    turn_shut(turn, "release.start");
}

/* --- reading ------------------------------------------------------------------------------ */

/* "<life> <whole> <channel or -> <cursor>" of a page; those of another life are void. */
static void read_page(struct turn *turn, int side, int page, bool whole, const char *channel,
                      const char *cursor, char *body)
{
    char life[BOOK_MARK];
    marks_life(turn, life);
    char *target = text_format("%s %d %s %s", life, whole, channel, cursor);
    char *place = text_format("%d %s %s", page, channel, cursor);
    if (whole)
        settings_put(turn, sides[side].page, place);
    free(place);
    turn_effect(turn, &(struct effect){.type = sides[side].effect,
                                       .subject = page,
                                       .target = target,
                                       .body = body,
                                       .body_size = strlen(body)});
    free(target);
    free(body);
}

static void read_sets(struct turn *turn, int page, bool whole, const char *next)
{
    read_page(turn, AWS, page, whole, "-", next, catalog_newest_change_sets(next));
}

static void read_posts(struct turn *turn, int page, bool whole, const char *channel,
                       const char *cursor)
{
    char oldest[32];
    snprintf(oldest, sizeof(oldest), "%lld", (long long)((turn_now(turn) - SEEN_BACK_MS) / 1000));
    json_t *body = json_pack("{s:s, s:s, s:b, s:i}", "channel", channel, "oldest", oldest,
                             "include_all_metadata", 1, "limit", whole ? 200 : 50);
    if (*cursor != '\0')
        json_object_set_new(body, "cursor", json_string(cursor));
    read_page(turn, SLACK, page, whole, channel, cursor, json_dumps(body, JSON_COMPACT));
    json_decref(body);
}

/* The whole goes on where a restart cut it off; it is read from the first page once more later. */
static void begin(struct turn *turn, int side, bool whole)
{
    char place[NEXT_TOKEN + 64] = "";
    char page[12], channel[32], cursor[NEXT_TOKEN];
    const char *at = place;
    turn_watch_stop(turn, sides[side].seen);
    turn_watch(turn, sides[side].looking);
    if (whole)
        settings_get(turn, sides[side].page, place, sizeof(place));
    bool cut_off = text_take_word(&at, page, sizeof(page)) &&
                   text_take_word(&at, channel, sizeof(channel)) &&
                   text_take_word(&at, cursor, sizeof(cursor)) && *channel != '\0';
    int number = cut_off ? (int)strtol(page, NULL, 10) : 1;
    if (!cut_off)
        text_fit(channel, sizeof(channel), config_of(turn)->channel_approvals);
    if (side == AWS)
        read_sets(turn, number, whole, cut_off ? cursor : "");
    else
        read_posts(turn, number, whole, channel, cut_off ? cursor : "");
}

/* A long book takes its time, and nothing is published meanwhile. */
static void tell_length(struct turn *turn, int side, int64_t page)
{
    if (turn_watched(turn, sides[side].looking) < AGAIN_MS || is_set(turn, length_told))
        return;
    turn_watch(turn, length_told);
    char *words = text_format("I am comparing my state file with AWS and Slack and will publish "
                              "nothing until that is done. So far I have read %lld pages.",
                              (long long)page);
    notify_operators(turn, words);
    free(words);
}

void catching_up_look(struct turn *turn, int64_t unused)
{
    (void)unused;
    for (int side = 0; side < SIDES; side++) {
        if (is_set(turn, sides[side].looking))
            continue;
        turn_watch_stop(turn, sides[side].whole);
        begin(turn, side, is_doubted(turn));
    }
}

struct page {
    bool whole;
    char channel[32];
};

/* False for one that another life asked for. */
static bool is_current(struct turn *turn, const struct result *result, struct page *page)
{
    char life[BOOK_MARK];
    char asked[BOOK_MARK];
    char whole[4];
    const char *at = result->target;
    marks_life(turn, life);
    if (!text_take_word(&at, asked, sizeof(asked)) || !text_take_word(&at, whole, sizeof(whole)) ||
        !text_take_word(&at, page->channel, sizeof(page->channel)))
        return false;
    page->whole = *whole == '1';
    return strcmp(life, asked) == 0;
}

/* --- the end ------------------------------------------------------------------------------ */

void catching_up_report(struct turn *turn, const char *line)
{
    char report[REPORT_BYTES];
    settings_get(turn, "report", report, sizeof(report));
    char *whole = text_format("%s\n• %s", report, line);
    if (strlen(whole) < sizeof(report))
        settings_put(turn, "report", whole);
    log_warn("catch-up finding", F_TEXT("what", line));
    free(whole);
}

/* Told once, and only where the file was not the newest: else what was not seen is no news. */
static void tell(struct turn *turn)
{
    char report[REPORT_BYTES];
    settings_get(turn, "report", report, sizeof(report));
    if (*report != '\0' && is_doubted(turn)) {
        char *words = text_format(
            "%s I compared it with AWS and with our messages before publishing anything. (AWS "
            "keeps change sets for 90 days; I cannot see anything older.)%s",
            is_caught_up(turn)
                ? "Another bot is working with a copy of my state file; stop one of the two."
                : "My state file was older than what Slack and AWS hold: it was restored, lost or "
                  "copied.",
            report);
        notify_operators(turn, words);
        free(words);
    }
    settings_put(turn, "report", "");
}

/* A copy may be run beside the file that it was made from: Slack counts the sockets of both. */
static bool is_alone(struct turn *turn)
{
    if (!is_stored(turn, "copied"))
        return true;
    if (house_of(turn)->others == 0) {
        settings_put(turn, "copied", "");
        return true;
    }
    if (house_of(turn)->others > 0 && !is_set(turn, copy_told)) {
        turn_watch(turn, copy_told);
        notify_operators(turn, "My state file is a copy, and another bot is connected to Slack "
                               "with this app: two bots on one state would publish twice. I won't "
                               "publish anything until it is stopped. If there is none, wait a few "
                               "minutes: Slack still counts a connection that has just died.");
    }
    return false;
}

static void finish(struct turn *turn)
{
    char now[32];
    char life[BOOK_MARK];
    marks_life(turn, life);
    snprintf(now, sizeof(now), "%lld", (long long)turn_now(turn));
    settings_put(turn, "caught_up_at", now);
    settings_put(turn, "doubted", "");
    finds_learn(turn);
    bool first = !is_caught_up(turn);
    turn_watch(turn, caught_up);
    settings_put(turn, "caught_up_by", life);
    turn_watch_stop(turn, second);
    turn_open(turn, "release.start");
    if (first)
        log_info("catch-up done");
    publishing_advance_all(turn);
}

/* Lists at AWS may lag behind: what is not there yet comes within this time. */
static bool may_be_behind(struct turn *turn)
{
    int64_t apart = tracking_apart(turn);
    int64_t waited = turn_watched(turn, second);
    if (!is_doubted(turn))
        return false;
    if (waited < 0) {
        turn_watch(turn, second);
        waited = 0;
    }
    if (waited >= apart)
        return false;
    turn_watch_stop(turn, sides[AWS].seen);
    log_info("catch-up waiting", F_INT("again_in_ms", apart - waited));
    turn_timer(turn, "marks.look", 0, turn_now(turn) + apart - waited);
    return true;
}

void catching_up_settled(struct turn *turn)
{
    if (finds_any(turn) || !is_set(turn, sides[AWS].seen) || !is_set(turn, sides[SLACK].seen))
        return;
    turn_open(turn, "post");
    tell(turn); /* what waits for the lists now is no reason to wait with the news */
    bool alone = is_alone(turn);
    if (!may_be_behind(turn) && alone)
        finish(turn);
}

/* Both sides have been looked at; if there is anything new, to the end. */
static void compare(struct turn *turn)
{
    bool all = true;
    if (finds_any(turn))
        doubt(turn);
    if (is_set(turn, sides[SLACK].seen) && !is_doubted(turn))
        turn_open(turn, "post");
    if (!is_set(turn, sides[AWS].seen) || !is_set(turn, sides[SLACK].seen))
        return;
    for (int side = 0; is_doubted(turn) && side < SIDES; side++) {
        if (!is_set(turn, sides[side].whole)) {
            begin(turn, side, true);
            all = false;
        }
    }
    if (!all)
        return;
    adopting_all(turn);
    catching_up_settled(turn);
}

static void end_side(struct turn *turn, int side, bool whole)
{
    turn_watch_stop(turn, sides[side].looking);
    settings_put(turn, sides[side].page, "");
    turn_watch(turn, sides[side].seen);
    if (whole)
        turn_watch(turn, sides[side].whole);
    if (side == SLACK)
        turn_watch(turn, numbered);
    compare(turn);
}

/* --- AWS ---------------------------------------------------------------------------------- */

static int64_t caught_up_at(struct turn *turn)
{
    char text[32];
    settings_get(turn, "caught_up_at", text, sizeof(text));
    return strtoll(text, NULL, 10);
}

/* Names were made by lot once: a lost book cannot say which of those were its own. */
static bool is_ours(struct turn *turn, const char *install)
{
    char ours[TURN_ID];
    install_of(turn, ours);
    return strcmp(install, ours) == 0 ||
           (ours[0] == 'i' && strlen(install) == TURN_ID - 1 && offers_highest(turn) == 0);
}

static bool set_known(struct turn *turn, const struct change_set_summary *set)
{
    struct draft draft;
    if (finds_settled(turn, FIND_SET, set->id, set->parts.mark))
        return true;
    if (*set->parts.mark != '\0')
        return marks_known(turn, set->parts.mark);
    drafts_get(turn, set->parts.offer, &draft);
    return draft.attempt >= set->parts.attempt || set->at <= caught_up_at(turn);
}

static void note_set(struct turn *turn, const struct change_set_summary *set)
{
    bool done = set->status != CHANGE_SET_FAILED && set->status != CHANGE_SET_CANCELLED;
    struct find find = {.what = FIND_SET,
                        .offer = set->parts.offer,
                        .revision = set->parts.revision,
                        .number = set->parts.number,
                        .attempt = set->parts.attempt,
                        .at = set->at};
    text_fit(find.id, sizeof(find.id), set->id);
    text_fit(find.state, sizeof(find.state), done ? set->parts.step : "failed");
    text_fit(find.entity, sizeof(find.entity), set->entity);
    text_fit(find.mark, sizeof(find.mark), set->parts.mark);
    finds_put(turn, &find);
    turn_count_past(turn, "offer", find.offer);
}

/* Without the right to look, or while AWS refuses, nothing is published. */
static void aws_unseen(struct turn *turn, const struct result *result)
{
    turn_watch_stop(turn, sides[AWS].looking);
    if (result->outcome == OUTCOME_REFUSED)
        settings_put(turn, sides[AWS].page, ""); /* the page may be what it refuses */
    turn_timer(turn, "marks.look", 0, turn_now(turn) + AGAIN_MS);
    if (is_set(turn, aws_told))
        return;
    turn_watch(turn, aws_told);
    char *words = text_format("I cannot compare my state file with AWS's change sets: %s (%s). "
                              "Offers wait until I can; I'll retry every minute.",
                              result->text, result->code);
    notify_operators(turn, words);
    free(words);
}

void catching_up_sets(struct turn *turn, const struct result *result)
{
    struct page page;
    char next[NEXT_TOKEN];
    size_t count, ours = 0;
    if (!is_current(turn, result, &page))
        return;
    if (result->outcome != OUTCOME_OK) {
        aws_unseen(turn, result);
        return;
    }
    struct change_set_summary *list = catalog_change_sets(result->reply, &count, next);
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(turn, list[i].parts.install))
            continue;
        ours++;
        if (set_known(turn, &list[i]))
            continue;
        note_set(turn, &list[i]);
        page.whole = true;
    }
    free(list);
    bool more = *next != '\0' && (page.whole || ours == 0);
    if (more && result->subject < MOST_PAGES) {
        tell_length(turn, AWS, result->subject);
        read_sets(turn, (int)result->subject + 1, page.whole, next);
        return;
    }
    if (more)
        catching_up_report(turn,
                           "AWS lists more change sets than I read: I have not seen the oldest.");
    end_side(turn, AWS, page.whole);
}

/* --- Slack -------------------------------------------------------------------------------- */

static void post_id(char id[ENTITY_ID], const char *channel, const struct slack_post *post)
{
    snprintf(id, ENTITY_ID, "%.60s %.60s", channel, post->ts);
}

static bool post_known(struct turn *turn, const char *channel, const struct slack_post *post)
{
    struct post ours;
    bool card = strcmp(post->kind, "card") == 0;
    char id[ENTITY_ID];
    post_id(id, channel, post);
    if (finds_settled(turn, card ? FIND_CARD : FIND_ANNOUNCEMENT, id, post->mark))
        return true;
    if (*post->mark != '\0')
        return marks_known(turn, post->mark);
    return (posts_get(turn, card ? POST_CARD : POST_ANNOUNCEMENT, post->offer, &ours) &&
            strcmp(ours.channel, channel) == 0 && strcmp(ours.ts, post->ts) == 0) ||
           strtoll(post->ts, NULL, 10) * 1000 <= caught_up_at(turn);
}

static void note_post(struct turn *turn, const char *channel, const struct slack_post *post)
{
    struct offer offer;
    bool card = strcmp(post->kind, "card") == 0;
    struct find find = {.what = card ? FIND_CARD : FIND_ANNOUNCEMENT,
                        .offer = post->offer,
                        .revision = post->revision,
                        .at = strtoll(post->ts, NULL, 10) * 1000};
    post_id(find.id, channel, post);
    text_fit(find.state, sizeof(find.state), post->state);
    text_fit(find.key, sizeof(find.key), post->key);
    text_fit(find.mark, sizeof(find.mark), post->mark);
    finds_put(turn, &find);
    turn_count_past(turn, "offer", find.offer);
    if (card && !offers_get(turn, post->offer, &offer))
        adopting_retire(turn, channel, post);
}

/* An installation that shares the channel has a name of its own; older posts say none. */
static bool is_our_post(struct turn *turn, const struct slack_post *post)
{
    return *post->install == '\0' || is_ours(turn, post->install);
}

static size_t take_posts(struct turn *turn, const struct result *result, struct page *page)
{
    struct slack_post post;
    size_t ours = 0;
    for (size_t i = 0; i < slack_messages(result->reply); i++) {
        if (!slack_post_at(result->reply, i, house_of(turn)->bot_user, &post) ||
            !is_our_post(turn, &post))
            continue;
        ours++;
        if (post_known(turn, page->channel, &post))
            continue;
        note_post(turn, page->channel, &post);
        page->whole = true;
    }
    return ours;
}

/* Refused for good, or the app may not read there: what stands there is not seen. */
static void slack_unseen(struct turn *turn, const struct result *result, const struct page *page)
{
    char *line = text_format("I cannot read <#%s> (%s), so I have not seen what was posted there.",
                             page->channel, result->text);
    catching_up_report(turn, line);
    free(line);
}

/* It was tried for long; a scope that is missing does not come by itself. */
static bool will_never_be_read(const struct result *result)
{
    const char *scope = slack_error_words("missing_scope");
    return strcmp(result->code, "gave_up") != 0 || strncmp(result->text, scope, strlen(scope)) == 0;
}

static bool next_channel(struct turn *turn, const struct page *page)
{
    const struct config *config = config_of(turn);
    return page->whole && strcmp(page->channel, config->channel_approvals) == 0 &&
           *config->channel_announcements != '\0' &&
           strcmp(config->channel_announcements, page->channel) != 0;
}

void catching_up_posts(struct turn *turn, const struct result *result)
{
    struct page page;
    char cursor[SLACK_CURSOR];
    int number = (int)result->subject + 1;
    if (!is_current(turn, result, &page))
        return;
    if (strcmp(result->code, "invalid_cursor") == 0 ||
        (result->outcome != OUTCOME_OK && !will_never_be_read(result))) {
        read_posts(turn, number, page.whole, page.channel, "");
        return;
    }
    size_t ours = 0;
    if (result->outcome == OUTCOME_OK)
        ours = take_posts(turn, result, &page);
    else
        slack_unseen(turn, result, &page);
    bool more = result->outcome == OUTCOME_OK && slack_next_page(result->reply, cursor) &&
                (page.whole || ours == 0);
    if (more)
        tell_length(turn, SLACK, result->subject);
    if (more && number <= MOST_PAGES)
        read_posts(turn, number, page.whole, page.channel, cursor);
    else if (next_channel(turn, &page))
        read_posts(turn, number, true, config_of(turn)->channel_announcements, "");
    else
        end_side(turn, SLACK, page.whole);
}

/* --- the start, and what others ask ------------------------------------------------------- */

void catching_up_start(struct turn *turn)
{
    const struct house *house = house_of(turn);
    char install[TURN_ID];
    char newest[BOOK_MARK];
    install_of(turn, install);
    marks_newest(turn, newest);
    bool known = marks_known(turn, house->beside);
    bool apart = house->copied || (*house->beside == '\0' && *newest != '\0');
    if (apart)
        settings_put(turn, "copied", "1");
    if (*house->beside != '\0' && !known)
        catching_up_report(
            turn, "The marker file beside my state file is newer than the state file itself.");
    if (known && !house->copied)
        turn_watch(turn, numbered);
    marks_begin(turn);
    turn_shut(turn, "post");
    turn_shut(turn, "release.start");
    if (apart || (*house->beside != '\0' && !known) || is_stored(turn, "doubted"))
        doubt(turn); /* what it released last may be in no list yet */
    catching_up_look(turn, 0);
}

bool catching_up_ready(struct turn *turn)
{
    int64_t age = turn_watched(turn, caught_up);
    if (!is_caught_up(turn))
        return false; /* it is under way since the start */
    if (age >= 0 && age <= FRESH_MS && !is_doubted(turn))
        return true;
    catching_up_look(turn, 0);
    return false;
}

bool catching_up_may_number(struct turn *turn)
{
    return is_set(turn, numbered) || is_caught_up(turn);
}

/* The other one is gone: what it released last may be in no list yet. */
static void compare_anew(struct turn *turn)
{
    settings_put(turn, "copied", "");
    turn_watch_stop(turn, copy_told);
    doubt(turn);
    turn_watch(turn, second);
    catching_up_look(turn, 0);
}

void catching_up_counted(struct turn *turn)
{
    if (is_caught_up(turn))
        return;
    if (is_set(turn, copy_told) && house_of(turn)->others == 0) {
        compare_anew(turn);
    } else {
        is_alone(turn); /* told at once, however long the comparison lasts */
        catching_up_settled(turn);
    }
}
