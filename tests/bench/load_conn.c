/* Connections of the load generator: TLS, HTTP requests and frames (RFC 6455), by hand. */
#include <errno.h>
#include <openssl/err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load_parts.h"
#include "mem.h"

enum { READ_ROOM = 262144 };
enum { FRAME_MORE = 0, FRAME_TEXT = 1, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };

struct conn *conn_new(struct load *load, int fd)
{
    struct conn *conn = mem_new(1, sizeof(*conn));
    conn->load = load;
    conn->fd = fd;
    conn->shaken = load->tls == NULL;
    if (load->tls != NULL) {
        conn->ssl = SSL_new(load->tls);
        SSL_set_fd(conn->ssl, fd);
        SSL_set_accept_state(conn->ssl);
    }
    return conn;
}

void conn_free(struct conn *conn)
{
    SSL_free(conn->ssl);
    close(conn->fd);
    text_free(&conn->in);
    text_free(&conn->parts);
    text_free(&conn->out);
    free(conn);
}

/* --- writing --- */

static void want_write(struct conn *conn, bool wanted)
{
    struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0U), .data.ptr = conn};
    if (conn->blocked != wanted)
        epoll_ctl(conn->load->epoll, EPOLL_CTL_MOD, conn->fd, &event);
    conn->blocked = wanted;
}

/* Bytes that the connection took; 0: it is full; -1: it is gone. */
static ssize_t put(struct conn *conn, const char *bytes, size_t size)
{
    if (conn->ssl == NULL) {
        ssize_t put = send(conn->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        return put < 0 && errno == EAGAIN ? 0 : put;
    }
    ERR_clear_error();
    int put = SSL_write(conn->ssl, bytes, (int)size);
    return put > 0 ? put : SSL_get_error(conn->ssl, put) == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

void conn_flush(struct conn *conn)
{
    while (conn->shaken && !conn->gone && conn->out_at < conn->out.size) {
        ssize_t sent = put(conn, conn->out.bytes + conn->out_at, conn->out.size - conn->out_at);
        conn->gone = sent < 0;
        if (sent <= 0)
            break;
        conn->out_at += (size_t)sent;
    }
    bool all = conn->out_at >= conn->out.size;
    if (all) {
        text_clear(&conn->out);
        conn->out_at = 0;
    }
    if (!conn->gone)
        want_write(conn, conn->shaken && !all);
    conn->gone |= all && conn->closing;
}

void conn_frame(struct conn *conn, int opcode, const char *bytes, size_t size)
{
    unsigned char head[10] = {(unsigned char)(0x80 | opcode)};
    size_t head_size = 2;
    if (size < 126) {
        head[1] = (unsigned char)size;
    } else if (size < 65536) {
        head[1] = 126;
        head[2] = (unsigned char)(size >> 8);
        head[3] = (unsigned char)(size & 0xFF);
        head_size = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++)
            head[2 + i] = (unsigned char)((uint64_t)size >> (56 - 8 * i));
        head_size = 10;
    }
    text_add_bytes(&conn->out, head, head_size);
    text_add_bytes(&conn->out, bytes, size);
}

/* --- frames --- */

/* A part of a message, or all of it: gorilla/websocket sends parts of 4 kB. */
static void take_part(struct conn *conn, bool last, const char *bytes, size_t size)
{
    if (last && conn->parts.size == 0) {
        load_message(conn->load, bytes, size);
        return;
    }
    text_add_bytes(&conn->parts, bytes, size);
    if (!last)
        return;
    load_message(conn->load, conn->parts.bytes, conn->parts.size);
    text_clear(&conn->parts);
}

static void act_on_frame(struct conn *conn, unsigned first, char *bytes, size_t size)
{
    switch (first & 0x0F) {
    case FRAME_TEXT:
    case FRAME_MORE:
        take_part(conn, (first & 0x80) != 0, bytes, size);
        break;
    case FRAME_PING:
        conn_frame(conn, FRAME_PONG, bytes, size);
        break;
    case FRAME_CLOSE:
        conn_frame(conn, FRAME_CLOSE, bytes, size < 2 ? size : 2);
        conn->closing = true;
        break;
    default: /* a pong */
        break;
    }
}

/* One frame at ${at} of what was read, unmasked in place; its size, 0: it is not whole. */
static size_t take_frame(struct conn *conn, size_t at)
{
    unsigned char *bytes = (unsigned char *)conn->in.bytes + at;
    size_t there = conn->in.size - at;
    size_t head = 6;
    if (there < head)
        return 0;
    size_t size = bytes[1] & 0x7FU;
    if (size == 126) {
        head = 8;
        size = (size_t)bytes[2] << 8 | bytes[3];
    } else if (size == 127) {
        if (there < 14)
            return 0;
        head = 14;
        size = 0;
        for (int i = 0; i < 8; i++)
            size = size << 8 | bytes[2 + i];
    }
    if (there < head + size)
        return 0;
    const unsigned char *mask = bytes + head - 4;
    for (size_t i = 0; i < size; i++)
        bytes[head + i] ^= mask[i % 4];
    act_on_frame(conn, bytes[0], (char *)bytes + head, size);
    return head + size;
}

/* --- requests --- */

static size_t body_size(const char *head)
{
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0)
            return strtoul(line + 17, NULL, 10);
    }
    return 0;
}

