/* What it costs: memory, and the time from an envelope to its ack, of the real bot on loopback.
 * The durable figures depend on the disk: the state file lies in the build directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "mem.h"
#include "text.h"

enum { COMMANDS = 2000, FORMS = 300, MANY = 10000, BURST = 1000, ROUNDS = 5 };
enum { FEW_OFFERS = 1000, MANY_OFFERS = 1000000 };

static struct world w;
static long read_to; /* of the sandbox's log */

/* --- figures --- */

double bench_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static long resident_kb(pid_t pid)
{
    char *path = text_format("/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "re");
    char line[200];
    long kb = 0;
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        sscanf(line, "VmRSS: %ld", &kb);
    if (file != NULL)
        fclose(file);
    free(path);
    return kb;
}

static int by_size(const void *a, const void *b)
{
    long left = *(const long *)a;
    long right = *(const long *)b;
    return left < right ? -1 : left > right;
}

void bench_sort(long *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_size);
}

size_t bench_read(struct world *world, long *from, const char *kind, long *us, size_t capacity)
{
    size_t count = 0;
    for (;;) {
        json_t *log = world_log(world, *from);
        const json_t *entries = json_object_get(log, "entries");
        size_t got = json_array_size(entries);
        for (size_t i = 0; i < got; i++) {
            const json_t *entry = json_array_get(entries, i);
            if (strcmp(member(entry, "kind"), kind) == 0 && count < capacity)
                us[count++] = (long)json_integer_value(json_object_get(entry, "us"));
        }
        *from = (long)json_integer_value(json_object_get(log, "next"));
        json_decref(log);
        if (got == 0)
            return count;
    }
}

static size_t read_entries(const char *kind, long *us, size_t capacity)
{
    return bench_read(&w, &read_to, kind, us, capacity);
}

static size_t read_acks(long *us, size_t capacity)
{
    return read_entries("envelope.acked", us, capacity);
}

void bench_report(const char *what, long *us, size_t count)
{
    bench_sort(us, count);
    printf("%-44s p50 %6.2f ms   p99 %6.2f ms   worst %6.2f ms   (%zu)\n", what,
           (double)us[count / 2] / 1e3, (double)us[count * 99 / 100] / 1e3,
           (double)us[count - 1] / 1e3, count);
}

/* --- what is measured --- */

static void measure_start(void)
{
    double times[5];
    for (int i = 0; i < 5; i++) {
        double began = bench_now_ms();
        long before = (long)count_in_log(&w, "socket.up", NULL, NULL);
        world_start_bot(&w);
        while ((long)count_in_log(&w, "socket.up", NULL, NULL) == before)
            ;
        times[i] = bench_now_ms() - began;
        if (i < 4)
            world_stop_bot(&w);
    }
    printf("%-44s %.0f, %.0f, %.0f, %.0f, %.0f ms\n", "process start to socket up, five times",
           times[0], times[1], times[2], times[3], times[4]);
    expect(&w, world_connected(&w), "the bot connects");
}

static void measure_commands(void)
{
    static long us[COMMANDS];
    read_acks(us, COMMANDS);
    for (int i = 0; i < COMMANDS; i++)
        world_command(&w, "U0SELLER", "/cppo list");
    bench_report("/cppo list: sent to acked", us, read_acks(us, COMMANDS));
}

static void measure_forms(void)
{
    static long us[FORMS];
    size_t count = 0;
    for (int i = 0; i < FORMS; i++) {
        long pair[8];
        world_request(&w, "Alpha", "25"); /* a command, a suggestion, the submission */
        size_t got = read_acks(pair, 8);
        us[count++] = pair[got - 1];
    }
    bench_report("form submission, durable: sent to acked", us, count);
}

static void measure_many(void)
{
    long before = resident_kb(w.bot);
    for (int i = 0; i < MANY; i++)
        world_command(&w, "U0SELLER", "/cppo");
    printf("%-44s %ld kB before, %ld kB after %d envelopes\n", "resident memory", before,
           resident_kb(w.bot), MANY);
}

