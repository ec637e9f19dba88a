/* A state file that may be older than the world: what is looked at before anything goes out, and
 * what is made of what AWS and Slack tell. The test plays both. */
#include "book/marks.h"
#include "book/settings.h"
#include "flows/catching_up.h"
#include "flows/house.h"
#include "flows_publishing.h"
#include "slack/api.h"

enum { MINUTE_MS = 60 * SECOND_MS };

static const char none[] = "{\"ok\":true}";

static char mark[BOOK_MARK];
static char install[TURN_ID];

static void read_names(struct turn *turn, const void *unused)
{
    (void)unused;
    marks_newest(turn, mark);
    install_of(turn, install);
}

/* The next start finds the file as it is, and a line beside it that the file does not know. */
static void start_restored(void)
{
    flows_stop();
    flows.plays_world = true;
    text_fit(flows.house.beside, sizeof(flows.house.beside), "0fabcdef.9");
    flows_start();
}

/* ... that it knows. */
static void start_again(void)
{
    flows_do(read_names, NULL);
    flows_stop();
    flows.plays_world = true;
    text_fit(flows.house.beside, sizeof(flows.house.beside), mark);
    flows_start();
}

static void no_posts(void)
{
    while (flows_find("slack:conversations.history", "\"limit\"") != NULL)
        flows_answer("slack:conversations.history", "\"limit\"", none);
}

static void no_sets(void)
{
    while (flows_find("aws:ListChangeSets", "DESCENDING") != NULL)
        flows_answer("aws:ListChangeSets", "DESCENDING", "{\"ChangeSetSummaryList\":[]}");
}

/* AWS's lists cannot lag behind any longer, and nothing is new. */
static void second_look(void)
{
    flows_pass(11 * MINUTE_MS);
    no_posts();
    no_sets();
}

/* Nothing is left of the file. */
static void start_lost(void)
{
    flows_stop();
    unlink(flows.path);
    flows.plays_world = true;
    flows.house.beside[0] = '\0';
    flows_start();
}

/* The channel holds a card of this offer, made by a life that the file does not know. */
static void one_card_in(int offer, const char *state)
{
    char reply[500];
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"messages\":[{\"ts\":\"1795507300.1\",\"user\":\"U0BOT\","
             "\"metadata\":{\"event_type\":\"cppo_post\",\"event_payload\":{\"key\":\"k\","
             "\"kind\":\"card\",\"offer\":%d,\"revision\":1,\"state\":\"%s\","
             "\"mark\":\"0fabcdef.7\"}}}]}",
             offer, state);
    flows_answer("slack:conversations.history", "\"limit\"", reply);
    no_posts();
}

static void one_card(int offer)
{
    one_card_in(offer, "approved");
}

/* AWS lists a release of CPPO-1 by a later life of this file, so often counted. */
static void one_release(const char *entity, int count)
{
    char reply[500];
    flows_do(read_names, NULL);
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetSummaryList\":[{\"ChangeSetId\":\"cs-%d\",\"ChangeSetName\":"
             "\"cppo.%s.1.r1.release.1.%d.0fabcdef.%d\",\"Status\":\"SUCCEEDED\","
             "\"StartTime\":\"2026-11-24T08:30:00Z\",\"EntityIdList\":[\"%s\"]}]}",
             count, install, count, count, entity);
    while (flows_find("aws:ListChangeSets", "DESCENDING") != NULL)
        flows_answer("aws:ListChangeSets", "DESCENDING", reply);
}

/* All that AWS is asked for the release is answered as if nothing had happened. */
static void read_back(void)
{
    while (flows_find("aws:DescribeEntity", "resaleauthz-1") != NULL)
        describe_authorization();
    while (flows_find("aws:DescribeEntity", "offer-1") != NULL)
        describe_offer("Draft", "25");
}

static bool is_released(void)
{
    read_back();
    return flows_find("aws:StartChangeSet", "ReleaseOffer") != NULL;
}

static void nothing_is_released_before_both_were_read(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    flows_pass(5 * MINUTE_MS);
    no_posts();
    assert_false(is_released());
    no_sets();
    assert_true(is_released());
}

static void nothing_is_posted_before_the_channel_was_read(void **state)
{
    (void)state;
    start_again();
    flows_submit();
    flows_pass(5 * MINUTE_MS);
    assert_null(flows_find("slack:chat.postMessage", "CPPO-1"));
    no_posts();
    assert_non_null(flows_find("slack:chat.postMessage", "CPPO-1"));
}

/* The release of the lost life comes into AWS's list minutes later: what was approved in the file
 * waits for it. */
