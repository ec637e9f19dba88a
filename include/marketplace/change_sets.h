/* Change sets of the Catalog API: the bytes to send. Source: AWS Marketplace Catalog API, "Work
 * with channel partner private offers" and the API reference of StartChangeSet. */
#ifndef CPPO_MARKETPLACE_CHANGE_SETS_H
#define CPPO_MARKETPLACE_CHANGE_SETS_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/change_set.h"
#include "offers/content.h"

/* What identifies one attempt for one purpose; its name is unique, and its token a function of this
 * and the body. */
struct change_set_id {
    const char *install;
    int64_t offer;
    int revision;
    const char *purpose; /* "make", "update", "release" */
    int number;          /* of the draft */
    int attempt;
    const char *mark; /* of the book that made it (book/marks.h); "" in names of older versions */
};

/* "cppo.<install>.12.r2.make.1.1.<mark>"; ChangeSetName takes 1-100 of word characters, space, + =
 * . : @ -
 */
void change_set_name(const struct change_set_id *id, char name[SET_NAME]);

/* What such a name says; false when no installation of ours made it. */
enum { INSTALL_ID = 33 };
struct change_set_parts {
    char install[INSTALL_ID];
    int64_t offer;
    int revision;
    char purpose[PURPOSE_NAME];
    int number;
    int attempt;
    char mark[SET_MARK]; /* "" when it has none */
};
bool change_set_name_read(struct change_set_parts *parts, const char *name);

/* The bodies, on the heap; deterministic. */
char *change_set_make(const struct change_set_id *id, const struct content *content,
                      const char *eula_version);
char *change_set_update(const struct change_set_id *id, const char *entity,
                        const struct content *content, const char *eula_version);
/* ${entity_revision}: the one that was read back, as AWS told it; "" names none. AWS refuses a
 * release of any other. */
char *change_set_release(const struct change_set_id *id, const char *entity,
                         const char *entity_revision);

/* The name and the client request token in one of these bodies. */
void change_set_asked(const char *body, char name[SET_NAME], char token[SET_TOKEN]);

/* What AWS calls Description: the customer, cut to fit, and " - CPPO-12 r2". At most 255 UTF-16
 * units, as Java counts them; only we see it. On the heap. */
char *change_set_description(int64_t offer, int revision, const char *customer);

/* Is ${held} the description of this revision? */
bool change_set_describes(const char *held, int64_t offer, int revision, const char *customer);

#endif
