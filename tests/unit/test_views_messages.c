/* Short messages: menu, help, lists, plain words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "json.h"
#include "slack/blocks.h"
#include "views/list_view.h"
#include "views/messages.h"
#include "views_fixture.h"

enum { ACK_BYTES = 20000 };

/* Take ${whole}: Slack takes it, in an ack too, and typed text does nothing in it. Its text. */
static char *good(json_t *whole)
{
    char *problem = judged(whole);
    char *bytes = json_dumps(whole, JSON_COMPACT);
    if (*problem != '\0')
        fail_msg("%s", problem);
    if (strlen(bytes) >= ACK_BYTES)
        fail_msg("%zu bytes do not fit into an ack", strlen(bytes));
    char *text = all_text(whole);
    free(bytes);
    free(problem);
    json_decref(whole);
    return text;
}

static void expect_said(json_t *whole, const char *wanted)
{
    char *text = good(whole);
    if (strstr(text, wanted) == NULL)
        fail_msg("nowhere does it say “%s” in:\n%s", wanted, text);
    free(text);
}

static void the_menu(void **state)
{
    (void)state;
    json_t *menu = message_menu(3, false);
    char *ids = button_ids(menu);
    assert_string_equal(ids, "new_offer my_offers pending_offers");
    free(ids);
    expect_said(menu, "Waiting for approval (3)");
    expect_said(message_menu(INT64_MAX, false), "New offer");
}

static const struct usage usages[] = {{"new", "[Example Corp 25%]", "request an offer"},
                                      {"list", "", "your offers"},
                                      {"withdraw", "CPPO-12", "withdraw one"}};
enum { USAGES = sizeof(usages) / sizeof(usages[0]) };

static void help_names_every_command(void **state)
{
    (void)state;
    expect_said(message_help(usages, USAGES), "`/cppo new [Example Corp 25%]` – request an offer");
    expect_said(message_help(usages, USAGES), "`/cppo list` – your offers");
    expect_said(message_help(usages, USAGES), "`/cppo withdraw CPPO-12` – withdraw one");
}

/* --- lists --- */

static struct request *many_offers(size_t count, const char *customer)
{
    struct request *offers = mem_new(count, sizeof(*offers));
    for (size_t i = 0; i < count; i++) {
        offers[i].number = (int64_t)i + 1;
        offers[i].kind = &offer_kind;
        offers[i].revision = 2;
        text_fit(offers[i].digest, sizeof(offers[i].digest), "0123456789abcdef01234567");
        offers[i].state = (enum request_state)(i % STATES);
        text_fit(offers[i].requester, PERSON_ID, "U0MIA");
        fixture_content(fixture_offer(&offers[i]));
        evil_field(fixture_offer(&offers[i])->customer, sizeof(fixture_offer(&offers[i])->customer),
                   CUSTOMER_POINTS, customer, strlen(customer) < 8);
    }
    return offers;
}