static void what_aws_does_not_list_yet_is_waited_for(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(2 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    flows_pass(SECOND_MS);
    end("cs-4", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_false(is_released());
}

/* A mark stands for all that went before it, but AWS may list the later one first. */
static void a_later_mark_does_not_hide_an_earlier_release(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card(1);
    no_sets();
    flows_pass(11 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
}

/* A restart does not cut the wait short. */
static void a_comparison_that_was_cut_off_begins_again(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(5 * MINUTE_MS);
    start_again();
    no_posts();
    no_sets();
    flows_pass(6 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(5 * MINUTE_MS);
    no_posts();
    no_sets();
    assert_true(is_released());
}

/* It goes on at its page; and the operators learn why nothing is published meanwhile. */
static void a_long_comparison_goes_on_after_a_restart(void **state)
{
    (void)state;
    start_restored();
    no_posts();
    flows_pass(2 * MINUTE_MS);
    flows_answer("aws:ListChangeSets", "DESCENDING",
                 "{\"ChangeSetSummaryList\":[],\"NextToken\":\"page-2\"}");
    flows_pass(SECOND_MS);
    assert_non_null(flows_find("aws:ListChangeSets", "page-2"));
    assert_non_null(flows_find("slack:chat.postMessage", "I am comparing my state file"));
    start_again();
    assert_non_null(flows_find("aws:ListChangeSets", "page-2"));
}

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
    flows_decide(JUDGE_WITHDRAW, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
}

static void read_taken_over(struct turn *turn, const void *about)
{
    struct offer offer;
    (void)about;
    assert_true(offers_get(turn, 1, &offer));
    assert_int_equal(offer.revision, 2);
    assert_int_equal(offer.state, OFFER_PUBLISHING);
    assert_string_equal(offer.content.term, "P3650D");
    assert_string_equal(offer.content.markup, "33.3");
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

static size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

static void read_by_operators(const char *words)
{
    flows_answer("slack:chat.postMessage", words, "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
}

/* An ordinary start looks, and says nothing. */
static void a_start_that_finds_all_known_tells_nobody(void **state)
{
    (void)state;
    start_again();
    no_posts();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
    assert_int_equal(told("could not"), 0);
}

/* People waited for it: they learn that it is over, and what it could not show; once. */
static void a_comparison_that_finds_nothing_is_told_when_it_is_over(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
    flows_pass(2 * MINUTE_MS);
    no_posts();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file was older than the marker file"), 1);
    assert_int_equal(told("AWS keeps change sets for 90 days"), 1);
    assert_true(is_released());
    read_by_operators("compared");
    start_again();
    no_posts();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
}

static void report_much(struct turn *turn, const void *unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        char line[60];
        snprintf(line, sizeof(line), "Line number %d of all that was found.", i);
        catching_up_report(turn, line);
    }
}

/* It fits one message of Slack's, and does not hide that it is cut. */
static void a_long_report_says_that_there_is_more(void **state)
{
    (void)state;
    start_restored();
    flows_do(report_much, NULL);
    no_posts();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("Line number 0 of all"), 1);
    assert_int_equal(told("and more: see my log"), 1);
    assert_int_equal(told("Line number 99"), 0);
}

/* The app may not read the channel's history, however often it is tried. */
static void no_history(void)
{
    const struct finish refusal = {.outcome = OUTCOME_RETRY,
                                   .code = "missing_scope",
                                   .text = slack_error_words("missing_scope"),
                                   .retry_after_ms = -1};
    for (int64_t waited = 0; waited < 2 * MINUTE_MS; waited += SECOND_MS) {
        struct sent *sent = flows_find("slack:conversations.history", "\"limit\"");
        if (sent != NULL)
            flows_finish(sent, &refusal);
        flows_pass(SECOND_MS);
    }
}

/* It is looked at twice, and told in one message. */
static void what_a_comparison_could_not_see_is_told_once(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_history();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    flows_pass(SECOND_MS);
    assert_int_equal(told("CPPO-1 was released in the meantime"), 1);
    flows_pass(11 * MINUTE_MS);
    no_history();
    one_release("offer-1", 4);
    flows_pass(SECOND_MS);
    assert_int_equal(told("I cannot read <#C0APPROVALS>"), 1);
    assert_int_equal(told("compared"), 1);
}

/* Nothing tells a first start from one after a loss. */
static void a_new_file_that_cannot_look_into_the_channel_says_so_once(void **state)
{
    (void)state;
    start_lost();
    no_history();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file is new"), 1);
    assert_int_equal(told("groups:history"), 1);
    read_by_operators("groups:history");
    start_again();
    no_history();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("My state file is new"), 0);
}

/* It is told by the process that gets to the end, if the first did not. */
static void a_new_file_whose_first_start_was_cut_off_says_so(void **state)
{
    (void)state;
    start_lost();
    no_history();
    start_again();
    no_history();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file is new"), 1);
}

/* A machine that was cloned, or set back, with the line beside the file, and the file's bytes in
 * their old place: only what stands outside tells. */
static void a_clone_is_known_by_what_stands_at_aws(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    no_posts();
    one_release("offer-1", 4);
    no_posts();
    assert_null(flows_find("aws:StartChangeSet", "ReleaseOffer"));
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
}

/* The change set is in no list of AWS's yet. */
static void a_clone_is_known_by_what_stands_in_slack(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    one_card(1);
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(2 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
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
    second_look();
    assert_false(is_released());
}

/* --- what was used up --------------------------------------------------------------------- */

static void make_single_use(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, "resaleauthz-1", &terms);
    authorization.single_use = true;
    authorizations_put(turn, &authorization, &terms);
}

static int64_t owner(void)
{
    return store_int(flows.store, "SELECT offer FROM claim WHERE authorization = 'resaleauthz-1'",
                     NO_ARGS, 0);
}

static void adopt_release_of_the_first(void)
{
    start_restored();
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
}

/* The file has it waiting; AWS has it released, and its authorization is good for one offer. */
static void what_a_release_used_up_is_not_given_to_another(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(make_single_use, NULL);
    assert_int_equal(owner(), 0);
    adopt_release_of_the_first();
    assert_int_equal(owner(), 1);
    flows_decide(JUDGE_APPROVE, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "pending");
}

/* The file gave it to another offer, which has not been released. */
static void what_a_release_used_up_is_taken_from_another(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(make_single_use, NULL);
    flows_decide(JUDGE_APPROVE, 2, "U0APPROVER");
    assert_int_equal(owner(), 2);
    adopt_release_of_the_first();
    assert_int_equal(owner(), 1);
}

/* --- what may be out ---------------------------------------------------------------------- */

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
    assert_int_equal(told("My messages say that CPPO-1 is published"), 1);
    flows_decide(JUDGE_RETRY, 1, "U0APPROVER");
    flows_decide(JUDGE_RETRY, 1, "U0SELLER");
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

/* The file is from before there was a draft: where the offer is out, nobody knows. */
static void what_may_be_out_somewhere_is_not_made_anew(void **state)
{
    (void)state;
    flows_submit();
    find_only_a_published_card();
    look_once_more();
    assert_int_equal(told("My messages say that CPPO-1 is published"), 1);
    flows_decide(JUDGE_APPROVE, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "failed");
    flows_decide(JUDGE_RETRY, 1, "U0SELLER");
    flows_decide(JUDGE_RETRY, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(made(), 0);
    flows_do(know_operator, NULL);
    flows_decide(JUDGE_RETRY, 1, "U0OPERATOR");
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

static void numbers_go_on_above_the_highest_ever_used(void **state)
{
    (void)state;
    start_lost();
    one_card(7);
    no_sets();
    flows_submit();
    assert_string_equal(flows_state(8), "pending");
}

/* A lost file comes back to it: by its name what it left outside is known. */
static void the_installation_has_the_same_name_in_a_new_file(void **state)
{
    char before[TURN_ID];
    (void)state;
    flows_do(read_names, NULL);
    text_fit(before, sizeof(before), install);
    start_lost();
    flows_do(read_names, NULL);
    assert_string_equal(install, before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_set_up, flows_tear_down)
#define TEST_ON_APPROVAL(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, set_up_on_approval, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_released_before_both_were_read),
        TEST(nothing_is_posted_before_the_channel_was_read),
        TEST(what_aws_does_not_list_yet_is_waited_for),
        TEST(a_later_mark_does_not_hide_an_earlier_release),
        TEST(a_comparison_that_was_cut_off_begins_again),
        TEST(a_long_comparison_goes_on_after_a_restart),
        TEST(a_release_that_cannot_be_read_is_followed),
        TEST(a_release_counts_more_than_what_was_done_meanwhile),
        TEST(a_revision_that_is_taken_over_can_be_read),
        TEST(a_start_that_finds_all_known_tells_nobody),
        TEST(a_comparison_that_finds_nothing_is_told_when_it_is_over),
        TEST(a_long_report_says_that_there_is_more),
        TEST(what_a_comparison_could_not_see_is_told_once),
        TEST(a_new_file_that_cannot_look_into_the_channel_says_so_once),
        TEST(a_new_file_whose_first_start_was_cut_off_says_so),
        TEST(a_clone_is_known_by_what_stands_at_aws),
        TEST(a_clone_is_known_by_what_stands_in_slack),
        TEST(what_was_on_its_way_goes_on),
        TEST(what_was_decided_since_is_not_published),
        TEST(what_a_release_used_up_is_not_given_to_another),
        TEST(what_a_release_used_up_is_taken_from_another),
        TEST(what_may_be_out_waits_until_aws_may_be_asked),
        TEST(what_may_be_out_waits_until_aws_finds_it),
        TEST_ON_APPROVAL(what_may_be_out_somewhere_is_not_made_anew),
        TEST_ON_APPROVAL(what_aws_lists_late_is_not_told_as_unsure),
        TEST(numbers_go_on_above_the_highest_ever_used),
        TEST(the_installation_has_the_same_name_in_a_new_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
