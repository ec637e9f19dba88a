/* An HTTP proxy that knows CONNECT, in a thread: it goes to wherever it is told on this machine, or
 * behaves badly. */
#ifndef CPPO_TESTS_TUNNEL_FIXTURE_H
#define CPPO_TESTS_TUNNEL_FIXTURE_H

#include "tls_fixture.h"

#include <poll.h>

#include "io/proxy.h"

enum manner {
    GOOD,
    SLOW,      /* its answer comes byte by byte */
    REFUSING,  /* 403 */
    WANTING,   /* 407, whatever it is given */
    ELSEWHERE, /* 302 */
    NONSENSE,
    HANGING,
    CLOSING,
    ENDLESS,  /* headers without end */
    BEFORE,   /* more than its answer, before it was asked for more */
    TAMPERING /* it answers the TLS handshake itself */
};

struct tunnel {
    struct tls_server *own; /* for one that tampers */
    enum manner manner;
    int listener;
    int port;
    atomic_int accepted, tunnelled;
    char head[2000]; /* of the newest request */
    pthread_t thread;
    struct proxy proxy;
};

static inline void tunnel_relay(int a, int b)
{
    char buffer[16384];
    struct pollfd both[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
    while (poll(both, 2, 20000) > 0) {
        for (int i = 0; i < 2; i++) {
            if (both[i].revents == 0)
                continue;
            ssize_t size = read(both[i].fd, buffer, sizeof(buffer));
            if (size <= 0 || write(both[!i].fd, buffer, (size_t)size) != size)
                return;
        }
    }
}

/* To the port that was asked for, on what `localhost` is first resolved to. */
static inline int tunnel_connect(const char *head)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *address;
    char host[300];
    int port = 0;
    if (sscanf(head, "CONNECT %299[^: ]:%d HTTP/1.1\r\n", host, &port) != 2)
        return -1;
    char service[16];
    snprintf(service, sizeof(service), "%d", port);
    if (getaddrinfo("localhost", service, &hints, &address) != 0)
        return -1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(address);
    return fd;
}

static inline void tunnel_serve(struct tunnel *tunnel, int fd)
{
    static const char *const answers[] = {
        [GOOD] = "HTTP/1.1 200 OK\r\nVia: here\r\nRetry-After: 7777\r\n\r\n",
        [SLOW] = "HTTP/1.0 200\r\nX: y\r\n\r\n",
        [REFUSING] = "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno",
        [WANTING] = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                    "Content-Length: 2\r\n\r\nno",
        [ELSEWHERE] = "HTTP/1.1 302 There\r\nLocation: http://127.0.0.1:1/\r\n"
                      "Content-Length: 0\r\n\r\n",
        [NONSENSE] = "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        [BEFORE] = "HTTP/1.1 200 OK\r\n\r\nand more",
        [TAMPERING] = "HTTP/1.1 200 OK\r\n\r\n",
    };
    const char *answer = answers[tunnel->manner];
    if (!tls_read_head(NULL, fd, tunnel->head, sizeof(tunnel->head)) || tunnel->manner == CLOSING)
        return;
    int other =
        tunnel->manner == GOOD || tunnel->manner == SLOW ? tunnel_connect(tunnel->head) : -1;
    size_t step = tunnel->manner == SLOW ? 1 : 1000;
    for (const char *at = answer; at != NULL && *at != '\0'; at += strnlen(at, step)) {
        tls_write(NULL, fd, at, strnlen(at, step));
        if (step == 1)
            usleep(1000);
    }
    while (tunnel->manner == ENDLESS && write(fd, "X: y\r\n", 6) == 6)
        ;
    if (other >= 0) {
        tunnel->tunnelled++;
        tunnel_relay(fd, other);
        close(other);
    } else if (tunnel->manner == TAMPERING) {
        SSL *ssl = SSL_new(tunnel->own->context);
        SSL_set_fd(ssl, fd);
        char byte;
        if (SSL_accept(ssl) == 1 && SSL_peek(ssl, &byte, 1) == 1)
            tunnel->own->shaken_hands++;
        SSL_free(ssl);
    } else {
        char byte; /* until the client goes */
        while (read(fd, &byte, 1) > 0)
            ;
    }
}

static inline void *tunnel_run(void *arg)
{
    struct tunnel *tunnel = arg;
    static const struct timeval patience = {.tv_sec = 20};
    for (;;) {
        int fd = accept(tunnel->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        tunnel->accepted++;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        tunnel_serve(tunnel, fd);
        close(fd);
    }
}

static inline void tunnel_start(struct tunnel *tunnel, enum manner manner)
{
    struct tls_server place; /* only for its listening */
    memset(tunnel, 0, sizeof(*tunnel));
    signal(SIGPIPE, SIG_IGN);
    tls_listen(&place);
    tunnel->listener = place.listener;
    tunnel->port = place.port;
    tunnel->manner = manner;
    tunnel->proxy = (struct proxy){.host = (char *)(uintptr_t) "localhost",
                                   .port = place.port,
                                   .no_proxy = (char *)(uintptr_t) "<-loopback>",
                                   .from = "a test"};
    assert_int_equal(pthread_create(&tunnel->thread, NULL, tunnel_run, tunnel), 0);
}

static inline void tunnel_stop(struct tunnel *tunnel)
{
    shutdown(tunnel->listener, SHUT_RDWR); /* wakes accept */
    pthread_join(tunnel->thread, NULL);
    close(tunnel->listener);
}

#endif
