#include "tls_end.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { CHUNK = 16384, BACKLOG = 128, ENDS = 2, CLIENT = 0, SERVER = 1 };

struct tls_end {
    struct proxies *proxies;
    SSL_CTX *context;
    uv_tcp_t listener;
    struct stream *streams;
    int port, target;
};

struct stream {
    struct stream *next;
    struct tls_end *end;
    uv_tcp_t ends[ENDS];
    uv_connect_t connect;
    SSL *ssl;
    BIO *in, *out;
    bool gone;
    int open; /* handles */
};

struct write {
    uv_write_t request;
    char bytes[];
};

/* --- certificate --- */

static void fail(const char *what)
{
    fprintf(stderr, "TLS cannot be had: %s\n", what);
    exit(1);
}

static X509 *make_certificate(EVP_PKEY *key)
{
    static const int kinds[] = {NID_basic_constraints, NID_subject_alt_name};
    static const char *const values[] = {"critical,CA:TRUE", "DNS:localhost"};
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1,
                               -1, 0);
    X509_set_issuer_name(certificate, subject);
    for (int i = 0; i < 2; i++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kinds[i], values[i]);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    if (X509_sign(certificate, key, EVP_sha256()) <= 0)
        fail("the certificate");
    return certificate;
}

static SSL_CTX *make_context(const char *ca_file)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    FILE *file = fopen(ca_file, "we");
    if (file == NULL || PEM_write_X509(file, certificate) != 1 || fclose(file) != 0 ||
        SSL_CTX_use_certificate(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey(context, key) != 1)
        fail(ca_file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

/* --- the end of a stream --- */

static void on_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;
    if (--stream->open > 0)
        return;
    SSL_free(stream->ssl);
    free(stream);
}

static void go(struct stream *stream)
{
    struct stream **at = &stream->end->streams;
    if (stream->gone)
        return;
    stream->gone = true;
    while (*at != stream)
        at = &(*at)->next;
    *at = stream->next;
    for (int i = 0; i < ENDS; i++)
        uv_close((uv_handle_t *)&stream->ends[i], on_closed);
}

static void on_shut(uv_shutdown_t *request, int status)
{
    struct stream *stream = request->data;
    (void)status;
    go(stream); /* what was written before has gone */
    free(request);
}

static void go_when_written(struct stream *stream, int end)
{
    uv_shutdown_t *request = mem_new(1, sizeof(*request));
    request->data = stream;
    if (uv_shutdown(request, (uv_stream_t *)&stream->ends[end], on_shut) == 0)
        return;
    free(request);
    go(stream);
}

/* --- passing on --- */

static void on_written(uv_write_t *request, int status)
{
    (void)status;
    free(request);
}

static void put(struct stream *stream, int end, const char *bytes, size_t size)
{
    struct write *write = mem_new(1, sizeof(*write) + size);
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)size);
    memcpy(write->bytes, bytes, size);
    if (uv_write(&write->request, (uv_stream_t *)&stream->ends[end], &buffer, 1, on_written) != 0)
        free(write);
}

/* What TLS wants to say to the client. */
static void flush(struct stream *stream)
{
    char bytes[CHUNK];
    int size;
    while ((size = BIO_read(stream->out, bytes, sizeof(bytes))) > 0)
        put(stream, CLIENT, bytes, (size_t)size);
}

static void from_client(struct stream *stream, const char *bytes, size_t size)
{
    char plain[CHUNK];
    int got = 1;
    BIO_write(stream->in, bytes, (int)size);
    while ((got = SSL_read(stream->ssl, plain, sizeof(plain))) > 0)
        put(stream, SERVER, plain, (size_t)got);
    int error = SSL_get_error(stream->ssl, got);
    flush(stream);
    if (error != SSL_ERROR_WANT_READ)
        go_when_written(stream, CLIENT);
}

