#include "world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "mother.h"

enum { LOOK_MS = 2, SURE_NS = 60000, UNSURE_NS = 2500000, HTTP_WAIT_MS = 20000, PAGE = 500 };
enum { PATIENCE_MS = 300000 }; /* of the machine's time: nobody has that much to do at once */
static const int64_t NS_PER_MS = 1000000;

static int64_t real_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

int64_t world_now_ms(const struct world *world)
{
    return (real_ns(CLOCK_REALTIME) + world->page->ahead_ns) / NS_PER_MS;
}

/* --- the sleepers --- */

static bool alive(const struct world *world, enum role role)
{
    return world->mothers[role].child > 0;
}

static unsigned naps(const struct world *world)
{
    return world->page->sleepers[ROLE_BOT].naps + world->page->sleepers[ROLE_SANDBOX].naps;
}

static bool all_sleep(const struct world *world)
{
    for (enum role role = 0; role < ROLES; role++) {
        const struct sleeper *one = &world->page->sleepers[role];
        if (alive(world, role) && (!one->asleep || one->busy > 0 || one->handed))
            return false;
    }
    return true;
}

/* What was sent and not yet received, by anybody. */
static int64_t under_way(const struct world *world)
{
    const struct sleeper *bot = &world->page->sleepers[ROLE_BOT];
    const struct sleeper *sandbox = &world->page->sleepers[ROLE_SANDBOX];
    return bot->sent + sandbox->sent + world->sent - bot->received - sandbox->received -
           world->received - world->lost;
}

static void pause_ns(int64_t ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

/* Both sleep, and nothing is on its way. Where the count does not come out even, because somebody
 * died with mail unread, a longer look decides. */
static bool is_quiet(struct world *world)
{
    unsigned before = naps(world);
    if (!all_sleep(world))
        return false;
    bool even = under_way(world) == 0;
    for (int64_t looked = 0; looked < (even ? SURE_NS : UNSURE_NS); looked += SURE_NS) {
        pause_ns(SURE_NS);
        if (!all_sleep(world) || naps(world) != before)
            return false;
    }
    if (!even)
        world->lost += under_way(world);
    return true;
}

static void move_clock(struct world *world, int64_t to)
{
    static const uint64_t one = 1;
    int64_t now = real_ns(CLOCK_MONOTONIC) + world->page->ahead_ns;
    if (to <= now || to == INT64_MAX)
        return;
    world->page->ahead_ns += to - now;
    for (enum role role = 0; role < ROLES; role++) {
        if (alive(world, role) && world->page->sleepers[role].until <= to) {
            world->page->sleepers[role].asleep = 0;
            if (write(world->mothers[role].wake, &one, sizeof(one)) < 0)
                abort();
        }
    }
}

static int64_t next_alarm(const struct world *world)
{
    int64_t next = INT64_MAX;
    for (enum role role = 0; role < ROLES; role++) {
        int64_t until = world->page->sleepers[role].until;
        if (alive(world, role) && until < next)
            next = until;
    }
    return next;
}

/* --- waiting --- */

/* News of the bot: true when it ended. Somebody's going to sleep ends the wait. */
static bool look(struct world *world, bool mail, int wait_ms)
{
    struct pollfd waits[] = {{.fd = world->mothers[ROLE_BOT].talk, .events = POLLIN},
                             {.fd = world->nap_fd, .events = POLLIN},
                             {.fd = mail ? world->http : -1, .events = POLLIN}};
    uint64_t count;
    poll(waits, 3, wait_ms);
    if (waits[1].revents != 0 && read(world->nap_fd, &count, sizeof(count)) < 0)
        count = 0;
    return waits[0].revents != 0 && mother_news(&world->mothers[ROLE_BOT]);
}

enum seen world_wait(struct world *world, int64_t until)
{
    int64_t patience = real_ns(CLOCK_MONOTONIC) + PATIENCE_MS * NS_PER_MS;
    for (int wait_ms = 0;; wait_ms = LOOK_MS) {
        if (look(world, false, wait_ms))
            return SEEN_END;
        if (!is_quiet(world)) {
            if (real_ns(CLOCK_MONOTONIC) > patience)
                return SEEN_HANGING;
            continue;
        }
        unsigned bot = world->page->sleepers[ROLE_BOT].naps;
        if (bot != world->naps) {
            world->naps = bot;
            return SEEN_QUIET;
        }
        int64_t next = next_alarm(world);
        int64_t end = until * NS_PER_MS - real_ns(CLOCK_REALTIME) + real_ns(CLOCK_MONOTONIC);
        move_clock(world, next < end ? next : end);
        if (next >= end)
            return SEEN_TIME;
    }
}

/* --- the sandbox's control --- */

static int dial(struct world *world)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)world->port)};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    world->http = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    world->sent++;
    return connect(world->http, (struct sockaddr *)&to, sizeof(to));
}

