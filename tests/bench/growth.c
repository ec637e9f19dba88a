/* What people do takes no longer, and a start hardly, the more offers there are. Two bots, each
 * with a state file and a sandbox of its own, are asked by turns, so that whatever else the machine
 * does is as much in the way of one as of the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "client.h"
#include "text.h"

enum { OPEN = 400, STARTS = 5, ROUNDS = 300, APPROVALS = 100 };

static const double MAX_SLOWER = 1.5;

static struct side {
    struct world world;
    long read_to; /* of the sandbox's log */
    int offers;
    char waiting[APPROVALS][REFERENCE_TEXT];
    char card[40]; /* the one message that all cards which wait stand in */
} sides[2];

static bool too_slow;

/* --- making --- */

static void make(struct side *side, int offers)
{
    struct world *w = &side->world;
    side->offers = offers;
    world_open(w, "growth", true);
    world_do(w, "limits", json_pack("{s:b}", "enabled", 0));
    history_samples(w);
    text_fit(side->card, sizeof(side->card), world_card(w, "CPPO-2"));
    world_stop_bot(w);
    world_replace(w, "poll_slowest: 200ms", "poll_slowest: 60s"); /* as it is out there */
    double began = bench_now_ms();
    history_add(w, offers, OPEN);
    expect(w, history_pending(w, side->waiting, APPROVALS) == APPROVALS, "as many wait");
    printf("a state file of %d offers made in %.1f s\n", offers, (bench_now_ms() - began) / 1e3);
}

/* --- measuring --- */

static void wait_for(struct side *side, const char *kind, const char *key, const char *value)
{
    double until = bench_now_ms() + 30000;
    for (bool seen = false; !seen;) {
        json_t *log = world_log(&side->world, side->read_to);
        const json_t *entries = json_object_get(log, "entries");
        for (size_t i = 0; i < json_array_size(entries); i++) {
            const json_t *entry = json_array_get(entries, i);
            seen |= strcmp(member(entry, "kind"), kind) == 0 &&
                    (key == NULL || strcmp(member(entry, key), value) == 0);
        }
        side->read_to = (long)json_integer_value(json_object_get(log, "next"));
        json_decref(log);
        expect(&side->world, bench_now_ms() < until, "it happens within half a minute");
    }
}

/* The last ack's microseconds. */
static long last_ack(struct side *side)
{
    long us[100];
    size_t count = bench_read(&side->world, &side->read_to, "envelope.acked", us, 100);
    expect(&side->world, count > 0, "it is acknowledged");
    return us[count - 1];
}

static long start(struct side *side, int round)
{
    long unused[1];
    if (round > 0)
        world_stop_bot(&side->world);
    bench_read(&side->world, &side->read_to, "", unused, 0);
    double began = bench_now_ms();
    world_start_bot(&side->world);
    wait_for(side, "socket.up", NULL, NULL);
    long took = (long)((bench_now_ms() - began) * 1e3);
    expect(&side->world, world_connected(&side->world), "the bot is there");
    return took;
}

static long menu(struct side *side, int round)
{
    (void)round;
    world_command(&side->world, "U0SELLER", "/cppo");
    return last_ack(side);
}

static long seller_list(struct side *side, int round)
{
    (void)round;
    world_command(&side->world, "U0SELLER", "/cppo list");
    return last_ack(side);
}

static long manager_list(struct side *side, int round)
{
    (void)round;
    world_command(&side->world, "U0MIA", "/cppo list");
    return last_ack(side);
}

/* Until the form stands on the screen. */
static long open_form(struct side *side, int round)
{
    const char *user = round % 2 == 0 ? "U0SELLER" : "U0OTTO"; /* who never asked for anything */
    double began = bench_now_ms();
    world_command(&side->world, user, "/cppo new");
    wait_for(side, "slack.call", "method", "views.open");
    long took = (long)((bench_now_ms() - began) * 1e3);
    world_do(&side->world, "close", json_pack("{s:s}", "user", user));
    return took;
}

static long approve(struct side *side, int round)
{
    world_do(&side->world, "click",
             json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "user", "U0MIA", "channel", "C0APPROVALS",
                       "ts", side->card, "action_id", "approve", "value", side->waiting[round],
                       "late", 1));
    return last_ack(side);
}

/* ${bounded}: with more offers it may take no longer. */
static void measure(const char *what, long (*one)(struct side *side, int round), int rounds,
                    bool bounded)
{
    static long us[2][ROUNDS];
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 2; i++)
            us[i][round] = one(&sides[i], round);
    }
    for (int i = 0; i < 2; i++) {
        char *title = text_format("%s, %d offers", what, sides[i].offers);
        bench_report(title, us[i], (size_t)rounds);
        free(title);
    }
    double ratio = (double)us[1][rounds / 2] / (double)us[0][rounds / 2];
    bool bad = bounded && ratio > MAX_SLOWER;
    printf("%-44s %.2f times as long (p50)%s\n", "", ratio, bad ? ": TOO SLOW" : "");
    too_slow |= bad;
}

/* After all of that. */
static void measure_memory(void)
{
    double resident[2], anonymous[2];
    for (int i = 0; i < 2; i++) {
        client_memory(sides[i].world.bot, &resident[i], &anonymous[i]);
        printf("private memory, %d offers: %.0f kB of %.0f kB resident\n", sides[i].offers,
               anonymous[i], resident[i]);
    }
    bool bad = anonymous[1] > MAX_SLOWER * anonymous[0];
    printf("%-44s %.2f times as much%s\n", "", anonymous[1] / anonymous[0],
           bad ? ": TOO MUCH" : "");
    too_slow |= bad;
}

/* What was approved has come to something. */
static void expect_published(struct side *side)
{
    char *name = text_format("CPPO-%d", atoi(side->waiting[0]));
    expect(&side->world, world_sees(&side->world, "C0OFFERS", name), "it is published");
    free(name);
}

void growth_measure(int few, int many)
{
    make(&sides[0], few);
    make(&sides[1], many);
    measure("process start to socket up", start, STARTS, false);
    measure("/cppo: sent to acked", menu, ROUNDS, true);
    measure("/cppo list, seller: sent to acked", seller_list, ROUNDS, true);
    measure("/cppo list, manager: sent to acked", manager_list, ROUNDS, true);
    measure("/cppo new: typed to form open", open_form, ROUNDS, true);
    measure("approval, durable: sent to acked", approve, APPROVALS, true);
    measure_memory();
    for (int i = 0; i < 2; i++) {
        expect_published(&sides[i]);
        world_close(&sides[i].world);
        world_lose_book(&sides[i].world); /* it is large */
    }
    if (too_slow)
        exit(1);
}
