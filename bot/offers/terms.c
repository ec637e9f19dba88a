/* Lines of terms: stored, marked up, and as people read them. */
#include "offers/terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "text.h"

enum { PRICE_DECIMALS = 8, PAYMENT_DECIMALS = 2 };

void terms_add(struct terms *terms, const struct term_line *line)
{
    if (terms->count < MAX_TERM_LINES)
        terms->lines[terms->count++] = *line;
    else
        terms->more = true;
}

void terms_copy(struct terms *to, const struct terms *from)
{
    to->count = from->count;
    to->more = from->more;
    memcpy(to->lines, from->lines, from->count * sizeof(from->lines[0]));
}

/* --- stored --- */

static const char *const kind_names[TERM_KINDS] = {
    "unit", "upfront", "grant", "choice", "instalment", "net", "legal", "renewal", "other"};

/* What stands between the parts of a line cannot stand in one. */
static void add_part(struct text *text, const char *part)
{
    text_add(text, "\t");
    for (; *part != '\0'; part++)
        text_add_bytes(text, *part == '\t' || *part == '\n' ? " " : part, 1);
}

char *terms_write(const struct terms *terms)
{
    struct text text = {0};
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        text_add(&text, kind_names[line->kind]);
        add_part(&text, line->key);
        add_part(&text, line->name);
        add_part(&text, line->duration);
        add_part(&text, line->amount);
        add_part(&text, line->currency);
        text_add(&text, "\n");
    }
    if (terms->more)
        text_add(&text, "more\n");
    return text_take(&text);
}

/* The part up to the next tab or the line's end. */
static bool take_part(const char **at, char *part, size_t capacity)
{
    if (**at == '\t')
        ++*at;
    size_t size = strcspn(*at, "\t\n");
    if (size >= capacity)
        return false;
    memcpy(part, *at, size);
    part[size] = '\0';
    *at += size;
    return true;
}

static bool parse_line(struct terms *terms, const char **at)
{
    struct term_line line = {.kind = TERM_UNIT};
    char kind[16];
    int i = 0;
    if (!take_part(at, kind, sizeof(kind)))
        return false;
    if (strcmp(kind, "more") == 0) {
        terms->more = true;
        return true;
    }
    while (i < TERM_KINDS && strcmp(kind_names[i], kind) != 0)
        i++;
    if (i == TERM_KINDS || !take_part(at, line.key, sizeof(line.key)) ||
        !take_part(at, line.name, sizeof(line.name)) ||
        !take_part(at, line.duration, sizeof(line.duration)) ||
        !take_part(at, line.amount, sizeof(line.amount)) ||
        !take_part(at, line.currency, sizeof(line.currency)))
        return false;
    line.kind = (enum term_kind)i;
    terms_add(terms, &line);
    return true;
}

bool terms_parse(struct terms *terms, const char *text)
{
    terms->count = 0;
    terms->more = false;
    while (*text != '\0') {
        if (!parse_line(terms, &text) || *text != '\n')
            return false;
        text++;
    }
    return true;
}

/* --- amounts --- */

static bool is_price(enum term_kind kind)
{
    return kind == TERM_UNIT || kind == TERM_UPFRONT || kind == TERM_CHOICE ||
           kind == TERM_INSTALMENT;
}

bool terms_is_price(const struct term_line *line)
{
    return is_price(line->kind);
}

const struct term_line *terms_only_price(const struct terms *terms)
{
    const struct term_line *only = NULL;
    for (size_t i = 0; i < terms->count; i++) {
        if (!is_price(terms->lines[i].kind))
            continue;
        if (only != NULL)
            return NULL;
        only = &terms->lines[i];
    }
    return terms->more ? NULL : only;
}

void terms_mark_up(const struct terms *authorized, const char *markup, struct terms *customer)
{
    struct decimal percent;
    bool readable = decimal_read(&percent, markup);
    terms_copy(customer, authorized);
    for (size_t i = 0; i < customer->count; i++) {
        struct term_line *line = &customer->lines[i];
        struct decimal price;
        struct decimal marked;
        if (!is_price(line->kind))
            continue;
        if (readable && decimal_read_price(&price, line->amount) &&
            decimal_mark_up(price, percent, &marked))
            decimal_write(marked, line->amount);
        else
            line->amount[0] = '\0';
    }
}

const struct term_line *terms_unit_price(const struct terms *terms)
{
    const struct term_line *only = NULL;
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        if (line->kind == TERM_LEGAL || line->kind == TERM_NET || line->kind == TERM_RENEWAL)
            continue;
        if (only != NULL || line->kind != TERM_UNIT)
            return NULL;
        only = line;
    }
    return terms->more ? NULL : only;
}

const char *terms_fixed_duration(const struct terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (terms->lines[i].kind == TERM_UPFRONT && *terms->lines[i].duration != '\0')
            return terms->lines[i].duration;
    }
    return "";
}

const char *terms_currency(const struct terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (*terms->lines[i].currency != '\0')
            return terms->lines[i].currency;
    }
    return "";
}

