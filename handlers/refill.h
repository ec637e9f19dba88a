/* A form that is filled in with what an offer holds, by a command that names it or a button on it:
 * the same for each of them but what it opens. */
#ifndef CPPO_HANDLERS_REFILL_H
#define CPPO_HANDLERS_REFILL_H

#include <stdint.h>

#include "handlers.h"
#include "offers/request.h"

struct refill {
    const struct entry *entry; /* its usage, and its opening, whose right is to the offer */
    const char *offers_alone;  /* behind "CPPO-12 is not an offer: " */
    /* They may: open the form, ${value} opens it again. NULL; or what is said instead. */
    json_t *(*open)(struct turn *turn, const struct slack_envelope *from,
                    const struct request *offer, const char *value);
};

/* "CPPO-12", typed behind the command. */
struct decision refill_command(struct turn *turn, const struct slack_envelope *from,
                               const struct refill *refill, const char *rest);
/* A button on the offer; what is said instead shows to whoever pressed it. */
struct decision refill_click(struct turn *turn, const struct slack_envelope *from,
                             const struct refill *refill);
/* Slack has answered about who wanted it: the opening's start. */
json_t *refill_start(struct turn *turn, const struct slack_envelope *from,
                     const struct refill *refill, const char *value);

#endif
