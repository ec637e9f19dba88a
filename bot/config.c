#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "config_table.h"
#include "mem.h"
#include "text.h"

enum { MOST_ROWS = 64 };

/* What is being read; all problems are collected. */
struct reading {
    const char *path;
    yaml_document_t document;
    struct config *config;
    bool seen[MOST_ROWS];
    bool alias;
    struct text problems;
};

static void complain(struct reading *r, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct reading *r, const yaml_node_t *node, const char *format, ...)
{
    char words[400];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    text_repair(words);
    text_add(&r->problems, r->problems.size > 0 ? "\n" : "");
    if (node != NULL)
        text_addf(&r->problems, "%s:%zu: ", r->path, node->start_mark.line + 1);
    else
        text_addf(&r->problems, "%s: ", r->path);
    text_add(&r->problems, words);
}

static yaml_node_t *node_at(struct reading *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

static const char *scalar(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* --- values ------------------------------------------------------------------------------- */

static bool is_id(const char *text, const char *starts)
{
    size_t size = strlen(text);
    if (size < 2 || size > 30 || strchr(starts, text[0]) == NULL)
        return false;
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == size;
}

/* "200ms", "5s", "10m", "1h" -> ms; -1 for anything else. */
static int64_t read_duration(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    if (!isdigit((unsigned char)*text))
        return -1;
    long long number = strtoll(text, &end, 10);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].unit) == 0 && number <= 1000000)
            return number * units[i].ms;
    }
    return -1;
}

static void *member(struct reading *r, const struct config_row *row)
{
    return (char *)r->config + row->offset;
}

static void put_text(struct reading *r, const struct config_row *row, const char *text)
{
    char **into = member(r, row);
    free(*into);
    *into = mem_copy(text);
}

static void put_number(struct reading *r, const struct config_row *row, const yaml_node_t *node,
                       const char *text)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || number < row->least || number > row->most)
        complain(r, node, "%s: “%.40s” is not a number from %lld to %lld", row->key, text,
                 row->least, row->most);
    else
        *(int *)member(r, row) = (int)number;
}

static void put_duration(struct reading *r, const struct config_row *row, const yaml_node_t *node,
                         const char *text)
{
    int64_t ms = read_duration(text);
    if (ms < row->least || ms > row->most)
        complain(r, node, "%s: “%.40s” is not a duration in bounds; write it like 200ms, 5s or 10m",
                 row->key, text);
    else
        *(int64_t *)member(r, row) = ms;
}

static void put_id(struct reading *r, const struct config_row *row, const yaml_node_t *node,
                   const char *text)
{
    bool channel = row->kind == KIND_CHANNEL;
    if (*text != '\0' && !is_id(text, channel ? "CG" : "TE"))
        complain(r, node, "%s: “%.40s” is not a %s id; it looks like %s (%s)", row->key, text,
                 channel ? "channel" : "team", channel ? "C0123456789" : "T0123456789",
                 channel ? "in Slack: channel details, at the bottom"
                         : "in the address of Slack in a browser");
    else if (*text == '\0' && row->by_default == NULL)
        complain(r, node, "%s is empty: give the channel's id, like C0123456789", row->key);
    put_text(r, row, text);
}

static void put_percent(struct reading *r, const struct config_row *row, const yaml_node_t *node,
                        const char *text)
{
    if (!decimal_read(member(r, row), text))
        complain(r, node, "%s: “%.40s” is not a percentage; write digits such as 50 or 33.3",
                 row->key, text);
}

