#include "control_page.h"

#include "child.h"
#include "link.h"
#include "parts.h"

enum { MAX_AWAY_MS = 600000 };

json_t *control_kill(struct sandbox *sandbox, const json_t *body, const char **error)
{
    (void)body;
    if (child_kill(sandbox->child))
        return json_object();
    *error = sandbox->child == NULL ? "the_bot_was_not_started_by_the_sandbox" : "not_running";
    return NULL;
}

static void come_back(void *ctx)
{
    struct sandbox *sandbox = ctx;
    sandbox->away = NULL;
    log_entry(sandbox, "slack.back", NULL);
}

json_t *control_away(struct sandbox *sandbox, const json_t *body, const char **error)
{
    json_int_t ms = json_integer_value(json_object_get(body, "ms"));
    if (ms < 1 || ms > MAX_AWAY_MS) {
        *error = "bad_ms";
        return NULL;
    }
    sandbox_cancel(sandbox->away);
    sandbox->away = sandbox_after(sandbox, ms, come_back, sandbox);
    sandbox->away_until = sandbox_monotonic_ms() + ms;
    log_entry(sandbox, "slack.away", json_pack("{s:I}", "ms", ms));
    return json_pack("{s:i}", "sockets", link_disconnect(sandbox->link, "cut", true));
}

bool control_is_away(const struct sandbox *sandbox)
{
    return sandbox->away != NULL;
}

void control_page_state(const struct sandbox *sandbox, json_t *state)
{
    int64_t left = control_is_away(sandbox) ? sandbox->away_until - sandbox_monotonic_ms() : 0;
    json_object_set_new(state, "away_ms", json_integer(left > 0 ? left : 0));
    json_object_set_new(state, "process", child_state(sandbox->child));
}
