#include "figures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIGURES = 400, MAX_ROUNDS = 40 };

const char *const who_names[WHO_COUNT] = {
    "this bot",         "slack-go", "@slack/socket-mode", "@slack/bolt",
    "Bolt that stores", "floor",    "floor that stores",
};

static struct figure {
    char name[80];
    double values[WHO_COUNT][MAX_ROUNDS];
    int counts[WHO_COUNT];
} figures[MAX_FIGURES];
static int count;

static struct figure *find(const char *name, bool make)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    }
    if (!make || count == MAX_FIGURES)
        return NULL;
    snprintf(figures[count].name, sizeof(figures[count].name), "%s", name);
    return &figures[count++];
}

void figures_add(enum who who, double value, const char *format, ...)
{
    char name[80];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    struct figure *figure = find(name, true);
    if (figure != NULL && figure->counts[who] < MAX_ROUNDS)
        figure->values[who][figure->counts[who]++] = value;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static struct spread spread(double *values, int n)
{
    if (n == 0)
        return (struct spread){0};
    qsort(values, (size_t)n, sizeof(*values), by_size);
    double median = n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
    return (struct spread){n, median, values[0], values[n - 1]};
}

struct spread figures_get(enum who who, const char *name)
{
    double values[MAX_ROUNDS];
    const struct figure *figure = find(name, false);
    if (figure == NULL)
        return (struct spread){0};
    memcpy(values, figure->values[who], sizeof(values));
    return spread(values, figure->counts[who]);
}

struct spread figures_ratio(enum who who, enum who peer, const char *name)
{
    double values[MAX_ROUNDS];
    const struct figure *figure = find(name, false);
    int n = 0;
    if (figure == NULL)
        return (struct spread){0};
    for (int i = 0; i < figure->counts[who] && i < figure->counts[peer]; i++) {
        if (figure->values[peer][i] > 0)
            values[n++] = figure->values[who][i] / figure->values[peer][i];
    }
    return spread(values, n);
}

void figures_each(void (*visit)(void *ctx, const char *name), void *ctx)
{
    for (int i = 0; i < count; i++)
        visit(ctx, figures[i].name);
}

json_t *figures_json(void)
{
    json_t *all = json_object();
    for (int i = 0; i < count; i++) {
        json_t *one = json_object();
        for (int who = 0; who < WHO_COUNT; who++) {
            json_t *values = figures[i].counts[who] > 0 ? json_array() : NULL;
            for (int k = 0; k < figures[i].counts[who]; k++)
                json_array_append_new(values, json_real(figures[i].values[who][k]));
            if (values != NULL)
                json_object_set_new(one, who_names[who], values);
        }
        json_object_set_new(all, figures[i].name, one);
    }
    return all;
}
