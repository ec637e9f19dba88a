/* Engine, flows and book in one process, with a clock that a test moves and services that a test
 * plays: what goes out is kept until it is answered. */
#ifndef CPPO_TESTS_FLOWS_FIXTURE_H
#define CPPO_TESTS_FLOWS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../blank_book.h"
#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/pending_actions.h"
#include "book/people.h"
#include "config.h"
#include "engine/engine.h"
#include "flows/app_context.h"
#include "flows/binding.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/lists.h"
#include "handlers.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "run/migrations.h"
#include "run/tables.h"
#include "run/zones.h"
#include "text.h"

#define FLOWS_TEST(name) cmocka_unit_test_setup_teardown(name, flows_set_up, flows_tear_down)

enum { MAX_OUT = 256 };

struct sent {
    int64_t effect;
    char call[40];
    char *body;
    bool open; /* not answered yet */
};

static struct flows {
    char dir[40];
    char path[60];
    struct config *config;
    struct app_context app;
    struct store *store;
    struct engine *engine;
    int64_t now, wake;
    int64_t set_by; /* the wall clock was put forward by so much */
    struct sent sent[MAX_OUT];
    size_t count;
    char ack[20001];                              /* the newest */
    bool plays_world;                             /* the test answers what is read to catch up */
    handler_fn *(*handler_of)(const char *route); /* NULL: the bot's own routes */
    const struct effect_type *(*effect_named)(const char *name); /* NULL: ... effects */
} flows;

static const int64_t MORNING_MS = INT64_C(1795507200000); /* 2026-11-24T08:00:00Z */

static inline int64_t flows_clock(void *ctx)
{
    (void)ctx;
    return flows.now;
}

static inline int64_t flows_monotonic(void *ctx)
{
    (void)ctx;
    return flows.now - flows.set_by;
}

static inline void flows_random(void *ctx, void *bytes, size_t size)
{
    static uint64_t next; /* a different one each time is all that is asked */
    (void)ctx;
    memset(bytes, 0, size);
    next++;
    memcpy(bytes, &next, size < sizeof(next) ? size : sizeof(next));
}

static inline void flows_ack(void *ctx, uint64_t serial, const char *envelope, const char *payload)
{
    (void)ctx;
    (void)serial;
    (void)envelope;
    text_fit(flows.ack, sizeof(flows.ack), payload != NULL ? payload : "");
}

static inline void flows_out(void *ctx, const struct effect_call *call)
{
    (void)ctx;
    if (flows.count == MAX_OUT)
        fail_msg("too many calls for this test");
    struct sent *sent = &flows.sent[flows.count++];
    *sent = (struct sent){call->effect, "", mem_slice(call->body, call->body_size), true};
    text_fit(sent->call, sizeof(sent->call), call->name);
}

static inline void flows_wake(void *ctx, int64_t ms)
{
    (void)ctx;
    flows.wake = ms < INT64_MAX ? flows.now + ms : INT64_MAX;
}

static const char flows_yaml[] = "slack:\n  home_team: T0HOME\n"
                                 "  channels:\n    approvals: C0APPROVALS\n"
                                 "    announcements: C0OFFERS\n    operators: C0OPERATORS\n"
                                 "aws:\n  account: \"111122223333\"\n";

static const char flows_people[] = "people:\n  approvers:\n    users: [U0APPROVER]\n"
                                   "  operators:\n    users: [U0OPERATOR]\n";

static inline void flows_pass(int64_t ms);

/* The book by the newest version, brought up to date; nothing goes on yet. */
static inline void flows_open(void)
{
    const struct ports ports = {
        .clock = flows_clock,
        .monotonic = flows_monotonic,
        .random = flows_random,
        .send_ack = flows_ack,
        .run_effect = flows_out,
        .wake_in = flows_wake,
        .ctx = NULL,
    };
    struct err err = {0};
    flows.store = store_open(flows.path, bot_migrations, bot_migration_count, &err);
    if (flows.store == NULL)
        fail_msg("%s", err.text);
    struct tables tables = bot_tables;
    if (flows.handler_of != NULL)
        tables.handler_of = flows.handler_of;
    if (flows.effect_named != NULL)
        tables.effect_named = flows.effect_named;
    flows.engine = engine_new(flows.store, &ports, &tables, &flows.app);
}

