/* What people see, with anything in the place of every text that somebody else can choose: Slack
 * takes it, and no mention, link or style is born in it. Bytes: flags, the offer's state, its
 * draft's, how often a text is repeated, what is shown; then the texts, each up to a 0x1E. */
#include "../unit/views_fixture.h"
#include "fuzz.h"
#include "json.h"
#include "offers/offer.h"
#include "slack/blocks.h"
#include "views/announcement.h"
#include "views/form.h"
#include "views/full_view.h"
#include "views/list_view.h"
#include "views/messages.h"
#include "views/notice.h"

enum { TEXTS = 10, HEAD = 5 };

static void judge(json_t *whole)
{
    char *problem = judged(whole);
    must(*problem == '\0', problem);
    free(problem);
    json_decref(whole);
}

/* ${text}, repeated until it would fill any field where ${often} is set; only whole characters, as
 * the form's checks and JSON let through. */
static char *long_text(const char *text, unsigned often)
{
    struct text whole = {0};
    do
        text_add(&whole, text);
    while (often-- > 0 && whole.size < 5000);
    char *repaired = text_take(&whole);
    text_repair(repaired);
    return repaired;
}

static void spoil(struct fixture *f, char **texts)
{
    struct content *c = fixture_offer(&f->request);
    text_fit(c->offer_name, sizeof(c->offer_name), texts[0]);
    text_fit(c->customer, sizeof(c->customer), texts[1]);
    text_fit(c->note, sizeof(c->note), texts[2]);
    text_fit(c->eula_url, sizeof(c->eula_url), texts[3]);
    text_fit(f->authorization.name, sizeof(f->authorization.name), texts[4]);
    text_fit(f->draft.entity, sizeof(f->draft.entity), texts[5]);
    text_fit(f->draft.why, sizeof(f->draft.why), texts[6]);
    text_fit(f->request.problem, sizeof(f->request.problem), texts[6]);
    for (size_t i = 0; i < f->card.check_count; i++)
        text_fit(f->checks[i].text, sizeof(f->checks[i].text), texts[7]);
    for (size_t i = 0; i < FIXTURE_MOVES; i++) {
        fixture_move(&f->moves[i], i % 2 ? "U0BOSS" : "aws", (enum request_event)(i % EVENTS), "");
        text_fit(f->moves[i].why, sizeof(f->moves[i].why), texts[8]);
    }
    f->card.changes = texts[9];
}

static void prepare(struct fuzz *fuzz, struct fixture *f, char **texts)
{
    unsigned flags = fuzz_byte(fuzz);
    spoil(f, texts);
    f->request.kind = &offer_kind;
    f->request.state = (enum request_state)(fuzz_byte(fuzz) % STATES);
    f->draft.state = (enum draft_state)(fuzz_byte(fuzz) % DRAFT_STATES);
    fixture_offer(&f->request)->eula = (enum offer_eula)(flags % 3);
    f->request.can_retry = flags & 4;
    f->facts.authorization = flags & 8 ? NULL : &f->authorization;
    f->card.last = flags & 16 ? NULL : &f->moves[flags >> 5];
    f->card.vote_count = flags >> 6 < 3 ? flags >> 6 : 2;
    for (size_t i = 0; i < f->card.vote_count; i++)
        f->votes[i] =
            (struct vote){.person = "U0BOSS", .revision = 1, .at = INT64_C(1795464180000)};
}

static void show_form(struct fixture *f, char **texts)
{
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1) + 1];
    struct form_view view = {.form_id = "0123456789abcdef",
                             .offer = 12,
                             .revision = 2,
                             .authorization = &f->authorization,
                             .remarks = texts[8],
                             .remarks_by = actor_person("U0BOSS"),
                             .notice = texts[9],
                             .digest = ""};
    content_form(offer_content(&f->request), buyers, sizeof(buyers), &view.values);
    judge(form_modal(&view));
}

