/* Judging who may, by fresh lists. A click that comes while the copy is older than a minute is
 * acknowledged and stored; the lists that it hangs on are read; and their result judges it against
 * the offer as it is then. What follows is told to the flows (on_judged, on_given_up). */
#ifndef CPPO_FLOWS_JUDGING_H
#define CPPO_FLOWS_JUDGING_H

#include "book/judgements.h"
#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow judging_flow;

/* Store it, and read what is needed. It lapses after 30 s, or half a minute after Slack asked us to
 * wait, and the person is told. What was typed into a form waits longer. ${content}: of a revision,
 * else NULL. */
void judging_later(struct turn *turn, const struct judgement *judgement, const char *content);

/* Do at once what was asked, when the lists are fresh (true); else store it (false). */
bool judging_now_or_later(struct turn *turn, const struct judgement *judgement,
                          const char *content);

#endif
