/* Is there anything that the bot still has to do? */
#ifndef CRASH_REST_H
#define CRASH_REST_H

/* Effects that are due or under way, clicks to be judged, offers on their way and drafts that AWS
 * works on; -1: the state file
 * cannot be read now. */
int rest_left(const char *path);

#endif
