/* A line in a file beside the state file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/store.h"
#include "log.h"
#include "store_parts.h"
#include "text.h"

/* "<place> <words>", in a file that a backup of the state file does not bring back. */
void store_read_beside(struct store *store)
{
    char *name = text_format("%s.mark", store->path);
    char line[BESIDE_TEXT] = "";
    FILE *file = fopen(name, "re");
    free(name);
    if (file == NULL)
        return;
    if (fgets(line, sizeof(line), file) == NULL)
        line[0] = '\0';
    (void)fclose(file); /* it was only read */
    line[strcspn(line, "\n")] = '\0';
    size_t place = strcspn(line, " ");
    store->moved = strlen(store->place) != place || strncmp(line, store->place, place) != 0;
    if (line[place] == ' ')
        text_fit(store->beside, sizeof(store->beside), line + place + 1);
}

/* It is a hint for a later start: one that cannot be written costs that start a comparison; one
 * that a power cut took with it costs nothing as long as the state file is the one that was there.
 * The line before is written over and not cut off first, whatever is left of it: ext4 writes a file
 * that was cut out when it is closed, and the loop would wait for the disk. */
void store_write_beside(struct store *store)
{
    char *name = text_format("%s.mark", store->path);
    char *line = text_format("%s %s\n", store->place, store->committed);
    errno = ENOSPC; /* a write that stops short sets none */
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line)) {
        log_warn("state marker not written", F_TEXT("path", name), F_TEXT("why", strerror(errno)));
        unlink(name); /* an old one would say that nothing is newer */
    }
    if (fd >= 0)
        close(fd);
    store->committed[0] = '\0';
    free(line);
    free(name);
}

const char *store_beside(const struct store *store)
{
    return store->beside;
}

bool store_moved(const struct store *store)
{
    return store->moved;
}

void store_put_beside(struct store *store, const char *words)
{
    text_fit(store->next, sizeof(store->next), words);
}
