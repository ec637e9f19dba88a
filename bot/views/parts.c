#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slack/blocks.h"
#include "text.h"

void button_value(const struct offer *offer, char value[BUTTON_VALUE])
{
    snprintf(value, BUTTON_VALUE, "%lld.%d", (long long)offer->number, offer->revision);
}

char *buyers_line(const struct content *content)
{
    struct text line = {0};
    for (size_t i = 0; i < content->buyer_count; i++)
        text_addf(&line, "%s%s", i > 0 ? ", " : "", content->buyers[i]);
    return text_take(&line);
}

/* --- buttons ------------------------------------------------------------------------------ */

/* A price that is missing is said, so that nobody approves one unseen. */
static char *price_text(const struct card *card)
{
    if (*card->unit_price == '\0')
        return text_format("not known");
    return text_format("%s%s%s per unit", card->unit_price, card->authorization != NULL ? " " : "",
                       card->authorization != NULL ? card->authorization->currency : "");
}

/* Slack shows 300 characters: the long parts are cut here, so that the last line always stands. */
static json_t *approve_button(const struct card *card, const char *value)
{
    enum { CUSTOMER_SHOWN = 60, BUYERS_SHOWN = 4 * (ACCOUNT_ID + 1) - 2 };
    const struct content *content = &card->offer->content;
    char *buyers = buyers_line(content);
    char *price = price_text(card);
    char *question =
        text_format("%.*s%s\nBuyers: %.*s%s\nMarkup %s %%, price %s\nA release cannot be undone.",
                    (int)text_cut(content->customer, CUSTOMER_SHOWN), content->customer,
                    text_points(content->customer) > CUSTOMER_SHOWN ? "…" : "", BUYERS_SHOWN,
                    buyers, strlen(buyers) > BUYERS_SHOWN ? " …" : "", content->markup, price);
    json_t *approve = button_confirm(button("Approve", "approve", value, BUTTON_PRIMARY),
                                     "Release this offer?", question, "Approve", "Not yet");
    free(question);
    free(price);
    free(buyers);
    return approve;
}

static bool allows(const struct offer *offer, enum offer_event event)
{
    return offer_move(offer->state, event) >= 0;
}

json_t *offer_buttons(const struct card *card, bool decide)
{
    const struct offer *offer = card->offer;
    json_t *buttons = json_array();
    char value[BUTTON_VALUE];
    button_value(offer, value);
    if (decide && allows(offer, OFFER_APPROVE))
        json_array_append_new(buttons, approve_button(card, value));
    if (decide && allows(offer, OFFER_REQUEST_CHANGES))
        json_array_append_new(buttons,
                              button("Request changes", "request_changes", value, BUTTON_PLAIN));
    if (decide && allows(offer, OFFER_REJECT))
        json_array_append_new(buttons, button("Reject", "reject", value, BUTTON_DANGER));
    if (allows(offer, OFFER_RETRY) && offer->can_retry)
        json_array_append_new(buttons, button("Try again", "retry", value, BUTTON_PRIMARY));
    json_array_append_new(buttons, button("Details", "details", value, BUTTON_PLAIN));
    if (allows(offer, OFFER_SUBMIT))
        json_array_append_new(buttons, button("Edit", "edit", value, BUTTON_PLAIN));
    if (allows(offer, OFFER_WITHDRAW))
        json_array_append_new(
            buttons, button_confirm(button("Withdraw", "withdraw", value, BUTTON_PLAIN),
                                    "Withdraw this offer?",
                                    "It will not be published, and it cannot be taken up again.",
                                    "Withdraw", "Keep it"));
    return buttons;
}

/* --- facts -------------------------------------------------------------------------------- */

static void add_fact(json_t *fields, const char *label, const char *value)
{
    struct text markup = {0};
    text_addf(&markup, "*%s*\n", label);
    mrkdwn_escape(&markup, *value != '\0' ? value : "–");
    json_array_append_new(fields, mrkdwn(text_get(&markup), 2000));
    text_free(&markup);
}

