/* What AWS refuses because rights or the seller's verification are missing. */
#include "flows_restored.h"

static const char denied[] = "AccessDeniedException";
static const char to_operators[] = "AWS refuses StartChangeSet";
static const char to_requester[] = "CPPO-1 is waiting: our AWS access lacks a permission";

static const char over[] = "AWS allows StartChangeSet again. Offers that waited for it go on";
static const char account_over[] = "AWS accepts our seller account again";

static void refuse(const char *call, const char *part)
{
    flows_fail(call, part, OUTCOME_REFUSED, denied);
    flows_settle_slack();
}

/* Wait until AWS is asked again: how long that took, ms. */
static int64_t wait_for(const char *call, const char *part)
{
    int64_t from = flows.now;
    for (int i = 0; i < 3600 && flows_find(call, part) == NULL; i++)
        flows_pass(SECOND_MS);
    flows_expect(call, part);
    return flows.now - from;
}

static void a_draft_that_we_may_not_make_waits(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "DELETE FROM timer WHERE name = 'authorizations.sync'", SQL_NO_ARGS);
    refuse("aws:StartChangeSet", "CreateCPPO");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(told(to_operators), 1);
    assert_int_equal(told(to_requester), 1);
    int64_t first = wait_for("aws:StartChangeSet", "CreateCPPO");
    refuse("aws:StartChangeSet", "CreateCPPO");
    assert_true(wait_for("aws:StartChangeSet", "CreateCPPO") > first); /* less and less often */
    for (int i = 0; i < 10; i++) {
        refuse("aws:StartChangeSet", "CreateCPPO");
        assert_in_range(wait_for("aws:StartChangeSet", "CreateCPPO"), first, 1801 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(told(to_operators), 1);
    assert_int_equal(told(to_requester), 1);
    assert_int_equal(told(over), 0);
    start("CreateCPPO", "cs-make"); /* the operators fixed it */
    assert_int_equal(told(over), 1);
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Draft", "25");
    flows_decide(&approve_action, 1, "U0APPROVER");
    release_starts("cs-release");
}

static void a_refusal_says_what_aws_said_and_what_to_do(void **state)
{
    (void)state;
    flows_submit();
    flows_finish(flows_expect("aws:StartChangeSet", "CreateCPPO"),
                 &(struct completion){.outcome = OUTCOME_REFUSED,
                                      .code = denied,
                                      .text = "The identity is not KYC compliant",
                                      .retry_after_ms = -1});
    flows_settle_slack();
    assert_int_equal(told("AWS refuses StartChangeSet: The identity is not KYC compliant"), 1);
    assert_int_equal(told("IAM policy lacks a permission"), 1);
    assert_int_equal(told("verification (KYC) of our seller account"), 1);
    assert_int_equal(
        told("our AWS access lacks a permission, or our seller account is not in order"),
        1); /* which of them is not known */
    assert_int_equal(told("Changes requested"), 0);
}

static void a_release_that_we_may_not_make_waits(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    refuse("aws:StartChangeSet", "ReleaseOffer");
    assert_string_equal(flows_state(1), "publishing");
    wait_for("aws:DescribeEntity", "resaleauthz-1"); /* all of it is read back anew */
    refuse("aws:DescribeEntity", "resaleauthz-1");
    assert_string_equal(flows_state(1), "publishing");
    wait_for("aws:DescribeEntity", "resaleauthz-1");
    describe_authorization();
    refuse("aws:DescribeEntity", "offer-1");
    assert_string_equal(flows_state(1), "publishing");
    wait_for("aws:DescribeEntity", "resaleauthz-1");
    describe_authorization();
    describe_offer("Draft", "25");
    start("ReleaseOffer", "cs-release");
    end("cs-release", "SUCCEEDED", "");
    refuse("aws:DescribeEntity", "offer-1"); /* which says nothing of the release */
    wait_for("aws:DescribeEntity", "offer-1");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(told(to_requester), 1);
}

/* --- the seller account --- */

static const char unverified[] =
    ",\"ErrorDetailList\":[{\"ErrorCode\":\"INCOMPATIBLE_SELLER_VERIFICATION\","
    "\"ErrorMessage\":\"Verify\"}]";

/* AWS takes the change set and ends it: nothing is wrong with the offer. */
static void a_draft_waits_until_the_seller_is_verified(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "DELETE FROM timer WHERE name = 'authorizations.sync'", SQL_NO_ARGS);
    start("CreateCPPO", "cs-0");
    end("cs-0", "FAILED", unverified);
    flows_settle_slack();
    int64_t first = wait_for("aws:StartChangeSet", "CreateCPPO");
    for (int i = 1; i < 8; i++) { /* less and less often */
        char id[16];
        snprintf(id, sizeof(id), "cs-%d", i);
        start("CreateCPPO", id);
        end(id, "FAILED", unverified);
        flows_settle_slack();
        assert_string_equal(flows_state(1), "pending");
        assert_true(wait_for("aws:StartChangeSet", "CreateCPPO") > first);
    }
    assert_int_equal(told("AWS is not yet publishing offers for our seller account"), 1);
    assert_int_equal(told("is not complete. Put that right in the AWS Marketplace portal"), 1);
    assert_int_equal(told("CPPO-1 is waiting: our seller account at AWS is not in order"), 1);
    assert_int_equal(told("AWS needs a change"), 0);
    start("CreateCPPO", "cs-make");
    assert_int_equal(told(account_over), 0);
    end("cs-make", "SUCCEEDED", "");
    assert_int_equal(told(account_over), 1);
    describe_offer("Draft", "25");
    flows_decide(&approve_action, 1, "U0APPROVER");
    release_starts("cs-release");
}

