/* Is there anything that the bot still has to do? */
#ifndef CRASH_REST_H
#define CRASH_REST_H

#include <stdbool.h>

/* Effects that are due or under way, clicks to be judged, offers on their way and drafts that AWS
 * works on; -1: the state file cannot be read now. ${looks}: looks at what is published count, of
 * which there is always one where offers are many and AWS slow. */
int rest_left(const char *path, bool looks);

#endif