static void add_price(json_t *fields, const struct card *card)
{
    const struct authorization *authorization = card->authorization;
    const char *expected = card->expected_unit_price;
    char *price = price_text(card);
    char *compared = text_format("%s%s%s%s", price, *expected != '\0' ? " (expected " : "",
                                 expected, *expected != '\0' ? ")" : "");
    add_fact(fields, "Customer's price", compared);
    free(compared);
    free(price);
    if (authorization != NULL && *authorization->unit_price != '\0')
        add_fact(fields, "Wholesale price", authorization->unit_price);
}

static void add_plain(json_t *blocks, const char *label, const char *text)
{
    if (*text == '\0')
        return;
    char *line = text_format("%s: %s", label, text);
    json_array_append_new(blocks, block_section_plain(line));
    free(line);
}

void add_facts(json_t *blocks, const struct card *card, bool internal)
{
    const struct content *content = &card->offer->content;
    json_t *fields = json_array();
    char *buyers = buyers_line(content);
    char *markup = text_format("%s %%", content->markup);
    char *term = text_format("%s from acceptance", term_label(content->term));
    char *accept = text_format("%s, end of day UTC", content->accept_by);
    add_fact(fields, "Customer", content->customer);
    add_fact(fields, content->buyer_count == 1 ? "Buyer account" : "Buyer accounts", buyers);
    add_fact(fields, "Offer name", content->offer_name);
    add_fact(fields, "Accept by", accept);
    if (internal) {
        add_fact(fields, "Markup", markup);
        add_price(fields, card);
        add_fact(fields, "Term", term);
        add_fact(fields, "Resale authorization",
                 card->authorization != NULL ? card->authorization->name : content->authorization);
        add_fact(fields, "EULA", eula_label(content->eula));
    }
    json_array_append_new(blocks, block_fields(fields));
    if (internal) {
        add_plain(blocks, "EULA", content->eula_url);
        add_plain(blocks, "Note", content->note);
    }
    free(buyers);
    free(markup);
    free(term);
    free(accept);
}

/* --- history ------------------------------------------------------------------------------ */

static const char *past(enum offer_event event)
{
    static const char *const words[OFFER_EVENTS + 1] = {
        [OFFER_SUBMIT] = "sent it for approval",
        [OFFER_APPROVE] = "approved it",
        [OFFER_REQUEST_CHANGES] = "asked for changes",
        [OFFER_REJECT] = "rejected it",
        [OFFER_WITHDRAW] = "withdrew it",
        [OFFER_REFUSE] = "refused the draft",
        [OFFER_LAPSE] = "saw its accept-by date pass",
        [OFFER_PUBLISH] = "started the release",
        [OFFER_RELEASE] = "saw it released",
        [OFFER_FAIL] = "could not publish it",
        [OFFER_RETRY] = "asked to try again",
        [OFFER_ACCEPT] = "saw the buyer accept",
        [OFFER_EXPIRE] = "saw it expire",
        [OFFER_CLOSE] = "saw it closed",
        [OFFER_TAKE_OVER] = "took it over",
        [OFFER_EVENTS] = "changed it",
    };
    return words[event];
}

char *move_line(const struct move *move)
{
    struct text line = {0};
    if (strcmp(move->who, "bot") == 0)
        text_add(&line, "The bot");
    else
        mrkdwn_person(&line, move->who);
    text_addf(&line, " %s (r%d, ", past(move->event), move->revision);
    mrkdwn_time(&line, move->at);
    text_add(&line, ")");
    if (move->event == OFFER_TAKE_OVER) {
        text_add(&line, " from ");
        mrkdwn_person(&line, move->why);
    } else if (*move->why != '\0') {
        text_add(&line, ": ");
        mrkdwn_escape(&line, move->why);
    }
    return text_take(&line);
}
