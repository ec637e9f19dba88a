/* Where the bot runs: behind a proxy, with a log that nobody reads, with programs of the operator's
 * beside it. */
#include "../unit/tunnel_fixture.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#include "driver.h"

static struct world w;

/* --- a proxy for many at a time --- */

static struct {
    struct tunnel tunnel; /* its listener and port */
    const char *wanted;   /* the line of the user, NULL: anybody */
    atomic_int tunnelled, refused;
} proxy;

static void *serve_one(void *arg)
{
    struct tunnel one = {.manner = GOOD};
    int fd = (int)(intptr_t)arg;
    char peeked[2000];
    ssize_t size = 0;
    for (int tries = 0; tries < 1000 && size >= 0; tries++) { /* whole, before it is judged */
        size = recv(fd, peeked, sizeof(peeked) - 1, MSG_PEEK);
        peeked[size > 0 ? size : 0] = '\0';
        if (strstr(peeked, "\r\n\r\n") != NULL || size == 0)
            break;
        usleep(1000);
    }
    if (proxy.wanted != NULL && strstr(peeked, proxy.wanted) == NULL) {
        proxy.refused++;
        one.manner = WANTING;
    }
    tunnel_serve(&one, fd);
    proxy.tunnelled += one.tunnelled;
    close(fd);
    return NULL;
}

static void *serve_many(void *arg)
{
    pthread_t thread;
    (void)arg;
    for (int fd; (fd = accept(proxy.tunnel.listener, NULL, NULL)) >= 0;) {
        if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd) == 0)
            pthread_detach(thread);
    }
    return NULL;
}

static void start_proxy(const char *wanted)
{
    struct tls_server place;
    memset(&proxy, 0, sizeof(proxy));
    signal(SIGPIPE, SIG_IGN);
    tls_listen(&place);
    proxy.tunnel.listener = place.listener;
    proxy.wanted = wanted;
    proxy.tunnel.port = place.port;
    assert_int_equal(pthread_create(&proxy.tunnel.thread, NULL, serve_many, NULL), 0);
}

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "surroundings", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void configure_proxy(const char *user)
{
    char lines[200];
    snprintf(lines, sizeof(lines),
             "proxy: {url: \"http://%slocalhost:%d\", no_proxy: \"<-loopback>\"}\nslack:\n", user,
             proxy.tunnel.port);
    world_replace(&w, "slack:\n", lines);
}

/* Two sockets, and one connection for the calls at least: Slack, AWS and STS are one place here,
 * and a connection that is kept serves the next. The second socket comes when it comes. */
static bool is_tunnelled(const json_t *state, const void *unused)
{
    (void)state;
    (void)unused;
    return proxy.tunnelled >= 3;
}

/* From the command to the announcement: calls to Slack and AWS, and both sockets. */
static void test_everything_goes_through_the_proxy(void **state)
{
    const char *said;
    (void)state;
    start_proxy("Proxy-Authorization: Basic ZGVzazpodXNoOmh1c2g="); /* desk:hush:hush */
    configure_proxy("desk@");
    world_setting(&w, "PROXY_PASSWORD", "hush:hush");
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    expect(&w, proxy.refused == 0, "the user is told each time");
    expect(&w, world_wait(&w, is_tunnelled, NULL), "two sockets and the calls");
    int check = world_run(&w, &said, "check", NULL);
    expect(&w, strstr(said, "proxy") != NULL && strstr(said, "as user desk") != NULL,
           "check names the proxy");
    expect(&w, check == 0 && strstr(said, "hush") == NULL, "and not its password");
    expect(&w, world_stop_bot(&w) == 0, "the bot ends well");
    expect(&w, strstr(world_bot_log(&w), "proxy in use") != NULL, "the log names the proxy");
    expect(&w, strstr(world_bot_log(&w), "hush") == NULL, "and not its password");
    shutdown(proxy.tunnel.listener, SHUT_RDWR);
    pthread_join(proxy.tunnel.thread, NULL);
    close(proxy.tunnel.listener);
}

static void test_a_proxy_that_wants_another_user_is_told_in_words(void **state)
{
    const char *said;
    (void)state;
    start_proxy("Proxy-Authorization: Basic nobody");
    configure_proxy("");
    int check = world_run(&w, &said, "check", NULL);
    expect(&w, check != 0 && strstr(said, "the proxy requires a user and a password") != NULL,
           "check says why nothing is reached");
    shutdown(proxy.tunnel.listener, SHUT_RDWR);
    pthread_join(proxy.tunnel.thread, NULL);
    close(proxy.tunnel.listener);
}

static void test_what_cannot_be_used_is_refused_at_the_start(void **state)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"proxy: {url: \"https://proxy.example:443\"}\nslack:\n", "TLS proxy"},
        {"tls: {ca_file: /nowhere/ca.pem}\nslack:\n", "/nowhere/ca.pem cannot be read"},
    };
    const char *said;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_replace(&w, "slack:\n", rows[i].line);
        int status = world_run(&w, &said, "run", NULL);
        expect(&w, status == 78 && strstr(said, rows[i].why) != NULL, "the bot does not start");
        status = world_run(&w, &said, "check", NULL);
        expect(&w, status == 1 && strstr(said, rows[i].why) != NULL, "check says so");
        world_replace(&w, rows[i].line, "slack:\n");
    }
}

/* --- the log --- */

static void test_a_log_that_nobody_reads_stops_nothing(void **state)
{
    char path[300];
    char buffer[4096];
    (void)state;
    snprintf(path, sizeof(path), "%s/bot.log", w.dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int filler = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    memset(buffer, '\n', sizeof(buffer));
    while (write(filler, buffer, sizeof(buffer)) > 0)
        ;
    while (write(filler, buffer, 1) > 0)
        ;
    world_replace(&w, "slack:\n", "log: {level: debug}\nslack:\n");
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    for (int i = 0; i < 20; i++)
        world_command(&w, "U0SAM", "help");
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    expect(&w, world_stop_bot(&w) == 0, "SIGTERM ends it as ever");
    close(reader);
    close(filler);
    unlink(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_everything_goes_through_the_proxy),
        TEST(test_a_proxy_that_wants_another_user_is_told_in_words),
        TEST(test_what_cannot_be_used_is_refused_at_the_start),
        TEST(test_a_log_that_nobody_reads_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
