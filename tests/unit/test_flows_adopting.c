/* What is made of what a comparison finds at AWS and in Slack that the book does not know of. */
#include "flows_restored.h"
#include "offers/offer.h"

/* What AWS released is never released once more, though it cannot be read. */
static void a_release_that_cannot_be_read_is_followed(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    one_release("offer-7", 4);
    flows_fail("aws:DescribeEntity", "offer-7", OUTCOME_REFUSED, "AccessDeniedException");
    assert_string_equal(flows_state(1), "publishing");
    flows_pass(SECOND_MS);
    end("cs-4", "SUCCEEDED", "");
    assert_false(is_released());
}

/* Withdrawn while the comparison was still under way. */
static void a_release_counts_more_than_what_was_done_meanwhile(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
}

static void read_taken_over(struct turn *turn, const void *about)
{
    struct request offer;
    (void)about;
    assert_true(offers_get(turn, 1, &offer));
    assert_int_equal(offer.revision, 2);
    assert_int_equal(offer.state, STATE_PUBLISHING);
    assert_string_equal(offer_content(&offer)->term, "P3650D");
    assert_string_equal(offer_content(&offer)->markup, "33.3");
}

/* AWS writes durations in its own way: what is taken over can still be read by the bot. */
static void a_revision_that_is_taken_over_can_be_read(void **state)
{
    char reply[500];
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    flows_do(read_names, NULL);
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetSummaryList\":[{\"ChangeSetId\":\"cs-4\",\"ChangeSetName\":"
             "\"cppo.%s.1.r2.release.1.4.0fabcdef.4\",\"Status\":\"SUCCEEDED\","
             "\"StartTime\":\"2026-11-24T08:30:00Z\",\"EntityIdList\":[\"offer-1\"]}]}",
             install);
    while (flows_find("aws:ListChangeSets", "DESCENDING") != NULL)
        flows_answer("aws:ListChangeSets", "DESCENDING", reply);
    flows_answer("aws:DescribeEntity", "offer-1",
                 "{\"EntityIdentifier\":\"offer-1@4\",\"DetailsDocument\":{\"State\":"
                 "\"Released\",\"Name\":\"Archera - Subscription\",\"Description\":"
                 "\"Example Corp - CPPO-1 r2\",\"ResaleAuthorizationId\":\"resaleauthz-1\","
                 "\"MarkupPercentage\":\"33.3\",\"Rules\":[{\"Type\":\"AvailabilityRule\","
                 "\"AvailabilityEndDate\":\"2027-01-20\"},{\"Type\":\"TargetingRule\","
                 "\"PositiveTargeting\":{\"BuyerAccounts\":[\"123456789012\"]}}],\"Terms\":[{"
                 "\"Type\":\"ValidityTerm\",\"AgreementDuration\":\"P10Y\"}]}}");
    flows_do(read_taken_over, NULL);
}

/* The lost life had begun to publish, and came no further: it is approved, and goes on. */
static void what_was_on_its_way_goes_on(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card_in(1, "publishing");
    no_sets();
    second_look();
    assert_true(is_released());
}

/* What was decided since is not known: an approval from before does not count. */
static void what_was_decided_since_is_not_published(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card_in(1, "changes_requested");
    no_sets();
    assert_string_equal(flows_state(1), "failed");
    expect_failed_by("bot");
    second_look();
    assert_false(is_released());
}

static void restore_pending(const char *shown)
{
    flows_submit();
    start_restored();
    one_card_in(1, shown);
    no_sets();
}

/* A withdrawn offer that is back on a card with buttons would be published by the next click. */
static void what_was_ended_since_stays_ended(void **state)
{
    (void)state;
    restore_pending("withdrawn");
    assert_string_equal(flows_state(1), "withdrawn");
    second_look();
    assert_int_equal(told("CPPO-1 was open in my records, but its card says “withdrawn”"), 1);
    assert_int_equal(told("There is nothing you need to do"), 0);
}

/* The backup was made when its release was about to go out; AWS had no place for it, and it was
 * withdrawn. */
static void a_release_that_was_about_to_go_out_stays_withdrawn(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    flows_hold("aws:StartChangeSet", "ReleaseOffer", HOUR_MS);
    start_restored();
    one_card_in(1, "withdrawn");
    no_sets();
    assert_string_equal(flows_state(1), "withdrawn");
    second_look();
    flows_pass(2 * HOUR_MS);
    assert_false(is_released());
}

