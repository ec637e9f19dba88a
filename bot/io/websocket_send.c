/* What goes out: a queue of messages, bounded, written as the connection takes them; a ping ahead
 * of them, and the close frame behind them. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "websocket_parts.h"

enum {
    CLOSE_WITHIN_MS = 1000,
    MAX_WAITING = 4 * 1024 * 1024, /* bytes to be written: whoever leaves more is not reading */
};

/* The library's own value: its public enum has a gap there. */
static const enum lws_write_protocol WRITE_CLOSE = (enum lws_write_protocol)4;

/* The close frame, written by hand: libwebsockets 4.1.6 sends none for a client that asks for one
 * by lws_close_reason and returns -1. The peer's own ends the connection, or else the guard. */
static int say_goodbye(struct websocket *socket)
{
    unsigned char buffer[LWS_PRE + 2];
    buffer[LWS_PRE] = (unsigned char)((unsigned)socket->close_code >> 8);
    buffer[LWS_PRE + 1] = (unsigned char)((unsigned)socket->close_code & 0xFF);
    socket->said_goodbye = true;
    return lws_write(socket->wsi, buffer + LWS_PRE, 2, WRITE_CLOSE) < 0 ? -1 : 0;
}

static size_t weight(const struct queued *one)
{
    return sizeof(*one) + LWS_PRE + one->size;
}

static int write_first(struct websocket *socket)
{
    struct queued *one = socket->first;
    assert(!socket->said_goodbye && socket->waiting >= weight(one));
    int written = lws_write(socket->wsi, one->bytes + LWS_PRE, one->size, LWS_WRITE_TEXT);
    bool failed = written < (int)one->size;
    socket->first = one->next;
    if (socket->first == NULL)
        socket->last = &socket->first;
    socket->waiting -= weight(one);
    free(one);
    return failed ? -1 : 0;
}

/* All that waits, as far as the connection takes it: so the queue stays short in a burst. Reading
 * is never paused for that: libwebsockets 4.1.6, told to by lws_rx_flow_control while TLS holds
 * more, turns for ever between its own buffers. */
int websocket_write(struct websocket *socket)
{
    unsigned char buffer[LWS_PRE + 4];
    assert(socket->up);
    if (socket->ping) {
        socket->ping = false;
        if (lws_write(socket->wsi, buffer + LWS_PRE, 0, LWS_WRITE_PING) < 0)
            return -1;
    }
    while (socket->first != NULL || (socket->closing && !socket->said_goodbye)) {
        if (lws_send_pipe_choked(socket->wsi)) {
            lws_callback_on_writable(socket->wsi);
            return 0;
        }
        if ((socket->first != NULL ? write_first(socket) : say_goodbye(socket)) != 0)
            return -1;
    }
    return 0;
}

/* The peer has closed: what it said before is answered before our own close frame, which the
 * library writes as soon as it can, and nothing behind it. What the connection does not take now,
 * the library keeps for it. */
void websocket_answer_close(struct websocket *socket)
{
    socket->events.alive(socket->ctx);
    if (socket->deaf || socket->said_goodbye)
        return;
    socket->events.closing(socket->ctx);
    while (socket->first != NULL && write_first(socket) == 0)
        ;
}

static void want_to_write(struct websocket *socket)
{
    if (socket->wsi == NULL || !socket->up)
        return;
    lws_callback_on_writable(socket->wsi);
    lws_cancel_service(socket->sockets->context);
}

int websocket_send(struct websocket *socket, const char *bytes, size_t size)
{
    if (socket->closing || socket->ended || !socket->up)
        return -1;
    if (socket->waiting + size > MAX_WAITING) {
        text_fit(socket->why, sizeof(socket->why), "the other side has stopped reading");
        websocket_close(socket);
        return -1;
    }
    struct queued *one = mem_new(1, sizeof(*one) + LWS_PRE + size);
    one->size = size;
    memcpy(one->bytes + LWS_PRE, bytes, size);
    *socket->last = one;
    socket->last = &one->next;
    socket->waiting += weight(one);
    want_to_write(socket);
    return 0;
}

void websocket_ping(struct websocket *socket)
{
    socket->ping = true;
    want_to_write(socket);
}

void websocket_close(struct websocket *socket)
{
    if (socket->closing || socket->ended)
        return;
    socket->closing = true;
    /* A connection that is not up is cut at once, but never inside this call. */
    websocket_guard(socket, socket->up ? CLOSE_WITHIN_MS : 0);
    want_to_write(socket);
}
