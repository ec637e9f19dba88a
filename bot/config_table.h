/* The one table of the configuration: from it come the loader, the example and the README's table.
 */
#ifndef CPPO_CONFIG_TABLE_H
#define CPPO_CONFIG_TABLE_H

#include <stddef.h>

enum config_kind {
    KIND_TEXT,
    KIND_CHANNEL, /* C…, G… */
    KIND_TEAM,    /* T…, E… */
    KIND_ACCOUNT, /* 12 digits */
    KIND_NUMBER,
    KIND_DURATION,
    KIND_PERCENT,
    KIND_PRICE,
    KIND_DRAFT,
    KIND_LEVEL,
    KIND_USERS,
    KIND_GROUPS,
    KIND_TEAMS,
    KIND_TIERS,
};

struct config_row {
    const char *key; /* with dots */
    enum config_kind kind;
    size_t offset;          /* of its member in struct config */
    const char *by_default; /* NULL: needed */
    long long least, most;
    const char *doc;
};

extern const struct config_row config_rows[]; /* ends with a NULL key */

#endif
