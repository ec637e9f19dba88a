/* May an offer be released? One pure answer, asked where the release starts, whatever led there. */
#ifndef CPPO_OFFERS_RELEASE_H
#define CPPO_OFFERS_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/approval.h"
#include "offers/request.h"

struct release_facts {
    enum request_state state;
    int revision;          /* of the offer */
    const char *requester; /* their identity */
    const struct approval_rules *rules;
    const struct vote *votes;
    size_t vote_count;
    enum draft_state draft_state;
    int draft_revision; /* of the offer, that the draft holds */
    const char *entity;
    bool read_back_equal; /* what AWS holds is what was approved, all of it */
    bool legal_ours;      /* and its legal terms that read back like any other are our own */
    bool buyers_covered;  /* the authorization, as last read, is for all of its buyers */
    bool terms_as_seen;   /* and the authorization's terms are those that the approvers saw */
    const struct timing *timing; /* of the offer */
};

/* NULL when it may; else why not, static text that continues "... was not released: ". */
const char *release_allowed(const struct release_facts *facts);

#endif