/* ... and when it may have gone out. AWS does not have it. */
static void a_release_that_is_not_found_is_not_made_after_all(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    flows_expect("aws:StartChangeSet", "ReleaseOffer");
    start_restored();
    one_card_in(1, "withdrawn");
    no_sets();
    for (int i = 0; i < 60; i++) {
        flows_pass(MINUTE_MS);
        while (flows_find("aws:ListChangeSets", "") != NULL)
            flows_answer("aws:ListChangeSets", "", "{\"ChangeSetSummaryList\":[]}");
        no_posts();
        assert_false(is_released());
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(told("CPPO-1 is being released in my records, but its card says"), 1);
}

static void what_was_rejected_since_is_not_retried(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "UPDATE request SET state = 'failed', can_retry = 1", SQL_NO_ARGS);
    start_restored();
    one_card_in(1, "rejected");
    no_sets();
    assert_string_equal(flows_state(1), "withdrawn");
}

static void what_was_sent_back_since_is_with_its_requester(void **state)
{
    (void)state;
    restore_pending("changes_requested");
    assert_string_equal(flows_state(1), "changes_requested");
    second_look();
    assert_int_equal(told("changes were requested: <@U0SELLER> has it again"), 1);
}

static void what_was_approved_since_is_approved_again(void **state)
{
    (void)state;
    restore_pending("approved");
    assert_string_equal(flows_state(1), "pending");
    second_look();
    assert_int_equal(told("CPPO-1 had been approved since"), 1);
    assert_false(is_released());
}

/* What is sent in while the comparison is made is newer than all that. */
static void a_change_counts_more_than_what_ended_it_before(void **state)
{
    (void)state;
    flows_submit();
    start_restored();
    store_run(flows.store, "UPDATE request SET revision = 2", SQL_NO_ARGS);
    store_run(flows.store,
              "INSERT INTO revision SELECT request, 2, content, 'other', created_at FROM revision",
              SQL_NO_ARGS);
    one_card_in(1, "withdrawn");
    no_sets();
    assert_string_equal(flows_state(1), "pending");
}

static void adopt_release_of_the_first(void)
{
    start_restored();
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
}

static void send_draft_again(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn), "UPDATE effect SET state = 'waiting' WHERE type = 'draft.start'",
              SQL_NO_ARGS);
}

/* The backup is from before its draft was sent: that goes out at the start, and is on its way when
 * AWS's list tells of the release. */
static void find_released_with_a_draft_on_its_way(void)
{
    flows_submit();
    flows_do(send_draft_again, NULL);
    adopt_release_of_the_first();
    flows_expect("aws:StartChangeSet", "CreateCPPO");
}

static void follow_to_its_end(void)
{
    flows_pass(SECOND_MS);
    end("cs-4", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
}

static void a_draft_that_is_refused_late_does_not_count(void **state)
{
    (void)state;
    find_released_with_a_draft_on_its_way();
    flows_fail("aws:StartChangeSet", "CreateCPPO", OUTCOME_REFUSED, "ValidationException");
    follow_to_its_end();
}

static void a_draft_that_is_taken_late_is_cancelled(void **state)
{
    (void)state;
    find_released_with_a_draft_on_its_way();
    flows_answer("aws:StartChangeSet", "CreateCPPO", "{\"ChangeSetId\":\"cs-late\"}");
    flows_expect("aws:CancelChangeSet", "cs-late");
    follow_to_its_end();
}

/* --- what was used up --- */

static int64_t owner(void)
{
    return store_int(flows.store, "SELECT offer FROM claim WHERE authorization = 'resaleauthz-1'",
                     SQL_NO_ARGS, 0);
}

/* The file has it waiting; AWS has it released, and its authorization is good for one offer. */
static void what_a_release_used_up_is_not_given_to_another(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(flows_single_use, NULL);
    assert_int_equal(owner(), 0);
    adopt_release_of_the_first();
    assert_int_equal(owner(), 1);
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "pending");
}

/* The file gave it to another offer, which has not been released. */
static void what_a_release_used_up_is_taken_from_another(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(flows_single_use, NULL);
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_int_equal(owner(), 2);
    adopt_release_of_the_first();
    assert_int_equal(owner(), 1);
}

/* --- what may be out --- */

static int set_up_on_approval(void **state)
{
    char more[400];
    (void)state;
    snprintf(more, sizeof(more), "%smarketplace:\n  draft: on-approval\n", flows_people);
    return flows_set_up_with(more);
}

static void know_operator(struct turn *turn, const void *unused)
{
    (void)unused;
    people_put(turn, &(struct person){.id = "U0OPERATOR", .team = "T0HOME", .known = true});
}

/* Our card says that it is out, and no change set of ours is listed any more. */
static void find_only_a_published_card(void)
{
    start_restored();
    one_card_in(1, "published");
    no_sets();
}

/* ... nor is ten minutes later. */
static void look_once_more(void)
{
    second_look();
    while (flows_find("slack:chat.postMessage", "C0OPERATORS") != NULL) {
        read_by_operators("C0OPERATORS");
        flows_pass(2 * SECOND_MS);
    }
}

