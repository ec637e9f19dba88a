#include "blockkit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blockkit_types.h"
#include "sandbox.h"

enum { MAX_WRONG = 20, POINTER = 300, MAX_MARKDOWN = 12000 };

/* One check of one call. */
struct check {
    json_t *wrong;
    json_t *ids; /* block_ids seen */
    unsigned surface;
};

__attribute__((format(printf, 3, 4))) static void complain(struct check *check, const char *at,
                                                           const char *format, ...)
{
    char what[200];
    va_list args;
    if (json_array_size(check->wrong) >= MAX_WRONG)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    json_array_append_new(check->wrong, json_sprintf("[ERROR] %s [json-pointer:%s]", what, at));
}

static const char *type_of(const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    return type != NULL ? type : "";
}

static void check_object(struct check *check, const char *at, const json_t *object,
                         const struct blockkit_type *type);

/* --- values --- */

static void check_string(struct check *check, const char *at, const json_t *value, int min, int max)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        complain(check, at, "must provide a string");
        return;
    }
    size_t points = text_points(text);
    if (points < (size_t)min)
        complain(check, at, "must be more than %d characters", min - 1);
    if (max > 0 && points > (size_t)max)
        complain(check, at, "must be less than %d characters", max + 1);
}

static void check_text(struct check *check, const char *at, const json_t *value, bool plain_only,
                       int min, int max)
{
    static const char *const plain_members[] = {"type", "text", "emoji"};
    static const char *const markup_members[] = {"type", "text", "verbatim"};
    char below[POINTER];
    const char *key;
    json_t *member;
    bool plain = strcmp(type_of(value), "plain_text") == 0;
    if (!json_is_object(value)) {
        complain(check, at, "must provide an object");
        return;
    }
    if (!plain && (plain_only || strcmp(type_of(value), "mrkdwn") != 0)) {
        complain(check, at, "must be a valid text object of type %s",
                 plain_only ? "plain_text" : "plain_text or mrkdwn");
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        size_t i = 0;
        while (i < 3 && strcmp(key, (plain ? plain_members : markup_members)[i]) != 0)
            i++;
        if (i == 3)
            complain(check, at, "invalid additional property: %s", key);
        if (i == 2 && !json_is_boolean(member))
            complain(check, at, "%s must be a boolean", key);
    }
    snprintf(below, sizeof(below), "%s/text", at);
    check_string(check, below, json_object_get(value, "text"), min, max);
}

/* Members of a small object: ${names} ends with NULL; the first ${required} of them must be there.
 */
static bool check_members(struct check *check, const char *at, const json_t *value,
                          const char *const *names, size_t required)
{
    const char *key;
    json_t *member;
    if (!json_is_object(value)) {
        complain(check, at, "must provide an object");
        return false;
    }
    for (size_t i = 0; i < required; i++) {
        if (json_object_get(value, names[i]) == NULL)
            complain(check, at, "missing required field: %s", names[i]);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        size_t i = 0;
        while (names[i] != NULL && strcmp(names[i], key) != 0)
            i++;
        if (names[i] == NULL)
            complain(check, at, "invalid additional property: %s", key);
    }
    return true;
}

struct text_member {
    const char *name;
    int max;
    bool plain;
};

static void check_text_members(struct check *check, const char *at, const json_t *value,
                               const struct text_member *members, size_t count)
{
    char below[POINTER];
    for (size_t i = 0; i < count; i++) {
        const json_t *text = json_object_get(value, members[i].name);
        snprintf(below, sizeof(below), "%.250s/%s", at, members[i].name);
        if (text != NULL)
            check_text(check, below, text, members[i].plain, 1, members[i].max);
    }
}

static void check_confirm(struct check *check, const char *at, const json_t *value)
{
    static const char *const names[] = {"title", "text", "confirm", "deny", "style", NULL};
    static const struct text_member texts[] = {
        {"title", 100, true}, {"text", 300, false}, {"confirm", 30, true}, {"deny", 30, true}};
    if (check_members(check, at, value, names, 2))
        check_text_members(check, at, value, texts, 4);
}

