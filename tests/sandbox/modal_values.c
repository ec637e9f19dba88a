#include "modal_values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "blockkit.h"
#include "workspace.h"

enum shape { SHAPE_NONE, SHAPE_TEXT, SHAPE_NUMBER, SHAPE_OPTION, SHAPE_OPTIONS, SHAPE_LIST };

struct kind {
    const char *type;
    enum shape shape;
    const char *key;     /* in the state */
    const char *initial; /* in the element */
};

static const struct kind kinds[] = {
    {"plain_text_input", SHAPE_TEXT, "value", "initial_value"},
    {"email_text_input", SHAPE_TEXT, "value", "initial_value"},
    {"url_text_input", SHAPE_TEXT, "value", "initial_value"},
    {"number_input", SHAPE_TEXT, "value", "initial_value"},
    {"datepicker", SHAPE_TEXT, "selected_date", "initial_date"},
    {"timepicker", SHAPE_TEXT, "selected_time", "initial_time"},
    {"datetimepicker", SHAPE_NUMBER, "selected_date_time", "initial_date_time"},
    {"static_select", SHAPE_OPTION, "selected_option", "initial_option"},
    {"external_select", SHAPE_OPTION, "selected_option", "initial_option"},
    {"radio_buttons", SHAPE_OPTION, "selected_option", "initial_option"},
    {"overflow", SHAPE_OPTION, "selected_option", ""},
    {"checkboxes", SHAPE_OPTIONS, "selected_options", "initial_options"},
    {"multi_static_select", SHAPE_OPTIONS, "selected_options", "initial_options"},
    {"multi_external_select", SHAPE_OPTIONS, "selected_options", "initial_options"},
    {"users_select", SHAPE_TEXT, "selected_user", "initial_user"},
    {"conversations_select", SHAPE_TEXT, "selected_conversation", "initial_conversation"},
    {"channels_select", SHAPE_TEXT, "selected_channel", "initial_channel"},
    {"multi_users_select", SHAPE_LIST, "selected_users", "initial_users"},
    {"multi_conversations_select", SHAPE_LIST, "selected_conversations", "initial_conversations"},
    {"multi_channels_select", SHAPE_LIST, "selected_channels", "initial_channels"},
    {"file_input", SHAPE_LIST, "files", ""},
};

static const struct kind none = {"", SHAPE_NONE, "", ""};

static const struct kind *kind_of(const json_t *element)
{
    const char *type = workspace_text(element, "type");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    }
    return &none;
}

static json_t *state_of(const struct kind *kind, json_t *value)
{
    return json_pack("{s:s, s:o}", "type", kind->type, kind->key, value);
}

static json_t *empty_value(const struct kind *kind)
{
    return kind->shape == SHAPE_OPTIONS || kind->shape == SHAPE_LIST ? json_array() : json_null();
}

json_t *modal_values_initial(const json_t *element)
{
    const struct kind *kind = kind_of(element);
    json_t *initial = json_object_get(element, kind->initial);
    return state_of(kind, initial != NULL ? json_deep_copy(initial) : empty_value(kind));
}

json_t *modal_values_of(const json_t *blocks, const json_t *old)
{
    json_t *values = json_object();
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        const char *block_id = workspace_text(block, "block_id");
        json_t *states = json_object();
        size_t at = 0;
        json_t *element;
        while ((element = blockkit_element(block, &at)) != NULL) {
            const struct kind *kind = kind_of(element);
            const char *action_id = workspace_text(element, "action_id");
            json_t *was = json_object_get(json_object_get(old, block_id), action_id);
            if (kind->shape == SHAPE_NONE || strcmp(kind->type, "overflow") == 0)
                continue;
            json_object_set_new(states, action_id,
                                strcmp(workspace_text(was, "type"), kind->type) == 0
                                    ? json_incref(was)
                                    : modal_values_initial(element));
        }
        if (json_object_size(states) > 0)
            json_object_set(values, block_id, states);
        json_decref(states);
    }
    return values;
}

/* --- entering --- */

json_t *modal_values_option(const json_t *options, const char *value)
{
    size_t i;
    json_t *option;
    json_array_foreach(options, i, option)
    {
        if (strcmp(workspace_text(option, "value"), value) == 0)
            return option;
    }
    return NULL;
}

/* Where an option may come from: the element, its groups, what was suggested, what is chosen. */
static json_t *find_option(const json_t *element, const json_t *suggested, const json_t *current,
                           const char *value)
{
    size_t i;
    json_t *group;
    json_t *found = modal_values_option(json_object_get(element, "options"), value);
    if (found == NULL)
        found = modal_values_option(suggested, value);
    json_array_foreach(json_object_get(element, "option_groups"), i, group)
    {
        if (found == NULL)
            found = modal_values_option(json_object_get(group, "options"), value);
    }
    if (found == NULL)
        found = modal_values_option(json_object_get(current, "selected_options"), value);
    json_t *chosen = json_object_get(current, "selected_option");
    if (found == NULL && strcmp(workspace_text(chosen, "value"), value) == 0)
        found = chosen;
    return found;
}

static json_t *enter_options(const struct kind *kind, const json_t *element, const json_t *value,
                             const json_t *suggested, const json_t *current, struct err *err)
{
    json_t *chosen = json_array();
    size_t i;
    json_t *each;
    json_array_foreach(value, i, each)
    {
        const char *text = json_string_value(each);
        json_t *option = text != NULL ? find_option(element, suggested, current, text) : NULL;
        if (option == NULL) {
            json_decref(chosen);
            err_set(err, "no_such_option");
            return NULL;
        }
        json_array_append(chosen, option);
    }
    return state_of(kind, chosen);
}

