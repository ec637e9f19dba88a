/* What a card shows of a new offer: prices, terms and checks, and what exists of it at AWS. */
#include "flows/offering_card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/acceptances.h"
#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/refusals.h"
#include "flows/app_context.h"
#include "mem.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"
#include "views/offer_facts.h"

enum { TIMES = 20 };

struct loaded {
    struct offer_facts facts; /* first: it is the card's own */
    struct card *card;
    struct authorization authorization;
    struct terms customer;
    struct draft draft;
    struct check checks[MAX_CHECKS];
    struct acceptance acceptances[MAX_ACCEPTANCES];
    struct following following;
    char unit_price[DECIMAL_TEXT];
    char usual_time[100];
    char *buyer_url;
};

/* The pattern of the configuration with {product} and {offer} filled in. */
static char *buyer_url(const char *pattern, const char *product, const char *entity)
{
    struct text url = {0};
    while (*pattern != '\0') {
        if (strncmp(pattern, "{product}", 9) == 0) {
            text_add(&url, product);
            pattern += 9;
        } else if (strncmp(pattern, "{offer}", 7) == 0) {
            text_add(&url, entity);
            pattern += 7;
        } else {
            text_add_bytes(&url, pattern++, 1);
        }
    }
    return text_take(&url);
}

/* The pattern that we know is one for SaaS; of other kinds of products AWS tells none. */
static const char *link_hint(const char *pattern, const char *type)
{
    if (strstr(pattern, "/saas/") == NULL || strcmp(type, "SaaSProduct") == 0)
        return "";
    return *type != '\0' && *type != '?' ? "The buyer's link is in the AWS Marketplace portal: "
                                           "open the offer and choose “Copy "
                                           "offer URL”."
                                         : "If the link does not open, take it from the AWS "
                                           "Marketplace portal: open the offer "
                                           "and choose “Copy offer URL”.";
}

static bool link_works(const char *pattern, const char *type)
{
    return strstr(pattern, "/saas/") == NULL || *type == '\0' || *type == '?' ||
           strcmp(type, "SaaSProduct") == 0;
}

/* "AWS usually takes 11-14 minutes", from the middle half of our own history. */
static void usual_time(struct turn *turn, char *text, size_t capacity)
{
    int64_t took[TIMES];
    size_t count = offers_times(turn, took, TIMES);
    text[0] = '\0';
    if (count < 3)
        return;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && took[j - 1] > took[j]; j--) {
            int64_t other = took[j];
            took[j] = took[j - 1];
            took[j - 1] = other;
        }
    }
    long long quick = (long long)(took[count / 4] / 60000);
    long long slow = (long long)((took[count - 1 - count / 4] + 59999) / 60000);
    if (slow <= 1)
        snprintf(text, capacity, "AWS usually takes about a minute");
    else if (quick == slow)
        snprintf(text, capacity, "AWS usually takes about %lld minutes", slow);
    else
        snprintf(text, capacity, "AWS usually takes %lld–%lld minutes", quick, slow);
}

static bool is_blocked(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    return blocked.since > 0;
}

static void load_checks(struct turn *turn, struct loaded *loaded)
{
    const struct config *config = app_config(turn);
    const struct draft *draft = &loaded->draft;
    bool current = draft->revision == loaded->card->request->revision;
    struct check_input input = {
        .content = offer_content(loaded->card->request),
        .authorization = loaded->facts.authorization,
        .customer = loaded->facts.customer,
        .now = turn_now(turn),
        .expected_unit_price = config->expected_unit_price,
        .expected_currency = config->expected_currency,
        .prices_read = current && draft->prices_read,
        .price_problem = draft->price_problem,
        .draft_problem = current && draft->state == DRAFT_REFUSED ? draft->why : "",
        .draft_blocked = is_blocked(turn, loaded->card->request->number),
        .draft_ready = current && (draft->state == DRAFT_READY || draft->state == DRAFT_RELEASING ||
                                   draft->state == DRAFT_RELEASED),
        .over = loaded->card->request->published_at > 0 ||
                kind_ended(loaded->card->request->kind, loaded->card->request->state),
        .stopped = loaded->card->request->state == STATE_FAILED,
        .draft_wanted = config->draft == DRAFT_ON_SUBMIT && !loaded->authorization.single_use,
    };
    loaded->card->check_count = checks_make(&input, loaded->checks);
    loaded->card->checks = loaded->checks;
    checks_price(loaded->facts.customer, loaded->unit_price);
}

/* What the customer pays, once the authorization has been described. */
static void load_terms(struct turn *turn, struct loaded *loaded)
{
    struct terms authorized;
    const struct content *content = offer_content(loaded->card->request);
    if (loaded->facts.authorization == NULL || loaded->authorization.read_at == 0)
        return;
    authorizations_terms(turn, content->authorization, &authorized);
    terms_mark_up(&authorized, content->markup, &loaded->customer);
    loaded->facts.customer = &loaded->customer;
}

static void load_link(struct loaded *loaded, const char *pattern)
{
    const struct authorization *a = &loaded->authorization;
    bool published = loaded->card->request->published_at > 0;
    loaded->facts.link_hint = published ? link_hint(pattern, a->product_type) : "";
    loaded->buyer_url = published && link_works(pattern, a->product_type)
                            ? buyer_url(pattern, a->product_id, loaded->draft.entity)
                            : mem_copy("");
}

static void load_aftermath(struct turn *turn, struct loaded *loaded)
{
    struct offer_facts *facts = &loaded->facts;
    facts->ends = "";
    if (loaded->card->request->published_at == 0)
        return;
    following_get(turn, loaded->card->request->number, &loaded->following);
    facts->ends = loaded->following.ends;
    facts->blind = loaded->following.blind;
    facts->acceptances = loaded->acceptances;
    facts->acceptance_count =
        acceptances_get(turn, loaded->card->request->number, loaded->acceptances, MAX_ACCEPTANCES);
}

void *offering_card_load(struct turn *turn, struct card *card)
{
    const struct config *config = app_config(turn);
    const struct request *offer = card->request;
    struct loaded *loaded = mem_new(1, sizeof(*loaded));
    loaded->card = card;
    if (authorizations_get(turn, offer_content(offer)->authorization, &loaded->authorization)) {
        offers_own_use(turn, offer->number, &loaded->authorization);
        loaded->facts.authorization = &loaded->authorization;
    }
    drafts_get(turn, offer->number, &loaded->draft);
    loaded->facts.draft = &loaded->draft;
    load_terms(turn, loaded);
    load_checks(turn, loaded);
    load_aftermath(turn, loaded);
    if (offer->state == STATE_APPROVED || offer->state == STATE_PUBLISHING)
        usual_time(turn, loaded->usual_time, sizeof(loaded->usual_time));
    load_link(loaded, config->buyer_url);
    loaded->facts.unit_price = loaded->unit_price;
    loaded->facts.expected_unit_price = config->expected_unit_price;
    loaded->facts.buyer_url = loaded->buyer_url;
    loaded->facts.usual_time = loaded->usual_time;
    return loaded;
}

void offering_card_unload(void *of_card)
{
    struct loaded *loaded = of_card;
    free(loaded->buyer_url);
    free(loaded);
}
