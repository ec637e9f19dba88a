/* Slack's limits on messages and views, as a judge of what the bot makes. Source:
 * docs.slack.dev/reference/block-kit and surfaces/modals; lengths in code points. Knows the blocks
 * and elements that the bot uses; anything else is refused. */
#ifndef CPPO_TESTS_BLOCKS_CHECK_H
#define CPPO_TESTS_BLOCKS_CHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "text.h"

enum { CHECK_MESSAGE_BLOCKS = 50, CHECK_VIEW_BLOCKS = 100, CHECK_VIEW_BYTES = 250000 };

static inline const char *check_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* ${least}..${most} code points. */
static inline int check_length(const char *what, const char *text, size_t least, size_t most,
                               struct err *err)
{
    size_t points = text_points(text);
    if (points < least || points > most)
        return err_set(err, "%s has %zu characters, not %zu to %zu", what, points, least, most);
    return 0;
}

static inline int check_text_object(const char *what, const json_t *object, bool markup,
                                    size_t most, struct err *err)
{
    const char *type = check_text(object, "type");
    if (strcmp(type, "plain_text") != 0 && !(markup && strcmp(type, "mrkdwn") == 0))
        return err_set(err, "%s is no text object that fits there (type “%s”)", what, type);
    if (strcmp(type, "mrkdwn") == 0 && !json_is_true(json_object_get(object, "verbatim")))
        return err_set(err, "%s lets Slack make links of what people typed", what);
    return check_length(what, check_text(object, "text"), 1, most, err);
}

static inline int check_optional(const char *what, const json_t *object, size_t most,
                                 struct err *err)
{
    return object == NULL ? 0 : check_text_object(what, object, false, most, err);
}

static inline int check_option(const json_t *option, struct err *err)
{
    if (check_text_object("an option", json_object_get(option, "text"), false, 75, err) != 0)
        return -1;
    return check_length("an option's value", check_text(option, "value"), 1, 150, err);
}

static inline int check_confirm(const json_t *confirm, struct err *err)
{
    static const struct {
        const char *key;
        size_t most;
    } parts[] = {{"title", 100}, {"text", 300}, {"confirm", 30}, {"deny", 30}};
    for (size_t i = 0; confirm != NULL && i < 4; i++) {
        if (check_text_object(parts[i].key, json_object_get(confirm, parts[i].key), false,
                              parts[i].most, err) != 0)
            return err_wrap(err, "confirm dialog");
    }
    return 0;
}

static inline int check_button(const json_t *button, struct err *err)
{
    const json_t *style = json_object_get(button, "style");
    if (style != NULL && strcmp(check_text(button, "style"), "primary") != 0 &&
        strcmp(check_text(button, "style"), "danger") != 0)
        return err_set(err, "a button's style is neither primary nor danger");
    if (check_text_object("a button", json_object_get(button, "text"), false, 75, err) != 0 ||
        check_length("a button's value", check_text(button, "value"), 1, 2000, err) != 0)
        return -1;
    return check_confirm(json_object_get(button, "confirm"), err);
}

static inline int check_select(const json_t *element, struct err *err)
{
    const json_t *options = json_object_get(element, "options");
    const json_t *initial = json_object_get(element, "initial_option");
    bool among = initial == NULL;
    if (json_array_size(options) < 1 || json_array_size(options) > 100)
        return err_set(err, "a select has %zu options", json_array_size(options));
    for (size_t i = 0; i < json_array_size(options); i++) {
        if (check_option(json_array_get(options, i), err) != 0)
            return -1;
        among = among || json_equal(json_array_get(options, i), initial);
    }
    return among ? 0 : err_set(err, "a select starts with none of its options");
}

static inline int check_overflow(const json_t *element, struct err *err)
{
    const json_t *options = json_object_get(element, "options");
    if (json_array_size(options) < 1 || json_array_size(options) > 5)
        return err_set(err, "a menu with %zu options", json_array_size(options));
    for (size_t i = 0; i < json_array_size(options); i++) {
        if (check_option(json_array_get(options, i), err) != 0)
            return -1;
    }
    return check_confirm(json_object_get(element, "confirm"), err);
}

static inline int check_text_input(const json_t *element, struct err *err)
{
    json_int_t most = json_integer_value(json_object_get(element, "max_length"));
    if (most < 1 || most > 3000)
        return err_set(err, "a text input takes %lld characters", (long long)most);
    if (json_object_get(element, "initial_value") == NULL)
        return 0;
    return check_length("an initial value", check_text(element, "initial_value"), 1, (size_t)most,
                        err);
}

static inline bool check_is_date(const char *text)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof(shape); i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i])
            return false;
    }
    return true;
}

static inline int check_element(const json_t *element, bool input, struct err *err)
{
    const char *type = check_text(element, "type");
    if (check_length("an action_id", check_text(element, "action_id"), 1, 255, err) != 0 ||
        check_optional("a placeholder", json_object_get(element, "placeholder"), 150, err) != 0)
        return -1;
    if (!input && strcmp(type, "button") == 0)
        return check_button(element, err);
    if (!input && strcmp(type, "overflow") == 0)
        return check_overflow(element, err);
    if (input && strcmp(type, "static_select") == 0)
        return check_select(element, err);
    if (input && strcmp(type, "plain_text_input") == 0)
        return check_text_input(element, err);
    if (input && strcmp(type, "external_select") == 0)
        return json_object_get(element, "initial_option") == NULL
                   ? 0
                   : check_option(json_object_get(element, "initial_option"), err);
    if (input && strcmp(type, "url_text_input") == 0) {
        const char *url = check_text(element, "initial_value");
        return *url == '\0' || strncmp(url, "https://", 8) == 0
                   ? 0
                   : err_set(err, "an address starts as “%s”", url);
    }
    if (input && strcmp(type, "datepicker") == 0)
        return json_object_get(element, "initial_date") == NULL ||
                       check_is_date(check_text(element, "initial_date"))
                   ? 0
                   : err_set(err, "a date starts as no date");
    if (input && strcmp(type, "timepicker") == 0)
        return strlen(check_text(element, "initial_time")) == 5
                   ? 0
                   : err_set(err, "a time starts as no time");
    return err_set(err, "an element of type “%s” does not fit there", type);
}