static void check_option(struct check *check, const char *at, const json_t *value)
{
    static const char *const names[] = {"text", "value", "description", "url", NULL};
    static const struct text_member texts[] = {{"text", 75, false}, {"description", 75, false}};
    char below[POINTER];
    if (!check_members(check, at, value, names, 2))
        return;
    check_text_members(check, at, value, texts, 2);
    snprintf(below, sizeof(below), "%.250s/value", at);
    if (json_object_get(value, "value") != NULL)
        check_string(check, below, json_object_get(value, "value"), 1, 150);
    snprintf(below, sizeof(below), "%.250s/url", at);
    if (json_object_get(value, "url") != NULL)
        check_string(check, below, json_object_get(value, "url"), 1, 3000);
}

static bool check_count(struct check *check, const char *at, const json_t *value, int min, int max)
{
    if (!json_is_array(value)) {
        complain(check, at, "must provide an array");
        return false;
    }
    if (json_array_size(value) < (size_t)min)
        complain(check, at, "must have at least %d item%s", min, min == 1 ? "" : "s");
    if (max > 0 && json_array_size(value) > (size_t)max)
        complain(check, at, "no more than %d items allowed", max);
    return true;
}

static void check_options(struct check *check, const char *at, const json_t *value, int min,
                          int max)
{
    char below[POINTER];
    size_t i;
    json_t *option;
    if (!check_count(check, at, value, min, max))
        return;
    json_array_foreach(value, i, option)
    {
        snprintf(below, sizeof(below), "%.250s/%zu", at, i);
        check_option(check, below, option);
    }
}

static void check_groups(struct check *check, const char *at, const json_t *value, int max)
{
    static const char *const names[] = {"label", "options", NULL};
    static const struct text_member label = {"label", 75, true};
    char below[POINTER];
    size_t i;
    json_t *group;
    if (!check_count(check, at, value, 1, max))
        return;
    json_array_foreach(value, i, group)
    {
        snprintf(below, sizeof(below), "%.250s/%zu", at, i);
        if (!check_members(check, below, group, names, 2))
            continue;
        check_text_members(check, below, group, &label, 1);
        snprintf(below, sizeof(below), "%.250s/%zu/options", at, i);
        check_options(check, below, json_object_get(group, "options"), 1, 100);
    }
}

