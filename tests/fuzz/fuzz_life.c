/* Engine, flows, handlers and SQLite at the simulator's deal desk: each pair of bytes is an event
 * or a fault. The judge that shares no rule with the bot is the oracle, after hours of calm. */
#include "../faults/sim.h"
#include "../faults/sim_desk.h"
#include "fuzz.h"

static const char *const people[] = {"U0MIA",  "U0MAX",  "U0SAM", "U0SUE",
                                     "U0SVEN", "U0OTTO", "U0GUS", "U0INES"};
static const char *const buttons[] = {"approve", "approve", "approve", "request_changes",
                                      "reject",  "retry",   "edit",    "withdraw"};
static const char *const calls[] = {"slack:chat.postMessage", "slack:chat.update",
                                    "slack:views.open",       "slack:usergroups.users.list",
                                    "aws:StartChangeSet",     "aws:DescribeChangeSet",
                                    "aws:DescribeEntity",     "aws:ListEntities"};

static const int64_t CALM_MS = INT64_C(3) * 3600 * 1000;

static void close_desk(void)
{
    desk_close(NULL);
}

static void type_command(struct sim *sim, const char *user, const char *word, unsigned offer)
{
    char line[40];
    snprintf(line, sizeof(line), "%s CPPO-%u", word, 1 + offer);
    people_type(sim, user, line);
}

static void happen(struct sim *sim, unsigned what, unsigned how)
{
    const char *user = people[how & 7];
    switch (what % 8) {
    case 0:
        people_type(sim, user, "new");
        sim_run(sim, 90000); /* time for the form */
        break;
    case 1:
    case 2:
        people_click(sim, user, buttons[what >> 3 & 7], 1 + (how >> 3 & 3), 1 + (int)(how >> 5));
        break;
    case 3:
        type_command(sim, user, what & 8 ? "edit" : "withdraw", how >> 3 & 3);
        break;
    case 4:
        sim_run(sim, INT64_C(100) << how % 16);
        break;
    case 5:
        sim->lost_call = calls[how & 7];
        sim->lost_after = how & 8;
        sim->lost_count = 1 + (int)(how >> 6);
        break;
    case 6:
        sim->dying = sim->engine != NULL;
        sim_run(sim, how);
        break;
    case 7:
        sim->faults = how & 1;
        people_act(sim);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sim sim;
    struct fuzz fuzz = {data, size < 120 ? size : 120};
    if (config == NULL) {
        must(desk_open(NULL) == 0, "the desk opens");
        atexit(close_desk);
        fuzz_quietly();
    }
    sim_open(&sim, 1 + fuzz_byte(&fuzz), config, dir);
    sim_run(&sim, 60000);
    while (fuzz.left > 1) {
        unsigned what = fuzz_byte(&fuzz);
        happen(&sim, what, fuzz_byte(&fuzz));
    }
    sim.faults = false;
    sim.lost_call = NULL;
    sim_run(&sim, CALM_MS);
    char *wrong = sim_judge(&sim);
    must(wrong == NULL, wrong);
    sim_close(&sim);
    return 0;
}
