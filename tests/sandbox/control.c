#include "control.h"

#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "control_page.h"
#include "fault.h"
#include "link.h"
#include "log.h"
#include "mem.h"
#include "modal.h"
#include "org.h"
#include "parts.h"
#include "switches.h"
#include "tunnel.h"
#include "workspace.h"

enum { MAX_FRAME = 64 * 1024 * 1024 };

/* A wish that is done at once: members of the answer (a new reference), or NULL and *error. */
typedef json_t *wish(struct sandbox *sandbox, const json_t *body, const char **error);

static const char *text(const json_t *body, const char *key)
{
    return workspace_text(body, key);
}

/* --- people and channels --- */

static json_t *wish_post(struct sandbox *sandbox, const json_t *body, const char **error)
{
    json_t *channel = workspace_channel(sandbox->workspace, text(body, "channel"));
    const char *user = text(body, "user");
    if (channel == NULL && strcmp(text(body, "channel"), "") == 0)
        channel = workspace_dm(sandbox->workspace, user);
    if (channel == NULL || workspace_user(sandbox->workspace, user) == NULL) {
        *error = channel == NULL ? "no_such_channel" : "no_such_user";
        return NULL;
    }
    json_t *message =
        workspace_post(sandbox, channel,
                       json_pack("{s:s, s:s, s:O*, s:s*}", "user", user, "text", text(body, "text"),
                                 "thread_ts", json_object_get(body, "thread_ts"), "subtype",
                                 workspace_flag(body, "broadcast") ? "thread_broadcast" : NULL));
    return json_pack("{s:O}", "ts", json_object_get(message, "ts"));
}

static json_t *wish_delete(struct sandbox *sandbox, const json_t *body, const char **error)
{
    if (workspace_delete(sandbox, text(body, "channel"), text(body, "ts")))
        return json_object();
    *error = "no_such_message";
    return NULL;
}

/* Copy a boolean of the wish into ${object}. */
static void set_flag(json_t *object, const char *key, const json_t *body, const char *from)
{
    json_t *value = json_object_get(body, from);
    if (json_is_boolean(value))
        json_object_set(object, key, value);
}

static json_t *wish_channel(struct sandbox *sandbox, const json_t *body, const char **error)
{
    static const char *const flags[] = {"is_ext_shared", "is_pending_ext_shared", "is_org_shared",
                                        "is_private"};
    json_t *channel = workspace_channel(sandbox->workspace, text(body, "channel"));
    const json_t *bot = json_object_get(body, "bot_member");
    json_t *members = json_object_get(body, "members");
    if (channel == NULL) {
        *error = "no_such_channel";
        return NULL;
    }
    set_flag(channel, "is_archived", body, "archived");
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        set_flag(channel, flags[i], body, flags[i]);
    if (json_is_array(members))
        json_object_set_new(channel, "members", json_deep_copy(members));
    if (json_is_boolean(bot))
        workspace_invite_bot(sandbox->workspace, channel, json_is_true(bot));
    return json_object();
}

/* {group, users}, and {disabled} or {gone}; one that is not there yet is made. */
static json_t *wish_group(struct sandbox *sandbox, const json_t *body, const char **error)
{
    json_t *groups = sandbox->workspace->groups;
    const char *id = text(body, "group");
    json_t *group = json_object_get(groups, id);
    json_t *users = json_object_get(body, "users");
    if (*id != 'S' || (group == NULL && !json_is_array(users))) {
        *error = *id != 'S' ? "no_such_group" : "users_is_no_list";
        return NULL;
    }
    if (workspace_flag(body, "gone")) {
        json_object_del(groups, id);
        return json_object();
    }
    if (group == NULL) {
        group = json_pack("{s:s, s:s, s:s}", "id", id, "handle", id, "name", id);
        json_object_set_new(groups, id, group);
    }
    set_flag(group, "disabled", body, "disabled");
    if (json_is_array(users))
        json_object_set_new(group, "users", json_deep_copy(users));
    return json_object();
}

/* {user, deleted, is_restricted, unseen: "user_not_found" | "user_not_visible" | ""}. */
static json_t *wish_user(struct sandbox *sandbox, const json_t *body, const char **error)
{
    json_t *user = workspace_user(sandbox->workspace, text(body, "user"));
    const json_t *unseen = json_object_get(body, "unseen");
    if (user == NULL) {
        *error = "no_such_user";
        return NULL;
    }
    set_flag(user, "deleted", body, "deleted");
    set_flag(user, "is_restricted", body, "is_restricted");
    if (json_is_string(unseen))
        json_object_set(user, "unseen", json_object_get(body, "unseen"));
    return json_object();
}

