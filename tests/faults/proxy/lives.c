/* Offers live, from the form to the announcement, while all that bot, Slack and AWS say to each
 * other is torn into single bytes, trickles, or is cut somewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "mem.h"
#include "tests.h"
#include "text.h"

enum { TRIES = 40, PIECE = 16, TRICKLE_MS = 4, DRIP_MS = 100, NOT_UP_MS = 9000 };

struct sight {
    const char *channel, *text;
};

static bool is_seen(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return message_with(state, sight->channel, sight->text) != NULL;
}

static void await(struct world *world, const char *channel, const char *text)
{
    expect(world, world_wait(world, is_seen, &(struct sight){channel, text}),
           "the offer goes on to its next station");
}

/* Until it is acknowledged, as Slack and people do. */
static void insist(struct world *world, const char *path, json_t *body)
{
    for (int i = 0; i < TRIES; i++) {
        json_t *answer = world_post(world, path, json_incref(body));
        bool acked = strcmp(member(answer, "outcome"), "acked") == 0;
        const char *envelope = member(answer, "envelope_id");
        if (!acked && *envelope != '\0' && strcmp(path, "deliver") == 0) {
            json_decref(body);
            body = json_pack("{s:s}", "envelope_id", envelope);
            path = "redeliver";
        }
        json_decref(answer);
        if (acked) {
            json_decref(body);
            return;
        }
    }
    expect(world, false, "people are answered at last");
}

/* One offer, to its announcement; a form is opened on the side. */
static void live(struct place *place, int number)
{
    struct world *world = &place->world;
    char customer[40], form[40];
    snprintf(customer, sizeof(customer), "Customer%03d", number);
    snprintf(form, sizeof(form), "life-%d", number);
    world_command(world, "U0SELLER", "/cppo new");
    insist(world, "deliver",
           json_pack("{s:s, s:o}", "type", "interactive", "payload", traffic_form(form, customer)));
    await(world, "C0APPROVALS", customer);
    for (int i = 0; i < TRIES; i++) {
        char ts[40];
        text_fit(ts, sizeof(ts), member(message_with(world->state, "C0APPROVALS", customer), "ts"));
        const char *outcome = world_click(world, "U0MIA", "C0APPROVALS", ts, "approve");
        if (strcmp(outcome, "acked") == 0 || strcmp(outcome, "no_such_element") == 0)
            break;
    }
    await(world, "C0OFFERS", customer);
    world_do(world, "close", json_pack("{s:s}", "user", "U0SELLER"));
}

static void judge(struct place *place, int offers)
{
    crowd_judge(place, offers);
    expect(&place->world, released(world_state(&place->world)) == (size_t)offers,
           "each offer is released once");
    expect(&place->world,
           json_array_size(messages_in(place->world.state, "C0OFFERS")) == (size_t)offers,
           "and announced once");
}

static long said(const struct place *place)
{
    long sum = 0;
    for (int way = 0; way < 2; way++) {
        long bytes, records;
        proxy_passed(place->link, (enum way)way, &bytes, &records);
        sum += bytes;
        proxy_passed(place->api, (enum way)way, &bytes, &records);
        sum += bytes;
    }
    return sum;
}

void tests_pieces(const struct job *job)
{
    struct place place;
    place_prepare(&place, "pieces", job->number % 2 == 1, 2);
    proxy_pieces(place.link, 1, 0);
    proxy_pieces(place.api, 1, 0);
    place_start_bot(&place);
    world_request(&place.world, "Alpha", "25");
    world_click(&place.world, "U0MIA", "C0APPROVALS", world_card(&place.world, "CPPO-1"),
                "approve");
    world_published_once(&place.world);
    judge(&place, 1);
    jobs_figure("bytes of a life, one by one", (double)said(&place));
    place_close(&place);
}

/* Slowly it works; so slowly that no handshake ends in time, it does not, and it comes back. */
void tests_slow(const struct job *job)
{
    struct place place;
    place_open(&place, "slow", job->number % 2 == 1, 1);
    proxy_pieces(place.link, PIECE, TRICKLE_MS);
    proxy_pieces(place.api, PIECE, TRICKLE_MS);
    long from = place_log_size(&place);
    proxy_strike(place.link, STRIKE_RESET, true);
    int64_t at = proxy_struck_at(place.link);
    jobs_figure("4 kB a second: back", (double)(crowd_hello(&place, from, at) - at));
    live(&place, 1);
    proxy_pieces(place.link, 1, DRIP_MS);
    from = place_log_size(&place);
    proxy_strike(place.link, STRIKE_RESET, true);
    wait_ms(NOT_UP_MS);
    expect(&place.world, place_said(&place, from, "event=\"socket up\"") == 0,
           "ten bytes a second are too few");
    proxy_pieces(place.link, 0, 0);
    proxy_bury(place.link);
    at = wall_ms();
    int64_t back = crowd_hello(&place, from, at) - at;
    jobs_figure("when a drip ends: back", (double)back);
    expect(&place.world, back < 20000, "the bot is back soon enough");
    live(&place, 2);
    judge(&place, 2);
    place_close(&place);
}

/* The Web API and AWS: the ${amount} lives of each job, with those of all others, spread their cuts
 * evenly over a whole life's conversation, both ways. */
void tests_calls_cut(const struct job *job)
{
    static const enum strike blows[] = {STRIKE_RESET, STRIKE_FIN};
    struct place place;
    bool tls = job->number % 2 == 1;
    long from[2][2], to[2][2];
    place_open(&place, "calls", tls, 2);
    for (int way = 0; way < 2; way++)
        proxy_passed(place.api, (enum way)way, &from[way][0], &from[way][1]);
    live(&place, 1);
    for (int way = 0; way < 2; way++)
        proxy_passed(place.api, (enum way)way, &to[way][0], &to[way][1]);
    for (int i = 0; i < job->amount; i++) {
        int point = job->number + i * job->of, all = job->amount * job->of;
        enum way way = (enum way)(i % 2);
        struct plan plan = {.strike = blows[i / 2 % 2], .way = way};
        if (tls)
            plan.records = (to[way][1] - from[way][1]) * point / all;
        else
            plan.bytes = (to[way][0] - from[way][0]) * point / all;
        proxy_plan_all(place.api, plan);
        live(&place, i + 2);
        jobs_figure("calls of AWS and Slack that were cut", proxy_unplan(place.api));
    }
    judge(&place, job->amount + 1);
    place_close(&place);
}
