/* Who can read the cards: they show markup, wholesale price and note, so operators are told when
 * the approvals channel is shared with another organisation, as anybody in Slack may do at any
 * time. Source: docs.slack.dev/apis/slack-connect; conversations.info, is_ext_shared. */
#ifndef CPPO_FLOWS_EXPOSURE_H
#define CPPO_FLOWS_EXPOSURE_H

#include "engine/turn.h"

/* The process started: look now, and every hour from then on. */
void exposure_start(struct turn *turn);

/* Timer and result; see bot/run/tables.c. */
void exposure_look(struct turn *turn, int64_t unused);
void exposure_read(struct turn *turn, const struct result *result);

#endif
