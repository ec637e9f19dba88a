/* From the approval to the release, where AWS is slow, wrong or in two minds. */
#include "flows_publishing.h"
#include "marketplace/change_sets.h"

static void copy_name(const struct sent *sent, char name[SET_NAME])
{
    json_t *body = json_loads(sent->body, 0, NULL);
    text_fit(name, SET_NAME, json_string_value(json_object_get(body, "ChangeSetName")));
    json_decref(body);
}

/* AWS answers a name and token that it knows with the change set of that time: what is to be done
 * once more needs others, or it is not done. */
static void no_change_set_has_the_name_of_an_earlier_one(void **state)
{
    char names[2][SET_NAME];
    (void)state;
    submit_and_approve();
    for (int i = 0; i < 2; i++) { /* somebody changes the draft in the console, twice */
        char id[32];
        snprintf(id, sizeof(id), "cs-update-%d", i);
        describe_authorization();
        describe_other("99");
        assert_string_equal(flows_state(1), "failed");
        flows_decide(&retry_action, 1, "U0SELLER");
        copy_name(flows_expect("aws:StartChangeSet", "UpdateMarkup"), names[i]);
        start("UpdateMarkup", id);
        end(id, "SUCCEEDED", "");
        describe_offer("Draft", "25"); /* for the card */
    }
    assert_string_not_equal(names[0], names[1]);
    release_starts("cs-release");
}

/* "Released already", AWS says, and shows a draft. */
static const char two_drafts[] =
    "{\"EntitySummaryList\":[{\"EntityId\":\"offer-8\",\"EntityType\":\"Offer\"},"
    "{\"EntityId\":\"offer-9\",\"EntityType\":\"Offer\"}]}";

/* One draft could not be read, and AWS is slow with the other: neither look is judged by it. */
static void the_next_look_waits_until_the_last_is_read(void **state)
{
    (void)state;
    flows_submit();
    flows_fail("aws:StartChangeSet", "CreateCPPO", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(60 * SECOND_MS);
    flows_answer("aws:ListChangeSets", "", "{\"ChangeSetSummaryList\":[]}");
    flows_pass(0);
    flows_answer("aws:ListEntities", "resaleauthz-1", two_drafts);
    flows_pass(0);
    flows_fail("aws:DescribeEntity", "offer-8", OUTCOME_REFUSED, "AccessDeniedException");
    flows_pass(1800 * SECOND_MS);
    assert_int_equal(flows_count("aws:ListChangeSets", "ChangeSetName"), 1);
    flows_fail("aws:DescribeEntity", "offer-9", OUTCOME_REFUSED, "AccessDeniedException");
    flows_pass(660 * SECOND_MS);
    assert_int_equal(flows_count("aws:ListChangeSets", "ChangeSetName"), 2);
    assert_int_equal(flows_count("aws:StartChangeSet", ""), 1);
}

static void a_release_that_is_refused_as_done_and_is_not_fails(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "FAILED",
        ",\"ErrorDetailList\":[{\"ErrorCode\":\"INVALID_UPDATE_REQUEST\",\"ErrorMessage\":\"no\"}"
        "]");
    for (int i = 0; i < 200 && strcmp(flows_state(1), "publishing") == 0; i++) {
        if (flows_find("aws:DescribeEntity", "offer-1") != NULL)
            describe_offer("Draft", "25");
        flows_pass(30 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 1);
}

static void a_release_that_aws_does_not_show_is_told_to_the_operators_once(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    for (int i = 0; i < 60; i++) {
        if (flows_find("aws:DescribeEntity", "offer-1") != NULL)
            describe_offer("Draft", "25");
        flows_pass(60 * SECOND_MS);
    }
    assert_int_equal(flows_count("slack:chat.postMessage", "does not appear released yet"), 1);
    flows_pass(60 * SECOND_MS);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
}

static const char own_fault[] = ",\"x\":0}],\"FailureCode\":\"SERVER_FAULT\",\"y\":[{\"z\":1";

/* AWS's own fault, again and again: three tries, then people decide; and then three again. */
static void a_step_is_made_three_times_when_the_fault_is_of_aws(void **state)
{
    (void)state;
    submit_and_approve();
    for (int life = 0; life < 2; life++) {
        for (int i = 0; i < 3; i++) {
            char id[32];
            snprintf(id, sizeof(id), "cs-release-%d", 3 * life + i);
            release_starts(id);
            end(id, "FAILED", own_fault);
        }
        assert_string_equal(flows_state(1), "failed");
        expect_failed_by("aws");
        flows_decide(&retry_action, 1, "U0SELLER");
    }
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 6);
}