static inline void flows_start(void)
{
    flows_open();
    engine_start(flows.engine);
    flows_pass(0);
}

static inline void flows_stop(void)
{
    engine_free(flows.engine);
    store_close(flows.store);
    for (size_t i = 0; i < flows.count; i++)
        free(flows.sent[i].body);
    flows.count = 0;
}

/* A file from before ${migration} in the place of the one that lies there: the test fills it,
 * closes it and starts. */
static inline struct store *flows_older(const char *migration)
{
    struct err err = {0};
    size_t count = 0;
    while (bot_migrations[count] != migration)
        count++;
    flows_stop();
    unlink(flows.path);
    struct store *store = store_open(flows.path, bot_migrations, count, &err);
    if (store == NULL)
        fail_msg("%s", err.text);
    return store;
}

/* With this part of the configuration about people (YAML). */
static inline int flows_set_up_with(const char *people)
{
    char *why = NULL;
    char name[60];
    log_set_level(LOG_LEVEL_ERROR);
    memset(&flows, 0, sizeof(flows));
    snprintf(flows.dir, sizeof(flows.dir), "/dev/shm/cppo-flows-XXXXXX");
    if (mkdtemp(flows.dir) == NULL)
        return -1;
    snprintf(name, sizeof(name), "%s/cppo.yaml", flows.dir);
    snprintf(flows.path, sizeof(flows.path), "%s/state.db", flows.dir);
    FILE *file = fopen(name, "we");
    fputs(flows_yaml, file);
    fputs(people, file);
    fclose(file);
    flows.config = config_load(name, &why);
    unlink(name);
    flows.app = (struct app_context){.config = flows.config,
                                     .flows = bot_flows,
                                     .opening_of = handlers_opening,
                                     .zone_of = zones_get,
                                     .home_team = "T0HOME",
                                     .bot_user = "U0BOT",
                                     .slack_url = "http://127.0.0.1:1/api/"};
    flows.now = MORNING_MS;
    blank_book_copy(flows.path);
    flows_start();
    return 0;
}

static inline int flows_set_up(void **state)
{
    (void)state;
    return flows_set_up_with(flows_people);
}

static inline int flows_tear_down(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".mark"};
    (void)state;
    flows_stop();
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char name[80];
        snprintf(name, sizeof(name), "%s%s", flows.path, ends[i]);
        unlink(name);
    }
    config_free(flows.config);
    return rmdir(flows.dir);
}

/* --- time --- */

/* The world outside holds nothing that the book does not know of; unless a test plays it. */
static inline void flows_catch_up(void)
{
    for (size_t i = 0; !flows.plays_world && i < flows.count; i++) {
        struct sent *sent = &flows.sent[i];
        bool sets = strcmp(sent->call, "aws:ListChangeSets") == 0 &&
                    strstr(sent->body, "FilterList") == NULL;
        bool posts = strcmp(sent->call, "slack:conversations.history") == 0 &&
                     strstr(sent->body, "\"limit\":50") != NULL;
        if (!sent->open || (!sets && !posts))
            continue;
        json_t *reply = json_pack("{s:b}", "ok", 1);
        const struct completion completion = {
            .outcome = OUTCOME_OK, .reply = reply, .retry_after_ms = -1};
        sent->open = false;
        engine_result(flows.engine, sent->effect, &completion);
        engine_flush(flows.engine);
        json_decref(reply);
    }
}

/* Let so much time go by: what is due is done, at its moment. */
static inline void flows_pass(int64_t ms)
{
    enum { ROUNDS_AT_ONCE = 1000 };
    int64_t until = flows.now + ms;
    int rounds = 0;
    engine_flush(flows.engine);
    flows_catch_up();
    while (flows.wake <= until) {
        rounds = flows.wake > flows.now ? 0 : rounds + 1;
        assert_in_range(rounds, 0, ROUNDS_AT_ONCE); /* or it would never come to rest */
        if (flows.wake > flows.now)
            flows.now = flows.wake;
        engine_tick(flows.engine);
        engine_flush(flows.engine);
        flows_catch_up();
    }
    flows.now = until;
}

