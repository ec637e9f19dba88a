/* The bot's whole life under the IAM policy that README gives; what AWS denies; what AWS tells
 * after the release. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "text.h"

static struct world w;

/* A new reference. */
static json_t *policy_of_the_readme(void)
{
    struct text readme = {0};
    char part[4096];
    size_t size;
    FILE *file = fopen("README.md", "re");
    assert_non_null(file);
    while ((size = fread(part, 1, sizeof(part), file)) > 0)
        text_add_bytes(&readme, part, size);
    fclose(file);
    const char *begin = strstr(text_get(&readme), "{\"Version\": \"2012-10-17\"");
    assert_non_null(begin);
    json_t *policy = json_loads(begin, JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(policy);
    text_free(&readme);
    return policy;
}

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "rights", false);
    world_do(&w, "fault", json_pack("{s:o}", "policy", policy_of_the_readme()));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void edit_markup(const char *markup)
{
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", markup)) == NULL,
           "the change is taken");
}

static json_t *first_buyer(const json_t *offer)
{
    size_t i;
    json_t *rule;
    json_t *found = NULL;
    json_array_foreach(json_object_get(offer, "rules"), i, rule)
    {
        json_t *targeting = json_object_get(rule, "PositiveTargeting");
        if (targeting != NULL)
            found = json_array_get(json_object_get(targeting, "BuyerAccounts"), 0);
    }
    return found;
}

static void buyer_accepts(void)
{
    const char *id;
    json_t *offer;
    json_t *offers = json_object_get(json_object_get(world_state(&w), "market"), "offers");
    json_object_foreach(offers, id, offer)
    {
        if (strcmp(member(offer, "State"), "Released") == 0)
            world_do(&w, "market/accept",
                     json_pack("{s:s, s:O}", "offer", id, "account", first_buyer(offer)));
    }
}

static bool is_cancelled(const json_t *state, const void *about)
{
    const char *id;
    json_t *set;
    (void)about;
    json_object_foreach(json_object_get(json_object_get(state, "market"), "change_sets"), id, set)
    {
        if (strcmp(member(set, "Status"), "CANCELLED") == 0)
            return true;
    }
    return false;
}

static void test_the_policy_of_the_readme_is_enough(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    edit_markup("20");
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "it is changed");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it is published");
    buyer_accepts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Accepted by the buyer*"), "the sale is seen");
    world_do(&w, "fault", json_pack("{s:s, s:s}", "change_set", "hold", "state", "PREPARING"));
    world_request(&w, "Beta", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "for Beta"), "the next one is asked for");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-2"), "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "No budget"));
    expect(&w, world_sees(&w, "C0APPROVALS", "*Rejected*"), "and rejected");
    expect(&w, world_wait(&w, is_cancelled, NULL), "its change set is cancelled");
    expect(&w, count_in_log(&w, "market.call", "error", "AccessDeniedException") == 0,
           "nothing was denied");
}

/* --- what AWS denies --- */

static int set_up_any(void **state)
{
    (void)state;
    world_open(&w, "rights", false);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
    return 0;
}

static void deny(const char *call, const char *why)
{
    world_do(&w, "fault", json_pack("{s:s, s:s*}", "deny", call, "why", why));
}

static void allow(const char *call)
{
    world_do(&w, "fault", json_pack("{s:s}", "allow", call));
}

/* As they are now: a message's earlier versions stand beside its blocks. */
static bool waits_no_more(const json_t *state, const void *unused)
{
    const json_t *list = messages_in(state, "U0SELLER");
    bool waits = false;
    (void)unused;
    for (size_t i = 0; i < json_array_size(list); i++)
        waits |= shows(json_object_get(json_array_get(list, i), "blocks"), "AWS is blocking it");
    return !waits;
}

static void test_a_seller_who_is_not_verified(void **state)
{
    (void)state;
    deny("StartChangeSet", "kyc");
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0OPERATORS", "verification (KYC)"), "the operators are told");
    expect(&w, world_sees(&w, "U0SELLER", "our AWS access lacks a permission"),
           "the requester is told that it waits");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS is blocking it"), "so is the card");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Approved*"), "it can be approved meanwhile");
    allow("StartChangeSet");
    expect(&w, world_sees(&w, "C0OPERATORS", "AWS allows StartChangeSet again"),
           "the operators are told that it is over");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it goes on by itself");
    expect(&w, !shows(messages_in(w.state, "U0SELLER"), "Changes requested"),
           "nothing went back to the requester");
    expect(&w, world_wait(&w, waits_no_more, NULL), "no message says that it waits");
}

