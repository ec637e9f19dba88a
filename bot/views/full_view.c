#include "views/full_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "sections.h"
#include "slack/blocks.h"
#include "text.h"

enum { HISTORY_POINTS = 9000 };

static void add_link(json_t *blocks, const struct card *card, unsigned may)
{
    struct text line = {0};
    if (!(may & MAY_OPEN_CARD) || *card->permalink == '\0')
        return;
    mrkdwn_link(&line, card->permalink, "Open its card");
    json_array_append_new(blocks, blocks_context(text_get(&line)));
    text_free(&line);
}

/* By which rule, and what met it. */
static void add_rule(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (card->why_rule == NULL || *card->why_rule == '\0' || card->outsiders)
        return;
    text_add(&lines, "*Why these approvers?*\n");
    mrkdwn_escape(&lines, card->why_rule);
    sections_add_markup_lines(blocks, &lines);
}

static void add_all(json_t *blocks, const struct card *card, unsigned may)
{
    sections_add_heading(blocks, card);
    parts_add_facts(blocks, card);
    sections_add_copied(blocks, card);
    sections_add_changes(blocks, card);
    sections_add_checks(blocks, card);
    parts_add_progress(blocks, card);
    sections_add_votes(blocks, card);
    add_rule(blocks, card);
    add_link(blocks, card, may);
}

/* The history, oldest first; of a very long one the newest part. */
static void add_history(json_t *blocks, const struct request_kind *kind, const struct move *moves,
                        size_t count)
{
    struct text lines = {0};
    size_t first = count;
    for (size_t points = 0; first > 0; first--) {
        char *line = parts_move_line(kind, &moves[first - 1]);
        points += text_points(line) + 1;
        free(line);
        if (points > HISTORY_POINTS)
            break;
    }
    if (first > 0)
        text_addf(&lines, "… and %zu earlier", first);
    for (size_t i = first; i < count; i++) {
        char *line = parts_move_line(kind, &moves[i]);
        text_addf(&lines, "%s%s", lines.size > 0 ? "\n" : "", line);
        free(line);
    }
    sections_add_markup_lines(blocks, &lines);
}

json_t *full_view_message(const struct card *card, const struct move *moves, size_t count,
                          unsigned may)
{
    json_t *blocks = json_array();
    char *text = sections_fallback(card);
    char *id = text_format("details_%lld", (long long)card->request->number);
    add_all(blocks, card, may);
    add_history(blocks, card->request->kind, moves, count);
    json_array_append_new(blocks, blocks_actions(id, parts_buttons(card, may | MAY_SEE_DETAILS)));
    json_t *whole = sections_message(text, blocks);
    free(text);
    free(id);
    return whole;
}

/* --- the modal --- */

static void add_turn(json_t *buttons, const struct card *card, const char *label,
                     const char *action, size_t skip)
{
    char reference[BUTTON_VALUE];
    char value[BUTTON_VALUE + 24];
    parts_button_value(card->request, reference);
    snprintf(value, sizeof(value), "%s %zu", reference, skip);
    json_array_append_new(buttons, blocks_button(label, action, value, BUTTON_PLAIN));
}

/* One page of the history, which is turned in the same modal. */
static void add_page(json_t *blocks, const struct card *card, const struct history *history)
{
    json_t *buttons = json_array();
    struct text lines = {0};
    text_add(&lines, "*History*");
    for (size_t i = 0; i < history->count; i++) {
        char *line = parts_move_line(card->request->kind, &history->moves[i]);
        text_addf(&lines, "\n%s", line);
        free(line);
    }
    sections_add_markup_lines(blocks, &lines);
    if (history->older)
        add_turn(buttons, card, "Older", "history", history->skipped + HISTORY_PAGE);
    if (history->skipped > 0)
        add_turn(buttons, card, "Newest", "history_newest", 0);
    if (json_array_size(buttons) > 0)
        json_array_append_new(blocks, blocks_actions("pages", buttons));
    else
        json_decref(buttons);
}

json_t *full_view_modal(const struct card *card, const struct history *history, unsigned may)
{
    json_t *blocks = json_array();
    char title[40];
    snprintf(title, sizeof(title), "CPPO-%lld", (long long)card->request->number);
    add_all(blocks, card, may);
    json_t *buttons = parts_buttons(card, may);
    if (json_array_size(buttons) > 0)
        json_array_append_new(blocks, blocks_actions("offer", buttons));
    else
        json_decref(buttons);
    add_page(blocks, card, history);
    return blocks_modal("details", title, NULL, "Close", "", blocks);
}
