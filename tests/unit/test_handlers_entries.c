/* The list of what people can do, and the way from an envelope to it. */
#include "handlers_fixture.h"

#include "../../handlers/answers.h"
#include "handlers.h"

static void every_route_leads_to_its_own_entry(void **state)
{
    size_t count = 0;
    (void)state;
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        size_t before = count;
        for (size_t i = 0; i < MAX_ROUTES && (*entry)->routes[i].name != NULL; i++, count++) {
            if (handlers_route((*entry)->routes[i].name) != (*entry)->routes[i].handle)
                fail_msg("two take %s", (*entry)->routes[i].name);
        }
        assert_true(count > before || (*entry)->run != NULL);
    }
    assert_true(count > 15);
    assert_null(handlers_route("action:nonsense"));
}

static void each_form_that_a_button_opens_has_that_button(void **state)
{
    (void)state;
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        char route[SLACK_ROUTE];
        const struct opening *opening = &(*entry)->opening;
        if (opening->action == NULL)
            continue;
        assert_non_null(opening->start);
        snprintf(route, sizeof(route), "action:%s", opening->action);
        assert_non_null(handlers_route(route));
    }
}

static void help_has_a_line_for_each_subcommand(void **state)
{
    (void)state;
    type("U0SELLER", "help");
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        char line[200];
        const struct usage *usage = &(*entry)->usage;
        assert_int_equal(usage->name != NULL, (*entry)->run != NULL);
        if (usage->name == NULL)
            continue;
        snprintf(line, sizeof(line), "`/cppo %s%s%s` – %.*s", usage->name,
                 *usage->rest != '\0' ? " " : "", usage->rest, (int)strcspn(usage->what, "{"),
                 usage->what);
        expect_acked(line);
    }
    expect_acked("– your offers, and those waiting for a decision");
    expect_acked("– one offer with its history");
    expect_acked("– withdraw one of your offers");
}

/* It is written once, for the first who asks. */
static void help_reads_the_same_each_time(void **state)
{
    (void)state;
    type("U0SELLER", "help");
    char *first = mem_copy(flows.ack);
    type("U0MIA", "help");
    assert_string_equal(flows.ack, first);
    free(first);
}

/* A subcommand about an offer, and no offer named: it asks for one. */
static void who_names_no_offer_is_asked_which(void **state)
{
    char wanted[100];
    size_t asked = 0;
    (void)state;
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        const struct usage *usage = &(*entry)->usage;
        if (usage->name == NULL || strncmp(usage->rest, "CPPO", 4) != 0)
            continue;
        type("U0SELLER", usage->name);
        snprintf(wanted, sizeof(wanted),
                 "Which one? Type /cppo %s %s, for example; /cppo list shows yours.", usage->name,
                 usage->rest);
        expect_acked(wanted);
        asked++;
    }
    assert_true(asked > 2);
}

static void a_command_goes_by_its_name(void **state)
{
    (void)state;
    type_command("U0SELLER", "/cppo", "hepl");
    expect_acked("Did you mean `/cppo help`?");
    type_command("U0SELLER", "/CPPO", "LIST");
    expect_acked("offers");
    type_command("U0SELLER", "/other", "list");
    expect_acked("I don't know this command. Type /cppo help.");
}

/* --- events --- */

static const char happens[] =
    "{\"type\":\"event_callback\",\"event_id\":\"%s\",\"event\":{\"type\":\"%s\","
    "\"user\":\"U0SELLER\",\"channel\":\"D0SELLER\",\"tab\":\"home\"}}";

static void happen(const char *event_id, const char *type)
{
    char payload[300];
    snprintf(payload, sizeof(payload), happens, event_id, type);
    text_fit(flows.ack, sizeof(flows.ack), "none");
    send_envelope("events_api", payload);
}

static void an_event_that_nobody_takes_is_acknowledged(void **state)
{
    (void)state;
    size_t sent = flows.count;
    happen("Ev1", "emoji_changed");
    assert_string_equal(flows.ack, "");
    assert_int_equal(flows.count, sent);
}

static int opened;

static struct decision home(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    assert_string_equal(from->user, "U0SELLER");
    opened++;
    turn_count(turn, "homes");
    return turn_answer(turn, NULL);
}

static handler_fn *with_home(const char *route)
{
    return strcmp(route, "event:app_home_opened") == 0 ? home : handlers_route(route);
}

/* Slack sends an event again when it heard no answer: it counts once. */
static void a_route_of_an_event_receives_it_once(void **state)
{
    (void)state;
    flows_stop();
    flows.handler_of = with_home;
    flows_start();
    opened = 0;
    happen("Ev1", "app_home_opened");
    happen("Ev1", "app_home_opened");
    assert_string_equal(flows.ack, "");
    happen("Ev2", "app_home_opened");
    assert_int_equal(opened, 2);
    type("U0SELLER", "help");
    expect_acked("What you can type");
}

/* Above 20 kB Slack ends the connection, and all that was not acknowledged comes again. */
static void no_ack_is_longer_than_slack_takes(void **state)
{
    char *text = mem_new(1, 30000);
    (void)state;
    memset(text, 'x', 18990);
    char *body = answer_body(json_pack("{s:s}", "t", text));
    assert_non_null(body);
    assert_true(strlen(body) < 20000);
    free(body);
    memset(text, 'x', 19990);
    assert_null(answer_body(json_pack("{s:s}", "t", text)));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_leads_to_its_own_entry),
        cmocka_unit_test(each_form_that_a_button_opens_has_that_button),
        cmocka_unit_test(no_ack_is_longer_than_slack_takes),
        FLOWS_TEST(help_has_a_line_for_each_subcommand),
        FLOWS_TEST(help_reads_the_same_each_time),
        FLOWS_TEST(who_names_no_offer_is_asked_which),
        FLOWS_TEST(a_command_goes_by_its_name),
        FLOWS_TEST(an_event_that_nobody_takes_is_acknowledged),
        FLOWS_TEST(a_route_of_an_event_receives_it_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
