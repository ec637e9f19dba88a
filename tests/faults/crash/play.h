/* What people do in a world, whatever happens to the bot: each scenario is a list of steps, and
 * whoever is not answered tries again, as people do. */
#ifndef CRASH_PLAY_H
#define CRASH_PLAY_H

#include "world.h"

enum act {
    ACT_REQUEST, /* ${user} opens the form and sends in an offer for ${what} */
    ACT_CLICK,   /* on the button ${what} of the card that shows ${on} */
    ACT_REASON,  /* the same, and a reason in the form ${more} that opens */
    ACT_EDIT,    /* type ${what}, and in the form give the markup ${more} */
    ACT_COMMAND, /* type ${what} */
    ACT_ORDER,   /* POST ${more} to the sandbox's ${what} */
    ACT_COPY,    /* a backup of the state file, put back when the bot ends for the first time */
};

struct step {
    enum act act;
    const char *user, *what, *more;
    const char *until; /* a card shows this; NULL: go on when it was acknowledged */
    const char *on;    /* NULL: CPPO-1 */
    int back;          /* when it takes too long: people begin again so many steps earlier */
};

/* How the world is, beside its steps. */
enum ways {
    PLAIN = 0,
    TWICE = 1,       /* whatever was acknowledged is delivered once more */
    ON_APPROVAL = 2, /* drafts are made then */
    SET_BACK = 4,    /* with a backup of the state file the line beside it is put back, too */
    NEW_BOOK = 8,    /* the bot makes its state file; elsewhere it begins with a blank one */
};

struct scenario {
    const char *name;
    int needed; /* approvals */
    unsigned ways;
    struct step steps[12];
};

extern const struct scenario scenarios[]; /* ends with a NULL name */

enum { MAX_STARTS = 12 };

struct trial {
    struct order orders[2];    /* of the first start and of the second */
    bool struck[2];            /* were they carried out? */
    char what[2][64];          /* on which call */
    int ends[MAX_STARTS];      /* how each life ended, as waitpid has it */
    long log_ends[MAX_STARTS]; /* and how much was in the log then */
    long restored;             /* the sandbox's log (seq) when the backup was put back; 0: never */
    const char *trouble;       /* NULL: it was driven to its end */
    long calls, allocations;   /* of the first start */
    long start_allocations;    /* ours before it slept */
};

/* Play it in a fresh world, to the end. -1: trouble, said in ${trial}. The sandbox is still there
 * to be asked. */
int play(struct world *world, const struct scenario *scenario, struct trial *trial);

#endif
