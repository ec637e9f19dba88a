/* What a command costs in system calls: how many, which depends on no machine, and not how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "driver.h"
#include "text.h"

enum { COMMANDS = 300, BESIDE = 200 }; /* calls of what else the bot does meanwhile */

static struct world w;
static struct calls *calls;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "costs", false);
    const char *path = world_file(&w, "calls", "");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || ftruncate(fd, sizeof(*calls)) != 0)
        return -1;
    calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    char *library = text_format("%s/calls.so", w.bin);
    world_setting(&w, "WORLD_CALLS", path);
    world_setting(&w, "LD_PRELOAD", library);
    world_setting(&w, "ASAN_OPTIONS", "verify_asan_link_order=0"); /* the library comes before */
    free(library);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    return calls == MAP_FAILED;
}

static int tear_down(void **state)
{
    (void)state;
    munmap(calls, sizeof(*calls));
    world_close(&w);
    return 0;
}

static void say_help(void)
{
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo help"), "What you can type"),
           "help is there");
}

/* One wait, one piece read, one look into the state file (its lock taken and given back), one
 * piece written. */
static void a_command_is_six_system_calls(void **state)
{
    static const struct {
        const char *name;
        int most;
    } rows[CALLS] = {
        [EPOLL_WAIT] = {"waits", 1},
        [EPOLL_CTL] = {"changes of what is waited for", 0},
        [RECV] = {"reads of sockets", 1},
        [SEND] = {"writes to sockets", 1},
        [READ] = {"reads", 0},
        [WRITE] = {"writes", 0},
        [POLL] = {"polls", 0},
        [FCNTL] = {"locks", 2},
        [PREAD] = {"reads of the state file", 0},
        [PWRITE] = {"writes to the state file", 0},
        [SYNC] = {"syncs", 0},
    };
    long before[CALLS];
    (void)state;
    say_help();
    for (int i = 0; i < CALLS; i++)
        before[i] = calls->count[i];
    for (int i = 0; i < COMMANDS; i++)
        say_help();
    for (int i = 0; i < CALLS; i++) {
        long count = calls->count[i] - before[i];
        print_message("%s: %ld for %d commands\n", rows[i].name, count, COMMANDS);
        expect(&w, count <= (long)rows[i].most * COMMANDS + BESIDE, rows[i].name);
    }
    expect(&w, calls->count[RECV] - before[RECV] >= COMMANDS / 2, "they are counted");
}

static long log_end(void)
{
    json_t *log = world_log(&w, 0);
    long end = (long)json_integer_value(json_object_get(log, "next"));
    json_decref(log);
    return end;
}

/* Each connection costs a handshake, and what goes on by itself makes many: who has been here
 * before has a socket by two, the one that tells who we are and the socket's own. */
static void a_start_shakes_hands_for_the_socket_alone(void **state)
{
    json_int_t first = 0;
    size_t asked = 0;
    (void)state;
    world_stop_bot(&w);
    long before = log_end();
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    json_t *log = world_log(&w, before);
    const json_t *entries = json_object_get(log, "entries");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        const char *kind = member(entry, "kind");
        json_int_t connection = json_integer_value(json_object_get(entry, "connection"));
        if (strcmp(kind, "socket.up") == 0)
            break;
        expect(&w, strcmp(kind, "market.call") != 0, "AWS is asked behind it");
        if (strcmp(kind, "slack.call") != 0)
            continue;
        expect(&w,
               strcmp(member(entry, "method"),
                      asked == 0 ? "auth.test" : "apps.connections.open") == 0,
               "nothing else is asked before the socket is there");
        if (asked == 1)
            expect(&w, connection == first, "the address comes by the same connection");
        first = connection;
        asked++;
    }
    expect(&w, asked >= 2, "the address was asked for");
    json_decref(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_start_shakes_hands_for_the_socket_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_command_is_six_system_calls, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
