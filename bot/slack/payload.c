#include "slack/payload.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "mem.h"
#include "text.h"

enum { MAX_ID = 255, MAX_DEPTH = 64 };

/* --- walking --- */

/* "a.b.0.c" -> the value there, or NULL. */
static const json_t *at(const json_t *root, const char *path)
{
    char step[64];
    while (root != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        if (size >= sizeof(step))
            return NULL;
        memcpy(step, path, size);
        step[size] = '\0';
        if (json_is_array(root))
            root = json_array_get(root, (size_t)strtoul(step, NULL, 10));
        else
            root = json_object_get(root, step);
        path += size + (path[size] == '.');
    }
    return root;
}

static const char *text_at(const json_t *root, const char *path)
{
    const char *text = json_string_value(at(root, path));
    return text != NULL ? text : "";
}

/* Ids are short; a long one is not an id. */
static const char *id_at(const json_t *root, const char *path)
{
    const char *id = text_at(root, path);
    return strlen(id) <= MAX_ID ? id : "";
}

static const char *first_of(const char *a, const char *b)
{
    return *a != '\0' ? a : b;
}

/* Slack escapes exactly these three in a command's text. */
static char *decode_entities(const char *text)
{
    static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    struct text plain = {0};
    while (*text != '\0') {
        size_t i = 0;
        while (i < 3 && strncmp(text, entities[i][0], strlen(entities[i][0])) != 0)
            i++;
        text_add_bytes(&plain, i < 3 ? entities[i][1] : text, 1);
        text += i < 3 ? strlen(entities[i][0]) : 1;
    }
    return text_take(&plain);
}

/* What stands between < and > in a message, as it is read: "@U0MIA|mia", "https://x|a page",
 * "!here", "mailto:a@b|a@b". */
static void add_reference(struct text *plain, const char *from, size_t size)
{
    const char *label = memchr(from, '|', size);
    bool sign = *from == '@' || *from == '#' || *from == '!';
    if (label != NULL) {
        if (*from == '@' || *from == '#')
            text_add_bytes(plain, from, 1);
        size -= (size_t)(label + 1 - from);
        from = label + 1;
    } else if (sign) {
        text_add(plain, *from == '#' ? "#" : "@");
        from++;
        size--;
    }
    text_add_bytes(plain, from, size);
}

/* The text of a message. */
static char *decode_message(const char *text)
{
    struct text plain = {0};
    bool closed = true; /* there may be a > ahead */
    while (*text != '\0') {
        const char *end = closed && *text == '<' ? strchr(text, '>') : NULL;
        closed &= *text != '<' || end != NULL;
        size_t size = strcspn(text + 1, "<") + 1;
        if (end != NULL && end > text + 1)
            add_reference(&plain, text + 1, (size_t)(end - text - 1));
        else
            text_add_bytes(&plain, text, size);
        text = end != NULL && end > text + 1 ? end + 1 : text + size;
    }
    char *escaped = text_take(&plain);
    char *decoded = decode_entities(escaped);
    free(escaped);
    return decoded;
}

/* --- the kinds --- */

static void decode_command(struct slack_envelope *e, const json_t *payload)
{
    e->kind = SLACK_COMMAND;
    e->user = id_at(payload, "user_id");
    e->channel = e->place = id_at(payload, "channel_id");
    e->trigger = text_at(payload, "trigger_id");
    e->command = id_at(payload, "command");
    e->response_url = text_at(payload, "response_url");
    e->command_text = decode_entities(text_at(payload, "text"));
}

