/* Scenarios: the real bot process against the real sandbox process, driven as people would. Nothing
 * sleeps: waiting is a long poll of the sandbox's log. */
#ifndef SCENARIO_DRIVER_H
#define SCENARIO_DRIVER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct world {
    char dir[200];      /* configuration, state and logs of this world */
    char url[64];       /* of the sandbox */
    const char *bin;    /* where cppo-bot and cppo-sandbox are */
    pid_t sandbox, bot; /* 0: not running */
    long seen;          /* of the sandbox's log */
    json_t *state;      /* as last read; owned */
    int64_t clock[2];   /* the bot's: by how many ms set, and suspended; see clock.c */
    int doubts;         /* of the bot, that were outlasted */
    bool began;         /* the bot has been started ... */
    size_t described;   /* ... after so many looks at AWS's entities, which were its check's */
};

/* Start a sandbox in a directory of its own under ${bin}; and, with ${bot}, the bot. ${name} is
 * for people. Ends the process with a message when that fails. */
void world_open(struct world *world, const char *name, bool bot);
void world_close(struct world *world);
/* What a test's tear_down does where nothing may be amiss with what the bot sent: Slack has nothing
 * to complain of, and the world is closed. 0. */
int world_tear_down(struct world *world);

/* Add lines to the configuration, before the bot starts: "offer:\n  ..." sections must be whole. */
void world_replace(struct world *world, const char *old, const char *new);

/* Set a variable of the bot's environment, or with NULL take it away, before the bot starts. */
void world_setting(struct world *world, const char *name, const char *value);
/* Write a file into the world's directory; its path (static room). */
const char *world_file(struct world *world, const char *name, const char *content);

/* Set the wall clock of the bot's machine. Whole seconds. */
void world_set_clock(struct world *world, int64_t by_ms);
/* A start at AWS that was lost is sent again after ten minutes: let them go by when there is one.
 * Whoever waits for something does it by and by; but for a form, which Slack opens within seconds
 * of the click or not at all. */
void world_outlast_doubts(struct world *world);

void world_start_bot(struct world *world);
const char *world_bot_log(struct world *world); /* all so far, of all its lives (static room) */
void world_kill_bot(struct world *world);       /* kill -9 */
int world_stop_bot(struct world *world);        /* SIGTERM; its exit status */

/* Run `cppo-bot ${words}...` (NULL ends them; --config is added) to its end; its exit status, and
 * what it printed, errors included (static room). */
int world_run(struct world *world, const char **said, ...);
/* `cppo-bot check` ends with ${status}, and says ${words}; all that it said (static room). */
const char *world_check(struct world *world, int status, const char *words);

int world_wait_bot(struct world *world); /* until it ends by itself; its exit status */

/* POST /_sandbox/${path}; takes ${body}; the answer is a new reference. */
json_t *world_post(struct world *world, const char *path, json_t *body);
void world_do(struct world *world, const char *path,
              json_t *body); /* the same, answer not wanted */

/* The ISV extends us an authorization: ${order} as /_sandbox/market/extend takes it, which is
 * taken; its id (static room). */
const char *world_extend(struct world *world, json_t *order);

/* Read the state anew (borrowed until the next call). */
const json_t *world_state(struct world *world);

/* Wait until ${seen} holds of the state; false after five minutes, or ${seconds}. */
typedef bool seen_fn(const json_t *state, const void *about);
bool world_wait(struct world *world, seen_fn *seen, const void *about);
bool world_wait_for(struct world *world, seen_fn *seen, const void *about, double seconds);

/* Wait, as long as that, until a socket of the bot stands and it has read the authorizations. */
bool world_connected(struct world *world);
/* Wait until a message in ${channel} (or in the direct messages of a user's id) shows
 * ${text}; until the newest whisper to ${user} holds it; until their form is open. */
