#include "place.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"
#include "tls_end.h"

enum { LOOK_MS = 50 };

/* A proxy in front of ${port}, behind TLS when that is wished for. */
static struct proxy *add_proxy(struct place *place, int number, int port, bool tls)
{
    char *ca_file = text_format("%s/ca-%d.pem", place->world.dir, number);
    if (tls) {
        place->ends[number] = tls_end_open(place->proxies, port, ca_file);
        port = tls_end_port(place->ends[number]);
    }
    free(ca_file);
    return proxy_open(place->proxies, port);
}

static void redirect(struct place *place, const char *api)
{
    static const char *const settings[][2] = {
        {"SLACK_API_URL", "/api/"},
        {"AWS_ENDPOINT_URL_MARKETPLACE_CATALOG", "/aws/catalog"},
        {"AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT", "/aws/agreement"},
        {"AWS_ENDPOINT_URL_STS", "/aws/sts"}};
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        char *url = text_format("%s%s", api, settings[i][1]);
        world_setting(&place->world, settings[i][0], url);
        free(url);
    }
}

/* Both certificates into one file of authorities. */
static void trust(struct place *place)
{
    struct world *world = &place->world;
    struct text all = {0};
    for (int i = 0; i < 2; i++) {
        char *path = text_format("%s/ca-%d.pem", world->dir, i);
        char bytes[4096];
        FILE *file = fopen(path, "re");
        expect(world, file != NULL, "the certificate can be read");
        text_add_bytes(&all, bytes, fread(bytes, 1, sizeof(bytes), file));
        fclose(file);
        free(path);
    }
    char *line = text_format("tls:\n  ca_file: \"%s\"\nstore:\n",
                             world_file(world, "ca.pem", text_get(&all)));
    world_replace(world, "store:\n", line);
    free(line);
    text_free(&all);
}

static int link_port_of(struct world *world, const char *api, const char *link)
{
    json_t *answer = world_post(world, "front", json_pack("{s:s, s:s}", "api", api, "link", link));
    int port = (int)json_integer_value(json_object_get(answer, "link_port"));
    expect(world, port > 0, "the sandbox tells where its sockets are");
    json_decref(answer);
    return port;
}

static void move_book(struct place *place)
{
    char *old = text_format("path: \"%s/cppo.db\"", place->world.dir);
    char *new = text_format("path: \"%s\"", place->book);
    world_replace(&place->world, old, new);
    free(old);
    free(new);
}

static char book[100], copy[110]; /* one place a process */

static void remove_book(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".mark", ".copy"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char *path = text_format("%s%s", book, ends[i]);
        unlink(path);
        free(path);
    }
}

