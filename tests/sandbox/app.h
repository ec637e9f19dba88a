/* Who the app is in the workspace: its bot user, bot id and app id, which change when somebody
 * deletes the app and makes it anew. */
#ifndef SANDBOX_APP_H
#define SANDBOX_APP_H

#include "sandbox.h"

struct app {
    char user[24];
    char bot_id[24];
    char id[24];
    int generation; /* how often it was made anew */
};

void app_first(struct app *app);
/* Delete the app and make it anew: other ids, other direct messages, no channel but those it is
 * ${invited} to again; what the old one posted stays, cannot be updated and answers no click. The
 * tokens stay the same, so that a bot that is running finds out by itself. */
void app_anew(struct sandbox *sandbox, bool invited);
/* Is ${message} of the app as it is now? */
bool app_wrote(const struct app *app, const json_t *message);

#endif
