/* What happens to a resale authorization on which offers wait. */
#include "flows_publishing.h"

enum { MINUTE_MS = 60000 };

static size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

/* AWS's next listing says so of it. */
static void list(const char *summary)
{
    char reply[400];
    for (int i = 0; i < 30 && flows_find("aws:ListEntities", "SHARED") == NULL; i++)
        flows_pass(MINUTE_MS);
    snprintf(reply, sizeof(reply), "{\"EntitySummaryList\":[%s%s%s]}",
             *summary != '\0' ? "{\"EntityId\":\"resaleauthz-1\",\"ResaleAuthorizationSummary\":"
                                "{\"Name\":\"RA\","
                              : "",
             summary, *summary != '\0' ? "}}" : "");
    flows_answer("aws:ListEntities", "SHARED", reply);
    flows_settle_slack();
}

static const char active[] = "\"Status\":\"Active\"";
static const char restricted[] = "\"Status\":\"Restricted\"";

static void describe(const char *status, const char *buyers)
{
    char reply[900];
    snprintf(reply, sizeof(reply),
             "{\"EntityIdentifier\":\"resaleauthz-1@1\",\"DetailsDocument\":{\"Name\":\"RA\","
             "\"ProductId\":\"prod-1\",\"Status\":\"%s\",\"Rules\":[],\"Terms\":[{\"Type\":"
             "\"BuyerTargetingTerm\",\"PositiveTargeting\":{\"BuyerAccounts\":%s}},{"
             "\"Type\":\"ResaleUsageBasedPricingTerm\",\"CurrencyCode\":\"USD\",\"RateCards\":["
             "{\"RateCard\":[{\"DimensionKey\":\"PremiumUnits\",\"Price\":\"0.0075\"}]}]}]}}",
             status, buyers);
    flows_answer("aws:DescribeEntity", "resaleauthz-1", reply);
    flows_settle_slack();
}

static void posted_card(void)
{
    flows_submit();
    flows_settle_slack();
}

static bool card_has(const char *words)
{
    return flows_count("slack:chat.update", words) > 0;
}

/* Whatever path the news takes: here, the listing. */
static void who_waits_on_a_restricted_one_is_told_once(void **state)
{
    (void)state;
    posted_card();
    list(active);
    assert_int_equal(told("“RA”"), 0);
    list(restricted);
    assert_int_equal(told("“RA” was restricted by the ISV. It is used by CPPO-1"), 1);
    assert_true(card_has("🔎 AWS checks "));
    assert_true(card_has("it was restricted by the ISV. Choose another"));
    list(restricted);
    list(restricted);
    assert_int_equal(told("“RA” was restricted by the ISV"), 1);
    assert_int_equal(told("CPPO-1 cannot be published as it stands: The resale"), 1);
    list(active);
    assert_int_equal(told("“RA” can be used again, so CPPO-1 can go on"), 1);
}

/* One message for all offers of a person. */
static void a_person_is_told_of_all_their_offers_at_once(void **state)
{
    struct content content = flows_content();
    (void)state;
    posted_card();
    flows_do(flows_add, &content);
    flows_do(flows_add, &content);
    list(restricted);
    assert_int_equal(told("“RA” was restricted"), 1);
    assert_int_equal(told("It is used by CPPO-1, CPPO-2, CPPO-3"), 1);
}

static void news_of_a_description_is_told(void **state)
{
    (void)state;
    posted_card();
    list(active);
    describe("Restricted", "[]");
    assert_int_equal(told("“RA” was restricted by the ISV"), 1);
    assert_true(card_has("it was restricted by the ISV. Choose another"));
}

/* Found out while one offer is being published: the cards of the others say so, too. */
static void news_before_a_release_is_told_to_the_others(void **state)
{
    struct content content = flows_content();
    (void)state;
    flows_submit();
    approve_submitted();
    flows_do(flows_add, &content);
    describe("Restricted", "[]");
    assert_string_equal(flows_state(1), "failed"); /* which says why */
    assert_int_equal(told("It is used by CPPO-2: edit"), 1);
}

