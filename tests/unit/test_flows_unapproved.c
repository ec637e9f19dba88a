/* Somebody released a draft in AWS's console that nobody approved. */
#include "flows_restored.h"

static const char live[] = "is live at AWS Marketplace";

static void draft_it(void)
{
    flows_submit();
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Draft", "25");
}

/* Let the bot look at the draft of what has ended, so often, and find it so. */
static void look(const char *state, int times)
{
    for (int i = 0; i < times; i++) {
        flows_pass(5 * MINUTE_MS);
        describe_offer(state, "25");
    }
    flows_settle_slack();
}

static void what_was_rejected_and_is_live_is_told(void **state)
{
    (void)state;
    draft_it();
    flows_decide(&reject_action, 1, "U0APPROVER");
    look("Released", 1);
    assert_int_equal(told(live), 1);
    assert_int_equal(told("though here it is “Rejected”"), 1);
}

static void what_was_withdrawn_and_is_live_is_told(void **state)
{
    (void)state;
    draft_it();
    flows_decide(&withdraw_action, 1, "U0SELLER");
    look("Released", 1);
    assert_int_equal(told("though here it is “Withdrawn”"), 1);
}

static void a_draft_that_is_a_draft_is_no_matter(void **state)
{
    (void)state;
    draft_it();
    flows_decide(&reject_action, 1, "U0APPROVER");
    look("Draft", 4);
    assert_int_equal(told(live), 0);
    flows_pass(24 * HOUR_MS);
    assert_null(flows_find("aws:DescribeEntity", "offer-1")); /* nor is it looked at for ever */
}

/* AWS's reads lag, and it may deny them for a while. */
static void it_is_looked_at_more_than_once(void **state)
{
    (void)state;
    draft_it();
    flows_decide(&reject_action, 1, "U0APPROVER");
    look("Draft", 3);
    for (int i = 0; i < 5; i++) {
        flows_pass(5 * MINUTE_MS);
        flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED, "AccessDeniedException");
    }
    look("Released", 1);
    assert_int_equal(told(live), 1);
}

static void what_is_live_before_it_was_decided_is_told(void **state)
{
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Released", "25");
    look("Released", 1);
    assert_int_equal(told("though here it is “Waiting for approval”"), 1);
}

/* AWS refuses to change what is out. */
static void a_change_that_comes_too_late_is_told(void **state)
{
    (void)state;
    draft_it();
    flows_do(ask_for_more, NULL);
    start("UpdateMarkup", "cs-2");
    end("cs-2", "FAILED", ",\"ErrorDetailList\":[{\"ErrorCode\":\"INVALID_UPDATE_REQUEST\"}]");
    assert_string_equal(flows_state(1), "changes_requested");
    look("Released", 1);
    assert_int_equal(told(live), 1);
}

/* It is compared, and becomes a published offer. */
static void what_was_approved_is_none_of_these(void **state)
{
    (void)state;
    draft_it();
    flows_decide(&approve_action, 1, "U0APPROVER");
    describe_authorization();
    describe_offer("Released", "25");
    flows_pass(5 * MINUTE_MS);
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(told(live), 0);
}

static void what_never_had_a_draft_is_not_looked_at(void **state)
{
    (void)state;
    flows.config->draft = DRAFT_ON_APPROVAL;
    flows_submit();
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM timer WHERE name = ?",
                               SQL_ARGS(SQL_TEXT("unapproved.poll")), -1),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(what_was_rejected_and_is_live_is_told),
        FLOWS_TEST(what_was_withdrawn_and_is_live_is_told),
        FLOWS_TEST(a_draft_that_is_a_draft_is_no_matter),
        FLOWS_TEST(it_is_looked_at_more_than_once),
        FLOWS_TEST(what_is_live_before_it_was_decided_is_told),
        FLOWS_TEST(a_change_that_comes_too_late_is_told),
        FLOWS_TEST(what_was_approved_is_none_of_these),
        FLOWS_TEST(what_never_had_a_draft_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
