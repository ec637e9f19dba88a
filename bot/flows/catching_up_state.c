#include "flows/catching_up_state.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/marks.h"
#include "book/requests.h"
#include "book/requests_list.h"
#include "book/settings.h"
#include "flows/app_context.h"
#include "flows/gates.h"

int64_t catching_up_last(struct turn *turn)
{
    char text[32];
    settings_get(turn, SETTING_CAUGHT_UP_AT, text, sizeof(text));
    return strtoll(text, NULL, 10);
}

/* However long ago: stopwatches are forgotten after a day. */
bool catching_up_knows(struct turn *turn, enum setting setting)
{
    char life[BOOK_MARK];
    char by[BOOK_MARK];
    marks_life(turn, life);
    return settings_get(turn, setting, by, sizeof(by)) && strcmp(by, life) == 0;
}

void catching_up_learn(struct turn *turn, enum setting setting)
{
    char life[BOOK_MARK];
    if (catching_up_knows(turn, setting))
        return;
    marks_life(turn, life);
    assert(*life != '\0');
    settings_put(turn, setting, life);
}

bool catching_up_done(struct turn *turn)
{
    return catching_up_knows(turn, SETTING_CAUGHT_UP_BY);
}

bool catching_up_doubted(struct turn *turn)
{
    return settings_has(turn, SETTING_DOUBTED);
}

void catching_up_doubt(struct turn *turn)
{
    settings_put(turn, SETTING_DOUBTED, "1");
    turn_close_gate(turn, &releases_gate);
}

void catching_up_set_done(struct turn *turn)
{
    char now[32];
    snprintf(now, sizeof(now), "%lld", (long long)turn_now(turn));
    settings_put(turn, SETTING_CAUGHT_UP_AT, now);
    catching_up_learn(turn, SETTING_CAUGHT_UP_BY);
    settings_put(turn, SETTING_DOUBTED, "");
}

/* Names were once made at random: a lost book cannot say which of those were its own. */
bool catching_up_is_ours(struct turn *turn, const char *install)
{
    char ours[TURN_ID];
    app_install(turn, ours);
    return strcmp(install, ours) == 0 ||
           (ours[0] == 'i' && strlen(install) == TURN_ID - 1 && requests_highest(turn) == 0);
}
