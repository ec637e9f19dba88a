/* Jobs that run side by side, each in a process of its own with a world of its own, and the figures
 * that they measure. */
#ifndef FAULTS_JOBS_H
#define FAULTS_JOBS_H

#include <stdbool.h>

struct job {
    const char *name; /* of the test that it is part of */
    void (*run)(const struct job *job);
    int number; /* among those of the test, from 0 */
    int of;     /* how many there are */
    int amount; /* what each has to do, as the test has it */
};

/* Called by a job, as often as it likes: a figure of the whole run. A job that finds something
 * wrong ends its process with another status than 0. */
void jobs_figure(const char *name, double value);

/* Run them, ${width} at a time; print each test's figures, and "N passed, N failed" of tests; true
 * when none failed. */
bool jobs_run(const struct job *jobs, int count, int width);

#endif