/* AWS takes the change set, and ends it for what is wrong with our account. */
static void test_a_release_before_the_seller_is_verified(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s}", "change_set", "fail", "code", "INCOMPATIBLE_SELLER_VERIFICATION"));
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0OPERATORS", "Put that right in the AWS Marketplace portal"),
           "the operators are told");
    expect(&w, world_sees(&w, "C0OPERATORS", "AWS accepts our seller account again"),
           "and that it is over");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it goes on by itself");
    expect(&w, !shows(messages_in(w.state, "U0SELLER"), "Publishing failed"),
           "nothing went back to the requester");
}

static void test_acceptance_that_may_not_be_seen(void **state)
{
    (void)state;
    deny("SearchAgreements", NULL);
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "Whether the buyer accepted is not known"),
           "the card says that it does not know");
    expect(&w, world_sees(&w, "C0OPERATORS", "AWS refuses SearchAgreements"),
           "the operators are told");
    buyer_accepts();
    allow("SearchAgreements");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Accepted by the buyer*"), "then the sale is seen");
}

/* --- after the release --- */

static int set_up_fast(void **state)
{
    (void)state;
    world_open(&w, "rights", false);
    world_replace(&w, "poll_slowest: 200ms", "poll_slowest: 50ms"); /* so that an hour is 3 s */
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
    return 0;
}

/* The one that was released (static room). */
static const char *released_offer(void)
{
    static char found[64];
    const char *id;
    json_t *offer;
    json_t *offers = json_object_get(json_object_get(world_state(&w), "market"), "offers");
    found[0] = '\0';
    json_object_foreach(offers, id, offer)
    {
        if (strcmp(member(offer, "State"), "Released") == 0)
            text_fit(found, sizeof(found), id);
    }
    return found;
}

static void colleague(const char *act)
{
    world_do(&w, "market/colleague",
             json_pack("{s:s, s:s}", "offer", released_offer(), "act", act));
}

static void test_a_colleague_extends_and_cancels(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it is published");
    colleague("extend");
    expect(&w, world_sees(&w, "U0SELLER", "CPPO-1 was extended on AWS"), "the requester is told");
    expect(&w, world_sees(&w, "C0APPROVALS", "changed on AWS; approved was"), "so is the card");
    colleague("cancel");
    expect(&w, world_sees(&w, "U0SELLER", "no longer available to the buyer"),
           "the requester is told of the end");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Closed*"), "so is the card");
}

static void test_two_buyers_and_one_who_leaves(void **state)
{
    (void)state;
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(&w, "suggest",
             json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text",
                       "Subscription"));
    expect(&w,
           world_submit(&w, "U0SELLER",
                        json_pack("{s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                                  "customer", "Alpha", "buyers", "123456789012, 210987654321")) ==
               NULL,
           "it is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it is published");
    world_do(&w, "market/accept",
             json_pack("{s:s, s:s}", "offer", released_offer(), "account", "123456789012"));
    expect(&w, world_sees(&w, "C0APPROVALS", "1 of 2 accepted: account 123456789012"),
           "the first one is seen");
    json_t *answer =
        world_post(&w, "market/accept",
                   json_pack("{s:s, s:s}", "offer", released_offer(), "account", "210987654321"));
    expect(&w, world_sees(&w, "U0SELLER", "buyer account 210987654321 accepted"),
           "the second one is told");
    world_do(
        &w, "market/agreement",
        json_pack("{s:s, s:s}", "agreement", member(answer, "agreement"), "status", "CANCELLED"));
    expect(&w, world_sees(&w, "U0SELLER", "of buyer account 210987654321 was cancelled"),
           "that it was cancelled is told, too");
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_policy_of_the_readme_is_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_seller_who_is_not_verified, set_up_any, tear_down),
        cmocka_unit_test_setup_teardown(test_a_release_before_the_seller_is_verified, set_up_any,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_acceptance_that_may_not_be_seen, set_up_any,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_colleague_extends_and_cancels, set_up_fast,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_two_buyers_and_one_who_leaves, set_up_fast, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
