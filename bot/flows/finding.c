/* Requests from before words and accounts were kept are read by and by, so that they are found by
 * them as well: from the newest down, a few at a time, while the bot does everything else. */
#include <stdio.h>
#include <stdlib.h>

#include "book/requests.h"
#include "book/settings.h"
#include "flows/flow.h"

static const struct timer_type finding_timer;

enum { AT_ONCE = 20, PAUSE_MS = 50 };

static void read_some(struct turn *turn, int64_t unused)
{
    char value[24];
    (void)unused;
    if (!settings_get(turn, SETTING_SEARCH_BELOW, value, sizeof(value)))
        return;
    int64_t below = strtoll(value, NULL, 10);
    for (int i = 0; i < AT_ONCE && below > 1; i++)
        requests_put_keys(turn, --below);
    snprintf(value, sizeof(value), "%lld", (long long)below);
    if (below > 1)
        settings_put(turn, SETTING_SEARCH_BELOW, value);
    else
        settings_forget(turn, SETTING_SEARCH_BELOW, "");
    if (below > 1)
        turn_timer(turn, &finding_timer, 0, PAUSE_MS);
}

static void on_start(struct turn *turn)
{
    if (settings_has(turn, SETTING_SEARCH_BELOW))
        turn_timer(turn, &finding_timer, 0, 0);
}

static const struct timer_type finding_timer = {.name = "search.fill", .due = read_some};

const struct flow finding_flow = {.timers = {&finding_timer}, .on_start = on_start};
