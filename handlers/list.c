/* Lists of requests: one's own, those that wait for a decision, and what is searched for. */
#include <stdlib.h>

#include "answers.h"
#include "flows/actions.h"
#include "flows/listing.h"
#include "json.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

/* Shown once we know whether they may see the requests of others. */
static void show_later(struct turn *turn, const struct slack_envelope *from, const char *query)
{
    struct pending_action pending = {.what = &list_action};
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    text_fit(pending.question, sizeof(pending.question), from->whisper_ts);
    text_fit(pending.query, sizeof(pending.query), query);
    actions_later(turn, &pending, NULL);
}

/* The message that answers ${query}; NULL: it comes later. On the heap. */
static char *answer(struct turn *turn, const struct slack_envelope *from, const char *query)
{
    char *message = listing_answer(turn, from->user, query);
    if (message == NULL)
        show_later(turn, from, query);
    return message;
}

/* --- commands --- */

static struct decision show(struct turn *turn, const struct slack_envelope *from, const char *query)
{
    char *message = answer(turn, from, query);
    return message != NULL ? answer_text(turn, from, message) : turn_act_later(turn);
}

/* ${typed}: the filters; what is wrong with them is said, with what was typed below. */
static struct decision show_typed(struct turn *turn, const struct slack_envelope *from,
                                  const char *typed)
{
    char query[PAGE_TEXT];
    char *wrong = listing_query(turn, from->user, typed, query);
    if (wrong == NULL)
        return show(turn, from, query);
    char *line = text_format("/cppo list %s", typed);
    json_t *message = message_quoting(wrong, line);
    free(line);
    free(wrong);
    return answer_message(turn, from, message);
}

/* Approvers see what waits for them below their own. */
static struct decision list_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    return rest[typed_blanks(rest)] != '\0' ? show_typed(turn, from, rest) : show(turn, from, "");
}

static struct decision mine_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    char *typed = text_format("%s by:me", rest);
    struct decision decision = show_typed(turn, from, typed);
    free(typed);
    return decision;
}

static struct decision search_command(struct turn *turn, const struct slack_envelope *from,
                                      const char *rest)
{
    if (rest[typed_blanks(rest)] == '\0')
        return answer_message(
            turn, from,
            message_plain("What for? Type /cppo search and words of a customer's name, or the "
                          "first digits of an AWS account, as in /cppo search buyer:1111."));
    return show_typed(turn, from, rest);
}

/* --- buttons --- */

static struct decision show_in_place(struct turn *turn, const struct slack_envelope *from,
                                     const char *query)
{
    char *message = answer(turn, from, query);
    if (message != NULL)
        answer_click(turn, from, json_read(message));
    return turn_answer(turn, NULL);
}

static struct decision my_offers_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    answer_click(turn, from, json_read(listing_show(turn, from->user, false, "by:me")));
    return turn_answer(turn, NULL);
}

static struct decision pending_offers_click(struct turn *turn, const void *payload)
{
    return show_in_place(turn, payload, "state:pending");
}

/* Another page, in the place of the one whose button was pressed. */
static struct decision page_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct list_page page;
    return show_in_place(turn, from, list_page_read(&page, from->value) ? from->value : "by:me");
}

const struct entry list_entry = {
    .usage = {"list", "[state:pending customer:acme age:>3d]",
              "your {nouns}, and those waiting for a decision; or those that you look for"},
    .run = list_command,
    .routes =
        {
            {"action:my_offers", my_offers_click},
            {"action:pending_offers", pending_offers_click},
            {"action:list_on", page_click},
            {"action:list_back", page_click},
        },
};

const struct entry list_mine_entry = {
    .usage = {"mine", "[state:failed]", "your {nouns} alone"},
    .run = mine_command,
};

const struct entry list_search_entry = {
    .usage = {"search", "acme", "{nouns} by the customer's name, or by an account"},
    .run = search_command,
};