bool terms_is_amount(const struct term_line *line)
{
    return is_price(line->kind) || line->kind == TERM_GRANT;
}

int terms_decimals(const struct term_line *line)
{
    if (line->kind != TERM_UPFRONT && line->kind != TERM_INSTALMENT)
        return PRICE_DECIMALS;
    return strcmp(line->currency, "JPY") == 0 ? 0 : PAYMENT_DECIMALS;
}

void terms_amount(const struct term_line *line, char amount[DECIMAL_TEXT])
{
    struct decimal value;
    if (is_price(line->kind) && decimal_read_price(&value, line->amount))
        decimal_write(decimal_round(value, terms_decimals(line)), amount);
    else
        text_fit(amount, DECIMAL_TEXT, line->amount);
}

/* --- for people --- */

char *terms_line_words(const struct term_line *line)
{
    const char *what = *line->name != '\0' ? line->name : line->key;
    char amount[DECIMAL_TEXT];
    char duration[DURATION_WORDS];
    terms_amount(line, amount);
    duration_words(line->duration, duration);
    const char *price = *amount != '\0' ? amount : "an amount I cannot compute in";
    const char *during = *line->duration != '\0' ? " for " : "";
    switch (line->kind) {
    case TERM_UNIT:
        return text_format("%s: %s %s per unit used", what, price, line->currency);
    case TERM_UPFRONT:
        return text_format("Upfront price: %s %s%s%s", price, line->currency, during,
                           *during != '\0' ? duration : "");
    case TERM_GRANT:
        return text_format("%s: %s included in the upfront price", what,
                           *amount != '\0' ? amount : "any number");
    case TERM_CHOICE:
        return text_format("%s: %s %s per unit%s%s", what, price, line->currency, during,
                           *during != '\0' ? duration : "");
    case TERM_INSTALMENT:
        return text_format("Due %s: %s %s", line->key, price, line->currency);
    case TERM_NET:
        return text_format("Invoices are due within %s", duration);
    case TERM_RENEWAL:
        return text_format("Renews an earlier agreement (%s, %s)", line->key, line->amount);
    case TERM_OTHER:
        return text_format("A term that I cannot show: %s", line->key);
    case TERM_LEGAL:
    case TERM_KINDS:
        break;
    }
    return NULL;
}

char *terms_words(const struct terms *terms)
{
    struct text all = {0};
    for (int kind = 0; kind < TERM_KINDS; kind++) {
        for (size_t i = 0; i < terms->count; i++) {
            if (terms->lines[i].kind != (enum term_kind)kind)
                continue;
            char *words = terms_line_words(&terms->lines[i]);
            if (words != NULL)
                text_addf(&all, "%s%s", all.size > 0 ? "\n" : "", words);
            free(words);
        }
    }
    if (terms->more)
        text_addf(&all, "%sand more terms than I can show", all.size > 0 ? "\n" : "");
    return text_take(&all);
}

void terms_covers(const struct terms *terms, char covers[COVERS_TEXT])
{
    struct text all = {0};
    char hash[HASH_HEX];
    char *words = terms_words(terms);
    text_add(&all, words);
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        if (line->kind == TERM_LEGAL)
            text_addf(&all, "\n%s %s", line->key, line->amount);
    }
    hash_hex(text_get(&all), all.size, hash);
    snprintf(covers, COVERS_TEXT, "%.*s", COVERS_TEXT - 1, hash);
    text_free(&all);
    free(words);
}

/* --- differences --- */

/* AWS rounds as it likes: less than one unit of the last decimal that it keeps is nothing. */
static bool same_amount(const struct term_line *held, const struct term_line *approved)
{
    struct decimal theirs;
    struct decimal ours;
    if (!decimal_read_price(&theirs, held->amount) || !decimal_read_price(&ours, approved->amount))
        return strcmp(held->amount, approved->amount) == 0 && !is_price(approved->kind);
    return decimal_compare(theirs, ours) == 0 ||
           (is_price(held->kind) && decimal_near(theirs, ours, terms_decimals(approved)));
}

/* An offer's upfront price need not repeat the duration: the validity term says it. */
static bool same_duration(const struct term_line *held, const struct term_line *approved)
{
    return strcmp(held->duration, approved->duration) == 0 ||
           duration_same(held->duration, approved->duration) ||
           (held->kind == TERM_UPFRONT && *held->duration == '\0');
}

static bool same_place(const struct term_line *a, const struct term_line *b)
{
    return a->kind == b->kind && strcmp(a->key, b->key) == 0;
}

static bool same_line(const struct term_line *held, const struct term_line *approved)
{
    return same_place(held, approved) && strcmp(held->currency, approved->currency) == 0 &&
           same_duration(held, approved) && same_amount(held, approved);
}

