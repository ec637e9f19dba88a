/* Where secrets come from. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "mem.h"
#include "text.h"

enum { MAX_SECRET = 4096 };

/* Without the white space around it; NULL when nothing is left. Takes ${secret}. */
static char *trimmed_secret(char *secret, const char *where, struct err *err)
{
    size_t before = strspn(secret, " \t\r\n");
    size_t size = strlen(secret);
    while (size > before && isspace((unsigned char)secret[size - 1]))
        size--;
    char *rest = size > before ? mem_slice(secret + before, size - before) : NULL;
    if (rest == NULL)
        err_set(err, "%s is empty", where);
    mem_wipe_free(secret);
    return rest;
}

/* ${guarded}: somebody else sees to it that only we can read it. Else a secret's file belongs to
 * its owner alone. */
static char *read_secret(const char *path, bool guarded, struct err *err)
{
    char buffer[MAX_SECRET];
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) {
        err_set(err, "%s cannot be read: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    ssize_t size = read(fd, buffer, sizeof(buffer));
    close(fd);
    if (!S_ISREG(about.st_mode) || (!guarded && (about.st_mode & 077) != 0)) {
        err_set(err, "%s can be read by others: chmod 600 it", path);
        return NULL;
    }
    if (size < 0 || size == (ssize_t)sizeof(buffer)) {
        err_set(err, "%s is too large for a token", path);
        return NULL;
    }
    char *secret = trimmed_secret(mem_slice(buffer, (size_t)size), path, err);
    explicit_bzero(buffer, sizeof(buffer));
    return secret;
}

char *config_secret(const char *name, struct err *err)
{
    const char *value = getenv(name);
    if (value != NULL && *value != '\0')
        return trimmed_secret(mem_copy(value), name, err);
    char *file_name = text_format("%s_FILE", name);
    const char *file = getenv(file_name);
    free(file_name);
    if (file != NULL && *file != '\0')
        return read_secret(file, false, err);
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    char *path = text_format("%s/%s", directory != NULL ? directory : "", name);
    bool there = directory != NULL && access(path, F_OK) == 0;
    char *secret = there ? read_secret(path, true, err) : NULL;
    free(path);
    if (!there)
        err_set(err, "%s is not set: export it, or name a file in %s_FILE", name, name);
    return secret;
}
