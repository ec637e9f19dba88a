/* A TLS server in a thread, on a loopback address that `localhost` means, with a certificate made
 * for the occasion. */
#ifndef CPPO_TESTS_TLS_FIXTURE_H
#define CPPO_TESTS_TLS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <netdb.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct tls_server {
    char ca_file[64]; /* its certificate, which is its own authority */
    int listener;
    int port;
    SSL_CTX *context;        /* NULL: no TLS, ${serve} gets a NULL */
    atomic_int accepted;     /* connections */
    atomic_int shaken_hands; /* TLS with certificate accepted by the client */
    void (*serve)(SSL *ssl, int fd);
    pthread_t thread;
};

/* Certificate and key for the DNS name ${name}; the file that holds the certificate. */
static inline void tls_make_certificate(struct tls_server *server, const char *name)
{
    char alternative[80];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    snprintf(alternative, sizeof(alternative), "DNS:%s", name);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    const int kinds[] = {NID_basic_constraints, NID_subject_alt_name};
    const char *const values[] = {"critical,CA:TRUE", alternative};
    for (int i = 0; i < 2; i++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kinds[i], values[i]);
        assert_non_null(extension);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    server->context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(server->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
    snprintf(server->ca_file, sizeof(server->ca_file), "/tmp/cppo-test-XXXXXX");
    int fd = mkstemp(server->ca_file);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    PEM_write_X509(file, certificate);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* A listening socket on what `localhost` is first resolved to. */
static inline void tls_listen(struct tls_server *server)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *address;
    struct sockaddr_storage bound;
    socklen_t size = sizeof(bound);
    char service[16];
    assert_int_equal(getaddrinfo("localhost", NULL, &hints, &address), 0);
    server->listener = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, address->ai_addr, address->ai_addrlen), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    freeaddrinfo(address);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&bound, &size), 0);
    assert_int_equal(getnameinfo((struct sockaddr *)&bound, size, NULL, 0, service, sizeof(service),
                                 NI_NUMERICSERV),
                     0);
    server->port = atoi(service);
}

static inline void *tls_run(void *arg)
{
    struct tls_server *server = arg;
    static const struct timeval patience = {.tv_sec = 5};
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        server->accepted++;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        SSL *ssl = server->context != NULL ? SSL_new(server->context) : NULL;
        if (ssl != NULL)
            SSL_set_fd(ssl, fd);
        if (ssl == NULL || SSL_accept(ssl) == 1) {
            char byte; /* under TLS 1.3 the client's refusal comes after the server's success */
            if (ssl == NULL || SSL_peek(ssl, &byte, 1) == 1) {
                server->shaken_hands++;
                server->serve(ssl, fd);
            }
            if (ssl != NULL)
                SSL_shutdown(ssl);
        }
        SSL_free(ssl);
        close(fd);
    }
}

/* ${name} NULL: without TLS. */
static inline void tls_start(struct tls_server *server, const char *name,
                             void (*serve)(SSL *ssl, int fd))
{
    memset(server, 0, sizeof(*server));
    signal(SIGPIPE, SIG_IGN);
    if (name != NULL)
        tls_make_certificate(server, name);
    server->serve = serve;
    tls_listen(server);
    assert_int_equal(pthread_create(&server->thread, NULL, tls_run, server), 0);
}

static inline void tls_stop(struct tls_server *server)
{
    shutdown(server->listener, SHUT_RDWR); /* wakes accept */
    pthread_join(server->thread, NULL);
    close(server->listener);
    SSL_CTX_free(server->context);
    if (server->ca_file[0] != '\0')
        unlink(server->ca_file);
}

/* Read a request's head; false when it did not come whole. */
static inline bool tls_read_head(SSL *ssl, int fd, char *head, size_t capacity)
{
    size_t size = 0;
    while (size + 1 < capacity) {
        ssize_t got = ssl != NULL ? SSL_read(ssl, head + size, 1) : read(fd, head + size, 1);
        if (got != 1)
            return false;
        head[++size] = '\0';
        if (size >= 4 && strcmp(head + size - 4, "\r\n\r\n") == 0)
            return true;
    }
    return false;
}

static inline void tls_write(SSL *ssl, int fd, const void *bytes, size_t size)
{
    ssize_t put = ssl != NULL ? SSL_write(ssl, bytes, (int)size) : write(fd, bytes, size);
    (void)put;
}

#endif
