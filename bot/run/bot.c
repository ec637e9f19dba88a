#include "run/bot.h"

#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <uv.h>

#include "book/settings.h"
#include "engine/engine.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "handlers.h"
#include "io/http.h"
#include "io/store.h"
#include "io/store_copier.h"
#include "io/syncer.h"
#include "io/websocket.h"
#include "log.h"
#include "mem.h"
#include "run/clock.h"
#include "run/disk.h"
#include "run/links.h"
#include "run/migrations.h"
#include "run/ports.h"
#include "run/random.h"
#include "run/tables.h"
#include "run/zones.h"
#include "slack/payload.h"
#include "slack/replies.h"
#include "text.h"
#include "version.h"

enum {
    STOP_WITHIN_MS = 4000, /* SIGTERM to end */
    IDENTITY_AGAIN_MS = 5000,
    START_WITHIN_MS = 3000, /* whatever keeps the first socket */
    LOG_AGAIN_MS = 100,
    MAX_SLEEP_MS = 30000, /* so that a date that comes sooner than it seemed is noticed */
};

struct bot {
    const struct config *config;
    struct app_context app;
    uv_loop_t loop;
    uv_signal_t terminate, interrupt;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t more;      /* to be read, before the commit */
    uv_timer_t wake;     /* the engine's */
    uv_timer_t log_wake; /* for what the log's reader did not take */
    uv_timer_t later;    /* asking who we are again; when stopping, the deadline */
    struct disk_watch disk;
    struct store *store;
    struct store_copier *copier;
    struct proxy *proxy; /* NULL: none */
    struct http *http;
    struct websockets *websockets;
    struct slack_port *slack;
    struct aws_port *aws;
    struct engine *engine;
    struct links *links; /* Socket Mode */
    struct syncer *syncer;
    bool identified; /* Slack said who we are */
    bool started;    /* the engine runs */
    bool stopping;
    bool closed;
};

/* --- the engine's ports --- */

static int64_t wall_ms(void *ctx)
{
    (void)ctx;
    return clock_ms();
}

/* It runs on while the machine is suspended, since lists of people grow old meanwhile. */
static int64_t monotonic_ms(void *ctx)
{
    (void)ctx;
    return clock_monotonic_ms();
}

static void fill_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    random_fill(bytes, size);
}

static void send_ack(void *ctx, uint64_t serial, const char *envelope, const char *payload)
{
    struct bot *bot = ctx;
    if (links_ack(bot->links, serial, envelope, payload) != 0)
        log_warn("ack dropped", F_TEXT("envelope", envelope));
}

static void run_effect(void *ctx, const struct effect_call *call)
{
    struct bot *bot = ctx;
    if (strncmp(call->name, "slack:", 6) == 0)
        slack_port_run(bot->slack, call);
    else
        aws_port_run(bot->aws, call);
}

static void on_wake(uv_timer_t *timer)
{
    struct bot *bot = timer->data;
    engine_tick(bot->engine);
}

static void wake_in(void *ctx, int64_t ms)
{
    struct bot *bot = ctx;
    uint64_t delay = (uint64_t)(ms < MAX_SLEEP_MS ? ms : MAX_SLEEP_MS);
    uv_timer_start(&bot->wake, on_wake, delay, 0);
}

static void begin_sync(void *ctx)
{
    struct bot *bot = ctx;
    syncer_sync(bot->syncer);
}

static int64_t wait_synced(void *ctx)
{
    struct bot *bot = ctx;
    return syncer_wait(bot->syncer);
}

static void on_synced(void *ctx, int64_t took)
{
    struct bot *bot = ctx;
    engine_synced(bot->engine, took);
}

static void on_completion(void *ctx, int64_t effect, const struct completion *completion)
{
    struct bot *bot = ctx;
    if (!bot->closed) /* else it goes on next time, from what the store says */
        engine_result(bot->engine, effect, completion);
}

static void on_more(uv_idle_t *more)
{
    (void)more; /* the loop does not sleep */
}

/* Before the loop sleeps, everything is committed and under way, and acknowledged as soon as the
 * disk has it. What Slack has sent already is read first. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct bot *bot = prepare->data;
    if (!bot->started)
        return;
    if (!bot->closed)
        websockets_read(bot->websockets);
    websockets_write(bot->websockets); /* whoever waits for no commit */
    if (!bot->closed && engine_may_batch(bot->engine) && links_have_more(bot->links)) {
        uv_idle_start(&bot->more, on_more);
    } else {
        uv_idle_stop(&bot->more);
        if (!bot->closed)
            engine_flush(bot->engine);
    }
    websockets_write(bot->websockets);
}

static void close_all(struct bot *bot);

static void on_log_wake(uv_timer_t *timer)
{
    (void)timer; /* on_check follows */
}

