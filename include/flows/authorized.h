/* What is learnt of a resale authorization, whatever path the news took, goes into the book here,
 * and nowhere else: cards show what it means for their offers, and those whose offers wait on an
 * authorization that can be used no longer, or again, are told once. */
#ifndef CPPO_FLOWS_AUTHORIZED_H
#define CPPO_FLOWS_AUTHORIZED_H

#include "engine/turn.h"
#include "offers/authorization.h"

/* As described by AWS. ${except}: an offer whose requester hears it anyway, 0: none. */
void authorized_store(struct turn *turn, const struct authorization *authorization,
                      const struct terms *terms, int64_t except);
/* As listed by AWS, in the listing that began at ${since}. */
void authorized_store_listed(struct turn *turn, const struct authorization *listed, int64_t since);
/* That listing is complete: those that it did not name are gone. */
void authorized_mark_unlisted(struct turn *turn, int64_t since);
/* AWS does not know it any more. */
void authorized_unlist(struct turn *turn, const char *id, int64_t except);

#endif
