#include "flows/catching_up_news.h"

#include <stdlib.h>
#include <string.h>

#include "book/settings.h"
#include "flows/catching_up_state.h"
#include "flows/notify.h"
#include "log.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"

/* With what is said around them they fit one message. */
enum { REPORT_BYTES = 2100, UNSEEN_BYTES = 600 };

static const char more[] = "\n• … and more: see my log.";

static const int64_t LONG_MS = 60000;

static const struct matter takes_long = {TOLD_A_DAY, .name = "long comparison"};
static const struct matter aws_unseen = {TOLD_A_DAY, .name = "AWS not compared"};

/* One line more, unless it stands there already; where there is no room, that there are more. */
static void add_line(struct turn *turn, enum setting setting, size_t capacity, const char *line)
{
    char text[REPORT_BYTES];
    settings_get(turn, setting, text, sizeof(text));
    if (strstr(text, line) != NULL || strstr(text, more) != NULL)
        return;
    char *whole = text_format("%s\n• %s", text, line);
    char *full = text_format("%s%s", text, more);
    settings_put(turn, setting, strlen(whole) + sizeof(more) <= capacity ? whole : full);
    free(whole);
    free(full);
}

void catching_up_report(struct turn *turn, const char *line)
{
    log_warn("catch-up finding", F_TEXT("why", line));
    add_line(turn, SETTING_REPORT, REPORT_BYTES, line);
}

void catching_up_unseen(struct turn *turn, const char *line)
{
    char *why = blocks_unmarked(line);
    log_warn("catch-up blind spot", F_TEXT("why", why));
    free(why);
    add_line(turn, SETTING_UNSEEN, UNSEEN_BYTES, line);
}

void catching_up_news_begin(struct turn *turn, bool fresh)
{
    settings_put(turn, SETTING_UNSEEN, "");
    if (fresh)
        settings_put(turn, SETTING_NEW_FILE, "1");
}

/* --- causes --- */

static const char *const causes[] = {
    [CAUSE_LINE_NEWER] = "My state file was older than the marker file beside it: it was "
                         "restored or copied.",
    [CAUSE_FILE_MOVED] = "My state file is not the one I used last: it was restored or copied.",
    [CAUSE_LINE_MISSING] = "The marker file beside my state file is gone, so the state file may "
                           "have been restored or copied.",
    [CAUSE_CROWDED] = "Another bot was connected to Slack with this app, perhaps with a copy of my "
                      "state file.",
};

void catching_up_because(struct turn *turn, enum catching_cause cause)
{
    if (!settings_has(turn, SETTING_DOUBT_CAUSE))
        settings_put(turn, SETTING_DOUBT_CAUSE, causes[cause]);
}

static void cause_of(struct turn *turn, bool found, char *words, size_t capacity)
{
    if (catching_up_done(turn))
        text_fit(words, capacity,
                 "Another bot is working with a copy of my state file; stop one of the two.");
    else if (found || !settings_get(turn, SETTING_DOUBT_CAUSE, words, capacity) || *words == '\0')
        text_fit(words, capacity,
                 "My state file was older than what Slack and AWS hold: it was restored, lost or "
                 "copied.");
}

/* --- the news --- */

/* Nothing is published meanwhile. */
void catching_up_tell_length(struct turn *turn, int64_t ms, int64_t pages)
{
    if (ms >= LONG_MS)
        notify_operators_once(turn, &takes_long, "",
                              "I am comparing my state file with AWS and Slack and will publish "
                              "nothing until that is done. So far I have read %lld pages.",
                              (long long)pages);
}

void catching_up_tell_aws(struct turn *turn, const struct result *result)
{
    notify_operators_once(turn, &aws_unseen, "",
                          "I cannot compare my state file with AWS's change sets: %s (%s). "
                          "%s wait until I can; I'll retry every minute.",
                          result->text, result->code, kinds_words()->capital);
}

/* Once, until it is gone: that it is known to run says that they were told. */
void catching_up_tell_copy(struct turn *turn)
{
    if (catching_up_knows(turn, SETTING_OTHER_SEEN_BY))
        return;
    catching_up_learn(turn, SETTING_OTHER_SEEN_BY);
    notify_operators(
        turn, "My state file may be a copy, and another bot is connected to Slack with "
              "this app: two bots on one state would publish twice. I won't publish "
              "anything until it is stopped. If there is none, wait a few minutes: Slack still "
              "counts a connection that has just died.");
}

/* "${cause} I compared it ...${what}", and what that could not show. */
static void tell(struct turn *turn, bool found, const char *what)
{
    char cause[200], missing[UNSEEN_BYTES];
    cause_of(turn, found, cause, sizeof(cause));
    settings_get(turn, SETTING_UNSEEN, missing, sizeof(missing));
    notify_operators(turn,
                     "%s I compared it with AWS and with our messages before publishing "
                     "anything%s\nWhat I could not see:\n• AWS keeps change sets for 90 "
                     "days; I cannot see anything older.%s",
                     cause, what, missing);
    settings_put(turn, SETTING_REPORT_TOLD, "1");
}

void catching_up_tell_found(struct turn *turn)
{
    char lines[REPORT_BYTES];
    settings_get(turn, SETTING_REPORT, lines, sizeof(lines));
    if (*lines == '\0' || !catching_up_doubted(turn))
        return;
    char *what = text_format(":%s", lines);
    tell(turn, true, what);
    free(what);
    settings_put(turn, SETTING_REPORT, "");
}

/* Posts in the channel are the only other trace of an earlier file whose work AWS does not show. */
static void tell_unseen_past(struct turn *turn)
{
    char missing[UNSEEN_BYTES];
    settings_get(turn, SETTING_UNSEEN, missing, sizeof(missing));
    notify_operators(
        turn,
        "My state file is new, and I could not check Slack for what an earlier one may have left "
        "there:%s\nIf this is my first start, that is fine. If an earlier state file was lost, I "
        "do not know its %s: numbers start at CPPO-1 again, the buttons of old cards no longer do "
        "anything, and what was requested then has to be requested again. To let me check, give "
        "the Slack app the scopes groups:history and channels:history (update it from "
        "manifest.json and reinstall it), invite me to the channel, and restart me.",
        missing, kinds_words()->nouns);
}

void catching_up_tell_end(struct turn *turn)
{
    if (catching_up_doubted(turn) && !settings_has(turn, SETTING_REPORT_TOLD))
        tell(turn, false, ". There is nothing you need to do, and I am publishing again.");
    else if (!catching_up_doubted(turn) && settings_has(turn, SETTING_NEW_FILE) &&
             settings_has(turn, SETTING_UNSEEN))
        tell_unseen_past(turn);
    settings_put(turn, SETTING_REPORT, "");
    settings_put(turn, SETTING_UNSEEN, "");
    settings_put(turn, SETTING_REPORT_TOLD, "");
    settings_put(turn, SETTING_DOUBT_CAUSE, "");
    settings_put(turn, SETTING_NEW_FILE, "");
}