static void decode_interaction(struct slack_envelope *e, const json_t *payload)
{
    e->type = text_at(payload, "type");
    e->user = id_at(payload, "user.id");
    e->trigger = text_at(payload, "trigger_id");
    e->response_url = text_at(payload, "response_url");
    e->channel = first_of(id_at(payload, "container.channel_id"), id_at(payload, "channel.id"));
    e->click_ts = id_at(payload, "container.message_ts");
    bool whisper = json_is_true(at(payload, "container.is_ephemeral"));
    *(whisper ? &e->whisper_ts : &e->message_ts) = e->click_ts;
    e->message_key = id_at(payload, "message.metadata.event_payload.key");
    e->view_id = id_at(payload, "view.id");
    e->callback_id = id_at(payload, "view.callback_id");
    e->private_metadata = text_at(payload, "view.private_metadata");
    if (strcmp(e->type, "block_actions") == 0) {
        bool modal = strcmp(text_at(payload, "view.type"), "modal") == 0;
        e->kind = SLACK_ACTION;
        e->place = modal ? e->view_id : e->channel;
        e->action_id = id_at(payload, "actions.0.action_id");
        e->action_ts = id_at(payload, "actions.0.action_ts");
        e->block_id = id_at(payload, "actions.0.block_id");
        e->value = first_of(text_at(payload, "actions.0.value"),
                            text_at(payload, "actions.0.selected_option.value"));
    } else if (strcmp(e->type, "view_submission") == 0) {
        e->kind = SLACK_SUBMIT;
    } else if (strcmp(e->type, "block_suggestion") == 0) {
        e->kind = SLACK_SUGGEST;
        e->action_id = id_at(payload, "action_id");
        e->value = text_at(payload, "value");
    } else if (strcmp(e->type, "shortcut") == 0 || strcmp(e->type, "message_action") == 0) {
        e->kind = SLACK_SHORTCUT;
        e->place = e->channel;
        e->callback_id = id_at(payload, "callback_id");
        e->action_ts = id_at(payload, "action_ts");
        e->command_text = decode_message(text_at(payload, "message.text"));
    }
}

/* The event lies in an envelope of its own; Slack's page on Socket Mode shows it without. Who did
 * it is named by an id; where the event is about a user, by the user object. */
static void decode_event(struct slack_envelope *e, const json_t *payload)
{
    const json_t *event = json_object_get(payload, "event");
    e->kind = SLACK_EVENT;
    e->event_id = id_at(payload, "event_id");
    if (!json_is_object(event))
        event = payload;
    e->type = id_at(event, "type");
    e->value = id_at(event, "tab");
    e->user = first_of(id_at(event, "user"), id_at(event, "user.id"));
}

/* Brackets within brackets, outside of strings: Slack's own views stay below twenty. */
static bool exceeds_depth(const char *bytes, size_t size)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (quoted && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == '{' || bytes[i] == '['))
            depth++;
        else if (!quoted && (bytes[i] == '}' || bytes[i] == ']'))
            depth -= depth > 0;
        if (depth > MAX_DEPTH)
            return true;
    }
    return false;
}

/* The four hex digits of an escape (\\uXXXX) at ${at}; -1 when there is none. */
static long escaped_unit(const char *at, const char *end)
{
    char digits[5] = "";
    char *after;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    memcpy(digits, at + 2, 4);
    long unit = strtol(digits, &after, 16);
    return isxdigit((unsigned char)digits[0]) && *after == '\0' ? unit : -1;
}

/* JSON may name what no text of ours can hold: NUL, and half of a pair of surrogates. They become
 * the character that stands for what cannot be read, so that the rest is understood. */
