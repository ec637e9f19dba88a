/* The form of an offer: opened, and taken when it comes back as a new offer or a new revision of
 * one. */
#include "offer_form.h"

#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "book/authorizations.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/claims.h"
#include "flows/forms.h"
#include "flows/offering.h"
#include "flows/playbooks.h"
#include "flows/rosters.h"
#include "flows/syncing.h"
#include "mem.h"
#include "offers/claim.h"
#include "offers/remarks.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/form.h"
#include "views/form_facts.h"
#include "views/form_fields.h"
#include "views/form_rare.h"

/* --- what follows from what was chosen --- */

/* Why it cannot be used for this offer, in words (static, or in ${claim}); NULL: it can. */
static const char *why_unusable(struct turn *turn, struct authorization *authorization,
                                int64_t number, char claim[CLAIM_WORDS])
{
    offers_own_use(turn, number, authorization);
    const char *why = authorization_unusable(authorization, turn_now(turn));
    int64_t taken = why == NULL ? claims_taken(turn, authorization, number) : 0;
    if (taken == 0)
        return why;
    claim_words(taken, claim);
    return claim;
}

/* What is otherwise than their playbook has it. */
static void follow_playbook(struct turn *turn, const struct playbook *playbook,
                            const struct form *form, struct form_follow *follow)
{
    struct authorization authorization;
    const char *id = form->typed[FIELD_AUTHORIZATION];
    bool known = id != NULL && authorizations_get(turn, id, &authorization);
    if (playbook != NULL)
        follow->words.below[FIELD_PLAYBOOK] =
            form_facts_playbook(playbook, form, known ? &authorization : NULL);
}

static void follow_authorization(struct turn *turn, const struct playbook *playbook,
                                 const struct form *form, int64_t number,
                                 struct form_follow *follow)
{
    struct authorization authorization;
    struct terms terms;
    char claim[CLAIM_WORDS];
    const char *id = form->typed[FIELD_AUTHORIZATION];
    const char *term = form->typed[FIELD_TERM];
    const struct form_limits limits = {.cap = app_config(turn)->markup_cap,
                                       .expected = playbooks_price(turn, playbook),
                                       .currency = app_config(turn)->expected_currency};
    if (!authorizations_get(turn, id, &authorization)) {
        follow->words.below[FIELD_AUTHORIZATION] =
            mem_copy("⚠️ AWS no longer names this authorization. Choose another.");
        return;
    }
    const char *why = why_unusable(turn, &authorization, number, claim);
    authorizations_terms(turn, id, &terms);
    follow->words.below[FIELD_AUTHORIZATION] =
        form_facts_authorization(&authorization, &terms, why);
    if (why == NULL)
        follow->words.below[FIELD_MARKUP] =
            form_facts_prices(form->typed[FIELD_MARKUP], &terms, &limits);
    const char *proposed = term != NULL ? term_proposed(&authorization, term) : NULL;
    if (proposed != NULL)
        follow->put.typed[FIELD_TERM] = proposed;
}

void offer_form_follow(struct turn *turn, const char *user, const struct form *form, int64_t number,
                       struct form_follow *follow)
{
    struct playbook *list;
    struct form then = *form;
    const char *name = form->typed[FIELD_PLAYBOOK];
    size_t count = name != NULL ? playbooks_usable(turn, user, &list) : 0;
    const struct playbook *playbook = name != NULL ? playbook_named(list, count, name) : NULL;
    if (form->typed[FIELD_AUTHORIZATION] != NULL)
        follow_authorization(turn, playbook, form, number, follow);
    if (follow->put.typed[FIELD_TERM] != NULL)
        then.typed[FIELD_TERM] = follow->put.typed[FIELD_TERM];
    follow_playbook(turn, playbook, &then, follow);
    if (name != NULL)
        free(list);
}

/* --- opened --- */

/* What is behind "More" is seen at once where it is not as it mostly is, or somebody remarks on it.
 */
static bool may_close(struct turn *turn, const struct form_view *view)
{
    struct playbook_values usual;
    playbooks_values(turn, NULL, &usual);
    bool closed = !form_rare_differs(&view->values, &usual.form);
    for (int field = 0; field < FIELD_COUNT; field++) {
        char *said =
            form_rare_is((enum field)field) ? remarks_at(view->remarks, (enum field)field) : NULL;
        closed &= said == NULL;
        free(said);
    }
    return closed;
}

void offer_form_open(struct turn *turn, const struct slack_envelope *from,
                     const struct opening *opening, const char *value, struct form_view *view)
{
    struct standing standing;
    char form_id[TURN_ID];
    turn_new_id(turn, form_id);
    view->form_id = form_id;
    view->choices.now = turn_now(turn);
    view->list_minutes = (int)(syncing_age(turn) / 60000);
    rosters_settle(turn, RIGHT_REQUEST, from->user, NULL, ROSTERS_KNOWN_MS, &standing);
    if (!standing.settled || standing.why != NULL)
        view->choices.count = 0;
    struct playbook *playbooks;
    view->playbook_count = playbooks_usable(turn, from->user, &playbooks);
    view->playbooks = playbooks;
    struct form_follow follow = {.own_eula = false};
    struct form values = view->values;
    values.typed[FIELD_AUTHORIZATION] =
        view->authorization != NULL ? view->authorization->id : NULL;
    values.typed[FIELD_PLAYBOOK] =
        form_fields_meant(FIELD_PLAYBOOK, view->values.typed[FIELD_PLAYBOOK]);
    offer_form_follow(turn, from->user, &values, view->offer, &follow);
    view->closed = may_close(turn, view);
    view->words = follow.words;
    forms_open(turn, from, form_modal(view), opening->action, value);
    form_words_free(&view->words);
    view->playbooks = NULL;
    free(playbooks);
    view->words = (struct form_words){{NULL}};
    view->form_id = NULL;
}

