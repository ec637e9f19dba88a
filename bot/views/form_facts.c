#include "views/form_facts.h"

#include <stdlib.h>
#include <string.h>

#include "offers/checks.h"
#include "offers/date.h"
#include "offers/pricing.h"
#include "slack/blocks.h"
#include "text.h"

enum { MOST_BUYERS = 4, MOST_PRICES = 5, MOST_DOCUMENTS = 3 }; /* more do not fit on a phone */

static void add_product(struct text *words, const struct authorization *authorization)
{
    const char *type = authorization->product_type;
    size_t size = strlen(type);
    if (size > 7 && strcmp(type + size - 7, "Product") == 0) /* "SaaSProduct" */
        size -= 7;
    text_add(words, "*Product* ");
    if (*type != '\0' && strcmp(type, "?") != 0) {
        char *kind = text_format("%.*s, ", (int)size, type);
        mrkdwn_escape(words, kind);
        free(kind);
    }
    mrkdwn_escape(words,
                  *authorization->product_id != '\0' ? authorization->product_id : "not known yet");
}

static void add_buyers(struct text *words, const struct authorization *authorization)
{
    size_t count = authorization->buyer_count;
    text_add(words, "\n*Buyers* ");
    if (count == 0)
        text_add(words, "any AWS account");
    for (size_t i = 0; i < count && i < MOST_BUYERS; i++)
        text_addf(words, "%s%s", i == 0 ? "only " : ", ", authorization->buyers[i]);
    if (count > MOST_BUYERS)
        text_addf(words, " and %zu more", count - MOST_BUYERS);
}

static void add_use(struct text *words, const struct authorization *authorization)
{
    char end[DATE_TEXT];
    text_add(words,
             authorization->single_use ? "\n*Usable* once" : "\n*Usable* any number of times");
    if (authorization->ends_at == 0)
        return;
    date_write(date_of_ms(authorization->ends_at), end);
    text_addf(words, ", until %s (UTC)", end);
}

/* One price on the line itself; several each on its own. */
static void add_wholesale(struct text *words, const struct terms *terms)
{
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < terms->count; i++)
        count += terms_is_amount(&terms->lines[i]);
    text_add(words, "\n*Wholesale price*");
    for (size_t i = 0; i < terms->count && shown < MOST_PRICES; i++) {
        if (!terms_is_amount(&terms->lines[i]))
            continue;
        char *line = terms_line_words(&terms->lines[i]);
        text_add(words, count > 1 ? "\n• " : " ");
        mrkdwn_escape(words, line);
        free(line);
        shown++;
    }
    if (count > shown)
        text_addf(words, "\n• and %zu more", count - shown);
}

static void add_terms(struct text *words, const struct authorization *authorization,
                      const struct terms *terms)
{
    char duration[DURATION_WORDS];
    size_t documents = 0;
    duration_words(authorization->duration, duration);
    text_add(words, "\n*Terms* ");
    if (*authorization->duration != '\0')
        text_addf(words, "runs for %s, as authorized", duration);
    else
        text_add(words, "you choose how long it runs");
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        char *other =
            line->kind == TERM_NET || line->kind == TERM_RENEWAL ? terms_line_words(line)
            : line->kind == TERM_LEGAL && documents++ < MOST_DOCUMENTS
                ? text_format("%s%s%s", line->key, *line->amount != '\0' ? " " : "", line->amount)
                : NULL;
        text_add(words, other != NULL ? " · " : "");
        mrkdwn_escape(words, other != NULL ? other : "");
        free(other);
    }
}

char *form_facts_authorization(const struct authorization *authorization, const struct terms *terms,
                               const char *why)
{
    struct text words = {0};
    if (why != NULL) {
        text_add(&words, "⚠️ This authorization ");
        mrkdwn_escape(&words, why);
        text_add(&words, ". Choose another.");
        return text_take(&words);
    }
    add_product(&words, authorization);
    if (authorization->read_at == 0) {
        text_add(&words, "\nI have not read its price and terms from AWS yet. Choose it again in a "
                         "minute to see them.");
        return text_take(&words);
    }
    add_buyers(&words, authorization);
    add_use(&words, authorization);
    add_wholesale(&words, terms);
    add_terms(&words, authorization, terms);
    return text_take(&words);
}

/* --- prices --- */

enum { PRICES_POINTS = 2600 }; /* of a text's 3000, so that there is room for how many more */

