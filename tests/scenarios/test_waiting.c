/* Approved, and not out yet: there is time to think again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "waiting", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

static void start(const char *window)
{
    char lines[60];
    snprintf(lines, sizeof(lines), "needed: 1\n  undo_window: %s", window);
    world_replace(&w, "needed: 1", lines);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

static void click(const char *user, const char *action)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

static void test_an_offer_is_stopped_within_its_undo_window(void **state)
{
    (void)state;
    start("1h");
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Hold* stops it."), "the card says until when");
    world_command(&w, "U0SELLER", "/cppo hold CPPO-1 They asked for another date");
    expect(&w, world_sees(&w, "C0APPROVALS", "*On hold*"), "the card says that it is held ...");
    expect(&w, world_sees(&w, "C0APPROVALS", "Held by <@U0SELLER>"), "... and by whom ...");
    expect(&w, world_sees(&w, "C0APPROVALS", "They asked for another date"), "... and why");
    world_kill_bot(&w);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there again");
    expect(&w, world_sees(&w, "C0APPROVALS", "*On hold*"), "it is held still");
    click("U0OTTO", "continue");
    expect(&w, world_hears(&w, "U0OTTO", "Only the person who holds it, or an approver"),
           "not everybody lets it go on");
    expect(&w, released(w.state) == 0, "nothing is released");
    click("U0MAX", "continue");
    world_published_once(&w);
    click("U0MIA", "details");
    expect(&w, world_form(&w, "U0MIA", "details"), "the details open");
    expect(&w, shows(top_view(w.state, "U0MIA"), "<@U0MAX> let it go on"), "the history tells it");
}

static void test_what_nobody_stops_is_released(void **state)
{
    (void)state;
    start("200ms");
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    world_published_once(&w);
    world_command(&w, "U0SELLER", "/cppo hold CPPO-1");
    expect(&w, world_hears(&w, "U0SELLER", "Too late to hold CPPO-1: AWS has it"),
           "it is too late");
}

static void test_an_offer_is_published_at_a_set_time(void **state)
{
    char words[100] = "/cppo schedule CPPO-1 ";
    char text[60];
    struct tm civil;
    time_t at = time(NULL) + 2 * 24 * 3600;
    (void)state;
    start("0s");
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    world_command(&w, "U0SELLER", "/cppo schedule CPPO-1 2027-03-28 02:30 Europe/Berlin");
    expect(&w, world_hears(&w, "U0SELLER", "clocks are put forward then"), "there is no such time");
    expect(&w, gmtime_r(&at, &civil) != NULL, "there is a day after tomorrow");
    strftime(text, sizeof(text), "%Y-%m-%d 09:00 Europe/Berlin", &civil);
    strcat(words, text);
    world_command(&w, "U0SELLER", words);
    expect(&w, world_sees(&w, "C0APPROVALS", "Set to be published"), "the card says when");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "(set by the clocks of Europe/Berlin)"), "... still");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Approved*"), "it is approved");
    expect(&w, released(w.state) == 0, "and waits for its time");
    world_command(&w, "U0SELLER", "/cppo schedule CPPO-1 off");
    world_published_once(&w);
}

static void test_a_time_is_chosen_in_a_form(void **state)
{
    (void)state;
    start("0s");
    world_request(&w, "Alpha", "25");
    click("U0SELLER", "details");
    expect(&w, world_form(&w, "U0SELLER", "details"), "the details open");
    world_press_in_view(&w, "U0SELLER", "schedule", NULL);
    expect(&w, world_form(&w, "U0SELLER", "schedule_form"), "the form opens");
    const json_t *errors = world_submit(
        &w, "U0SELLER",
        json_pack("{s:s, s:s, s:s}", "day", "2020-01-01", "clock", "09:30", "zone", "UTC"));
    expect(&w, strstr(member(errors, "day"), "2020-01-01 09:30 UTC has passed") != NULL,
           "what is wrong is said at its field");
    char day[20];
    struct tm civil;
    time_t at = time(NULL) + 2 * 24 * 3600;
    expect(&w, gmtime_r(&at, &civil) != NULL, "there is a day after tomorrow");
    strftime(day, sizeof(day), "%Y-%m-%d", &civil);
    expect(&w,
           world_submit(&w, "U0SELLER",
                        json_pack("{s:s, s:s, s:s}", "day", day, "clock", "09:30", "zone",
                                  "Europe/Berlin")) == NULL,
           "it is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "Set to be published"), "the card says when");
    expect(&w, world_form(&w, "U0SELLER", "details"), "the details are there again ...");
    expect(&w, shows(top_view(w.state, "U0SELLER"), "09:30 Europe/Berlin"), "... and tell it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_offer_is_stopped_within_its_undo_window, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_nobody_stops_is_released, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_offer_is_published_at_a_set_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_time_is_chosen_in_a_form, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