static void revise_again(struct turn *turn, const void *unused)
{
    const struct content content = flows_content();
    (void)unused;
    send_revision(turn, &content);
}

/* What failed before that was another change, whose faults are none of its own. */
static void a_fault_counts_for_its_own_change(void **state)
{
    (void)state;
    flows_submit();
    for (int i = 0; i < 2; i++) {
        start("CreateCPPO", i == 0 ? "cs-1" : "cs-2");
        end(i == 0 ? "cs-1" : "cs-2", "FAILED", own_fault);
    }
    start("CreateCPPO", "cs-3");
    end("cs-3", "CANCELLED", "");
    assert_string_equal(flows_state(1), "changes_requested");
    flows_do(revise_again, NULL);
    for (int i = 4; i < 6; i++) {
        char id[16];
        snprintf(id, sizeof(id), "cs-%d", i);
        assert_string_equal(flows_state(1), "pending");
        start("CreateCPPO", id);
        end(id, "FAILED", own_fault);
    }
    assert_string_equal(flows_state(1), "pending");
    start("CreateCPPO", "cs-6");
    end("cs-6", "FAILED", own_fault);
    assert_string_equal(flows_state(1), "changes_requested"); /* three of its own */
}

/* A second revision, of an authorization that can be used once. */
static void revise_to_single_use(struct turn *turn, const void *unused)
{
    struct content content = flows_content();
    struct terms terms;
    struct authorization once;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &once));
    authorizations_terms(turn, "resaleauthz-1", &terms);
    text_fit(once.id, sizeof(once.id), "resaleauthz-2");
    once.single_use = true;
    authorizations_put(turn, &once, &terms);
    text_fit(content.authorization, sizeof(content.authorization), "resaleauthz-2");
    send_revision(turn, &content);
}

/* AWS's own fault, and meanwhile another authorization is wanted: what can be used once is not
 * touched before the approval. */
static void a_fault_of_aws_makes_no_draft_too_early(void **state)
{
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    flows_do(revise_to_single_use, NULL);
    end("cs-make", "FAILED", own_fault);
    flows_pass(60 * SECOND_MS);
    assert_int_equal(flows_count("aws:StartChangeSet", ""), 1);
    assert_string_equal(flows_state(1), "pending");
}

/* --- what is released is what was read back --- */

static void a_release_names_the_revision_that_was_read(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_held(&(struct held){"Draft", "25", "0.009375", 7, "[]"});
    flows_expect("aws:StartChangeSet", "\"offer-1@7\"");
}

/* AWS's reads lag behind what it took: a look that shows something else is not the last. */
static void a_draft_is_looked_at_again_before_it_is_called_different(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    for (int i = 0; i < 3; i++) {
        describe_offer("Draft", "0");
        assert_null(flows_find("aws:StartChangeSet", "ReleaseOffer"));
        assert_null(flows_find("aws:DescribeEntity", "offer-1")); /* not at once */
        flows_pass(6 * SECOND_MS);
        assert_string_equal(flows_state(1), "approved");
    }
    describe_offer("Draft", "25");
    flows_expect("aws:StartChangeSet", "ReleaseOffer");
}

