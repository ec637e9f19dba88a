/* The race: each client by turns, round by round, under one load generator. A bot that is driven
 * with what it stores is given a world of its own each time, and its state file is read afterwards:
 * what was acknowledged must be in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"
#include "client.h"
#include "disk.h"
#include "mem.h"
#include "race.h"
#include "racers.h"

enum { OFFERS = 4000, OPEN = 2000, MANY_OPEN = 10000, KILLS = 3, DELAYS = 4 };

static const double SETTLED_MS = 1500;
static const double STORES_SETTLED_MS = 500;
static const double SECONDS = 1;
static const int loads[] = {1, 16, 128, 1000};
static const int delays_ms[DELAYS] = {0, 1, 5, 20};

static struct load *plain, *secure;

/* --- one drive --- */

/* What came of a drive, as "${name}: ...". */
static void note(enum who who, const struct drive *order, const struct driven *driven,
                 double cpu_us, const char *name)
{
    if (driven->lost > 0 || driven->acked == 0)
        fprintf(stderr, "bench: %s, %s: %ld acknowledged, %ld lost\n", who_names[who], name,
                driven->acked, driven->lost);
    figures_add(who, (double)driven->lost, "%s: lost", name);
    if (driven->acked == 0)
        return;
    if (order->in_flight > 0)
        figures_add(who, (double)driven->acked / driven->seconds, "%s: acks/s", name);
    figures_add(who, cpu_us / (double)driven->acked, "%s: processor per ack, us", name);
    figures_add(who, driven->p50_ms, "%s: p50, ms", name);
    figures_add(who, driven->p99_ms, "%s: p99, ms", name);
}

/* "form, 16 in flight", on the heap. */
static char *title(const struct drive *order, const char *kind)
{
    bool closed = order->in_flight > 0;
    return text_format("%s, %d %s", kind, closed ? order->in_flight : order->per_second,
                       closed ? "in flight" : "a second");
}

/* Not noted: to warm up, to fill a queue. The last ack, on the heap. */
static char *drive_before(struct racer *racer, struct drive order)
{
    struct driven driven;
    load_drive(racer->load, &order, &driven);
    return driven.payload;
}

static void drive_noted(struct racer *racer, struct drive order, const char *kind)
{
    struct driven driven;
    char *name = title(&order, kind);
    double before = client_cpu_us(racer->pid);
    load_drive(racer->load, &order, &driven);
    note(racer->who, &order, &driven, client_cpu_us(racer->pid) - before, name);
    free(driven.payload);
    free(name);
}

/* --- commands --- */

/* The bot's list holds the marks of its own world; the floor answers everything with one text. */
static void check_reply(struct racer *racer, char *ack, bool of_list)
{
    bool own = racer->who == BOT && of_list;
    if (!own && !racers_same(ack, of_list))
        fprintf(stderr, "bench: %s does not say what the bot says\n", who_names[racer->who]);
    free(ack);
}

static struct mail *command(struct racer *racer, const char *text)
{
    return mail_command(load_url(racer->load), "U0SELLER", text);
}

static void measure_memory(struct racer *racer, const char *when)
{
    double resident, anonymous;
    client_memory(racer->pid, &resident, &anonymous);
    figures_add(racer->who, resident / 1024, "%s: resident, MB", when);
    figures_add(racer->who, anonymous / 1024, "%s: private, MB", when);
}

static void run_commands(struct racer *racer, const char *wire, bool of_list)
{
    struct mail *mail = command(racer, of_list ? "list" : "help");
    char *kind = text_format("%s%s", of_list ? "list of 20 offers" : "help", wire);
    check_reply(racer, drive_before(racer, (struct drive){mail, 16, 0, 0, SECONDS}), of_list);
    for (int i = 0; i < 3; i++)
        drive_noted(racer, (struct drive){mail, loads[i], 0, 0, SECONDS}, kind);
    if (!of_list)
        drive_noted(racer, (struct drive){mail, 0, 200, 0, 2 * SECONDS}, kind);
    mail_free(mail);
    free(kind);
}

