#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

const json_t *rows_of(const struct evidence *evidence, const char *table)
{
    return json_object_get(evidence->book, table);
}

const json_t *offer_row(const struct evidence *evidence, json_int_t number)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        if (number_of(row, "number") == number)
            return row;
    }
    return NULL;
}

json_int_t number_after(const char *text, const char *mark)
{
    const char *at = strstr(text, mark);
    return at != NULL ? strtoll(at + strlen(mark), NULL, 10) : 0;
}

const char *label_of(const char *state)
{
    static const char *const labels[][2] = {
        {"draft", "Draft"},
        {"pending", "Waiting for approval"},
        {"changes_requested", "Changes requested"},
        {"approved", "Approved"},
        {"publishing", "Publishing"},
        {"published", "Published"},
        {"accepted", "Accepted by the buyer"},
        {"expired", "Expired"},
        {"closed", "Closed"},
        {"rejected", "Rejected"},
        {"withdrawn", "Withdrawn"},
        {"failed", "Publishing failed"},
    };
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i][0], state) == 0)
            return labels[i][1];
    }
    return NULL;
}

bool in_list(const char *word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(*list, word) == 0)
            return true;
    }
    return false;
}

json_int_t restored_at(const struct evidence *evidence)
{
    json_int_t at = -1;
    size_t i;
    json_t *entry;
    if (evidence->restored != 0)
        return evidence->restored;
    json_array_foreach(evidence->log, i, entry)
    {
        if (strcmp(text_of(entry, "kind"), "slack.message") == 0 &&
            strcmp(text_of(entry, "channel"), "C0OPERATORS") == 0 &&
            strstr(text_of(entry, "text"), "My state file was older") != NULL)
            at = number_of(entry, "seq");
    }
    return at;
}

bool was_restored(const struct evidence *evidence)
{
    return restored_at(evidence) >= 0;
}

bool is_direct(const struct evidence *evidence, const char *channel, const char *user)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(evidence->state, "dms"), i, one)
    {
        if (strcmp(text_of(one, "id"), channel) == 0)
            return strcmp(text_of(one, "user"), user) == 0;
    }
    return false;
}

void broken(struct verdict *verdict, const char *rule, const char *format, ...)
{
    size_t used = strlen(verdict->lines);
    size_t capacity = sizeof(verdict->lines) - used;
    char words[400];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    snprintf(verdict->lines + used, capacity, "%s: %s\n", rule, words);
    verdict->broken++;
}

static void check_damage(const struct evidence *evidence, struct verdict *verdict)
{
    size_t i;
    json_t *line;
    json_array_foreach(rows_of(evidence, "damage"), i, line)
    {
        broken(verdict, "I4", "the state file is damaged: %s", json_string_value(line));
    }
}

int check_all(const struct evidence *evidence, struct verdict *verdict)
{
    *verdict = (struct verdict){0};
    check_damage(evidence, verdict);
    check_releases(evidence, verdict);
    check_acks(evidence, verdict);
    check_ends(evidence, verdict);
    check_history(evidence, verdict);
    check_cards(evidence, verdict);
    return verdict->broken;
}