static void on_check(uv_check_t *check)
{
    struct bot *bot = check->data;
    if (!log_flush() && !bot->closed)
        uv_timer_start(&bot->log_wake, on_log_wake, LOG_AGAIN_MS, 0);
    if (bot->stopping && !bot->closed && links_stopped(bot->links) &&
        engine_in_flight(bot->engine) == 0)
        close_all(bot);
}

/* --- what comes from Slack --- */

static void on_frame(void *ctx, uint64_t serial, json_t *frame)
{
    struct bot *bot = ctx;
    struct err err;
    char route[SLACK_ROUTE];
    char keys[SLACK_KEYS][SLACK_KEY];
    struct delivery delivery = {.serial = serial, .route = route};
    if (!bot->started) /* it ends before it began: Slack sends it to others */
        return;
    struct slack_envelope *envelope = slack_envelope_decode(frame, &err);
    if (envelope == NULL) {
        log_warn("frame ignored", F_TEXT("why", err.text));
        return;
    }
    slack_route(envelope, route);
    slack_keys(envelope, keys, delivery.keys);
    delivery.envelope = envelope->id;
    delivery.payload = envelope;
    log_debug("envelope", F_TEXT("envelope", envelope->id), F_TEXT("route", route),
              F_TEXT("user", envelope->user));
    engine_envelope(bot->engine, &delivery);
    slack_envelope_free(envelope);
}

/* What came is stored and acknowledged now, or it never will be. */
static void flush_now(void *ctx)
{
    struct bot *bot = ctx;
    if (bot->started && !bot->closed)
        engine_settle(bot->engine);
}

static void tell_counted(struct turn *turn, const void *unused)
{
    (void)unused;
    flows_tell_counted(turn);
}

static void start_engine(struct bot *bot);

/* A socket is up: at the start, and then every few hours. Opening and checking the state file, and
 * the handshakes, took more memory than is needed from here on. */
static void on_counted(void *ctx, int others)
{
    struct bot *bot = ctx;
    start_engine(bot);
    bot->app.others = others;
    store_release_memory(bot->store);
    malloc_trim(0);
    if (bot->started && !bot->closed)
        engine_do(bot->engine, tell_counted, NULL);
}

static void tell_operators(struct turn *turn, const void *about)
{
    flows_tell_alarm(turn, about);
}

static void on_alarm(void *ctx, const char *text)
{
    struct bot *bot = ctx;
    if (!bot->closed)
        engine_do(bot->engine, tell_operators, text);
}

/* --- start --- */

static void ask_who_we_are(uv_timer_t *timer);

static void remember_identity(struct turn *turn, const void *about)
{
    const struct app_context *app = about;
    char before[PERSON_ID];
    if (settings_get(turn, SETTING_SLACK_BOT_USER, before, sizeof(before)) &&
        strcmp(before, app->bot_user) != 0)
        flows_tell_renewed(turn);
    settings_put(turn, SETTING_SLACK_TEAM, app->home_team);
    settings_put(turn, SETTING_SLACK_BOT_USER, app->bot_user);
    settings_put(turn, SETTING_SLACK_ENTERPRISE, app->enterprise);
}

static void recall_identity(struct turn *turn, const void *about)
{
    struct app_context *app = *(struct app_context *const *)about;
    settings_get(turn, SETTING_SLACK_TEAM, app->home_team, sizeof(app->home_team));
    settings_get(turn, SETTING_SLACK_BOT_USER, app->bot_user, sizeof(app->bot_user));
    settings_get(turn, SETTING_SLACK_ENTERPRISE, app->enterprise, sizeof(app->enterprise));
}

/* Now, unless it runs, or is not to run any more. */
static void start_engine(struct bot *bot)
{
    if (bot->started || bot->stopping)
        return;
    bot->started = true;
    engine_start(bot->engine);
    if (bot->identified)
        engine_do(bot->engine, remember_identity, &bot->app);
}

static void on_start_due(uv_timer_t *timer)
{
    start_engine(timer->data);
}

/* What goes on by itself makes connections of its own, at once and many: the socket that people
 * wait for comes first. */
static void start_engine_soon(struct bot *bot)
{
    if (!bot->started && !uv_is_active((uv_handle_t *)&bot->wake))
        uv_timer_start(&bot->wake, on_start_due, START_WITHIN_MS, 0);
}

