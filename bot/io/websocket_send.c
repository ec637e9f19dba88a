/* What goes out: frames, bounded, written together as the connection takes them; a ping ahead of
 * them, and the close frame behind them. */
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "websocket_parts.h"

enum {
    CLOSE_WITHIN_MS = 1000,
    MAX_WAITING = 4 * 1024 * 1024, /* bytes to be written: whoever leaves more is not reading */
    FINAL = 0x80,
    TEXT = 0x01,
    MASKED = 0x80,
    MAX_HEAD = 2 + 8 + MASK,
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

/* --- frames --- */

/* Nobody can guess it, and each frame has its own (RFC 6455, 5.3). */
static void take_mask(struct websockets *sockets, unsigned char key[MASK])
{
    if (sockets->masks == 0) {
        if (RAND_bytes(sockets->mask[0], sizeof(sockets->mask)) != 1)
            abort(); /* it is seeded by now, or no TLS would stand */
        sockets->masks = MASKS;
    }
    memcpy(key, sockets->mask[--sockets->masks], MASK);
}

/* RFC 6455, 5.2: first the size, in as few bytes as hold it, then the mask. Returns how many bytes
 * of ${head} it takes. */
static size_t put_head(struct websockets *sockets, unsigned char head[MAX_HEAD], size_t size)
{
    size_t extra = size < 126 ? 0 : size <= UINT16_MAX ? 2 : 8;
    head[0] = FINAL | TEXT;
    head[1] = (unsigned char)(MASKED | (extra == 0 ? size : extra == 2 ? 126 : 127));
    for (size_t i = 0; i < extra; i++)
        head[2 + i] = (unsigned char)((uint64_t)size >> (8 * (extra - 1 - i)));
    take_mask(sockets, head + 2 + extra);
    return 2 + extra + MASK;
}

static void mask(char *bytes, size_t size, const unsigned char *key)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)((unsigned char)bytes[i] ^ key[i % MASK]);
}

/* One message as one frame. The library would make each a write of its own, with a question to the
 * kernel before it and a mask from the kernel; the acks of a burst leave together instead. */
static void add_frame(struct websocket *socket, const char *bytes, size_t size)
{
    struct text *out = &socket->out;
    unsigned char head[MAX_HEAD];
    size_t head_size = put_head(socket->sockets, head, size);
    text_add_bytes(out, head, head_size);
    text_add_bytes(out, bytes, size);
    mask(out->bytes + out->size - size, size, head + head_size - MASK);
}

/* --- writing --- */

/* All that waits; what the connection does not take now, the library keeps, and says when it has
 * gone. LWS_WRITE_HTTP: as it stands. */
static int write_frames(struct websocket *socket)
{
    struct text out = socket->out;
    assert(!socket->said_goodbye);
    socket->out = (struct text){0};
    int written = out.size == 0 ? 0
                                : lws_write(socket->wsi, (unsigned char *)out.bytes, out.size,
                                            LWS_WRITE_HTTP);
    bool failed = written < (int)out.size;
    text_free(&out);
    return failed ? -1 : 0;
}

/* Behind our close frame, or the library's answer to the peer's, comes nothing. Reading is never
 * paused for what waits: libwebsockets 4.1.6, told to by lws_rx_flow_control while TLS holds more,
 * turns for ever between its own buffers. */
int websocket_write(struct websocket *socket)
{
    unsigned char buffer[LWS_PRE + 4];
    assert(socket->up);
    socket->due = false;
    if (socket->said_goodbye || lws_partial_buffered(socket->wsi))
        return 0;
    if (socket->ping && lws_write(socket->wsi, buffer + LWS_PRE, 0, LWS_WRITE_PING) < 0)
        return -1;
    socket->ping = false;
    if (write_frames(socket) != 0)
        return -1;
    return socket->closing ? say_goodbye(socket) : 0;
}

/* A TLS record that is read already shows to nobody but TLS. */
bool websocket_has_more(const struct websocket *socket)
{
    int bytes = 0;
    if (socket->wsi == NULL || !socket->up || socket->deaf)
        return false;
    if (socket->secure && SSL_pending(lws_get_ssl(socket->wsi)) > 0)
        return true;
    return ioctl(lws_get_socket_fd(socket->wsi), FIONREAD, &bytes) == 0 && bytes > 0;
}

/* Hold the write back for one round if something has come. Should the peer have closed and gone,
 * the first write would end the connection, and what it said before would be lost unread. */
static bool hold_for_reading(struct websocket *socket)
{
    socket->held = !socket->held && websocket_has_more(socket);
    return socket->held;
}

/* Was any written? */
static bool write_due(struct websockets *sockets, bool again)
{
    bool wrote = false;
    for (struct websocket *socket = sockets->first; socket != NULL; socket = socket->next) {
        if (!socket->due || socket->wsi == NULL ||
            (again ? socket->held : hold_for_reading(socket)))
            continue;
        wrote = true;
        if (websocket_write(socket) != 0)
            websocket_kill(socket, "the connection was closed");
    }
    return wrote;
}

/* One that goes may have another pinged or closed, which the pass has left behind it: the loop may
 * sleep after this. */
void websockets_write(struct websockets *sockets)
{
    bool again = false;
    while (write_due(sockets, again))
        again = true;
}

/* The peer has closed: what it said before is answered before our own close frame, which the
 * library writes as soon as it can, and nothing behind it. */
void websocket_answer_close(struct websocket *socket)
{
    socket->events.alive(socket->ctx);
    if (socket->deaf || socket->said_goodbye)
        return;
    socket->events.closing(socket->ctx);
    (void)write_frames(socket); /* it ends in any case */
    socket->said_goodbye = true;
    lws_cancel_service(socket->sockets->context); /* its timer, too, if this was read by us */
}

int websocket_send(struct websocket *socket, const char *bytes, size_t size)
{
    if (socket->closing || socket->said_goodbye || socket->ended || !socket->up)
        return -1;
    if (socket->out.size + size > MAX_WAITING) {
        text_fit(socket->why, sizeof(socket->why), "the other side has stopped reading");
        websocket_close(socket);
        return -1;
    }
    add_frame(socket, bytes, size);
    socket->due = true;
    return 0;
}

void websocket_ping(struct websocket *socket)
{
    socket->ping = socket->due = socket->up;
}

void websocket_close(struct websocket *socket)
{
    if (socket->closing || socket->ended)
        return;
    socket->closing = true;
    /* A connection that is not up is cut at once, but never inside this call. */
    websocket_guard(socket, socket->up ? CLOSE_WITHIN_MS : 0);
    socket->due = socket->up;
}
