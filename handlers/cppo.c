/* /cppo: the menu, or a subcommand. */
#include <assert.h>
#include <stdlib.h>

#include "answers.h"
#include "flows/listing.h"
#include "mem.h"
#include "offers/typed.h"
#include "text.h"

enum { MAX_SUBCOMMANDS = 40 }; /* that many lines fit into an ack */

/* The subcommands, for the help; returns how many. */
static size_t usages(struct usage list[MAX_SUBCOMMANDS])
{
    size_t count = 0;
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        if ((*entry)->run != NULL && count < MAX_SUBCOMMANDS)
            list[count++] = (*entry)->usage;
    }
    return count;
}

static struct decision menu(struct turn *turn, const struct slack_envelope *from)
{
    bool own;
    int64_t pending = listing_count(turn, from->user, &own);
    return answer_message(turn, from, message_menu(pending, own));
}

/* The help depends on nothing but the program, so it is written once per process. */
static const char *help_body(void)
{
    static char *body;
    struct usage list[MAX_SUBCOMMANDS];
    if (body == NULL)
        body = answer_body(message_help(list, usages(list)));
    assert(body != NULL); /* a line for each subcommand fits into an ack */
    return body;
}

static struct decision help(struct turn *turn, const struct slack_envelope *from, const char *rest)
{
    (void)from;
    (void)rest;
    return turn_answer(turn, mem_copy(help_body()));
}

static struct decision run(struct turn *turn, const struct slack_envelope *from, const char *word,
                           const char *rest)
{
    struct usage list[MAX_SUBCOMMANDS];
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        if ((*entry)->run != NULL && text_same_nocase((*entry)->usage.name, word))
            return (*entry)->run(turn, from, rest);
    }
    return answer_message(turn, from, message_unknown_command(word, list, usages(list)));
}

static struct decision on_command(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    const char *text = from->command_text;
    text += typed_blanks(text);
    if (*text == '\0')
        return menu(turn, from);
    size_t size = typed_word(text);
    char *first = mem_slice(text, size);
    char *word = typed_code(first);
    const char *rest = text + size + typed_blanks(text + size);
    struct decision decision = run(turn, from, word, rest);
    free(word);
    free(first);
    return decision;
}

const struct entry cppo_entry = {
    .usage = {"help", "", "this text"},
    .run = help,
    .routes = {{"command:/cppo", on_command}},
};
