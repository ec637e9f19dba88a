/* Time zones by their names, from the system's files. */
#ifndef CPPO_RUN_ZONES_H
#define CPPO_RUN_ZONES_H

#include "offers/zone.h"

/* From /usr/share/zoneinfo, read when first asked for and kept; good until 64 others were asked
 * for. NULL, which is UTC, where the system has no such zone: the log says so once. */
const struct zone *zones_get(const char *name);

#endif
