/* Cards and forms outlive the state file that they were made from: what was clicked on counts only
 * for what it showed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

static struct world w;
static char old[40]; /* the card of the book that is gone */

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "old_cards", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

static const char *card(const char *customer)
{
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted the draft"), "the draft is ready");
    return world_card(&w, customer);
}

static void begin(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is back");
}

static void keep_old_card(const char *customer)
{
    snprintf(old, sizeof(old), "%s", card(customer));
}

static void nothing_happened(const char *customer)
{
    expect(&w, world_sees(&w, "C0APPROVALS", customer), "the offer of today has a card");
    expect(&w, shows(message_with(w.state, "C0APPROVALS", customer), "*Waiting for approval*"),
           "and still waits");
    expect(&w, released(w.state) == 0, "nothing is released");
}

static size_t whispers(const json_t *state, const char *user)
{
    return json_array_size(json_object_get(json_object_get(state, "ephemerals"), user));
}

struct answer {
    const char *user, *words;
    size_t before;
};

static bool is_answered(const json_t *state, const void *about)
{
    const struct answer *answer = about;
    return whispers(state, answer->user) > answer->before &&
           strstr(last_whisper(state, answer->user), answer->words) != NULL;
}

/* A click that is answered with ${words}; ${value} NULL: what the button had. */
static void click_in_vain(const char *user, const char *action, const char *value,
                          const char *words)
{
    struct answer answer = {user, words, whispers(world_state(&w), user)};
    if (value != NULL)
        world_click_value(&w, user, "C0APPROVALS", old, action, value);
    else
        world_click_late(&w, user, "C0APPROVALS", old, action);
    expect(&w, world_wait(&w, is_answered, &answer), "each click is answered");
}

/* Every button of the old card, by those who might. */
static void old_card_does_nothing(const char *customer)
{
    static const char *const buttons[][2] = {
        {"U0MIA", "approve"}, {"U0MIA", "reject"},  {"U0MIA", "request_changes"},
        {"U0MIA", "details"}, {"U0SELLER", "edit"}, {"U0SELLER", "withdraw"}};
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
        click_in_vain(buttons[i][0], buttons[i][1], NULL, "earlier set of records");
        expect(&w, strstr(last_whisper(w.state, buttons[i][0]), "/cppo list") != NULL,
               "and it is said where to look");
    }
    expect(&w, !form_open(w.state, "U0MIA", "reject_form"), "no form asks for a reason");
    expect(&w, !form_open(w.state, "U0SELLER", "offer_form"), "no form opens");
    nothing_happened(customer);
}

static void approve_the_new_one(const char *customer)
{
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, customer), "approve");
    expect(&w, world_sees(&w, "C0OFFERS", customer), "the offer of today is published by its card");
    expect(&w, released(w.state) == 1, "and nothing else");
}

static void test_a_lost_file(void **state)
{
    (void)state;
    world_request(&w, "Old Corp", "25");
    keep_old_card("Old Corp");
    world_kill_bot(&w);
    world_lose_book(&w);
    begin();
    world_request(&w, "New Corp", "1");
    card("New Corp");
    old_card_does_nothing("New Corp");
    approve_the_new_one("New Corp");
}

static void test_a_restored_backup(void **state)
{
    (void)state;
    world_stop_bot(&w);
    world_back_up(&w);
    begin();
    world_request(&w, "Old Corp", "40");
    keep_old_card("Old Corp");
    world_stop_bot(&w);
    world_restore(&w);
    begin();
    world_request(&w, "New Corp", "1");
    card("New Corp");
    old_card_does_nothing("New Corp");
    approve_the_new_one("New Corp");
}

static void test_forms_of_another_book(void **state)
{
    (void)state;
    world_request(&w, "Old Corp", "25");
    keep_old_card("Old Corp");
    world_click(&w, "U0MIA", "C0APPROVALS", old, "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    json_t *edit = json_pack("{s:s}", "markup", "2");
    world_kill_bot(&w);
    world_lose_book(&w);
    begin();
    const json_t *errors = world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "Too cheap"));
    expect(&w, strstr(member(errors, "reason"), "earlier set of records") != NULL,
           "the reason is not taken");
    errors = world_submit(&w, "U0SELLER", edit);
    expect(&w, strstr(member(errors, "note"), "earlier set of records") != NULL,
           "the change is not taken");
}

static void test_forged_values(void **state)
{
    static const char *const values[] = {"1.1",
                                         "1.1.",
                                         "1.1.000000000000000000000000",
                                         "999999.1.0123456789abcdef01234567",
                                         "-1.1.x",
                                         "x",
                                         "1.2"};
    char other[100];
    (void)state;
    world_request(&w, "Alpha", "25");
    keep_old_card("Alpha");
    world_request(&w, "Beta", "25");
    card("Beta");
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        click_in_vain("U0MIA", "approve", values[i], "earlier set of records");
    /* A value that is good, on a card that it does not belong to. */
    snprintf(other, sizeof(other), "%s",
             world_button(&w, "C0APPROVALS", world_card(&w, "Beta"), "approve"));
    click_in_vain("U0MIA", "approve", other, "has a newer card");
    nothing_happened("Alpha");
    nothing_happened("Beta");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_lost_file),
        TEST(test_a_restored_backup),
        TEST(test_forms_of_another_book),
        TEST(test_forged_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