/* As a list shows them; ${decide}: to somebody who may, and sees the cards. */
static json_t *listing(const char *heading, const struct request *offers, size_t count,
                       int64_t total, bool decide)
{
    static const char url[] = "https://example.slack.com/archives/C0APPROVALS/p1";
    struct listed *list = mem_new(count > 0 ? count : 1, sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = (struct listed){.request = &offers[i],
                                  .permalink = decide ? url : "",
                                  .decide = decide,
                                  .approved = decide,
                                  .own = !decide,
                                  .price = decide ? "0.01 USD per unit" : ""};
    struct text json = {0};
    list_view_begin(&json, heading, total);
    list_view_add(&json,
                  &(struct listing_view){.heading = heading,
                                         .empty = "No offers yet. Create one with `/cppo new`.",
                                         .list = list,
                                         .count = count,
                                         .total = total,
                                         .oldest_first = decide,
                                         .previous = decide ? "<7 state:pending" : "",
                                         .next = total > 20 ? ">20 by:U0MIA" : "",
                                         .now = INT64_C(3) * 86400000});
    free(list);
    json_t *whole = json_read(list_view_end(&json));
    assert_non_null(whole);
    return whole;
}

static void a_list_has_a_line_an_offer(void **state)
{
    (void)state;
    struct request *offers = many_offers(2, "Example Corp");
    offers[1].state = STATE_PENDING;
    json_t *list = listing("Your offers", offers, 2, 2, false);
    char *ids = button_ids(list);
    assert_string_equal(ids, "details details");
    assert_string_equal(check_text(button_named(list, "details"), "value"),
                        "1.2.0123456789abcdef01234567");
    free(ids);
    char *text = good(list);
    assert_non_null(strstr(text, "Your offers"));
    assert_non_null(strstr(text, "*CPPO-2* · Waiting for approval\nExample Corp"));
    assert_non_null(strstr(text, "accept by 2026-12-31"));
    assert_non_null(strstr(text, " · 3 days ago"));
    assert_null(strstr(text, "<@U0MIA>"));
    assert_null(strstr(text, "33.3"));
    assert_null(strstr(text, "The newest"));
    free(text);
    free(offers);
}

/* A line shows too little to approve on: its button opens what shows all. */
static void who_may_decide_does_it_from_the_list(void **state)
{
    (void)state;
    struct request *offers = many_offers(1, "Example Corp");
    offers[0].state = STATE_PENDING;
    json_t *list = listing("Waiting for approval", offers, 1, 1, true);
    char *ids = button_ids(list);
    assert_string_equal(ids, "details approve_again request_changes reject list_back");
    free(ids);
    const json_t *approve = button_named(list, "approve_again");
    assert_string_equal(check_text(approve, "value"), "1.2.0123456789abcdef01234567");
    assert_null(json_object_get(approve, "style"));
    char *text = good(list);
    assert_non_null(strstr(text, "markup 33.3 %"));
    assert_non_null(strstr(text, " · 0.01 USD per unit · "));
    assert_non_null(strstr(text, " · <@U0MIA>, 3 days ago · you have approved it · "));
    assert_non_null(strstr(text, "1 of 1, the oldest first."));
    assert_non_null(strstr(text, "/archives/C0APPROVALS/p1|Open its card>"));
    free(text);
    free(offers);
}

static void an_empty_list_says_how_to_begin(void **state)
{
    (void)state;
    expect_said(listing("Your offers", NULL, 0, 0, false), "/cppo new");
}

static void a_long_list_says_what_it_leaves_out(void **state)
{
    (void)state;
    struct request *offers = many_offers(60, "Example Corp");
    json_t *list = listing("Your offers", offers, 60, 155, false);
    char *text = good(json_incref(list));
    assert_non_null(strstr(text, "The newest 20 of 155."));
    assert_non_null(strstr(text, "*CPPO-20*"));
    assert_null(strstr(text, "*CPPO-21*"));
    assert_string_equal(check_text(button_named(list, "list_on"), "value"), ">20 by:U0MIA");
    free(text);
    json_decref(list);
    free(offers);
}

/* Three days into the epoch. */
static void an_age_is_told_in_what_it_fills(void **state)
{
    static const struct {
        int64_t made;
        const char *words;
    } cases[] = {{259200005, " · a moment ago"}, {259140001, " · a moment ago"},
                 {259140000, " · 1 minute ago"}, {252000000, " · 2 hours ago"},
                 {172800001, " · 23 hours ago"}, {172800000, " · 1 day ago"},
                 {-604800000, " · 10 days ago"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct request *offers = many_offers(1, "Example Corp");
        offers[0].created_at = cases[i].made;
        expect_said(listing("Your offers", offers, 1, 1, false), cases[i].words);
        free(offers);
    }
}

static void the_longest_list_fits_into_an_ack(void **state)
{
    (void)state;
    static const char *const customers[] = {"&", "😀", "*", "\"", "<", "\\", "é*"};
    for (size_t i = 0; i < sizeof(customers) / sizeof(customers[0]); i++) {
        struct request *offers = many_offers(20, customers[i]);
        free(good(listing("Offers that wait for a decision", offers, 20, 155, false)));
        free(offers);
    }
}

/* --- words --- */

static void plain_words(void **state)
{
    (void)state;
    json_t *said =
        message_format("Only " MENTION_PERSON ", who requested CPPO-12, can withdraw it.", "U0MIA");
    assert_string_equal(check_text(said, "text"),
                        "Only <@U0MIA>, who requested CPPO-12, can withdraw it.");
    expect_said(said, "Only <@U0MIA>, who");
    expect_said(message_plain("a < b & c"), "a &lt; b &amp; c");
    expect_said(message_plain("it is not_in_channel"), "it is not_in_channel");
    expect_said(message_plain("<!channel> <@here> <@S0> x> <https://evil.example|AWS>"),
                "&lt;!channel&gt; &lt;@here&gt; &lt;@S0&gt; x&gt; &lt;https://");
}

/* A name that a customer, an ISV or a colleague at AWS has is a name, whatever it looks like. */
static void nobody_is_mentioned_by_what_others_wrote(void **state)
{
    (void)state;
    json_t *said = message_format("“%s” is gone, " MENTION_PERSON ": see " MENTION_CHANNEL,
                                  "<@U0MIA> <#C0OFFERS>", "U0BOSS", "C0DEALS");
    assert_string_equal(check_text(said, "text"), "“&lt;@U0MIA&gt; &lt;#C0OFFERS&gt;” is gone, "
                                                  "<@U0BOSS>: see <#C0DEALS>");
    json_decref(said);
    /* Cut, or of something else, a mark leaves nothing. */
    expect_said(message_plain("a" MENTION_MARK "<@U0MI"), "a&lt;@U0MI");
    expect_said(message_plain("a" MENTION_MARK "<!here>" MENTION_MARK), "a&lt;!here&gt;");
    char *log = blocks_unmarked("a" MENTION_MARK "<@U0MIA> b" MENTION_MARK);
    assert_string_equal(log, "a<@U0MIA> b");
    free(log);
}

static void words_with_a_button(void **state)
{
    (void)state;
    json_t *said = message_button("That took too long.", "Try again", "new_offer", "12.3");
    const json_t *again = button_named(said, "new_offer");
    assert_string_equal(check_text(again, "value"), "12.3");
    assert_string_equal(check_text(json_object_get(again, "text"), "text"), "Try again");
    expect_said(said, "That took too long.");
}

static void words_that_quote(void **state)
{
    (void)state;
    expect_said(message_quoting("Please click again.", "No budget <@U0MIA>"), "No budget <@U0MIA>");
    expect_said(message_quoting("Please click again.", "No budget"), "Please click again.");
}

static void an_unknown_command_gets_the_nearest(void **state)
{
    (void)state;
    expect_said(message_unknown_command("lsit", usages, USAGES), "Did you mean `/cppo list`?");
    expect_said(message_unknown_command("withdrow", usages, USAGES),
                "Did you mean `/cppo withdraw`?");
    expect_said(message_unknown_command("frobnicate", usages, USAGES), "What you can type");
    expect_said(message_unknown_command("`<!channel>`", usages, USAGES), "ˋ&lt;!channel&gt;ˋ");
}

static void typed_text_is_inert_in_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVIL_TEXTS; i++) {
        const char *evil = strcmp(evil_texts[i], evil_texts[1]) == 0 ? "<#C_EVIL>" : evil_texts[i];
        struct request *offers = many_offers(20, evil);
        char *typed = mem_new(1, 9000);
        evil_field(typed, 9000, 8999, evil, true);
        free(good(listing("Your offers", offers, 20, 20, false)));
        free(good(message_plain(evil)));
        free(good(message_unknown_command(evil, usages, USAGES)));
        free(good(message_unknown_command(typed, usages, USAGES)));
        free(good(message_button(typed, "Try again", "new_offer", "-")));
        free(good(message_quoting("Please click again.", typed)));
        free(typed);
        free(offers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_menu),
        cmocka_unit_test(help_names_every_command),
        cmocka_unit_test(a_list_has_a_line_an_offer),
        cmocka_unit_test(who_may_decide_does_it_from_the_list),
        cmocka_unit_test(an_empty_list_says_how_to_begin),
        cmocka_unit_test(a_long_list_says_what_it_leaves_out),
        cmocka_unit_test(an_age_is_told_in_what_it_fills),
        cmocka_unit_test(the_longest_list_fits_into_an_ack),
        cmocka_unit_test(plain_words),
        cmocka_unit_test(nobody_is_mentioned_by_what_others_wrote),
        cmocka_unit_test(words_with_a_button),
        cmocka_unit_test(words_that_quote),
        cmocka_unit_test(an_unknown_command_gets_the_nearest),
        cmocka_unit_test(typed_text_is_inert_in_messages),
    };
    return cmocka_run_group_tests_name("views messages", tests, NULL, NULL);
}
