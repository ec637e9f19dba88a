#include "offers/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/authorization.h"
#include "offers/machine.h"
#include "offers/typed.h"

enum { MAX_KEY = 20, SHOWN_POINTS = 40, LONGEST_HOURS = 10 * 366 * 24 };

static const int64_t AN_HOUR_MS = INT64_C(3600) * 1000;

/* What is being read. */
struct filter_reading {
    struct filter *filter;
    struct text *problems;
};

/* --- what is wrong --- */

/* Each on a line of its own, which begins with what was typed. */
static void complain(struct filter_reading *reading, const char *typed, const char *words)
{
    struct text *problems = reading->problems;
    size_t cut = text_cut(typed, SHOWN_POINTS);
    text_addf(problems, "%s“%.*s%s” %s", problems->size > 0 ? "\n" : "", (int)cut, typed,
              typed[cut] != '\0' ? "…" : "", words);
}

/* --- keys and their values --- */

/* States by their names, and by the words that people use. */
struct state_word {
    const char *name;
    unsigned states;
};

enum { STATE_WORDS = 5 + STATES };

#define STATE_ROW(state, traits, name, label, sign) {name, 1U << (state)},

static const struct state_word state_words[STATE_WORDS] = {
    {"waiting", 1U << STATE_PENDING},
    {"changes", 1U << STATE_CHANGES_REQUESTED},
    {"open", STATES_OPEN},
    {"sold", 1U << STATE_ACCEPTED},
    {"all", (1U << STATES) - 1},
    REQUEST_STATES(STATE_ROW)};

static void complain_of_state(struct filter_reading *reading, const char *typed)
{
    struct text words = {0};
    const char *nearest =
        text_nearest(typed, &state_words[0].name, sizeof(state_words[0]), STATE_WORDS, 4);
    text_add(&words, "is no state.");
    if (nearest != NULL)
        text_addf(&words, " Did you mean state:%s?", nearest);
    for (int i = 0; nearest == NULL && i < STATE_WORDS; i++)
        text_addf(&words, "%s%s", i == 0 ? " Type state: and one of " : ", ", state_words[i].name);
    complain(reading, typed, text_get(&words));
    text_free(&words);
}

static void read_state(struct filter_reading *reading, const char *name)
{
    char key[64];
    size_t size = 0;
    for (; name[size] != '\0' && size + 1 < sizeof(key); size++) {
        key[size] = name[size];
        if (key[size] == '-')
            key[size] = '_';
    }
    key[size] = '\0';
    for (size_t i = 0; i < STATE_WORDS; i++) {
        if (text_same_nocase(state_words[i].name, key)) {
            reading->filter->states |= state_words[i].states;
            return;
        }
    }
    complain_of_state(reading, name);
}

/* "pending,failed" */
static void read_states(struct filter_reading *reading, const char *value)
{
    if (*value == '\0')
        complain(reading, "state:", "needs a state, such as state:pending.");
    while (*value != '\0') {
        value += strspn(value, " ");
        size_t size = strcspn(value, ",;");
        char *name = mem_slice(value, size);
        if (size > 0)
            read_state(reading, name);
        free(name);
        value += size + (value[size] != '\0');
    }
}

/* "1111-2222", "111122223333" */
static void read_buyer(struct filter_reading *reading, const char *value)
{
    char digits[ACCOUNT_ID];
    size_t count = 0;
    const char *at = value;
    for (; isdigit((unsigned char)*at) || *at == '-'; at++) {
        if (*at != '-' && count + 1 < sizeof(digits))
            digits[count++] = *at;
        else if (*at != '-')
            break;
    }
    digits[count] = '\0';
    if (count == 0 || (*at != '\0' && strcmp(at, "…") != 0 && strcmp(at, "...") != 0))
        complain(reading, value,
                 "is no AWS account. Type its 12 digits, or the first of them, as in buyer:1111.");
    else
        text_fit(reading->filter->buyer, ACCOUNT_ID, digits);
}

/* A member's id, as Slack has them; ${size} bytes. */
static bool is_member(const char *id, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    return size > 3 && size < PERSON_ID && (*id == 'U' || *id == 'W') &&
           strspn(id, letters) >= size;
}

