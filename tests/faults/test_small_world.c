/* The small world, whole: one offer, two approvers, a requester who withdraws it or sends it again,
 * and one misfortune (a sudden death, or an answer that never comes), at every moment and in every
 * order in which answers and clicks can reach the bot.
 *
 *   faults_small_world            the first of the worlds below
 *   faults_small_world NAME ...   these
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

#include "../sandbox/market.h"
#include "sim_desk.h"
#include "sim_roads.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const struct world {
    const char *name;
    int needed;          /* approvals */
    int troubles;        /* misfortunes, at most */
    int64_t before_ms;   /* what goes by before the form is sent */
    int64_t waits_ms;    /* and then until the roads divide */
    int64_t divides_ms;  /* for how long they do */
    const char *console; /* a colleague changes the draft, and revisions are taken so; NULL: none */
} worlds[] = {
    {"submitted", 1, 0, 10 * SECOND, 0, 2 * SECOND, NULL},
    {"submitted-misfortune", 1, 1, 10 * SECOND, 0, 1 * SECOND, NULL},
    {"ready", 1, 0, 10 * SECOND, 20 * SECOND, 12 * SECOND, NULL},
    {"ready-misfortune", 1, 1, 10 * SECOND, 20 * SECOND, 12 * SECOND, NULL},
    {"ready-two", 2, 0, 10 * SECOND, 20 * SECOND, 12 * SECOND, NULL},
    {"ready-two-misfortune", 2, 1, 10 * SECOND, 20 * SECOND, 12 * SECOND, NULL},
    /* Seconds before and after the midnight at which nobody can accept any more. */
    {"last-seconds", 1, 1, 10 * SECOND, 40 * HOUR - 15 * SECOND, 12 * SECOND, NULL},
    /* Somebody in the AWS console, between any two steps. */
    {"console", 1, 0, 10 * SECOND, 20 * SECOND, 40 * SECOND, "refused"},
    {"console-fails", 1, 0, 10 * SECOND, 20 * SECOND, 40 * SECOND, "fails"},
    {"console-ignored", 1, 0, 10 * SECOND, 20 * SECOND, 40 * SECOND, "ignored"},
};

enum { WORLDS = sizeof(worlds) / sizeof(worlds[0]) };

static const char accept_by[] = "2026-11-26"; /* forty hours on */

/* --- who does what --- */

static void mia(struct sim *sim, size_t choice)
{
    (void)choice;
    people_click(sim, "U0MIA", "approve", 1, 1);
}

static void max(struct sim *sim, size_t choice)
{
    if (choice == 0)
        people_click(sim, "U0MAX", "approve", 1, 1);
    else
        people_send_reason(sim, "U0MAX");
}

static void sue(struct sim *sim, size_t choice)
{
    if (choice == 0)
        people_click(sim, "U0SUE", "withdraw", 1, 1);
    else
        people_send_form(sim, "U0SUE", "customer", "Beta", "accept_by", accept_by, NULL);
}

static void colleague(struct sim *sim, size_t choice)
{
    static const char *const acts[] = {"markup", "countries"};
    const char *id;
    json_t *offer;
    json_object_foreach(sim->market->offers, id, offer)
    {
        json_t *order = json_pack("{s:s, s:s}", "offer", id, "act", acts[choice]);
        json_t *answer = json_object();
        play_colleague(sim->market, order, answer);
        json_decref(order);
        json_decref(answer);
    }
}

static const struct road_actor people[] = {{1, mia}, {2, max}, {2, sue}};
static const struct road_actor with_colleague[] = {{1, mia}, {2, colleague}};

/* --- the world begins --- */

static void note_form(struct sim *sim, const char *customer)
{
    json_object_set_new(sim->submissions, customer,
                        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "user", "U0SUE", "markup", "25",
                                  "buyers", "222233334444", "authorization",
                                  "resaleauthz-bronze2024", "term", "P3650D", "accept_by",
                                  accept_by));
}

/* The form has been sent; another one is open before the requester, and one that asks why before an
 * approver who rejects. */
static void begin(struct sim *sim, const struct world *world)
{
    config->needed = world->needed;
    sim_open(sim, 1, config, dir);
    sim->scripted = true;
    sim->at_once = true;
    sim->market->prepare_ms = 1 * SECOND;
    sim->market->apply_ms = 2 * SECOND;
    if (world->console != NULL)
        json_object_set_new(sim->market->ways, "revisions", json_string(world->console));
    note_form(sim, "Alpha");
    note_form(sim, "Beta");
    sim_run(sim, world->before_ms);
    people_type(sim, "U0SUE", "new");
    sim_run(sim, 2 * SECOND);
    people_send_form(sim, "U0SUE", "accept_by", accept_by, NULL);
    sim_run(sim, world->waits_ms);
    people_type(sim, "U0SUE", "edit CPPO-1");
    people_click(sim, "U0MAX", "reject", 1, 1);
    sim_run(sim, 0);
}

static void every_road_keeps_the_promises(void **state)
{
    const struct world *world = *state;
    bool console = world->console != NULL;
    const struct road_plan plan = {.actors = console ? with_colleague : people,
                                   .actor_count = console ? 2 : 3,
                                   .troubles = world->troubles,
                                   .for_ms = world->divides_ms,
                                   .calm_ms = 45 * MINUTE,
                                   .title = world->name};
    struct sim sim;
    begin(&sim, world);
    struct road_tally tally = roads_walk(&sim, &plan);
    printf("%s: %" PRIu64 " worlds, %" PRIu64 " met again, %" PRIu64 " lives to the end\n",
           world->name, tally.worlds, tally.again, tally.lives);
    sim_close(&sim);
    if (tally.failures > 0)
        fail_msg("%" PRIu64 " roads broke a promise", tally.failures);
    if (tally.lives == 0)
        fail_msg("no road led anywhere");
}

static bool is_wanted(const struct world *world, int count, char **names)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], world->name) == 0)
            return true;
    }
    return count == 0 && world == worlds;
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[WORLDS];
    size_t count = 0;
    for (size_t i = 0; i < WORLDS; i++) {
        if (is_wanted(&worlds[i], argc - 1, argv + 1))
            tests[count++] = (struct CMUnitTest){.name = worlds[i].name,
                                                 .test_func = every_road_keeps_the_promises,
                                                 .initial_state = (void *)(uintptr_t)&worlds[i]};
    }
    return count == 0
               ? 2
               : _cmocka_run_group_tests("small worlds", tests, count, desk_open, desk_close);
}
