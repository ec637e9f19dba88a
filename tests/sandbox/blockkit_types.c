#include "blockkit_types.h"

#include <stddef.h>
#include <string.h>

#define BLOCK_ID                                                                                   \
    {                                                                                              \
        "block_id", KIND_STRING, 1, 255, false                                                     \
    }
#define ACTION_ID                                                                                  \
    {                                                                                              \
        "action_id", KIND_STRING, 1, 255, false                                                    \
    }
#define PLACEHOLDER                                                                                \
    {                                                                                              \
        "placeholder", KIND_PLAIN, 1, 150, false                                                   \
    }
#define CONFIRM                                                                                    \
    {                                                                                              \
        "confirm", KIND_CONFIRM, 0, 0, false                                                       \
    }
#define FOCUS                                                                                      \
    {                                                                                              \
        "focus_on_load", KIND_BOOL, 0, 0, false                                                    \
    }
#define MAX_SELECTED                                                                               \
    {                                                                                              \
        "max_selected_items", KIND_INT, 1, 0, false                                                \
    }
#define DISPATCH_CONFIG                                                                            \
    {                                                                                              \
        "dispatch_action_config", KIND_ANY, 0, 0, false                                            \
    }

enum {
    ANY_BLOCK = PLACE_MESSAGE | PLACE_VIEW,
    SELECT = PLACE_ACTIONS | PLACE_SECTION | PLACE_INPUT,
    MULTI = PLACE_SECTION | PLACE_INPUT,
};

static const struct blockkit_type block_types[] = {
    {"section",
     ANY_BLOCK,
     {BLOCK_ID,
      {"text", KIND_TEXT, 1, 3000, false},
      {"fields", KIND_TEXTS, 1, 10, false},
      {"accessory", KIND_ELEMENT, 0, 0, false},
      {"expand", KIND_BOOL, 0, 0, false}}},
    {"header", ANY_BLOCK, {BLOCK_ID, {"text", KIND_PLAIN, 1, 150, true}}},
    {"divider", ANY_BLOCK, {BLOCK_ID}},
    {"context", ANY_BLOCK, {BLOCK_ID, {"elements", KIND_ELEMENTS, 1, 10, true}}},
    {"actions", ANY_BLOCK, {BLOCK_ID, {"elements", KIND_ELEMENTS, 1, 25, true}}},
    {"input",
     ANY_BLOCK,
     {BLOCK_ID,
      {"label", KIND_PLAIN, 1, 2000, true},
      {"element", KIND_ELEMENT, 0, 0, true},
      {"hint", KIND_PLAIN, 1, 2000, false},
      {"optional", KIND_BOOL, 0, 0, false},
      {"dispatch_action", KIND_BOOL, 0, 0, false}}},
    {"image",
     ANY_BLOCK,
     {BLOCK_ID,
      {"image_url", KIND_STRING, 1, 3000, false},
      {"slack_file", KIND_ANY, 0, 0, false},
      {"alt_text", KIND_STRING, 1, 2000, true},
      {"title", KIND_PLAIN, 1, 2000, false}}},
    {"file",
     PLACE_MESSAGE,
     {BLOCK_ID, {"external_id", KIND_STRING, 1, 255, true}, {"source", KIND_STRING, 1, 255, true}}},
    {"markdown", PLACE_MESSAGE, {BLOCK_ID, {"text", KIND_STRING, 1, 12000, true}}},
    {"rich_text", ANY_BLOCK, {BLOCK_ID, {"elements", KIND_ANY, 0, 0, true}}},
    {"video",
     ANY_BLOCK,
     {BLOCK_ID,
      {"title", KIND_PLAIN, 1, 200, true},
      {"video_url", KIND_STRING, 1, 3000, true},
      {"thumbnail_url", KIND_STRING, 1, 3000, true},
      {"alt_text", KIND_STRING, 1, 2000, true},
      {"description", KIND_PLAIN, 1, 200, false},
      {"author_name", KIND_STRING, 1, 50, false},
      {"provider_name", KIND_STRING, 1, 50, false},
      {"provider_icon_url", KIND_STRING, 1, 2000, false},
      {"title_url", KIND_STRING, 1, 2000, false}}},
};