/* "me", "<@U123|ana>", "U0123ABC", "@ana", "ana" */
static void read_by(struct filter_reading *reading, const char *value)
{
    struct filter *filter = reading->filter;
    bool reference = strncmp(value, "<@", 2) == 0;
    const char *id = value + (reference ? 2 : 0);
    size_t size = strcspn(id, "|>");
    const char *name = value + (*value == '@');
    filter->by[0] = filter->name[0] = '\0';
    filter->mine = text_same_nocase(name, "me");
    if (filter->mine)
        return;
    if (is_member(id, size) && (reference ? id[size] != '\0' : id[size] == '\0'))
        snprintf(filter->by, sizeof(filter->by), "%.*s", (int)size, id);
    else if (*name == '\0' || reference)
        complain(reading, *value != '\0' ? value : "by:",
                 "names nobody. Type by:me, by:@ana, or a member id, as in by:U0123ABCD.");
    else
        text_fit(filter->name, sizeof(filter->name), name);
}

/* Hours, by what people call them; 0: that is no unit. */
static int unit_hours(const char *word)
{
    static const struct {
        const char *word;
        int hours;
    } units[] = {{"d", 24},    {"day", 24},   {"days", 24},     {"h", 1},          {"hour", 1},
                 {"hours", 1}, {"w", 7 * 24}, {"week", 7 * 24}, {"weeks", 7 * 24}, {"", 24}};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (text_same_nocase(word, units[i].word))
            return units[i].hours;
    }
    return 0;
}

/* "3d", "3 days"; 0: no age. */
static int64_t hours_of(const char *at)
{
    char *unit;
    if (!isdigit((unsigned char)*at))
        return 0;
    long count = strtol(at, &unit, 10);
    int hours = unit_hours(unit + strspn(unit, " "));
    return hours > 0 && count > 0 && count <= LONGEST_HOURS / hours ? (int64_t)count * hours : 0;
}

/* ">3d", "<12h"; "3d" is ">3d". */
static void read_age(struct filter_reading *reading, const char *value)
{
    bool younger = *value == '<';
    const char *at = value + (younger || *value == '>');
    at += strspn(at, "= ");
    int64_t hours = hours_of(at);
    if (hours == 0)
        complain(reading, *value != '\0' ? value : "age:",
                 "is no age. Type age:>3d for longer ago than three days, age:<12h for less than "
                 "twelve hours (h, d, w).");
    else if (younger)
        reading->filter->younger_ms = hours * AN_HOUR_MS;
    else
        reading->filter->older_ms = hours * AN_HOUR_MS;
}

/* Words of the customer's name; an account without its key is one. */
static void read_customer(struct filter_reading *reading, const char *value)
{
    struct filter *filter = reading->filter;
    char word[FOLDED_WORD];
    const char *at = value;
    size_t before = filter->word_count;
    while (folded_next(&at, word)) {
        if (filter->word_count == FILTER_WORDS) {
            complain(reading, word, "is one word too many: six are enough to search by.");
            return;
        }
        text_fit(filter->words[filter->word_count++], FOLDED_WORD, word);
    }
    if (filter->word_count == before)
        complain(reading, value, "has no word to search by. Type customer:acme, for example.");
}

/* All there are, with what is typed for instance. */
static const struct filter_key {
    const char *name, *example;
    void (*read)(struct filter_reading *reading, const char *value);
    bool code; /* of plain characters alone */
} keys[] = {{"state", "state:pending", read_states, true},
            {"buyer", "buyer:1111", read_buyer, true},
            {"by", "by:@ana", read_by, false},
            {"customer", "customer:acme", read_customer, false},
            {"age", "age:>3d", read_age, true}};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static void complain_of_key(struct filter_reading *reading, const char *key)
{
    struct text words = {0};
    const char *nearest = text_nearest(key, &keys[0].name, sizeof(keys[0]), KEYS, 3);
    text_add(&words, "is no filter.");
    for (size_t i = 0; i < KEYS; i++) {
        if (nearest == keys[i].name)
            text_addf(&words, " Did you mean %s?", keys[i].example);
        else if (nearest == NULL)
            text_addf(&words, "%s%s%s",
                      i == 0         ? " There are "
                      : i + 1 < KEYS ? ", "
                                     : " and ",
                      keys[i].example, i + 1 < KEYS ? "" : ".");
    }
    complain(reading, key, text_get(&words));
    text_free(&words);
}

