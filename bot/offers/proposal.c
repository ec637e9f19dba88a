#include "offers/proposal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "offers/pricing.h"
#include "offers/remarks.h"

/* --- one value --- */

/* Takes ${words} away from the beginning, or from the end; true: they stood there. */
static bool cut(char *value, const char *words, bool behind)
{
    size_t size = strlen(value);
    size_t width = strlen(words);
    if (size < width || strncasecmp(behind ? value + size - width : value, words, width) != 0)
        return false;
    if (behind)
        value[size - width] = '\0';
    else
        memmove(value, value + width, size - width + 1);
    return true;
}

static void trim(char *value)
{
    size_t size = strlen(value);
    while (size > 0 && strchr(" \t.", value[size - 1]) != NULL)
        value[--size] = '\0';
    size_t blanks = strspn(value, " \t");
    memmove(value, value + blanks, size - blanks + 1);
}

/* "28", "28 %", and as bounds are written: "at least 28 %", "≥ 28", "28 or more". */
static bool take_markup(char *value, struct content *proposed)
{
    static const char *const before[] = {"at least ", ">=", "≥"};
    static const char *const behind[] = {" at least", " or more"};
    struct pricing pricing;
    struct decimal now;
    char why[PRICING_WHY];
    bool bound = false;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        bound = bound || cut(value, before[i], false);
    for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
        bound = bound || cut(value, behind[i], true);
    trim(value);
    if (!pricing_read(value, NULL, &pricing, why) || pricing.by_price)
        return false;
    if (!bound ||
        (decimal_read(&now, proposed->markup) && decimal_compare(now, pricing.markup) < 0))
        decimal_write(pricing.markup, proposed->markup);
    return true;
}

/* "3 years", "3"; as the form names it. */
static bool take_term(const char *value, struct content *proposed)
{
    static const char *const terms[] = {"P3650D", "P1825D", "P1095D", "P365D"};
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        const char *label = term_label(terms[i]);
        size_t digits = strspn(label, "0123456789");
        if (strcasecmp(value, label) == 0 ||
            (strlen(value) == digits && strncmp(value, label, digits) == 0))
            return text_fit(proposed->term, sizeof(proposed->term), terms[i]);
    }
    return false;
}

static bool take_date(const char *value, struct content *proposed)
{
    int32_t day;
    return date_read(&day, value) && text_fit(proposed->accept_by, DATE_TEXT, value);
}

static bool take(enum field field, char *value, struct content *proposed)
{
    trim(value);
    switch (field) {
    case FIELD_MARKUP:
        return take_markup(value, proposed);
    case FIELD_TERM:
        return take_term(value, proposed);
    case FIELD_ACCEPT_BY:
        return take_date(value, proposed);
    case FIELD_AUTHORIZATION:
    case FIELD_OFFER_NAME:
    case FIELD_CUSTOMER:
    case FIELD_BUYERS:
    case FIELD_EULA:
    case FIELD_EULA_URL:
    case FIELD_NOTE:
    case FIELD_PLAYBOOK:
    case FIELD_COUNT:
        break;
    }
    return false;
}

bool proposal_read(const char *remarks, const struct content *now, struct content *proposed)
{
    bool good = true;
    *proposed = *now;
    for (int field = 0; field < FIELD_COUNT && good; field++) {
        char *said = remarks_at(remarks, (enum field)field);
        good = said == NULL || take((enum field)field, said, proposed);
        free(said);
    }
    return good &&
           (strcmp(proposed->markup, now->markup) != 0 || strcmp(proposed->term, now->term) != 0 ||
            strcmp(proposed->accept_by, now->accept_by) != 0);
}
