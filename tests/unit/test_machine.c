/* The two state machines: every move that there is, and none besides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/kind.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- the offer --- */

/* Who: r(equester), a(pprover), o(perator), b(ot). */
static const struct {
    const char *from, *event, *to, *who;
} moves[] = {
    {"draft", "submit", "pending", "r"},
    {"draft", "withdraw", "withdrawn", "rob"},
    {"pending", "submit", "pending", "r"},
    {"pending", "approve", "approved", "a"},
    {"pending", "pass", "approved", "b"},
    {"pending", "request_changes", "changes_requested", "a"},
    {"pending", "refuse", "changes_requested", "b"},
    {"pending", "lapse", "changes_requested", "b"},
    {"pending", "give_back", "changes_requested", "b"},
    {"pending", "reject", "rejected", "a"},
    {"pending", "withdraw", "withdrawn", "rob"},
    {"changes_requested", "submit", "pending", "r"},
    {"changes_requested", "withdraw", "withdrawn", "rob"},
    {"approved", "publish", "publishing", "b"},
    {"approved", "fail", "failed", "b"},
    {"approved", "withdraw", "withdrawn", "rob"},
    {"publishing", "release", "published", "b"},
    {"publishing", "fail", "failed", "b"},
    {"publishing", "withdraw", "withdrawn", "rob"},
    {"failed", "retry", "publishing", "rao"},
    {"failed", "submit", "pending", "r"},
    {"failed", "withdraw", "withdrawn", "rob"},
    {"published", "accept", "accepted", "b"},
    {"published", "expire", "expired", "b"},
    {"published", "close", "closed", "b"},
    {"draft", "find", "publishing", "b"},
    {"pending", "find", "publishing", "b"},
    {"changes_requested", "find", "publishing", "b"},
    {"approved", "find", "publishing", "b"},
    {"publishing", "find", "publishing", "b"},
    {"failed", "find", "publishing", "b"},
    {"rejected", "find", "publishing", "b"},
    {"withdrawn", "find", "publishing", "b"},
    {"expired", "accept", "accepted", "b"},
    {"expired", "reopen", "published", "b"},
    {"closed", "accept", "accepted", "b"},
    {"closed", "reopen", "published", "b"},
};

static unsigned roles(const char *who)
{
    unsigned all = 0;
    for (; *who != '\0'; who++)
        all |= *who == 'r'   ? ROLE_REQUESTER
               : *who == 'a' ? ROLE_APPROVER
               : *who == 'o' ? ROLE_OPERATOR
                             : ROLE_BOT;
    return all;
}

/* As they are stored: a name of its own each. */
static void each_state_and_event_has_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < EVENTS; i++) {
        const char *name = request_event_name((enum request_event)i);
        if (name == NULL)
            fail_msg("event %d has no name", i);
        for (int other = 0; other < i; other++)
            assert_string_not_equal(name, request_event_name((enum request_event)other));
    }
    for (int i = 0; i < STATES; i++)
        assert_int_equal(request_state_named(request_state_name((enum request_state)i)), i);
    assert_int_equal(request_state_named("nonsense"), -1);
}

static void offers_move_as_the_table_says_and_not_else(void **state)
{
    (void)state;
    size_t found = 0;
    for (int from = 0; from < STATES; from++) {
        for (int event = 0; event < EVENTS; event++) {
            const char *from_name = request_state_name((enum request_state)from);
            const char *event_name = request_event_name((enum request_event)event);
            int to = -1;
            unsigned who = 0;
            for (size_t i = 0; i < COUNT(moves); i++) {
                if (strcmp(moves[i].from, from_name) == 0 &&
                    strcmp(moves[i].event, event_name) == 0) {
                    to = request_state_named(moves[i].to);
                    who = roles(moves[i].who);
                    found++;
                }
            }
            if (kind_move(&offer_kind, (enum request_state)from, (enum request_event)event) != to ||
                kind_movers(&offer_kind, (enum request_state)from, (enum request_event)event) !=
                    who)
                fail_msg("%s -%s->", from_name, event_name);
        }
    }
    assert_int_equal(found, COUNT(moves));
}

/* But what AWS tells late. */
static void nothing_leads_out_of_an_end(void **state)
{
    (void)state;
    static const enum request_state ended[] = {STATE_ACCEPTED, STATE_EXPIRED,   STATE_CLOSED,
                                               STATE_REJECTED, STATE_WITHDRAWN, STATE_UNDER_WAY,
                                               STATE_DONE,     STATE_UNREADABLE};
    size_t count = 0;
    for (int from = 0; from < STATES; from++)
        count += kind_ended(&offer_kind, (enum request_state)from);
    assert_int_equal(count, COUNT(ended));
    for (size_t i = 0; i < COUNT(ended); i++)
        assert_true(kind_ended(&offer_kind, ended[i]));
}