static size_t made(void)
{
    return flows_count("aws:StartChangeSet", "");
}

/* The draft that the file knows cannot be read: nothing of the offer is made or released, until it
 * is seen to be out. */
static void wait_for_aws(const char *code)
{
    submit_and_approve();
    find_only_a_published_card();
    flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED, code);
    look_once_more();
    assert_string_equal(flows_state(1), "failed");
    expect_failed_by("bot");
    assert_int_equal(told("My messages say that CPPO-1 is published"), 1);
    flows_decide(&retry_action, 1, "U0APPROVER");
    flows_decide(&retry_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(made(), 0);
    flows_pass(10 * MINUTE_MS);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    flows_pass(SECOND_MS);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(made(), 0);
}

static void what_may_be_out_waits_until_aws_may_be_asked(void **state)
{
    (void)state;
    wait_for_aws("AccessDeniedException");
}

static void what_may_be_out_waits_until_aws_finds_it(void **state)
{
    (void)state;
    wait_for_aws("ResourceNotFoundException");
}

/* AWS is asked ever more slowly, and at last no more; nothing is published all the same. */
static void a_doubt_is_not_asked_about_for_ever(void **state)
{
    size_t asked = 0;
    size_t ended = 0;
    (void)state;
    submit_and_approve();
    find_only_a_published_card();
    flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED, "ResourceNotFoundException");
    look_once_more();
    assert_int_equal(made(), 0);
    for (int hour = 0; hour < 100 * 24; hour++) {
        if (flows_find("aws:DescribeEntity", "offer-1") != NULL) {
            flows_fail("aws:DescribeEntity", "offer-1", OUTCOME_REFUSED,
                       "ResourceNotFoundException");
            assert_true(hour < 92 * 24);
            asked++;
        }
        ended += told("I have stopped checking");
        assert_int_equal(made(), 0);
        flows_answer_rest();
        flows_pass(60 * MINUTE_MS);
    }
    assert_in_range(asked, 90, 130);
    assert_int_equal(ended, 1);
    flows_decide(&retry_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(made(), 0);
}

/* The file is from before there was a draft: where the offer is out, nobody knows. */
static void what_may_be_out_somewhere_is_not_made_anew(void **state)
{
    (void)state;
    flows_submit();
    find_only_a_published_card();
    look_once_more();
    assert_int_equal(told("My messages say that CPPO-1 is published"), 1);
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "failed");
    flows_decide(&retry_action, 1, "U0SELLER");
    flows_decide(&retry_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(made(), 0);
    flows_do(know_operator, NULL);
    flows_decide(&retry_action, 1, "U0OPERATOR");
    assert_non_null(flows_find("aws:StartChangeSet", "CreateCPPO"));
}

/* Its release comes into AWS's list in time: then there was nothing to tell. */
static void what_aws_lists_late_is_not_told_as_unsure(void **state)
{
    (void)state;
    flows_submit();
    find_only_a_published_card();
    flows_pass(11 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    flows_pass(SECOND_MS);
    assert_string_equal(flows_state(1), "publishing");
    end("cs-4", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(told("My messages say"), 0);
    assert_int_equal(made(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_set_up, flows_tear_down)
#define TEST_ON_APPROVAL(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, set_up_on_approval, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_release_that_cannot_be_read_is_followed),
        TEST(a_release_counts_more_than_what_was_done_meanwhile),
        TEST(a_revision_that_is_taken_over_can_be_read),
        TEST(what_was_on_its_way_goes_on),
        TEST(what_was_decided_since_is_not_published),
        TEST(what_was_ended_since_stays_ended),
        TEST(a_release_that_was_about_to_go_out_stays_withdrawn),
        TEST(a_release_that_is_not_found_is_not_made_after_all),
        TEST(what_was_rejected_since_is_not_retried),
        TEST(what_was_sent_back_since_is_with_its_requester),
        TEST(what_was_approved_since_is_approved_again),
        TEST(a_change_counts_more_than_what_ended_it_before),
        TEST(a_draft_that_is_refused_late_does_not_count),
        TEST(a_draft_that_is_taken_late_is_cancelled),
        TEST(what_a_release_used_up_is_not_given_to_another),
        TEST(what_a_release_used_up_is_taken_from_another),
        TEST(what_may_be_out_waits_until_aws_may_be_asked),
        TEST(what_may_be_out_waits_until_aws_finds_it),
        TEST_ON_APPROVAL(what_may_be_out_somewhere_is_not_made_anew),
        TEST_ON_APPROVAL(what_aws_lists_late_is_not_told_as_unsure),
        TEST(a_doubt_is_not_asked_about_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
