/* What becomes of an offer that was published. */
#include "flows_publishing.h"

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

static const char nobody[] = "{\"agreementViewSummaries\":[]}";
static const char accepted[] = "{\"agreementViewSummaries\":[{\"agreementId\":\"agmt-1\","
                               "\"status\":\"ACTIVE\",\"proposalSummary\":{\"offerId\":"
                               "\"offer-1\"}}]}";

/* Days go by; whenever AWS is asked, it says so. How often it was asked. */
static size_t days_pass(int days, const char *answer)
{
    size_t asked = 0;
    for (int64_t until = flows.now + days * DAY_MS; flows.now < until; flows_pass(600 * SECOND_MS))
        if (flows_find("aws:SearchAgreements", "offer-1") != NULL) {
            asked++;
            if (answer != NULL)
                flows_answer("aws:SearchAgreements", "offer-1", answer);
            else
                flows_fail("aws:SearchAgreements", "offer-1", OUTCOME_REFUSED,
                           "AccessDeniedException");
            flows_answer_rest();
        }
    return asked;
}

static size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

static void a_buyer_who_accepts_is_noticed_and_told_to_the_requester(void **state)
{
    (void)state;
    publish();
    flows_answer_rest();
    flows_pass(601 * SECOND_MS);
    flows_answer("aws:SearchAgreements", "offer-1", nobody);
    assert_string_equal(flows_state(1), "published");
    flows_answer_rest();
    flows_pass(3601 * SECOND_MS);
    flows_answer("aws:SearchAgreements", "offer-1", accepted);
    flows_pass(2 * SECOND_MS);
    assert_string_equal(flows_state(1), "accepted");
    assert_int_equal(told("Accepted by the buyer"), 1);
    flows_answer_rest();
    flows_pass(2 * DAY_MS);
    assert_null(flows_find("aws:SearchAgreements", ""));
}

/* accept_by is 2027-01-20, that is 57 days ahead. */
static void what_nobody_accepts_in_time_has_expired(void **state)
{
    (void)state;
    publish();
    flows_answer_rest();
    size_t asked = days_pass(57, nobody);
    assert_string_equal(flows_state(1), "published"); /* its last day is not over */
    assert_in_range(asked, 57 * 20, 57 * 30);         /* hourly */
    days_pass(1, nobody);
    assert_string_equal(flows_state(1), "expired");
    assert_int_equal(days_pass(10, nobody), 0);
}

static void what_cannot_be_read_does_not_expire(void **state)
{
    (void)state;
    publish();
    flows_answer_rest();
    days_pass(60, NULL);
    assert_string_equal(flows_state(1), "published");
    days_pass(1, accepted);
    assert_string_equal(flows_state(1), "accepted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_buyer_who_accepts_is_noticed_and_told_to_the_requester),
        FLOWS_TEST(what_nobody_accepts_in_time_has_expired),
        FLOWS_TEST(what_cannot_be_read_does_not_expire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
