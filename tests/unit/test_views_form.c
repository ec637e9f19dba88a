/* The forms: their fields are a contract, nothing typed is lost, nothing typed acts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "form_fixture.h"

static const int64_t NOW = INT64_C(1795464180000);

/* --- the offer's form --- */

static void the_fields_are_the_contract(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type;
        bool optional;
    } fields[] = {{"authorization", "external_select", false},
                  {"customer", "plain_text_input", false},
                  {"buyers", "plain_text_input", false},
                  {"markup", "plain_text_input", false},
                  {"accept_by", "datepicker", false},
                  {"note", "plain_text_input", true},
                  {"offer_name", "plain_text_input", false},
                  {"term", "static_select", false},
                  {"eula", "static_select", false}};
    struct form_view view = empty_view();
    json_t *modal = form_modal(&view);
    const json_t *blocks = json_object_get(modal, "blocks");
    expect_good(modal);
    assert_string_equal(check_text(modal, "callback_id"), "offer_form");
    assert_int_equal(json_array_size(blocks), sizeof(fields) / sizeof(fields[0]));
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const json_t *block = json_array_get(blocks, i);
        const json_t *element = json_object_get(block, "element");
        assert_string_equal(check_text(block, "block_id"), fields[i].name);
        assert_string_equal(check_text(element, "action_id"), fields[i].name);
        assert_string_equal(check_text(element, "type"), fields[i].type);
        assert_int_equal(json_is_true(json_object_get(block, "optional")), fields[i].optional);
    }
    assert_true(json_is_true(json_object_get(element_named(modal, "buyers"), "multiline")));
    assert_true(json_is_true(json_object_get(element_named(modal, "note"), "multiline")));
    assert_int_equal(json_integer_value(json_object_get(element_named(modal, "authorization"),
                                                        "min_query_length")),
                     0);
    json_decref(modal);
}

static void new_and_edit_have_their_titles(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    json_t *modal = form_modal(&view);
    assert_string_equal(check_text(json_object_get(modal, "title"), "text"), "New private offer");
    assert_string_equal(check_text(json_object_get(modal, "submit"), "text"), "Send for approval");
    json_decref(modal);
    view.offer = 12;
    view.revision = 2;
    modal = form_modal(&view);
    assert_string_equal(check_text(json_object_get(modal, "title"), "text"), "Edit CPPO-12");
    json_decref(modal);
    view.offer = INT64_MAX;
    modal = form_modal(&view);
    expect_good(modal);
    json_decref(modal);
}

/* What the ISV extended a moment ago is not missed without a word. */
static void the_age_of_the_list_is_said_from_a_minute_on(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    json_t *modal = form_modal(&view);
    char *text = all_text(modal);
    assert_null(strstr(text, "As AWS listed them"));
    free(text);
    json_decref(modal);
    view.list_minutes = 1;
    modal = form_modal(&view);
    expect_good(modal);
    expect_text(modal, "As AWS listed them 1 minute ago.");
    json_decref(modal);
    view.list_minutes = 7;
    modal = form_modal(&view);
    expect_text(modal, "As AWS listed them 7 minutes ago.");
    json_decref(modal);
}

static void the_form_comes_filled_in(void **state)
{
    (void)state;
    char buyers[400];
    struct content content = {.eula = EULA_CUSTOM};
    struct authorization authorization = {.unlisted = false};
    struct form_view view = empty_view();
    fixture_content(&content);
    fixture_authorization(&authorization);
    text_fit(content.eula_url, sizeof(content.eula_url), "https://b.s3.amazonaws.com/eula.pdf");
    content_form(&content, buyers, sizeof(buyers), &view.values);
    view.authorization = &authorization;
    json_t *modal = form_modal(&view);
    expect_good(modal);
    assert_string_equal(chosen(modal, "authorization"), "resaleauthz-1");
    assert_string_equal(chosen(modal, "term"), "P3650D");
    assert_string_equal(chosen(modal, "eula"), "custom");
    assert_string_equal(check_text(element_named(modal, "offer_name"), "initial_value"),
                        "Archera - Subscription");
    assert_string_equal(check_text(element_named(modal, "customer"), "initial_value"),
                        "Example Corp");
    assert_string_equal(check_text(element_named(modal, "buyers"), "initial_value"),
                        "123456789012\n000000000001");
    assert_string_equal(check_text(element_named(modal, "markup"), "initial_value"), "33.3");
    assert_string_equal(check_text(element_named(modal, "accept_by"), "initial_date"),
                        "2026-12-31");
    assert_string_equal(check_text(element_named(modal, "eula_url"), "initial_value"),
                        "https://b.s3.amazonaws.com/eula.pdf");
    assert_string_equal(check_text(element_named(modal, "note"), "initial_value"), "Please hurry");
    json_decref(modal);
}

