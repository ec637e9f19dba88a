/* A second kind of request, the extension of an offer that is out, and one that has only what a
 * kind must have: the table of kinds of the program that includes this, in the place of the bot's
 * own. */
#ifndef CPPO_KINDS_FIXTURE_H
#define CPPO_KINDS_FIXTURE_H

#include "flows_fixture.h"

#include "flows/requesting.h"
#include "offers/offer.h"
#include "slack/blocks.h"
#include "views/card.h"

static const char *field(const char *content, const char *name, char value[200])
{
    const char *at = strstr(content, name);
    snprintf(value, 200, "%.*s", at != NULL ? (int)strcspn(at + strlen(name), "\n") : 0,
             at != NULL ? at + strlen(name) : "");
    return value;
}

struct trial {
    char accept_by[200];
    char why[200];
};

/* What its card shows beside that. */
struct trial_card {
    char now[DATE_TEXT];
};

static bool read_trial(void *content, const char *stored)
{
    struct trial *trial = content;
    int32_t day;
    field(stored, "why=", trial->why);
    return date_read(&day, field(stored, "accept_by=", trial->accept_by));
}

static const struct trial *trial_of(const struct request *request)
{
    return (const struct trial *)request->content;
}

static void changes(const char *before, const char *after, char *words, size_t capacity)
{
    char old[200];
    char new[200];
    snprintf(words, capacity, "Accept by: %s → %s", field(before, "accept_by=", old),
             field(after, "accept_by=", new));
}

static void title(const struct request *request, struct text *called)
{
    text_addf(called, "Extension of CPPO-%lld", (long long)request->subject);
}

static void listed(const struct request *request, bool decide, struct text *line)
{
    (void)decide;
    text_addf(line, " · until %s", trial_of(request)->accept_by);
}

static void facts(json_t *blocks, const struct card *card)
{
    const struct trial *trial = trial_of(card->request);
    char *until = text_format("*New accept-by date*\n%s (now %s)", trial->accept_by,
                              ((const struct trial_card *)card->own)->now);
    json_array_append_new(blocks, blocks_section(until));
    json_array_append_new(blocks, blocks_section_plain(trial->why));
    free(until);
}

static void progress(json_t *blocks, const struct card *card)
{
    if (card->request->state == STATE_UNDER_WAY)
        json_array_append_new(blocks, blocks_section("AWS is moving the date."));
}

static char *brief(const struct card *card)
{
    return text_format("until %s", trial_of(card->request)->accept_by);
}

static char *question(const struct card *card)
{
    return text_format("CPPO-%lld can be accepted until %s. A date is not taken back.",
                       (long long)card->request->subject, trial_of(card->request)->accept_by);
}

static char *plain(const struct card *card)
{
    return text_format("CPPO-%lld revision %d\nsubject=%lld\naccept_by=%s\nwhy=%s\n",
                       (long long)card->request->number, card->request->revision,
                       (long long)card->request->subject, trial_of(card->request)->accept_by,
                       trial_of(card->request)->why);
}

static const char *next(const struct card *card)
{
    return card->request->state == STATE_DONE ? "The buyer has longer now." : NULL;
}

/* What is loaded with its card: until when the offer that it is about can be accepted now. */
static void *load(struct turn *turn, struct card *card)
{
    struct request about;
    struct trial_card *shown = mem_new(1, sizeof(*shown));
    if (offers_get(turn, card->request->subject, &about))
        text_fit(shown->now, sizeof(shown->now), offer_content(&about)->accept_by);
    return shown;
}

static char *obstacle(struct turn *turn, const struct request *request)
{
    struct request about;
    if (offers_get(turn, request->subject, &about) && about.state == STATE_PUBLISHED)
        return NULL;
    return text_format("CPPO-%lld cannot be approved: CPPO-%lld is not out.",
                       (long long)request->number, (long long)request->subject);
}

static int voted, approving, hindered, retrying;
static bool waits_for_operators; /* what is to be tried again */

static void count_vote(struct turn *turn, const struct request *request, const char *person)
{
    (void)turn;
    assert_int_equal(request->subject, 1);
    assert_string_equal(person, "U0APPROVER");
    voted++;
}

static void count_approval(struct turn *turn, const struct request *request)
{
    (void)turn;
    assert_int_equal(request->state, STATE_PENDING);
    approving++;
}

static void count_hindered(struct turn *turn, const struct request *request)
{
    (void)turn;
    assert_int_equal(request->subject, 1);
    hindered++;
}

static char *retry_obstacle(struct turn *turn, const struct request *request,
                            const struct person *person)
{
    (void)turn;
    return waits_for_operators ? text_format("CPPO-%lld waits: %s runs no bot.",
                                             (long long)request->number, person->id)
                               : NULL;
}

static void count_retry(struct turn *turn, const struct request *request,
                        const struct person *person)
{
    (void)turn;
    assert_int_equal(request->state, STATE_FAILED);
    assert_string_equal(person->id, "U0APPROVER");
    retrying++;
}

static const struct move_row trial_moves[] = {
    {STATE_APPROVED, EVENT_BEGIN, STATE_UNDER_WAY, ROLE_BOT},
    {STATE_UNDER_WAY, EVENT_FINISH, STATE_DONE, ROLE_BOT},
    {STATE_UNDER_WAY, EVENT_RELEASE, STATE_PUBLISHED, ROLE_BOT},
    {STATE_UNDER_WAY, EVENT_FAIL, STATE_FAILED, ROLE_BOT},
    {STATE_FAILED, EVENT_RETRY, STATE_UNDER_WAY, ROLE_REQUESTER | ROLE_APPROVER | ROLE_OPERATOR},
    {.who = 0},
};

