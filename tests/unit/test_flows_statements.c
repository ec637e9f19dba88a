/* What answering costs: an approval asks the state file once for each thing that it is about.
 * Statements are counted where SQLite ends them; those that begin and end a transaction are the
 * round's, however many come in it. */
#include <dlfcn.h>
#include <sqlite3.h>

#include "flows_publishing.h"
#include "handlers_fixture.h"

static bool counting;
static size_t statements;
static size_t readings; /* of them, those that read and parse what an offer holds */
static struct text seen;
static int pages_before = -1; /* of what is counted; below 0: nothing was written yet */
static int pages;             /* that its commit wrote; below 0: it is still to come */

/* All that was ever written through this connection: in WAL mode, frames of the log. */
static int pages_written(sqlite3_stmt *statement)
{
    int written = 0;
    int unused;
    sqlite3 *db = sqlite3_db_handle(statement);
    assert_int_equal(sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &written, &unused, 0),
                     SQLITE_OK);
    return written;
}

/* Statements are reset when they have been run. */
static void count_pages(sqlite3_stmt *statement, const char *sql)
{
    if (counting && pages_before < 0 && strcmp(sql, "SAVEPOINT turn") == 0)
        pages_before = pages_written(statement);
    if (pages_before >= 0 && pages < 0 && strcmp(sql, "COMMIT") == 0)
        pages = pages_written(statement) - pages_before;
}

int sqlite3_reset(sqlite3_stmt *statement)
{
    static int (*real)(sqlite3_stmt *);
    const char *sql = sqlite3_sql(statement);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_reset");
    if (sql != NULL)
        count_pages(statement, sql);
    if (counting && sql != NULL && strncmp(sql, "BEGIN", 5) != 0 && strcmp(sql, "COMMIT") != 0) {
        statements++;
        readings += strstr(sql, "revision.content") != NULL;
        text_addf(&seen, "%.80s\n", sql);
        counting = strncmp(sql, "RELEASE", 7) != 0; /* the end of its turn */
    }
    return real(statement);
}

static size_t allocations; /* counted where the sanitizer is there to tell of them */

#ifdef __SANITIZE_ADDRESS__
/* sanitizer/allocator_interface.h, which gcc does not bring along */
size_t __sanitizer_get_current_allocated_bytes(void);
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static void on_malloc(const volatile void *block, size_t size)
{
    (void)block;
    (void)size;
    allocations += counting;
}

static void on_free(const volatile void *block)
{
    (void)block;
}

static void count_allocations(void)
{
    static bool installed;
    if (!installed)
        installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
    assert_true(installed);
}
#else
static void count_allocations(void)
{
}
#endif

static void send_form(const char *id)
{
    char payload[1400];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"view_submission\",\"user\":{\"id\":\"U0SELLER\"},\"view\":{"
             "\"callback_id\":\"offer_form\",\"private_metadata\":\"{\\\"form\\\":\\\"%s\\\"}"
             "\"," FORM_STATE "}}",
             id, "Archera");
    send_envelope("interactive", payload);
}

/* Of what is counted, tests/costs.sh has callgrind count the instructions, by these names. None of
 * them ends in the call: that would be a jump, and the end of the counting. */
#define COUNTED(cost_of, parameter, what)                                                          \
    __attribute__((noinline)) static void cost_of(parameter)                                       \
    {                                                                                              \
        what;                                                                                      \
        __asm__ volatile("");                                                                      \
    }

COUNTED(cost_of_help, void, type("U0SELLER", "help"))
COUNTED(cost_of_list, void, type("U0SELLER", "list"))
COUNTED(cost_of_form, void, send_form("form-2"))
COUNTED(cost_of_approval, const char *payload, send_envelope("interactive", payload))

static uint64_t commits_before;

static int commits(void)
{
    return (int)(engine_counts(flows.engine).commits - commits_before);
}

static void start_counting(void)
{
    commits_before = engine_counts(flows.engine).commits;
    text_clear(&seen);
    count_allocations();
    allocations = 0;
    statements = 0;
    readings = 0;
    pages = pages_before = -1;
    counting = true;
}

/* CPPO-1 was approved by what was counted, with at most so many. */
static void expect_approved_with(size_t most)
{
    counting = false;
    print_message("%zu statements, the offer read %zu times, %d commits\n", statements, readings,
                  commits());
    if (statements > most || readings > 1)
        fprintf(stderr, "more than they were:\n%s", text_get(&seen));
    assert_true(statements <= most && readings == 1);
    assert_int_equal(commits(), 1);
    assert_string_equal(flows_state(1), "approved");
    text_free(&seen);
}

