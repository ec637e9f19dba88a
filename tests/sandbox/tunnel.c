#include "tunnel.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "parts.h"
#include "workspace.h"

enum { MAX_HEAD = 8192, MAX_WORDS = 200 };

struct tunnel {
    struct sandbox *sandbox;
    uv_tcp_t listener;
    int port;
    char *wanted; /* "Basic ...", NULL: everybody may pass */
    struct pair *pairs;
};

/* One that came, and where it wanted to go. */
struct pair {
    struct pair *next;
    struct tunnel *tunnel;
    uv_tcp_t client;
    uv_tcp_t server;
    uv_connect_t connecting;
    struct text head;
    char target[64];
    bool through; /* bytes are passed on */
    bool ending;
    int handles; /* that libuv has not let go of */
};

/* --- ending --- */

static void handle_closed(uv_handle_t *handle)
{
    struct pair *pair = handle->data;
    if (--pair->handles > 0)
        return;
    text_free(&pair->head);
    free(pair);
}

static void end(struct pair *pair)
{
    struct pair **at = &pair->tunnel->pairs;
    if (pair->ending)
        return;
    pair->ending = true;
    while (*at != pair)
        at = &(*at)->next;
    *at = pair->next;
    uv_close((uv_handle_t *)&pair->client, handle_closed);
    uv_close((uv_handle_t *)&pair->server, handle_closed);
}

/* --- writing --- */

struct sending {
    uv_write_t write;
    struct pair *pair;
    bool last; /* the pair ends with it */
    char bytes[];
};

static void sent(uv_write_t *write, int status)
{
    struct sending *sending = write->data;
    if (status != 0 ? status != UV_ECANCELED : sending->last)
        end(sending->pair);
    free(sending);
}

static void send_to(struct pair *pair, uv_tcp_t *to, const char *bytes, size_t size, bool last)
{
    struct sending *sending = mem_new(sizeof(*sending) + size, 1);
    uv_buf_t buffer = uv_buf_init(sending->bytes, (unsigned)size);
    memcpy(sending->bytes, bytes, size);
    sending->pair = pair;
    sending->last = last;
    sending->write.data = sending;
    if (uv_write(&sending->write, (uv_stream_t *)to, &buffer, 1, sent) != 0) {
        free(sending);
        end(pair);
    }
}

/* --- answers of the proxy itself --- */

static void tell(const struct pair *pair, int status)
{
    log_entry(pair->tunnel->sandbox, "proxy.connect",
              json_pack("{s:s, s:i}", "target", pair->target, "status", status));
}

static void refuse(struct pair *pair, int status)
{
    char *answer =
        text_format("HTTP/1.1 %d No\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n", status,
                    status == 407 ? "Proxy-Authenticate: Basic realm=\"sandbox\"\r\n" : "");
    tell(pair, status);
    uv_read_stop((uv_stream_t *)&pair->client);
    send_to(pair, &pair->client, answer, strlen(answer), true);
    free(answer);
}

static void on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle;
    *buffer = uv_buf_init(mem_new(wanted, 1), (unsigned)wanted);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

static void connected(uv_connect_t *connecting, int status)
{
    static const char good[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    struct pair *pair = connecting->data;
    if (pair->ending)
        return;
    if (status != 0) {
        refuse(pair, 502);
        return;
    }
    tell(pair, 200);
    pair->through = true;
    send_to(pair, &pair->client, good, sizeof(good) - 1, false);
    uv_read_start((uv_stream_t *)&pair->client, on_alloc, on_read);
    uv_read_start((uv_stream_t *)&pair->server, on_alloc, on_read);
}

/* --- the request --- */

/* The value of a header in the head that came; "" when there is none. */
static const char *header(const char *head, const char *name, char value[MAX_WORDS])
{
    *value = '\0';
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, strlen(name)) != 0 || line[2 + strlen(name)] != ':')
            continue;
        const char *from = line + 3 + strlen(name);
        from += strspn(from, " ");
        snprintf(value, MAX_WORDS, "%.*s", (int)strcspn(from, "\r"), from);
    }
    return value;
}

/* The status to refuse it with; 0: it may pass, to *port of this machine. */
static int judge(struct pair *pair, int *port)
{
    char words[MAX_WORDS];
    char host[48];
    const char *head = text_get(&pair->head);
    const struct fault *fault;
    if (sscanf(head, "CONNECT %47[^: ]:%d HTTP/1.", host, port) != 2)
        return 405;
    snprintf(pair->target, sizeof(pair->target), "%s:%d", host, *port);
    fault = fault_take(pair->tunnel->sandbox, "proxy", "CONNECT", head, pair->head.size);
    if (fault != NULL)
        return fault->status != 0 ? fault->status : -1;
    if (pair->tunnel->wanted != NULL &&
        strcmp(header(head, "Proxy-Authorization", words), pair->tunnel->wanted) != 0)
        return 407;
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "localhost") == 0 ? 0 : 403;
}

