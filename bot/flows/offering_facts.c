#include "flows/offering_facts.h"

#include <stdio.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "flows/offering_card.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"
#include "views/offer_facts.h"

/* --- amounts --- */

/* The price of one unit, where that is all; else the sum of what is fixed. */
static struct rule_number total(const struct terms *terms)
{
    struct rule_number sum = {.state = FACT_KNOWN};
    const struct term_line *only = terms_unit_price(terms);
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        struct decimal amount;
        char text[DECIMAL_TEXT];
        bool counts = only != NULL ? line == only
                                   : line->kind == TERM_UPFRONT || line->kind == TERM_INSTALMENT;
        if (only == NULL && (line->kind == TERM_UNIT || line->kind == TERM_CHOICE))
            sum.state = FACT_SEVERAL;
        if (!counts)
            continue;
        terms_amount(line, text);
        if (!decimal_read_price(&amount, text) || !decimal_add(sum.value, amount, &sum.value) ||
            (*sum.currency != '\0' && strcmp(sum.currency, line->currency) != 0))
            sum.state = FACT_SEVERAL;
        text_fit(sum.currency, sizeof(sum.currency), line->currency);
    }
    if (terms->more || *sum.currency == '\0')
        sum.state = FACT_SEVERAL;
    return sum;
}

static void add_amounts(struct turn *turn, const struct request *offer,
                        const struct terms *customer, struct rule_facts *facts)
{
    struct terms authorized;
    struct rule_number *price = &facts->numbers[RULE_PRICE];
    struct rule_number *margin = &facts->numbers[RULE_MARGIN];
    authorizations_terms(turn, offer_content(offer)->authorization, &authorized);
    struct rule_number wholesale = total(&authorized);
    *price = total(customer);
    *margin = *price;
    if (price->state != FACT_KNOWN || wholesale.state != FACT_KNOWN ||
        !decimal_subtract(price->value, wholesale.value, &margin->value))
        margin->state = FACT_SEVERAL;
}

/* --- the others --- */

static void add_term(const struct content *content, const struct authorization *authorization,
                     bool later, struct rule_facts *facts)
{
    struct rule_number *term = &facts->numbers[RULE_TERM];
    bool inherits = strcmp(content->term, term_as_authorized) == 0;
    const char *duration = !inherits               ? content->term
                           : authorization != NULL ? authorization->duration
                                                   : "";
    int32_t days = duration_days(duration);
    term->state = days > 0 ? FACT_KNOWN : inherits && later ? FACT_LATER : FACT_SEVERAL;
    term->value = (struct decimal){days > 0 ? days : 0, 0};
}

static bool is_first_time(struct turn *turn, const struct content *content)
{
    for (size_t i = 0; i < content->buyer_count; i++) {
        if (!offers_bought(turn, content->buyers[i]))
            return true;
    }
    return false;
}

static void add_problem(const struct card *card, struct rule_facts *facts)
{
    for (size_t i = 0; i < card->check_count && *facts->problem == '\0'; i++) {
        if (card->checks[i].outcome == CHECK_FAILED || card->checks[i].outcome == CHECK_WARNING)
            text_fit(facts->problem, sizeof(facts->problem), card->checks[i].text);
    }
}

static void add_words(struct turn *turn, const struct content *content, struct rule_facts *facts)
{
    static const char *const eulas[] = {[EULA_AS_AUTHORIZED] = "as authorized",
                                        [EULA_STANDARD] = "standard",
                                        [EULA_CUSTOM] = "custom"};
    text_fit(facts->words[RULE_EULA], RULE_WORD, eulas[content->eula]);
    text_fit(facts->words[RULE_BUYER], RULE_WORD,
             is_first_time(turn, content) ? "first-time" : "known");
    text_fit(facts->words[RULE_AUTHORIZATION], RULE_WORD, content->authorization);
}

void offering_facts(struct turn *turn, const struct request *offer, struct rule_facts *facts)
{
    const struct content *content = offer_content(offer);
    struct card card = {.request = offer, .held = ""};
    void *loaded = offering_card_load(turn, &card);
    card.own = loaded;
    const struct offer_facts *own = offer_facts(&card);
    bool later = own->authorization != NULL && own->authorization->read_at == 0;
    facts->numbers[RULE_MARKUP].state = FACT_KNOWN;
    decimal_read(&facts->numbers[RULE_MARKUP].value, content->markup);
    facts->numbers[RULE_BUYERS] =
        (struct rule_number){FACT_KNOWN, {(int64_t)content->buyer_count, 0}, ""};
    facts->numbers[RULE_PRICE].state = later ? FACT_LATER : FACT_SEVERAL;
    facts->numbers[RULE_MARGIN].state = later ? FACT_LATER : FACT_SEVERAL;
    if (own->customer != NULL)
        add_amounts(turn, offer, own->customer, facts);
    add_term(content, own->authorization, later, facts);
    add_words(turn, content, facts);
    facts->checks = later ? FACT_LATER : own->customer != NULL ? FACT_KNOWN : FACT_SEVERAL;
    add_problem(&card, facts);
    offering_card_unload(loaded);
}
