/* The sandbox's judge of Block Kit: takes what Slack takes, refuses what it refuses. */
#include "../sandbox/blockkit.h"
#include "sandbox_fixture.h"

/* ${wanted}: a part of the first complaint, NULL: there is none. */
static void expect_wrong(json_t *wrong, const char *what, const char *wanted)
{
    const char *first = json_string_value(json_array_get(wrong, 0));
    if (wanted == NULL && first != NULL)
        fail_msg("should be taken: %s\n%s", what, first);
    if (wanted != NULL && (first == NULL || strstr(first, wanted) == NULL))
        fail_msg("%s\nwanted “%s”, got “%s”", what, wanted, first != NULL ? first : "nothing");
    json_decref(wrong);
}

static void expect_blocks(const char *json, const char *wanted)
{
    json_t *blocks = parse(json);
    expect_wrong(blockkit_check(blocks), json, wanted);
    json_decref(blocks);
}

static void expect_modal(const char *json, const char *wanted)
{
    json_t *view = parse(json);
    expect_wrong(blockkit_check_view(view, BLOCKKIT_MODAL), json, wanted);
    json_decref(view);
}

static void what_slack_takes_is_taken(void **state)
{
    (void)state;
    expect_blocks("[]", NULL);
    expect_blocks("[{'type':'divider'}]", NULL);
    expect_blocks("[{'type':'header','text':{'type':'plain_text','text':'x','emoji':false}}]",
                  NULL);
    expect_blocks("[{'type':'section','text':{'type':'mrkdwn','text':'x','verbatim':true}}]", NULL);
    expect_blocks("[{'type':'section','fields':[{'type':'mrkdwn','text':'x'}]}]", NULL);
    expect_blocks("[{'type':'context','elements':[{'type':'mrkdwn','text':'x'},"
                  "{'type':'image','image_url':'https://a/b','alt_text':'b'}]}]",
                  NULL);
    expect_blocks("[{'type':'actions','elements':[{'type':'button','action_id':'a',"
                  "'text':{'type':'plain_text','text':'Go'},'style':'primary','value':'1.1',"
                  "'confirm':{'title':{'type':'plain_text','text':'t'},"
                  "'text':{'type':'mrkdwn','text':'x'},'confirm':{'type':'plain_text','text':'y'},"
                  "'deny':{'type':'plain_text','text':'n'}}}]}]",
                  NULL);
}

static void what_slack_refuses_is_refused(void **state)
{
    (void)state;
    expect_blocks("{}", "must provide an array");
    expect_blocks("[{'type':'wat'}]", "unsupported type: wat");
    expect_blocks("[{'type':'divider','x':1}]", "invalid additional property: x");
    expect_blocks("[{'type':'header'}]", "missing required field: text");
    expect_blocks("[{'type':'header','text':{'type':'mrkdwn','text':'x'}}]", "plain_text");
    expect_blocks("[{'type':'section'}]", "text or fields");
    expect_blocks("[{'type':'section','text':{'type':'mrkdwn','text':''}}]",
                  "must be more than 0 characters [json-pointer:/blocks/0/text/text]");
    expect_blocks("[{'type':'actions','elements':[]}]", "at least 1 item");
    expect_blocks("[{'type':'actions','elements':[{'type':'plain_text_input'}]}]",
                  "unsupported type: plain_text_input");
    expect_blocks("[{'type':'actions','elements':[{'type':'button','action_id':'a',"
                  "'text':{'type':'plain_text','text':'x'},'style':'red'}]}]",
                  "style");
    expect_blocks("[{'type':'divider','block_id':'a'},{'type':'divider','block_id':'a'}]",
                  "already exists");
    expect_blocks("[{'type':'actions','elements':["
                  "{'type':'button','action_id':'a','text':{'type':'plain_text','text':'x'}},"
                  "{'type':'button','action_id':'a','text':{'type':'plain_text','text':'x'}}]}]",
                  "already exists for another element");
    expect_blocks("[{'type':'actions','elements':[{'type':'static_select','action_id':'a'}]}]",
                  "options and option_groups");
    expect_blocks("[{'type':'actions','elements':[{'type':'datepicker','action_id':'a',"
                  "'initial_date':'2027-1-2'}]}]",
                  "dddd-dd-dd");
}

static void an_initial_option_is_one_of_the_options(void **state)
{
    (void)state;
    expect_blocks("[{'type':'actions','elements':[{'type':'static_select','action_id':'a',"
                  "'options':[{'text':{'type':'plain_text','text':'x'},'value':'1'}],"
                  "'initial_option':{'text':{'type':'plain_text','text':'y'},'value':'2'}}]}]",
                  "initial_option");
}

