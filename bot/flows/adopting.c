/* What a comparison found that the book does not know of (book/finds.h): releases are taken over,
 * cards and announcements adopted, revisions lifted; what cannot be is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/finds.h"
#include "book/offers.h"
#include "book/posts.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/cards.h"
#include "flows/catching_up.h"
#include "flows/catching_up_news.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/releasing.h"
#include "flows/requesting.h"
#include "flows/tracking.h"
#include "flows/unsure.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "mem.h"
#include "offers/decimal.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "slack/blocks.h"
#include "text.h"

static const struct effect_type adopt_entity_effect;

__attribute__((format(printf, 2, 3))) static void report(struct turn *turn, const char *format, ...)
{
    char line[500];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    catching_up_report(turn, line);
}

/* --- posts --- */

/* The post is there already, so whatever the book was going to post, or believed to be elsewhere,
 * is void. */
static void adopt_post(struct turn *turn, enum post_kind kind, const struct find *find)
{
    struct post post = {.request = find->request, .kind = kind};
    size_t channel = strcspn(find->id, " ");
    bool known = posts_get(turn, kind, find->request, &post);
    const char *ts = find->id[channel] != '\0' ? find->id + channel + 1 : "";
    if (known && *post.ts != '\0' && strcmp(post.ts, ts) > 0)
        return;
    if (known && post.effect != 0)
        turn_cancel(turn, post.effect);
    snprintf(post.channel, sizeof(post.channel), "%.*s", (int)channel, find->id);
    text_fit(post.ts, sizeof(post.ts), ts);
    text_fit(post.key, sizeof(post.key), find->key);
    post.effect = 0;
    post.error[0] = '\0';
    posts_put(turn, &post);
}

/* --- a release --- */

/* Does it show one of these states? */
static bool shows(const struct find *card, unsigned states)
{
    int state = request_state_named(card->state);
    return state >= 0 && request_state_in((enum request_state)state, states);
}

static bool was_released(struct turn *turn, const struct request *offer, struct find *find)
{
    return kind_move(offer->kind, offer->state, EVENT_FIND) >= 0 &&
           finds_newest(turn, offer->number, FIND_SET, "release", find) && *find->entity != '\0';
}

/* Our messages say that it is out, but AWS lists no change set of ours that released it: somebody
 * did it in the console, or it was long ago. Fills in where it is, as far as we know. */
static bool may_be_out(struct turn *turn, const struct request *offer, struct find *find)
{
    struct find card, announcement;
    struct draft draft;
    bool shown = finds_last(turn, offer->number, FIND_CARD, &card) && shows(&card, STATES_OUT);
    if (kind_move(offer->kind, offer->state, EVENT_FIND) < 0 ||
        (!shown && !finds_last(turn, offer->number, FIND_ANNOUNCEMENT, &announcement)))
        return false;
    drafts_get(turn, offer->number, &draft);
    if (!finds_last(turn, offer->number, FIND_SET, find) || *find->entity == '\0') {
        *find = (struct find){.what = FIND_SET, .request = offer->number, .at = turn_now(turn)};
        text_fit(find->entity, sizeof(find->entity), draft.entity);
    }
    find->revision = shown ? card.revision : announcement.revision;
    find->id[0] = '\0';
    return true;
}

/* Where the tail that we append begins, in either of the two ways it was ever written. */
static size_t customer_of(const char *description)
{
    const char *tail = strstr(description, " - CPPO-");
    if (tail == NULL)
        tail = strstr(description, " · CPPO-");
    return tail != NULL ? (size_t)(tail - description) : strlen(description);
}

static bool is_content(struct turn *turn, const struct find *find, const struct catalog_offer *held,
                       const struct content *content)
{
    struct terms authorized;
    authorizations_terms(turn, content->authorization, &authorized);
    const struct approved approved = {find->request, find->revision, content, &authorized,
                                      app_config(turn)->eula_version};
    char *differences = catalog_differences(held, &approved);
    bool same = differences == NULL;
    free(differences);
    return same;
}

