/* The library: its context on the loop, what it calls back with, and whose certificate it may
 * take. */
#include <errno.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "websocket_parts.h"

enum {
    RX_BUFFER = 65536,
    RECORDS_AT_ONCE = 32, /* of TLS, in one round of the loop */
    READ_AT_ONCE = 65536, /* the library's own 4 kB hold three envelopes */
    MAX_FDS = 64,         /* by itself it makes room for all that a process may have */
};

/* --- the callback --- */

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
        websocket_drop(socket, wsi, in != NULL ? (const char *)in : "it could not be connected");
        break;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        uv_timer_stop(&socket->guard);
        socket->up = true;
        if (socket->closing)
            return -1;
        socket->events.up(socket->ctx);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        websocket_receive(socket, in, size);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        socket->events.pong(socket->ctx);
        break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        websocket_answer_close(socket);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return websocket_write(socket);
    case LWS_CALLBACK_CLIENT_CLOSED:
        websocket_drop(socket, wsi, "the connection was closed");
        break;
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP: /* between the request to upgrade and its answer */
    case LWS_CALLBACK_WSI_DESTROY:
        websocket_drop(socket, wsi, "it could not be connected");
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

/* Not of one that is closing: the library may have stopped reading it, and nothing of what it still
 * says is listened to. */
static bool has_record(const struct websocket *socket)
{
    return socket->secure && !socket->closing && !socket->said_goodbye &&
           websocket_has_more(socket);
}

/* As if the poll had said that it has come. The library's own callback would start its idle handler
 * behind this, without which its timers sleep: where a connection ends, it is woken. */
static void read_record(const struct websocket *socket)
{
    struct lws_context *context = socket->sockets->context;
    struct lws_pollfd record = {
        .fd = lws_get_socket_fd(socket->wsi), .events = LWS_POLLIN, .revents = LWS_POLLIN};
    if (lws_service_fd(context, &record) != 0)
        lws_cancel_service(context);
}

void websockets_read(struct websockets *sockets)
{
    bool more = true;
    for (int left = RECORDS_AT_ONCE; more && left > 0;) {
        more = false;
        const struct websocket *socket = sockets->first;
        for (; socket != NULL && left > 0; socket = socket->next) {
            if (!has_record(socket))
                continue;
            more = true;
            left--;
            read_record(socket);
        }
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
        .fd_limit_per_thread = MAX_FDS,
        .client_ssl_ca_filepath = *ca_file != '\0' ? ca_file : NULL,
        .ssl_client_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1,
    };
    sockets->loop = loop;
    if (websockets_build_door(sockets) != 0) {
        err_set(err, "a local socket cannot be made: %s", strerror(errno));
    } else {
        sockets->context = lws_create_context(&info);
        if (sockets->context != NULL)
            return sockets;
        err_set(err, "libwebsockets does not start: is its libuv plugin there "
                     "(libwebsockets-evlib-uv), and tls.ca_file readable?");
    }
    websockets_tear_down_door(sockets);
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
    websockets_tear_down_door(sockets);
    free(sockets);
}