static void a_release_waits_until_the_seller_is_verified(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-1");
    end("cs-1", "FAILED", unverified);
    flows_settle_slack();
    assert_string_equal(flows_state(1), "publishing");
    assert_int_equal(told("AWS is not yet publishing offers for our seller account"), 1);
    assert_int_equal(told("Publishing failed"), 0);
    wait_for("aws:DescribeEntity", "resaleauthz-1"); /* all of it is read back anew */
    release_starts("cs-2");
    end("cs-2", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
}

/* Nor has whoever asked to change anything when the account has all the offers that it may have. */
static void a_draft_waits_until_there_is_room_for_offers(void **state)
{
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-1");
    end("cs-1", "FAILED", ",\"ErrorDetailList\":[{\"ErrorCode\":\"TOO_MANY_OFFERS\"}]");
    flows_settle_slack();
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(told("as many offers as AWS allows: end some, or ask AWS for more"), 1);
    wait_for("aws:StartChangeSet", "CreateCPPO");
}

/* A draft that is there can be changed, however full the account is. */
static void a_changed_draft_says_nothing_of_room_for_another(void **state)
{
    struct content content = flows_content();
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-1");
    end("cs-1", "SUCCEEDED", "");
    describe_offer("Draft", "25");
    flows_do(flows_add, &content); /* CPPO-2 */
    start("CPPO-2", "cs-2");
    end("cs-2", "FAILED", ",\"ErrorDetailList\":[{\"ErrorCode\":\"TOO_MANY_OFFERS\"}]");
    flows_do(ask_for_more, NULL);
    start("UpdateMarkup", "cs-3");
    end("cs-3", "SUCCEEDED", "");
    flows_settle_slack();
    assert_int_equal(told(account_over), 0);
}

/* It may wait for weeks, and the customer may not. */
static void what_waits_for_the_seller_can_be_withdrawn(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-1");
    flows_settle_slack();
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "publishing");
    size_t offered = flows_count("slack:chat.update", "\"withdraw\"");
    end("cs-1", "FAILED", unverified);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.update", "\"withdraw\""), offered + 1);
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    flows_pass(48 * HOUR_MS);
    assert_null(flows_find("aws:DescribeEntity", "resaleauthz-1"));
    assert_null(flows_find("aws:StartChangeSet", "ReleaseOffer"));
}

/* What else is wrong is for the requester, whatever comes with it. */
static void the_account_alone_is_waited_for(void **state)
{
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-1");
    end("cs-1", "FAILED",
        ",\"ErrorDetailList\":[{\"ErrorCode\":\"INVALID_TAX_INFORMATION\"},"
        "{\"ErrorCode\":\"INVALID_BUYER_ACCOUNTS\"}]");
    assert_string_equal(flows_state(1), "changes_requested");
}