/* Which choices in the form lead to what AWS holds: term and legal documents may be the
 * authorization's or our own. */
static void choices_of(struct turn *turn, const struct find *find, const struct catalog_offer *held,
                       struct content *content)
{
    static const enum offer_eula eulas[] = {EULA_AS_AUTHORIZED, EULA_STANDARD, EULA_CUSTOM};
    const char *const terms[] = {term_as_authorized, term_meaning(held->duration)};
    for (size_t i = 0; i < 6; i++) {
        content->eula = eulas[i % 3];
        text_fit(content->term, sizeof(content->term), terms[i / 3]);
        if (is_content(turn, find, held, content))
            return;
    }
    content->eula = EULA_AS_AUTHORIZED;
}

/* What AWS holds, as the content of a revision; the note for the approver is lost. */
static void content_of(struct turn *turn, const struct find *find, const struct catalog_offer *held,
                       struct content *content)
{
    struct decimal markup;
    char *customer = text_format("%.*s", (int)customer_of(held->description), held->description);
    *content = (struct content){.eula = EULA_AS_AUTHORIZED};
    text_fit(content->authorization, sizeof(content->authorization), held->authorization);
    text_fit(content->offer_name, sizeof(content->offer_name), held->name);
    text_fit(content->customer, sizeof(content->customer), customer);
    for (size_t i = 0; i < held->buyer_count && i < MAX_BUYERS; i++)
        text_fit(content->buyers[content->buyer_count++], ACCOUNT_ID, held->buyers[i]);
    if (decimal_read(&markup, held->markup))
        decimal_write(markup, content->markup);
    text_fit(content->accept_by, sizeof(content->accept_by), held->accept_by);
    text_fit(content->note, sizeof(content->note), "Taken over from AWS");
    choices_of(turn, find, held, content);
    free(customer);
}

/* As AWS lists it; where nobody follows it from here on, it still counts. */
static void note_set(struct turn *turn, const struct find *find, enum set_state state)
{
    bool failed = strcmp(find->state, "failed") == 0; /* whatever it was for */
    struct change_set set = {
        .offer = find->request,
        .state = failed ? SET_FAILED : state,
        .revision = find->revision,
        .draft = find->number,
        .attempt = find->attempt,
        .started_at = find->at,
        .began = turn_time(turn),
        .ended_at = state == SET_RUNNING ? 0 : turn_now(turn),
    };
    text_fit(set.purpose, sizeof(set.purpose), failed ? "" : find->state);
    text_fit(set.mark, sizeof(set.mark), find->mark);
    text_fit(set.id, sizeof(set.id), find->id);
    tracking_adopt(turn, &set);
}

/* Its change sets were numbered higher than the book knows. */
static void lift_attempts(struct turn *turn, const struct find *set)
{
    struct draft draft;
    if (set->attempt <= change_sets_attempts(turn, set->request))
        return;
    note_set(turn, set, SET_ABANDONED);
    drafts_get(turn, set->request, &draft);
    if (set->number <= draft.number)
        return;
    draft.number = set->number;
    drafts_put(turn, &draft);
}

/* From here on it is a release like any other, whose change set is polled until it ends. False: its
 * draft cannot be moved there. */
static bool follow_release(struct turn *turn, const struct request *offer, const struct find *find)
{
    struct draft draft;
    struct change_set set;
    while (change_sets_open(turn, offer->number, NULL, &set))
        tracking_abandon(turn, &set);
    drafts_get(turn, offer->number, &draft);
    draft.revision = offer->revision;
    draft.number = find->number > draft.number ? find->number : draft.number;
    draft.why[0] = '\0';
    text_fit(draft.entity, sizeof(draft.entity), find->entity);
    text_fit(draft.authorization, sizeof(draft.authorization), offer_content(offer)->authorization);
    draft.empty_reads = 0;
    draft.polled_since = turn_time(turn);
    if (!tracking_move(turn, &draft, DRAFT_FIND))
        return false;
    if (*find->id != '\0') {
        note_set(turn, find, SET_RUNNING);
    } else {
        lift_attempts(turn, find);
        releasing_check(turn, offer->number);
    }
    return true;
}