static void from_server(struct stream *stream, const char *bytes, size_t size)
{
    if (SSL_write(stream->ssl, bytes, (int)size) <= 0)
        go(stream);
    else
        flush(stream);
}

static void allocate(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle;
    (void)wanted;
    *buffer = uv_buf_init(mem_new(CHUNK, 1), CHUNK);
}

static void on_bytes(uv_stream_t *from, ssize_t count, const uv_buf_t *buffer)
{
    struct stream *stream = from->data;
    bool client = from == (uv_stream_t *)&stream->ends[CLIENT];
    if (count > 0 && client) {
        from_client(stream, buffer->base, (size_t)count);
    } else if (count > 0) {
        from_server(stream, buffer->base, (size_t)count);
    } else if (count == UV_EOF && !client) {
        SSL_shutdown(stream->ssl);
        flush(stream);
        go_when_written(stream, CLIENT);
    } else if (count < 0) {
        go(stream);
    }
    free(buffer->base);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct stream *stream = request->data;
    if (stream->gone)
        return;
    if (status != 0) {
        go(stream);
        return;
    }
    for (int i = 0; i < ENDS; i++) {
        uv_tcp_nodelay(&stream->ends[i], 1);
        uv_read_start((uv_stream_t *)&stream->ends[i], allocate, on_bytes);
    }
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct tls_end *end = listener->data;
    struct stream *stream = mem_new(1, sizeof(*stream));
    struct sockaddr_in server;
    stream->end = end;
    stream->next = end->streams;
    end->streams = stream;
    stream->ssl = SSL_new(end->context);
    stream->in = BIO_new(BIO_s_mem());
    stream->out = BIO_new(BIO_s_mem());
    SSL_set_bio(stream->ssl, stream->in, stream->out);
    SSL_set_accept_state(stream->ssl);
    for (int i = 0; i < ENDS; i++) {
        uv_tcp_init(listener->loop, &stream->ends[i]);
        stream->ends[i].data = stream;
        stream->open++;
    }
    stream->connect.data = stream;
    uv_ip4_addr("127.0.0.1", end->target, &server);
    if (status != 0 || uv_accept(listener, (uv_stream_t *)&stream->ends[CLIENT]) != 0 ||
        uv_tcp_connect(&stream->connect, &stream->ends[SERVER], (struct sockaddr *)&server,
                       on_connected) != 0)
        go(stream);
}

/* --- birth and death --- */

static void listen_here(void *ctx)
{
    struct tls_end *end = ctx;
    struct sockaddr_in address;
    int size = sizeof(address);
    uv_tcp_init(proxies_loop(end->proxies), &end->listener);
    end->listener.data = end;
    uv_ip4_addr("127.0.0.1", 0, &address);
    if (uv_tcp_bind(&end->listener, (struct sockaddr *)&address, 0) != 0 ||
        uv_listen((uv_stream_t *)&end->listener, BACKLOG, on_connection) != 0 ||
        uv_tcp_getsockname(&end->listener, (struct sockaddr *)&address, &size) != 0)
        fail("no port");
    end->port = ntohs(address.sin_port);
}

struct tls_end *tls_end_open(struct proxies *proxies, int target, const char *ca_file)
{
    struct tls_end *end = mem_new(1, sizeof(*end));
    end->proxies = proxies;
    end->target = target;
    end->context = make_context(ca_file);
    proxies_do(proxies, listen_here, end);
    return end;
}

int tls_end_port(const struct tls_end *end)
{
    return end->port;
}

static void on_end_closed(uv_handle_t *handle)
{
    struct tls_end *end = handle->data;
    SSL_CTX_free(end->context);
    free(end);
}

static void close_here(void *ctx)
{
    struct tls_end *end = ctx;
    while (end->streams != NULL)
        go(end->streams);
    uv_close((uv_handle_t *)&end->listener, on_end_closed);
}

void tls_end_close(struct tls_end *end)
{
    proxies_do(end->proxies, close_here, end);
}
