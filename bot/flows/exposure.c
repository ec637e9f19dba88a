/* Who can read the cards: they show markup, wholesale price and note, so operators are told when
 * the approvals channel is shared with another organisation, as anybody in Slack may do at any
 * time. Source: docs.slack.dev/apis/slack-connect; conversations.info, is_ext_shared. */
#include <stdlib.h>

#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "log.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"

static const struct effect_type channel_read_effect;
static const struct timer_type channel_poll_timer;

static void on_start(struct turn *turn)
{
    turn_timer(turn, &channel_poll_timer, 0, 0);
}

static void check(struct turn *turn, int64_t unused)
{
    char *body = text_format("{\"channel\":\"%s\"}", app_config(turn)->channel_approvals);
    (void)unused;
    turn_effect(turn, &(struct effect){.type = &channel_read_effect,
                                       .target = app_config(turn)->channel_approvals,
                                       .body = body});
    free(body);
    turn_timer(turn, &channel_poll_timer, 0, HOUR_MS);
}

static const struct matter channel_shared = {TOLD_UNTIL_WELL, .setting = SETTING_SHARED_CHANNEL};

static void on_channel_read(struct turn *turn, const struct result *result)
{
    if (result->outcome != OUTCOME_OK)
        return; /* a channel that is shut to us is told where it matters: at the post */
    if (!slack_channel_shared(result->reply))
        notify_well(turn, &channel_shared, result->target);
    else if (notify_operators_once(
                 turn, &channel_shared, result->target,
                 MENTION_CHANNEL
                 " is shared with another organisation, whose people can read our markups and "
                 "wholesale prices there. Stop sharing it, or set slack.channels.approvals to a "
                 "private channel of our own.",
                 result->target))
        log_error("approvals channel shared", F_TEXT("channel", result->target));
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
