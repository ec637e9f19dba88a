/* AWS's own copy of a released offer: somebody may extend it in AWS's console, or end it by a date
 * that is past. The bot follows AWS's date, not the one in its book. */
#ifndef CPPO_FLOWS_FOLLOWING_H
#define CPPO_FLOWS_FOLLOWING_H

#include <stdbool.h>

#include "book/acceptances.h"
#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/request.h"

/* The last moment at which it can be accepted, ms, as AWS holds it; 0: not known. */
int64_t following_end(const struct request *offer, const struct following *following);

/* Read AWS's copy when it is time to: about once a day (sooner at first), and when its date is
 * past. True: it is being read. */
bool following_check_if_due(struct turn *turn, const struct request *offer,
                            const struct following *following);

#endif
