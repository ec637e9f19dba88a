/* Allocations: counted, and from the chosen one on refused, once or for ever. Who asked is noted.
 */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static void note_asker(const void *asker)
{
    Dl_info info;
    const char *name = "?";
    if (dladdr(asker, &info) != 0 && info.dli_fname != NULL) {
        name = strrchr(info.dli_fname, '/');
        name = name != NULL ? name + 1 : info.dli_fname;
    }
    size_t size = strcspn(name, ".");
    if (size >= sizeof(page->name))
        size = sizeof(page->name) - 1;
    memcpy(page->name, name, size);
    page->name[size] = '\0';
}

static bool refused(const void *asker)
{
    if (page == NULL || role != ROLE_BOT)
        return false;
    long nth = ++page->allocations;
    const struct order *order = &page->order;
    if ((order->deed != DEED_STARVE && order->deed != DEED_FAMINE) || nth < order->at ||
        (order->deed == DEED_STARVE && nth != order->at))
        return false;
    if (nth == order->at) {
        page->struck = 1;
        note_asker(asker);
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return refused(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
