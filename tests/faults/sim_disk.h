/* A disk in memory for SQLite, that knows which writes have reached it for good. It outlives the
 * bot's sudden death, as a disk does, and not the program. */
#ifndef FAULTS_SIM_DISK_H
#define FAULTS_SIM_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of writes that nobody had synced. */
enum disk_loss { DISK_KEEPS, DISK_DROPS, DISK_KEEPS_SOME };

/* SQLite's default from now on; empty. ${lot}: the simulation's dice. */
void disk_open(uint64_t (*lot)(void *ctx, uint64_t sides), void *ctx);
void disk_close(void);

/* The first file of an empty disk: ${name}, with these bytes on the heap, which it takes. */
void disk_put(const char *name, char *bytes, size_t size);

/* The disk itself is at work: memory that is taken now is not the bot's. */
bool disk_is_at_work(void);

/* The process is dead: what is still called does not reach the disk any more ... */
void disk_freeze(void);
/* ... and this is what the next one finds. */
void disk_thaw(enum disk_loss loss);

/* A copy is made of all files, as of now, in place of the last one; and put back (true), where
 * there is one. Between processes, or while the one there is does nothing. */
void disk_back_up(void);
bool disk_restore(void);

#endif
