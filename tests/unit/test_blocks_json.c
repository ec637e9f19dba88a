/* Blocks that are written as text are those that are built, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "slack/blocks_json.h"

/* Harmless, and what has to be escaped, cut, or to show as U+FFFD. */
static const char *const texts[] = {
    "Details",
    "",
    "\"quoted\" \\ back/slash\n\tand a tab",
    "Ümläute · 日本語 😀 &amp; <@U0MIA>",
    "\x1B[31m \x7F \xC2\x85 \xE2\x80\xAE",
    "a\xFF\xC3(\xE2\x82",
};
enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

static void strings_are_jansson_s(void **state)
{
    char all[130];
    struct text json = {0};
    (void)state;
    for (int c = 1; c < 128; c++)
        all[c - 1] = (char)c;
    memcpy(all + 127, "é", 3);
    json_t *string = json_string(all);
    char *wanted = json_dumps(string, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(string);
    json_add_text(&json, all);
    assert_string_equal(text_get(&json), wanted);
    text_free(&json);
    free(wanted);
}

/* All that can be written, with this text everywhere where texts of others may stand. */
static char *written(const char *text)
{
    const struct block_button buttons[] = {{text, "go", "1.2.ab", BUTTON_PLAIN},
                                           {text, "yes", "1", BUTTON_PRIMARY},
                                           {text, "no", "2", BUTTON_DANGER}};
    struct text json = {0};
    blocks_json_message(&json, text);
    blocks_json_header(&json, text);
    blocks_json_section(&json, text, NULL);
    blocks_json_section(&json, text, &buttons[0]);
    blocks_json_actions(&json, "all", buttons, 3);
    blocks_json_actions(&json, "none", buttons, 0);
    blocks_json_context(&json, text);
    blocks_json_end(&json);
    return text_take(&json);
}

static char *built(const char *text)
{
    json_t *beside = blocks_section(text);
    json_object_set_new(beside, "accessory", blocks_button(text, "go", "1.2.ab", BUTTON_PLAIN));
    json_t *all = json_pack("[o, o, o]", blocks_button(text, "go", "1.2.ab", BUTTON_PLAIN),
                            blocks_button(text, "yes", "1", BUTTON_PRIMARY),
                            blocks_button(text, "no", "2", BUTTON_DANGER));
    return json_write(blocks_message(
        text, json_pack("[o, o, o, o, o, o]", blocks_header(text), blocks_section(text), beside,
                        blocks_actions("all", all), blocks_actions("none", json_array()),
                        blocks_context(text))));
}

static void expect_same(const char *text)
{
    char *ours = written(text);
    char *theirs = built(text);
    assert_string_equal(ours, theirs);
    free(theirs);
    free(ours);
}

static void what_is_written_is_what_is_built(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        struct text much = {0};
        expect_same(texts[i]);
        for (int times = 0; times < 1000; times++)
            text_add(&much, texts[i]);
        expect_same(text_get(&much));
        text_free(&much);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_jansson_s),
        cmocka_unit_test(what_is_written_is_what_is_built),
    };
    return cmocka_run_group_tests_name("blocks_json", tests, NULL, NULL);
}
