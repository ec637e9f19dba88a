/* What one person is shown, where they acted. The place is a channel's id, a modal's (a view's id),
 * or "" where there is none: then it is a direct message. */
#ifndef CPPO_FLOWS_WHISPERS_H
#define CPPO_FLOWS_WHISPERS_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/turn.h"

/* Is it a modal? There the modal answers. */
bool whispers_in_modal(const char *place);

/* Show ${message} (taken). In a channel by the response url of what they did there last, else as an
 * ephemeral message, else as a direct one; in a modal in the place of what it shows. */
void whisper_message(struct turn *turn, const char *place, const char *user, json_t *message);
/* The same in the place of ${question}, the ts of an ephemeral message of theirs; below it where
 * that is "" or not what they pressed a button of last: what else they pressed may stand for all to
 * see. ${keep}: what is shown is lost when the process ends before that; what they must know, since
 * nothing came of what they did, they then read as a direct message. */
void whisper_replace(struct turn *turn, const char *place, const char *user, const char *question,
                     bool keep, json_t *message);
/* Show ${view} (taken) in the place of the modal ${view_id}. */
void whisper_view(struct turn *turn, const char *view_id, const char *user, json_t *view);

#endif
