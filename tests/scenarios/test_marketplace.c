/* Bad days of AWS, and authorizations that are not what they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "marketplace", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void fault(const char *where, const char *method, const char *what, json_t *value)
{
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:o}", "where", where, "method", method, what, value));
}

static void approve(const char *user)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
}

static void approve_offer(const char *user, const char *offer)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, offer), "approve");
}

/* The form, sent in with another authorization than the usual one. */
static void request_from(const char *authorization, const char *customer, const char *buyers)
{
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    expect(&w,
           world_submit(&w, "U0SELLER",
                        json_pack("{s:s, s:s, s:s}", "authorization", authorization, "customer",
                                  customer, "buyers", buyers)) == NULL,
           "it is taken");
}

/* --- AWS --- */

static void test_aws_throttles_and_locks(void **state)
{
    (void)state;
    fault("aws", "StartChangeSet", "error", json_string("ThrottlingException"));
    fault("aws", "StartChangeSet", "error", json_string("ResourceInUseException"));
    fault("aws", "DescribeChangeSet", "error", json_string("ThrottlingException"));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "AWS takes it in the end");
    approve("U0MIA");
    world_published_once(&w);
}

/* The answer to a start is lost: the change set is found by its name. */
/* AWS promises little about its tokens, so nothing may rest on them alone. */
static void test_lost_answer_makes_no_second_draft(void **state)
{
    (void)state;
    world_do(&w, "fault", json_pack("{s:s}", "tokens", "ignored"));
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s, s:s}", "where", "aws", "method", "StartChangeSet", "drop", "after"));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the change set is found");
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s, s:s}", "where", "aws", "method", "StartChangeSet", "drop", "after"));
    approve("U0MIA");
    world_published_once(&w);
    expect(&w, json_object_size(json_object_get(json_object_get(w.state, "market"), "offers")) == 1,
           "there is one draft");
}

static void test_aws_refuses_the_draft(void **state)
{
    (void)state;
    world_do(&w, "fault",
             json_pack("{s:s, s:s}", "change_set", "fail", "code", "INVALID_BUYER_ACCOUNTS"));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS needs a change"),
           "it goes back to the requester");
    expect(&w, world_sees(&w, "U0SELLER", "check the ids with the customer"),
           "who is told in plain words");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_submit(&w, "U0SELLER", json_pack("{s:s}", "buyers", "210987654321"));
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the next revision is taken");
    approve("U0MIA");
    world_published_once(&w);
}

static void test_release_fails_and_is_tried_again(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "cancel"));
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "Publishing failed"), "the card says that it failed");
    expect(&w, world_sees(&w, "U0SELLER", "was cancelled in the AWS console"),
           "the requester is told why");
    world_click(&w, "U0OLGA", "C0APPROVALS", world_card(&w, "CPPO-1"), "retry");
    world_published_once(&w);
}

static void test_cancelled_in_the_console(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "cancel"));
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "cancelled in the AWS console"), "the card says it");
    world_click(&w, "U0SELLER", "C0APPROVALS", world_card(&w, "CPPO-1"), "retry");
    world_published_once(&w);
}

static void test_authorization_expires_before_the_release(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(
        &w, "market/authorization",
        json_pack("{s:s, s:s}", "id", "resaleauthz-bronze2024", "end", "2025-01-01T00:00:00.000Z"));
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "has expired"), "the card says what happened");
    expect(&w, released(w.state) == 0, "nothing is released");
}

/* Under a custom EULA the retry would wait until AWS's lists show whatever the colleague did. */
static void test_draft_changed_in_the_console(void **state)
{
    const char *id = "";
    json_t *offer;
    (void)state;
    world_kill_bot(&w);
    world_do(&w, "market/authorization",
             json_pack("{s:s, s:s}", "id", "resaleauthz-bronze2024", "eula", "StandardEula"));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot starts with it");
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    json_object_foreach(json_object_get(json_object_get(w.state, "market"), "offers"), id, offer)
    {
        world_do(&w, "market/offer",
                 json_pack("{s:s, s:{s:s}}", "id", id, "edit", "MarkupPercentage", "5"));
        break;
    }
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "not what was approved"), "it is noticed");
    expect(&w, released(w.state) == 0, "nothing is released");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "retry");
    world_published_once(&w);
}

static void test_clock_ten_minutes_off(void **state)
{
    (void)state;
    world_do(&w, "market/clock", json_pack("{s:i}", "skew_ms", 600000));
    world_request(&w, "Alpha", "25");
    approve("U0MIA");
    world_published_once(&w);
}