/* What said that it waits says the present as soon as it goes on. */
static void who_was_told_that_it_waits_sees_that_it_goes_on(void **state)
{
    static const char waits[] = "AWS is blocking it for now: our AWS access";
    (void)state;
    flows_submit();
    refuse("aws:StartChangeSet", "CreateCPPO");
    assert_int_equal(told(waits), 1);
    wait_for("aws:StartChangeSet", "CreateCPPO");
    start("CreateCPPO", "cs-1");
    size_t shown = flows_count("slack:chat.update", "The approvers have it now");
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "The approvers have it now") + shown > 0);
    assert_int_equal(told(waits), 1);
}

/* What comes and goes within the hour is told once, and its end once; what has come back and stays
 * is told after that, as they believe that it is over. */
static void what_comes_and_goes_is_not_told_each_time(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "DELETE FROM timer WHERE name = 'authorizations.sync'", SQL_NO_ARGS);
    refuse("aws:StartChangeSet", "CreateCPPO");
    for (int i = 2; i < 5; i++) {
        char number[20];
        struct content content = flows_content();
        snprintf(number, sizeof(number), "CPPO-%d", i);
        wait_for("aws:StartChangeSet", "CPPO-1");
        flows_do(flows_add, &content);
        start(number, number); /* it works ... */
        flows_settle_slack();
        flows_expect("aws:StartChangeSet", "CPPO-1");
        refuse("aws:StartChangeSet", "CPPO-1"); /* ... and does not */
    }
    assert_int_equal(told(to_operators), 1);
    assert_int_equal(told(over), 1);
    for (int64_t from = flows.now; flows.now - from < 2 * HOUR_MS;) {
        wait_for("aws:StartChangeSet", "CPPO-1");
        refuse("aws:StartChangeSet", "CPPO-1");
    }
    assert_int_equal(told(to_operators), 2);
    wait_for("aws:StartChangeSet", "CPPO-1");
    start("CPPO-1", "cs-1");
    assert_int_equal(told(over), 2);
}

/* The same missing right shows up in many calls and offers. */
static void the_operators_are_told_once_until_it_worked(void **state)
{
    (void)state;
    flows_submit();
    refuse("aws:StartChangeSet", "CreateCPPO");
    struct content content = flows_content();
    flows_do(flows_add, &content); /* CPPO-2 */
    for (int i = 0; i < 3; i++) {
        wait_for("aws:StartChangeSet", "CreateCPPO");
        refuse("aws:StartChangeSet", "CreateCPPO");
    }
    assert_int_equal(told(to_operators), 1);
    flows_pass(7200 * SECOND_MS);
    while (flows_find("aws:StartChangeSet", "") != NULL)
        refuse("aws:StartChangeSet", "");
    assert_int_equal(told(to_operators), 1);
    wait_for("aws:StartChangeSet", "CPPO-1");
    start("CPPO-1", "cs-1"); /* it works: the other one goes on at once */
    flows_expect("aws:StartChangeSet", "CPPO-2");
    refuse("aws:StartChangeSet", "CPPO-2");
    assert_int_equal(told(to_operators), 2);
}

static void set_clock_back(void)
{
    flows.now -= 5 * HOUR_MS;
    flows.set_by -= 5 * HOUR_MS;
}

/* By the clock the first was told hours from now; it was told hours ago. */
static void a_clock_that_is_set_back_hides_no_new_denial(void **state)
{
    (void)state;
    flows_submit();
    refuse("aws:StartChangeSet", "CreateCPPO");
    wait_for("aws:StartChangeSet", "CPPO-1");
    start("CPPO-1", "cs-1");
    flows_pass(2 * HOUR_MS);
    set_clock_back();
    struct content content = flows_content();
    flows_do(flows_add, &content); /* CPPO-2 */
    refuse("aws:StartChangeSet", "CPPO-2");
    assert_int_equal(told(to_operators), 2);
}

