#include "flows/origins.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/live.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/purposes.h"
#include "flows/reconciling.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "mem.h"
#include "offers/draft.h"
#include "offers/offer.h"
#include "offers/terms.h"
#include "text.h"

static const struct effect_type origin_list_effect, origin_set_effect;
static const struct timer_type origin_audit_timer;

enum {
    MAX_PAGES = 50,     /* of change sets of one offer */
    MAX_STRANGERS = 20, /* among them, that are looked into */
};

static const char words[] = "its legal terms were changed in the AWS console, and AWS does not "
                            "show whether its EULA is still the approved one";

/* --- what is known --- */

/* Each change set that changes something raises the revision. One of ours that brings another
 * revision of the offer does so, if only for its description: where the draft stands just one
 * higher after it, nobody else had a hand in it. */
static bool raise_by_one(struct draft *draft)
{
    char *end;
    long held = strtol(draft->origin_revision, &end, 10);
    if (held <= 0 || *end != '\0')
        return false;
    snprintf(draft->origin_revision, sizeof(draft->origin_revision), "%ld", held + 1);
    return true;
}

void origins_begin(const struct request *offer, struct draft *draft, bool anew)
{
    bool is_other = draft->revision != 0 && draft->revision != offer->revision;
    bool keeps = !anew && draft->state == DRAFT_READY && draft->origin == ORIGIN_OURS && is_other &&
                 offer_content(offer)->eula != EULA_CUSTOM;
    if (keeps && raise_by_one(draft))
        return;
    draft->origin = ORIGIN_UNKNOWN;
    draft->origin_revision[0] = '\0';
}

/* Does nothing count that stood there before? What a draft took over from its authorization, an
 * update leaves. */
static bool writes_legal_terms(const struct turn *turn, const char *purpose,
                               const struct request *offer)
{
    const struct purpose *one = purpose_named(turn, purpose);
    if (one == NULL || !one->writes_all)
        return false;
    return one->makes_entity || offer_content(offer)->eula == EULA_CUSTOM;
}

void origins_end(struct turn *turn, struct draft *draft, const char *purpose, const char *revision)
{
    struct request offer;
    if (*revision == '\0' || !offers_get(turn, draft->offer, &offer) ||
        !writes_legal_terms(turn, purpose, &offer))
        return;
    draft->origin = ORIGIN_OURS;
    text_fit(draft->origin_revision, sizeof(draft->origin_revision), revision);
}

void origins_see(const struct turn *turn, struct draft *draft, const char *revision)
{
    const char *name = *revision != '\0' ? revision : "untold";
    if (strcmp(draft->origin_revision, name) == 0)
        return;
    draft->origin = ORIGIN_UNKNOWN;
    draft->origin_since = turn_time(turn);
    text_fit(draft->origin_revision, sizeof(draft->origin_revision), name);
}

/* Would another EULA in the place of the approved one read back as that does? Of a custom one, ours
 * or the ISV's, AWS tells neither a version nor an address that says anything. All other legal
 * terms can be compared by what AWS returns of them. */
static bool hides_another(struct turn *turn, const struct request *offer)
{
    struct terms authorized;
    if (offer_content(offer)->eula == EULA_CUSTOM)
        return true;
    authorizations_terms(turn, offer_content(offer)->authorization, &authorized);
    return terms_custom_eula(&authorized);
}

bool origins_ours(struct turn *turn, const struct request *offer, const struct draft *draft)
{
    return !hides_another(turn, offer) || draft->origin == ORIGIN_OURS;
}

char *origins_difference(struct turn *turn, const struct request *offer, const struct draft *draft)
{
    bool differs = hides_another(turn, offer) && draft->origin == ORIGIN_FOREIGN;
    return differs ? mem_copy(words) : NULL;
}

bool origins_lost(const struct request *offer, const struct draft *draft)
{
    return draft->origin == ORIGIN_FOREIGN && offer_content(offer)->eula != EULA_CUSTOM;
}

/* --- asking --- */

/* What a question is about, as its target, so that an answer to something that has changed since is
 * ignored. Strangers are change sets, not ours and later than ours, still to be examined. */
struct question {
    char entity[ENTITY_ID];
    char revision[24];
    char attempt[16];
    char page[8];
    const char *strangers; /* ids, separated by spaces; borrowed */
};