static json_t *wish_scopes(struct sandbox *sandbox, const json_t *body, const char **error)
{
    json_t *scopes = json_object_get(body, "scopes");
    if (!json_is_array(scopes)) {
        *error = "scopes_is_no_list";
        return NULL;
    }
    json_decref(sandbox->workspace->scopes);
    sandbox->workspace->scopes = json_deep_copy(scopes);
    return json_object();
}

/* Something stands between the bot and us: its addresses, for Socket Mode and for the rest. */
static json_t *wish_front(struct sandbox *sandbox, const json_t *body, const char **error)
{
    if (*text(body, "api") == '\0' || *text(body, "link") == '\0') {
        *error = "api and link are needed";
        return NULL;
    }
    json_decref(sandbox->front);
    sandbox->front = json_deep_copy(body);
    return json_pack("{s:i}", "link_port", link_port(sandbox->link));
}

static json_t *wish_slack(struct sandbox *sandbox, const json_t *body, const char **error)
{
    if (!switches_turn(sandbox->workspace, body, error))
        return NULL;
    org_settle(sandbox->workspace);
    return json_object();
}

static json_t *wish_app(struct sandbox *sandbox, const json_t *body, const char **error)
{
    (void)error;
    app_anew(sandbox, workspace_flag(body, "invited"));
    return json_pack("{s:s}", "user", sandbox->workspace->app.user);
}

static json_t *wish_limits(struct sandbox *sandbox, const json_t *body, const char **error)
{
    const json_t *enabled = json_object_get(body, "enabled");
    if (!json_is_boolean(enabled)) {
        *error = "enabled_is_no_boolean";
        return NULL;
    }
    sandbox->workspace->limits = json_is_true(enabled);
    return json_object();
}

/* --- misbehaving --- */

/* {where: "socket", method: "now", error: what befalls the sockets, sockets: "one" | "all"}; with
 * ping_ms the server's pings come so often. */
static json_t *socket_now(struct sandbox *sandbox, const json_t *body, const char **error)
{
    const json_t *ping_ms = json_object_get(body, "ping_ms");
    const char *sockets = text(body, "sockets");
    bool one = strcmp(sockets, "one") == 0;
    int told = 0;
    if (!one && *sockets != '\0' && strcmp(sockets, "all") != 0)
        *error = "sockets is \"one\" or \"all\"";
    else if (ping_ms == NULL)
        told = link_disconnect(sandbox->link, text(body, "error"), !one);
    else if (!link_ping_every(sandbox->link, json_integer_value(ping_ms)))
        *error = "ping_ms is from 1 to 60000";
    if (told < 0)
        *error = "no such thing can befall a socket";
    return *error != NULL ? NULL : json_pack("{s:i}", "sockets", told);
}

static json_t *burst(struct sandbox *sandbox, const json_t *texts, const char **error)
{
    size_t i;
    const json_t *text;
    bool sent = true;
    json_array_foreach(texts, i, text)
    {
        const char *bytes = json_string_value(text);
        sent = sent && bytes != NULL && link_frame(sandbox->link, false, bytes, strlen(bytes));
    }
    if (!sent)
        *error = "no_socket";
    return sent ? json_object() : NULL;
}

/* {"text"} or {"size"}, {"binary"}: one frame; {"texts"}: many at once. */
static json_t *wish_frame(struct sandbox *sandbox, const json_t *body, const char **error)
{
    const json_t *texts = json_object_get(body, "texts");
    if (json_is_array(texts))
        return burst(sandbox, texts, error);
    const char *given = json_string_value(json_object_get(body, "text"));
    json_int_t size = json_integer_value(json_object_get(body, "size"));
    bool binary = workspace_flag(body, "binary");
    if (size < 0 || size > MAX_FRAME) {
        *error = "bad_size";
        return NULL;
    }
    char *bytes = given != NULL ? mem_copy(given) : mem_new((size_t)size + 1, 1);
    size_t count = given != NULL ? strlen(given) : (size_t)size;
    if (given == NULL)
        memset(bytes, 'x', count);
    bool sent = link_frame(sandbox->link, binary, bytes, count);
    free(bytes);
    if (!sent)
        *error = "no_socket";
    return sent ? json_object() : NULL;
}

