#include "envelope.h"

#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "mem.h"
#include "parts.h"
#include "workspace.h"

enum { DEADLINE_MS = 3000, REMEMBERED = 5000, RETRIES = 3 };

struct envelope {
    struct envelope *next; /* the newest first */
    struct envelopes *all;
    char id[SANDBOX_UUID];
    char type[32];
    json_t *payload;
    bool accepts_payload;
    bool drop_ack;
    bool acked;
    int attempt;                    /* events_api: retries so far */
    uint64_t socket;                /* the last one that got it */
    int64_t sent;                   /* monotonic us */
    struct sandbox_timer *deadline; /* of the attempt under way, or until the next retry */
    bool waiting;                   /* an attempt is under way */
    envelope_done *done;            /* NULL once it was called */
    void *ctx;
};

struct envelopes {
    struct sandbox *sandbox;
    struct link *link;
    struct envelope *newest;
    size_t count;
};

static void attempt(struct envelope *envelope);

struct envelopes *envelope_open(struct sandbox *sandbox, struct link *link)
{
    struct envelopes *envelopes = mem_new(1, sizeof(*envelopes));
    envelopes->sandbox = sandbox;
    envelopes->link = link;
    return envelopes;
}

static void free_envelope(struct envelope *envelope)
{
    sandbox_cancel(envelope->deadline);
    json_decref(envelope->payload);
    free(envelope);
}

/* A form or an event that nobody answered: it is what comes again. A command never does. */
static bool may_come_again(const struct envelope *envelope)
{
    return !envelope->acked && strcmp(envelope->type, "slash_commands") != 0;
}

/* Forget the oldest that nothing waits for; those that may come again last. */
static void forget(struct envelopes *envelopes)
{
    struct envelope **oldest = NULL, **oldest_open = NULL;
    if (envelopes->count <= REMEMBERED)
        return;
    for (struct envelope **at = &envelopes->newest; *at != NULL; at = &(*at)->next) {
        if ((*at)->deadline != NULL)
            continue;
        if (may_come_again(*at))
            oldest_open = at;
        else
            oldest = at;
    }
    if (oldest == NULL)
        oldest = oldest_open;
    if (oldest == NULL)
        return;
    struct envelope *gone = *oldest;
    *oldest = gone->next;
    envelopes->count--;
    free_envelope(gone);
}

/* --- outcomes --- */

static void finish(struct envelope *envelope, enum envelope_outcome outcome, json_t *payload,
                   size_t bytes)
{
    struct envelope_result result = {.outcome = outcome,
                                     .envelope_id = envelope->id,
                                     .payload = json_is_null(payload) ? NULL : payload,
                                     .ms = (sandbox_monotonic_us() - envelope->sent) / 1000,
                                     .bytes = bytes};
    envelope_done *done = envelope->done;
    envelope->done = NULL;
    if (done != NULL)
        done(envelope->ctx, &result);
}

void envelope_close(struct envelopes *envelopes)
{
    if (envelopes == NULL)
        return;
    while (envelopes->newest != NULL) {
        struct envelope *envelope = envelopes->newest;
        envelopes->newest = envelope->next;
        finish(envelope, ENVELOPE_NO_SOCKET, NULL, 0);
        free_envelope(envelope);
    }
    free(envelopes);
}

static void retry_due(void *ctx)
{
    struct envelope *envelope = ctx;
    envelope->deadline = NULL;
    envelope->attempt++;
    attempt(envelope);
}

/* Slack tries events again almost at once, after a minute and after five. */
static void plan_retry(struct envelope *envelope)
{
    static const int64_t waits[RETRIES] = {200, 60000, 300000};
    if (strcmp(envelope->type, "events_api") == 0 && envelope->attempt < RETRIES)
        envelope->deadline =
            sandbox_after(envelope->all->sandbox, waits[envelope->attempt], retry_due, envelope);
}

static void too_late(void *ctx)
{
    struct envelope *envelope = ctx;
    bool sent = envelope->socket != 0;
    envelope->deadline = NULL;
    envelope->waiting = false;
    if (sent)
        log_entry(envelope->all->sandbox, "envelope.timeout",
                  json_pack("{s:s, s:s}", "envelope_id", envelope->id, "type", envelope->type));
    plan_retry(envelope);
    finish(envelope, sent ? ENVELOPE_TIMED_OUT : ENVELOPE_NO_SOCKET, NULL, 0);
}

