/* In which channels people of other organisations read along, as Slack said last
 * (flows/exposure.c asks it): prices, markups, notes and comments stay out of these. */
#ifndef CPPO_FLOWS_OUTSIDERS_H
#define CPPO_FLOWS_OUTSIDERS_H

#include <stdbool.h>

#include "engine/turn.h"

bool outsiders_read(struct turn *turn, const char *channel);

#endif
