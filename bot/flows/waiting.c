/* Between the approval and the release: the undo window, the time that was set for it, and whoever
 * holds the offer. Its draft at AWS goes its way meanwhile; what may not be is its release
 * (flows/publishing.c asks the offer's timing). Of a Hold and the end of a wait, the one that is
 * handled first counts: until the release's intent is written down a Hold still stops it, from
 * there on it comes too late. */
#include "flows/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/requests.h"
#include "flows/app_context.h"
#include "flows/card_thread.h"
#include "flows/cards.h"
#include "flows/details.h"
#include "flows/flow.h"
#include "flows/informing.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/whispers.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/card_mentions.h"
#include "views/messages.h"

static const struct timer_type release_window_timer, release_date_timer;
static const struct card_mention late_mention;

/* --- the undo window --- */

/* What waits is woken when nothing is left to wait for. */
static void go_on(struct turn *turn, const struct request *request)
{
    cards_show(turn, request->number);
    informing_update(turn, request->number);
    if (request_state_in(request->state, STATES_GOING) && !timing_waits(&request->timing))
        moves_wake(turn, request);
}

static void open_window(struct turn *turn, int64_t number, int64_t length)
{
    struct request request;
    if (length == 0 || !requests_get(turn, number, &request))
        return;
    struct timing timing = request.timing;
    timing.opens = turn_time(turn) + length;
    timing.opens_at = turn_now(turn) + length;
    requests_time(turn, &request, &timing);
    turn_timer(turn, &release_window_timer, number, length);
    informing_update(turn, number); /* what was written at the approval did not know of it */
}

/* A window that was opened since then has its own end. */
static void end_window(struct turn *turn, int64_t number)
{
    struct request request;
    if (!requests_get(turn, number, &request) || request.timing.opens == 0)
        return;
    if (turn_time(turn) < request.timing.opens) {
        turn_timer(turn, &release_window_timer, number, request.timing.opens - turn_time(turn));
        return;
    }
    struct timing timing = request.timing;
    timing.opens = timing.opens_at = 0;
    requests_time(turn, &request, &timing);
    requests_note(turn, &request, EVENT_DUE, actor_bot(), "");
    go_on(turn, &request);
}

/* --- its date --- */

/* Whom it still needs is told: who is to decide, or who holds it. */
static void come(struct turn *turn, int64_t number)
{
    struct request request;
    if (!requests_get(turn, number, &request) || !timing_dated(&request.timing))
        return;
    if (turn_now(turn) < request.timing.date) {
        turn_date(turn, &release_date_timer, number, request.timing.date);
        return;
    }
    struct timing timing = request.timing;
    timing.came = true;
    requests_time(turn, &request, &timing);
    requests_note(turn, &request, EVENT_DUE, actor_bot(), "");
    if (request.state == STATE_PENDING || timing_held(&timing))
        card_thread_mention(turn, number, &late_mention);
    go_on(turn, &request);
}

static void add_late(const struct card *card, struct text *line)
{
    text_add(line, "was to be published ");
    mrkdwn_time(line, card->request->timing.date);
    text_add(line, timing_held(&card->request->timing) ? ", and is on hold: "
                                                       : ", and waits for a decision: ");
}

/* A time stays set whatever becomes of the content; where that makes it impossible, its requester
 * is told. */
static void look_at_date(struct turn *turn, const struct request *request)
{
    const struct request_kind *kind = request->kind;
    char *why = timing_dated(&request->timing) && kind->untimely != NULL
                    ? kind->untimely(turn, request, request->timing.date)
                    : NULL;
    if (why != NULL)
        notify_person(turn, request->requester,
                      message_format("CPPO-%lld is set for a time at which it cannot be published: "
                                     "%s. Set another by /cppo schedule CPPO-%lld.",
                                     (long long)request->number, why, (long long)request->number));
    free(why);
}

static struct timing date_of(const struct timing *timing)
{
    struct timing date = {.date = timing->date, .came = timing->came};
    text_fit(date.zone, sizeof(date.zone), timing->zone);
    return date;
}

/* Window and hold belong to the approval: with that they go. The date stays until all has ended. */
static void forget(struct turn *turn, const struct moved *moved)
{
    struct request request;
    bool ended =
        moved->move->event == EVENT_FIND || !request_state_in(moved->request->state, STATES_OPEN);
    if (!requests_get(turn, moved->request->number, &request))
        return;
    if (moved->move->event == EVENT_SUBMIT)
        look_at_date(turn, &request);
    struct timing timing = date_of(&request.timing);
    if (ended)
        timing = (struct timing){.opens = 0};
    if (request.timing.opens != 0)
        turn_timer_stop(turn, &release_window_timer, request.number);
    if (ended && timing_dated(&request.timing))
        turn_timer_stop(turn, &release_date_timer, request.number);
    if (request.timing.opens != 0 || timing_held(&request.timing) ||
        (ended && request.timing.date != 0))
        requests_time(turn, &request, &timing);
}