static void expect_header(size_t points, const char *wanted)
{
    json_t *text = json_string("");
    struct text long_text = {0};
    for (size_t i = 0; i < points; i++)
        text_add(&long_text, "\xF0\x9F\x98\x80"); /* four bytes, one code point */
    json_string_set(text, text_get(&long_text));
    json_t *blocks = json_pack("[{s:s, s:{s:s, s:o}}]", "type", "header", "text", "type",
                               "plain_text", "text", text);
    expect_wrong(blockkit_check(blocks), "a long header", wanted);
    json_decref(blocks);
    text_free(&long_text);
}

static void lengths_are_code_points(void **state)
{
    (void)state;
    expect_header(150, NULL);
    expect_header(151, "must be less than 151 characters");
}

static void a_message_has_50_blocks(void **state)
{
    (void)state;
    json_t *blocks = json_array();
    for (int i = 0; i < 50; i++)
        json_array_append_new(blocks, json_pack("{s:s}", "type", "divider"));
    expect_wrong(blockkit_check(blocks), "50 blocks", NULL);
    json_array_append_new(blocks, json_pack("{s:s}", "type", "divider"));
    expect_wrong(blockkit_check(blocks), "51 blocks", "no more than 50 items");
    json_decref(blocks);
}

/* ${pattern}, in which @ stands for ${count} letters and # for ${count} times ${item}; in an item
 * ~ is its number. */
static char *filled(const char *pattern, const char *item, int count)
{
    struct text out = {0};
    for (; *pattern != '\0'; pattern++) {
        for (int i = 0; i < count && *pattern == '@'; i++)
            text_add(&out, "x");
        for (int i = 0; i < count && *pattern == '#'; i++) {
            text_add(&out, i > 0 ? "," : "");
            for (const char *c = item; *c != '\0'; c++) {
                if (*c == '~')
                    text_addf(&out, "%d", i);
                else
                    text_add_bytes(&out, c, 1);
            }
        }
        if (*pattern != '@' && *pattern != '#')
            text_add_bytes(&out, pattern, 1);
    }
    return text_take(&out);
}

#define PLAIN(text) "{'type':'plain_text','text':'" text "'}"
#define ACTIONS(elements) "[{'type':'actions','elements':[" elements "]}]"
#define BUTTON(more) "{'type':'button','text':" PLAIN("x") more "}"
#define SELECT_OF(options) "{'type':'static_select','options':[" options "]}"
#define OPTION(text, value, more) "{'text':" PLAIN(text) ",'value':'" value "'" more "}"
#define CONFIRMED(title, text, confirm, deny)                                                      \
    ACTIONS(BUTTON(",'confirm':{'title':" PLAIN(title) ",'text':" PLAIN(text) ",'confirm':" PLAIN( \
        confirm) ",'deny':" PLAIN(deny) "}"))
#define VIDEO(title)                                                                               \
    "[{'type':'video','title':" PLAIN(                                                             \
        title) ",'video_url':'https://a','thumbnail_url':'https://b','alt_text':'x'}]"

