#include "flows/authorized.h"

#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "flows/card_thread.h"
#include "flows/cards.h"
#include "flows/notify.h"
#include "log.h"
#include "mem.h"
#include "offers/offer.h"
#include "text.h"
#include "views/card_mentions.h"
#include "views/messages.h"

enum { MAX_NAMED = 20 }; /* offers, in one message */

/* Why it cannot be used now, "" when it can. */
static const char *problem_of(const struct turn *turn, const struct authorization *authorization)
{
    const char *why = authorization_unusable(authorization, turn_now(turn));
    return why != NULL ? why : "";
}

/* --- whose offers wait on it --- */

struct waiting {
    int64_t offer;
    char requester[PERSON_ID];
    bool pending; /* the approvers have to know */
    bool told;
};

/* Those with this authorization. The caller frees. */
static struct waiting *waiting_on(struct turn *turn, const char *id, size_t *count)
{
    struct waiting *list = NULL;
    struct request offer = {.number = 0};
    *count = 0;
    while (offers_next(turn, STATES_OPEN, offer.number, &offer)) {
        if (strcmp(offer_content(&offer)->authorization, id) != 0)
            continue;
        list = mem_resize(list, *count + 1, sizeof(*list));
        list[*count] =
            (struct waiting){.offer = offer.number, .pending = offer.state == STATE_PENDING};
        text_fit(list[*count].requester, sizeof(list->requester), offer.requester);
        ++*count;
    }
    return list;
}

/* --- telling --- */

/* "CPPO-5, CPPO-20": all those whose requester is that of the one at ${from}; marks them as told.
 */
static char *their_offers(struct waiting *list, size_t count, size_t from)
{
    struct text names = {0};
    size_t named = 0;
    for (size_t i = from; i < count; i++) {
        if (list[i].told || strcmp(list[i].requester, list[from].requester) != 0)
            continue;
        if (named++ < MAX_NAMED)
            text_addf(&names, "%sCPPO-%lld", named > 1 ? ", " : "", (long long)list[i].offer);
        if (i > from)
            list[i].told = true;
    }
    if (named > MAX_NAMED)
        text_addf(&names, " and %zu more", named - MAX_NAMED);
    list[from].told = true;
    return text_take(&names);
}

static void tell(struct turn *turn, const struct authorization *authorization, const char *why,
                 struct waiting *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].told)
            continue;
        char *offers = their_offers(list, count, i);
        char *words =
            *why != '\0'
                ? text_format("The resale authorization “%s” %s. It is used by %s: edit and choose "
                              "another, or ask the ISV.",
                              authorization->name, why, offers)
                : text_format("The resale authorization “%s” can be used again, so %s can go on.",
                              authorization->name, offers);
        notify_person(turn, list[i].requester, message_plain(words));
        free(words);
        free(offers);
    }
}

/* Would a card show something different now? */
static bool shows_other(const struct authorization *before, const struct authorization *now)
{
    return strcmp(before->unit_price, now->unit_price) != 0 || before->sale != now->sale ||
           (before->read_at == 0) != (now->read_at == 0) ||
           before->buyer_count != now->buyer_count ||
           memcmp(before->buyers, now->buyers, sizeof(now->buyers)) != 0;
}

/* Instalments, terms and documents are not in its row, but cards show them too. */
static bool says_other(struct turn *turn, const char *id, const struct terms *now)
{
    struct terms before;
    char covered[2][COVERS_TEXT];
    authorizations_terms(turn, id, &before);
    terms_covers(&before, covered[0]);
    terms_covers(now, covered[1]);
    return strcmp(covered[0], covered[1]) != 0;
}

/* An offer that used it up itself does not depend on it any more: this is no news to it. */
static bool is_own_use(struct turn *turn, const struct authorization *before,
                       const struct authorization *now, int64_t offer)
{
    struct authorization was = *before;
    struct authorization is = *now;
    if (offers_claimed(turn, now->id) != offer)
        return false;
    offers_own_use(turn, offer, &was);
    offers_own_use(turn, offer, &is);
    return *problem_of(turn, &is) == '\0' &&
           (*problem_of(turn, &was) == '\0' || *problem_of(turn, now) != '\0');
}

/* ${before}: as the book had it; NULL: it did not. Time alone makes news too, so what people were
 * told last is kept. */
static void tell_change(struct turn *turn, const char *id, const struct authorization *before,
                        bool other_terms, int64_t except)
{
    struct authorization now;
    char told[AUTHORIZATION_PROBLEM];
    size_t count;
    if (!authorizations_get(turn, id, &now))
        return;
    const char *why = problem_of(turn, &now);
    authorizations_shown(turn, id, told);
    bool is_new = strcmp(told, why) != 0;
    if (is_new)
        authorizations_set_shown(turn, id, why);
    if (before == NULL || (!is_new && !other_terms && !shows_other(before, &now)))
        return;
    struct waiting *list = waiting_on(turn, id, &count);
    for (size_t i = 0; i < count; i++) {
        bool own = is_own_use(turn, before, &now, list[i].offer);
        list[i].told = own || list[i].offer == except;
        cards_show(turn, list[i].offer);
        if (is_new && *why != '\0' && list[i].pending && !own)
            card_thread_mention(turn, list[i].offer, &authorization_mention);
    }
    if (is_new) {
        log_info("authorization changed", F_TEXT("id", id), F_TEXT("why", why),
                 F_INT("offers", count));
        tell(turn, &now, why, list, count);
    }
    free(list);
}

/* --- storing --- */

void authorized_store(struct turn *turn, const struct authorization *authorization,
                      const struct terms *terms, int64_t except)
{
    struct authorization before;
    bool known = authorizations_get(turn, authorization->id, &before);
    bool other = known && says_other(turn, authorization->id, terms);
    authorizations_put(turn, authorization, terms);
    tell_change(turn, authorization->id, known ? &before : NULL, other, except);
}

void authorized_store_listed(struct turn *turn, const struct authorization *listed, int64_t since)
{
    struct authorization before;
    bool known = authorizations_get(turn, listed->id, &before);
    authorizations_put_summary(turn, listed, since);
    tell_change(turn, listed->id, known ? &before : NULL, false, 0);
}

void authorized_unlist(struct turn *turn, const char *id, int64_t except)
{
    struct authorization before;
    if (!authorizations_get(turn, id, &before))
        return;
    authorizations_lose(turn, id);
    tell_change(turn, id, &before, false, except);
}

void authorized_mark_unlisted(struct turn *turn, int64_t since)
{
    char id[AUTHORIZATION_ID];
    while (authorizations_unlisted(turn, since, id))
        authorized_unlist(turn, id, 0);
    authorizations_mark_unlisted(turn, since);
}
