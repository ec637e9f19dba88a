/* The calls of the Catalog API (2018-09-17), and the one of the Agreement API (2020-03-01), that
 * this bot makes: how each is asked, and what its reply says. Lenient on what comes: explicit
 * nulls, unknown members, `@revision` suffixes, milliseconds, Details as a string or
 * DetailsDocument. */
#ifndef CPPO_MARKETPLACE_CATALOG_H
#define CPPO_MARKETPLACE_CATALOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "marketplace/change_sets.h"
#include "marketplace/sigv4.h"
#include "offers/acceptance.h"
#include "offers/authorization.h"
#include "offers/content.h"
#include "offers/draft.h"
#include "offers/request.h"

/* --- asking --- */

struct catalog_call {
    const char *name; /* "StartChangeSet" */
    const char *method;
    bool in_body; /* the arguments are the body; else they are the query */
    int timeout_ms;
    const char *target; /* the Agreement API's name of it; NULL: it is of the Catalog API */
};
/* NULL: none of ours. */
const struct catalog_call *catalog_call_named(const char *name);

/* Arguments of the calls as JSON text, on the heap. */
char *catalog_list_authorizations(const char *next_token); /* "" for the first page */
char *catalog_list_drafts(const char *authorization, int64_t changed_after_ms, const char *next);
char *catalog_describe_entity(const char *entity);
char *catalog_describe_change_set(const char *id);
char *catalog_list_change_sets(const char *name);
char *catalog_newest_change_sets(const char *next_token);                 /* of any name */
char *catalog_change_sets_of(const char *entity, const char *next_token); /* the newest first */
char *catalog_cancel_change_set(const char *id);
/* That came from this offer of ours; "" for the first page. */
char *catalog_search_agreements(const char *entity, const char *next_token);

/* --- replies (the JSON body) --- */

enum { NEXT_TOKEN = 2049 };

/* ListEntities: summaries of authorizations; *${count} of them on the heap, the caller's to free.
 * ${next}: the token of the next page, "" after the last; and so below. */
struct authorization *catalog_authorizations(const json_t *reply, size_t *count,
                                             char next[NEXT_TOKEN]);

/* ListEntities: ids of offers, at most ${capacity}. */
size_t catalog_offer_ids(const json_t *reply, char (*ids)[ENTITY_ID], size_t capacity,
                         char next[NEXT_TOKEN]);

/* DescribeEntity of an authorization, with all its terms. False when it is not one. */
bool catalog_authorization(const json_t *reply, struct authorization *authorization,
                           struct terms *terms);

/* DescribeEntity of anything: "SaaSProduct" of "SaaSProduct@1.0"; false when it tells none. */
enum { ENTITY_TYPE = 32 };
bool catalog_entity_type(const json_t *reply, char type[ENTITY_TYPE]);

/* DescribeEntity of an offer; false when it is not one. Addresses of documents are not read: those
 * that AWS makes open its copies to whoever has them. */
enum { ENTITY_REVISION = 24 };
struct catalog_offer {
    char id[ENTITY_ID];
    char revision[ENTITY_REVISION]; /* digits; "" when none was told */
    bool released;
    char name[NAME_POINTS * 4 + 1];
    char description[256 * 4];
    char authorization[AUTHORIZATION_ID];
    char markup[DECIMAL_TEXT]; /* "0" when AWS tells none */
    size_t buyer_count;        /* MAX_AUTHORIZED_BUYERS + 1: more than we can hold */
    char buyers[MAX_AUTHORIZED_BUYERS][ACCOUNT_ID];
    char countries[200]; /* that it is restricted to, "" when none; cut when long */
    char accept_by[DATE_TEXT];
    char duration[DURATION_TEXT];
    char others[200]; /* rules, dates and the like that we never set, in words; "" when none */
    struct terms terms;
};
bool catalog_offer(const json_t *reply, struct catalog_offer *offer);

/* Does what AWS holds equal what was approved? Differences in plain words, separated by "; ", on
 * the heap; NULL when there is none. Numbers and durations are compared by what they mean. */
struct approved {
    int64_t offer;
    int revision;
    const struct content *content;
    const struct terms *authorized; /* the authorization's: what is as authorized, and all prices */
    const char *eula_version;
};
char *catalog_differences(const struct catalog_offer *held, const struct approved *approved);

/* DescribeChangeSet; false when the reply is not one. */
enum change_set_status {
    CHANGE_SET_PREPARING,
    CHANGE_SET_APPLYING,
    CHANGE_SET_SUCCEEDED,
    CHANGE_SET_FAILED,
    CHANGE_SET_CANCELLED,
    CHANGE_SET_STRANGE, /* a word that we do not know: wait */
};
struct change_set_state {
    char id[ENTITY_ID];
    enum change_set_status status;
    char entity[ENTITY_ID];         /* of the first change, revision cut off ... */
    char revision[ENTITY_REVISION]; /* ... which it has with what it made; "" if not given */
    bool server_fault;              /* AWS's own: the same request may be made again */
    bool stale;                     /* it named a revision of the entity that is not the newest */
    bool unknown;                   /* failed, and no code of AWS's that we know says why */
    bool of_account;                /* all that failed is for our seller account to fix */
    bool can_retry;                 /* all that failed may succeed later with the same content */
    char why[WHY_TEXT];             /* failed: AWS's codes and texts with what to do */
};
bool catalog_change_set(const json_t *reply, struct change_set_state *state);

/* DescribeChangeSet, of whosever change set: can an offer hold other legal terms after it? Whatever
 * else its changes do is seen in the offer itself. */
bool catalog_changes_legal_terms(const json_t *reply);

/* StartChangeSet's reply: the id; false when it names none. */
bool catalog_started(const json_t *reply, char id[ENTITY_ID]);

/* SearchAgreements: those of this offer, at most ${capacity}. */
size_t catalog_agreements(const json_t *reply, const char *entity, struct acceptance *list,
                          size_t capacity, char next[NEXT_TOKEN]);

/* ListChangeSets: the newest first; *${count} of them on the heap, the caller's to free. */
struct change_set_summary {
    struct change_set_parts parts; /* all empty: it is of no installation of ours */
    char id[ENTITY_ID];
    char entity[ENTITY_ID]; /* the first, revision cut off; "" when none */
    enum change_set_status status;
    int64_t at; /* of its start, ms */
};
struct change_set_summary *catalog_change_sets(const json_t *reply, size_t *count,
                                               char next[NEXT_TOKEN]);

/* ListChangeSets by name: the newest of exactly this name; false if not found. */
bool catalog_find_change_set(const json_t *reply, const char *name, char id[ENTITY_ID]);

#endif
