/* Block Kit builders: cuts, escapes, tokens; and the judge that the views' tests rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "blocks_check.h"
#include "mem.h"
#include "slack/blocks.h"

static json_t *divider(void)
{
    return json_pack("{s:s}", "type", "divider");
}

static char *repeated(const char *piece, size_t times)
{
    struct text text = {0};
    for (size_t i = 0; i < times; i++)
        text_add(&text, piece);
    return text_take(&text);
}

/* Take ${object}, give its text. */
static char *shown(json_t *object)
{
    char *text = mem_copy(check_text(object, "text"));
    json_decref(object);
    return text;
}

/* Take what has a text object, give the text in that. */
static char *shown_in(json_t *parent)
{
    char *text = shown(json_incref(json_object_get(parent, "text")));
    json_decref(parent);
    return text;
}

static void expect_escaped(const char *typed, const char *wanted)
{
    struct text text = {0};
    mrkdwn_escape(&text, typed);
    assert_string_equal(text_get(&text), wanted);
    text_free(&text);
}

static void typed_text_reads_as_typed(void **state)
{
    (void)state;
    expect_escaped("Meyer & Sons", "Meyer &amp; Sons");
    expect_escaped("<!channel>", "&lt;!channel&gt;");
    expect_escaped("<@U0EVIL> <https://evil.example|AWS>",
                   "&lt;@U0EVIL&gt; &lt;https://evil.example|AWS&gt;");
    expect_escaped("&lt;!here&gt;", "&amp;lt;!here&amp;gt;");
    expect_escaped("plain words, Ümläute and 日本語", "plain words, Ümläute and 日本語");
    expect_escaped("two\nlines\tand a tab", "two\nlines\tand a tab");
}

static void marks_cannot_style(void **state)
{
    (void)state;
    expect_escaped("*bold*", "∗bold∗");
    expect_escaped("_it_ ~no~", "＿it＿ ∼no∼");
    expect_escaped("`code` ```block```", "ˋcodeˋ ˋˋˋblockˋˋˋ");
    expect_escaped("(*bold*)", "(∗bold∗)");
    expect_escaped("é*b*é", "é∗b∗é");
    expect_escaped("> quoted\n>too, a > b", "› quoted\n›too, a &gt; b");
}

static void marks_inside_a_word_stay(void **state)
{
    (void)state;
    expect_escaped("not_in_channel 2*3 a~b", "not_in_channel 2*3 a~b");
}

