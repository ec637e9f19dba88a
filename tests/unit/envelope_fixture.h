/* Envelopes as Slack sends them, into the engine of flows_fixture.h. */
#ifndef CPPO_TESTS_ENVELOPE_FIXTURE_H
#define CPPO_TESTS_ENVELOPE_FIXTURE_H

#include "flows_fixture.h"
#include "slack/payload.h"

/* Takes ${payload}: JSON text on the heap. */
static inline void send_frame(const char *type, char *payload)
{
    static int count;
    char route[SLACK_ROUTE];
    char keys[SLACK_KEYS][SLACK_KEY];
    struct delivery delivery = {.serial = 1, .route = route};
    struct err err = {0};
    char *frame = text_format("{\"envelope_id\":\"e%d\",\"type\":\"%s\",\"payload\":%s}", ++count,
                              type, payload);
    struct slack_envelope *envelope =
        slack_envelope_decode(slack_frame_parse(frame, strlen(frame), &err), &err);
    if (envelope == NULL) {
        fail_msg("%s: %s", err.text, frame);
        abort(); /* fail_msg does not come back; compilers do not know */
    }
    slack_route(envelope, route);
    slack_keys(envelope, keys, delivery.keys);
    delivery.envelope = envelope->id;
    delivery.payload = envelope;
    engine_envelope(flows.engine, &delivery);
    flows_pass(0);
    slack_envelope_free(envelope);
    free(frame);
    free(payload);
}

static inline void expect_acked(const char *words)
{
    if (strstr(flows.ack, words) == NULL)
        fail_msg("“%s” is not in: %s", words, flows.ack);
}

/* All that a file holds, on the heap. */
static inline char *file_bytes(const char *name, size_t *size)
{
    char *bytes = NULL;
    char part[4096];
    size_t got;
    FILE *file = fopen(name, "rbe");
    *size = 0;
    while (file != NULL && (got = fread(part, 1, sizeof(part), file)) > 0) {
        bytes = mem_resize(bytes, *size + got, 1);
        memcpy(bytes + *size, part, got);
        *size += got;
    }
    if (file != NULL)
        fclose(file);
    return bytes;
}

#endif
