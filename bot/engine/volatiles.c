/* What is worthless in a moment: ahead of everything durable, in places of its own, so that however
 * much of it hangs, no decision and no work at AWS waits for it. What finds no place in time is
 * told so, and its type says what becomes of it then: a whisper is said in a direct message. */
#include "internal.h"
#include "log.h"

enum {
    MAX_CALLS_OF_ONE = 12, /* kind: a form must still open while answers hang */
    MAX_WAITING = 64,
    MAX_WAIT_MS = 3000, /* Slack's trigger ids live so long */
};

static bool has_place(const struct engine *engine, const char *call)
{
    return live_effects_volatile(&engine->in_flight, NULL) < MAX_VOLATILE_CALLS &&
           live_effects_volatile(&engine->in_flight, call) < MAX_CALLS_OF_ONE &&
           backoffs_until(&engine->calls, call) <= engine_time(engine);
}

/* Takes ${effect}. */
static void start(struct engine *engine, struct live_effect effect)
{
    live_effects_add(&engine->in_flight, effect);
    live_effect_start(engine, &engine->in_flight.at[engine->in_flight.count - 1]);
}

/* Takes ${effect}. */
static void give_up(struct engine *engine, struct live_effect effect)
{
    static const struct completion completion = {.outcome = OUTCOME_REFUSED,
                                                 .code = "no_place",
                                                 .text = "there was too much to say at once",
                                                 .retry_after_ms = -1};
    struct turn turn;
    log_warn("call dropped", F_TEXT("type", effect.type->name), F_TEXT("target", effect.target),
             F_TEXT("why", completion.text));
    turn_begin(&turn, engine);
    live_effect_complete(&turn, &effect, &completion, completion.code);
    turn_end(&turn);
    live_effect_clear(&effect);
}

void volatiles_run(struct engine *engine)
{
    int64_t time = engine_time(engine);
    for (size_t i = 0; i < engine->waiting.count;) {
        const struct live_effect *effect = &engine->waiting.at[i];
        if (effect->batch > engine->synced)
            return; /* so does whatever was asked for later */
        if (has_place(engine, effect->type->call))
            start(engine, live_effects_remove(&engine->waiting, i));
        else if (time - effect->created_at >= MAX_WAIT_MS || i >= MAX_WAITING)
            give_up(engine, live_effects_remove(&engine->waiting, i));
        else
            i++;
    }
}

int64_t volatiles_next(const struct engine *engine)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < engine->waiting.count; i++) {
        const struct live_effect *effect = &engine->waiting.at[i];
        int64_t until = backoffs_until(&engine->calls, effect->type->call);
        int64_t end = effect->created_at + MAX_WAIT_MS;
        int64_t at = until > engine_time(engine) && until < end ? until : end;
        next = at < next ? at : next;
    }
    return next;
}
