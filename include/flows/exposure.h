/* Who can read the cards: they show markup, wholesale price and note, so operators are told when
 * the approvals channel is shared with another organisation, as anybody in Slack may do at any
 * time. Source: docs.slack.dev/apis/slack-connect; conversations.info, is_ext_shared. */
#ifndef CPPO_FLOWS_EXPOSURE_H
#define CPPO_FLOWS_EXPOSURE_H

#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow exposure_flow;

#endif
