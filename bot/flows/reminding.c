/* Nobody forgets: approvers are reminded of what waits for them, later and later, in the thread of
 * its card. Working time is each person's own, by the time zone that Slack has for them. One
 * message mentions all whose time has come. What was missed, because the bot did not run or
 * somebody was not at work, is made good once. Whoever asked for it may nudge them once a day:
 * those who are at work then, at once; a reminder that would come soon after does not. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/posts.h"
#include "book/reminders.h"
#include "book/requests.h"
#include "book/threads.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/card_thread.h"
#include "flows/catching_up_state.h"
#include "flows/flow.h"
#include "flows/lists.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/card_mentions.h"

static const struct timer_type reminder_look_timer, reminder_say_timer;

enum {
    MOST_AN_HOUR = 5,  /* reminders to one person, whatever waits for them */
    MAX_REMINDED = 50, /* in one message */
    RETRY_MS = 10 * 60 * 1000,
    ASKING_MS = 60 * 1000, /* how long Slack has to say who and where they are */
    KNOWN_MS = HOUR_MS,
    NUDGE_GAP_MS = 24 * HOUR_MS,
    PEACE_MS = 4 * HOUR_MS, /* after a nudge no reminder comes */
};

/* In place of a person, whose row says when it was last nudged. */
static const char NUDGED[] = "";

/* Who is to be reminded now, and when there is something to do next. */
struct plan {
    const struct request *request;
    const struct vote *votes; /* approvals that count */
    size_t vote_count;
    int64_t since;  /* it waits for who is missing */
    int64_t nudged; /* when, last; 0: never */
    bool nudges;    /* they are nudged, whether a reminder is due or not */
    char people[MAX_REMINDED][PERSON_ID];
    size_t count;
    int64_t next; /* INT64_MAX: nothing */
};

static const struct zone *zone_of(struct turn *turn, const struct person *person)
{
    return app_zone(turn, *person->zone != '\0' ? person->zone : app_config(turn)->zone);
}

static void earlier(int64_t *next, int64_t ms)
{
    if (ms < *next)
        *next = ms;
}

/* Is it time for a reminder of this person? Of several that were missed the newest counts. */
static bool has_missed(struct turn *turn, struct plan *plan, const struct person *person)
{
    const struct config *config = app_config(turn);
    int64_t told = reminders_last(turn, plan->request->number, person->id);
    bool missed = false;
    if (told != 0 && told == plan->nudged)
        told += PEACE_MS;
    for (size_t i = 0; i < config->remind_after.count; i++) {
        int64_t at = working_after(&config->hours, zone_of(turn, person), plan->since,
                                   &config->remind_after.at[i]);
        if (at > turn_now(turn))
            earlier(&plan->next, at);
        else
            missed |= at > told;
    }
    return missed;
}

/* Whoever was mentioned just now, by a reminder or when it began to wait, has heard it. */
static int64_t heard_until(struct turn *turn, const struct plan *plan, const struct person *person)
{
    int64_t told = reminders_last(turn, plan->request->number, person->id);
    return (told > plan->since ? told : plan->since) + HOUR_MS;
}

/* May they be mentioned now? One whose hour finds them away comes when they are back. */
static bool is_due(struct turn *turn, struct plan *plan, const struct person *person)
{
    int64_t now = turn_now(turn);
    if (!plan->nudges && !has_missed(turn, plan, person))
        return false;
    int64_t from = plan->nudges ? heard_until(turn, plan, person) : 0;
    int64_t when =
        working_next(&app_config(turn)->hours, zone_of(turn, person), from > now ? from : now);
    if (when == now && reminders_since(turn, person->id, now - HOUR_MS) >= MOST_AN_HOUR)
        when = now + HOUR_MS;
    if (when > now)
        earlier(&plan->next, when);
    return when == now;
}

/* Their approval is missing, and would count. */
static bool is_needed(struct turn *turn, const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->vote_count; i++)
        if (people_same(turn, id, plan->votes[i].person))
            return false;
    for (size_t i = 0; i < plan->count; i++)
        if (people_same(turn, id, plan->people[i]))
            return false;
    return !people_same(turn, id, plan->request->requester);
}

static void add_person(struct turn *turn, struct plan *plan, const char *id)
{
    struct person person;
    if (!is_needed(turn, plan, id))
        return;
    lists_known_person(turn, id, &person);
    if (plan->nudges && !person.known)
        return;
    bool barred = person.known && !rosters_may(turn, RIGHT_DECIDE, &person, plan->request);
    if (!barred && is_due(turn, plan, &person))
        text_fit(plan->people[plan->count++], PERSON_ID, id);
}

