/* One value of the configuration, from its text into its member: what each kind takes, and what is
 * said of what it does not take. Of YAML nothing is known here. */
#ifndef CPPO_CONFIG_VALUES_H
#define CPPO_CONFIG_VALUES_H

#include <stdbool.h>

#include "config_table.h"
#include "text.h"

/* One more mistake, as a line of its own that names file and line; ${line} 0: it is the whole
 * file's. */
void config_wrong(struct text *problems, const char *path, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Is it a list of ids, {char **} that ends with NULL and is never NULL itself? */
bool config_is_ids(enum config_kind kind);

/* Take ${text} into the member at ${into}, which owns what it holds. What is wrong is added to
 * ${why} in words that begin with ${name}, the key as its reader writes it; the member is then not
 * to be used, but can be freed. */
void config_put(const struct config_row *row, const char *name, void *into, const char *text,
                struct text *why);

/* Is it several words, which may be written as a list? */
bool config_is_words(enum config_kind kind);

/* The same for one more of a list of ids; ${text} NULL: something that is no text. */
void config_put_id(const struct config_row *row, const char *name, void *into, const char *text,
                   struct text *why);

/* Free what a member holds, lists of maps apart. */
void config_drop(const struct config_row *row, void *member);

#endif