/* What was counted is committed with what of it leaves at once: so many pages of the state file. */
static void expect_pages(const char *what, int most)
{
    print_message("%s: %d pages\n", what, pages);
    assert_in_range(pages, 1, most);
}

static void make_draft(void)
{
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Draft", "25");
}

static void an_approval_asks_each_thing_once(void **state)
{
    (void)state;
    flows_submit();
    make_draft();
    start_counting();
    flows_decide(&approve_action, 1, "U0APPROVER");
    expect_approved_with(21);
}

/* With all that stands around it: the click is remembered, and the requester's message changes. */
static void a_click_asks_each_thing_once(void **state)
{
    char payload[600];
    (void)state;
    flows_submit();
    flows_settle_slack();
    make_draft();
    flows_settle_slack();
    flows_do(flows_know, NULL);
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"U0APPROVER\"},"
             "\"channel\":{\"id\":\"C0APPROVALS\"},\"message\":{\"ts\":\"1795507200.000100\"},"
             "\"actions\":[{\"action_id\":\"approve\",\"block_id\":\"b\",\"action_ts\":\"1.2\","
             "\"value\":\"%s\"}]}",
             button_value_now());
    start_counting();
    cost_of_approval(payload);
    expect_approved_with(24);
    expect_pages("approval", 22);
}

/* What it may cost to answer one, from its frame to its ack; the list that is printed where it
 * costs more says what was added. */
static void expect_answered_with(const char *what, size_t max_statements, size_t max_allocations,
                                 int max_commits)
{
    counting = false;
    print_message("%s: %zu statements, %zu allocations, %d commits\n", what, statements,
                  allocations, commits());
    if (statements > max_statements)
        fprintf(stderr, "%s: more than %zu:\n%s", what, max_statements, text_get(&seen));
    assert_true(statements <= max_statements);
    assert_true(allocations <= max_allocations);
    assert_in_range(commits(), 0, max_commits);
    text_free(&seen);
}

static void a_command_looks_whether_it_was_answered(void **state)
{
    (void)state;
    type("U0SELLER", "help");
    start_counting();
    cost_of_help();
    expect_answered_with("help", 1, 58, 0);
}

/* Twenty offers that wait for a decision; and one more, which no list shows. */
static void make_many(void)
{
    for (int i = 0; i < 21; i++) {
        flows_submit();
        flows_forget_slack();
    }
    flows_do(flows_know, NULL);
}

/* Of a reader who decides on none of them. */
static void a_list_asks_once_for_all_its_offers(void **state)
{
    (void)state;
    make_many();
    type("U0SELLER", "list");
    start_counting();
    cost_of_list();
    expect_acked("CPPO-2*");
    expect_acked("The newest 20 of 21.");
    expect_answered_with("list", 5, 366, 0);
}

/* Of one who may: each of the ten that it shows may be their own, and has a card. What they have
 * approved is asked once for all. */
static void an_approvers_list_asks_two_things_of_each(void **state)
{
    (void)state;
    make_many();
    type("U0APPROVER", "list");
    start_counting();
    type("U0APPROVER", "list");
    expect_acked("The oldest 10 of 21.");
    expect_answered_with("approver's list", 30, 500, 0);
}

/* Live blocks, as the sanitizer counts them; what SQLite keeps of the state file is given back. */
static size_t bytes_of_our_own(void)
{
    store_release_memory(flows.store);
#ifdef __SANITIZE_ADDRESS__
    return __sanitizer_get_current_allocated_bytes();
#else
    return 0;
#endif
}

/* However many there are. */
static void an_offer_that_waits_takes_no_memory(void **state)
{
    (void)state;
    make_many();
    size_t before = bytes_of_our_own();
    make_many();
    assert_int_equal(bytes_of_our_own(), before);
}

static void a_form_asks_each_thing_once(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    send_form("form-1");
    flows_settle_slack();
    start_counting();
    cost_of_form();
    assert_string_equal(flows_state(2), "pending");
    expect_answered_with("form", 33, 930, 1);
    expect_pages("form", 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(an_approval_asks_each_thing_once),
        FLOWS_TEST(a_click_asks_each_thing_once),
        FLOWS_TEST(a_command_looks_whether_it_was_answered),
        FLOWS_TEST(a_list_asks_once_for_all_its_offers),
        FLOWS_TEST(an_approvers_list_asks_two_things_of_each),
        FLOWS_TEST(a_form_asks_each_thing_once),
        FLOWS_TEST(an_offer_that_waits_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
