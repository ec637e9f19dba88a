/* Whole days of a deal desk, with everything going wrong, thousands of times.
 *
 *   SIM_OFFERS=1000000   how many offers must have lived (500 when not set)
 *   SIM_PART=1/2         only every second seed, from the first on: one process for each core
 *   SIM_RESTORES=500     so many of a thousand deaths put a backup of the state file back
 *   SIM_SEED=42          only this day, told as it goes
 *   SIM_STRANGE=legal    what AWS may do besides (sim_strange.c)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/store.h"
#include "sim_desk.h"

enum { ACTS = 400, BETWEEN_MS = 40000 };

static const int64_t CALM_MS = INT64_C(3) * 3600 * 1000;
static const int64_t LONG_CALM_MS = INT64_C(30) * 3600 * 1000; /* the next accept-by date goes by */

struct tally {
    int64_t offers, released, accepted, past;
    size_t kills, calls, bad_calls, days, broken;
};

/* A day of trouble, then hours of calm in which everything must come to its end. */
static void live_a_day(uint64_t seed, struct tally *tally)
{
    struct sim sim;
    sim_open(&sim, seed, config, dir);
    strange_draw(&sim);
    int64_t calm = others_vary(&sim) ? LONG_CALM_MS : CALM_MS;
    sim.faults = true;
    for (int i = 0; i < ACTS; i++) {
        people_act(&sim);
        others_act(&sim);
        strange_act(&sim);
        sim_trouble(&sim);
        sim_run(&sim, (int64_t)sim_roll(&sim, 2 * BETWEEN_MS));
    }
    sim_calm(&sim);
    sim_run(&sim, calm);
    char *wrong = sim_judge(&sim);
    tally->offers += store_int(sim.store, "SELECT count(*) FROM request", SQL_NO_ARGS, 0);
    tally->released += store_int(
        sim.store,
        "SELECT count(*) FROM request WHERE state IN ('published', 'accepted', 'expired')",
        SQL_NO_ARGS, 0);
    tally->accepted += store_int(sim.store, "SELECT count(*) FROM request WHERE state = 'accepted'",
                                 SQL_NO_ARGS, 0);
    tally->past += store_int(
        sim.store, "SELECT count(*) FROM move WHERE event IN ('expire', 'lapse')", SQL_NO_ARGS, 0);
    tally->kills += sim.kills;
    tally->calls += sim.calls;
    tally->bad_calls += sim.bad_calls;
    tally->days++;
    sim_close(&sim);
    if (wrong == NULL)
        return;
    printf("SIM_SEED=%" PRIu64 ": %s\n", seed, wrong);
    fflush(stdout);
    tally->broken++;
    free(wrong);
}

static void offers_are_published_once_whatever_happens(void **state)
{
    const char *one = getenv("SIM_SEED");
    const char *wanted = getenv("SIM_OFFERS");
    const char *part = getenv("SIM_PART");
    unsigned first = 1;
    unsigned step = 1;
    int64_t most = wanted != NULL ? strtoll(wanted, NULL, 10) : 500;
    struct tally tally = {0};
    clock_t began = clock();
    (void)state;
    if (one != NULL) {
        live_a_day(strtoull(one, NULL, 10), &tally);
    } else {
        if (part != NULL && sscanf(part, "%u/%u", &first, &step) != 2)
            fail_msg("SIM_PART is written 1/2");
        for (uint64_t seed = first; tally.offers < most; seed += step)
            live_a_day(seed, &tally);
    }
    printf("%zu days, %" PRId64 " offers, %" PRId64 " published, %" PRId64 " accepted, %" PRId64
           " past their date, %zu calls (%zu went wrong), the bot was killed %zu times; %.1f s of "
           "processor\n",
           tally.days, tally.offers, tally.released, tally.accepted, tally.past, tally.calls,
           tally.bad_calls, tally.kills, (double)(clock() - began) / CLOCKS_PER_SEC);
    if (tally.broken > 0)
        fail_msg("%zu days broke a promise", tally.broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_are_published_once_whatever_happens),
    };
    return cmocka_run_group_tests(tests, desk_open, desk_close);
}
