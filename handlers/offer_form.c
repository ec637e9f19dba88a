/* The form came back: a new offer, or a new revision of one. */
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "common.h"
#include "flows/binding.h"
#include "flows/catching_up.h"
#include "flows/house.h"
#include "flows/judging.h"
#include "flows/rosters.h"
#include "flows/syncing.h"
#include "mem.h"
#include "offers/date.h"
#include "text.h"
#include "views/form.h"

static struct decision one_error(struct turn *turn, const char *field, char *text)
{
    json_t *errors = json_pack("{s:s}", field, text);
    free(text);
    return answer_errors(turn, errors);
}

/* Is nothing wrong but the address, whose field was not shown in time? An error can only stand
 * beside a field that is there. */
static bool lacks_eula_field(const struct slack_envelope *from, struct form_errors *errors)
{
    if (errors->text[FIELD_EULA_URL][0] == '\0' || form_has_eula_url(slack_view(from)))
        return false;
    errors->text[FIELD_EULA_URL][0] = '\0'; /* what else is wrong is said first */
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (errors->text[field][0] != '\0')
            return false;
    }
    return true;
}

/* The form again, with the field; NULL when that is more than an ack holds. */
static char *with_eula_field(const struct slack_envelope *from)
{
    json_t *form = form_with_eula_url(slack_view(from), true);
    if (form == NULL)
        return NULL;
    json_t *answer = json_pack("{s:s, s:o}", "response_action", "update", "view", form);
    char *payload = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    if (strlen(payload) <= MOST_ACKED)
        return payload;
    free(payload);
    return NULL;
}

static struct decision ask_for_eula(struct turn *turn, const struct slack_envelope *from)
{
    char *form = with_eula_field(from);
    if (form != NULL)
        return turn_answer(turn, form);
    return one_error(turn, "eula",
                     text_format("The field for its address is missing. Choose another EULA, then "
                                 "“Our own” again."));
}

static struct decision field_errors(struct turn *turn, const struct slack_envelope *from,
                                    struct form_errors *errors)
{
    if (lacks_eula_field(from, errors))
        return ask_for_eula(turn, from);
    json_t *object = json_object();
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (errors->text[field][0] != '\0')
            json_object_set_new(object, field_name((enum field)field),
                                json_string(errors->text[field]));
    }
    return answer_errors(turn, object);
}

/* The same form again, as after a lost ack: with the same content it has the same answer. */
static struct decision again(struct turn *turn, int64_t number, bool same)
{
    if (same)
        return turn_answer(turn, NULL);
    return one_error(turn, "note",
                     text_format("CPPO-%lld was already made from this form. Close it, and change "
                                 "the offer with /cppo edit CPPO-%lld.",
                                 (long long)number, (long long)number));
}

/* Was this form sent in before: as a revision, or one that waits to be judged? */
static bool was_sent(struct turn *turn, const char *form_id, const struct content *content,
                     int64_t *number, bool *same)
{
    struct judgement waiting;
    struct content stored;
    int revision;
    if (offers_by_form(turn, form_id, number, &revision)) {
        *same = offers_revision(turn, *number, revision, &stored) && content_same(&stored, content);
        return true;
    }
    if (!judgements_by_form(turn, form_id, &waiting))
        return false;
    *number = waiting.offer;
    *same = judgements_content(turn, waiting.id, &stored) && content_same(&stored, content);
    return true;
}

static struct decision judged(struct turn *turn, const struct judgement *judgement,
                              const struct content *content)
{
    return judging_now_or_later(turn, judgement, content) ? turn_answer(turn, NULL)
                                                          : turn_judge_later(turn);
}

static struct decision add(struct turn *turn, const struct slack_envelope *from,
                           const struct content *content, const char *form_id)
{
    struct judgement judgement = {.what = JUDGE_SUBMIT, .revision = 1};
    if (!catching_up_may_number(turn))
        return one_error(
            turn, "note",
            text_format("I have just been started and am still reading what was here before. "
                        "Nothing you typed is lost: press Send again in a moment."));
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    judgement.offer = offers_add(turn, from->user, content, form_id);
    return judged(turn, &judgement, NULL);
}

/* Known already to be none who may: then it is said beside the form. Who may is judged again by
 * what is known when it counts. */