static const struct blockkit_type element_types[] = {
    {"button",
     PLACE_ACTIONS | PLACE_SECTION,
     {ACTION_ID,
      CONFIRM,
      {"text", KIND_PLAIN, 1, 75, true},
      {"value", KIND_STRING, 1, 2000, false},
      {"url", KIND_STRING, 1, 3000, false},
      {"style", KIND_STYLE, 0, 0, false},
      {"accessibility_label", KIND_STRING, 1, 75, false}}},
    {"overflow",
     PLACE_ACTIONS | PLACE_SECTION,
     {ACTION_ID, CONFIRM, {"options", KIND_OPTIONS, 1, 5, true}}},
    {"image",
     PLACE_SECTION | PLACE_CONTEXT,
     {{"image_url", KIND_STRING, 1, 3000, false},
      {"slack_file", KIND_ANY, 0, 0, false},
      {"alt_text", KIND_STRING, 1, 2000, true}}},
    {"static_select",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      {"options", KIND_OPTIONS, 1, 100, false},
      {"option_groups", KIND_GROUPS, 1, 100, false},
      {"initial_option", KIND_OPTION, 0, 0, false}}},
    {"external_select",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      {"min_query_length", KIND_INT, 0, 0, false},
      {"initial_option", KIND_OPTION, 0, 0, false}}},
    {"users_select",
     SELECT,
     {ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, {"initial_user", KIND_STRING, 1, 255, false}}},
    {"conversations_select",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      {"initial_conversation", KIND_STRING, 1, 255, false},
      {"default_to_current_conversation", KIND_BOOL, 0, 0, false},
      {"response_url_enabled", KIND_BOOL, 0, 0, false},
      {"filter", KIND_ANY, 0, 0, false}}},
    {"channels_select",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      {"initial_channel", KIND_STRING, 1, 255, false},
      {"response_url_enabled", KIND_BOOL, 0, 0, false}}},
    {"multi_static_select",
     MULTI,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      MAX_SELECTED,
      {"options", KIND_OPTIONS, 1, 100, false},
      {"option_groups", KIND_GROUPS, 1, 100, false},
      {"initial_options", KIND_OPTIONS, 1, 100, false}}},
    {"multi_external_select",
     MULTI,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      MAX_SELECTED,
      {"min_query_length", KIND_INT, 0, 0, false},
      {"initial_options", KIND_OPTIONS, 1, 100, false}}},
    {"multi_users_select",
     MULTI,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      MAX_SELECTED,
      {"initial_users", KIND_ANY, 0, 0, false}}},
    {"multi_conversations_select",
     MULTI,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      MAX_SELECTED,
      {"initial_conversations", KIND_ANY, 0, 0, false},
      {"default_to_current_conversation", KIND_BOOL, 0, 0, false},
      {"filter", KIND_ANY, 0, 0, false}}},
    {"multi_channels_select",
     MULTI,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      MAX_SELECTED,
      {"initial_channels", KIND_ANY, 0, 0, false}}},
    {"datepicker",
     SELECT,
     {ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, {"initial_date", KIND_DATE, 0, 0, false}}},
    {"timepicker",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      PLACEHOLDER,
      {"initial_time", KIND_TIME, 0, 0, false},
      {"timezone", KIND_STRING, 1, 255, false}}},
    {"datetimepicker",
     PLACE_ACTIONS | PLACE_INPUT,
     {ACTION_ID, CONFIRM, FOCUS, {"initial_date_time", KIND_INT, 0, 0, false}}},
    {"checkboxes",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      {"options", KIND_OPTIONS, 1, 10, true},
      {"initial_options", KIND_OPTIONS, 1, 10, false}}},
    {"radio_buttons",
     SELECT,
     {ACTION_ID,
      CONFIRM,
      FOCUS,
      {"options", KIND_OPTIONS, 1, 10, true},
      {"initial_option", KIND_OPTION, 0, 0, false}}},
    {"plain_text_input",
     PLACE_INPUT,
     {ACTION_ID,
      FOCUS,
      PLACEHOLDER,
      DISPATCH_CONFIG,
      {"initial_value", KIND_STRING, 0, 3000, false},
      {"multiline", KIND_BOOL, 0, 0, false},
      {"min_length", KIND_INT, 0, 3000, false},
      {"max_length", KIND_INT, 1, 3000, false}}},
    {"email_text_input",
     PLACE_INPUT,
     {ACTION_ID, FOCUS, PLACEHOLDER, DISPATCH_CONFIG, {"initial_value", KIND_STRING, 0, 0, false}}},
    {"url_text_input",
     PLACE_INPUT,
     {ACTION_ID, FOCUS, PLACEHOLDER, DISPATCH_CONFIG, {"initial_value", KIND_STRING, 0, 0, false}}},
    {"number_input",
     PLACE_INPUT,
     {ACTION_ID,
      FOCUS,
      PLACEHOLDER,
      DISPATCH_CONFIG,
      {"is_decimal_allowed", KIND_BOOL, 0, 0, true},
      {"initial_value", KIND_STRING, 0, 0, false},
      {"min_value", KIND_STRING, 0, 0, false},
      {"max_value", KIND_STRING, 0, 0, false}}},
    {"file_input",
     PLACE_INPUT,
     {ACTION_ID, {"filetypes", KIND_ANY, 0, 0, false}, {"max_files", KIND_INT, 1, 10, false}}},
};

static const struct blockkit_type view_types[] = {
    {"modal",
     0,
     {{"title", KIND_PLAIN, 1, 24, true},
      {"blocks", KIND_ANY, 0, 0, true},
      {"submit", KIND_PLAIN, 1, 24, false},
      {"close", KIND_PLAIN, 1, 24, false},
      {"private_metadata", KIND_STRING, 0, 3000, false},
      {"callback_id", KIND_STRING, 0, 255, false},
      {"external_id", KIND_STRING, 0, 255, false},
      {"clear_on_close", KIND_BOOL, 0, 0, false},
      {"notify_on_close", KIND_BOOL, 0, 0, false},
      {"submit_disabled", KIND_BOOL, 0, 0, false}}},
    {"home",
     0,
     {{"blocks", KIND_ANY, 0, 0, true},
      {"private_metadata", KIND_STRING, 0, 3000, false},
      {"callback_id", KIND_STRING, 0, 255, false},
      {"external_id", KIND_STRING, 0, 255, false}}},
};

static const struct blockkit_type *find(const struct blockkit_type *types, size_t count,
                                        const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    }
    return NULL;
}

const struct blockkit_type *blockkit_types_block(const char *name)
{
    return find(block_types, sizeof(block_types) / sizeof(block_types[0]), name);
}

const struct blockkit_type *blockkit_types_element(const char *name)
{
    return find(element_types, sizeof(element_types) / sizeof(element_types[0]), name);
}

const struct blockkit_type *blockkit_types_view(const char *name)
{
    return find(view_types, sizeof(view_types) / sizeof(view_types[0]), name);
}
