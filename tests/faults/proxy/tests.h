/* The tests behind the fault proxy; each is a job's function (jobs.h). */
#ifndef FAULTS_PROXY_TESTS_H
#define FAULTS_PROXY_TESTS_H

#include "jobs.h"

void tests_burst(const struct job *job);
void tests_pieces(const struct job *job);
void tests_slow(const struct job *job);
void tests_calls_cut(const struct job *job);
void tests_cuts(const struct job *job);
void tests_stalls(const struct job *job);
void tests_reconnects(const struct job *job);
void tests_ghosts(const struct job *job);

#endif
