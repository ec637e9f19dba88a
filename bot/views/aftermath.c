#include "aftermath.h"

#include <stdlib.h>
#include <string.h>

#include "offers/offer.h"
#include "sections.h"
#include "slack/blocks.h"
#include "views/offer_facts.h"

const char *aftermath_accept_by(const struct card *card)
{
    return offer_facts(card)->ends != NULL && *offer_facts(card)->ends != '\0'
               ? offer_facts(card)->ends
               : offer_content(card->request)->accept_by;
}

char *aftermath_accept_by_text(const struct card *card)
{
    const char *approved = offer_content(card->request)->accept_by;
    const char *date = aftermath_accept_by(card);
    if (date == approved)
        return text_format("%s, end of day UTC", approved);
    return text_format("%s, end of day UTC (changed on AWS; approved was %s)", date, approved);
}

void aftermath_add(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    char *words =
        acceptance_words(offer_facts(card)->acceptances, offer_facts(card)->acceptance_count,
                         offer_content(card->request)->buyer_count);
    for (const char *at = words; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        char *one = text_format("%.*s", (int)size, at);
        text_add(&line, "🤝 ");
        mrkdwn_escape(&line, one);
        sections_add_markup(blocks, &line);
        free(one);
        at += size + (at[size] == '\n');
    }
    free(words);
    if (offer_facts(card)->blind && card->request->state == STATE_PUBLISHED)
        text_add(&line, "❔ Whether the buyer accepted is not known: AWS denies me access. The "
                        "operators know.");
    sections_add_markup(blocks, &line);
}
