/* Where the buyer finds a published offer. The pattern that we know is one for SaaS products; for
 * others AWS documents none, and the portal alone has the link. ${type}: of the product, as AWS
 * names it ("SaaSProduct"); "" or one that begins with "?": not known. */
#ifndef CPPO_VIEWS_BUYER_LINK_H
#define CPPO_VIEWS_BUYER_LINK_H

#include <stdbool.h>

/* The pattern of the configuration with {product} and {offer} filled in, on the heap. */
char *buyer_link(const char *pattern, const char *product, const char *entity);
/* Does the pattern fit, as far as is known? */
bool buyer_link_works(const char *pattern, const char *type);
/* What people are told about it; "" when they can rely on it. */
const char *buyer_link_hint(const char *pattern, const char *type);

#endif
