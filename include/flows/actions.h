/* What people ask for is done when it is known, by fresh lists, that they may. A click that comes
 * while the copy is older than a minute is acknowledged and stored; the lists that it hangs on are
 * read; and with their result it is done or refused, by the request as it is then. What each is,
 * its row says (offers/action.h). */
#ifndef CPPO_FLOWS_ACTIONS_H
#define CPPO_FLOWS_ACTIONS_H

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "flows/flow.h"

/* Store it, and read what is needed. It lapses after 30 s, or half a minute after Slack asked us to
 * wait, and the person is told. What was typed into a form waits longer. ${content}: of a revision,
 * else NULL. */
void actions_later(struct turn *turn, const struct pending_action *pending, const char *content);

/* Do at once what was asked, when the lists are fresh (true); else store it (false). */
bool actions_now_or_later(struct turn *turn, const struct pending_action *pending,
                          const char *content);

#endif
