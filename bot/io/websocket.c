#ifndef NDEBUG
#define NDEBUG 1 /* libwebsockets' header would define _DEBUG for us */
#endif
#include <libwebsockets.h>
#include <openssl/x509v3.h>

#include "io/websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/dial.h"
#include "io/http.h"
#include "log.h"
#include "mem.h"
#include "text.h"

enum {
    DIALED_WITHIN_MS = 15000, /* a name server may be silent */
    UP_WITHIN_MS = 10000,     /* from then on */
    CLOSE_WITHIN_MS = 1000,
    MAX_MESSAGE = 2 * 1024 * 1024,
    MAX_SKIPPED = 32 * 1024 * 1024, /* of one message, behind that */
    MAX_WAITING = 4 * 1024 * 1024,  /* bytes to be written: whoever leaves more is not reading */
    RX_BUFFER = 65536,
    READ_AT_ONCE = 65536, /* the library's own 4 kB hold three envelopes */
};

struct websockets {
    uv_loop_t *loop;
    struct lws_context *context;
    const struct proxy *proxy;
    int door[2]; /* where nobody opens, and who stands before it (give_socket) */
    char knock[32];
};

struct queued {
    struct queued *next;
    size_t size;
    unsigned char bytes[]; /* LWS_PRE, then the message */
};

/* A connection owns its guard timer and its dialing; it is freed when the library and the timer
 * have let go of it. */
struct websocket {
    struct websockets *sockets;
    struct websocket_events events;
    void *ctx;
    char *host;
    char *path;
    int port;
    bool secure;
    struct lws *wsi;
    uv_timer_t guard;
    struct dial *dial; /* NULL: not dialing (any more) */
    bool up;
    bool closing;
    bool ended;        /* down was told */
    bool deaf;         /* what comes is dropped */
    bool said_goodbye; /* a close frame was sent */
    enum lws_close_status close_code;
    bool ping;
    struct queued *first;
    struct queued **last;
    size_t waiting; /* bytes, the queue's own included */
    struct text message;
    size_t skipped; /* of a message that is too large */
    char why[200];
};

/* --- the end --- */

static void on_guard_closed(uv_handle_t *handle)
{
    struct websocket *socket = handle->data;
    while (socket->first != NULL) {
        struct queued *next = socket->first->next;
        free(socket->first);
        socket->first = next;
    }
    text_free(&socket->message);
    free(socket->host);
    free(socket->path);
    free(socket);
}

static void let_go(struct websocket *socket)
{
    if (socket->dial == NULL && socket->wsi == NULL &&
        !uv_is_closing((uv_handle_t *)&socket->guard))
        uv_close((uv_handle_t *)&socket->guard, on_guard_closed);
}

static void end(struct websocket *socket, const char *why)
{
    if (!socket->ended) {
        socket->ended = true;
        socket->events.down(socket->ctx, socket->why[0] != '\0' ? socket->why : why);
    }
    let_go(socket);
}

static void kill_now(struct websocket *socket, const char *why)
{
    if (socket->why[0] == '\0')
        text_fit(socket->why, sizeof(socket->why), why);
    if (socket->dial != NULL)
        dial_cancel(socket->dial);
    socket->dial = NULL;
    if (socket->wsi != NULL)
        lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    else
        end(socket, why);
}

static void on_guard(uv_timer_t *timer)
{
    struct websocket *socket = timer->data;
    kill_now(socket, socket->closing ? "closed" : "it did not come up in time");
}

/* --- the library's callback --- */

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

