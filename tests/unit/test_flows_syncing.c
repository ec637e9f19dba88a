/* The resale authorizations, as AWS lists them. */
#include "flows_fixture.h"

enum { MINUTE_MS = 60000 };

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
    return store_int(flows.store, "SELECT count(*) FROM authorization WHERE unlisted = 0",
                     SQL_NO_ARGS, -1);
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
                               "SELECT unlisted FROM authorization WHERE id = 'resaleauthz-1'",
                               SQL_NO_ARGS, -1),
                     1);
}

static void describe_one(const char *type)
{
    char reply[200];
    flows_pass(0);
    answer_page("SHARED", 1, "");
    flows_answer("aws:DescribeEntity", "resaleauthz-1",
                 "{\"EntityIdentifier\":\"resaleauthz-1@1\",\"DetailsDocument\":{\"Name\":\"RA 1\","
                 "\"ProductId\":\"prod-1\",\"Status\":\"Active\",\"Rules\":[],\"Terms\":[]}}");
    flows_pass(1000); /* AWS is asked at its pace */
    snprintf(reply, sizeof(reply), "{\"EntityType\":\"%s\"}", type);
    if (*type != '\0')
        flows_answer("aws:DescribeEntity", "prod-1", reply);
    else
        flows_fail("aws:DescribeEntity", "prod-1", OUTCOME_REFUSED, "AccessDeniedException");
}

static void expect_type(const char *type)
{
    struct rows *rows =
        store_query(flows.store, "SELECT product_type FROM authorization", SQL_NO_ARGS);
    assert_true(rows_next(rows));
    assert_string_equal(rows_text(rows, 0), type);
    rows_close(rows);
}

/* Asked once: it is the ISV's, and AWS need not show it to us. */
static void the_kind_of_a_product_is_asked_once(void **state)
{
    (void)state;
    describe_one("SaaSProduct@1.0");
    expect_type("SaaSProduct");
    flows_answer_rest();
    flows_pass(11 * MINUTE_MS);
    answer_page("SHARED", 1, "");
    flows_answer("aws:DescribeEntity", "resaleauthz-1",
                 "{\"EntityIdentifier\":\"resaleauthz-1@1\",\"DetailsDocument\":{\"Name\":\"RA 1\","
                 "\"ProductId\":\"prod-1\",\"Status\":\"Active\",\"Rules\":[],\"Terms\":[]}}");
    flows_pass(1000);
    assert_null(flows_find("aws:DescribeEntity", "prod-1"));
    expect_type("SaaSProduct");
}

static void a_kind_that_is_not_told_is_not_known(void **state)
{
    (void)state;
    describe_one("");
    expect_type("?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_clock_set_back_makes_no_authorization_vanish),
        FLOWS_TEST(what_a_whole_list_does_not_name_is_gone),
        FLOWS_TEST(the_kind_of_a_product_is_asked_once),
        FLOWS_TEST(a_kind_that_is_not_told_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
