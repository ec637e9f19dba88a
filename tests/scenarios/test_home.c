/* The app's Home tab, as people open it, search in it and press its buttons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "home", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

struct wanted {
    const char *user;
    const char *words;
};

static const json_t *home_in(const json_t *state, const char *user)
{
    const json_t *views = json_object_get(json_object_get(state, "views"), user);
    return json_object_get(json_object_get(views, "home"), "view");
}

static bool stands_there(const json_t *state, const void *about)
{
    const struct wanted *wanted = about;
    return shows(home_in(state, wanted->user), wanted->words);
}

static void sees(const char *user, const char *words)
{
    const struct wanted wanted = {user, words};
    expect(&w, world_wait(&w, stands_there, &wanted), words);
}

static void open_home(const char *user)
{
    world_do(&w, "home", json_pack("{s:s}", "user", user));
}

static void use(const char *user, const char *action, const char *value)
{
    char view[40];
    snprintf(view, sizeof(view), "%s", member(home_in(world_state(&w), user), "id"));
    world_do(&w, "click",
             json_pack("{s:s, s:s, s:s, s:s*}", "user", user, "view_id", view, "action_id", action,
                       "value", value));
}

/* It is the present, whoever changed it, while it stands open. */
static void test_home_is_the_present(void **state)
{
    (void)state;
    open_home("U0SELLER");
    sees("U0SELLER", "No offers yet");
    open_home("U0MIA");
    sees("U0MIA", "Nothing is waiting for approval.");
    world_request(&w, "Müller Søn", "25");
    sees("U0SELLER", "Müller Søn");
    sees("U0MIA", "markup 25 %");
    expect(&w, !shows(home_in(w.state, "U0SELLER"), "USD per unit"), "prices are for approvers");
    use("U0MIA", "reject", NULL);
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    expect(&w, world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "No budget")) == NULL,
           "the reason is taken");
    sees("U0SELLER", "· Rejected");
    sees("U0MIA", "Nothing is waiting for approval.");
    use("U0SELLER", "home_search", "muller state:rejected");
    sees("U0SELLER", "Offers found");
    use("U0SELLER", "home_search", "stat:rejected");
    sees("U0SELLER", "Did you mean state:pending?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_home_is_the_present, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
