/* Effects in memory: volatile ones that wait, and those in flight. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

void live_effects_add(struct live_effects *effects, struct live_effect effect)
{
    effects->at = mem_resize(effects->at, effects->count + 1, sizeof(*effects->at));
    effects->at[effects->count++] = effect;
}

void live_effects_wait(struct engine *engine, struct live_effect effect)
{
    effect.batch = batch_of_now(engine);
    live_effects_add(&engine->waiting, effect);
}

struct live_effect live_effects_remove(struct live_effects *effects, size_t at)
{
    assert(at < effects->count);
    struct live_effect effect = effects->at[at];
    effects->count--;
    memmove(&effects->at[at], &effects->at[at + 1], (effects->count - at) * sizeof(effect));
    return effect;
}

void live_effect_clear(struct live_effect *effect)
{
    free(effect->target);
    free(effect->lane);
    free(effect->body);
}

void live_effects_free(struct live_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        live_effect_clear(&effects->at[i]);
    free(effects->at);
    *effects = (struct live_effects){NULL, 0};
}

bool live_effects_has(const struct live_effects *effects, int64_t id)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->at[i].id == id)
            return true;
    }
    return false;
}

bool live_effect_is_volatile(const struct live_effect *effect)
{
    return effect->id < 0;
}

size_t live_effects_volatile(const struct live_effects *effects, const char *call)
{
    size_t count = 0;
    for (size_t i = 0; i < effects->count; i++) {
        const struct live_effect *effect = &effects->at[i];
        count += live_effect_is_volatile(effect) &&
                 (call == NULL || strcmp(effect->type->call, call) == 0);
    }
    return count;
}

void live_effect_complete(struct turn *turn, const struct live_effect *effect,
                          const struct completion *completion, const char *last)
{
    struct result result = {
        .effect = effect->id,
        .subject = effect->subject,
        .target = effect->target,
        .outcome = completion->outcome,
        .code = completion->code != NULL ? completion->code : "",
        .last = last != NULL ? last : "",
        .text = completion->text != NULL ? completion->text : "",
        .reply = completion->reply,
        .body = effect->body,
        .body_size = effect->body_size,
    };
    if (turn->engine->tables.completed != NULL)
        turn->engine->tables.completed(turn, effect->type->name, effect->type->call, &result);
    assert(effect->type->done != NULL);
    effect->type->done(turn, &result);
}

void live_effect_start(struct engine *engine, struct live_effect *effect)
{
    struct effect_call call = {
        .effect = effect->id,
        .name = effect->type->call,
        .kind = effect->type->kind,
        .body = effect->body,
        .body_size = effect->body_size,
        .subject = effect->subject,
        .target = effect->target,
        .attempts = effect->attempts,
    };
    assert(!effect->started && effect->batch <= engine->synced); /* effects after the disk has it */
    effect->started = true;
    engine->counts.effects++;
    engine->ports.run_effect(engine->ports.ctx, &call);
}
