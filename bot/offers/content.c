/* From what was typed to checked values. */
#include "offers/content.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/buyers.h"
#include "offers/pricing.h"
#include "offers/typed.h"
#include "text.h"

enum { MAX_DAYS_AHEAD = 3 * 366 };

static void complain(struct form_errors *errors, enum field field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The first complaint about a field stands. */
static void complain(struct form_errors *errors, enum field field, const char *format, ...)
{
    va_list args;
    if (errors->text[field][0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(errors->text[field], sizeof(errors->text[field]), format, args);
    va_end(args);
    errors->count++;
}

/* --- text --- */

/* What is wrong with a text; "" when nothing is. */
struct complaint {
    char text[200];
};

static void refuse(struct complaint *refusal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void refuse(struct complaint *refusal, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(refusal->text, sizeof(refusal->text), format, args);
    va_end(args);
}

/* What was typed, cleaned, or why it cannot be taken. */
static void take_text(const char *typed, char *into, size_t capacity, size_t max_points, bool lines,
                      struct complaint *refusal)
{
    refusal->text[0] = into[0] = '\0';
    if (typed == NULL)
        return;
    if (!text_is_utf8(typed, strlen(typed))) {
        refuse(refusal, "This is text that is not UTF-8. Type it by hand.");
        return;
    }
    char *text = typed_text(typed);
    for (size_t at = 0, width; text[at] != '\0' && refusal->text[0] == '\0'; at += width) {
        unsigned point = text_point(text + at, &width);
        const char *what = typed_forbidden(point, lines);
        if (what != NULL)
            refuse(refusal,
                   "There is %s (U+%04X) in it. Type the text by hand instead of pasting it.", what,
                   point);
    }
    size_t points = text_points(text);
    if (refusal->text[0] == '\0' && (points > max_points || strlen(text) >= capacity))
        refuse(refusal, "This has %zu characters; use at most %zu.", points, max_points);
    if (refusal->text[0] == '\0')
        text_fit(into, capacity, text);
    free(text);
}

static void read_text(struct form_errors *errors, enum field field, const char *typed, char *into,
                      size_t capacity, size_t max_points, bool lines)
{
    struct complaint refusal;
    take_text(typed, into, capacity, max_points, lines, &refusal);
    if (refusal.text[0] != '\0')
        complain(errors, field, "%s", refusal.text);
}

static void need(struct form_errors *errors, enum field field, const char *value, const char *hint)
{
    if (*value == '\0')
        complain(errors, field, "Required: %s.", hint);
}

bool content_read_words(const char *typed, size_t points, char *words, char *why,
                        size_t why_capacity)
{
    struct complaint refusal;
    take_text(typed, words, points * 4 + 1, points, true, &refusal);
    text_fit(why, why_capacity, refusal.text);
    return refusal.text[0] == '\0';
}

bool content_read_reason(const char *typed, char reason[REASON_POINTS * 4 + 1], char *why,
                         size_t why_capacity)
{
    if (!content_read_words(typed, REASON_POINTS, reason, why, why_capacity))
        return false;
    if (*reason == '\0')
        text_fit(why, why_capacity, "Say in a few words why: the requester reads it.");
    return *reason != '\0';
}

/* --- the fields --- */

static void read_authorization(const struct form *form, const struct form_rules *rules,
                               struct content *content, struct form_errors *errors)
{
    const struct authorization *chosen = rules->chosen;
    const char *typed = form->typed[FIELD_AUTHORIZATION];
    if (typed == NULL || *typed == '\0') {
        complain(errors, FIELD_AUTHORIZATION, "Choose the resale authorization to sell under.");
        return;
    }
    if (chosen == NULL || !text_fit(content->authorization, AUTHORIZATION_ID, typed)) {
        complain(errors, FIELD_AUTHORIZATION,
                 "I do not know this resale authorization. Choose one from the list.");
        return;
    }
    const char *why = authorization_unusable(chosen, rules->now);
    if (why != NULL)
        complain(errors, FIELD_AUTHORIZATION, "This authorization %s. Choose another.", why);
}

static void read_name(const struct form *form, struct content *content, struct form_errors *errors)
{
    const char *bad;
    read_text(errors, FIELD_OFFER_NAME, form->typed[FIELD_OFFER_NAME], content->offer_name,
              sizeof(content->offer_name), NAME_POINTS, false);
    if (!taken_name(content->offer_name))
        complain(errors, FIELD_OFFER_NAME,
                 "That is too much text. AWS takes at most %d characters, and counts most emoji as "
                 "two or more.",
                 NAME_POINTS);
    need(errors, FIELD_OFFER_NAME, content->offer_name, "the buyer sees the offer under this name");
    if ((bad = taken_name_sign(content->offer_name)) != NULL)
        complain(errors, FIELD_OFFER_NAME,
                 "AWS does not allow “%c” in an offer's name. Leave it out.", *bad);
}

static void read_markup(const struct form *form, const struct form_rules *rules,
                        struct content *content, struct form_errors *errors)
{
    char cap[DECIMAL_TEXT];
    char why[PRICING_WHY];
    struct pricing pricing;
    const char *typed = form->typed[FIELD_MARKUP] != NULL ? form->typed[FIELD_MARKUP] : "";
    if (!pricing_read(typed, rules->terms, &pricing, why)) {
        complain(errors, FIELD_MARKUP, "%s", why);
        return;
    }
    decimal_write(pricing.markup, content->markup);
    decimal_write(rules->markup_cap, cap);
    if (decimal_compare(pricing.markup, rules->markup_cap) > 0)
        complain(errors, FIELD_MARKUP, "%s%s%sAt most %s %% here. For more, ask an approver.",
                 pricing.by_price ? "That is a markup of " : "",
                 pricing.by_price ? content->markup : "", pricing.by_price ? " %. " : "", cap);
    else if (!taken_percentage(content->markup))
        complain(errors, FIELD_MARKUP,
                 "AWS takes at most 9 digits. Type a percentage such as 25 or 33.3.");
}

static void read_term(const struct form *form, const struct form_rules *rules,
                      struct content *content, struct form_errors *errors)
{
    const char *typed = form->typed[FIELD_TERM];
    const char *fixed = rules->chosen != NULL ? rules->chosen->duration : "";
    char words[DURATION_WORDS];
    if (typed == NULL || term_label(typed) == NULL) {
        complain(errors, FIELD_TERM, "Choose a term: 10, 5 or 3 years, or 1 year.");
        return;
    }
    text_fit(content->term, sizeof(content->term), typed);
    bool inherits = strcmp(typed, term_as_authorized) == 0;
    duration_words(fixed, words);
    if (*fixed != '\0' && !inherits && !duration_matches(typed, fixed))
        complain(errors, FIELD_TERM, "This authorization fixes the term at %s. Choose “%s”.", words,
                 term_label(term_as_authorized));
    else if (*fixed == '\0' && inherits && rules->chosen != NULL && rules->chosen->read_at != 0)
        complain(errors, FIELD_TERM,
                 "This authorization does not fix a term. Choose 10, 5 or 3 years, or 1 year.");
}

static void read_accept_by(const struct form *form, const struct form_rules *rules,
                           struct content *content, struct form_errors *errors)
{
    int32_t day;
    char tomorrow[DATE_TEXT];
    const char *typed = form->typed[FIELD_ACCEPT_BY];
    date_write(rules->today + 1, tomorrow);
    if (typed == NULL || !date_read(&day, typed)) {
        complain(errors, FIELD_ACCEPT_BY, "Choose a date that exists, such as %s.", tomorrow);
        return;
    }
    if (day <= rules->today)
        complain(errors, FIELD_ACCEPT_BY,
                 "%s has passed or is too soon (dates are UTC). Choose %s or later.", typed,
                 tomorrow);
    else if (day - rules->today > MAX_DAYS_AHEAD)
        complain(errors, FIELD_ACCEPT_BY,
                 "%s is more than three years away; 30 to 90 days are usual. Check the year.",
                 typed);
    text_fit(content->accept_by, sizeof(content->accept_by), typed);
}

static void read_eula(const struct form *form, struct content *content, struct form_errors *errors)
{
    const char *typed = form->typed[FIELD_EULA];
    content->eula = EULA_AS_AUTHORIZED;
    for (int kind = EULA_AS_AUTHORIZED; typed != NULL && kind <= EULA_CUSTOM; kind++) {
        if (strcmp(eula_value((enum offer_eula)kind), typed) == 0)
            content->eula = (enum offer_eula)kind;
    }
    if (typed == NULL || strcmp(eula_value(content->eula), typed) != 0)
        complain(errors, FIELD_EULA, "Choose which EULA the buyer accepts.");
    read_text(errors, FIELD_EULA_URL, form->typed[FIELD_EULA_URL], content->eula_url,
              sizeof(content->eula_url), URL_BYTES, false);
    const char *url = content->eula_url;
    if (content->eula != EULA_CUSTOM) {
        if (*url != '\0')
            complain(errors, FIELD_EULA_URL,
                     "An address counts only with a EULA of our own. Clear it, or choose “Our own” "
                     "above.");
        return;
    }
    if (!taken_address(url))
        complain(errors, FIELD_EULA_URL,
                 "AWS takes the EULA from S3 only. Type an address such as "
                 "https://bucket.s3.amazonaws.com/eula.pdf.");
}

static void read_buyers(const struct form *form, const struct form_rules *rules,
                        struct content *content, struct form_errors *errors)
{
    struct buyers buyers = {.count = 0};
    char *why = errors->text[FIELD_BUYERS];
    buyers_read(form->typed[FIELD_BUYERS], rules->chosen, rules->own, &buyers, why,
                sizeof(errors->text[0]));
    content->buyer_count = buyers.count;
    memcpy(content->buyers, buyers.ids, sizeof(buyers.ids));
    errors->count += *why != '\0';
}

bool content_read(const struct form *form, const struct form_rules *rules, struct content *content,
                  struct form_errors *errors)
{
    *content = (struct content){.buyer_count = 0};
    memset(errors, 0, sizeof(*errors));
    read_authorization(form, rules, content, errors);
    read_name(form, content, errors);
    read_text(errors, FIELD_CUSTOMER, form->typed[FIELD_CUSTOMER], content->customer,
              sizeof(content->customer), CUSTOMER_POINTS, false);
    need(errors, FIELD_CUSTOMER, content->customer, "who buys; the buyer does not see it");
    read_buyers(form, rules, content, errors);
    read_markup(form, rules, content, errors);
    read_term(form, rules, content, errors);
    read_accept_by(form, rules, content, errors);
    read_eula(form, content, errors);
    read_text(errors, FIELD_NOTE, form->typed[FIELD_NOTE], content->note, sizeof(content->note),
              NOTE_POINTS, true);
    read_text(errors, FIELD_PLAYBOOK, form->typed[FIELD_PLAYBOOK], content->playbook,
              sizeof(content->playbook), PLAYBOOK_NAME - 1, false);
    return errors->count == 0;
}
