/* `cppo-bot check`, before any network is asked: the state file, its folder and disk, and values
 * that still are the example's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "check_up.h"
#include "io/store.h"
#include "mem.h"
#include "run/disk.h"
#include "run/migrations.h"
#include "text.h"

/* --- the state file --- */

/* Can the state file, with its journal and lock beside it, be made and written in ${folder}? */
static bool check_folder(struct check_up *up, const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0)
        check_wrong(up, "state file", "its folder %s: %s; make it, or change store.path", folder,
                    strerror(errno));
    else if (!S_ISDIR(about.st_mode))
        check_wrong(up, "state file", "%s is no folder; change store.path", folder);
    else if (access(folder, W_OK | X_OK) != 0)
        check_wrong(up, "state file", "nothing can be written in its folder %s: %s", folder,
                    strerror(errno));
    else
        return true;
    return false;
}

static void check_disk(struct check_up *up, const char *folder)
{
    int64_t free_bytes = disk_free(folder);
    if (free_bytes < 0)
        return; /* the folder has been complained of */
    long long mb = (long long)(free_bytes / 1000000);
    if (free_bytes < DISK_LOW)
        check_wrong(up, "disk",
                    "only %lld MB are free where the state file is; the bot stops "
                    "when it cannot write: make room",
                    mb);
    else
        check_good("disk", "%lld MB are free where the state file is", mb);
}

static void check_store(struct check_up *up)
{
    struct err err;
    const char *path = up->config->store_path;
    if (access(path, F_OK) != 0) {
        check_good("state file", "%s will be made at the first start", path);
        return;
    }
    struct store *store = store_open_reader(path, bot_migration_count, &err);
    if (store == NULL || store_check(store, &err) != 0)
        check_wrong(up, "state file", "%s", err.text);
    else
        check_good("state file", "%s: %lld MB, all of it checked%s", path,
                   (long long)(store_size(store) / 1000000),
                   store_is_large(store) ? " (at this size, startup checks only part of it)" : "");
    store_close(store);
}

void check_machine(struct check_up *up)
{
    char *folder = disk_folder(up->config->store_path);
    if (check_folder(up, folder)) {
        check_store(up);
        check_disk(up, folder);
    }
    free(folder);
}

/* --- the example --- */

static void check_left(struct check_up *up, const char *key, const char *value, const char *example)
{
    if (strcmp(value, example) == 0)
        check_wrong(up, "configuration", "%s is still the example's %s: put your own in", key,
                    example);
}

void check_example(struct check_up *up)
{
    const struct config *config = up->config;
    check_left(up, "slack.channels.approvals", config->channel_approvals, CONFIG_EXAMPLE_CHANNEL);
    check_left(up, "slack.channels.announcements", config->channel_announcements,
               CONFIG_EXAMPLE_CHANNEL);
    check_left(up, "aws.account", config->aws_account, CONFIG_EXAMPLE_ACCOUNT);
    for (char **group = config->people[LIST_APPROVERS].groups; *group != NULL; group++)
        check_left(up, "people.approvers.groups", *group, CONFIG_EXAMPLE_GROUP);
}
