/* Allocations: counted, and from the chosen one on refused, once or for ever. Who asked is noted.
 * Ours are those of the bot itself and of the libraries that it must see through. Libcurl, OpenSSL
 * and libwebsockets may end the process as they like; SQLite's, twenty times as many, are struck
 * one by one where that is quick (test_allocations.c). */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
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

/* --- whose they are --- */

enum { MAX_OURS = 8 };
static struct {
    uintptr_t from, to;
} ours[MAX_OURS];
static int our_count;

static bool is_name_of_ours(const char *path)
{
    static const char *const names[] = {"libjansson.", "libuv.", "libyaml-", "/libc.so."};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(path, names[i]) != NULL)
            return true;
    }
    return *path == '\0'; /* the program */
}

static int take_object(struct dl_phdr_info *object, size_t size, void *none)
{
    (void)size;
    (void)none;
    if (!is_name_of_ours(object->dlpi_name))
        return 0;
    for (int i = 0; i < object->dlpi_phnum && our_count < MAX_OURS; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0)
            continue;
        ours[our_count].from = object->dlpi_addr + part->p_vaddr;
        ours[our_count].to = ours[our_count].from + part->p_memsz;
        our_count++;
    }
    return 0;
}

void memory_born(void)
{
    dl_iterate_phdr(take_object, NULL);
}

static bool is_ours(const void *asker)
{
    for (int i = 0; i < our_count; i++) {
        if ((uintptr_t)asker >= ours[i].from && (uintptr_t)asker < ours[i].to)
            return true;
    }
    return false;
}

/* --- refusing --- */

/* The number of this allocation among those that the order counts; 0: it is none of them. */
static long count(const void *asker)
{
    enum strike strike = page->order.strike;
    bool counts_ours = strike == STRIKE_STARVE_OURS || strike == STRIKE_FAMINE_OURS;
    bool own = is_ours(asker);
    long nth = ++page->allocations;
    long nth_own = own ? ++page->our_allocations : 0;
    return counts_ours ? nth_own : nth;
}

static bool refused(const void *asker)
{
    if (page == NULL || role != ROLE_BOT)
        return false;
    long nth = count(asker);
    const struct order *order = &page->order;
    bool once = order->strike == STRIKE_STARVE || order->strike == STRIKE_STARVE_OURS;
    bool for_ever = order->strike == STRIKE_FAMINE || order->strike == STRIKE_FAMINE_OURS;
    bool chosen = nth == order->at && nth > 0;
    if (!(once && chosen) && !(for_ever && (chosen || page->struck)))
        return false;
    if (chosen) {
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