static void make_plan(struct turn *turn, struct plan *plan)
{
    unsigned lists = approvals_lists(turn, plan->request);
    for (int list = 0; list < lists_count(turn); list++) {
        struct list_walk walk = {.user = 0};
        const char *id = NULL;
        if ((lists & LIST_BIT(list)) == 0)
            continue;
        while (plan->count < MAX_REMINDED &&
               (id = lists_next(turn, lists_people(turn, (enum list)list), &walk)) != NULL)
            add_person(turn, plan, id);
    }
    if (plan->count == MAX_REMINDED) /* and who comes behind these */
        earlier(&plan->next, turn_now(turn) + HOUR_MS);
}

/* Slack says who has left, and where they are now. True: it was asked. */
static bool ask_slack(struct turn *turn, const struct plan *plan)
{
    bool asked = false;
    rosters_read_groups(turn);
    for (size_t i = 0; i < plan->count; i++) {
        if (lists_young(turn, plan->people[i], KNOWN_MS))
            continue;
        rosters_warm(turn, plan->people[i]);
        asked = true;
    }
    return asked;
}

/* Something else is still to be said there, or nobody can read what is. */
static bool is_thread_busy(struct turn *turn, int64_t request)
{
    struct thread thread;
    struct post card;
    threads_get(turn, request, &thread);
    return *thread.mention != '\0' || !posts_get(turn, POST_CARD, request, &card) ||
           *card.ts == '\0' || *card.error != '\0';
}

/* Those of whom there is no room, or nothing is known, are left for later. */
static void mention(struct turn *turn, struct plan *plan, const struct card_mention *why)
{
    struct text whom = {0};
    struct person person;
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const char *id = plan->people[i];
        bool known = people_get(turn, id, &person) && person.known;
        if (!known || whom.size + strlen(id) + 2 > THREAD_WHOM) {
            earlier(&plan->next, turn_now(turn) + HOUR_MS);
            continue;
        }
        text_addf(&whom, "%s ", id);
        reminders_note(turn, plan->request->number, id);
        memmove(plan->people[kept++], id, PERSON_ID);
    }
    plan->count = kept;
    if (kept > 0)
        card_thread_remind(turn, plan->request->number, why, text_get(&whom));
    text_free(&whom);
}

/* For whom it waits, since when; ${plan} borrows both. */
static void begin(struct turn *turn, struct plan *plan, const struct request *request,
                  struct vote votes[MAX_VOTES])
{
    *plan = (struct plan){.request = request, .votes = votes, .next = INT64_MAX};
    plan->vote_count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    plan->since = request->changed_at;
    for (size_t i = 0; i < plan->vote_count; i++)
        if (votes[i].at > plan->since)
            plan->since = votes[i].at;
    plan->nudged = reminders_last(turn, request->number, NUDGED);
}

static void look(struct turn *turn, int64_t number, bool asks)
{
    struct request request;
    struct vote votes[MAX_VOTES];
    struct plan plan;
    if (!requests_get(turn, number, &request) || request.state != STATE_PENDING)
        return;
    if (!catching_up_done(turn)) { /* it may be decided already */
        turn_timer(turn, &reminder_look_timer, number, RETRY_MS);
        return;
    }
    begin(turn, &plan, &request, votes);
    make_plan(turn, &plan);
    if (plan.count > 0 && asks && ask_slack(turn, &plan)) {
        turn_timer(turn, &reminder_say_timer, number, ASKING_MS);
        return;
    }
    if (plan.count > 0 && is_thread_busy(turn, number))
        earlier(&plan.next, turn_now(turn) + HOUR_MS);
    else
        mention(turn, &plan, &reminder_mention);
    if (plan.next < INT64_MAX)
        turn_date(turn, &reminder_look_timer, number, plan.next);
}

static void on_look(struct turn *turn, int64_t number)
{
    look(turn, number, true);
}

static void on_say(struct turn *turn, int64_t number)
{
    look(turn, number, false);
}

/* --- a nudge --- */

/* Who is in the groups that decide on it, and who they all are: what is not known yet, is asked
 * for. */
