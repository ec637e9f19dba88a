#include "racers.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "disk.h"
#include "mem.h"
#include "text.h"

enum { MAX_WAITING = 1000, MAX_SETTINGS = 40 };

static const double UP_WITHIN_MS = 20000;

static char base[300];      /* the directory of all files here */
static json_t *said, *list; /* the bot's payloads */

static const struct {
    const char *words[3];
    bool stores;
    const char *package; /* of node_modules, for its version */
} kinds[WHO_COUNT] = {
    [BOT] = {.stores = true},
    [SLACK_GO] = {{".build/bench/slack_go", NULL}, false, NULL},
    [SOCKET_MODE] = {{"tests/node_modules/.bin/node", "tests/bench/clients/socket_mode.js", NULL},
                     false,
                     "socket-mode"},
    [BOLT] = {{"tests/node_modules/.bin/node", "tests/bench/clients/bolt.js", NULL}, false, "bolt"},
    [BOLT_STORES] = {{"tests/node_modules/.bin/node", "tests/bench/clients/bolt.js", NULL},
                     true,
                     "bolt"},
    [ECHO_ONLY] = {{"bench-echo", NULL}, false, NULL},
    [ECHO_STORES] = {{"bench-echo", NULL}, true, NULL},
};

/* Under ${world}'s programs when it is a name alone; on the heap. */
static char *program(const char *word)
{
    char self[300] = "";
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
    char *slash = size > 0 ? strrchr(self, '/') : NULL;
    if (strchr(word, '/') != NULL || slash == NULL)
        return mem_copy(word);
    return text_format("%.*s/%s", (int)(slash - self), self, word);
}

/* --- all of them --- */

void racers_open(const char *dir)
{
    text_fit(base, sizeof(base), dir);
}

bool racers_stores(enum who who)
{
    return kinds[who].stores;
}

const char *racers_missing(enum who who)
{
    if (who == BOT)
        return "";
    char *path = program(kinds[who].words[0]);
    bool there = access(path, X_OK) == 0;
    free(path);
    if (there)
        return "";
    return who == SLACK_GO ? "needs the packages golang-go, golang-github-slack-go-slack-dev and "
                             "golang-github-mattn-go-sqlite3-dev"
                           : "needs what tests/node.sh fetches";
}

/* What a command prints in its first line (static room). */
static const char *first_line(const char *command)
{
    static char line[200];
    FILE *out = popen(command, "re");
    line[0] = '\0';
    if (out != NULL && fgets(line, sizeof(line), out) != NULL)
        line[strcspn(line, "\n")] = '\0';
    if (out != NULL)
        pclose(out);
    return line;
}

const char *racers_version(enum who who)
{
    static char version[300];
    version[0] = '\0';
    if (who == SLACK_GO) {
        const char *package = first_line("dpkg-query -W -f '${Version}' "
                                         "golang-github-slack-go-slack-dev 2>/dev/null");
        text_fit(version, sizeof(version), package);
        const char *go = first_line("go version 2>/dev/null");
        size_t used = strlen(version);
        snprintf(version + used, sizeof(version) - used, ", %s", go);
    } else if (kinds[who].package != NULL) {
        char *path = text_format("tests/node_modules/@slack/%s/package.json", kinds[who].package);
        json_t *about = json_load_file(path, 0, NULL);
        const char *number = json_string_value(json_object_get(about, "version"));
        snprintf(version, sizeof(version), "%s, Node %s", number != NULL ? number : "",
                 first_line("tests/node_modules/.bin/node --version"));
        json_decref(about);
        free(path);
    }
    return version;
}

struct disk *racers_disk(void)
{
    static struct disk *disk;
    if (disk == NULL) {
        char *path = text_format("%s/disk", base);
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || ftruncate(fd, sizeof(*disk)) != 0)
            abort();
        disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
        free(path);
    }
    return disk;
}

/* --- what they answer --- */

static json_t *payload_of(const char *ack)
{
    json_t *root = ack != NULL ? json_loads(ack, 0, NULL) : NULL;
    json_t *payload = json_incref(json_object_get(root, "payload"));
    json_decref(root);
    return payload;
}

void racers_learn_reply(const char *ack)
{
    char *path = text_format("%s/reply.json", base);
    said = payload_of(ack);
    if (said == NULL || json_dump_file(said, path, JSON_COMPACT) != 0) {
        fprintf(stderr, "bench: the bot says nothing to /cppo help\n");
        exit(1);
    }
    free(path);
}

/* A peer that has nothing to list would win. */
static void put_row(sqlite3_stmt *put)
{
    if (sqlite3_step(put) != SQLITE_DONE) {
        fprintf(stderr, "bench: what the others are to list is not stored\n");
        exit(1);
    }
    sqlite3_reset(put);
}

