#include "offers/pricing.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/typed.h"
#include "text.h"

static bool refuse(char why[PRICING_WHY], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(char why[PRICING_WHY], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, PRICING_WHY, format, args);
    va_end(args);
    return false;
}

/* --- what is typed --- */

static const char *const signs[][2] = {{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}};

/* The bytes of a sign or a code of three letters at ${at}; 0: there is none. */
static size_t currency_at(const char *at, char currency[CURRENCY])
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strncmp(at, signs[i][0], strlen(signs[i][0])) != 0)
            continue;
        text_fit(currency, CURRENCY, signs[i][1]);
        return strlen(signs[i][0]);
    }
    for (size_t i = 0; i < 3; i++) {
        if (!isalpha((unsigned char)at[i]))
            return 0;
        currency[i] = (char)toupper((unsigned char)at[i]);
    }
    currency[3] = '\0';
    return isalpha((unsigned char)at[3]) ? 0 : 3;
}

/* A price in its parts: "", or what is left of it where it is none. */
struct amount {
    bool price;
    char number[40];
    char currency[CURRENCY]; /* "" when none was named */
};

static void take_apart(const char *typed, struct amount *amount)
{
    *amount = (struct amount){.price = false};
    if (typed[strspn(typed, "0123456789.,% ")] == '\0')
        return; /* a percentage, as nearly always */
    char *code = typed_code(typed);
    const char *at = code;
    *amount = (struct amount){.price = *at == '='};
    at += *at == '=';
    at += typed_blanks(at);
    size_t size = currency_at(at, amount->currency);
    at += size;
    at += typed_blanks(at);
    size_t digits = strspn(at, "0123456789.,");
    const char *rest = at + digits + typed_blanks(at + digits);
    if (size == 0) {
        size = currency_at(rest, amount->currency);
        rest += size;
    }
    amount->price |= size > 0 && digits > 0;
    if (*rest == '\0' && digits < sizeof(amount->number))
        snprintf(amount->number, sizeof(amount->number), "%.*s", (int)digits, at);
    free(code);
}

bool pricing_is_price(const char *typed)
{
    struct amount amount;
    take_apart(typed, &amount);
    return amount.price;
}

/* A decimal comma, as much of the world writes it. */
static void point(char *number)
{
    char *comma = strchr(number, ',');
    if (comma != NULL && strchr(number, '.') == NULL)
        *comma = '.';
}

/* --- percentages --- */

static bool read_percentage(const char *typed, struct decimal *markup, char why[PRICING_WHY])
{
    char *number = typed_code(typed);
    size_t size = strlen(number);
    if (size > 0 && number[size - 1] == '%')
        size--;
    while (size > 0 && number[size - 1] == ' ')
        size--;
    number[size] = '\0';
    point(number);
    bool good = size > 0 && decimal_read(markup, number);
    free(number);
    if (size == 0)
        refuse(why, "Type the markup in percent, such as 25 or 33.3.");
    else if (!good)
        refuse(why, "That is not a percentage I can read. Type digits with at most 9 decimals and "
                    "nothing else, such as 25 or 33.3; or a price, such as =0.0125.");
    return good;
}

/* --- prices --- */

/* The one that there is, which a price can be compared with; NULL: ${why} says why not. */
static const struct term_line *wholesale(const struct terms *terms, const struct amount *amount,
                                         char why[PRICING_WHY])
{
    size_t count = 0;
    for (size_t i = 0; terms != NULL && i < terms->count; i++)
        count += terms_is_price(&terms->lines[i]);
    const struct term_line *only = count > 0 ? terms_only_price(terms) : NULL;
    if (count == 0)
        refuse(why, "A price says the markup only beside a wholesale price, and I do not know one: "
                    "choose the resale authorization, or type a percentage, such as 25.");
    else if (only == NULL)
        refuse(why,
               "The chosen resale authorization has %zu prices, and one price cannot say the "
               "markup of them all. Type a percentage, such as 25.",
               count);
    else if (*amount->currency != '\0' && strcmp(amount->currency, only->currency) != 0)
        refuse(why, "The wholesale price is in %s. Type a price in %s, or a percentage.",
               only->currency, only->currency);
    else
        return only;
    return NULL;
}

/* "1,250" is more than a thousand to some, and little more than one to others. */
static bool read_price(struct amount *amount, struct decimal *price, char why[PRICING_WHY])
{
    const char *comma = strchr(amount->number, ',');
    if (comma != NULL && strlen(comma + 1) == 3)
        return refuse(why,
                      "“%s” can be read in two ways. Type the price with a point, and no "
                      "comma, such as =1250 or =1.25.",
                      amount->number);
    point(amount->number);
    if (decimal_read_price(price, amount->number))
        return true;
    return refuse(why, "That is not a price I can read. Type digits, such as =0.0125 or "
                       "0.0125 USD; or a percentage, such as 25.");
}

/* The markup that makes ${pricing}'s price of ${wholesale}: AWS may round what it makes, or cut it.
 * Where none does, the nearest is named. */
static bool solve(struct decimal wholesale, int decimals, struct pricing *pricing,
                  char why[PRICING_WHY])
{
    struct decimal below, made, over, under;
    char wanted[DECIMAL_TEXT], text[DECIMAL_TEXT], nearest[DECIMAL_TEXT];
    if (!decimal_markup_of(wholesale, pricing->price, &pricing->markup, &below) ||
        !decimal_mark_up(wholesale, pricing->markup, &pricing->exactly) ||
        !decimal_mark_up(wholesale, below, &made))
        return refuse(why, "I cannot compute a markup for that price. Type a percentage, such as "
                           "25.");
    if (decimal_compare(decimal_round(pricing->exactly, decimals), pricing->price) == 0)
        return true;
    bool lower = decimal_subtract(pricing->exactly, pricing->price, &over) &&
                 decimal_subtract(pricing->price, made, &under) && decimal_compare(under, over) < 0;
    decimal_write(pricing->price, wanted);
    decimal_write(lower ? below : pricing->markup, nearest);
    decimal_write(decimal_round(lower ? made : pricing->exactly, decimals), text);
    return refuse(why,
                  "No markup of 9 decimals makes %s %s. The nearest is %s %%, which makes %s "
                  "%s: type %s.",
                  wanted, pricing->currency, nearest, text, pricing->currency, nearest);
}

static bool read_by_price(struct amount *amount, const struct terms *terms, struct pricing *pricing,
                          char why[PRICING_WHY])
{
    struct decimal typed = {0, 0};
    struct decimal from;
    const struct term_line *line = wholesale(terms, amount, why);
    if (line == NULL || !read_price(amount, &typed, why))
        return false;
    text_fit(pricing->currency, CURRENCY, line->currency);
    pricing->price = decimal_round(typed, terms_decimals(line));
    pricing->rounded = decimal_compare(typed, pricing->price) != 0;
    if (!decimal_read_price(&from, line->amount))
        return refuse(why, "I cannot read the wholesale price. Type a percentage, such as 25.");
    if (decimal_compare(pricing->price, from) < 0)
        return refuse(why,
                      "That is below the wholesale price, %s %s. Type at least that, or a "
                      "percentage.",
                      line->amount, line->currency);
    return solve(from, terms_decimals(line), pricing, why);
}

bool pricing_read(const char *typed, const struct terms *terms, struct pricing *pricing,
                  char why[PRICING_WHY])
{
    struct amount amount;
    take_apart(typed, &amount);
    *pricing = (struct pricing){.by_price = amount.price};
    return amount.price ? read_by_price(&amount, terms, pricing, why)
                        : read_percentage(typed, &pricing->markup, why);
}