static void put_scalar(struct reading *r, const struct config_row *row, const yaml_node_t *node,
                       const char *text)
{
    struct decimal price;
    int level;
    switch (row->kind) {
    case KIND_TEXT:
        put_text(r, row, text);
        break;
    case KIND_CHANNEL:
    case KIND_TEAM:
        put_id(r, row, node, text);
        break;
    case KIND_ACCOUNT:
        if (strlen(text) != 12 || strspn(text, "0123456789") != 12)
            complain(r, node,
                     "%s: “%.40s” is not an AWS account id: 12 digits in quotes, like "
                     "\"111122223333\"",
                     row->key, text);
        put_text(r, row, text);
        break;
    case KIND_NUMBER:
        put_number(r, row, node, text);
        break;
    case KIND_DURATION:
        put_duration(r, row, node, text);
        break;
    case KIND_PERCENT:
        put_percent(r, row, node, text);
        break;
    case KIND_PRICE:
        if (*text != '\0' && !decimal_read_price(&price, text))
            complain(r, node, "%s: “%.40s” is not a price; write digits such as 0.01", row->key,
                     text);
        put_text(r, row, text);
        break;
    case KIND_DRAFT:
        if (strcmp(text, "on-submit") != 0 && strcmp(text, "on-approval") != 0)
            complain(r, node, "%s: write on-submit or on-approval, not “%.40s”", row->key, text);
        *(enum config_draft *)member(r, row) =
            strcmp(text, "on-approval") == 0 ? DRAFT_ON_APPROVAL : DRAFT_ON_SUBMIT;
        break;
    case KIND_LEVEL:
        level = log_level_named(text);
        if (level < 0)
            complain(r, node, "%s: write error, warn, info or debug, not “%.40s”", row->key, text);
        else
            *(enum log_level *)member(r, row) = (enum log_level)level;
        break;
    case KIND_USERS:
    case KIND_GROUPS:
    case KIND_TEAMS:
    case KIND_TIERS:
        complain(r, node, "%s must be a list, like [A, B]", row->key);
        break;
    }
}

/* --- lists -------------------------------------------------------------------------------- */

static void put_ids(struct reading *r, const struct config_row *row, const yaml_node_t *list)
{
    const char *starts = row->kind == KIND_USERS ? "UW" : row->kind == KIND_GROUPS ? "S" : "TE";
    char ***into = member(r, row);
    size_t count = 0;
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; item++) {
        const yaml_node_t *node = node_at(r, *item);
        const char *text = scalar(node);
        if (text == NULL || !is_id(text, starts)) {
            complain(r, node, "%s: “%.40s” is not a %s id; it looks like %c0123456789", row->key,
                     text != NULL ? text : "…",
                     row->kind == KIND_USERS    ? "user"
                     : row->kind == KIND_GROUPS ? "user group"
                                                : "team",
                     starts[0]);
            continue;
        }
        *into = mem_resize(*into, count + 2, sizeof(**into));
        (*into)[count++] = mem_copy(text);
        (*into)[count] = NULL;
    }
}

static void put_tier(struct reading *r, const yaml_node_t *node)
{
    const char *name = NULL;
    const char *markup = NULL;
    struct config_tier tier = {0};
    if (node->type == YAML_MAPPING_NODE) {
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            const char *key = scalar(node_at(r, pair->key));
            if (key != NULL && strcmp(key, "name") == 0 && name == NULL)
                name = scalar(node_at(r, pair->value));
            else if (key != NULL && strcmp(key, "markup") == 0 && markup == NULL)
                markup = scalar(node_at(r, pair->value));
            else
                complain(r, node_at(r, pair->key),
                         "offer.tiers: a tier has a name and a markup, once each");
        }
    }
    if (name == NULL || markup == NULL || !decimal_read(&tier.markup, markup)) {
        complain(r, node, "offer.tiers: write {name: bronze, markup: \"25\"}");
        return;
    }
    struct config *config = r->config;
    for (size_t i = 0; i < config->tier_count; i++) {
        if (strcmp(config->tiers[i].name, name) == 0)
            complain(r, node, "offer.tiers: “%.40s” is listed twice", name);
    }
    tier.name = mem_copy(name);
    config->tiers = mem_resize(config->tiers, config->tier_count + 1, sizeof(tier));
    config->tiers[config->tier_count++] = tier;
}

static void put_tiers(struct reading *r, const yaml_node_t *list)
{
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; item++)
        put_tier(r, node_at(r, *item));
}

/* --- keys --------------------------------------------------------------------------------- */

/* The section whose name is nearest to ${key}, on the heap; NULL when none is near. */
static char *nearest_section(const char *key)
{
    char *names[MOST_ROWS] = {NULL};
    size_t count = 0;
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        const char *last = strrchr(row->key, '.');
        if (last != NULL && count < MOST_ROWS)
            names[count++] = mem_slice(row->key, (size_t)(last - row->key));
    }
    const char *nearest = text_nearest(key, (const char *const *)names, sizeof(*names), count, 4);
    char *found = nearest != NULL ? mem_copy(nearest) : NULL;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return found;
}

static void no_such_key(struct reading *r, const char *key, const yaml_node_t *name, bool section)
{
    const char *row = text_nearest(key, &config_rows->key, sizeof(*config_rows), SIZE_MAX, 6);
    char *nearest = section ? nearest_section(key) : row != NULL ? mem_copy(row) : NULL;
    complain(r, name, "there is no %s “%s”%s%s%s", section ? "section" : "key", key,
             nearest != NULL ? "; did you mean “" : "", nearest != NULL ? nearest : "",
             nearest != NULL ? "”?" : "");
    free(nearest);
}