/* What a price of ours came to: a markup, and what AWS will keep. */
static void add_heading(struct text *words, const struct pricing *pricing)
{
    char markup[DECIMAL_TEXT], price[DECIMAL_TEXT], exactly[DECIMAL_TEXT];
    decimal_write(pricing->markup, markup);
    if (!pricing->by_price) {
        text_addf(words, "*At %s %%* the customer pays", markup);
        return;
    }
    decimal_write(pricing->price, price);
    decimal_write(pricing->exactly, exactly);
    text_addf(words, "*%s %s is a markup of %s %%*", price, pricing->currency, markup);
    if (pricing->rounded)
        text_add(words, ", rounded to the decimals that AWS keeps");
    if (decimal_compare(pricing->exactly, pricing->price) != 0)
        text_addf(words, " (%s %s, which AWS rounds)", exactly, pricing->currency);
    text_add(words, ". The customer pays");
}

/* "Users: 0.01 USD per unit used · our margin 0.002 USD" */
static char *price_line(const struct term_line *customer, const struct term_line *wholesale)
{
    char paid[DECIMAL_TEXT], cost[DECIMAL_TEXT], margin[DECIMAL_TEXT];
    struct decimal price, base, ours;
    char *line = terms_line_words(customer);
    terms_amount(customer, paid);
    terms_amount(wholesale, cost);
    if (!decimal_read_price(&price, paid) || !decimal_read_price(&base, cost) ||
        !decimal_subtract(price, base, &ours))
        return line;
    decimal_write(ours, margin);
    char *whole = text_format("%s · our margin %s %s", line, margin, customer->currency);
    free(line);
    return whole;
}

static void add_prices(struct text *words, const struct terms *terms, const char *markup)
{
    struct terms customer;
    size_t left = 0;
    terms_mark_up(terms, markup, &customer);
    for (size_t i = 0; i < customer.count; i++) {
        if (!terms_is_price(&customer.lines[i]))
            continue;
        char *line = price_line(&customer.lines[i], &terms->lines[i]);
        struct text safe = {0};
        mrkdwn_escape(&safe, line);
        bool fits = left == 0 &&
                    text_points(text_get(words)) + text_points(text_get(&safe)) < PRICES_POINTS;
        left += !fits;
        if (fits)
            text_addf(words, "\n• %s", text_get(&safe));
        text_free(&safe);
        free(line);
    }
    if (left > 0)
        text_addf(words, "\n• and %zu more, which the card lists", left);
}

/* Does the markup fit what the ISV asks of us? */
static void add_expected(struct text *words, const struct terms *terms, const char *markup,
                         const struct form_limits *limits)
{
    struct terms customer;
    struct check check;
    terms_mark_up(terms, markup, &customer);
    if (!checks_expected(&customer, limits->expected, limits->currency, &check) ||
        check.outcome != CHECK_WARNING)
        return;
    text_add(words, "\n⚠️ ");
    mrkdwn_escape(words, check.text);
}

char *form_facts_prices(const char *typed, const struct terms *terms,
                        const struct form_limits *limits)
{
    struct text words = {0};
    struct pricing pricing;
    char why[PRICING_WHY], markup[DECIMAL_TEXT], most[DECIMAL_TEXT];
    if (typed == NULL || terms->count == 0)
        return NULL;
    if (!pricing_read(typed, terms, &pricing, why)) {
        text_add(&words, "⚠️ ");
        mrkdwn_escape(&words, why);
        return text_take(&words);
    }
    decimal_write(pricing.markup, markup);
    decimal_write(limits->cap, most);
    add_heading(&words, &pricing);
    add_prices(&words, terms, markup);
    if (decimal_compare(pricing.markup, limits->cap) > 0)
        text_addf(&words, "\n⚠️ At most %s %% here. For more, ask an approver.", most);
    add_expected(&words, terms, markup, limits);
    return text_take(&words);
}

/* --- the playbook --- */

char *form_facts_playbook(const struct playbook *playbook, const struct form *form,
                          const struct authorization *authorization)
{
    struct text words = {0};
    char *differs = playbook_differences(playbook, form, authorization);
    if (*differs == '\0') {
        text_add(&words, "✅ Matches playbook ");
        mrkdwn_escape(&words, playbook->name);
    } else {
        text_add(&words, "ℹ️ Playbook ");
        mrkdwn_escape(&words, playbook->name);
        text_add(&words, ": ");
        mrkdwn_escape(&words, differs);
    }
    free(differs);
    return text_take(&words);
}