/* "YYYY-MM-DD" by ${pattern} "dddd-dd-dd". */
static void check_pattern(struct check *check, const char *at, const json_t *value,
                          const char *pattern)
{
    const char *text = json_string_value(value);
    bool good = text != NULL && strlen(text) == strlen(pattern);
    for (size_t i = 0; good && pattern[i] != '\0'; i++)
        good = pattern[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == pattern[i];
    if (!good)
        complain(check, at, "must be in the form %s", pattern);
}

static void check_int(struct check *check, const char *at, const json_t *value, int min, int max)
{
    if (!json_is_integer(value))
        complain(check, at, "must provide a number");
    else if (json_integer_value(value) < min || (max > 0 && json_integer_value(value) > max))
        complain(check, at, "must be a number from %d to %d", min, max);
}

/* --- elements --- */

static void check_element(struct check *check, const char *at, const json_t *element,
                          unsigned place)
{
    const char *name = type_of(element);
    if (place == PLACE_CONTEXT &&
        (strcmp(name, "plain_text") == 0 || strcmp(name, "mrkdwn") == 0)) {
        check_text(check, at, element, false, 1, 3000);
        return;
    }
    const struct blockkit_type *type = blockkit_types_element(name);
    if (type == NULL || (type->places & place) == 0)
        complain(check, at, "unsupported type: %.60s", name);
    else
        check_object(check, at, element, type);
}

static void check_elements(struct check *check, const char *at, const json_t *elements,
                           const struct blockkit_member *member, unsigned place)
{
    char below[POINTER];
    json_t *ids = json_object();
    size_t i;
    json_t *element;
    if (check_count(check, at, elements, member->min, member->max)) {
        json_array_foreach(elements, i, element)
        {
            const char *id = json_string_value(json_object_get(element, "action_id"));
            snprintf(below, sizeof(below), "%.250s/%zu", at, i);
            check_element(check, below, element, place);
            if (id != NULL && json_object_get(ids, id) != NULL)
                complain(check, below, "`action_id` %.80s already exists for another element", id);
            if (id != NULL)
                json_object_set_new(ids, id, json_true());
        }
    }
    json_decref(ids);
}

static void check_texts(struct check *check, const char *at, const json_t *texts,
                        const struct blockkit_member *member)
{
    char below[POINTER];
    size_t i;
    json_t *text;
    if (!check_count(check, at, texts, member->min, member->max))
        return;
    json_array_foreach(texts, i, text)
    {
        snprintf(below, sizeof(below), "%.250s/%zu", at, i);
        check_text(check, below, text, false, 1, 2000);
    }
}

/* --- members of an object --- */

static void check_style(struct check *check, const char *at, const json_t *value)
{
    const char *style = json_string_value(value);
    if (style == NULL || (strcmp(style, "primary") != 0 && strcmp(style, "danger") != 0))
        complain(check, at, "style is \"primary\" or \"danger\"");
}

static unsigned place_in(const char *block)
{
    if (strcmp(block, "section") == 0)
        return PLACE_SECTION;
    if (strcmp(block, "input") == 0)
        return PLACE_INPUT;
    return strcmp(block, "context") == 0 ? PLACE_CONTEXT : PLACE_ACTIONS;
}

static void check_value(struct check *check, const char *at, const json_t *value,
                        const struct blockkit_member *member, const char *owner)
{
    switch (member->kind) {
    case KIND_STRING:
        check_string(check, at, value, member->min, member->max);
        break;
    case KIND_PLAIN:
    case KIND_TEXT:
        check_text(check, at, value, member->kind == KIND_PLAIN, member->min, member->max);
        break;
    case KIND_BOOL:
        if (!json_is_boolean(value))
            complain(check, at, "must be a boolean");
        break;
    case KIND_INT:
        check_int(check, at, value, member->min, member->max);
        break;
    case KIND_DATE:
        check_pattern(check, at, value, "dddd-dd-dd");
        break;
    case KIND_TIME:
        check_pattern(check, at, value, "dd:dd");
        break;
    case KIND_STYLE:
        check_style(check, at, value);
        break;
    case KIND_OPTION:
        check_option(check, at, value);
        break;
    case KIND_OPTIONS:
        check_options(check, at, value, member->min, member->max);
        break;
    case KIND_GROUPS:
        check_groups(check, at, value, member->max);
        break;
    case KIND_CONFIRM:
        check_confirm(check, at, value);
        break;
    case KIND_TEXTS:
        check_texts(check, at, value, member);
        break;
    case KIND_ELEMENT:
        check_element(check, at, value, place_in(owner));
        break;
    case KIND_ELEMENTS:
        check_elements(check, at, value, member, place_in(owner));
        break;
    case KIND_ANY:
    case KIND_END:
        break;
    }
}

static const struct blockkit_member *member_named(const struct blockkit_type *type,
                                                  const char *name)
{
    for (const struct blockkit_member *member = type->members; member->kind != KIND_END; member++) {
        if (strcmp(member->name, name) == 0)
            return member;
    }
    return NULL;
}

/* An initial option must be one of the options. */
static void check_initial(struct check *check, const char *at, const json_t *object)
{
    const json_t *initial = json_object_get(object, "initial_option");
    const json_t *options = json_object_get(object, "options");
    size_t i;
    json_t *option;
    if (initial == NULL || !json_is_array(options))
        return;
    json_array_foreach(options, i, option)
    {
        if (json_equal(json_object_get(option, "value"), json_object_get(initial, "value")))
            return;
    }
    complain(check, at, "initial_option must match one of the options");
}

/* What a table of members cannot say. */
static void check_combination(struct check *check, const char *at, const json_t *object,
                              const char *type)
{
    bool options = json_object_get(object, "options") != NULL;
    bool groups = json_object_get(object, "option_groups") != NULL;
    if (strcmp(type, "section") == 0 && json_object_get(object, "text") == NULL &&
        json_object_get(object, "fields") == NULL)
        complain(check, at, "missing required field: text or fields");
    if ((strcmp(type, "static_select") == 0 || strcmp(type, "multi_static_select") == 0) &&
        options == groups)
        complain(check, at, "one of options and option_groups is needed");
    if (strcmp(type, "image") == 0 && (json_object_get(object, "image_url") == NULL) ==
                                          (json_object_get(object, "slack_file") == NULL))
        complain(check, at, "one of image_url and slack_file is needed");
    check_initial(check, at, object);
}

static void check_object(struct check *check, const char *at, const json_t *object,
                         const struct blockkit_type *type)
{
    char below[POINTER];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const struct blockkit_member *member = member_named(type, key);
        snprintf(below, sizeof(below), "%.200s/%.60s", at, key);
        if (member != NULL)
            check_value(check, below, value, member, type->name);
        else if (strcmp(key, "type") != 0)
            complain(check, at, "invalid additional property: %.60s", key);
    }
    for (const struct blockkit_member *member = type->members; member->kind != KIND_END; member++) {
        if (member->required && json_object_get(object, member->name) == NULL)
            complain(check, at, "missing required field: %s", member->name);
    }
    check_combination(check, at, object, type->name);
}

