/* I6: who is reminded, and when. */
#include "io/store.h"
#include "sim.h"
#include "text.h"

/* The bot's own clock said so when it reminded: nobody's zone is known here, so that all work by
 * UTC, from Monday to Friday and from nine to five. What was decided before needs nobody any more;
 * where that clock was set, its times say nothing of what came first. */
char *judge_reminders(struct sim *sim)
{
    char *wrong = NULL;
    struct rows *rows =
        store_query(sim->store,
                    "SELECT request, strftime('%w', at / 1000, 'unixepoch') IN ('0', '6')"
                    " OR strftime('%H', at / 1000, 'unixepoch') NOT BETWEEN '09' AND '16',"
                    " (SELECT to_state FROM move WHERE move.request = reminder.request"
                    "  AND move.at < reminder.at ORDER BY step DESC LIMIT 1) = 'pending'"
                    " FROM reminder",
                    SQL_NO_ARGS);
    while (wrong == NULL && rows_next(rows)) {
        if (rows_int(rows, 1) != 0)
            wrong = text_format("I6: somebody was reminded of CPPO-%lld while nobody works",
                                (long long)rows_int(rows, 0));
        else if (sim->skew == 0 && rows_int(rows, 2) == 0)
            wrong = text_format("I6: somebody was reminded of CPPO-%lld, which needs nobody",
                                (long long)rows_int(rows, 0));
    }
    if (wrong != NULL)
        rows_close(rows);
    return wrong;
}
