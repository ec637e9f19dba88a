#include "offers/pairs.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/typed.h"

enum { MAX_KEY = 31, QUOTED_POINTS = 40 };

/* What is being read. */
struct pairs_reading {
    struct pairs *pairs;
    const char *at;
    int field; /* whose value came last, if it may go on; -1: none */
};

/* Each on a line of its own. */
static void begin_notice(struct pairs *pairs)
{
    if (pairs->notice.size > 0)
        text_add(&pairs->notice, "\n");
}

/* ${size} bytes of what was typed, in quotation marks, with a sign where they are cut. */
static void quote(struct text *notice, const char *typed, size_t size)
{
    char *whole = mem_slice(typed, size);
    size_t cut = text_cut(whole, QUOTED_POINTS);
    text_addf(notice, "“%.*s%s”", (int)cut, whole, cut < size ? "…" : "");
    free(whole);
}

/* --- quotation marks --- */

/* All marks that open a value close one as well: people, phones and languages mix them. */
static const char *const doubles[] = {"\"", "“", "”", "„", "‟", "«", "»", "＂"};
static const char *const singles[] = {"'", "‘", "’", "‚", "‛", "‹", "›", "`"};

enum { MARKS = sizeof(doubles) / sizeof(doubles[0]) };

static size_t mark_at(const char *at, const char *const marks[MARKS])
{
    for (size_t i = 0; i < MARKS; i++) {
        if (strncmp(at, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    }
    return 0;
}

/* A single mark within a word is an apostrophe. */
static bool closes(const char *at, const char *const marks[MARKS])
{
    size_t size = mark_at(at, marks);
    return size > 0 && (marks == doubles || at[size] == '\0' || typed_blank(at + size) > 0);
}

/* --- keys --- */

static char small(char c)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    if (c >= 'A' && c <= 'Z')
        return letters[c - 'A'];
    return c;
}

/* Does a key with its sign stand there? Its letters, small and with underscores, go into ${key};
 * returns the bytes up to and with the sign, 0 when there is none. */
static size_t key_at(const char *at, char key[MAX_KEY + 1])
{
    size_t size = 0, length = 0;
    while (length < MAX_KEY) {
        size_t hyphen = typed_hyphen(at + size);
        if (!isalpha((unsigned char)at[size]) && at[size] != '_' && hyphen == 0)
            break;
        if (hyphen > 0)
            key[length++] = '_';
        else
            key[length++] = small(at[size]);
        size += hyphen > 0 ? hyphen : 1;
    }
    key[length] = '\0';
    size += typed_blanks(at + size);
    return length > 0 && at[size] == '=' ? size + 1 : 0;
}

/* May words that follow the value belong to it? */
static bool goes_on(int field)
{
    return field == FIELD_CUSTOMER || field == FIELD_OFFER_NAME || field == FIELD_NOTE ||
           field == FIELD_BUYERS;
}

static void add_unknown_field(struct pairs_reading *reading, const char *key, const char *value)
{
    const char *names[FIELD_COUNT];
    struct text *notice = &reading->pairs->notice;
    for (int i = 0; i < FIELD_COUNT; i++)
        names[i] = field_name((enum field)i);
    const char *nearest = text_nearest(key, names, sizeof(*names), FIELD_COUNT, 4);
    begin_notice(reading->pairs);
    text_addf(notice, "I do not know the field “%s”, so ", key);
    quote(notice, value, strlen(value));
    text_add(notice, " was left out.");
    if (nearest != NULL) {
        text_addf(notice, " Did you mean %s?", nearest);
        return;
    }
    text_add(notice, " There are ");
    for (int i = 0; i < FIELD_COUNT; i++)
        text_addf(notice, "%s%s", i == 0 ? "" : i + 1 < FIELD_COUNT ? ", " : " and ", names[i]);
    text_add(notice, ".");
}

/* --- values --- */

/* Behind "customer= markup=25" stands nothing for the customer. */
static bool is_empty(const struct pairs_reading *reading, const char *sign)
{
    char key[MAX_KEY + 1];
    return reading->at > sign && key_at(reading->at, key) > 0 && field_named(key) >= 0;
}

static char *take_value(struct pairs_reading *reading)
{
    const char *at = reading->at;
    const char *const *marks = mark_at(at, doubles) > 0 ? doubles : singles;
    size_t open = mark_at(at, marks), size = 0;
    if (open == 0) {
        size = typed_word(at);
        reading->at = at + size;
        return mem_slice(at, size);
    }
    at += open;
    while (at[size] != '\0' && !closes(at + size, marks)) {
        size_t width;
        (void)text_point(at + size, &width);
        size += width;
    }
    reading->at = at + size + mark_at(at + size, marks);
    return mem_slice(at, size);
}

/* "10", "10y", "10 years", and "as authorized" as the form calls it, as its option. */
static char *term_of(char *value)
{
    static const struct {
        long years;
        const char *term;
    } terms[] = {{10, "P3650D"}, {5, "P1825D"}, {3, "P1095D"}, {1, "P365D"}};
    char *unit;
    long years = strtol(value, &unit, 10);
    unit += typed_blanks(unit);
    if (text_same_nocase(value, term_label(term_as_authorized))) {
        free(value);
        return mem_copy(term_as_authorized);
    }
    if (!isdigit((unsigned char)*value) ||
        (*unit != '\0' && !text_same_nocase(unit, "y") && !text_same_nocase(unit, "year") &&
         !text_same_nocase(unit, "years")))
        return value;
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        if (terms[i].years == years) {
            free(value);
            return mem_copy(terms[i].term);
        }
    }
    return value;
}

