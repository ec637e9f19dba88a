/* The tour: the whole way from /cppo new to the published offer, printed as a person reads it in
 * Slack. Exit status 0 only when the offer was released once and announced. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "mem.h"
#include "text.h"

static const char *const names[][2] = {
    {"U0SELLER", "Sam (seller)"}, {"U0MIA", "Mia (manager)"}, {"U0BOT", "cppo"}};

static const char *name_of(const char *id)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i][0], id) == 0)
            return names[i][1];
    }
    return id;
}

/* --- Block Kit on a terminal --- */

/* Entities become characters. */
static void add_plain(struct text *out, const char *text)
{
    static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    while (*text != '\0') {
        size_t i = 0;
        while (i < 3 && strncmp(text, entities[i][0], strlen(entities[i][0])) != 0)
            i++;
        text_add_bytes(out, i < 3 ? entities[i][1] : text, 1);
        text += i < 3 ? strlen(entities[i][0]) : 1;
    }
}

/* Mentions become names, links their address, entities characters; marks of style go. */
static void print_markup(const char *indent, const char *text)
{
    struct text out = {0};
    while (*text != '\0') {
        size_t size = strcspn(text, ">");
        if (*text == '<' && text[size] == '>') {
            char *token = text_format("%.*s", (int)size - 1, text + 1);
            char *bar = strchr(token, '|');
            if (token[0] == '@')
                text_addf(&out, "@%s", name_of(token + 1));
            else if (strncmp(token, "!date^", 6) == 0)
                text_add(&out, bar != NULL ? bar + 1 : "");
            else if (strncmp(token, "!subteam^", 9) == 0)
                text_add(&out, "@managers");
            else
                add_plain(&out, token);
            free(token);
            text += size + 1;
        } else if (*text == '&') {
            size_t end = strcspn(text, ";");
            char *entity = text_format("%.*s;", (int)end, text);
            add_plain(&out, entity);
            free(entity);
            text += end + 1;
        } else if (*text == '\n') {
            text_addf(&out, "\n%s", indent);
            text++;
        } else {
            if (*text != '*' && *text != '`')
                text_add_bytes(&out, text, 1);
            text++;
        }
    }
    printf("%s%s\n", indent, text_get(&out));
    text_free(&out);
}

static const char *text_of(const json_t *object)
{
    return member(json_object_get(object, "text"), "text");
}

static void print_buttons(const char *indent, const json_t *elements)
{
    printf("%s", indent);
    for (size_t i = 0; i < json_array_size(elements); i++)
        printf("[ %s ] ", text_of(json_array_get(elements, i)));
    printf("\n");
}

/* A field is "*label*\nvalue": shown on one line. */
static void print_field(const char *indent, const char *text)
{
    char *line = mem_copy(text);
    char *end = strchr(line, '\n');
    if (end != NULL)
        *end = ':';
    char *colon =
        end != NULL ? text_format("%.*s: %s", (int)(end - line), line, end + 1) : mem_copy(line);
    print_markup(indent, colon);
    free(colon);
    free(line);
}

static void print_input(const char *indent, const json_t *block, const json_t *values)
{
    const json_t *element = json_object_get(block, "element");
    const char *value = member(values, member(block, "block_id"));
    if (*value == '\0')
        value = member(element, "initial_value");
    if (*value == '\0')
        value = member(element, "initial_date");
    if (*value == '\0')
        value = text_of(json_object_get(element, "initial_option"));
    printf("%s%-24s %s\n", indent, member(json_object_get(block, "label"), "text"), value);
}

static void print_blocks(const char *indent, const json_t *blocks, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        const char *type = member(block, "type");
        const json_t *list = json_object_get(block, "fields");
        if (strcmp(type, "header") == 0)
            printf("%s== %s ==\n", indent, text_of(block));
        else if (strcmp(type, "section") == 0 && *text_of(block) != '\0')
            print_markup(indent, text_of(block));
        else if (strcmp(type, "actions") == 0)
            print_buttons(indent, json_object_get(block, "elements"));
        else if (strcmp(type, "context") == 0)
            print_markup(indent,
                         member(json_array_get(json_object_get(block, "elements"), 0), "text"));
        else if (strcmp(type, "input") == 0)
            print_input(indent, block, values);
        for (size_t j = 0; j < json_array_size(list); j++)
            print_field(indent, member(json_array_get(list, j), "text"));
    }
}

