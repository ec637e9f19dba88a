#include "config_fill.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config_members.h"
#include "config_values.h"
#include "mem.h"

enum { MAX_DEPTH = 4, MAX_KEY = 60 };

/* A struct that is being filled by its table: the whole configuration's, or a map's of a list. */
struct filling {
    struct config_reading *r;
    const struct config_row *rows;
    void *into;
    const char *list; /* in which the map stands; "" for the whole */
    bool seen[CONFIG_MAX_ROWS];
};

size_t config_line(const yaml_node_t *node)
{
    return node != NULL ? node->start_mark.line + 1 : 0;
}

/* What a value's reader said, if it said something. */
static void pass_on(struct config_reading *r, const yaml_node_t *node, struct text *why)
{
    if (why->size > 0)
        COMPLAIN(r, node, "%s", why->bytes);
    text_free(why);
}

/* --- nodes and names --- */

static yaml_node_t *node_at(struct config_reading *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

static const char *scalar(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* A key as it is written about: "offer.tier", in a map of a list "offer.tiers[].markup". On the
 * heap. */
static char *full_name(const struct filling *f, const char *key)
{
    return *f->list != '\0' ? text_format("%s[].%s", f->list, key) : mem_copy(key);
}

/* --- keys --- */

/* The section whose name is nearest to ${key}, on the heap; NULL when none is near. */
static char *nearest_section(const struct config_row *rows, const char *key)
{
    char *names[CONFIG_MAX_ROWS] = {NULL};
    size_t count = 0;
    for (const struct config_row *row = rows; row->key != NULL; row++) {
        const char *last = strrchr(row->key, '.');
        if (last != NULL && count < CONFIG_MAX_ROWS)
            names[count++] = mem_slice(row->key, (size_t)(last - row->key));
    }
    const char *nearest = text_nearest(key, (const char *const *)names, sizeof(*names), count, 4);
    char *found = nearest != NULL ? mem_copy(nearest) : NULL;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return found;
}

/* The keys of maps are short: fewer edits make one of them another word. */
static void complain_unknown_key(const struct filling *f, const char *key, const yaml_node_t *name,
                                 bool section)
{
    bool whole = *f->list == '\0';
    const char *row = text_nearest(key, &f->rows->key, sizeof(*f->rows), SIZE_MAX, whole ? 6 : 4);
    char *nearest = section ? nearest_section(f->rows, key) : row != NULL ? mem_copy(row) : NULL;
    COMPLAIN(f->r, name, "there is no %s “%s”%s%s%s%s%s", section ? "section" : "key", key,
             whole ? "" : " in ", f->list, nearest != NULL ? "; did you mean “" : "",
             nearest != NULL ? nearest : "", nearest != NULL ? "”?" : "");
    free(nearest);
}

static bool is_section(const struct config_row *rows, const char *key)
{
    size_t size = strlen(key);
    for (const struct config_row *row = rows; row->key != NULL; row++) {
        if (strncmp(row->key, key, size) == 0 && row->key[size] == '.')
            return true;
    }
    return false;
}

/* Does a key before this one in the mapping have the same ${word}? */
static bool stood_before(struct config_reading *r, const yaml_node_t *node,
                         const yaml_node_pair_t *at, const char *word)
{
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < at; pair++) {
        const char *other = scalar(node_at(r, pair->key));
        if (other != NULL && strcmp(other, word) == 0)
            return true;
    }
    return false;
}

/* --- lists --- */

static void put_maps(const struct filling *f, const struct config_row *row,
                     const yaml_node_t *list);

static void put_ids(const struct filling *f, const struct config_row *row, const char *name,
                    const yaml_node_t *list)
{
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; item++) {
        struct text why = {0};
        const yaml_node_t *node = node_at(f->r, *item);
        config_put_id(row, name, config_member(f->into, row), scalar(node), &why);
        pass_on(f->r, node, &why);
    }
}

/* As the same words on one line are read. */
static void put_words(const struct filling *f, const struct config_row *row, const char *name,
                      const yaml_node_t *list)
{
    struct text words = {0};
    struct text why = {0};
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; item++) {
        const char *word = scalar(node_at(f->r, *item));
        text_addf(&words, "%s%s", words.size > 0 ? ", " : "", word != NULL ? word : "…");
    }
    config_put(row, name, config_member(f->into, row), text_get(&words), &why);
    pass_on(f->r, list, &why);
    text_free(&words);
}

/* --- a table's struct --- */