static long counted(const char *name)
{
    char *path = text_format("%s/bot.log", w.dir);
    FILE *file = fopen(path, "re");
    char line[1000];
    long value = 0;
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        const char *at = strstr(line, "event=\"run totals\"") != NULL ? strstr(line, name) : NULL;
        if (at != NULL)
            value = strtol(at + strlen(name), NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    free(path);
    return value;
}

/* A filled form of its own, as Slack would send it. */
static char *submission_frame(int number)
{
    char *id = text_format("burst-%d", number);
    char *origin = text_format("{\"form\":\"%s\",\"request\":0,\"revision\":0}", id);
    json_t *frame = json_pack(
        "{s:s, s:s, s:{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:{s:{"
        "s:{s:{s:{s:s}}}, s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}},"
        "s:{s:{s:{s:s}}}, s:{s:{s:s}}, s:{s:{s:{s:s}}}}}}}}",
        "envelope_id", id, "type", "interactive", "payload", "type", "view_submission", "user",
        "id", "U0SELLER", "team_id", "T0HOME", "view", "id", "V1", "callback_id", "offer_form",
        "private_metadata", origin, "state", "values", "authorization", "authorization",
        "selected_option", "value", "resaleauthz-bronze2024", "offer_name", "offer_name", "value",
        "Archera - Subscription", "customer", "customer", "value", "Alpha", "buyers", "buyers",
        "value", "222233334444", "markup", "markup", "value", "25", "term", "term",
        "selected_option", "value", "P3650D", "accept_by", "accept_by", "selected_date",
        "2027-01-15", "eula", "eula", "selected_option", "value", "as_authorized");
    char *text = json_dumps(frame, JSON_COMPACT);
    json_decref(frame);
    free(id);
    free(origin);
    return text;
}

/* A thousand submissions at once, each a form of its own; a commit is an fsync (WAL, FULL). The bot
 * is stopped as soon as the last is acknowledged, so that few commits are of other work. */
static void measure_burst(void)
{
    static long unused[MANY];
    json_t *texts = json_array();
    for (int i = 0; i < BURST; i++) {
        char *text = submission_frame(i);
        json_array_append_new(texts, json_string(text));
        free(text);
    }
    world_stop_bot(&w);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is back");
    read_entries("complaint", unused, MANY);
    double began = bench_now_ms();
    world_do(&w, "frame", json_pack("{s:o}", "texts", texts));
    /* The sandbox does not know these envelopes, so it complains of every ack. */
    size_t acked = 0;
    while (acked < BURST && bench_now_ms() < began + 60000)
        acked += read_entries("complaint", unused, BURST - acked);
    double took = bench_now_ms() - began;
    expect(&w, acked == BURST, "every submission of the burst is acknowledged");
    world_stop_bot(&w);
    printf("%-44s %ld commits for %ld acks, the last after %.0f ms\n",
           "a burst of 1000 submissions", counted("commits="), counted("acks="), took);
}

static void measure_one_bot(void)
{
    world_open(&w, "bench", false);
    world_do(&w, "limits", json_pack("{s:b}", "enabled", 0));
    measure_start();
    printf("%-44s %ld kB\n", "resident memory, idle", resident_kb(w.bot));
    measure_commands();
    measure_forms();
    measure_many();
    measure_burst();
    world_close(&w);
}

/* `bench race [ROUNDS [PART]]`, `bench one`, `bench growth [MANY]`: only that; else all of them. */
int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    int number = argc > 2 ? atoi(argv[2]) : 0;
    bool race = strcmp(only, "race") == 0;
    bool one = strcmp(only, "one") == 0;
    bool growth = strcmp(only, "growth") == 0;
    bool all = !race && !one && !growth;
    if (one || all)
        measure_one_bot();
    if (growth || all)
        growth_measure(FEW_OFFERS, growth && number > 0 ? number : MANY_OFFERS);
    if (race || all)
        race_measure(race && number > 0 ? number : ROUNDS, race && argc > 3 ? argv[3] : "",
                     ".build/bench");
    return 0;
}
