/* What was measured, by name, client and round. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <jansson.h>
#include <stdbool.h>

enum who { BOT, SLACK_GO, SOCKET_MODE, BOLT, BOLT_STORES, ECHO_ONLY, ECHO_STORES, WHO_COUNT };
extern const char *const who_names[WHO_COUNT];

struct spread {
    int count; /* 0: not measured */
    double median, least, most;
};

/* Once a round, in every round in which it is measured. ${format}: of the name. */
void figures_add(enum who who, double value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct spread figures_get(enum who who, const char *name);
/* ${who}'s by ${peer}'s, round by round. */
struct spread figures_ratio(enum who who, enum who peer, const char *name);

/* For each name, in the order in which they came. */
void figures_each(void (*visit)(void *ctx, const char *name), void *ctx);

/* {"name": {"client": [values of the rounds]}}, new. */
json_t *figures_json(void);

#endif