static void take_request(struct pair *pair)
{
    struct sockaddr_in address;
    int port = 0;
    int status = judge(pair, &port);
    if (status < 0)
        end(pair);
    else if (status > 0)
        refuse(pair, status);
    else {
        uv_read_stop((uv_stream_t *)&pair->client);
        uv_ip4_addr("127.0.0.1", port, &address);
        pair->connecting.data = pair;
        if (uv_tcp_connect(&pair->connecting, &pair->server, (struct sockaddr *)&address,
                           connected) != 0)
            refuse(pair, 502);
    }
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct pair *pair = stream->data;
    bool from_client = stream == (uv_stream_t *)&pair->client;
    if (size < 0)
        end(pair);
    else if (size > 0 && pair->through)
        send_to(pair, from_client ? &pair->server : &pair->client, buffer->base, (size_t)size,
                false);
    else if (size > 0) {
        text_add_bytes(&pair->head, buffer->base, (size_t)size);
        if (strstr(text_get(&pair->head), "\r\n\r\n") != NULL)
            take_request(pair);
        else if (pair->head.size > MAX_HEAD)
            refuse(pair, 431);
    }
    free(buffer->base);
}

/* --- birth and death --- */

static void accepted(uv_stream_t *listener, int status)
{
    struct tunnel *tunnel = listener->data;
    if (status != 0)
        return;
    struct pair *pair = mem_new(1, sizeof(*pair));
    pair->tunnel = tunnel;
    pair->next = tunnel->pairs;
    tunnel->pairs = pair;
    pair->handles = 2;
    uv_tcp_init(&tunnel->sandbox->loop, &pair->client);
    uv_tcp_init(&tunnel->sandbox->loop, &pair->server);
    pair->client.data = pair;
    pair->server.data = pair;
    if (uv_accept(listener, (uv_stream_t *)&pair->client) != 0 ||
        uv_read_start((uv_stream_t *)&pair->client, on_alloc, on_read) != 0)
        end(pair);
}

static void listener_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static struct tunnel *open_tunnel(struct sandbox *sandbox)
{
    struct tunnel *tunnel = mem_new(1, sizeof(*tunnel));
    struct sockaddr_in address;
    int size = sizeof(address);
    tunnel->sandbox = sandbox;
    tunnel->listener.data = tunnel;
    uv_tcp_init(&sandbox->loop, &tunnel->listener);
    uv_ip4_addr("127.0.0.1", 0, &address);
    if (uv_tcp_bind(&tunnel->listener, (struct sockaddr *)&address, 0) != 0 ||
        uv_listen((uv_stream_t *)&tunnel->listener, 64, accepted) != 0) {
        uv_close((uv_handle_t *)&tunnel->listener, listener_closed);
        return NULL;
    }
    uv_tcp_getsockname(&tunnel->listener, (struct sockaddr *)&address, &size);
    tunnel->port = ntohs(address.sin_port);
    return tunnel;
}

static char *basic(const char *user, const char *password)
{
    char *words = text_format("%s:%s", user, password);
    size_t size = strlen(words);
    unsigned char *coded = mem_new(size / 3 * 4 + 5, 1);
    EVP_EncodeBlock(coded, (const unsigned char *)words, (int)size);
    char *whole = text_format("Basic %s", (const char *)coded);
    free(coded);
    free(words);
    return whole;
}

json_t *tunnel_wish(struct sandbox *sandbox, const json_t *body, const char **error)
{
    const char *user = workspace_text(body, "user");
    if (sandbox->tunnel == NULL)
        sandbox->tunnel = open_tunnel(sandbox);
    if (sandbox->tunnel == NULL) {
        *error = "no_port";
        return NULL;
    }
    free(sandbox->tunnel->wanted);
    sandbox->tunnel->wanted = *user != '\0' ? basic(user, workspace_text(body, "password")) : NULL;
    return json_pack("{s:i}", "port", sandbox->tunnel->port);
}

void tunnel_close(struct tunnel *tunnel)
{
    if (tunnel == NULL)
        return;
    while (tunnel->pairs != NULL)
        end(tunnel->pairs);
    free(tunnel->wanted);
    uv_close((uv_handle_t *)&tunnel->listener, listener_closed);
}
