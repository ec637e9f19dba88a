/* The card and the announcement. */
#include "views/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "slack/blocks.h"
#include "text.h"

json_t *card_message(const struct card *card)
{
    json_t *blocks = json_array();
    char *text = card_decision(card);
    char *id = text_format("offer_%lld", (long long)card->offer->number);
    add_heading(blocks, card);
    add_facts(blocks, card, true);
    add_changes(blocks, card);
    add_checks(blocks, card);
    add_last_move(blocks, card);
    add_aftermath(blocks, card);
    add_progress(blocks, card);
    add_votes(blocks, card);
    json_array_append_new(blocks,
                          block_actions(id, offer_buttons(card, MAY_DECIDE | MAY_CHANGE |
                                                                    MAY_RETRY | MAY_SEE_DETAILS)));
    json_t *whole = safe_message(text, blocks);
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

json_t *card_approval(const struct card *card, const char *origin)
{
    json_t *blocks = json_array();
    char *title = text_format("Approve CPPO-%lld", (long long)card->offer->number);
    add_heading(blocks, card);
    add_facts(blocks, card, true);
    add_changes(blocks, card);
    add_checks(blocks, card);
    json_array_append_new(blocks,
                          block_section("*Release this offer?* A release cannot be undone."));
    json_t *whole = modal("approve_form", title, "Approve", "Not yet", origin, blocks);
    free(title);
    return whole;
}

/* --- the announcement --------------------------------------------------------------------- */

/* What has become of it, continuing "CPPO-12 for Example Corp". */
static const char *outcome(enum offer_state state)
{
    if (state == OFFER_ACCEPTED)
        return "is sold";
    if (state == OFFER_EXPIRED)
        return "has expired";
    return state == OFFER_CLOSED ? "was closed" : "is published";
}

static void add_sale(struct text *line, const struct move *last)
{
    text_add(line, "🎉 Sold: the buyer accepted");
    if (last != NULL && last->event == OFFER_ACCEPT) {
        text_add(line, " (");
        mrkdwn_time(line, last->at);
        text_add(line, ")");
    }
}

static void add_offer(struct text *line, const struct card *card)
{
    const struct content *content = &card->offer->content;
    if (*card->buyer_url == '\0') {
        add_hint(line, card);
        return;
    }
    text_add(line, "Send the buyer this link; it opens only when signed in to ");
    if (content->buyer_count == 1)
        text_addf(line, "AWS account %s:\n", content->buyers[0]);
    else
        text_add(line, "one of the AWS accounts above:\n");
    mrkdwn_link(line, card->buyer_url, "");
    add_hint(line, card);
}

static void add_outcome(json_t *blocks, const struct card *card)
{
    enum offer_state state = card->offer->state;
    struct text line = {0};
    if (state == OFFER_ACCEPTED)
        add_sale(&line, card->last);
    else if (state == OFFER_EXPIRED)
        text_addf(&line, "⌛ Nobody accepted it by %s.", accept_by_date(card));
    else if (state == OFFER_CLOSED)
        text_add(&line, "🔒 It was closed on AWS Marketplace and can no longer be accepted.");
    else
        add_offer(&line, card);
    add_markup(blocks, &line);
}

json_t *card_announcement(const struct card *card)
{
    const struct offer *offer = card->offer;
    json_t *blocks = json_array();
    struct text line = {0};
    char *text = text_format("CPPO-%lld for %.*s %s", (long long)offer->number,
                             (int)text_cut(offer->content.customer, 200), offer->content.customer,
                             outcome(offer->state));
    json_array_append_new(blocks, block_header(text));
    add_facts(blocks, card, false);
    add_outcome(blocks, card);
    text_add(&line, "Marketplace offer ");
    mrkdwn_escape(&line, card->draft->entity);
    text_add(&line, " · requested by ");
    add_requester(&line, card);
    json_array_append_new(blocks, block_context(text_get(&line)));
    text_free(&line);
    json_t *whole = safe_message(text, blocks);
    free(text);
    return whole;
}
