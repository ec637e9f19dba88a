/* The card, its details, the announcement. */
#include "views/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "slack/blocks.h"
#include "text.h"

static const char *const state_signs[OFFER_STATES] = {
    [OFFER_DRAFT] = "📝",    [OFFER_PENDING] = "🟡",     [OFFER_CHANGES_REQUESTED] = "✏️",
    [OFFER_APPROVED] = "👍", [OFFER_PUBLISHING] = "⏳",     [OFFER_PUBLISHED] = "✅",
    [OFFER_ACCEPTED] = "🎉", [OFFER_EXPIRED] = "⌛",        [OFFER_CLOSED] = "🔒",
    [OFFER_REJECTED] = "⛔", [OFFER_WITHDRAWN] = "↩️", [OFFER_FAILED] = "❌",
};

static void add_markup(json_t *blocks, struct text *markup)
{
    if (markup->size > 0)
        json_array_append_new(blocks, block_section(text_get(markup)));
    text_free(markup);
}

static void add_heading(json_t *blocks, const struct card *card)
{
    const struct offer *offer = card->offer;
    struct text line = {0};
    char *title = text_format("CPPO-%lld · %s", (long long)offer->number, offer->content.customer);
    json_array_append_new(blocks, block_header(title));
    free(title);
    text_addf(&line, "%s *%s* · revision %d · requested by ", state_signs[offer->state],
              offer_state_label(offer->state), offer->revision);
    mrkdwn_person(&line, offer->requester);
    add_markup(blocks, &line);
}

static void add_checks(json_t *blocks, const struct card *card)
{
    static const char *const signs[] = {"✅", "⚠️", "❌", "⏳"};
    struct text lines = {0};
    for (size_t i = 0; i < card->check_count; i++) {
        text_addf(&lines, "%s%s ", i > 0 ? "\n" : "", signs[card->checks[i].outcome]);
        mrkdwn_escape(&lines, card->checks[i].text);
    }
    add_markup(blocks, &lines);
}

static void add_changes(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (*card->changes == '\0')
        return;
    text_add(&lines, "*Changed since the last revision*\n");
    mrkdwn_escape(&lines, card->changes);
    add_markup(blocks, &lines);
}

/* Who must approve, and who did. */
static void add_votes(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    if (card->offer->state == OFFER_PENDING)
        text_addf(&line, "Needs %s", card->rule);
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
        text_addf(&line, " does not count any more: %s", card->lost[i].lost);
    }
    if (line.size > 0)
        json_array_append_new(blocks, block_context(text_get(&line)));
    text_free(&line);
}

/* What happened last, where it matters: decisions, refusals, failures. */
static void add_last_move(json_t *blocks, const struct card *card)
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

/* Where the buyer's link is, when it is not sure. */
static void add_hint(struct text *line, const struct card *card)
{
    if (*card->link_hint != '\0')
        text_addf(line, "%s%s", line->size > 0 ? "\n" : "", card->link_hint);
}

static void add_progress(json_t *blocks, const struct card *card)
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

static char *fallback(const struct card *card)
{
    const struct offer *offer = card->offer;
    return text_format("CPPO-%lld for %.*s: %s (revision %d)", (long long)offer->number,
                       (int)text_cut(offer->content.customer, 200), offer->content.customer,
                       offer_state_label(offer->state), offer->revision);
}

/* Fallback text is read as mrkdwn in notifications. */
static json_t *finished(const char *text, json_t *blocks)
{
    struct text safe = {0};
    mrkdwn_escape(&safe, text);
    json_t *whole = message(text_get(&safe), blocks);
    text_free(&safe);
    return whole;
}

json_t *card_message(const struct card *card)
{
    json_t *blocks = json_array();
    char *text = fallback(card);
    char *id = text_format("offer_%lld", (long long)card->offer->number);
    add_heading(blocks, card);
    add_facts(blocks, card, true);
    add_changes(blocks, card);
    add_checks(blocks, card);
    add_last_move(blocks, card);
    add_progress(blocks, card);
    add_votes(blocks, card);
    json_array_append_new(blocks, block_actions(id, offer_buttons(card, true)));
    json_t *whole = finished(text, blocks);
    free(text);
    free(id);
    return whole;
}

char *card_plain(const struct card *card)
{
    struct text text = {0};
    char *content = content_write(&card->offer->content);
    text_addf(&text, "CPPO-%lld revision %d\n%sunit_price=%s\nexpected_unit_price=%s\n",
              (long long)card->offer->number, card->offer->revision, content, card->unit_price,
              card->expected_unit_price);
    for (size_t i = 0; i < card->check_count; i++)
        text_addf(&text, "check %d %s\n", (int)card->checks[i].outcome, card->checks[i].text);
    char *amounts = amounts_text(card);
    if (*amounts != '\0')
        text_addf(&text, "%s\n", amounts);
    free(amounts);
    free(content);
    return text_take(&text);
}

json_t *card_approval(const struct card *card, const char *value)
{
    json_t *blocks = json_array();
    char *all = approval_text(card);
    char *title = text_format("Approve CPPO-%lld", (long long)card->offer->number);
    add_lines(blocks, "*Release this offer?*", all);
    json_t *whole = modal("approve_form", title, "Approve", "Not yet", value, blocks);
    free(title);
    free(all);
    return whole;
}

enum { HISTORY_POINTS = 9000 };

