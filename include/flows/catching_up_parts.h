/* The parts of catching up (flows/catching_up.h), for each other: the course of the comparison,
 * what each side is asked and tells, and what the operators are told. */
#ifndef CPPO_FLOWS_CATCHING_UP_PARTS_H
#define CPPO_FLOWS_CATCHING_UP_PARTS_H

#include "engine/turn.h"

/* --- the course: catching_up.c --- */

enum catching_side { CATCHING_AWS, CATCHING_SLACK, CATCHING_SIDES };

/* Of a side, as it was asked for: one of the whole, or of the newest; a channel where there are
 * several, "-" at AWS. */
struct catching_page {
    int number; /* from 1 */
    bool whole;
    char channel[32];
};

/* Ask for a page; ${cursor}: "" for the first. Takes ${body}. */
void catching_up_ask(struct turn *turn, enum catching_side side, const struct catching_page *page,
                     const char *cursor, char *body);
/* What page this is the reply to; false for one that an earlier process asked for. */
bool catching_up_asked(struct turn *turn, const struct result *result, struct catching_page *page);
/* All pages of a side have come. */
void catching_up_end(struct turn *turn, enum catching_side side, bool whole);
/* AWS's cannot be read: they are asked for once more in a minute, and at the first page where AWS
 * refuses this one. */
void catching_up_postpone(struct turn *turn, const struct result *result);

/* Wall ms; 0: this file has never been compared. */
int64_t catching_up_last(struct turn *turn);
/* Is this the name of our installation? */
bool catching_up_is_ours(struct turn *turn, const char *install);
/* The book is older than something that we saw, until the comparison has ended. */
bool catching_up_doubted(struct turn *turn);
/* This process has caught up before. */
bool catching_up_done(struct turn *turn);
/* For how many ms this side has been read. */
int64_t catching_up_reading(const struct turn *turn, enum catching_side side);

/* --- the sides: catching_up_sets.c, catching_up_posts.c --- */

enum { CATCHING_PAGES = 250 }; /* the most that are read of one side */

extern const struct effect_type catching_up_sets, catching_up_posts;
void catching_up_ask_sets(struct turn *turn, const struct catching_page *page, const char *next);
void catching_up_ask_posts(struct turn *turn, const struct catching_page *page, const char *cursor);

/* --- what the operators are told: catching_up_news.c --- */

/* Why the book is doubted before anything was found; the first counts. */
enum catching_cause { CAUSE_LINE_NEWER, CAUSE_FILE_MOVED, CAUSE_LINE_MISSING };
void catching_up_because(struct turn *turn, enum catching_cause cause);

/* The process started; ${fresh}: with a file that was made in this moment. */
void catching_up_news_begin(struct turn *turn, bool fresh);
/* Something could not be looked at: a line, told with the rest. */
void catching_up_unseen(struct turn *turn, const char *line);
/* It takes its time. */
void catching_up_tell_length(struct turn *turn, enum catching_side side, int64_t page);
/* AWS cannot be asked, and all waits. */
void catching_up_tell_aws(struct turn *turn, const struct result *result);
/* Another bot is connected; once, until it is forgotten. */
void catching_up_tell_copy(struct turn *turn);
bool catching_up_told_copy(const struct turn *turn);
void catching_up_forget_copy(struct turn *turn);
/* What was found so far; nothing where nothing was. */
void catching_up_tell_found(struct turn *turn);
/* It is over: said once where people waited for it and heard nothing of it, and where a new file
 * could not look for an earlier one. */
void catching_up_tell_end(struct turn *turn);

#endif
