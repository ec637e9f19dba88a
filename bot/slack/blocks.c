#include "slack/blocks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "blocks_parts.h"

enum { LINK_BYTES = 2500 };

/* --- texts --- */

/* Would it hide or turn round what stands beside it (Unicode: Cc, bidirectional controls)? */
static bool is_deceptive(unsigned point)
{
    return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0) ||
           point == 0x061C || point == 0x200E || point == 0x200F ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* The width of the character at ${text}, 0 when the bytes there are none (RFC 3629). */
static size_t width_at(const char *text)
{
    size_t left = strnlen(text, 4);
    for (size_t width = 1; width <= left; width++) {
        if (text_is_utf8(text, width))
            return width;
    }
    return 0;
}

/* How many bytes from here on are harmless by themselves, as most of any text is. */
static size_t plain_size(const char *text)
{
    size_t size = 0;
    while ((text[size] >= ' ' && text[size] < 0x7F) || text[size] == '\n' || text[size] == '\t')
        size++;
    return size;
}

/* How many bytes from here on can stay as they are. */
static size_t harmless_size(const char *text)
{
    size_t size = plain_size(text);
    while (text[size] != '\0') {
        size_t width = width_at(text + size);
        if (width == 0 || is_deceptive(text_point(text + size, &width)))
            break;
        size += width;
        size += plain_size(text + size);
    }
    return size;
}

/* A copy in which such characters, and bytes that are not UTF-8, show as U+FFFD. */
static char *sanitize(const char *text)
{
    struct text clean = {0};
    for (;;) {
        size_t harmless = harmless_size(text);
        text_add_bytes(&clean, text, harmless);
        text += harmless;
        if (*text == '\0')
            return text_take(&clean);
        size_t width = width_at(text);
        text_add(&clean, "\xEF\xBF\xBD");
        text += width > 0 ? width : 1;
    }
}

/* A cut falls neither into a mention or link nor into an entity: it goes before it. */
static size_t safe_cut(const char *markup, size_t max_points)
{
    size_t end = text_cut(markup, max_points);
    size_t open = end;
    while (open > 0 && markup[open - 1] != '<' && markup[open - 1] != '>')
        open--;
    if (open > 0 && markup[open - 1] == '<')
        return open - 1;
    for (size_t back = 1; back < sizeof("&amp;") - 1 && back <= end; back++) {
        if (markup[end - back] == ';')
            break;
        if (markup[end - back] == '&')
            return end - back;
    }
    return end;
}

/* Slack takes no empty text. */
char *blocks_fit(const char *text, size_t max_points, bool markup)
{
    char *clean = sanitize(*text != '\0' ? text : " ");
    if (text_points(clean) <= max_points)
        return clean;
    size_t end = markup ? safe_cut(clean, max_points - 1) : text_cut(clean, max_points - 1);
    char *cut = text_format("%.*s…", (int)end, clean);
    free(clean);
    return cut;
}

/* No formatting can come from it. */
static json_t *plain_text(const char *text, size_t max_points)
{
    char *fit = blocks_fit(text, max_points, false);
    json_t *object = json_pack("{s:s, s:s, s:b}", "type", "plain_text", "text", fit, "emoji", 0);
    free(fit);
    return object;
}

json_t *blocks_mrkdwn(const char *text, size_t max_points)
{
    char *fit = blocks_fit(text, max_points, true);
    json_t *object = json_pack("{s:s, s:s, s:b}", "type", "mrkdwn", "text", fit, "verbatim", 1);
    free(fit);
    return object;
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c);
}

/* What replaces this character of typed text, NULL: it may stay. Marks pair up only at the edge of
 * a word, so those inside one (not_in_channel) are left alone. */
#define MARKS "&<>`*_~"
static const char *escape_of(const char *text, size_t at)
{
    switch (text[at]) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>': /* at the start of a line it would be a quotation, escaped or not */
        return at == 0 || text[at - 1] == '\n' ? "›" : "&gt;";
    case '`':
        return "ˋ";
    case '*':
    case '_':
    case '~':
        if (at > 0 && in_word(text[at - 1]) && in_word(text[at + 1]))
            return NULL;
        return text[at] == '*' ? "∗" : text[at] == '_' ? "＿" : "∼";
    }
    return NULL;
}

