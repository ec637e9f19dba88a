/* The parts of which cards, details and messages to the requester are put together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"

void add_markup(json_t *blocks, struct text *markup)
{
    if (markup->size > 0)
        json_array_append_new(blocks, block_section(text_get(markup)));
    text_free(markup);
}

/* As much of ${line} as one section takes; escaped text is cut between two characters of it. */
static size_t fitting(const char *line)
{
    size_t size = text_cut(line, SECTION_POINTS);
    size_t entity = size;
    while (entity > 0 && size - entity < 6 && line[entity] != '&')
        entity--;
    return line[size] != '\0' && line[entity] == '&' && entity > 0 ? entity : size;
}

void add_markup_lines(json_t *blocks, struct text *lines)
{
    struct text part = {0};
    const char *at = text_get(lines);
    while (*at != '\0') {
        char *line = text_format("%.*s", (int)strcspn(at, "\n"), at);
        size_t size = fitting(line);
        line[size] = '\0';
        if (part.size > 0 && text_points(text_get(&part)) + text_points(line) > SECTION_POINTS)
            add_markup(blocks, &part);
        text_addf(&part, "%s%s", part.size > 0 ? "\n" : "", line);
        at += size;
        if (*at == '\n')
            at++;
        free(line);
    }
    add_markup(blocks, &part);
    text_free(lines);
}

/* --- the offer and its state -------------------------------------------------------------- */

const char *state_sign(enum offer_state state)
{
    static const char *const signs[OFFER_STATES] = {
        [OFFER_DRAFT] = "📝",     [OFFER_PENDING] = "🟡",     [OFFER_CHANGES_REQUESTED] = "✏️",
        [OFFER_APPROVED] = "👍",  [OFFER_PUBLISHING] = "⏳",     [OFFER_PUBLISHED] = "✅",
        [OFFER_ACCEPTED] = "🎉",  [OFFER_EXPIRED] = "⌛",        [OFFER_CLOSED] = "🔒",
        [OFFER_REJECTED] = "⛔",  [OFFER_WITHDRAWN] = "↩️", [OFFER_FAILED] = "❌",
        [OFFER_UNDER_WAY] = "⏳", [OFFER_DONE] = "✅",           [OFFER_UNREADABLE] = "🚧",
    };
    return signs[state];
}

const char *card_label(const struct card *card)
{
    bool refused = card->offer->state == OFFER_CHANGES_REQUESTED && card->last != NULL &&
                   card->last->event == OFFER_REFUSE;
    return refused ? "AWS needs a change" : kind_label(card->offer->kind, card->offer->state);
}

void add_requester(struct text *line, const struct card *card)
{
    if (*card->requester_name != '\0')
        mrkdwn_escape(line, card->requester_name);
    else
        mrkdwn_person(line, card->offer->requester);
}

void add_heading(json_t *blocks, const struct card *card)
{
    const struct offer *offer = card->offer;
    struct text line = {0};
    char *title = text_format("CPPO-%lld · %s", (long long)offer->number, offer->content.customer);
    json_array_append_new(blocks, block_header(title));
    free(title);
    text_addf(&line, "%s *%s* · revision %d · requested by ", state_sign(offer->state),
              card_label(card), offer->revision);
    add_requester(&line, card);
    add_markup(blocks, &line);
}

void add_checks(json_t *blocks, const struct card *card)
{
    static const char *const signs[] = {"✅", "⚠️", "❌", "⏳"};
    struct text lines = {0};
    for (size_t i = 0; i < card->check_count; i++) {
        text_addf(&lines, "%s%s ", i > 0 ? "\n" : "", signs[card->checks[i].outcome]);
        mrkdwn_escape(&lines, card->checks[i].text);
    }
    add_markup_lines(blocks, &lines);
}

void add_changes(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (*card->changes == '\0')
        return;
    text_add(&lines, "*Changed since the last revision*\n");
    mrkdwn_escape(&lines, card->changes);
    add_markup_lines(blocks, &lines);
}

