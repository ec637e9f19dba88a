#include "timing_view.h"

#include <string.h>

#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"

/* Is it for us to say when it goes out? What has failed waits for somebody to try it again. */
static bool is_going(const struct request *request)
{
    return request_state_in(request->state, STATES_GOING);
}

static bool is_held(const struct request *request)
{
    return is_going(request) && timing_held(&request->timing);
}

const char *timing_view_label(const struct request *request)
{
    return is_held(request) ? "On hold" : kind_label(request->kind, request->state);
}

const char *timing_view_sign(const struct request *request)
{
    return is_held(request) ? "✋" : request_state_sign(request->state);
}

const char *timing_view_reason(const struct request *request)
{
    return is_held(request) ? request->timing.held_why : NULL;
}

/* What is set for a later time is not released by it. */
static const char *go_on_label(const struct timing *timing)
{
    return timing_dated(timing) ? "Continue" : "Release now";
}

static void add_hold(struct text *line, const struct timing *timing)
{
    text_add(line, "✋ Held by ");
    mrkdwn_person(line, timing->held_by);
    text_add(line, " since ");
    mrkdwn_time(line, timing->held_at);
    if (*timing->held_why != '\0') {
        text_add(line, ": “");
        mrkdwn_escape(line, timing->held_why);
        text_add(line, "”");
    }
    text_addf(line, ". Nothing is released before they, or an approver, press *%s*.",
              go_on_label(timing));
}

static void add_wait(struct text *line, const struct timing *timing)
{
    bool dated = timing_dated(timing) && timing->date > timing->opens_at;
    text_add(line, "⏲️ Publishing ");
    mrkdwn_time(line, dated ? timing->date : timing->opens_at);
    if (dated)
        text_addf(line, " (set by the clocks of %s)", timing->zone);
    text_add(line, ". *Hold* stops it.");
}

/* Before it is approved, or after it has failed. */
static void add_plan(struct text *line, const struct timing *timing)
{
    text_add(line, timing->came ? "⏲️ To be published " : "⏲️ Set to be published ");
    mrkdwn_time(line, timing->date);
    text_add(line, timing->came
                       ? ": that time has passed, so it goes out as soon as it is approved."
                       : ", if it is approved by then.");
}

char *timing_view_words(const struct request *request)
{
    struct text line = {0};
    if (!is_going(request) || !timing_waits(&request->timing))
        return NULL;
    if (is_held(request))
        add_hold(&line, &request->timing);
    else
        add_wait(&line, &request->timing);
    return text_take(&line);
}

char *timing_view_plan(const struct request *request)
{
    struct text line = {0};
    if (is_going(request) || !request_state_in(request->state, STATES_OPEN) ||
        request->timing.date == 0)
        return timing_view_words(request);
    add_plan(&line, &request->timing);
    return text_take(&line);
}

void timing_view_add_listed(struct text *line, const struct request *request)
{
    if (!request_state_in(request->state, STATES_OPEN) || !timing_dated(&request->timing))
        return;
    text_add(line, " · set for ");
    mrkdwn_time(line, request->timing.date);
}

void timing_view_add_buttons(json_t *buttons, const struct card *card, const char *value,
                             unsigned may)
{
    const struct request *request = card->request;
    const struct kind_words *words = request->kind->words;
    if ((may & MAY_SCHEDULE) && request->kind->timed && !card->irrevocable &&
        request_state_in(request->state, STATES_OPEN))
        json_array_append_new(buttons, blocks_button("Schedule", "schedule", value, BUTTON_PLAIN));
    if (!is_going(request) || !timing_waits(&request->timing) || card->irrevocable)
        return;
    const char *label = go_on_label(&request->timing);
    if ((may & MAY_CONTINUE) && is_held(request))
        json_array_append_new(
            buttons, blocks_button_confirm(blocks_button(label, "continue", value, BUTTON_PRIMARY),
                                           words->approve, words->warning, label, "Not yet"));
    if ((may & MAY_HOLD) && !is_held(request))
        json_array_append_new(buttons, blocks_button("Hold", "hold", value, BUTTON_PLAIN));
}

unsigned timing_view_own(const struct request *request)
{
    bool own = strcmp(request->timing.held_by, request->requester) == 0;
    return MAY_HOLD | (own ? MAY_CONTINUE : 0);
}