static void expect_problem(const char *words)
{
    struct rows *rows =
        store_query(flows.store, "SELECT problem FROM request WHERE number = 1", SQL_NO_ARGS);
    assert_true(rows_next(rows));
    if (strstr(rows_text(rows, 0), words) == NULL)
        fail_msg("%s", rows_text(rows, 0));
    rows_close(rows);
}

/* Whatever it is that a colleague changes in the console. */
static void nothing_else_than_was_approved_is_released(void **state)
{
    static const struct {
        struct held held;
        const char *words;
    } cases[] = {
        {{"Draft", "26", "0.009375", 3, "null"}, "the markup"},
        {{"Draft", "25", "0.01", 3, "null"}, "0.01 USD"},
        {{"Draft", "25", "0.009375", 3, "[\"DE\"]"}, "countries (DE)"},
    };
    (void)state;
    submit_and_approve();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char id[32];
        describe_authorization();
        for (int look = 0; look < 4; look++) {
            assert_string_not_equal(flows_state(1), "failed");
            describe_held(&cases[i].held);
            flows_pass(6 * SECOND_MS);
        }
        assert_string_equal(flows_state(1), "failed");
        expect_failed_by("bot");
        expect_problem(cases[i].words);
        flows_decide(&retry_action, 1, "U0SELLER");
        snprintf(id, sizeof(id), "cs-update-%zu", i);
        start("UpdateMarkup", id);
        end(id, "SUCCEEDED", "");
        describe_offer("Draft", "25"); /* for the card */
    }
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
}

/* Somebody edits the draft each time after it was read: in the end people are told. */
static void a_stale_release_is_read_back_again_five_times_at_most(void **state)
{
    static const char failed[] = ",\"ErrorDetailList\":[{\"ErrorCode\":\"X\",\"ErrorMessage\":"
                                 "\"The newest revision is 9\"}]";
    (void)state;
    submit_and_approve();
    for (int i = 0; i < 5; i++) {
        char id[32];
        assert_int_equal(flows_count("slack:chat.postMessage", "changes each time"), 0);
        describe_authorization();
        describe_held(&(struct held){"Draft", "25", "0.009375", 3 + i, "null"});
        if (i % 2 == 0) { /* at once, or at the change set's end */
            flows_fail("aws:StartChangeSet", "ReleaseOffer", OUTCOME_REFUSED,
                       "ValidationException");
        } else {
            snprintf(id, sizeof(id), "cs-stale-%d", i);
            start("ReleaseOffer", id);
            end(id, "FAILED", failed);
        }
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 5);
    assert_true(flows_count("slack:chat.postMessage", "changes each time") > 0);
    flows_decide(&retry_action, 1, "U0SELLER"); /* and then five times again */
    release_starts("cs-release");
}

/* No page says by which code AWS refuses a revision that is not the newest: whatever is not known
 * may be that. Three tries, and people decide; they can try again. */
static void a_release_that_fails_for_no_known_reason_is_read_back_again(void **state)
{
    static const char *const failed[] = {
        ",\"ErrorDetailList\":[{\"ErrorCode\":\"CONFLICTING_REQUEST\",\"ErrorMessage\":\"no\"}]",
        "",
        (",\"ErrorDetailList\":[{\"ErrorCode\":\"X\",\"ErrorMessage\":\"no\"},"
         "{\"ErrorCode\":\"Y\",\"ErrorMessage\":\"no\"}]")};
    (void)state;
    submit_and_approve();
    for (int i = 0; i < 3; i++) {
        char id[32];
        assert_string_not_equal(flows_state(1), "failed");
        describe_authorization();
        describe_held(&(struct held){"Draft", "25", "0.009375", 3 + i, "null"});
        snprintf(id, sizeof(id), "cs-strange-%d", i);
        start("ReleaseOffer", id);
        end(id, "FAILED", failed[i]);
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 3);
    flows_decide(&retry_action, 1, "U0SELLER");
    describe_authorization();
    describe_other("1"); /* it was changed indeed */
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 3);
}

