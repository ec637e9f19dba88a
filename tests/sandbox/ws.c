#include "ws.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { CODE_PROTOCOL = 1002, CODE_NO_STATUS = 1005, CODE_NOT_UTF8 = 1007, CODE_TOO_BIG = 1009 };
enum { MAX_CONTROL = 125 };

/* --- handshake --- */

bool ws_accept(const char *key, char accept[WS_ACCEPT])
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455, 1.3 */
    unsigned char decoded[WS_KEY];
    unsigned char digest[SHA_DIGEST_LENGTH];
    char *both;
    /* 16 bytes are 22 base64 digits and "==", which OpenSSL counts as two zero bytes */
    if (strlen(key) != WS_KEY || strcmp(key + 22, "==") != 0 ||
        EVP_DecodeBlock(decoded, (const unsigned char *)key, WS_KEY) != 18)
        return false;
    both = text_format("%s%s", key, magic);
    SHA1((const unsigned char *)both, strlen(both), digest);
    EVP_EncodeBlock((unsigned char *)accept, digest, SHA_DIGEST_LENGTH);
    free(both);
    return true;
}

/* --- frames out --- */

void ws_frame(struct text *out, enum ws_opcode opcode, const void *bytes, size_t size)
{
    unsigned char head[10] = {(unsigned char)(0x80U | (unsigned)opcode)};
    size_t head_size = 2;
    if (size < 126) {
        head[1] = (unsigned char)size;
    } else if (size < 65536) {
        head[1] = 126;
        head_size = 4;
    } else {
        head[1] = 127;
        head_size = 10;
    }
    for (size_t i = 2; i < head_size; i++)
        head[i] = (unsigned char)((uint64_t)size >> (8 * (head_size - 1 - i)));
    text_add_bytes(out, head, head_size);
    text_add_bytes(out, bytes, size);
}

void ws_close_frame(struct text *out, int code, const char *reason)
{
    char payload[MAX_CONTROL + 1] = {(char)(code / 256), (char)(code % 256)};
    if (code == 0) {
        ws_frame(out, WS_CLOSE, "", 0);
        return;
    }
    text_fit(payload + 2, sizeof(payload) - 2, reason);
    ws_frame(out, WS_CLOSE, payload, 2 + strlen(payload + 2));
}

/* --- frames in --- */

struct frame {
    bool final;
    unsigned opcode;
    size_t head;
    size_t size;
    unsigned char mask[4];
};

static int violated(struct ws_parser *parser, int code, const char *wrong)
{
    parser->wrong = wrong;
    return code;
}

/* Bytes that the frame's head has, as far as the first two tell; 0: not known yet. */
static size_t head_size(const unsigned char *b, size_t size)
{
    if (size < 2)
        return 0;
    unsigned length = b[1] & 0x7FU;
    return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + ((b[1] & 0x80U) != 0 ? 4U : 0U);
}

static uint64_t payload_size(const unsigned char *b)
{
    unsigned length = b[1] & 0x7FU;
    unsigned bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
    uint64_t size = 0;
    if (bytes == 0)
        return length;
    for (unsigned i = 0; i < bytes; i++)
        size = size << 8 | b[2 + i];
    return size;
}

static int check_frame(struct ws_parser *parser, const unsigned char *b, uint64_t size)
{
    unsigned opcode = b[0] & 0x0FU;
    bool final = (b[0] & 0x80U) != 0;
    unsigned length = b[1] & 0x7FU;
    if ((b[0] & 0x70U) != 0)
        return violated(parser, CODE_PROTOCOL, "a reserved bit is set without an extension");
    if (opcode > WS_PONG || (opcode > WS_BINARY && opcode < WS_CLOSE))
        return violated(parser, CODE_PROTOCOL, "unknown opcode");
    if ((b[1] & 0x80U) == 0)
        return violated(parser, CODE_PROTOCOL, "a client's frame is not masked");
    if ((length == 126 && size < 126) || (length == 127 && size < 65536))
        return violated(parser, CODE_PROTOCOL, "the length is not in its shortest form");
    if (size > INT64_MAX)
        return violated(parser, CODE_PROTOCOL, "the length's highest bit is set");
    if (opcode >= WS_CLOSE && (!final || size > MAX_CONTROL))
        return violated(parser, CODE_PROTOCOL, "a control frame is fragmented or over 125 bytes");
    if (opcode == WS_CONTINUATION && parser->fragments == 0)
        return violated(parser, CODE_PROTOCOL, "a continuation of nothing");
    if ((opcode == WS_TEXT || opcode == WS_BINARY) && parser->fragments > 0)
        return violated(parser, CODE_PROTOCOL, "a new message within a fragmented one");
    if (opcode < WS_CLOSE && size > parser->most - parser->message.size)
        return violated(parser, CODE_TOO_BIG, "the message is too big");
    return 0;
}