/* What has only plain characters. Takes ${value}. */
static char *plain(char *value)
{
    char *code = typed_code(value);
    free(value);
    return code;
}

static void give(struct pairs_reading *reading, const char *key, char *value, bool quoted)
{
    struct pairs *pairs = reading->pairs;
    int field = field_named(key);
    reading->field = -1;
    if (field < 0) {
        add_unknown_field(reading, key, value);
        free(value);
        return;
    }
    if (field == FIELD_TERM)
        value = term_of(value);
    else if (field == FIELD_ACCEPT_BY || field == FIELD_EULA)
        value = plain(value);
    if (pairs->typed[field] != NULL && strcmp(pairs->typed[field], value) != 0) {
        begin_notice(pairs);
        text_addf(&pairs->notice, "%s is listed twice; I took ", key);
        quote(&pairs->notice, value, strlen(value));
        text_add(&pairs->notice, ".");
    }
    free(pairs->typed[field]);
    pairs->typed[field] = value;
    if (!quoted && goes_on(field))
        reading->field = field;
}

/* A word that is no pair: more of the value before it, or not understood. */
static void take_word(struct pairs_reading *reading)
{
    struct pairs *pairs = reading->pairs;
    size_t size = typed_word(reading->at);
    if (reading->field >= 0) {
        char **value = &pairs->typed[reading->field];
        char *longer =
            text_format("%s%s%.*s", *value, **value != '\0' ? " " : "", (int)size, reading->at);
        free(*value);
        *value = longer;
    } else {
        begin_notice(pairs);
        text_add(&pairs->notice, "I could not read ");
        quote(&pairs->notice, reading->at, size);
        text_add(&pairs->notice, ": write key=value, such as markup=25 or "
                                 "customer=\"Example Corp\".");
    }
    reading->at += size;
}

/* Values of several words are said, so that nobody is surprised where one ended. */
static void say_joined(struct pairs *pairs, int field)
{
    begin_notice(pairs);
    text_addf(&pairs->notice, "I took ");
    quote(&pairs->notice, pairs->typed[field], strlen(pairs->typed[field]));
    text_addf(&pairs->notice, " as %s; use quotation marks to be certain.",
              field_name((enum field)field));
}

void pairs_read(struct pairs *pairs, const char *line)
{
    struct pairs_reading reading = {.pairs = pairs, .at = line, .field = -1};
    bool joined[FIELD_COUNT] = {false};
    char key[MAX_KEY + 1];
    *pairs = (struct pairs){.typed = {NULL}};
    for (;;) {
        reading.at += typed_blanks(reading.at);
        if (*reading.at == '\0')
            break;
        size_t size = key_at(reading.at, key);
        if (size > 0) {
            const char *sign = reading.at + size;
            reading.at = sign + typed_blanks(sign);
            bool quoted = mark_at(reading.at, doubles) > 0 || mark_at(reading.at, singles) > 0;
            give(&reading, key, is_empty(&reading, sign) ? mem_copy("") : take_value(&reading),
                 quoted);
        } else {
            if (reading.field >= 0)
                joined[reading.field] = true;
            take_word(&reading);
        }
    }
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (joined[i] && i != FIELD_BUYERS)
            say_joined(pairs, i);
    }
}

void pairs_free(struct pairs *pairs)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        free(pairs->typed[i]);
    text_free(&pairs->notice);
}
