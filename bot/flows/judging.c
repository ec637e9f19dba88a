#include "flows/judging.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "flows/deciding.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "log.h"
#include "slack/replies.h"
#include "text.h"
#include "views/messages.h"

enum { MOST_MEMBERS = 2000 };

static const int64_t FRESH_MS = 60000;
static const int64_t KNOWN_MS = 600000;
static const int64_t LAPSE_MS = 30000;

/* --- what is fresh ------------------------------------------------------------------------ */

static bool is_young(const struct turn *turn, const char *id, int64_t most)
{
    int64_t age = people_age(turn, id);
    return age >= 0 && age <= most;
}

static bool groups_fresh(struct turn *turn, const struct config_people *people, int64_t age)
{
    for (char **group = people->groups; *group != NULL; group++) {
        if (!is_young(turn, *group, age))
            return false;
    }
    return true;
}

bool judging_fresh(struct turn *turn, const char *user, struct person *person)
{
    const struct config *config = config_of(turn);
    person_of(turn, user, person);
    return person->known && is_young(turn, user, FRESH_MS) &&
           groups_fresh(turn, &config->approvers, FRESH_MS) &&
           groups_fresh(turn, &config->operators, FRESH_MS) &&
           groups_fresh(turn, &config->requesters, FRESH_MS);
}

bool judging_known(struct turn *turn, const char *user, struct person *person)
{
    person_of(turn, user, person);
    return person->known && is_young(turn, user, KNOWN_MS) &&
           groups_fresh(turn, &config_of(turn)->requesters, KNOWN_MS);
}

/* --- reading ------------------------------------------------------------------------------ */

static void read_list(struct turn *turn, const char *type, const char *key, const char *id)
{
    json_t *body = json_pack("{s:s}", key, id);
    char *text = json_dumps(body, JSON_COMPACT);
    turn_effect(turn, &(struct effect){
                          .type = type, .target = id, .body = text, .body_size = strlen(text)});
    free(text);
    json_decref(body);
}

static void read_groups(struct turn *turn, const struct config_people *people)
{
    for (char **group = people->groups; *group != NULL; group++) {
        if (!is_young(turn, *group, FRESH_MS))
            read_list(turn, "group.read", "usergroup", *group);
    }
}

void judging_warm(struct turn *turn, const char *user)
{
    read_list(turn, "person.warm", "user", user);
}

void judging_read_groups(struct turn *turn)
{
    const struct config *config = config_of(turn);
    read_groups(turn, &config->approvers);
    read_groups(turn, &config->operators);
    read_groups(turn, &config->requesters);
}

/* Read what is needed to judge what was stored as ${id}. */
static void read_for(struct turn *turn, int64_t id, const char *user)
{
    struct person person;
    person_of(turn, user, &person);
    if (!person.known || !is_young(turn, user, FRESH_MS))
        read_list(turn, "person.read", "user", user);
    judging_read_groups(turn);
    turn_timer(turn, "judgement.lapse", id, turn_now(turn) + LAPSE_MS);
}

void judging_later(struct turn *turn, const struct judgement *judgement)
{
    read_for(turn, judgements_add(turn, judgement), judgement->person);
}

bool judging_now_or_later(struct turn *turn, const struct judgement *judgement)
{
    struct person person;
    if (!judging_fresh(turn, judgement->person, &person)) {
        judging_later(turn, judgement);
        return false;
    }
    deciding_apply(turn, judgement, &person);
    return true;
}

/* --- judging ------------------------------------------------------------------------------ */

static void judge_all(struct turn *turn)
{
    struct judgement judgement = {.id = 0};
    struct person person;
    while (judgements_next(turn, judgement.id, &judgement)) {
        if (!judging_fresh(turn, judgement.person, &person))
            continue;
        judgements_remove(turn, judgement.id);
        turn_timer_stop(turn, "judgement.lapse", judgement.id);
        deciding_apply(turn, &judgement, &person);
    }
}

void judging_person_read(struct turn *turn, const struct result *result)
{
    struct person person;
    if (result->outcome == OUTCOME_OK && slack_person(result->reply, &person)) {
        people_put(turn, &person);
        judge_all(turn);
        return;
    }
    log_warn("a user could not be read", F_TEXT("user", result->target),
             F_TEXT("code", result->code));
}

void judging_group_read(struct turn *turn, const struct result *result)
{
    const char *members[MOST_MEMBERS];
    int count = result->outcome == OUTCOME_OK
                    ? slack_group_members(result->reply, members, MOST_MEMBERS)
                    : -1;
    if (count < 0) {
        log_warn("a user group could not be read", F_TEXT("group", result->target),
                 F_TEXT("code", result->code));
        return;
    }
    people_put_group(turn, result->target, members, (size_t)count);
    judge_all(turn);
}

/* A form is typed once: it is kept until it can be judged, and that is told once. */
static void keep_waiting(struct turn *turn, const struct judgement *judgement)
{
    if (turn_now(turn) - judgement->asked_at < 2 * LAPSE_MS) {
        char *words = text_format("CPPO-%lld is kept, but the approvers do not have it yet: Slack "
                                  "does not tell me whether you may request offers. I keep asking.",
                                  (long long)judgement->offer);
        notify_person(turn, judgement->person, message_plain(words));
        free(words);
    }
    read_for(turn, judgement->id, judgement->person);
}

void judging_lapse(struct turn *turn, int64_t id)
{
    static const char lapsed[] = "Slack did not tell me in time whether you may do this, so "
                                 "nothing was changed. Please click again.";
    struct judgement judgement;
    if (!judgements_get(turn, id, &judgement))
        return;
    if (judgement.what == JUDGE_SUBMIT) {
        keep_waiting(turn, &judgement);
        return;
    }
    judgements_remove(turn, id);
    notify_whisper(turn, judgement.channel, judgement.person,
                   *judgement.reason != '\0' ? message_quoting(lapsed, judgement.reason)
                                             : message_plain(lapsed));
}
