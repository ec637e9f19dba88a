#include "offers/pairs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char *const quotes[] = {"\"", "“", "”"};

/* How many bytes of a quotation mark stand there. */
static size_t quote_at(const char *at)
{
    for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
        if (strncmp(at, quotes[i], strlen(quotes[i])) == 0)
            return strlen(quotes[i]);
    }
    return 0;
}

static char *take_value(const char **at)
{
    const char *from = *at + quote_at(*at);
    size_t size = 0;
    if (from == *at)
        size = strcspn(from, " \t\n");
    else
        while (from[size] != '\0' && quote_at(from + size) == 0)
            size++;
    *at = from + size + (from > *at ? quote_at(from + size) : 0);
    return mem_slice(from, size);
}

/* Each on a line of its own. */
static void begin_notice(struct pairs *pairs)
{
    if (pairs->notice.size > 0)
        text_add(&pairs->notice, "\n");
}

static void give(struct pairs *pairs, const char *key, char *value)
{
    static const char *const terms[][2] = {
        {"10", "P3650D"}, {"5", "P1825D"}, {"3", "P1095D"}, {"1", "P365D"}};
    int field = field_named(key);
    if (field < 0) {
        begin_notice(pairs);
        text_addf(&pairs->notice, "I do not know the field “%s”.", key);
        free(value);
        return;
    }
    for (size_t i = 0; field == FIELD_TERM && i < 4; i++) {
        if (strcmp(value, terms[i][0]) == 0) {
            free(value);
            value = mem_copy(terms[i][1]);
        }
    }
    free(pairs->typed[field]);
    pairs->typed[field] = value;
}

void pairs_read(struct pairs *pairs, const char *line)
{
    char key[32];
    *pairs = (struct pairs){.typed = {NULL}};
    for (;;) {
        while (isspace((unsigned char)*line))
            line++;
        size_t size = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
        if (*line == '\0')
            return;
        if (size == 0 || size >= sizeof(key) || line[size] != '=') {
            begin_notice(pairs);
            text_addf(&pairs->notice,
                      "I could not read “%.*s”: write key=value, such as markup=25 or "
                      "customer=\"Example Corp\".",
                      (int)text_cut(line, 40), line);
            return;
        }
        memcpy(key, line, size);
        key[size] = '\0';
        line += size + 1;
        give(pairs, key, take_value(&line));
    }
}

void pairs_free(struct pairs *pairs)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        free(pairs->typed[i]);
    text_free(&pairs->notice);
}
