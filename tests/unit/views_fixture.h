/* An offer in all its parts, for the tests of the views; and the judge of what typed text may do in
 * a message: nothing. */
#ifndef CPPO_TESTS_VIEWS_FIXTURE_H
#define CPPO_TESTS_VIEWS_FIXTURE_H

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>

#include "blocks_check.h"
#include "mem.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "views/card.h"
#include "views/offer_facts.h"
#include "views/offer_view.h"

enum { FIXTURE_MOVES = 60 };

struct fixture {
    struct request request;
    struct authorization authorization;
    struct terms customer;
    struct draft draft;
    struct check checks[MAX_CHECKS];
    struct vote votes[2];
    struct move moves[FIXTURE_MOVES];
    struct usual usual;
    struct offer_facts facts;
    struct card card;
};

/* The content of an offer, to be changed. */
static inline struct content *fixture_offer(struct request *offer)
{
    return (struct content *)offer->content;
}

static inline void fixture_content(struct content *content)
{
    text_fit(content->authorization, sizeof(content->authorization), "resaleauthz-1");
    text_fit(content->offer_name, sizeof(content->offer_name), "Archera - Subscription");
    text_fit(content->customer, sizeof(content->customer), "Example Corp");
    content->buyer_count = 2;
    text_fit(content->buyers[0], ACCOUNT_ID, "123456789012");
    text_fit(content->buyers[1], ACCOUNT_ID, "000000000001");
    text_fit(content->markup, sizeof(content->markup), "33.3");
    text_fit(content->term, sizeof(content->term), "P3650D");
    text_fit(content->accept_by, sizeof(content->accept_by), "2026-12-31");
    text_fit(content->note, sizeof(content->note), "Please hurry");
}

static inline void fixture_authorization(struct authorization *authorization)
{
    text_fit(authorization->id, sizeof(authorization->id), "resaleauthz-1");
    text_fit(authorization->name, sizeof(authorization->name), "Archera-Us-Subscription-2026");
    text_fit(authorization->status, sizeof(authorization->status), "Active");
    text_fit(authorization->unit_price, sizeof(authorization->unit_price), "0.0075");
    text_fit(authorization->currency, sizeof(authorization->currency), "USD");
}

static inline void fixture_move(struct move *move, const char *who, enum request_event event,
                                const char *why)
{
    *move =
        (struct move){.request = 12, .at = INT64_C(1795464180000), .event = event, .revision = 1};
    move->who = actor_named(who);
    text_fit(move->why, sizeof(move->why), why);
}

/* A pending offer of U0MIA. */
static inline void fixture_fill(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    f->request.number = 12;
    f->request.kind = &offer_kind;
    f->request.revision = 1;
    f->request.state = STATE_PENDING;
    text_fit(f->request.requester, PERSON_ID, "U0MIA");
    fixture_content(fixture_offer(&f->request));
    fixture_authorization(&f->authorization);
    static const char *const texts[] = {"The authorization can be used", "The buyer has 10 days",
                                        "AWS computes another price", "AWS is checking the draft"};
    for (int i = 0; i < 4; i++) {
        f->checks[i].outcome = (enum check_outcome)i;
        text_fit(f->checks[i].text, sizeof(f->checks[i].text), texts[i]);
    }
    f->customer = (struct terms){
        .count = 1,
        .lines = {
            {.kind = TERM_UNIT, .key = "PremiumUnits", .amount = "0.0099975", .currency = "USD"}}};
    fixture_move(&f->moves[0], "U0MIA", EVENT_SUBMIT, "");
    f->facts = (struct offer_facts){.authorization = &f->authorization,
                                    .customer = &f->customer,
                                    .draft = &f->draft,
                                    .unit_price = "0.0099975",
                                    .expected_unit_price = "0.01",
                                    .usual = &f->usual,
                                    .buyer_url = "",
                                    .link_hint = "",
                                    .ends = "",
                                    .usual_time = ""};
    f->card = (struct card){
        .request = &f->request,
        .today = 20780, /* 2026-11-23 */
        .own = &f->facts,
        .checks = f->checks,
        .check_count = 4,
        .votes = f->votes,
        .approval = {.steps = 1, .step = {.name = "approval", .needed = 1}, .missing = 1},
        .requester_name = "Mia Moss",
        .seen = CARD_STANDS,
        .permalink = "",
        .rule = "Any one of <!subteam^S0BOSSES> can approve",
        .held = "",
        .changes = "",
        .copied = "",
        .last = &f->moves[0]};
}

