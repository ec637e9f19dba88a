/* The arguments of a Web API call: form or JSON by content type, and reading them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api.h"
#include "parts.h"
#include "workspace.h"

/* --- reading one --- */

const char *api_text(const struct api_call *call, const char *key)
{
    return workspace_text(call->args, key);
}

bool api_flag(const struct api_call *call, const char *key)
{
    const json_t *value = json_object_get(call->args, key);
    const char *text = json_string_value(value);
    return json_is_true(value) ||
           (text != NULL && (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0));
}

int api_number(const struct api_call *call, const char *key, int fallback)
{
    const json_t *value = json_object_get(call->args, key);
    if (json_is_integer(value))
        return (int)json_integer_value(value);
    return json_is_string(value) ? (int)strtol(json_string_value(value), NULL, 10) : fallback;
}

bool api_json(struct api_call *call, const char *key, json_t **value)
{
    json_t *given = json_object_get(call->args, key);
    *value = NULL;
    if (given == NULL || json_is_null(given))
        return true;
    if (!json_is_string(given)) {
        *value = json_incref(given);
        return true;
    }
    if (*json_string_value(given) == '\0')
        return true;
    json_error_t where;
    *value = json_loads(json_string_value(given), JSON_REJECT_DUPLICATES, &where);
    if (*value == NULL)
        api_wrong(call, NULL, "%s, line %d, column %d: %.80s", key, where.line, where.column,
                  where.text);
    return *value != NULL;
}

const char *api_missing(struct api_call *call, const char *key)
{
    if (call->messages == NULL)
        call->messages = json_array();
    json_array_append_new(call->messages, json_sprintf("[ERROR] missing required field: %s", key));
    return "invalid_arguments";
}

const char *api_wrong(struct api_call *call, const char *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(call->why, sizeof(call->why), format, args);
    va_end(args);
    return error;
}

/* --- forms --- */

static int hex(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* "a%20b+c" decoded; NULL when the escapes are wrong or it is not UTF-8. A new reference. */
static json_t *form_text(const char *from, size_t size)
{
    struct text text = {0};
    bool good = true;
    for (size_t i = 0; i < size && good; i++) {
        char c = from[i] == '+' ? ' ' : from[i];
        if (c == '%') {
            int high = i + 2 < size ? hex(from[i + 1]) : -1;
            int low = high >= 0 ? hex(from[i + 2]) : -1;
            good = low > 0 || (low == 0 && high > 0);
            c = (char)(high * 16 + low);
            i += 2;
        }
        text_add_bytes(&text, &c, 1);
    }
    json_t *value = good ? json_stringn(text_get(&text), text.size) : NULL;
    text_free(&text);
    return value;
}

static json_t *read_form(const char *form)
{
    json_t *args = json_object();
    while (*form != '\0') {
        size_t pair = strcspn(form, "&");
        size_t name = strcspn(form, "=&");
        json_t *key = form_text(form, name);
        json_t *value = name < pair ? form_text(form + name + 1, pair - name - 1) : json_string("");
        if (key == NULL || value == NULL) {
            json_decref(key);
            json_decref(value);
            json_decref(args);
            return NULL;
        }
        if (pair > 0)
            json_object_set(args, json_string_value(key), value);
        json_decref(key);
        json_decref(value);
        form += pair + (form[pair] == '&');
    }
    return args;
}

/* --- by content type --- */

static const char *read_json(struct api_call *call, const struct sb_request *request,
                             bool form_only)
{
    json_error_t where;
    json_t *root = json_loadb(request->body, request->body_size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (root == NULL)
        return api_wrong(call, "invalid_json", "line %d, column %d: %s", where.line, where.column,
                         where.text);
    if (!json_is_object(root)) {
        json_decref(root);
        return api_wrong(call, "json_not_object", "the body is JSON, but no object");
    }
    if (form_only) { /* Slack does not look at it */
        json_decref(root);
        api_wrong(call, NULL, "this method reads forms and the query, never JSON");
        return NULL;
    }
    json_decref(call->args);
    call->args = root;
    return NULL;
}

static const char *take_form(struct api_call *call, const char *form)
{
    json_t *args = read_form(form);
    if (args == NULL)
        return api_wrong(call, "invalid_form_data", "an escape that is none, or not UTF-8");
    json_decref(call->args);
    call->args = args;
    return NULL;
}

const char *api_read_args(struct api_call *call, const struct sb_request *request, bool form_only,
                          const char **warning)
{
    const char *type = sandbox_header(request, "Content-Type");
    *warning = NULL;
    if (strcmp(request->method, "GET") == 0 || (request->body_size == 0 && *request->query != '\0'))
        return take_form(call, request->query);
    if (request->body_size == 0)
        return NULL;
    if (type == NULL)
        return api_wrong(call, "missing_post_type", "a body without Content-Type");
    if (strncasecmp(type, "application/json", 16) == 0) {
        if (strcasestr(type, "charset=") == NULL)
            *warning = "missing_charset";
        return read_json(call, request, form_only);
    }
    if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)
        return take_form(call, request->body);
    return api_wrong(call, "invalid_post_type", "Content-Type: %.60s", type);
}
