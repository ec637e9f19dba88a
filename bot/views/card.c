/* The card, and the form by which it is approved. */
#include "views/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parts.h"
#include "sections.h"
#include "slack/blocks.h"
#include "text.h"

/* Who approved and when is among the votes already. */
static bool is_among_votes(const struct card *card)
{
    const struct move *last = card->last;
    return last != NULL && card->vote_count > 0 &&
           (last->event == EVENT_PASS || last->event == EVENT_APPROVE);
}

static const char withheld[] = "People of another organisation can read this channel, so prices, "
                               "markup, notes and comments are left out: *Details* shows them.";

json_t *card_message(const struct card *card)
{
    json_t *blocks = json_array();
    char *text = sections_decision(card);
    char *id = text_format("offer_%lld", (long long)card->request->number);
    sections_add_heading(blocks, card);
    parts_add_glance(blocks, card);
    if (card->outsiders)
        json_array_append_new(blocks, blocks_context(withheld));
    sections_add_copied(blocks, card);
    sections_add_changes(blocks, card);
    sections_add_checks_brief(blocks, card);
    if (!is_among_votes(card))
        sections_add_last_move(blocks, card);
    parts_add_progress(blocks, card);
    sections_add_votes(blocks, card);
    json_array_append_new(
        blocks,
        blocks_actions(id, parts_buttons(card, MAY_DECIDE | MAY_CHANGE | MAY_RETRY | MAY_COPY |
                                                   MAY_SEE_DETAILS | MAY_HOLD | MAY_CONTINUE)));
    json_t *whole = sections_message(text, blocks);
    free(text);
    free(id);
    return whole;
}

char *card_plain(const struct card *card)
{
    const struct request_kind *kind = card->request->kind;
    return kind->plain != NULL ? kind->plain(card) : mem_copy("");
}

/* All that must be read before. */
static json_t *approval_blocks(const struct card *card)
{
    json_t *blocks = json_array();
    sections_add_heading(blocks, card);
    parts_add_facts(blocks, card);
    sections_add_copied(blocks, card);
    sections_add_changes(blocks, card);
    sections_add_checks(blocks, card);
    return blocks;
}

json_t *card_break_glass(const struct card *card, const char *origin, const char *reason)
{
    json_t *blocks = approval_blocks(card);
    char *title = text_format("Approve CPPO-%lld", (long long)card->request->number);
    json_array_append_new(
        blocks,
        blocks_input("reason", "Why can it not wait for the others?",
                     "All approvers and operators are told, and it stays on the card.", false,
                     blocks_input_text("reason", reason, true, COMMENT_POINTS, NULL)));
    char *question = text_format("🚨 *Alone, in an emergency:* it will need nobody else. %s",
                                 card->request->kind->words->warning);
    json_array_append_new(blocks, blocks_section(question));
    json_t *whole =
        blocks_modal("break_glass_form", title, "Approve alone", "Not yet", origin, blocks);
    free(question);
    free(title);
    return whole;
}

json_t *card_approval(const struct card *card, const char *origin)
{
    json_t *blocks = approval_blocks(card);
    const struct kind_words *words = card->request->kind->words;
    char *title = text_format("Approve CPPO-%lld", (long long)card->request->number);
    json_array_append_new(
        blocks,
        blocks_input("comment", "Comment", "The requester reads it, and it stays on the card.",
                     true, blocks_input_text("comment", NULL, true, COMMENT_POINTS, NULL)));
    char *question = text_format("*%s* %s", words->approve, words->warning);
    json_array_append_new(blocks, blocks_section(question));
    json_t *whole = blocks_modal("approve_form", title, "Approve", "Not yet", origin, blocks);
    free(question);
    free(title);
    return whole;
}