static const struct kind_words trial_words = {
    .noun = "extension",
    .nouns = "extensions",
    .capital = "Extensions",
    .carry_out = "move the date",
    .joint = ", ",
    .approve = "Extend this offer?",
    .warning = "A date is not taken back.",
    .withdraw = "Withdraw this extension?",
    .withdrawn = "The offer keeps its date.",
    .failed = "could not be extended",
    .happened = {[EVENT_BEGIN] = "Extension started", [EVENT_FINISH] = "Extended on AWS"},
};

static const struct request_kind trial_kind = {
    .name = "trial",
    .words = &trial_words,
    .moves = trial_moves,
    .labels = {[STATE_UNDER_WAY] = "Extending", [STATE_DONE] = "Extended"},
    .read = read_trial,
    .changes = changes,
    .title = title,
    .listed = listed,
    .facts = facts,
    .progress = progress,
    .brief = brief,
    .question = question,
    .plain = plain,
    .next = next,
    .edit = "trial_edit",
    .load = load,
    .unload = free,
    .obstacle = obstacle,
    .hindered = count_hindered,
    .voted = count_vote,
    .approving = count_approval,
    .retry_obstacle = retry_obstacle,
    .retrying = count_retry,
};

static bool read_bare(void *content, const char *stored)
{
    return text_fit(content, REQUEST_CONTENT, stored);
}

/* All that a kind must have. */
static const struct request_kind bare_kind = {
    .name = "bare", .words = &trial_words, .moves = trial_moves, .read = read_bare};

/* In the place of the bot's own table. */
const struct request_kind *const request_kinds[] = {&offer_kind, &trial_kind, &bare_kind, NULL};

/* --- asking --- */

struct wanted {
    const struct request_kind *kind;
    const char *id, *accept_by;
    int64_t number;     /* of the extension that is changed; 0: a new one */
    const char *person; /* NULL: the seller */
    struct requested requested;
};

static inline void ask(struct turn *turn, const void *about)
{
    struct wanted *wanted = *(struct wanted *const *)about;
    struct request request;
    char *content = text_format("accept_by=%s\nwhy=The board <meets> later\n", wanted->accept_by);
    struct asked asked = {.kind = wanted->kind,
                          .subject = 1,
                          .person = wanted->person != NULL ? wanted->person : "U0SELLER",
                          .by = "form",
                          .id = wanted->id,
                          .content = content};
    if (wanted->number != 0 && requests_get(turn, wanted->number, &request)) {
        asked.shown = (struct reference){.number = request.number, .revision = request.revision};
        text_fit(asked.shown.digest, sizeof(asked.shown.digest), request.digest);
    }
    wanted->requested = requesting_take(turn, &asked);
    free(content);
}

static inline void request_of(const struct request_kind *kind, const char *id,
                              const char *accept_by, int64_t number)
{
    struct wanted wanted = {.kind = kind, .id = id, .accept_by = accept_by, .number = number};
    struct wanted *const pointer = &wanted;
    flows_do(ask, &pointer);
    assert_int_equal(wanted.requested.kind, REQUEST_TAKEN);
}

static inline void request(const char *id, const char *accept_by, int64_t number)
{
    request_of(&trial_kind, id, accept_by, number);
}

static inline const char *refused(const char *id, const char *accept_by, int64_t number)
{
    static char why[300];
    struct wanted wanted = {
        .kind = &trial_kind, .id = id, .accept_by = accept_by, .number = number};
    struct wanted *const pointer = &wanted;
    flows_do(ask, &pointer);
    assert_int_equal(wanted.requested.kind, REQUEST_REFUSED);
    text_fit(why, sizeof(why), wanted.requested.why);
    free(wanted.requested.why);
    return why;
}

static inline void expect_in(const char *body, const char *words)
{
    if (strstr(body, words) == NULL)
        fail_msg("“%s” is not in: %s", words, body);
}

static inline void expect_not_in(const char *body, const char *words)
{
    if (strstr(body, words) != NULL)
        fail_msg("“%s” is in: %s", words, body);
}

/* Slack takes one message a second. */
static inline void settle(void)
{
    flows_pass(1200);
    flows_settle_slack();
}

static inline void said(const char *words)
{
    settle();
    if (flows_count("slack:chat.postMessage", words) == 0)
        fail_msg("“%s” was not said", words);
}

static inline void kinds_settle_finds(struct turn *turn, const void *unused)
{
    (void)unused;
    flows_tell_finds(turn);
}

/* What a comparison found: a card of CPPO-2 that the book does not know so. */
static inline void kinds_find_card(const char *state, int revision)
{
    store_run(flows.store,
              "INSERT INTO find (what, id, request, revision, state, entity, key, mark, number,"
              " attempt, at) VALUES ('card', 'C0APPROVALS 1795507200.000100', 2, ?2, ?1, '', '',"
              " '', 0, 0, 1)",
              SQL_ARGS(SQL_TEXT(state), SQL_INT(revision)));
    flows_do(kinds_settle_finds, NULL);
}

#endif
