/* Is this what Slack would take? Types, required and unknown members, lengths and counts of Block
 * Kit's classic set. Lengths are in code points.
 * Source: docs.slack.dev/reference/block-kit, and its pages of blocks, elements and objects. */
#ifndef SANDBOX_BLOCKKIT_H
#define SANDBOX_BLOCKKIT_H

#include <jansson.h>

enum blockkit_surface { BLOCKKIT_MESSAGE, BLOCKKIT_MODAL, BLOCKKIT_HOME };

/* What is wrong, as Slack says it in response_metadata.messages ("[ERROR] ...
 * [json-pointer:/...]"); an empty array when nothing is. A new reference. */
json_t *blockkit_check(const json_t *blocks);
json_t *blockkit_check_view(const json_t *view, enum blockkit_surface surface);

/* Give every block and element that has none a block_id or action_id, as Slack does. */
void blockkit_fill_ids(json_t *blocks);

/* The elements of one block that can be acted upon: its element, elements or accessory.
 * Call with *${index} 0; NULL at the end. Borrowed. */
json_t *blockkit_element(const json_t *block, size_t *index);

#endif
