/* The server's side of RFC 6455, without any I/O: handshake, frames in, frames out. No extension,
 * no subprotocol. */
#ifndef SANDBOX_WS_H
#define SANDBOX_WS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum ws_opcode {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
};

enum { WS_ACCEPT = 29, WS_KEY = 24 };

/* Sec-WebSocket-Accept for a client's Sec-WebSocket-Key; false when the key is not the base64 of 16
 * bytes. */
bool ws_accept(const char *key, char accept[WS_ACCEPT]);

/* Append one unmasked, final frame. */
void ws_frame(struct text *out, enum ws_opcode opcode, const void *bytes, size_t size);
/* Append a close frame; ${code} 0: without one. */
void ws_close_frame(struct text *out, int code, const char *reason);

struct ws_message {
    enum ws_opcode opcode; /* never WS_CONTINUATION */
    const char *bytes;     /* NUL-terminated behind ${size}; text is valid UTF-8 */
    size_t size;
    unsigned fragments; /* 1: it came in one frame */
    int code;           /* WS_CLOSE: its code, 1005 when it had none; bytes: the reason */
};

/* Zeroed to begin with, then ${most} set. */
struct ws_parser {
    size_t most; /* bytes a message may have */
    struct text input;
    struct text message;
    enum ws_opcode opcode; /* of the message being put together */
    unsigned fragments;    /* 0: none is */
    bool closed;           /* a close frame came: what follows is ignored */
    const char *wrong;     /* after a failure: what the client did */
};

/* Take in bytes; ${got} is called for each message and control frame, in order. Returns 0, or the
 * code to close with after a violation (then nothing more may be fed). */
int ws_feed(struct ws_parser *parser, const void *bytes, size_t size,
            void (*got)(void *ctx, const struct ws_message *message), void *ctx);
void ws_parser_clear(struct ws_parser *parser);

#endif