/* What failed is still held when somebody tries it again. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    enum request_event event = moved->move->event;
    unsigned keeps = STATES_GOING | 1U << STATE_FAILED;
    if (event == EVENT_APPROVE || event == EVENT_PASS)
        open_window(turn, moved->request->number, app_config(turn)->undo_window);
    else if (event == EVENT_FIND || !request_state_in(moved->request->state, keeps))
        forget(turn, moved);
}

/* --- hold --- */

/* True: they saw another revision, and were told. */
static bool is_outdated(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    if (pending->revision == 0 || pending->revision == action->request->revision)
        return false;
    reply_undone(turn, pending,
                 "CPPO-%lld has changed since: it is now at revision %d. Nothing was changed.",
                 (long long)action->request->number, action->request->revision);
    return true;
}

/* Does it wait for nothing but us? */
static bool is_stoppable(struct turn *turn, const struct request *request)
{
    const struct request_kind *kind = request->kind;
    return kind->timed && request_state_in(request->state, STATES_GOING) &&
           (kind->irrevocable == NULL || !kind->irrevocable(turn, request));
}

static void say_too_late(struct turn *turn, const struct pending_action *pending,
                         const struct request *request)
{
    long long number = (long long)request->number;
    const char *state = kind_label(request->kind, request->state);
    if (request_state_in(request->state, STATES_GOING | STATES_OUT))
        reply_undone(turn, pending, "Too late to hold CPPO-%lld: AWS has it. It is “%s”.", number,
                     state);
    else
        reply_undone(turn, pending, "There is nothing to hold: CPPO-%lld is “%s”.", number, state);
}

/* The requester could let it go on alone: an approver who holds it, too, takes that from them. */
static bool is_held_enough(struct turn *turn, const struct request *request, const char *person)
{
    const char *holder = request->timing.held_by;
    return timing_held(&request->timing) &&
           (people_same(turn, holder, person) || !people_same(turn, holder, request->requester));
}

/* Their requester is told when somebody else did it; an edit of what is there will do for the rest.
 */
static void show(struct turn *turn, const struct action *action, const char *words)
{
    const struct pending_action *pending = action->pending;
    const struct request *request = action->request;
    const struct reply_to to = reply_to_action(pending);
    if (whispers_in_modal(pending->channel))
        details_show(turn, &to, action->person, request, 0);
    else
        reply_action(turn, pending, "CPPO-%lld %s", (long long)request->number, words);
}

static void on_hold(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    if (is_outdated(turn, action))
        return;
    if (!is_stoppable(turn, request)) {
        say_too_late(turn, pending, request);
        return;
    }
    if (is_held_enough(turn, request, pending->person)) {
        reply_undone(turn, pending, "CPPO-%lld is on hold already, by " MENTION_PERSON ".",
                     (long long)request->number, request->timing.held_by);
        return;
    }
    struct timing timing = request->timing;
    timing.held_at = turn_now(turn);
    text_fit(timing.held_by, sizeof(timing.held_by), pending->person);
    text_fit(timing.held_why, sizeof(timing.held_why), pending->reason);
    requests_time(turn, request, &timing);
    requests_note(turn, request, EVENT_HOLD, actor_person(pending->person), pending->reason);
    cards_show(turn, request->number);
    if (people_same(turn, pending->person, request->requester))
        informing_update(turn, request->number);
    else
        informing_news(turn, request->number);
    show(turn, action, "is on hold: nothing is released until somebody lets it go on.");
}

/* --- continue --- */

static void on_continue(struct turn *turn, const struct action *action)
{
    struct request *request = action->request;
    if (is_outdated(turn, action))
        return;
    if (!timing_held(&request->timing)) {
        reply_undone(turn, action->pending, "CPPO-%lld is not on hold (any more): it is “%s”.",
                     (long long)request->number, kind_label(request->kind, request->state));
        return;
    }
    struct timing timing = date_of(&request->timing);
    requests_time(turn, request, &timing);
    turn_timer_stop(turn, &release_window_timer, request->number);
    requests_note(turn, request, EVENT_CONTINUE, actor_person(action->pending->person), "");
    go_on(turn, request);
    show(turn, action, "goes on.");
}

/* --- schedule --- */

/* Whose zone nobody here knows lives by UTC, and is told so. */
const char *waiting_place(struct turn *turn, const struct person *person)
{
    bool known = *person->zone != '\0' && app_zone(turn, person->zone) != NULL;
    return known ? person->zone : "";
}

/* May it be published then? */
static bool is_timely(struct turn *turn, const struct request *request,
                      const struct schedule *schedule, char why[SCHEDULE_WHY])
{
    const struct request_kind *kind = request->kind;
    char set[SCHEDULE_TEXT];
    schedule_write(schedule, set);
    if (schedule->at <= turn_now(turn)) {
        snprintf(why, SCHEDULE_WHY, "%s has passed. Choose a later time.", set);
        return false;
    }
    char *untimely = kind->untimely != NULL ? kind->untimely(turn, request, schedule->at) : NULL;
    if (untimely != NULL)
        snprintf(why, SCHEDULE_WHY, "It cannot be published then: %s. Choose an earlier time.",
                 untimely);
    free(untimely);
    return untimely == NULL;
}

