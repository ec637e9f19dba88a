/* What AWS denies us because we lack rights: an IAM permission, or a seller account that is
 * verified, with its bank account and tax form. Nobody who asked for an offer can fix that: the
 * operators are told, once, with AWS's own words, and once when it is over; what was denied is
 * tried again by itself. Source: API reference of the Catalog API (AccessDeniedException); it is
 * also AWS's answer to a seller whose identity is not verified. */
#ifndef CPPO_FLOWS_ACCESS_H
#define CPPO_FLOWS_ACCESS_H

#include <stdbool.h>

#include "engine/turn.h"
#include "flows/flow.h"

enum access_step { ACCESS_DRAFT, ACCESS_RELEASE };

/* Was this denied because we lack rights? */
bool access_denied(const struct result *result);

/* The offer waits until AWS lets it go on: it is tried again, less and less often, and as soon as
 * AWS lets another offer pass. Its requester is told once, in a letter that says later that it goes
 * on. */
void access_block(struct turn *turn, int64_t offer);
/* The same, of a change set that AWS took and ended because our seller account is not in order:
 * ${why}, in AWS's words. */
void access_unready(struct turn *turn, int64_t offer, enum access_step step, const char *why);
/* AWS took its change set: it went on, unless it waits for the account to be in order. */
void access_on_taken(struct turn *turn, int64_t offer);
/* ... and changed its draft, which says nothing of whether the account may have another. */
void access_on_changed(struct turn *turn, int64_t offer);
/* ... and did what it says: the account is in order. */
void access_on_done(struct turn *turn, int64_t offer, enum access_step step);
/* Does it wait for that? */
bool access_blocked(struct turn *turn, int64_t offer);

#endif
