/* Calls and websockets through an HTTP proxy; and the addresses of a host, one after the other. */
#include "websocket_fixture.h"

#include "tunnel_fixture.h"

#include <fcntl.h>

#include "io/dial.h"
#include "io/http.h"
#include "io/proxy.h"

/* --- names, as this test has them --- */

enum { MAX_NAMED = 8 };

static struct {
    const char *address[MAX_NAMED]; /* of "many.test", in this order */
} named;

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    bool ours = strcmp(name, "many.test") == 0;
    struct addrinfo **link = list;
    (void)hints;
    *list = NULL;
    for (int i = 0; i < MAX_NAMED && (i == 0 || (ours && named.address[i] != NULL)); i++) {
        const char *address = ours ? named.address[i] : "127.0.0.1";
        struct addrinfo *entry = calloc(1, sizeof(*entry) + sizeof(struct sockaddr_in6));
        entry->ai_addr = (struct sockaddr *)(entry + 1);
        entry->ai_socktype = SOCK_STREAM;
        if (uv_ip6_addr(address, 0, (struct sockaddr_in6 *)(void *)entry->ai_addr) == 0) {
            entry->ai_family = AF_INET6;
            entry->ai_addrlen = sizeof(struct sockaddr_in6);
        } else {
            int port = service != NULL ? atoi(service) : 0;
            uv_ip4_addr(address, port, (struct sockaddr_in *)(void *)entry->ai_addr);
            entry->ai_family = AF_INET;
            entry->ai_addrlen = sizeof(struct sockaddr_in);
        }
        *link = entry;
        link = &entry->ai_next;
    }
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;
        free(list);
        list = next;
    }
}

/* --- calls --- */

static struct {
    int times, status;
    bool sent;
    char error[300], body[100], retry_after[20];
} call;

static void on_done(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    call.times++;
    call.status = reply->status;
    call.sent = reply->sent;
    text_fit(call.error, sizeof(call.error), reply->status == 0 ? reply->error : "");
    text_fit(call.body, sizeof(call.body), reply->body);
    const char *after = http_reply_header(reply, "Retry-After");
    text_fit(call.retry_after, sizeof(call.retry_after), after != NULL ? after : "none");
}

static char answered_head[2000];

static void serve_http(SSL *ssl, int fd)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    if (tls_read_head(ssl, fd, answered_head, sizeof(answered_head)))
        tls_write(ssl, fd, answer, sizeof(answer) - 1);
}

/* One call to the server, through ${proxy}. */
static void get_with(const struct tls_server *server, const struct proxy *proxy, unsigned plain,
                     int timeout_ms)
{
    static const char *const headers[] = {"Authorization: Bearer of-the-call", NULL};
    struct err err;
    char url[100];
    uv_loop_t own;
    snprintf(url, sizeof(url), "%s://localhost:%d/path", server->context != NULL ? "https" : "http",
             server->port);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = headers,
                                   .timeout_ms = timeout_ms,
                                   .max_reply = 1000,
                                   .plain = plain};
    memset(&call, 0, sizeof(call));
    answered_head[0] = '\0';
    uv_loop_init(&own);
    struct http *http = http_open(&own, server->context != NULL ? server->ca_file : "", &err);
    assert_non_null(http);
    http_use_proxy(http, proxy);
    http_send(http, &request, on_done, NULL);
    while (call.times == 0)
        uv_run(&own, UV_RUN_ONCE);
    http_close(http);
    uv_run(&own, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&own), 0);
}

static void get_by(const struct tls_server *server, const struct proxy *proxy)
{
    get_with(server, proxy, HTTP_PLAIN_LOOPBACK, 5000);
}

static void a_call_goes_through_the_tunnel(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    for (int secure = 0; secure < 2; secure++) {
        for (int slow = 0; slow < 2; slow++) {
            tls_start(&server, secure ? "localhost" : NULL, serve_http);
            tunnel_start(&tunnel, slow ? SLOW : GOOD);
            get_by(&server, &tunnel.proxy);
            tunnel_stop(&tunnel);
            tls_stop(&server);
            if (call.status != 200)
                fail_msg("%s", call.error);
            assert_string_equal(call.body, "hello");
            assert_int_equal(tunnel.tunnelled, 1);
            assert_string_equal(call.retry_after, "none"); /* the proxy's is not the host's */
            assert_null(strstr(tunnel.head, "of-the-call"));
            assert_non_null(strstr(answered_head, "Bearer of-the-call"));
            assert_null(strstr(answered_head, "Proxy-"));
        }
    }
}