static void repair_escapes(char *bytes, size_t size)
{
    static const char unknown[] = {'\\', 'u', 'f', 'f', 'f', 'd'};
    char *end = bytes + size;
    char *at = bytes;
    while (at < end && (at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
        long unit = escaped_unit(at, end);
        long next = unit >= 0 ? escaped_unit(at + 6, end) : -1;
        bool pair = unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000;
        if (!pair && (unit == 0 || (unit >= 0xD800 && unit < 0xE000)))
            memcpy(at, unknown, sizeof(unknown));
        at += pair ? 12 : unit >= 0 ? 6 : 2;
    }
}

/* The frame's JSON object; errors never quote what it says. */
static json_t *parse(const char *bytes, size_t size, struct err *err)
{
    json_error_t where;
    if (size > SLACK_FRAME || exceeds_depth(bytes, size)) {
        err_set(err, "a frame of %zu bytes is too %s", size, size > SLACK_FRAME ? "large" : "deep");
        return NULL;
    }
    char *copy = mem_slice(bytes, size);
    repair_escapes(copy, size);
    json_t *root = json_loadb(copy, size, JSON_REJECT_DUPLICATES, &where);
    explicit_bzero(copy, size);
    free(copy);
    if (root == NULL)
        err_set(err, "a frame of %zu bytes is not JSON (byte %d, code %d)", size, where.position,
                (int)json_error_code(&where));
    else if (!json_is_object(root))
        err_set(err, "a frame of %zu bytes is not a JSON object", size);
    if (json_is_object(root))
        return root;
    json_decref(root);
    return NULL;
}

/* What follows the name: a colon, and an id in quotes, of plain characters. */
static bool read_id(const char *bytes, size_t size, char id[MAX_ID + 1])
{
    size_t at = 0;
    bool colon = false;
    for (; at < size && memchr(colon ? " \t\r\n" : " \t\r\n:", bytes[at], colon ? 4 : 5); at++)
        colon |= bytes[at] == ':';
    if (!colon || at == size || bytes[at++] != '"')
        return false;
    size_t length = 0;
    while (at + length < size && length <= MAX_ID &&
           (isalnum((unsigned char)bytes[at + length]) || bytes[at + length] == '-' ||
            bytes[at + length] == '_' || bytes[at + length] == '.'))
        length++;
    if (length == 0 || length > MAX_ID || at + length == size || bytes[at + length] != '"')
        return false;
    memcpy(id, bytes + at, length);
    id[length] = '\0';
    return true;
}

/* Of a frame that cannot be read: the envelope's id where it still can be seen, among the frame's
 * own members. False: it cannot. */
static bool find_id(const char *bytes, size_t size, char id[MAX_ID + 1])
{
    static const char name[] = "\"envelope_id\"";
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (quoted && bytes[i] == '\\') {
            i++;
            continue;
        }
        if (!quoted && depth == 1 && size - i > sizeof(name) - 1 &&
            memcmp(bytes + i, name, sizeof(name) - 1) == 0)
            return read_id(bytes + i + sizeof(name) - 1, size - i - (sizeof(name) - 1), id);
        if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == '{' || bytes[i] == '['))
            depth++;
        else if (!quoted && (bytes[i] == '}' || bytes[i] == ']'))
            depth -= depth > 0;
    }
    return false;
}

static struct slack_envelope *empty(json_t *root)
{
    struct slack_envelope *e = mem_new(1, sizeof(*e));
    *e = (struct slack_envelope){
        .root = root,
        .kind = SLACK_OTHER,
        .user = "",
        .trigger = "",
        .channel = "",
        .place = "",
        .command = "",
        .action_id = "",
        .action_ts = "",
        .value = "",
        .block_id = "",
        .message_ts = "",
        .whisper_ts = "",
        .message_key = "",
        .click_ts = "",
        .view_id = "",
        .callback_id = "",
        .private_metadata = "",
        .event_id = "",
        .response_url = "",
    };
    e->id = id_at(root, "envelope_id");
    e->type = text_at(root, "type");
    return e;
}

json_t *slack_frame_parse(const char *bytes, size_t size, struct err *err)
{
    char id[MAX_ID + 1];
    json_t *frame = parse(bytes, size, err);
    if (frame == NULL && find_id(bytes, size, id))
        frame = json_pack("{s:s, s:s}", "envelope_id", id, "type", "unreadable");
    return frame;
}