static void take_pair(struct filter_reading *reading, const char *key, const char *value)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (!text_same_nocase(keys[i].name, key))
            continue;
        char *plain = keys[i].code ? typed_code(value) : typed_text(value);
        keys[i].read(reading, plain);
        free(plain);
        return;
    }
    complain_of_key(reading, key);
}

/* --- the line --- */

/* Does a key with its sign stand there? Returns the bytes up to and with the sign, 0: none does. */
static size_t key_at(const char *at, char key[MAX_KEY + 1])
{
    size_t size = 0;
    while (size < MAX_KEY && (isalpha((unsigned char)at[size]) || at[size] == '_'))
        size++;
    snprintf(key, MAX_KEY + 1, "%.*s", (int)size, at);
    size_t blanks = typed_blanks(at + size);
    bool sign = at[size + blanks] == ':' || at[size + blanks] == '=';
    return size > 0 && sign ? size + blanks + 1 : 0;
}

/* The bytes of the value there: a word, what is in quotation marks, or a mention of Slack's. */
static size_t value_at(const char *at)
{
    static const char *const marks[] = {"\"", "“", "”", "„"};
    const char *end = strncmp(at, "<@", 2) == 0 ? strchr(at, '>') : NULL;
    if (end != NULL)
        return (size_t)(end - at) + 1;
    for (size_t i = 0; i < 4; i++) {
        size_t size = strlen(marks[i]);
        if (strncmp(at, marks[i], size) != 0)
            continue;
        while (at[size] != '\0') {
            for (size_t j = 0; j < 4; j++) {
                if (strncmp(at + size, marks[j], strlen(marks[j])) == 0)
                    return size + strlen(marks[j]);
            }
            size++;
        }
        return size;
    }
    return typed_word(at);
}

/* On the heap, without quotation marks around it. */
static char *value_of(const char *at, size_t size)
{
    static const char *const marks[] = {"\"", "“", "”", "„"};
    for (size_t i = 0; i < 4; i++) {
        size_t mark = strlen(marks[i]);
        if (size >= mark && strncmp(at, marks[i], mark) == 0) {
            at += mark;
            size -= mark;
        }
        if (size >= mark && strncmp(at + size - mark, marks[i], mark) == 0)
            size -= mark;
    }
    return mem_slice(at, size);
}

/* "Smith & Sons" */
static bool is_joint(const char *word)
{
    char letters[FOLDED_WORD];
    return text_points(word) == 1 && !folded_next(&word, letters);
}

/* Ten digits and more are an account, CPPO-12 is no customer. */
static void take_word(struct filter_reading *reading, const char *word)
{
    size_t digits = 0, other = 0;
    if (!text_is_utf8(word, strlen(word)) || is_joint(word))
        return;
    char *code = typed_code(word);
    for (const char *at = code; *at != '\0'; at++)
        *(isdigit((unsigned char)*at) ? &digits : &other) += *at != '-';
    if (digits >= 10 && other == 0) {
        read_buyer(reading, code);
    } else if (!isdigit((unsigned char)*code) && typed_request_number(code) > 0) {
        char *instead = text_format("is a number. Type /cppo show CPPO-%lld to see that one.",
                                    (long long)typed_request_number(code));
        complain(reading, code, instead);
        free(instead);
    } else {
        read_customer(reading, word);
    }
    free(code);
}

/* Does the word at ${at} belong to the value of ${size} bytes before it: "pending, failed", "3
 * days"? */