static void put_value(struct filling *f, const struct config_row *row, const yaml_node_t *value)
{
    char *name = full_name(f, row->key);
    const char *text = scalar(value);
    if (text != NULL) {
        struct text why = {0};
        config_put(row, name, config_member(f->into, row), text, &why);
        pass_on(f->r, value, &why);
    } else if (value->type == YAML_SEQUENCE_NODE && row->kind == KIND_LIST_OF_MAPS) {
        put_maps(f, row, value);
    } else if (value->type == YAML_SEQUENCE_NODE && config_is_ids(row->kind)) {
        put_ids(f, row, name, value);
    } else if (value->type == YAML_SEQUENCE_NODE && config_is_words(row->kind)) {
        put_words(f, row, name, value);
    } else if (row->kind == KIND_LIST_OF_MAPS) {
        COMPLAIN(f->r, value, "%s must be a list of maps", name);
    } else {
        COMPLAIN(f->r, value, "%s must be a %s", name,
                 config_is_ids(row->kind) ? "list, like [A, B]" : "single value");
    }
    free(name);
}

static void read_value(struct filling *f, const char *key, const yaml_node_t *name,
                       const yaml_node_t *value)
{
    size_t i = 0;
    while (f->rows[i].key != NULL && strcmp(f->rows[i].key, key) != 0)
        i++;
    if (f->rows[i].key == NULL) {
        complain_unknown_key(f, key, name, value->type == YAML_MAPPING_NODE);
        return;
    }
    f->seen[i] = true;
    put_value(f, &f->rows[i], value);
}

static void read_pair(struct filling *f, const char *before, const yaml_node_t *node,
                      const yaml_node_pair_t *pair, int depth);

static void read_mapping(struct filling *f, const char *before, const yaml_node_t *node, int depth)
{
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        read_pair(f, before, node, pair, depth);
}

/* One whose keys are all left out or commented out says nothing. */
static void read_section(struct filling *f, const char *key, const yaml_node_t *value, int depth)
{
    const char *text = scalar(value);
    if (value->type == YAML_MAPPING_NODE) {
        read_mapping(f, key, value, depth);
    } else if (text == NULL || *text != '\0') {
        char *name = full_name(f, key);
        COMPLAIN(f->r, value, "%s must be a section: keys of its own, each on a line", name);
        free(name);
    }
}

static void read_pair(struct filling *f, const char *before, const yaml_node_t *node,
                      const yaml_node_pair_t *pair, int depth)
{
    const yaml_node_t *name = node_at(f->r, pair->key);
    const yaml_node_t *value = node_at(f->r, pair->value);
    const char *word = scalar(name);
    if (word == NULL || strlen(word) > MAX_KEY) {
        COMPLAIN(f->r, name, "a key must be a word");
        return;
    }
    if (*before == '\0' && strchr(word, '.') != NULL) {
        COMPLAIN(f->r, name, "write “%.40s” as a section and a key in it", word);
        return;
    }
    char *key = text_format("%s%s%s", before, *before != '\0' ? "." : "", word);
    if (stood_before(f->r, node, pair, word)) {
        char *whole = full_name(f, key);
        COMPLAIN(f->r, name, "%s is listed twice", whole); /* the first one was read */
        free(whole);
    } else if (depth < MAX_DEPTH && is_section(f->rows, key)) {
        read_section(f, key, value, depth + 1);
    } else {
        read_value(f, key, name, value);
    }
    free(key);
}

static void put_defaults(const struct filling *f)
{
    struct text ignored = {0}; /* of required keys, which the file gives */
    for (const struct config_row *row = f->rows; row->key != NULL; row++) {
        if (config_is_ids(row->kind))
            *(char ***)config_member(f->into, row) = mem_new(1, sizeof(char *));
        else if (row->kind != KIND_LIST_OF_MAPS)
            config_put(row, row->key, config_member(f->into, row),
                       row->default_text != NULL ? row->default_text : "", &ignored);
    }
    text_free(&ignored);
}

static void put_default_maps(const struct filling *f, const struct config_row *row);

/* What was not given; ${node}: the mapping that lacks it, NULL: the file. */
static void finish(struct filling *f, const yaml_node_t *node)
{
    for (size_t i = 0; f->rows[i].key != NULL; i++) {
        const struct config_row *row = &f->rows[i];
        if (row->default_text == NULL && !f->seen[i]) {
            char *name = full_name(f, row->key);
            COMPLAIN(f->r, node, "%s is missing: %s", name, row->doc);
            free(name);
        }
        if (row->kind == KIND_LIST_OF_MAPS && row->default_text != NULL &&
            *config_count(f->into, row) == 0)
            put_default_maps(f, row);
    }
}

/* --- lists of maps --- */

/* How a map of the list is written: its first default, or its keys. On the heap. */
static char *map_example(const struct config_row *row)
{
    struct text example = {0};
    const char *default_text = row->default_text != NULL ? row->default_text : "";
    if (*default_text != '\0')
        return mem_slice(default_text, strcspn(default_text, "\n"));
    for (const struct config_row *one = row->list->rows; one->key != NULL; one++)
        text_addf(&example, "%s%s: …", example.size > 0 ? ", " : "{", one->key);
    text_add(&example, "}");
    return text_take(&example);
}

