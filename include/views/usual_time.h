/* How long AWS usually takes to publish an offer, from our own history. */
#ifndef CPPO_VIEWS_USUAL_TIME_H
#define CPPO_VIEWS_USUAL_TIME_H

#include <stddef.h>
#include <stdint.h>

enum { USUAL_TIMES = 20, USUAL_TIME = 100 };

/* "AWS usually takes 11–14 minutes": the middle half of ${took}, in ms, which it sorts. "" when
 * there are too few to tell. */
void usual_time(int64_t *took, size_t count, char text[USUAL_TIME]);

#endif