static void the_terms_and_eulas_to_choose_from(void **state)
{
    (void)state;
    static const char *const names[] = {"term", "eula"};
    static const char *const values[][5] = {
        {"P3650D", "P1825D", "P1095D", "P365D", "as_authorized"},
        {"as_authorized", "standard", "custom", NULL, NULL}};
    struct form_view view = empty_view();
    json_t *modal = form_modal(&view);
    for (size_t n = 0; n < 2; n++) {
        const json_t *options = json_object_get(element_named(modal, names[n]), "options");
        assert_int_equal(json_array_size(options), n == 0 ? 5 : 3);
        for (size_t i = 0; i < json_array_size(options); i++)
            assert_string_equal(check_text(json_array_get(options, i), "value"), values[n][i]);
    }
    json_decref(modal);
}

/* Slack refuses the whole form for one first value that it does not take. */
static void odd_first_values_do_not_keep_the_form_shut(void **state)
{
    (void)state;
    static const char *const odd[] = {"tomorrow",    "2026-02-30", "javascript:x",
                                      "https://a b", "x",          "P1D"};
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        struct form_view view = empty_view();
        for (int field = 0; field < FIELD_COUNT; field++)
            view.values.typed[field] = odd[i];
        json_t *modal = form_modal(&view);
        expect_good(modal);
        assert_null(json_object_get(element_named(modal, "accept_by"), "initial_date"));
        assert_null(json_object_get(element_named(modal, "eula_url"), "initial_value"));
        assert_null(json_object_get(element_named(modal, "term"), "initial_option"));
        expect_text(modal, "is not a valid EULA address"); /* what was typed is not lost */
        json_decref(modal);
    }
}

static void remarks_stand_on_top(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    view.remarks = "Please use 30 %";
    view.remarks_by = actor_person("U0BOSS");
    view.notice = "“color” is not a field.";
    json_t *modal = form_modal(&view);
    const json_t *blocks = json_object_get(modal, "blocks");
    expect_good(modal);
    assert_string_equal(check_text(json_array_get(blocks, 2), "block_id"), "authorization");
    char *first = all_text(json_array_get(blocks, 0));
    assert_non_null(strstr(first, "<@U0BOSS>"));
    assert_non_null(strstr(first, "Please use 30 %"));
    free(first);
    expect_text(modal, "“color” is not a field.");
    json_decref(modal);
}

/* --- where a form comes from --- */

static void a_form_knows_where_it_comes_from(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    struct form_origin origin;
    view.offer = 12;
    view.revision = 3;
    view.digest = "0123456789abcdef01234567";
    json_t *modal = form_modal(&view);
    assert_true(form_origin_read(check_text(modal, "private_metadata"), &origin));
    assert_string_equal(origin.form_id, view.form_id);
    assert_true(
        reference_same(&origin.request, &(struct reference){12, 3, "0123456789abcdef01234567"}));
    json_decref(modal);
}

/* An upgrade comes while somebody is still typing. */
static void a_form_of_an_earlier_version_is_known(void **state)
{
    (void)state;
    struct form_origin origin;
    assert_true(form_origin_read("{\"form\":\"f\",\"offer\":12,\"revision\":3,\"digest\":\"ab\"}",
                                 &origin));
    assert_true(reference_same(&origin.request, &(struct reference){12, 3, "ab"}));
}