static void test_revision_while_the_draft_is_made(void **state)
{
    (void)state;
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Approved*"), "it is approved meanwhile");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    world_published_once(&w);
    expect(&w, shows(json_object_get(w.state, "market"), "\"MarkupPercentage\":\"20\""),
           "the newest revision is what was released");
}

static void test_the_buyer_accepts(void **state)
{
    const char *id = "";
    json_t *offer;
    (void)state;
    world_request(&w, "Alpha", "25");
    approve("U0MIA");
    world_published_once(&w);
    json_object_foreach(json_object_get(json_object_get(w.state, "market"), "offers"), id, offer)
    {
        const json_t *rule = json_array_get(json_object_get(offer, "rules"), 0);
        const json_t *buyers =
            json_object_get(json_object_get(rule, "PositiveTargeting"), "BuyerAccounts");
        world_do(&w, "market/accept",
                 json_pack("{s:s, s:O}", "offer", id, "account", json_array_get(buyers, 0)));
        break;
    }
    expect(&w, world_sees(&w, "C0APPROVALS", "Sold: accepted by the buyer"), "the card says it");
}

/* --- every code --- */

/* A start that is answered so goes well in the end. */
static void test_codes_that_pass(void **state)
{
    static const char *const codes[] = {"ThrottlingException", "ResourceInUseException",
                                        "ServiceQuotaExceededException", "InternalServiceException",
                                        "ExpiredTokenException"};
    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        fault("aws", "StartChangeSet", "error", json_string(codes[i]));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "AWS takes it in the end");
    approve("U0MIA");
    world_published_once(&w);
}

/* A start that is answered so goes back to the requester, in plain words with AWS's own code. */
static void test_codes_that_last(void **state)
{
    static const struct {
        const char *code, *words;
    } cases[] = {{"ValidationException", "rejected the request"},
                 {"ResourceNotFoundException", "cannot find it"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fault("aws", "StartChangeSet", "error", json_string(cases[i].code));
        world_request(&w, "Alpha", "25");
        expect(&w, world_sees(&w, "U0SELLER", cases[i].words), "the requester reads what it means");
        expect(&w, world_sees(&w, "U0SELLER", cases[i].code), "and AWS's own code");
    }
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS needs a change"), "the card says so");
}

/* --- authorizations --- */

static bool listed_twice(const json_t *state, const void *about)
{
    (void)about;
    return json_integer_value(json_object_get(state, "sockets")) >= 1 &&
           count_in_log(&w, "market.call", "operation", "ListEntities") >= 2;
}

/* Whoever is not known yet is answered later; then at once. */
static bool says_none(const json_t *state, const void *about)
{
    (void)state;
    (void)about;
    return shows(world_command(&w, "U0SELLER", "/cppo new"), "No resale authorization can be used");
}

static void test_no_authorization_at_all(void **state)
{
    static const char *const all[] = {"resaleauthz-bronze2024", "resaleauthz-single01"};
    (void)state;
    world_stop_bot(&w);
    for (size_t i = 0; i < 2; i++)
        world_do(&w, "market/authorization",
                 json_pack("{s:s, s:s}", "id", all[i], "status", "Restricted"));
    world_start_bot(&w);
    expect(&w, world_wait(&w, listed_twice, NULL), "the bot lists them anew");
    expect(&w, world_wait(&w, says_none, NULL), "it says that none can");
    const json_t *answer = world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, shows(answer, "restricted by the ISV"), "and why");
    expect(&w, shows(answer, "partners/incoming"), "and where they show up");
    expect(&w, shows(answer, "partners@reserved.example"), "and whom to ask");
}

static void forget_all(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".mark"};
    char path[300];
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        snprintf(path, sizeof(path), "%s/cppo.db%s", w.dir, ends[i]);
        unlink(path);
    }
}

static bool still_reads(const json_t *state, const void *about)
{
    (void)state;
    (void)about;
    return shows(world_command(&w, "U0SELLER", "/cppo new"), "still reading from AWS");
}

static void test_what_was_never_read_is_not_called_empty(void **state)
{
    (void)state;
    world_stop_bot(&w);
    forget_all();
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s, s:i}", "where", "aws", "method", "ListEntities", "error",
                       "ThrottlingException", "times", 1000));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    expect(&w, world_wait(&w, still_reads, NULL), "nobody is told that there is none");
}

static void test_single_use_belongs_to_one(void **state)
{
    (void)state;
    request_from("resaleauthz-single01", "Alpha", "222233334444");
    request_from("resaleauthz-single01", "Beta", "222233334444");
    world_card(&w, "CPPO-1");
    world_card(&w, "CPPO-2");
    expect(&w,
           json_object_size(
               json_object_get(json_object_get(world_state(&w), "market"), "offers")) == 0,
           "no draft is made before the approval");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    approve_offer("U0MIA", "CPPO-1");
    expect(&w, world_sees(&w, "C0APPROVALS", "Approved by"), "the first is approved");
    approve_offer("U0MAX", "CPPO-2");
    expect(&w, world_hears(&w, "U0MAX", "already taken by CPPO-1"),
           "the second cannot be, at once");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "the first is published");
    expect(&w, released(world_state(&w)) == 1, "one is released");
}

