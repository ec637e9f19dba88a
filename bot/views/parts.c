#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"

void button_value(const struct offer *offer, char value[BUTTON_VALUE])
{
    struct offer_reference reference = {.number = offer->number, .revision = offer->revision};
    text_fit(reference.digest, sizeof(reference.digest), offer->digest);
    reference_write(&reference, value);
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
char *price_text(const struct card *card)
{
    const struct authorization *a = card->authorization;
    if (*card->unit_price != '\0')
        return text_format("%s%s%s per unit", card->unit_price, a != NULL ? " " : "",
                           a != NULL ? a->currency : "");
    char *amounts = amounts_text(card);
    bool several = *amounts != '\0';
    free(amounts);
    return text_format(several ? "several amounts, listed below" : "not known");
}

char *amounts_text(const struct card *card)
{
    return card->customer != NULL ? terms_words(card->customer) : mem_copy("");
}

char *term_text(const struct card *card)
{
    const struct content *content = &card->offer->content;
    bool inherits = strcmp(content->term, term_as_authorized) == 0;
    const char *fixed = card->authorization != NULL ? card->authorization->duration : "";
    const char *duration = inherits ? fixed : content->term;
    char words[DURATION_WORDS];
    char end[DATE_TEXT];
    duration_words(duration, words);
    duration_end(duration, card->today, end);
    if (*end == '\0')
        return text_format("as authorized, not known how long");
    return text_format("%s from acceptance%s (until %s if accepted today)", words,
                       inherits ? ", as authorized" : "", end);
}

/* Is there more to say than one price? */
static bool has_more(const struct card *card)
{
    size_t lines = 0;
    for (size_t i = 0; card->customer != NULL && i < card->customer->count; i++)
        lines += card->customer->lines[i].kind != TERM_LEGAL;
    return lines > 1 || (lines > 0 && *card->unit_price == '\0');
}

char *approval_text(const struct card *card)
{
    struct text all = {0};
    const struct content *content = &card->offer->content;
    char *buyers = buyers_line(content);
    char *price = price_text(card);
    char *amounts = has_more(card) ? amounts_text(card) : mem_copy("");
    char *term = term_text(card);
    text_addf(&all, "%s\nBuyers: %s\nMarkup %s %%, %s%s\n%s\n", content->customer, buyers,
              content->markup, *amounts != '\0' ? "so the customer pays\n" : "price ",
              *amounts != '\0' ? amounts : price, term);
    for (size_t i = 0; i < card->check_count; i++) {
        const struct check *check = &card->checks[i];
        if (check->outcome == CHECK_WARNING || check->outcome == CHECK_FAILED)
            text_addf(&all, "%s %s\n", check->outcome == CHECK_FAILED ? "❌" : "⚠️",
                      check->text);
    }
    text_add(&all, "A release cannot be undone.");
    free(term);
    free(amounts);
    free(price);
    free(buyers);
    return text_take(&all);
}

bool card_approval_fits(const struct card *card)
{
    enum { MOST_SHOWN = 300 };
    char *question = approval_text(card);
    bool fits = text_utf16(question) <= MOST_SHOWN;
    free(question);
    return fits;
}

/* How bad the worst check came out. */
static enum check_outcome worst(const struct card *card)
{
    enum check_outcome found = CHECK_PASSED;
    for (size_t i = 0; i < card->check_count; i++) {
        if (card->checks[i].outcome == CHECK_FAILED)
            return CHECK_FAILED;
        if (card->checks[i].outcome == CHECK_WARNING)
            found = CHECK_WARNING;
    }
    return found;
}

/* Green only where nothing speaks against it. */
static enum button_style approve_style(const struct card *card)
{
    enum check_outcome found = worst(card);
    if (found == CHECK_FAILED)
        return BUTTON_DANGER;
    return found == CHECK_WARNING ? BUTTON_PLAIN : BUTTON_PRIMARY;
}

/* What Slack's dialog cannot show whole is shown in a form of its own, which the click opens. */
static json_t *approve_button(const struct card *card, const char *value)
{
    json_t *approve = button("Approve", "approve", value, approve_style(card));
    if (!card_approval_fits(card))
        return approve;
    char *question = approval_text(card);
    approve = button_confirm(approve, "Release this offer?", question, "Approve", "Not yet");
    free(question);
    return approve;
}

static bool allows(const struct offer *offer, enum offer_event event)
{
    return kind_move(offer->kind, offer->state, event) >= 0;
}

/* An offer that cannot go on as it is has only one way that helps. */
static enum button_style edit_style(const struct offer *offer)
{
    bool only = offer->state == OFFER_CHANGES_REQUESTED ||
                (offer->state == OFFER_FAILED && !offer->can_retry);
    return only ? BUTTON_PRIMARY : BUTTON_PLAIN;
}

void add_refusing(json_t *buttons, const struct offer *offer, const char *value)
{
    if (allows(offer, OFFER_REQUEST_CHANGES))
        json_array_append_new(buttons,
                              button("Request changes", "request_changes", value, BUTTON_PLAIN));
    if (allows(offer, OFFER_REJECT))
        json_array_append_new(buttons, button("Reject", "reject", value, BUTTON_DANGER));
}

static void add_deciding(json_t *buttons, const struct card *card, const char *value)
{
    const struct offer *offer = card->offer;
    if (allows(offer, OFFER_APPROVE))
        json_array_append_new(buttons, approve_button(card, value));
    add_refusing(buttons, offer, value);
}

static void add_changing(json_t *buttons, const struct offer *offer, const char *value,
                         unsigned may)
{
    if ((may & MAY_EDIT) && allows(offer, OFFER_SUBMIT))
        json_array_append_new(buttons, button("Edit", "edit", value, edit_style(offer)));
    if ((may & MAY_WITHDRAW) && allows(offer, OFFER_WITHDRAW))
        json_array_append_new(buttons,
                              button_confirm(button("Withdraw", "withdraw", value, BUTTON_PLAIN),
                                             "Withdraw this offer?",
                                             "It will not be published, and it cannot be resumed.",
                                             "Withdraw", "Keep it"));
}

json_t *offer_buttons(const struct card *card, unsigned may)
{
    const struct offer *offer = card->offer;
    json_t *buttons = json_array();
    char value[BUTTON_VALUE];
    button_value(offer, value);
    if (may & MAY_DECIDE)
        add_deciding(buttons, card, value);
    if ((may & MAY_RETRY) && allows(offer, OFFER_RETRY) && offer->can_retry)
        json_array_append_new(buttons, button("Try again", "retry", value, BUTTON_PRIMARY));
    if (may & MAY_SEE_DETAILS)
        json_array_append_new(buttons, button("Details", "details", value, BUTTON_PLAIN));
    add_changing(buttons, offer, value, may);
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
    if (*card->unit_price == '\0' || authorization == NULL || *authorization->unit_price == '\0')
        return;
    char *wholesale =
        text_format("%s %s per unit", authorization->unit_price, authorization->currency);
    add_fact(fields, "Wholesale price", wholesale);
    free(wholesale);
}

/* All amounts, where one price is not all of them: in as few sections as they need. */
static void add_amounts(json_t *blocks, const struct card *card)
{
    char *amounts = amounts_text(card);
    if (has_more(card) && *amounts != '\0')
        add_lines(blocks, "*What the customer pays*", amounts);
    free(amounts);
}

void add_lines(json_t *blocks, const char *heading, const char *lines)
{
    struct text section = {0};
    text_add(&section, heading);
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");
        struct text line = {0};
        char *plain = mem_slice(lines, size);
        mrkdwn_escape(&line, plain);
        if (text_points(text_get(&section)) + text_points(text_get(&line)) > SECTION_POINTS) {
            json_array_append_new(blocks, block_section(text_get(&section)));
            text_clear(&section);
        }
        text_addf(&section, "%s%s", section.size > 0 ? "\n" : "", text_get(&line));
        text_free(&line);
        free(plain);
        lines += size + (lines[size] == '\n');
    }
    if (section.size > 0)
        json_array_append_new(blocks, block_section(text_get(&section)));
    text_free(&section);
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
    char *term = term_text(card);
    char *accept = accept_by_text(card);
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
        add_amounts(blocks, card);
        add_plain(blocks, "EULA", content->eula_url);
        add_plain(blocks, "Note", content->note);
    }
    free(buyers);
    free(markup);
    free(term);
    free(accept);
}

