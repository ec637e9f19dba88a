/* Every allocation of the bot, SQLite's and jansson's among them, fails once, and from once on for
 * as long as the process lives, while offers are asked for, edited, decided and published. The
 * process forks at each: the bot goes on, or it ends and is started again, and at last every
 * promise must have been kept.
 *
 *   ALLOCATIONS_EVERY=1   strike each one (every 300th when not set)
 *   ALLOCATIONS_FROM=1    from the second one on: so two processes share the work
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sandbox/market.h"
#include "io/store.h"
#include "mem.h"
#include "sim_desk.h"
#include "sim_disk.h"
#include "slack/api.h"
#include "slack/payload.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static struct sim sim;

static unsigned inside; /* the bot's own code runs */
static bool striking;   /* this process divides at allocations */
static bool failing;    /* there is no memory any more ... */
static bool struck;     /* ... or was none once */
static uint64_t every, from, seen;
static const char *way = "";

static struct {
    atomic_uint_fast64_t strikes, ended, failures;
} * common;

/* --- the bot ends, and only it --- */

static sigjmp_buf end; /* of the bot's innermost entry */
static bool ended;     /* its memory is in no state to be freed */

__attribute__((noreturn)) static void end_bot(int status)
{
    if (inside == 0 || !struck || (status != 70 && status != 71)) {
        fprintf(stderr, "the bot ended with status %d\n", status);
        abort();
    }
    failing = false; /* the next process starts in better times */
    ended = true;
    sim.dying = true;
    inside = 0;
    atomic_fetch_add(&common->ended, 1);
    siglongjmp(end, 1);
}

void __real__exit(int status) __attribute__((noreturn));
void __wrap__Exit(int status);
void __wrap__exit(int status);

void __wrap__Exit(int status)
{
    end_bot(status);
}

void __wrap__exit(int status)
{
    end_bot(status);
}

/* --- what is the bot's own --- */

#define ENTER(call)                                                                                \
    do {                                                                                           \
        if (!ended && sigsetjmp(end, 0) == 0) {                                                    \
            inside++;                                                                              \
            call;                                                                                  \
            inside--;                                                                              \
        }                                                                                          \
    } while (0)

#define LEAVE(call)                                                                                \
    do {                                                                                           \
        unsigned was = inside;                                                                     \
        inside = 0;                                                                                \
        call;                                                                                      \
        inside = was;                                                                              \
    } while (0)

#define WRAP(name, declared, given)                                                                \
    void __real_##name declared;                                                                   \
    void __wrap_##name declared;                                                                   \
    void __wrap_##name declared                                                                    \
    {                                                                                              \
        ENTER(__real_##name given);                                                                \
    }

WRAP(engine_start, (struct engine * engine), (engine))
WRAP(engine_tick, (struct engine * engine), (engine))
WRAP(engine_flush, (struct engine * engine), (engine))
WRAP(engine_envelope, (struct engine * engine, const struct delivery *delivery), (engine, delivery))
WRAP(engine_result, (struct engine * engine, int64_t effect, const struct completion *completion),
     (engine, effect, completion))

void __real_wire_call(struct sim *of, const struct effect_call *call);
void __wrap_wire_call(struct sim *of, const struct effect_call *call);
void __real_people_acked(struct sim *of, const char *envelope, const char *payload);
void __wrap_people_acked(struct sim *of, const char *envelope, const char *payload);
void __real_engine_free(struct engine *engine);
void __wrap_engine_free(struct engine *engine);
struct store *__real_store_open(const char *path, const char *const *migrations, size_t count,
                                struct err *err);
struct store *__wrap_store_open(const char *path, const char *const *migrations, size_t count,
                                struct err *err);

void __wrap_wire_call(struct sim *of, const struct effect_call *call)
{
    LEAVE(__real_wire_call(of, call));
}

void __wrap_people_acked(struct sim *of, const char *envelope, const char *payload)
{
    LEAVE(__real_people_acked(of, envelope, payload));
}

void __wrap_engine_free(struct engine *engine)
{
    if (!ended)
        __real_engine_free(engine);
    ended = false;
}

static struct store *open_once(const char *path, const char *const *migrations, size_t count,
                               struct err *err)
{
    struct store *volatile store = NULL;
    ENTER(store = __real_store_open(path, migrations, count, err));
    return store;
}

/* A process that could not open its state is started again. */
struct store *__wrap_store_open(const char *path, const char *const *migrations, size_t count,
                                struct err *err)
{
    struct store *store = open_once(path, migrations, count, err);
    if (store != NULL || !struck)
        return store;
    failing = false;
    ended = false;
    return open_once(path, migrations, count, err);
}

/* --- memory --- */

/* In the process that divides off: no memory, once or from now on. */
static bool strike(bool for_ever)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL) /* where the bot says that it ends */
            abort();
        striking = false;
        struck = true;
        failing = for_ever;
        way = for_ever ? "from then on" : "once";
        atomic_fetch_add(&common->strikes, 1);
        return true;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        printf("allocation %llu failed %s: status %d\n", (unsigned long long)seen,
               for_ever ? "from then on" : "once", status);
        atomic_fetch_add(&common->failures, 1);
    }
    return false;
}

