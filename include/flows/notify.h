/* Telling people. Messages are {"text", "blocks"} objects, taken over. */
#ifndef CPPO_FLOWS_NOTIFY_H
#define CPPO_FLOWS_NOTIFY_H

#include <jansson.h>

#include "engine/turn.h"

/* A direct message, at least once. */
void notify_person(struct turn *turn, const char *user, json_t *message);

/* Seen by this person only, in the channel where he acted, at most once; a direct message where
 * ${channel} is "" or a direct message itself. */
void notify_whisper(struct turn *turn, const char *channel, const char *user, json_t *message);

/* The operators' channel, or every operator we know of when there is none, or none that takes it.
 */
void notify_operators(struct turn *turn, const char *text);

/* Results; see bot/run/tables.c. A whisper that could not be shown there is said in a direct
 * message. */
void notify_told(struct turn *turn, const struct result *result);
void notify_whispered(struct turn *turn, const struct result *result);

#endif
