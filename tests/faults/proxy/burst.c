/* Many envelopes at once through TLS: more than the bot lets wait for its answers. */
#include <stdio.h>
#include <time.h>

#include "place.h"
#include "tests.h"

enum { AT_ONCE = 500, LOOK_MS = 50, LOOKS = PATIENCE_MS / LOOK_MS };

static json_t *many(int round)
{
    json_t *texts = json_array();
    for (int i = 0; i < AT_ONCE; i++) {
        char text[300];
        snprintf(text, sizeof(text),
                 "{\"envelope_id\":\"burst-%d-%d\",\"type\":\"slash_commands\",\"payload\":{"
                 "\"command\":\"/cppo\",\"text\":\"help\",\"user_id\":\"U0SELLER\","
                 "\"team_id\":\"T0HOME\",\"channel_id\":\"C0DEALDESK\"}}",
                 round, i);
        json_array_append_new(texts, json_string(text));
    }
    return texts;
}

void tests_burst(const struct job *job)
{
    struct place place;
    place_open(&place, "burst", true, 1);
    for (int round = 0; round < job->amount; round++) {
        size_t acked = 0;
        size_t wanted = (size_t)(round + 1) * AT_ONCE;
        world_do(&place.world, "frame", json_pack("{s:o}", "texts", many(round)));
        /* The sandbox does not know these envelopes, and complains of every ack. */
        for (int look = 0; look < LOOKS && acked < wanted; look++) {
            nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
            acked = count_in_log(&place.world, "complaint", "what",
                                 "an acknowledgement of an unknown envelope");
        }
        fprintf(stderr, "round %d: %zu of %zu acknowledged\n", round, acked, wanted);
        expect(&place.world, acked == wanted, "every envelope of the burst is acknowledged");
    }
    place_close(&place);
}
