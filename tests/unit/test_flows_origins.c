/* A custom EULA, ours or the ISV's, reads back as any other does: what tells whether it is still
 * the approved one is the entity's revision, and AWS's list of change sets. */
#include "flows/moves.h"
#include "flows_publishing.h"
#include "marketplace/change_sets.h"

enum { MINUTE_MS = 60 * SECOND_MS };

static char ours[2][SET_NAME]; /* names of our change sets that wrote the draft */

static void read_back_with(const char *state, const char *markup, int revision)
{
    describe_held_with(&(struct held){state, markup, "0.009375", revision, "null"},
                       ",{\"Type\":\"LegalTerm\",\"Documents\":[{\"Type\":\"CustomEula\",\"Url\":"
                       "\"https://aws-mp.s3.amazonaws.com/offer-1/1?X-Amz-Expires=3600\"}]}");
}

static void read_back(const char *state, int revision)
{
    read_back_with(state, "25", revision);
}

static void keep_name(char name[SET_NAME])
{
    json_t *body = json_loads(flows_expect("aws:StartChangeSet", "UpdateMarkup")->body, 0, NULL);
    text_fit(name, SET_NAME, json_string_value(json_object_get(body, "ChangeSetName")));
    json_decref(body);
}

/* An offer with a EULA of its own is made, seen at this revision of its entity, and approved. */
static void approve_own(int revision)
{
    struct content content = flows_content();
    content.eula = EULA_CUSTOM;
    text_fit(content.eula_url, sizeof(content.eula_url), "https://partner.s3.amazonaws.com/1.pdf");
    flows_do(flows_add, &content);
    keep_name(ours[0]);
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", ""); /* offer-1@1 */
    read_back("Draft", revision);
    flows_decide(&approve_action, 1, "U0APPROVER");
    describe_authorization();
    read_back("Draft", revision);
}

/* Minutes later book and world are compared again before it goes on. */
static void read_later(int revision)
{
    flows_pass(11 * MINUTE_MS);
    read_back("Draft", revision);
    describe_authorization();
    read_back("Draft", revision);
}

/* One of AWS's list. */
struct set {
    const char *id, *name, *at, *status;
};

static const struct set made = {"cs-make", ours[0], "08:00:05", "SUCCEEDED"};
static const struct set strange = {"cs-strange", "Submitted by 111122223333", "08:00:40",
                                   "SUCCEEDED"};

/* The change sets of our offer, as AWS lists them: the newest first; up to the one without an id.
 */
static void list(const struct set *sets, const char *next)
{
    struct text reply = {0};
    text_add(&reply, "{\"ChangeSetSummaryList\":[");
    for (size_t i = 0; sets[i].id != NULL; i++)
        text_addf(&reply,
                  "%s{\"ChangeSetId\":\"%s\",\"ChangeSetName\":\"%s\",\"StartTime\":"
                  "\"2026-11-24T%sZ\",\"Status\":\"%s\",\"EntityIdList\":[\"offer-1\"]}",
                  i > 0 ? "," : "", sets[i].id, sets[i].name, sets[i].at, sets[i].status);
    text_addf(&reply, "],\"NextToken\":%s}", next);
    flows_answer("aws:ListChangeSets", "\"Name\":\"EntityId\",\"ValueList\":[\"offer-1\"]",
                 text_get(&reply));
    text_free(&reply);
}

static void list_two(const struct set *first, const struct set *second)
{
    const struct set sets[] = {*first, *second, {NULL, NULL, NULL, NULL}};
    list(sets, "null");
}

static void list_one(const struct set *one)
{
    const struct set sets[] = {*one, {NULL, NULL, NULL, NULL}};
    list(sets, "null");
}

static void describe_set(const char *id, const char *type)
{
    char reply[300];
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetId\":\"%s\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[{\"ChangeType\":"
             "\"%s\",\"Entity\":{\"Identifier\":\"offer-1\"}}]}",
             id, type);
    flows_answer("aws:DescribeChangeSet", id, reply);
}

static size_t asked(void)
{
    return flows_count("aws:ListChangeSets", "\"EntityId\"");
}

static size_t releases(void)
{
    return flows_count("aws:StartChangeSet", "ReleaseOffer");
}

/* It reads so until it is believed. */
static void read_until_believed(const char *state, int revision)
{
    for (int i = 0; i < 4 && flows_find("aws:DescribeEntity", "offer-1") != NULL; i++) {
        read_back(state, revision);
        flows_pass(6 * SECOND_MS);
    }
}

