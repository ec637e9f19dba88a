#include "offers/acceptance.h"

#include <stdlib.h>
#include <string.h>

#include "offers/date.h"
#include "text.h"

static const struct {
    const char *status;
    bool counts;
    const char *words; /* continuing "The agreement ..." */
} known[] = {
    {"ACTIVE", true, "is active"},
    {"ARCHIVED", true, "has ended"},
    {"EXPIRED", true, "ran to its end"},
    {"RENEWED", true, "was renewed"},
    {"SUPERSEDED", true, "was carried on by a newer revision"},
    {"CANCELLED", false, "was cancelled"},
    {"TERMINATED", false, "was terminated before its end"},
    {"ROLLED_BACK", false, "was rolled back by AWS"},
    {"REPLACED", false, "was replaced by another one"},
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

static int known_status(const char *status)
{
    for (int i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].status, status) == 0)
            return i;
    }
    return -1;
}

bool acceptance_counts(const struct acceptance *acceptance)
{
    int at = known_status(acceptance->status);
    return at >= 0 && known[at].counts;
}

/* Has none before it that counts the same account? */
static bool first_of_account(const struct acceptance *list, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (acceptance_counts(&list[i]) && strcmp(list[i].account, list[at].account) == 0)
            return false;
    }
    return true;
}

size_t acceptance_buyers(const struct acceptance *list, size_t count)
{
    size_t buyers = 0;
    for (size_t i = 0; i < count; i++)
        buyers += acceptance_counts(&list[i]) && first_of_account(list, i);
    return buyers;
}

char *acceptance_undone(const struct acceptance *acceptance)
{
    int at = known_status(acceptance->status);
    if (at >= 0)
        return text_format("%s (%s)", known[at].words, acceptance->status);
    return text_format("has a status that I do not know (%s)",
                       *acceptance->status != '\0' ? acceptance->status : "none");
}

static void add_one(struct text *words, const struct acceptance *acceptance)
{
    text_addf(words, "account %s (agreement %s",
              *acceptance->account != '\0' ? acceptance->account : "unknown",
              acceptance->agreement);
    if (acceptance->accepted_at > 0) {
        char day[DATE_TEXT];
        date_write(date_of_ms(acceptance->accepted_at), day);
        text_addf(words, ", %s", day);
    }
    text_add(words, ")");
}

/* The newest, one line each. */
static void add_undone(struct text *words, const struct acceptance *list, size_t count)
{
    enum { MOST = 10 };
    size_t rest = 0;
    for (size_t i = 0; i < count; i++)
        rest += !acceptance_counts(&list[i]);
    for (size_t i = 0; i < count; i++) {
        if (acceptance_counts(&list[i]) || rest-- > MOST)
            continue;
        char *became = acceptance_undone(&list[i]);
        text_addf(words, "%sThe agreement %s of account %s %s.", words->size > 0 ? "\n" : "",
                  list[i].agreement, *list[i].account != '\0' ? list[i].account : "unknown",
                  became);
        free(became);
    }
}

char *acceptance_words(const struct acceptance *list, size_t count, size_t buyers)
{
    struct text words = {0};
    size_t accepted = acceptance_buyers(list, count);
    const char *between = "";
    if (accepted > 0 && buyers > 1)
        text_addf(&words, "%zu of %zu accepted: ", accepted, buyers > accepted ? buyers : accepted);
    else if (accepted > 0)
        text_add(&words, "Accepted: ");
    for (size_t i = 0; i < count; i++) {
        if (!acceptance_counts(&list[i]) || !first_of_account(list, i))
            continue;
        text_add(&words, between);
        add_one(&words, &list[i]);
        between = ", ";
    }
    add_undone(&words, list, count);
    return text_take(&words);
}
