/* What the race came to: tables for people, JSON for whoever wants to reckon with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "figures.h"
#include "race.h"
#include "racers.h"

/* --- tables --- */

static bool ends(const char *name, const char *end)
{
    size_t size = strlen(name);
    return size >= strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

static void print_number(FILE *out, double value)
{
    if (value >= 1000)
        fprintf(out, "%.0f", value);
    else
        fprintf(out, "%.3g", value);
}

static void print_spread(FILE *out, struct spread spread)
{
    if (spread.count == 0) {
        fprintf(out, " – |");
        return;
    }
    fprintf(out, " ");
    print_number(out, spread.median);
    if (spread.count > 1) {
        fprintf(out, " (");
        print_number(out, spread.least);
        fprintf(out, "–");
        print_number(out, spread.most);
        fprintf(out, ")");
    }
    fprintf(out, " |");
}

static void print_heading(FILE *out, enum who first)
{
    fprintf(out, "\n| |");
    for (enum who who = first; who < WHO_COUNT; who++)
        fprintf(out, " %s |", who_names[who]);
    fprintf(out, "\n| --- |");
    for (enum who who = first; who < WHO_COUNT; who++)
        fprintf(out, " --- |");
    fprintf(out, "\n");
}

static void print_row(void *ctx, const char *name)
{
    if (ends(name, ": lost"))
        return;
    fprintf(ctx, "| %s |", name);
    for (enum who who = BOT; who < WHO_COUNT; who++)
        print_spread(ctx, figures_get(who, name));
    fprintf(ctx, "\n");
}

/* How the bot stands to each of the others. */
static void print_ratios(void *ctx, const char *name)
{
    int compared = 0;
    for (enum who who = SLACK_GO; who < WHO_COUNT; who++)
        compared += figures_ratio(BOT, who, name).count;
    if (compared == 0)
        return;
    if (!ends(name, ": acks/s") && !ends(name, ": processor per ack, us") &&
        !ends(name, ": private, MB") && strncmp(name, "start to hello", 14) != 0)
        return;
    fprintf(ctx, "| %s |", name);
    for (enum who who = SLACK_GO; who < WHO_COUNT; who++)
        print_spread(ctx, figures_ratio(BOT, who, name));
    fprintf(ctx, "\n");
}

static void print_peers(FILE *out)
{
    for (enum who who = BOT; who < WHO_COUNT; who++) {
        const char *missing = racers_missing(who);
        if (*missing != '\0')
            fprintf(out, "* %s: NOT MEASURED, it %s\n", who_names[who], missing);
        else if (*racers_version(who) != '\0')
            fprintf(out, "* %s: %s\n", who_names[who], racers_version(who));
    }
}

static void print_all(FILE *out, int rounds)
{
    fprintf(out, "Medians of %d round(s) (least–most); the clients were measured by turns.\n\n",
            rounds);
    print_peers(out);
    print_heading(out, BOT);
    figures_each(print_row, out);
    fprintf(out, "\nThis bot by each of the others, round by round:\n");
    print_heading(out, SLACK_GO);
    figures_each(print_ratios, out);
    fprintf(out, "\n");
    int missed = race_goals(out);
    fprintf(out, "\n%d goals not met\n", missed);
}

/* --- JSON --- */

static void write_json(int rounds, const char *path)
{
    struct utsname machine;
    double average[3] = {0};
    char date[40];
    time_t now = time(NULL);
    struct tm utc;
    uname(&machine);
    (void)getloadavg(average, 3);
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    json_t *versions = json_object();
    for (enum who who = SLACK_GO; who < WHO_COUNT; who++) {
        const char *missing = racers_missing(who);
        json_object_set_new(versions, who_names[who],
                            *missing != '\0' ? json_null() : json_string(racers_version(who)));
    }
    json_t *all = json_pack("{s:s, s:s, s:s, s:f, s:i, s:o, s:o}", "date", date, "kernel",
                            machine.release, "machine", machine.machine, "load_average", average[2],
                            "rounds", rounds, "versions", versions, "figures", figures_json());
    if (json_dump_file(all, path, JSON_INDENT(1)) != 0)
        fprintf(stderr, "bench: %s cannot be written\n", path);
    json_decref(all);
}

static char *in(const char *dir, const char *name)
{
    return text_format("%s/%s", dir, name);
}

void race_report(int rounds, const char *dir)
{
    char *json = in(dir, "race.json");
    char *plot = in(dir, "race.svg");
    char *words = in(dir, "race.md");
    FILE *file = fopen(words, "we");
    print_all(stdout, rounds);
    if (file != NULL) {
        print_all(file, rounds);
        fclose(file);
    }
    write_json(rounds, json);
    race_plot(plot);
    printf("raw results: %s; plot: %s\n", json, plot);
    free(json);
    free(plot);
    free(words);
}
