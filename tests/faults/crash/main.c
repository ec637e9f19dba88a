/* Plays the scenarios with the real bot and the real sandbox, does something to the bot at every
 * point that is asked for, drives it to the end and has the independent judge look. */
#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "judge.h"
#include "mem.h"

static const char usage[] =
    "usage: crashes [--points N] [--seed S] [--jobs J] [--kind K] [--scenario S] [--point 'TEXT']\n"
    "\n"
    "  --points N  how many points, the kinds and scenarios by turns (default 1000);\n"
    "              all: each place of the kind once (kill, call, start)\n"
    "  --seed S    of the lots (default 1)\n"
    "  --jobs J    worlds at the same time (default 2)\n"
    "  --kind K    only this: kill, power, twice, call, memory, start\n"
    "  --scenario  only in this one, with such a kind\n"
    "  --point     this one alone, as a failing one is printed\n";

enum { MAX_SCENARIOS = 20, MAX_JOBS = 64, MAX_SHOWN = 20 };

struct options {
    long points; /* 0: all of the kind */
    uint64_t seed;
    int jobs;
    int kind; /* -1: by turns */
    const char *point;
    const char *scenario; /* NULL: all */
    char bin[300], keep[340];
};

/* What the workers count together. */
struct tally {
    _Atomic long played[KINDS], struck[KINDS], wrong[KINDS];
    _Atomic long shown;
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ${nth}: the point's number, by which its evidence is kept. */
static void run_point(struct world *world, const struct options *options, const struct point *point,
                      long nth, struct tally *tally)
{
    struct trial trial = {.orders = {point->orders[0], point->orders[1]}};
    char text[POINT_TEXT];
    play(world, point->scenario, &trial);
    point_text(point, text);
    char *keep = text_format("%s/%ld", options->keep, nth);
    char *wrong = judge(world, point, &trial, tally->shown < MAX_SHOWN ? keep : NULL);
    tally->played[point->kind]++;
    tally->struck[point->kind] += trial.struck[0];
    tally->wrong[point->kind] += wrong != NULL;
    if (options->point != NULL)
        printf("struck: %s; %s; starts: %d, the first ended with %s %d\n", trial.what[0],
               trial.what[1], world->starts, WIFSIGNALED(trial.ends[0]) ? "signal" : "status",
               WIFSIGNALED(trial.ends[0]) ? WTERMSIG(trial.ends[0]) : WEXITSTATUS(trial.ends[0]));
    if (wrong != NULL && tally->shown++ < MAX_SHOWN)
        printf("WRONG: %s (%s; %s)\n%s  again: %s/crashes --point '%s'; evidence: %s\n",
               kind_names[point->kind], trial.what[0], trial.what[1], wrong, options->bin, text,
               keep);
    fflush(stdout);
    free(wrong);
    free(keep);
    world_end(world);
}

/* An undisturbed life of each scenario: it must be right, and it tells how many points there are.
 */
static int measure(struct world *world, const struct options *options, struct measure *measures)
{
    for (int i = 0; scenarios[i].name != NULL; i++) {
        if (options->scenario != NULL && strcmp(options->scenario, scenarios[i].name) != 0)
            continue;
        struct point point = {.scenario = &scenarios[i]};
        struct trial trial = {0};
        play(world, &scenarios[i], &trial);
        char *wrong = judge(world, &point, &trial, options->keep);
        world_end(world);
        if (wrong != NULL) {
            printf("WRONG: %s, undisturbed:\n%s", scenarios[i].name, wrong);
            free(wrong);
            return -1;
        }
        measures[i] = (struct measure){trial.calls, trial.allocations, trial.start_allocations};
    }
    return 0;
}

/* One worker: every ${jobs}th point. */
static void work(int number, const struct options *options, const struct measure *measures,
                 struct tally *tally)
{
    struct world world;
    if (world_open(&world, options->bin, number) != 0)
        exit(1);
    for (long nth = number; nth < options->points; nth += options->jobs) {
        struct point point =
            options->kind >= 0
                ? point_draw(options->seed, (enum kind)options->kind, nth, measures)
                : point_draw(options->seed, (enum kind)(nth % KINDS), nth / KINDS, measures);
        run_point(&world, options, &point, nth, tally);
    }
    world_close(&world);
}

/* Calls are counted in an undisturbed life, and two lives differ by a few, so the last ones are not
 * always reached. When more than a fifth is not, what is walked is not what was measured. */
static bool struck_enough(long struck, long played)
{
    return struck * 10 >= played * 8;
}

static int report(const struct options *options, const struct tally *tally, double began)
{
    double took = seconds() - began;
    long points = 0, wrong = 0;
    int kinds = 0, bad = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        if (tally->played[kind] == 0)
            continue;
        printf("%-32s %6ld points, %6ld struck, %ld wrong\n", kind_names[kind],
               (long)tally->played[kind], (long)tally->struck[kind], (long)tally->wrong[kind]);
        points += tally->played[kind];
        wrong += tally->wrong[kind];
        kinds++;
        bad += tally->wrong[kind] > 0 || !struck_enough(tally->struck[kind], tally->played[kind]);
    }
    printf("%ld points of seed %llu in %.0f s (%.1f a second), %ld wrong\n", points,
           (unsigned long long)options->seed, took, (double)points / took, wrong);
    bad += points == 0;
    bad += points < options->points; /* a worker that was lost took its points with it */
    printf("%d passed, %d failed\n", kinds - bad > 0 ? kinds - bad : 0, bad);
    return bad > 0;
}

