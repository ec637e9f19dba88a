/* The content of one revision: what the requester asks for, what an approval covers, what is
 * published. And its way in: from the strings of the form to checked values. */
#ifndef CPPO_OFFERS_CONTENT_H
#define CPPO_OFFERS_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/authorization.h"
#include "offers/date.h"
#include "offers/decimal.h"
#include "offers/taken.h"
#include "text.h"

enum offer_eula { EULA_AS_AUTHORIZED, EULA_STANDARD, EULA_CUSTOM };

/* Points are Unicode code points; a name's are UTF-16 units, which AWS counts. */
enum {
    NAME_POINTS = TAKEN_NAME,
    CUSTOMER_POINTS = 200,
    NOTE_POINTS = 1000,
    REASON_POINTS = 1000,
    URL_BYTES = 2000,
    PLAYBOOK_NAME = 61, /* bytes with its NUL */
};

struct content {
    char authorization[AUTHORIZATION_ID];
    char offer_name[NAME_POINTS * 4 + 1];
    char customer[CUSTOMER_POINTS * 4 + 1];
    size_t buyer_count;
    char buyers[MAX_BUYERS][ACCOUNT_ID];
    char markup[DECIMAL_TEXT]; /* canonical: "33.3" */
    char term[16];             /* "P3650D", "P1825D", "P1095D", "P365D", or term_as_authorized */
    char accept_by[DATE_TEXT];
    enum offer_eula eula;
    char eula_url[URL_BYTES + 1]; /* "" unless EULA_CUSTOM */
    char note[NOTE_POINTS * 4 + 1];
    char playbook[PLAYBOOK_NAME]; /* that it was filled in by (offers/playbook.h); "": none */
};

/* The fields of the form, in its order but for the last; names are block ids, action ids and keys
 * of
 * `/cppo new key=value`. */
enum field {
    FIELD_AUTHORIZATION,
    FIELD_OFFER_NAME,
    FIELD_CUSTOMER,
    FIELD_BUYERS,
    FIELD_MARKUP,
    FIELD_TERM,
    FIELD_ACCEPT_BY,
    FIELD_EULA,
    FIELD_EULA_URL,
    FIELD_NOTE,
    FIELD_PLAYBOOK, /* on top of the form, where there are any */
    FIELD_COUNT,
};
const char *field_name(enum field field);  /* "offer_name" */
const char *field_label(enum field field); /* "Offer name", as people read it */
int field_named(const char *name);         /* -1 if unknown */

/* What was typed, by field; NULL or "" is empty. Borrowed strings. Options carry their value:
 * term "P3650D", eula "as_authorized" | "standard" | "custom". */
struct form {
    const char *typed[FIELD_COUNT];
};

struct form_rules {
    int32_t today; /* UTC */
    struct decimal markup_cap;
    const struct authorization *chosen; /* the one that was chosen; NULL: we do not know it */
    const struct terms *terms;          /* its terms, by which a price is read; NULL: not known */
    const char *own;                    /* our AWS account, which sells; NULL: not known */
    int64_t now;                        /* ms, to judge whether it is usable */
};

/* Beside each field what is wrong and what to type instead; "" where nothing is. */
struct form_errors {
    size_t count;
    char text[FIELD_COUNT][300];
};

/* Check everything at once. ${content} is complete when ${errors}->count is 0 (the return value is
 * then true). Text is trimmed; control and bidirectional characters, and text that is not UTF-8,
 * are refused by name; nothing is silently dropped. */
bool content_read(const struct form *form, const struct form_rules *rules, struct content *content,
                  struct form_errors *errors);

/* Back to what the form shows. ${buyers} holds the joined buyers (one a line). */
void content_form(const struct content *content, char *buyers, size_t capacity, struct form *form);

/* The first of its buyers that the authorization is not for; NULL: it is for all. */
const char *content_uncovered(const struct content *content,
                              const struct authorization *authorization);

/* One line per changed field: "Markup: 25 % → 33.3 %"; at most ${capacity} bytes, cut at a line.
 * Empty when nothing changed. Plain text, not escaped. */
void content_changes(const struct content *before, const struct content *after, char *text,
                     size_t capacity);

/* A canonical serialisation, one "name=value" a line in the form's order, newlines in values as
 * \n, and no line for a playbook where there is none, as before there were any: stored with the
 * revision, hashed with each decision. On the heap; the caller frees. */
char *content_write(const struct content *content);
/* Back again; false when it is not exactly that, and ${content} is then not to be used. */
bool content_parse(struct content *content, const char *canonical);
/* The next line at *${rest}, of any kind's content, which is cut into its ${name} and ${value};
 * false at the end. */
bool content_next(char **rest, const char **name, struct text *value);

extern const char term_as_authorized[];       /* "as_authorized": the authorization's own */
extern const char term_usual[];               /* "P3650D": what is proposed where it fixes none */
const char *term_label(const char *term);     /* "10 years" */
const char *term_labelled(const char *label); /* back; by its value, too; NULL: there is none */

/* The form's term that means ${duration}, which AWS may write otherwise ("P1Y" for "P365D"); ""
 * when the form offers none. */
const char *term_meaning(const char *duration);

/* What is to be proposed in place of ${chosen}, a term that was proposed, under this authorization;
 * NULL: it stays, as does whatever somebody chose. */
const char *term_proposed(const struct authorization *authorization, const char *chosen);
const char *eula_value(enum offer_eula eula); /* "as_authorized" */
const char *eula_label(enum offer_eula eula); /* "As authorized" */
int eula_named(const char *value);            /* -1 if unknown */

/* What approvers type, "" where they typed nothing: at most ${points} code points, of which
 * ${words} holds four bytes each and a NUL; same character rules. */
bool content_read_words(const char *typed, size_t points, char *words, char *why,
                        size_t why_capacity);
/* Their reasons: 1..REASON_POINTS. */
bool content_read_reason(const char *typed, char reason[REASON_POINTS * 4 + 1], char *why,
                         size_t why_capacity);

#endif