bool world_sees(struct world *world, const char *channel, const char *text);
bool world_reads_reply(struct world *world, const char *channel, const char *text);
bool world_hears(struct world *world, const char *user, const char *text);
bool world_form(struct world *world, const char *user, const char *callback_id);
/* The card that shows ${text}: its ts (static room); fails when there is none. */
const char *world_card(struct world *world, const char *text);

/* --- what people do --- */

/* Type a command; the ack's payload or NULL (borrowed until the next call of this function). */
const json_t *world_command(struct world *world, const char *user, const char *text);
/* The outcome: "acked", "no such button" ... (static room). */
const char *world_click(struct world *world, const char *user, const char *channel, const char *ts,
                        const char *action);
/* The same on the newest message that only ${user} sees. */
const char *world_press(struct world *world, const char *user, const char *action);
/* Press a button, or choose ${value}, in the modal in front; NULL: a button. */
void world_press_in_view(struct world *world, const char *user, const char *action,
                         const char *value);
/* What is behind "More" in the form in front comes out, where it is not there yet. */
void world_more(struct world *world, const char *user);
/* Type /cppo withdraw and answer its question. */
void world_withdraw(struct world *world, const char *user, const char *offer);
/* On a button as it stood earlier, when the card has changed meanwhile: screens lag behind. */
const char *world_click_late(struct world *world, const char *user, const char *channel,
                             const char *ts, const char *action);
const char *world_click_value(struct world *world, const char *user, const char *channel,
                              const char *ts, const char *action, const char *value);
/* Use a shortcut of the app's: on the message at ${ts}, or with ${channel} NULL a global one. The
 * outcome, as of a click (static room). */
const char *world_shortcut(struct world *world, const char *user, const char *callback_id,
                           const char *channel, const char *ts);
/* The value of a button of the message at ${ts} (static room); fails when there is none. */
const char *world_button(struct world *world, const char *channel, const char *ts,
                         const char *action);
/* The state file, its companions, and nothing else: gone; or put aside, and put back. The bot must
 * not be running. */
void world_lose_book(struct world *world);
void world_back_up(struct world *world);
void world_restore(struct world *world);
/* As a machine is that goes back to a snapshot: the same files, the line beside them too, with what
 * stood in them then. */
void world_set_back(struct world *world);
/* Submit the form on top: values {"block": "text"}, taken. The errors of the ack, NULL when it was
 * taken (borrowed until the next call). */
const json_t *world_submit(struct world *world, const char *user, json_t *values);
/* Open the form with /cppo new and send in an offer with ${customer} and ${markup}. */
void world_request(struct world *world, const char *customer, const char *markup);

/* --- what they see (in a state) --- */

const json_t *messages_in(const json_t *state, const char *channel); /* also direct messages */
/* The newest that shows ${text}, replies in threads left out. */
const json_t *message_with(const json_t *state, const char *channel, const char *text);
size_t posts_in(const json_t *state, const char *channel);       /* without replies in threads */
const char *member(const json_t *object, const char *key);       /* "" when there is none */
bool shows(const json_t *message, const char *text);             /* anywhere in text or blocks */
const json_t *top_view(const json_t *state, const char *user);   /* the modal in front */
const char *last_whisper(const json_t *state, const char *user); /* text of the newest ephemeral */
bool form_open(const json_t *state, const char *user, const char *callback_id);
size_t released(const json_t *state); /* how often offers were released, all added up */
/* The one offer of this world ends published: released once, announced once, one card. */
void world_published_once(struct world *world);
json_t *world_log(struct world *world, long after); /* {"entries": [...], "next": n}, new */
/* All that the log holds behind ${*after}, up to what is newest now; moves ${*after} there. New. */
json_t *world_log_on(struct world *world, long *after);
size_t count_in_log(struct world *world, const char *kind, const char *key, const char *value);

/* Fails the test with words, and the ends of the logs. */
#define expect(world, condition, words)                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            world_fail((world), __FILE__, __LINE__, (words));                                      \
    } while (0)
void world_fail(struct world *world, const char *file, int line, const char *words);

#endif
