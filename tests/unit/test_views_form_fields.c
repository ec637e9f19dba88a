/* The form while it is filled in: nothing typed is lost by what follows from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "form_fixture.h"
#include "views/form_fields.h"

/* A copy of the form with this standing in a field, as Slack tells it. */
static json_t *typed_into(const json_t *modal, const char *name, const char *what, json_t *value)
{
    json_t *view = json_deep_copy(modal);
    json_object_set_new(view, "state",
                        json_pack("{s:{s:{s:{s:o}}}}", "values", name, name, what, value));
    return view;
}

/* What the form becomes when an EULA of our own is asked for, or not. */
static json_t *with_own_eula(const json_t *view, bool shown)
{
    struct form_follow follow = {.own_eula = shown};
    return form_fields_follow(view, &follow);
}

static void the_address_of_an_eula_is_asked_for_with_one_of_our_own(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    json_t *modal = form_modal(&view);
    assert_true(json_is_true(json_object_get(block_named(modal, "eula"), "dispatch_action")));
    assert_null(form_fields_block(modal, FIELD_EULA_URL));
    json_t *typed = typed_into(modal, "customer", "value", json_string("Acme"));
    json_t *with = with_own_eula(typed, true);
    expect_good(with);
    assert_string_equal(form_fields_block(with, FIELD_EULA_URL), "eula_url");
    assert_string_equal(check_text(json_array_get(json_object_get(with, "blocks"), 9), "block_id"),
                        "eula_url");
    assert_string_equal(check_text(element_named(with, "customer"), "initial_value"), "Acme");
    assert_string_equal(check_text(with, "callback_id"), "offer_form");
    json_decref(typed);
    json_decref(modal);
    json_decref(with);
}

/* Chosen, unchosen, and chosen again: the address that was typed comes back. */
static void what_was_typed_comes_back_with_its_field(void **state)
{
    (void)state;
    static const char url[] = "https://b.s3.amazonaws.com/eula.pdf";
    struct form_origin origin;
    struct form_view view = empty_view();
    view.values.typed[FIELD_EULA] = "custom";
    json_t *modal = form_modal(&view);
    assert_non_null(form_fields_block(modal, FIELD_EULA_URL));
    json_t *typed = typed_into(modal, "eula_url", "value", json_string(url));
    json_t *without = with_own_eula(typed, false);
    expect_good(without);
    assert_null(form_fields_block(without, FIELD_EULA_URL));
    assert_true(form_origin_read(check_text(without, "private_metadata"), &origin));
    assert_string_equal(origin.form_id, view.form_id);
    json_t *again = with_own_eula(without, true);
    expect_good(again);
    assert_string_equal(check_text(element_named(again, "eula_url"), "initial_value"), url);
    json_decref(again);
    json_decref(without);
    json_decref(typed);
    json_decref(modal);
}

/* Every kind of field keeps what stands in it; and what is no form of ours changes nothing. */
static void a_form_that_changes_keeps_what_was_typed(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    view.values.typed[FIELD_MARKUP] = "25";
    json_t *modal = form_modal(&view);
    json_t *choice = json_pack("{s:{s:s, s:s}, s:s}", "text", "type", "plain_text", "text",
                               "5 years", "value", "P1825D");
    json_t *typed = typed_into(modal, "term", "selected_option", choice);
    json_t *with = with_own_eula(typed, true);
    assert_string_equal(chosen(with, "term"), "P1825D");
    assert_string_equal(check_text(element_named(with, "markup"), "initial_value"), "25");
    json_decref(with);
    json_decref(typed);
    typed = typed_into(modal, "accept_by", "selected_date", json_string("2027-02-03"));
    with = with_own_eula(typed, true);
    assert_string_equal(check_text(element_named(with, "accept_by"), "initial_date"), "2027-02-03");
    json_decref(with);
    json_decref(typed);
    typed = typed_into(modal, "markup", "value", json_null()); /* emptied */
    with = with_own_eula(typed, true);
    assert_null(json_object_get(element_named(with, "markup"), "initial_value"));
    json_decref(with);
    json_decref(typed);
    json_decref(modal);
    assert_null(with_own_eula(NULL, true));
    json_t *foreign = json_pack("{s:[], s:s}", "blocks", "private_metadata", "x");
    assert_null(with_own_eula(foreign, true));
    json_decref(foreign);
}

/* Slack keeps what stands in a block of the same id: another value needs another one. */
static void another_value_comes_under_another_block_id(void **state)
{
    (void)state;
    struct form form;
    struct form_follow follow = {.put = {{[FIELD_TERM] = term_as_authorized}}};
    struct form_view view = empty_view();
    view.values.typed[FIELD_TERM] = "P3650D";
    json_t *modal = form_modal(&view);
    json_t *other = form_fields_follow(modal, &follow);
    expect_good(other);
    assert_string_equal(form_fields_block(other, FIELD_TERM), "term.1");
    assert_string_equal(check_text(element_named(other, "term.1"), "action_id"), "term");
    assert_string_equal(chosen(other, "term.1"), "as_authorized");
    follow.put.typed[FIELD_TERM] = "P3650D";
    json_t *back = form_fields_follow(other, &follow);
    assert_string_equal(form_fields_block(back, FIELD_TERM), "term.2");
    json_object_set_new(back, "state",
                        json_pack("{s:{s:{s:{s:{s:s}}}}}", "values", "term.2", "term",
                                  "selected_option", "value", "P365D"));
    assert_null(form_fields_read(back, &form));
    assert_string_equal(form.typed[FIELD_TERM], "P365D");
    json_decref(back);
    json_decref(other);
    json_decref(modal);
}

