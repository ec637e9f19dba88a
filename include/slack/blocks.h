/* Block Kit builders. Each returns a new reference; references given are taken over. Texts are cut
 * to Slack's limits (docs.slack.dev/reference/block-kit; lengths in code points) with an ellipsis;
 * bytes that are not UTF-8, and characters that would hide or turn round the text beside them
 * (controls, bidirectional marks), show as U+FFFD. */
#ifndef CPPO_SLACK_BLOCKS_H
#define CPPO_SLACK_BLOCKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* --- texts --- */

/* ${text} is markup: escape what users typed (mrkdwn_escape). At most ${max_points} code points. */
json_t *blocks_mrkdwn(const char *text, size_t max_points);

/* Append ${text} so that it reads as typed inside mrkdwn: & < > escaped; backticks, and the marks
 * * _ ~ at the edge of a word, become characters that look alike and mean nothing to Slack (an
 * invisible one put between would count as the edge of a word and let them pair up). */
void mrkdwn_escape(struct text *into, const char *text);
/* "<@U123>"; the bare text, escaped, when ${id} is not an id. */
void mrkdwn_person(struct text *into, const char *id);
/* A mention in words of ours that become a message (message_plain), as part of a format. Its mark
 * is a byte that no UTF-8 text holds: what people, ISVs or AWS wrote cannot bring one along. */
#define MENTION_MARK "\xFF"
#define MENTION_PERSON MENTION_MARK "<@%s>"
#define MENTION_CHANNEL MENTION_MARK "<#%s>"
/* Such words without the marks, as for a log; on the heap. */
char *blocks_unmarked(const char *words);
/* "<!date^...>" in the reader's zone, UTC as the fallback. */
void mrkdwn_time(struct text *into, int64_t ms);
/* "<https://...|label>", the address as its own label when ${label} is ""; escaped text when it is
 * not an http(s) address of printable ASCII. */
void mrkdwn_link(struct text *into, const char *url, const char *label);

/* --- blocks --- */

/* Texts as plain text; ${markup}: escaped by whoever made it. */
json_t *blocks_header(const char *text);
json_t *blocks_section(const char *markup);
json_t *blocks_section_plain(const char *text);
json_t *blocks_fields(json_t *texts); /* an array of text objects, at most 10 */
json_t *blocks_context(const char *markup);
json_t *blocks_actions(const char *block_id, json_t *elements);
json_t *blocks_input(const char *name, const char *label, const char *hint, bool optional,
                     json_t *element);

/* --- elements --- */

enum button_style { BUTTON_PLAIN, BUTTON_PRIMARY, BUTTON_DANGER };
const char *blocks_style(enum button_style style); /* as Slack names it; NULL: it does not */
/* ${value}, at most 2000 characters, comes back with the click; it is not cut. */
json_t *blocks_button(const char *label, const char *action_id, const char *value,
                      enum button_style style);
/* The same, not made yet; borrowed. */
struct block_button {
    const char *label;
    const char *action_id;
    const char *value;
    enum button_style style;
};
/* Give it a confirm dialog, which is styled as it is; returns ${button}. */
json_t *blocks_button_confirm(json_t *button, const char *title, const char *text, const char *yes,
                              const char *no);
/* A menu behind three dots; ${options} (taken): at most five. */
json_t *blocks_overflow(const char *action_id, json_t *options);
json_t *blocks_option(const char *label, const char *value);
/* ${initial}: NULL or "" for none; cut to ${max_points}, since Slack refuses a form whose text is
 * longer than its field. */
json_t *blocks_input_text(const char *name, const char *initial, bool multiline, size_t max_points,
                          const char *placeholder);
json_t *blocks_input_url(const char *name, const char *initial, const char *placeholder);
json_t *blocks_input_date(const char *name, const char *initial);
json_t *blocks_input_time(const char *name, const char *initial); /* "09:00" */
/* ${options} taken; ${initial}: an option, taken, or NULL. */
json_t *blocks_input_select(const char *name, json_t *options, json_t *initial);
json_t *blocks_input_external(const char *name, json_t *initial, const char *placeholder);

/* --- wholes --- */

/* ${fallback}, mrkdwn, is what notifications and screen readers have of it. */
json_t *blocks_message(const char *fallback, json_t *blocks);
/* Make ${message} one for ${channel}, its links left alone, as chat.* takes it; returns it. */
json_t *blocks_message_to(json_t *message, const char *channel);
/* ${submit} NULL: nothing can be sent in. ${private_metadata}: comes back with it, seen by nobody;
 * at most 3000 characters, not cut. */
json_t *blocks_modal(const char *callback_id, const char *title, const char *submit,
                     const char *close, const char *private_metadata, json_t *blocks);

#endif
