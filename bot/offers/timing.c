#include "offers/timing.h"

#include <stdio.h>

bool timing_held(const struct timing *timing)
{
    return *timing->held_by != '\0';
}

bool timing_dated(const struct timing *timing)
{
    return timing->date != 0 && !timing->came;
}

bool timing_waits(const struct timing *timing)
{
    return timing_held(timing) || timing_dated(timing) || timing->opens != 0;
}

bool timing_shown(const struct timing *timing, char text[TIMING_SHOWN])
{
    if (timing_held(timing))
        snprintf(text, TIMING_SHOWN, "held");
    else if (timing_dated(timing))
        snprintf(text, TIMING_SHOWN, "until %lld", (long long)(timing->date / 1000));
    return timing_held(timing) || timing_dated(timing);
}