static void print_message(const char *where, const json_t *message)
{
    printf("\n%s\n  cppo APP\n", where);
    print_blocks("  | ", json_object_get(message, "blocks"), NULL);
}

/* --- the story --- */

static bool form_is_open(const json_t *state, const void *about)
{
    return form_open(state, about, "offer_form");
}

static bool card_is_ready(const json_t *state, const void *about)
{
    (void)about;
    return message_with(state, "C0APPROVALS", "AWS has accepted the draft") != NULL &&
           message_with(state, "U0SELLER", "Waiting for approval") != NULL;
}

static bool is_published(const json_t *state, const void *about)
{
    (void)about;
    return message_with(state, "C0OFFERS", "is published") != NULL &&
           message_with(state, "C0APPROVALS", "*Published*") != NULL &&
           message_with(state, "U0SELLER", "Published") != NULL;
}

static json_t *typed(const char *markup)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                     "customer", "Example Corp", "buyers", "123456789012, 210987654321", "markup",
                     markup, "note", "They want to start this quarter.");
}

static void send_form(struct world *world)
{
    json_t *values = typed("120");
    printf("\n#deal-desk\n  Sam (seller): /cppo new\n");
    world_command(world, "U0SELLER", "/cppo new");
    expect(world, world_wait(world, form_is_open, "U0SELLER"), "the form opens");
    printf("\n  ( %s )\n",
           member(json_object_get(top_view(world->state, "U0SELLER"), "title"), "text"));
    world_do(
        world, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    print_blocks("  | ", json_object_get(top_view(world->state, "U0SELLER"), "blocks"), values);
    printf("  Sam clicks [ Send for approval ]\n");
    const json_t *errors = world_submit(world, "U0SELLER", values);
    expect(world, errors != NULL, "a markup of 120 is not taken");
    printf("  Markup: ! %s\n", member(errors, "markup"));
    printf("  Sam types 25 instead and clicks [ Send for approval ]\n");
    expect(world, world_submit(world, "U0SELLER", typed("25")) == NULL, "the form is taken");
}

static void approve(struct world *world)
{
    const json_t *card = message_with(world->state, "C0APPROVALS", "CPPO-1");
    const json_t *blocks = json_object_get(card, "blocks");
    const json_t *actions = json_array_get(blocks, json_array_size(blocks) - 1);
    const json_t *confirm =
        json_object_get(json_array_get(json_object_get(actions, "elements"), 0), "confirm");
    printf("\n  Mia (manager) clicks [ Approve ]\n  ( %s )\n",
           member(json_object_get(confirm, "title"), "text"));
    print_markup("  | ", text_of(confirm));
    printf("  Mia clicks [ %s ]\n", member(json_object_get(confirm, "confirm"), "text"));
    char *ts = mem_copy(member(card, "ts"));
    expect(world, strcmp(world_click(world, "U0MIA", "C0APPROVALS", ts, "approve"), "acked") == 0,
           "the click is acknowledged");
    free(ts);
}

int main(void)
{
    struct world world;
    setvbuf(stdout, NULL, _IOLBF, 0);
    world_open(&world, "tour", true);
    printf("A partner's Slack, with the sandbox as AWS Marketplace (%s)\n", world.url);
    send_form(&world);
    expect(&world, world_wait(&world, card_is_ready, NULL), "the card shows up, checked by AWS");
    print_message("Direct message to Sam",
                  message_with(world.state, "U0SELLER", "Waiting for approval"));
    print_message("#approvals", message_with(world.state, "C0APPROVALS", "CPPO-1"));
    approve(&world);
    expect(&world, world_wait(&world, is_published, NULL), "the offer is published");
    print_message("#approvals (the same card, updated)",
                  message_with(world.state, "C0APPROVALS", "CPPO-1"));
    print_message("Direct message to Sam", message_with(world.state, "U0SELLER", "Published"));
    print_message("#offers", message_with(world.state, "C0OFFERS", "is published"));
    expect(&world, released(world.state) == 1, "AWS Marketplace released exactly one offer");
    expect(&world, json_array_size(messages_in(world.state, "C0OFFERS")) == 1,
           "it was announced once");
    expect(&world, world_stop_bot(&world) == 0, "the bot stops in good order");
    world_close(&world);
    printf("\nPublished: released once in the sandbox's AWS Marketplace, announced in #offers.\n");
    return 0;
}