struct slack_envelope *slack_envelope_decode(json_t *frame, struct err *err)
{
    if (frame == NULL)
        return NULL;
    struct slack_envelope *e = empty(frame);
    const json_t *payload = json_object_get(frame, "payload");
    if (*e->id == '\0') {
        err_set(err, "an envelope without envelope_id (type “%.*s”)", (int)text_cut(e->type, 40),
                e->type);
        slack_envelope_free(e);
        return NULL;
    }
    if (strcmp(e->type, "slash_commands") == 0)
        decode_command(e, payload);
    else if (strcmp(e->type, "interactive") == 0)
        decode_interaction(e, payload);
    else if (strcmp(e->type, "events_api") == 0)
        decode_event(e, payload);
    if (e->command_text == NULL)
        e->command_text = mem_copy("");
    if (*e->user == '\0')
        e->kind = SLACK_OTHER; /* nobody did it: nothing to do */
    return e;
}

void slack_envelope_free(struct slack_envelope *envelope)
{
    if (envelope == NULL)
        return;
    json_decref(envelope->root);
    free(envelope->command_text);
    free(envelope);
}

const char *slack_view_value(const struct slack_envelope *envelope, const char *block_id)
{
    static const char *const paths[] = {"value", "selected_option.value", "selected_date",
                                        "selected_time"};
    const json_t *values = at(envelope->root, "payload.view.state.values");
    const json_t *block = json_object_get(values, block_id);
    const json_t *element = json_object_get(block, block_id); /* action_id = block_id, ours */
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const char *text = text_at(element, paths[i]);
        if (*text != '\0')
            return text;
    }
    return NULL;
}

const json_t *slack_view(const struct slack_envelope *envelope)
{
    return at(envelope->root, "payload.view");
}

void slack_route(const struct slack_envelope *envelope, char route[SLACK_ROUTE])
{
    switch (envelope->kind) {
    case SLACK_COMMAND:
        snprintf(route, SLACK_ROUTE, "command:%s", envelope->command);
        for (char *c = route; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        break;
    case SLACK_ACTION:
        snprintf(route, SLACK_ROUTE, "action:%s", envelope->action_id);
        break;
    case SLACK_SUBMIT:
        snprintf(route, SLACK_ROUTE, "view:%s", envelope->callback_id);
        break;
    case SLACK_SUGGEST:
        snprintf(route, SLACK_ROUTE, "options:%s", envelope->action_id);
        break;
    case SLACK_SHORTCUT:
        snprintf(route, SLACK_ROUTE, "shortcut:%s", envelope->callback_id);
        break;
    case SLACK_EVENT:
        snprintf(route, SLACK_ROUTE, "event:%s", envelope->type);
        break;
    case SLACK_OTHER:
        snprintf(route, SLACK_ROUTE, "other");
        break;
    }
}

/* A key as it reads; or, where it is too long for that, by its hash. */
static void put_key(char storage[SLACK_KEY], char *key)
{
    char digest[HASH_HEX];
    if (strlen(key) < SLACK_KEY) {
        snprintf(storage, SLACK_KEY, "%s", key);
    } else {
        hash_hex(key, strlen(key), digest);
        snprintf(storage, SLACK_KEY, "hash %s", digest);
    }
    free(key);
}

void slack_keys(const struct slack_envelope *envelope, char storage[SLACK_KEYS][SLACK_KEY],
                const char *keys[SLACK_KEYS])
{
    const struct slack_envelope *e = envelope;
    size_t count = 0;
    put_key(storage[count++], text_format("envelope %s", e->id));
    if (*e->event_id != '\0')
        put_key(storage[count++], text_format("event %s", e->event_id));
    if (e->kind == SLACK_ACTION && *e->action_ts != '\0')
        put_key(storage[count++],
                text_format("click %s %s %s %s", first_of(e->click_ts, e->view_id), e->action_id,
                            e->user, e->action_ts));
    if (e->kind == SLACK_SHORTCUT && *e->action_ts != '\0')
        put_key(storage[count++],
                text_format("shortcut %s %s %s", e->callback_id, e->user, e->action_ts));
    for (size_t i = 0; i < count; i++)
        keys[i] = storage[i];
    keys[count] = NULL;
}