static void expect_foreign(int revision)
{
    read_until_believed("Draft", revision);
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(releases(), 0);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM request WHERE problem LIKE '%legal terms were"
                               " changed in the AWS console%' AND can_retry = 1",
                               SQL_NO_ARGS, 0),
                     1);
}

/* --- before the release --- */

static void what_our_change_set_left_is_released_at_once(void **state)
{
    (void)state;
    approve_own(1);
    flows_expect("aws:StartChangeSet", "\"offer-1@1\"");
    assert_int_equal(asked(), 0);
}

static void an_eula_that_somebody_else_put_there_is_not_released(void **state)
{
    (void)state;
    approve_own(2);
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(2);
}

/* Nowhere does AWS say that what failed leaves nothing behind; and what it applies may be there. */
static void what_failed_or_is_applied_may_have_changed_it(void **state)
{
    static const char *const statuses[] = {"FAILED", "APPLYING"};
    for (size_t i = 0; i < 2; i++) {
        const struct set other = {"cs-strange", "Submitted by hand", "08:00:05", statuses[i]};
        if (i > 0) {
            flows_tear_down(state);
            flows_set_up(state);
        }
        approve_own(2);
        list_two(&other, &made); /* in the same second: nobody knows which came first */
        describe_set("cs-strange", "UpdateLegalTerms");
        expect_foreign(2);
    }
}

/* The retry writes the whole draft once more, the EULA too; what somebody did before is undone by
 * that. */
static void a_retry_writes_the_eula_once_more(void **state)
{
    struct set updated = {"cs-update", ours[1], "08:10:00", "SUCCEEDED"};
    const struct set sets[] = {updated, strange, made, {NULL, NULL, NULL, NULL}};
    (void)state;
    approve_own(2);
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(2);
    flows_decide(&retry_action, 1, "U0SELLER");
    keep_name(ours[1]);
    start("UpdateLegalTerms", "cs-update");
    flows_answer(
        "aws:DescribeChangeSet", "cs-update",
        "{\"ChangeSetId\":\"cs-update\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[{\"Entity\":"
        "{\"Identifier\":\"offer-1\"}}]}"); /* of an update AWS tells no revision */
    describe_authorization();
    for (int i = 0; i < 2; i++) /* for the card, and for the release */
        read_back("Draft", 3);
    list(sets, "null");
    flows_pass(9 * MINUTE_MS);
    assert_int_equal(releases(), 0); /* AWS's lists lag: what is not there yet may come */
    read_later(3);
    list(sets, "null");
    read_back("Draft", 3);
    flows_expect("aws:StartChangeSet", "\"offer-1@3\"");
    assert_int_equal(flows_count("aws:DescribeChangeSet", "cs-strange"), 1);
}

static void a_revision_that_aws_raised_itself_is_released(void **state)
{
    (void)state;
    approve_own(2);
    list_one(&made);
    read_later(2);
    list_one(&made);
    read_back("Draft", 2);
    flows_expect("aws:StartChangeSet", "\"offer-1@2\"");
}

/* It was seen long before the approval: nothing more can come to AWS's lists. */
static void it_does_not_wait_for_what_was_there_long_ago(void **state)
{
    struct content content = flows_content();
    (void)state;
    content.eula = EULA_CUSTOM;
    text_fit(content.eula_url, sizeof(content.eula_url), "https://partner.s3.amazonaws.com/1.pdf");
    flows_do(flows_add, &content);
    keep_name(ours[0]);
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    read_back("Draft", 2);
    flows_pass(11 * MINUTE_MS);
    flows_decide(&approve_action, 1, "U0APPROVER");
    describe_authorization();
    read_back("Draft", 2);
    list_one(&made);
    read_back("Draft", 2);
    flows_expect("aws:StartChangeSet", "\"offer-1@2\"");
}

/* What else somebody changes, and takes back, is seen in the offer. */
static void other_changes_of_others_do_not_matter(void **state)
{
    const struct set second = {"cs-second", "Submitted by hand", "08:00:30", "SUCCEEDED"};
    const struct set sets[] = {strange, second, made, {NULL, NULL, NULL, NULL}};
    (void)state;
    approve_own(3);
    for (int i = 0; i < 2; i++) {
        list(sets, "null");
        describe_set("cs-strange", "UpdateMarkup");
        describe_set("cs-second", "UpdateMarkup");
        if (i == 0)
            read_later(3);
    }
    read_back("Draft", 3);
    flows_expect("aws:StartChangeSet", "\"offer-1@3\"");
}