static json_t *wish_fault(struct sandbox *sandbox, const json_t *body, const char **error)
{
    static struct err err; /* its text outlives the call as *error */
    if (strcmp(text(body, "where"), "socket") == 0 && strcmp(text(body, "method"), "now") == 0) {
        if (fault_check(body, &err) == 0)
            return socket_now(sandbox, body, error);
        *error = err.text;
        return NULL;
    }
    if (workspace_flag(body, "clear")) {
        link_calm(sandbox->link);
        market_luck_ends(sandbox->market);
    }
    if (market_luck(sandbox->market, body, error))
        return *error == NULL ? json_object() : NULL;
    if (fault_add(sandbox->faults, body, &err) != 0) {
        *error = err.text;
        return NULL;
    }
    return json_pack("{s:o}", "faults", fault_list(sandbox->faults));
}

/* --- the table --- */

static const struct {
    const char *path;
    wish *run;
} wishes[] = {
    {"post", wish_post},     {"delete", wish_delete}, {"channel", wish_channel},
    {"group", wish_group},   {"user", wish_user},     {"scopes", wish_scopes},
    {"limits", wish_limits}, {"frame", wish_frame},   {"fault", wish_fault},
    {"kill", control_kill},  {"away", control_away},  {"front", wish_front},
    {"slack", wish_slack},   {"app", wish_app},       {"proxy", tunnel_wish},
};

static const struct {
    const char *path;
    act_wish *run;
} acts[] = {
    {"command", act_command},     {"click", act_click},     {"submit", act_submit},
    {"suggest", act_suggest},     {"close", act_close},     {"home", act_home},
    {"redeliver", act_redeliver}, {"deliver", act_deliver}, {"shortcut", act_shortcut},
};

static void answer_state(struct sandbox *sandbox, struct http_exchange *exchange)
{
    json_t *state =
        json_pack("{s:b, s:I, s:i, s:o, s:I, s:o, s:o}", "ok", 1, "now_ms",
                  (json_int_t)sandbox_now_ms(), "sockets", link_count(sandbox->link), "link",
                  link_state(sandbox->link), "log", (json_int_t)log_newest(sandbox->log), "faults",
                  fault_list(sandbox->faults), "market", market_state(sandbox->market));
    workspace_state(sandbox->workspace, state);
    modal_state(sandbox, state);
    act_shortcuts(state);
    control_page_state(sandbox, state);
    act_answer(exchange, state);
}

static void refuse(struct http_exchange *exchange, int status, const char *error)
{
    struct sb_reply reply = {0};
    sandbox_reply_json(&reply, status, json_pack("{s:b, s:s}", "ok", 0, "error", error));
    http_reply(exchange, &reply);
}

static void run_wish(struct sandbox *sandbox, struct http_exchange *exchange, wish *run,
                     const json_t *body)
{
    const char *error = NULL;
    json_t *answer = run(sandbox, body, &error);
    if (answer == NULL) {
        act_refuse(exchange, error);
        return;
    }
    json_object_set_new(answer, "ok", json_true());
    act_answer(exchange, answer);
}

static void run_post(struct sandbox *sandbox, struct http_exchange *exchange, const char *path,
                     const json_t *body)
{
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(acts[i].path, path) == 0) {
            acts[i].run(sandbox, exchange, body);
            return;
        }
    }
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        if (strcmp(wishes[i].path, path) == 0) {
            run_wish(sandbox, exchange, wishes[i].run, body);
            return;
        }
    }
    refuse(exchange, 404, "no_such_path");
}

void control_handle(struct sandbox *sandbox, struct http_exchange *exchange)
{
    const struct sb_request *request = http_request(exchange);
    const char *path = request->path + strlen("/_sandbox/");
    if (strcmp(request->method, "GET") == 0) {
        if (strcmp(path, "state") == 0)
            answer_state(sandbox, exchange);
        else if (strcmp(path, "log") == 0)
            log_serve(sandbox, exchange);
        else
            refuse(exchange, 404, "no_such_path");
        return;
    }
    json_t *body = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, NULL);
    if (strcmp(request->method, "POST") != 0)
        refuse(exchange, 405, "post_or_get");
    else if (!json_is_object(body))
        refuse(exchange, 400, "not_a_json_object");
    else
        run_post(sandbox, exchange, path, body);
    json_decref(body);
}
