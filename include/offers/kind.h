/* The kinds of request: what is asked for, approved by people, and then done. Number, revision,
 * state, votes, history and card are the same for all of them; what differs is in a row of one
 * table, and common code asks the row. */
#ifndef CPPO_OFFERS_KIND_H
#define CPPO_OFFERS_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/machine.h"

struct card;
struct json_t;
struct person;
struct request;
struct rule_facts;
struct text;
struct turn;

/* Sentences of which it is the subject. */
struct kind_words {
    const char *noun;      /* "You requested this" ...: "offer" */
    const char *nouns;     /* "who may request" ...: "offers" */
    const char *capital;   /* the same, at the beginning of a sentence: "Offers" */
    const char *carry_out; /* what an approval leads to, "I won't" ...: "publish it" */
    const char *joint;     /* "CPPO-12" ... "Example Corp" (title): " for " */
    const char *approve;   /* asked before an approval: "Release this offer?" */
    const char *warning;   /* and said there: "A release cannot be undone." */
    const char *withdraw;  /* "Withdraw this offer?" */
    const char *withdrawn; /* "It will not be published, and it cannot be resumed." */
    const char *failed;    /* "CPPO-12" ...: "could not be published" */
    /* What happened, where it is another thing than with the others; else NULL. */
    const char *happened[EVENTS];
};

/* What is NULL among the functions is not said, or not asked, of this kind. Text is plain unless it
 * goes into blocks; what is returned as char * is on the heap, for the caller to free. */
struct request_kind {
    const char *name; /* stored with each request: it stays what it is */
    const struct kind_words *words;
    /* What it may do beside what all do (approval_moves). */
    const struct move_row *moves;
    /* Where its states have words of their own; NULL: those that all have. */
    const char *labels[STATES];
    /* Read ${stored} into ${content}, a struct of its own that holds its own text, of at most
     * REQUEST_CONTENT bytes, which are zero; false when it cannot be read. */
    bool (*read)(void *content, const char *stored);
    /* One line for each thing in which ${after} is not as ${before}, both as they are stored: at
     * most ${capacity} bytes, plain text. */
    void (*changes)(const char *before, const char *after, char *text, size_t capacity);
    /* What people call a field of it, "accept_by"; NULL: as it is. */
    const char *(*label)(const char *name);
    /* ... and what they say for what is stored of it, "10 years"; on the heap, NULL: as it is. */
    char *(*value)(struct turn *turn, const char *name, const char *stored);

    /* What it is called, after its number: "Example Corp". */
    void (*title)(const struct request *request, struct text *title);
    /* By what it is found beside its number, a line each: "c" and a word of its title, "b" and an
     * account, as offers/folded.h makes words. NULL: by its number alone. */
    void (*found_by)(const struct request *request, struct text *keys);
    /* More of it in a list, as mrkdwn: " · accept by 2027-01-20"; with what there is to
     * ${decide} on. */
    void (*listed)(const struct request *request, bool decide, struct text *line);
    /* On the card and among the details: what it asks for, and, later, how far it has come. */
    void (*facts)(struct json_t *blocks, const struct card *card);
    /* The same in a few lines, for the card: what there is to decide on, and every amount. NULL: as
     * among the details. */
    void (*glance)(struct json_t *blocks, const struct card *card);
    void (*progress)(struct json_t *blocks, const struct card *card);
    /* In a notification, all there is to decide on; before an approval, all that must be read; and
     * all that an approval covers, which is kept with it. */
    char *(*brief)(const struct card *card);
    char *(*question)(const struct card *card);
    char *(*plain)(const struct card *card);
    /* To the requester: what comes next (static text; NULL: what is said of all); after it, as
     * mrkdwn, where to find it; and the rest. */
    const char *(*next)(const struct card *card);
    void (*link)(struct text *line, const struct card *card);
    void (*news)(struct json_t *blocks, const struct card *card);
    /* Once it is out (STATES_OUT), in the announcements channel: a message. */
    struct json_t *(*announcement)(const struct card *card);
    /* The action of the button that changes it; and the command that does, "/cppo edit", where
     * there is one. */
    const char *edit;
    const char *edit_command;
    /* The action of the button that sends in what an approver asked for, where that can be taken
     * over as it stands: what it changes, a line each, on the heap; NULL: it cannot. */
    const char *agree;
    char *(*agreed)(const struct request *request);
    /* The action of the button that asks for the same anew; NULL: there is none. */
    const char *copy;

