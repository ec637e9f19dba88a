/* What one approval asks the state file: what it is about once. Statements are counted where SQLite
 * ends them. */
#include <dlfcn.h>
#include <sqlite3.h>

#include "flows_publishing.h"

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
    if (counting && sql != NULL) {
        statements++;
        readings += strstr(sql, "revision.content") != NULL;
        text_addf(&seen, "%.80s\n", sql);
        counting = strncmp(sql, "RELEASE", 7) != 0; /* the end of its turn */
    }
    return real(statement);
}

static void an_approval_asks_each_thing_once(void **state)
{
    enum { MAX_STATEMENTS = 46 };
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Draft", "25");
    counting = true;
    flows_decide(ACTION_APPROVE, 1, "U0APPROVER");
    counting = false;
    assert_string_equal(flows_state(1), "approved");
    print_message("%zu statements, the offer read %zu times\n", statements, readings);
    if (statements > MAX_STATEMENTS || readings > 1)
        fail_msg("more than they were:\n%s", text_get(&seen));
    text_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(an_approval_asks_each_thing_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