static void test_another_authorization_makes_another_draft(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    world_submit(
        &w, "U0SELLER",
        json_pack("{s:s, s:s}", "authorization", "resaleauthz-single01", "buyers", "222233334444"));
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    approve("U0MIA");
    world_published_once(&w);
    expect(&w,
           shows(json_object_get(w.state, "market"),
                 "\"ResaleAuthorizationId\":\"resaleauthz-single01\""),
           "it is made from the authorization that was approved");
}

/* --- the offer ends while AWS works on it --- */

static void hold_and_request(void)
{
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
}

static void nothing_comes_of_it(const char *state_shown)
{
    expect(&w, world_sees(&w, "C0APPROVALS", state_shown), "the card says how it ended");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    world_request(&w, "Beta", "25"); /* and the next one is not disturbed */
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the next draft is made");
    expect(&w, world_sees(&w, "C0APPROVALS", state_shown), "what ended stays ended");
    expect(&w, released(w.state) == 0, "nothing is released");
}

static void test_withdrawn_while_the_draft_is_made(void **state)
{
    (void)state;
    hold_and_request();
    world_withdraw(&w, "U0SELLER", "CPPO-1");
    nothing_comes_of_it("*Withdrawn*");
}

static void test_rejected_while_the_draft_is_made(void **state)
{
    (void)state;
    hold_and_request();
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "No budget"));
    nothing_comes_of_it("*Rejected*");
}

/* Once the release is under way it is too late to take it back. */
static void test_withdrawal_comes_too_late(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release is under way");
    world_command(&w, "U0SELLER", "/cppo withdraw CPPO-1");
    expect(&w, world_hears(&w, "U0SELLER", "can no longer be withdrawn"), "they are told");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    world_published_once(&w);
}

static bool has_draft(const json_t *state, const void *about)
{
    const json_t *card = message_with(state, "C0APPROVALS", about);
    return card != NULL && shows(card, "AWS has accepted");
}

static size_t refused_for_want_of_room(void)
{
    return count_in_log(&w, "market.call", "error", "ServiceQuotaExceededException");
}

/* One asks whether there is more room than AWS took of them; the others wait in line, and what ends
 * makes room. */
static void test_more_than_aws_takes_at_once(void **state)
{
    static const char *const customers[] = {"Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"};
    char offer[24];
    (void)state;
    world_do(&w, "fault", json_pack("{s:i}", "offers_at_once", 2));
    for (int i = 0; i < 2; i++) {
        world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
        world_request(&w, customers[i], "25");
        expect(&w, world_sees(&w, "C0APPROVALS", "AWS is checking the draft"), "AWS has it");
    }
    for (int i = 2; i < 6; i++)
        world_request(&w, customers[i], "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "this one waits for its turn"), "the card says it");
    expect(&w, refused_for_want_of_room() >= 1, "AWS has refused one");
    expect(&w, refused_for_want_of_room() <= 3, "and not all of them");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    for (int i = 1; i <= 6; i++) {
        snprintf(offer, sizeof(offer), "CPPO-%d", i);
        expect(&w, world_wait(&w, has_draft, offer), "each has its draft in the end");
    }
    expect(&w, refused_for_want_of_room() <= 5, "of one end one start comes");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_aws_throttles_and_locks),
        TEST(test_lost_answer_makes_no_second_draft),
        TEST(test_aws_refuses_the_draft),
        TEST(test_release_fails_and_is_tried_again),
        TEST(test_cancelled_in_the_console),
        TEST(test_authorization_expires_before_the_release),
        TEST(test_draft_changed_in_the_console),
        TEST(test_clock_ten_minutes_off),
        TEST(test_revision_while_the_draft_is_made),
        TEST(test_the_buyer_accepts),
        TEST(test_codes_that_pass),
        TEST(test_codes_that_last),
        TEST(test_no_authorization_at_all),
        TEST(test_what_was_never_read_is_not_called_empty),
        TEST(test_single_use_belongs_to_one),
        TEST(test_another_authorization_makes_another_draft),
        TEST(test_withdrawn_while_the_draft_is_made),
        TEST(test_rejected_while_the_draft_is_made),
        TEST(test_withdrawal_comes_too_late),
        TEST(test_more_than_aws_takes_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
