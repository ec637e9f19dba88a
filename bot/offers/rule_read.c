/* The parts of a rule, as they are written in the configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/rule.h"

enum { MAX_WORDS = 64, MAX_NEEDED = 10, MAX_QUOTA = 1000, MAX_WHOLE = 1000 };

/* What was written, cut into words; a comma only helps people to read. */
struct words {
    char text[RULE_PART_TEXT];
    const char *at[MAX_WORDS + 1]; /* "" ends them */
    size_t next;
};

static bool cut(struct words *words, const char *text)
{
    size_t count = 0;
    *words = (struct words){.next = 0};
    if (!text_fit(words->text, sizeof(words->text), text))
        return false;
    for (char *at = words->text; count < MAX_WORDS; at++) {
        at += strspn(at, " ,");
        if (*at == '\0')
            break;
        words->at[count++] = at;
        at += strcspn(at, " ,");
        if (*at == '\0')
            break;
        *at = '\0';
    }
    words->at[count] = "";
    return count < MAX_WORDS;
}

static const char *peek(const struct words *words)
{
    return words->at[words->next];
}

static bool take(struct words *words, const char *word)
{
    bool found = text_same_nocase(peek(words), word);
    words->next += found;
    return found;
}

/* One word, which there must be. */
static const char *take_any(struct words *words)
{
    const char *word = peek(words);
    words->next += *word != '\0';
    return word;
}

/* A number from 1 to ${max}; 0: there is none. */
static int take_number(struct words *words, int max)
{
    char *end;
    const char *word = peek(words);
    long number = strtol(word, &end, 10);
    if (*word < '0' || *word > '9' || *end != '\0' || number < 1 || number > max)
        return 0;
    words->next++;
    return (int)number;
}

/* --- numbers --- */

struct number {
    enum rule_part part;
    const char *example;
    bool tier, percent, currency, years;
};

static const struct number numbers[RULE_NUMBERS] = {
    {RULE_MARKUP, "above tier, off tier, at most 30 or at least 20 and below 40", true, true, false,
     false},
    {RULE_PRICE, "above 0.02 USD or at least 100 USD and below 5000 USD", false, false, true,
     false},
    {RULE_MARGIN, "below 100 USD", false, false, true, false},
    {RULE_TERM, "above 3 years", false, false, false, true},
    {RULE_BUYERS, "above 1", false, false, false, false},
};

static bool take_currency(struct words *words, char currency[4])
{
    const char *word = take_any(words);
    bool good = strlen(word) == 3 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 &&
                (*currency == '\0' || strcmp(currency, word) == 0);
    if (good)
        memcpy(currency, word, 4);
    return good;
}

static bool take_value(struct words *words, const struct number *number, struct rule_range *range,
                       struct rule_bound *bound)
{
    char digits[DECIMAL_TEXT];
    if (number->tier && (take(words, "tier") || take(words, "tier's"))) {
        bound->tier = true;
        return true;
    }
    if (!text_fit(digits, sizeof(digits), take_any(words)))
        return false;
    size_t size = strlen(digits);
    if (number->percent && size > 1 && digits[size - 1] == '%')
        digits[size - 1] = '\0';
    bool whole = number->years || number->part == RULE_BUYERS;
    if (!decimal_read_price(&bound->at, digits) ||
        (whole && (bound->at.scale > 0 || bound->at.units > MAX_WHOLE)))
        return false;
    if (number->percent)
        take(words, "%");
    if (number->years && !take(words, "years") && !take(words, "year"))
        return false;
    return !number->currency || take_currency(words, range->currency);
}

/* "above", "at most", ...: which bound, and whether it is open. NULL: none of them, both are. */
static struct rule_bound *take_relation(struct words *words, struct rule_range *range, bool *open)
{
    size_t start = words->next;
    *open = take(words, "above") || take(words, "over");
    if (*open)
        return &range->low;
    *open = take(words, "below") || take(words, "under");
    if (*open)
        return &range->high;
    if (take(words, "at") && take(words, "least"))
        return &range->low;
    words->next = start;
    if (take(words, "at") && take(words, "most"))
        return &range->high;
    words->next = start;
    return NULL;
}

/* One comparison: "above 25". */
static bool read_comparison(struct words *words, const struct number *number,
                            struct rule_range *range)
{
    bool open;
    struct rule_bound value = {.set = true};
    if (number->tier && take(words, "off"))
        range->off = true;
    struct rule_bound *bound = range->off ? NULL : take_relation(words, range, &open);
    if (bound == NULL && !range->off)
        take(words, "on");
    if (!take_value(words, number, range, &value) || (range->off && !value.tier))
        return false;
    if (bound == NULL) {
        bool free = !range->low.set && !range->high.set;
        range->low = range->high = value;
        return free;
    }
    value.open = open;
    bool free = !bound->set;
    *bound = value;
    return free;
}

/* Is there nothing that meets it? What is compared with the tier may move. */
static bool is_empty(const struct rule_range *range)
{
    const struct rule_bound *low = &range->low;
    const struct rule_bound *high = &range->high;
    if (!low->set || !high->set || low->tier != high->tier)
        return false;
    int order = low->tier ? 0 : decimal_compare(low->at, high->at);
    return order > 0 || (order == 0 && (low->open || high->open));
}

