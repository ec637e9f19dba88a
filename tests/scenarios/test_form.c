/* The form follows what people do in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "form", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void open_form(const char *command)
{
    world_command(&w, "U0SELLER", command);
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
}

static bool form_says(const json_t *state, const void *text)
{
    return shows(top_view(state, "U0SELLER"), text);
}

/* What stands in a field, by the id of its block. */
static const char *standing(const char *block)
{
    const json_t *state = json_object_get(top_view(world_state(&w), "U0SELLER"), "state");
    json_t *states = json_object_get(json_object_get(state, "values"), block);
    const json_t *entry = json_object_iter_value(json_object_iter(states));
    const json_t *option = json_object_get(entry, "selected_option");
    return member(option != NULL ? option : entry, "value");
}

/* Something is chosen, or Enter pressed, while ${values} (taken) stand in the form. */
static void act(const char *action, const char *value, json_t *values)
{
    const json_t *top = top_view(world_state(&w), "U0SELLER");
    json_t *answer = world_post(&w, "click",
                                json_pack("{s:s, s:s, s:s, s:s*, s:o*}", "user", "U0SELLER",
                                          "view_id", member(top, "id"), "action_id", action,
                                          "value", value, "values", values));
    expect(&w, strcmp(member(answer, "outcome"), "acked") == 0, "it is acknowledged");
    json_decref(answer);
}

/* The same until the form says this: AWS may not have told all of it yet. */
static void act_until(const char *action, const char *value, const char *text)
{
    enum { TRIES = 300 };
    for (int i = 0; i < TRIES; i++) {
        act(action, value, NULL);
        if (world_wait_for(&w, form_says, text, 1))
            return;
    }
    world_fail(&w, __FILE__, __LINE__, text);
}

static void test_the_chosen_authorization_shows_at_once(void **state)
{
    (void)state;
    char fixed[80];
    snprintf(fixed, sizeof(fixed), "%s",
             world_extend(&w, json_pack("{s:s, s:s}", "name", "Fixed", "kind", "instalments")));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
    open_form("/cppo new");
    expect(&w, form_says(world_state(&w), "*Term* 10 years"), "what waits behind More is said");
    world_more(&w, "U0SELLER");
    act("authorization", "resaleauthz-bronze2024",
        json_pack("{s:s, s:s}", "customer", "Typed Corp", "markup", "31"));
    act_until("authorization", "resaleauthz-bronze2024", "0.008 USD per unit used");
    expect(&w, strcmp(standing("term"), "P3650D") == 0, "the usual term is proposed");
    act("authorization", fixed, json_pack("{s:s}", "buyers", "210987654321"));
    act_until("authorization", fixed, "12 months, as authorized");
    expect(&w, strcmp(standing("term.1"), "as_authorized") == 0, "and then the one that is fixed");
    expect(&w, strcmp(standing("customer"), "Typed Corp") == 0, "what was typed stays");
    const json_t *errors = world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "1000"));
    expect(&w, strstr(member(errors, "markup"), "At most") != NULL, "a mistake is told beside it");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "10")) == NULL,
           "and the form is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "Typed Corp"), "its card is there");
}

/* What somebody wants to charge, and the markup that makes it. */
static void test_a_price_is_taken_as_the_markup_that_makes_it(void **state)
{
    (void)state;
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
    open_form("/cppo new Price Corp 0.0099 USD 123456789012");
    expect(&w, strcmp(standing("markup"), "0.0099 USD") == 0, "the price stands in the form");
    act_until("authorization", "resaleauthz-bronze2024", "0.0099 USD is a markup of 23.75 %");
    act("markup", "=0.01", NULL);
    act_until("preview", NULL, "0.01 USD is a markup of 25 %");
    const json_t *errors = world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "=0.001"));
    expect(&w, strstr(member(errors, "markup"), "below the wholesale price, 0.008 USD") != NULL,
           "a price that cannot be is told");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "=0.01")) == NULL,
           "and another is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "markup 25 %"), "as its markup");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_chosen_authorization_shows_at_once),
        TEST(test_a_price_is_taken_as_the_markup_that_makes_it),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
