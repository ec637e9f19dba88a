/* A client under measurement: a process on a core of its own, and what the kernel says of it. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>

/* The bench, its load generator and the sandbox run on one core, the client on another. */
enum { CORE_OF_LOAD = 0, CORE_OF_CLIENT = 1 };

/* Keep this process, and what it starts, on ${core}; false: there is none. */
bool client_pin(unsigned core);

/* Start ${words} (NULL ends them), with ${settings} ("NAME=value", NULL ends them) beside the
 * environment, on the client's core; what it says goes to ${log}. */
pid_t client_start(char *const *words, char *const *settings, const char *log);
void client_kill(pid_t pid); /* kill -9, and wait */
bool client_lives(pid_t pid);

double client_cpu_us(pid_t pid); /* processor time of all its threads, ended ones included */
/* Of smaps_rollup, kB: all that is resident, and what of it is private and no file's. */
void client_memory(pid_t pid, double *resident, double *anonymous);

#endif
