/* The resale authorizations, as AWS lists them. */
#include "flows_fixture.h"

enum { HOUR_MS = 3600 * 1000, MINUTE_MS = 60000 };

static const char page[] =
    "{\"EntitySummaryList\":[{\"EntityId\":\"resaleauthz-%d\",\"ResaleAuthorizationSummary\":"
    "{\"Name\":\"RA %d\",\"Status\":\"Active\"}}]%s}";

static void answer_page(const char *part, int which, const char *more)
{
    char reply[400];
    snprintf(reply, sizeof(reply), page, which, which, more);
    flows_answer("aws:ListEntities", part, reply);
}

static int64_t count_usable(void)
{
    return store_int(flows.store, "SELECT count(*) FROM authorization WHERE gone = 0", NO_ARGS, -1);
}

/* Between two pages the machine's clock is set back by an hour, and one is described meanwhile. */
static void a_clock_set_back_makes_no_authorization_vanish(void **state)
{
    (void)state;
    flows_pass(0);
    answer_page("SHARED", 1, ",\"NextToken\":\"two\"");
    flows.now -= HOUR_MS;
    flows_answer("aws:DescribeEntity", "resaleauthz-1",
                 "{\"EntityIdentifier\":\"resaleauthz-1@1\",\"DetailsDocument\":{\"Name\":\"RA 1\","
                 "\"ProductId\":\"prod-1\",\"Status\":\"Active\",\"Rules\":[],\"Terms\":[]}}");
    answer_page("\"NextToken\":\"two\"", 2, "");
    assert_int_equal(count_usable(), 2);
}

static void what_a_whole_list_does_not_name_is_gone(void **state)
{
    (void)state;
    flows_pass(0);
    answer_page("SHARED", 1, "");
    assert_int_equal(count_usable(), 1);
    flows_answer_rest();
    flows_pass(11 * MINUTE_MS);
    answer_page("SHARED", 2, "");
    assert_int_equal(count_usable(), 1);
    assert_int_equal(store_int(flows.store,
                               "SELECT gone FROM authorization WHERE id = 'resaleauthz-1'", NO_ARGS,
                               -1),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_clock_set_back_makes_no_authorization_vanish),
        FLOWS_TEST(what_a_whole_list_does_not_name_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
