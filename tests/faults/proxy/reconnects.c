/* Connections that are replaced, ended, cut, swallowed, refused and stalled while people go on:
 * nothing is lost, and the bot is back soon enough. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "crowd.h"

enum { LEAD_MS = 100, TRAIL_MS = 200, FAST_MS = 5, SLOW_MS = 150, OUTAGE_MS = 300 };
enum { MAX_HANDSHAKE = 500, RECORDS_OF_HANDSHAKE = 8 };

enum kind { WARNING, REFRESH, FIN, RESET, HOLE, REFUSED, STALL, CUT, KINDS };

static const struct {
    const char *name;
    long within_ms; /* the bot is back */
    bool announced, slow;
} kinds[KINDS] = {
    [WARNING] = {"an announced end (warning)", 5000, true, false},
    [REFRESH] = {"an announced end (refresh_requested)", 5000, true, false},
    [FIN] = {"the end of the stream", 1000, false, false},
    [RESET] = {"a reset", 1000, false, false},
    [HOLE] = {"a black hole", 20000, false, true},
    [REFUSED] = {"a reset, and 0.3 s of refusal", 2000, false, false},
    [STALL] = {"a reset, and a stall in the handshake", 20000, false, true},
    [CUT] = {"a reset, and a cut in the handshake", 2000, false, false},
};

/* The time without a socket for Slack since ${from} of the log, of which ${standing} stood before.
 */
struct gap {
    int64_t ms;       /* an envelope that could not be delivered counts as one */
    bool our_closing; /* the bot itself closed the last one */
};

static bool is_kind(const json_t *entry, const char *kind)
{
    return strcmp(member(entry, "kind"), kind) == 0;
}

/* Had Slack said goodbye on the socket that went down here? */
static bool slack_closed(const struct place *place, size_t down)
{
    const json_t *socket = json_object_get(json_array_get(place->log, down), "socket");
    for (size_t i = 0; i < down; i++) {
        const json_t *entry = json_array_get(place->log, i);
        if (is_kind(entry, "socket.goodbye") &&
            json_equal(json_object_get(entry, "socket"), socket))
            return true;
    }
    return false;
}

static struct gap unheard(const struct place *place, size_t from, int standing)
{
    struct gap gap = {0};
    int64_t since = 0;
    for (size_t i = from; i < json_array_size(place->log); i++) {
        const json_t *entry = json_array_get(place->log, i);
        int64_t at = json_integer_value(json_object_get(entry, "at_ms"));
        bool up = is_kind(entry, "socket.up"), down = is_kind(entry, "socket.down");
        standing += up ? 1 : -down;
        gap.ms += is_kind(entry, "envelope.unsent");
        if (up && since > 0) {
            gap.ms += at - since;
            since = 0;
        }
        if (standing == 0 && since == 0) {
            since = at;
            gap.our_closing |= down && !slack_closed(place, i);
        }
    }
    return gap;
}

/* --- a switch --- */

/* A place in the handshake: after so many bytes, or so many records and a part of a head. */
static struct plan somewhere(struct crowd *crowd, enum strike strike)
{
    struct plan plan = {.strike = strike, .way = crowd_draw(crowd, 2) ? TO_BOT : TO_SERVER};
    if (crowd->tls) {
        plan.records = (long)crowd_draw(crowd, plan.way == TO_BOT ? RECORDS_OF_HANDSHAKE : 4);
        plan.bytes = crowd_draw(crowd, 2) ? 0 : (long)crowd_draw(crowd, 5);
    } else {
        plan.bytes = (long)crowd_draw(crowd, plan.way == TO_BOT ? 130 : MAX_HANDSHAKE);
    }
    return plan;
}