/* A kind that is in the states in which an offer never is. */
static const struct move_row done_in_one_piece[] = {
    {STATE_APPROVED, EVENT_BEGIN, STATE_UNDER_WAY, ROLE_BOT},
    {STATE_UNDER_WAY, EVENT_FINISH, STATE_DONE, ROLE_BOT},
    {STATE_UNDER_WAY, EVENT_FAIL, STATE_FAILED, ROLE_BOT},
    {.who = 0},
};
static const struct request_kind one_piece = {.name = "one", .moves = done_in_one_piece};

/* In one move. */
static bool leads(const struct request_kind *kind, enum request_state from, enum request_state to)
{
    for (int event = 0; event < EVENTS; event++) {
        if (kind_move(kind, from, (enum request_event)event) == (int)to)
            return true;
    }
    return false;
}

/* By any number of moves, or none. */
static bool reaches(const struct request_kind *kind, enum request_state from, enum request_state to)
{
    bool there[STATES] = {false};
    there[from] = true;
    for (int round = 0; round < STATES; round++) {
        for (int at = 0; at < STATES; at++) {
            for (int next = 0; there[at] && next < STATES; next++)
                there[next] =
                    there[next] || leads(kind, (enum request_state)at, (enum request_state)next);
        }
    }
    return there[to];
}

/* Somebody's no leads to it. */
static bool stops(const struct request_kind *kind, enum request_state to)
{
    static const enum request_event no[] = {EVENT_REJECT, EVENT_REQUEST_CHANGES, EVENT_REFUSE,
                                            EVENT_FAIL};
    for (int from = 0; from < STATES; from++) {
        for (size_t i = 0; i < COUNT(no); i++) {
            if (kind_move(kind, (enum request_state)from, no[i]) == (int)to)
                return true;
        }
    }
    return false;
}

static void check_traits(const struct request_kind *kind, enum request_state state)
{
    bool out = kind == &offer_kind && reaches(kind, STATE_PUBLISHED, state);
    bool open = state != STATE_DRAFT && !out && !kind_ended(kind, state);
    bool going = kind_move(kind, state, EVENT_FAIL) >= 0;
    if (request_state_in(state, STATES_OUT) != out ||
        request_state_in(state, STATES_OPEN) != open ||
        request_state_in(state, STATES_GOING) != going ||
        request_state_in(state, STATES_STOPPED) != stops(kind, state))
        fail_msg("%s has other traits than its moves", request_state_name(state));
}

static void traits_are_those_of_the_moves(void **state)
{
    (void)state;
    unsigned checked = 0;
    const struct request_kind *const kinds[] = {&offer_kind, &one_piece};
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
        for (int one = 0; one < STATES; one++) {
            if (!kind_has(kinds[kind], (enum request_state)one))
                continue;
            check_traits(kinds[kind], (enum request_state)one);
            checked |= 1U << one;
        }
    }
    assert_int_equal(checked, (1U << STATES) - 1 - (1U << STATE_UNREADABLE));
    for (int one = STATES; one <= 40; one++) /* whatever is asked for */
        assert_false(request_state_in((enum request_state)one, ~0U));
    assert_false(request_state_in(STATE_UNREADABLE,
                                  STATES_OPEN | STATES_GOING | STATES_STOPPED | STATES_OUT));
}

/* Whoever decides never is the one who asked, nor the bot. */
static void only_approvers_decide(void **state)
{
    (void)state;
    static const enum request_event deciding[] = {EVENT_APPROVE, EVENT_REJECT,
                                                  EVENT_REQUEST_CHANGES};
    for (size_t i = 0; i < COUNT(deciding); i++)
        assert_int_equal(kind_movers(&offer_kind, STATE_PENDING, deciding[i]), ROLE_APPROVER);
    assert_int_equal(kind_movers(&offer_kind, STATE_DRAFT, EVENT_APPROVE), 0);
    assert_int_equal(kind_movers(&offer_kind, STATE_CHANGES_REQUESTED, EVENT_APPROVE), 0);
}

