/* What a new offer shows of itself, on cards and elsewhere. */
#include "views/offer_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aftermath.h"
#include "mem.h"
#include "offers/draft.h"
#include "offers/offer.h"
#include "offers/proposal.h"
#include "offers/usual.h"
#include "parts.h"
#include "sections.h"
#include "slack/blocks.h"
#include "timing_view.h"
#include "views/offer_facts.h"

/* --- prices and terms --- */

/* The buyers, separated by ", ". On the heap, as all texts here are. */
static char *buyers_line(const struct content *content)
{
    struct text line = {0};
    for (size_t i = 0; i < content->buyer_count; i++)
        text_addf(&line, "%s%s", i > 0 ? ", " : "", content->buyers[i]);
    return text_take(&line);
}

/* What the customer pays, a line each; "" when it is not known. Plain. */
static char *amounts_text(const struct card *card)
{
    return offer_facts(card)->customer != NULL ? terms_words(offer_facts(card)->customer)
                                               : mem_copy("");
}

/* A price that is missing is said, so that nobody approves one unseen. */
static char *price_text(const struct card *card)
{
    const struct authorization *a = offer_facts(card)->authorization;
    if (*offer_facts(card)->unit_price != '\0')
        return text_format("%s%s%s per unit", offer_facts(card)->unit_price, a != NULL ? " " : "",
                           a != NULL ? a->currency : "");
    char *amounts = amounts_text(card);
    bool several = *amounts != '\0';
    free(amounts);
    return text_format(several ? "several amounts, listed below" : "not known");
}

/* How long it runs. */
static char *term_text(const struct card *card)
{
    const struct content *content = offer_content(card->request);
    bool inherits = strcmp(content->term, term_as_authorized) == 0;
    const char *fixed =
        offer_facts(card)->authorization != NULL ? offer_facts(card)->authorization->duration : "";
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
    for (size_t i = 0;
         offer_facts(card)->customer != NULL && i < offer_facts(card)->customer->count; i++)
        lines += offer_facts(card)->customer->lines[i].kind != TERM_LEGAL;
    return lines > 1 || (lines > 0 && *offer_facts(card)->unit_price == '\0');
}

/* A line each for what came out like that. How many. */
static size_t add_checks(struct text *lines, const struct card *card, enum check_outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < card->check_count; i++) {
        const struct check *check = &card->checks[i];
        if (check->outcome != outcome)
            continue;
        text_addf(lines, "%s %s\n", outcome == CHECK_FAILED ? "❌" : "⚠️",
                  *check->brief != '\0' ? check->brief : check->text);
        count++;
    }
    return count;
}

/* Warnings stand beside the button, too: where there are too many of them for the dialog, it says
 * how many. */
static void add_objections(struct text *question, const struct card *card)
{
    struct text warnings = {0};
    size_t end = text_utf16(card->request->kind->words->warning);
    add_checks(question, card, CHECK_FAILED);
    size_t count = add_checks(&warnings, card, CHECK_WARNING);
    if (text_utf16(text_get(question)) + text_utf16(text_get(&warnings)) + end <= CARD_QUESTION)
        text_add(question, text_get(&warnings));
    else
        text_addf(question, "⚠️ %zu warnings, which stand beside the button\n", count);
    text_free(&warnings);
}

char *offer_view_question(const struct card *card)
{
    struct text all = {0};
    const struct content *content = offer_content(card->request);
    char *buyers = buyers_line(content);
    char *price = price_text(card);
    char *amounts = has_more(card) ? amounts_text(card) : mem_copy("");
    char *term = term_text(card);
    text_addf(&all, "%s\nBuyers: %s\nMarkup %s %%, %s%s\n%s\n", content->customer, buyers,
              content->markup, *amounts != '\0' ? "so the customer pays\n" : "price ",
              *amounts != '\0' ? amounts : price, term);
    add_objections(&all, card);
    text_add(&all, card->request->kind->words->warning);
    free(term);
    free(amounts);
    free(price);
    free(buyers);
    return text_take(&all);
}

/* --- facts --- */

static void add_price(json_t *fields, const struct card *card)
{
    const struct authorization *authorization = offer_facts(card)->authorization;
    const char *expected = offer_facts(card)->expected_unit_price;
    char *price = price_text(card);
    char *compared = text_format("%s%s%s%s", price, *expected != '\0' ? " (expected " : "",
                                 expected, *expected != '\0' ? ")" : "");
    parts_add_fact(fields, "Customer's price", compared);
    free(compared);
    free(price);
    if (*offer_facts(card)->unit_price == '\0' || authorization == NULL ||
        *authorization->unit_price == '\0')
        return;
    char *wholesale =
        text_format("%s %s per unit", authorization->unit_price, authorization->currency);
    parts_add_fact(fields, "Wholesale price", wholesale);
    free(wholesale);
}

