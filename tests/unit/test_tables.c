/* What stands in the state file by its name: effects that wait, timers, and what people asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "offers/action.h"
#include "offers/kind.h"
#include "run/tables.h"
#include "views/card.h"
#include "views/card_mentions.h"

/* A name that changes needs a migration of the rows that have the old one: until then they would
 * sleep, and operators be alarmed. */
static const char *const effect_names[] = {
    "post",
    "post.find",
    "card",
    "letter",
    "letter.update",
    "permalink.read",
    "thread.reply",
    "notice",
    "answer",
    "whisper",
    "view.update",
    "change_set.describe",
    "reconcile.find",
    "reconcile.entities",
    "reconcile.entity",
    "draft.start",
    "draft.read",
    "draft.cancel",
    "release.authorization",
    "release.draft",
    "release.start",
    "release.check",
    "agreement.read",
    "entity.follow",
    "person.read",
    "person.warm",
    "group.read",
    "authorizations.list",
    "product.read",
    "authorization.status",
    "authorization.read",
    "details.open",
    "channel.read",
    "marks.sets",
    "marks.posts",
    "adopt.entity",
    "unsure.entity",
    "card.retire",
    "view.push",
    "form.update",
    "origin.list",
    "origin.set",
    "unapproved.read",
    "view.open",
    "person.first",
    "home",
};

static const char *const timer_names[] = {
    "cards.refresh",       "post.find",
    "posts.again",         "offer.lapse",
    "change_set.poll",     "change_set.reconcile",
    "draft.again",         "release.again",
    "release.late",        "release.poll",
    "agreement.poll",      "entity.follow",
    "authorizations.sync", "action.lapse",
    "access.again",        "channel.poll",
    "marks.poll",          "origin.audit",
    "unsure.poll",         "line",
    "line.long",           "action.settle",
    "unapproved.poll",     "release.window",
    "search.fill",         "ruling.again",
    "home.refresh",        "release.date",
    "reminder.look",       "reminder.say",
};

static const char *const action_names[] = {
    "approve",  "reject",   "request_changes", "submit", "revise",
    "withdraw", "retry",    "details",         "list",   "hold",
    "continue", "schedule", "break_glass",     "nudge",
};

static const char *const mention_names[] = {"sent_again",    "vote", "ruled",    "failed",
                                            "authorization", "late", "reminder", "nudge"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_among(const char *name, const char *const *names, size_t count)
{
    while (count > 0 && strcmp(names[count - 1], name) != 0)
        count--;
    return count > 0;
}

/* All of a flow stand in the list, and are found by their names. */
static void expect_named(const struct flow *flow, size_t *effects, size_t *timers)
{
    for (size_t i = 0; i < MAX_TYPES && flow->effects[i] != NULL; i++, ++*effects) {
        const char *name = flow->effects[i]->name;
        if (!is_among(name, effect_names, COUNT(effect_names)) ||
            bot_tables.effect_named(name) != flow->effects[i])
            fail_msg("an effect “%s”", name);
        assert_null(strchr(name, ' ')); /* not to be taken for a denial of no effect */
    }
    for (size_t i = 0; i < MAX_TYPES && flow->timers[i] != NULL; i++, ++*timers) {
        const char *name = flow->timers[i]->name;
        if (!is_among(name, timer_names, COUNT(timer_names)) ||
            bot_tables.timer_named(name) != flow->timers[i])
            fail_msg("a timer “%s”", name);
    }
}

static void test_names_are_as_they_are_stored(void **state)
{
    size_t effects = 0;
    size_t timers = 0;
    (void)state;
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++)
        expect_named(*flow, &effects, &timers);
    assert_int_equal(effects, COUNT(effect_names));
    assert_int_equal(timers, COUNT(timer_names));
    assert_null(bot_tables.effect_named("nonsense"));
    assert_null(bot_tables.timer_named("nonsense"));
}

