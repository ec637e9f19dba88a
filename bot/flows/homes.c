#include "flows/homes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/homes.h"
#include "book/requests_list.h"
#include "flows/listing.h"
#include "flows/rosters.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "text.h"
#include "views/home_view.h"

static const struct effect_type home_effect;
static const struct timer_type home_refresh_timer;

enum { GLANCE_WAITING = 5, GLANCE_NEEDING = 5, GLANCE_OWN = 10 };
enum { AT_ONCE = 4, MAX_TRIES = 6 };
enum { SOON_MS = 1500, NEXT_MS = 50, ASK_AGAIN_MS = 3000 };

/* Stopwatches, in memory: somebody has a Home; and of somebody it is not known what they may see.
 */
static const char opened[] = "homes opened";
static const char unsettled[] = "homes unsettled";

/* --- what it shows --- */

struct shown_lists {
    struct loaded_list *loaded[HOME_LISTS];
    struct listing_view views[HOME_LISTS];
    size_t count;
};

static void add_list(struct turn *turn, const char *user, const struct list_page *page, size_t max,
                     struct shown_lists *lists)
{
    struct loaded_list *loaded = listing_load(turn, user, page, max);
    lists->loaded[lists->count] = loaded;
    lists->views[lists->count++] = *listing_view(loaded);
}

/* What waits for a decision, what needs its requester, what is theirs. */
static void add_glance(struct turn *turn, const struct home *home, struct shown_lists *lists)
{
    struct list_page page = {.filter = {.states = 1U << STATE_PENDING}};
    if (home->all)
        add_list(turn, home->person, &page, GLANCE_WAITING, lists);
    text_fit(page.filter.by, sizeof(page.filter.by), home->person);
    page.filter.states = 1U << STATE_CHANGES_REQUESTED | 1U << STATE_FAILED;
    if (requests_count(turn, home->person, page.filter.states) > 0) {
        add_list(turn, home->person, &page, GLANCE_NEEDING, lists);
        lists->views[lists->count - 1].heading = "Needs you";
        lists->views[lists->count - 1].filter = NULL;
    }
    page.filter.states = 0;
    add_list(turn, home->person, &page, GLANCE_OWN, lists);
}

/* "Yours: 2 waiting for approval · 5 published"; on the heap. */
static char *counts_of(struct turn *turn, const char *user)
{
    struct text line = {0};
    for (int state = 0; state < STATES; state++) {
        int64_t count = requests_count(turn, user, 1U << state);
        if (count > 0)
            text_addf(&line, "%s%s %lld %s", line.size > 0 ? " · " : "Yours: ",
                      request_state_sign((enum request_state)state), (long long)count,
                      request_state_label((enum request_state)state));
    }
    return text_take(&line);
}

static void publish(struct turn *turn, const char *user, const struct home_view *view)
{
    char *lane = text_format("home:%s", user);
    flow_effect(
        turn, &(struct effect){.type = &home_effect, .target = user, .lane = lane, .topic = "home"},
        json_pack("{s:s, s:o}", "user_id", user, "view", home_view(view)));
    free(lane);
}

static void publish_words(struct turn *turn, const char *user, const char *why)
{
    publish(turn, user,
            &(struct home_view){.why = why, .notice = "", .counts = "", .person = user});
}

static void publish_lists(struct turn *turn, const struct home *home, const char *notice)
{
    struct shown_lists lists = {.count = 0};
    struct list_page page;
    bool glance = *home->query == '\0';
    if (!glance && !listing_read(turn, home->person, home->all, home->query, &page)) {
        notice = listing_of_others;
        glance = true;
    }
    if (glance)
        add_glance(turn, home, &lists);
    else
        add_list(turn, home->person, &page, LIST_VIEW_ROWS, &lists);
    char *counts = glance ? counts_of(turn, home->person) : mem_copy("");
    publish(turn, home->person,
            &(struct home_view){.why = "",
                                .notice = notice,
                                .counts = counts,
                                .person = home->person,
                                .all = home->all,
                                .filter = glance ? NULL : &page.filter,
                                .lists = lists.views,
                                .count = lists.count});
    for (size_t i = 0; i < lists.count; i++)
        listing_free(lists.loaded[i]);
    free(counts);
}

/* --- for whom --- */

/* Slack is being asked who they are: what they see stays, or says so, and is drawn once it has
 * answered. */