/* --- wholes --- */

static void check_blocks(struct check *check, const char *at, const json_t *blocks, int most)
{
    char below[POINTER];
    size_t i;
    json_t *block;
    if (!check_count(check, at, blocks, 0, most))
        return;
    json_array_foreach(blocks, i, block)
    {
        const struct blockkit_type *type = blockkit_types_block(type_of(block));
        const char *id = json_string_value(json_object_get(block, "block_id"));
        snprintf(below, sizeof(below), "%s/%zu", at, i);
        if (type == NULL || (type->places & check->surface) == 0)
            complain(check, below, "unsupported type: %.60s", type_of(block));
        else
            check_object(check, below, block, type);
        if (id != NULL && json_object_get(check->ids, id) != NULL)
            complain(check, below, "`block_id` %.80s already exists", id);
        if (id != NULL)
            json_object_set_new(check->ids, id, json_true());
    }
}

/* All markdown blocks of a message share one limit. */
static void check_markdown(struct check *check, const json_t *blocks)
{
    size_t points = 0;
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        const char *text = json_string_value(json_object_get(block, "text"));
        if (strcmp(type_of(block), "markdown") == 0 && text != NULL)
            points += text_points(text);
    }
    if (points > MAX_MARKDOWN)
        complain(check, "/blocks", "markdown blocks must be less than %d characters together",
                 MAX_MARKDOWN + 1);
}

json_t *blockkit_check(const json_t *blocks)
{
    struct check check = {.wrong = json_array(), .ids = json_object(), .surface = PLACE_MESSAGE};
    check_blocks(&check, "/blocks", blocks, 50);
    check_markdown(&check, blocks);
    json_decref(check.ids);
    return check.wrong;
}

static bool has_inputs(const json_t *blocks)
{
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        if (strcmp(type_of(block), "input") == 0)
            return true;
    }
    return false;
}

json_t *blockkit_check_view(const json_t *view, enum blockkit_surface surface)
{
    struct check check = {.wrong = json_array(), .ids = json_object(), .surface = PLACE_VIEW};
    const char *name = surface == BLOCKKIT_HOME ? "home" : "modal";
    const json_t *blocks = json_object_get(view, "blocks");
    if (strcmp(type_of(view), name) != 0) {
        complain(&check, "/view/type", "must be \"%s\"", name);
    } else {
        check_object(&check, "/view", view, blockkit_types_view(name));
        check_blocks(&check, "/view/blocks", blocks, 100);
        if (surface == BLOCKKIT_MODAL && has_inputs(blocks) &&
            json_object_get(view, "submit") == NULL)
            complain(&check, "/view", "`submit` is required when an `input` block is within view");
    }
    json_decref(check.ids);
    return check.wrong;
}

/* --- looking into blocks --- */

json_t *blockkit_element(const json_t *block, size_t *index)
{
    static const char *const single[] = {"element", "accessory"};
    size_t at = (*index)++;
    json_t *elements = json_object_get(block, "elements");
    if (json_is_array(elements))
        return json_array_get(elements, at);
    for (size_t i = 0; i < 2; i++) {
        json_t *element = json_object_get(block, single[i]);
        if (element != NULL)
            return at == 0 ? element : NULL;
    }
    return NULL;
}

void blockkit_fill_ids(json_t *blocks)
{
    char id[6];
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        size_t at = 0;
        json_t *element;
        if (json_object_get(block, "block_id") == NULL) {
            sandbox_random_id(id, sizeof(id));
            json_object_set_new(block, "block_id", json_string(id));
        }
        while ((element = blockkit_element(block, &at)) != NULL) {
            const struct blockkit_type *type = blockkit_types_element(type_of(element));
            if (type == NULL || strcmp(type->name, "image") == 0 ||
                json_object_get(element, "action_id") != NULL)
                continue;
            sandbox_random_id(id, sizeof(id));
            json_object_set_new(element, "action_id", json_string(id));
        }
    }
}
