/* Requesting an offer: opens the form, filled in as far as can be known. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "book/authorizations.h"
#include "book/offers.h"
#include "book/typed.h"
#include "flows/buyer_checks.h"
#include "flows/playbooks.h"
#include "flows/whispers.h"
#include "offer_form.h"
#include "offers/date.h"
#include "offers/kind.h"
#include "offers/pairs.h"
#include "playbook_choice.h"
#include "text.h"
#include "views/form.h"
#include "views/messages.h"

enum { MAX_TYPED = 1500 };

/* The form's values, with room for those that are made here. */
struct filled {
    struct form form;
    struct playbook_values values;
    char last[AUTHORIZATION_ID];
    char buyers[PROPOSED_BUYERS];
    struct pairs given;
    struct playbook *playbooks; /* that the person may use */
    size_t playbook_count;
    const struct playbook *playbook; /* that was named */
};

/* --- filling in --- */

/* Over what is proposed goes what the playbook says, and over that what was typed. */
static void fill(struct turn *turn, const char *user, struct filled *filled)
{
    const char *name = filled->given.typed[FIELD_PLAYBOOK];
    if (name != NULL)
        filled->playbook = playbook_named(filled->playbooks, filled->playbook_count, name);
    playbooks_values(turn, filled->playbook, &filled->values);
    filled->form = filled->values.form;
    offers_last_authorization(turn, user, filled->last);
    filled->form.typed[FIELD_AUTHORIZATION] = filled->last;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (filled->given.typed[i] != NULL)
            filled->form.typed[i] = filled->given.typed[i];
    }
}

/* The form cannot show what was given for ${field}: it shows ${instead}, and says so. */
static void replace(struct filled *filled, enum field field, const char *instead, const char *hint)
{
    struct text *notice = &filled->given.notice;
    const char **typed = filled->form.typed;
    text_addf(notice, "%s“%.*s” is not %s.", notice->size > 0 ? "\n" : "",
              (int)text_cut(typed[field], 40), typed[field], hint);
    typed[field] = instead;
}

/* A date or choice that the form cannot show is left to its default. */
static void drop_unshowable(struct filled *filled)
{
    int32_t day;
    const char **typed = filled->form.typed;
    if (!date_read(&day, typed[FIELD_ACCEPT_BY]))
        replace(filled, FIELD_ACCEPT_BY, filled->values.form.typed[FIELD_ACCEPT_BY],
                "a date I can read; write accept_by=2026-12-31");
    if (term_label(typed[FIELD_TERM]) == NULL)
        replace(filled, FIELD_TERM, filled->values.form.typed[FIELD_TERM],
                "a term; write term=10, 5, 3, 1 or as_authorized");
    if (eula_named(typed[FIELD_EULA]) < 0)
        replace(filled, FIELD_EULA, filled->values.form.typed[FIELD_EULA],
                "an EULA I know; write eula=as_authorized, standard or custom");
    if (typed[FIELD_PLAYBOOK] != NULL && filled->playbook == NULL)
        replace(filled, FIELD_PLAYBOOK, NULL, "a playbook that you can use");
}

/* Above the fields the form names the authorizations that it does not offer, and why. */
static void tell_unsellable(struct turn *turn, struct text *notice)
{
    struct authorization *list;
    size_t count = authorizations_unsellable(turn, &list);
    char *lines = form_unsellable(list, count);
    if (*lines != '\0')
        text_addf(notice, "%s%s", notice->size > 0 ? "\n" : "", lines);
    free(lines);
    free(list);
}

/* The one that was named (in full or in part), or goes with the playbook, or was used last if it is
 * usable; otherwise the only one there is. */
static const struct authorization *choose(const struct authorization *usable, size_t count,
                                          struct filled *filled)
{
    const char *wanted = filled->form.typed[FIELD_AUTHORIZATION];
    const struct authorization *own =
        filled->playbook != NULL && filled->given.typed[FIELD_AUTHORIZATION] == NULL
            ? playbook_choice_only(usable, count, filled->playbook->authorization)
            : NULL;
    if (own != NULL)
        return own;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(usable[i].id, wanted) == 0 || text_same_nocase(usable[i].name, wanted))
            return &usable[i];
    }
    const struct authorization *found =
        *wanted != '\0' ? playbook_choice_only(usable, count, wanted) : NULL;
    if (found == NULL && filled->given.typed[FIELD_AUTHORIZATION] != NULL)
        replace(filled, FIELD_AUTHORIZATION, "",
                "the name of exactly one usable resale authorization; choose one in the form");
    return found == NULL && count == 1 ? &usable[0] : found;
}