    /* In a list, what there is to decide on beside what it holds: "0.009375 USD per unit"; plain.
     */
    char *(*price)(struct turn *turn, const struct request *request);
    /* Load what a card shows of it beside what all show: the card's ${own}, and its checks. It is
     * let go by ${unload}. */
    void *(*load)(struct turn *turn, struct card *card);
    void (*unload)(void *loaded);
    /* What rules of approval look at in it; NULL: at nothing but its kind and its requester. A
     * question: it leaves no trace. */
    void (*rule_facts)(struct turn *turn, const struct request *request, struct rule_facts *facts);
    /* Why it cannot be approved as it is, in words for who tries; NULL: it can. This is a question:
     * it leaves no trace. */
    char *(*obstacle)(struct turn *turn, const struct request *request);
    /* Somebody was told so just now: ask for what is still missing. */
    void (*hindered)(struct turn *turn, const struct request *request);
    /* ${person} has approved it; and the last approval that was needed is there: before it moves.
     */
    void (*voted)(struct turn *turn, const struct request *request, const char *person);
    void (*approving)(struct turn *turn, const struct request *request);
    /* Ask anew for that for which an approval would be refused. True: it is being asked for at this
     * moment, and the approval waits for the answer (on_answer). NULL: there is no such thing. */
    bool (*recheck)(struct turn *turn, const struct request *request);
    /* What was approved waits as its timing says, and can be held (flows/waiting.c). */
    bool timed;
    /* Why it cannot be carried out at that moment, wall ms, whatever is decided until then; "its
     * accept-by date 2027-01-20 has passed by then". A question, too. */
    char *(*untimely)(struct turn *turn, const struct request *request, int64_t at);
    /* Is it being done at this moment, or done, so that it cannot be withdrawn any more? NULL: its
     * state alone says whether it can. A question, too. */
    bool (*irrevocable)(struct turn *turn, const struct request *request);
    /* Why ${person} cannot try it again, who may in general, in words for them; NULL: they can. A
     * question, too. */
    char *(*retry_obstacle)(struct turn *turn, const struct request *request,
                            const struct person *person);
    /* They do: before it moves. */
    void (*retrying)(struct turn *turn, const struct request *request, const struct person *person);
};

/* The table: bot/run/kinds.c. NULL ends it. */
extern const struct request_kind *const request_kinds[];
/* All there are, a word each: ${word}_kind, at the end of its flow. */
#define KINDS(WORD) WORD(offer)
#define KIND_DECLARE(name) extern const struct request_kind name##_kind;
KINDS(KIND_DECLARE)

/* The stored name of offers. Whoever stands below a row, or is only to hear of its requests, knows
 * their kind by its name. */
#define KIND_OFFER "offer"
bool kind_is(const struct request_kind *kind, const char *name);

/* The words for requests of whatever kind: those of the only kind; else "requests". */
const struct kind_words *kinds_words(void);

/* The kind of that stored name; for a name that is not in the table one that can do nothing: its
 * requests cannot be read. */
const struct request_kind *kind_named(const char *name);

/* The state that ${event} leads to from ${from}, or -1 when there is no such move. */
int kind_move(const struct request_kind *kind, enum request_state from, enum request_event event);
/* Who may; 0: no such move. */
unsigned kind_movers(const struct request_kind *kind, enum request_state from,
                     enum request_event event);
/* May a request of this kind be in this state? */
bool kind_has(const struct request_kind *kind, enum request_state state);
/* Final for people; only AWS can still move it. */
bool kind_ended(const struct request_kind *kind, enum request_state state);
/* "Changes requested": shown. */
const char *kind_label(const struct request_kind *kind, enum request_state state);

#endif
