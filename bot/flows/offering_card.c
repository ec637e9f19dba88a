/* What a card shows of a new offer: prices, terms and checks, and what exists of it at AWS. */
#include "flows/offering_card.h"

#include <assert.h>
#include <stdlib.h>

#include "book/acceptances.h"
#include "book/authorizations.h"
#include "book/denials.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/buyer_checks.h"
#include "flows/line.h"
#include "flows/playbooks.h"
#include "mem.h"
#include "offers/checks.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"
#include "views/buyer_link.h"
#include "views/card_facts.h"
#include "views/offer_facts.h"
#include "views/usual_time.h"

struct loaded {
    struct offer_facts facts; /* first: it is the card's own */
    struct card *card;
    struct authorization authorization;
    struct terms *customer; /* large; NULL where they are not known */
    struct draft draft;
    struct check checks[MAX_CHECKS];
    struct acceptance *acceptances; /* NULL before it is published */
    struct following following;
    struct usual usual;
    char unit_price[DECIMAL_TEXT];
    char usual_time[USUAL_TIME];
    char *buyer_url;
};

static bool is_blocked(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    return blocked.since > 0;
}

/* What it waits for; "" when it is not wanted any more, or goes on. */
static const char *held(struct turn *turn, const struct loaded *loaded)
{
    if (!loaded->facts.blocked ||
        !request_state_in(loaded->card->request->state, 1U << STATE_PENDING | STATES_GOING))
        return "";
    return denials_account(turn) ? "our seller account at AWS is not in order"
                                 : "our AWS access lacks a permission, or our seller account is "
                                   "not in order";
}

static void load_checks(struct turn *turn, struct loaded *loaded)
{
    const struct config *config = app_config(turn);
    const struct draft *draft = &loaded->draft;
    const struct content *content = offer_content(loaded->card->request);
    bool current = draft->revision == loaded->card->request->revision;
    struct check_input input = {
        .content = content,
        .authorization = loaded->facts.authorization,
        .customer = loaded->facts.customer,
        .now = turn_now(turn),
        .expected_unit_price = loaded->facts.expected_unit_price,
        .expected_currency = config->expected_currency,
        .prices_read = current && draft->prices_read,
        .price_problem = draft->price_problem,
        .draft_problem = current && draft->state == DRAFT_REFUSED ? draft->why : "",
        .draft_problem_told = card_facts_refused(loaded->card),
        .draft_blocked = loaded->facts.blocked,
        .waits = loaded->facts.waits,
        .draft_ready = current && (draft->state == DRAFT_READY || draft->state == DRAFT_RELEASING ||
                                   draft->state == DRAFT_RELEASED),
        .over = loaded->card->request->published_at > 0 ||
                kind_ended(loaded->card->request->kind, loaded->card->request->state),
        .stopped = loaded->card->request->state == STATE_FAILED,
        .draft_wanted = config->draft == DRAFT_ON_SUBMIT && !loaded->authorization.single_use,
    };
    size_t count = checks_make(&input, loaded->checks);
    if (!input.over) {
        count += playbooks_check(turn, content, input.authorization, loaded->checks + count);
        count += buyer_checks_make(turn, loaded->card->request->number, content,
                                   input.authorization, loaded->checks + count, &loaded->usual);
    }
    assert(count <= MAX_CHECKS);
    loaded->card->check_count = count;
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
    loaded->customer = mem_resize(NULL, 1, sizeof(*loaded->customer));
    terms_mark_up(&authorized, content->markup, loaded->customer);
    loaded->facts.customer = loaded->customer;
    terms_covers(loaded->customer, loaded->card->covers);
}

static void load_link(struct loaded *loaded, const char *pattern)
{
    const struct authorization *a = &loaded->authorization;
    bool published = loaded->card->request->published_at > 0;
    loaded->facts.link_hint = published ? buyer_link_hint(pattern, a->product_type) : "";
    loaded->buyer_url = published && buyer_link_works(pattern, a->product_type)
                            ? buyer_link(pattern, a->product_id, loaded->draft.entity)
                            : mem_copy("");
}

static void load_usual_time(struct turn *turn, struct loaded *loaded)
{
    int64_t took[USUAL_TIMES];
    if (request_state_in(loaded->card->request->state, STATES_GOING))
        usual_time(took, offers_times(turn, took, USUAL_TIMES), loaded->usual_time);
}

static void load_aftermath(struct turn *turn, struct loaded *loaded)
{
    struct offer_facts *facts = &loaded->facts;
    facts->ends = "";
    if (loaded->card->request->published_at == 0)
        return;
    acceptances_following(turn, loaded->card->request->number, &loaded->following);
    facts->ends = loaded->following.ends;
    facts->blind = loaded->following.blind;
    facts->acceptances = loaded->acceptances =
        mem_new(MAX_ACCEPTANCES, sizeof(*loaded->acceptances));
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
    loaded->facts.usual = &loaded->usual;
    loaded->facts.waits = line_holds(turn, offer->number);
    load_terms(turn, loaded);
    loaded->facts.blocked = is_blocked(turn, offer->number);
    card->held = held(turn, loaded);
    loaded->facts.expected_unit_price =
        playbooks_price(turn, playbooks_get(turn, offer_content(offer)));
    load_checks(turn, loaded);
    load_aftermath(turn, loaded);
    load_usual_time(turn, loaded);
    load_link(loaded, config->buyer_url);
    loaded->facts.unit_price = loaded->unit_price;
    loaded->facts.buyer_url = loaded->buyer_url;
    loaded->facts.usual_time = loaded->usual_time;
    return loaded;
}

void offering_card_unload(void *of_card)
{
    struct loaded *loaded = of_card;
    free(loaded->customer);
    free(loaded->acceptances);
    free(loaded->buyer_url);
    free(loaded);
}

char *offering_card_price(struct turn *turn, const struct request *offer)
{
    const struct content *content = offer_content(offer);
    struct authorization authorization;
    char price[DECIMAL_TEXT];
    if (!authorizations_get(turn, content->authorization, &authorization) ||
        authorization.read_at == 0)
        return NULL;
    struct terms *terms = mem_new(2, sizeof(*terms));
    authorizations_terms(turn, content->authorization, &terms[0]);
    terms_mark_up(&terms[0], content->markup, &terms[1]);
    checks_price(&terms[1], price);
    free(terms);
    return *price != '\0' ? text_format("%s %s per unit", price, authorization.currency)
                          : text_format("several amounts");
}
