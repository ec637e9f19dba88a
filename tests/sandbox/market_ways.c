/* How AWS behaves where its documents leave it open: a switch for each, with what is most likely as
 * default. A bot has to be right every way. */
#include <stdio.h>
#include <string.h>

#include "market.h"

enum { MAX_NUMBER = 1000 };

/* The first word is the default; without words it is a number. */
static const struct {
    const char *key, *words;
    int number;
    const char *about;
} ways[] = {
    {"legal_terms", "one_term one_term_ours_first two_terms two_terms_ours_first", 0,
     "how an offer's EULA stands beside the authorization's"},
    {"legal_urls", "presigned as_sent", 0, "presigned: AWS's own copies of legal documents"},
    {"draft_state", "shown absent", 0, "does a draft have a State?"},
    {"markup_of_zero", "shown absent", 0, "has an offer with a markup of 0 a MarkupPercentage?"},
    {"durations", "as_sent in_years", 0, "in_years: P3650D reads back as P10Y"},
    {"availability_start", "absent shown", 0,
     "shown: an offer says since when it can be accepted: the day of its last change"},
    {"fixed_durations", "by_units by_meaning as_written", 0,
     "when an offer's duration is the authorization's: P1Y is P12M; P365D, too; neither"},
    {"text_units", "utf16 points", 0, "in which AWS counts the 150 of a name"},
    {"ends_today", "refused taken", 0, "may a new offer end today?"},
    {"inherited_charges", "checked any", 0,
     "any: instalments of the authorization may all be due before the offer ends"},
    {"price_decimals", NULL, 8, "of usage prices"},
    {"rounding", "half_up half_even down", 0, "of amounts with a markup"},
    {"authorization_dates", "milliseconds seconds", 0, "…T23:59:59.999Z or …T23:59:59Z"},
    {"no_end", "absent far", 0, "far: an authorization without an end reads 2099-12-31"},
    {"stale_reads", NULL, 0, "so many reads of an offer after a change show what was before"},
    {"revisions", "refused fails ignored", 0,
     "a stale entity@revision: 422, a change set that fails, no matter"},
    {"stale_words", "revision other none", 0,
     "fails: with a code that names the revision, with another, without any"},
    {"raised", NULL, 0, "so often AWS itself raises an offer's revision behind a read of it"},
    {"offers_at_once", NULL, 20, "so many offers are created or updated at once; then 402"},
    {"content_length", "required optional", 0, "required: PATCH without it is a 411"},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static size_t way_named(const char *key)
{
    size_t i = 0;
    while (i < WAYS && strcmp(ways[i].key, key) != 0)
        i++;
    return i;
}

bool way_known(const char *key)
{
    return way_named(key) < WAYS;
}

void ways_open(struct market *market)
{
    if (market->ways == NULL)
        market->ways = json_object();
    for (size_t i = 0; i < WAYS; i++) {
        const char *words = ways[i].words;
        json_object_set_new(market->ways, ways[i].key,
                            words != NULL ? json_stringn(words, strcspn(words, " "))
                                          : json_integer(ways[i].number));
    }
}

static bool is_word_of(const char *words, const char *word)
{
    size_t size = strlen(word);
    while (*words != '\0') {
        size_t here = strcspn(words, " ");
        if (here == size && strncmp(words, word, size) == 0)
            return true;
        words += here + (words[here] == ' ');
    }
    return false;
}

const char *way_set(struct market *market, const char *key, const json_t *value)
{
    static char why[200];
    size_t i = way_named(key);
    json_int_t number = json_integer_value(value);
    if (ways[i].words != NULL &&
        (!json_is_string(value) || !is_word_of(ways[i].words, json_string_value(value)))) {
        snprintf(why, sizeof(why), "%s is one of: %s", key, ways[i].words);
        return why;
    }
    if (ways[i].words == NULL && (!json_is_integer(value) || number < 0 || number > MAX_NUMBER)) {
        snprintf(why, sizeof(why), "%s is a whole number up to %d", key, MAX_NUMBER);
        return why;
    }
    json_object_set_new(market->ways, key, json_deep_copy(value));
    return NULL;
}

bool way_is(const struct market *market, const char *key, const char *value)
{
    return strcmp(text_in(market->ways, key), value) == 0;
}

int way_number(const struct market *market, const char *key)
{
    return (int)json_integer_value(json_object_get(market->ways, key));
}

bool way_spend(struct market *market, const char *key)
{
    int left = way_number(market, key);
    if (left > 0)
        json_object_set_new(market->ways, key, json_integer(left - 1));
    return left > 0;
}

json_t *ways_choices(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < WAYS; i++) {
        json_t *words = ways[i].words != NULL ? json_array() : json_integer(ways[i].number);
        for (const char *at = ways[i].words; at != NULL && *at != '\0'; at += *at == ' ') {
            json_array_append_new(words, json_stringn(at, strcspn(at, " ")));
            at += strcspn(at, " ");
        }
        json_object_set_new(all, ways[i].key, words);
    }
    return all;
}

void ways_print(void)
{
    puts("\nHow AWS behaves where its documents leave it open (the first is the default):");
    for (size_t i = 0; i < WAYS; i++) {
        if (ways[i].words != NULL) {
            printf("  {\"%s\": \"", ways[i].key);
            for (const char *at = ways[i].words; *at != '\0'; at++)
                fputs((const char[]){*at != ' ' ? *at : '|', '\0'}, stdout);
            printf("\"}\n      %s\n", ways[i].about);
        } else {
            printf("  {\"%s\": %d}\n      %s\n", ways[i].key, ways[i].number, ways[i].about);
        }
    }
}
