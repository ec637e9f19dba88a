/* The tests behind the fault proxy; each is a job's function (jobs.h). */
#ifndef FAULTS_PROXY_TESTS_H
#define FAULTS_PROXY_TESTS_H

#include "jobs.h"

void tests_burst(const struct job *job);
void tests_reconnects(const struct job *job);

#endif