/* An offer's terms name no dimension: of one and the same, both are told by the name we know. */
static char *held_words(const struct term_line *held, const struct term_line *approved)
{
    struct term_line line = *held;
    if (approved != NULL && *line.name == '\0' && strcmp(line.key, approved->key) == 0)
        memcpy(line.name, approved->name, sizeof(line.name));
    return terms_line_words(&line);
}

static void add_difference(struct text *list, const struct term_line *held,
                           const struct term_line *approved)
{
    char *theirs = held != NULL ? held_words(held, approved) : NULL;
    char *ours = approved != NULL ? terms_line_words(approved) : NULL;
    text_add(list, list->size > 0 ? "; " : "");
    if (ours == NULL)
        text_addf(list, "AWS holds “%s”, which was not approved", theirs != NULL ? theirs : "");
    else if (theirs == NULL)
        text_addf(list, "AWS does not hold “%s”, which was approved", ours);
    else
        text_addf(list, "AWS holds “%s”, approved is “%s”", theirs, ours);
    free(theirs);
    free(ours);
}

/* The first line of ${terms}, not taken yet, that ${same} says equals ${line}; -1: none. */
static int find(const struct terms *terms, const bool *taken, const struct term_line *line,
                bool (*same)(const struct term_line *, const struct term_line *))
{
    for (size_t i = 0; i < terms->count; i++) {
        if (!taken[i] && terms->lines[i].kind != TERM_LEGAL && same(&terms->lines[i], line))
            return (int)i;
    }
    return -1;
}

/* An offer inherits these from its authorization, and need not repeat them. */
static bool may_be_missing(enum term_kind kind)
{
    return kind == TERM_NET || kind == TERM_RENEWAL;
}

char *terms_differences(const struct terms *held, const struct terms *approved)
{
    struct text list = {0};
    bool taken[MAX_TERM_LINES] = {false};
    bool found[MAX_TERM_LINES] = {false};
    for (size_t i = 0; i < approved->count; i++) {
        int at = find(held, taken, &approved->lines[i], same_line);
        found[i] = at >= 0 || approved->lines[i].kind == TERM_LEGAL;
        if (at >= 0)
            taken[at] = true;
    }
    for (size_t i = 0; i < approved->count; i++) {
        const struct term_line *line = &approved->lines[i];
        int at = found[i] ? -1 : find(held, taken, line, same_place);
        if (at >= 0)
            taken[at] = true;
        if (!found[i] && (at >= 0 || !may_be_missing(line->kind)))
            add_difference(&list, at >= 0 ? &held->lines[at] : NULL, line);
    }
    for (size_t i = 0; i < held->count; i++) {
        if (!taken[i] && held->lines[i].kind != TERM_LEGAL)
            add_difference(&list, &held->lines[i], NULL);
    }
    if (held->more || approved->more)
        text_addf(&list, "%sthere are more terms than I can compare", list.size > 0 ? "; " : "");
    return list.size > 0 ? text_take(&list) : NULL;
}

/* --- legal documents --- */

/* A version that one side does not tell is no difference: authorizations come without. */
static bool same_document(const struct term_line *held, const struct term_line *approved)
{
    return held->kind == TERM_LEGAL && approved->kind == TERM_LEGAL &&
           strcmp(held->key, approved->key) == 0 &&
           (*held->amount == '\0' || *approved->amount == '\0' ||
            strcmp(held->amount, approved->amount) == 0);
}

static int find_document(const struct terms *terms, const bool *taken, const struct term_line *line)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (!taken[i] && same_document(&terms->lines[i], line))
            return (int)i;
    }
    return -1;
}

static void tell_document(struct text *list, bool missing, const struct term_line *line)
{
    text_addf(list, "%sAWS %s the EULA “%s%s%s”, which was %sapproved", list->size > 0 ? "; " : "",
              missing ? "does not hold" : "holds", line->key, *line->amount != '\0' ? " " : "",
              line->amount, missing ? "" : "not ");
}

char *terms_legal_differences(const struct terms *held, const struct terms *authorized,
                              const struct term_line *own)
{
    struct text list = {0};
    bool taken[MAX_TERM_LINES] = {false};
    if (own != NULL) {
        int at = find_document(held, taken, own);
        if (at >= 0)
            taken[at] = true;
        else
            tell_document(&list, true, own);
    }
    for (size_t i = 0; i < authorized->count; i++) {
        const struct term_line *line = &authorized->lines[i];
        int at = line->kind == TERM_LEGAL ? find_document(held, taken, line) : -1;
        if (at >= 0)
            taken[at] = true;
        else if (line->kind == TERM_LEGAL && own == NULL)
            tell_document(&list, true, line);
    }
    for (size_t i = 0; i < held->count; i++) {
        if (held->lines[i].kind == TERM_LEGAL && !taken[i])
            tell_document(&list, false, &held->lines[i]);
    }
    return list.size > 0 ? text_take(&list) : NULL;
}

bool terms_custom_eula(const struct terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (terms->lines[i].kind == TERM_LEGAL && strcmp(terms->lines[i].key, "CustomEula") == 0)
            return true;
    }
    return false;
}