static size_t take_request(struct conn *conn, size_t at)
{
    char *bytes = conn->in.bytes + at;
    size_t there = conn->in.size - at;
    char *end = memmem(bytes, there, "\r\n\r\n", 4);
    if (end == NULL)
        return 0;
    size_t head = (size_t)(end - bytes) + 4;
    char *lines = mem_slice(bytes, head - 2);
    size_t size = body_size(lines);
    if (there >= head + size)
        api_answer(conn, lines, bytes + head, size);
    free(lines);
    return there >= head + size ? head + size : 0;
}

/* --- reading --- */

static void act(struct conn *conn)
{
    size_t at = 0;
    while (at < conn->in.size && !conn->closing) {
        size_t taken = conn->socket ? take_frame(conn, at) : take_request(conn, at);
        if (taken == 0)
            break;
        at += taken;
    }
    memmove(conn->in.bytes, conn->in.bytes + at, conn->in.size - at);
    conn->in.size -= at;
}

static bool shake_hands(struct conn *conn)
{
    ERR_clear_error(); /* what another connection left behind is no error of this one */
    int done = SSL_do_handshake(conn->ssl);
    conn->shaken = done == 1;
    int error = conn->shaken ? SSL_ERROR_NONE : SSL_get_error(conn->ssl, done);
    conn->gone = !conn->shaken && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    return conn->shaken;
}

/* Bytes that were read; 0: there are no more now; -1: it is gone. */
static ssize_t get(struct conn *conn, char *room)
{
    if (conn->ssl == NULL) {
        ssize_t got = recv(conn->fd, room, READ_ROOM, MSG_DONTWAIT);
        return got > 0 ? got : got < 0 && errno == EAGAIN ? 0 : -1;
    }
    ERR_clear_error();
    int got = SSL_read(conn->ssl, room, READ_ROOM);
    return got > 0 ? got : SSL_get_error(conn->ssl, got) == SSL_ERROR_WANT_READ ? 0 : -1;
}

void conn_read(struct conn *conn)
{
    static char room[READ_ROOM];
    if (conn->silent || (!conn->shaken && !shake_hands(conn)))
        return;
    for (;;) {
        ssize_t got = get(conn, room);
        conn->gone |= got < 0;
        if (got <= 0)
            break;
        text_add_bytes(&conn->in, room, (size_t)got);
        if (conn->ssl == NULL && got < READ_ROOM)
            break;
    }
    if (!conn->gone && conn->in.size > 0)
        act(conn);
}
