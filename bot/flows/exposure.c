/* Who can read along: cards show markup, wholesale price and note, and operators hear of more, so
 * Slack is asked whether people of other organisations are in these channels, as anybody may let
 * them in at any time. Source: docs.slack.dev/apis/slack-connect; conversations.info,
 * is_ext_shared. */
#include <stdlib.h>
#include <string.h>

#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "flows/outsiders.h"
#include "log.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"

static const struct effect_type channel_read_effect;
static const struct timer_type channel_poll_timer;

enum { POLL_MS = 300000 };

static void on_start(struct turn *turn)
{
    turn_timer(turn, &channel_poll_timer, 0, 0);
}

static void ask(struct turn *turn, const char *channel)
{
    char *body = text_format("{\"channel\":\"%s\"}", channel);
    turn_effect(turn,
                &(struct effect){.type = &channel_read_effect, .target = channel, .body = body});
    free(body);
}

static void check(struct turn *turn, int64_t unused)
{
    const struct config *config = app_config(turn);
    (void)unused;
    ask(turn, config->channel_approvals);
    if (*config->channel_operators != '\0' &&
        strcmp(config->channel_operators, config->channel_approvals) != 0)
        ask(turn, config->channel_operators);
    turn_timer(turn, &channel_poll_timer, 0, POLL_MS);
}

/* What outsiders_read asks for. */
static const struct matter channel_shared = {TOLD_UNTIL_WELL, .setting = SETTING_OUTSIDERS};

/* False: operators know it. */
static bool warn(struct turn *turn, const char *channel)
{
    bool cards = strcmp(channel, app_config(turn)->channel_approvals) == 0;
    return notify_operators_once(
        turn, &channel_shared, channel, MENTION_CHANNEL " is shared with another organisation. %s",
        channel,
        cards ? "I leave prices, markups, notes and comments out of the cards there from now on, "
                "and out of those of open requests. What is older, those people can read. Stop "
                "sharing it, or set slack.channels.approvals to a private channel of our own."
              : "I write to each operator instead. Stop sharing it, or set "
                "slack.channels.operators to a private channel of our own.");
}

static void on_channel_read(struct turn *turn, const struct result *result)
{
    if (result->outcome != OUTCOME_OK)
        return; /* a channel that is shut to us is told where it matters: at the post */
    if (slack_channel_shared(result->reply)) {
        if (!warn(turn, result->target))
            return;
        log_error("channel shared", F_TEXT("channel", result->target));
    } else {
        if (!outsiders_read(turn, result->target))
            return;
        notify_well(turn, &channel_shared, result->target);
    }
    flows_tell_exposed(turn);
}

static const struct effect_type channel_read_effect = {
    .name = "channel.read",
    .kind = EFFECT_READ,
    .call = "slack:conversations.info",
    .done = on_channel_read,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type channel_poll_timer = {.name = "channel.poll", .due = check};

const struct flow exposure_flow = {
    .on_start = on_start, .effects = {&channel_read_effect}, .timers = {&channel_poll_timer}};
