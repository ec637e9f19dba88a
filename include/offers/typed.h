/* What people type, and what phones, word processors and Slack make of it on the way: other spaces
 * (Slack puts no-break spaces into text), typographic hyphens, invisible characters, formatting
 * marks. Pure; UTF-8 in and out. */
#ifndef CPPO_OFFERS_TYPED_H
#define CPPO_OFFERS_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length in bytes, at ${at}, of: a blank (Unicode's White_Space); a hyphen, dash or minus. 0:
 * none. */
size_t typed_blank(const char *at);
size_t typed_hyphen(const char *at);

/* What this character is, in words, when nobody should be able to put it into a text that others
 * read ("a control character"); NULL when it is allowed. ${lines}: line breaks are. */
const char *typed_forbidden(unsigned point, bool lines);

/* The bytes before the first blank, and those of the blanks that ${at} begins with. */
size_t typed_word(const char *at);
size_t typed_blanks(const char *at);

/* Without invisible characters and without blanks at either end; each blank within but a line break
 * is a plain space. On the heap. */
char *typed_text(const char *typed);

/* The same for what has only plain characters, such as a key or a number: hyphens are plain, and
 * the marks of formatting around it (* _ ` ~) are gone. On the heap. */
char *typed_code(const char *typed);

/* "CPPO-12", "cppo 12", "#12", "12"; 0 for anything else. */
int64_t typed_request_number(const char *typed);

#endif