json_t *offer_form_instead(struct turn *turn)
{
    struct authorization *list;
    char unread[UNREAD_WORDS];
    size_t count = authorizations_all(turn, &list);
    bool whole = authorizations_listed(turn, unread);
    syncing_again(turn);
    json_t *instead = form_nothing_usable(list, count, turn_now(turn), whole ? NULL : unread,
                                          app_config(turn)->support_contact);
    free(list);
    return instead;
}

static struct decision one_error(struct turn *turn, const char *field, char *text)
{
    json_t *errors = json_pack("{s:s}", field, text);
    free(text);
    return answer_errors(turn, errors);
}

/* --- sent in --- */

/* Is the field not there? An error can only be shown beside one that is. */
static bool is_hidden(const json_t *view, enum field field)
{
    bool may_be = field == FIELD_EULA_URL || (form_rare_is(field) && form_fields_closed(view));
    return may_be && form_fields_block(view, field) == NULL;
}

/* Is what is wrong all in such fields? Other errors come first. */
static bool lacks_fields(const struct slack_envelope *from, struct form_errors *errors)
{
    bool lacks = false, others = false;
    for (int field = 0; field < FIELD_COUNT; field++) {
        bool hidden = is_hidden(slack_view(from), (enum field)field);
        bool wrong = errors->text[field][0] != '\0';
        lacks |= wrong && hidden;
        others |= wrong && !hidden;
    }
    for (int field = 0; field < FIELD_COUNT && others; field++) {
        if (is_hidden(slack_view(from), (enum field)field))
            errors->text[field][0] = '\0';
    }
    return lacks && !others;
}

/* What is wrong with a field that was not there stands below it. */
static void add_hidden(const struct slack_envelope *from, const struct form_errors *errors,
                       struct form_follow *follow)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (errors->text[field][0] == '\0' || !form_rare_is((enum field)field))
            continue;
        struct text words = {0};
        text_add(&words, "⚠️ ");
        mrkdwn_escape(&words, errors->text[field]);
        free(follow->words.below[field]);
        follow->words.below[field] = text_take(&words);
    }
    follow->more = form_fields_closed(slack_view(from));
}

/* The form again, with these fields; NULL when that is more than an ack holds. */
static char *with_fields(struct turn *turn, const struct slack_envelope *from,
                         const struct form_errors *errors)
{
    struct form form;
    struct form_origin origin;
    struct form_follow follow = {.own_eula = errors->text[FIELD_EULA_URL][0] != '\0'};
    json_t *kept = form_fields_read(slack_view(from), &form);
    if (form_origin_read(from->private_metadata, &origin))
        offer_form_follow(turn, from->user, &form, origin.request.number, &follow);
    add_hidden(from, errors, &follow);
    json_t *view = form_fields_follow(slack_view(from), &follow);
    form_words_free(&follow.words);
    json_decref(kept);
    if (view == NULL)
        return NULL;
    forms_superseded(turn, from);
    return answer_body(json_pack("{s:s, s:o}", "response_action", "update", "view", view));
}

static struct decision ask_for_fields(struct turn *turn, const struct slack_envelope *from,
                                      const struct form_errors *errors)
{
    char *form = with_fields(turn, from, errors);
    if (form != NULL)
        return turn_answer(turn, form);
    return one_error(turn, "eula",
                     text_format("The field for its address is missing. Choose another EULA, then "
                                 "“Our own” again."));
}

static struct decision field_errors(struct turn *turn, const struct slack_envelope *from,
                                    struct form_errors *errors)
{
    if (lacks_fields(from, errors))
        return ask_for_fields(turn, from, errors);
    json_t *object = json_object();
    for (int field = 0; field < FIELD_COUNT; field++) {
        const char *block = form_fields_block(slack_view(from), (enum field)field);
        if (errors->text[field][0] != '\0')
            json_object_set_new(object, block != NULL ? block : field_name((enum field)field),
                                json_string(errors->text[field]));
    }
    return answer_errors(turn, object);
}

/* What came of it. Takes what ${requested} holds. */
static struct decision answer(struct turn *turn, const struct slack_envelope *from,
                              struct requested *requested, struct form_errors *errors)
{
    switch (requested->kind) {
    case REQUEST_LATER:
        return turn_act_later(turn);
    case REQUEST_ERRORS:
        return field_errors(turn, from, errors);
    case REQUEST_REFUSED:
        return one_error(turn, "note", requested->why);
    case REQUEST_TAKEN:
        break;
    }
    return turn_answer(turn, NULL);
}

static struct decision offer_form_submit(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct form_origin origin;
    if (!form_origin_read(from->private_metadata, &origin))
        return one_error(turn, "note",
                         text_format("I do not know this form. Open it again with "
                                     "/cppo new."));
    struct form_errors errors;
    struct offering offering = {.person = from->user,
                                .by = "form",
                                .id = origin.form_id,
                                .shown = origin.request,
                                .copied = origin.copied};
    json_t *kept = form_fields_read(slack_view(from), &offering.form);
    struct requested requested = offering_take(turn, &offering, &errors);
    json_decref(kept);
    return answer(turn, from, &requested, &errors);
}

const struct entry offer_form_entry = {.routes = {{"view:offer_form", offer_form_submit}}};