/* The same on the heap; the caller frees. */
static inline struct fixture *fixture_new(void)
{
    struct fixture *f = mem_new(1, sizeof(*f));
    fixture_fill(f);
    return f;
}

/* It was published: released in AWS, link known. */
static inline void fixture_publish(struct fixture *f)
{
    f->request.state = STATE_PUBLISHED;
    f->draft.state = DRAFT_RELEASED;
    text_fit(f->draft.entity, sizeof(f->draft.entity), "offer-abc123");
    f->facts.buyer_url = "https://aws.amazon.com/marketplace/saas?offer=offer-abc123&x=1";
    fixture_move(&f->moves[0], "bot", EVENT_RELEASE, "");
}

/* --- reading what was made --- */

typedef void text_fn(const char *type, const char *text, void *ctx);

/* Call ${each} for every text object in it, and for the fallback text (type "fallback"). */
static inline void each_text(const json_t *value, text_fn *each, void *ctx)
{
    const char *type = check_text(value, "type");
    const json_t *text = json_object_get(value, "text");
    const char *key;
    json_t *inner;
    if (json_is_string(text))
        each(*type != '\0' ? type : "fallback", json_string_value(text), ctx);
    json_object_foreach((json_t *)(uintptr_t)value, key, inner) each_text(inner, each, ctx);
    for (size_t i = 0; i < json_array_size(value); i++)
        each_text(json_array_get(value, i), each, ctx);
}

static inline void collect_text(const char *type, const char *text, void *ctx)
{
    (void)type;
    text_addf(ctx, "%s\n", text);
}

/* All that people read in it, a line each; on the heap. */
static inline char *all_text(const json_t *whole)
{
    struct text text = {0};
    each_text(whole, collect_text, &text);
    return text_take(&text);
}

/* The action ids of all its buttons, in order: "approve reject details". On the heap. */
static inline void collect_buttons(const json_t *value, struct text *ids)
{
    const char *key;
    json_t *inner;
    if (strcmp(check_text(value, "type"), "button") == 0)
        text_addf(ids, "%s%s", ids->size > 0 ? " " : "", check_text(value, "action_id"));
    json_object_foreach((json_t *)(uintptr_t)value, key, inner) collect_buttons(inner, ids);
    for (size_t i = 0; i < json_array_size(value); i++)
        collect_buttons(json_array_get(value, i), ids);
}

static inline char *button_ids(const json_t *whole)
{
    struct text ids = {0};
    collect_buttons(whole, &ids);
    return text_take(&ids);
}

/* The button of this action id, borrowed; NULL when there is none. */
static inline const json_t *button_named(const json_t *value, const char *action_id)
{
    const char *key;
    json_t *inner;
    const json_t *found = NULL;
    if (strcmp(check_text(value, "action_id"), action_id) == 0)
        return value;
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
    {
        if (found == NULL)
            found = button_named(inner, action_id);
    }
    for (size_t i = 0; found == NULL && i < json_array_size(value); i++)
        found = button_named(json_array_get(value, i), action_id);
    return found;
}

/* --- typed text is inert --- */

/* What the fixture's own messages may contain between < and >. */
static inline bool our_token(const char *at)
{
    static const char *const ours[] = {"<@U0MIA>",
                                       "<@U0BOSS>",
                                       "<!subteam^S0BOSSES>",
                                       ("<!date^1795464180^{date_short_pretty} {time}|2026-11-23 "
                                        "20:03 UTC>"),
                                       "<https://aws.amazon.com/marketplace/",
                                       "<https://example.slack.com/archives/"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strncmp(at, ours[i], strlen(ours[i])) == 0)
            return true;
    }
    return false;
}

/* Does this character style what stands beside it? Within a word only a backtick does. */
static inline bool is_mark(const char *text, const char *at)
{
    if (*at == '\0')
        return false;
    bool word = at > text && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[1]);
    return *at == '`' || (strchr("*_~", *at) != NULL && !word);
}

/* In markup every "<" begins a token of ours, "&" an entity; evil texts, which carry EVIL between
 * marks, style nothing. Nowhere stands a character that turns text round. */
