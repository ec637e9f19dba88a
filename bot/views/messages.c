#include "views/messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/content.h"
#include "offers/kind.h"
#include "parts.h"
#include "slack/blocks.h"
#include "text.h"

json_t *message_menu(int64_t pending, bool own)
{
    char mine[60];
    char waiting[90];
    json_t *buttons = json_array();
    snprintf(mine, sizeof(mine), "My %s", kinds_words()->nouns);
    if (own)
        snprintf(waiting, sizeof(waiting), "%s waiting (%lld)", mine, (long long)pending);
    else
        snprintf(waiting, sizeof(waiting), "Waiting for approval (%lld)", (long long)pending);
    json_array_append_new(buttons, blocks_button("New offer", "new_offer", "-", BUTTON_PRIMARY));
    json_array_append_new(buttons, blocks_button(mine, "my_offers", "-", BUTTON_PLAIN));
    if (pending > 0)
        json_array_append_new(buttons, blocks_button(waiting, "pending_offers", "-", BUTTON_PLAIN));
    return blocks_message(
        "Private offers: /cppo new, /cppo list, /cppo help",
        json_pack("[o, o, o]", blocks_section("*Private offers*\nWhat would you like to do?"),
                  blocks_actions("menu", buttons), blocks_context("More: `/cppo help`")));
}

/* "one {noun} with its history" */
static void add_what(struct text *line, const char *what)
{
    const struct kind_words *words = kinds_words();
    const char *at;
    while ((at = strchr(what, '{')) != NULL) {
        text_add_bytes(line, what, (size_t)(at - what));
        text_add(line, strncmp(at, "{nouns}", 7) == 0 ? words->nouns : words->noun);
        what = at + strcspn(at, "}");
        what += *what == '}';
    }
    text_add(line, what);
}

static json_t *help_section(const struct usage *list, size_t count)
{
    struct text lines = {0};
    text_add(&lines, "*What you can type*");
    for (size_t i = 0; i < count; i++) {
        text_addf(&lines, "\n`/cppo %s%s%s` – ", list[i].name, *list[i].rest != '\0' ? " " : "",
                  list[i].rest);
        add_what(&lines, list[i].what);
    }
    text_add(&lines, "\nFields of `/cppo new` by name, such as `note=\"Renewal\"`: ");
    for (int field = 0; field < FIELD_COUNT; field++)
        text_addf(&lines, "%s`%s`", field > 0 ? ", " : "", field_name((enum field)field));
    json_t *section = blocks_section(text_get(&lines));
    text_free(&lines);
    return section;
}

json_t *message_help(const struct usage *list, size_t count)
{
    return blocks_message("Help for /cppo", json_pack("[o]", help_section(list, count)));
}

/* The length of a mention of a person or channel ("<@U…>", "<#C…>") at ${text}, 0 when none is. */
static size_t mention_at(const char *text)
{
    bool person = strncmp(text, "<@", 2) == 0 && (text[2] == 'U' || text[2] == 'W');
    bool channel = strncmp(text, "<#", 2) == 0 && (text[2] == 'C' || text[2] == 'G');
    size_t size =
        strspn(text + (person || channel ? 2 : 0), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return (person || channel) && text[2 + size] == '>' ? size + 3 : 0;
}

/* Mentions that our own texts make stay; everything else reads as typed. */
static char *with_mentions(const char *text)
{
    struct text safe = {0};
    while (*text != '\0') {
        size_t plain = strcspn(text, MENTION_MARK);
        char *part = mem_slice(text, plain);
        mrkdwn_escape(&safe, part);
        free(part);
        text += plain;
        if (*text == '\0')
            break;
        size_t mention = mention_at(++text);
        text_add_bytes(&safe, text, mention);
        text += mention;
    }
    return text_take(&safe);
}

json_t *message_plain(const char *text)
{
    char *safe = with_mentions(text);
    json_t *whole = blocks_message(safe, json_pack("[o]", blocks_section(safe)));
    free(safe);
    return whole;
}

json_t *message_button(const char *text, const char *label, const char *action_id,
                       const char *value)
{
    json_t *whole = message_plain(text);
    json_array_append_new(
        json_object_get(whole, "blocks"),
        blocks_actions("again",
                       json_pack("[o]", blocks_button(label, action_id, value, BUTTON_PRIMARY))));
    return whole;
}

json_t *message_quoting(const char *text, const char *typed)
{
    json_t *whole = message_plain(text);
    json_array_append_new(json_object_get(whole, "blocks"), blocks_section_plain(typed));
    return whole;
}

json_t *message_modal(json_t *message)
{
    const char *text = json_string_value(json_object_get(message, "text"));
    char *kept = text_format("%.*s", (int)text_cut(text, 2900), text);
    json_t *view = blocks_modal("answer", "Private offers", NULL, "Close", kept,
                                json_incref(json_object_get(message, "blocks")));
    free(kept);
    json_decref(message);
    return view;
}

json_t *message_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *words = text_vformat(format, args);
    va_end(args);
    json_t *message = message_plain(words);
    free(words);
    return message;
}

json_t *message_withdraw(const struct request *request, bool named)
{
    char value[BUTTON_VALUE];
    json_t *buttons = json_array();
    struct text question = {0};
    struct text title = {0};
    parts_add_title(&title, request);
    text_addf(&question, "Withdraw CPPO-%lld%s", (long long)request->number,
              named ? request->kind->words->joint : "");
    if (named)
        mrkdwn_escape(&question, text_get(&title));
    text_addf(&question, "? %s", request->kind->words->withdrawn);
    text_free(&title);
    json_t *whole =
        blocks_message(text_get(&question), json_pack("[o]", blocks_section(text_get(&question))));
    text_free(&question);
    parts_button_value(request, value);
    json_array_append_new(buttons, blocks_button("Withdraw", "withdraw", value, BUTTON_DANGER));
    json_array_append_new(buttons, blocks_button("Keep it", "keep", "-", BUTTON_PLAIN));
    json_array_append_new(json_object_get(whole, "blocks"),
                          blocks_actions(WITHDRAW_QUESTION, buttons));
    return whole;
}

json_t *message_unknown_command(const char *typed, const struct usage *list, size_t count)
{
    const char *nearest = /* further away is a guess */
        text_nearest(typed, &list->name, sizeof(*list), count, 3);
    struct text text = {0};
    char *shown = text_format("%.*s", (int)text_cut(typed, 50), typed);
    text_add(&text, "Unknown command “");
    mrkdwn_escape(&text, shown);
    text_add(&text, "”.");
    if (nearest != NULL)
        text_addf(&text, " Did you mean `/cppo %s`?", nearest);
    json_t *blocks = json_pack("[o]", blocks_section(text_get(&text)));
    if (nearest == NULL)
        json_array_append_new(blocks, help_section(list, count));
    json_t *whole = blocks_message(text_get(&text), blocks);
    free(shown);
    text_free(&text);
    return whole;
}
