/* Short messages: menu, help, refusals. New references to {"text", "blocks"} objects (an
 * ephemeral answer to a slash command); within Slack's limits and an ack of 20 000 bytes. */
#ifndef CPPO_VIEWS_MESSAGES_H
#define CPPO_VIEWS_MESSAGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/request.h"

/* Buttons new_offer, my_offers, and, where any wait, pending_offers: how many; ${own}: of one's
 * own. */
json_t *message_menu(int64_t pending, bool own);

/* A subcommand of /cppo, for its line of the help; all static text. */
struct usage {
    const char *name; /* "show" */
    const char *rest; /* what follows it, "CPPO-12"; in [brackets] what may; "" nothing does */
    /* "one {noun} with its history", or {nouns}: what requests of whatever kind are called. */
    const char *what;
};

/* A line a subcommand, in this order. */
json_t *message_help(const struct usage *list, size_t count);

/* Plain words, nothing else; ${text} is plain text and escaped here, but for mentions of people and
 * channels that are marked as ours (MENTION_PERSON, MENTION_CHANNEL). */
json_t *message_plain(const char *text);

/* The same with one button: ("Try again", action id, value). */
json_t *message_button(const char *text, const char *label, const char *action_id,
                       const char *value);

/* The same with what somebody had typed below, as they typed it. */
json_t *message_quoting(const char *text, const char *typed);

/* A message as a modal (callback id `answer`), its text kept as private metadata. Takes it. */
json_t *message_modal(json_t *message);

/* The question before a request is withdrawn, with its button, in a block of this id; ${named}:
 * they may know whose request it is. */
#define WITHDRAW_QUESTION "withdraw"
json_t *message_withdraw(const struct request *request, bool named);

/* As message_plain. */
json_t *message_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An unknown subcommand: the nearest known one, when one is near. */
json_t *message_unknown_command(const char *typed, const struct usage *list, size_t count);

#endif