static bool is_ready(struct turn *turn, const struct request *request)
{
    unsigned lists = approvals_lists(turn, request);
    struct person person;
    size_t unknown = 0;
    for (int list = 0; list < lists_count(turn); list++) {
        struct list_walk walk = {.user = 0};
        const struct config_people *people = lists_people(turn, (enum list)list);
        const char *id;
        if ((lists & LIST_BIT(list)) == 0)
            continue;
        for (char **group = people->groups; *group != NULL; group++)
            unknown += !lists_young(turn, *group, KNOWN_MS);
        for (int i = 0; i < MAX_REMINDED && (id = lists_next(turn, people, &walk)) != NULL; i++) {
            if (people_get(turn, id, &person))
                continue;
            rosters_warm(turn, id);
            unknown++;
        }
    }
    if (unknown > 0)
        rosters_read_groups(turn);
    return unknown == 0;
}

static void say_when(struct turn *turn, const struct action *action, const char *words,
                     int64_t next)
{
    struct text time = {0};
    mrkdwn_time(&time, next);
    reply_undone(turn, action->pending, "CPPO-%lld: %s Nudge again from %s on.",
                 (long long)action->request->number, words, text_get(&time));
    text_free(&time);
}

static void say_nudged(struct turn *turn, const struct action *action, const struct plan *plan)
{
    struct text whom = {0};
    struct text time = {0};
    for (size_t i = 0; i < plan->count; i++)
        text_addf(&whom, "%s" MENTION_PERSON, i > 0 ? ", " : "", plan->people[i]);
    mrkdwn_time(&time, turn_now(turn) + NUDGE_GAP_MS);
    reply_action(turn, action->pending,
                 "I asked %s for a decision on CPPO-%lld, in the thread of its card. You can nudge "
                 "again from %s on.",
                 text_get(&whom), (long long)action->request->number, text_get(&time));
    text_free(&whom);
    text_free(&time);
}

/* Why nobody is asked now, to who wants it; false: somebody is. */
static bool refuse_nudge(struct turn *turn, const struct action *action, const struct plan *plan)
{
    const struct request *request = action->request;
    int64_t again = plan->nudged + NUDGE_GAP_MS;
    if (plan->nudged != 0 && turn_now(turn) < again)
        say_when(turn, action, "its approvers were nudged in the last 24 hours.", again);
    else if (plan->count == 0 && plan->next == INT64_MAX)
        reply_undone(
            turn, action->pending,
            "CPPO-%lld: I know nobody whose decision is missing and who may decide. Ask an "
            "operator of this bot.",
            (long long)request->number);
    else if (plan->count == 0)
        say_when(
            turn, action,
            "whoever is still to decide is not at work now, or was asked within the last hour.",
            plan->next);
    else if (!catching_up_done(turn) || is_thread_busy(turn, request->number))
        reply_undone(turn, action->pending,
                     "CPPO-%lld: its approvers are just being told something else, or Slack does "
                     "not take it. Please nudge again in a few minutes.",
                     (long long)request->number);
    else
        return false;
    return true;
}

static void on_nudge(struct turn *turn, const struct action *action)
{
    struct request *request = action->request;
    struct vote votes[MAX_VOTES];
    struct plan plan;
    if (request->state != STATE_PENDING) {
        reply_undone(turn, action->pending, "There is nobody to nudge: CPPO-%lld is “%s”.",
                     (long long)request->number, kind_label(request->kind, request->state));
        return;
    }
    begin(turn, &plan, request, votes);
    plan.nudges = true;
    make_plan(turn, &plan);
    if (refuse_nudge(turn, action, &plan))
        return;
    reminders_note(turn, request->number, NUDGED);
    mention(turn, &plan, &nudge_mention);
    say_nudged(turn, action, &plan);
}

/* --- the way there --- */

/* Whose clock says what is looked at then: no working time passes faster than time does. What is
 * decided meanwhile is seen then, too. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    const struct config *config = app_config(turn);
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < config->remind_after.count; i++)
        earlier(&first, working_least(&config->hours, &config->remind_after.at[i]));
    if (moved->request->state == STATE_PENDING && first < INT64_MAX)
        turn_date(turn, &reminder_look_timer, moved->request->number, turn_now(turn) + first);
}

const struct action_type nudge_action = {
    .name = "nudge",
    .verb = "nudge the approvers of",
    .right = RIGHT_WITHDRAW, /* whose request it is, or an operator */
    .binding = BINDS_NUMBER,
    .own_soon = true,
    .ready = is_ready,
    .run = on_nudge,
};

static const struct timer_type reminder_look_timer = {
    .name = "reminder.look", .due = on_look, .rests = notify_if_unreadable};
static const struct timer_type reminder_say_timer = {
    .name = "reminder.say", .due = on_say, .rests = notify_if_unreadable};

const struct flow reminding_flow = {.timers = {&reminder_look_timer, &reminder_say_timer},
                                    .mentions = {&reminder_mention, &nudge_mention},
                                    .on_move = on_move};
