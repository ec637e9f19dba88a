/* I5: one card an offer, which only ever shows states that the offer had, and at last the truth. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Does this text say that the offer is in this state, with this revision? What AWS sent back is
 * called so. */
static bool says(const char *text, const char *state, json_int_t revision)
{
    const char *labels[] = {label_of(state), NULL};
    if (strcmp(state, "changes_requested") == 0)
        labels[1] = "AWS needs a change";
    for (size_t i = 0; i < 2; i++) {
        char words[80];
        snprintf(words, sizeof(words), "%s (revision %lld)", labels[i] != NULL ? labels[i] : "?",
                 (long long)revision);
        if (labels[i] != NULL && strstr(text, words) != NULL)
            return true;
    }
    return false;
}

static bool ever_was(const struct evidence *evidence, json_int_t number, const char *text)
{
    size_t i;
    json_t *move;
    json_array_foreach(rows_of(evidence, "move"), i, move)
    {
        if (number_of(move, "offer") == number &&
            says(text, text_of(move, "to_state"), number_of(move, "revision")))
            return true;
    }
    return false;
}

/* Shown by a file that was lost, or replaced by a backup: what people clicked before led to it. */
static bool was_lost(const struct evidence *evidence, json_int_t number, const json_t *shown)
{
    static const char *const ways_on[] = {"approved", "publishing", "published", "failed"};
    const char *text = text_of(shown, "text");
    json_int_t revision = number_after(text, "(revision ");
    if (number_of(shown, "seq") > restored_at(evidence) ||
        approvers_that_clicked(evidence, "", number, revision, shown) < evidence->needed)
        return false;
    for (size_t i = 0; i < sizeof(ways_on) / sizeof(ways_on[0]); i++) {
        if (says(text, ways_on[i], revision))
            return true;
    }
    return false;
}

/* A reply in the thread of a card is none. */
static bool is_reply(const json_t *message)
{
    const char *thread = text_of(message, "thread_ts");
    return *thread != '\0' && strcmp(thread, text_of(message, "ts")) != 0;
}

/* Everything that was ever shown; the count of cards that were posted. */
static int check_shown(const struct evidence *evidence, json_int_t number, struct verdict *verdict)
{
    int posts = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        const char *text = text_of(entry, "text");
        if (strcmp(text_of(entry, "kind"), "slack.message") != 0 ||
            strcmp(text_of(entry, "channel"), "C0APPROVALS") != 0 ||
            strcmp(text_of(entry, "what"), "ephemeral") == 0 || is_reply(entry) ||
            number_after(text, "CPPO-") != number)
            continue;
        posts += strcmp(text_of(entry, "what"), "posted") == 0;
        if (!ever_was(evidence, number, text) && !was_lost(evidence, number, entry))
            broken(verdict, "I5", "a card showed what never was: %s", text);
    }
    return posts;
}

static const json_t *button_of(const json_t *message, const char *action)
{
    size_t i, j;
    json_t *block, *element;
    json_array_foreach(json_object_get(message, "blocks"), i, block)
    {
        json_array_foreach(json_object_get(block, "elements"), j, element)
        {
            if (strcmp(text_of(element, "action_id"), action) == 0)
                return element;
        }
    }
    return NULL;
}

/* A click on `approve` approves: its dialog has shown what. One on `approve_again` opens a form. */
static void check_approve(const json_t *card, const json_t *offer, struct verdict *verdict)
{
    const json_t *approve = button_of(card, "approve");
    bool there = approve != NULL || button_of(card, "approve_again") != NULL;
    long long number = (long long)number_of(offer, "number");
    if (there != (strcmp(text_of(offer, "state"), "pending") == 0))
        broken(verdict, "I5", "the card of CPPO-%lld has the wrong buttons for %s", number,
               text_of(offer, "state"));
    else if (approve != NULL && json_object_get(approve, "confirm") == NULL)
        broken(verdict, "I5", "the card of CPPO-%lld approves what it does not show", number);
}

static void check_card(const struct evidence *evidence, const json_t *offer,
                       struct verdict *verdict)
{
    json_int_t number = number_of(offer, "number");
    const json_t *card = NULL;
    size_t i, j;
    json_t *channel, *message;
    json_array_foreach(json_object_get(evidence->state, "channels"), i, channel)
    {
        if (strcmp(text_of(channel, "id"), "C0APPROVALS") != 0)
            continue;
        json_array_foreach(json_object_get(channel, "messages"), j, message)
        {
            if (number_after(text_of(message, "text"), "CPPO-") == number && !is_reply(message))
                card = message;
        }
    }
    if (card == NULL)
        broken(verdict, "I5", "CPPO-%lld has no card", (long long)number);
    else if (!says(text_of(card, "text"), text_of(offer, "state"), number_of(offer, "revision")))
        broken(verdict, "I5", "the card of CPPO-%lld shows “%s”, and it is %s (revision %lld)",
               (long long)number, text_of(card, "text"), label_of(text_of(offer, "state")),
               (long long)number_of(offer, "revision"));
    else
        check_approve(card, offer, verdict);
}

void check_cards(const struct evidence *evidence, struct verdict *verdict)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        json_int_t number = number_of(row, "number");
        int posts = check_shown(evidence, number, verdict);
        if (posts > 1)
            broken(verdict, "I5", "CPPO-%lld has %d cards", (long long)number, posts);
        check_card(evidence, row, verdict);
    }
}
