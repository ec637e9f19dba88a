/* Envelopes: handed to one socket each, acknowledged within 3 s or not, remembered so that they can
 * be delivered again. */
#ifndef SANDBOX_ENVELOPE_H
#define SANDBOX_ENVELOPE_H

#include "sandbox.h"

enum envelope_outcome {
    ENVELOPE_ACKED,
    ENVELOPE_TIMED_OUT, /* no acknowledgement within 3 s */
    ENVELOPE_NO_SOCKET, /* nobody was there to take it */
};

struct envelope_result {
    enum envelope_outcome outcome;
    const char *envelope_id;
    json_t *payload; /* of the acknowledgement; NULL without, or when it was null */
    int64_t ms;
    size_t bytes;
};

/* Called once, never inside the call that sends; what ${result} points to is valid while it runs.
 * When the sandbox ends: as if nobody had been there. */
typedef void envelope_done(void *ctx, const struct envelope_result *result);

struct envelopes;
struct link;
struct envelopes *envelope_open(struct sandbox *sandbox, struct link *link);
void envelope_close(struct envelopes *envelopes); /* NULL is fine */

/* Hand ${payload} (taken) to one of the open sockets. ${type}: "slash_commands", "interactive" or
 * "events_api", which alone is tried again when it is not acknowledged (at once, after 1 and 5
 * minutes; ${done} is told about the first try). ${drop_ack}: act as if the acknowledgement had
 * been lost. */
void envelope_send(struct envelopes *envelopes, const char *type, json_t *payload,
                   bool accepts_payload, bool drop_ack, envelope_done *done, void *ctx);
/* The same envelope again, perhaps to another socket; false: no such envelope is remembered, or it
 * is under way. */
bool envelope_redeliver(struct envelopes *envelopes, const char *envelope_id, envelope_done *done,
                        void *ctx);

/* A text message came from socket ${socket}. */
void envelope_message(struct envelopes *envelopes, uint64_t socket, const char *bytes, size_t size);

#endif
