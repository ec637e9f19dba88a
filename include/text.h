/* Text that grows, and the few questions about UTF-8 that the rest of the project asks. */
#ifndef CPPO_TEXT_H
#define CPPO_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start with `struct text t = {0}`; text_free when done, or text_take to keep the bytes.
 * `bytes` is NUL-terminated once anything was added (NULL before). */
struct text {
    char *bytes;
    size_t size;
    size_t capacity;
};

/* Append; ${more} must not lie in ${text} itself. */
void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const void *bytes, size_t size);
void text_add_int(struct text *text, int64_t number); /* in decimal */
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Percent-encoded: all but the unreserved characters of RFC 3986, section 2.3. */
void text_add_encoded(struct text *text, const char *more);
void text_clear(struct text *text); /* empties it, keeps the room */
void text_free(struct text *text);

/* The bytes on the heap (never NULL, "" when empty), which the caller now owns; ${text} is empty
 * afterwards. */
char *text_take(struct text *text);

/* What was added so far, "" when nothing was; valid until the next call on ${text}. */
const char *text_get(const struct text *text);

/* Copy into a fixed array, cut at a character boundary when it does not fit, always terminated;
 * false when it was cut. */
bool text_fit(char *array, size_t capacity, const char *from);

/* ${size} bytes as twice as many lower-case digits and a NUL, for which ${hex} has the room. */
void text_hex(char *hex, const void *bytes, size_t size);

/* snprintf on the heap; the caller frees. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_vformat(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Is this valid UTF-8 (RFC 3629: no overlong forms, no surrogates)? */
bool text_is_utf8(const char *bytes, size_t size);

/* Leave out, in place, the bytes that are not UTF-8: what is left of a character cut in two. */
void text_repair(char *text);

/* The bytes at ${text} (not at its end) that a terminal or a reader would act on instead of showing
 * them: a control character (C0, DEL, C1), a mark that turns the direction of writing, a separator
 * of lines, or a byte that is not UTF-8. 0: anything else. */
size_t text_unseen(const char *text);

/* Put, in place, an ellipsis for every word that holds an address, or a part of a signed one: that
 * opens what it names to whoever reads it. */
void text_hide_addresses(char *text);

/* Code points in valid UTF-8, and the byte length of its first ${points} code points. */
size_t text_points(const char *utf8);
size_t text_cut(const char *utf8, size_t points);

/* The same in UTF-16 units, as Java and JavaScript count: two beyond U+FFFF, never cut between. */
size_t text_utf16(const char *utf8);
size_t text_cut_utf16(const char *utf8, size_t units);

/* Decode the code point at ${utf8} (valid, not at the end); *${width} gets its bytes. */
unsigned text_point(const char *utf8, size_t *width);

/* Same letters, ASCII case ignored? NULL equals only NULL. */
bool text_same_nocase(const char *a, const char *b);

/* The name nearest to what was typed, for "did you mean"; NULL when none is fewer than ${below}
 * single-character edits away (Levenshtein; only the first 63 bytes count). ${first}: the name of
 * the first of ${count} rows that lie ${stride} bytes apart; a NULL name ends them early. */
const char *text_nearest(const char *typed, const char *const *first, size_t stride, size_t count,
                         unsigned below);

/* The next word of ${*at}, up to a space, which is passed; "" at the end. False when it does not
 * fit into ${capacity} bytes. */
bool text_take_word(const char **at, char *word, size_t capacity);

#endif
