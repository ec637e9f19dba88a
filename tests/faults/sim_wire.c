/* The way of a call: out, to the service, back; and all that can go wrong with it. The answer is
 * read by the bot's own vocabulary, as its ports do. */
#include <stdlib.h>
#include <string.h>

#include "../sandbox/market.h"
#include "marketplace/catalog.h"
#include "marketplace/errors.h"
#include "mem.h"
#include "sim.h"
#include "slack/api.h"
#include "text.h"

/* From FATE_NOT_SENT on in the order of enum sim_fault. */
enum fate {
    FATE_GOOD,
    FATE_NOT_SENT,    /* it never left: surely nothing happened */
    FATE_LOST_BEFORE, /* no answer, and nothing happened */
    FATE_LOST_AFTER,  /* no answer, and it happened */
    FATE_LATE,        /* no answer, and it happens a while later */
    FATE_500_BEFORE,
    FATE_500_AFTER,
    FATE_BUSY, /* told to come back later */
};

struct trip {
    struct sim *sim;
    int process; /* that sent it: its answer is for nobody else */
    enum effect_kind kind;
    int64_t effect;
    char *call;
    char *body;
    enum fate fate;
    int status;
    bool sent;
    char *reply; /* NULL: none */
    const char *error_type;
    const char *retry_after;
};

static void trip_free(struct trip *trip)
{
    free(trip->call);
    free(trip->body);
    free(trip->reply);
    free(trip);
}

static bool is_slack(const struct trip *trip)
{
    return strncmp(trip->call, "slack:", 6) == 0;
}

/* --- at the service --- */

/* Sometimes the next change set is out of luck. */
static void draw_luck(struct sim *sim)
{
    static const char *const codes[] = {"INVALID_BUYER_ACCOUNTS",
                                        "INCOMPATIBLE_SELLER_VERIFICATION", "SOMETHING_NEW"};
    if (sim->scripted)
        return;
    sim->market->prepare_ms = (1000 + (int)sim_roll(sim, 60000)) / (int)sim->pace;
    sim->market->apply_ms = (1000 + (int)sim_roll(sim, 600000)) / (int)sim->pace;
    if (!sim->faults)
        return;
    json_array_clear(sim->market->orders);
    if (sim_fault(sim, SIM_SET_CANCELLED, 20))
        json_array_append_new(sim->market->orders, json_pack("{s:s}", "change_set", "cancel"));
    else if (sim_fault(sim, SIM_SET_FAILS, 60))
        json_array_append_new(sim->market->orders,
                              json_pack("{s:s, s:s, s:b}", "change_set", "fail", "code",
                                        codes[sim_roll(sim, 3)], "server_fault",
                                        (int)sim_roll(sim, 2)));
}

static void aws(struct trip *trip)
{
    struct market *market = trip->sim->market;
    struct market_answer answer = {.status = 200};
    const char *call = trip->call + strlen("aws:");
    json_t *args = json_loads(trip->body, 0, NULL);
    const char *id = text_in(args, "entityId");
    access_check(market, call, args, *id != '\0' ? id : text_in(args, "changeSetId"), &answer);
    if (answer.code != NULL)
        ;
    else if (strcmp(call, "ListEntities") == 0)
        entities_list(market, args, &answer);
    else if (strcmp(call, "DescribeEntity") == 0)
        entities_describe(market, text_in(args, "entityId"), &answer);
    else if (strcmp(call, "DescribeChangeSet") == 0)
        changes_describe(market, text_in(args, "changeSetId"), &answer);
    else if (strcmp(call, "ListChangeSets") == 0)
        changes_list(market, args, &answer);
    else if (strcmp(call, "CancelChangeSet") == 0)
        changes_cancel(market, text_in(args, "changeSetId"), &answer);
    else if (strcmp(call, "SearchAgreements") == 0)
        agreements_search(market, args, &answer);
    else {
        draw_luck(trip->sim);
        changes_start(market, args, &answer);
    }
    strange_between(trip->sim, args);
    json_decref(args);
    trip->status = answer.status != 0 ? answer.status : 200;
    trip->error_type = answer.code;
    trip->reply = answer.body != NULL ? json_dumps(answer.body, JSON_COMPACT) : mem_copy("{}");
    json_decref(answer.body);
}

