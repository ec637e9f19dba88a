/* The resale authorizations as last read from AWS. */
#ifndef CPPO_BOOK_AUTHORIZATIONS_H
#define CPPO_BOOK_AUTHORIZATIONS_H

#include "engine/turn.h"
#include "offers/authorization.h"

/* False: AWS never named one of this id. One that is listed no more is still told, as unlisted. */
bool authorizations_get(struct turn *turn, const char *id, struct authorization *authorization);

/* All that are listed by AWS, by name; at most ${capacity}. The caller frees *${list}. */
size_t authorizations_all(struct turn *turn, struct authorization **list);

/* Usable now, and not claimed by another approved offer; the caller frees *${list}. */
size_t authorizations_usable(struct turn *turn, struct authorization **list);

/* Usable but for what the bot cannot sell; the caller frees *${list}. */
size_t authorizations_unsellable(struct turn *turn, struct authorization **list);

/* From the listing that began at ${since} (turn_time, as below): what a summary tells; keeps price
 * and buyers that are known already. */
void authorizations_put_summary(struct turn *turn, const struct authorization *authorization,
                                int64_t since);
/* From a description: everything. */
void authorizations_put(struct turn *turn, const struct authorization *authorization,
                        const struct terms *terms);
/* Its terms as last described; none when it never was. */
void authorizations_terms(struct turn *turn, const char *id, struct terms *terms);
/* Of what kind a product is: of all authorizations for it. */
void authorizations_put_product(struct turn *turn, const char *product, const char *type);
/* The listing that began at ${since} is complete: those that it did not name are gone. */
void authorizations_mark_unlisted(struct turn *turn, int64_t since);
/* One that the listing that began at ${since} did not name, and that is not gone yet. */
bool authorizations_unlisted(struct turn *turn, int64_t since, char id[AUTHORIZATION_ID]);
/* It is gone. */
void authorizations_lose(struct turn *turn, const char *id);

/* Why it could not be used when people were told last, "" when it could. */
enum { AUTHORIZATION_PROBLEM = 200 };
void authorizations_shown(struct turn *turn, const char *id, char why[AUTHORIZATION_PROBLEM]);
/* ... and what they are told now. */
void authorizations_set_shown(struct turn *turn, const char *id, const char *why);

/* Listing them failed, in words. */
void authorizations_unread(struct turn *turn, const char *why);
/* Was the whole list ever read? If not: why the last try failed, "" when none has ended yet. */
enum { UNREAD_WORDS = 400 };
bool authorizations_listed(struct turn *turn, char why[UNREAD_WORDS]);

#endif
