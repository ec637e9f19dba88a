#include "flows/purposes.h"

#include <string.h>

#include "book/change_sets.h"
#include "book/requests.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "log.h"
#include "text.h"

const struct purpose *purpose_named(const struct turn *turn, const char *name)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_PURPOSES; i++) {
            const struct purpose *purpose = (*flow)->purposes[i];
            if (purpose != NULL && strcmp(purpose->name, name) == 0)
                return purpose;
        }
    }
    return NULL;
}

static const struct matter unknown_purpose = {TOLD_A_DAY, .name = "unknown purpose"};

/* Only another version of the bot knows what it is for, so it waits for that version. */
static void keep_unknown(struct turn *turn, const struct change_set *set)
{
    if (notify_operators_once(turn, &unknown_purpose, set->purpose,
                              "Another version of the bot asked AWS for a change of CPPO-%lld "
                              "(“%s”) that this version does not know. I leave it alone until "
                              "a version that knows it is started.",
                              (long long)set->offer, set->purpose))
        log_error("change set of unknown purpose", F_INT("request", set->offer),
                  F_TEXT("purpose", set->purpose));
}

/* Only another version of the bot knows its state; operators are told, as of any offer that cannot
 * be read. */
static void keep_unreadable(struct turn *turn, const struct change_set *set)
{
    struct request offer;
    if (requests_get(turn, set->offer, &offer))
        notify_unreadable(turn, &offer);
}

const struct purpose *purpose_of(struct turn *turn, int64_t number, enum set_state state,
                                 const struct timer_type *timer, struct change_set *set)
{
    if (!change_sets_get(turn, number, set))
        return NULL;
    if (set->state == SET_UNREADABLE) {
        turn_timer(turn, timer, number, HOUR_MS);
        keep_unreadable(turn, set);
    }
    if (set->state != state)
        return NULL;
    const struct purpose *purpose = purpose_named(turn, set->purpose);
    if (purpose == NULL) {
        turn_timer(turn, timer, number, HOUR_MS);
        keep_unknown(turn, set);
    }
    return purpose;
}