/* --- sending --- */

static char *frame_text(const struct envelope *envelope)
{
    json_t *frame = json_pack("{s:s, s:s, s:O, s:b}", "envelope_id", envelope->id, "type",
                              envelope->type, "payload", envelope->payload,
                              "accepts_response_payload", (int)envelope->accepts_payload);
    if (strcmp(envelope->type, "events_api") == 0) {
        json_object_set_new(frame, "retry_attempt", json_integer(envelope->attempt));
        json_object_set_new(frame, "retry_reason",
                            json_string(envelope->attempt > 0 ? "timeout" : ""));
    }
    char *text = json_dumps(frame, JSON_COMPACT | JSON_ESCAPE_SLASH);
    json_decref(frame);
    return text;
}

static const char payload_key[] = "\"payload\":{";

/* Put ${new} for every ${old} in ${text}, which is taken; on the heap. */
static char *replaced(char *text, const char *old, const char *new)
{
    struct text out = {0};
    const char *from = text;
    const char *at;
    for (; (at = strstr(from, old)) != NULL; from = at + strlen(old)) {
        text_add_bytes(&out, from, (size_t)(at - from));
        text_add(&out, new);
    }
    text_add(&out, from);
    free(text);
    return text_take(&out);
}

/* The frame with what was ordered to stand in its payload: jansson would write neither a lone
 * surrogate nor a NUL. ${text} is taken; on the heap. */
static char *spoiled(struct sandbox *sandbox, char *text)
{
    const struct fault *fault = fault_take(sandbox, "socket", "payload", text, strlen(text));
    if (fault != NULL && fault->body != NULL && fault->match != NULL)
        text = replaced(text, fault->match, fault->body);
    else if (fault != NULL && fault->body != NULL) {
        char *more = text_format("%s%s,", payload_key, fault->body);
        text = replaced(text, payload_key, more);
        free(more);
    }
    if (fault != NULL && fault->pad > 0) {
        char *bytes = mem_new((size_t)fault->pad + 1, 1);
        memset(bytes, 'x', (size_t)fault->pad);
        char *more = text_format("%s\"pad\":\"%s\",", payload_key, bytes);
        text = replaced(text, payload_key, more);
        free(more);
        free(bytes);
    }
    return text;
}

/* What the person did, for readers of the log who know nothing of Slack: a button and its value, a
 * form and the words the app hid in it, or the command as typed. */
static json_t *action_of(const json_t *payload)
{
    const json_t *action = json_array_get(json_object_get(payload, "actions"), 0);
    const json_t *view = json_object_get(payload, "view");
    const json_t *user = json_object_get(json_object_get(payload, "user"), "id");
    const json_t *command = json_object_get(payload, "command");
    if (command != NULL)
        return json_pack(
            "{s:O*, s:o}", "user", json_object_get(payload, "user_id"), "value",
            json_sprintf("%s %s", json_string_value(command), workspace_text(payload, "text")));
    return json_pack("{s:O*, s:O*, s:O*, s:O*, s:O*}", "user", user, "action",
                     json_object_get(action, "action_id"), "value",
                     json_object_get(action, "value"), "form", json_object_get(view, "callback_id"),
                     "metadata", json_object_get(view, "private_metadata"));
}

static void attempt(struct envelope *envelope)
{
    struct sandbox *sandbox = envelope->all->sandbox;
    char *text = spoiled(sandbox, frame_text(envelope));
    const char *kind = json_string_value(json_object_get(envelope->payload, "type"));
    envelope->sent = sandbox_monotonic_us();
    envelope->waiting = true;
    envelope->acked = false;
    envelope->socket = link_pass(envelope->all->link, text, strlen(text));
    json_t *entry =
        json_pack("{s:s, s:s, s:s, s:I, s:i, s:I}", "envelope_id", envelope->id, "type",
                  envelope->type, "payload_type", kind != NULL ? kind : "slash_commands", "socket",
                  (json_int_t)envelope->socket, "retry_attempt", envelope->attempt, "bytes",
                  (json_int_t)strlen(text));
    json_t *action = action_of(envelope->payload);
    json_object_update(entry, action);
    json_decref(action);
    log_entry(sandbox, envelope->socket != 0 ? "envelope.sent" : "envelope.unsent", entry);
    envelope->deadline =
        sandbox_after(sandbox, envelope->socket != 0 ? DEADLINE_MS : 0, too_late, envelope);
    free(text);
}

