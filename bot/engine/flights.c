/* Effects in memory: volatile ones that wait, and what is out. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

void flights_add(struct flights *flights, struct flight flight)
{
    flights->at = mem_resize(flights->at, flights->count + 1, sizeof(*flights->at));
    flights->at[flights->count++] = flight;
}

struct flight flights_remove(struct flights *flights, size_t at)
{
    struct flight flight = flights->at[at];
    flights->count--;
    memmove(&flights->at[at], &flights->at[at + 1], (flights->count - at) * sizeof(flight));
    return flight;
}

void flight_clear(struct flight *flight)
{
    free(flight->target);
    free(flight->lane);
    free(flight->body);
}

void flights_free(struct flights *flights)
{
    for (size_t i = 0; i < flights->count; i++)
        flight_clear(&flights->at[i]);
    free(flights->at);
    *flights = (struct flights){NULL, 0};
}

bool flight_is_volatile(const struct flight *flight)
{
    return flight->id < 0;
}

size_t flights_volatile(const struct flights *flights, const char *call)
{
    size_t count = 0;
    for (size_t i = 0; i < flights->count; i++) {
        const struct flight *flight = &flights->at[i];
        count +=
            flight_is_volatile(flight) && (call == NULL || strcmp(flight->type->call, call) == 0);
    }
    return count;
}

void flight_tell(struct turn *turn, const struct flight *flight, const struct finish *finish,
                 const char *last)
{
    struct result result = {
        .effect = flight->id,
        .subject = flight->subject,
        .target = flight->target,
        .outcome = finish->outcome,
        .code = finish->code != NULL ? finish->code : "",
        .last = last != NULL ? last : "",
        .text = finish->text != NULL ? finish->text : "",
        .reply = finish->reply,
        .body = flight->body,
        .body_size = flight->body_size,
    };
    if (turn->engine->tables.finished != NULL)
        turn->engine->tables.finished(turn, flight->type->name, flight->type->call, &result);
    flight->type->done(turn, &result);
}

/* Takes ${flight}. */
void flight_start(struct engine *engine, struct flight flight)
{
    struct errand errand = {
        .effect = flight.id,
        .call = flight.type->call,
        .kind = flight.type->kind,
        .body = flight.body,
        .body_size = flight.body_size,
        .subject = flight.subject,
        .target = flight.target,
        .attempts = flight.attempts,
    };
    flights_add(&engine->out, flight);
    engine->counts.effects++;
    engine->ports.run_effect(engine->ports.ctx, &errand);
}
