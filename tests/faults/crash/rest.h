/* Is there anything that the bot still has to do? */
#ifndef CRASH_REST_H
#define CRASH_REST_H

/* Effects that are due within minutes or under way, and clicks to be judged; -1: the state file
 * cannot be read now. */
int rest_left(const char *path);

#endif