/* 0 and *ready false: more bytes are needed. */
static int read_head(struct ws_parser *parser, struct frame *frame, bool *ready)
{
    const unsigned char *b = (const unsigned char *)parser->input.bytes;
    size_t head = head_size(b, parser->input.size);
    *ready = false;
    if (head == 0 || parser->input.size < head)
        return 0;
    uint64_t size = payload_size(b);
    int code = check_frame(parser, b, size);
    if (code != 0)
        return code;
    *frame = (struct frame){
        .final = (b[0] & 0x80U) != 0, .opcode = b[0] & 0x0FU, .head = head, .size = (size_t)size};
    memcpy(frame->mask, b + head - 4, 4);
    *ready = parser->input.size - head >= frame->size;
    return 0;
}

static bool good_close_code(int code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

static int read_close(struct ws_parser *parser, struct ws_message *message)
{
    const unsigned char *b = (const unsigned char *)message->bytes;
    message->code = CODE_NO_STATUS;
    parser->closed = true;
    if (message->size == 0)
        return 0;
    if (message->size == 1)
        return violated(parser, CODE_PROTOCOL, "a close frame of one byte");
    message->code = b[0] * 256 + b[1];
    message->bytes += 2;
    message->size -= 2;
    if (!good_close_code(message->code))
        return violated(parser, CODE_PROTOCOL, "a close code that must not be sent");
    if (!text_is_utf8(message->bytes, message->size))
        return violated(parser, CODE_NOT_UTF8, "a close reason that is not UTF-8");
    return 0;
}

typedef void got_message(void *ctx, const struct ws_message *message);

static int take_control(struct ws_parser *parser, const struct frame *frame, const char *payload,
                        got_message *got, void *ctx)
{
    struct ws_message message = {.opcode = (enum ws_opcode)frame->opcode,
                                 .bytes = payload,
                                 .size = frame->size,
                                 .fragments = 1};
    int code = frame->opcode == WS_CLOSE ? read_close(parser, &message) : 0;
    if (code == 0)
        got(ctx, &message);
    return code;
}

static int take_data(struct ws_parser *parser, const struct frame *frame, const char *payload,
                     got_message *got, void *ctx)
{
    if (frame->opcode != WS_CONTINUATION)
        parser->opcode = (enum ws_opcode)frame->opcode;
    parser->fragments++;
    text_add_bytes(&parser->message, payload, frame->size);
    if (!frame->final)
        return 0;
    struct ws_message message = {.opcode = parser->opcode,
                                 .bytes = text_get(&parser->message),
                                 .size = parser->message.size,
                                 .fragments = parser->fragments};
    if (message.opcode == WS_TEXT && !text_is_utf8(message.bytes, message.size))
        return violated(parser, CODE_NOT_UTF8, "a text message that is not UTF-8");
    got(ctx, &message);
    parser->fragments = 0;
    text_clear(&parser->message);
    return 0;
}

int ws_feed(struct ws_parser *parser, const void *bytes, size_t size, got_message *got, void *ctx)
{
    struct frame frame;
    bool ready;
    int code;
    text_add_bytes(&parser->input, bytes, size);
    while (!parser->closed) {
        code = read_head(parser, &frame, &ready);
        if (code != 0 || !ready)
            return code;
        char *payload = mem_slice(parser->input.bytes + frame.head, frame.size);
        for (size_t i = 0; i < frame.size; i++)
            payload[i] = (char)((unsigned char)payload[i] ^ frame.mask[i % 4]);
        size_t whole = frame.head + frame.size;
        memmove(parser->input.bytes, parser->input.bytes + whole, parser->input.size - whole + 1);
        parser->input.size -= whole;
        code = frame.opcode >= WS_CLOSE ? take_control(parser, &frame, payload, got, ctx)
                                        : take_data(parser, &frame, payload, got, ctx);
        free(payload);
        if (code != 0)
            return code;
    }
    return 0;
}

void ws_parser_clear(struct ws_parser *parser)
{
    text_free(&parser->input);
    text_free(&parser->message);
}
