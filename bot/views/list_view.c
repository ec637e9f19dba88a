#include "views/list_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "offers/kind.h"
#include "parts.h"
#include "slack/blocks_json.h"
#include "timing_view.h"

enum { TITLE_SHOWN = 60 }; /* twenty lines must fit into an ack */

/* What it is called, cut where it is long. */
static void add_short_title(struct text *line, const struct request *request)
{
    struct text title = {0};
    parts_add_title(&title, request);
    size_t shown = text_cut(text_get(&title), TITLE_SHOWN);
    if (shown < title.size) {
        title.bytes[title.size = shown] = '\0';
        text_add(&title, "…");
    }
    mrkdwn_escape(line, text_get(&title));
    text_free(&title);
}

static void add_line(struct text *line, const struct listed *listed)
{
    const struct request *request = listed->request;
    text_add(line, "*CPPO-");
    text_add_int(line, request->number);
    text_add(line, "* · ");
    text_add(line, timing_view_label(request));
    text_add(line, "\n");
    add_short_title(line, request);
    if (request->kind->listed != NULL)
        request->kind->listed(request, listed->decide, line);
    text_add(line, " · ");
    mrkdwn_person(line, request->requester);
    if (*listed->permalink != '\0') {
        text_add(line, " · ");
        mrkdwn_link(line, listed->permalink, "Open its card");
    }
}

static void add_deciding(struct text *json, const struct request *request, const char *value)
{
    char id[40];
    struct block_button buttons[1 + PARTS_REFUSING] = {
        {"Approve", "approve_again", value, BUTTON_PLAIN}};
    size_t count = 1 + parts_refusing(request, value, buttons + 1);
    snprintf(id, sizeof(id), "decide_%lld", (long long)request->number);
    blocks_json_actions(json, id, buttons, count);
}

/* ${line} is room for the text. */
static void add_request(struct text *json, struct text *line, const struct listed *listed)
{
    char value[BUTTON_VALUE];
    const struct block_button details = {"Details", "details", value, BUTTON_PLAIN};
    parts_button_value(listed->request, value);
    text_clear(line);
    add_line(line, listed);
    blocks_json_section(json, text_get(line), &details);
    if (listed->decide)
        add_deciding(json, listed->request, value);
}

void list_view_add(struct text *json, const char *heading, const char *empty,
                   const struct listed *list, size_t count, int64_t total)
{
    struct text line = {0};
    size_t shown = count < LIST_VIEW_ROWS ? count : LIST_VIEW_ROWS;
    blocks_json_header(json, heading);
    for (size_t i = 0; i < shown; i++)
        add_request(json, &line, &list[i]);
    if (total == 0)
        blocks_json_section(json, empty, NULL);
    if ((int64_t)shown < total) {
        text_clear(&line);
        text_addf(&line, "The newest %zu of %lld. `/cppo show CPPO-n` shows any.", shown,
                  (long long)total);
        blocks_json_context(json, text_get(&line));
    }
    text_free(&line);
}

void list_view_begin(struct text *json, const char *heading, int64_t total)
{
    char *text = text_format("%s: %lld", heading, (long long)total);
    blocks_json_message(json, text);
    free(text);
}

char *list_view_end(struct text *json)
{
    blocks_json_end(json);
    return text_take(json);
}
