#include "offers/usual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/terms.h"

static bool is_among(const struct content *content, const char *buyer)
{
    for (size_t i = 0; i < content->buyer_count; i++) {
        if (strcmp(content->buyers[i], buyer) == 0)
            return true;
    }
    return false;
}

/* Whatever their order. */
static bool same_buyers(const struct content *a, const struct content *b)
{
    for (size_t i = 0; i < a->buyer_count; i++) {
        if (!is_among(b, a->buyers[i]))
            return false;
    }
    return a->buyer_count == b->buyer_count;
}

/* ${last} gets what no offer has from another, and what is told in another way. */
static void leave_out(struct content *last, const struct content *now)
{
    text_fit(last->authorization, sizeof(last->authorization), now->authorization);
    text_fit(last->customer, sizeof(last->customer), now->customer);
    text_fit(last->accept_by, sizeof(last->accept_by), now->accept_by);
    text_fit(last->note, sizeof(last->note), now->note);
    text_fit(last->playbook, sizeof(last->playbook), now->playbook);
    if (same_buyers(last, now)) {
        last->buyer_count = now->buyer_count;
        memcpy(last->buyers, now->buyers, sizeof(last->buyers));
    }
}

void usual_price(const struct terms *customer, char price[USUAL_PRICE])
{
    const struct term_line *only = customer != NULL ? terms_unit_price(customer) : NULL;
    char amount[DECIMAL_TEXT];
    price[0] = '\0';
    if (only == NULL)
        return;
    terms_amount(only, amount);
    snprintf(price, USUAL_PRICE, "%s %s per unit", amount, only->currency);
}

static void price_then(const char *markup, const char *stored, char price[USUAL_PRICE])
{
    struct terms *terms = mem_new(2, sizeof(*terms));
    if (terms_parse(&terms[0], stored)) {
        terms_mark_up(&terms[0], markup, &terms[1]);
        usual_price(&terms[1], price);
    }
    free(terms);
}

void usual_compare(struct usual *usual, int64_t number, const char *last, const char *terms,
                   const struct content *now)
{
    struct content then;
    memset(usual, 0, sizeof(*usual));
    if (number == 0 || !content_parse(&then, last))
        return;
    usual->last = number;
    if (*terms != '\0')
        price_then(then.markup, terms, usual->price);
    bool other = strcmp(then.authorization, now->authorization) != 0;
    leave_out(&then, now);
    size_t size = other ? (size_t)snprintf(usual->differences, USUAL_TEXT, "%s: another one",
                                           field_label(FIELD_AUTHORIZATION))
                        : 0;
    if (size > 0)
        usual->differences[size++] = '\n';
    content_changes(&then, now, usual->differences + size, USUAL_TEXT - size);
    if (size > 0 && usual->differences[size] == '\0')
        usual->differences[size - 1] = '\0';
}