void add_votes(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    if (card->offer->state == OFFER_PENDING) {
        text_add(&line, card->rule);
        text_add(&line, " (not ");
        add_requester(&line, card);
        text_add(&line, ", who asked)");
    }
    for (size_t i = 0; i < card->vote_count; i++) {
        text_add(&line, i > 0 ? ", " : line.size > 0 ? "\nApproved by " : "Approved by ");
        mrkdwn_person(&line, card->votes[i].person);
        text_add(&line, " (");
        mrkdwn_time(&line, card->votes[i].at);
        text_add(&line, ")");
    }
    for (size_t i = 0; i < card->lost_count; i++) {
        text_add(&line, line.size > 0 ? "\nThe approval of " : "The approval of ");
        mrkdwn_person(&line, card->lost[i].person);
        text_addf(&line, " no longer counts: %s", card->lost[i].lost);
    }
    if (line.size > 0)
        json_array_append_new(blocks, block_context(text_get(&line)));
    text_free(&line);
}

void add_last_move(json_t *blocks, const struct card *card)
{
    if (card->last == NULL || card->offer->state == OFFER_PENDING)
        return;
    char *line = move_line(card->last);
    json_array_append_new(blocks, block_section(line));
    free(line);
}

/* An approved offer's way to its release, by what the Marketplace draft is doing. */
static const char *progress(enum draft_state state)
{
    switch (state) {
    case DRAFT_RELEASING:
        return "AWS is releasing the offer.";
    case DRAFT_NONE:
    case DRAFT_MAKING:
    case DRAFT_UPDATING:
        return "AWS is preparing the draft; the release follows.";
    case DRAFT_READY:
        return "Reading back what AWS holds before it is released.";
    case DRAFT_REFUSED:
    case DRAFT_RELEASED:
    case DRAFT_LEFT:
    case DRAFT_STATES:
        break;
    }
    return "";
}

void add_hint(struct text *line, const struct card *card)
{
    if (*card->link_hint != '\0')
        text_addf(line, "%s%s", line->size > 0 ? "\n" : "", card->link_hint);
}

void add_progress(json_t *blocks, const struct card *card)
{
    const struct offer *offer = card->offer;
    const struct draft *draft = card->draft;
    struct text line = {0};
    if (offer->state == OFFER_APPROVED || offer->state == OFFER_PUBLISHING) {
        text_add(&line, progress(draft->state));
        if (line.size > 0 && *card->usual_time != '\0')
            text_addf(&line, " %s.", card->usual_time);
    }
    if (*draft->entity != '\0') {
        text_add(&line, line.size > 0 ? "\nMarketplace offer " : "Marketplace offer ");
        mrkdwn_escape(&line, draft->entity);
    }
    if (draft->state == DRAFT_RELEASED && *draft->why != '\0') {
        text_add(&line, "\n🚨 *What is live is not what was approved*: ");
        mrkdwn_escape(&line, draft->why);
    }
    if (*card->buyer_url != '\0') {
        text_add(&line, "\nBuyer's link: ");
        mrkdwn_link(&line, card->buyer_url, "");
    }
    add_hint(&line, card);
    add_markup(blocks, &line);
}

/* --- for phones and screen readers -------------------------------------------------------- */

char *card_fallback(const struct card *card)
{
    const struct offer *offer = card->offer;
    return text_format("CPPO-%lld for %.*s: %s (revision %d)", (long long)offer->number,
                       (int)text_cut(offer->content.customer, 200), offer->content.customer,
                       card_label(card), offer->revision);
}

char *card_decision(const struct card *card)
{
    const struct content *content = &card->offer->content;
    char *what = card_fallback(card);
    char *price = price_text(card);
    char *whole = text_format("%s · %s%smarkup %s %%, price %s, accept by %s", what,
                              card->requester_name, *card->requester_name != '\0' ? " asks · " : "",
                              content->markup, price, content->accept_by);
    free(price);
    free(what);
    return whole;
}

json_t *safe_message(const char *text, json_t *blocks)
{
    struct text safe = {0};
    mrkdwn_escape(&safe, text);
    json_t *whole = message(text_get(&safe), blocks);
    text_free(&safe);
    return whole;
}