/* All amounts, where one price is not all of them: in as few sections as they need. */
static void add_amounts(json_t *blocks, const struct card *card)
{
    char *amounts = amounts_text(card);
    if (has_more(card) && *amounts != '\0')
        parts_add_lines(blocks, "*What the customer pays*", amounts);
    free(amounts);
}

void offer_view_add_facts(json_t *blocks, const struct card *card, bool internal)
{
    const struct content *content = offer_content(card->request);
    json_t *fields = json_array();
    char *buyers = buyers_line(content);
    char *markup = text_format("%s %%", content->markup);
    char *term = term_text(card);
    char *accept = aftermath_accept_by_text(card);
    parts_add_fact(fields, "Customer", content->customer);
    parts_add_fact(fields, content->buyer_count == 1 ? "Buyer account" : "Buyer accounts", buyers);
    parts_add_fact(fields, "Offer name", content->offer_name);
    parts_add_fact(fields, "Accept by", accept);
    if (internal) {
        parts_add_fact(fields, "Markup", markup);
        add_price(fields, card);
        parts_add_fact(fields, "Term", term);
        parts_add_fact(fields, "Resale authorization",
                       offer_facts(card)->authorization != NULL
                           ? offer_facts(card)->authorization->name
                           : content->authorization);
        parts_add_fact(fields, "EULA", eula_label(content->eula));
    }
    json_array_append_new(blocks, blocks_fields(fields));
    if (internal) {
        add_amounts(blocks, card);
        parts_add_plain(blocks, "EULA", content->eula_url);
        parts_add_plain(blocks, "Note", content->note);
    }
    free(buyers);
    free(markup);
    free(term);
    free(accept);
}

/* --- what is not as it mostly is --- */

/* Is the diff against the last offer told already, as that against what it is a copy of? */
static bool is_compared(const struct card *card)
{
    const struct usual *usual = offer_facts(card)->usual;
    return usual->last != 0 && usual->last != card->request->copy_of;
}

/* The price may be another one with the same markup. */
static char *price_change(const struct card *card)
{
    char now[USUAL_PRICE];
    const char *then = offer_facts(card)->usual->price;
    usual_price(offer_facts(card)->customer, now);
    bool other = *then != '\0' && *now != '\0' && strcmp(then, now) != 0;
    return other ? text_format("Customer's price: %s → %s", then, now) : mem_copy("");
}

static size_t lines_in(const char *text)
{
    size_t count = *text != '\0';
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    return count;
}

/* What is not as in the customer's last offer: to outsiders, in how many things. */
static void add_usual(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    const struct usual *usual = offer_facts(card)->usual;
    if (!is_compared(card))
        return;
    char *price = price_change(card);
    size_t count = lines_in(usual->differences) + (*price != '\0');
    if (count == 0)
        text_addf(&lines, "🟰 Nothing unusual: all as in CPPO-%lld, this customer's last offer",
                  (long long)usual->last);
    else
        text_addf(&lines, "🔀 *Not as in CPPO-%lld*, this customer's last offer",
                  (long long)usual->last);
    if (count > 0 && card->outsiders) {
        text_addf(&lines, ": %zu difference%s", count, count == 1 ? "" : "s");
    } else if (count > 0) {
        text_add(&lines, *price != '\0' ? "\n" : "");
        mrkdwn_escape(&lines, price);
        text_add(&lines, *usual->differences != '\0' ? "\n" : "");
        mrkdwn_escape(&lines, usual->differences);
    }
    sections_add_markup_lines(blocks, &lines);
    free(price);
}

void offer_view_inside(json_t *blocks, const struct card *card)
{
    offer_view_add_facts(blocks, card, !card->outsiders);
    add_usual(blocks, card);
}

/* --- at a glance --- */

/* ${value} of a line; ${label} is ours. Plain text, escaped here. */
static void add_at_glance(struct text *line, const char *label, const char *value)
{
    text_addf(line, "%s*%s* ", line->size > 0 ? "\n" : "", label);
    mrkdwn_escape(line, value);
}

/* What there is to decide on: what the customer pays, and what that leaves open. */
static void add_money(struct text *line, const struct card *card)
{
    const char *expected = offer_facts(card)->expected_unit_price;
    char *price = price_text(card);
    char *whole =
        text_format("%s%s%s%s · markup %s %%", price, *expected != '\0' ? " (expected " : "",
                    expected, *expected != '\0' ? ")" : "", offer_content(card->request)->markup);
    add_at_glance(line, "Customer pays", whole);
    free(whole);
    free(price);
}

