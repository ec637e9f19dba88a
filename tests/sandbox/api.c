#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "link.h"
#include "parts.h"
#include "workspace.h"

#define BOT_TOKEN "xoxb-sandbox"
#define APP_TOKEN "xapp-1-A0CPPO-sandbox"

static api_method connections_open;

/* --- the methods --------------------------------------------------------------------------- */

struct method {
    const char *name;
    api_method *run;
    const char *scope; /* NULL: none, or the method looks itself */
    bool app_token;
    bool form_only; /* reads: JSON bodies are not looked at, GET is fine */
    int per_minute; /* by tier: 2 -> 20, 3 -> 50, 4 -> 100 */
};

static const struct method methods[] = {
    {"apps.connections.open", connections_open, NULL, true, true, 50},
    {"auth.test", api_auth_test, NULL, false, false, 300},
    {"chat.postMessage", api_chat_post_message, "chat:write", false, false, 300},
    {"chat.update", api_chat_update, "chat:write", false, false, 50},
    {"chat.postEphemeral", api_chat_post_ephemeral, "chat:write", false, false, 100},
    {"chat.delete", api_chat_delete, "chat:write", false, false, 50},
    {"chat.getPermalink", api_chat_get_permalink, NULL, false, true, 300},
    {"views.open", api_views_open, NULL, false, false, 100},
    {"views.push", api_views_push, NULL, false, false, 100},
    {"views.update", api_views_update, NULL, false, false, 100},
    {"views.publish", api_views_publish, NULL, false, false, 100},
    {"conversations.open", api_conversations_open, "im:write", false, false, 50},
    {"conversations.info", api_conversations_info, NULL, false, true, 50},
    {"conversations.members", api_conversations_members, NULL, false, true, 100},
    {"conversations.history", api_conversations_history, NULL, false, true, 50},
    {"conversations.replies", api_conversations_replies, NULL, false, true, 50},
    {"conversations.join", api_conversations_join, "channels:join", false, false, 50},
    {"users.info", api_users_info, "users:read", false, true, 100},
    {"users.conversations", api_users_conversations, "channels:read", false, true, 50},
    {"usergroups.list", api_usergroups_list, "usergroups:read", false, true, 20},
    {"usergroups.users.list", api_usergroups_users_list, "usergroups:read", false, true, 20},
};

static const struct method *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    }
    return NULL;
}

static const char *connections_open(struct api_call *call)
{
    char *url = link_ticket(call->sandbox->link);
    json_object_set_new(call->reply, "url", json_string(url));
    free(url);
    return NULL;
}

/* --- arguments ----------------------------------------------------------------------------- */

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

int api_number(const struct api_call *call, const char *key, int otherwise)
{
    const json_t *value = json_object_get(call->args, key);
    if (json_is_integer(value))
        return (int)json_integer_value(value);
    return json_is_string(value) ? (int)strtol(json_string_value(value), NULL, 10) : otherwise;
}

bool api_json(const struct api_call *call, const char *key, json_t **value)
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
    *value = json_loads(json_string_value(given), JSON_REJECT_DUPLICATES, NULL);
    return *value != NULL;
}

const char *api_missing(struct api_call *call, const char *key)
{
    if (call->messages == NULL)
        call->messages = json_array();
    json_array_append_new(call->messages, json_sprintf("[ERROR] missing required field: %s", key));
    return "invalid_arguments";
}

const char *api_scope(struct api_call *call, const char *scope)
{
    size_t i;
    json_t *each;
    json_array_foreach(call->sandbox->workspace->scopes, i, each)
    {
        if (strcmp(json_string_value(each), scope) == 0)
            return NULL;
    }
    call->needed = scope;
    return "missing_scope";
}

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

static const char *read_json_args(const struct sb_request *request, const struct method *method,
                                  json_t **args)
{
    json_t *root = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, NULL);
    if (root == NULL)
        return "invalid_json";
    if (!json_is_object(root)) {
        json_decref(root);
        return "json_not_object";
    }
    if (method->form_only) {
        json_decref(root);
        *args = json_object(); /* Slack does not look at it */
        return NULL;
    }
    *args = root;
    return NULL;
}

/* The arguments by content type; a complaint of Slack's as *warning, an error as the result. */
static const char *read_args(const struct sb_request *request, const struct method *method,
                             json_t **args, const char **warning)
{
    const char *type = sandbox_header(request, "Content-Type");
    *warning = NULL;
    *args = NULL;
    if (strcmp(request->method, "GET") == 0 || (request->body_size == 0 && *request->query != '\0'))
        *args = read_form(request->query);
    else if (request->body_size == 0)
        *args = json_object();
    else if (type == NULL)
        return "missing_post_type";
    else if (strncasecmp(type, "application/json", 16) == 0) {
        if (strcasestr(type, "charset=") == NULL)
            *warning = "missing_charset";
        return read_json_args(request, method, args);
    } else if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)
        *args = read_form(request->body);
    else
        return "invalid_post_type";
    return *args == NULL ? "invalid_form_data" : NULL;
}

/* --- who calls ----------------------------------------------------------------------------- */