static void tricks_become_visible(void **state)
{
    (void)state;
    expect_escaped("a\xE2\x80\xAE"
                   "cod.exe",
                   "a\xEF\xBF\xBD"
                   "cod.exe"); /* U+202E */
    expect_escaped("\x1B[31m", "\xEF\xBF\xBD[31m");
    expect_escaped("\xC2\x85", "\xEF\xBF\xBD");
    expect_escaped("a\xFF\xC3(\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
    expect_escaped("👩‍💻 שלום",
                   "👩‍💻 שלום"); /* joined emoji and Hebrew are nobody's trick */
    char *text = shown_in(blocks_section_plain("1\xE2\x81\xA6"
                                               "2\xE2\x81\xA9"
                                               "3"));
    assert_string_equal(text, "1\xEF\xBF\xBD"
                              "2\xEF\xBF\xBD"
                              "3");
    free(text);
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char *typed = repeated("😀", 100);
    char *text = shown_in(blocks_option(typed, "v"));
    assert_int_equal(text_points(text), 75);
    assert_true(text_is_utf8(text, strlen(text)));
    assert_string_equal(text + strlen(text) - strlen("…"), "…");
    free(text);
    text = shown_in(blocks_section_plain(typed));
    assert_string_equal(text, typed);
    free(text);
    free(typed);
    text = shown_in(blocks_section_plain(""));
    assert_string_equal(text, " ");
    free(text);
}

static void a_cut_never_breaks_a_token(void **state)
{
    (void)state;
    static const char *const tokens[] = {
        "<@U0123456789>", "&amp;", "&lt;", "<!date^1767225600^{date_short_pretty} {time}|x>",
        "<https://aws.amazon.com/longer/than/sixty-four/bytes/by/far|label>"};
    for (size_t t = 0; t < sizeof(tokens) / sizeof(tokens[0]); t++) {
        char *markup = text_format("ab%scd%sef", tokens[t], tokens[t]);
        for (size_t most = 1; most <= text_points(markup); most++) {
            char *text = shown(blocks_mrkdwn(markup, most));
            size_t whole = 0;
            const char *at = text;
            for (; (at = strstr(at, tokens[t])) != NULL; at += strlen(tokens[t]))
                whole++;
            size_t begun = 0;
            for (at = text; *at != '\0'; at++)
                begun += *at == tokens[t][0];
            assert_int_equal(begun, whole);
            assert_true(text_points(text) <= most);
            free(text);
        }
        free(markup);
    }
}

static void only_ids_become_mentions(void **state)
{
    (void)state;
    static const struct {
        const char *id, *wanted;
    } cases[] = {{"U0MIA", "<@U0MIA>"},
                 {"W12345", "<@W12345>"},
                 {"aws", "aws"},
                 {"U0MIA> <!channel", "U0MIA&gt; &lt;!channel"},
                 {"u0mia", "u0mia"},
                 {"S0GROUP", "S0GROUP"},
                 {"U", "U"},
                 {"", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct text text = {0};
        mrkdwn_person(&text, cases[i].id);
        assert_string_equal(text_get(&text), cases[i].wanted);
        text_free(&text);
    }
}

static void times_fall_back_to_utc(void **state)
{
    (void)state;
    struct text text = {0};
    mrkdwn_time(&text, INT64_C(1795464180999));
    assert_string_equal(text_get(&text),
                        "<!date^1795464180^{date_short_pretty} {time}|2026-11-23 20:03 UTC>");
    text_free(&text);
    mrkdwn_time(&text, INT64_MAX); /* a clock gone mad */
    assert_non_null(strstr(text_get(&text), " UTC>"));
    text_free(&text);
}

static void only_addresses_become_links(void **state)
{
    (void)state;
    static const struct {
        const char *url, *label, *wanted;
    } cases[] = {
        {"https://aws.amazon.com/a?b=1&c=2", "", "<https://aws.amazon.com/a?b=1&amp;c=2>"},
        {"https://aws.amazon.com/", "AWS's <page>", "<https://aws.amazon.com/|AWS's &lt;page&gt;>"},
        {"http://127.0.0.1:8080/offer", "", "<http://127.0.0.1:8080/offer>"},
        {"https://a|b", "x", "https://a|b"},
        {"https://a> <!channel", "", "https://a&gt; &lt;!channel"},
        {"javascript:alert(1)", "x", "javascript:alert(1)"},
        {"", "x", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct text text = {0};
        mrkdwn_link(&text, cases[i].url, cases[i].label);
        assert_string_equal(text_get(&text), cases[i].wanted);
        text_free(&text);
    }
}

/* --- wholes --- */

static void expect_taken(json_t *whole)
{
    struct err err;
    if (blocks_check(whole, &err) != 0)
        fail_msg("Slack would refuse this: %s", err.text);
    json_decref(whole);
}

static void builders_cut_to_slacks_limits(void **state)
{
    (void)state;
    char *much = repeated("ä", 5000);
    json_t *fields = json_array();
    for (int i = 0; i < 10; i++)
        json_array_append_new(fields, blocks_mrkdwn(much, 2000));
    json_t *ask = blocks_button_confirm(blocks_button(much, "go", "1", BUTTON_DANGER), much, much,
                                        much, much);
    expect_taken(blocks_message(
        much, json_pack("[o, o, o, o, o, o, o]", blocks_header(much), blocks_section(much),
                        blocks_section_plain(much), blocks_fields(fields), blocks_context(much),
                        divider(), blocks_actions("a", json_pack("[o]", ask)))));
    json_t *select = blocks_input_select("s", json_pack("[o]", blocks_option(much, "v")),
                                         blocks_option(much, "v"));
    expect_taken(blocks_modal(
        "form", much, much, much, "{}",
        json_pack(
            "[o, o, o, o, o]",
            blocks_input("t", much, much, true, blocks_input_text("t", much, true, 3000, much)),
            blocks_input("u", much, NULL, false, blocks_input_url("u", NULL, much)),
            blocks_input("d", "day", NULL, false, blocks_input_date("d", "2026-12-31")),
            blocks_input("s", "one", NULL, false, select),
            blocks_input("e", "one", NULL, false,
                         blocks_input_external("e", blocks_option(much, "v"), much)))));
    free(much);
}

static void a_form_shows_suggestions_at_once(void **state)
{
    (void)state;
    json_t *element = blocks_input_external("authorization", NULL, "Choose");
    assert_true(json_is_integer(json_object_get(element, "min_query_length")));
    assert_int_equal(json_integer_value(json_object_get(element, "min_query_length")), 0);
    assert_null(json_object_get(element, "initial_option"));
    json_decref(element);
}

static void an_empty_field_has_no_initial_value(void **state)
{
    (void)state;
    json_t *elements = json_pack("[o, o, o, o]", blocks_input_text("a", "", false, 10, NULL),
                                 blocks_input_text("a", NULL, false, 10, NULL),
                                 blocks_input_url("a", "", NULL), blocks_input_date("a", ""));
    assert_int_equal(json_array_size(elements), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_null(json_object_get(json_array_get(elements, i), "initial_value"));
        assert_null(json_object_get(json_array_get(elements, i), "initial_date"));
    }
    json_decref(elements);
}

static void an_initial_value_fits_its_field(void **state)
{
    (void)state;
    json_t *element = blocks_input_text("customer", "a customer of a long name", false, 10, NULL);
    assert_string_equal(check_text(element, "initial_value"), "a custome…");
    json_decref(element);
}

/* --- the judge --- */

static void expect_refused(json_t *whole, const char *because)
{
    struct err err = {.text = ""};
    if (blocks_check(whole, &err) == 0)
        fail_msg("this should be refused for “%s”", because);
    if (strstr(err.text, because) == NULL)
        fail_msg("refused for “%s”, not “%s”", err.text, because);
    json_decref(whole);
}

/* A text object that no builder of ours would make. */
static json_t *raw_text(const char *type, size_t points)
{
    char *text = repeated("x", points);
    json_t *object = json_pack("{s:s, s:s, s:b}", "type", type, "text", text, "verbatim", 1);
    free(text);
    return object;
}

static json_t *raw_section(json_t *text)
{
    return blocks_message("text", json_pack("[{s:s, s:o}]", "type", "section", "text", text));
}

static void the_judge_refuses_what_slack_refuses(void **state)
{
    (void)state;
    json_t *many = json_array();
    for (int i = 0; i < 51; i++)
        json_array_append_new(many, divider());
    expect_refused(blocks_message("text", many), "51 blocks");
    expect_refused(blocks_message("text", json_array()), "0 blocks");
    expect_refused(json_pack("{s:[o]}", "blocks", divider()), "fallback text");
    expect_refused(raw_section(raw_text("mrkdwn", 3001)), "3001 characters");
    expect_refused(raw_section(raw_text("mrkdwn", 0)), "0 characters");
    expect_refused(raw_section(raw_text("html", 5)), "html");
    expect_refused(raw_section(json_pack("{s:s, s:s}", "type", "mrkdwn", "text", "x")), "links");
    expect_refused(blocks_message("text", json_pack("[{s:s, s:o}]", "type", "header", "text",
                                                    raw_text("mrkdwn", 5))),
                   "a header");
    expect_refused(blocks_message("text", json_pack("[{s:s}]", "type", "carousel")), "carousel");
    expect_refused(
        blocks_message(
            "text",
            json_pack(
                "[o, o]",
                blocks_actions("a", json_pack("[o]", blocks_button("b", "b", "1", BUTTON_PLAIN))),
                blocks_actions("a", json_pack("[o]", blocks_button("c", "c", "1", BUTTON_PLAIN))))),
        "two blocks");
    expect_refused(
        blocks_message(
            "text",
            json_pack(
                "[o]",
                blocks_actions("a", json_pack("[o, o]", blocks_button("b", "b", "1", BUTTON_PLAIN),
                                              blocks_button("c", "b", "1", BUTTON_PLAIN))))),
        "two buttons");
    expect_refused(blocks_message("text", json_pack("[o]", blocks_actions("a", json_array()))),
                   "0 elements");
    expect_refused(
        blocks_message("text", json_pack("[o]", blocks_input("i", "l", NULL, false,
                                                             blocks_input_date("i", NULL)))),
        "does not fit");
}

static void the_judge_refuses_wrong_forms(void **state)
{
    (void)state;
    json_t *element = blocks_input_date("i", NULL);
    expect_refused(blocks_modal("form", "Title", NULL, "Cancel", "{}",
                                json_pack("[o]", blocks_input("i", "l", NULL, false, element))),
                   "submit");
    element = blocks_input_date("i", "tomorrow");
    expect_refused(blocks_modal("form", "Title", "Go", "Cancel", "{}",
                                json_pack("[o]", blocks_input("i", "l", NULL, false, element))),
                   "no date");
    element = blocks_input_url("i", "evil", NULL);
    expect_refused(blocks_modal("form", "Title", "Go", "Cancel", "{}",
                                json_pack("[o]", blocks_input("i", "l", NULL, false, element))),
                   "an address");
    element = blocks_input_select("i", json_pack("[o]", blocks_option("a", "a")),
                                  blocks_option("b", "b"));
    expect_refused(blocks_modal("form", "Title", "Go", "Cancel", "{}",
                                json_pack("[o]", blocks_input("i", "l", NULL, false, element))),
                   "none of its options");
    char *much = repeated("m", 3001);
    expect_refused(blocks_modal("form", "Title", NULL, "Cancel", much, json_pack("[o]", divider())),
                   "private_metadata");
    free(much);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_text_reads_as_typed),
        cmocka_unit_test(marks_cannot_style),
        cmocka_unit_test(marks_inside_a_word_stay),
        cmocka_unit_test(tricks_become_visible),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(a_cut_never_breaks_a_token),
        cmocka_unit_test(only_ids_become_mentions),
        cmocka_unit_test(times_fall_back_to_utc),
        cmocka_unit_test(only_addresses_become_links),
        cmocka_unit_test(builders_cut_to_slacks_limits),
        cmocka_unit_test(a_form_shows_suggestions_at_once),
        cmocka_unit_test(an_empty_field_has_no_initial_value),
        cmocka_unit_test(an_initial_value_fits_its_field),
        cmocka_unit_test(the_judge_refuses_what_slack_refuses),
        cmocka_unit_test(the_judge_refuses_wrong_forms),
    };
    return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