static void a_clock_that_is_set_back_hides_no_new_trouble_with_the_account(void **state)
{
    static const char words[] = "AWS is not yet publishing offers for our seller account";
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-0");
    end("cs-0", "FAILED", unverified);
    flows_settle_slack();
    assert_int_equal(told(words), 1);
    wait_for("aws:StartChangeSet", "CPPO-1");
    start("CPPO-1", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    flows_pass(2 * HOUR_MS);
    set_clock_back();
    struct content content = flows_content();
    flows_do(flows_add, &content); /* CPPO-2 */
    start("CPPO-2", "cs-2");
    end("cs-2", "FAILED", unverified);
    flows_settle_slack();
    assert_int_equal(told(words), 2);
}

/* What comes and goes is told once an hour, though the bot was started in between. */
static void a_start_tells_no_denial_twice(void **state)
{
    (void)state;
    flows_submit();
    refuse("aws:StartChangeSet", "CreateCPPO");
    wait_for("aws:StartChangeSet", "CPPO-1");
    start("CPPO-1", "cs-1");
    start_again();
    no_posts();
    no_sets();
    struct content content = flows_content();
    flows_do(flows_add, &content); /* CPPO-2 */
    refuse("aws:StartChangeSet", "CPPO-2");
    assert_int_equal(told(to_operators), 0);
}

static void what_is_withdrawn_waits_no_longer(void **state)
{
    (void)state;
    flows_submit();
    refuse("aws:StartChangeSet", "CreateCPPO");
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    size_t before = flows_count("aws:StartChangeSet", "");
    flows_pass(7200 * SECOND_MS);
    assert_int_equal(flows_count("aws:StartChangeSet", ""), before);
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM blocked WHERE since > 0", SQL_NO_ARGS, -1), 0);
}

/* Other refusals stay what they are. */
static void what_aws_does_not_take_goes_back_to_the_requester(void **state)
{
    (void)state;
    flows_submit();
    flows_fail("aws:StartChangeSet", "CreateCPPO", OUTCOME_REFUSED, "ValidationException");
    assert_string_equal(flows_state(1), "changes_requested");
    flows_settle_slack();
    assert_int_equal(told("C0OPERATORS"), 0);
}

/* --- what AWS does not know (any more) --- */

static void a_draft_that_is_gone_is_made_anew_on_request(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    for (int i = 0; i < 4; i++) { /* its reads lag */
        assert_string_equal(flows_state(1), "approved");
        flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED, "ResourceNotFoundException");
        flows_pass(6 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "failed");
    flows_decide(&retry_action, 1, "U0SELLER");
    start("CreateCPPO", "cs-again");
    end("cs-again", "SUCCEEDED", "");
    describe_offer("Draft", "25");
    release_starts("cs-release");
}

static void an_authorization_that_is_gone_releases_nothing(void **state)
{
    (void)state;
    submit_and_approve();
    flows_fail("aws:DescribeEntity", "resaleauthz-1", OUTCOME_REFUSED, "ResourceNotFoundException");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(store_int(flows.store, "SELECT unlisted FROM authorization", SQL_NO_ARGS, -1),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_draft_that_we_may_not_make_waits),
        FLOWS_TEST(a_refusal_says_what_aws_said_and_what_to_do),
        FLOWS_TEST(a_release_that_we_may_not_make_waits),
        FLOWS_TEST(a_draft_waits_until_the_seller_is_verified),
        FLOWS_TEST(a_release_waits_until_the_seller_is_verified),
        FLOWS_TEST(a_draft_waits_until_there_is_room_for_offers),
        FLOWS_TEST(a_changed_draft_says_nothing_of_room_for_another),
        FLOWS_TEST(what_waits_for_the_seller_can_be_withdrawn),
        FLOWS_TEST(the_account_alone_is_waited_for),
        FLOWS_TEST(who_was_told_that_it_waits_sees_that_it_goes_on),
        FLOWS_TEST(what_comes_and_goes_is_not_told_each_time),
        FLOWS_TEST(the_operators_are_told_once_until_it_worked),
        FLOWS_TEST(a_clock_that_is_set_back_hides_no_new_denial),
        FLOWS_TEST(a_clock_that_is_set_back_hides_no_new_trouble_with_the_account),
        FLOWS_TEST(a_start_tells_no_denial_twice),
        FLOWS_TEST(what_is_withdrawn_waits_no_longer),
        FLOWS_TEST(what_aws_does_not_take_goes_back_to_the_requester),
        FLOWS_TEST(a_draft_that_is_gone_is_made_anew_on_request),
        FLOWS_TEST(an_authorization_that_is_gone_releases_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