static void open_form(struct turn *turn, const struct slack_envelope *from, const char *pairs,
                      const struct authorization *usable, size_t count)
{
    struct filled filled = {.form = {.typed = {NULL}}};
    filled.playbook_count = playbooks_usable(turn, from->user, &filled.playbooks);
    const struct pairs_known known = {.today = date_of_ms(turn_now(turn)),
                                      .playbooks = filled.playbooks,
                                      .playbook_count = filled.playbook_count};
    pairs_read(&filled.given, pairs, &known);
    fill(turn, from->user, &filled);
    drop_unshowable(&filled);
    tell_unsellable(turn, &filled.given.notice);
    const struct authorization *chosen = choose(usable, count, &filled);
    if (chosen != NULL && *chosen->duration != '\0' && filled.given.typed[FIELD_TERM] == NULL)
        filled.form.typed[FIELD_TERM] = term_as_authorized;
    buyer_checks_propose(turn, &filled.form, chosen, filled.buyers, &filled.given.notice);
    buyer_checks_tell(turn, &filled.form, chosen, &filled.given.notice);
    struct form_view view = {
        .digest = "",
        .values = filled.form,
        .authorization = chosen,
        .choices = {.list = usable, .count = count},
        .remarks = "",
        .notice = text_get(&filled.given.notice),
    };
    offer_form_open(turn, from, &new_offer_entry.opening, *pairs != '\0' ? pairs : "-", &view);
    pairs_free(&filled.given);
    free(filled.playbooks);
}

/* ${pairs}: as typed behind the command. */
static json_t *start(struct turn *turn, const struct slack_envelope *from, const char *pairs)
{
    struct authorization *list;
    json_t *instead = NULL;
    char *why;
    if (strlen(pairs) > MAX_TYPED)
        return message_plain("That is too much for one line. Type /cppo new and use the form.");
    if (!opening_try(turn, from, &new_offer_entry.opening, NULL, *pairs != '\0' ? pairs : "-",
                     &why)) {
        instead = why != NULL ? message_plain(why) : NULL;
        free(why);
        return instead;
    }
    size_t count = authorizations_usable(turn, &list);
    if (count > 0)
        open_form(turn, from, pairs, list, count);
    else
        instead = offer_form_instead(turn);
    free(list);
    return instead;
}

/* Slack has answered about who wanted it. */
static json_t *start_again(struct turn *turn, const struct slack_envelope *from, const char *value)
{
    return start(turn, from, strcmp(value, "-") != 0 ? value : "");
}

static struct decision new_command(struct turn *turn, const struct slack_envelope *from,
                                   const char *rest)
{
    json_t *instead = start(turn, from, rest);
    return instead != NULL ? answer_message(turn, from, instead) : turn_answer(turn, NULL);
}

/* Where no answer shows beside a command: takes ${line}, or NULL. */
static struct decision start_elsewhere(struct turn *turn, const struct slack_envelope *from,
                                       char *line)
{
    json_t *instead = start(turn, from, line != NULL ? line : "");
    free(line);
    if (instead != NULL)
        whisper_message(turn, from->place, from->user, instead);
    return turn_answer(turn, NULL);
}

static struct decision new_offer_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    return start_elsewhere(turn, from, typed_get(turn, from->user, from->value));
}

static struct decision new_offer_shortcut(struct turn *turn, const void *payload)
{
    return start_elsewhere(turn, payload, NULL);
}

static struct decision offer_of_message(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    return start_elsewhere(turn, from, pairs_of_message(from->command_text));
}

const struct entry new_offer_entry = {
    .usage = {"new", "[Example Corp 25% 123456789012 60d]",
              "request an offer; what you add fills in the form"},
    .run = new_command,
    .opening = {.action = "new_offer",
                .who = RIGHT_REQUEST,
                .kind = &offer_kind,
                .start = start_again,
                .typed = true},
    .routes = {{"action:new_offer", new_offer_click},
               {"shortcut:new_offer", new_offer_shortcut},
               {"shortcut:offer_of_message", offer_of_message}},
};
