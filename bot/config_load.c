#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_members.h"
#include "config_playbooks.h"
#include "config_read.h"
#include "config_rules.h"
#include "config_table.h"
#include "config_values.h"
#include "mem.h"
#include "text.h"

/* The form proposes our tier's markup: it would refuse its own. */
static void check_cap(const struct config *config, const char *path, struct text *problems)
{
    char cap[DECIMAL_TEXT];
    char markup[DECIMAL_TEXT];
    struct decimal proposed = config_markup(config);
    if (decimal_compare(proposed, config->markup_cap) <= 0)
        return;
    decimal_write(config->markup_cap, cap);
    decimal_write(proposed, markup);
    config_wrong(problems, path, 0,
                 "offer.markup_cap is %s, less than the markup of our tier “%s”, which is %s", cap,
                 config->tier, markup);
}

/* What no key says alone. A value that could not be read is not compared: it is told already. */
static void check_whole(struct config *config, const char *path, struct text *problems)
{
    bool known = false;
    bool readable = problems->size == 0;
    const struct config_people *approvers = &config->people[LIST_APPROVERS];
    if (approvers->users[0] == NULL && approvers->groups[0] == NULL)
        config_wrong(problems, path, 0,
                     "nobody can approve: name people.approvers.users or .groups");
    for (size_t i = 0; i < config->tier_count; i++) /* of one without a name it is told already */
        known |= *config->tiers[i].name == '\0' || strcmp(config->tiers[i].name, config->tier) == 0;
    if (!known)
        config_wrong(problems, path, 0, "offer.tier “%s” is not one of offer.tiers", config->tier);
    if (readable && config->poll_slowest < config->poll_first)
        config_wrong(problems, path, 0,
                     "marketplace.poll_slowest is shorter than marketplace.poll_first");
    if (readable && config->hours.to <= config->hours.from)
        config_wrong(problems, path, 0, "working_hours.to is no later than working_hours.from");
    if (readable)
        check_cap(config, path, problems);
    if (readable)
        config_rules_read(config, path, problems);
    if (readable)
        config_playbooks_read(config, path, problems);
}

/* A relative path starts at the configuration's folder, wherever the bot was started from: it would
 * begin another book in another folder. */
static void resolve_store(struct config *config, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (config->store_path[0] == '/' || slash == NULL)
        return;
    char *whole = text_format("%.*s/%s", (int)(slash - path), path, config->store_path);
    free(config->store_path);
    config->store_path = whole;
}

struct config *config_load(const char *path, char **why)
{
    struct text problems = {0};
    struct stat about;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        *why = text_format("%s cannot be read: %s. `cppo-bot init` writes an example", path,
                           strerror(errno));
        return NULL;
    }
    struct config *config = mem_new(1, sizeof(*config));
    if (config_read(file, path, config_rows, config, &problems))
        check_whole(config, path, &problems);
    config->writable_by_others =
        fstat(fileno(file), &about) == 0 && (about.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    (void)fclose(file); /* it was only read */
    if (problems.size > 0) {
        *why = text_take(&problems);
        config_free(config);
        config = NULL;
    }
    text_free(&problems);
    if (config != NULL)
        resolve_store(config, path);
    return config;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    config_clear(config_rows, config);
    free(config->rules);
    free(config->playbooks);
    free(config);
}

struct decimal config_markup(const struct config *config)
{
    for (size_t i = 0; i < config->tier_count; i++) {
        if (strcmp(config->tiers[i].name, config->tier) == 0)
            return config->tiers[i].markup;
    }
    return (struct decimal){0, 0};
}