static void take_fragment(struct websocket *socket, struct lws *wsi, const void *bytes, size_t size)
{
    if (socket->ended || socket->deaf)
        return;
    socket->events.alive(socket->ctx);
    if (lws_frame_is_binary(wsi))
        return; /* Slack sends none; the official clients ignore them too */
    size_t capacity = MAX_MESSAGE - socket->message.size;
    text_add_bytes(&socket->message, bytes, size < capacity ? size : capacity);
    socket->skipped += size < capacity ? 0 : size - capacity;
    if (socket->skipped > MAX_SKIPPED) {
        give_up(socket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "a message was too large");
        return;
    }
    if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
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

/* The library's own value: its public enum has a gap there. */
static const enum lws_write_protocol WRITE_CLOSE = (enum lws_write_protocol)4;

/* The close frame, written by hand: libwebsockets 4.1.6 sends none for a client that asks for one
 * by lws_close_reason and returns -1. The peer's own ends the connection, or else the guard. */
static int say_goodbye(struct websocket *socket, struct lws *wsi)
{
    unsigned char buffer[LWS_PRE + 2];
    buffer[LWS_PRE] = (unsigned char)((unsigned)socket->close_code >> 8);
    buffer[LWS_PRE + 1] = (unsigned char)((unsigned)socket->close_code & 0xFF);
    socket->said_goodbye = true;
    return lws_write(wsi, buffer + LWS_PRE, 2, WRITE_CLOSE) < 0 ? -1 : 0;
}

static size_t weight(const struct queued *one)
{
    return sizeof(*one) + LWS_PRE + one->size;
}

static int write_first(struct websocket *socket, struct lws *wsi)
{
    struct queued *one = socket->first;
    int written = lws_write(wsi, one->bytes + LWS_PRE, one->size, LWS_WRITE_TEXT);
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
static int write_waiting(struct websocket *socket, struct lws *wsi)
{
    unsigned char buffer[LWS_PRE + 4];
    if (socket->ping) {
        socket->ping = false;
        if (lws_write(wsi, buffer + LWS_PRE, 0, LWS_WRITE_PING) < 0)
            return -1;
    }
    while (socket->first != NULL || (socket->closing && !socket->said_goodbye)) {
        if (lws_send_pipe_choked(wsi)) {
            lws_callback_on_writable(wsi);
            return 0;
        }
        if ((socket->first != NULL ? write_first(socket, wsi) : say_goodbye(socket, wsi)) != 0)
            return -1;
    }
    return 0;
}

/* The peer has closed: what it said before is answered before our own close frame, which the
 * library writes as soon as it can, and nothing behind it. What the connection does not take now,
 * the library keeps for it. */
static void answer_before_the_end(struct websocket *socket, struct lws *wsi)
{
    socket->events.alive(socket->ctx);
    if (socket->deaf || socket->said_goodbye)
        return;
    socket->events.closing(socket->ctx);
    while (socket->first != NULL && write_first(socket, wsi) == 0)
        ;
}

/* The library may say it in more than one way, and may speak again when the socket is gone: the
 * first word counts. */
static void drop(struct websocket *socket, struct lws *wsi, const char *why)
{
    lws_set_wsi_user(wsi, NULL);
    socket->wsi = NULL;
    end(socket, why);
}

/* The library has the chain checked, but of a certificate without DNS names it takes the subject's
 * name, as nobody should any more (RFC 6125, 6.4.4). 0: the certificate is for this host. */
static int check_name(X509_STORE_CTX *chain, SSL *ssl)
{
    static const unsigned strict =
        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    X509 *certificate = X509_STORE_CTX_get_current_cert(chain);
    const char *host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (X509_STORE_CTX_get_error_depth(chain) != 0)
        return 0; /* an authority */
    if (host != NULL && (X509_check_host(certificate, host, 0, strict, NULL) == 1 ||
                         X509_check_ip_asc(certificate, host, 0) == 1))
        return 0;
    X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
    return 1;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t size)
{
    struct websocket *socket = user;
    if (reason == LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION)
        return check_name(user, in);
    if (socket == NULL)
        return 0;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        drop(socket, wsi, in != NULL ? (const char *)in : "it could not be connected");
        break;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        uv_timer_stop(&socket->guard);
        socket->up = true;
        if (socket->closing)
            return -1;
        socket->events.up(socket->ctx);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        take_fragment(socket, wsi, in, size);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        socket->events.pong(socket->ctx);
        break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        answer_before_the_end(socket, wsi);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_waiting(socket, wsi);
    case LWS_CALLBACK_CLIENT_CLOSED:
        drop(socket, wsi, "the connection was closed");
        break;
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP: /* between the request to upgrade and its answer */
    case LWS_CALLBACK_WSI_DESTROY:
        drop(socket, wsi, "it could not be connected");
        break;
    default:
        break;
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "slack", .callback = on_event, .rx_buffer_size = RX_BUFFER},
    {.name = NULL},
};

/* --- connecting --- */

/* libwebsockets 4.1.6 makes its own connections: to one address, by a proxy only as it sees fit.
 * So that it takes ours, it is sent to a door that stays shut (a local socket whose queue is full),
 * and while it waits to be let in, its descriptor is made ours. It has not been polled yet. */
static bool give_socket(struct websocket *socket, int fd)
{
    struct lws_client_connect_info info = {
        .context = socket->sockets->context,
        .address = socket->sockets->knock,
        .port = socket->port,
        .path = socket->path,
        .host = socket->host, /* for SNI, certificate and Host header */
        .origin = NULL,
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (socket->secure ? LCCSCF_USE_SSL : 0),
        .local_protocol_name = "slack",
        .userdata = socket,
        .pwsi = &socket->wsi,
        .alpn = "http/1.1",
    };
    struct lws *wsi = lws_client_connect_via_info(&info);
    lws_cancel_service(socket->sockets->context); /* or its timers sleep: called from outside */
    if (wsi == NULL)
        socket->wsi = NULL;
    return wsi != NULL && dup3(fd, lws_get_socket_fd(wsi), O_CLOEXEC) >= 0;
}

static void on_dialed(void *ctx, int fd, const char *why)
{
    struct websocket *socket = ctx;
    socket->dial = NULL;
    if (fd >= 0 && !socket->closing)
        uv_timer_start(&socket->guard, on_guard, UP_WITHIN_MS, 0);
    if (fd < 0)
        end(socket, why);
    else if (!give_socket(socket, fd))
        kill_now(socket, "it could not be connected");
    if (fd >= 0)
        close(fd);
}

/* "wss://host:port/path" -> its parts; false when it is not one. */
static bool split(struct websocket *socket, const char *url)
{
    socket->secure = strncmp(url, "wss://", 6) == 0;
    if (!socket->secure && strncmp(url, "ws://", 5) != 0)
        return false;
    const char *host = url + (socket->secure ? 6 : 5);
    size_t size = strcspn(host, "/?#");
    const char *colon = memchr(host, ':', size);
    size_t name = colon != NULL ? (size_t)(colon - host) : size;
    if (name == 0 || memchr(host, '@', size) != NULL || *host == '[')
        return false;
    socket->port = socket->secure ? 443 : 80;
    if (colon != NULL) {
        char *after;
        long port = strtol(colon + 1, &after, 10);
        if (after != host + size || port < 1 || port > 65535)
            return false;
        socket->port = (int)port;
    }
    socket->host = mem_slice(host, name);
    socket->path = host[size] == '/' ? mem_copy(host + size) : text_format("/%s", host + size);
    return true;
}

struct websocket *websocket_connect(struct websockets *sockets, const char *url,
                                    const struct websocket_events *events, void *ctx,
                                    struct err *err)
{
    struct websocket *socket = mem_new(1, sizeof(*socket));
    socket->last = &socket->first;
    socket->close_code = LWS_CLOSE_STATUS_NORMAL;
    if (!split(socket, url) || (!socket->secure && !http_plain_allowed(url, HTTP_PLAIN_LOOPBACK))) {
        err_set(err, "not an address that a WebSocket may go to");
        free(socket->host);
        free(socket->path);
        free(socket);
        return NULL;
    }
    socket->sockets = sockets;
    socket->events = *events;
    socket->ctx = ctx;
    uv_timer_init(sockets->loop, &socket->guard);
    socket->guard.data = socket;
    uv_timer_start(&socket->guard, on_guard, DIALED_WITHIN_MS, 0);
    socket->dial = dial_start(sockets->loop, socket->host, socket->port,
                              proxy_for(sockets->proxy, socket->host), on_dialed, socket, err);
    if (socket->dial == NULL) {
        socket->ended = true;
        let_go(socket);
        return NULL;
    }
    return socket;
}

/* --- sending and closing --- */

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

void websocket_close(struct websocket *socket)
{
    if (socket->closing || socket->ended)
        return;
    socket->closing = true;
    /* A connection that is not up is cut at once, but never inside this call. */
    uv_timer_start(&socket->guard, on_guard, socket->up ? CLOSE_WITHIN_MS : 0, 0);
    want_to_write(socket);
}

/* --- the context --- */

static void on_log(int level, const char *line)
{
    char text[300];
    text_fit(text, sizeof(text), line);
    text[strcspn(text, "\n")] = '\0';
    log_write(level & LLL_ERR ? LOG_WARN : LOG_LEVEL_DEBUG, "libwebsockets",
              (const struct log_field[]){F_TEXT("line", text), {0}});
}

static void *give_memory(void *old, size_t size, const char *reason)
{
    (void)reason;
    if (size > 0)
        return mem_regrow(old, size);
    free(old);
    return NULL;
}

/* A local socket with a name that the kernel gives, its queue filled by a connection that nobody
 * accepts: whoever else comes has to wait. -1: there is none. */
static int build_door(struct websockets *sockets)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t size = sizeof(name.sun_family);
    for (int i = 0; i < 2; i++)
        sockets->door[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sockets->door[0] < 0 || sockets->door[1] < 0 ||
        bind(sockets->door[0], (const struct sockaddr *)&name, size) != 0 ||
        listen(sockets->door[0], 0) != 0)
        return -1;
    size = sizeof(name);
    if (getsockname(sockets->door[0], (struct sockaddr *)&name, &size) != 0 ||
        connect(sockets->door[1], (const struct sockaddr *)&name, size) != 0)
        return -1;
    snprintf(sockets->knock, sizeof(sockets->knock), "+@%.*s",
             (int)(size - offsetof(struct sockaddr_un, sun_path) - 1), name.sun_path + 1);
    return 0;
}