/* An archived channel takes no posts; people can be written to all the same. */
static bool is_refused(const struct sim *sim, const char *call, const json_t *args)
{
    const char *channel = json_string_value(json_object_get(args, "channel"));
    if (sim->refused_call == NULL || strcmp(sim->refused_call, call) != 0)
        return false;
    return strcmp(sim->refused_code, "is_archived") != 0 || (channel != NULL && *channel == 'C');
}

static void slack(struct trip *trip)
{
    struct sim *sim = trip->sim;
    json_t *args = json_loads(trip->body, 0, NULL);
    bool refused = is_refused(sim, trip->call, args);
    json_t *reply = refused ? json_pack("{s:b, s:s}", "ok", 0, "error", sim->refused_code)
                            : slack_model(sim, trip->call + strlen("slack:"), args);
    trip->status = 200;
    trip->reply = json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    json_decref(args);
}

static void apply(struct trip *trip)
{
    trip->sim->calls++;
    if (is_slack(trip))
        slack(trip);
    else
        aws(trip);
}

/* --- back at the bot --- */

static void complete_slack(struct trip *trip)
{
    struct slack_answer answer;
    slack_answer_read(&answer, trip->status, trip->sent, trip->reply != NULL ? trip->reply : "",
                      trip->reply != NULL ? strlen(trip->reply) : 0, trip->retry_after);
    struct completion completion = {answer.outcome, answer.code, answer.text, answer.root,
                                    answer.retry_after_ms};
    if (trip->reply != NULL)
        true_clock_hear(&trip->sim->clock, trip->sim->now / 1000 * 1000,
                        trip->sim->now + trip->sim->skew, trip->sim->now);
    engine_result(trip->sim->engine, trip->effect, &completion);
    slack_answer_clear(&answer);
}

static void complete_aws(struct trip *trip)
{
    static const enum outcome outcomes[] = {
        [AWS_OK] = OUTCOME_OK,          [AWS_RETRY] = OUTCOME_RETRY,
        [AWS_UNSURE] = OUTCOME_UNKNOWN, [AWS_CREDENTIALS] = OUTCOME_RETRY,
        [AWS_CLOCK] = OUTCOME_RETRY,    [AWS_REFUSED] = OUTCOME_REFUSED,
        [AWS_FULL] = OUTCOME_RETRY,
    };
    struct aws_error error;
    const char *body = trip->reply != NULL ? trip->reply : "";
    aws_error_read(&error, trip->status, trip->sent, trip->error_type, body, strlen(body));
    json_t *root = error.class == AWS_OK ? json_loads(body, 0, NULL) : NULL;
    struct completion completion = {outcomes[error.class], error.code, error.text, root, -1};
    if (error.class == AWS_FULL && trip->kind == EFFECT_ONCE)
        completion.outcome = OUTCOME_REFUSED;
    engine_result(trip->sim->engine, trip->effect, &completion);
    json_decref(root);
}

static void come_back(void *ctx)
{
    struct trip *trip = ctx;
    if (trip->sim->engine != NULL && trip->sim->process == trip->process) {
        if (is_slack(trip))
            complete_slack(trip);
        else
            complete_aws(trip);
    }
    trip_free(trip);
}

static void apply_late(void *ctx)
{
    struct trip *trip = ctx;
    apply(trip);
    trip_free(trip);
}

/* It happens to a copy: the one that the bot waits for has no answer. */
static void happen_later(const struct trip *trip)
{
    struct trip *late = mem_new(1, sizeof(*late));
    *late =
        (struct trip){.sim = trip->sim, .call = mem_copy(trip->call), .body = mem_copy(trip->body)};
    int64_t most = is_slack(trip) ? 1500 : 240000;
    sim_after(trip->sim, 20 + (int64_t)sim_roll(trip->sim, (uint64_t)most), apply_late, late);
}

