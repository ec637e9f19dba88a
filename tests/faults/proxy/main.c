/* network [--all] [--only TEST]: the bot behind a network that fails. */
#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "tests.h"

/* Most of a world's time is waiting; but all of it on few cores, and everybody is late. */
enum { WIDTH = 24, WORLDS = 25, BURSTS = 5, MAX_JOBS = 500 };

static struct job jobs[MAX_JOBS];
static int count;
static const char *only = ""; /* of which the tests' names begin */

/* ${worlds} jobs of one test. */
static void add(const char *name, void (*run)(const struct job *job), int worlds, int amount)
{
    if (strncmp(name, only, strlen(only)) != 0)
        return;
    for (int i = 0; i < worlds && count < MAX_JOBS; i++)
        jobs[count++] = (struct job){name, run, i, worlds, amount};
}

/* A sample in some forty seconds, or all in some minutes. */
static void plan(bool all, int reconnects)
{
    add("all in single bytes", tests_pieces, 2, 0);
    add("slow answers", tests_slow, 2, 0);
    add("a burst through TLS", tests_burst, 1, BURSTS);
    add("calls that are cut", tests_calls_cut, all ? WORLDS : 4, all ? 20 : 5);
    add("sockets that are cut", tests_cuts, all ? 2 * WORLDS : 4, all ? 130 : 30);
    add("reconnects with people going on", tests_reconnects, WORLDS, reconnects / WORLDS);
    if (!all)
        return;
    add("handshakes that stand still", tests_stalls, 2 * WORLDS, 8);
    add("ghosts", tests_ghosts, 1, 0);
}

int main(int words, char **word)
{
    static const struct option names[] = {
        {"all", no_argument, NULL, 'a'}, {"only", required_argument, NULL, 'o'}, {0}};
    bool all = false;
    int option;
    while ((option = getopt_long(words, word, "", names, NULL)) != -1) {
        if (option == 'a')
            all = true;
        else if (option == 'o')
            only = optarg;
        else
            return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    plan(all, all ? 1000 : 100);
    return jobs_run(jobs, count, WIDTH) ? 0 : 1;
}