void envelope_send(struct envelopes *envelopes, const char *type, json_t *payload,
                   bool accepts_payload, bool drop_ack, envelope_done *done, void *ctx)
{
    struct envelope *envelope = mem_new(1, sizeof(*envelope));
    *envelope = (struct envelope){.next = envelopes->newest,
                                  .all = envelopes,
                                  .payload = payload,
                                  .accepts_payload = accepts_payload,
                                  .drop_ack = drop_ack,
                                  .done = done,
                                  .ctx = ctx};
    text_fit(envelope->type, sizeof(envelope->type), type);
    sandbox_uuid(envelope->id);
    envelopes->newest = envelope;
    envelopes->count++;
    attempt(envelope);
    forget(envelopes);
}

static struct envelope *find(struct envelopes *envelopes, const char *id)
{
    struct envelope *envelope = envelopes->newest;
    while (envelope != NULL && strcmp(envelope->id, id) != 0)
        envelope = envelope->next;
    return envelope;
}

bool envelope_redeliver(struct envelopes *envelopes, const char *envelope_id, envelope_done *done,
                        void *ctx)
{
    struct envelope *envelope = find(envelopes, envelope_id);
    if (envelope == NULL || envelope->waiting)
        return false;
    sandbox_cancel(envelope->deadline);
    envelope->done = done;
    envelope->ctx = ctx;
    envelope->drop_ack = false;
    attempt(envelope);
    return true;
}

/* --- acknowledgements --- */

static void complain(struct envelopes *envelopes, uint64_t socket, const char *what,
                     const char *detail)
{
    log_entry(
        envelopes->sandbox, "complaint",
        json_pack("{s:s, s:s, s:I}", "what", what, "detail", detail, "socket", (json_int_t)socket));
}

static void check_ack(struct envelope *envelope, uint64_t socket, const json_t *payload)
{
    struct envelopes *all = envelope->all;
    if (envelope->acked)
        complain(all, socket, "an envelope was acknowledged twice", envelope->id);
    if (envelope->socket != socket)
        complain(all, socket, "acknowledged on another socket than it came on", envelope->id);
    if (payload != NULL && json_object_size(payload) > 0 && !envelope->accepts_payload)
        complain(all, socket, "a payload in an acknowledgement that takes none", envelope->id);
}

/* Does Slack never get to see this acknowledgement? */
static bool is_lost(const struct envelope *envelope)
{
    return envelope->drop_ack || fault_take(envelope->all->sandbox, "socket", "ack", "", 0) != NULL;
}

static void acked(struct envelope *envelope, uint64_t socket, json_t *payload, size_t bytes)
{
    bool late = !envelope->waiting && !envelope->acked;
    bool lost = is_lost(envelope);
    check_ack(envelope, socket, payload);
    log_entry(envelope->all->sandbox, "envelope.acked",
              json_pack("{s:s, s:I, s:I, s:I, s:b, s:b, s:O?}", "envelope_id", envelope->id, "us",
                        (json_int_t)(sandbox_monotonic_us() - envelope->sent), "bytes",
                        (json_int_t)bytes, "socket", (json_int_t)socket, "late", (int)late,
                        "dropped", (int)lost, "payload", payload));
    envelope->acked = true;
    if (lost || (late && strcmp(envelope->type, "events_api") != 0))
        return;
    sandbox_cancel(envelope->deadline);
    envelope->deadline = NULL;
    envelope->waiting = false;
    finish(envelope, ENVELOPE_ACKED, payload, bytes);
}

void envelope_message(struct envelopes *envelopes, uint64_t socket, const char *bytes, size_t size)
{
    json_error_t where;
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
    const char *id = json_string_value(json_object_get(root, "envelope_id"));
    struct envelope *envelope = id != NULL ? find(envelopes, id) : NULL;
    if (root == NULL)
        complain(envelopes, socket, "a message that is not JSON", where.text);
    else if (id == NULL)
        complain(envelopes, socket, "a message without envelope_id", "");
    else if (envelope == NULL)
        complain(envelopes, socket, "an acknowledgement of an unknown envelope", id);
    else
        acked(envelope, socket, json_object_get(root, "payload"), size);
    json_decref(root);
}