static void tear_down_door(struct websockets *sockets)
{
    for (int i = 0; i < 2; i++) {
        if (sockets->door[i] >= 0)
            close(sockets->door[i]);
    }
}

void websockets_use_proxy(struct websockets *sockets, const struct proxy *proxy)
{
    sockets->proxy = proxy;
}

struct websockets *websockets_open(uv_loop_t *loop, const char *ca_file, struct err *err)
{
    struct websockets *sockets = mem_new(1, sizeof(*sockets));
    void *loops[] = {loop};
    unsetenv("http_proxy"); /* the library reads it by itself, even for wss */
    lws_set_allocator(give_memory);
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   (*ca_file != '\0' ? LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS : 0),
        .foreign_loops = loops,
        .gid = -1,
        .uid = -1,
        .pcontext = &sockets->context,
        .connect_timeout_secs = 5,
        .timeout_secs = 10,
        .pt_serv_buf_size = READ_AT_ONCE,
        .client_ssl_ca_filepath = *ca_file != '\0' ? ca_file : NULL,
        .ssl_client_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1,
    };
    sockets->loop = loop;
    if (build_door(sockets) != 0) {
        err_set(err, "a local socket cannot be made: %s", strerror(errno));
    } else {
        sockets->context = lws_create_context(&info);
        if (sockets->context != NULL)
            return sockets;
        err_set(err, "libwebsockets does not start: is its libuv plugin there "
                     "(libwebsockets-evlib-uv), and tls.ca_file readable?");
    }
    tear_down_door(sockets);
    free(sockets);
    return NULL;
}

void websockets_close(struct websockets *sockets)
{
    lws_context_destroy(sockets->context);
}

void websockets_free(struct websockets *sockets)
{
    if (sockets->context != NULL) /* the library's second step; the loop must have run between */
        lws_context_destroy(sockets->context);
    tear_down_door(sockets);
    free(sockets);
}
