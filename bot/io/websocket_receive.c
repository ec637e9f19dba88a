/* What comes in: messages of several fragments put together, capped, and checked to be UTF-8;
 * whoever breaks a rule is not listened to any more. */
#include <string.h>

#include "websocket_parts.h"

enum {
    MAX_MESSAGE = 2 * 1024 * 1024,
    MAX_SKIPPED = 32 * 1024 * 1024, /* of one message, behind that */
};

/* The peer broke a rule: what it still sends is dropped, and the connection closed from the write
 * side. Never by refusing a fragment: libwebsockets 4.1.6 goes on writing the rest of the frame
 * behind the end of its buffer when a receive callback fails within a frame. */
static void give_up(struct websocket *socket, enum lws_close_status code, const char *why)
{
    text_fit(socket->why, sizeof(socket->why), why);
    text_free(&socket->message);
    socket->close_code = code;
    socket->deaf = true;
    websocket_close(socket);
}

void websocket_receive(struct websocket *socket, const void *bytes, size_t size)
{
    if (socket->ended || socket->deaf)
        return;
    socket->events.alive(socket->ctx);
    if (lws_frame_is_binary(socket->wsi))
        return; /* Slack sends none; the official clients ignore them too */
    assert(socket->up && socket->message.size <= MAX_MESSAGE);
    size_t capacity = MAX_MESSAGE - socket->message.size;
    text_add_bytes(&socket->message, bytes, size < capacity ? size : capacity);
    socket->skipped += size < capacity ? 0 : size - capacity;
    if (socket->skipped > MAX_SKIPPED) {
        give_up(socket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "a message was too large");
        return;
    }
    if (lws_remaining_packet_payload(socket->wsi) > 0 || !lws_is_final_fragment(socket->wsi))
        return;
    struct text whole = socket->message;
    bool cut = socket->skipped > 0;
    socket->message = (struct text){0};
    socket->skipped = 0;
    if (cut || text_is_utf8(text_get(&whole), whole.size))
        socket->events.text(socket->ctx, text_get(&whole), whole.size);
    else
        give_up(socket, LWS_CLOSE_STATUS_INVALID_PAYLOAD, "a message was not UTF-8");
    text_free(&whole);
}