/* As much of ${value}, in one line, as a glance takes: Details has the rest. */
static void add_beginning(struct text *line, const char *label, const char *value)
{
    enum { SHOWN = 160 };
    size_t size = text_cut(value, SHOWN);
    char *begins =
        text_format("%.*s%s", (int)size, value, value[size] != '\0' ? "… (more in Details)" : "");
    for (char *at = begins; *at != '\0'; at++) {
        if (*at == '\n')
            *at = ' ';
    }
    if (*begins != '\0')
        add_at_glance(line, label, begins);
    free(begins);
}

/* Only what is not so with most offers. */
static void add_rare(struct text *line, const struct card *card)
{
    const struct content *content = offer_content(card->request);
    char *eula = text_format("%s %s", eula_label(content->eula), content->eula_url);
    if (offer_facts(card)->authorization == NULL)
        add_at_glance(line, "Resale authorization", content->authorization);
    if (content->eula != EULA_AS_AUTHORIZED)
        add_beginning(line, "EULA", eula);
    add_beginning(line, "Note", content->note);
    free(eula);
}

/* The date, and, while somebody may still wait for it, how far off it is. */
static void add_accept_by(struct text *line, const struct card *card)
{
    int32_t day;
    char *accept = aftermath_accept_by_text(card);
    add_at_glance(line, "Accept by", accept);
    if (request_state_in(card->request->state, STATES_OPEN) &&
        date_read(&day, offer_content(card->request)->accept_by) && day >= card->today)
        text_addf(line, " (%d day%s)", (int)(day - card->today), day - card->today == 1 ? "" : "s");
    free(accept);
}

void offer_view_glance(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    const struct content *content = offer_content(card->request);
    char *buyers = buyers_line(content);
    char *term = term_text(card);
    if (!card->outsiders)
        add_money(&lines, card);
    add_at_glance(&lines, content->buyer_count == 1 ? "Buyer" : "Buyers", buyers);
    add_accept_by(&lines, card);
    if (!card->outsiders) {
        add_at_glance(&lines, "Term", term);
        add_rare(&lines, card);
    }
    sections_add_markup_lines(blocks, &lines);
    if (!card->outsiders)
        add_amounts(blocks, card);
    add_usual(blocks, card);
    free(term);
    free(buyers);
}

char *offer_view_agreed(const struct request *offer)
{
    enum { ROOM = 400 };
    struct content proposed;
    if (!proposal_read(offer->problem, offer_content(offer), &proposed))
        return NULL;
    char *changes = mem_new(1, ROOM);
    content_changes(offer_content(offer), &proposed, changes, ROOM);
    return changes;
}

char *offer_view_brief(const struct card *card)
{
    const struct content *content = offer_content(card->request);
    char *price = price_text(card);
    char *brief = text_format("markup %s %%, price %s, accept by %s", content->markup, price,
                              content->accept_by);
    free(price);
    return brief;
}

char *offer_view_plain(const struct card *card)
{
    struct text text = {0};
    char *content = content_write(offer_content(card->request));
    text_addf(&text, "CPPO-%lld revision %d\n%sunit_price=%s\nexpected_unit_price=%s\n",
              (long long)card->request->number, card->request->revision, content,
              offer_facts(card)->unit_price, offer_facts(card)->expected_unit_price);
    for (size_t i = 0; i < card->check_count; i++)
        text_addf(&text, "check %d %s\n", (int)card->checks[i].outcome, card->checks[i].text);
    char *amounts = amounts_text(card);
    if (*amounts != '\0')
        text_addf(&text, "%s\n", amounts);
    free(amounts);
    free(content);
    return text_take(&text);
}

/* --- in lists --- */

void offer_view_title(const struct request *offer, struct text *title)
{
    text_add(title, offer_content(offer)->customer);
}

void offer_view_listed(const struct request *offer, bool decide, struct text *line)
{
    if (decide)
        text_addf(line, " · markup %s %%", offer_content(offer)->markup);
    text_add(line, " · accept by ");
    text_add(line, offer_content(offer)->accept_by);
}

/* --- what goes on --- */

static const char waits[] = "AWS works on so many offers of ours at once: this one waits for its "
                            "turn, and goes on by itself.";

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
    case DRAFT_ABANDONED:
    case DRAFT_UNREADABLE:
    case DRAFT_STATES:
        break;
    }
    return "";
}