/* --- what goes out --- */

/* The oldest call of this kind that waits for its answer and whose body holds ${part}. */
static inline struct sent *flows_find(const char *call, const char *part)
{
    for (size_t i = 0; i < flows.count; i++) {
        struct sent *sent = &flows.sent[i];
        if (sent->open && strcmp(sent->call, call) == 0 && strstr(sent->body, part) != NULL)
            return sent;
    }
    return NULL;
}

/* How many calls of this kind with ${part} there have been, answered or not. */
static inline size_t flows_count(const char *call, const char *part)
{
    size_t count = 0;
    for (size_t i = 0; i < flows.count; i++)
        count += strcmp(flows.sent[i].call, call) == 0 && strstr(flows.sent[i].body, part) != NULL;
    return count;
}

static inline void flows_finish(struct sent *sent, const struct completion *completion)
{
    sent->open = false;
    engine_result(flows.engine, sent->effect, completion);
    flows_pass(0);
}

static inline struct sent *flows_expect(const char *call, const char *part)
{
    struct sent *sent = flows_find(call, part);
    if (sent == NULL) {
        fail_msg("there is no %s with “%s”", call, part);
        abort(); /* fail_msg does not come back; compilers do not know */
    }
    return sent;
}

/* Answer it well, with this reply (JSON text). */
static inline void flows_answer(const char *call, const char *part, const char *reply)
{
    struct sent *sent = flows_expect(call, part);
    json_t *root = json_loads(reply, 0, NULL);
    assert_non_null(root);
    flows_finish(sent,
                 &(struct completion){.outcome = OUTCOME_OK, .reply = root, .retry_after_ms = -1});
    json_decref(root);
}

static inline void flows_fail(const char *call, const char *part, enum outcome outcome,
                              const char *code)
{
    flows_finish(flows_expect(call, part),
                 &(struct completion){
                     .outcome = outcome, .code = code, .text = "words", .retry_after_ms = -1});
}

/* Slack asks to be left alone with this call for so long. */
static inline void flows_hold(const char *call, const char *part, int64_t ms)
{
    flows_finish(flows_expect(call, part), &(struct completion){.outcome = OUTCOME_RETRY,
                                                                .code = "ratelimited",
                                                                .text = "words",
                                                                .retry_after_ms = ms});
}

/* Everything that waits is answered with nothing but success, and forgotten. */
static inline void flows_answer_rest(void)
{
    for (size_t i = 0; i < flows.count; i++) {
        if (flows.sent[i].open)
            flows_answer(flows.sent[i].call, flows.sent[i].body, "{\"ok\":true}");
    }
    for (size_t i = 0; i < flows.count; i++)
        free(flows.sent[i].body);
    flows.count = 0;
}

/* What Slack was asked so far is answered and forgotten; AWS stays silent. */
static inline void flows_forget_slack(void)
{
    for (size_t i = 0; i < flows.count; i++) {
        if (flows.sent[i].open && strncmp(flows.sent[i].call, "slack:", 6) == 0)
            flows_answer(flows.sent[i].call, flows.sent[i].body,
                         "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
    }
    for (size_t i = 0; i < flows.count; i++)
        free(flows.sent[i].body);
    flows.count = 0;
}

/* All that waits for Slack is sent and answered, one after the other; and not forgotten. */
static inline void flows_settle_slack(void)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < flows.count; i++) {
            struct sent *sent = &flows.sent[i];
            if (!sent->open || strncmp(sent->call, "slack:", 6) != 0)
                continue;
            flows_answer(sent->call, sent->body,
                         "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1795507200.000100\"}");
            more = true;
        }
        flows_pass(1200);
    }
}

/* --- offers --- */

static inline void flows_do(void (*what)(struct turn *turn, const void *about), const void *about)
{
    engine_do(flows.engine, what, about);
    flows_pass(0);
}