/* What AWS's pages know is said at once. */
static void a_release_that_fails_for_a_known_reason_is_not_repeated(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "FAILED",
        ",\"ErrorDetailList\":[{\"ErrorCode\":\"MISSING_NAME\",\"ErrorMessage\":\"no\"},"
        "{\"ErrorCode\":\"X\",\"ErrorMessage\":\"no\"}]");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 1);
}

/* AWS is away; it certainly did nothing. What is released an hour later was read back then. */
static void a_release_that_waits_is_read_back_anew(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    for (int i = 0; i < 3600 && flows_find("aws:DescribeEntity", "resaleauthz-1") == NULL; i++) {
        if (flows_find("aws:StartChangeSet", "ReleaseOffer") != NULL)
            flows_fail("aws:StartChangeSet", "ReleaseOffer", OUTCOME_RETRY, "ThrottlingException");
        flows_pass(SECOND_MS);
    }
    size_t tries = flows_count("aws:StartChangeSet", "ReleaseOffer");
    describe_authorization();
    describe_other("1"); /* changed meanwhile */
    assert_string_equal(flows_state(1), "failed");
    flows_pass(3600 * SECOND_MS);
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), tries);
}

/* The answer was lost, and AWS knows of no such change set: nothing is released blindly. */
static void a_release_that_was_not_taken_is_read_back_anew(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    flows_fail("aws:StartChangeSet", "ReleaseOffer", OUTCOME_UNKNOWN, "no_answer");
    for (int i = 0; i < 2; i++) {
        flows_pass(1300 * SECOND_MS);
        flows_answer("aws:ListChangeSets", "release", "{\"ChangeSetSummaryList\":[]}");
    }
    describe_authorization();
    describe_other("1");
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 1);
}

