/* As much XML as STS speaks: elements without attributes. */
#ifndef CPPO_MARKETPLACE_XML_H
#define CPPO_MARKETPLACE_XML_H

#include <stddef.h>

/* The text of the first <name>...</name>, the five entities decoded; on the heap, "" when there is
 * none. */
char *xml_text(const char *bytes, size_t size, const char *name);

#endif
