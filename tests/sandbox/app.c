#include "app.h"

#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "workspace.h"

static void set_ids(struct app *app)
{
    char mark[12] = "";
    if (app->generation > 0)
        snprintf(mark, sizeof(mark), "%d", app->generation + 1);
    snprintf(app->user, sizeof(app->user), "U0BOT%s", mark);
    snprintf(app->bot_id, sizeof(app->bot_id), "B0BOT%s", mark);
    snprintf(app->id, sizeof(app->id), "A0CPPO%s", mark);
}

void app_first(struct app *app)
{
    app->generation = 0;
    set_ids(app);
}

/* Its views, triggers and response urls end with it. */
static void forget(struct workspace *workspace)
{
    json_object_clear(workspace->views);
    json_object_clear(workspace->stacks);
    json_object_clear(workspace->homes);
    json_object_clear(workspace->triggers);
    json_object_clear(workspace->responses);
    json_object_clear(workspace->submitted);
}

void app_anew(struct sandbox *sandbox, bool invited)
{
    struct workspace *workspace = sandbox->workspace;
    const struct workspace before = *workspace;
    json_t *user = json_deep_copy(workspace_user(workspace, before.app.user));
    const char *id;
    json_t *channel;
    workspace->app.generation++;
    set_ids(&workspace->app);
    json_object_set_new(workspace_user(workspace, before.app.user), "deleted", json_true());
    json_object_set_new(user, "id", json_string(workspace->app.user));
    json_object_set_new(workspace->users, workspace->app.user, user);
    json_object_foreach(workspace->channels, id, channel)
    {
        bool stays =
            invited && !workspace_flag(channel, "is_im") && workspace_flag(channel, "bot_member");
        workspace_invite_bot(&before, channel, false);
        if (stays)
            workspace_invite_bot(workspace, channel, true);
    }
    forget(workspace);
    log_entry(sandbox, "slack.app",
              json_pack("{s:s, s:s}", "app_id", workspace->app.id, "user", workspace->app.user));
}

bool app_wrote(const struct app *app, const json_t *message)
{
    return strcmp(workspace_text(message, "bot_id"), app->bot_id) == 0;
}
