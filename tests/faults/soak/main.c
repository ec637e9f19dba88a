/* Long days: the real bot and the real sandbox on a clock that is moved, with people at work, over
 * a leap day, the changes of summer time and the end of 32-bit time. Memory and descriptors stay
 * flat, what has its time happens then, and every promise is kept. */
#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "day.h"

static const char usage[] = "usage: soak [--short | --day NAME] [--seed S]\n";

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int live(const struct day *day, uint64_t seed)
{
    char path[280], bin[300], keep[400];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[size > 0 ? size : 0] = '\0';
    snprintf(bin, sizeof(bin), "%s", dirname(path));
    snprintf(keep, sizeof(keep), "%s/soaked-%s", bin, day->name);
    double began = seconds();
    printf("%s: %d hours from %s UTC in %s, seed %llu\n", day->name, day->hours, day->begins,
           day->zone, (unsigned long long)seed);
    int wrong = day_live(day, bin, keep, seed);
    printf("  %s in %.0f s: %s\n", day->name, seconds() - began, wrong == 0 ? "good" : "WRONG");
    fflush(stdout);
    return wrong != 0;
}

static bool is_day(const char *name)
{
    const struct day *day = days;
    while (day->name != NULL && strcmp(day->name, name) != 0)
        day++;
    return day->name != NULL;
}

/* A day that nobody knows would be lived by nobody, and nothing would have failed. */
static int refuse_day(const char *name)
{
    fprintf(stderr, "soak: no day is called “%s”; there are:", name);
    for (const struct day *day = days; day->name != NULL; day++)
        fprintf(stderr, " %s", day->name);
    return fputs("\n", stderr), 2;
}

int main(int count, char **words)
{
    static const struct option names[] = {{"short", no_argument, NULL, 'q'},
                                          {"day", required_argument, NULL, 'd'},
                                          {"seed", required_argument, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
    const char *only = NULL;
    bool quick = false;
    uint64_t seed = 1;
    int passed = 0, failed = 0, option;
    while ((option = getopt_long(count, words, "", names, NULL)) != -1) {
        if (option == 'q')
            quick = true;
        else if (option == 'd')
            only = optarg;
        else if (option == 's')
            seed = strtoull(optarg, NULL, 10);
        else
            return fputs(usage, stderr), 2;
    }
    if (optind < count || (quick && only != NULL))
        return fputs(usage, stderr), 2;
    if (only != NULL && !is_day(only))
        return refuse_day(only);
    signal(SIGPIPE, SIG_IGN);
    for (const struct day *day = quick ? &short_day : days; day->name != NULL; day++) {
        int wrong = only != NULL && strcmp(only, day->name) != 0 ? -1 : live(day, seed);
        passed += wrong == 0;
        failed += wrong > 0;
        if (quick)
            break;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
