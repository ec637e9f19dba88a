#include "setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "parts.h"

extern char **environ;

static const char yaml[] =
    "# Written by cppo-sandbox: the bot's configuration for this workspace.\n"
    "slack:\n"
    "  channels:\n"
    "    approvals: C0APPROVALS\n"
    "    announcements: C0OFFERS\n"
    "    operators: C0OPERATORS\n"
    "aws:\n"
    "  account: \"" SANDBOX_ACCOUNT "\"\n"
    "marketplace:\n"
    "  poll_first: 200ms\n"
    "  poll_slowest: 2s\n"
    "offer:\n"
    "  name: \"Archera - Subscription\"\n"
    "  expected_unit_price: \"0.01\"\n"
    "  markup_cap: \"50\"\n"
    "  tier: bronze\n"
    "  tiers:\n"
    "    - name: bronze\n"
    "      markup: \"25\"\n"
    "    - name: silver\n"
    "      markup: \"33.3\"\n"
    "    - name: gold\n"
    "      markup: \"42.8\"\n"
    "people:\n"
    "  approvers:\n"
    "    groups:\n"
    "      - S0MANAGERS\n"
    "  operators:\n"
    "    users:\n"
    "      - U0OLGA\n"
    "approvals:\n"
    "  needed: 1\n"
    "support_contact: \"partners@reserved.example\"\n";

static void fill_environment(const struct sandbox *sandbox, char *names[SETUP_NAMES])
{
    const char *url = sandbox_url(sandbox);
    size_t i = 0;
    names[i++] = mem_copy("SLACK_APP_TOKEN=xapp-1-A0CPPO-sandbox");
    names[i++] = mem_copy("SLACK_BOT_TOKEN=xoxb-sandbox");
    names[i++] = text_format("SLACK_API_URL=%s/api/", url);
    names[i++] = text_format("AWS_ENDPOINT_URL_MARKETPLACE_CATALOG=%s/aws/catalog", url);
    names[i++] = text_format("AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT=%s/aws/agreement", url);
    names[i++] = text_format("AWS_ENDPOINT_URL_STS=%s/aws/sts", url);
    names[i++] = text_format("AWS_ENDPOINT_URL_IAM=%s/aws/iam", url);
    names[i++] = mem_copy("AWS_ACCESS_KEY_ID=" SANDBOX_KEY_ID);
    names[i++] = mem_copy("AWS_SECRET_ACCESS_KEY=" SANDBOX_SECRET_KEY);
    names[i++] = mem_copy("AWS_REGION=" SANDBOX_REGION);
    names[i++] = mem_copy("AWS_EC2_METADATA_DISABLED=true");
}

static bool is_ours(const char *variable, char *const names[SETUP_NAMES])
{
    size_t size = strcspn(variable, "=") + 1;
    for (size_t i = 0; i < SETUP_NAMES; i++) {
        if (strncmp(names[i], variable, size) == 0)
            return true;
    }
    return strncmp(variable, "AWS_SESSION_TOKEN=", 18) == 0 ||
           strncmp(variable, "AWS_PROFILE=", 12) == 0;
}

char **setup_environment(const struct sandbox *sandbox, char *storage[SETUP_NAMES])
{
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **list = mem_new(count + SETUP_NAMES + 1, sizeof(*list));
    fill_environment(sandbox, storage);
    memcpy(list, storage, SETUP_NAMES * sizeof(*list));
    size_t at = SETUP_NAMES;
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(environ[i], storage))
            list[at++] = environ[i];
    }
    return list;
}

static int write_file(const char *dir, const char *name, const char *content, struct err *err)
{
    char *path = text_format("%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    int failed = file == NULL;
    if (file != NULL) {
        failed = fputs(content, file) < 0;
        failed |= fclose(file) != 0;
    }
    if (failed)
        err_set(err, "cannot write %s: %s", path, strerror(errno));
    free(path);
    return failed ? -1 : 0;
}

static int make_directory(const char *dir, struct err *err)
{
    char *path = mem_copy(dir);
    int failed = 0;
    for (char *slash = path; slash != NULL && !failed;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL)
            *slash = '\0';
        failed = mkdir(path, 0777) != 0 && errno != EEXIST;
        if (slash != NULL)
            *slash = '/';
    }
    if (failed)
        err_set(err, "cannot make the directory %s: %s", dir, strerror(errno));
    free(path);
    return failed ? -1 : 0;
}

static void forget_book(const char *dir)
{
    static const char *const names[] = {"cppo.db", "cppo.db-wal", "cppo.db-shm", "cppo.db.mark"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = text_format("%s/%s", dir, names[i]);
        unlink(path);
        free(path);
    }
}

int setup_write(const struct sandbox *sandbox, const char *dir, struct err *err)
{
    char *names[SETUP_NAMES];
    struct text env = {0};
    if (make_directory(dir, err) != 0)
        return -1;
    forget_book(dir);
    char *full = realpath(dir, NULL);
    char *config =
        text_format("%sstore:\n  path: \"%s/cppo.db\"\n", yaml, full != NULL ? full : dir);
    fill_environment(sandbox, names);
    for (size_t i = 0; i < SETUP_NAMES; i++) {
        text_addf(&env, "%s\n", names[i]);
        free(names[i]);
    }
    int failed = write_file(dir, "cppo.yaml", config, err);
    if (failed == 0)
        failed = write_file(dir, "sandbox.env", text_get(&env), err);
    text_free(&env);
    free(config);
    free(full);
    return failed;
}
