#include "flows/buyer_checks.h"

#include <stdlib.h>
#include <string.h>

#include "book/buyer_book.h"
#include "mem.h"
#include "offers/buyers.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "offers/past_buyers.h"

enum { MAX_FOUND = 160 };

/* Seller guide, "Private offers": an account has at most one active agreement for a SaaS product.
 */
static const char one_at_a_time[] = "SaaSProduct";

/* Of the offer that the turn is about, whose card is made several times in it. */
struct kept_checks {
    int64_t number; /* 0: none are kept */
    size_t count;
    struct check checks[MAX_PAST_CHECKS];
    struct usual usual;
};

static struct kept_checks *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_checks));
}

static size_t make(struct turn *turn, int64_t number, const struct content *content,
                   const struct authorization *authorization, struct check *checks,
                   struct usual *usual)
{
    struct last_offer last;
    struct past_offer *found = mem_new(MAX_FOUND, sizeof(*found));
    const struct buyer_query query = {
        .customer = content->customer,
        .buyers = content->buyers,
        .buyer_count = content->buyer_count,
        .before = number,
        .authorization = content->authorization,
        .product = authorization != NULL ? authorization->product_id : "",
    };
    const struct past_input input = {
        .number = number,
        .customer = content->customer,
        .buyers = content->buyers,
        .buyer_count = content->buyer_count,
        .offers = found,
        .count = buyer_book_find(turn, &query, found, MAX_FOUND, &last),
        .one_agreement =
            authorization != NULL && strcmp(authorization->product_type, one_at_a_time) == 0,
    };
    size_t count = past_buyers_checks(&input, checks);
    usual_compare(usual, last.number, last.content, last.terms, content);
    last_offer_free(&last);
    free(found);
    return count;
}

size_t buyer_checks_make(struct turn *turn, int64_t number, const struct content *content,
                         const struct authorization *authorization, struct check *checks,
                         struct usual *usual)
{
    struct kept_checks *known = kept(turn);
    if (number == 0 || known->number != number) {
        known->count = make(turn, number, content, authorization, known->checks, &known->usual);
        known->number = number;
    }
    memcpy(checks, known->checks, known->count * sizeof(*checks));
    if (usual != NULL)
        *usual = known->usual;
    return known->count;
}

/* --- the form --- */

/* What can be read of the form by now. */
static struct content read_form(const struct form *form, const struct authorization *chosen)
{
    struct content content = {.buyer_count = 0};
    struct buyers buyers = {.count = 0};
    char why[300];
    const char *customer = form->typed[FIELD_CUSTOMER];
    buyers_read(form->typed[FIELD_BUYERS], NULL, NULL, &buyers, why, sizeof(why));
    content.buyer_count = buyers.count;
    memcpy(content.buyers, buyers.ids, sizeof(buyers.ids));
    text_fit(content.customer, sizeof(content.customer), customer != NULL ? customer : "");
    text_fit(content.authorization, sizeof(content.authorization),
             chosen != NULL ? chosen->id : "");
    return content;
}

void buyer_checks_tell(struct turn *turn, const struct form *form,
                       const struct authorization *chosen, struct text *notice)
{
    struct check checks[MAX_PAST_CHECKS];
    const struct content content = read_form(form, chosen);
    if (*content.customer == '\0' && content.buyer_count == 0)
        return;
    size_t count = buyer_checks_make(turn, 0, &content, chosen, checks, NULL);
    for (size_t i = 0; i < count; i++)
        text_addf(notice, "%s%s %s", notice->size > 0 ? "\n" : "",
                  checks[i].outcome == CHECK_NOTE ? "ℹ️" : "⚠️", checks[i].text);
}

void buyer_checks_propose(struct turn *turn, struct form *form, const struct authorization *chosen,
                          char buyers[PROPOSED_BUYERS], struct text *notice)
{
    const char *typed = form->typed[FIELD_BUYERS];
    const struct content content = read_form(form, chosen);
    struct text list = {0};
    if (*content.customer == '\0' || (typed != NULL && *typed != '\0'))
        return;
    struct past_offer *found = mem_new(MAX_FOUND, sizeof(*found));
    const struct buyer_query query = {
        .customer = content.customer, .buyers = content.buyers, .authorization = "", .product = ""};
    size_t count = buyer_book_find(turn, &query, found, MAX_FOUND, NULL);
    const struct past_offer *last = past_buyers_last(found, count, content.customer);
    for (size_t i = 0; last != NULL && i < count; i++) {
        bool may = chosen == NULL || authorization_allows(chosen, found[i].account);
        if (found[i].number == last->number && may)
            text_addf(&list, "%s%s", list.size > 0 ? "\n" : "", found[i].account);
    }
    if (list.size > 0 && text_fit(buyers, PROPOSED_BUYERS, text_get(&list))) {
        form->typed[FIELD_BUYERS] = buyers;
        text_addf(notice, "%sThe buyers are those of CPPO-%lld, the last offer for %s.",
                  notice->size > 0 ? "\n" : "", (long long)last->number, last->customer);
    }
    text_free(&list);
    free(found);
}

/* --- what it learns --- */

/* By its requester; or by AWS, where a book that was restored finds another revision. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    const struct request *offer = moved->request;
    enum request_event event = moved->move->event;
    if (event == EVENT_SUBMIT || event == EVENT_FIND)
        buyer_book_learn(turn, offer->number, offer->revision, offer_content(offer));
    kept(turn)->number = 0; /* one that moved may stand in the way of others no more */
}

const struct flow buyer_checks_flow = {.kind = KIND_OFFER, .on_move = on_move};
