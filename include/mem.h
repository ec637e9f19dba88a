/* Allocation that cannot fail. A daemon that is out of memory has nothing useful left to do: the
 * process says so on stderr and ends with status 71; what was committed is on disk, and the next
 * start goes on from there. */
#ifndef CPPO_MEM_H
#define CPPO_MEM_H

#include <stddef.h>

/* A zeroed block of ${count} x ${size} bytes, the product checked. The caller frees it. */
void *mem_new(size_t count, size_t size);

/* malloc and realloc, in the form that libraries take: what one of them cannot get would otherwise
 * be a call that never ends, or text that goes out half. */
void *mem_block(size_t size);
void *mem_regrow(void *old, size_t size);

/* Resize ${old} (may be NULL) to ${count} x ${size} bytes, the product checked. */
void *mem_resize(void *old, size_t count, size_t size);

/* Copies on the heap; NULL gives NULL. mem_slice copies ${size} bytes and adds a NUL. */
char *mem_copy(const char *text);
char *mem_slice(const void *bytes, size_t size);

/* Overwrite ${text} before it is freed: for secrets. NULL is fine. */
void mem_wipe_free(char *text);

#endif