static char *target_of(struct turn *turn, const struct draft *draft, int page,
                       const char *strangers)
{
    return text_format("%s %s %d %d %s", draft->entity, draft->origin_revision,
                       change_sets_attempts(turn, draft->offer), page, strangers);
}

static void ask(struct turn *turn, const struct draft *draft, int page, const char *strangers,
                const char *next)
{
    char *target = target_of(turn, draft, page, strangers);
    flow_read(turn, &origin_list_effect, draft->offer, target,
              catalog_change_sets_of(draft->entity, next));
    free(target);
}

/* What this answers. False: nobody asks that any more; or the offer cannot be read, and it is asked
 * again later. */
static bool take_question(struct turn *turn, const struct result *result, struct draft *draft,
                          struct question *question)
{
    const char *at = result->target;
    if (notify_if_unreadable(turn, result->subject)) {
        turn_timer(turn, &origin_audit_timer, result->subject, 0);
        return false;
    }
    drafts_get(turn, result->subject, draft);
    if (!text_take_word(&at, question->entity, sizeof(question->entity)) ||
        !text_take_word(&at, question->revision, sizeof(question->revision)) ||
        !text_take_word(&at, question->attempt, sizeof(question->attempt)) ||
        !text_take_word(&at, question->page, sizeof(question->page)))
        return false;
    question->strangers = at;
    return (draft->state == DRAFT_READY || draft->state == DRAFT_RELEASED) &&
           strcmp(question->entity, draft->entity) == 0 &&
           strcmp(question->revision, draft->origin_revision) == 0 &&
           strtol(question->attempt, NULL, 10) == change_sets_attempts(turn, draft->offer);
}

bool origins_find_out(struct turn *turn, const struct request *offer, struct draft *draft,
                      const char *revision)
{
    if (!hides_another(turn, offer))
        return true;
    origins_see(turn, draft, revision);
    if (draft->origin != ORIGIN_UNKNOWN)
        return true;
    drafts_put(turn, draft);
    ask(turn, draft, 1, "", "");
    return false;
}

/* --- the answer --- */

static void conclude(struct turn *turn, struct draft *draft, enum draft_origin origin)
{
    int64_t rest = RECONCILING_ABSENT_MS - (turn_time(turn) - draft->origin_since);
    assert(origin != ORIGIN_UNKNOWN);
    if (draft->state == DRAFT_RELEASED) {
        if (origin == ORIGIN_FOREIGN) {
            live_differs(turn, draft, words);
            drafts_put(turn, draft);
        }
        return;
    }
    if (origin == ORIGIN_OURS && rest > 0) { /* AWS's lists lag: what is not there yet may come */
        flows_tell_reread(turn, draft->offer, rest);
        return;
    }
    log_info("draft origin", F_INT("request", draft->offer), F_TEXT("entity", draft->entity),
             F_TEXT("revision", draft->origin_revision),
             F_TEXT("who", origin == ORIGIN_OURS ? "we alone" : "others"));
    draft->origin = origin;
    drafts_put(turn, draft);
    flows_tell_reread(turn, draft->offer, 0);
}

/* AWS does not answer. If the offer is out already and it may be a matter of rights, we ask again
 * later. */
static void on_no_answer(struct turn *turn, const struct draft *draft, const struct result *result)
{
    bool denied = access_denied(result);
    if (draft->state == DRAFT_RELEASED) {
        log_warn("release origin unknown", F_INT("request", draft->offer),
                 F_TEXT("code", result->code), F_TEXT("why", result->text));
        if (denied)
            turn_timer(turn, &origin_audit_timer, draft->offer, HOUR_MS);
    } else if (denied) {
        access_block(turn, draft->offer);
    } else {
        moves_fail(turn, draft->offer, actor_aws(), true,
                   "Who changed the Marketplace draft could not be found out before "
                   "the release: %s (%s)",
                   result->text, result->code);
    }
}

/* One after the other; when there is none left, nobody but us changed the legal terms. */
static void describe_next(struct turn *turn, struct draft *draft, const char *strangers)
{
    char id[ENTITY_ID];
    const char *at = strangers;
    if (!text_take_word(&at, id, sizeof(id)) || *id == '\0') {
        conclude(turn, draft, *strangers == '\0' ? ORIGIN_OURS : ORIGIN_FOREIGN);
        return;
    }
    char *target = target_of(turn, draft, 0, strangers);
    flow_read(turn, &origin_set_effect, draft->offer, target, catalog_describe_change_set(id));
    free(target);
}

