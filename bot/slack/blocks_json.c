#include "slack/blocks_json.h"

#include <stdlib.h>

#include "blocks_parts.h"
#include "json.h"

/* --- texts and buttons --- */

static void add_fit(struct text *json, const char *text, size_t max_points, bool markup)
{
    char *fit = blocks_fit(text, max_points, markup);
    json_add_text(json, fit);
    free(fit);
}

static void add_plain_text(struct text *json, const char *text, size_t max_points)
{
    text_add(json, "{\"type\":\"plain_text\",\"text\":");
    add_fit(json, text, max_points, false);
    text_add(json, ",\"emoji\":false}");
}

static void add_mrkdwn(struct text *json, const char *markup, size_t max_points)
{
    text_add(json, "{\"type\":\"mrkdwn\",\"text\":");
    add_fit(json, markup, max_points, true);
    text_add(json, ",\"verbatim\":true}");
}

static void add_button(struct text *json, const struct block_button *button)
{
    const char *style = blocks_style(button->style);
    text_add(json, "{\"type\":\"button\",\"action_id\":");
    json_add_text(json, button->action_id);
    text_add(json, ",\"text\":");
    add_plain_text(json, button->label, BUTTON_POINTS);
    text_add(json, ",\"value\":");
    json_add_text(json, button->value);
    if (style != NULL) {
        text_add(json, ",\"style\":");
        json_add_text(json, style);
    }
    text_add(json, "}");
}

/* --- blocks --- */

static void add_comma(struct text *json)
{
    if (json->bytes[json->size - 1] != '[')
        text_add(json, ",");
}

void blocks_json_header(struct text *json, const char *text)
{
    add_comma(json);
    text_add(json, "{\"type\":\"header\",\"text\":");
    add_plain_text(json, text, HEADER_POINTS);
    text_add(json, "}");
}

void blocks_json_section(struct text *json, const char *markup,
                         const struct block_button *accessory)
{
    add_comma(json);
    text_add(json, "{\"type\":\"section\",\"text\":");
    add_mrkdwn(json, markup, TEXT_POINTS);
    text_add(json, ",\"expand\":true");
    if (accessory != NULL) {
        text_add(json, ",\"accessory\":");
        add_button(json, accessory);
    }
    text_add(json, "}");
}

void blocks_json_context(struct text *json, const char *markup)
{
    add_comma(json);
    text_add(json, "{\"type\":\"context\",\"elements\":[");
    add_mrkdwn(json, markup, FIELD_TEXT_POINTS);
    text_add(json, "]}");
}

void blocks_json_actions(struct text *json, const char *block_id,
                         const struct block_button *buttons, size_t count)
{
    add_comma(json);
    text_add(json, "{\"type\":\"actions\",\"block_id\":");
    json_add_text(json, block_id);
    text_add(json, ",\"elements\":[");
    for (size_t i = 0; i < count; i++) {
        add_comma(json);
        add_button(json, &buttons[i]);
    }
    text_add(json, "]}");
}

/* --- wholes --- */

void blocks_json_message(struct text *json, const char *fallback)
{
    text_add(json, "{\"text\":");
    add_fit(json, fallback, MESSAGE_POINTS, true);
    text_add(json, ",\"blocks\":[");
}

void blocks_json_end(struct text *json)
{
    text_add(json, "]}");
}
