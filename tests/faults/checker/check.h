/* The independent judge: it knows what the outside saw (the sandbox's log and its state at the end)
 * and the offers' history in the state file, and nothing of the program that made them. Its tables
 * of states and words are written from the design, not taken from the bot. */
#ifndef CHECKER_CHECK_H
#define CHECKER_CHECK_H

#include <jansson.h>
#include <stdbool.h>

struct evidence {
    const json_t *log;   /* [entry], the oldest first */
    const json_t *state; /* GET /_sandbox/state */
    const json_t *book;  /* book_read */
    int needed;          /* approvals */
    json_int_t restored; /* the log (seq) when the file was put back; 0: not that we know */
};

struct verdict {
    int broken;
    char lines[4000]; /* "I1: CPPO-1 was released 2 times\n" ... */
};

/* Judge; the count of what is broken. */
int check_all(const struct evidence *evidence, struct verdict *verdict);

/* The parts. */
void check_releases(const struct evidence *evidence, struct verdict *verdict); /* I1, I2 */
void check_acks(const struct evidence *evidence, struct verdict *verdict);     /* I3 */
void check_ends(const struct evidence *evidence, struct verdict *verdict);     /* I3 */
void check_history(const struct evidence *evidence, struct verdict *verdict);  /* I4 */
void check_cards(const struct evidence *evidence, struct verdict *verdict);    /* I5 */

void broken(struct verdict *verdict, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The tables of the state file as {"offer": [{column: value}], "move": ..., "damage": [text]}; what
 * PRAGMA integrity_check and foreign_key_check say is in "damage". Opened read-only. */
json_t *book_read(const char *path);

/* --- shared by the parts --- */

const char *text_of(const json_t *object, const char *key); /* "" when there is none */
json_int_t number_of(const json_t *object, const char *key);
const json_t *rows_of(const struct evidence *evidence, const char *table);
const json_t *offer_row(const struct evidence *evidence, json_int_t number);
/* "... CPPO-12 r3" or "CPPO-12 ...": the numbers, 0 when it is not there. */
json_int_t number_after(const char *text, const char *mark);
/* What people read for a state: "Waiting for approval"; NULL: no such state. */
const char *label_of(const char *state);
bool in_list(const char *word, const char *const *list); /* NULL ends the list */
/* When (seq) the file was put back, where that is known; else when the operators last read that the
 * bot ran on one that was put back, or lost; -1: never. What people did before then may stand in
 * the log alone. */
json_int_t restored_at(const struct evidence *evidence);
bool was_restored(const struct evidence *evidence);
/* How many approvers, other than ${requester}, clicked on *Approve* of this revision before that
 * entry of the log: votes may be lost with a file, clicks are not. */
int approvers_that_clicked(const struct evidence *evidence, const char *requester,
                           json_int_t number, json_int_t revision, const json_t *before);
/* Is the channel the app's direct messages with this person? */
bool is_direct(const struct evidence *evidence, const char *channel, const char *user);

#endif
