#include "views/form_rare.h"

#include <string.h>

#include "slack/blocks.h"
#include "text.h"

/* The address of an EULA comes and goes with that. */
static const enum field rare[] = {FIELD_OFFER_NAME, FIELD_TERM, FIELD_EULA};
enum { RARE = sizeof(rare) / sizeof(rare[0]) };

bool form_rare_is(enum field field)
{
    for (size_t i = 0; i < RARE; i++) {
        if (rare[i] == field)
            return true;
    }
    return false;
}

static const char *value_of(const struct form *form, enum field field)
{
    return form->typed[field] != NULL ? form->typed[field] : "";
}

bool form_rare_differs(const struct form *form, const struct form *usual)
{
    for (size_t i = 0; i < RARE; i++) {
        const char *value = value_of(form, rare[i]);
        bool follows = rare[i] == FIELD_TERM && strcmp(value, term_as_authorized) == 0;
        if (!follows && strcmp(value, value_of(usual, rare[i])) != 0)
            return true;
    }
    return *value_of(form, FIELD_EULA_URL) != '\0';
}

bool form_rare_fits(const struct form *form)
{
    return text_utf16(value_of(form, FIELD_OFFER_NAME)) <= NAME_POINTS &&
           term_label(value_of(form, FIELD_TERM)) != NULL &&
           eula_named(value_of(form, FIELD_EULA)) >= 0;
}

/* --- the fields --- */

const char *form_rare_url(const char *typed)
{
    return typed != NULL && strncmp(typed, "https://", 8) == 0 && strpbrk(typed, " \n") == NULL
               ? typed
               : NULL;
}

json_t *form_rare_eula_url(const char *url)
{
    return blocks_input(field_name(FIELD_EULA_URL), field_label(FIELD_EULA_URL),
                        "Needed with an EULA of our own: its address in S3.", true,
                        blocks_input_url(field_name(FIELD_EULA_URL), url,
                                         "https://bucket.s3.amazonaws.com/eula.pdf"));
}

static json_t *name_input(const char *typed)
{
    return blocks_input(
        field_name(FIELD_OFFER_NAME), field_label(FIELD_OFFER_NAME),
        "The buyer sees this, for example “Archera - Subscription”.", false,
        blocks_input_text(field_name(FIELD_OFFER_NAME), typed, false, NAME_POINTS, NULL));
}

static json_t *term_input(const char *chosen)
{
    static const char *const terms[] = {"P3650D", "P1825D", "P1095D", "P365D", term_as_authorized};
    json_t *options = json_array();
    json_t *initial = NULL;
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        json_array_append_new(options, blocks_option(term_label(terms[i]), terms[i]));
        if (chosen != NULL && strcmp(chosen, terms[i]) == 0)
            initial = blocks_option(term_label(terms[i]), terms[i]);
    }
    return blocks_input(
        field_name(FIELD_TERM), field_label(FIELD_TERM),
        "Runs from the day the buyer accepts. Where the authorization fixes it: “As authorized”.",
        false, blocks_input_select(field_name(FIELD_TERM), options, initial));
}

/* We are told when it is chosen. */
static json_t *eula_input(const char *chosen)
{
    json_t *options = json_array();
    json_t *initial = NULL;
    for (int kind = EULA_AS_AUTHORIZED; kind <= EULA_CUSTOM; kind++) {
        const char *value = eula_value((enum offer_eula)kind);
        json_array_append_new(options, blocks_option(eula_label((enum offer_eula)kind), value));
        if (chosen != NULL && strcmp(chosen, value) == 0)
            initial = blocks_option(eula_label((enum offer_eula)kind), value);
    }
    json_t *block = blocks_input(field_name(FIELD_EULA), field_label(FIELD_EULA), NULL, false,
                                 blocks_input_select(field_name(FIELD_EULA), options, initial));
    json_object_set_new(block, "dispatch_action", json_true());
    return block;
}

json_t *form_rare_blocks(const struct form *form)
{
    const char *const *typed = form->typed;
    bool own = strcmp(value_of(form, FIELD_EULA), eula_value(EULA_CUSTOM)) == 0;
    json_t *blocks = json_pack("[o, o, o]", name_input(typed[FIELD_OFFER_NAME]),
                               term_input(typed[FIELD_TERM]), eula_input(typed[FIELD_EULA]));
    if (own || *value_of(form, FIELD_EULA_URL) != '\0')
        json_array_append_new(blocks, form_rare_eula_url(form_rare_url(typed[FIELD_EULA_URL])));
    return blocks;
}

/* --- closed --- */

json_t *form_rare_closed(const struct form *form)
{
    struct text line = {0};
    const char *term = value_of(form, FIELD_TERM);
    int eula = eula_named(value_of(form, FIELD_EULA));
    text_add(&line, "*Offer name* ");
    mrkdwn_escape(&line, value_of(form, FIELD_OFFER_NAME));
    text_add(&line, " · *Term* ");
    mrkdwn_escape(&line, term_label(term) != NULL ? term_label(term) : term);
    text_add(&line, " · *EULA* ");
    mrkdwn_escape(&line, eula >= 0 ? eula_label((enum offer_eula)eula) : "");
    json_t *block = blocks_section(text_get(&line));
    json_object_set_new(block, "block_id", json_string(FORM_MORE));
    json_object_set_new(block, "accessory", blocks_button("More", FORM_MORE, "-", BUTTON_PLAIN));
    text_free(&line);
    return block;
}

void form_rare_keep(json_t *metadata, const struct form *form)
{
    for (size_t i = 0; i < RARE; i++) {
        if (form->typed[rare[i]] != NULL)
            json_object_set_new(metadata, field_name(rare[i]), json_string(form->typed[rare[i]]));
    }
}

void form_rare_read(const json_t *metadata, struct form *form)
{
    for (size_t i = 0; i < RARE; i++)
        form->typed[rare[i]] = json_string_value(json_object_get(metadata, field_name(rare[i])));
}

void form_rare_drop(json_t *metadata)
{
    for (size_t i = 0; i < RARE; i++)
        json_object_del(metadata, field_name(rare[i]));
}