static bool read_range(struct rule *rule, enum rule_part part, struct words *words,
                       struct text *why)
{
    const struct number *number = &numbers[part];
    struct rule_range *range = &rule->ranges[part];
    *range = (struct rule_range){.off = false};
    bool good = read_comparison(words, number, range);
    while (good && take(words, "and"))
        good = read_comparison(words, number, range);
    if (!good || *peek(words) != '\0') {
        text_addf(why, "“%.80s” is not understood; write %s", rule->parts[part], number->example);
        return false;
    }
    if (is_empty(range)) {
        text_addf(why, "nothing is “%.80s”", rule->parts[part]);
        return false;
    }
    return true;
}

/* --- words --- */

/* What may be said of each; NULL: anything. */
static const char *const known_words[RULE_CONDITIONS][4] = {
    [RULE_EULA] = {"as authorized", "standard", "custom"},
    [RULE_BUYER] = {"first-time", "known"},
};

static bool read_word(struct rule *rule, enum rule_part part, struct words *words, struct text *why)
{
    const char *const *known = known_words[part];
    struct rule_word *word = &rule->words[part];
    *word = (struct rule_word){.set = true, .but = take(words, "not")};
    const char *first = take_any(words);
    const char *second = take_any(words);
    snprintf(word->word, sizeof(word->word), "%s%s%s", first, *second != '\0' ? " " : "", second);
    bool good = *first != '\0' && *peek(words) == '\0' && (known[0] != NULL || *second == '\0') &&
                strlen(first) + strlen(second) + 2 < sizeof(word->word);
    for (size_t i = 0; known[i] != NULL && good; i++) {
        if (strcmp(word->word, known[i]) == 0)
            return true;
    }
    if (good && known[0] == NULL)
        return true;
    text_addf(why, "“%.80s” is not understood; write %s", rule->parts[part],
              part == RULE_EULA    ? "as authorized, standard, custom, or not before one of them"
              : part == RULE_BUYER ? "first-time or known"
                                   : "one word, or not and one word");
    return false;
}

/* --- who approves --- */

/* "2 of finance", "1 of legal or sales". */
static bool read_step(struct words *words, struct rule_step *step)
{
    struct text name = {0};
    *step = (struct rule_step){.needed = take_number(words, MAX_NEEDED)};
    bool good = step->needed > 0 && take(words, "of");
    do {
        const char *list = good ? take_any(words) : "";
        good = *list != '\0' && step->list_count < RULE_LISTS &&
               text_fit(step->lists[step->list_count++ % RULE_LISTS], RULE_LIST, list);
        text_addf(&name, "%s%s", name.size > 0 ? " or " : "", list);
    } while (good && take(words, "or"));
    good = text_fit(step->name, sizeof(step->name), text_get(&name)) && good;
    text_free(&name);
    return good;
}

static bool read_by_itself(struct rule *rule, struct words *words)
{
    rule->by_itself = true;
    rule->quota = take_number(words, MAX_QUOTA);
    return rule->quota > 0 && (take(words, "a") || take(words, "per")) && take(words, "day");
}

static bool read_steps(struct rule *rule, struct words *words)
{
    int stage = 0;
    do {
        if (rule->step_count == MAX_STEPS || !read_step(words, &rule->steps[rule->step_count]))
            return false;
        rule->steps[rule->step_count++].stage = stage;
        if (take(words, "then"))
            stage++;
        else if (!take(words, "and"))
            return true;
    } while (true);
}

static bool read_approve(struct rule *rule, struct words *words, struct text *why)
{
    rule->step_count = 0;
    rule->by_itself = false;
    bool good = take(words, "by") && take(words, "itself") ? read_by_itself(rule, words)
                                                           : read_steps(rule, words);
    if (good && *peek(words) == '\0')
        return true;
    text_addf(why,
              "“%.120s” is not understood; write 1 of approvers, or 2 of finance, then 1 of "
              "directors and 1 of legal, or by itself, 5 a day",
              rule->parts[RULE_APPROVE]);
    return false;
}

static bool read_click(struct rule *rule, struct words *words, struct text *why)
{
    rule->all_steps = take(words, "all");
    bool good =
        (rule->all_steps ? take(words, "steps") : take(words, "one") && take(words, "step"));
    if (good && *peek(words) == '\0')
        return true;
    text_addf(why, "“%.80s” is not understood; write one step or all steps",
              rule->parts[RULE_ONE_CLICK]);
    return false;
}

/* --- the parts --- */

/* On one line, without what is too much: it is kept, and its hash is its version. */
static bool keep(struct rule *rule, enum rule_part part, const char *text)
{
    struct text kept = {0};
    for (const char *at = text + strspn(text, " "); *at != '\0';) {
        size_t size = strcspn(at, " ");
        text_addf(&kept, "%s%.*s", kept.size > 0 ? " " : "", (int)size, at);
        at += size + strspn(at + size, " ");
    }
    bool fits = text_fit(rule->parts[part], sizeof(rule->parts[part]), text_get(&kept));
    for (const char *at = rule->parts[part]; *at != '\0' && fits; at++)
        fits = (unsigned char)*at >= ' ' && *at != 0x7F;
    text_free(&kept);
    return fits;
}

bool rule_read_part(struct rule *rule, enum rule_part part, const char *text, struct text *why)
{
    struct words words;
    if (!keep(rule, part, text) || !cut(&words, rule->parts[part])) {
        text_addf(why, "it is too long, or has more than one line");
        return false;
    }
    if (*rule->parts[part] == '\0')
        return true;
    if (part == RULE_APPROVE)
        return read_approve(rule, &words, why);
    if (part == RULE_ONE_CLICK)
        return read_click(rule, &words, why);
    return (size_t)part < RULE_NUMBERS ? read_range(rule, part, &words, why)
                                       : read_word(rule, part, &words, why);
}
