#include "offers/rule.h"

#include <stdio.h>
#include <string.h>

#include "hash.h"

#define RULE_KEY(part, key, doc) key,
static const char *const keys[RULE_PARTS] = {RULE_PARTS_ROWS(RULE_KEY)};

static const char name_line[] = "name=";
static const char voter_start[] = "rule:";

const char *rule_part_key(enum rule_part part)
{
    return keys[part];
}

int rule_part_named(const char *key)
{
    for (int part = 0; part < RULE_PARTS; part++) {
        if (strcmp(keys[part], key) == 0)
            return part;
    }
    return -1;
}

char *rule_write(const struct rule *rule)
{
    struct text text = {0};
    text_addf(&text, "%s%s\n", name_line, rule->name);
    for (int part = 0; part < RULE_PARTS; part++) {
        if (*rule->parts[part] != '\0')
            text_addf(&text, "%s=%s\n", keys[part], rule->parts[part]);
    }
    return text_take(&text);
}

/* "key=value", of ${size} bytes. */
static bool read_line(struct rule *rule, const char *line, size_t size)
{
    char value[RULE_PART_TEXT];
    struct text why = {0};
    const char *equals = memchr(line, '=', size);
    size_t start = equals != NULL ? (size_t)(equals - line) + 1 : 0;
    if (equals == NULL || size - start >= sizeof(value))
        return false;
    snprintf(value, sizeof(value), "%.*s", (int)(size - start), line + start);
    if (strncmp(line, name_line, start) == 0 && start == sizeof(name_line) - 1)
        return text_fit(rule->name, sizeof(rule->name), value);
    for (int part = 0; part < RULE_PARTS; part++) {
        if (strlen(keys[part]) != start - 1 || strncmp(keys[part], line, start - 1) != 0)
            continue;
        bool good = rule_read_part(rule, (enum rule_part)part, value, &why);
        text_free(&why);
        return good;
    }
    return false;
}

bool rule_read(struct rule *rule, const char *text)
{
    *rule = (struct rule){.quota = 0};
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (!read_line(rule, text, size))
            return false;
        text += size + (text[size] == '\n');
    }
    return *rule->name != '\0' && (rule->by_itself || rule->step_count > 0);
}

void rule_version(const char *text, char version[RULE_VERSION])
{
    char digest[HASH_HEX];
    hash_hex(text, strlen(text), digest);
    snprintf(version, RULE_VERSION, "%.*s", RULE_VERSION - 1, digest);
}

void rule_voter(const char *name, char voter[RULE_VOTER])
{
    snprintf(voter, RULE_VOTER, "%s%s", voter_start, name);
}

const char *rule_of_voter(const char *voter)
{
    size_t size = sizeof(voter_start) - 1;
    return strncmp(voter, voter_start, size) == 0 ? voter + size : NULL;
}
