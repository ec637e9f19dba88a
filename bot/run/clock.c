#include "run/clock.h"

#include <time.h>

#include "io/http.h"
#include "log.h"

enum { OFF_MS = 60000 }; /* more than rounding to whole seconds and the round trip can explain */

/* --- pure --- */

int64_t true_clock_ms(const struct true_clock *clock, int64_t wall, int64_t monotonic)
{
    return clock->is_set ? monotonic + clock->ahead : wall;
}

bool true_clock_hear(struct true_clock *clock, int64_t theirs, int64_t wall, int64_t monotonic)
{
    int64_t now = true_clock_ms(clock, wall, monotonic);
    bool off = now - theirs > OFF_MS || theirs - now > OFF_MS;
    clock->is_set = true;
    clock->ahead = (off ? theirs : now) - monotonic;
    return off;
}

/* --- this machine's --- */

static struct true_clock heard;

static int64_t machine_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_ms(void)
{
    return true_clock_ms(&heard, machine_ms(CLOCK_REALTIME), clock_monotonic_ms());
}

int64_t clock_monotonic_ms(void)
{
    return machine_ms(CLOCK_BOOTTIME);
}

void clock_hear(const char *date)
{
    int64_t theirs = date != NULL ? http_date(date) : -1;
    int64_t before = clock_ms();
    if (theirs >= 0 &&
        true_clock_hear(&heard, theirs * 1000, machine_ms(CLOCK_REALTIME), clock_monotonic_ms()))
        log_warn("clock skew", F_INT("slack_minus_ours_s", theirs - before / 1000));
}