static bool is_ours(const struct change_set_summary *set, const char *install, int64_t offer)
{
    return set->parts.offer == offer && strcmp(set->parts.install, install) == 0;
}

/* When the newest change set of ours that wrote the legal terms was started; 0: it is not among
 * them. Change sets of one offer never overlap: AWS locks it. */
static int64_t written_at(const struct turn *turn, const struct change_set_summary *list,
                          size_t count, const char *install, const struct request *offer)
{
    for (size_t i = 0; i < count; i++) {
        if (is_ours(&list[i], install, offer->number) && list[i].status == CHANGE_SET_SUCCEEDED &&
            writes_legal_terms(turn, list[i].parts.purpose, offer))
            return list[i].at;
    }
    return 0;
}

/* Those that are not ours and may have done something since. What failed, too: nowhere does AWS say
 * that it leaves nothing behind. */
static void add_strangers(struct text *strangers, const struct change_set_summary *list,
                          size_t count, const char *install, int64_t offer, int64_t since)
{
    for (size_t i = 0; i < count; i++) {
        const struct change_set_summary *set = &list[i];
        if (is_ours(set, install, offer) || (set->at != 0 && set->at < since) ||
            set->status == CHANGE_SET_PREPARING || set->status == CHANGE_SET_CANCELLED)
            continue;
        text_addf(strangers, "%s%s", strangers->size > 0 ? " " : "", set->id);
    }
}

static size_t words_in(const char *text)
{
    size_t count = *text != '\0';
    for (; *text != '\0'; text++)
        count += *text == ' ';
    return count;
}

static void on_origin_list(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct draft draft;
    struct question question;
    struct text strangers = {0};
    char install[TURN_ID];
    char next[NEXT_TOKEN];
    size_t count;
    if (!take_question(turn, result, &draft, &question) || !offers_get(turn, draft.offer, &offer))
        return;
    if (result->outcome != OUTCOME_OK) {
        on_no_answer(turn, &draft, result);
        return;
    }
    app_install(turn, install);
    struct change_set_summary *list = catalog_change_sets(result->reply, &count, next);
    int64_t since = written_at(turn, list, count, install, &offer);
    text_add(&strangers, question.strangers);
    add_strangers(&strangers, list, count, install, draft.offer, since);
    free(list);
    int page = (int)strtol(question.page, NULL, 10);
    bool more = since == 0 && *next != '\0';
    if (words_in(text_get(&strangers)) > MAX_STRANGERS || (more && page >= MAX_PAGES))
        conclude(turn, &draft, ORIGIN_FOREIGN);
    else if (more)
        ask(turn, &draft, page + 1, text_get(&strangers), next);
    else
        describe_next(turn, &draft, text_get(&strangers));
    text_free(&strangers);
}

static void on_origin_set(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct question question;
    char id[ENTITY_ID];
    if (!take_question(turn, result, &draft, &question))
        return;
    if (access_denied(result)) {
        on_no_answer(turn, &draft, result);
        return;
    }
    text_take_word(&question.strangers, id, sizeof(id));
    if (result->outcome != OUTCOME_OK || catalog_changes_legal_terms(result->reply))
        conclude(turn, &draft, ORIGIN_FOREIGN);
    else
        describe_next(turn, &draft, question.strangers);
}

/* --- after the release --- */

void origins_audit_later(struct turn *turn, const struct request *offer)
{
    if (hides_another(turn, offer))
        turn_timer(turn, &origin_audit_timer, offer->number, RECONCILING_ABSENT_MS);
}

static void audit(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (draft.state == DRAFT_RELEASED)
        ask(turn, &draft, 1, "", "");
}

static const struct effect_type origin_list_effect = {
    .name = "origin.list",
    .kind = EFFECT_READ,
    .call = "aws:ListChangeSets",
    .done = on_origin_list,
};
static const struct effect_type origin_set_effect = {
    .name = "origin.set",
    .kind = EFFECT_READ,
    .call = "aws:DescribeChangeSet",
    .done = on_origin_set,
};
static const struct timer_type origin_audit_timer = {
    .name = "origin.audit", .due = audit, .rests = notify_if_unreadable};

const struct flow origins_flow = {
    .effects = {&origin_list_effect, &origin_set_effect},
    .timers = {&origin_audit_timer},
};
