#include "offers/timing.h"

bool timing_held(const struct timing *timing)
{
    return *timing->held_by != '\0';
}

bool timing_waits(const struct timing *timing)
{
    return timing_held(timing) || timing->opens != 0;
}
