/* I2, I3: who decided, and what they said with it. */
#include "io/store.h"
#include "sim.h"
#include "text.h"

/* Nobody decides on what they ask for, with either of their ids. */
static char *check_own(struct sim *sim)
{
    int64_t number = store_int(sim->store,
                               "SELECT number FROM request JOIN vote ON vote.request = number"
                               " AND vote.revision = request.revision"
                               " WHERE substr(person, 2) = substr(requester, 2)",
                               SQL_NO_ARGS, 0);
    return number != 0
               ? text_format("I2: who asked for CPPO-%lld has decided on it", (long long)number)
               : NULL;
}

/* Who approves in the form says so, and that stands with their own vote; a rejection has a code. */
static char *check_said(struct sim *sim)
{
    int64_t number = store_int(sim->store,
                               "SELECT request FROM vote WHERE verdict = 'approve'"
                               " AND comment <> '" SIM_COMMENT "' || substr(person, 2)"
                               " AND (comment <> '' OR shown LIKE 'approve_form %')"
                               " OR verdict = 'reject' AND code NOT IN ('price', 'other')",
                               SQL_NO_ARGS, 0);
    return number != 0 ? text_format("I3: what was said with a decision on CPPO-%lld is not there",
                                     (long long)number)
                       : NULL;
}

char *judge_votes(struct sim *sim)
{
    char *wrong = check_own(sim);
    return wrong != NULL ? wrong : check_said(sim);
}
