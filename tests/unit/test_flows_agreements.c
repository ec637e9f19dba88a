/* What becomes of an offer that was published. */
#include "flows_publishing.h"

static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

#define AGREEMENT(id, account, status)                                                             \
    "{\"agreementId\":\"" id "\",\"status\":\"" status "\",\"acceptor\":{\"accountId\":\"" account \
    "\"},\"acceptanceTime\":1795510800.5,\"proposalSummary\":{\"offerId\":\"offer-1\"}}"
#define AGREEMENTS(list) "{\"agreementViewSummaries\":[" list "]}"

static const char nobody[] = AGREEMENTS("");
static const char accepted[] = AGREEMENTS(AGREEMENT("agmt-1", "123456789012", "ACTIVE"));

/* AWS's copy, with this accept-by date. */
static void answer_date(const char *date)
{
    char reply[400];
    snprintf(reply, sizeof(reply),
             "{\"EntityIdentifier\":\"offer-1@4\",\"DetailsDocument\":{\"State\":\"Released\","
             "\"Rules\":[{\"Type\":\"AvailabilityRule\",\"AvailabilityEndDate\":\"%s\"}]}}",
             date);
    flows_answer("aws:DescribeEntity", "offer-1", reply);
}

/* Slack's answers, and what AWS is asked besides. */
static void answer_others(const char *date)
{
    while (flows_find("aws:DescribeEntity", "offer-1") != NULL) {
        if (date != NULL)
            answer_date(date);
        else
            flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED, "AccessDeniedException");
    }
    for (size_t i = 0; i < flows.count; i++) {
        struct sent *sent = &flows.sent[i];
        if (sent->open && strcmp(sent->call, "aws:SearchAgreements") != 0)
            flows_answer(sent->call, sent->body, "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
    }
}

struct seen {
    size_t asked; /* for agreements */
    size_t read;  /* AWS's copy */
    size_t told;  /* messages with ${words} */
};

/* Days go by; whenever AWS is asked, it says so (NULL: it denies that). */
static struct seen pass_days(int days, const char *answer, const char *date, const char *words)
{
    struct seen seen = {0};
    for (int64_t until = flows.now + days * DAY_MS; flows.now < until;
         flows_pass(3600 * SECOND_MS)) {
        if (flows_find("aws:SearchAgreements", "offer-1") != NULL) {
            seen.asked++;
            if (answer != NULL)
                flows_answer("aws:SearchAgreements", "offer-1", answer);
            else
                flows_fail("aws:SearchAgreements", "offer-1", OUTCOME_REFUSED,
                           "AccessDeniedException");
        }
        seen.read += flows_count("aws:DescribeEntity", "offer-1");
        answer_others(date);
        seen.told += flows_count("slack:chat.postMessage", words);
        flows_answer_rest();
    }
    return seen;
}

static size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

/* The next time that AWS is asked, it says so. */
static void answer_next(const char *answer)
{
    for (int i = 0; i < 300 && flows_find("aws:SearchAgreements", "offer-1") == NULL; i++) {
        answer_others("2027-01-20");
        flows_answer_rest();
        flows_pass(600 * SECOND_MS);
    }
    flows_answer("aws:SearchAgreements", "offer-1", answer);
    flows_pass(3 * SECOND_MS);
}

static void publish_for(size_t buyers)
{
    publish();
    if (buyers > 1) { /* as if they had been in it from the beginning */
        char change[200];
        snprintf(change, sizeof(change),
                 "UPDATE revision SET content = replace(content, '123456789012', "
                 "'123456789012\\n210987654321%s')",
                 buyers > 2 ? "\\n333333333333" : "");
        store_run(flows.store, change, SQL_NO_ARGS);
    }
    /* what else is looked at every few minutes is not of interest here, and costs time */
    store_run(flows.store,
              "DELETE FROM timer WHERE name IN ('authorizations.sync', 'channel.poll')",
              SQL_NO_ARGS);
    flows_answer_rest();
}

/* --- acceptance --- */

static void a_buyer_who_accepts_is_noticed_and_told_to_the_requester(void **state)
{
    (void)state;
    publish_for(1);
    flows_pass(601 * SECOND_MS);
    flows_answer("aws:SearchAgreements", "offer-1", nobody);
    assert_string_equal(flows_state(1), "published");
    flows_answer_rest();
    flows_pass(3601 * SECOND_MS);
    flows_answer("aws:SearchAgreements", "offer-1", accepted);
    flows_pass(2 * SECOND_MS);
    assert_string_equal(flows_state(1), "accepted");
    assert_int_equal(told("Accepted by the buyer"), 1);
    assert_true(told("123456789012 (agreement agmt-1, 2026-11-24)") > 0);
}

/* It may be cancelled afterwards: looked at less and less, and not for ever. */
static void questions_about_an_accepted_offer_end(void **state)
{
    (void)state;
    publish_for(1);
    answer_next(accepted);
    assert_string_equal(flows_state(1), "accepted");
    struct seen first = pass_days(31, accepted, "2027-01-20", "agmt");
    assert_in_range(first.asked, 25, 250);
    assert_int_equal(pass_days(60, accepted, "2027-01-20", "agmt").asked, 0);
}