static void measure_commands(enum who who, struct load *load)
{
    struct racer racer;
    const char *wire = load == secure ? ", TLS" : "";
    racer_prepare(&racer, who, OFFERS, OPEN);
    if (racer_start(&racer, load, NULL)) {
        figures_add(who, load_seen(load)->greeted_ms - racer.began_ms, "start to hello%s, ms",
                    wire);
        load_wait(load, racer.sockets, 5000);
        load_serve(load, SETTLED_MS);
        char *when = text_format("idle%s", wire);
        measure_memory(&racer, when);
        free(when);
        run_commands(&racer, wire, false);
        if (load == plain && who != ECHO_ONLY && who != ECHO_STORES)
            run_commands(&racer, wire, true);
        when = text_format("after the commands%s", wire);
        measure_memory(&racer, when);
        free(when);
    }
    racer_kill(&racer);
    racer_close(&racer);
}

/* --- what is stored --- */

/* Ready to be driven with what it stores. */
static bool begin(struct racer *racer, enum who who, struct load *load)
{
    racer_prepare(racer, who, OFFERS, OPEN);
    bool up = racer_start(racer, load, racers_disk()) && load_wait(load, racer->sockets, 5000);
    if (up)
        load_serve(load, STORES_SETTLED_MS);
    return up;
}

static void end(struct racer *racer)
{
    if (racer->pid != 0)
        racer_kill(racer);
    racer_close(racer);
}

/* Of a bot that was killed: what was acknowledged is there. */
static void check_stored(struct racer *racer, const char *what, const char *sql, long least)
{
    if (racer->who != BOT)
        return;
    racer_kill(racer);
    long count = racer_count(racer, sql);
    if (count < least) {
        fprintf(stderr, "bench: %s: %ld are stored of %ld\n", what, count, least);
        exit(1);
    }
}

static double fsync_us(const struct disk *disk, long from, int percent)
{
    static long us[DISK_CALLS];
    size_t count = 0;
    for (long i = from; i < disk->calls && i < DISK_CALLS; i++)
        us[count++] = disk->us[i];
    bench_sort(us, count);
    return count > 0 ? (double)us[count * (size_t)percent / 100] : 0;
}

/* The same, with what the disk was asked meanwhile. */
static void drive_stored(struct racer *racer, struct drive order, const char *kind)
{
    const struct disk *disk = racers_disk();
    long before = disk->calls;
    struct driven driven;
    char *name = title(&order, kind);
    double cpu = client_cpu_us(racer->pid);
    load_drive(racer->load, &order, &driven);
    note(racer->who, &order, &driven, client_cpu_us(racer->pid) - cpu, name);
    figures_add(racer->who, (double)(disk->calls - before) / (double)driven.acked,
                "%s: fsyncs per ack", name);
    figures_add(racer->who, driven.p50_ms - fsync_us(disk, before, 50) / 1e3,
                "%s: p50 beyond that of fsync, ms", name);
    figures_add(racer->who, driven.p99_ms - fsync_us(disk, before, 99) / 1e3,
                "%s: p99 beyond that of fsync, ms", name);
    free(driven.payload);
    free(name);
}

/* Clicks of somebody of whom nothing is known until Slack has been asked, and it never answers:
 * they are stored, and nothing comes of them while it is measured. */
static void measure_clicks(enum who who)
{
    struct racer racer;
    if (begin(&racer, who, plain)) {
        const char *value = who == BOT ? racer.waiting[0] : "1";
        struct mail *mail = mail_click(load_url(plain), "U0STRANGER", "retry", racer.card_ts,
                                       racer.card_key, &value, 1);
        load_withhold(plain, "users.info");
        free(drive_before(&racer, (struct drive){mail, 16, 0, 300, 0}));
        for (int i = 1; i < 4; i++)
            drive_stored(&racer, (struct drive){mail, loads[i], 0, 1500, 0}, "stored click");
        mail_free(mail);
        check_stored(&racer, "clicks", "SELECT count(*) FROM pending_action", 300 + 3 * 1500);
    }
    end(&racer);
}