static void a_long_list_is_read_to_our_own_change_set(void **state)
{
    const struct set page[] = {strange, {NULL, NULL, NULL, NULL}};
    (void)state;
    approve_own(2);
    list(page, "\"page-2\"");
    flows_expect("aws:ListChangeSets", "\"page-2\"");
    list_one(&made);
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(2);
}

static void endless_lists_end(void **state)
{
    static const struct set none[] = {{NULL, NULL, NULL, NULL}};
    (void)state;
    approve_own(2);
    for (int i = 0; i < 100 && flows_find("aws:ListChangeSets", "\"EntityId\"") != NULL; i++)
        list(none, "\"more\"");
    expect_foreign(2);
}

static void advance(struct turn *turn, const void *unused)
{
    struct request offer;
    (void)unused;
    assert_true(offers_get(turn, 1, &offer));
    moves_wake(turn, &offer);
}

/* An answer about what has changed since says nothing. */
static void an_answer_about_an_older_revision_does_not_count(void **state)
{
    (void)state;
    approve_own(2);
    flows_pass(11 * MINUTE_MS); /* the answer is slow */
    flows_do(advance, NULL);
    describe_authorization();
    read_back("Draft", 3);
    list_one(&made);
    assert_null(flows_find("aws:DescribeEntity", "offer-1"));
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(3);
}

static void without_the_right_to_ask_it_waits(void **state)
{
    (void)state;
    approve_own(2);
    flows_fail("aws:ListChangeSets", "\"EntityId\"", OUTCOME_REFUSED, "AccessDeniedException");
    assert_string_equal(flows_state(1), "approved");
    assert_int_equal(flows_count("slack:chat.postMessage", "AWS refuses ListChangeSets"), 1);
    flows_pass(2 * MINUTE_MS);
    describe_authorization();
    read_back("Draft", 2);
    list_two(&strange, &made);
    flows_fail("aws:DescribeChangeSet", "cs-strange", OUTCOME_REFUSED, "AccessDeniedException");
    assert_string_equal(flows_state(1), "approved");
    flows_pass(10 * MINUTE_MS);
    describe_authorization();
    read_back("Draft", 2); /* no comparison is fresh */
    describe_authorization();
    read_back("Draft", 2);
    list_one(&made);
    read_back("Draft", 2);
    flows_expect("aws:StartChangeSet", "\"offer-1@2\"");
}

/* Another refusal is said, and can be tried again; a change set that is gone may have been it. */
static void other_refusals(void **state)
{
    (void)state;
    approve_own(2);
    flows_fail("aws:ListChangeSets", "\"EntityId\"", OUTCOME_REFUSED, "ValidationException");
    assert_string_equal(flows_state(1), "failed");
    flows_decide(&retry_action, 1, "U0SELLER");
    describe_authorization();
    read_back("Draft", 2);
    list_two(&strange, &made);
    flows_fail("aws:DescribeChangeSet", "cs-strange", OUTCOME_REFUSED, "ResourceNotFoundException");
    expect_foreign(2);
}

/* All other legal terms are told apart by what AWS says of them. */
static void offers_without_a_eula_of_their_own_are_not_asked_about(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_held(&(struct held){"Draft", "25", "0.009375", 9, "null"});
    flows_expect("aws:StartChangeSet", "\"offer-1@9\"");
    assert_int_equal(asked(), 0);
}

/* --- the ISV's own --- */

/* Revision 2 of our offer, as AWS holds it. */
#define EDITED                                                                                     \
    "{\"EntityIdentifier\":\"offer-1@%d\",\"DetailsDocument\":{\"State\":\"Draft\",\"Name\":"      \
    "\"Archera - Subscription\",\"Description\":\"Example Corp - CPPO-1 r2\","                     \
    "\"ResaleAuthorizationId\":\"resaleauthz-1\",\"MarkupPercentage\":\"20\",\"Rules\":[{"         \
    "\"Type\":"                                                                                    \
    "\"AvailabilityRule\",\"AvailabilityEndDate\":\"2027-01-20\"},{\"Type\":\"TargetingRule\","    \
    "\"PositiveTargeting\":{\"BuyerAccounts\":[\"123456789012\"]}}],\"Terms\":[{\"Type\":"         \
    "\"ValidityTerm\",\"AgreementDuration\":\"P3650D\"},{\"Type\":\"UsageBasedPricingTerm\","      \
    "\"CurrencyCode\":\"USD\",\"RateCards\":[{\"RateCard\":[{\"DimensionKey\":\"PremiumUnits\","   \
    "\"Price\":\"0.009\"}]}]},{\"Type\":\"LegalTerm\",\"Documents\":[{\"Type\":\"CustomEula\"}]}]" \
    "}}"