static void be_busy(struct trip *trip)
{
    static const struct {
        int status;
        const char *type;
    } ways[] = {{429, "ThrottlingException"},
                {423, "ResourceInUseException"},
                {402, "ServiceQuotaExceededException"}};
    size_t way = is_slack(trip) ? 0 : sim_roll(trip->sim, 3);
    trip->status = ways[way].status;
    trip->error_type = is_slack(trip) ? NULL : ways[way].type;
    trip->retry_after = is_slack(trip) ? "2" : NULL;
    trip->reply = mem_copy("{}");
}

static void arrive(void *ctx)
{
    struct trip *trip = ctx;
    struct sim *sim = trip->sim;
    int64_t back =
        sim->at_once ? 0 : 5 + (int64_t)sim_roll(sim, sim_fault(sim, SIM_SLOW, 200) ? 12000 : 200);
    trip->sent = trip->fate != FATE_NOT_SENT;
    sim->bad_calls += trip->fate != FATE_GOOD;
    if (trip->fate == FATE_GOOD || trip->fate == FATE_LOST_AFTER || trip->fate == FATE_500_AFTER)
        apply(trip);
    if (trip->fate == FATE_LATE)
        happen_later(trip);
    if (trip->fate == FATE_BUSY)
        be_busy(trip);
    if (trip->fate == FATE_LOST_BEFORE || trip->fate == FATE_LOST_AFTER ||
        trip->fate == FATE_LATE || trip->fate == FATE_NOT_SENT) {
        free(trip->reply);
        trip->reply = NULL;
        trip->status = 0;
        back = trip->fate == FATE_NOT_SENT ? 50 : 15000;
    }
    if (trip->fate == FATE_500_BEFORE || trip->fate == FATE_500_AFTER) {
        free(trip->reply);
        trip->reply = mem_copy("<html>");
        trip->status = 500;
    }
    sim_after(sim, back, come_back, trip);
}

void wire_call(struct sim *sim, const struct effect_call *call)
{
    struct trip *trip = mem_new(1, sizeof(*trip));
    judge_leaving(sim, call);
    *trip = (struct trip){
        .sim = sim,
        .process = sim->process,
        .kind = call->kind,
        .effect = call->effect,
        .call = mem_copy(call->name),
        .body = mem_slice(call->body, call->body_size),
        .fate = FATE_GOOD,
    };
    if (sim->lost_count != 0 && sim->lost_call != NULL && strcmp(sim->lost_call, call->name) == 0) {
        trip->fate = sim->lost_after ? FATE_LOST_AFTER : FATE_LOST_BEFORE;
        sim->lost_count -= sim->lost_count > 0;
    }
    enum sim_fault lot = (enum sim_fault)sim_roll(sim, FATE_BUSY);
    if (sim_fault(sim, lot, 150))
        trip->fate = (enum fate)(1 + lot);
    sim_after(sim, sim->at_once ? 0 : 2 + (int64_t)sim_roll(sim, 100), arrive, trip);
}

/* --- what is on its way --- */

char *wire_text(const struct sim_event *event)
{
    const struct trip *trip = event->ctx;
    if (event->run != arrive && event->run != come_back && event->run != apply_late)
        return NULL;
    return text_format("%s %s %d %d %s", trip->call, trip->body, (int)trip->fate,
                       trip->process == trip->sim->process && trip->sim->engine != NULL,
                       event->run == come_back ? trip->reply != NULL ? trip->reply : "lost" : "");
}

bool wire_is_notice(const struct sim_event *event)
{
    const struct trip *trip = event->ctx;
    return (event->run == arrive || event->run == come_back) &&
           (trip->kind == EFFECT_NOTICE || trip->kind == EFFECT_VOLATILE);
}

bool wire_is_answer(const struct sim_event *event)
{
    return event->run == come_back;
}

bool wire_is_out(const struct sim_event *event)
{
    const struct trip *trip = event->ctx;
    return event->run == arrive && trip->fate == FATE_GOOD;
}

void wire_lose(const struct sim_event *event, bool after)
{
    struct trip *trip = event->ctx;
    trip->fate = after ? FATE_LOST_AFTER : FATE_LOST_BEFORE;
}
