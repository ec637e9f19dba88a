/* What one approval asks the state file: what it is about once. Statements are counted where SQLite
 * ends them; those that begin and end a transaction are the round's, however many come in it. */
#include <dlfcn.h>
#include <sqlite3.h>

#include "flows_publishing.h"
#include "handlers_fixture.h"

static bool counting;
static size_t statements;
static size_t readings; /* of them, those that read and parse what an offer holds */
static struct text seen;

int sqlite3_reset(sqlite3_stmt *statement)
{
    static int (*real)(sqlite3_stmt *);
    const char *sql = sqlite3_sql(statement);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_reset");
    if (counting && sql != NULL && strncmp(sql, "BEGIN", 5) != 0 && strcmp(sql, "COMMIT") != 0) {
        statements++;
        readings += strstr(sql, "revision.content") != NULL;
        text_addf(&seen, "%.80s\n", sql);
        counting = strncmp(sql, "RELEASE", 7) != 0; /* the end of its turn */
    }
    return real(statement);
}

static void start_counting(void)
{
    text_clear(&seen);
    statements = 0;
    readings = 0;
    counting = true;
}

/* CPPO-1 was approved by what was counted, with at most so many. */
static void expect_approved_with(size_t most)
{
    counting = false;
    print_message("%zu statements, the offer read %zu times\n", statements, readings);
    if (statements > most || readings > 1)
        fprintf(stderr, "more than they were:\n%s", text_get(&seen));
    assert_true(statements <= most && readings == 1);
    assert_string_equal(flows_state(1), "approved");
    text_free(&seen);
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
    expect_approved_with(18);
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
    send_envelope("interactive", payload);
    expect_approved_with(23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(an_approval_asks_each_thing_once),
        FLOWS_TEST(a_click_asks_each_thing_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
