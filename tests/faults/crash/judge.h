/* After a point was played: is everything as it must be? */
#ifndef CRASH_JUDGE_H
#define CRASH_JUDGE_H

#include "points.h"

/* NULL: yes. Otherwise what is wrong, on the heap; the evidence is then kept in ${keep}
 * (NULL: nowhere). */
char *judge(struct world *world, const struct point *point, const struct trial *trial,
            const char *keep);

#endif
