#include "refill.h"

#include <stdlib.h>

#include "answers.h"
#include "book/offers.h"
#include "flows/binding.h"
#include "flows/whispers.h"
#include "offers/reference.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

/* NULL: the form opens, or Slack is asked first. Otherwise what is said instead. */
static json_t *start(struct turn *turn, const struct slack_envelope *from,
                     const struct refill *refill, int64_t number)
{
    struct request offer;
    char value[REFERENCE_TEXT];
    char *why = NULL;
    json_t *instead = NULL;
    if (!requests_get(turn, number, &offer))
        return message_format("There is no CPPO-%lld.", (long long)number);
    if (!offers_get(turn, number, &offer))
        return message_format("CPPO-%lld is not an offer: %s.", (long long)number,
                              refill->offers_alone);
    struct reference reference = {.number = number, .revision = offer.revision};
    text_fit(reference.digest, sizeof(reference.digest), offer.digest);
    reference_write(&reference, value);
    if (opening_try(turn, from, &refill->entry->opening, &offer, value, &why))
        instead = refill->open(turn, from, &offer, value);
    else if (why != NULL)
        instead = message_plain(why);
    free(why);
    /* cppcheck-suppress returnDanglingLifetime ; a form of its own, not the offer */
    return instead;
}

json_t *refill_start(struct turn *turn, const struct slack_envelope *from,
                     const struct refill *refill, const char *value)
{
    struct reference offer;
    return reference_read(&offer, value) ? start(turn, from, refill, offer.number) : NULL;
}

struct decision refill_command(struct turn *turn, const struct slack_envelope *from,
                               const struct refill *refill, const char *rest)
{
    int64_t number = typed_request_number(rest);
    if (number == 0)
        return answer_which(turn, from, &refill->entry->usage);
    json_t *instead = start(turn, from, refill, number);
    return instead != NULL ? answer_message(turn, from, instead) : turn_answer(turn, NULL);
}

struct decision refill_click(struct turn *turn, const struct slack_envelope *from,
                             const struct refill *refill)
{
    struct reference offer;
    if (!binding_of_click(turn, from, &offer, NULL))
        return turn_answer(turn, NULL);
    json_t *instead = start(turn, from, refill, offer.number);
    if (instead != NULL)
        whisper_message(turn, from->place, from->user, instead);
    return turn_answer(turn, NULL);
}
