/* What stands in the inputs of the sandbox's modals has the shape that Slack sends, and what its
 * client would not let through does not leave. */
#include "../sandbox/modal_values.h"
#include "sandbox_fixture.h"

#define OPTIONS                                                                                    \
    "'options':[{'text':{'type':'plain_text','text':'A'},'value':'a'},"                            \
    "{'text':{'type':'plain_text','text':'B'},'value':'b'}]"
#define OPTION_A "{'text':{'type':'plain_text','text':'A'},'value':'a'}"

static void expect_json(json_t *got, const char *wanted)
{
    json_t *want = parse(wanted);
    if (!json_equal(got, want)) {
        char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
        fail_msg("wanted %s, got %s", wanted, text != NULL ? text : "nothing");
    }
    json_decref(want);
    json_decref(got);
}

static void each_element_has_its_own_shape(void **state)
{
    static const struct {
        const char *element, *value, *entered, *empty;
    } shapes[] = {
        {"{'type':'plain_text_input'}", "' x '", "{'type':'plain_text_input','value':' x '}",
         "{'type':'plain_text_input','value':null}"},
        {"{'type':'number_input','is_decimal_allowed':true}", "'2.50'",
         "{'type':'number_input','value':'2.50'}", "{'type':'number_input','value':null}"},
        {"{'type':'datepicker'}", "'2027-01-31'",
         "{'type':'datepicker','selected_date':'2027-01-31'}",
         "{'type':'datepicker','selected_date':null}"},
        {"{'type':'timepicker'}", "'09:30'", "{'type':'timepicker','selected_time':'09:30'}",
         "{'type':'timepicker','selected_time':null}"},
        {"{'type':'datetimepicker'}", "'1800000000'",
         "{'type':'datetimepicker','selected_date_time':1800000000}",
         "{'type':'datetimepicker','selected_date_time':null}"},
        {"{'type':'static_select'," OPTIONS "}", "'a'",
         "{'type':'static_select','selected_option':" OPTION_A "}",
         "{'type':'static_select','selected_option':null}"},
        {"{'type':'radio_buttons'," OPTIONS "}", "'a'",
         "{'type':'radio_buttons','selected_option':" OPTION_A "}",
         "{'type':'radio_buttons','selected_option':null}"},
        {"{'type':'checkboxes'," OPTIONS "}", "['a']",
         "{'type':'checkboxes','selected_options':[" OPTION_A "]}",
         "{'type':'checkboxes','selected_options':[]}"},
        {"{'type':'users_select'}", "'U1'", "{'type':'users_select','selected_user':'U1'}",
         "{'type':'users_select','selected_user':null}"},
        {"{'type':'multi_users_select'}", "['U1','U2']",
         "{'type':'multi_users_select','selected_users':['U1','U2']}",
         "{'type':'multi_users_select','selected_users':[]}"},
        {"{'type':'multi_channels_select'}", "['C1']",
         "{'type':'multi_channels_select','selected_channels':['C1']}",
         "{'type':'multi_channels_select','selected_channels':[]}"},
        {"{'type':'conversations_select'}", "'C1'",
         "{'type':'conversations_select','selected_conversation':'C1'}",
         "{'type':'conversations_select','selected_conversation':null}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        struct err err;
        json_t *element = parse(shapes[i].element);
        json_t *value = parse(shapes[i].value);
        json_t *none = json_null();
        expect_json(modal_values_initial(element), shapes[i].empty);
        expect_json(modal_values_enter(element, value, NULL, NULL, &err), shapes[i].entered);
        expect_json(modal_values_enter(element, none, NULL, NULL, &err), shapes[i].empty);
        json_decref(element);
        json_decref(value);
    }
}

static void only_what_is_offered_can_be_chosen(void **state)
{
    struct err err;
    json_t *element = parse("{'type':'external_select'}");
    json_t *offered = parse("[" OPTION_A "]");
    json_t *a = parse("'a'");
    json_t *b = parse("'b'");
    (void)state;
    json_t *chosen = modal_values_enter(element, a, offered, NULL, &err);
    assert_non_null(chosen);
    assert_null(modal_values_enter(element, b, offered, NULL, &err));
    assert_string_equal(err.text, "no_such_option");
    /* what is chosen stays so when other options are offered */
    json_t *again = modal_values_enter(element, a, NULL, chosen, &err);
    assert_true(json_equal(again, chosen));
    json_decref(again);
    json_decref(chosen);
    json_decref(element);
    json_decref(offered);
    json_decref(a);
    json_decref(b);
}

static void what_the_client_would_not_send_is_named(void **state)
{
    static const struct {
        const char *element, *value, *wrong;
    } inputs[] = {
        {"{'type':'plain_text_input','action_id':'a'}", "' '", "required"},
        {"{'type':'plain_text_input','action_id':'a','min_length':3}", "'xy'", "too short"},
        {"{'type':'plain_text_input','action_id':'a','max_length':3}", "'xxxx'", "too long"},
        {"{'type':'plain_text_input','action_id':'a','max_length':3}", "'äöü'", NULL},
        {"{'type':'url_text_input','action_id':'a'}", "'example.com'", "valid URL"},
        {"{'type':'url_text_input','action_id':'a'}", "'https://example.com/x'", NULL},
        {"{'type':'email_text_input','action_id':'a'}", "'me'", "valid email"},
        {"{'type':'email_text_input','action_id':'a'}", "'me@example.com'", NULL},
        {"{'type':'number_input','action_id':'a'}", "'1.5'", "valid number"},
        {"{'type':'number_input','action_id':'a'}", "'-15'", NULL},
        {"{'type':'datepicker','action_id':'a'}", "null", "required"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        struct err err;
        json_t *element = parse(inputs[i].element);
        json_t *value = parse(inputs[i].value);
        json_t *entered = modal_values_enter(element, value, NULL, NULL, &err);
        json_t *blocks =
            json_pack("[{s:s, s:s, s:O}]", "type", "input", "block_id", "b", "element", element);
        json_t *values = json_pack("{s:{s:O}}", "b", "a", entered);
        json_t *errors = modal_values_invalid(blocks, values);
        const char *got = workspace_text(errors, "b");
        if (inputs[i].wrong == NULL ? *got != '\0' : strstr(got, inputs[i].wrong) == NULL)
            fail_msg("%s in %s: “%s”", inputs[i].value, inputs[i].element, got);
        json_decref(errors);
        json_object_set_new(json_array_get(blocks, 0), "optional", json_true());
        errors = modal_values_invalid(blocks, values);
        if (inputs[i].wrong != NULL && strcmp(inputs[i].wrong, "required") == 0)
            assert_int_equal(json_object_size(errors), 0);
        json_decref(errors);
        json_decref(values);
        json_decref(blocks);
        json_decref(entered);
        json_decref(element);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_element_has_its_own_shape),
        cmocka_unit_test(only_what_is_offered_can_be_chosen),
        cmocka_unit_test(what_the_client_would_not_send_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