/* The revision that AWS released, where the book does not have it. */
static void adopt_content(struct turn *turn, struct request *offer, const struct find *find,
                          const struct catalog_offer *held)
{
    struct content content;
    char form[TURN_ID];
    if (find->revision == 0 || find->revision == offer->revision)
        return;
    content_of(turn, find, held, &content);
    turn_new_id(turn, form);
    offers_adopt(turn, offer,
                 find->revision > offer->revision ? find->revision : offer->revision + 1, &content,
                 form);
}

/* --- all else --- */

/* A higher revision was seen than the book has: our next one must not be mistaken for it, and
 * approvals of older ones do not count. */
static void lift(struct turn *turn, struct request *offer, int seen)
{
    char form[TURN_ID];
    if (seen <= offer->revision)
        return;
    turn_new_id(turn, form);
    report(turn,
           "CPPO-%lld was at revision %d, but my records only have revision %d: later changes are "
           "lost. " MENTION_PERSON " can make them again.",
           (long long)offer->number, seen, offer->revision, offer->requester);
    char *content = requests_content(turn, offer->number, offer->revision);
    requests_adopt(turn, offer, seen + 1, content, form);
    free(content);
}

/* The card shows the revision that is approved, and nothing but what follows from that; that it is
 * held, or set for a time, where this book knows so. */
static bool is_on_its_way(const struct request *offer, const struct find *card)
{
    char waits[TIMING_SHOWN];
    bool known = timing_shown(&offer->timing, waits) && strcmp(card->state, waits) == 0;
    return card->revision <= offer->revision && (known || shows(card, STATES_GOING));
}

/* What has not been sent is not sent any more; what has is followed to its end. */
static void call_back(struct turn *turn, int64_t number)
{
    struct draft draft;
    struct change_set set;
    if (!change_sets_open(turn, number, NULL, &set) || !tracking_call_back(turn, &set))
        return;
    drafts_get(turn, number, &draft);
    if (draft.state == DRAFT_RELEASING)
        tracking_move_only(turn, &draft, DRAFT_RELEASE_FAIL);
    else if (draft.state == DRAFT_MAKING || draft.state == DRAFT_UPDATING)
        tracking_move_only(turn, &draft, DRAFT_REFUSE);
}

/* AWS may have its release, which is followed to its end; if that is none, there is no other
 * without a new approval. */
static void void_approvals(struct turn *turn, const struct request *request,
                           const struct find *card)
{
    struct vote votes[MAX_VOTES];
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    for (size_t i = 0; i < count; i++)
        votes_lose(turn, request, &votes[i], "the state file was restored from an older backup");
    if (count > 0)
        report(turn,
               "CPPO-%lld is being released in my records, but its card says “%s”: if AWS does not "
               "release it, I won't %s until it is approved again.",
               (long long)request->number, card->state, request->kind->words->carry_out);
}

/* We do not know what was decided after the state file was saved, so nothing is released on what
 * was decided before. */
static void take_back(struct turn *turn, const struct request *request, const struct find *card)
{
    struct draft draft;
    const struct kind_words *words = request->kind->words;
    drafts_get(turn, request->number, &draft);
    if (!request_state_in(request->state, STATES_GOING) || unsure_holds(turn, request->number) ||
        is_on_its_way(request, card))
        return;
    if (draft.state == DRAFT_RELEASING) {
        void_approvals(turn, request, card);
        return;
    }
    report(turn,
           "CPPO-%lld is approved in my records, but its card says “%s”, so I won't %s until it is "
           "approved again.",
           (long long)request->number, card->state, words->carry_out);
    moves_fail(turn, request->number, actor_bot(), false,
               "My records were restored from a backup, and this %s had changed since. Edit it and "
               "send it again if it is still wanted.",
               words->noun);
}

