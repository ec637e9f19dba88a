#include "offers/past_buyers.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "offers/near.h"
#include "text.h"

/* --- names and accounts --- */

/* The migration leaves out the same ones. */
static bool is_left_out(char c)
{
    return c != '\0' && strchr(" .,-&'()/\"_+", c) != NULL;
}

void past_buyers_fold(const char *customer, char folded[FOLDED_NAME])
{
    char kept[FOLDED_NAME] = "";
    size_t points = 0;
    size_t size = 0;
    for (size_t width; *customer != '\0' && points < FOLDED_POINTS; customer += width) {
        text_point(customer, &width);
        if (is_left_out(*customer))
            continue;
        memcpy(kept + size, customer, width);
        if (width == 1)
            kept[size] = (char)tolower((unsigned char)*customer);
        size += width;
        points++;
    }
    kept[size] = '\0';
    memcpy(folded, kept, FOLDED_NAME);
}

/* --- what they say --- */

struct past_list {
    const struct past_input *input;
    struct check *checks;
    size_t count;
    char folded[FOLDED_NAME]; /* our customer */
};

static void add(struct past_list *list, enum check_outcome outcome, const char *brief,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* One more than fits is left out: what is said first matters most. */
static void add(struct past_list *list, enum check_outcome outcome, const char *brief,
                const char *format, ...)
{
    va_list args;
    if (list->count == MAX_PAST_CHECKS)
        return;
    struct check *check = &list->checks[list->count++];
    check->outcome = outcome;
    check->verdict = false;
    text_fit(check->brief, sizeof(check->brief), brief);
    va_start(args, format);
    vsnprintf(check->text, sizeof(check->text), format, args);
    va_end(args);
    text_repair(check->text);
}

/* One that was turned down, or taken back, says nothing of whom to offer to. */
static bool counts(const struct past_offer *offer)
{
    return offer->number != 0 &&
           !request_state_in(offer->state,
                             1U << STATE_DRAFT | 1U << STATE_REJECTED | 1U << STATE_WITHDRAWN);
}

const struct past_offer *past_buyers_last(const struct past_offer *offers, size_t count,
                                          const char *customer)
{
    const struct past_offer *last = NULL;
    char folded[FOLDED_NAME];
    past_buyers_fold(customer, folded);
    for (size_t i = 0; i < count; i++) {
        if (counts(&offers[i]) && strcmp(offers[i].folded, folded) == 0 &&
            *offers[i].account != '\0' && (last == NULL || offers[i].number > last->number))
            last = &offers[i];
    }
    return last;
}

/* Was it sent in before ours? */
static bool is_earlier(const struct past_list *list, const struct past_offer *offer)
{
    return counts(offer) && (list->input->number == 0 || offer->number < list->input->number);
}

/* The newest earlier offer to this account; NULL: there is none. */
static const struct past_offer *last_to(const struct past_list *list, const char *account)
{
    const struct past_offer *last = NULL;
    for (size_t i = 0; i < list->input->count; i++) {
        const struct past_offer *one = &list->input->offers[i];
        if (is_earlier(list, one) && strcmp(one->account, account) == 0 &&
            (last == NULL || one->number > last->number))
            last = one;
    }
    return last;
}

static bool is_ours(const struct past_list *list, const char *account)
{
    for (size_t i = 0; i < list->input->buyer_count; i++) {
        if (strcmp(list->input->buyers[i], account) == 0)
            return true;
    }
    return false;
}

/* The customer's own account that this one, which is new, may have been meant to be. */
static const struct past_offer *meant_by(const struct past_list *list, const char *account)
{
    for (size_t i = 0; i < list->input->count; i++) {
        const struct past_offer *one = &list->input->offers[i];
        if (is_earlier(list, one) && strcmp(one->folded, list->folded) == 0 &&
            !is_ours(list, one->account) && near_account(one->account, account))
            return one;
    }
    return NULL;
}

static void check_new(struct past_list *list, const char *account)
{
    const struct past_offer *meant = meant_by(list, account);
    char brief[CHECK_BRIEF];
    if (meant == NULL) {
        add(list, CHECK_NOTE, "", "This is the first offer to %s", account);
        return;
    }
    snprintf(brief, sizeof(brief), "%s: or %s?", account, meant->account);
    add(list, CHECK_WARNING, brief,
        "%s is new, and almost %s, to which CPPO-%lld for %s went: is it typed right?", account,
        meant->account, (long long)meant->number, meant->customer);
}

static void check_accounts(struct past_list *list, bool misspelled)
{
    for (size_t i = 0; i < list->input->buyer_count; i++) {
        const char *account = list->input->buyers[i];
        const struct past_offer *last = last_to(list, account);
        char brief[CHECK_BRIEF];
        if (last == NULL) {
            check_new(list, account);
        } else if (strcmp(last->folded, list->folded) != 0 &&
                   !(misspelled && near_name(last->folded, list->folded))) {
            snprintf(brief, sizeof(brief), "%s: other customer before", account);
            add(list, CHECK_WARNING, brief, "The last offer to %s was for %s (CPPO-%lld)", account,
                last->customer, (long long)last->number);
        }
    }
}

/* One that is known needs no other. True: it is told. */
static bool check_customer(struct past_list *list)
{
    const struct past_offer *near = NULL;
    for (size_t i = 0; i < list->input->count; i++) {
        const struct past_offer *one = &list->input->offers[i];
        if (is_earlier(list, one) && strcmp(one->folded, list->folded) == 0)
            return false;
        if (is_earlier(list, one) && near_name(one->folded, list->folded))
            near = one;
    }
    if (near != NULL)
        add(list, CHECK_WARNING, "Customer spelled right?",
            "The customer is new, and spelled almost like %s (CPPO-%lld): is it the same?",
            near->customer, (long long)near->number);
    return near != NULL;
}

/* --- what is offered already --- */

/* What keeps the buyer from accepting counts whenever it came; what is only asked for, if it came
 * first. */
static bool is_in_the_way(const struct past_list *list, const struct past_offer *one)
{
    if (!one->same_product || one->number == list->input->number || !is_ours(list, one->account))
        return false;
    return one->agreement || one->state == STATE_PUBLISHED ||
           (is_earlier(list, one) && request_state_in(one->state, STATES_OPEN));
}

static void check_agreement(struct past_list *list, const struct past_offer *one)
{
    char brief[CHECK_BRIEF];
    snprintf(brief, sizeof(brief), "%s has an agreement (CPPO-%lld)", one->account,
             (long long)one->number);
    add(list, CHECK_WARNING, brief, "%s has an active agreement for this product by CPPO-%lld%s",
        one->account, (long long)one->number,
        list->input->one_agreement ? ": AWS lets nobody accept a second before the first has ended"
                                   : "");
}

static void check_other(struct past_list *list, const struct past_offer *one)
{
    char brief[CHECK_BRIEF];
    snprintf(brief, sizeof(brief), "CPPO-%lld: same buyer, same product", (long long)one->number);
    add(list, CHECK_WARNING, brief, "CPPO-%lld (%s) offers this product to %s, too%s",
        (long long)one->number, request_state_label(one->state), one->account,
        list->input->one_agreement ? ": AWS lets them accept one of the two" : "");
}

/* Those of several accounts are told once; of what is in the way, what is nearest to a sale. */
static void check_offered(struct past_list *list)
{
    enum { TOLD = 2 };
    int64_t told[TOLD] = {0};
    size_t count = 0;
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < list->input->count && count < TOLD; i++) {
            const struct past_offer *one = &list->input->offers[i];
            int weight = one->agreement ? 0 : one->state == STATE_PUBLISHED ? 1 : 2;
            if (weight != pass || !is_in_the_way(list, one) || one->number == told[0])
                continue;
            told[count++] = one->number;
            if (one->agreement)
                check_agreement(list, one);
            else
                check_other(list, one);
        }
    }
}

size_t past_buyers_checks(const struct past_input *input, struct check *checks)
{
    struct past_list list = {.input = input, .checks = checks};
    past_buyers_fold(input->customer, list.folded);
    check_offered(&list);
    bool misspelled = *list.folded != '\0' && check_customer(&list);
    if (*list.folded != '\0')
        check_accounts(&list, misspelled);
    return list.count;
}
