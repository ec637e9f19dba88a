/* An approval on condition: what an approver asks to be changed in so many values ("Markup: at
 * least 28", "Term: 3 years"), the requester can take over and send in by one click. Pure.
 *
 * Whose revision is it? The requester's, as if they had typed it: they read what changes, and they
 * send it in. So nobody's approval is given beforehand, and none is counted by that click; whoever
 * asked for it decides on what came of it as on any revision that they asked for, by a click that
 * shows it. */
#ifndef CPPO_OFFERS_PROPOSAL_H
#define CPPO_OFFERS_PROPOSAL_H

#include "offers/content.h"

/* ${proposed}: what holds ${now}, with the values of ${remarks} (offers/remarks.h). False: they say
 * nothing that can be taken over as it stands: no other value of markup, term or accept-by date; or
 * a line at a field that is none, which somebody has to read. Whether the values may be sent in is
 * judged when they are. */
bool proposal_read(const char *remarks, const struct content *now, struct content *proposed);

#endif
