/* What is sold and for how much: the pricing, payment and legal terms of a resale authorization or
 * of an offer, line by line, under one name for both sides. All of them are read; what is
 * not understood is a line too, so that nothing is approved or released unseen. */
#ifndef CPPO_OFFERS_TERMS_H
#define CPPO_OFFERS_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/decimal.h"
#include "offers/duration.h"
#include "offers/reference.h"

/* Source of the members: AWS Marketplace Catalog API, "Work with resale authorizations" and "Work
 * with channel partner private offers". */
enum term_kind {
    TERM_UNIT,       /* key: dimension; amount: price per unit used */
    TERM_UPFRONT,    /* amount: price of the whole; duration: that it is fixed for */
    TERM_GRANT,      /* key: dimension; amount: how many units the upfront price contains */
    TERM_CHOICE,     /* key: dimension; amount: price per unit for duration, as the buyer chooses */
    TERM_INSTALMENT, /* key: date; amount: due on it */
    TERM_NET,        /* duration: within which an invoice is to be paid */
    TERM_LEGAL,      /* key: kind of document; amount: its version, "" when not given */
    TERM_RENEWAL, /* key: where, amount: how an earlier agreement, which this renews, is priced */
    TERM_OTHER,   /* key: AWS's name of any other term */
    TERM_KINDS,
};

enum { TERM_KEY = 101, TERM_NAME = 101, CURRENCY = 4, MAX_TERM_LINES = 120 };

struct term_line {
    enum term_kind kind;
    char key[TERM_KEY];
    char name[TERM_NAME]; /* of the dimension, for people; compared with nothing */
    char duration[DURATION_TEXT];
    char amount[DECIMAL_TEXT];
    char currency[CURRENCY];
};

struct terms {
    size_t count;
    bool more; /* than fit: then they equal nothing */
    struct term_line lines[MAX_TERM_LINES];
};

/* One more line; beyond MAX_TERM_LINES it is not kept, and ${terms} say so (more). */
void terms_add(struct terms *terms, const struct term_line *line);

/* The lines that there are: a whole struct terms is 30 kB. */
void terms_copy(struct terms *to, const struct terms *from);

/* As stored: a line each; on the heap. Parsing takes "" for none. */
char *terms_write(const struct terms *terms);
bool terms_parse(struct terms *terms, const char *text);

/* What the customer pays when everything rises by ${markup} percent, exact as far as digits go: an
 * amount that cannot be computed is "". */
void terms_mark_up(const struct terms *authorized, const char *markup, struct terms *customer);

/* The only price there is, when it is one per unit used: else NULL, since then no single price is
 * the price. */
const struct term_line *terms_unit_price(const struct terms *terms);

/* Is this an amount that is paid? The only one of its kind; NULL when there are none, or several.
 */
bool terms_is_price(const struct term_line *line);
const struct term_line *terms_only_price(const struct terms *terms);

/* The duration that the terms fix, "" when they do not. */
const char *terms_fixed_duration(const struct terms *terms);

/* Of the first amount; "" without one. */
const char *terms_currency(const struct terms *terms);

/* AWS keeps at most 8 decimals of a price and 2 of a payment, of yen none: how many of this one; an
 * amount as people read it. */
int terms_decimals(const struct term_line *line);
void terms_amount(const struct term_line *line, char amount[DECIMAL_TEXT]);

/* Does this line say what is paid, or what is contained in that? */
bool terms_is_amount(const struct term_line *line);

/* One line for people: "Users: 0.0125 USD per unit used", "Due 2027-01-01: 250 USD". On the heap,
 * plain. NULL for legal documents. */
char *terms_line_words(const struct term_line *line);

/* The lines about money, in the order of the enumeration, one below the other; "" when there is
 * none. On the heap. */
char *terms_words(const struct terms *terms);

/* A short hash of what people read of these terms (terms_words), and of the legal documents. */
void terms_covers(const struct terms *terms, char covers[COVERS_TEXT]);

/* How what AWS ${held} differs from what was ${approved} (for the customer), legal documents aside:
 * in plain words separated by "; ", on the heap; NULL when it does not. */
char *terms_differences(const struct terms *held, const struct terms *approved);

/* The same of legal documents: of ${held} each must be one of ${authorized}, or ${own} (NULL: none
 * was added); ${own} must be there; and all of ${authorized} where nothing was added. */
char *terms_legal_differences(const struct terms *held, const struct terms *authorized,
                              const struct term_line *own);

/* Is a custom EULA among the legal documents? What stands in it, AWS does not tell. */
bool terms_custom_eula(const struct terms *terms);

#endif