void mrkdwn_escape(struct text *into, const char *text)
{
    char *clean = sanitize(text);
    for (size_t at = 0;;) {
        size_t plain = strcspn(clean + at, MARKS);
        text_add_bytes(into, clean + at, plain);
        at += plain;
        if (clean[at] == '\0')
            break;
        const char *instead = escape_of(clean, at);
        if (instead != NULL)
            text_add(into, instead);
        else
            text_add_bytes(into, &clean[at], 1);
        at++;
    }
    free(clean);
}

void mrkdwn_person(struct text *into, const char *id)
{
    size_t size = strlen(id);
    bool good = size > 1 && size < 32 && (id[0] == 'U' || id[0] == 'W');
    for (size_t i = 0; good && i < size; i++)
        good = isupper((unsigned char)id[i]) || isdigit((unsigned char)id[i]);
    if (!good) {
        mrkdwn_escape(into, id);
        return;
    }
    text_add(into, "<@");
    text_add(into, id);
    text_add(into, ">");
}

char *blocks_unmarked(const char *words)
{
    struct text plain = {0};
    while (*words != '\0') {
        size_t size = strcspn(words, MENTION_MARK);
        text_add_bytes(&plain, words, size);
        words += size + (words[size] != '\0');
    }
    return text_take(&plain);
}

void mrkdwn_time(struct text *into, int64_t ms)
{
    char utc[40];
    struct tm civil;
    time_t seconds = (time_t)(ms / 1000);
    if (gmtime_r(&seconds, &civil) == NULL ||
        strftime(utc, sizeof(utc), "%Y-%m-%d %H:%M UTC", &civil) == 0) {
        text_add(into, "at an unknown time");
        return;
    }
    text_addf(into, "<!date^%lld^{date_short_pretty} {time}|%s>", (long long)seconds, utc);
}

void mrkdwn_link(struct text *into, const char *url, const char *label)
{
    bool good = (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) &&
                strlen(url) <= LINK_BYTES;
    for (const char *at = url; good && *at != '\0'; at++)
        good = *at > ' ' && *at < 0x7F && strchr("<>|\"", *at) == NULL;
    if (!good) {
        mrkdwn_escape(into, url);
        return;
    }
    text_add(into, "<");
    for (; *url != '\0'; url++)
        text_add_bytes(into, *url == '&' ? "&amp;" : url, *url == '&' ? 5 : 1);
    if (*label != '\0') {
        text_add(into, "|");
        mrkdwn_escape(into, label);
    }
    text_add(into, ">");
}

/* --- blocks --- */

json_t *blocks_header(const char *text)
{
    return json_pack("{s:s, s:o}", "type", "header", "text", plain_text(text, HEADER_POINTS));
}

/* Shown whole: nothing that somebody decides on lies behind “see more”. Source: the reference of
 * the section block, `expand`. */
static json_t *section_of(json_t *text)
{
    return json_pack("{s:s, s:o, s:b}", "type", "section", "text", text, "expand", 1);
}

json_t *blocks_section(const char *markup)
{
    return section_of(blocks_mrkdwn(markup, TEXT_POINTS));
}

json_t *blocks_section_plain(const char *text)
{
    return section_of(plain_text(text, TEXT_POINTS));
}

json_t *blocks_fields(json_t *texts)
{
    return json_pack("{s:s, s:o}", "type", "section", "fields", texts);
}

json_t *blocks_context(const char *markup)
{
    return json_pack("{s:s, s:[o]}", "type", "context", "elements",
                     blocks_mrkdwn(markup, FIELD_TEXT_POINTS));
}

json_t *blocks_actions(const char *block_id, json_t *elements)
{
    return json_pack("{s:s, s:s, s:o}", "type", "actions", "block_id", block_id, "elements",
                     elements);
}

json_t *blocks_input(const char *name, const char *label, const char *hint, bool optional,
                     json_t *element)
{
    return json_pack("{s:s, s:s, s:o, s:o*, s:b, s:o}", "type", "input", "block_id", name, "label",
                     plain_text(label, LABEL_POINTS), "hint",
                     hint != NULL ? plain_text(hint, LABEL_POINTS) : NULL, "optional", optional,
                     "element", element);
}

/* --- elements --- */