static void names_of_offers(void **state)
{
    (void)state;
    static const char *const names[STATES] = {
        "draft",     "pending",  "changes_requested", "approved", "publishing",
        "published", "accepted", "expired",           "closed",   "rejected",
        "withdrawn", "failed",   "under_way",         "done",     "unreadable"};
    for (int i = 0; i < STATES; i++) {
        assert_string_equal(request_state_name((enum request_state)i), names[i]);
        assert_int_equal(request_state_named(names[i]), i);
        assert_true(*kind_label(&offer_kind, (enum request_state)i) != '\0');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(kind_label(&offer_kind, (enum request_state)i),
                                    kind_label(&offer_kind, (enum request_state)j));
    }
    for (int i = 0; i < EVENTS; i++) {
        assert_true(*request_event_name((enum request_event)i) != '\0');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(request_event_name((enum request_event)i),
                                    request_event_name((enum request_event)j));
    }
    assert_string_equal(request_event_name(EVENTS), "unknown");
    for (int i = -1; i <= STATES + EVENTS; i++) { /* whatever is asked for */
        assert_non_null(request_state_name((enum request_state)i));
        assert_non_null(request_state_label((enum request_state)i));
        assert_non_null(request_event_name((enum request_event)i));
    }
    assert_int_equal(request_state_named(""), -1);
    assert_int_equal(request_state_named("Draft"), -1);
    assert_int_equal(request_state_named("pending "), -1);
}

/* --- the Marketplace draft --- */

static void drafts_move_as_the_table_says_and_not_else(void **state)
{
    (void)state;
    static const struct {
        enum draft_state from;
        enum draft_event event;
        enum draft_state to;
    } table[] = {
        {DRAFT_NONE, DRAFT_MAKE, DRAFT_MAKING},
        {DRAFT_MAKING, DRAFT_MADE, DRAFT_READY},
        {DRAFT_UPDATING, DRAFT_MADE, DRAFT_READY},
        {DRAFT_READY, DRAFT_UPDATE, DRAFT_UPDATING},
        {DRAFT_READY, DRAFT_MAKE, DRAFT_MAKING},
        {DRAFT_MAKING, DRAFT_REFUSE, DRAFT_REFUSED},
        {DRAFT_UPDATING, DRAFT_REFUSE, DRAFT_REFUSED},
        {DRAFT_REFUSED, DRAFT_UPDATE, DRAFT_UPDATING},
        {DRAFT_REFUSED, DRAFT_MAKE, DRAFT_MAKING},
        {DRAFT_READY, DRAFT_RELEASE, DRAFT_RELEASING},
        {DRAFT_RELEASING, DRAFT_RELEASE_DONE, DRAFT_RELEASED},
        {DRAFT_RELEASING, DRAFT_RELEASE_FAIL, DRAFT_READY},
        {DRAFT_MAKING, DRAFT_ABANDON, DRAFT_ABANDONED},
        {DRAFT_UPDATING, DRAFT_ABANDON, DRAFT_ABANDONED},
        {DRAFT_READY, DRAFT_ABANDON, DRAFT_ABANDONED},
        {DRAFT_REFUSED, DRAFT_ABANDON, DRAFT_ABANDONED},
        {DRAFT_NONE, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_MAKING, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_READY, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_UPDATING, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_REFUSED, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_RELEASING, DRAFT_FIND, DRAFT_RELEASING},
        {DRAFT_ABANDONED, DRAFT_FIND, DRAFT_RELEASING},
    };
    for (int from = 0; from < DRAFT_STATES; from++) {
        for (int event = 0; event < DRAFT_EVENTS; event++) {
            int to = -1;
            for (size_t i = 0; i < COUNT(table); i++) {
                if ((int)table[i].from == from && (int)table[i].event == event)
                    to = (int)table[i].to;
            }
            if (draft_move((enum draft_state)from, (enum draft_event)event) != to)
                fail_msg("%s, event %d", draft_state_name((enum draft_state)from), event);
        }
    }
}

static void names_of_drafts(void **state)
{
    (void)state;
    static const char *const names[] = {"none",    "making",    "ready",    "updating",
                                        "refused", "releasing", "released", "abandoned"};
    assert_int_equal(COUNT(names), DRAFT_UNREADABLE);
    for (int i = DRAFT_UNREADABLE; i <= DRAFT_STATES; i++)
        assert_string_equal(draft_state_name((enum draft_state)i), "unreadable");
    assert_string_equal(draft_state_name((enum draft_state) - 1), "unreadable");
    assert_int_equal(draft_state_named("unreadable"), -1); /* it is never stored */
    for (int i = 0; i < DRAFT_UNREADABLE; i++) {
        assert_string_equal(draft_state_name((enum draft_state)i), names[i]);
        assert_int_equal(draft_state_named(names[i]), i);
    }
    assert_int_equal(draft_state_named(""), -1);
    assert_int_equal(draft_state_named("Ready"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_and_event_has_its_name),
        cmocka_unit_test(offers_move_as_the_table_says_and_not_else),
        cmocka_unit_test(nothing_leads_out_of_an_end),
        cmocka_unit_test(traits_are_those_of_the_moves),
        cmocka_unit_test(only_approvers_decide),
        cmocka_unit_test(names_of_offers),
        cmocka_unit_test(drafts_move_as_the_table_says_and_not_else),
        cmocka_unit_test(names_of_drafts),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
