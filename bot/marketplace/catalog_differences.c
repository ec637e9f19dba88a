/* Does what AWS holds equal what was approved? By meaning, all of it, and nothing more is there. */
#include <stdlib.h>
#include <string.h>

#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"
#include "text.h"

static void add(struct text *list, const char *difference)
{
    text_addf(list, "%s%s", list->size > 0 ? "; " : "", difference);
}

/* Takes ${difference}; NULL: there is none. */
static void take(struct text *list, char *difference)
{
    if (difference != NULL)
        add(list, difference);
    free(difference);
}

static void differ(struct text *list, const char *what, const char *held, const char *wanted)
{
    take(list, text_format("AWS holds %s “%s”, approved is “%s”", what, held, wanted));
}

static void compare(struct text *list, const char *what, const char *held, const char *wanted)
{
    if (strcmp(held, wanted) != 0)
        differ(list, what, held, wanted);
}

static bool same_buyers(const struct catalog_offer *held, const struct content *content)
{
    if (held->buyer_count != content->buyer_count)
        return false;
    for (size_t i = 0; i < content->buyer_count; i++) {
        size_t j = 0;
        while (j < held->buyer_count && strcmp(held->buyers[j], content->buyers[i]) != 0)
            j++;
        if (j == held->buyer_count)
            return false;
    }
    return true;
}

static void compare_targeting(struct text *list, const struct catalog_offer *held,
                              const struct content *content)
{
    if (!same_buyers(held, content))
        add(list, "AWS holds other buyers than those approved");
    if (*held->countries != '\0')
        take(list, text_format("AWS restricts the offer to countries (%s), which was not approved",
                               held->countries));
}

static void compare_numbers(struct text *list, const struct catalog_offer *held,
                            const struct content *content)
{
    struct decimal theirs;
    struct decimal ours;
    if (!decimal_read(&theirs, held->markup) || !decimal_read(&ours, content->markup) ||
        decimal_compare(theirs, ours) != 0)
        differ(list, "the markup", held->markup, content->markup);
    /* Some replies carry a time with the date. */
    if (strncmp(held->accept_by, content->accept_by, DATE_TEXT - 1) != 0)
        differ(list, "the accept-by date", held->accept_by, content->accept_by);
}

/* As authorized: AWS repeats the authorization's term, or leaves it there. */
static void compare_duration(struct text *list, const struct catalog_offer *held,
                             const struct content *content, const struct terms *authorized)
{
    bool inherited = strcmp(content->term, term_as_authorized) == 0;
    const char *wanted = inherited ? terms_fixed_duration(authorized) : content->term;
    if (inherited && *held->duration == '\0')
        return;
    if (!duration_same(held->duration, wanted))
        differ(list, "the term", held->duration, wanted);
}

static void compare_eula(struct text *list, const struct catalog_offer *held,
                         const struct content *content, const struct terms *authorized,
                         const char *eula_version)
{
    struct term_line own = {.kind = TERM_LEGAL};
    bool custom = content->eula == EULA_CUSTOM;
    text_fit(own.key, sizeof(own.key), custom ? "CustomEula" : "StandardEula");
    if (!custom)
        text_fit(own.amount, sizeof(own.amount), eula_version);
    take(list, terms_legal_differences(&held->terms, authorized,
                                       content->eula == EULA_AS_AUTHORIZED ? NULL : &own));
}

char *catalog_differences(const struct catalog_offer *held, const struct approved *approved)
{
    struct text list = {0};
    struct terms customer;
    const struct content *content = approved->content;
    compare(&list, "the resale authorization", held->authorization, content->authorization);
    compare(&list, "the name", held->name, content->offer_name);
    if (!change_set_describes(held->description, approved->offer, approved->revision,
                              content->customer))
        take(&list,
             text_format("AWS holds the description “%s”, which is not that of CPPO-%lld r%d",
                         held->description, (long long)approved->offer, approved->revision));
    compare_numbers(&list, held, content);
    compare_targeting(&list, held, content);
    compare_duration(&list, held, content, approved->authorized);
    compare_eula(&list, held, content, approved->authorized, approved->eula_version);
    terms_mark_up(approved->authorized, content->markup, &customer);
    take(&list, terms_differences(&held->terms, &customer));
    if (*held->others != '\0')
        take(&list, text_format("AWS holds what was not approved: %s", held->others));
    return list.size > 0 ? text_take(&list) : NULL;
}