static void one_that_is_listed_no_longer_is_told(void **state)
{
    (void)state;
    posted_card();
    list(active);
    list("");
    assert_int_equal(told("“RA” is no longer listed by AWS"), 1);
}

/* Nothing but time made it unusable. */
static void one_that_expires_is_told(void **state)
{
    static const char ends[] =
        "\"Status\":\"Active\",\"AvailabilityEndDate\":\"2026-11-24T09:00:00Z\"";
    (void)state;
    posted_card();
    list(ends);
    assert_int_equal(told("has expired"), 0);
    flows_pass(60 * MINUTE_MS);
    list(ends);
    assert_int_equal(told("“RA” has expired. It is used by CPPO-1"), 1);
    list(ends);
    assert_int_equal(told("“RA” has expired"), 1);
}

/* What used it up itself does not wait on it. */
static void the_offer_that_used_it_up_is_not_told(void **state)
{
    static const char used[] = "\"Status\":\"Active\",\"OfferExtendedStatus\":\"Completed-Used\"";
    struct content content = flows_content();
    (void)state;
    flows_submit();
    approve_submitted();
    flows_do(flows_add, &content);
    flows_do(flows_single_use, NULL);
    store_run(flows.store, "INSERT INTO claim (authorization, offer) VALUES ('resaleauthz-1', 1)",
              SQL_NO_ARGS);
    list(used);
    assert_int_equal(told("“RA” "), 1);
    assert_int_equal(told("It is used by CPPO-2:"), 1);
}

static const char used_up[] = "\"Status\":\"Active\",\"OfferExtendedStatus\":\"Completed-Used\"";

/* But what the ISV restricts, it waits on like any other. */
static void the_offer_that_used_it_up_is_told_of_the_rest(void **state)
{
    (void)state;
    flows_submit();
    approve_submitted();
    flows_do(flows_single_use, NULL);
    store_run(flows.store, "INSERT INTO claim (authorization, offer) VALUES ('resaleauthz-1', 1)",
              SQL_NO_ARGS);
    list(used_up);
    assert_int_equal(told("“RA” "), 0);
    list(restricted);
    assert_int_equal(told("“RA” was restricted by the ISV. It is used by CPPO-1"), 1);
    list(used_up);
    assert_int_equal(told("“RA” "), 1);
    list(restricted);
    list(active);
    assert_int_equal(told("“RA” can be used again, so CPPO-1 can go on"), 1);
}

/* AWS may say so as soon as there is a draft. */
static void what_it_used_up_itself_stops_no_offer(void **state)
{
    (void)state;
    posted_card();
    flows_do(flows_single_use, NULL);
    approve_submitted();
    list(used_up);
    assert_false(card_has("❌ The resale authorization"));
    store_run(flows.store, "UPDATE request SET state = 'pending'", SQL_NO_ARGS); /* edited */
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
}

/* --- its buyers --- */

static void narrowed_buyers_are_not_released(void **state)
{
    (void)state;
    submit_and_approve();
    describe("Active", "[{\"AwsAccountId\":\"222233334444\"}]");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(told("no longer covers buyer account 123456789012"), 1);
    flows_pass(600 * SECOND_MS);
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
    flows_decide(&retry_action, 1, "U0SELLER"); /* the ISV put it back */
    describe("Active", "[{\"AwsAccountId\":\"222233334444\"},{\"AwsAccountId\":\"123456789012\"}]");
    describe_offer("Draft", "25");
    start("ReleaseOffer", "cs-release");
    assert_string_equal(flows_state(1), "publishing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(who_waits_on_a_restricted_one_is_told_once),
        FLOWS_TEST(a_person_is_told_of_all_their_offers_at_once),
        FLOWS_TEST(news_of_a_description_is_told),
        FLOWS_TEST(news_before_a_release_is_told_to_the_others),
        FLOWS_TEST(one_that_is_listed_no_longer_is_told),
        FLOWS_TEST(one_that_expires_is_told),
        FLOWS_TEST(the_offer_that_used_it_up_is_not_told),
        FLOWS_TEST(the_offer_that_used_it_up_is_told_of_the_rest),
        FLOWS_TEST(what_it_used_up_itself_stops_no_offer),
        FLOWS_TEST(narrowed_buyers_are_not_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
