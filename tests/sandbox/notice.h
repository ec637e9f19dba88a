/* Whom a message calls: who gets a badge and a notification for it. Decided once, when it is
 * posted: an edit calls nobody, whatever it mentions.
 * Sources: slack.com/help on notifications and threads; that an edit is silent: users of other bots
 * (jenkinsci/slack-plugin#706). */
#ifndef SANDBOX_NOTICE_H
#define SANDBOX_NOTICE_H

#include "sandbox.h"

/* Set "calls" of ${message}, which is complete and not in ${channel}'s list yet: {user: "direct" |
 * "mention" | "group" | "channel" | "thread"}. Only members are called, never its author, the bot
 * or people who are deactivated. Each is told to the log, kind "slack.notice". */
void notice_call(struct sandbox *sandbox, const json_t *channel, json_t *message);

#endif