/* AWS need not heed the revision that the release named. */
static void what_is_live_is_compared_once_more(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    for (int i = 0; i < 4; i++) {
        describe_offer("Released", "1");
        flows_pass(6 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(flows_count("slack:chat.postMessage", "C0OPERATORS"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "what is live is not what was"), 1);
}

/* An offer whose content is damaged in the book rests: with what would it be compared? */
static void what_cannot_be_read_is_not_called_different(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    store_run(flows.store, "UPDATE revision SET content = 'customer=Half' WHERE request = 1",
              SQL_NO_ARGS);
    describe_offer("Released", "25");
    flows_pass(60 * SECOND_MS);
    assert_string_equal(flows_state(1), "publishing");
    assert_int_equal(flows_count("slack:chat.postMessage", "what is live is not what was"), 0);
    assert_int_equal(flows_count("slack:chat.postMessage", "CPPO-1 cannot be read"), 1);
}

static void released_in_the_console_with_other_content(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    for (int i = 0; i < 4; i++) {
        describe_offer("Released", "1");
        flows_pass(6 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("slack:chat.postMessage", "The buyer can accept it"), 1);
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
}

/* --- AWS's own prices, on the card --- */

static int64_t prices_read(void)
{
    return store_int(flows.store, "SELECT prices_read FROM draft", SQL_NO_ARGS, -1);
}

static int64_t prices_differ(void)
{
    return store_int(flows.store, "SELECT count(*) FROM draft WHERE price_problem <> ''",
                     SQL_NO_ARGS, -1);
}

/* What AWS shows at first may be what was there before: it is called different when it stays so. */
static void aws_prices_are_looked_at_several_times(void **state)
{
    const struct held before = {"Draft", "25", "0.0075", 3, "null"};
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_held(&before);
    assert_int_equal(prices_read(), 0);
    flows_pass(6 * SECOND_MS);
    describe_offer("Draft", "25");
    assert_int_equal(prices_read(), 1);
    assert_int_equal(prices_differ(), 0);
    flows_pass(60 * SECOND_MS);
    assert_null(flows_find("aws:DescribeEntity", "offer-1")); /* and not for ever */
}

static void prices_that_stay_different_are_told(void **state)
{
    const struct held other = {"Draft", "25", "0.0075", 3, "null"};
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    for (int i = 0; i < 4; i++) {
        assert_int_equal(prices_read(), 0);
        describe_held(&other);
        flows_pass(6 * SECOND_MS);
    }
    assert_int_equal(prices_read(), 1);
    assert_int_equal(prices_differ(), 1);
}

static void run_sql(struct turn *turn, const void *sql)
{
    store_run(turn_writes(turn), sql, SQL_NO_ARGS);
}

/* Whatever led there: without its approvals, or with another price than they saw, it stays. */
static void what_is_not_allowed_is_not_released(void **state)
{
    static const char *const harm[] = {
        "DELETE FROM vote",
        "UPDATE vote SET revision = 1, person = 'U0SELLER'", /* the requester's own */
        "INSERT INTO alias (id, person) VALUES ('U0APPROVER', 'U0SELLER')", /* under another id */
        "UPDATE seen SET terms = replace(terms, '0.0075', '0.007')",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
        if (i > 0) {
            flows_tear_down(state);
            flows_set_up(state);
        }
        submit_and_approve();
        flows_do(run_sql, harm[i]);
        describe_authorization();
        describe_offer("Draft", "25");
        assert_string_equal(flows_state(1), "failed");
        expect_failed_by("bot");
        assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
        assert_int_equal(flows_count("slack:chat.postMessage", "C0OPERATORS"), 1);
    }
}

/* The draft is looked at several times, and its EULA's origin waited for: minutes, in which the ISV
 * may do something. */
static void what_was_restricted_meanwhile_is_not_released(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "26"); /* AWS's reads lag */
    flows_do(run_sql, "UPDATE authorization SET status = 'Restricted'");
    flows_pass(6 * SECOND_MS);
    describe_offer("Draft", "25");
    assert_string_equal(flows_state(1), "failed");
    expect_failed_by("aws");
    expect_problem("was restricted by the ISV");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(no_change_set_has_the_name_of_an_earlier_one),
        FLOWS_TEST(the_next_look_waits_until_the_last_is_read),
        FLOWS_TEST(a_release_that_is_refused_as_done_and_is_not_fails),
        FLOWS_TEST(a_release_that_aws_does_not_show_is_told_to_the_operators_once),
        FLOWS_TEST(a_step_is_made_three_times_when_the_fault_is_of_aws),
        FLOWS_TEST(a_fault_counts_for_its_own_change),
        FLOWS_TEST(a_fault_of_aws_makes_no_draft_too_early),
        FLOWS_TEST(a_release_names_the_revision_that_was_read),
        FLOWS_TEST(a_draft_is_looked_at_again_before_it_is_called_different),
        FLOWS_TEST(nothing_else_than_was_approved_is_released),
        FLOWS_TEST(a_stale_release_is_read_back_again_five_times_at_most),
        FLOWS_TEST(a_release_that_fails_for_no_known_reason_is_read_back_again),
        FLOWS_TEST(a_release_that_fails_for_a_known_reason_is_not_repeated),
        FLOWS_TEST(a_release_that_waits_is_read_back_anew),
        FLOWS_TEST(a_release_that_was_not_taken_is_read_back_anew),
        FLOWS_TEST(what_is_live_is_compared_once_more),
        FLOWS_TEST(what_cannot_be_read_is_not_called_different),
        FLOWS_TEST(released_in_the_console_with_other_content),
        FLOWS_TEST(what_is_not_allowed_is_not_released),
        FLOWS_TEST(what_was_restricted_meanwhile_is_not_released),
        FLOWS_TEST(aws_prices_are_looked_at_several_times),
        FLOWS_TEST(prices_that_stay_different_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