/* --- history ------------------------------------------------------------------------------ */

/* What happened, and where the one who did it is named: before it, behind it, or not at all. */
static const struct {
    const char *words;
    enum { NOBODY, BEFORE, BEHIND } who;
} happened[OFFER_EVENTS + 1] = {
    [OFFER_SUBMIT] = {" sent it for approval", BEFORE},
    [OFFER_APPROVE] = {"Approved by ", BEHIND},
    [OFFER_REQUEST_CHANGES] = {" asked for changes", BEFORE},
    [OFFER_REJECT] = {"Rejected by ", BEHIND},
    [OFFER_WITHDRAW] = {"Withdrawn by ", BEHIND},
    [OFFER_REFUSE] = {" needs a change", BEFORE},
    [OFFER_LAPSE] = {"Its accept-by date passed", NOBODY},
    [OFFER_PUBLISH] = {"Release started", NOBODY},
    [OFFER_RELEASE] = {"Released on AWS Marketplace", NOBODY},
    [OFFER_FAIL] = {"Publishing failed", NOBODY},
    [OFFER_RETRY] = {" tried again", BEFORE},
    [OFFER_ACCEPT] = {"🎉 Sold: accepted by the buyer", NOBODY},
    [OFFER_EXPIRE] = {"Expired: nobody accepted it in time", NOBODY},
    [OFFER_CLOSE] = {"Closed on AWS Marketplace", NOBODY},
    [OFFER_REOPEN] = {"Can be accepted again", NOBODY},
    [OFFER_TAKE_OVER] = {" took it over", BEFORE},
    [OFFER_GIVE_BACK] = {"Back with its requester", NOBODY},
    [OFFER_FIND] = {"Its release was found on AWS Marketplace", NOBODY},
    [OFFER_BEGIN] = {"Begun", NOBODY},
    [OFFER_FINISH] = {"Done", NOBODY},
    [OFFER_EVENTS] = {" changed it", BEFORE},
};

void add_actor(struct text *line, const struct actor *actor)
{
    switch (actor->kind) {
    case ACTOR_BOT:
        text_add(line, "the bot");
        break;
    case ACTOR_AWS:
        text_add(line, "AWS");
        break;
    case ACTOR_PERSON:
        mrkdwn_person(line, actor->id);
        break;
    }
}

char *move_line(const struct move *move)
{
    struct text line = {0};
    bool person = move->who.kind == ACTOR_PERSON;
    if (happened[move->event].who == BEFORE)
        add_actor(&line, &move->who);
    text_add(&line, happened[move->event].words);
    if (happened[move->event].who == BEHIND)
        add_actor(&line, &move->who);
    if (move->event == OFFER_SUBMIT && move->revision > 1)
        text_addf(&line, " again, as revision %d", move->revision);
    text_add(&line, " (");
    mrkdwn_time(&line, move->at);
    text_add(&line, ")");
    if (move->event == OFFER_TAKE_OVER) {
        text_add(&line, " from ");
        mrkdwn_person(&line, move->why);
    } else if (*move->why != '\0') {
        text_add(&line, person ? ": “" : ": ");
        mrkdwn_escape(&line, move->why);
        if (person)
            text_add(&line, "”");
    }
    return text_take(&line);
}