static void put_offers(sqlite3 *db)
{
    sqlite3_stmt *put = NULL;
    size_t i;
    json_t *block;
    const json_t *blocks = json_object_get(list, "blocks");
    sqlite3_prepare_v2(db, "INSERT INTO heading VALUES (?)", -1, &put, NULL);
    json_t *rest = json_copy(list);
    json_object_del(rest, "blocks");
    char *heading = json_dumps(rest, JSON_COMPACT);
    sqlite3_bind_text(put, 1, heading, -1, SQLITE_TRANSIENT);
    put_row(put);
    sqlite3_finalize(put);
    json_decref(rest);
    free(heading);
    sqlite3_prepare_v2(db, "INSERT INTO offer VALUES (?, ?, ?)", -1, &put, NULL);
    json_array_foreach(blocks, i, block)
    {
        char *text = json_dumps(block, JSON_COMPACT);
        for (int copy = 0; copy < 50; copy++) { /* they are not the only ones */
            char *user = text_format(copy == 0 ? "U0SELLER" : "U0OTHER%d", copy);
            sqlite3_bind_int64(put, 1, 100000 - (sqlite3_int64)i * 50 - copy);
            sqlite3_bind_text(put, 2, user, -1, SQLITE_TRANSIENT);
            sqlite3_bind_text(put, 3, text, -1, SQLITE_TRANSIENT);
            put_row(put);
            free(user);
        }
        free(text);
    }
    sqlite3_finalize(put);
}

void racers_learn_list(const char *ack)
{
    sqlite3 *db = NULL;
    char *path = text_format("%s/offers.db", base);
    list = payload_of(ack);
    if (list == NULL) {
        fprintf(stderr, "bench: the bot says nothing to /cppo list\n");
        exit(1);
    }
    unlink(path);
    sqlite3_open(path, &db);
    sqlite3_exec(db,
                 "BEGIN; CREATE TABLE heading (message TEXT);"
                 "CREATE TABLE offer (number INTEGER PRIMARY KEY, requester TEXT, block TEXT);"
                 "CREATE INDEX offer_by_requester ON offer (requester, number)",
                 NULL, NULL, NULL);
    put_offers(db);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    free(path);
}

bool racers_same(const char *ack, bool of_list)
{
    json_t *payload = payload_of(ack);
    bool same = json_equal(payload, of_list ? list : said) == 1;
    json_decref(payload);
    return same;
}

/* --- the bot's world --- */

static void open_book(const struct racer *racer, sqlite3 **db)
{
    char *path = text_format("%s/cppo.db", racer->world.dir);
    if (sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        abort();
    free(path);
}

long racer_count(struct racer *racer, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    open_book(racer, &db);
    sqlite3_prepare_v2(db, sql, -1, &rows, NULL);
    long count = sqlite3_step(rows) == SQLITE_ROW ? (long)sqlite3_column_int64(rows, 0) : -1;
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return count;
}

/* Where the cards stand that wait; and no wait of the past ends while it is measured. */
static void read_card(struct racer *racer)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    open_book(racer, &db);
    sqlite3_exec(db, "UPDATE timer SET due_at = due_at + 86400000 WHERE subject >= 10", NULL, NULL,
                 NULL);
    sqlite3_prepare_v2(db, "SELECT ts, key FROM post WHERE kind = 'card' AND request = 2", -1,
                       &rows, NULL);
    if (sqlite3_step(rows) == SQLITE_ROW) {
        text_fit(racer->card_ts, sizeof(racer->card_ts),
                 (const char *)sqlite3_column_text(rows, 0));
        text_fit(racer->card_key, sizeof(racer->card_key),
                 (const char *)sqlite3_column_text(rows, 1));
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

void racer_prepare(struct racer *racer, enum who who, int offers, int open)
{
    struct world *w = &racer->world;
    *racer = (struct racer){.who = who, .sockets = who == BOT ? 2 : 1};
    if (who != BOT)
        return;
    world_open(w, "race", true);
    world_do(w, "limits", json_pack("{s:b}", "enabled", 0));
    history_samples(w);
    world_stop_bot(w);
    world_replace(w, "poll_first: 50ms", "poll_first: 5s"); /* as it is out there */
    world_replace(w, "poll_slowest: 200ms", "poll_slowest: 60s");
    history_add(w, offers, open);
    racer->waiting = mem_new(MAX_WAITING, sizeof(*racer->waiting));
    racer->waiting_count = history_pending(w, racer->waiting, MAX_WAITING);
    read_card(racer);
}

void racer_close(struct racer *racer)
{
    if (racer->who != BOT)
        return;
    world_close(&racer->world);
    world_lose_book(&racer->world);
    free(racer->waiting);
    racer->waiting = NULL;
}

/* --- one run --- */

/* Settings of a process, each on the heap. */
struct settings {
    char *at[MAX_SETTINGS];
    int count;
};

static void add(struct settings *settings, const char *name, const char *value)
{
    settings->at[settings->count++] = text_format("%s=%s", name, value);
}

/* Of the sandbox, which stands in for AWS; Slack is the load generator. */
static void add_world(struct settings *settings, const struct racer *racer)
{
    char *path = text_format("%s/sandbox.env", racer->world.dir);
    FILE *file = fopen(path, "re");
    char line[500];
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "SLACK_API_URL=", 14) != 0)
            settings->at[settings->count++] = mem_copy(line);
    }
    if (file != NULL)
        fclose(file);
    free(path);
}

