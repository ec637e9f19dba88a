#include "flows/offering.h"

#include <stdlib.h>

#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/seen.h"
#include "flows/app_context.h"
#include "flows/claims.h"
#include "flows/offering_card.h"
#include "flows/offering_facts.h"
#include "flows/playbooks.h"
#include "flows/syncing.h"
#include "flows/unsure.h"
#include "mem.h"
#include "offers/claim.h"
#include "offers/date.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "offers/pricing.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/announcement.h"
#include "views/offer_view.h"

/* --- the form --- */

/* True: another approved offer holds this single-use authorization, and the form's errors say so.
 */
static bool check_taken(struct turn *turn, const struct authorization *chosen, int64_t offer,
                        struct form_errors *errors)
{
    char why[CLAIM_WORDS];
    int64_t taken = chosen != NULL ? claims_taken(turn, chosen, offer) : 0;
    if (taken == 0)
        return false;
    claim_words(taken, why);
    char *words = text_format("This authorization %s. Choose another.", why);
    text_fit(errors->text[FIELD_AUTHORIZATION], sizeof(errors->text[0]), words);
    free(words);
    return true;
}

/* Of another's, or one that is gone, the errors say so. */
static bool check_playbook(struct turn *turn, const struct offering *offering,
                           struct form_errors *errors)
{
    struct playbook *list;
    const char *name = offering->form.typed[FIELD_PLAYBOOK];
    if (name == NULL || *name == '\0')
        return true;
    size_t count = playbooks_usable(turn, offering->person, &list);
    bool known = playbook_named(list, count, name) != NULL;
    if (!known)
        text_fit(errors->text[FIELD_PLAYBOOK], sizeof(errors->text[0]),
                 "This playbook is not there for you any more. Choose another, or none.");
    free(list);
    return known;
}

struct requested offering_take(struct turn *turn, const struct offering *offering,
                               struct form_errors *errors)
{
    struct requested requested = {.kind = REQUEST_ERRORS};
    struct authorization chosen;
    struct content content;
    struct terms terms;
    const char *id = offering->form.typed[FIELD_AUTHORIZATION];
    const char *markup = offering->form.typed[FIELD_MARKUP];
    struct form_rules rules = {
        .today = date_of_ms(turn_now(turn)),
        .now = turn_now(turn),
        .own = app_config(turn)->aws_account,
        .markup_cap = app_config(turn)->markup_cap,
        .chosen = id != NULL && authorizations_get(turn, id, &chosen) ? &chosen : NULL,
    };
    if (rules.chosen != NULL)
        offers_own_use(turn, offering->shown.number, &chosen);
    if (rules.chosen != NULL && markup != NULL && pricing_is_price(markup)) {
        authorizations_terms(turn, id, &terms);
        rules.terms = &terms;
    }
    bool good = content_read(&offering->form, &rules, &content, errors);
    good &= check_playbook(turn, offering, errors);
    bool taken = check_taken(turn, rules.chosen, offering->shown.number, errors);
    char *canonical = content_write(&content);
    const struct asked asked = {.kind = &offer_kind,
                                .person = offering->person,
                                .by = offering->by,
                                .id = offering->id,
                                .shown = offering->shown,
                                .copied = offering->copied,
                                .content = canonical};
    if (good && !taken)
        requested = requesting_take(turn, &asked);
    else if (!requesting_seen(turn, &asked, &requested) && rules.chosen != NULL &&
             authorization_unusable(rules.chosen, rules.now) != NULL)
        syncing_refresh(turn, rules.chosen->id); /* restored by now, it is usable at the next try */
    free(canonical);
    return requested;
}

/* --- what the common flows ask --- */

static bool read_content(void *content, const char *stored)
{
    return content_parse(content, stored);
}

static void changes(const char *before, const char *after, char *text, size_t capacity)
{
    struct content old;
    struct content new;
    text[0] = '\0';
    if (content_parse(&old, before) && content_parse(&new, after))
        content_changes(&old, &new, text, capacity);
}

static const char *label(const char *name)
{
    int field = field_named(name);
    return field >= 0 ? field_label((enum field)field) : name;
}

static char *value(struct turn *turn, const char *name, const char *stored)
{
    struct authorization authorization;
    int eula = eula_named(stored);
    switch (field_named(name)) {
    case FIELD_AUTHORIZATION:
        return authorizations_get(turn, stored, &authorization) && *authorization.name != '\0'
                   ? mem_copy(authorization.name)
                   : NULL;
    case FIELD_MARKUP:
        return text_format("%s %%", stored);
    case FIELD_TERM:
        return term_label(stored) != NULL ? mem_copy(term_label(stored)) : NULL;
    case FIELD_EULA:
        return eula >= 0 ? mem_copy(eula_label((enum offer_eula)eula)) : NULL;
    default:
        return NULL;
    }
}