static void each_limit_is_kept_to_the_last(void **state)
{
    static const struct {
        int most;
        const char *pattern, *item;
    } limits[] = {
        {3000, "[{'type':'section','text':" PLAIN("@") "}]", ""},
        {10, "[{'type':'section','fields':[#]}]", PLAIN("x")},
        {2000, "[{'type':'section','fields':[" PLAIN("@") "]}]", ""},
        {255, "[{'type':'divider','block_id':'@'}]", ""},
        {10, "[{'type':'context','elements':[#]}]", PLAIN("x")},
        {25, ACTIONS("#"), BUTTON(",'action_id':'a~'")},
        {255, ACTIONS(BUTTON(",'action_id':'@'")), ""},
        {75, ACTIONS("{'type':'button','text':" PLAIN("@") "}"), ""},
        {2000, ACTIONS(BUTTON(",'value':'@'")), ""},
        {3000, ACTIONS(BUTTON(",'url':'@'")), ""},
        {75, ACTIONS(BUTTON(",'accessibility_label':'@'")), ""},
        {100, CONFIRMED("@", "x", "x", "x"), ""},
        {300, CONFIRMED("x", "@", "x", "x"), ""},
        {30, CONFIRMED("x", "x", "@", "x"), ""},
        {30, CONFIRMED("x", "x", "x", "@"), ""},
        {100, ACTIONS(SELECT_OF("#")), OPTION("x", "~", "")},
        {75, ACTIONS(SELECT_OF(OPTION("@", "1", ""))), ""},
        {150, ACTIONS(SELECT_OF(OPTION("x", "@", ""))), ""},
        {75, ACTIONS(SELECT_OF(OPTION("x", "1", ",'description':" PLAIN("@")))), ""},
        {3000, ACTIONS(SELECT_OF(OPTION("x", "1", ",'url':'@'"))), ""},
        {100, ACTIONS("{'type':'static_select','option_groups':[#]}"),
         "{'label':" PLAIN("x") ",'options':[" OPTION("x", "~", "") "]}"},
        {75,
         ACTIONS("{'type':'static_select','option_groups':[{'label':" PLAIN(
             "@") ",'options':[" OPTION("x", "1", "") "]}]}"),
         ""},
        {150, ACTIONS("{'type':'external_select','placeholder':" PLAIN("@") "}"), ""},
        {5, ACTIONS("{'type':'overflow','options':[#]}"), OPTION("x", "~", "")},
        {10, ACTIONS("{'type':'checkboxes','options':[#]}"), OPTION("x", "~", "")},
        {10, ACTIONS("{'type':'radio_buttons','options':[#]}"), OPTION("x", "~", "")},
        {3000, "[{'type':'image','image_url':'@','alt_text':'x'}]", ""},
        {2000, "[{'type':'image','image_url':'x','alt_text':'@'}]", ""},
        {12000, "[{'type':'markdown','text':'@'}]", ""},
        {6000, "[{'type':'markdown','text':'@'},{'type':'markdown','text':'@'}]", ""},
        {200, VIDEO("@"), ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        char *most = filled(limits[i].pattern, limits[i].item, limits[i].most);
        char *more = filled(limits[i].pattern, limits[i].item, limits[i].most + 1);
        expect_blocks(most, NULL);
        expect_blocks(more, "[ERROR]");
        free(most);
        free(more);
    }
}

#define MODAL(more, blocks) "{'type':'modal','title':" PLAIN("x") more ",'blocks':[" blocks "]}"
#define INPUT(label, more)                                                                         \
    "{'type':'input','label':" PLAIN(label) ",'element':{'type':'datepicker'}" more "}"

static void each_limit_of_a_modal_is_kept_to_the_last(void **state)
{
    static const struct {
        int most;
        const char *pattern, *item;
    } limits[] = {
        {24, "{'type':'modal','title':" PLAIN("@") ",'blocks':[]}", ""},
        {24, MODAL(",'submit':" PLAIN("@"), ""), ""},
        {24, MODAL(",'close':" PLAIN("@"), ""), ""},
        {3000, MODAL(",'private_metadata':'@'", ""), ""},
        {255, MODAL(",'callback_id':'@'", ""), ""},
        {255, MODAL(",'external_id':'@'", ""), ""},
        {100, MODAL("", "#"), "{'type':'divider'}"},
        {2000, MODAL(",'submit':" PLAIN("x"), INPUT("@", "")), ""},
        {2000, MODAL(",'submit':" PLAIN("x"), INPUT("x", ",'hint':" PLAIN("@"))), ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        char *most = filled(limits[i].pattern, limits[i].item, limits[i].most);
        char *more = filled(limits[i].pattern, limits[i].item, limits[i].most + 1);
        expect_modal(most, NULL);
        expect_modal(more, "[ERROR]");
        free(most);
        free(more);
    }
}

static void modals_have_their_own_rules(void **state)
{
    (void)state;
    expect_modal("{'type':'modal','title':{'type':'plain_text','text':'x'},'blocks':[]}", NULL);
    expect_modal("{'type':'home','blocks':[]}", "must be \"modal\"");
    expect_modal("{'type':'modal','title':{'type':'plain_text',"
                 "'text':'twenty-five characters!!!'},'blocks':[]}",
                 "must be less than 25 characters");
    expect_modal("{'type':'modal','title':{'type':'plain_text','text':'x'},'blocks':[{'type':"
                 "'input','label':{'type':'plain_text','text':'l'},'element':{'type':"
                 "'plain_text_input','action_id':'a'}}]}",
                 "`submit` is required");
    expect_modal("{'type':'modal','title':{'type':'plain_text','text':'x'},'blocks':[{'type':"
                 "'markdown','text':'x'}]}",
                 "unsupported type: markdown");
}

static void ids_that_are_missing_are_made(void **state)
{
    (void)state;
    size_t at = 0;
    json_t *blocks = parse("[{'type':'actions','elements':[{'type':'button'}]},{'type':'divider',"
                           "'block_id':'mine'}]");
    blockkit_fill_ids(blocks);
    const json_t *first = json_array_get(blocks, 0);
    assert_int_equal(strlen(workspace_text(first, "block_id")), 5);
    assert_int_equal(strlen(workspace_text(blockkit_element(first, &at), "action_id")), 5);
    assert_string_equal(json_string_value(json_object_get(json_array_get(blocks, 1), "block_id")),
                        "mine");
    json_decref(blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_slack_takes_is_taken),
        cmocka_unit_test(what_slack_refuses_is_refused),
        cmocka_unit_test(an_initial_option_is_one_of_the_options),
        cmocka_unit_test(lengths_are_code_points),
        cmocka_unit_test(a_message_has_50_blocks),
        cmocka_unit_test(each_limit_is_kept_to_the_last),
        cmocka_unit_test(each_limit_of_a_modal_is_kept_to_the_last),
        cmocka_unit_test(modals_have_their_own_rules),
        cmocka_unit_test(ids_that_are_missing_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