/* What is wrong is the first of these that comes to nothing. */
bool waiting_read(struct turn *turn, const struct request *request, const struct person *person,
                  const char *typed, struct schedule *schedule, char why[SCHEDULE_WHY])
{
    bool good = schedule_read(typed, schedule, why);
    schedule->wrong = SCHEDULE_ZONE; /* a form's other fields are filled in by Slack */
    if (!good || schedule->off)
        return good;
    if (*schedule->zone == '\0')
        schedule_place(schedule, waiting_place(turn, person));
    bool needs = schedule_needs_zone(schedule);
    const struct zone *zone = needs ? app_zone(turn, schedule->zone) : NULL;
    if (needs && zone == NULL) {
        snprintf(why, SCHEDULE_WHY,
                 "I know no place called %s. Write it like Europe/Berlin, or UTC.", schedule->zone);
        return false;
    }
    schedule->wrong = SCHEDULE_CLOCK;
    if (!schedule_at(schedule, zone, why))
        return false;
    schedule->wrong = SCHEDULE_DAY;
    return is_timely(turn, request, schedule, why);
}

bool waiting_open(struct turn *turn, const struct request *request)
{
    const struct request_kind *kind = request->kind;
    return kind->timed && request_state_in(request->state, STATES_OPEN) &&
           (kind->irrevocable == NULL || !kind->irrevocable(turn, request));
}

static void set_date(struct turn *turn, struct request *request, const struct schedule *schedule,
                     const char *person)
{
    char text[SCHEDULE_TEXT] = "";
    struct timing timing = request->timing;
    timing.date = schedule->at;
    timing.came = false;
    text_fit(timing.zone, sizeof(timing.zone), schedule->zone);
    if (!schedule->off)
        schedule_write(schedule, text);
    requests_time(turn, request, &timing);
    requests_note(turn, request, EVENT_SCHEDULE, actor_person(person), text);
    if (schedule->off)
        turn_timer_stop(turn, &release_date_timer, request->number);
    else
        turn_date(turn, &release_date_timer, request->number, timing.date);
    go_on(turn, request);
}

static void show_date(struct turn *turn, const struct action *action,
                      const struct schedule *schedule)
{
    char set[SCHEDULE_TEXT];
    struct text words = {0};
    bool known = schedule_needs_zone(schedule);
    schedule_write(schedule, set);
    text_addf(&words, "is set for %s", set);
    if (schedule->own)
        text_add(&words, known ? ", by your time zone in Slack"
                               : ", since Slack names no time zone of yours that I know");
    text_add(&words, schedule->twice ? ". Clocks are put back then, and show it twice: the first "
                                       "time counts."
                                     : "; it goes out then if it is approved, else once it is.");
    show(turn, action, text_get(&words));
    text_free(&words);
}

static void on_schedule(struct turn *turn, const struct action *action)
{
    const struct pending_action *pending = action->pending;
    struct request *request = action->request;
    struct schedule schedule;
    char why[SCHEDULE_WHY];
    if (is_outdated(turn, action))
        return;
    if (!waiting_open(turn, request)) {
        reply_undone(turn, pending, "No time can be set for CPPO-%lld any more: it is “%s”.",
                     (long long)request->number, kind_label(request->kind, request->state));
        return;
    }
    if (!waiting_read(turn, request, action->person, pending->reason, &schedule, why)) {
        reply_undone(turn, pending, "CPPO-%lld: no time was set. %s", (long long)request->number,
                     why);
        return;
    }
    set_date(turn, request, &schedule, pending->person);
    if (schedule.off)
        show(turn, action, "is set for no time: it goes out as soon as it may.");
    else
        show_date(turn, action, &schedule);
}

const struct action_type schedule_action = {
    .name = "schedule",
    .verb = "set a time for",
    .right = RIGHT_WITHDRAW, /* whose request it is, or an operator */
    .binding = BINDS_BUTTON,
    .run = on_schedule,
};
const struct action_type hold_action = {
    .name = "hold",
    .verb = "hold",
    .right = RIGHT_HOLD,
    .binding = BINDS_BUTTON,
    .stops = true,
    .own_soon = true,
    .run = on_hold,
};
const struct action_type continue_action = {
    .name = "continue",
    .verb = "let go on",
    .right = RIGHT_CONTINUE,
    .binding = BINDS_SHOWN,
    .run = on_continue,
};

static const struct timer_type release_window_timer = {
    .name = "release.window", .due = end_window, .rests = notify_if_unreadable};

static const struct timer_type release_date_timer = {
    .name = "release.date", .due = come, .rests = notify_if_unreadable};
static const struct card_mention late_mention = {"late", add_late};

const struct flow waiting_flow = {.timers = {&release_window_timer, &release_date_timer},
                                  .mentions = {&late_mention},
                                  .on_move = on_move};