static void hang_up(struct world *world)
{
    if (world->http >= 0)
        close(world->http);
    world->http = -1;
}

/* The whole answer is there: its body; NULL: not yet. */
static const char *body_of(const struct text *reply)
{
    const char *head = text_get(reply);
    const char *end = strstr(head, "\r\n\r\n");
    const char *length = end != NULL ? strcasestr(head, "\r\nContent-Length:") : NULL;
    if (length == NULL)
        return NULL;
    size_t size = strtoul(length + 17, NULL, 10);
    return reply->size >= (size_t)(end + 4 - head) + size ? end + 4 : NULL;
}

/* Read what came; -1: the connection ended. */
static int take_mail(struct world *world, struct text *reply)
{
    char bytes[65536];
    ssize_t got = recv(world->http, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got > 0) {
        text_add_bytes(reply, bytes, (size_t)got);
        world->received += got;
    }
    return got == 0 || (got < 0 && errno != EAGAIN) ? -1 : 0;
}

/* Time goes on while the answer is waited for: acks have their deadline. */
static json_t *answer(struct world *world)
{
    struct text reply = {0};
    int64_t began = real_ns(CLOCK_MONOTONIC);
    const char *body;
    json_t *json = NULL;
    while ((body = body_of(&reply)) == NULL) {
        look(world, true, LOOK_MS);
        if (take_mail(world, &reply) != 0 ||
            real_ns(CLOCK_MONOTONIC) - began > HTTP_WAIT_MS * NS_PER_MS)
            break;
        if (body_of(&reply) == NULL && is_quiet(world) && take_mail(world, &reply) == 0 &&
            body_of(&reply) == NULL)
            move_clock(world, next_alarm(world));
    }
    if (body != NULL)
        json = json_loads(body, 0, NULL);
    else
        hang_up(world);
    text_free(&reply);
    return json;
}