static void the_user_is_told_to_the_proxy_alone(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_http);
    tunnel_start(&tunnel, GOOD);
    tunnel.proxy.user = (char *)(uintptr_t) "Aladdin";
    tunnel.proxy.password = (char *)(uintptr_t) "open sesame";
    get_by(&server, &tunnel.proxy);
    tunnel_stop(&tunnel);
    tls_stop(&server);
    assert_int_equal(call.status, 200);
    assert_non_null(
        strstr(tunnel.head, "\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    assert_null(strstr(answered_head, "Proxy-"));
}

static const struct {
    enum manner manner;
    const char *http, *websocket;
} refusals[] = {
    {REFUSING, "the proxy does not allow it (403)", "the proxy does not allow it (403)"},
    {WANTING, "the proxy requires a user and a password, or rejects ours (407)",
     "the proxy requires a user and a password, or rejects ours (407)"},
    {ELSEWHERE, "the proxy refuses", "the proxy refuses (302)"},
    {NONSENSE, "", "the proxy's answer makes no sense: is it an HTTP proxy?"},
    {CLOSING, "", "the proxy closed the connection without an answer"},
    {ENDLESS, "", "the proxy's answer is too large"},
    {BEFORE, "", "the proxy sent unexpected data"},
};

/* No call was made: it can be made again, whatever it was. */
static void what_the_proxy_refuses_was_never_sent(void **state)
{
    struct tls_server server;
    (void)state;
    tls_start(&server, "localhost", serve_http);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct tunnel tunnel;
        tunnel_start(&tunnel, refusals[i].manner);
        get_with(&server, &tunnel.proxy, HTTP_PLAIN_LOOPBACK, 700);
        tunnel_stop(&tunnel);
        assert_int_equal(call.status, 0);
        if (call.sent || strstr(call.error, refusals[i].http) == NULL || call.error[0] == '\0')
            fail_msg("%d: %d %s", (int)refusals[i].manner, call.sent, call.error);
    }
    assert_int_equal(server.accepted, 0);
    tls_stop(&server);
}

static void a_call_does_not_wait_for_a_proxy_that_hangs(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_http);
    tunnel_start(&tunnel, HANGING);
    get_with(&server, &tunnel.proxy, 0, 300);
    tunnel_stop(&tunnel);
    tls_stop(&server);
    assert_int_equal(call.status, 0);
    assert_false(call.sent);
}

/* Whoever answers inside the tunnel must be the host itself. */
static void tls_is_verified_inside_the_tunnel(void **state)
{
    struct tls_server server, tamperer, other;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_http);
    tls_start(&tamperer, "localhost", serve_http); /* the right name, of another authority */
    tunnel_start(&tunnel, TAMPERING);
    tunnel.own = &tamperer;
    get_by(&server, &tunnel.proxy);
    tunnel_stop(&tunnel);
    tls_stop(&tamperer);
    assert_int_equal(call.status, 0);
    assert_false(call.sent);
    assert_int_equal(tamperer.shaken_hands, 0);
    tls_start(&other, "other.example", serve_http); /* the right authority, another name */
    tunnel_start(&tunnel, GOOD);
    get_by(&other, &tunnel.proxy);
    tunnel_stop(&tunnel);
    tls_stop(&other);
    assert_int_equal(call.status, 0);
    assert_int_equal(other.shaken_hands, 0);
    tls_stop(&server);
}

static void credentials_are_never_asked_by_proxy(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, NULL, serve_http);
    tunnel_start(&tunnel, GOOD);
    get_with(&server, &tunnel.proxy, HTTP_PLAIN_LOOPBACK | HTTP_PLAIN_CREDENTIALS, 5000);
    assert_int_equal(call.status, 200);
    tunnel.proxy.no_proxy = (char *)(uintptr_t) ""; /* nor this machine, unless named */
    get_by(&server, &tunnel.proxy);
    assert_int_equal(call.status, 200);
    tunnel_stop(&tunnel);
    tls_stop(&server);
    assert_int_equal(tunnel.accepted, 0);
    assert_int_equal(server.accepted, 2);
}

/* --- websockets --- */

static void serve_echo(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols") || read_frame(ssl, fd) != TEXT_FRAME)
        return;
    put_frame(ssl, fd, TEXT_FRAME, "good day", 8);
    until_the_end(ssl, fd);
}

static void live_through(struct tls_server *server, struct tunnel *tunnel)
{
    forget();
    got.say = "hello";
    got.close_at_text = 1;
    through = &tunnel->proxy;
    live_with(server, server->context != NULL ? server->ca_file : "");
    through = NULL;
}