static void extend_custom(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, "resaleauthz-1", &terms);
    terms_add(&terms, &(struct term_line){.kind = TERM_LEGAL, .key = "CustomEula"});
    authorizations_put(turn, &authorization, &terms);
}

static void describe_extended(void)
{
    describe_authorization_with(
        ",{\"Type\":\"BuyerLegalTerm\",\"Documents\":[{\"Type\":\"CustomEula\",\"Url\":"
        "\"https://isv.s3.amazonaws.com/eula.txt\"}]}");
}

/* An offer as authorized, under a EULA of the ISV's; approved while AWS holds this revision. */
static void approve_as_authorized(int revision)
{
    flows_submit();
    flows_do(extend_custom, NULL);
    keep_name(ours[0]);
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    read_back("Draft", revision);
    flows_decide(&approve_action, 1, "U0APPROVER");
    describe_extended();
}

static void the_eula_of_the_isv_is_released_at_once(void **state)
{
    (void)state;
    approve_as_authorized(1);
    read_back("Draft", 1);
    flows_expect("aws:StartChangeSet", "\"offer-1@1\"");
    assert_int_equal(asked(), 0);
}

/* No update of ours can bring it back, so the retry makes another draft. */
static void an_eula_in_the_place_of_the_isvs_is_not_released(void **state)
{
    (void)state;
    approve_as_authorized(2);
    read_back("Draft", 2);
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(2);
    flows_decide(&retry_action, 1, "U0SELLER");
    flows_expect("aws:StartChangeSet", "CreateCPPO");
}