static bool fails(void)
{
    if (inside == 0 || disk_is_at_work())
        return false;
    if (failing)
        return true;
    if (!striking || (seen++ + from) % every != 0)
        return false;
    return strike(false) || strike(true);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static sqlite3_mem_methods of_sqlite;

static void *sqlite_block(int size)
{
    return fails() ? NULL : of_sqlite.xMalloc(size);
}

static void *sqlite_regrow(void *old, int size)
{
    return fails() ? NULL : of_sqlite.xRealloc(old, size);
}

/* As the bot itself has it (bot/main.c) for jansson. */
static void take_over_memory(void)
{
    json_set_alloc_funcs(mem_block, free);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD); /* a lock would not outlive a fork */
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &of_sqlite);
    sqlite3_mem_methods ours = of_sqlite;
    ours.xMalloc = sqlite_block;
    ours.xRealloc = sqlite_regrow;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

/* --- the story --- */

static void note_form(const char *customer, const char *markup)
{
    json_object_set_new(sim.submissions, customer,
                        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "user", "U0SUE", "markup",
                                  markup, "buyers", "222233334444", "authorization",
                                  "resaleauthz-bronze2024", "term", "P3650D", "accept_by",
                                  "2027-01-15"));
}

static void submit(const char *command, const char *customer, const char *markup)
{
    note_form(customer, markup);
    people_type(&sim, "U0SUE", command);
    sim_run(&sim, 2 * SECOND);
    if (json_object_get(sim.views, "U0SUE") != NULL) /* the form may have failed to open */
        people_send_form(&sim, "U0SUE", "customer", customer, "markup", markup, NULL);
    sim_run(&sim, 30 * SECOND);
}

/* One is edited and published, one is rejected, one is taken back. */
static void live(void)
{
    submit("new", "Alpha", "25");
    submit("edit CPPO-1", "Alpha & Sons", "33.3");
    people_click(&sim, "U0MIA", "approve", 1, 2);
    submit("new", "Beta", "25");
    people_click(&sim, "U0MAX", "reject", 2, 1);
    sim_run(&sim, 2 * SECOND);
    if (json_object_get(sim.views, "U0MAX") != NULL)
        people_send_reason(&sim, "U0MAX");
    submit("new", "Gamma", "42.8");
    people_type(&sim, "U0SUE", "withdraw CPPO-3"); /* asks */
    people_click(&sim, "U0SUE", "withdraw", 3, 1);
    sim_run(&sim, HOUR);
}

static void no_allocation_that_fails_breaks_a_promise(void **state)
{
    (void)state;
    sim_open(&sim, 1, config, dir);
    sim.scripted = true;
    sim.market->prepare_ms = 5 * SECOND;
    sim.market->apply_ms = 10 * SECOND;
    sim_run(&sim, 10 * SECOND);
    pid_t mother = getpid();
    striking = true;
    live();
    striking = false;
    char *wrong = sim_judge(&sim);
    if (getpid() != mother) {
        if (wrong != NULL)
            printf("allocation %llu failed %s: %s\n", (unsigned long long)seen, way, wrong);
        fflush(NULL);
        __real__exit(wrong == NULL ? 0 : 1);
    }
    printf("%llu allocations, %llu strikes, the bot ended %llu times\n", (unsigned long long)seen,
           (unsigned long long)common->strikes, (unsigned long long)common->ended);
    sim_close(&sim);
    if (wrong != NULL)
        fail_msg("%s", wrong);
    if (common->failures > 0)
        fail_msg("%llu strikes broke something", (unsigned long long)common->failures);
    if (common->ended == 0)
        fail_msg("no strike ended the bot");
}

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : fallback;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_allocation_that_fails_breaks_a_promise),
    };
    every = number_of("ALLOCATIONS_EVERY", 300);
    from = number_of("ALLOCATIONS_FROM", 0);
    common = mmap(NULL, sizeof(*common), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (common == MAP_FAILED || every == 0)
        return 2;
    take_over_memory();
    return cmocka_run_group_tests(tests, desk_open, desk_close);
}