static const char *may_not_edit(struct turn *turn, const char *user, const struct offer *offer)
{
    struct standing standing;
    rosters_judge(turn, RIGHT_EDIT, user, offer, ROSTERS_FRESH_MS, &standing);
    return standing.settled ? standing.why : NULL;
}

static struct decision revise(struct turn *turn, const struct slack_envelope *from,
                              const struct form_origin *origin, const struct content *content)
{
    struct offer offer;
    struct judgement judgement = {
        .what = JUDGE_REVISE, .offer = origin->offer.number, .revision = origin->offer.revision};
    text_fit(judgement.digest, sizeof(judgement.digest), origin->offer.digest);
    if (!binding_holds(turn, &origin->offer))
        return one_error(turn, "note", binding_words("form", &origin->offer));
    if (!offers_get(turn, origin->offer.number, &offer))
        return one_error(turn, "note", text_format("That offer no longer exists."));
    const char *why = may_not_edit(turn, from->user, &offer);
    if (why != NULL)
        return one_error(turn, "note", mem_copy(why));
    if (offer.revision != origin->offer.revision)
        return one_error(turn, "note",
                         text_format("CPPO-%lld has changed since you opened this form (it is at "
                                     "revision %d). Copy what you need and open it again with "
                                     "/cppo edit CPPO-%lld.",
                                     (long long)offer.number, offer.revision,
                                     (long long)offer.number));
    if (offer_move(offer.state, OFFER_SUBMIT) < 0)
        return one_error(turn, "note",
                         text_format("CPPO-%lld can no longer be edited: it is “%s”.",
                                     (long long)offer.number, offer_state_label(offer.state)));
    if (offer.state == OFFER_PENDING && content_same(&offer.content, content))
        return one_error(turn, "note",
                         text_format("Nothing was changed. Press Cancel to leave it as it is."));
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    text_fit(judgement.form, sizeof(judgement.form), origin->form_id);
    return judged(turn, &judgement, content);
}

/* A single-use authorization that another approved offer has. */
static bool is_taken(struct turn *turn, const struct authorization *chosen, int64_t offer,
                     struct form_errors *errors)
{
    int64_t owner = chosen != NULL && chosen->single_use ? offers_claimed(turn, chosen->id) : 0;
    if (owner == 0 || owner == offer)
        return false;
    char *words = text_format("This authorization is single-use and already taken by CPPO-%lld. "
                              "Choose another.",
                              (long long)owner);
    text_fit(errors->text[FIELD_AUTHORIZATION], sizeof(errors->text[0]), words);
    free(words);
    return true;
}

static struct decision offer_form_submit(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct form_origin origin;
    struct form form;
    struct authorization chosen;
    struct content content;
    struct form_errors errors;
    int64_t number;
    bool same;
    if (!form_origin_read(from->private_metadata, &origin))
        return one_error(turn, "note",
                         text_format("I do not know this form. Open it again with "
                                     "/cppo new."));
    for (int field = 0; field < FIELD_COUNT; field++)
        form.typed[field] = slack_view_value(from, field_name((enum field)field));
    const char *id = form.typed[FIELD_AUTHORIZATION];
    struct form_rules rules = {
        .today = date_of_ms(turn_now(turn)),
        .now = turn_now(turn),
        .markup_cap = config_of(turn)->markup_cap,
        .chosen = id != NULL && authorizations_get(turn, id, &chosen) ? &chosen : NULL,
    };
    if (rules.chosen != NULL)
        offers_own_use(turn, origin.offer.number, &chosen);
    bool good = content_read(&form, &rules, &content, &errors);
    if (was_sent(turn, origin.form_id, &content, &number, &same))
        return again(turn, number, same);
    if (rules.chosen != NULL && authorization_unusable(rules.chosen, rules.now) != NULL)
        syncing_look(turn, rules.chosen->id); /* restored by now, it is usable at the next try */
    if (is_taken(turn, rules.chosen, origin.offer.number, &errors) || !good)
        return field_errors(turn, from, &errors);
    return origin.offer.number == 0 ? add(turn, from, &content, origin.form_id)
                                    : revise(turn, from, &origin, &content);
}

const struct entry offer_form_entry = {.routes = {{"view:offer_form", offer_form_submit}}};
