#include "views/announcement.h"

#include <stdlib.h>

#include "aftermath.h"
#include "offers/offer.h"
#include "sections.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/offer_facts.h"
#include "views/offer_view.h"

/* What has become of it, continuing "CPPO-12 for Example Corp". */
static const char *outcome(enum request_state state)
{
    if (state == STATE_ACCEPTED)
        return "is sold";
    if (state == STATE_EXPIRED)
        return "has expired";
    return state == STATE_CLOSED ? "was closed" : "is published";
}

static void add_sale(struct text *line, const struct move *last)
{
    text_add(line, "🎉 Sold: the buyer accepted");
    if (last != NULL && last->event == EVENT_ACCEPT) {
        text_add(line, " (");
        mrkdwn_time(line, last->at);
        text_add(line, ")");
    }
}

static void add_offer(struct text *line, const struct card *card)
{
    const struct content *content = offer_content(card->request);
    if (*offer_facts(card)->buyer_url == '\0') {
        offer_view_link_hint(line, card);
        return;
    }
    text_add(line, "Send the buyer this link; it opens only when signed in to ");
    if (content->buyer_count == 1)
        text_addf(line, "AWS account %s:\n", content->buyers[0]);
    else
        text_add(line, "one of the AWS accounts above:\n");
    mrkdwn_link(line, offer_facts(card)->buyer_url, "");
    offer_view_link_hint(line, card);
}

static void add_outcome(json_t *blocks, const struct card *card)
{
    enum request_state state = card->request->state;
    struct text line = {0};
    if (state == STATE_ACCEPTED)
        add_sale(&line, card->last);
    else if (state == STATE_EXPIRED)
        text_addf(&line, "⌛ Nobody accepted it by %s.", aftermath_accept_by(card));
    else if (state == STATE_CLOSED)
        text_add(&line, "🔒 It was closed on AWS Marketplace and can no longer be accepted.");
    else
        add_offer(&line, card);
    sections_add_markup(blocks, &line);
}

json_t *announcement_message(const struct card *card)
{
    const struct request *offer = card->request;
    json_t *blocks = json_array();
    struct text line = {0};
    char *text = text_format("CPPO-%lld for %.*s %s", (long long)offer->number,
                             (int)text_cut(offer_content(offer)->customer, 200),
                             offer_content(offer)->customer, outcome(offer->state));
    json_array_append_new(blocks, blocks_header(text));
    offer_view_add_facts(blocks, card, false);
    add_outcome(blocks, card);
    text_add(&line, "Marketplace offer ");
    mrkdwn_escape(&line, offer_facts(card)->draft->entity);
    text_add(&line, " · requested by ");
    sections_add_requester(&line, card);
    if (card->approval.alone)
        text_add(&line, " · 🚨 break-glass: one person approved it alone");
    json_array_append_new(blocks, blocks_context(text_get(&line)));
    text_free(&line);
    json_t *whole = sections_message(text, blocks);
    free(text);
    return whole;
}