static void read_value(struct reading *r, const char *key, const yaml_node_t *name,
                       const yaml_node_t *value)
{
    size_t i = 0;
    while (config_rows[i].key != NULL && strcmp(config_rows[i].key, key) != 0)
        i++;
    const struct config_row *row = &config_rows[i];
    if (row->key == NULL) {
        no_such_key(r, key, name, value->type == YAML_MAPPING_NODE);
        return;
    }
    r->seen[i] = true;
    const char *text = scalar(value);
    if (text != NULL)
        put_scalar(r, row, value, text);
    else if (value->type == YAML_SEQUENCE_NODE && row->kind == KIND_TIERS)
        put_tiers(r, value);
    else if (value->type == YAML_SEQUENCE_NODE && row->kind >= KIND_USERS)
        put_ids(r, row, value);
    else
        complain(r, value, "%s must be a single value", key);
}

static bool is_section(const char *key)
{
    size_t size = strlen(key);
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        if (strncmp(row->key, key, size) == 0 && row->key[size] == '.')
            return true;
    }
    return false;
}

/* Does this key stand in the mapping a second time? */
static bool stood_before(struct reading *r, const yaml_node_t *node, const yaml_node_pair_t *at)
{
    const char *word = scalar(node_at(r, at->key));
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < at; pair++) {
        const char *other = scalar(node_at(r, pair->key));
        if (other != NULL && strcmp(other, word) == 0)
            return true;
    }
    return false;
}

static void read_mapping(struct reading *r, const char *before, const yaml_node_t *node, int depth)
{
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = node_at(r, pair->key);
        const yaml_node_t *value = node_at(r, pair->value);
        const char *word = scalar(name);
        if (word == NULL || strlen(word) > 60) {
            complain(r, name, "a key must be a word");
            continue;
        }
        if (*before == '\0' && strchr(word, '.') != NULL) {
            complain(r, name, "write “%.40s” as a section and a key in it", word);
            continue;
        }
        char *key = text_format("%s%s%s", before, *before != '\0' ? "." : "", word);
        if (stood_before(r, node, pair))
            complain(r, name, "%s is listed twice", key); /* the first one was read */
        else if (value->type == YAML_MAPPING_NODE && depth < 4 && is_section(key))
            read_mapping(r, key, value, depth + 1);
        else
            read_value(r, key, name, value);
        free(key);
    }
}

/* --- the whole ---------------------------------------------------------------------------- */

static void put_defaults(struct reading *r)
{
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        if (row->kind < KIND_USERS)
            put_scalar(r, row, NULL, row->by_default != NULL ? row->by_default : "");
        else if (row->kind != KIND_TIERS)
            *(char ***)member(r, row) = mem_new(1, sizeof(char *));
    }
    text_clear(&r->problems); /* of needed keys, which the file gives */
}

static void put_default_tiers(struct config *config)
{
    static const char *const tiers[][2] = {{"bronze", "25"}, {"silver", "33.3"}, {"gold", "42.8"}};
    config->tiers = mem_new(3, sizeof(*config->tiers));
    config->tier_count = 3;
    for (size_t i = 0; i < 3; i++) {
        config->tiers[i].name = mem_copy(tiers[i][0]);
        decimal_read(&config->tiers[i].markup, tiers[i][1]);
    }
}

static void check_whole(struct reading *r)
{
    struct config *config = r->config;
    bool known = false;
    for (size_t i = 0; config_rows[i].key != NULL; i++) {
        if (config_rows[i].by_default == NULL && !r->seen[i])
            complain(r, NULL, "%s is missing: %s", config_rows[i].key, config_rows[i].doc);
    }
    if (config->approvers.users[0] == NULL && config->approvers.groups[0] == NULL)
        complain(r, NULL, "nobody can approve: name people.approvers.users or .groups");
    if (config->tier_count == 0)
        put_default_tiers(config);
    for (size_t i = 0; i < config->tier_count; i++)
        known |= strcmp(config->tiers[i].name, config->tier) == 0;
    if (!known)
        complain(r, NULL, "offer.tier “%s” is not one of offer.tiers", config->tier);
    if (config->poll_slowest < config->poll_first)
        complain(r, NULL, "marketplace.poll_slowest is shorter than marketplace.poll_first");
}

