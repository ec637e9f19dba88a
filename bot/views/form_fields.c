/* The form is changed as it is, while somebody fills it in: Slack keeps what they typed in a field
 * whose block id and action id stay (docs.slack.dev, "Modals: updating views"); should it not, they
 * find it there as the first value. What was typed since the form was sent to us is theirs, too:
 * therefore no field gets a new id unless its value is to be another one. */
#include "views/form_fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/form_rare.h"

enum { MAX_KEPT = 1000, MAX_BLOCK = 60 }; /* of private_metadata's 3000; of a block id's 255 */

static void words_id(enum field field, char id[MAX_BLOCK])
{
    snprintf(id, MAX_BLOCK, "%s_words", field_name(field));
}

json_t *form_fields_words(enum field field, const char *markup)
{
    char id[MAX_BLOCK];
    words_id(field, id);
    json_t *block = blocks_section(markup);
    json_object_set_new(block, "block_id", json_string(id));
    if (field == FIELD_MARKUP) /* phones have no Enter */
        json_object_set_new(block, "accessory",
                            blocks_button("Update", "preview", "-", BUTTON_PLAIN));
    return block;
}

/* --- what stands there --- */

/* "term", or "term.2"; 0 stands for the first, -1: it is another block. */
static int number_of(const char *block_id, enum field field)
{
    const char *name = field_name(field);
    size_t size = strlen(name);
    if (strncmp(block_id, name, size) != 0)
        return -1;
    if (block_id[size] == '\0')
        return 0;
    if (block_id[size] != '.' || !isdigit((unsigned char)block_id[size + 1]))
        return -1;
    char *end;
    long number = strtol(block_id + size + 1, &end, 10);
    return *end == '\0' && number < 1000000 ? (int)number : -1;
}

/* Where the block of this field stands; as many as there are blocks when it does not. */
static size_t index_of(const json_t *blocks, enum field field)
{
    size_t i;
    const json_t *block;
    json_array_foreach(blocks, i, block)
    {
        if (number_of(json_text(block, "block_id"), field) >= 0)
            return i;
    }
    return json_array_size(blocks);
}

/* Where the button stands; as many as there are blocks when it does not. */
static size_t more_at(const json_t *blocks)
{
    size_t i;
    const json_t *block;
    json_array_foreach(blocks, i, block)
    {
        if (strcmp(json_text(block, "block_id"), FORM_MORE) == 0)
            return i;
    }
    return json_array_size(blocks);
}

static const json_t *values_of(const json_t *view)
{
    return json_object_get(json_object_get(view, "state"), "values");
}

const char *form_fields_block(const json_t *view, enum field field)
{
    const json_t *blocks = json_object_get(view, "blocks");
    const json_t *block = json_array_get(blocks, index_of(blocks, field));
    const char *id;
    json_t *unused;
    if (block != NULL)
        return json_text(block, "block_id");
    json_object_foreach((json_t *)(uintptr_t)values_of(view), id, unused)
    {
        if (number_of(id, field) >= 0)
            return id;
    }
    return NULL;
}

/* What stands in this block, by the form's state; NULL for one that has none. */
static const json_t *entered(const json_t *view, const char *block_id, enum field field)
{
    return json_object_get(json_object_get(values_of(view), block_id), field_name(field));
}

/* How Slack tells what stands in a field, and what is to stand in it at first. */
static const char *const members[][2] = {{"value", "initial_value"},
                                         {"selected_option", "initial_option"},
                                         {"selected_date", "initial_date"}};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

const char *form_fields_meant(enum field field, const char *value)
{
    bool none = value == NULL || *value == '\0' ||
                (field == FIELD_PLAYBOOK && strcmp(value, FORM_NO_PLAYBOOK) == 0);
    return none ? NULL : value;
}

bool form_fields_closed(const json_t *view)
{
    return more_at(json_object_get(view, "blocks")) <
           json_array_size(json_object_get(view, "blocks"));
}

static json_t *metadata_of(const json_t *view)
{
    const char *text = json_string_value(json_object_get(view, "private_metadata"));
    return text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

json_t *form_fields_read(const json_t *view, struct form *form)
{
    json_t *kept = form_fields_closed(view) ? metadata_of(view) : NULL;
    for (int field = 0; field < FIELD_COUNT; field++) {
        const char *id = form_fields_block(view, (enum field)field);
        form->typed[field] = NULL;
        for (size_t i = 0; i < MEMBERS && id != NULL && form->typed[field] == NULL; i++) {
            const json_t *value =
                json_object_get(entered(view, id, (enum field)field), members[i][0]);
            const char *text =
                json_string_value(json_is_object(value) ? json_object_get(value, "value") : value);
            form->typed[field] = form_fields_meant((enum field)field, text);
        }
    }
    if (kept != NULL)
        form_rare_read(kept, form);
    return kept;
}

/* --- what follows --- */

/* The block with what stands in it as its first value, be it nothing. */
static void keep(json_t *block, const json_t *entry)
{
    json_t *element = json_object_get(block, "element");
    for (size_t i = 0; i < MEMBERS; i++) {
        json_t *value = json_object_get(entry, members[i][0]);
        if (value != NULL && !json_is_null(value))
            json_object_set(element, members[i][1], value);
        else if (value != NULL)
            json_object_del(element, members[i][1]);
    }
}

static json_t *kept_blocks(const json_t *view)
{
    json_t *blocks = json_deep_copy(json_object_get(view, "blocks"));
    for (int field = 0; field < FIELD_COUNT; field++) {
        json_t *block = json_array_get(blocks, index_of(blocks, (enum field)field));
        const json_t *entry = entered(view, json_text(block, "block_id"), (enum field)field);
        if (entry != NULL)
            keep(block, entry);
    }
    return blocks;
}

static void put_words(json_t *blocks, enum field field, const char *words)
{
    char id[MAX_BLOCK];
    words_id(field, id);
    for (size_t i = json_array_size(blocks); i-- > 0;) {
        if (strcmp(json_text(json_array_get(blocks, i), "block_id"), id) == 0)
            json_array_remove(blocks, i);
    }
    size_t at = index_of(blocks, field);
    if (words != NULL && at < json_array_size(blocks))
        json_array_insert_new(blocks, at + 1, form_fields_words(field, words));
}

/* The option of a list that has this value, in the list or outside of it. */
static json_t *option_of(const json_t *element, const char *value, const char *label)
{
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(element, "options"), i, option)
    {
        if (strcmp(json_text(option, "value"), value) == 0)
            return json_incref(option);
    }
    bool external = strcmp(json_text(element, "type"), "external_select") == 0;
    return external && label != NULL ? blocks_option(label, value) : NULL;
}

