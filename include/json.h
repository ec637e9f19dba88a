/* What takes jansson two calls. */
#ifndef CPPO_JSON_H
#define CPPO_JSON_H

#include <jansson.h>

#include "text.h"

/* The text at ${key}, or ""; borrowed from ${object}. */
const char *json_text(const json_t *object, const char *key);

/* The text of ${value} as it goes out, on the heap. Takes ${value}. */
char *json_write(json_t *value);
/* And back: what json_write or our own writing made. NULL: it is not JSON. Takes ${text}. */
json_t *json_read(char *text);

/* Append ${text}, which is UTF-8, as a string in quotes, byte for byte as json_write has it. */
void json_add_text(struct text *into, const char *text);

#endif
