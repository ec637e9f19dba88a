/* cppo-bot: the command line. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "log.h"
#include "run/bot.h"

static const char usage[] =
    "cppo-bot run    [--config FILE]   serve the workspace (FILE: cppo.yaml when not given)\n"
    "cppo-bot init   [--config FILE]   write an example configuration, if FILE is not there yet\n"
    "cppo-bot config-table            print what can be configured, as Markdown\n"
    "cppo-bot --help\n"
    "\n"
    "From the environment: SLACK_APP_TOKEN, SLACK_BOT_TOKEN (each also as NAME_FILE or as a "
    "systemd\n"
    "credential), and the AWS keys. README.md tells how to get them.\n";

static struct config *load(const char *path)
{
    struct err err;
    struct config *config = config_load(path, &err);
    if (config == NULL)
        fprintf(stderr, "%s\n", err.text);
    return config;
}

static int run(const char *path)
{
    struct config *config = load(path);
    if (config == NULL)
        return 78;
    log_set_level(config->log_level);
    int status = bot_run(config);
    config_free(config);
    return status;
}

/* README.md holds this table; `make check` compares the two. */
static int print_table(const char *path)
{
    char *table = config_table_markdown();
    (void)path;
    fputs(table, stdout);
    free(table);
    return 0;
}

static int init(const char *path)
{
    FILE *file = fopen(path, "wxe"); /* never over one that is there */
    if (file == NULL) {
        fprintf(stderr, "%s is there already, or cannot be written; nothing was changed\n", path);
        return 73;
    }
    char *example = config_example();
    int failed = fputs(example, file) < 0;
    failed |= fclose(file) != 0;
    free(example);
    if (!failed)
        printf("wrote %s: fill in the channels, the AWS account and the approvers\n", path);
    return failed ? 73 : 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const char *path);
    } commands[] = {{"config-table", print_table}, {"init", init}, {"run", run}};
    const char *path = argc == 4 ? argv[3] : "cppo.yaml";
    bool good = argc == 2 || (argc == 4 && strcmp(argv[2], "--config") == 0);
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    for (size_t i = 0; good && i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(path);
    }
    fputs(usage, stderr);
    return 64;
}