static inline void inert_text(const char *type, const char *text, void *ctx)
{
    struct text *problem = ctx;
    bool markup = strcmp(type, "plain_text") != 0;
    for (const char *at = text; markup && *at != '\0'; at++) {
        if (*at == '<' && !our_token(at))
            text_addf(problem, "a token of their own: %.60s\n", at);
        if (*at == '&' && strncmp(at, "&amp;", 5) != 0 && strncmp(at, "&lt;", 4) != 0 &&
            strncmp(at, "&gt;", 4) != 0)
            text_addf(problem, "a bare ampersand: %.60s\n", at);
    }
    for (const char *at = text; markup && (at = strstr(at, "EVIL")) != NULL; at += 4) {
        if ((at > text && is_mark(text, at - 1)) || is_mark(text, at + 4))
            text_addf(problem, "styled: %.20s\n", at > text ? at - 1 : at);
    }
    if (strstr(text, "\xE2\x80\xAE") != NULL || strstr(text, "\xE2\x81\xA6") != NULL ||
        strchr(text, '\x1B') != NULL)
        text_addf(problem, "a character that hides or turns text\n");
    if (!text_is_utf8(text, strlen(text)))
        text_addf(problem, "not UTF-8\n");
}

/* "" when Slack takes it and typed text does nothing in it; else why not. On the heap. */
static inline char *judged(const json_t *whole)
{
    struct err err;
    struct text problem = {0};
    if (blocks_check(whole, &err) != 0)
        text_addf(&problem, "Slack would refuse it: %s\n", err.text);
    each_text(whole, inert_text, &problem);
    return text_take(&problem);
}

static const char *const evil_texts[] = {
    "<!channel> EVIL",
    "<@U0EVIL> <#C0EVIL> <!subteam^S0EVIL>",
    "<https://evil.example|AWS> EVIL & more",
    "&lt;!here&gt; &amp;lt;",
    "*EVIL* _EVIL_ ~EVIL~ `EVIL` ```EVIL```",
    "(*EVIL*) \"_EVIL_\" é~EVIL~é",
    ">EVIL\n>EVIL",
    "\xE2\x80\xAE txet denrut \xE2\x81\xA6 \x1B[31m",
    "שלום עולם مرحبا 👩‍👩‍👧‍👦 🇩🇪 日本語",
    "\xFF\xFE not UTF-8 \xC3",
    "<!date^1^{date}|EVIL> <mailto:evil@example.com|EVIL>",
    "<",
    ">",
    "&",
    "|",
    "",
    " ",
};
enum { EVIL_TEXTS = sizeof(evil_texts) / sizeof(evil_texts[0]) };

/* Put ${evil} wherever a text of somebody else's can stand, repeated until the field is full when
 * ${full}. */
static inline void evil_field(char *field, size_t capacity, size_t points, const char *evil,
                              bool full)
{
    struct text text = {0};
    do
        text_add(&text, evil);
    while (full && *evil != '\0' && text.size < capacity * 2);
    bool utf8 = text_is_utf8(text_get(&text), text.size);
    char *cut = mem_slice(text_get(&text), utf8 ? text_cut(text_get(&text), points) : text.size);
    text_fit(field, capacity, cut);
    free(cut);
    text_free(&text);
}

static inline void fixture_spoil(struct fixture *f, const char *evil, bool full)
{
    struct content *c = fixture_offer(&f->request);
    evil_field(c->offer_name, sizeof(c->offer_name), NAME_POINTS, evil, full);
    evil_field(c->customer, sizeof(c->customer), CUSTOMER_POINTS, evil, full);
    evil_field(c->note, sizeof(c->note), NOTE_POINTS, evil, full);
    evil_field(c->eula_url, sizeof(c->eula_url), URL_BYTES, evil, full);
    evil_field(f->authorization.name, sizeof(f->authorization.name), 400, evil, full);
    evil_field(f->draft.entity, sizeof(f->draft.entity), 127, evil, full);
    evil_field(f->request.problem, sizeof(f->request.problem), 1000, evil, full);
    for (size_t i = 0; i < f->card.check_count; i++)
        evil_field(f->checks[i].text, sizeof(f->checks[i].text), 299, evil, full);
    for (size_t i = 0; i < FIXTURE_MOVES; i++) {
        fixture_move(&f->moves[i], i % 2 ? "U0BOSS" : "aws", EVENT_REFUSE, "");
        evil_field(f->moves[i].why, sizeof(f->moves[i].why), REASON_POINTS, evil, full);
    }
    for (size_t i = 2; full && i < MAX_BUYERS; i++) {
        text_fit(c->buyers[i], ACCOUNT_ID, "999999999999");
        c->buyer_count = i + 1;
    }
}

#endif
