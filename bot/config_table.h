/* The one table of the configuration: from it come the loader, the example and the README's table.
 */
#ifndef CPPO_CONFIG_TABLE_H
#define CPPO_CONFIG_TABLE_H

#include <stddef.h>

enum { CONFIG_MAX_ROWS = 64 }; /* of one table */

enum config_kind {
    KIND_TEXT,
    KIND_NAME,    /* of a map in a list: not empty, and no other map of the list has it */
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
    KIND_RULE, /* a part of a rule of approval (offers/rule.h), by its key */
    KIND_WEEKDAYS,
    KIND_CLOCK, /* 08:30 */
    KIND_DATES,
    KIND_WAITS, /* of working time */
    KIND_ZONE,
    KIND_LIST_OF_MAPS,
};

struct config_row {
    const char *key; /* with dots, one for each section */
    enum config_kind kind;
    size_t offset; /* of its member in the struct that its table fills */
    const char
        *default_text;  /* NULL: required. Of a list of maps: a map a line, {key: value, ...} */
    long long min, max; /* of a list of maps: max alone, how many it may hold */
    const char *doc;
    const struct config_list *list; /* KIND_LIST_OF_MAPS: what a map of it holds */
};

/* Lists of maps may stand in maps; all that holds for keys of the file holds for those of a map. In
 * the struct with the list are an array, at the row's offset, and a size_t. */
struct config_list {
    const struct config_row *rows; /* of one map, their offsets in a struct of its own */
    size_t size;                   /* of that struct */
    size_t count;                  /* offset of the size_t: how many there are */
    size_t line; /* offset, in a map's struct, of the size_t that gets its line; 0: it has none */
    const char *sample; /* maps for the example to show where the default has none; NULL: none */
};

extern const struct config_row config_rows[]; /* ends with a NULL key, as every table does */

#endif