static inline void flows_know(struct turn *turn, const void *unused)
{
    struct person people[2] = {{.id = "U0SELLER", .team = "T0HOME", .known = true},
                               {.id = "U0APPROVER", .team = "T0HOME", .known = true}};
    struct authorization authorization = {.id = "resaleauthz-1",
                                          .name = "Archera-Us-Subscription-2024",
                                          .product_id = "prod-1",
                                          .status = "Active",
                                          .unit_price = "0.0075",
                                          .currency = "USD"};
    struct terms terms = {
        .count = 1,
        .lines = {
            {.kind = TERM_UNIT, .key = "PremiumUnits", .amount = "0.0075", .currency = "USD"}}};
    (void)unused;
    people_put(turn, &people[0]);
    people_put(turn, &people[1]);
    authorizations_put(turn, &authorization, &terms);
}

/* The authorization of them all turns out to be good for one offer. */
static inline void flows_single_use(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, "resaleauthz-1", &terms);
    authorization.single_use = true;
    authorizations_put(turn, &authorization, &terms);
}

static inline struct content flows_content(void)
{
    struct content content = {.authorization = "resaleauthz-1",
                              .offer_name = "Archera - Subscription",
                              .customer = "Example Corp",
                              .buyer_count = 1,
                              .buyers = {"123456789012"},
                              .markup = "25",
                              .term = "P3650D",
                              .accept_by = "2027-01-20"};
    return content;
}

static inline void flows_judge(struct turn *turn, const void *about)
{
    const struct pending_action *pending = about;
    struct person person;
    lists_known_person(turn, pending->person, &person);
    binding_run(turn, pending, &person, NULL);
}

/* What a click on the card as it stands now asks. */
static inline struct pending_action flows_click(struct turn *turn,
                                                const struct pending_action *asked)
{
    struct pending_action pending = *asked;
    struct loaded_card *loaded = cards_load(turn, asked->request);
    if (loaded == NULL)
        return pending;
    const struct card *card = cards_view(loaded);
    if (card->request->revision == asked->revision) {
        text_fit(pending.digest, sizeof(pending.digest), card->request->digest);
        reference_cover(pending.digest, card->covers);
    }
    cards_free(loaded);
    return pending;
}

static inline void flows_judge_click(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    flows_judge(turn, &pending);
}

/* A new offer, not sent in yet; its number. */
static inline int64_t flows_draft(struct turn *turn, const char *who, const struct content *content,
                                  const char *form)
{
    char *canonical = content_write(content);
    int64_t number = requests_add(
        turn, &(struct new_request){
                  .kind = &offer_kind, .requester = who, .content = canonical, .form = form});
    free(canonical);
    return number;
}

static inline bool flows_revise(struct turn *turn, struct request *offer,
                                const struct content *content, const char *form)
{
    char *canonical = content_write(content);
    bool done = requests_revise(turn, offer, canonical, form);
    free(canonical);
    return done;
}

static inline void flows_add(struct turn *turn, const void *about)
{
    char form[TURN_ID];
    struct pending_action pending = {.what = &submit_action, .revision = 1, .person = "U0SELLER"};
    turn_new_id(turn, form);
    flows_know(turn, NULL);
    pending.request = flows_draft(turn, "U0SELLER", about, form);
    flows_judge(turn, &pending);
}

/* A seller sends in an offer; numbers count from 1. */
static inline void flows_submit(void)
{
    struct content content = flows_content();
    flows_do(flows_add, &content);
}

static inline void flows_decide(const struct action_type *what, int64_t offer, const char *person)
{
    struct pending_action pending = {.what = what, .request = offer, .revision = 1};
    text_fit(pending.person, sizeof(pending.person), person);
    flows_do(flows_judge_click, &pending);
}

static inline const char *flows_state(int64_t offer)
{
    static char state[40];
    struct rows *rows = store_query(flows.store, "SELECT state FROM request WHERE number = ?",
                                    SQL_ARGS(SQL_INT(offer)));
    state[0] = '\0';
    if (rows_next(rows)) {
        rows_fit(rows, 0, state, sizeof(state));
        rows_close(rows);
    }
    return state;
}

#endif