void place_prepare(struct place *place, const char *name, bool tls, int sockets)
{
    struct world *world = &place->world;
    memset(place, 0, sizeof(*place));
    world_open(world, name, false);
    place->sockets = sockets;
    place->log = json_array();
    snprintf(book, sizeof(book), "%s/cppo-network-%ld.db",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    snprintf(copy, sizeof(copy), "%s.copy", book);
    place->book = book;
    place->copy = copy;
    remove_book(); /* of a process with this number that was killed */
    atexit(remove_book);
    move_book(place);
    place->proxies = proxies_open();
    place->link = add_proxy(place, 0, link_port_of(world, "-", "-"), tls);
    place->api = add_proxy(place, 1, (int)strtol(strrchr(world->url, ':') + 1, NULL, 10), tls);
    char *api = text_format("http%s://localhost:%d", tls ? "s" : "", proxy_port(place->api));
    char *link = text_format("ws%s://localhost:%d", tls ? "s" : "", proxy_port(place->link));
    char *slack = text_format("slack:\n  connections: %d\n", sockets);
    link_port_of(world, api, link);
    redirect(place, api);
    world_replace(world, "slack:\n", slack);
    if (tls)
        trust(place);
    world_do(world, "limits", json_pack("{s:b}", "enabled", 0));
    /* What was published is looked at ten times less often: it would be most of the work. */
    world_replace(world, "poll_slowest: 200ms", "poll_slowest: 2s");
    free(api);
    free(link);
    free(slack);
}

void place_copy_book(const struct place *place)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *ask = NULL;
    unlink(place->copy);
    if (sqlite3_open_v2(place->book, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(db, PATIENCE_MS) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "VACUUM INTO ?", -1, &ask, NULL) != SQLITE_OK ||
        sqlite3_bind_text(ask, 1, place->copy, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(ask) != SQLITE_DONE) {
        fprintf(stderr, "the state file cannot be copied: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    sqlite3_finalize(ask);
    sqlite3_close(db);
}

void place_read(struct place *place)
{
    json_t *entries = world_log_on(&place->world, &place->read_to);
    json_array_extend(place->log, entries);
    json_decref(entries);
}

/* One that never came up goes down as well. */
static bool was_up(const struct place *place, size_t at)
{
    const json_t *socket = json_object_get(json_array_get(place->log, at), "socket");
    while (at-- > 0) {
        const json_t *entry = json_array_get(place->log, at);
        if (strcmp(member(entry, "kind"), "socket.up") == 0 &&
            json_equal(json_object_get(entry, "socket"), socket))
            return true;
    }
    return false;
}

/* How many sockets Slack has, by the log from its entry ${from} on, of which ${before} stood. */
static int place_standing(const struct place *place, size_t from, int before)
{
    for (size_t i = from; i < json_array_size(place->log); i++) {
        const char *kind = member(json_array_get(place->log, i), "kind");
        before += strcmp(kind, "socket.up") == 0;
        before -= strcmp(kind, "socket.down") == 0 && was_up(place, i);
    }
    return before;
}

void place_settle(struct place *place)
{
    size_t from = 0;
    int standing = 0;
    for (long waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
        place_read(place);
        standing = place_standing(place, from, standing);
        from = json_array_size(place->log);
        if (standing == place->sockets)
            return;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    expect(&place->world, false, "as many sockets stand as should, and no others");
}

void place_start_bot(struct place *place)
{
    world_start_bot(&place->world);
    expect(&place->world, world_connected(&place->world), "the bot connects");
    place_settle(place);
}

void place_open(struct place *place, const char *name, bool tls, int sockets)
{
    place_prepare(place, name, tls, sockets);
    place_start_bot(place);
}

void place_close(struct place *place)
{
    world_close(&place->world);
    for (int i = 0; i < 2; i++) {
        if (place->ends[i] != NULL)
            tls_end_close(place->ends[i]);
    }
    proxies_close(place->proxies);
    json_decref(place->log);
}

/* ts=2026-11-25T17:07:52.174Z ... */
static int64_t time_of(const char *line)
{
    struct tm day = {0};
    const char *rest = strptime(line, "ts=%Y-%m-%dT%H:%M:%S", &day);
    return rest != NULL ? (int64_t)timegm(&day) * 1000 + strtol(rest + 1, NULL, 10) : 0;
}

static FILE *open_log(const struct place *place, long from)
{
    char *path = text_format("%s/bot.log", place->world.dir);
    FILE *file = fopen(path, "re");
    if (file == NULL || fseek(file, from, SEEK_SET) != 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    free(path);
    return file;
}

long place_log_size(const struct place *place)
{
    FILE *file = open_log(place, 0);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

long place_said(const struct place *place, long from, const char *words)
{
    FILE *file = open_log(place, from);
    char line[2000];
    long count = 0;
    while (fgets(line, sizeof(line), file) != NULL)
        count += strstr(line, words) != NULL;
    fclose(file);
    return count;
}

int64_t place_hello(const struct place *place, long from, int64_t at)
{
    FILE *file = open_log(place, from);
    char line[2000];
    int64_t heard = 0;
    while (heard == 0 && fgets(line, sizeof(line), file) != NULL) {
        if (strstr(line, "event=\"socket up\"") != NULL && time_of(line) >= at)
            heard = time_of(line);
    }
    fclose(file);
    return heard;
}

/* The number behind ${key}= in a line of the log; 0 when there is none. */
static int64_t number_of(const char *line, const char *key)
{
    char wanted[40];
    snprintf(wanted, sizeof(wanted), " %s=", key);
    const char *at = strstr(line, wanted);
    return at != NULL ? strtoll(at + strlen(wanted), NULL, 10) : 0;
}

int64_t place_planned(const struct place *place, long from)
{
    enum { SLOTS = 4 };
    FILE *file = open_log(place, from);
    char line[2000];
    int64_t waits[SLOTS] = {0}, longest = 0;
    while (fgets(line, sizeof(line), file) != NULL && strstr(line, "event=\"socket up\"") == NULL) {
        if (strstr(line, "event=\"socket retry\"") != NULL)
            waits[number_of(line, "slot") % SLOTS] += number_of(line, "in_ms");
    }
    fclose(file);
    for (int i = 0; i < SLOTS; i++)
        longest = waits[i] > longest ? waits[i] : longest;
    return longest;
}

json_t *place_dropped_acks(const struct place *place)
{
    FILE *file = open_log(place, 0);
    json_t *dropped = json_object();
    char line[2000], id[64];
    while (fgets(line, sizeof(line), file) != NULL) {
        const char *at = strstr(line, "event=\"ack dropped\"");
        at = at != NULL ? strstr(at, " envelope=") : NULL;
        if (at != NULL && sscanf(at, " envelope=\"%63[^\"]", id) == 1)
            json_object_set_new(dropped, id, json_true());
        else if (at != NULL && sscanf(at, " envelope=%63s", id) == 1)
            json_object_set_new(dropped, id, json_true());
    }
    fclose(file);
    return dropped;
}
