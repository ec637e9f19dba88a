#include "offers/buyers.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/typed.h"
#include "text.h"

enum { DIGITS = ACCOUNT_ID - 1, GROUP = 4, SHOWN = 3, SHOWN_POINTS = 24 };

/* Who may buy; of either NULL: not known. */
struct allowed {
    const struct authorization *chosen;
    const char *own;
};

/* What is wrong, by kind, so that everything can be said at once in the room that there is. */
struct wrong {
    struct text odd, strange; /* no ids at all; not among those who may buy */
    size_t odd_count, strange_count, too_many;
    bool own;
};

static void note(struct text *list, size_t *count, const char *item)
{
    size_t cut = text_cut(item, SHOWN_POINTS);
    if (++*count > SHOWN)
        return;
    text_add(list, *count > 1 ? ", “" : "“");
    for (size_t at = 0, width; at < cut; at += width) {
        if (typed_forbidden(text_point(item + at, &width), false) == NULL)
            text_add_bytes(list, item + at, width);
    }
    text_add(list, item[cut] != '\0' ? "…”" : "”");
}

static void take(const char *account, const struct allowed *allowed, struct buyers *buyers,
                 struct wrong *wrong)
{
    for (size_t i = 0; i < buyers->count; i++) {
        if (strcmp(buyers->ids[i], account) == 0)
            return;
    }
    if (allowed->own != NULL && strcmp(allowed->own, account) == 0)
        wrong->own = true;
    else if (allowed->chosen != NULL && !authorization_allows(allowed->chosen, account))
        note(&wrong->strange, &wrong->strange_count, account);
    else if (buyers->count == MAX_BUYERS)
        wrong->too_many++;
    else
        memcpy(buyers->ids[buyers->count++], account, ACCOUNT_ID);
}

/* The digits of ${item} without hyphens and spaces; false when anything else stands there. */
static bool digits_of(const char *item, char *digits)
{
    for (; *item != '\0'; item++) {
        if (isdigit((unsigned char)*item))
            *digits++ = *item;
        else if (*item != '-' && *item != ' ')
            return false;
    }
    *digits = '\0';
    return true;
}

/* "1234 5678 9012 1111 2222 3333": groups as AWS prints them, and nothing between the ids. */
static bool in_groups(const char *item)
{
    while (*item != '\0') {
        if (strspn(item, "0123456789") != GROUP)
            return false;
        item += GROUP;
        item += strspn(item, " -");
    }
    return true;
}

/* Words between blanks, each an id of its own? */
static void take_words(char *item, const struct allowed *allowed, struct buyers *buyers,
                       struct wrong *wrong)
{
    char digits[64];
    char *rest = item;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word == '\0')
            continue;
        if (strlen(word) < sizeof(digits) && digits_of(word, digits) && strlen(digits) == DIGITS)
            take(digits, allowed, buyers, wrong);
        else
            note(&wrong->odd, &wrong->odd_count, word);
    }
}

/* What stands between two separators: one id, several in groups, several words. */
static void take_item(char *item, const struct allowed *allowed, struct buyers *buyers,
                      struct wrong *wrong)
{
    char *digits = mem_new(strlen(item) + 1, 1);
    bool whole = digits_of(item, digits);
    size_t count = whole ? strlen(digits) : 0;
    if (count == DIGITS || (count > 0 && count % DIGITS == 0 && in_groups(item))) {
        for (const char *at = digits; *at != '\0'; at += DIGITS) {
            char account[ACCOUNT_ID];
            memcpy(account, at, DIGITS);
            account[DIGITS] = '\0';
            take(account, allowed, buyers, wrong);
        }
    } else {
        take_words(item, allowed, buyers, wrong);
    }
    free(digits);
}

static void say_strange(const struct wrong *wrong, const struct authorization *chosen,
                        struct text *out)
{
    text_addf(out, "%s%s%s not among the buyers of this authorization; it is for ",
              out->size > 0 ? " " : "", text_get(&wrong->strange),
              wrong->strange_count == 1      ? " is"
              : wrong->strange_count > SHOWN ? " and more are"
                                             : " are");
    for (size_t i = 0; i < chosen->buyer_count && i < SHOWN; i++)
        text_addf(out, "%s%s", i > 0 ? ", " : "", chosen->buyers[i]);
    text_add(out, chosen->buyer_count > SHOWN ? " and others." : ".");
}

static void say(const struct wrong *wrong, const struct allowed *allowed, size_t taken, char *why,
                size_t capacity)
{
    struct text out = {0};
    if (wrong->odd_count > 0)
        text_addf(&out, "%s%s: type 12 digits each, separated by commas.", text_get(&wrong->odd),
                  wrong->odd_count == 1      ? " is not an AWS account id"
                  : wrong->odd_count > SHOWN ? " and more are not AWS account ids"
                                             : " are not AWS account ids");
    if (wrong->own)
        text_addf(&out, "%s%s is our own AWS account, which sells: type the customer's.",
                  out.size > 0 ? " " : "", allowed->own);
    if (wrong->strange_count > 0)
        say_strange(wrong, allowed->chosen, &out);
    if (wrong->too_many > 0)
        text_addf(&out,
                  "%sAWS takes at most %d buyers in one offer, and these are %zu. Make a "
                  "second offer for the others.",
                  out.size > 0 ? " " : "", MAX_BUYERS, taken + wrong->too_many);
    if (out.size == 0 && taken == 0)
        text_add(&out, "Type the buyer's AWS account id: 12 digits, several separated by commas.");
    text_fit(why, capacity, text_get(&out));
    text_free(&out);
}

void buyers_read(const char *typed, const struct authorization *chosen, const char *own,
                 struct buyers *buyers, char *why, size_t capacity)
{
    const struct allowed allowed = {.chosen = chosen, .own = own};
    struct wrong wrong = {.odd_count = 0};
    buyers->count = 0;
    if (typed != NULL && !text_is_utf8(typed, strlen(typed))) {
        text_fit(why, capacity, "Type account ids of 12 digits, separated by commas.");
        return;
    }
    char *clean = typed_code(typed != NULL ? typed : "");
    char *rest = clean;
    for (char *item; (item = strsep(&rest, ",;\n")) != NULL;) {
        if (item[strspn(item, " ")] != '\0')
            take_item(item, &allowed, buyers, &wrong);
    }
    say(&wrong, &allowed, buyers->count, why, capacity);
    text_free(&wrong.odd);
    text_free(&wrong.strange);
    free(clean);
}
