/* An approved offer of U0SELLER that waits for its release. */
#ifndef CPPO_TESTS_WAITING_FIXTURE_H
#define CPPO_TESTS_WAITING_FIXTURE_H

#include "flows_restored.h"
#include "handlers_fixture.h"

static const int64_t WINDOW_MS = 10 * 60000;

static const char with_window[] =
    "people:\n  approvers:\n    users: [U0APPROVER, U0SECOND]\n"
    "  operators:\n    users: [U0OPERATOR]\napprovals:\n  undo_window: 10m\n";

#define WAITING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

static inline void know(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static inline int set_up(void **state)
{
    (void)state;
    if (flows_set_up_with(with_window) != 0)
        return -1;
    flows_do(know, "U0OPERATOR");
    flows_do(know, "U0SECOND");
    return 0;
}

/* A process that was started anew looks at the world once more before it releases anything. */
static inline bool is_being_released(void)
{
    no_posts();
    no_sets();
    return flows_find("aws:DescribeEntity", "resaleauthz-1") != NULL;
}

/* In a direct message: these clicks come from nowhere. */
static inline size_t answered(const char *words)
{
    flows_settle_slack();
    return flows_count("slack:chat.postMessage", words);
}

static inline int64_t noted(const char *event)
{
    return store_int(flows.store, "SELECT count(*) FROM move WHERE event = ?",
                     SQL_ARGS(SQL_TEXT(event)), -1);
}

static inline void restart(void)
{
    start_again();
}

static inline void hold(const char *person)
{
    flows_decide(&hold_action, 1, person);
}

static inline void let_go_on(const char *person)
{
    flows_decide(&continue_action, 1, person);
}

#endif