json_t *modal_values_enter(const json_t *element, const json_t *value, const json_t *suggested,
                           const json_t *current, struct err *err)
{
    const struct kind *kind = kind_of(element);
    const char *text = json_string_value(value);
    json_t *option;
    if (kind->shape == SHAPE_NONE) {
        err_set(err, "nothing can be entered into a %s", workspace_text(element, "type"));
        return NULL;
    }
    if (json_is_array(value) && kind->shape == SHAPE_OPTIONS)
        return enter_options(kind, element, value, suggested, current, err);
    if (json_is_array(value) && kind->shape == SHAPE_LIST)
        return state_of(kind, json_deep_copy(value));
    if (json_is_null(value) || (text != NULL && *text == '\0'))
        return state_of(kind, empty_value(kind));
    if (text == NULL) {
        err_set(err, "values are texts, lists of texts or null");
        return NULL;
    }
    switch (kind->shape) {
    case SHAPE_TEXT:
        return state_of(kind, json_string(text));
    case SHAPE_NUMBER:
        return state_of(kind, json_integer(strtoll(text, NULL, 10)));
    case SHAPE_LIST:
        return state_of(kind, json_pack("[s]", text));
    case SHAPE_OPTION:
    case SHAPE_OPTIONS:
    case SHAPE_NONE:
        break;
    }
    option = find_option(element, suggested, current, text);
    if (option == NULL) {
        err_set(err, "no_such_option");
        return NULL;
    }
    return state_of(kind,
                    kind->shape == SHAPE_OPTION ? json_incref(option) : json_pack("[O]", option));
}

/* --- what the client refuses --- */

static bool is_empty(const json_t *state)
{
    char *plain = modal_values_plain(state);
    bool empty = plain[strspn(plain, " \t\r\n")] == '\0';
    free(plain);
    return empty;
}

static bool is_url(const char *text)
{
    const char *host = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7
                                                          : NULL;
    return host != NULL && isalnum((unsigned char)*host) && strpbrk(text, " \t\r\n") == NULL;
}

static bool is_number(const char *text, bool decimals)
{
    bool dot = false;
    if (*text == '-')
        text++;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text == '.' && decimals && !dot)
            dot = true;
        else if (!isdigit((unsigned char)*text))
            return false;
    }
    return true;
}

static const char *wrong_text(const json_t *element, const char *text)
{
    const char *type = workspace_text(element, "type");
    const json_t *least = json_object_get(element, "min_length");
    const json_t *most = json_object_get(element, "max_length");
    size_t points = text_points(text);
    const char *at = strchr(text, '@');
    if (strcmp(type, "url_text_input") == 0 && !is_url(text))
        return "Please enter a valid URL.";
    if (strcmp(type, "email_text_input") == 0 && (at == NULL || strchr(at, '.') == NULL))
        return "Please enter a valid email address.";
    if (strcmp(type, "number_input") == 0 &&
        !is_number(text, workspace_flag(element, "is_decimal_allowed")))
        return "Please enter a valid number.";
    if (least != NULL && points < (size_t)json_integer_value(least))
        return "This is too short.";
    if (strcmp(type, "plain_text_input") == 0 &&
        points > (most != NULL ? (size_t)json_integer_value(most) : 3000U))
        return "This is too long.";
    return NULL;
}

json_t *modal_values_invalid(const json_t *blocks, const json_t *values)
{
    json_t *errors = json_object();
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        const char *block_id = workspace_text(block, "block_id");
        const json_t *element = json_object_get(block, "element");
        if (strcmp(workspace_text(block, "type"), "input") != 0)
            continue;
        const json_t *state = json_object_get(json_object_get(values, block_id),
                                              workspace_text(element, "action_id"));
        const char *text = json_string_value(json_object_get(state, "value"));
        const char *wrong = NULL;
        if (is_empty(state))
            wrong =
                workspace_flag(block, "optional") ? NULL : "Please complete this required field.";
        else if (text != NULL)
            wrong = wrong_text(element, text);
        if (wrong != NULL)
            json_object_set_new(errors, block_id, json_string(wrong));
    }
    return errors;
}

/* --- looking --- */

json_t *modal_values_block(const json_t *blocks, const char *block_id, const char *action_id,
                           json_t **element)
{
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        size_t at = 0;
        json_t *each;
        if (block_id != NULL && strcmp(workspace_text(block, "block_id"), block_id) != 0)
            continue;
        while ((each = blockkit_element(block, &at)) != NULL) {
            if (action_id != NULL && strcmp(workspace_text(each, "action_id"), action_id) != 0)
                continue;
            *element = each;
            return block;
        }
    }
    return NULL;
}

static void add_plain(struct text *plain, const json_t *value)
{
    size_t i;
    json_t *each;
    if (json_is_string(value))
        text_addf(plain, "%s%s", plain->size > 0 ? "," : "", json_string_value(value));
    else if (json_is_integer(value))
        text_addf(plain, "%lld", (long long)json_integer_value(value));
    else if (json_is_object(value))
        add_plain(plain, json_object_get(value, "value"));
    json_array_foreach(value, i, each) add_plain(plain, each);
}

char *modal_values_plain(const json_t *state)
{
    struct text plain = {0};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)state, key, value)
    {
        if (strcmp(key, "type") != 0)
            add_plain(&plain, value);
    }
    return text_take(&plain);
}
