#include "flows/opening.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/requests.h"
#include "flows/app_context.h"
#include "flows/forms.h"
#include "flows/lists.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "flows/whispers.h"
#include "mem.h"
#include "offers/reference.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type person_first_effect;

bool opening_known(struct turn *turn, enum right right, const char *user,
                   const struct request *request)
{
    struct person person;
    bool own = request == NULL || rosters_own(turn, right, request, user);
    lists_known_person(turn, user, &person);
    return own && rosters_why(turn, right, &person, own) == NULL;
}

enum { TRIGGER_MS = 3000, TRIES = 3, TRIGGER_NAME = PERSON_ID + 20 };

static void trigger_name(char name[TRIGGER_NAME], const char *user)
{
    snprintf(name, TRIGGER_NAME, "trigger %.31s", user);
}

/* Asks for the person, with what is needed to go on in the target. */
static void ask_person(struct turn *turn, const char *user, const char *target)
{
    json_t *body = json_pack("{s:s}", "user", user);
    flow_effect(turn, &(struct effect){.type = &person_first_effect, .target = target}, body);
}

/* The trigger stays in memory alone. */
static void ask_first(struct turn *turn, const struct slack_envelope *from, const char *action,
                      const char *value)
{
    char name[TRIGGER_NAME];
    char *target = text_format("%s %s %s %s", from->user, action,
                               *from->place != '\0' ? from->place : "-", value);
    trigger_name(name, from->user);
    turn_note(turn, name, from->trigger, TRIGGER_MS, TRIES);
    ask_person(turn, from->user, target);
    free(target);
}

bool opening_try(struct turn *turn, const struct slack_envelope *from,
                 const struct opening *opening, const struct request *request, const char *value,
                 char **why)
{
    struct standing standing;
    *why = NULL;
    rosters_settle(turn, opening->who, from->user, request, ROSTERS_FRESH_MS, &standing);
    if (standing.settled && standing.why != NULL) {
        *why = opening->kind != NULL
                   ? rosters_words_new(turn, standing.why, &standing.person, opening->kind)
                   : rosters_words(turn, opening->who, standing.why, &standing.person, request);
        reply_log_refused(from->user, opening->action, request != NULL ? request->number : 0, *why);
    }
    if (standing.settled)
        return standing.why == NULL;
    if (opening_known(turn, opening->who, from->user,
                      request)) { /* sending it in is checked once more */
        rosters_warm(turn, from->user);
        return true;
    }
    standing.unread &= ~(unsigned)UNREAD_PERSON; /* that is asked ahead of all */
    rosters_ask(turn, from->user, request, &standing);
    ask_first(turn, from, opening->action, value);
    return false;
}

/* --- Slack's answer --- */

enum { PARTS = 4 };

/* The parts of the target: user, action, channel, value. False: it is not a target. */
static bool split(char *target, char *parts[PARTS])
{
    for (int part = 0; part < PARTS; part++) {
        parts[part] = target;
        char *space = strchr(target, ' ');
        if (part == PARTS - 1)
            return true;
        if (space == NULL)
            return false;
        *space = '\0';
        target = space + 1;
    }
    return false;
}

/* Do we know by now whether they may; and may they? */
static void settle(struct turn *turn, const struct slack_envelope *from,
                   const struct opening *opening, struct standing *standing)
{
    struct request request;
    struct reference reference;
    bool found = opening->of_request && reference_read(&reference, from->value) &&
                 requests_get(turn, reference.number, &request);
    rosters_settle(turn, opening->who, from->user, found ? &request : NULL, ROSTERS_FRESH_MS,
                   standing);
}

/* They are known now, or it took too long. */
static void go_on(struct turn *turn, const struct slack_envelope *from,
                  const struct opening *opening)
{
    struct standing standing;
    json_t *instead;
    settle(turn, from, opening, &standing);
    if (!standing.settled)
        instead =
            forms_try_again(turn, from->user, "I'm still asking Slack whether you may do this.",
                            opening->action, from->value);
    else if (standing.why == NULL && *from->trigger == '\0')
        instead = forms_try_again(turn, from->user,
                                  "The form could not be opened: Slack allows three seconds, and "
                                  "looking you up took longer. It will open at once now.",
                                  opening->action, from->value);
    else
        instead = opening->start(turn, from, from->value);
    if (instead != NULL)
        whisper_message(turn, from->place, from->user, instead);
}

static void on_person_first(struct turn *turn, const struct result *result)
{
    char *target = mem_copy(result->target);
    char *parts[PARTS];
    char name[TRIGGER_NAME];
    const struct opening *opening =
        split(target, parts) ? app_context_of(turn)->opening_of(parts[1]) : NULL;
    if (opening != NULL) {
        trigger_name(name, parts[0]);
        char *trigger = turn_noted(turn, name);
        const struct slack_envelope from = {
            .user = parts[0],
            .place = strcmp(parts[2], "-") != 0 ? parts[2] : "",
            .trigger = trigger != NULL ? trigger : "",
            .value = parts[3],
        };
        struct result of_person = *result;
        of_person.target = parts[0];
        rosters_take_person(turn, &of_person);
        bool asked = result->outcome == OUTCOME_OK || result->outcome == OUTCOME_REFUSED;
        if (trigger != NULL && !asked && turn_backoff(turn, "slack:users.info") == 0)
            ask_person(turn, parts[0], result->target);
        else
            go_on(turn, &from, opening);
        mem_wipe_free(trigger);
    }
    free(target);
}

static const struct effect_type person_first_effect = {
    .name = "person.first",
    .kind = EFFECT_VOLATILE,
    .call = "slack:users.info",
    .done = on_person_first,
};

const struct flow opening_flow = {.effects = {&person_first_effect}};