/* The resale authorization: may the offer still be made from it? */
static char *unusable(struct turn *turn, const struct request *offer,
                      struct authorization *authorization)
{
    const char *why = "is no longer known to AWS";
    if (authorizations_get(turn, offer_content(offer)->authorization, authorization)) {
        offers_own_use(turn, offer->number, authorization);
        why = authorization_unusable(authorization, turn_now(turn));
    }
    if (why != NULL)
        return text_format(
            "CPPO-%lld cannot be approved: its resale authorization %s. Use “Request changes” so "
            "that " MENTION_PERSON " can choose another.",
            (long long)offer->number, why, offer->requester);
    if (authorization->read_at != 0)
        return NULL;
    return text_format("CPPO-%lld cannot be approved yet: I have not read the prices of its resale "
                       "authorization. Try again in a minute.",
                       (long long)offer->number);
}

static char *obstacle(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    char why[CLAIM_WORDS];
    int32_t day;
    char *words = unusable(turn, offer, &authorization);
    if (words != NULL)
        return words;
    if (!date_read(&day, offer_content(offer)->accept_by) || date_of_ms(turn_now(turn)) >= day)
        return text_format(
            "CPPO-%lld cannot be approved: its accept-by date %s has passed or is too soon. Use "
            "“Request changes” so that " MENTION_PERSON " can choose a later one.",
            (long long)offer->number, offer_content(offer)->accept_by, offer->requester);
    int64_t taken = claims_taken(turn, &authorization, offer->number);
    if (taken == 0)
        return NULL;
    claim_words(taken, why);
    return text_format("CPPO-%lld cannot be approved: its resale authorization %s.",
                       (long long)offer->number, why);
}

static void hindered(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    if (authorizations_get(turn, offer_content(offer)->authorization, &authorization) &&
        authorization.read_at == 0)
        syncing_soon(turn);
}

/* The terms that they saw: another price than these is not released. */
static void voted(struct turn *turn, const struct request *offer, const char *person)
{
    struct terms terms;
    authorizations_terms(turn, offer_content(offer)->authorization, &terms);
    char *seen = terms_write(&terms);
    seen_put(turn, offer->number, offer->revision, person, seen);
    free(seen);
}

static void approving(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    if (authorizations_get(turn, offer_content(offer)->authorization, &authorization))
        claims_take(turn, &authorization, offer->number);
}

/* An approval that would be refused because of the authorization depends on what AWS says now: the
 * ISV may have restored it. */
static bool recheck(struct turn *turn, const struct request *offer)
{
    return syncing_recheck(turn, offer_content(offer)->authorization);
}

/* While AWS keeps it waiting, or we read it back, nothing of it can be out. */
static bool irrevocable(struct turn *turn, const struct request *offer)
{
    struct draft draft;
    drafts_get(turn, offer->number, &draft);
    return draft.state == DRAFT_RELEASING || draft.state == DRAFT_RELEASED ||
           draft.state == DRAFT_UNREADABLE;
}

/* If it may be out already, only an operator may have it made again. */
static char *retry_obstacle(struct turn *turn, const struct request *offer,
                            const struct person *person)
{
    if (!unsure_holds(turn, offer->number) || person_on(person, LIST_OPERATORS))
        return NULL;
    return text_format(
        "CPPO-%lld may be published already, but AWS does not show it to me. Ask an operator to "
        "check AWS Marketplace: they can try again.",
        (long long)offer->number);
}

static char *untimely(struct turn *turn, const struct request *offer, int64_t at)
{
    struct authorization authorization;
    const struct content *content = offer_content(offer);
    int32_t day;
    if (date_read(&day, content->accept_by) && at > date_end_ms(day))
        return text_format("its accept-by date %s has passed by then", content->accept_by);
    if (authorizations_get(turn, content->authorization, &authorization) &&
        authorization.ends_at != 0 && authorization.ends_at <= at)
        return text_format("its resale authorization has ended by then");
    return NULL;
}

static void retrying(struct turn *turn, const struct request *offer, const struct person *person)
{
    unsure_clear(turn, offer->number, person);
}

const struct request_kind offer_kind = {
    .name = KIND_OFFER,
    .words = &offer_view_words,
    .moves = offer_moves,
    .labels = {[STATE_FAILED] = "Publishing failed"},
    .read = read_content,
    .changes = changes,
    .label = label,
    .value = value,
    .title = offer_view_title,
    .found_by = offer_found_by,
    .listed = offer_view_listed,
    .facts = offer_view_inside,
    .glance = offer_view_glance,
    .progress = offer_view_progress,
    .brief = offer_view_brief,
    .question = offer_view_question,
    .plain = offer_view_plain,
    .next = offer_view_next,
    .link = offer_view_link,
    .news = offer_view_news,
    .announcement = announcement_message,
    .edit = "edit",
    .edit_command = "/cppo edit",
    .agree = "agree",
    .agreed = offer_view_agreed,
    .copy = "copy",
    .price = offering_card_price,
    .load = offering_card_load,
    .unload = offering_card_unload,
    .rule_facts = offering_facts,
    .obstacle = obstacle,
    .hindered = hindered,
    .voted = voted,
    .approving = approving,
    .recheck = recheck,
    .timed = true,
    .untimely = untimely,
    .irrevocable = irrevocable,
    .retry_obstacle = retry_obstacle,
    .retrying = retrying,
};
