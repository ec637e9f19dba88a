/* What takes jansson two calls. */
#ifndef CPPO_JSON_H
#define CPPO_JSON_H

#include <jansson.h>

/* The text at ${key}, or ""; borrowed from ${object}. */
const char *json_text(const json_t *object, const char *key);

/* The text of ${value} as it goes out, on the heap. Takes ${value}. */
char *json_write(json_t *value);

#endif