static void on_identity(void *ctx, const void *reply, const char *code, const char *text,
                        bool setup, int64_t retry_after_ms)
{
    struct bot *bot = ctx;
    char team[PERSON_ID];
    char user[PERSON_ID];
    (void)setup;
    if (bot->stopping)
        return;
    if (reply == NULL || !slack_identity(reply, team, sizeof(team), user, sizeof(user))) {
        log_error("auth.test failed", F_TEXT("code", code), F_TEXT("why", text));
        uv_timer_start(&bot->later, ask_who_we_are,
                       (uint64_t)(retry_after_ms > 0 ? retry_after_ms : IDENTITY_AGAIN_MS), 0);
        return;
    }
    text_fit(bot->app.team, sizeof(bot->app.team), team);
    text_fit(bot->app.home_team, sizeof(bot->app.home_team),
             *bot->config->home_team != '\0' ? bot->config->home_team : team);
    text_fit(bot->app.bot_user, sizeof(bot->app.bot_user), user);
    slack_enterprise(reply, bot->app.enterprise, sizeof(bot->app.enterprise));
    log_info("started", F_TEXT("version", CPPO_VERSION), F_TEXT("team", bot->app.home_team),
             F_TEXT("bot", bot->app.bot_user));
    bot->identified = true;
    if (bot->started)
        engine_do(bot->engine, remember_identity, &bot->app);
    links_start(bot->links);
    start_engine_soon(bot);
}

static void ask_who_we_are(uv_timer_t *timer)
{
    struct bot *bot = timer->data;
    slack_port_ask(bot->slack, "auth.test", "{}", on_identity, bot);
}

/* --- stop --- */

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_handles(struct bot *bot)
{
    close_handle((uv_handle_t *)&bot->terminate);
    close_handle((uv_handle_t *)&bot->interrupt);
    close_handle((uv_handle_t *)&bot->prepare);
    close_handle((uv_handle_t *)&bot->check);
    close_handle((uv_handle_t *)&bot->more);
    close_handle((uv_handle_t *)&bot->wake);
    close_handle((uv_handle_t *)&bot->log_wake);
    close_handle((uv_handle_t *)&bot->later);
    close_handle((uv_handle_t *)&bot->disk.timer);
}

/* The parts let go of the loop; whatever is unfinished is in the store and goes on next time. */
static void close_all(struct bot *bot)
{
    if (bot->started) /* the last result may have come in this very round of the loop */
        engine_settle(bot->engine);
    bot->closed = true;
    syncer_close(bot->syncer);
    links_close(bot->links);
    http_close(bot->http);
    websockets_close(bot->websockets);
    aws_port_free(bot->aws);
    close_handles(bot);
}

static void on_deadline(uv_timer_t *timer)
{
    struct bot *bot = timer->data;
    log_warn("shutdown deadline passed", F_INT("busy", engine_in_flight(bot->engine)));
    if (!bot->closed)
        close_all(bot);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct bot *bot = handle->data;
    if (bot->stopping)
        return;
    log_info("stopping", F_INT("signal", number));
    bot->stopping = true;
    engine_drain(bot->engine);
    if (bot->started) /* what was taken is acknowledged before the sockets close */
        engine_settle(bot->engine);
    links_stop(bot->links);
    uv_timer_start(&bot->later, on_deadline, STOP_WITHIN_MS, 0);
}

/* --- birth and death --- */

static void init_handles(struct bot *bot)
{
    uv_loop_init(&bot->loop);
    uv_signal_init(&bot->loop, &bot->terminate);
    uv_signal_init(&bot->loop, &bot->interrupt);
    uv_prepare_init(&bot->loop, &bot->prepare);
    uv_check_init(&bot->loop, &bot->check);
    uv_idle_init(&bot->loop, &bot->more);
    uv_timer_init(&bot->loop, &bot->wake);
    uv_timer_init(&bot->loop, &bot->log_wake);
    uv_timer_init(&bot->loop, &bot->later);
    disk_watch_start(&bot->disk, &bot->loop, bot->config->store_path, on_alarm, bot);
    bot->terminate.data = bot->interrupt.data = bot->prepare.data = bot->check.data = bot;
    bot->wake.data = bot->later.data = bot;
    uv_prepare_start(&bot->prepare, on_prepare);
    uv_check_start(&bot->check, on_check);
    uv_signal_start(&bot->terminate, on_signal, SIGTERM);
    uv_signal_start(&bot->interrupt, on_signal, SIGINT);
}

static struct engine *build_engine(struct bot *bot)
{
    const struct ports ports = {
        .clock = wall_ms,
        .monotonic = monotonic_ms,
        .random = fill_random,
        .send_ack = send_ack,
        .run_effect = run_effect,
        .wake_in = wake_in,
        .sync = begin_sync,
        .wait_synced = wait_synced,
        .ctx = bot,
    };
    return engine_new(bot->store, &ports, &bot_tables, &bot->app);
}

static struct links *build_links(struct bot *bot)
{
    const struct links_events events = {
        .frame = on_frame,
        .flush = flush_now,
        .counted = on_counted,
        .alarm = on_alarm,
        .ctx = bot,
    };
    return links_new(&bot->loop, bot->websockets, bot->slack, bot->config->connections, &events);
}