static void show_options(const struct fixture *f, const char *typed)
{
    json_t *options = form_options(&(struct form_choices){&f->authorization, 1, 0}, typed);
    char *ack = json_dumps(options, JSON_COMPACT);
    must(ack != NULL && strlen(ack) < 20000, "Slack takes the options");
    free(ack);
    json_decref(options);
}

/* A reference of its own. */
static json_t *list_of_one(const struct fixture *f, unsigned flags)
{
    const struct listed one = {.request = &f->request,
                               .permalink = "https://example.slack.com/archives/C0A/p1",
                               .decide = flags & 1,
                               .approved = flags & 1,
                               .price = flags & 1 ? "0.01 USD per unit" : ""};
    const struct listing_view view = {.heading = "Offers",
                                      .empty = "None.",
                                      .list = &one,
                                      .count = 1,
                                      .total = flags,
                                      .previous = "",
                                      .next = flags & 2 ? ">12 by:me" : ""};
    struct text json = {0};
    list_view_begin(&json, "Offers", flags);
    list_view_add(&json, &view);
    return json_read(list_view_end(&json));
}

static void show(struct fixture *f, char **texts, unsigned what, unsigned flags)
{
    char *plain;
    switch (what % 10) {
    case 0:
        judge(card_message(&f->card));
        break;
    case 1:
        judge(full_view_message(&f->card, f->moves, flags % (FIXTURE_MOVES + 1), flags & 31));
        break;
    case 2:
        judge(announcement_message(&f->card));
        break;
    case 3:
        judge(flags & 1 ? notice_message(&f->card) : notice_old(&f->card));
        judge(notice_handed_over(&f->card));
        break;
    case 4:
        judge(list_of_one(f, flags));
        break;
    case 5:
        plain = card_plain(&f->card);
        must(fuzz_utf8(plain), "what a decision covers is text");
        free(plain);
        break;
    case 6:
        show_form(f, texts);
        break;
    case 7:
        judge(form_nothing_usable(&f->authorization, 1, 0, NULL, texts[0]));
        break;
    case 8:
        judge(message_unknown_command(texts[1], &(struct usage){"new", "", "an offer"}, 1));
        break;
    case 9:
        show_options(f, texts[4]);
        break;
    }
}

/* Typed text within markup, by an escaper's contract alone. */
static void show_text(const char *typed)
{
    struct text markup = {0};
    mrkdwn_escape(&markup, typed);
    must(strpbrk(text_get(&markup), "<>`") == NULL && fuzz_utf8(text_get(&markup)),
         "typed text is inert");
    for (const char *at = text_get(&markup); (at = strchr(at, '&')) != NULL; at++)
        must(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 ||
                 strncmp(at, "&gt;", 4) == 0,
             "an ampersand is an entity");
    for (const char *at = text_get(&markup); *at != '\0'; at++) {
        bool begins = at == text_get(&markup) || at[-1] == '\n';
        must(!is_mark(text_get(&markup), at), "nothing is styled");
        must(!begins || strncmp(at, "&gt;", 4) != 0, "nothing is quoted");
    }
    text_free(&markup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fixture fixture;
    struct fuzz fuzz = {data, size};
    struct fuzz head = {data, size < HEAD ? size : HEAD};
    const unsigned flags = size > 0 ? data[0] : 0;
    const unsigned often = size > 3 && data[3] > 127 ? data[3] : 0;
    const unsigned what = size > 4 ? data[4] : 0;
    char *texts[TEXTS];
    fixture_fill(&fixture);
    fuzz.at += head.left;
    fuzz.left -= head.left;
    for (int i = 0; i < TEXTS; i++) {
        char *typed = fuzz_field(&fuzz);
        show_text(typed);
        texts[i] = long_text(typed, often);
        free(typed);
    }
    prepare(&head, &fixture, texts);
    show(&fixture, texts, what, flags);
    for (int i = 0; i < TEXTS; i++)
        free(texts[i]);
    return 0;
}