/* Another value: under a new block id, or Slack would leave what stands there. */
static void put_value(json_t *blocks, enum field field, const struct form_follow *follow)
{
    char id[MAX_BLOCK];
    const char *value = follow->put.typed[field];
    json_t *block = json_array_get(blocks, index_of(blocks, field));
    json_t *element = json_object_get(block, "element");
    const char *type = json_text(element, "type");
    bool list = strstr(type, "select") != NULL, date = strcmp(type, "datepicker") == 0;
    const char *member = members[list ? 1 : date ? 2 : 0][1];
    json_t *initial = list ? option_of(element, value, follow->authorization) : json_string(value);
    if (initial == NULL || block == NULL) {
        json_decref(initial);
        return;
    }
    snprintf(id, sizeof(id), "%s.%u", field_name(field),
             (unsigned)number_of(json_text(block, "block_id"), field) + 1 + follow->way);
    json_object_set_new(block, "block_id", json_string(id));
    if (*value != '\0')
        json_object_set(element, member, initial);
    else
        json_object_del(element, member);
    json_decref(initial);
}

/* What is behind the button changes there, or the button gives way to it. */
static void put_rare(json_t *blocks, json_t *metadata, const struct form_follow *follow)
{
    struct form kept = {.typed = {NULL}};
    size_t at = more_at(blocks), i;
    json_t *block;
    if (at == json_array_size(blocks))
        return;
    form_rare_keep(metadata, &follow->put);
    form_rare_read(metadata, &kept);
    json_array_remove(blocks, at);
    if (!follow->more) {
        json_array_insert_new(blocks, at, form_rare_closed(&kept));
        return;
    }
    kept.typed[FIELD_EULA_URL] = follow->put.typed[FIELD_EULA_URL];
    json_t *fields = form_rare_blocks(&kept);
    json_array_foreach(fields, i, block)
    {
        json_array_insert(blocks, at + i, block);
    }
    json_decref(fields);
    form_rare_drop(metadata);
}

/* The address of the EULA comes with its field, and goes with it into ${metadata}. */
static void put_eula_url(json_t *blocks, const json_t *view, bool shown, json_t *metadata)
{
    size_t eula = index_of(blocks, FIELD_EULA), at = index_of(blocks, FIELD_EULA_URL);
    bool there = at < json_array_size(blocks);
    if (there == shown || eula == json_array_size(blocks))
        return;
    if (shown) {
        const char *url = json_string_value(json_object_get(metadata, field_name(FIELD_EULA_URL)));
        json_array_insert_new(blocks, eula + 1, form_rare_eula_url(form_rare_url(url)));
        return;
    }
    struct form form = {.typed = {NULL}};
    json_t *kept = form_fields_read(view, &form);
    const char *typed = form.typed[FIELD_EULA_URL];
    json_decref(kept);
    if (typed != NULL && strlen(typed) <= MAX_KEPT)
        json_object_set_new(metadata, field_name(FIELD_EULA_URL), json_string(typed));
    json_array_remove(blocks, at);
}

void form_words_free(struct form_words *words)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        free(words->below[field]);
}

json_t *form_fields_follow(const json_t *view, const struct form_follow *follow)
{
    json_t *metadata = metadata_of(view);
    json_t *blocks = kept_blocks(view);
    json_t *form = NULL;
    if (json_is_object(metadata) &&
        index_of(blocks, FIELD_AUTHORIZATION) < json_array_size(blocks)) {
        put_rare(blocks, metadata, follow);
        put_eula_url(blocks, view, follow->own_eula, metadata);
        for (int field = 0; field < FIELD_COUNT; field++) {
            if (follow->put.typed[field] != NULL)
                put_value(blocks, (enum field)field, follow);
        }
        if (follow->playbook != NULL)
            json_object_set_new(metadata, "playbook", json_string(follow->playbook));
        for (int field = 0; field < FIELD_COUNT; field++)
            put_words(blocks, (enum field)field, follow->words.below[field]);
        char *written = json_write(json_incref(metadata));
        form = json_pack("{s:s, s:s, s:O, s:O, s:O, s:s, s:O}", "type", "modal", "callback_id",
                         "offer_form", "title", json_object_get(view, "title"), "submit",
                         json_object_get(view, "submit"), "close", json_object_get(view, "close"),
                         "private_metadata", written, "blocks", blocks);
        free(written);
    }
    json_decref(metadata);
    json_decref(blocks);
    return form;
}