static const char *check_token(const struct sb_request *request, const struct method *method)
{
    const char *header = sandbox_header(request, "Authorization");
    if (header == NULL)
        return strstr(request->body, "token=") != NULL || strstr(request->query, "token=") != NULL
                   ? "invalid_auth"
                   : "not_authed";
    if (strncasecmp(header, "Bearer ", 7) != 0)
        return "invalid_auth";
    const char *token = header + 7;
    bool app = strcmp(token, APP_TOKEN) == 0;
    if (!app && strcmp(token, BOT_TOKEN) != 0)
        return "invalid_auth";
    return app != method->app_token ? "not_allowed_token_type" : NULL;
}

static char *joined_scopes(const struct sandbox *sandbox, const struct method *method)
{
    struct text scopes = {0};
    size_t i;
    json_t *scope;
    if (method->app_token)
        return text_format("connections:write");
    json_array_foreach(sandbox->workspace->scopes, i, scope)
        text_addf(&scopes, "%s%s", i > 0 ? "," : "", json_string_value(scope));
    return text_take(&scopes);
}

/* --- the call ------------------------------------------------------------------------------ */

static const char *run(struct api_call *call, const struct method *method,
                       const struct sb_request *request, const struct fault **fault,
                       const char **warning)
{
    json_t *given;
    const char *error = check_token(request, method);
    if (error == NULL && method->scope != NULL)
        error = api_scope(call, method->scope);
    if (error != NULL)
        return error;
    if (!method->form_only && strcmp(request->method, "POST") != 0)
        return "invalid_post_type";
    error = read_args(request, method, &given, warning);
    if (error != NULL)
        return error;
    json_decref(call->args);
    call->args = given;
    if (json_object_del(call->args, "token") == 0)
        log_entry(
            call->sandbox, "complaint",
            json_pack("{s:s, s:s}", "what", "a token in the arguments", "method", method->name));
    *fault = fault_take(call->sandbox, "slack", method->name, request->body, request->body_size);
    if (fault_replaces(*fault)) {
        bool limited = (*fault)->retry_after > 0 && (*fault)->error == NULL;
        return limited ? "ratelimited"
                       : ((*fault)->error != NULL ? (*fault)->error : "internal_error");
    }
    call->retry_after = workspace_spend(call->sandbox->workspace, method->name, method->per_minute,
                                        method->per_minute);
    if (call->retry_after > 0)
        return "ratelimited";
    return method->run(call);
}

static void add_meta(const struct api_call *call, const char *warning)
{
    json_t *meta = json_object_get(call->reply, "response_metadata");
    if (warning == NULL && call->messages == NULL)
        return;
    if (meta == NULL) {
        meta = json_object();
        json_object_set_new(call->reply, "response_metadata", meta);
    }
    if (call->messages != NULL)
        json_object_set(meta, "messages", call->messages);
    if (warning != NULL) {
        json_object_set_new(meta, "warnings", json_pack("[s]", warning));
        json_object_set_new(call->reply, "warning", json_string(warning));
    }
}

static void write_reply(const struct api_call *call, const char *error, const char *warning,
                        const char *scopes, struct sb_reply *reply)
{
    if (error != NULL)
        json_object_clear(call->reply);
    json_t *whole = json_pack("{s:b}", "ok", error == NULL);
    if (error != NULL)
        json_object_set_new(whole, "error", json_string(error));
    if (call->needed != NULL) {
        json_object_set_new(whole, "needed", json_string(call->needed));
        json_object_set_new(whole, "provided", json_string(scopes));
    }
    add_meta(call, warning);
    json_object_update(whole, call->reply);
    char *text = json_dumps(whole, JSON_COMPACT | JSON_ESCAPE_SLASH);
    text_add(&reply->body, text);
    free(text);
    json_decref(whole);
    if (error != NULL && strcmp(error, "ratelimited") == 0) {
        reply->status = 429;
        if (call->retry_after > 0)
            text_addf(&reply->headers, "Retry-After: %d\r\n", call->retry_after);
    }
    text_addf(&reply->headers, "x-oauth-scopes: %s\r\nX-Slack-Req-Id: sandbox\r\n", scopes);
}

static void note(const struct api_call *call, const char *name, const struct sb_request *request,
                 const char *error, const char *warning)
{
    log_entry(call->sandbox, "slack.call",
              json_pack("{s:s, s:b, s:s*, s:O, s:O*, s:I}", "method", name, "ok", error == NULL,
                        "error", error, "body", call->args, "messages", call->messages,
                        "connection", (json_int_t)request->connection));
    if (warning != NULL)
        log_entry(call->sandbox, "complaint",
                  json_pack("{s:s, s:s}", "what", warning, "method", name));
    if (call->messages != NULL)
        log_entry(call->sandbox, "complaint",
                  json_pack("{s:s, s:s, s:O}", "what", "refused arguments", "method", name,
                            "messages", call->messages));
}

void api_handle(struct sandbox *sandbox, const struct sb_request *request, struct sb_reply *reply)
{
    const char *name = request->path + strlen("/api/");
    const struct method *method = find_method(name);
    const struct fault *fault = NULL;
    const char *warning = NULL;
    const char *error = "unknown_method";
    struct api_call call = {.sandbox = sandbox, .args = json_object(), .reply = json_object()};
    char *scopes = NULL;
    if (method != NULL) {
        scopes = joined_scopes(sandbox, method);
        error = run(&call, method, request, &fault, &warning);
    }
    note(&call, name, request, error, warning);
    write_reply(&call, error, warning, scopes != NULL ? scopes : "", reply);
    fault_apply(fault, reply);
    free(scopes);
    json_decref(call.args);
    json_decref(call.reply);
    json_decref(call.messages);
}