static void measure_forms(enum who who, struct load *load, int in_flight)
{
    struct racer racer;
    if (begin(&racer, who, load)) {
        struct mail *mail = mail_form("U0SELLER");
        long count = in_flight == 1 ? 500 : 1000;
        free(drive_before(&racer, (struct drive){mail, 1, 0, 20, 0}));
        load_serve(load, 300);
        drive_stored(&racer, (struct drive){mail, in_flight, 0, count, 0},
                     load == secure ? "form, TLS" : "form");
        mail_free(mail);
        check_stored(&racer, "forms", "SELECT count(*) FROM revision WHERE form LIKE 'form-%'",
                     20 + count);
    }
    end(&racer);
}

static void measure_form_rate(enum who who)
{
    struct racer racer;
    if (begin(&racer, who, plain)) {
        struct mail *mail = mail_form("U0SELLER");
        free(
            drive_before(&racer, (struct drive){mail, 16, 0, 100, 0})); /* work in the background */
        drive_stored(&racer, (struct drive){mail, 0, 100, 0, 3 * SECONDS}, "form");
        mail_free(mail);
    }
    end(&racer);
}

/* As many approvals as wait, the heaviest load last; first some that make the approver known. */
static void measure_approvals(enum who who)
{
    static const long counts[] = {5, 95, 200, 300, 400};
    struct racer racer;
    if (begin(&racer, who, plain)) {
        static const char *values[1000];
        size_t used = 0;
        for (size_t i = 0; i < 1000; i++)
            values[i] = who == BOT ? racer.waiting[i] : "1";
        for (int i = 0; i < 5; i++) {
            struct mail *mail = mail_click(load_url(plain), "U0MIA", "approve", racer.card_ts,
                                           racer.card_key, values + used, (size_t)counts[i]);
            if (i == 0)
                free(drive_before(&racer, (struct drive){mail, 1, 0, counts[i], 0}));
            else
                drive_stored(&racer, (struct drive){mail, loads[i - 1], 0, counts[i], 0},
                             "approval");
            if (i == 0)
                load_serve(plain, 500);
            used += (size_t)counts[i];
            mail_free(mail);
        }
        check_stored(&racer, "approvals",
                     "SELECT 1000 - count(*) FROM request WHERE state = 'pending' AND number >= 10",
                     1000);
    }
    end(&racer);
}

/* --- a slow disk --- */

/* Every call of the disk takes so much longer, and hundreds of effects wait. */
static void measure_slow_disk(int delay_ms)
{
    struct racer racer;
    if (begin(&racer, BOT, plain)) {
        struct mail *forms = mail_form("U0SELLER");
        struct mail *help = command(&racer, "help");
        char *kind = text_format("help while the disk is %d ms slower", delay_ms);
        char *stored = text_format("form while the disk is %d ms slower", delay_ms);
        free(drive_before(&racer, (struct drive){forms, 128, 0, 400, 0}));
        racers_disk()->delay_us = delay_ms * 1000L;
        drive_noted(&racer, (struct drive){help, 0, 100, 0, 2 * SECONDS}, kind);
        drive_noted(&racer, (struct drive){forms, 0, 20, 0, 2 * SECONDS}, stored);
        mail_free(forms);
        mail_free(help);
        free(kind);
        free(stored);
    }
    end(&racer);
}

/* --- sockets that go --- */

/* For how long no socket stood within ${ms}. */
static double deaf_ms(struct load *load, double ms)
{
    double deaf = 0;
    double until = bench_now_ms() + ms;
    for (double at = bench_now_ms(); at < until;) {
        bool stands = load_seen(load)->standing > 0;
        load_serve(load, 0.5);
        double now = bench_now_ms();
        deaf += stands ? 0 : now - at;
        at = now;
    }
    return deaf;
}

static void measure_sockets(enum who who)
{
    struct racer racer;
    racer_prepare(&racer, who, OFFERS, OPEN);
    if (racer_start(&racer, plain, NULL) && load_wait(plain, racer.sockets, 5000)) {
        load_serve(plain, SETTLED_MS);
        load_refresh(plain);
        figures_add(who, deaf_ms(plain, 8000), "deaf at a refresh, ms");
        load_wait(plain, racer.sockets, 5000);
        load_cut(plain);
        figures_add(who, deaf_ms(plain, 8000), "deaf after a cut, ms");
        load_wait(plain, racer.sockets, 20000);
        load_serve(plain, SETTLED_MS);
        int asked = load_seen(plain)->asked;
        double began = bench_now_ms();
        load_fall_silent(plain);
        while (load_seen(plain)->asked == asked && bench_now_ms() < began + 60000)
            load_serve(plain, 5);
        figures_add(who, (bench_now_ms() - began) / 1e3, "a silent peer noticed after, s");
    }
    racer_kill(&racer);
    racer_close(&racer);
}