static int build(struct bot *bot, struct err *err)
{
    const struct port_results results = {
        .complete = on_completion,
        .alarm = on_alarm,
        .ctx = bot,
    };
    if (proxy_open(bot->config, &bot->proxy, err) != 0)
        return -1;
    bot->http = http_open(&bot->loop, bot->config->ca_file, err);
    if (bot->http == NULL)
        return -1;
    bot->websockets = websockets_open(&bot->loop, bot->config->ca_file, err);
    if (bot->websockets == NULL)
        return -1;
    http_use_proxy(bot->http, bot->proxy);
    websockets_use_proxy(bot->websockets, bot->proxy);
    bot->slack = slack_port_new(bot->http, &results, err);
    if (bot->slack == NULL)
        return -1;
    bot->aws = aws_port_new(bot->http, &bot->loop, bot->config, &results);
    bot->syncer = syncer_start(&bot->loop, bot->store, on_synced, bot, err);
    if (bot->syncer == NULL)
        return -1;
    bot->engine = build_engine(bot);
    bot->links = build_links(bot);
    return 0;
}

/* For a start that failed half-way: close what is there. */
static void abandon(struct bot *bot)
{
    links_close(bot->links);
    syncer_close(bot->syncer);
    if (bot->http != NULL)
        http_close(bot->http);
    if (bot->websockets != NULL)
        websockets_close(bot->websockets);
    aws_port_free(bot->aws);
    close_handles(bot);
}

static void log_counts(const struct engine *engine)
{
    struct engine_counts counts = engine_counts(engine);
    log_info("run totals", F_INT("turns", counts.turns), F_INT("commits", counts.commits),
             F_INT("acks", counts.acks), F_INT("repeats", counts.repeats),
             F_INT("effects", counts.effects),
             F_INT("slowest_commit_us", counts.slowest_commit_us));
}

static int finish(struct bot *bot)
{
    uv_run(&bot->loop, UV_RUN_DEFAULT);
    if (bot->websockets != NULL)
        websockets_free(bot->websockets);
    uv_run(&bot->loop, UV_RUN_DEFAULT);
    int left = uv_loop_close(&bot->loop);
    if (bot->engine != NULL)
        log_counts(bot->engine);
    links_free(bot->links);
    engine_free(bot->engine);
    slack_port_free(bot->slack);
    store_copier_free(bot->copier);
    store_close(bot->store);
    disk_watch_clear(&bot->disk);
    proxy_close(bot->proxy);
    if (left != 0)
        log_error("loop handles left", F_TEXT("why", uv_strerror(left)));
    return left == 0 ? 0 : 1;
}

static void log_surroundings(const struct bot *bot)
{
    char *text = bot->proxy != NULL ? proxy_text(bot->proxy) : NULL;
    if (text != NULL)
        log_info("proxy in use", F_TEXT("proxy", text));
    if (bot->config->writable_by_others)
        log_warn("configuration writable by others", F_TEXT("why", "it says who may approve"),
                 F_TEXT("fix", "chmod go-w it"));
    free(text);
}

int bot_run(const struct config *config)
{
    struct bot bot = {.config = config,
                      .app = {.config = config,
                              .flows = bot_flows,
                              .opening_of = handlers_opening,
                              .zone_of = zones_get}};
    struct err err;
    (void)signal(SIGPIPE, SIG_IGN);
    uv_replace_allocator(mem_block, mem_regrow, mem_new, free);
    bot.store = store_open(config->store_path, bot_migrations, bot_migration_count, &err);
    if (bot.store == NULL) {
        log_error("cannot start", F_TEXT("why", err.text));
        return EX_TEMPFAIL;
    }
    bot.app.slack_url = slack_url();
    text_fit(bot.app.beside, sizeof(bot.app.beside), store_beside(bot.store));
    bot.app.copied = store_moved(bot.store);
    bot.app.others = -1;
    init_handles(&bot);
    bot.copier = store_copier_new(&bot.loop, bot.store);
    if (build(&bot, &err) != 0) {
        log_error("cannot start", F_TEXT("why", err.text));
        abandon(&bot);
        finish(&bot);
        return EX_CONFIG;
    }
    log_surroundings(&bot);
    /* A bot that has run before goes on, whether Slack can be reached or not, so that offers are
     * published meanwhile. People cannot act before the sockets are up. */
    engine_do(bot.engine, recall_identity, &(struct app_context *){&bot.app});
    if (*config->home_team != '\0')
        text_fit(bot.app.home_team, sizeof(bot.app.home_team), config->home_team);
    if (*bot.app.bot_user != '\0')
        start_engine_soon(&bot);
    ask_who_we_are(&bot.later);
    int status = finish(&bot);
    log_info("stopped", F_INT("status", status));
    log_end();
    return status;
}
