#include "offers/offer.h"

#include <assert.h>

#include "offers/kind.h"

_Static_assert(sizeof(struct content) <= REQUEST_CONTENT, "an offer's content has no room");

const struct content *offer_content(const struct request *offer)
{
    assert(kind_is(offer->kind, KIND_OFFER));
    const void *content = offer->content;
    return content;
}