/* The kinds that have places. */
static bool walks(int kind)
{
    return kind == KIND_KILL || kind == KIND_CALL || kind == KIND_START;
}

static int run_all(struct options *options)
{
    static struct measure measures[MAX_SCENARIOS];
    struct world world;
    double began = seconds();
    struct tally *tally =
        mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tally == MAP_FAILED || world_open(&world, options->bin, MAX_JOBS) != 0)
        return 1;
    int bad = measure(&world, options, measures);
    world_close(&world);
    if (bad != 0)
        return printf("0 passed, 1 failed\n"), 1;
    long sites = walks(options->kind) ? point_sites((enum kind)options->kind, measures) : 0;
    if (walks(options->kind) && sites == 0)
        return fputs("there is no such place in that scenario\n", stderr), 2;
    if (options->points == 0)
        options->points = sites;
    for (int i = 0; i < options->jobs; i++) {
        fflush(stdout);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            work(i, options, measures, tally);
            exit(0);
        }
    }
    for (int status; wait(&status) > 0;)
        bad |= status;
    return report(options, tally, began) != 0 || bad != 0;
}

static int run_one(const struct options *options)
{
    struct point point;
    struct world world;
    static struct tally tally;
    if (!point_read(&point, options->point)) {
        fputs(usage, stderr);
        return 2;
    }
    if (world_open(&world, options->bin, 0) != 0)
        return 1;
    run_point(&world, options, &point, 0, &tally);
    world_close(&world);
    return tally.shown > 0;
}

static void find_programs(struct options *options)
{
    char path[280];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[size > 0 ? size : 0] = '\0';
    snprintf(options->bin, sizeof(options->bin), "%s", dirname(path));
    snprintf(options->keep, sizeof(options->keep), "%s/crashed", options->bin);
    mkdir(options->keep, 0755);
}

static int kind_named(const char *word)
{
    for (int kind = 0; kind < KINDS; kind++) {
        if (strcmp(kind_words[kind], word) == 0)
            return kind;
    }
    return -1;
}

int main(int count, char **words)
{
    static const struct option names[] = {{"points", required_argument, NULL, 'n'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"jobs", required_argument, NULL, 'j'},
                                          {"kind", required_argument, NULL, 'k'},
                                          {"point", required_argument, NULL, 'p'},
                                          {"scenario", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
    struct options options = {.points = 1000, .seed = 1, .jobs = 2, .kind = -1};
    int option;
    while ((option = getopt_long(count, words, "", names, NULL)) != -1) {
        if (option == 'n')
            options.points = strcmp(optarg, "all") == 0 ? 0 : strtol(optarg, NULL, 10);
        else if (option == 's')
            options.seed = strtoull(optarg, NULL, 10);
        else if (option == 'j')
            options.jobs = (int)strtol(optarg, NULL, 10);
        else if (option == 'k' && (options.kind = kind_named(optarg)) >= 0)
            ;
        else if (option == 'p')
            options.point = optarg;
        else if (option == 'o')
            options.scenario = optarg;
        else
            return fputs(usage, stderr), 2;
    }
    if ((options.points < 1 || options.scenario != NULL) && !walks(options.kind))
        return fputs(usage, stderr), 2;
    if (options.jobs < 1 || options.jobs >= MAX_JOBS)
        options.jobs = 2;
    signal(SIGPIPE, SIG_IGN);
    find_programs(&options);
    return options.point != NULL ? run_one(&options) : run_all(&options);
}
