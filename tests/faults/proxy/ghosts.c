/* Sockets that Slack counts and nobody holds, for longer than a change takes: operators hear of it.
 */
#include "crowd.h"
#include "tests.h"

enum { GHOSTS = 5, APART_MS = 40000 };

static bool is_told(const json_t *state, const void *about)
{
    (void)about;
    return message_with(state, "C0OPERATORS", "Slack counts") != NULL;
}

void tests_ghosts(const struct job *job)
{
    struct place place;
    (void)job;
    place_open(&place, "ghosts", false, 2);
    int64_t began = wall_ms();
    for (int i = 0; i < GHOSTS && !is_told(world_state(&place.world), NULL); i++) {
        world_do(&place.world, "fault",
                 json_pack("{s:s, s:s, s:s, s:s}", "where", "socket", "method", "now", "error",
                           "ghost", "sockets", "one"));
        world_wait_for(&place.world, is_told, NULL, APART_MS / 1000);
    }
    expect(&place.world, is_told(world_state(&place.world), NULL), "operators are told of ghosts");
    jobs_figure("ghosts: told to operators after", (double)(wall_ms() - began));
    place_close(&place);
}
