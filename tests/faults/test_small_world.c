/* The small world, whole: one offer, two approvers, a requester who withdraws or sends it again,
 * and one sudden death; every order of the four, in every moment of the offer's life.
 *
 *   SMALL_MOMENTS=6   how many moments that life has (2 when not set)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sandbox/market.h"
#include "sim_desk.h"

enum { ACTS = 4, SECOND = 1000, BETWEEN_MS = 25 * SECOND, CALM_MS = 45 * 60 * SECOND };

/* What the second approver and the requester do. */
static const char *const second[] = {"approve", "reject"};

static void note_form(struct sim *sim, const char *customer)
{
    json_object_set_new(sim->submissions, customer,
                        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "user", "U0SUE", "markup", "25",
                                  "buyers", "222233334444", "authorization",
                                  "resaleauthz-bronze2024", "term", "P3650D", "accept_by",
                                  "2027-01-15"));
}

static void act(struct sim *sim, int who, unsigned variant)
{
    switch (who) {
    case 0:
        people_click(sim, "U0MIA", "approve", 1, 1);
        break;
    case 1:
        people_click(sim, "U0MAX", second[variant & 1], 1, 1);
        break;
    case 2:
        if (variant & 2)
            people_type(sim, "U0SUE", "withdraw CPPO-1");
        else
            people_send_form(sim, "U0SUE", "customer", "Beta", NULL);
        break;
    default:
        sim->dying = true; /* with whatever happens next */
        break;
    }
}

static void live(const int order[ACTS], const int moment[ACTS], unsigned variant)
{
    struct sim sim;
    int now = 0;
    sim_open(&sim, 1, config, dir);
    sim.scripted = true;
    sim.market->prepare_ms = 10 * SECOND;
    sim.market->apply_ms = 15 * SECOND;
    note_form(&sim, "Alpha");
    note_form(&sim, "Beta");
    sim_run(&sim, 10 * SECOND);
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", NULL);
    sim_run(&sim, 2 * SECOND);
    people_type(&sim, "U0SUE", "edit CPPO-1");
    sim_run(&sim, SECOND);
    for (int i = 0; i < ACTS; i++) {
        sim_run(&sim, (int64_t)(moment[i] - now) * BETWEEN_MS);
        now = moment[i];
        act(&sim, order[i], variant);
        if (order[i] != ACTS - 1)
            sim_run(&sim, 40); /* it arrives; what it sets off is still on its way */
    }
    sim_run(&sim, CALM_MS);
    char *wrong = checker_run(&sim);
    sim_close(&sim);
    if (wrong != NULL)
        fail_msg("order %d%d%d%d, moments %d %d %d %d, variant %u: %s", order[0], order[1],
                 order[2], order[3], moment[0], moment[1], moment[2], moment[3], variant, wrong);
}

static size_t all_moments(const int order[ACTS], int moments, unsigned variant)
{
    int at[ACTS];
    size_t count = 0;
    for (at[0] = 0; at[0] < moments; at[0]++)
        for (at[1] = at[0]; at[1] < moments; at[1]++)
            for (at[2] = at[1]; at[2] < moments; at[2]++)
                for (at[3] = at[2]; at[3] < moments; at[3]++, count++)
                    live(order, at, variant);
    return count;
}

static bool next_order(int order[ACTS], unsigned code)
{
    unsigned seen = 0;
    for (int i = 0; i < ACTS; i++, code /= ACTS) {
        order[i] = (int)(code % ACTS);
        seen |= 1U << order[i];
    }
    return seen == (1U << ACTS) - 1;
}

static void every_order_keeps_the_promises(void **state)
{
    const char *wanted = getenv("SMALL_MOMENTS");
    int moments = wanted != NULL ? atoi(wanted) : 2;
    int order[ACTS];
    size_t count = 0;
    (void)state;
    for (unsigned code = 0; code < ACTS * ACTS * ACTS * ACTS; code++) {
        for (unsigned variant = 0; variant < 4 && next_order(order, code); variant++)
            count += all_moments(order, moments, variant);
    }
    printf("%zu orders in %d moments\n", count, moments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_keeps_the_promises),
    };
    return cmocka_run_group_tests(tests, desk_open, desk_close);
}
