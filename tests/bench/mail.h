/* The envelopes that are sent: a text with places for what differs from one to the next. */
#ifndef BENCH_MAIL_H
#define BENCH_MAIL_H

#include <stddef.h>

#include "text.h"

struct mail;

/* A command typed by ${user}; the address for later answers is one of ${url}. */
struct mail *mail_command(const char *url, const char *user, const char *text);

/* A click on ${action} of the card at ${ts}, known to the bot by ${key}; the n-th envelope is on
 * the button with the n-th of ${values}, from the first again behind the last. */
struct mail *mail_click(const char *url, const char *user, const char *action, const char *ts,
                        const char *key, const char *const *values, size_t count);

/* A filled form; each a request of its own. */
struct mail *mail_form(const char *user);

void mail_free(struct mail *mail);

/* Envelope ${number}, whose id is "bench-" and ${number} in twelve digits, as a frame's text; valid
 * until the next call on ${mail}. */
const struct text *mail_write(struct mail *mail, long number);

/* The number of the envelope that this acknowledges; -1: of none of ours. */
long mail_acked(const char *bytes, size_t size);

#endif
