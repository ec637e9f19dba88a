#include "api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "link.h"
#include "parts.h"
#include "workspace.h"

#define BOT_TOKEN "xoxb-sandbox"
#define APP_TOKEN "xapp-1-A0CPPO-sandbox"

static api_method connections_open;

/* --- the methods --- */

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

/* --- who calls --- */

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

/* An app-level token counts in the header only; others may stand among the arguments. */
static const char *check_token(struct api_call *call, const struct sb_request *request,
                               const struct method *method)
{
    const char *header = sandbox_header(request, "Authorization");
    const char *token = api_text(call, "token");
    if (header == NULL && *token == '\0')
        return api_wrong(call, "not_authed", "no Authorization header");
    if (header == NULL && method->app_token)
        return api_wrong(call, "invalid_auth", "the token belongs into the Authorization header");
    if (header != NULL && strncasecmp(header, "Bearer ", 7) != 0)
        return api_wrong(call, "invalid_auth", "Authorization does not begin with Bearer");
    if (header != NULL)
        token = header + 7;
    bool app = strcmp(token, APP_TOKEN) == 0;
    if (!app && strcmp(token, BOT_TOKEN) != 0)
        return api_wrong(call, "invalid_auth", "a token that is not of this workspace");
    if (app != method->app_token)
        return api_wrong(call, "not_allowed_token_type", "it wants the %s token",
                         app ? "bot" : "app-level");
    return NULL;
}

static const char *check_http_method(struct api_call *call, const struct sb_request *request,
                                     const struct method *method)
{
    if (strcmp(request->method, "POST") == 0)
        return NULL;
    if (method->app_token)
        return api_wrong(call, "insecure_request", "%s instead of POST", request->method);
    if (!method->form_only)
        return api_wrong(call, "invalid_post_type", "%s instead of POST", request->method);
    return NULL;
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

/* --- the call --- */

static const char *run(struct api_call *call, const struct method *method,
                       const struct sb_request *request, const struct fault **fault,
                       const char **warning)
{
    const char *malformed = api_read_args(call, request, method->form_only, warning);
    const char *error = check_token(call, request, method);
    if (json_object_del(call->args, "token") == 0)
        log_entry(
            call->sandbox, "complaint",
            json_pack("{s:s, s:s}", "what", "a token in the arguments", "method", method->name));
    if (error == NULL && method->scope != NULL)
        error = api_scope(call, method->scope);
    if (error == NULL)
        error = check_http_method(call, request, method);
    if (error == NULL)
        error = malformed;
    if (error != NULL)
        return error;
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
                        const char *scopes, const char *accepted, struct sb_reply *reply)
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
    text_addf(&reply->headers,
              "x-oauth-scopes: %s\r\nx-accepted-oauth-scopes: %s\r\nX-Slack-Req-Id: sandbox\r\n",
              scopes, accepted != NULL ? accepted : "");
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
    if (*call->why != '\0')
        log_entry(call->sandbox, "complaint",
                  json_pack("{s:s, s:s, s:s*, s:s}", "what", "a malformed call", "method", name,
                            "error", error, "detail", call->why));
}

void api_handle(struct sandbox *sandbox, const struct sb_request *request, struct sb_reply *reply)
{
    const char *name = request->path + strlen("/api/");
    const struct method *method = find_method(name);
    const struct fault *fault = NULL;
    const char *warning = NULL;
    const char *error;
    struct api_call call = {.sandbox = sandbox, .args = json_object(), .reply = json_object()};
    char *scopes = NULL;
    if (method != NULL) {
        scopes = joined_scopes(sandbox, method);
        error = run(&call, method, request, &fault, &warning);
    } else {
        error = api_wrong(&call, "unknown_method", "the sandbox does not know it");
    }
    note(&call, name, request, error, warning);
    write_reply(&call, error, warning, scopes != NULL ? scopes : "",
                method != NULL ? method->scope : NULL, reply);
    fault_apply(fault, reply);
    free(scopes);
    json_decref(call.args);
    json_decref(call.reply);
    json_decref(call.messages);
}
