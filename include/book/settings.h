/* What is remembered of the installation itself, by name. */
#ifndef CPPO_BOOK_SETTINGS_H
#define CPPO_BOOK_SETTINGS_H

#include "engine/turn.h"

/* False, and "" in ${value}, when nothing is remembered under this name. */
bool settings_get(struct turn *turn, const char *name, char *value, size_t capacity);
/* Is anything but "" remembered? */
bool settings_has(struct turn *turn, const char *name);
void settings_put(struct turn *turn, const char *name, const char *value);

#endif
