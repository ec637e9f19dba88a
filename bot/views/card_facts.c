#include "views/card_facts.h"

#include <stdlib.h>

#include "mem.h"
#include "offers/kind.h"
#include "text.h"

char *card_facts_question(const struct card *card)
{
    const struct request_kind *kind = card->request->kind;
    return kind->question != NULL ? kind->question(card) : mem_copy(kind->words->warning);
}

bool card_facts_fit(const struct card *card)
{
    if (card->outsiders)
        return false;
    char *question = card_facts_question(card);
    bool fits = text_utf16(question) <= CARD_QUESTION;
    free(question);
    return fits;
}

bool card_facts_refused(const struct card *card)
{
    return card->request->state == STATE_CHANGES_REQUESTED && card->last != NULL &&
           card->last->event == EVENT_REFUSE;
}
