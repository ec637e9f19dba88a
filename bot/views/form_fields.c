/* The field for the EULA's address, which stands in the form only with an EULA of our own. The form
 * is changed as it is, while somebody fills it in: Slack keeps what they typed in a field whose
 * block id stays (docs.slack.dev, "Modals: updating views"); should it not, they find it there as
 * the first value. */
#include "views/form_fields.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "offers/content.h"
#include "slack/blocks.h"

enum { MAX_KEPT = 1000 }; /* of private_metadata's 3000 */

const char *form_fields_url(const char *typed)
{
    return typed != NULL && strncmp(typed, "https://", 8) == 0 && strpbrk(typed, " \n") == NULL
               ? typed
               : NULL;
}

json_t *form_fields_eula_url(const char *url)
{
    return blocks_input(field_name(FIELD_EULA_URL), field_label(FIELD_EULA_URL),
                        "Needed with an EULA of our own: its address in S3.", true,
                        blocks_input_url(field_name(FIELD_EULA_URL), url,
                                         "https://bucket.s3.amazonaws.com/eula.pdf"));
}

/* Where the block of this field stands; as many as there are blocks when it does not. */
static size_t index_of(const json_t *blocks, enum field field)
{
    size_t i;
    const json_t *block;
    json_array_foreach(blocks, i, block)
    {
        const char *id = json_string_value(json_object_get(block, "block_id"));
        if (id != NULL && strcmp(id, field_name(field)) == 0)
            return i;
    }
    return json_array_size(blocks);
}

bool form_has_eula_url(const json_t *view)
{
    const json_t *blocks = json_object_get(view, "blocks");
    return index_of(blocks, FIELD_EULA_URL) < json_array_size(blocks);
}

/* What stands in this element, by the form's state; NULL for a block that has none. */
static const json_t *entered(const json_t *view, const json_t *block)
{
    const char *id = json_string_value(json_object_get(block, "block_id"));
    const json_t *values = json_object_get(json_object_get(view, "state"), "values");
    const json_t *state = id != NULL ? json_object_get(values, id) : NULL;
    return id != NULL ? json_object_get(state, id) : NULL; /* action_id = block_id, ours */
}

/* The block with what stands in it as its first value. */
static void keep(json_t *block, const json_t *entry)
{
    static const char *const names[][2] = {{"value", "initial_value"},
                                           {"selected_option", "initial_option"},
                                           {"selected_date", "initial_date"}};
    json_t *element = json_object_get(block, "element");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_t *value = json_object_get(entry, names[i][0]);
        if (value != NULL && !json_is_null(value))
            json_object_set(element, names[i][1], value);
    }
}

static json_t *kept_blocks(const json_t *view)
{
    size_t i;
    json_t *block;
    json_t *blocks = json_deep_copy(json_object_get(view, "blocks"));
    json_array_foreach(blocks, i, block)
    {
        const json_t *entry = entered(view, block);
        if (entry != NULL)
            keep(block, entry);
    }
    return blocks;
}

/* private_metadata with the address that goes with its field; or the address that is to come back
 * with it in *${url} (${metadata} lends it). */
static json_t *metadata_of(const json_t *view, bool shown, const char **url)
{
    const char *text = json_string_value(json_object_get(view, "private_metadata"));
    json_t *metadata = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    *url = json_string_value(json_object_get(metadata, "eula_url"));
    if (shown || metadata == NULL)
        return metadata;
    const json_t *blocks = json_object_get(view, "blocks");
    const json_t *block = json_array_get(blocks, index_of(blocks, FIELD_EULA_URL));
    const char *typed = json_string_value(json_object_get(entered(view, block), "value"));
    if (typed != NULL && strlen(typed) <= MAX_KEPT)
        json_object_set_new(metadata, "eula_url", json_string(typed));
    return metadata;
}

json_t *form_with_eula_url(const json_t *view, bool shown)
{
    const char *url;
    json_t *blocks = kept_blocks(view);
    size_t eula = index_of(blocks, FIELD_EULA);
    json_t *metadata = metadata_of(view, shown, &url);
    json_t *form = NULL;
    if (metadata != NULL && eula < json_array_size(blocks) && form_has_eula_url(view) != shown) {
        char *text = json_write(json_incref(metadata));
        if (shown)
            json_array_insert_new(blocks, eula + 1, form_fields_eula_url(form_fields_url(url)));
        else
            json_array_remove(blocks, index_of(blocks, FIELD_EULA_URL));
        form = json_pack("{s:s, s:s, s:O, s:O, s:O, s:s, s:O}", "type", "modal", "callback_id",
                         "offer_form", "title", json_object_get(view, "title"), "submit",
                         json_object_get(view, "submit"), "close", json_object_get(view, "close"),
                         "private_metadata", text, "blocks", blocks);
        free(text);
    }
    json_decref(metadata);
    json_decref(blocks);
    return form;
}