/* People ended it, or this revision of it, after the state file was saved: that stands. If they
 * approved it since, we only say so; it has to be approved again. */
static void keep_decided(struct turn *turn, struct request *offer, const struct find *card)
{
    long long number = (long long)offer->number;
    bool ended = shows(card, 1U << STATE_REJECTED | 1U << STATE_WITHDRAWN);
    bool approved = shows(card, STATES_GOING | 1U << STATE_FAILED);
    if (card->revision < offer->revision) /* it was changed after that, in this book */
        return;
    if (ended && requesting_withdrawable(turn, offer) &&
        moves_apply(turn, offer, EVENT_WITHDRAW, actor_bot(),
                    "My records were restored from a backup, and it had been rejected or "
                    "withdrawn since."))
        report(turn, "CPPO-%lld was open in my records, but its card says “%s”: I've withdrawn it.",
               number, card->state);
    else if (shows(card, 1U << STATE_CHANGES_REQUESTED) &&
             moves_apply(turn, offer, EVENT_GIVE_BACK, actor_bot(),
                         "My records were restored from a backup, and changes had been requested "
                         "since. Ask the approvers which."))
        report(turn,
               "CPPO-%lld was waiting in my records, but its card says that changes were "
               "requested: " MENTION_PERSON " has it again.",
               number, offer->requester);
    else if (approved && offer->state == STATE_PENDING)
        report(turn, "CPPO-%lld had been approved since: it has to be approved again.", number);
}

/* It is not released: whatever happened to it since then counts, as far as we can tell. */
static void adopt_open(struct turn *turn, struct request *offer)
{
    struct find card, set;
    bool has_card = finds_newest(turn, offer->number, FIND_CARD, NULL, &card);
    bool has_set = finds_newest(turn, offer->number, FIND_SET, NULL, &set);
    if (has_set)
        lift_attempts(turn, &set);
    if (has_card && request_state_in(offer->state, STATES_GOING) && !is_on_its_way(offer, &card))
        call_back(turn, offer->number);
    if (has_card)
        keep_decided(turn, offer, &card);
    if (has_card && !kind_ended(offer->kind, offer->state)) {
        take_back(turn, offer, &card);
        lift(turn, offer, card.revision);
    }
    if (has_set && !kind_ended(offer->kind, offer->state))
        lift(turn, offer, set.revision);
    cards_show(turn, offer->number);
}

/* A single-use authorization is used up by it. It is claimed even where we do not know yet whether
 * it is single-use: AWS would refuse whoever has claimed it since. */
static void claim(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    const char *id = offer_content(offer)->authorization;
    if (!authorizations_get(turn, id, &authorization) || authorization.read_at == 0 ||
        authorization.single_use)
        offers_claim_over(turn, id, offer->number);
}

/* It is out, at ${find}'s entity; from here on it is followed like any release of ours, and the
 * authorization that it used up is its own. ${held}: what AWS shows of it; NULL if it cannot be
 * read. */
static void adopt_release(struct turn *turn, struct request *offer, const struct find *find,
                          const struct catalog_offer *held)
{
    if (held != NULL)
        adopt_content(turn, offer, find, held);
    claim(turn, offer);
    unsure_end(turn, offer->number);
    if (follow_release(turn, offer, find))
        moves_apply(turn, offer, EVENT_FIND, actor_bot(), "");
}

/* ${held}: NULL if it cannot be read. It is followed all the same, and never released a second
 * time. */
static void take_over(struct turn *turn, struct request *offer, const struct find *find,
                      const struct catalog_offer *held, const struct result *result)
{
    if (held != NULL)
        report(turn, "CPPO-%lld was released in the meantime (%s): I've recorded that.",
               (long long)offer->number, find->entity);
    else
        report(turn,
               "CPPO-%lld was released in the meantime (%s): I've recorded that, but cannot read "
               "its content: %s (%s).",
               (long long)offer->number, find->entity, result->text, result->code);
    adopt_release(turn, offer, find, held);
}