static bool goes_on(const char *key, const char *value, size_t size, const char *at)
{
    const char *end = size > 0 ? value + size - 1 : "";
    char *word = mem_slice(at, typed_word(at));
    bool list = text_same_nocase(key, "state") && (*end == ',' || *end == ';');
    bool unit = text_same_nocase(key, "age") && isdigit((unsigned char)*end) && *word != '\0' &&
                unit_hours(word) > 0;
    free(word);
    return *at != '\0' && (list || unit);
}

/* The same of a value behind ${key}: nothing, where another key follows at once. */
static size_t keyed_value_at(const char *key, const char *at)
{
    char following[MAX_KEY + 1];
    if (key_at(at, following) > 0)
        return 0;
    size_t size = value_at(at);
    for (;;) {
        size_t blanks = typed_blanks(at + size);
        if (!goes_on(key, at, size, at + size + blanks))
            return size;
        size += blanks + typed_word(at + size + blanks);
    }
}

bool filter_read(struct filter *filter, const char *line, struct text *problems)
{
    struct filter_reading reading = {filter, problems};
    size_t before = problems->size;
    char key[MAX_KEY + 1];
    *filter = (struct filter){.states = 0};
    while (*(line += typed_blanks(line)) != '\0') {
        size_t sign = key_at(line, key);
        line += sign;
        line += sign > 0 ? typed_blanks(line) : 0;
        size_t size = sign > 0 ? keyed_value_at(key, line) : value_at(line);
        char *value = value_of(line, size);
        if (sign > 0)
            take_pair(&reading, key, value);
        else
            take_word(&reading, value);
        free(value);
        line += size;
    }
    if (filter->states == (1U << STATES) - 1)
        filter->states = 0;
    return problems->size == before;
}

/* --- written --- */

static void add_age(struct text *line, const char *sign, int64_t ms)
{
    if (ms > 0)
        text_addf(line, "%sage:%s%lldh", line->size > 0 ? " " : "", sign,
                  (long long)(ms / AN_HOUR_MS));
}

static void add_states(struct text *line, unsigned states)
{
    for (int state = 0; state < STATES; state++) {
        if ((states & 1U << state) == 0)
            continue;
        text_add(line, line->size == 0 ? "state:" : ",");
        text_add(line, request_state_name((enum request_state)state));
    }
}

void filter_write(const struct filter *filter, struct text *line)
{
    struct text own = {0};
    add_states(&own, filter->states);
    if (filter->mine || *filter->by != '\0')
        text_addf(&own, "%sby:%s", own.size > 0 ? " " : "", filter->mine ? "me" : filter->by);
    if (*filter->buyer != '\0')
        text_addf(&own, "%sbuyer:%s", own.size > 0 ? " " : "", filter->buyer);
    for (size_t i = 0; i < filter->word_count; i++)
        text_addf(&own, "%scustomer:%s", own.size > 0 ? " " : "", filter->words[i]);
    add_age(&own, ">", filter->older_ms);
    add_age(&own, "<", filter->younger_ms);
    text_add(line, text_get(&own));
    text_free(&own);
}

bool filter_waits(const struct filter *filter)
{
    return filter->states == 1U << STATE_PENDING;
}

void list_page_write(const struct list_page *page, char *text)
{
    struct text value = {0};
    if (page->from > 0)
        text_addf(&value, "%c%lld ", page->back ? '<' : '>', (long long)page->from);
    size_t before = value.size;
    filter_write(&page->filter, &value);
    if (value.size == before)
        text_add(&value, "state:all");
    text_fit(text, PAGE_TEXT, text_get(&value));
    text_free(&value);
}

bool list_page_read(struct list_page *page, const char *text)
{
    struct text problems = {0};
    *page = (struct list_page){.from = 0};
    if (strlen(text) >= PAGE_TEXT)
        return false;
    if (*text == '<' || *text == '>') {
        char *end;
        page->back = *text == '<';
        page->from = isdigit((unsigned char)text[1]) ? strtoll(text + 1, &end, 10) : 0;
        if (page->from <= 0 || page->from == INT64_MAX || *end != ' ')
            return false;
        text = end + 1;
    }
    bool good = filter_read(&page->filter, text, &problems);
    text_free(&problems);
    return good;
}
