#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../checker/check.h"
#include "../crash/rest.h"
#include "jobs.h"
#include "mem.h"

void wait_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

unsigned crowd_draw(struct crowd *crowd, unsigned below)
{
    return (unsigned)rand_r(&crowd->random) % below;
}

int64_t crowd_hello(const struct place *place, long from, int64_t at)
{
    int64_t until = wall_ms() + PATIENCE_MS;
    int64_t up = 0;
    while ((up = place_hello(place, from, at)) == 0 && wall_ms() < until)
        wait_ms(5);
    expect((struct world *)(uintptr_t)&place->world, up > 0, "the bot comes back");
    return up;
}

/* --- nothing is lost --- */

/* By socket: did it end in order? Those that still stand are missing. */
static json_t *ended_sockets(const struct place *place)
{
    json_t *ended = json_object();
    char socket[24];
    size_t i;
    json_t *entry;
    json_array_foreach(place->log, i, entry)
    {
        if (strcmp(member(entry, "kind"), "socket.down") != 0)
            continue;
        bool in_order = json_integer_value(json_object_get(entry, "code")) == 1000;
        snprintf(socket, sizeof(socket), "%lld",
                 (long long)json_integer_value(json_object_get(entry, "socket")));
        json_object_set_new(ended, socket, json_string(in_order ? "in order" : "cut"));
    }
    return ended;
}

/* Envelopes that were answered, be it too late for whoever asked, or read and acted on when their
 * socket could take no answer any more: none of them was lost. */
static json_t *read_envelopes(const struct place *place)
{
    json_t *read = place_dropped_acks(place);
    size_t i;
    json_t *entry;
    json_array_foreach(place->log, i, entry)
    {
        if (strcmp(member(entry, "kind"), "envelope.acked") == 0)
            json_object_set_new(read, member(entry, "envelope_id"), json_true());
    }
    return read;
}

/* The envelopes that nobody read, although they had been sent into a connection that was closed in
 * order, or still stands: what went into one that was struck may be lost. */
static size_t count_swallowed(const struct place *place)
{
    json_t *ended = ended_sockets(place);
    json_t *read = read_envelopes(place);
    json_t *sockets = json_object();
    size_t i, swallowed = 0;
    json_t *entry;
    json_array_foreach(place->log, i, entry)
    {
        const char *id = member(entry, "envelope_id");
        char socket[24];
        if (strcmp(member(entry, "kind"), "envelope.sent") == 0)
            json_object_set(sockets, id, json_object_get(entry, "socket"));
        if (strcmp(member(entry, "kind"), "envelope.timeout") != 0 ||
            json_object_get(read, id) != NULL)
            continue;
        snprintf(socket, sizeof(socket), "%lld",
                 (long long)json_integer_value(json_object_get(sockets, id)));
        if (strcmp(member(ended, socket), "cut") == 0)
            continue;
        fprintf(stderr, "envelope %s went to socket %s, which ended thus: %s\n", id, socket,
                member(ended, socket));
        swallowed++;
    }
    json_decref(sockets);
    json_decref(read);
    json_decref(ended);
    return swallowed;
}

static void check_unanswered(const struct crowd *crowd)
{
    size_t swallowed = crowd->one_way ? 0 : count_swallowed(&crowd->place);
    expect((struct world *)(uintptr_t)&crowd->place.world, swallowed == 0,
           "only what went into a struck connection is unanswered");
}

/* What is judged is what was seen at rest: a moment later AWS may be asked how an offer does. */
static bool is_at_rest(const json_t *state, const void *about)
{
    const struct place *place = about;
    (void)state;
    if (rest_left(place->book, false) != 0)
        return false;
    place_copy_book(place);
    return rest_left(place->copy, false) == 0;
}

static void check_offers(struct place *place, long offers)
{
    struct world *world = &place->world;
    struct verdict verdict = {0};
    expect(world, world_wait(world, is_at_rest, place), "all work comes to its end");
    place_read(place);
    json_t *book = book_read(place->copy);
    const json_t *state = world_state(world);
    struct evidence evidence = {.log = place->log, .state = state, .book = book, .needed = 1};
    check_all(&evidence, &verdict);
    fputs(verdict.lines, stderr);
    expect(world, verdict.broken == 0, "the independent judge finds nothing broken");
    expect(world, (long)json_array_size(json_object_get(book, "offer")) == offers,
           "each form made one offer");
    expect(world, (long)json_array_size(messages_in(state, "C0APPROVALS")) == offers,
           "and each has one card");
    json_decref(book);
}

static void check_complaints(const struct place *place)
{
    size_t i;
    json_t *entry;
    json_array_foreach(place->log, i, entry)
    {
        if (strcmp(member(entry, "kind"), "complaint") == 0 &&
            strstr(member(entry, "what"), "handshake") == NULL)
            expect((struct world *)(uintptr_t)&place->world, false, member(entry, "detail"));
    }
}

void crowd_judge(struct place *place, long offers)
{
    check_offers(place, offers);
    check_complaints(place);
}

/* --- the whole --- */

void crowd_open(struct crowd *crowd, const char *name, int number, bool tls, int sockets)
{
    *crowd = (struct crowd){.random = (unsigned)number + 1, .tls = tls};
    place_open(&crowd->place, name, tls, sockets);
    crowd->traffic = traffic_open(crowd->place.world.url, crowd->place.book);
}

void crowd_close(struct crowd *crowd)
{
    struct place *place = &crowd->place;
    bool all = traffic_drain(crowd->traffic, PATIENCE_MS);
    struct tally tally = traffic_tally(crowd->traffic);
    traffic_close(crowd->traffic);
    expect(&place->world, all, "everybody is answered at last");
    crowd_judge(place, tally.forms);
    check_unanswered(crowd);
    jobs_figure("envelopes answered", (double)tally.answered);
    jobs_figure("... of them tried again", (double)tally.again);
    jobs_figure("... forms, each one offer", (double)tally.forms);
    jobs_figure("... approvals", (double)tally.clicks);
    jobs_figure("... offers released", (double)released(world_state(&place->world)));
    place_close(place);
}
