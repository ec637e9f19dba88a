/* What was asked for before: it is copied, and it speaks when the next is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "copies", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

/* From the card of what was taken back, by whoever took it back, to the other's publication. */
static void test_copy_of_a_withdrawn_offer(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_withdraw(&w, "U0SELLER", "CPPO-1");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Withdrawn*"), "it is withdrawn");
    world_click(&w, "U0SELLER", "C0APPROVALS", world_card(&w, "CPPO-1"), "copy");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(top_view(w.state, "U0SELLER"), "Copy of CPPO-1"), "it says what it copies");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "30")) == NULL,
           "it is taken as it stands, but for the markup");
    expect(&w, world_sees(&w, "C0APPROVALS", "CPPO-2 · Alpha"), "it is an offer of its own");
    expect(&w, world_sees(&w, "C0APPROVALS", "Markup: 25 % → 30 %"), "the card shows what differs");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-2"), "approve");
    expect(&w, world_sees(&w, "C0OFFERS", "CPPO-2 for Alpha is published"), "it is published");
    expect(&w, released(w.state) == 1, "and nothing else is");
}

/* Whoever may not see an offer does not see it in a form. */
static void test_copy_by_an_outsider(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    const json_t *ack = world_command(&w, "U0OTTO", "/cppo copy CPPO-1");
    expect(&w, (ack != NULL && shows(ack, "Only")) || world_hears(&w, "U0OTTO", "Only"),
           "they are told who may");
    expect(&w, !form_open(world_state(&w), "U0OTTO", "offer_form"), "no form opens");
}

/* Each is said where it is still easy to mend: in the form, to the requester, on the card; and
 * nobody is stopped. */
static void test_what_earlier_offers_say(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "ℹ️ This is the first offer to"),
           "the requester reads who is new");
    world_command(&w, "U0SELLER", "/cppo new Alpha 25%");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(top_view(w.state, "U0SELLER"), "The buyers are those of CPPO-1"),
           "the customer's accounts are proposed");
    expect(&w, shows(top_view(w.state, "U0SELLER"), "⚠️ CPPO-1 (Waiting for approval) offers"),
           "the form says what is asked for already");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "customer", "Beta")) == NULL,
           "it is taken all the same");
    expect(&w, world_sees(&w, "C0APPROVALS", "was for Alpha (CPPO-1)"),
           "the card says whose the account was");
    expect(&w, world_sees(&w, "U0SELLER", "⚠️ CPPO-1 (Waiting for approval) offers"),
           "the requester reads what is in the way");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-2"), "approve");
    expect(&w, world_sees(&w, "C0OFFERS", "CPPO-2 for Beta is published"), "it can be approved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copy_of_a_withdrawn_offer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_copy_by_an_outsider, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_earlier_offers_say, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
