#include "flows/cards_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/acceptances.h"
#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/people.h"
#include "book/posts.h"
#include "book/refusals.h"
#include "book/threads.h"
#include "flows/approvals.h"
#include "flows/house.h"
#include "mem.h"
#include "offers/kind.h"
#include "text.h"

enum {
    TIMES = 20,
    CHANGES_ROOM = 32000, /* all that a form holds, before and after */
};

struct loaded_card {
    struct offer offer;
    struct authorization authorization;
    struct terms customer;
    struct draft draft;
    struct check checks[MOST_CHECKS];
    struct vote votes[MAX_VOTES];
    struct vote lost[MAX_VOTES];
    struct move last;
    struct acceptance acceptances[MOST_ACCEPTANCES];
    struct following following;
    struct person requester;
    struct post post;
    char permalink[PERMALINK];
    char changes[CHANGES_ROOM];
    char unit_price[DECIMAL_TEXT];
    char usual_time[100];
    char *rule;
    char *buyer_url;
    struct card card;
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
static void usual_time(struct turn *turn, char *text, size_t room)
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
        snprintf(text, room, "AWS usually takes about a minute");
    else if (quick == slow)
        snprintf(text, room, "AWS usually takes about %lld minutes", slow);
    else
        snprintf(text, room, "AWS usually takes %lld–%lld minutes", quick, slow);
}

static bool is_blocked(struct turn *turn, int64_t offer)
{
    struct blocked blocked;
    blocked_get(turn, offer, &blocked);
    return blocked.since > 0;
}

static void load_checks(struct turn *turn, struct loaded_card *loaded)
{
    const struct config *config = config_of(turn);
    const struct draft *draft = &loaded->draft;
    bool current = draft->revision == loaded->offer.revision;
    struct check_input input = {
        .content = &loaded->offer.content,
        .authorization = loaded->card.authorization,
        .customer = loaded->card.customer,
        .now = turn_now(turn),
        .expected_unit_price = config->expected_unit_price,
        .expected_currency = config->expected_currency,
        .prices_read = current && draft->prices_read,
        .price_problem = draft->price_problem,
        .draft_problem = current && draft->state == DRAFT_REFUSED ? draft->why : "",
        .draft_blocked = is_blocked(turn, loaded->offer.number),
        .draft_ready = current && (draft->state == DRAFT_READY || draft->state == DRAFT_RELEASING ||
                                   draft->state == DRAFT_RELEASED),
        .over =
            loaded->offer.published_at > 0 || kind_ended(loaded->offer.kind, loaded->offer.state),
        .draft_wanted = config->draft == DRAFT_ON_SUBMIT && !loaded->authorization.single_use,
    };
    loaded->card.check_count = checks_make(&input, loaded->checks);
    loaded->card.checks = loaded->checks;
    checks_price(loaded->card.customer, loaded->unit_price);
}

/* What the customer pays, once the authorization has been described. */
static void load_terms(struct turn *turn, struct loaded_card *loaded)
{
    struct terms authorized;
    const struct content *content = &loaded->offer.content;
    if (loaded->card.authorization == NULL || loaded->authorization.read_at == 0)
        return;
    authorizations_terms(turn, content->authorization, &authorized);
    terms_mark_up(&authorized, content->markup, &loaded->customer);
    loaded->card.customer = &loaded->customer;
}

static void load_changes(struct turn *turn, struct loaded_card *loaded)
{
    const struct offer *offer = &loaded->offer;
    if (offer->revision == 1 || offer->state == OFFER_UNREADABLE)
        return;
    char *before = requests_content(turn, offer->number, offer->revision - 1);
    char *after = requests_content(turn, offer->number, offer->revision);
    if (before != NULL)
        offer->kind->changes(before, after, loaded->changes, CHANGES_ROOM);
    free(before);
    free(after);
}