void offer_view_progress(json_t *blocks, const struct card *card)
{
    const struct request *offer = card->request;
    const struct draft *draft = offer_facts(card)->draft;
    struct text line = {0};
    aftermath_add(blocks, card);
    bool goes_on = offer->state == STATE_APPROVED || offer->state == STATE_PUBLISHING;
    char *timing = timing_view_plan(offer);
    text_add(&line, timing != NULL ? timing : "");
    if (goes_on && timing == NULL && !offer_facts(card)->blocked) {
        text_add(&line, offer_facts(card)->waits ? waits : progress(draft->state));
        if (!offer_facts(card)->waits && line.size > 0 && *offer_facts(card)->usual_time != '\0')
            text_addf(&line, " %s.", offer_facts(card)->usual_time);
    }
    if (*draft->entity != '\0') {
        text_add(&line, line.size > 0 ? "\nMarketplace offer " : "Marketplace offer ");
        mrkdwn_escape(&line, draft->entity);
    }
    if (draft->state == DRAFT_RELEASED && *draft->why != '\0') {
        text_add(&line, "\n🚨 *What is live is not what was approved*");
        if (!card->outsiders) {
            text_add(&line, ": ");
            mrkdwn_escape(&line, draft->why);
        }
    }
    if (*offer_facts(card)->buyer_url != '\0') {
        text_add(&line, "\nBuyer's link: ");
        mrkdwn_link(&line, offer_facts(card)->buyer_url, "");
    }
    offer_view_link_hint(&line, card);
    sections_add_markup(blocks, &line);
    free(timing);
}

void offer_view_link_hint(struct text *line, const struct card *card)
{
    const char *hint = offer_facts(card)->link_hint;
    if (*hint != '\0')
        text_addf(line, "%s%s", line->size > 0 ? "\n" : "", hint);
}

void offer_view_link(struct text *line, const struct card *card)
{
    const char *url = offer_facts(card)->buyer_url;
    if (*url == '\0') {
        offer_view_link_hint(line, card);
        return;
    }
    if (card->request->state == STATE_PUBLISHED)
        return; /* it stands in the text for the buyer */
    text_add(line, "\nBuyer's link: ");
    mrkdwn_link(line, url, "");
}

const char *offer_view_next(const struct card *card)
{
    switch (card->request->state) {
    case STATE_APPROVED:
        return offer_facts(card)->waits ? waits : "Publishing now.";
    case STATE_PUBLISHING:
        return offer_facts(card)->waits
                   ? waits
                   : "AWS is releasing it. That takes minutes, sometimes an hour.";
    case STATE_PUBLISHED:
        return *offer_facts(card)->buyer_url != '\0'
                   ? "It is on AWS Marketplace. Send the buyer the text below."
                   : "It is on AWS Marketplace.";
    case STATE_REJECTED:
    case STATE_WITHDRAWN:
    case STATE_EXPIRED:
        return "To start over, press Copy, or request a new offer with `/cppo new`.";
    case STATE_ACCEPTED:
    case STATE_CLOSED:
    case STATE_DRAFT:
    case STATE_PENDING:
    case STATE_CHANGES_REQUESTED:
    case STATE_FAILED:
    case STATE_UNDER_WAY:
    case STATE_DONE:
    case STATE_UNREADABLE:
    case STATES:
        break;
    }
    return NULL;
}

/* To be copied and sent to the buyer as it stands. */
static void add_buyers_text(json_t *blocks, const struct card *card)
{
    const struct content *content = offer_content(card->request);
    char *buyers = buyers_line(content);
    char *text =
        text_format("Your private offer “%s” is ready:\n%s\nSign in to %s%s first; "
                    "with any other account the page is not found (404). Please accept it by %s, "
                    "end of day UTC.",
                    content->offer_name, offer_facts(card)->buyer_url,
                    content->buyer_count > 1 ? "one of the AWS accounts " : "AWS account ", buyers,
                    aftermath_accept_by(card));
    json_array_append_new(blocks, blocks_section_plain(text));
    free(text);
    free(buyers);
}

void offer_view_news(json_t *blocks, const struct card *card)
{
    if (card->request->state == STATE_PUBLISHED && *offer_facts(card)->buyer_url != '\0')
        add_buyers_text(blocks, card);
    aftermath_add(blocks, card);
}

const struct kind_words offer_view_words = {
    .noun = "offer",
    .nouns = "offers",
    .capital = "Offers",
    .carry_out = "publish it",
    .joint = " for ",
    .approve = "Release this offer?",
    .warning = "A release cannot be undone.",
    .withdraw = "Withdraw this offer?",
    .withdrawn = "It will not be published, and it cannot be resumed.",
    .failed = "could not be published",
    .happened = {[EVENT_FAIL] = "Publishing failed"},
};