static void a_foreign_origin_is_refused(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "",
        "x",
        "[]",
        "7",
        "{}",
        "{\"form\":\"\"}",
        "{\"form\":7,\"request\":1,\"revision\":1}",
        "{\"form\":\"f\",\"request\":1,\"revision\":-1}",
        "{\"form\":\"f\",\"request\":1,\"revision\":99999999999}",
        "{\"form\":\"0123456789012345678901234567890123456789\",\"request\":1,\"revision\":1}",
        ("{\"form\":\"f\",\"request\":1,\"revision\":1,\"place\":"
         "\"C0123456789012345678901234567890\"}"),
        "{\"form\":\"f\",\"form\":\"g\",\"request\":1,\"revision\":1}",
    };
    struct form_origin origin;
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        if (form_origin_read(foreign[i], &origin))
            fail_msg("this is no form of ours: %s", foreign[i]);
    }
}

/* --- reasons --- */

static void a_reason_is_asked_for(void **state)
{
    (void)state;
    static const struct reason_form changes = {.callback_id = "changes_form",
                                               .title = "Changes to",
                                               .question = "What should change?",
                                               .submit = "Send back"};
    static const struct reference seen = {12, 3, "0123456789abcdef01234567"};
    static const struct reference highest = {INT64_MAX, 999999, "ffffffffffffffffffffffff"};
    struct form_origin origin;
    struct form_origin from = {.form_id = "f1", .request = seen, .place = "C0DEALS"};
    json_t *modal = form_reason(&changes, &from);
    expect_good(modal);
    assert_string_equal(check_text(modal, "callback_id"), "changes_form");
    assert_string_equal(check_text(json_object_get(modal, "title"), "text"), "Changes to CPPO-12");
    assert_string_equal(check_text(json_object_get(modal, "submit"), "text"), "Send back");
    assert_string_equal(check_text(element_named(modal, "reason"), "action_id"), "reason");
    assert_true(form_origin_read(check_text(modal, "private_metadata"), &origin));
    assert_true(reference_same(&origin.request, &seen));
    assert_string_equal(origin.form_id, "f1");
    assert_string_equal(origin.place, "C0DEALS");
    json_decref(modal);
    from.request = highest;
    modal = form_reason(&changes, &from);
    expect_good(modal);
    json_decref(modal);
}

static void a_time_is_asked_for(void **state)
{
    (void)state;
    struct form_origin from = {.form_id = "f1", .request = {12, 3, "0123456789abcdef01234567"}};
    struct form_time form = {"", "09:00", "Europe/Berlin", false};
    json_t *modal = form_schedule(&form, &from);
    expect_good(modal);
    assert_null(json_object_get(element_named(modal, "day"), "initial_date"));
    assert_string_equal(check_text(element_named(modal, "clock"), "initial_time"), "09:00");
    assert_string_equal(check_text(element_named(modal, "zone"), "initial_value"), "Europe/Berlin");
    json_decref(modal);
    form.day = "2026-12-01";
    form.set = true;
    modal = form_schedule(&form, &from);
    expect_good(modal);
    assert_string_equal(check_text(element_named(modal, "day"), "initial_date"), "2026-12-01");
    expect_text(modal, "To set no time any more, empty date and time.");
    json_decref(modal);
}

/* What is said of a field stands right above it, whoever said it, and on top with all the rest. */
static void remarks_stand_at_their_fields(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    view.remarks = "Nearly.\nMarkup: 28 <!channel> *EVIL*\n- buyer: one is missing\nPrice: lower";
    view.remarks_by = actor_named("U0BOSS");
    json_t *modal = form_modal(&view);
    expect_good(modal);
    const json_t *blocks = json_object_get(modal, "blocks");
    static const char *const fields[][2] = {
        {"markup", "✏️ <@U0BOSS>: 28 &lt;!channel&gt; ∗EVIL∗"},
        {"buyers", "✏️ <@U0BOSS>: one is missing"}};
    for (size_t i = 0; i < 2; i++) {
        size_t at = 0;
        while (strcmp(check_text(json_array_get(blocks, at), "block_id"), fields[i][0]) != 0)
            at++;
        expect_text(json_array_get(blocks, at - 1), fields[i][1]);
    }
    expect_text(modal, "✏️ *<@U0BOSS>*: Nearly.");
    json_decref(modal);
}