static void each_buyer_counts_once(void **state)
{
    (void)state;
    publish_for(3);
    answer_next(accepted);
    assert_string_equal(flows_state(1), "accepted");
    assert_true(told("1 of 3 accepted: account 123456789012") > 0);
    answer_next(AGREEMENTS(AGREEMENT("agmt-1", "123456789012",
                                     "ACTIVE") "," AGREEMENT("agmt-2", "210987654321", "ACTIVE")));
    assert_int_equal(told("buyer account 210987654321 accepted (agreement agmt-2). 2 of 3"), 1);
    answer_next(AGREEMENTS(AGREEMENT("agmt-1", "123456789012",
                                     "ACTIVE") "," AGREEMENT("agmt-2", "210987654321", "ACTIVE")));
    assert_int_equal(told("210987654321 accepted"), 0); /* known by now */
}

/* An agreement that is none (any more) is no sale. */
static void only_an_agreement_that_counts_is_a_sale(void **state)
{
    static const char *const undone[] = {
        AGREEMENTS(AGREEMENT("agmt-1", "123456789012", "CANCELLED")),
        AGREEMENTS(AGREEMENT("agmt-2", "123456789012", "TERMINATED")),
        AGREEMENTS(AGREEMENT("agmt-3", "123456789012", "ROLLED_BACK")),
        AGREEMENTS(AGREEMENT("agmt-4", "123456789012", "REPLACED")),
        AGREEMENTS(AGREEMENT("agmt-5", "123456789012", "WHO_KNOWS")),
    };
    (void)state;
    publish_for(1);
    for (size_t i = 0; i < sizeof(undone) / sizeof(undone[0]); i++) {
        answer_next(undone[i]);
        assert_string_equal(flows_state(1), "published");
        assert_int_equal(told("CPPO-1: the agreement agmt-"), 1);
    }
    answer_next(AGREEMENTS(AGREEMENT("agmt-6", "123456789012", "EXPIRED")));
    assert_string_equal(flows_state(1), "accepted"); /* it ran to its end */
}

static void a_sale_that_is_cancelled_is_told(void **state)
{
    (void)state;
    publish_for(1);
    answer_next(accepted);
    answer_next(AGREEMENTS(AGREEMENT("agmt-1", "123456789012", "CANCELLED")));
    assert_int_equal(
        told("CPPO-1: the agreement agmt-1 of buyer account 123456789012 was cancelled"), 1);
    assert_string_equal(flows_state(1), "accepted"); /* it was sold, and that is its history */
}

static void all_pages_are_read(void **state)
{
    (void)state;
    publish_for(1);
    answer_next("{\"agreementViewSummaries\":[],\"nextToken\":\"two\"}");
    flows_answer("aws:SearchAgreements", "\"nextToken\":\"two\"", accepted);
    assert_string_equal(flows_state(1), "accepted");
}

/* --- its end --- */

/* accept_by is 2027-01-20, that is 57 days ahead. */
static void what_nobody_accepts_in_time_has_expired(void **state)
{
    (void)state;
    publish_for(1);
    struct seen seen = pass_days(57, nobody, "2027-01-20", "Expired");
    assert_string_equal(flows_state(1), "published"); /* its last day is not over */
    assert_in_range(seen.asked, 57 * 10, 57 * 30);    /* hourly */
    assert_in_range(seen.read, 54, 90); /* and AWS's date daily, more often at first */
    pass_days(1, nobody, "2027-01-20", "Expired");
    assert_string_equal(flows_state(1), "expired");
    assert_int_equal(pass_days(100, nobody, "2027-01-20", "x").told, 0);
    assert_int_equal(pass_days(20, nobody, "2027-01-20", "x").asked, 0);
}

/* AWS told late what was accepted in time. */
static void what_expired_may_turn_out_to_be_accepted(void **state)
{
    (void)state;
    publish_for(1);
    pass_days(59, nobody, "2027-01-20", "x");
    assert_string_equal(flows_state(1), "expired");
    pass_days(3, nobody, "2027-01-20", "x");
    assert_int_equal(pass_days(2, accepted, "2027-01-20", "Accepted by the buyer").told, 1);
    assert_string_equal(flows_state(1), "accepted");
}

static void what_may_not_be_read_does_not_expire(void **state)
{
    (void)state;
    publish_for(1);
    struct seen seen = pass_days(59, NULL, "2027-01-20", "AWS refuses SearchAgreements");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(seen.told, 1); /* the operators, once */
    pass_days(1, accepted, "2027-01-20", "x");
    assert_string_equal(flows_state(1), "accepted");
}

static void questions_that_are_denied_end(void **state)
{
    (void)state;
    publish_for(1);
    pass_days(90, NULL, "2027-01-20", "x");
    assert_int_equal(pass_days(30, NULL, "2027-01-20", "x").asked, 0);
}

