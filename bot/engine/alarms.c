/* What operators should know, told through the port that the tables name. */
#include <stdlib.h>

#include "internal.h"
#include "log.h"
#include "text.h"

static const int64_t ALARM_AGAIN_MS = INT64_C(3600) * 1000;

void turn_alarm(struct turn *turn, const char *about, const char *text)
{
    struct engine *engine = turn_engine(turn);
    if (backoffs_until(&engine->alarms, about) > turn->time)
        return;
    backoffs_put(&engine->alarms, about, turn->time, turn->time + ALARM_AGAIN_MS);
    engine->tables.alarm(turn, text);
}

void turn_alarm_unknown(struct turn *turn, const char *what, const char *name)
{
    char *words = text_format("The state file holds %s that this version of the bot does not know "
                              "(“%s”): another version wrote them. I keep them until a version "
                              "that knows them is started; nothing else waits for them.",
                              what, name);
    log_error("unknown stored name", F_TEXT("name", name));
    turn_alarm(turn, name, words);
    free(words);
}