/* It tells its revision, which it need not have raised, and writes no legal terms. */
static void an_update_leaves_what_came_with_the_authorization(void **state)
{
    struct set updated = {"cs-update", ours[1], "08:10:00", "SUCCEEDED"};
    const struct set sets[] = {updated, strange, made, {NULL, NULL, NULL, NULL}};
    (void)state;
    approve_as_authorized(1);
    for (int i = 0; i < 4 && flows_find("aws:DescribeEntity", "offer-1") != NULL; i++) {
        read_back_with("Draft", "30", 2);
        flows_pass(6 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "failed");
    flows_decide(&retry_action, 1, "U0SELLER");
    keep_name(ours[1]);
    start("UpdateMarkup", "cs-update");
    flows_answer(
        "aws:DescribeChangeSet", "cs-update",
        "{\"ChangeSetId\":\"cs-update\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[{\"Entity\":"
        "{\"Identifier\":\"offer-1@2\"}}]}");
    describe_extended();
    for (int i = 0; i < 2; i++) /* for the card, and for the release */
        read_back("Draft", 2);
    list(sets, "null");
    describe_set("cs-strange", "UpdateLegalTerms");
    expect_foreign(2);
}

static void approve_edited(struct turn *turn, const void *unused)
{
    const struct pending_action asked = {
        .what = &approve_action, .request = 1, .revision = 2, .person = "U0APPROVER"};
    (void)unused;
    flows_judge_click(turn, &asked);
}

static void read_edited(int revision)
{
    char reply[1200];
    snprintf(reply, sizeof(reply), EDITED, revision);
    flows_answer("aws:DescribeEntity", "offer-1", reply);
}

static void send_another_revision(struct turn *turn, const void *unused)
{
    struct content content = flows_content();
    struct request offer;
    (void)unused;
    text_fit(content.markup, sizeof(content.markup), "20");
    assert_true(offers_get(turn, 1, &offer));
    assert_true(flows_revise(turn, &offer, &content, "form-2"));
    assert_true(moves_apply(turn, &offer, EVENT_SUBMIT, actor_person("U0SELLER"), ""));
}

/* The draft holds another revision of ours, at this one of its entity. */
static void edit_as_authorized(int revision)
{
    flows_submit();
    flows_do(extend_custom, NULL);
    keep_name(ours[0]);
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    read_back("Draft", 1);
    flows_do(send_another_revision, NULL);
    keep_name(ours[1]);
    start("UpdateMarkup", "cs-update");
    flows_answer("aws:DescribeChangeSet", "cs-update",
                 "{\"ChangeSetId\":\"cs-update\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[{"
                 "\"Entity\":{\"Identifier\":\"offer-1\"}}]}");
    read_edited(revision);
    flows_do(approve_edited, NULL);
    describe_extended();
    read_edited(revision);
}

/* Our change set raised the revision, and none beside it did. */
static void an_edit_is_released_at_once(void **state)
{
    (void)state;
    edit_as_authorized(2);
    flows_expect("aws:StartChangeSet", "\"offer-1@2\"");
    assert_int_equal(asked(), 0);
}

static void an_edit_after_somebody_elses_is_asked_about(void **state)
{
    (void)state;
    edit_as_authorized(3);
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    for (int i = 0; i < 4 && flows_find("aws:DescribeEntity", "offer-1") != NULL; i++) {
        read_edited(3);
        flows_pass(6 * SECOND_MS);
    }
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(releases(), 0);
}

static void released_by_hand_with_another_eula(void **state)
{
    (void)state;
    approve_own(2);
    list_two(&strange, &made);
    describe_set("cs-strange", "UpdateLegalTerms");
    read_until_believed("Released", 2);
    assert_string_equal(flows_state(1), "failed");
    assert_int_equal(flows_count("slack:chat.postMessage", "The buyer can accept it"), 1);
}

/* --- after the release --- */

static void release_own(void)
{
    approve_own(1);
    start("ReleaseOffer", "cs-release");
    end("cs-release", "SUCCEEDED", "");
    read_back("Released", 3);
    assert_string_equal(flows_state(1), "published");
}

/* AWS need not heed the revision that was named: between the reading and the release somebody put
 * another EULA there. */
static void an_eula_that_came_before_the_release_is_told_after_it(void **state)
{
    const struct set release = {"cs-release", "Submitted by hand", "08:00:50", "SUCCEEDED"};
    const struct set sets[] = {release, strange, made, {NULL, NULL, NULL, NULL}};
    (void)state;
    release_own();
    flows_pass(11 * MINUTE_MS);
    list(sets, "null");
    describe_set("cs-release", "ReleaseOffer");
    assert_int_equal(flows_count("slack:chat.postMessage", "what is live is not what was"), 0);
    describe_set("cs-strange", "UpdateLegalTerms");
    assert_int_equal(flows_count("slack:chat.postMessage", "what is live is not what was"), 1);
    assert_string_equal(flows_state(1), "published");
}

static void what_is_ours_is_asked_about_once(void **state)
{
    (void)state;
    release_own();
    flows_pass(11 * MINUTE_MS);
    flows_fail("aws:ListChangeSets", "\"EntityId\"", OUTCOME_REFUSED, "AccessDeniedException");
    flows_pass(61 * MINUTE_MS);
    list_one(&made);
    flows_pass(120 * MINUTE_MS);
    assert_int_equal(asked(), 2);
    assert_int_equal(flows_count("slack:chat.postMessage", "what is live is not what was"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(what_our_change_set_left_is_released_at_once),
        FLOWS_TEST(an_eula_that_somebody_else_put_there_is_not_released),
        FLOWS_TEST(what_failed_or_is_applied_may_have_changed_it),
        FLOWS_TEST(a_retry_writes_the_eula_once_more),
        FLOWS_TEST(a_revision_that_aws_raised_itself_is_released),
        FLOWS_TEST(it_does_not_wait_for_what_was_there_long_ago),
        FLOWS_TEST(other_changes_of_others_do_not_matter),
        FLOWS_TEST(a_long_list_is_read_to_our_own_change_set),
        FLOWS_TEST(endless_lists_end),
        FLOWS_TEST(an_answer_about_an_older_revision_does_not_count),
        FLOWS_TEST(without_the_right_to_ask_it_waits),
        FLOWS_TEST(other_refusals),
        FLOWS_TEST(offers_without_a_eula_of_their_own_are_not_asked_about),
        FLOWS_TEST(the_eula_of_the_isv_is_released_at_once),
        FLOWS_TEST(an_eula_in_the_place_of_the_isvs_is_not_released),
        FLOWS_TEST(an_update_leaves_what_came_with_the_authorization),
        FLOWS_TEST(an_edit_is_released_at_once),
        FLOWS_TEST(an_edit_after_somebody_elses_is_asked_about),
        FLOWS_TEST(released_by_hand_with_another_eula),
        FLOWS_TEST(an_eula_that_came_before_the_release_is_told_after_it),
        FLOWS_TEST(what_is_ours_is_asked_about_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
