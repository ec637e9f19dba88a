/* What commands print of the book on a terminal. */
#ifndef BOT_RUN_PRINT_H
#define BOT_RUN_PRINT_H

#include "engine/turn.h"

/* What people typed, and what AWS says, may contain bytes that a terminal would act on: these are
 * spaces here. */
void print_safely(const char *text);

/* A line: the label, the value. */
void print_field(const char *label, const char *value);

/* The name of a person; their id when the book has none. */
void print_person(struct turn *turn, const char *id);

#endif
