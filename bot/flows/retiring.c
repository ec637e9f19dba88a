#include "flows/retiring.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"

static const struct effect_type card_retire_effect;

/* Slack takes some fifty updates a minute; half are left for current cards. However many old ones
 * there are, each gets its turn: none is given up because others came first. */
enum { GAP_MS = 2400 };

void retiring_card(struct turn *turn, const char *channel, const struct slack_post *card)
{
    json_t *blocks = json_array();
    bool buttons = false;
    size_t i;
    json_t *block;
    json_array_foreach(card->blocks, i, block)
    {
        const char *type = json_string_value(json_object_get(block, "type"));
        if (type != NULL && strcmp(type, "actions") == 0)
            buttons = true;
        else
            json_array_append(blocks, block);
    }
    char *words = text_format("🗄 This card belongs to an earlier set of records: nothing can be "
                              "decided here any more. `/cppo list` shows today's %s.",
                              kinds_words()->nouns);
    json_array_append_new(blocks, blocks_context(words));
    free(words);
    json_t *body = json_pack("{s:s, s:s, s:s, s:o}", "channel", channel, "ts", card->ts, "text",
                             card->text, "blocks", blocks);
    if (buttons)
        flow_effect(turn,
                    &(struct effect){
                        .type = &card_retire_effect, .subject = card->request, .lane = "retire"},
                    body);
    else
        json_decref(body);
}

static void on_card_retire(struct turn *turn, const struct result *result)
{
    (void)turn;
    log_info("card retired", F_INT("request", result->subject), F_TEXT("code", result->code));
}

static const struct effect_type card_retire_effect = {
    .name = "card.retire",
    .kind = EFFECT_NOTICE,
    .call = "slack:chat.update",
    .done = on_card_retire,
    .gap_ms = GAP_MS,
};

const struct flow retiring_flow = {.effects = {&card_retire_effect}};