static void a_coded_reason_needs_no_words(void **state)
{
    (void)state;
    static const struct reason_form reject = {.callback_id = "reject_form",
                                              .title = "Reject",
                                              .question = "Why?",
                                              .submit = "Reject",
                                              .coded = true};
    struct form_origin from = {.form_id = "f1", .request = {12, 3, "0123456789abcdef01234567"}};
    json_t *modal = form_reason(&reject, &from);
    expect_good(modal);
    assert_int_equal(json_array_size(json_object_get(element_named(modal, "code"), "options")), 8);
    assert_true(json_is_true(json_object_get(block_named(modal, "reason"), "optional")));
    json_decref(modal);
}

/* --- authorizations --- */

static struct authorization *many_authorizations(size_t count, const char *name)
{
    struct authorization *many = mem_new(count, sizeof(*many));
    for (size_t i = 0; i < count; i++) {
        char *each = text_format("%s %zu", name, i);
        fixture_authorization(&many[i]);
        snprintf(many[i].id, sizeof(many[i].id), "resaleauthz-%zu", i);
        text_fit(many[i].name, sizeof(many[i].name), each);
        free(each);
    }
    return many;
}

static size_t options_for(const struct authorization *known, size_t count, const char *typed)
{
    json_t *answer = form_options(&(struct form_choices){known, count, NOW}, typed);
    size_t found = json_array_size(json_object_get(answer, "options"));
    json_decref(answer);
    return found;
}

static void what_is_typed_narrows_the_choice(void **state)
{
    (void)state;
    struct authorization *known = many_authorizations(3, "Archera");
    text_fit(known[1].name, sizeof(known[1].name), "Another Product");
    assert_int_equal(options_for(known, 3, ""), 3);
    assert_int_equal(options_for(known, 3, "aRCHERA"), 2);
    assert_int_equal(options_for(known, 3, "resaleauthz-1"), 1);
    assert_int_equal(options_for(known, 3, "nothing like it"), 0);
    known[0].unlisted = true;
    text_fit(known[2].status, sizeof(known[2].status), "Restricted");
    assert_int_equal(options_for(known, 3, ""), 1);
    known[1].ends_at = NOW;
    assert_int_equal(options_for(known, 3, ""), 0);
    free(known);
}

/* A list that is there at once needs no round trip; one of more than Slack takes is asked for. */
static void a_short_list_is_there_at_once(void **state)
{
    (void)state;
    struct authorization *known = many_authorizations(101, "Archera");
    struct form_view view = empty_view();
    known[0].single_use = true;
    for (size_t count = 0; count <= 101; count += count == 3 ? 97 : count == 0 ? 3 : 1) {
        view.choices = (struct form_choices){known, count, NOW};
        json_t *modal = form_modal(&view);
        bool at_once = count > 0 && count <= 100;
        expect_good(modal);
        assert_string_equal(check_text(element_named(modal, "authorization"), "type"),
                            at_once ? "static_select" : "external_select");
        json_decref(modal);
    }
    view.choices = (struct form_choices){known, 3, NOW};
    view.authorization = &known[50]; /* chosen before, and not to be had any more */
    json_t *modal = form_modal(&view);
    const json_t *options = json_object_get(element_named(modal, "authorization"), "options");
    expect_good(modal);
    assert_string_equal(chosen(modal, "authorization"), "resaleauthz-50");
    assert_int_equal(json_array_size(options), 4);
    assert_string_equal(check_text(json_array_get(options, 3), "value"), "resaleauthz-0");
    assert_string_equal(check_text(json_object_get(json_array_get(options, 3), "text"), "text"),
                        "Archera 0 · 0.0075 USD · once only"); /* behind those of many uses */
    json_decref(modal);
    free(known);
}

