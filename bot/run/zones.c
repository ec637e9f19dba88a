#include "run/zones.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "text.h"

#define FOLDER "/usr/share/zoneinfo/"

/* The newest is in the place of the oldest. A zone is a few kilobytes. */
enum { KEPT = 64 };

static struct kept {
    char name[ZONE_NAME]; /* "" where there is none yet */
    struct zone *zone;
} kept[KEPT];
static unsigned newest;

/* What is there, up to one byte more than a file may have. */
static ssize_t read_file(const char *name, char *bytes, size_t capacity)
{
    char path[sizeof(FOLDER) + ZONE_NAME] = FOLDER;
    strncat(path, name, ZONE_NAME - 1);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return -1;
    size_t size = 0;
    ssize_t got = 0;
    while (size < capacity && (got = read(file, bytes + size, capacity - size)) > 0)
        size += (size_t)got;
    int why = errno;
    close(file);
    errno = why;
    return got < 0 ? -1 : (ssize_t)size;
}

static struct zone *open_zone(const char *name)
{
    static char bytes[ZONE_FILE + 1];
    struct err err = {0};
    struct zone *zone = NULL;
    ssize_t size = zone_name_good(name) ? read_file(name, bytes, sizeof(bytes)) : -1;
    if (size >= 0)
        zone = zone_read(bytes, (size_t)size, &err);
    else
        err_set(&err, "%s", zone_name_good(name) ? strerror(errno) : "no zone has such a name");
    if (zone == NULL)
        log_warn("unknown time zone", F_TEXT("zone", name), F_TEXT("why", err.text),
                 F_TEXT("instead", "UTC"));
    return zone;
}

const struct zone *zones_get(const char *name)
{
    char fitting[ZONE_NAME];
    text_fit(fitting, sizeof(fitting), name);
    for (unsigned i = 0; i < KEPT; i++)
        if (strcmp(kept[i].name, fitting) == 0 && *fitting != '\0')
            return kept[i].zone;
    newest = (newest + 1) % KEPT;
    zone_free(kept[newest].zone);
    kept[newest].zone = open_zone(name);
    text_fit(kept[newest].name, sizeof(kept[newest].name), fitting);
    return kept[newest].zone;
}