static void load_link(struct loaded_card *loaded, const char *pattern)
{
    const struct authorization *a = &loaded->authorization;
    bool published = loaded->offer.published_at > 0;
    loaded->card.link_hint = published ? link_hint(pattern, a->product_type) : "";
    loaded->buyer_url = published && link_works(pattern, a->product_type)
                            ? buyer_url(pattern, a->product_id, loaded->draft.entity)
                            : mem_copy("");
}

/* Who asked, by name; and whether the card stands where the approvers see it. */
static void load_places(struct turn *turn, struct loaded_card *loaded)
{
    struct card *card = &loaded->card;
    people_get(turn, loaded->offer.requester, &loaded->requester);
    card->requester_name = loaded->requester.name;
    card->permalink = loaded->permalink;
    if (!posts_get(turn, POST_CARD, loaded->offer.number, &loaded->post))
        return;
    if (*loaded->post.trouble != '\0')
        card->seen = CARD_SHUT;
    else if (*loaded->post.ts != '\0')
        card->seen = CARD_STANDS;
    threads_permalink(turn, loaded->offer.number, loaded->post.ts, loaded->permalink);
}

static void load_aftermath(struct turn *turn, struct loaded_card *loaded)
{
    struct card *card = &loaded->card;
    card->ends = "";
    if (loaded->offer.published_at == 0)
        return;
    following_get(turn, loaded->offer.number, &loaded->following);
    card->ends = loaded->following.ends;
    card->blind = loaded->following.blind;
    card->acceptances = loaded->acceptances;
    card->acceptance_count =
        acceptances_get(turn, loaded->offer.number, loaded->acceptances, MOST_ACCEPTANCES);
}

struct loaded_card *cards_load(struct turn *turn, int64_t number)
{
    const struct config *config = config_of(turn);
    struct loaded_card *loaded = mem_new(1, sizeof(*loaded));
    if (!requests_get(turn, number, &loaded->offer)) {
        free(loaded);
        return NULL;
    }
    struct card *card = &loaded->card;
    if (authorizations_get(turn, loaded->offer.content.authorization, &loaded->authorization)) {
        offers_own_use(turn, number, &loaded->authorization);
        card->authorization = &loaded->authorization;
    }
    drafts_get(turn, number, &loaded->draft);
    load_terms(turn, loaded);
    load_checks(turn, loaded);
    load_changes(turn, loaded);
    load_aftermath(turn, loaded);
    if (loaded->offer.state == OFFER_APPROVED || loaded->offer.state == OFFER_PUBLISHING)
        usual_time(turn, loaded->usual_time, sizeof(loaded->usual_time));
    load_link(loaded, config->buyer_url);
    card->offer = &loaded->offer;
    card->draft = &loaded->draft;
    card->votes = loaded->votes;
    card->vote_count = offers_votes(turn, number, loaded->offer.revision, loaded->votes, MAX_VOTES);
    card->lost = loaded->lost;
    card->lost_count =
        offers_lost_votes(turn, number, loaded->offer.revision, loaded->lost, MAX_VOTES);
    card->approval = approvals_judge(turn, &loaded->offer, loaded->votes, card->vote_count);
    loaded->rule =
        approvals_rule(turn, &loaded->offer, &card->approval, loaded->votes, card->vote_count);
    load_places(turn, loaded);
    card->rule = loaded->rule;
    card->changes = loaded->changes;
    card->last = offers_last_move(turn, number, &loaded->last) ? &loaded->last : NULL;
    card->today = date_of_ms(turn_now(turn));
    card->unit_price = loaded->unit_price;
    card->expected_unit_price = config->expected_unit_price;
    card->buyer_url = loaded->buyer_url;
    card->usual_time = loaded->usual_time;
    return loaded;
}

const struct card *cards_view(const struct loaded_card *loaded)
{
    return &loaded->card;
}

void cards_free(struct loaded_card *loaded)
{
    if (loaded == NULL)
        return;
    free(loaded->rule);
    free(loaded->buyer_url);
    free(loaded);
}
