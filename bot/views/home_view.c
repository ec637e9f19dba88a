#include "views/home_view.h"

#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "slack/blocks.h"
#include "text.h"

/* --- above the lists --- */

/* What can be chosen, as people could type it. */
static const struct choice {
    const char *label;
    const char *query;
    bool all; /* of others, too */
} choices[] = {
    {"Mine: all", "by:me", false},
    {"Mine: waiting for approval", "by:me state:pending", false},
    {"Mine: need something from me", "by:me state:changes_requested,failed", false},
    {"Mine: published", "by:me state:published", false},
    {"Mine: accepted by the buyer", "by:me state:accepted", false},
    {"Mine: ended", "by:me state:expired,closed,rejected,withdrawn", false},
    {"Everybody's: waiting for approval", "state:pending", true},
    {"Everybody's: waiting for more than 3 days", "state:pending age:>3d", true},
    {"Everybody's: failed", "state:failed", true},
    {"Everybody's: published", "state:published", true},
    {"Everybody's: all", "state:all", true},
};

/* Is it what ${view} shows? */
static bool is_shown(const struct choice *choice, const struct home_view *view)
{
    struct filter filter;
    struct text problems = {0};
    struct text chosen = {0};
    struct text shown = {0};
    if (view->filter == NULL)
        return false;
    filter_read(&filter, choice->query, &problems);
    if (filter.mine)
        text_fit(filter.by, sizeof(filter.by), view->person);
    filter.mine = false;
    filter_write(&filter, &chosen);
    filter_write(view->filter, &shown);
    bool same = strcmp(text_get(&chosen), text_get(&shown)) == 0;
    text_free(&problems);
    text_free(&chosen);
    text_free(&shown);
    return same;
}

static json_t *filter_select(const struct home_view *view)
{
    json_t *options = json_array();
    json_t *chosen = NULL;
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (choices[i].all && !view->all)
            continue;
        json_array_append_new(options, blocks_option(choices[i].label, choices[i].query));
        if (chosen == NULL && is_shown(&choices[i], view))
            chosen = blocks_option(choices[i].label, choices[i].query);
    }
    json_t *select = blocks_input_select("home_filter", options, chosen);
    json_object_set_new(select, "placeholder",
                        json_pack("{s:s, s:s}", "type", "plain_text", "text", "Show…"));
    return select;
}

static void add_menu(json_t *blocks, const struct home_view *view)
{
    json_t *elements = json_array();
    json_array_append_new(elements,
                          blocks_button("New private offer", "new_offer", "-", BUTTON_PRIMARY));
    if (view->filter != NULL)
        json_array_append_new(elements,
                              blocks_button("Overview", "home_overview", "-", BUTTON_PLAIN));
    json_array_append_new(elements, filter_select(view));
    json_array_append_new(blocks, blocks_actions("home_menu", elements));
    json_t *field =
        blocks_input_text("home_search", "", false, 150, "acme state:pending buyer:1111 age:>3d");
    json_object_set_new(field, "dispatch_action_config",
                        json_pack("{s:[s]}", "trigger_actions_on", "on_enter_pressed"));
    json_t *input =
        blocks_input("home_search", "Search by customer, account, state or age", NULL, true, field);
    json_object_set_new(input, "dispatch_action", json_true());
    json_array_append_new(blocks, input);
}

/* --- a request --- */

static void add_deciding(json_t *buttons, const struct request *request, const char *value)
{
    struct block_button refusing[PARTS_REFUSING];
    size_t count = parts_refusing(request, value, refusing);
    json_array_append_new(buttons, blocks_button("Approve", "approve_again", value, BUTTON_PLAIN));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(buttons, blocks_button(refusing[i].label, refusing[i].action_id,
                                                     refusing[i].value, refusing[i].style));
}

/* ${list}: which of them, since a request may stand in more than one. */
static void add_request(json_t *blocks, const struct listed *listed, size_t list, int64_t now)
{
    char value[BUTTON_VALUE];
    char id[48];
    struct text line = {0};
    const struct card card = {.request = listed->request};
    json_t *buttons =
        parts_buttons(&card, listed->own ? MAY_CHANGE | MAY_NUDGE | MAY_RETRY | MAY_COPY : 0);
    parts_button_value(listed->request, value);
    list_view_line(&line, listed, now);
    json_t *section = blocks_section(text_get(&line));
    json_object_set_new(section, "accessory",
                        blocks_button("Details", "details", value, BUTTON_PLAIN));
    json_array_append_new(blocks, section);
    if (listed->decide)
        add_deciding(buttons, listed->request, value);
    snprintf(id, sizeof(id), "home_%zu_%lld", list, (long long)listed->request->number);
    if (json_array_size(buttons) > 0)
        json_array_append_new(blocks, blocks_actions(id, buttons));
    else
        json_decref(buttons);
    text_free(&line);
}

/* --- a list --- */

static void add_turning(json_t *blocks, const struct listing_view *view, size_t list)
{
    char id[48];
    json_t *buttons = json_array();
    if (*view->previous != '\0')
        json_array_append_new(buttons, blocks_button(view->oldest_first ? "Older" : "Newer",
                                                     "home_back", view->previous, BUTTON_PLAIN));
    if (*view->next != '\0')
        json_array_append_new(buttons, blocks_button(view->oldest_first ? "Newer" : "Older",
                                                     "home_on", view->next, BUTTON_PLAIN));
    snprintf(id, sizeof(id), "home_pages_%zu", list);
    if (json_array_size(buttons) > 0)
        json_array_append_new(blocks, blocks_actions(id, buttons));
    else
        json_decref(buttons);
}

static void add_context(json_t *blocks, struct text *line)
{
    if (line->size > 0)
        json_array_append_new(blocks, blocks_context(text_get(line)));
    text_clear(line);
}

static void add_list(json_t *blocks, const struct listing_view *view, size_t list)
{
    struct text line = {0};
    size_t shown = view->count < LIST_VIEW_ROWS ? view->count : LIST_VIEW_ROWS;
    json_array_append_new(blocks, blocks_header(view->heading));
    if (view->filter != NULL)
        list_view_filter(&line, view->filter);
    add_context(blocks, &line);
    for (size_t i = 0; i < shown; i++)
        add_request(blocks, &view->list[i], list, view->now);
    if (shown == 0)
        json_array_append_new(blocks, blocks_section(view->empty));
    list_view_total(&line, view);
    add_context(blocks, &line);
    add_turning(blocks, view, list);
    text_free(&line);
}

json_t *home_view(const struct home_view *view)
{
    json_t *blocks = json_array();
    if (*view->notice != '\0')
        json_array_append_new(blocks, blocks_section_plain(view->notice));
    if (*view->why != '\0') {
        json_array_append_new(blocks, blocks_header("Private offers"));
        json_array_append_new(blocks, blocks_section_plain(view->why));
        return json_pack("{s:s, s:o}", "type", "home", "blocks", blocks);
    }
    add_menu(blocks, view);
    if (*view->counts != '\0')
        json_array_append_new(blocks, blocks_context(view->counts));
    for (size_t i = 0; i < view->count; i++)
        add_list(blocks, &view->lists[i], i);
    return json_pack("{s:s, s:o}", "type", "home", "blocks", blocks);
}