json_t *world_ask(struct world *world, const char *path, json_t *body)
{
    char *content = body != NULL ? json_dumps(body, JSON_COMPACT) : mem_copy("");
    char *request =
        text_format("%s /_sandbox/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                    body != NULL ? "POST" : "GET", path, world->port, strlen(content), content);
    json_t *result = NULL;
    for (int tries = 0; result == NULL && tries < 2; tries++) {
        if (world->http < 0 && dial(world) != 0)
            break;
        ssize_t sent = send(world->http, request, strlen(request), MSG_NOSIGNAL);
        if (sent > 0)
            world->sent += sent;
        if (sent == (ssize_t)strlen(request))
            result = answer(world);
        else
            hang_up(world);
    }
    free(content);
    free(request);
    json_decref(body);
    return result;
}

json_t *world_log(struct world *world)
{
    json_t *all = json_array();
    json_int_t after = 0;
    for (size_t got = PAGE; got == PAGE;) {
        char *path = text_format("log?after=%" JSON_INTEGER_FORMAT, after);
        json_t *part = world_ask(world, path, NULL);
        json_t *entries = json_object_get(part, "entries");
        got = json_array_size(entries);
        after = json_integer_value(json_object_get(part, "next"));
        json_array_extend(all, entries);
        json_decref(part);
        free(path);
    }
    return all;
}

/* --- processes --- */

void world_start_bot(struct world *world, const struct order *order)
{
    struct sleeper *sleeper = &world->page->sleepers[ROLE_BOT];
    world->page->order = order != NULL ? *order : (struct order){0};
    world->page->calls = 0;
    world->page->allocations = 0;
    world->page->our_allocations = 0;
    world->page->start_allocations = 0;
    world->page->struck = 0;
    sleeper->asleep = 0;
    sleeper->busy = 0;
    sleeper->handed = 0;
    world->starts++;
    mother_wish(&world->mothers[ROLE_BOT], world->environment);
}

void world_kill_bot(struct world *world)
{
    mother_kill(&world->mothers[ROLE_BOT]);
}

void world_fell_bot(struct world *world)
{
    if (alive(world, ROLE_BOT))
        kill(world->mothers[ROLE_BOT].child, SIGSEGV);
}

void world_end(struct world *world)
{
    hang_up(world);
    for (enum role role = 0; role < ROLES; role++)
        mother_kill(&world->mothers[role]);
}

static char *file_text(const struct world *world, const char *name)
{
    char *path = text_format("%s/%s", world->dir, name);
    char *bytes = mem_new(65536, 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd >= 0 ? read(fd, bytes, 65535) : 0;
    bytes[size > 0 ? size : 0] = '\0';
    if (fd >= 0)
        close(fd);
    free(path);
    return bytes;
}

static int write_text(const struct world *world, const char *name, const char *content)
{
    char *path = text_format("%s/%s", world->dir, name);
    FILE *file = fopen(path, "we");
    int failed = file == NULL || fputs(content, file) < 0;
    if (file != NULL)
        failed |= fclose(file) != 0;
    free(path);
    return failed ? -1 : 0;
}

/* --- backups --- */

static const char *const kept[] = {"cppo.db", "cppo.db-wal", "cppo.db.mark"};
enum { KEPT = sizeof(kept) / sizeof(kept[0]), LINE = KEPT - 1 };

static char *path_of(const struct world *world, const char *name, const char *end)
{
    return text_format("%s/%s%s", world->dir, name, end);
}

/* The bytes of ${from}, in the file that ${to} is; no file becomes none. */
static int copy_bytes(const char *from, const char *to)
{
    char bytes[65536];
    size_t size;
    FILE *in = fopen(from, "re");
    if (in == NULL)
        return unlink(to) == 0 || errno == ENOENT ? 0 : -1;
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int failed = fd < 0;
    while (!failed && (size = fread(bytes, 1, sizeof(bytes), in)) > 0)
        failed = write(fd, bytes, size) != (ssize_t)size;
    fclose(in);
    if (fd >= 0)
        close(fd);
    return failed ? -1 : 0;
}

static int copy_named(const struct world *world, const char *name, const char *end,
                      const char *new_end)
{
    char *from = path_of(world, name, end);
    char *to = path_of(world, name, new_end);
    int failed = copy_bytes(from, to);
    free(from);
    free(to);
    return failed;
}

int world_keep_book(const struct world *world)
{
    int failed = 0;
    for (int i = 0; i < KEPT; i++)
        failed |= copy_named(world, kept[i], "", ".kept");
    return failed;
}

bool world_has_kept(const struct world *world)
{
    char *path = path_of(world, kept[0], ".kept");
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

int world_put_back(const struct world *world, bool with_line)
{
    char *shared = path_of(world, "cppo.db-shm", "");
    int failed = 0;
    unlink(shared); /* it is made anew from the journal */
    free(shared);
    for (int i = 0; i < (with_line ? KEPT : LINE); i++)
        failed |= copy_named(world, kept[i], ".kept", "");
    return failed;
}

static void forget_kept(const struct world *world)
{
    for (int i = 0; i < KEPT; i++) {
        char *path = path_of(world, kept[i], ".kept");
        unlink(path);
        free(path);
    }
}

/* --- a fresh world --- */

/* sandbox.env becomes the bot's environment, and tells the port. */
static int take_environment(struct world *world)
{
    static const char api[] = "SLACK_API_URL=http://127.0.0.1:";
    char *env = file_text(world, "sandbox.env");
    const char *at = strstr(env, api);
    memset(world->environment, 0, sizeof(world->environment));
    world->port = at != NULL ? (int)strtol(at + sizeof(api) - 1, NULL, 10) : 0;
    text_fit(world->environment, sizeof(world->environment) - 1, env);
    for (char *c = world->environment; *c != '\0'; c++) {
        if (*c == '\n')
            *c = '\0';
    }
    free(env);
    return world->port > 0 ? 0 : -1;
}

/* ${from}, which must be there, becomes ${to}; takes ${text}, NULL stays NULL. */
static char *replace(char *text, const char *from, const char *to)
{
    char *at = text != NULL ? strstr(text, from) : NULL;
    char *changed =
        at != NULL ? text_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) : NULL;
    free(text);
    return changed;
}

static int configure(struct world *world, int needed)
{
    char *line = text_format("needed: %d", needed);
    char *yaml = replace(file_text(world, "cppo.yaml"), "needed: 1", line);
    if (world->in_earnest) {
        yaml = replace(yaml, "poll_first: 200ms", "poll_first: 5s");
        yaml = replace(yaml, "poll_slowest: 2s", "poll_slowest: 1m");
    }
    if (world->on_approval)
        yaml = replace(yaml, "marketplace:\n", "marketplace:\n  draft: on-approval\n");
    char *all =
        text_format("%stls:\n  ca_file: \"%s/ca.pem\"\n", yaml != NULL ? yaml : "", world->dir);
    int failed = yaml == NULL ? -1 : write_text(world, "cppo.yaml", all);
    free(all);
    free(yaml);
    free(line);
    return failed;
}

int world_begin(struct world *world, int needed)
{
    memset(world->page, 0, sizeof(*world->page));
    if (world->birthday != 0)
        world->page->ahead_ns = world->birthday * NS_PER_MS - real_ns(CLOCK_REALTIME);
    world->sent = world->received = world->lost = 0;
    world->naps = 0;
    world->starts = 0;
    forget_kept(world);
    if (write_text(world, "bot.log", "") != 0)
        return -1;
    mother_wish(&world->mothers[ROLE_SANDBOX], NULL);
    while (!world->page->sleepers[ROLE_SANDBOX].asleep)
        look(world, false, LOOK_MS);
    if (take_environment(world) != 0 || configure(world, needed) != 0) {
        fprintf(stderr, "the sandbox of %s did not start\n", world->dir);
        return -1;
    }
    return 0;
}

/* One authority is enough where everything is plain, and quicker to read than a hundred. */
static int write_authority(const struct world *world)
{
    static const char end[] = "-----END CERTIFICATE-----\n";
    FILE *file = fopen("/etc/ssl/certs/ca-certificates.crt", "re");
    char *bytes = mem_new(65536, 1);
    size_t size = file != NULL ? fread(bytes, 1, 65535, file) : 0;
    char *stop = size > 0 ? strstr(bytes, end) : NULL;
    if (file != NULL)
        fclose(file);
    if (stop != NULL)
        stop[sizeof(end) - 1] = '\0';
    int failed = stop == NULL ? -1 : write_text(world, "ca.pem", bytes);
    free(bytes);
    return failed;
}

int world_open(struct world *world, const char *bin, int number)
{
    int memory = memfd_create("page", 0);
    memset(world, 0, sizeof(*world));
    world->http = -1;
    snprintf(world->dir, sizeof(world->dir), "%s/cppo-crash-%ld-%d",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid(), number);
    mkdir(world->dir, 0700);
    if (memory < 0 || ftruncate(memory, sizeof(struct page)) != 0 || write_authority(world) != 0) {
        fprintf(stderr, "%s cannot be filled: %s\n", world->dir, strerror(errno));
        return -1;
    }
    world->page = mmap(NULL, sizeof(*world->page), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    world->nap_fd = eventfd(0, EFD_NONBLOCK);
    for (enum role role = 0; role < ROLES; role++)
        mother_open(&world->mothers[role], role, bin, world->dir, memory, world->nap_fd);
    close(memory);
    return 0;
}

void world_close(struct world *world)
{
    static const char *const names[] = {"cppo.db",   "cppo.db-wal", "cppo.db-shm", "cppo.db.lock",
                                        "cppo.yaml", "sandbox.env", "bot.log",     "sandbox.log",
                                        "ca.pem",    "cppo.db.mark"};
    world_end(world);
    forget_kept(world);
    for (enum role role = 0; role < ROLES; role++)
        mother_close(&world->mothers[role]);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = text_format("%s/%s", world->dir, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(world->dir);
    munmap(world->page, sizeof(*world->page));
    close(world->nap_fd);
}