static const char *text_member(const char *map, const struct config_row *row)
{
    return *(char *const *)(const void *)(map + row->offset);
}

/* Has the last map of the list, which ${node} is, a name that an earlier one has? */
static void check_names(const struct filling *f, const struct config_row *row,
                        const yaml_node_t *node, const char *list)
{
    size_t size = row->list->size;
    const char *maps = config_maps(f->into, row);
    size_t last = *config_count(f->into, row) - 1;
    for (const struct config_row *one = row->list->rows; one->key != NULL; one++) {
        const char *name = one->kind == KIND_NAME ? text_member(maps + last * size, one) : "";
        for (size_t i = 0; *name != '\0' && i < last; i++) {
            if (strcmp(text_member(maps + i * size, one), name) == 0)
                COMPLAIN(f->r, node, "%s: “%.40s” is listed twice", list, name);
        }
    }
}

/* One more map at the end of the array, all zero. */
static char *add_map(const struct filling *f, const struct config_row *row)
{
    size_t *count = config_count(f->into, row);
    char *maps = mem_resize(config_maps(f->into, row), *count + 1, row->list->size);
    memcpy(config_member(f->into, row), &maps, sizeof(maps));
    char *added = maps + *count * row->list->size;
    memset(added, 0, row->list->size);
    (*count)++;
    return added;
}

static void put_map(const struct filling *f, const struct config_row *row, const yaml_node_t *node)
{
    char *name = full_name(f, row->key);
    struct filling map = {
        .r = f->r, .rows = row->list->rows, .into = add_map(f, row), .list = name};
    put_defaults(&map);
    if (row->list->line > 0)
        *(size_t *)(void *)((char *)map.into + row->list->line) = config_line(node);
    if (node->type == YAML_MAPPING_NODE) {
        read_mapping(&map, "", node, 0);
        finish(&map, node);
        check_names(f, row, node, name);
    } else {
        char *example = map_example(row);
        COMPLAIN(f->r, node, "%s: write %s", name, example);
        free(example);
    }
    free(name);
}

static void put_maps(const struct filling *f, const struct config_row *row, const yaml_node_t *list)
{
    const yaml_node_item_t *items = list->data.sequence.items.start;
    long long count = list->data.sequence.items.top - items;
    if (count > row->max) {
        char *name = full_name(f, row->key);
        COMPLAIN(f->r, list, "%s: %lld entries; the maximum is %lld", name, count, row->max);
        free(name);
        return;
    }
    for (long long i = 0; i < count; i++)
        put_map(f, row, node_at(f->r, items[i]));
}

/* The default is read by the way of the file: what it may be and how it is written is one thing. */
static void put_default_maps(const struct filling *f, const struct config_row *row)
{
    yaml_parser_t parser;
    struct config_reading inner = {.path = row->key, .problems = f->r->problems};
    struct filling whole = {.r = &inner, .rows = f->rows, .into = f->into, .list = f->list};
    struct text yaml = {0};
    for (const char *line = row->default_text; *line != '\0'; line += *line == '\n') {
        size_t size = strcspn(line, "\n");
        text_addf(&yaml, "- %.*s\n", (int)size, line);
        line += size;
    }
    bool good = yaml_parser_initialize(&parser);
    if (good) {
        yaml_parser_set_input_string(&parser, (const unsigned char *)text_get(&yaml), yaml.size);
        good = yaml_parser_load(&parser, &inner.document);
        yaml_parser_delete(&parser);
    }
    const yaml_node_t *list = good ? yaml_document_get_root_node(&inner.document) : NULL;
    if (list != NULL && list->type == YAML_SEQUENCE_NODE)
        put_maps(&whole, row, list);
    if (!good)
        COMPLAIN(f->r, NULL, "%s: its default could not be read: there is not enough memory",
                 row->key);
    else
        yaml_document_delete(&inner.document);
    text_free(&yaml);
}

/* --- the whole --- */

void config_fill(struct config_reading *r, const struct config_row *rows, void *into,
                 const yaml_node_t *root)
{
    struct filling whole = {.r = r, .rows = rows, .into = into, .list = ""};
    put_defaults(&whole);
    if (root == NULL)
        COMPLAIN(r, NULL, "it is empty; `cppo-bot init` writes an example");
    else if (root->type != YAML_MAPPING_NODE)
        COMPLAIN(r, root, "expected key: value pairs; `cppo-bot init` writes an example");
    else
        read_mapping(&whole, "", root, 0);
    finish(&whole, NULL);
}
