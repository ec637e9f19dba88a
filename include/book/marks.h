/* Marks: by them a state file is known to be older than the world. Each life of the bot (a start)
 * has a random name of its own, and counts on from the life before; what it leaves outside (a post,
 * a change set, a line beside the state file) carries "<life>.<count>". A mark that the book did
 * not make was made by another: by a later state of this file that is lost, or by a copy of it. */
#ifndef CPPO_BOOK_MARKS_H
#define CPPO_BOOK_MARKS_H

#include "engine/turn.h"

extern const char book_schema_marks[]; /* a migration */

enum { BOOK_MARK = 32 };

/* The process started: a new life. */
void marks_begin(struct turn *turn);
/* The name of this life. */
void marks_life(struct turn *turn, char life[BOOK_MARK]);

/* A new mark of this life (marks_begin), for something that goes out. It is written beside the
 * state file, too. */
void marks_take(struct turn *turn, char mark[BOOK_MARK]);
/* The newest that was taken; "" when none was. */
void marks_newest(struct turn *turn, char mark[BOOK_MARK]);

/* Did this book take it? "" is not a mark: false. */
bool marks_known(struct turn *turn, const char *mark);
/* It is known from now on, with all that went before it in its life. */
void marks_learn(struct turn *turn, const char *mark);

#endif