static void a_card_says_that_it_does_not_know(void **state)
{
    static const char unknown[] = "Whether the buyer accepted is not known";
    (void)state;
    flows_submit();
    flows_answer("slack:chat.postMessage", "C0APPROVALS", "{\"ok\":true,\"ts\":\"1.1\"}");
    publish_submitted();
    flows_pass(700 * SECOND_MS);
    for (int i = 0; i < 2; i++) {
        flows_answer_rest();
        flows_pass(3600 * SECOND_MS);
        if (i == 0)
            flows_fail("aws:SearchAgreements", "offer-1", OUTCOME_REFUSED, "AccessDeniedException");
        else
            flows_answer("aws:SearchAgreements", "offer-1", nobody);
        flows_pass(2 * SECOND_MS);
        flows_expect("slack:chat.update", "CPPO-1");
        assert_int_equal(flows_count("slack:chat.update", unknown), i == 0);
    }
}

/* --- the date as AWS holds it --- */

static void what_is_extended_at_aws_is_told_and_does_not_expire(void **state)
{
    (void)state;
    publish_for(1);
    struct seen seen =
        pass_days(3, nobody, "2027-03-31", "CPPO-1 was extended on AWS: the buyer can accept");
    assert_int_equal(seen.told, 1);
    pass_days(60, nobody, "2027-03-31", "x");
    assert_string_equal(flows_state(1), "published");
    pass_days(70, nobody, "2027-03-31", "x");
    assert_string_equal(flows_state(1), "expired");
}

/* Extended in the last moment: AWS is asked before it is called expired. */
static void the_date_is_read_before_anything_expires(void **state)
{
    (void)state;
    publish_for(1);
    pass_days(57, nobody, "2027-01-20", "x");
    pass_days(5, nobody, "2027-03-31", "x");
    assert_string_equal(flows_state(1), "published");
}

static void what_is_cancelled_at_aws_is_closed(void **state)
{
    (void)state;
    publish_for(1);
    struct seen seen = pass_days(3, nobody, "2026-11-20", "no longer available to the buyer");
    assert_string_equal(flows_state(1), "closed");
    assert_true(seen.told > 0);
}

/* One look that shows another date may be a look into the past. */
static void one_look_is_not_believed(void **state)
{
    (void)state;
    publish_for(1);
    pass_days(1, nobody, "2027-01-20", "x");
    for (int i = 0; i < 20 && flows_find("aws:DescribeEntity", "offer-1") == NULL; i++) {
        answer_next(nobody);
        flows_pass(SECOND_MS);
    }
    answer_date("2026-11-01");
    flows_pass(60 * SECOND_MS);
    answer_date("2027-01-20");
    flows_pass(60 * SECOND_MS);
    assert_null(flows_find("aws:DescribeEntity", "offer-1"));
    assert_string_equal(flows_state(1), "published");
}

static void what_is_extended_after_its_end_can_be_accepted_again(void **state)
{
    (void)state;
    publish_for(1);
    pass_days(59, nobody, "2027-01-20", "x");
    assert_string_equal(flows_state(1), "expired");
    pass_days(3, nobody, "2027-03-31", "x");
    assert_string_equal(flows_state(1), "published");
    pass_days(1, accepted, "2027-03-31", "x");
    assert_string_equal(flows_state(1), "accepted");
}

/* It was looked at by a clock that was days ahead: that is no reason to wait until then. */
static void a_clock_set_back_does_not_stop_the_looks(void **state)
{
    (void)state;
    publish_for(1);
    flows.now += 5 * DAY_MS;
    flows.set_by += 5 * DAY_MS;
    pass_days(1, nobody, "2027-01-20", "x");
    flows.now -= 5 * DAY_MS;
    flows.set_by -= 5 * DAY_MS;
    struct seen seen = pass_days(2, nobody, "2027-03-31", "CPPO-1 was extended on AWS");
    assert_true(seen.told > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_buyer_who_accepts_is_noticed_and_told_to_the_requester),
        FLOWS_TEST(questions_about_an_accepted_offer_end),
        FLOWS_TEST(each_buyer_counts_once),
        FLOWS_TEST(only_an_agreement_that_counts_is_a_sale),
        FLOWS_TEST(a_sale_that_is_cancelled_is_told),
        FLOWS_TEST(all_pages_are_read),
        FLOWS_TEST(what_nobody_accepts_in_time_has_expired),
        FLOWS_TEST(what_expired_may_turn_out_to_be_accepted),
        FLOWS_TEST(what_may_not_be_read_does_not_expire),
        FLOWS_TEST(questions_that_are_denied_end),
        FLOWS_TEST(a_card_says_that_it_does_not_know),
        FLOWS_TEST(what_is_extended_at_aws_is_told_and_does_not_expire),
        FLOWS_TEST(the_date_is_read_before_anything_expires),
        FLOWS_TEST(what_is_cancelled_at_aws_is_closed),
        FLOWS_TEST(one_look_is_not_believed),
        FLOWS_TEST(what_is_extended_after_its_end_can_be_accepted_again),
        FLOWS_TEST(a_clock_set_back_does_not_stop_the_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
