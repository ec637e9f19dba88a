#include "offers/playbook.h"

#include <string.h>

#include "offers/decimal.h"
#include "offers/duration.h"

enum { SHOWN_POINTS = 40 };

const struct playbook *playbook_named(const struct playbook *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_same_nocase(list[i].name, name))
            return &list[i];
    }
    return NULL;
}

bool playbook_covers(const struct playbook *playbook, const char *authorization)
{
    return strcasestr(authorization, playbook->authorization) != NULL;
}

/* --- filling in --- */

static bool is_empty(const char *value)
{
    return value == NULL || *value == '\0';
}

/* "25" and "25.0 %" are one markup. */
static bool same_markup(const char *a, const char *b)
{
    struct decimal left, right;
    char trimmed[2][DECIMAL_TEXT];
    text_fit(trimmed[0], strcspn(a, " %") + 1, a);
    text_fit(trimmed[1], strcspn(b, " %") + 1, b);
    return decimal_read(&left, trimmed[0]) && decimal_read(&right, trimmed[1]) &&
           decimal_compare(left, right) == 0;
}

static bool same(enum field field, const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (field == FIELD_MARKUP && strlen(a) < DECIMAL_TEXT &&
                                 strlen(b) < DECIMAL_TEXT && same_markup(a, b));
}

void playbook_fill(const struct form *values, const struct form *now, const struct form *before,
                   struct form *into)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *value = values->typed[i] != NULL ? values->typed[i] : "";
        const char *typed = now->typed[i] != NULL ? now->typed[i] : "";
        bool theirs = *typed != '\0' &&
                      (is_empty(before->typed[i]) || !same((enum field)i, typed, before->typed[i]));
        into->typed[i] = !theirs && !same((enum field)i, typed, value) ? value : NULL;
    }
}

/* --- what is otherwise --- */

static const char *words_for(enum field field, const char *value)
{
    if (field == FIELD_TERM && term_label(value) != NULL)
        return term_label(value);
    int eula = field == FIELD_EULA ? eula_named(value) : -1;
    return eula >= 0 ? eula_label((enum offer_eula)eula) : value;
}

/* Where the authorization fixes the term that the playbook names, it is the same by another word.
 */
static bool is_fixed(const struct authorization *authorization, const char *wanted,
                     const char *value)
{
    return authorization != NULL && *authorization->duration != '\0' &&
           strcmp(value, term_as_authorized) == 0 && duration_same(wanted, authorization->duration);
}

static void quote(struct text *words, enum field field, const char *value)
{
    const char *shown = words_for(field, value);
    bool quoted = field == FIELD_OFFER_NAME;
    size_t cut = text_cut(shown, SHOWN_POINTS);
    bool percent = field == FIELD_MARKUP && strspn(shown, "0123456789.,") == strlen(shown);
    text_addf(words, "%s%.*s%s%s", quoted ? "“" : "", (int)cut, shown,
              shown[cut] != '\0' ? "…" : "",
              quoted    ? "”"
              : percent ? " %"
                        : "");
}

static void add_field(struct text *words, enum field field, const char *wanted, const char *value)
{
    static const char *const names[FIELD_COUNT] = {[FIELD_OFFER_NAME] = "offer name",
                                                   [FIELD_MARKUP] = "markup",
                                                   [FIELD_TERM] = "term",
                                                   [FIELD_EULA] = "EULA"};
    text_addf(words, "%s%s ", words->size > 0 ? ", " : "", names[field]);
    quote(words, field, value);
    text_add(words, " instead of ");
    quote(words, field, wanted);
}

char *playbook_differences(const struct playbook *playbook, const struct form *form,
                           const struct authorization *authorization)
{
    static const enum field compared[] = {FIELD_MARKUP, FIELD_TERM, FIELD_EULA, FIELD_OFFER_NAME};
    struct text words = {0};
    if (authorization != NULL && !playbook_covers(playbook, authorization->name))
        text_addf(&words, "an authorization that is not one of “%s”", playbook->authorization);
    for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
        enum field field = compared[i];
        const char *wanted = playbook->form.typed[field], *value = form->typed[field];
        if (wanted == NULL || is_empty(value) || same(field, value, wanted) ||
            (field == FIELD_TERM && is_fixed(authorization, wanted, value)))
            continue;
        add_field(&words, field, wanted, value);
    }
    const char *wanted = playbook->form.typed[FIELD_EULA_URL], *url = form->typed[FIELD_EULA_URL];
    if (wanted != NULL && !is_empty(url) && strcmp(wanted, url) != 0)
        text_addf(&words, "%sanother EULA address", words.size > 0 ? ", " : "");
    return text_take(&words);
}