/* Do it; when it was done. */
static int64_t strike(struct crowd *crowd, enum kind kind, bool all)
{
    struct place *place = &crowd->place;
    int64_t at = wall_ms();
    switch (kind) {
    case WARNING:
    case REFRESH:
        world_do(&place->world, "fault",
                 json_pack("{s:s, s:s, s:s, s:s}", "where", "socket", "method", "now", "error",
                           kind == WARNING ? "warning" : "refresh_requested", "sockets",
                           all ? "all" : "one"));
        return at;
    case FIN:
        proxy_strike(place->link, STRIKE_FIN, all);
        break;
    case RESET:
        proxy_strike(place->link, STRIKE_RESET, all);
        break;
    case HOLE: /* at times all else that was open falls into it as well */
        if (crowd_draw(crowd, 2))
            proxy_strike(place->api, STRIKE_HOLE, true);
        proxy_strike(place->link, STRIKE_HOLE, all);
        break;
    case REFUSED:
        proxy_listen(place->link, false);
        proxy_strike(place->link, STRIKE_RESET, all);
        at = proxy_struck_at(place->link);
        wait_ms(OUTAGE_MS);
        proxy_listen(place->link, true);
        return at;
    case STALL:
    case CUT:
        proxy_plan_next(place->link, somewhere(crowd, kind == STALL          ? STRIKE_STALL
                                                      : crowd_draw(crowd, 2) ? STRIKE_FIN
                                                                             : STRIKE_RESET));
        proxy_strike(place->link, STRIKE_RESET, all);
        at = wall_ms();
        expect(&place->world, proxy_wait(place->link, PATIENCE_MS), "the next handshake is struck");
        return at;
    case KINDS:
        break;
    }
    return proxy_struck_at(place->link);
}

static void change(struct crowd *crowd, enum kind kind)
{
    struct place *place = &crowd->place;
    bool all = place->sockets == 1 || crowd_draw(crowd, 2);
    char name[100];
    traffic_every(crowd->traffic, kinds[kind].slow ? SLOW_MS : FAST_MS);
    wait_ms(LEAD_MS);
    place_read(&crowd->place);
    size_t from = json_array_size(crowd->place.log);
    long said = place_log_size(place);
    int64_t at = strike(crowd, kind, all);
    int64_t took = crowd_hello(place, said, at) - at;
    wait_ms(TRAIL_MS);
    if (kind == HOLE)
        expect(&place->world, place_said(place, said, "stale sockets counted") > 0,
               "the bot notices that Slack counts a dead socket");
    proxy_unplan(place->link);
    proxy_bury(place->link);
    proxy_bury(place->api);
    traffic_every(crowd->traffic, SLOW_MS);
    place_settle(place);
    place_read(&crowd->place);
    fprintf(stderr, "%s, %s: back after %lld ms\n", kinds[kind].name, all ? "all" : "one",
            (long long)took);
    snprintf(name, sizeof(name), "%s: back", kinds[kind].name);
    jobs_figure(name, (double)took);
    int64_t planned = place_planned(place, said);
    snprintf(name, sizeof(name), "%s: back, as planned", kinds[kind].name);
    jobs_figure(name, (double)planned);
    expect(&place->world, planned < kinds[kind].within_ms, "the bot means to be back soon enough");
    if (!kinds[kind].announced)
        return;
    /* Slack waits for a successor, but not for ever: on a machine that is too busy to have one in
     * time it closes the old one. The bot never does, nor does it wait before it tries. */
    struct gap gap = unheard(place, from, place->sockets);
    snprintf(name, sizeof(name), "%s: nobody there", kinds[kind].name);
    jobs_figure(name, (double)gap.ms);
    expect(&place->world, planned == 0, "a successor is opened at once");
    expect(&place->world, !gap.our_closing, "the last socket is never closed by the bot");
}

/* --- the whole --- */

/* The ${n}-th change of this world: each begins elsewhere, and of every four at most one is slow.
 */
static enum kind kind_of(const struct job *job, int n)
{
    static const int steps[KINDS] = {0, 1, 4, 5, 2, 3, 6, 7};
    return (enum kind)((job->number + steps[n % KINDS]) % KINDS);
}

void tests_reconnects(const struct job *job)
{
    struct crowd crowd;
    crowd_open(&crowd, "reconnects", job->number, job->number % 2 == 1, 1 + job->number / 2 % 2);
    for (int i = 0; i < job->amount; i++)
        change(&crowd, kind_of(job, i));
    crowd_close(&crowd);
}
