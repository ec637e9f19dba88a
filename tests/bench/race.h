/* Between the files of the race. */
#ifndef BENCH_RACE_H
#define BENCH_RACE_H

#include <stdio.h>

/* Print tables, ratios and goals; write race.json and race.svg. */
void race_report(int rounds, const char *dir);

/* The goals, met and not; returns how many are not. */
int race_goals(FILE *out);

/* The plot, to ${path}. */
void race_plot(const char *path);

#endif
