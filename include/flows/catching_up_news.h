/* What the operators are told of a comparison with AWS and Slack (flows/catching_up.h). */
#ifndef CPPO_FLOWS_CATCHING_UP_NEWS_H
#define CPPO_FLOWS_CATCHING_UP_NEWS_H

#include "engine/turn.h"

/* Why the book is doubted before anything was found; the first counts. */
enum catching_cause { CAUSE_LINE_NEWER, CAUSE_FILE_MOVED, CAUSE_LINE_MISSING, CAUSE_CROWDED };
void catching_up_because(struct turn *turn, enum catching_cause cause);

/* The process started; ${fresh}: with a file that was made in this moment. */
void catching_up_news_begin(struct turn *turn, bool fresh);
/* For the operators, when it is over: a line. */
void catching_up_report(struct turn *turn, const char *line);
/* Something could not be looked at: a line, told with the rest. */
void catching_up_unseen(struct turn *turn, const char *line);
/* It takes its time: ${ms} so far, for ${pages} of one side; once a day. */
void catching_up_tell_length(struct turn *turn, int64_t ms, int64_t pages);
/* AWS cannot be asked, and all waits; once a day. */
void catching_up_tell_aws(struct turn *turn, const struct result *result);
/* Another bot is connected, as is known from now on (SETTING_OTHER_SEEN_BY); once, as long as it
 * is. */
void catching_up_tell_copy(struct turn *turn);
/* What was found so far; nothing where nothing was. */
void catching_up_tell_found(struct turn *turn);
/* It is over: said once where people waited for it and heard nothing of it, and where a new file
 * could not look for an earlier one. */
void catching_up_tell_end(struct turn *turn);

#endif
