#include "offers/offer.h"

#include <assert.h>

#include "offers/folded.h"
#include "offers/kind.h"
#include "text.h"

_Static_assert(sizeof(struct content) <= REQUEST_CONTENT, "an offer's content has no room");

const struct content *offer_content(const struct request *offer)
{
    assert(kind_is(offer->kind, KIND_OFFER));
    const void *content = offer->content;
    return content;
}

void offer_found_by(const struct request *offer, struct text *keys)
{
    const struct content *content = offer_content(offer);
    char word[FOLDED_WORD];
    for (const char *at = content->customer; folded_next(&at, word);)
        text_addf(keys, "c%s\n", word);
    for (size_t i = 0; i < content->buyer_count; i++) {
        const char *account = content->buyers[i];
        if (folded_next(&account, word))
            text_addf(keys, "b%s\n", word);
    }
}