static void options_fit_into_an_ack(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Archera",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct authorization *known = many_authorizations(300, names[i]);
        json_t *answer = form_options(&(struct form_choices){known, 300, NOW}, "");
        const json_t *options = json_object_get(answer, "options");
        char *text = json_dumps(answer, JSON_COMPACT);
        struct err err;
        assert_true(strlen(text) < 20000);
        assert_in_range(json_array_size(options), 30, 100);
        for (size_t j = 0; j < json_array_size(options); j++)
            assert_int_equal(check_option(json_array_get(options, j), &err), 0);
        free(text);
        json_decref(answer);
        free(known);
    }
}

static void nothing_usable_says_why_and_whom_to_ask(void **state)
{
    (void)state;
    struct authorization *known = many_authorizations(2, "Archera");
    known[0].unlisted = true;
    text_fit(known[1].status, sizeof(known[1].status), "Restricted");
    json_t *message = form_nothing_usable(known, 2, NOW, NULL, "partners@example.com");
    expect_good(message);
    expect_text(message, "Archera 0 is no longer listed by AWS");
    expect_text(message, "Archera 1 was restricted by the ISV");
    expect_text(message, "<https://aws.amazon.com/marketplace/management/partners/incoming|");
    expect_text(message, "ask partners@example.com");
    json_decref(message);
    message = form_nothing_usable(known, 0, NOW, NULL, "");
    expect_good(message);
    expect_text(message, "AWS lists none for our account.");
    expect_text(message, "AWSServiceRoleForMarketplaceResaleAuthorization");
    json_decref(message);
    free(known);
}

static void what_was_never_read_is_not_called_empty(void **state)
{
    (void)state;
    json_t *message = form_nothing_usable(NULL, 0, NOW, "", "");
    expect_good(message);
    expect_text(message, "I am still reading from AWS");
    json_decref(message);
    message = form_nothing_usable(NULL, 0, NOW, "AWS does not recognize the access key (X)", "");
    expect_good(message);
    expect_text(message, "The last try failed: AWS does not recognize the access key (X).");
    json_decref(message);
}

/* --- nothing typed can act --- */

static void typed_text_is_inert_in_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVIL_TEXTS; i++) {
        for (int full = 0; full < 2; full++) {
            struct form_view view = empty_view();
            struct authorization *known = many_authorizations(12, evil_texts[i]);
            char *typed = mem_new(1, 5000);
            evil_field(typed, 5000, 4999, evil_texts[i], full);
            for (int field = 0; field < FIELD_COUNT; field++)
                view.values.typed[field] = typed;
            view.authorization = &known[0];
            view.remarks = view.notice = typed;
            view.remarks_by = actor_person("U0BOSS");
            json_t *made[] = {form_modal(&view), form_nothing_usable(known, 12, NOW, NULL, typed)};
            for (size_t m = 0; m < 2; m++) {
                expect_good(made[m]);
                json_decref(made[m]);
            }
            free(typed);
            free(known);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_are_the_contract),
        cmocka_unit_test(new_and_edit_have_their_titles),
        cmocka_unit_test(the_age_of_the_list_is_said_from_a_minute_on),
        cmocka_unit_test(the_form_comes_filled_in),
        cmocka_unit_test(the_terms_and_eulas_to_choose_from),
        cmocka_unit_test(odd_first_values_do_not_keep_the_form_shut),
        cmocka_unit_test(remarks_stand_on_top),
        cmocka_unit_test(a_form_knows_where_it_comes_from),
        cmocka_unit_test(a_form_of_an_earlier_version_is_known),
        cmocka_unit_test(a_foreign_origin_is_refused),
        cmocka_unit_test(a_reason_is_asked_for),
        cmocka_unit_test(a_time_is_asked_for),
        cmocka_unit_test(remarks_stand_at_their_fields),
        cmocka_unit_test(a_coded_reason_needs_no_words),
        cmocka_unit_test(what_is_typed_narrows_the_choice),
        cmocka_unit_test(a_short_list_is_there_at_once),
        cmocka_unit_test(options_fit_into_an_ack),
        cmocka_unit_test(nothing_usable_says_why_and_whom_to_ask),
        cmocka_unit_test(what_was_never_read_is_not_called_empty),
        cmocka_unit_test(typed_text_is_inert_in_forms),
    };
    return cmocka_run_group_tests_name("views form", tests, NULL, NULL);
}