/* ${result}: what AWS says; NULL where there was nothing to ask for. */
static void hold_back(struct turn *turn, struct request *offer, const struct find *find,
                      const struct result *result)
{
    char *why = result == NULL ? mem_copy("I do not know its offer id")
                : result->outcome == OUTCOME_OK
                    ? text_format("%s is not released", find->entity)
                    : text_format("%s (%s)", result->text, result->code);
    unsure_hold(turn, offer, find, why);
    free(why);
    call_back(turn, offer->number);
    adopt_open(turn, offer);
}

static void on_adopt_entity(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct find find;
    struct catalog_offer held;
    int64_t number = result->subject;
    if (!offers_get(turn, number, &offer))
        return;
    bool read = result->outcome == OUTCOME_OK && catalog_offer(result->reply, &held);
    if (was_released(turn, &offer, &find))
        take_over(turn, &offer, &find, read ? &held : NULL, result);
    else if (!may_be_out(turn, &offer, &find))
        adopt_open(turn, &offer);
    else if (read && held.released)
        take_over(turn, &offer, &find, &held, result);
    else
        hold_back(turn, &offer, &find, result);
    finds_settle(turn, number);
    catching_up_settled(turn);
}

static void adopt(struct turn *turn, struct request *offer)
{
    struct find card, announcement, release;
    bool out;
    if (finds_newest(turn, offer->number, FIND_CARD, NULL, &card))
        adopt_post(turn, POST_CARD, &card);
    if (finds_newest(turn, offer->number, FIND_ANNOUNCEMENT, NULL, &announcement))
        adopt_post(turn, POST_ANNOUNCEMENT, &announcement);
    out = was_released(turn, offer, &release) || may_be_out(turn, offer, &release);
    if (out && *release.entity != '\0') {
        flow_read(turn, &adopt_entity_effect, offer->number, release.entity,
                  catalog_describe_entity(release.entity));
        return;
    }
    if (out)
        hold_back(turn, offer, &release, NULL);
    else
        adopt_open(turn, offer);
    finds_settle(turn, offer->number);
}

static void report_lost(struct turn *turn, size_t count, const char *which)
{
    const struct kind_words *words = kinds_words();
    bool one = count == 1;
    report(turn,
           "%zu %s %s missing from my records: %s%s. %s cards no longer work, and who asked for %s "
           "has not been told: please do that, and look %s up in AWS Marketplace. New %s continue "
           "the numbering.",
           count, one ? words->noun : words->nouns, one ? "is" : "are", which,
           count > 20 ? " …" : "", one ? "Its" : "Their", one ? "it" : "them", one ? "it" : "them",
           words->nouns);
}

/* Settles all that can be settled at once. What remains in book/finds.h waits for a read;
 * catching_up_settled follows then. */
static void on_finds(struct turn *turn)
{
    struct find find;
    struct text lost = {0};
    size_t count = 0;
    for (int64_t number = 0; (number = finds_request(turn, number)) != 0;) {
        struct request offer;
        if (requests_get(turn, number, &offer)) {
            adopt(turn, &offer);
            continue;
        }
        bool out = finds_newest(turn, number, FIND_SET, "release", &find);
        if (finds_any_of(turn, number) && !out) {
            finds_settle(turn, number);
            continue;
        }
        if (count++ < 20)
            text_addf(&lost, "%sCPPO-%lld%s%s", count > 1 ? ", " : "", (long long)number,
                      out ? " released as " : "", out ? find.entity : "");
        finds_settle(turn, number);
    }
    if (count > 0)
        report_lost(turn, count, text_get(&lost));
    text_free(&lost);
}

static const struct effect_type adopt_entity_effect = {
    .name = "adopt.entity",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_adopt_entity,
};

const struct flow adopting_flow = {
    .effects = {&adopt_entity_effect}, .on_finds = on_finds, .on_out = adopt_release};
