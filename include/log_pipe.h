/* Standard error without ever waiting for its reader, and without changing how others who share it
 * write to it: its open file description, and so O_NONBLOCK, may be the terminal's or another
 * program's too. The log's own part; nobody else includes this. */
#ifndef CPPO_LOG_PIPE_H
#define CPPO_LOG_PIPE_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_PIPE_KEPT = 256 * 1024 }; /* bytes */

/* Write a whole line, or keep it; false, and it is counted, when there is no room. */
bool log_pipe_put(const char *line, size_t size);

/* Write what is kept; true when all of it went. */
bool log_pipe_flush(void);

/* As log_pipe_flush, waiting for the reader a fifth of a second at most. */
void log_pipe_wait(void);

/* Lines that were dropped and not reported yet; ${lines} of them were now. */
unsigned long log_pipe_lost(void);
void log_pipe_lost_reported(unsigned long lines);

#endif
