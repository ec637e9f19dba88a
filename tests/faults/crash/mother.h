/* The processes that stand in front of main(), and their copies. */
#ifndef CRASH_MOTHER_H
#define CRASH_MOTHER_H

#include "world.h"

void mother_open(struct mother *mother, enum role role, const char *bin, const char *dir,
                 int memory, int nap_fd);
void mother_close(struct mother *mother);

/* Have a copy made, with these further variables (see struct wish); NULL: none. */
void mother_wish(struct mother *mother, const char *environment);
/* Read one piece of news; true when it tells of an end. */
bool mother_news(struct mother *mother);
/* Kill the copy, if one lives, and hear of its end. */
void mother_kill(struct mother *mother);

#endif
