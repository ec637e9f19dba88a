#include "views/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parts.h"
#include "sections.h"
#include "slack/blocks.h"
#include "text.h"
#include "timing_view.h"

/* Says that the approvers have it only if they do. */
static char *waiting(const struct card *card)
{
    switch (card->seen) {
    case CARD_STANDS:
        return text_format("The approvers have it now. I'll message you when anything changes.");
    case CARD_SHUT:
        return text_format("I cannot reach the approvers yet: Slack won't let me post in their "
                           "channel. The operators know, and I'll keep trying; nothing is lost.");
    case CARD_ON_ITS_WAY:
        break;
    }
    return text_format("I'm showing it to the approvers.");
}

static char *next_step(const struct card *card)
{
    const struct request *request = card->request;
    if (*card->held != '\0')
        return text_format("AWS is blocking it for now: %s. The operators know, and it will "
                           "continue by itself; you don't need to do anything.",
                           card->held);
    char *waits = timing_view_words(request);
    if (waits != NULL)
        return waits;
    const char *own = request->kind->next != NULL ? request->kind->next(card) : NULL;
    if (own != NULL)
        return mem_copy(own);
    switch (request->state) {
    case STATE_PENDING:
        return waiting(card);
    case STATE_CHANGES_REQUESTED:
        return text_format("Edit it and send it again; everything you entered is kept.");
    case STATE_FAILED:
        return text_format(request->can_retry ? "Press Try again once the cause is gone."
                                              : "Trying again will not help. Edit it, then send it "
                                                "again.");
    case STATE_UNREADABLE:
        return text_format("My record of it is damaged, so I'm leaving it alone. Ask an operator.");
    case STATE_APPROVED:
    case STATE_PUBLISHING:
    case STATE_PUBLISHED:
    case STATE_UNDER_WAY:
    case STATE_DONE:
    case STATE_REJECTED:
    case STATE_WITHDRAWN:
    case STATE_EXPIRED:
    case STATE_ACCEPTED:
    case STATE_CLOSED:
    case STATE_DRAFT:
    case STATES:
        break;
    }
    return text_format("%s", "");
}

/* What the form could not stop but the requester should know. */
static void add_warnings(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    for (size_t i = 0; i < card->check_count; i++) {
        enum check_outcome outcome = card->checks[i].outcome;
        if (outcome == CHECK_WARNING || outcome == CHECK_FAILED || outcome == CHECK_NOTE) {
            text_addf(&line, "%s%s ", line.size > 0 ? "\n" : "",
                      outcome == CHECK_NOTE ? "ℹ️" : "⚠️");
            mrkdwn_escape(&line, card->checks[i].text);
        }
    }
    sections_add_markup_lines(blocks, &line);
}

/* This is all that a notification shows, so it includes the reason, if somebody gave one. */
static char *notice_fallback(const struct card *card)
{
    const char *held = timing_view_reason(card->request);
    const char *why = held != NULL ? held : card->last != NULL ? card->last->why : "";
    if (*card->held != '\0')
        return text_format("CPPO-%lld is waiting: %s", (long long)card->request->number,
                           card->held);
    char *what = sections_fallback(card);
    if (*why == '\0')
        return what;
    char *whole = text_format("%s: %.*s", what, (int)text_cut(why, 300), why);
    free(what);
    return whole;
}

static void add_name(struct text *line, const struct card *card)
{
    text_addf(line, "%s *CPPO-%lld* · ", timing_view_sign(card->request),
              (long long)card->request->number);
    struct text title = {0};
    parts_add_title(&title, card->request);
    mrkdwn_escape(line, text_get(&title));
    text_free(&title);
}

static void add_news(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    char *next = next_step(card);
    add_name(&line, card);
    text_addf(&line, "\n*%s.* %s", sections_label(card), next);
    free(next);
    if (card->request->kind->link != NULL)
        card->request->kind->link(&line, card);
    sections_add_markup(blocks, &line);
    if (card->request->kind->news != NULL)
        card->request->kind->news(blocks, card);
    if (card->last != NULL && card->request->state != STATE_PENDING)
        sections_add_last_move(blocks, card);
    sections_add_comments(blocks, card);
    if (card->request->state == STATE_PENDING)
        add_warnings(blocks, card);
}

json_t *notice_message(const struct card *card)
{
    json_t *blocks = json_array();
    char *text = notice_fallback(card);
    char *id = text_format("notice_%lld", (long long)card->request->number);
    add_news(blocks, card);
    unsigned may = MAY_CHANGE | MAY_NUDGE | MAY_RETRY | MAY_COPY | MAY_SEE_DETAILS;
    json_array_append_new(
        blocks, blocks_actions(id, parts_buttons(card, may | timing_view_own(card->request))));
    json_t *whole = sections_message(text, blocks);
    free(text);
    free(id);
    return whole;
}

json_t *notice_handed_over(const struct card *card)
{
    struct text line = {0};
    long long number = card->request->number;
    char *text = text_format("CPPO-%lld was taken over", number);
    text_addf(&line, "↪️ *CPPO-%lld* was taken over by ", number);
    sections_add_requester(&line, card);
    text_add(&line, ", who gets its messages now.");
    json_t *whole = blocks_message(text, json_pack("[o]", blocks_section(text_get(&line))));
    text_free(&line);
    free(text);
    return whole;
}

json_t *notice_old(const struct card *card)
{
    json_t *blocks = json_array();
    struct text line = {0};
    char *text = sections_fallback(card);
    char *id = text_format("notice_%lld", (long long)card->request->number);
    add_name(&line, card);
    text_addf(&line, "\n*%s.* There is a newer message about it below.", sections_label(card));
    sections_add_markup(blocks, &line);
    json_array_append_new(blocks, blocks_actions(id, parts_buttons(card, MAY_SEE_DETAILS)));
    json_t *whole = sections_message(text, blocks);
    free(text);
    free(id);
    return whole;
}