static inline int check_section(const json_t *block, struct err *err)
{
    const json_t *text = json_object_get(block, "text");
    const json_t *fields = json_object_get(block, "fields");
    const json_t *accessory = json_object_get(block, "accessory");
    if (text == NULL && fields == NULL)
        return err_set(err, "a section without text");
    if (text != NULL && check_text_object("a section", text, true, 3000, err) != 0)
        return -1;
    if (fields != NULL && (json_array_size(fields) < 1 || json_array_size(fields) > 10))
        return err_set(err, "a section has %zu fields", json_array_size(fields));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        if (check_text_object("a field", json_array_get(fields, i), true, 2000, err) != 0)
            return -1;
    }
    return accessory == NULL ? 0 : check_element(accessory, false, err);
}

/* Of an actions or a context block. */
static inline int check_elements(const json_t *block, size_t most, struct err *err)
{
    const json_t *elements = json_object_get(block, "elements");
    bool context = strcmp(check_text(block, "type"), "context") == 0;
    size_t count = json_array_size(elements);
    if (count < 1 || count > most)
        return err_set(err, "%zu elements in a block", count);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(elements, i);
        if ((context ? check_text_object("a context", one, true, 3000, err)
                     : check_element(one, false, err)) != 0)
            return -1;
        for (size_t j = 0; !context && j < i; j++) {
            if (strcmp(check_text(one, "action_id"),
                       check_text(json_array_get(elements, j), "action_id")) == 0)
                return err_set(err, "two buttons “%s” in one block", check_text(one, "action_id"));
        }
    }
    return 0;
}

static inline int check_block(const json_t *block, bool view, struct err *err)
{
    const char *type = check_text(block, "type");
    if (check_length("a block_id", check_text(block, "block_id"), 0, 255, err) != 0)
        return -1;
    if (strcmp(type, "section") == 0)
        return check_section(block, err);
    if (strcmp(type, "header") == 0)
        return check_text_object("a header", json_object_get(block, "text"), false, 150, err);
    if (strcmp(type, "context") == 0)
        return check_elements(block, 10, err);
    if (strcmp(type, "actions") == 0)
        return check_elements(block, 25, err);
    if (strcmp(type, "divider") == 0)
        return 0;
    if (!view || strcmp(type, "input") != 0)
        return err_set(err, "a block of type “%s” does not fit there", type);
    if (check_text_object("a label", json_object_get(block, "label"), false, 2000, err) != 0 ||
        check_optional("a hint", json_object_get(block, "hint"), 2000, err) != 0)
        return -1;
    return check_element(json_object_get(block, "element"), true, err);
}

static inline int check_blocks(const json_t *blocks, bool view, struct err *err)
{
    size_t count = json_array_size(blocks);
    if (count < 1 || count > (view ? CHECK_VIEW_BLOCKS : CHECK_MESSAGE_BLOCKS))
        return err_set(err, "%zu blocks", count);
    for (size_t i = 0; i < count; i++) {
        const char *id = check_text(json_array_get(blocks, i), "block_id");
        if (check_block(json_array_get(blocks, i), view, err) != 0)
            return err_wrap(err, "block %zu", i);
        for (size_t j = 0; *id != '\0' && j < i; j++) {
            if (strcmp(id, check_text(json_array_get(blocks, j), "block_id")) == 0)
                return err_set(err, "two blocks “%s”", id);
        }
    }
    return 0;
}

static inline int check_view(const json_t *view, struct err *err)
{
    bool inputs = false;
    const json_t *blocks = json_object_get(view, "blocks");
    char *text = json_dumps(view, JSON_COMPACT);
    size_t bytes = strlen(text);
    free(text);
    for (size_t i = 0; i < json_array_size(blocks); i++)
        inputs = inputs || strcmp(check_text(json_array_get(blocks, i), "type"), "input") == 0;
    if (bytes > CHECK_VIEW_BYTES)
        return err_set(err, "a view of %zu bytes", bytes);
    if (inputs && json_object_get(view, "submit") == NULL)
        return err_set(err, "a form without a submit button");
    if (check_text_object("a title", json_object_get(view, "title"), false, 24, err) != 0 ||
        check_optional("submit", json_object_get(view, "submit"), 24, err) != 0 ||
        check_optional("close", json_object_get(view, "close"), 24, err) != 0 ||
        check_length("callback_id", check_text(view, "callback_id"), 1, 255, err) != 0 ||
        check_length("private_metadata", check_text(view, "private_metadata"), 0, 3000, err) != 0)
        return -1;
    return check_blocks(blocks, true, err);
}

/* A whole message {"text", "blocks"} or modal: does Slack take it? */
static inline int blocks_check(const json_t *whole, struct err *err)
{
    if (!json_is_object(whole))
        return err_set(err, "not an object");
    if (strcmp(check_text(whole, "type"), "modal") == 0)
        return check_view(whole, err);
    if (check_length("the fallback text", check_text(whole, "text"), 1, 4000, err) != 0)
        return -1;
    return check_blocks(json_object_get(whole, "blocks"), false, err);
}

#endif
