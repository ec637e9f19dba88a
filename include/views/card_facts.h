/* What a card, and every other message about a request, is made from. */
#ifndef CPPO_VIEWS_CARD_FACTS_H
#define CPPO_VIEWS_CARD_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/approval.h"
#include "offers/checks.h"
#include "offers/reference.h"
#include "offers/request.h"

/* Can the approvers see it, and know of it? Shut: Slack refuses what would tell them. */
enum card_seen { CARD_ON_ITS_WAY, CARD_STANDS, CARD_SHUT };

/* Everything that the card shows; borrowed for the call. */
struct card {
    const struct request *request;
    int32_t today;              /* UTC, days */
    const void *own;            /* what its kind alone shows (${load}); NULL: nothing */
    char covers[COVERS_TEXT];   /* of what an approval covers beside the content, ""; by ${load} */
    const struct check *checks; /* what was looked at */
    size_t check_count;
    const struct vote *votes; /* approvals of the current revision */
    size_t vote_count;
    const struct vote *lost; /* approvals of it that count no more */
    size_t lost_count;
    struct approval approval;   /* how far it is approved, and what is missing */
    const char *requester_name; /* "" if unknown: then a mention takes its place */
    enum card_seen seen;
    const char *permalink;   /* of the card, "" while not known */
    const char *rule;        /* who must approve, mrkdwn: "Any one of <!subteam^S1> can approve" */
    const char *why_rule;    /* that rule, its version and what met it, plain lines; "" where it is
                                the one for all */
    const char *held;        /* what it waits for at AWS, though nobody is asked: operators know; ""
                                when nothing; by ${load} */
    bool irrevocable;        /* it cannot be withdrawn any more, whatever its state allows */
    const char *changes;     /* since the last revision, plain text, "" when none */
    const char *copied;      /* ... since what it is a copy of, in the same way */
    bool outsiders;          /* read it, too: no price, markup, note or comment is shown */
    const struct move *last; /* the latest move; NULL on the first revision */
};

/* What somebody may do with a request, and whether they are shown the way to more of it. */
enum {
    MAY_DECIDE = 1,
    MAY_EDIT = 2,
    MAY_RETRY = 4,
    MAY_WITHDRAW = 32,
    MAY_CHANGE = MAY_EDIT | MAY_WITHDRAW,
    MAY_SEE_DETAILS = 8,
    MAY_OPEN_CARD = 16, /* sees the approvals channel */
    MAY_COPY = 64,
    MAY_HOLD = 128,
    MAY_CONTINUE = 256, /* what is on hold */
    MAY_SCHEDULE = 512,
    MAY_NUDGE = 1024, /* those whose decision is missing */
};

/* What the dialog of a button shows: Slack takes 300 characters (docs.slack.dev, confirmation
 * dialog object). */
enum { CARD_QUESTION = 300 };

/* All that must be read before an approval; on the heap. */
char *card_facts_question(const struct card *card);

/* Does the dialog of the approve button, which Slack limits to 300 characters, show all that must
 * be read before? Never where outsiders could press it. If not, the button has none: it is
 * `approve_again`, which opens a form (card_approval). */
bool card_facts_fit(const struct card *card);

/* Does it wait for an edit because AWS refused it, and nobody else? ${last} says why, then. */
bool card_facts_refused(const struct card *card);

#endif
