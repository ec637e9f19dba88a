/* What can be requested: a row each. */
#include <stddef.h>

#include "offers/kind.h"

#define KIND_ADDRESS(name) &name##_kind,
const struct request_kind *const request_kinds[] = {KINDS(KIND_ADDRESS) NULL};
