/* The form's fields: names that are keys, labels that people read. */
#include <string.h>

#include "offers/content.h"
#include "offers/duration.h"
#include "text.h"

static const char *const fields[FIELD_COUNT][2] = {
    [FIELD_AUTHORIZATION] = {"authorization", "Resale authorization"},
    [FIELD_OFFER_NAME] = {"offer_name", "Offer name"},
    [FIELD_CUSTOMER] = {"customer", "Customer"},
    [FIELD_BUYERS] = {"buyers", "Buyer account ids"},
    [FIELD_MARKUP] = {"markup", "Markup"},
    [FIELD_TERM] = {"term", "Term"},
    [FIELD_ACCEPT_BY] = {"accept_by", "Accept by"},
    [FIELD_EULA] = {"eula", "EULA"},
    [FIELD_EULA_URL] = {"eula_url", "EULA address"},
    [FIELD_NOTE] = {"note", "Note for the approver"},
    [FIELD_PLAYBOOK] = {"playbook", "Playbook"},
};

const char *field_name(enum field field)
{
    return fields[field][0];
}

const char *field_label(enum field field)
{
    return fields[field][1];
}

int field_named(const char *name)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (strcmp(fields[field][0], name) == 0)
            return field;
    }
    return -1;
}

const char term_as_authorized[] = "as_authorized";
const char term_usual[] = "P3650D";

static const char *const terms[][2] = {{"P3650D", "10 years"},
                                       {"P1825D", "5 years"},
                                       {"P1095D", "3 years"},
                                       {"P365D", "1 year"},
                                       {term_as_authorized, "As authorized"}};

const char *term_label(const char *term)
{
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        if (strcmp(terms[i][0], term) == 0)
            return terms[i][1];
    }
    return NULL;
}

const char *term_labelled(const char *label)
{
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        if (text_same_nocase(terms[i][1], label) || strcmp(terms[i][0], label) == 0)
            return terms[i][0];
    }
    return NULL;
}

const char *term_meaning(const char *duration)
{
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        if (duration_same(terms[i][0], duration))
            return terms[i][0];
    }
    return "";
}

const char *term_proposed(const struct authorization *authorization, const char *chosen)
{
    const char *fixed = authorization->duration;
    if (authorization->read_at == 0)
        return NULL;
    if (*fixed == '\0')
        return strcmp(chosen, term_as_authorized) == 0 ? term_usual : NULL;
    return strcmp(chosen, term_usual) == 0 && !duration_matches(chosen, fixed) ? term_as_authorized
                                                                               : NULL;
}

const char *eula_value(enum offer_eula eula)
{
    static const char *const values[] = {"as_authorized", "standard", "custom"};
    return values[eula];
}

const char *eula_label(enum offer_eula eula)
{
    static const char *const labels[] = {"As authorized", "AWS Marketplace standard contract",
                                         "Our own"};
    return labels[eula];
}

int eula_named(const char *value)
{
    for (int eula = EULA_AS_AUTHORIZED; eula <= EULA_CUSTOM; eula++) {
        if (strcmp(eula_value((enum offer_eula)eula), value) == 0)
            return eula;
    }
    return -1;
}