const char *blocks_style(enum button_style style)
{
    static const char *const styles[] = {NULL, "primary", "danger"};
    return styles[style];
}

json_t *blocks_button(const char *label, const char *action_id, const char *value,
                      enum button_style style)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:s*}", "type", "button", "action_id", action_id, "text",
                     plain_text(label, BUTTON_POINTS), "value", value, "style",
                     blocks_style(style));
}

json_t *blocks_button_confirm(json_t *button_object, const char *title, const char *text,
                              const char *yes, const char *no)
{
    json_object_set_new(button_object, "confirm",
                        json_pack("{s:o, s:o, s:o, s:o}", "title", plain_text(title, 100), "text",
                                  plain_text(text, 300), "confirm", plain_text(yes, 30), "deny",
                                  plain_text(no, 30)));
    json_object_set(json_object_get(button_object, "confirm"), "style",
                    json_object_get(button_object, "style"));
    return button_object;
}

json_t *blocks_overflow(const char *action_id, json_t *options)
{
    return json_pack("{s:s, s:s, s:o}", "type", "overflow", "action_id", action_id, "options",
                     options);
}

json_t *blocks_option(const char *label, const char *value)
{
    return json_pack("{s:o, s:s}", "text", plain_text(label, OPTION_POINTS), "value", value);
}

static json_t *placeholder_text(const char *text)
{
    return text != NULL ? plain_text(text, 150) : NULL;
}

static const char *unless_empty(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

json_t *blocks_input_text(const char *name, const char *initial, bool multiline, size_t max_points,
                          const char *placeholder)
{
    char *fit = unless_empty(initial) != NULL ? blocks_fit(initial, max_points, false) : NULL;
    json_t *input =
        json_pack("{s:s, s:s, s:b, s:I, s:s*, s:o*}", "type", "plain_text_input", "action_id", name,
                  "multiline", multiline, "max_length", (json_int_t)max_points, "initial_value",
                  fit, "placeholder", placeholder_text(placeholder));
    free(fit);
    return input;
}

json_t *blocks_input_url(const char *name, const char *initial, const char *placeholder)
{
    return json_pack("{s:s, s:s, s:s*, s:o*}", "type", "url_text_input", "action_id", name,
                     "initial_value", unless_empty(initial), "placeholder",
                     placeholder_text(placeholder));
}

json_t *blocks_input_date(const char *name, const char *initial)
{
    return json_pack("{s:s, s:s, s:s*}", "type", "datepicker", "action_id", name, "initial_date",
                     unless_empty(initial));
}

json_t *blocks_input_time(const char *name, const char *initial)
{
    return json_pack("{s:s, s:s, s:s*}", "type", "timepicker", "action_id", name, "initial_time",
                     unless_empty(initial));
}

json_t *blocks_input_select(const char *name, json_t *options, json_t *initial)
{
    return json_pack("{s:s, s:s, s:o, s:o*}", "type", "static_select", "action_id", name, "options",
                     options, "initial_option", initial);
}

json_t *blocks_input_external(const char *name, json_t *initial, const char *placeholder)
{
    return json_pack("{s:s, s:s, s:i, s:o*, s:o*}", "type", "external_select", "action_id", name,
                     "min_query_length", 0, "initial_option", initial, "placeholder",
                     placeholder_text(placeholder));
}

/* --- wholes --- */

json_t *blocks_message(const char *fallback, json_t *blocks)
{
    char *fit = blocks_fit(fallback, MESSAGE_POINTS, true);
    json_t *whole = json_pack("{s:s, s:o}", "text", fit, "blocks", blocks);
    free(fit);
    return whole;
}

json_t *blocks_message_to(json_t *message, const char *channel)
{
    json_object_set_new(message, "channel", json_string(channel));
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    return message;
}

json_t *blocks_modal(const char *callback_id, const char *title, const char *submit,
                     const char *close, const char *private_metadata, json_t *blocks)
{
    return json_pack("{s:s, s:s, s:o, s:o*, s:o, s:s, s:o}", "type", "modal", "callback_id",
                     callback_id, "title", plain_text(title, TITLE_POINTS), "submit",
                     submit != NULL ? plain_text(submit, TITLE_POINTS) : NULL, "close",
                     plain_text(close, TITLE_POINTS), "private_metadata", private_metadata,
                     "blocks", blocks);
}
