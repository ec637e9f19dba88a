/* network [--reconnects N]: the bot behind a network that fails. */
#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"
#include "tests.h"

enum { WIDTH = 26, WORLDS = 25, BURSTS = 5, MOST_JOBS = 500 };

static struct job jobs[MOST_JOBS];
static int count;

/* ${worlds} jobs of one test. */
static void add(const char *name, void (*run)(const struct job *job), int worlds, int amount)
{
    for (int i = 0; i < worlds && count < MOST_JOBS; i++)
        jobs[count++] = (struct job){name, run, i, worlds, amount};
}

int main(int words, char **word)
{
    static const struct option names[] = {{"reconnects", required_argument, NULL, 'r'}, {0}};
    long reconnects = 100;
    int option;
    while ((option = getopt_long(words, word, "", names, NULL)) != -1) {
        if (option != 'r')
            return 2;
        reconnects = strtol(optarg, NULL, 10);
    }
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("a burst through TLS", tests_burst, 1, BURSTS);
    add("reconnects with people going on", tests_reconnects, WORLDS, (int)(reconnects / WORLDS));
    return jobs_run(jobs, count, WIDTH) ? 0 : 1;
}