/* --- after kill -9 --- */

static void measure_kills(void)
{
    struct racer racer;
    struct mail *forms = mail_form("U0SELLER");
    racer_prepare(&racer, BOT, MANY_OPEN, MANY_OPEN);
    for (int i = 0; i <= KILLS && racer_start(&racer, plain, NULL); i++) {
        struct mail *help = command(&racer, "help");
        free(drive_before(&racer, (struct drive){help, 1, 0, 1, 0}));
        if (i > 0)
            figures_add(BOT, bench_now_ms() - racer.began_ms,
                        "ready after kill -9, 10 000 open offers, ms");
        free(drive_before(&racer, (struct drive){forms, 16, 0, 100, 0}));
        mail_free(help);
        racer_kill(&racer);
    }
    mail_free(forms);
    racer_close(&racer);
}

/* --- the rounds --- */

/* What the others are to answer. */
static void learn(void)
{
    struct racer racer;
    racer_prepare(&racer, BOT, OFFERS, OPEN);
    if (!racer_start(&racer, plain, NULL))
        exit(1);
    load_serve(plain, SETTLED_MS);
    for (int i = 0; i < 2; i++) {
        struct mail *mail = command(&racer, i == 0 ? "help" : "list");
        free(drive_before(&racer, (struct drive){mail, 1, 0, 20, 0}));
        char *ack = drive_before(&racer, (struct drive){mail, 1, 0, 1, 0});
        (i == 0 ? racers_learn_reply : racers_learn_list)(ack);
        free(ack);
        mail_free(mail);
    }
    racer_kill(&racer);
    racer_close(&racer);
}

static void stored_round(enum who who)
{
    if (!racers_stores(who))
        return;
    measure_clicks(who);
    for (int i = 0; i < 4; i++)
        measure_forms(who, plain, loads[i]);
    measure_forms(who, secure, 16);
    measure_form_rate(who);
    measure_approvals(who);
}

static bool wanted(const char *part, const char *name)
{
    return *part == '\0' || strcmp(part, name) == 0;
}

/* Who begins is another each time. */
static void run_round(int round, const char *part)
{
    for (int i = 0; i < WHO_COUNT; i++) {
        enum who who = (enum who)((i + round) % WHO_COUNT);
        if (*racers_missing(who) != '\0')
            continue;
        fprintf(stderr, "round %d: %s\n", round + 1, who_names[who]);
        if (wanted(part, "commands")) {
            measure_commands(who, plain);
            measure_commands(who, secure);
        }
        if (wanted(part, "stored"))
            stored_round(who);
    }
    for (int i = 0; i < DELAYS && wanted(part, "disk"); i++)
        measure_slow_disk(delays_ms[i]);
}

static void measure_all_sockets(void)
{
    for (int who = 0; who <= BOLT; who++) {
        if (*racers_missing((enum who)who) == '\0')
            measure_sockets((enum who)who);
    }
}

void race_measure(int rounds, const char *part, const char *dir)
{
    char *files = text_format("%s/race", dir);
    mkdir(dir, 0700);
    mkdir(files, 0700);
    if (!client_pin(CORE_OF_CLIENT) || !client_pin(CORE_OF_LOAD))
        fprintf(stderr, "bench: one core alone: bot and load generator are in each other's way\n");
    racers_open(files);
    plain = load_open(false, files);
    secure = load_open(true, files);
    learn();
    for (int round = 0; round < rounds; round++)
        run_round(round, part);
    if (wanted(part, "sockets"))
        measure_all_sockets();
    if (wanted(part, "kills"))
        measure_kills();
    race_report(rounds, dir);
    load_close(plain);
    load_close(secure);
    free(files);
}