static void test_actions_are_as_they_are_stored(void **state)
{
    size_t count = 0;
    (void)state;
    for (const struct action_type *const *type = action_types; *type != NULL; type++, count++) {
        if (!is_among((*type)->name, action_names, COUNT(action_names)) ||
            action_named((*type)->name) != *type)
            fail_msg("an action “%s”", (*type)->name);
        assert_string_not_equal((*type)->verb, "");
        assert_int_not_equal((*type)->binding, 0);
        assert_non_null((*type)->run);
        assert_int_equal((*type)->given_up != NULL, (*type)->typed != TYPED_NOTHING);
    }
    assert_int_equal(count, COUNT(action_names));
    assert_null(action_named("nonsense")->run);
}

static void test_mentions_are_as_they_are_stored(void **state)
{
    size_t count = 0;
    (void)state;
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_MENTIONS && (*flow)->mentions[i] != NULL; i++, count++) {
            const struct card_mention *mention = (*flow)->mentions[i];
            if (!is_among(mention->name, mention_names, COUNT(mention_names)))
                fail_msg("a mention “%s”", mention->name);
            assert_non_null(mention->words);
        }
    }
    assert_int_equal(count, COUNT(mention_names));
}

/* Whoever decides, decides on what they saw. */
static void test_what_decides_is_bound_to_what_it_showed(void **state)
{
    (void)state;
    for (const struct action_type *const *type = action_types; *type != NULL; type++) {
        if ((*type)->right == RIGHT_DECIDE || (*type)->right == RIGHT_BREAK_GLASS ||
            (*type)->typed == TYPED_CHANGE)
            assert_int_equal((*type)->binding, BINDS_SHOWN);
        assert_int_equal((*type)->approves, strcmp((*type)->name, "approve") == 0);
    }
}

/* A flow that hears of one kind of request names one that there is: else it would hear of none. */
static void test_each_flow_hears_of_a_kind_that_there_is(void **state)
{
    (void)state;
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        if ((*flow)->kind != NULL)
            assert_string_equal(kind_named((*flow)->kind)->name, (*flow)->kind);
    }
}

/* What each kind cannot do without. */
static void test_each_effect_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(effect_names); i++) {
        const struct effect_type *type = bot_tables.effect_named(effect_names[i]);
        bool aws = strncmp(type->call, "aws:", 4) == 0;
        assert_true(aws || strncmp(type->call, "slack:", 6) == 0);
        assert_non_null(type->done);
        assert_true(type->render != NULL || type->kind != EFFECT_MIRROR);
        if (type->kind == EFFECT_ONCE) /* it is never given up */
            assert_int_equal(type->patience_ms, 0);
    }
    for (size_t i = 0; i < COUNT(timer_names); i++)
        assert_non_null(bot_tables.timer_named(timer_names[i])->due);
}

/* Those that wait for something of one offer outlive a version that cannot read it. These wait for
 * something else; change sets, and what waits for Slack, look for themselves. */
static void test_each_timer_of_an_offer_rests(void **state)
{
    static const char *const others[] = {
        "cards.refresh", "posts.again",         "change_set.poll", "change_set.reconcile",
        "marks.poll",    "authorizations.sync", "channel.poll",    "action.lapse",
        "line",          "line.long",           "action.settle",   "search.fill",
        "home.refresh",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(timer_names); i++) {
        const char *name = timer_names[i];
        bool rests = bot_tables.timer_named(name)->rests != NULL;
        if (rests == is_among(name, others, COUNT(others)))
            fail_msg("does the timer “%s” rest?", name);
    }
}

/* Moves are told to what people see first. */
static void test_what_people_see_comes_first(void **state)
{
    static const char *const first[] = {"card", "letter", "permalink.read"};
    (void)state;
    for (size_t i = 0; i < COUNT(first); i++)
        assert_string_equal(bot_flows[i]->effects[0]->name, first[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_as_they_are_stored),
        cmocka_unit_test(test_actions_are_as_they_are_stored),
        cmocka_unit_test(test_mentions_are_as_they_are_stored),
        cmocka_unit_test(test_what_decides_is_bound_to_what_it_showed),
        cmocka_unit_test(test_each_flow_hears_of_a_kind_that_there_is),
        cmocka_unit_test(test_each_effect_is_whole),
        cmocka_unit_test(test_each_timer_of_an_offer_rests),
        cmocka_unit_test(test_what_people_see_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
