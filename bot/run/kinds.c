/* What can be requested: a row each. */
#include <stddef.h>

#include "offers/kind.h"

const struct request_kind *const request_kinds[] = {&offer_kind, NULL};
