/* The time for a release is set, changed, or taken back. */
#include <stdlib.h>

#include "answers.h"
#include "book/people.h"
#include "book/requests.h"
#include "clicks.h"
#include "flows/app_context.h"
#include "flows/binding.h"
#include "flows/forms.h"
#include "flows/waiting.h"
#include "offers/content.h"
#include "offers/date.h"
#include "text.h"
#include "typed_number.h"
#include "views/messages.h"

static struct decision schedule_command(struct turn *turn, const struct slack_envelope *from,
                                        const char *rest)
{
    struct pending_action pending = {.what = &schedule_action};
    const char *time;
    pending.request = typed_number(rest, &time);
    if (pending.request == 0)
        return answer_which(turn, from, &schedule_entry.usage);
    if (!text_fit(pending.reason, sizeof(pending.reason), time))
        return answer_message(turn, from, message_plain("That is too long for a time."));
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    return answer_action(turn, &pending);
}

/* --- the form --- */

static const char *const blocks[] = {
    [SCHEDULE_DAY] = "day", [SCHEDULE_CLOCK] = "clock", [SCHEDULE_ZONE] = "zone"};

/* "2026-12-01" and "09:00", by the clocks by which it was set. */
static void split(struct turn *turn, const struct timing *timing, char day[DATE_TEXT],
                  char clock[8])
{
    struct schedule schedule = {.off = false};
    char text[SCHEDULE_TEXT];
    const char *at = text;
    text_fit(schedule.zone, sizeof(schedule.zone), timing->zone);
    const struct zone *zone = schedule_needs_zone(&schedule) ? app_zone(turn, schedule.zone) : NULL;
    schedule.civil = zone_local(zone, timing->date / 1000).civil;
    schedule_write(&schedule, text);
    text_take_word(&at, day, DATE_TEXT);
    text_take_word(&at, clock, 8);
}

/* Filled with the time that is set, by the clocks by which it was; else with 9:00 where they are.
 */
static json_t *make_form(struct turn *turn, const struct pending_action *pending,
                         const struct request *request)
{
    const struct timing *timing = &request->timing;
    struct form_origin origin = click_origin(turn, pending);
    struct person person = {.zone = ""};
    char day[DATE_TEXT] = "";
    char clock[8] = "09:00";
    people_get(turn, pending->person, &person);
    struct form_time form = {day, clock, waiting_place(turn, &person), timing_dated(timing)};
    if (form.set) {
        form.zone = timing->zone;
        split(turn, timing, day, clock);
    }
    if (*form.zone == '\0')
        form.zone = "UTC";
    return form_schedule(&form, &origin);
}

static struct decision schedule_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct pending_action pending;
    struct request request;
    if (!click_opens(turn, from, &schedule_action, &pending, &request))
        return turn_answer(turn, NULL);
    if (!waiting_open(turn, &request))
        return answer_action(turn, &pending); /* which says why not */
    forms_open(turn, from, make_form(turn, &pending, &request), "schedule", from->value);
    return turn_answer(turn, NULL);
}

/* What was chosen, as the command takes it. False: one of two is missing, and where. */
static bool read_form(const struct slack_envelope *from, char *text, size_t capacity,
                      enum schedule_part *missing)
{
    const char *day = slack_view_value(from, "day");
    const char *clock = slack_view_value(from, "clock");
    const char *zone = slack_view_value(from, "zone");
    *missing = day == NULL ? SCHEDULE_DAY : SCHEDULE_CLOCK;
    if (day == NULL && clock == NULL)
        return text_fit(text, capacity, "off");
    if (day == NULL || clock == NULL)
        return false;
    char *line = text_format("%s %s %s", day, clock, zone != NULL ? zone : "");
    text_fit(text, capacity, line);
    free(line);
    return true;
}

static struct decision schedule_form_submit(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct pending_action pending = {.what = &schedule_action};
    struct form_origin origin;
    struct request request;
    struct schedule schedule;
    struct person person = {.zone = ""};
    char why[SCHEDULE_WHY];
    if (!form_origin_read(from->private_metadata, &origin))
        return turn_answer(turn, NULL);
    if (!read_form(from, pending.reason, sizeof(pending.reason), &schedule.wrong))
        return answer_errors(turn, json_pack("{s:s}", blocks[schedule.wrong],
                                             "Choose date and time, or leave both empty."));
    if (!binding_holds(turn, &origin.request))
        return answer_other_book(turn, from, "day", &origin.request);
    people_get(turn, from->user, &person);
    if (requests_get(turn, origin.request.number, &request) && waiting_open(turn, &request) &&
        !waiting_read(turn, &request, &person, pending.reason, &schedule, why))
        return answer_errors(turn, json_pack("{s:s}", blocks[schedule.wrong], why));
    click_returns(from, &origin, &pending);
    return answer_action(turn, &pending); /* what lies below the form will show the result */
}

const struct entry schedule_entry = {
    .usage = {"schedule", "CPPO-12 2026-12-01 09:00 Europe/Berlin", "set when to publish one"},
    .run = schedule_command,
    .routes = {{"action:schedule", schedule_click}, {"view:schedule_form", schedule_form_submit}},
};
