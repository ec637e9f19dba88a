/* Nobody forgets: approvers are reminded of what waits for them, later and later, in the thread of
 * its card. Working time is each person's own, by the time zone that Slack has for them. One
 * message mentions all whose time has come. What was missed, because the bot did not run or
 * somebody was not at work, is made good once. */
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
#include "flows/rosters.h"
#include "offers/kind.h"
#include "text.h"
#include "views/card_mentions.h"

static const struct timer_type reminder_look_timer, reminder_say_timer;

enum {
    MOST_AN_HOUR = 5,  /* reminders to one person, whatever waits for them */
    MAX_REMINDED = 50, /* in one message */
    RETRY_MS = 10 * 60 * 1000,
    ASKING_MS = 60 * 1000, /* how long Slack has to say who and where they are */
    KNOWN_MS = HOUR_MS,
};

/* Who is to be reminded now, and when there is something to do next. */
struct plan {
    const struct request *request;
    const struct vote *votes; /* approvals that count */
    size_t vote_count;
    int64_t since; /* it waits for who is missing */
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

/* Is it time for a reminder of this person? Of several that were missed the newest counts; one
 * whose hour finds them away comes when they are back. */
static bool is_due(struct turn *turn, struct plan *plan, const struct person *person)
{
    const struct config *config = app_config(turn);
    const struct zone *zone = zone_of(turn, person);
    int64_t now = turn_now(turn);
    int64_t told = reminders_last(turn, plan->request->number, person->id);
    bool missed = false;
    for (size_t i = 0; i < config->remind_after.count; i++) {
        int64_t at = working_after(&config->hours, zone, plan->since, &config->remind_after.at[i]);
        if (at > now)
            earlier(&plan->next, at);
        else
            missed |= at > told;
    }
    if (!missed)
        return false;
    int64_t when = working_next(&config->hours, zone, now);
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
    bool barred = person.known && !rosters_may(turn, RIGHT_DECIDE, &person, plan->request);
    if (!barred && is_due(turn, plan, &person))
        text_fit(plan->people[plan->count++], PERSON_ID, id);
}

static void make_plan(struct turn *turn, struct plan *plan)
{
    unsigned lists = approvals_lists(turn, plan->request);
    for (int list = 0; list < LISTS; list++) {
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

/* Those of whom Slack said nothing are not mentioned: it is tried again. */
static void remind(struct turn *turn, struct plan *plan)
{
    struct text whom = {0};
    struct person person;
    for (size_t i = 0; i < plan->count; i++) {
        const char *id = plan->people[i];
        bool known = people_get(turn, id, &person) && person.known;
        if (!known || whom.size + strlen(id) + 2 > THREAD_WHOM) {
            earlier(&plan->next, turn_now(turn) + HOUR_MS);
            continue;
        }
        text_addf(&whom, "%s ", id);
        reminders_note(turn, plan->request->number, id);
    }
    if (whom.size > 0)
        card_thread_remind(turn, plan->request->number, &reminder_mention, text_get(&whom));
    text_free(&whom);
}

static void look(struct turn *turn, int64_t number, bool asks)
{
    struct request request;
    struct vote votes[MAX_VOTES];
    if (!requests_get(turn, number, &request) || request.state != STATE_PENDING)
        return;
    if (!catching_up_done(turn)) { /* it may be decided already */
        turn_timer(turn, &reminder_look_timer, number, RETRY_MS);
        return;
    }
    struct plan plan = {.request = &request, .votes = votes, .next = INT64_MAX};
    plan.vote_count = votes_given(turn, number, request.revision, votes, MAX_VOTES);
    plan.since = request.changed_at;
    for (size_t i = 0; i < plan.vote_count; i++)
        if (votes[i].at > plan.since)
            plan.since = votes[i].at;
    make_plan(turn, &plan);
    if (plan.count > 0 && asks && ask_slack(turn, &plan)) {
        turn_timer(turn, &reminder_say_timer, number, ASKING_MS);
        return;
    }
    if (plan.count > 0 && is_thread_busy(turn, number))
        earlier(&plan.next, turn_now(turn) + HOUR_MS);
    else
        remind(turn, &plan);
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

static const struct timer_type reminder_look_timer = {
    .name = "reminder.look", .due = on_look, .rests = notify_if_unreadable};
static const struct timer_type reminder_say_timer = {
    .name = "reminder.say", .due = on_say, .rests = notify_if_unreadable};

const struct flow reminding_flow = {.timers = {&reminder_look_timer, &reminder_say_timer},
                                    .mentions = {&reminder_mention},
                                    .on_move = on_move};
