/* Socket Mode, cut or stalled at every place of handshake, hello and first messages, while people
 * go on. */
#include <stdio.h>

#include "crowd.h"
#include "tests.h"

enum {
    EVERY_MS = 40,           /* somebody does something */
    STALL_WITHIN_MS = 30000, /* a handshake has 10 s; later a ping is sent every 10 s, and has 15 */
    HELD = 3, /* places around a record's begin: before it, in its head, in its body */
};

/* How far it is gone: bytes or records of each direction, the way to the server first. */
static const long bytes[2] = {700, 900}, records[2] = {12, 16};
static const long shaken[2] = {420, 420}, shaken_tls[2] = {1100, 2500};

/* Point ${point} of all: way, strike and place. */
static struct plan plan_of(long point, const long length[2])
{
    struct plan plan = {.strike = point % 2 ? STRIKE_FIN : STRIKE_RESET};
    point /= 2;
    plan.way = point < length[0] ? TO_SERVER : TO_BOT;
    plan.bytes = point < length[0] ? point : point - length[0];
    return plan;
}

static struct plan record_plan_of(long point)
{
    static const long parts[HELD] = {0, 2, 7};
    struct plan plan = plan_of(point / HELD, records);
    plan.records = plan.bytes;
    plan.bytes = parts[point % HELD];
    return plan;
}

/* The next connection is cut there; the bot comes back. */
static void cut(struct crowd *crowd, struct plan plan)
{
    struct place *place = &crowd->place;
    long from = place_log_size(place);
    proxy_plan_next(place->link, plan);
    proxy_strike(place->link, STRIKE_RESET, true);
    expect(&place->world, proxy_wait(place->link, PATIENCE_MS), "the place of the cut is reached");
    crowd_hello(place, from, proxy_struck_at(place->link));
    proxy_unplan(place->link);
}

/* The points of this job: its share of all, or as many as it is to take, evenly. */
static long point_of(const struct job *job, int i, long all)
{
    long mine = job->number / 2 + (long)i * (job->of / 2);
    return mine * all / ((long)job->amount * (job->of / 2));
}

static int share(const struct job *job, long all)
{
    long most = (all + job->of / 2 - 1) / (job->of / 2);
    return job->amount < most ? job->amount : (int)most;
}

static void cut_all(struct crowd *crowd, const struct job *given, long all,
                    struct plan (*plan)(long point))
{
    struct job job = *given;
    job.amount = share(given, all);
    for (int i = 0; i < job.amount; i++)
        cut(crowd, plan(point_of(&job, i, all)));
    jobs_figure(crowd->tls ? "cuts of TLS" : "cuts without TLS", job.amount);
}

static struct plan plain_plan(long point)
{
    return plan_of(point, bytes);
}

static struct plan tls_plan(long point)
{
    return plan_of(point, shaken_tls);
}

void tests_cuts(const struct job *job)
{
    struct crowd crowd;
    crowd_open(&crowd, "cuts", job->number, job->number % 2 == 1, 1);
    traffic_every(crowd.traffic, EVERY_MS);
    if (crowd.tls) {
        cut_all(&crowd, job, 2 * HELD * (records[0] + records[1]), record_plan_of);
        cut_all(&crowd, job, 2 * (shaken_tls[0] + shaken_tls[1]), tls_plan);
    } else {
        cut_all(&crowd, job, 2 * (bytes[0] + bytes[1]), plain_plan);
    }
    crowd_close(&crowd);
}

/* Where a handshake stands still, the bot tries another. */
void tests_stalls(const struct job *job)
{
    struct crowd crowd;
    crowd_open(&crowd, "stalls", job->number, job->number % 2 == 1, 1);
    crowd.one_way = true;
    traffic_every(crowd.traffic, 5L * EVERY_MS);
    const long *length = crowd.tls ? shaken_tls : shaken;
    for (int i = 0; i < job->amount; i++) {
        struct place *place = &crowd.place;
        struct plan plan = plan_of(2 * point_of(job, i, length[0] + length[1]), length);
        plan.strike = STRIKE_STALL;
        long from = place_log_size(place);
        proxy_plan_next(place->link, plan);
        proxy_strike(place->link, STRIKE_RESET, true);
        expect(&place->world, proxy_wait(place->link, PATIENCE_MS), "the place is reached");
        int64_t at = proxy_struck_at(place->link);
        int64_t back = crowd_hello(place, from, at) - at;
        jobs_figure("a stall at any byte: back", (double)back);
        expect(&place->world, back < STALL_WITHIN_MS, "the bot is back soon enough");
        proxy_unplan(place->link);
        proxy_bury(place->link);
    }
    crowd_close(&crowd);
}
