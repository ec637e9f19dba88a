/* /cppo: the menu, or a subcommand. */
#include <stdlib.h>

#include "common.h"
#include "flows/listing.h"
#include "mem.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

static const struct {
    const char *name;
    struct decision (*run)(struct turn *turn, const struct slack_envelope *from, const char *rest);
} subcommands[] = {
    {"edit", edit_command}, {"help", help_command}, {"list", list_command},
    {"new", new_command},   {"show", show_command}, {"withdraw", withdraw_command},
};

static struct decision menu(struct turn *turn, const struct slack_envelope *from)
{
    bool own;
    int64_t pending = listing_count(turn, from->user, &own);
    return answer_message(turn, from, message_menu(pending, own));
}

struct decision help_command(struct turn *turn, const struct slack_envelope *from, const char *rest)
{
    (void)rest;
    return answer_message(turn, from, message_help());
}

static struct decision run(struct turn *turn, const struct slack_envelope *from, const char *word,
                           const char *rest)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (text_same_nocase(subcommands[i].name, word))
            return subcommands[i].run(turn, from, rest);
    }
    return answer_message(turn, from, message_unknown_command(word));
}

struct decision cppo_command(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    const char *typed = from->command_text;
    typed += typed_blanks(typed);
    if (*typed == '\0')
        return menu(turn, from);
    size_t size = typed_word(typed);
    char *first = mem_slice(typed, size);
    char *word = typed_code(first);
    const char *rest = typed + size + typed_blanks(typed + size);
    struct decision decision = run(turn, from, word, rest);
    free(word);
    free(first);
    return decision;
}
