#include "views/list_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/kind.h"
#include "parts.h"
#include "slack/blocks_json.h"
#include "timing_view.h"

enum { AGE_TEXT = 32 };
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

/* --- a request --- */

/* "3 days", "12 hours": in the largest unit that it fills. */
static void write_age(int64_t ms, char words[AGE_TEXT])
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"day", INT64_C(24) * 3600000}, {"hour", 3600000}, {"minute", 60000}};
    int64_t count = 0;
    size_t i = 0;
    for (; i < 3 && (count = ms / units[i].ms) == 0; i++)
        continue;
    if (i == 3)
        text_fit(words, AGE_TEXT, "a moment");
    else
        snprintf(words, AGE_TEXT, "%lld %s%s", (long long)count, units[i].unit,
                 count == 1 ? "" : "s");
}

/* Who requested it; the reader knows of their own. */
static void add_who(struct text *line, const struct listed *listed)
{
    text_add(line, " · ");
    if (listed->own)
        return;
    mrkdwn_person(line, listed->request->requester);
    text_add(line, ", ");
}

void list_view_line(struct text *line, const struct listed *listed, int64_t now)
{
    char age[AGE_TEXT];
    const struct request *request = listed->request;
    text_add(line, "*CPPO-");
    text_add_int(line, request->number);
    text_add(line, "* · ");
    text_add(line, timing_view_label(request));
    text_add(line, "\n");
    add_short_title(line, request);
    if (request->kind->listed != NULL)
        request->kind->listed(request, listed->decide, line);
    if (*listed->price != '\0')
        text_addf(line, " · %s", listed->price);
    timing_view_add_listed(line, request);
    add_who(line, listed);
    write_age(now - request->created_at, age);
    text_addf(line, "%s ago", age);
    if (listed->approved)
        text_add(line, " · you have approved it");
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
static void add_request(struct text *json, struct text *line, const struct listed *listed,
                        int64_t now)
{
    char value[BUTTON_VALUE];
    const struct block_button details = {"Details", "details", value, BUTTON_PLAIN};
    parts_button_value(listed->request, value);
    text_clear(line);
    list_view_line(line, listed, now);
    blocks_json_section(json, text_get(line), &details);
    if (listed->decide)
        add_deciding(json, listed->request, value);
}

/* --- what is listed --- */

static void add_part(struct text *line, const char *part)
{
    text_addf(line, "%s%s", line->size > 0 ? " · " : "", part);
}

static void add_age(struct text *line, const char *how, int64_t ms)
{
    char age[AGE_TEXT];
    if (ms == 0)
        return;
    write_age(ms, age);
    add_part(line, "requested ");
    text_addf(line, "%s %s ago", how, age);
}

static void add_words(struct text *line, const struct filter *filter)
{
    for (size_t i = 0; i < filter->word_count; i++) {
        if (i == 0)
            add_part(line, "customer “");
        else
            text_add(line, " ");
        mrkdwn_escape(line, filter->words[i]);
    }
    text_add(line, filter->word_count > 0 ? "…”" : "");
}

/* "Waiting for approval · by @Mia · account 1111… · customer “acme…” · requested more than 3 days
 * ago" */
void list_view_filter(struct text *into, const struct filter *filter)
{
    struct text line = {0};
    for (int state = 0; state < STATES; state++) {
        if (filter->states & 1U << state)
            add_part(&line, request_state_label((enum request_state)state));
    }
    if (*filter->by != '\0') {
        add_part(&line, "by ");
        mrkdwn_person(&line, filter->by);
    }
    if (*filter->buyer != '\0')
        add_part(&line, strlen(filter->buyer) + 1 == ACCOUNT_ID ? "account " : "account of ");
    if (*filter->buyer != '\0')
        text_addf(&line, "%s%s", filter->buyer, strlen(filter->buyer) + 1 == ACCOUNT_ID ? "" : "…");
    add_words(&line, filter);
    add_age(&line, "more than", filter->older_ms);
    add_age(&line, "less than", filter->younger_ms);
    text_add(into, text_get(&line));
    text_free(&line);
}

/* --- below --- */

void list_view_total(struct text *line, const struct listing_view *view)
{
    size_t shown = view->count < LIST_VIEW_ROWS ? view->count : LIST_VIEW_ROWS;
    const char *end = view->oldest_first ? "oldest" : "newest";
    const char *more = view->at_least ? "more than " : "";
    if (*view->previous == '\0' && ((int64_t)shown < view->total || view->at_least))
        text_addf(line, "The %s %zu of %s%lld.", end, shown, more, (long long)view->total);
    else if (*view->previous != '\0')
        text_addf(line, "%zu of %s%lld, the %s first.", shown, more, (long long)view->total, end);
    if (view->too_many)
        text_addf(line, "%sSo much begins like this that I did not look at all of it: type more.",
                  line->size > 0 ? " " : "");
}

static void add_context(struct text *json, struct text *line)
{
    if (line->size > 0)
        blocks_json_context(json, text_get(line));
    text_clear(line);
}

static void add_turning(struct text *json, const struct listing_view *view)
{
    struct block_button buttons[2];
    size_t count = 0;
    if (*view->previous != '\0')
        buttons[count++] = (struct block_button){view->oldest_first ? "Older" : "Newer",
                                                 "list_back", view->previous, BUTTON_PLAIN};
    if (*view->next != '\0')
        buttons[count++] = (struct block_button){view->oldest_first ? "Newer" : "Older", "list_on",
                                                 view->next, BUTTON_PLAIN};
    if (count == 0)
        return;
    char *id = text_format("pages %.200s", buttons[0].value); /* two lists have two */
    text_repair(id);
    blocks_json_actions(json, id, buttons, count);
    free(id);
}

void list_view_add(struct text *json, const struct listing_view *view)
{
    struct text line = {0};
    size_t shown = view->count < LIST_VIEW_ROWS ? view->count : LIST_VIEW_ROWS;
    blocks_json_header(json, view->heading);
    if (view->filter != NULL)
        list_view_filter(&line, view->filter);
    add_context(json, &line);
    for (size_t i = 0; i < shown; i++)
        add_request(json, &line, &view->list[i], view->now);
    text_clear(&line);
    if (shown == 0)
        blocks_json_section(json, view->empty, NULL);
    list_view_total(&line, view);
    add_context(json, &line);
    add_turning(json, view);
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
