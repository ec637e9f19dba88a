/* The configuration file: YAML, read through one table (key, kind, default, bounds, doc), from
 * which also come the errors, the example that `cppo-bot init` writes and bot/configuration.md. No
 * secret is in it. */
#ifndef CPPO_CONFIG_H
#define CPPO_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "log.h"
#include "offers/decimal.h"
#include "offers/lists.h"
#include "offers/playbook.h"
#include "offers/rule.h"
#include "offers/working.h"

struct config_tier {
    char *name;
    struct decimal markup; /* percent */
};

/* Ids of users and user groups; NULL-terminated lists, never NULL themselves. */
struct config_people {
    char **users;
    char **groups;
};

/* A list of people that the rules of approval name. */
struct config_group {
    char *name;
    struct config_people people;
    size_t line; /* of the file */
};

/* A rule, as it is written (offers/rule.h). */
struct config_rule {
    char *name;
    char *parts[RULE_PARTS];
    size_t line;
};

/* A playbook, as it is written. */
struct config_playbook {
    char *name;
    char *authorization;
    char *tier;
    char *markup;
    char *term;
    int days;
    char *eula;
    char *eula_url;
    char *offer_name;
    char *note;
    char *price;
    char *list;
    size_t line;
};

enum config_draft { DRAFT_ON_SUBMIT, DRAFT_ON_APPROVAL };

/* Texts are never NULL, "" when not set; durations in ms. */
struct config {
    char *home_team;             /* slack.home_team, "" = the token's */
    int connections;             /* slack.connections */
    char *channel_approvals;     /* slack.channels.approvals */
    char *channel_announcements; /* slack.channels.announcements */
    char *channel_operators;     /* slack.channels.operators, "" = none */
    char *aws_account;           /* aws.account */
    char *aws_profile;           /* aws.profile, "" = environment's choice */
    enum config_draft draft;     /* marketplace.draft: on-submit | on-approval */
    char *buyer_url;             /* marketplace.buyer_url with {product} and {offer} */
    char *eula_version;          /* marketplace.eula_version of the standard EULA */
    int64_t poll_first;          /* marketplace.poll_first */
    int64_t poll_slowest;        /* marketplace.poll_slowest */
    char *offer_name;            /* offer.name */
    char *expected_unit_price;   /* offer.expected_unit_price, "" = not compared */
    char *expected_currency;     /* offer.expected_currency */
    int accept_within_days;      /* offer.accept_within_days */
    struct decimal markup_cap;   /* offer.markup_cap, percent */
    char *tier;                  /* offer.tier: one of the tiers' names */
    struct config_tier *tiers;   /* offer.tiers */
    size_t tier_count;
    struct config_people people[LISTS]; /* people.<name of the list> */
    char **teams;                       /* people.teams: further organisations that may act */
    int needed;                         /* approvals.needed */
    int64_t undo_window;                /* approvals.undo_window, ms */
    struct working_waits remind_after;  /* reminders.after; none: nobody is reminded */
    struct working_hours hours;         /* working_hours.days, .from, .to, .holidays */
    char *zone;                         /* working_hours.zone, of whom Slack names none */
    char *support_contact;              /* support_contact */
    char *proxy_url;                    /* proxy.url, "" = the environment's, "none" */
    char *no_proxy;                     /* proxy.no_proxy, "" = the environment's */
    char *ca_file;                      /* tls.ca_file, "" = the system's */
    bool writable_by_others;            /* the file is: it says who may approve */
    char *store_path;                   /* store.path */
    enum log_level log_level;           /* log.level */
    struct config_group *groups;        /* approvals.groups */
    size_t group_count;
    struct config_rule *written; /* approvals.rules */
    size_t written_count;
    struct rule *rules; /* the same, read, in their order; NULL where there are none */
    size_t rule_count;
    unsigned rule_lists;             /* the lists whose members approve by one of them, a set */
    struct config_playbook *presets; /* playbooks */
    size_t preset_count;
    struct playbook *playbooks; /* the same, read; NULL where there are none */
    char *break_glass;          /* approvals.break_glass: a list's name, "" = nobody */
    unsigned breakers;          /* that list, a set */
};

/* Read and check ${path}; all defaults are filled in. NULL with all that is wrong in ${why}, on the
 * heap: a line for each mistake, with file, line, key, and what to write instead. */
struct config *config_load(const char *path, char **why);
void config_free(struct config *config);

/* How many lists of people there are: people.<name>, then those of approvals.groups. */
size_t config_list_count(const struct config *config);
const struct config_people *config_people(const struct config *config, size_t list);
struct rule_lists;
void config_lists(const struct config *config, struct rule_lists *lists);

/* The markup of the configured tier, for the form's default. */
struct decimal config_markup(const struct config *config);

/* What the example holds in place of what only the operator knows. */
#define CONFIG_EXAMPLE_CHANNEL "C0123456789"
#define CONFIG_EXAMPLE_GROUP "S0123456789"
#define CONFIG_EXAMPLE_ACCOUNT "000000000000"

/* The commented example that `init` writes; and the table of bot/configuration.md. On the heap. */
char *config_example(void);
char *config_table_markdown(void);

/* Secrets: from NAME, from the file named by NAME_FILE, or from $CREDENTIALS_DIRECTORY/NAME
 * (systemd), in this order; trimmed. NULL with an error that says where was looked. The caller
 * frees it with mem_wipe_free. */
char *config_secret(const char *name, struct err *err);

#endif