/* The history, oldest first, in as few sections as it needs; of a very long one the newest part. */
static void add_history(json_t *blocks, const struct move *moves, size_t count)
{
    struct text lines = {0};
    size_t first = count;
    for (size_t points = 0; first > 0; first--) {
        char *line = move_line(&moves[first - 1]);
        points += text_points(line) + 1;
        free(line);
        if (points > HISTORY_POINTS)
            break;
    }
    if (first > 0)
        text_addf(&lines, "… and %zu earlier", first);
    for (size_t i = first; i < count; i++) {
        char *line = move_line(&moves[i]);
        if (lines.size > 0 && text_points(text_get(&lines)) + text_points(line) > SECTION_POINTS)
            add_markup(blocks, &lines);
        text_addf(&lines, "%s%s", lines.size > 0 ? "\n" : "", line);
        free(line);
    }
    add_markup(blocks, &lines);
}

json_t *card_details(const struct card *card, const struct move *moves, size_t count)
{
    json_t *blocks = json_array();
    char *text = fallback(card);
    char *id = text_format("details_%lld", (long long)card->offer->number);
    add_heading(blocks, card);
    add_facts(blocks, card, true);
    add_checks(blocks, card);
    add_progress(blocks, card);
    add_votes(blocks, card);
    add_history(blocks, moves, count);
    json_array_append_new(blocks, block_actions(id, offer_buttons(card, false)));
    json_t *whole = finished(text, blocks);
    free(text);
    free(id);
    return whole;
}

json_t *card_announcement(const struct card *card)
{
    const struct offer *offer = card->offer;
    json_t *blocks = json_array();
    struct text line = {0};
    char *text = text_format("CPPO-%lld for %.*s is published", (long long)offer->number,
                             (int)text_cut(offer->content.customer, 200), offer->content.customer);
    json_array_append_new(blocks, block_header(text));
    add_facts(blocks, card, false);
    if (*card->buyer_url != '\0') {
        text_add(&line, "Send the buyer this link; it works when signed in to a buyer account:\n");
        mrkdwn_link(&line, card->buyer_url, "");
    }
    add_hint(&line, card);
    add_markup(blocks, &line);
    text_add(&line, "Marketplace offer ");
    mrkdwn_escape(&line, card->draft->entity);
    text_add(&line, " · requested by ");
    mrkdwn_person(&line, offer->requester);
    json_array_append_new(blocks, block_context(text_get(&line)));
    text_free(&line);
    json_t *whole = finished(text, blocks);
    free(text);
    return whole;
}

/* --- to the requester --------------------------------------------------------------------- */

static const char *next_step(const struct card *card)
{
    const struct offer *offer = card->offer;
    switch (offer->state) {
    case OFFER_PENDING:
        return "The approvers have it now. You hear from me as soon as something happens.";
    case OFFER_CHANGES_REQUESTED:
        return "Edit it and send it again; nothing that you typed is lost.";
    case OFFER_APPROVED:
        return "I publish it now.";
    case OFFER_PUBLISHING:
        return "AWS is releasing it; that takes minutes, sometimes an hour.";
    case OFFER_PUBLISHED:
        return "It is in AWS Marketplace. Send the buyer the link.";
    case OFFER_FAILED:
        return offer->can_retry ? "Trying again can help."
                                : "The same content cannot succeed: edit it and send it again.";
    case OFFER_REJECTED:
    case OFFER_WITHDRAWN:
    case OFFER_ACCEPTED:
    case OFFER_EXPIRED:
    case OFFER_CLOSED:
    case OFFER_DRAFT:
    case OFFER_STATES:
        break;
    }
    return "";
}

/* What the form could not stop but the requester should know. */
static void add_warnings(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    for (size_t i = 0; i < card->check_count; i++) {
        if (card->checks[i].outcome == CHECK_WARNING || card->checks[i].outcome == CHECK_FAILED) {
            text_addf(&line, "%s⚠️ ", line.size > 0 ? "\n" : "");
            mrkdwn_escape(&line, card->checks[i].text);
        }
    }
    add_markup(blocks, &line);
}

/* All that a notification shows: with the reason where somebody gave one. */
static char *notice_fallback(const struct card *card)
{
    const char *why = card->last != NULL ? card->last->why : "";
    char *what = fallback(card);
    if (*why == '\0')
        return what;
    char *whole = text_format("%s: %.*s", what, (int)text_cut(why, 300), why);
    free(what);
    return whole;
}

json_t *card_notice(const struct card *card)
{
    json_t *blocks = json_array();
    struct text line = {0};
    char *text = notice_fallback(card);
    char *id = text_format("notice_%lld", (long long)card->offer->number);
    text_addf(&line, "%s *CPPO-%lld* · ", state_signs[card->offer->state],
              (long long)card->offer->number);
    mrkdwn_escape(&line, card->offer->content.customer);
    text_addf(&line, "\n*%s.* %s", offer_state_label(card->offer->state), next_step(card));
    if (*card->buyer_url != '\0') {
        text_add(&line, "\n");
        mrkdwn_link(&line, card->buyer_url, "");
    }
    if (*card->buyer_url == '\0')
        add_hint(&line, card);
    add_markup(blocks, &line);
    if (card->last != NULL) {
        char *last = move_line(card->last);
        json_array_append_new(blocks, block_context(last));
        free(last);
    }
    if (card->offer->state == OFFER_PENDING)
        add_warnings(blocks, card);
    json_array_append_new(blocks, block_actions(id, offer_buttons(card, false)));
    json_t *whole = finished(text, blocks);
    free(text);
    free(id);
    return whole;
}