/* --- what the form says below its fields --- */

static void words_below_a_field_are_replaced(void **state)
{
    (void)state;
    struct form_view view = empty_view();
    view.words.below[FIELD_AUTHORIZATION] = mem_copy("first words");
    json_t *modal = form_modal(&view);
    form_words_free(&view.words);
    expect_good(modal);
    expect_text(modal, "first words");
    struct form_follow follow = {.words = {{[FIELD_AUTHORIZATION] = mem_copy("second words")}}};
    json_t *second = form_fields_follow(modal, &follow);
    form_words_free(&follow.words);
    expect_good(second);
    expect_text(second, "second words");
    char *text = all_text(second);
    assert_null(strstr(text, "first words"));
    free(text);
    const json_t *blocks = json_object_get(second, "blocks");
    assert_string_equal(check_text(json_array_get(blocks, 1), "block_id"), "authorization_words");
    json_decref(second);
    json_decref(modal);
}

/* --- behind More --- */

static struct form_view closed_view(void)
{
    struct form_view view = empty_view();
    view.closed = true;
    view.values.typed[FIELD_OFFER_NAME] = "Sub\"scription";
    view.values.typed[FIELD_TERM] = "P3650D";
    view.values.typed[FIELD_EULA] = "as_authorized";
    return view;
}

static void what_is_behind_more_is_said_and_counts(void **state)
{
    (void)state;
    struct form form;
    struct form_view view = closed_view();
    json_t *modal = form_modal(&view);
    expect_good(modal);
    assert_null(block_named(modal, "term"));
    expect_text(modal, "*Term* 10 years · *EULA* As authorized");
    assert_true(form_fields_closed(modal));
    json_t *kept = form_fields_read(modal, &form);
    assert_string_equal(form.typed[FIELD_OFFER_NAME], "Sub\"scription");
    assert_string_equal(form.typed[FIELD_TERM], "P3650D");
    assert_string_equal(form.typed[FIELD_EULA], "as_authorized");
    json_decref(kept);
    json_decref(modal);
}

static void more_loses_nothing(void **state)
{
    (void)state;
    struct form form;
    struct form_view view = closed_view();
    json_t *modal = form_modal(&view);
    json_t *typed = typed_into(modal, "customer", "value", json_string("Acme"));
    json_t *open = form_fields_follow(typed, &(struct form_follow){.more = true});
    expect_good(open);
    assert_false(form_fields_closed(open));
    assert_string_equal(check_text(element_named(open, "customer"), "initial_value"), "Acme");
    assert_string_equal(check_text(element_named(open, "offer_name"), "initial_value"),
                        "Sub\"scription");
    assert_string_equal(chosen(open, "term"), "P3650D");
    assert_string_equal(chosen(open, "eula"), "as_authorized");
    assert_null(form_fields_read(open, &form)); /* from now on the fields alone count */
    assert_null(form.typed[FIELD_TERM]);
    json_decref(open);
    json_decref(typed);
    json_decref(modal);
}

static void what_is_put_behind_more_is_kept_there(void **state)
{
    (void)state;
    struct form form;
    struct form_view view = closed_view();
    json_t *modal = form_modal(&view);
    json_t *closed = form_fields_follow(
        modal, &(struct form_follow){.put = {{[FIELD_TERM] = term_as_authorized}}});
    expect_good(closed);
    expect_text(closed, "*Term* As authorized");
    json_t *kept = form_fields_read(closed, &form);
    assert_string_equal(form.typed[FIELD_TERM], term_as_authorized);
    assert_string_equal(form.typed[FIELD_OFFER_NAME], "Sub\"scription");
    json_decref(kept);
    json_decref(closed);
    json_t *open = form_fields_follow(
        modal, &(struct form_follow){.more = true, .put = {{[FIELD_TERM] = "P365D"}}});
    assert_string_equal(chosen(open, form_fields_block(open, FIELD_TERM)), "P365D");
    json_decref(open);
    json_decref(modal);
}

/* What does not fit beside the form, or is no choice, is shown. */
static void odd_values_are_not_hidden(void **state)
{
    (void)state;
    char name[NAME_POINTS + 2];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    struct form_view view = closed_view();
    view.values.typed[FIELD_OFFER_NAME] = name;
    json_t *modal = form_modal(&view);
    assert_false(form_fields_closed(modal));
    json_decref(modal);
    view = closed_view();
    view.values.typed[FIELD_TERM] = "P1D";
    modal = form_modal(&view);
    assert_false(form_fields_closed(modal));
    json_decref(modal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_address_of_an_eula_is_asked_for_with_one_of_our_own),
        cmocka_unit_test(what_was_typed_comes_back_with_its_field),
        cmocka_unit_test(a_form_that_changes_keeps_what_was_typed),
        cmocka_unit_test(another_value_comes_under_another_block_id),
        cmocka_unit_test(words_below_a_field_are_replaced),
        cmocka_unit_test(what_is_behind_more_is_said_and_counts),
        cmocka_unit_test(more_loses_nothing),
        cmocka_unit_test(what_is_put_behind_more_is_kept_there),
        cmocka_unit_test(odd_values_are_not_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