static void a_websocket_goes_through_the_tunnel(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    for (int secure = 0; secure < 2; secure++) {
        for (int slow = 0; slow < 2; slow++) {
            tls_start(&server, secure ? "localhost" : NULL, serve_echo);
            tunnel_start(&tunnel, slow ? SLOW : GOOD);
            live_through(&server, &tunnel);
            tunnel_stop(&tunnel);
            tls_stop(&server);
            assert_int_equal(got.ups, 1);
            assert_string_equal(text_get(&got.text), "good day\n");
            assert_int_equal(tunnel.tunnelled, 1);
            assert_null(strstr(tunnel.head, "ticket"));
            assert_memory_equal(seen.head, "GET /link?ticket=a&b=c HTTP/1.1\r\n", 33);
            assert_non_null(strcasestr(seen.head, "\r\nHost: localhost"));
        }
    }
}

static void a_websocket_says_why_the_proxy_refuses(void **state)
{
    struct tls_server server;
    (void)state;
    tls_start(&server, "localhost", serve_echo);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct tunnel tunnel;
        tunnel_start(&tunnel, refusals[i].manner);
        live_through(&server, &tunnel);
        tunnel_stop(&tunnel);
        assert_int_equal(got.ups, 0);
        assert_string_equal(got.why, refusals[i].websocket);
    }
    tls_stop(&server);
    assert_int_equal(server.accepted, 0);
}

static void a_websocket_does_not_wait_for_a_proxy_that_hangs(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_echo);
    tunnel_start(&tunnel, HANGING);
    live_through(&server, &tunnel);
    assert_string_equal(got.why, "the proxy does not answer");
    tunnel_stop(&tunnel);
    live_through(&server, &tunnel); /* nobody listens there any more */
    assert_non_null(strstr(got.why, "the proxy cannot be reached"));
    tls_stop(&server);
}

static void tls_is_verified_inside_a_websockets_tunnel(void **state)
{
    struct tls_server server, tamperer, other;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_echo);
    tls_start(&tamperer, "localhost", serve_echo);
    tunnel_start(&tunnel, TAMPERING);
    tunnel.own = &tamperer;
    live_through(&server, &tunnel);
    tunnel_stop(&tunnel);
    tls_stop(&tamperer);
    assert_int_equal(got.ups, 0);
    assert_int_equal(tamperer.shaken_hands, 0);
    tls_start(&other, "other.example", serve_echo);
    tunnel_start(&tunnel, GOOD);
    live_through(&other, &tunnel);
    tunnel_stop(&tunnel);
    tls_stop(&other);
    assert_int_equal(got.ups, 0);
    assert_int_equal(other.shaken_hands, 0);
    tls_stop(&server);
    assert_string_equal(seen.head, ""); /* the ticket was told to nobody */
}

static void closing_while_the_proxy_is_asked(void **state)
{
    struct tls_server server;
    struct tunnel tunnel;
    (void)state;
    tls_start(&server, "localhost", serve_echo);
    tunnel_start(&tunnel, HANGING);
    forget();
    close_after_ms = 100;
    through = &tunnel.proxy;
    live_with(&server, server.ca_file);
    through = NULL;
    assert_int_equal(got.ups, 0);
    tunnel_stop(&tunnel);
    tls_stop(&server);
}

/* --- all addresses of a host --- */

static struct {
    int times, fd;
    char why[200];
} dialed;

static void on_dialed(void *ctx, int fd, const char *why)
{
    (void)ctx;
    dialed.times++;
    dialed.fd = fd;
    text_fit(dialed.why, sizeof(dialed.why), why);
}

/* How long that took, in ms. */
static int64_t dial(int port, const char *const *addresses, size_t count)
{
    struct err err;
    uv_loop_t own;
    memset(&named, 0, sizeof(named));
    memset(&dialed, 0, sizeof(dialed));
    for (size_t i = 0; i < count; i++)
        named.address[i] = addresses[i];
    uv_loop_init(&own);
    uint64_t begin = uv_hrtime();
    assert_non_null(dial_start(&own, "many.test", port, NULL, on_dialed, NULL, &err));
    assert_int_equal(dialed.times, 0);
    uv_run(&own, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&own), 0);
    assert_int_equal(dialed.times, 1);
    return (int64_t)((uv_hrtime() - begin) / 1000000);
}

/* A place whose queue is full: who comes gets no answer at all, as from a dead route. */
static int dead_place(int port, int fillers[4])
{
    struct sockaddr_in address;
    int yes = 1;
    uv_ip4_addr("127.7.7.7", port, &address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 0), 0);
    for (int i = 0; i < 4; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fillers[i], (struct sockaddr *)&address, sizeof(address));
    }
    return fd;
}