static void wait_for_slack(struct turn *turn, struct home *home, bool first)
{
    home->tries++;
    if (home->tries >= MAX_TRIES) {
        homes_put(turn, home);
        publish_words(turn, home->person,
                      "Slack has not told me who you are. Please open this tab again later.");
        return;
    }
    if (first)
        publish_words(turn, home->person, "One moment: I am asking Slack who you are.");
    homes_spoil(turn, home);
    turn_stopwatch_start(turn, unsettled);
    turn_timer(turn, &home_refresh_timer, 0, ASK_AGAIN_MS);
}

/* Whoever was never read is asked about, though no list hangs on it. */
static bool is_unknown(struct turn *turn, const char *user)
{
    struct standing standing;
    rosters_settle(turn, RIGHT_REQUEST, user, NULL, ROSTERS_KNOWN_MS, &standing);
    bool unknown = !standing.settled && !standing.person.known;
    if (unknown)
        rosters_ask(turn, user, NULL, &standing);
    return unknown;
}

/* ${first}: nothing of ours stands there, or it was asked for just now. */
static void draw(struct turn *turn, struct home *home, bool first, const char *notice)
{
    char *why;
    enum listing reach = listing_for(turn, home->person, &why);
    if (reach == LISTING_LATER || (reach == LISTING_OWN && is_unknown(turn, home->person))) {
        wait_for_slack(turn, home, first);
        return;
    }
    home->all = reach == LISTING_ALL;
    home->tries = 0;
    homes_put(turn, home);
    if (reach == LISTING_NONE)
        publish_words(turn, home->person, why);
    else
        publish_lists(turn, home, notice);
    free(why);
}

void homes_show(struct turn *turn, const char *user, const char *query, const char *notice)
{
    struct home home;
    bool known = homes_get(turn, user, &home);
    if (!known)
        home = (struct home){.all = false};
    text_fit(home.person, sizeof(home.person), user);
    text_fit(home.query, sizeof(home.query), query);
    home.tries = 0;
    turn_stopwatch_start(turn, opened);
    draw(turn, &home, !known, notice);
}

/* --- when it changes --- */

static void refresh(struct turn *turn, int64_t unused)
{
    struct home home = {.person = ""};
    char after[PERSON_ID] = "";
    (void)unused;
    for (int i = 0; i < AT_ONCE; i++) {
        if (!homes_next_stale(turn, after, &home))
            return;
        text_fit(after, sizeof(after), home.person);
        draw(turn, &home, false, "");
    }
    if (homes_next_stale(turn, after, &home))
        turn_timer(turn, &home_refresh_timer, 0, NEXT_MS);
}

/* While nobody has opened one, it costs nothing more. */
static void spoil(struct turn *turn, const struct request *request, bool waited)
{
    if (turn_stopwatch_ms(turn, opened) < 0)
        return;
    homes_spoil_of(turn, request->requester, waited);
    turn_timer(turn, &home_refresh_timer, 0, SOON_MS);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    spoil(turn, moved->request,
          moved->move->from == STATE_PENDING || moved->move->to == STATE_PENDING);
}

void homes_voted(struct turn *turn, const struct request *request)
{
    spoil(turn, request, true);
}

static void on_answer(struct turn *turn)
{
    if (turn_stopwatch_ms(turn, unsettled) < 0)
        return;
    turn_stopwatch_stop(turn, unsettled);
    turn_timer(turn, &home_refresh_timer, 0, 0);
}

static void on_start(struct turn *turn)
{
    if (!homes_any(turn))
        return;
    turn_stopwatch_start(turn, opened);
    turn_timer(turn, &home_refresh_timer, 0, SOON_MS);
}

/* People of other organisations have no Home of ours, whatever they opened. */
static void on_home(struct turn *turn, const struct result *result)
{
    (void)turn;
    if (result->outcome != OUTCOME_OK)
        log_info("home not published", F_TEXT("user", result->target),
                 F_TEXT("code", result->code));
}

static const struct effect_type home_effect = {
    .name = "home",
    .kind = EFFECT_NOTICE,
    .call = "slack:views.publish",
    .done = on_home,
    .gap_ms = 300,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type home_refresh_timer = {.name = "home.refresh", .due = refresh};

const struct flow homes_flow = {.effects = {&home_effect},
                                .timers = {&home_refresh_timer},
                                .on_start = on_start,
                                .on_move = on_move,
                                .on_answer = on_answer};
