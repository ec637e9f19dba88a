/* A message written as the JSON text that is sent, block by block: the same bytes as those of what
 * slack/blocks.h builds, without the tree in between. For long messages that many ask for. */
#ifndef CPPO_SLACK_BLOCKS_JSON_H
#define CPPO_SLACK_BLOCKS_JSON_H

#include "slack/blocks.h"
#include "text.h"

/* Begin a message in ${json}, which is empty; the blocks follow, in their order, and the end. */
void blocks_json_message(struct text *json, const char *fallback);
void blocks_json_end(struct text *json);

void blocks_json_header(struct text *json, const char *text);
/* ${accessory}: the button at its side, NULL: none. */
void blocks_json_section(struct text *json, const char *markup,
                         const struct block_button *accessory);
void blocks_json_context(struct text *json, const char *markup);
void blocks_json_actions(struct text *json, const char *block_id,
                         const struct block_button *buttons, size_t count);

#endif