static bool has_anchor(const yaml_event_t *event)
{
    return event->type == YAML_ALIAS_EVENT ||
           (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
           (event->type == YAML_SEQUENCE_START_EVENT &&
            event->data.sequence_start.anchor != NULL) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
}

/* Anchors and aliases hide what a line means: none are taken. What is no YAML is left to the
 * reading itself to say. -1: there is not enough memory; a parser that got none at its making would
 * give empty events without end. */
static int find_aliases(FILE *file, bool *found)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;
    if (!yaml_parser_initialize(&parser))
        return -1;
    yaml_parser_set_input_file(&parser, file);
    while (more && yaml_parser_parse(&parser, &event)) {
        *found |= has_anchor(&event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    int result = parser.error == YAML_MEMORY_ERROR ? -1 : 0;
    yaml_parser_delete(&parser);
    rewind(file);
    return result;
}

static void read_document(struct reading *r, yaml_parser_t *parser)
{
    yaml_document_t second;
    yaml_node_t *root = yaml_document_get_root_node(&r->document);
    put_defaults(r);
    if (r->alias)
        complain(r, NULL, "anchors (&name) and aliases (*name) are not taken: write the value out");
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        complain(r, NULL, "it is empty; `cppo-bot init` writes an example");
    else
        read_mapping(r, "", root, 0);
    check_whole(r);
    if (yaml_parser_load(parser, &second)) {
        if (yaml_document_get_root_node(&second) != NULL)
            complain(r, NULL, "there is a second document after “---”");
        yaml_document_delete(&second);
    } else {
        complain(r, NULL, "what comes after “---” is not YAML; only one document is taken");
    }
}

static bool load_document(struct reading *r, yaml_parser_t *parser, FILE *file)
{
    if (find_aliases(file, &r->alias) != 0 || !yaml_parser_initialize(parser))
        return false;
    yaml_parser_set_input_file(parser, file);
    return yaml_parser_load(parser, &r->document);
}

/* A relative path starts at the configuration's folder, wherever the bot was started from: it would
 * begin another book in another folder. */
static void resolve_store(struct config *config, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (config->store_path[0] == '/' || slash == NULL)
        return;
    char *whole = text_format("%.*s/%s", (int)(slash - path), path, config->store_path);
    free(config->store_path);
    config->store_path = whole;
}

struct config *config_load(const char *path, char **why)
{
    struct reading r = {.path = path};
    yaml_parser_t parser = {0};
    struct stat about;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        *why = text_format("%s cannot be read: %s. `cppo-bot init` writes an example", path,
                           strerror(errno));
        return NULL;
    }
    r.config = mem_new(1, sizeof(*r.config));
    if (!load_document(&r, &parser, file)) {
        const char *problem =
            parser.problem != NULL ? parser.problem : "there is not enough memory";
        text_addf(&r.problems, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1, problem);
    } else {
        read_document(&r, &parser);
        yaml_document_delete(&r.document);
    }
    yaml_parser_delete(&parser);
    r.config->writable_by_others =
        fstat(fileno(file), &about) == 0 && (about.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    (void)fclose(file); /* it was only read */
    if (r.problems.size > 0) {
        *why = text_take(&r.problems);
        config_free(r.config);
        r.config = NULL;
    }
    text_free(&r.problems);
    if (r.config != NULL)
        resolve_store(r.config, path);
    return r.config;
}

static void free_list(char **list)
{
    for (char **one = list; one != NULL && *one != NULL; one++)
        free(*one);
    free(list);
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        void *at = (char *)config + row->offset;
        if (row->kind == KIND_TEXT || row->kind == KIND_CHANNEL || row->kind == KIND_TEAM ||
            row->kind == KIND_ACCOUNT || row->kind == KIND_PRICE)
            free(*(char **)at);
        else if (row->kind == KIND_USERS || row->kind == KIND_GROUPS || row->kind == KIND_TEAMS)
            free_list(*(char ***)at);
    }
    for (size_t i = 0; i < config->tier_count; i++)
        free(config->tiers[i].name);
    free(config->tiers);
    free(config);
}

struct decimal config_markup(const struct config *config)
{
    for (size_t i = 0; i < config->tier_count; i++) {
        if (strcmp(config->tiers[i].name, config->tier) == 0)
            return config->tiers[i].markup;
    }
    return (struct decimal){0, 0};
}
