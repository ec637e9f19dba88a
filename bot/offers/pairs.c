#include "offers/pairs.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bare.h"
#include "mem.h"
#include "offers/pricing.h"
#include "offers/typed.h"

enum { MAX_KEY = 31, QUOTED_POINTS = 40, NOTE_BYTES = 900, MESSAGE_BYTES = 250 };

/* What is being read. */
struct pairs_reading {
    struct pairs *pairs;
    const char *at;
    const struct pairs_known *known;
    int field;       /* whose value came last, if it may go on; -1: none */
    bool bare;       /* that one had no key: what says by its look what it is ends it */
    bool behind_key; /* a value of one word came last: who knows whether this belongs to it? */
    bool told;       /* it is said what can be written instead */
    bool bare_buyers, bare_customer;
    bool doubtful; /* is that the customer? */
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

/* The field of a key, -1: none; a customer's price is typed as the markup. */
static int field_of(const char *key)
{
    return strcmp(key, "price") == 0 ? FIELD_MARKUP : field_named(key);
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
    return reading->at > sign && key_at(reading->at, key) > 0 && field_of(key) >= 0;
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

static bool is_years(const char *value)
{
    struct bare bare;
    if (!bare_read(value, 0, &bare))
        return false;
    free(bare.value);
    return bare.field == FIELD_TERM && value[bare.size] == '\0';
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
    if (text_same_nocase(value, term_label(term_as_authorized))) {
        free(value);
        return mem_copy(term_as_authorized);
    }
    if (!isdigit((unsigned char)*value) || (*unit != '\0' && !is_years(value)))
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

/* Takes ${value}. */
static void give(struct pairs_reading *reading, enum field field, char *value)
{
    struct pairs *pairs = reading->pairs;
    if (field == FIELD_TERM)
        value = term_of(value);
    else if (field == FIELD_ACCEPT_BY || field == FIELD_EULA)
        value = plain(value);
    if (pairs->typed[field] != NULL && strcmp(pairs->typed[field], value) != 0) {
        begin_notice(pairs);
        text_addf(&pairs->notice, "%s is listed twice; I took ", field_name(field));
        quote(&pairs->notice, value, strlen(value));
        text_add(&pairs->notice, ".");
    }
    free(pairs->typed[field]);
    pairs->typed[field] = value;
}

/* "60 days" behind accept_by=, "3 years" behind term=, "0.0125 USD" behind markup=: NULL where it
 * is none. */
static char *take_counted(struct pairs_reading *reading, int field)
{
    struct bare bare;
    if ((field != FIELD_TERM && field != FIELD_ACCEPT_BY && field != FIELD_MARKUP) ||
        !bare_read(reading->at, reading->known->today, &bare))
        return NULL;
    if ((int)bare.field != field || (field == FIELD_MARKUP && !pricing_is_price(bare.value))) {
        free(bare.value);
        return NULL;
    }
    reading->at += bare.size;
    return bare.value;
}

/* What stands behind price= is one, with a currency or without. Takes ${value}. */
static char *as_price(char *value)
{
    if (*value == '\0' || pricing_is_price(value))
        return value;
    char *price = text_format("=%s", value);
    free(value);
    return price;
}

/* ${size} bytes of a key and its sign, and the value. */
static void take_pair(struct pairs_reading *reading, const char *key, size_t size)
{
    const char *sign = reading->at + size;
    int field = field_of(key);
    reading->at = sign + typed_blanks(sign);
    bool quoted = mark_at(reading->at, doubles) > 0 || mark_at(reading->at, singles) > 0;
    char *value = take_counted(reading, field);
    if (value == NULL)
        value = is_empty(reading, sign) ? mem_copy("") : take_value(reading);
    if (strcmp(key, "price") == 0)
        value = as_price(value);
    reading->bare = false;
    reading->field = field >= 0 && !quoted && goes_on(field) ? field : -1;
    reading->behind_key = reading->field < 0 && !quoted;
    if (field >= 0) {
        reading->bare_buyers &= field != FIELD_BUYERS;
        reading->bare_customer &= field != FIELD_CUSTOMER;
        give(reading, (enum field)field, value);
    } else {
        add_unknown_field(reading, key, value);
        free(value);
    }
}

/* --- words without a key --- */

/* Both stay the caller's. */
static char *joined_by(const char *first, const char *between, const char *second, size_t size)
{
    return text_format("%s%s%.*s", first, between, (int)size, second);
}

/* ${size} bytes more of the value that came last. */
static void go_on(struct pairs_reading *reading, size_t size)
{
    char **value = &reading->pairs->typed[reading->field];
    char *longer = joined_by(*value, **value != '\0' ? " " : "", reading->at, size);
    free(*value);
    *value = longer;
}

/* Accounts that follow each other form one list. */
static void give_bare(struct pairs_reading *reading, const struct bare *bare)
{
    char *value = bare->value;
    char **buyers = &reading->pairs->typed[FIELD_BUYERS];
    reading->field = -1;
    reading->behind_key = false;
    if (bare->field == FIELD_BUYERS && reading->bare_buyers) {
        char *longer = joined_by(*buyers, ", ", value, strlen(value));
        free(value);
        free(*buyers);
        *buyers = longer;
        return;
    }
    reading->bare_buyers |= bare->field == FIELD_BUYERS;
    give(reading, bare->field, value);
}

/* The customer, if nobody was named yet: ${value}, which is taken, and what follows it. */
static bool names_customer(struct pairs_reading *reading, char *value, bool goes_on)
{
    bool first = reading->pairs->typed[FIELD_CUSTOMER] == NULL;
    if (first) {
        reading->pairs->typed[FIELD_CUSTOMER] = value;
        reading->bare = true;
        reading->bare_customer = goes_on;
        reading->doubtful = reading->behind_key && goes_on;
        reading->field = goes_on ? FIELD_CUSTOMER : -1;
    } else {
        free(value);
    }
    return first;
}

/* The first time with what to write instead. */
static void add_unread(struct pairs_reading *reading, const char *at, size_t size)
{
    struct text *notice = &reading->pairs->notice;
    begin_notice(reading->pairs);
    text_add(notice, "I could not read ");
    quote(notice, at, size);
    text_add(notice, reading->told ? "."
                                   : ": write “Example Corp 25% 123456789012 60d”, or "
                                     "key=value, such as markup=25 or "
                                     "customer=\"Example Corp\".");
    reading->told = true;
}

/* The bytes of the longest name of a playbook at ${at}, by whole words; 0: there is none. */
static size_t playbook_at(const struct pairs_known *known, const char *at)
{
    size_t longest = 0;
    for (size_t i = 0; i < known->playbook_count; i++) {
        const char *name = known->playbooks[i].name;
        size_t size = strlen(name);
        if (size > longest && strncasecmp(at, name, size) == 0 &&
            (at[size] == '\0' || typed_blank(at + size) > 0))
            longest = size;
    }
    return longest;
}

/* A playbook's name that a customer's could begin with, too: it is said how it was taken. */
static bool names_playbook(struct pairs_reading *reading)
{
    const char *at = reading->at;
    struct pairs *pairs = reading->pairs;
    size_t size = playbook_at(reading->known, at);
    if (size == 0 || reading->field >= 0 || pairs->typed[FIELD_CUSTOMER] != NULL ||
        pairs->typed[FIELD_PLAYBOOK] != NULL)
        return false;
    pairs->typed[FIELD_PLAYBOOK] = mem_slice(at, size);
    begin_notice(pairs);
    text_add(&pairs->notice, "I took ");
    quote(&pairs->notice, at, size);
    text_add(&pairs->notice, " as the playbook; a customer who is called so stands between "
                             "quotation marks.");
    reading->behind_key = false;
    reading->at = at + size;
    return true;
}

/* More of the value before it, what its look says, a customer, or not understood. */
static void take_word(struct pairs_reading *reading)
{
    const char *at = reading->at;
    struct bare bare = {.size = typed_word(at)};
    bool keyed = reading->field >= 0 && !reading->bare;
    if (names_playbook(reading))
        return;
    if (!keyed && bare_read(at, reading->known->today, &bare)) {
        give_bare(reading, &bare);
    } else if (reading->field >= 0) {
        go_on(reading, bare.size);
    } else if (mark_at(at, doubles) > 0 || mark_at(at, singles) > 0) {
        char *value = take_value(reading);
        bare.size = (size_t)(reading->at - at);
        if (!names_customer(reading, value, false))
            add_unread(reading, at, bare.size);
    } else if (!bare_is_name(at) || !names_customer(reading, mem_slice(at, bare.size), true)) {
        add_unread(reading, at, bare.size);
    }
    reading->at = at + bare.size;
}

/* "Acme Corp, 25%" */
static void drop_comma(char *value)
{
    size_t size = strlen(value);
    if (size > 1 && (value[size - 1] == ',' || value[size - 1] == ';'))
        value[size - 1] = '\0';
}

/* A figure within a name may have been meant otherwise: "Acme 2 months". */
static bool has_figure(const char *name)
{
    bool figure = strchr(name, '%') != NULL;
    for (const char *at = name; *at != '\0'; at += typed_word(at), at += typed_blanks(at))
        figure |= isdigit((unsigned char)*at) != 0;
    return figure;
}

/* --- of a message --- */

/* In marks that no text between them closes. */
static void add_note(struct text *line, const char *text)
{
    size_t width, begin = line->size;
    text_add(line, "note=\"");
    for (; *text != '\0' && line->size - begin < NOTE_BYTES; text += width) {
        (void)text_point(text, &width);
        text_add_bytes(line, mark_at(text, doubles) > 0 ? "'" : text,
                       mark_at(text, doubles) > 0 ? 1 : width);
    }
    text_addf(line, "%s\"", *text != '\0' ? "…" : "");
}

/* What is told by figures in a sentence, as long as there is room. */
struct figures {
    struct text buyers;
    char *markup;
    bool several; /* markups: any may be meant, or none */
};

static void add_figure(struct figures *figures, const struct bare *bare)
{
    size_t digits = 0;
    for (const char *at = bare->value; *at != '\0'; at++)
        digits += isdigit((unsigned char)*at) != 0;
    if (bare->field == FIELD_BUYERS && digits % 12 == 0 &&
        figures->buyers.size + strlen(bare->value) < MESSAGE_BYTES) {
        text_addf(&figures->buyers, "%s ", bare->value);
    } else if (bare->field == FIELD_MARKUP && !pricing_is_price(bare->value) &&
               strlen(bare->value) < MAX_KEY) {
        figures->several |= figures->markup != NULL && strcmp(figures->markup, bare->value) != 0;
        if (figures->markup == NULL)
            figures->markup = mem_copy(bare->value);
    }
}

/* Other figures are anything in a sentence: dates, telephones. */
char *pairs_of_message(const char *text)
{
    struct text line = {0};
    struct figures figures = {.markup = NULL};
    const char *begin = text + typed_blanks(text);
    for (const char *at = begin; *at != '\0'; at += typed_blanks(at)) {
        struct bare bare = {.size = typed_word(at)};
        if (bare_read(at, 0, &bare)) {
            add_figure(&figures, &bare);
            free(bare.value);
        }
        at += bare.size;
    }
    text_add(&line, text_get(&figures.buyers));
    if (figures.markup != NULL && !figures.several)
        text_addf(&line, "%s%% ", figures.markup);
    if (*begin != '\0')
        add_note(&line, text);
    text_free(&figures.buyers);
    free(figures.markup);
    return text_take(&line);
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

void pairs_read(struct pairs *pairs, const char *line, const struct pairs_known *known)
{
    struct pairs_reading reading = {.pairs = pairs, .at = line, .known = known, .field = -1};
    bool joined[FIELD_COUNT] = {false};
    char key[MAX_KEY + 1];
    *pairs = (struct pairs){.typed = {NULL}};
    for (;;) {
        reading.at += typed_blanks(reading.at);
        if (*reading.at == '\0')
            break;
        size_t size = key_at(reading.at, key);
        if (size > 0) {
            take_pair(&reading, key, size);
        } else {
            if (reading.field >= 0)
                joined[reading.field] |= !reading.bare;
            take_word(&reading);
        }
    }
    if (reading.bare_customer) {
        drop_comma(pairs->typed[FIELD_CUSTOMER]);
        joined[FIELD_CUSTOMER] |= reading.doubtful || has_figure(pairs->typed[FIELD_CUSTOMER]);
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