static void every_address_is_tried(void **state)
{
    static const char *const refused_first[] = {"::1", "127.6.6.6", "127.0.0.1"};
    static const char *const dead_first[] = {"127.7.7.7", "127.7.7.7", "127.0.0.1", "127.0.0.1"};
    static const char *const by_turns[] = {"127.7.7.7", "127.7.7.7", "127.7.7.7",
                                           "127.7.7.7", "::1",       "127.0.0.1"};
    struct tls_server server;
    int fillers[4];
    (void)state;
    tls_start(&server, NULL, serve_echo);
    dial(server.port, refused_first, COUNT(refused_first));
    assert_true(dialed.fd >= 0);
    assert_true(fcntl(dialed.fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(dialed.fd, F_GETFL) & O_NONBLOCK);
    close(dialed.fd);
    int dead = dead_place(server.port, fillers);
    int64_t took = dial(server.port, dead_first, COUNT(dead_first));
    assert_true(dialed.fd >= 0);
    assert_true(took >= 2 * 2000 - 50); /* a quarter of eight seconds each */
    close(dialed.fd);
    dial(server.port, by_turns, 1);
    assert_int_equal(dialed.fd, -1);
    assert_string_equal(dialed.why, "it does not answer");
    memset(&named, 0, sizeof(named));
    close(dead);
    for (int i = 0; i < 4; i++)
        close(fillers[i]);
    dial(server.port, refused_first, 2);
    assert_int_equal(dialed.fd, -1);
    assert_string_equal(dialed.why, "connection refused");
    tls_stop(&server);
}

/* A whole family may be dead: the other one comes second, not last. */
static void the_families_take_turns(void **state)
{
    static const char *const addresses[] = {"127.7.7.7", "127.7.7.7", "127.7.7.7", "127.7.7.7",
                                            "127.7.7.7", "127.7.7.7", "::1"};
    struct sockaddr_in6 any6;
    struct sockaddr_in6 bound;
    socklen_t size = sizeof(bound);
    int fillers[4];
    (void)state;
    uv_ip6_addr("::1", 0, &any6);
    int six = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (six < 0 || bind(six, (struct sockaddr *)&any6, sizeof(any6)) != 0)
        skip(); /* this machine has no IPv6 */
    assert_int_equal(listen(six, 4), 0);
    getsockname(six, (struct sockaddr *)&bound, &size);
    int port = ntohs(bound.sin6_port);
    int dead = dead_place(port, fillers);
    int64_t took = dial(port, addresses, COUNT(addresses));
    assert_true(dialed.fd >= 0);
    assert_true(took >= 1000);
    struct sockaddr_storage peer;
    size = sizeof(peer);
    getpeername(dialed.fd, (struct sockaddr *)&peer, &size);
    assert_int_equal(peer.ss_family, AF_INET6);
    close(dialed.fd);
    close(dead);
    for (int i = 0; i < 4; i++)
        close(fillers[i]);
    close(six);
}

static void a_websocket_uses_them_too(void **state)
{
    static const char *const addresses[] = {"::1", "127.6.6.6", "127.0.0.1"};
    struct tls_server server;
    char url[60];
    (void)state;
    memset(&named, 0, sizeof(named));
    for (size_t i = 0; i < COUNT(addresses); i++)
        named.address[i] = addresses[i];
    tls_start(&server, "many.test", serve_echo);
    forget();
    got.say = "hello";
    got.close_at_text = 1;
    snprintf(url, sizeof(url), "wss://many.test:%d/link", server.port);
    live(server.ca_file, url, false);
    tls_stop(&server);
    assert_int_equal(got.ups, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_goes_through_the_tunnel),
        TEST(the_user_is_told_to_the_proxy_alone),
        TEST(what_the_proxy_refuses_was_never_sent),
        TEST(a_call_does_not_wait_for_a_proxy_that_hangs),
        TEST(tls_is_verified_inside_the_tunnel),
        TEST(credentials_are_never_asked_by_proxy),
        TEST(a_websocket_goes_through_the_tunnel),
        TEST(a_websocket_says_why_the_proxy_refuses),
        TEST(a_websocket_does_not_wait_for_a_proxy_that_hangs),
        TEST(tls_is_verified_inside_a_websockets_tunnel),
        TEST(closing_while_the_proxy_is_asked),
        TEST(every_address_is_tried),
        TEST(the_families_take_turns),
        TEST(a_websocket_uses_them_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