static void add_peer(struct settings *settings, const struct racer *racer)
{
    char *reply = text_format("%s/reply.json", base);
    char *offers = text_format("%s/offers.db", base);
    char *store = text_format("%s/store", base);
    add(settings, "SLACK_APP_TOKEN", "xapp-1-A0CPPO-bench");
    add(settings, "SLACK_BOT_TOKEN", "xoxb-bench");
    add(settings, "BENCH_REPLY", reply);
    if (racer->who != ECHO_ONLY && racer->who != ECHO_STORES)
        add(settings, "BENCH_OFFERS", offers);
    unlink(store);
    if (kinds[racer->who].stores)
        add(settings, "BENCH_STORE", store);
    free(reply);
    free(offers);
    free(store);
}

/* Its configuration with what this run needs; on the heap. */
static char *configure(const struct racer *racer)
{
    char *from = text_format("%s/cppo.yaml", racer->world.dir);
    char *to = text_format("%s/race.yaml", racer->world.dir);
    FILE *in = fopen(from, "re");
    FILE *out = fopen(to, "we");
    for (int c; in != NULL && out != NULL && (c = fgetc(in)) != EOF;)
        fputc(c, out);
    if (out != NULL && *load_ca(racer->load) != '\0')
        fprintf(out, "tls:\n  ca_file: %s\n", load_ca(racer->load));
    if (in == NULL || out == NULL || fclose(out) != 0)
        abort();
    fclose(in);
    free(from);
    return to;
}

static void add_disk(struct settings *settings, struct disk *disk)
{
    char *library = program("bench-disk.so");
    char *page = text_format("%s/disk", base);
    add(settings, "LD_PRELOAD", library);
    add(settings, "BENCH_DISK", page);
    disk->calls = 0;
    disk->delay_us = 0;
    free(library);
    free(page);
}

static void launch(struct racer *racer, const struct settings *settings)
{
    char *log = racer->who == BOT ? text_format("%s/bot.log", racer->world.dir)
                                  : text_format("%s/%d.log", base, (int)racer->who);
    char *config = racer->who == BOT ? configure(racer) : NULL;
    char *path = program(racer->who == BOT ? "cppo-bot" : kinds[racer->who].words[0]);
    char *script = mem_copy(kinds[racer->who].words[1]);
    char *peer[] = {path, script, NULL};
    char *bot[] = {path, "run", "--config", config, NULL};
    racer->began_ms = bench_now_ms();
    racer->pid = client_start(racer->who == BOT ? bot : peer, settings->at, log);
    free(script);
    free(log);
    free(config);
    free(path);
}

bool racer_start(struct racer *racer, struct load *load, struct disk *disk)
{
    struct settings settings = {0};
    racer->load = load;
    load_forget(load);
    add(&settings, "SLACK_API_URL", load_url(load));
    if (*load_ca(load) != '\0') {
        add(&settings, "NODE_EXTRA_CA_CERTS", load_ca(load));
        add(&settings, "SSL_CERT_FILE", load_ca(load));
    }
    if (disk != NULL)
        add_disk(&settings, disk);
    if (racer->who == BOT)
        add_world(&settings, racer);
    else
        add_peer(&settings, racer);
    launch(racer, &settings);
    while (settings.count > 0)
        free(settings.at[--settings.count]);
    bool up = load_wait(load, 1, UP_WITHIN_MS);
    if (!up)
        fprintf(stderr, "bench: %s does not come up; see %s\n", who_names[racer->who],
                racer->who == BOT ? racer->world.dir : base);
    return up;
}

void racer_kill(struct racer *racer)
{
    client_kill(racer->pid);
    racer->pid = 0;
    load_forget(racer->load);
}
