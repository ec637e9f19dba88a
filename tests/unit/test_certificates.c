/* Certificates that must not be trusted, by HTTP and by WebSockets alike: each is made for the
 * occasion, below an authority that both trust, and is wrong in one way. */
#include "websocket_fixture.h"

#include "io/http.h"

struct bad {
    const char *what;
    const char *names;       /* subjectAltName */
    long from, until;        /* seconds from now */
    const char *usage;       /* extendedKeyUsage */
    const char *root;        /* basicConstraints of the authority */
    const char *constraints; /* nameConstraints of the authority, or NULL */
    int bits;                /* of an RSA key; 0: P-256 */
    bool sha1, itself, stranger, truncated, old_tls, good;
};

#define USUAL                                                                                      \
    .names = "DNS:localhost", .from = -3600, .until = 3600, .usage = "serverAuth",                 \
    .root = "critical,CA:TRUE"

/* What is wrong is named last and overrides what is usual. */
static const struct bad rows[] = {
    {USUAL, .what = "nothing is wrong", .good = true},
    {USUAL, .what = "self-signed", .itself = true},
    {USUAL, .what = "of an unknown authority that has the known one's name", .stranger = true},
    {USUAL, .what = "its intermediate is not sent", .truncated = true},
    {USUAL, .what = "signed with SHA-1", .sha1 = true},
    {USUAL, .what = "an RSA key of 1024 bits", .bits = 1024},
    {USUAL, .what = "names that its authority may not vouch for",
     .constraints = "permitted;DNS:example.com"},
    {USUAL, .what = "TLS 1.1", .old_tls = true},
    {"expired", "DNS:localhost", -7200, -60, "serverAuth", "critical,CA:TRUE", .bits = 0},
    {"not yet valid", "DNS:localhost", 600, 7200, "serverAuth", "critical,CA:TRUE", .bits = 0},
    {"for another host", "DNS:slack.com", -60, 600, "serverAuth", "critical,CA:TRUE", .bits = 0},
    {"a wildcard", "DNS:*.localhost", -60, 600, "serverAuth", "critical,CA:TRUE", .bits = 0},
    {"for an address", "IP:127.0.0.1", -60, 600, "serverAuth", "critical,CA:TRUE", .bits = 0},
    {"for clients", "DNS:localhost", -60, 600, "clientAuth", "critical,CA:TRUE", .bits = 0},
    {"its authority is none", "DNS:localhost", -60, 600, "serverAuth", "CA:FALSE", .bits = 0},
};

/* --- making them --- */

static void extend(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = value != NULL ? X509V3_EXT_conf_nid(NULL, NULL, kind, value) : NULL;
    if (extension != NULL)
        X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/* Without extensions and signature. */
static X509 *bare(const char *name, X509 *issuer, EVP_PKEY *key, long from, long until)
{
    static long serial;
    X509 *made = X509_new();
    X509_NAME *subject = X509_get_subject_name(made);
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), from);
    X509_gmtime_adj(X509_getm_notAfter(made), until);
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made, issuer != NULL ? X509_get_subject_name(issuer) : subject);
    return made;
}

static X509 *authority(const char *name, X509 *issuer, EVP_PKEY *key, EVP_PKEY *signer,
                       const struct bad *bad)
{
    X509 *made = bare(name, issuer, key, -3600, 3600);
    extend(made, NID_basic_constraints, issuer != NULL ? "critical,CA:TRUE" : bad->root);
    extend(made, NID_name_constraints, issuer != NULL ? NULL : bad->constraints);
    assert_true(X509_sign(made, signer, EVP_sha256()) > 0);
    return made;
}

static void trust(struct tls_server *server, X509 *root)
{
    snprintf(server->ca_file, sizeof(server->ca_file), "/tmp/cppo-test-XXXXXX");
    int fd = mkstemp(server->ca_file);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    PEM_write_X509(file, root);
    fclose(file);
}

/* Root, intermediate, and the server's own. */
static void make(struct tls_server *server, const struct bad *bad)
{
    EVP_PKEY *root_key = EVP_EC_gen("P-256");
    EVP_PKEY *other_key = EVP_EC_gen("P-256");
    EVP_PKEY *middle_key = EVP_EC_gen("P-256");
    EVP_PKEY *key = bad->bits > 0 ? EVP_RSA_gen((unsigned)bad->bits) : EVP_EC_gen("P-256");
    X509 *root = authority("Root", NULL, root_key, root_key, bad);
    X509 *middle = authority("Middle", root, middle_key, bad->stranger ? other_key : root_key, bad);
    X509 *own = bare("localhost", bad->itself ? NULL : middle, key, bad->from, bad->until);
    extend(own, NID_subject_alt_name, bad->names);
    extend(own, NID_ext_key_usage, bad->usage);
    assert_true(
        X509_sign(own, bad->itself ? key : middle_key, bad->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
    trust(server, root);
    server->context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(server->context, 0); /* the server does not mind */
    if (bad->old_tls)
        SSL_CTX_set_max_proto_version(server->context, TLS1_1_VERSION);
    assert_int_equal(SSL_CTX_use_certificate(server->context, own), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
    if (!bad->truncated)
        assert_int_equal(SSL_CTX_add1_chain_cert(server->context, middle), 1);
    X509_free(own);
    X509_free(middle);
    X509_free(root);
    EVP_PKEY_free(key);
    EVP_PKEY_free(middle_key);
    EVP_PKEY_free(other_key);
    EVP_PKEY_free(root_key);
}

static void start(struct tls_server *server, const struct bad *bad, void (*serve)(SSL *, int))
{
    memset(server, 0, sizeof(*server));
    signal(SIGPIPE, SIG_IGN);
    make(server, bad);
    server->serve = serve;
    tls_listen(server);
    assert_int_equal(pthread_create(&server->thread, NULL, tls_run, server), 0);
}

/* --- the two that meet them --- */

static int status;
static bool done, sent;

static void on_done(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    done = true;
    status = reply->status;
    sent = reply->sent;
}

static void serve_http(SSL *ssl, int fd)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    char head[2000];
    if (tls_read_head(ssl, fd, head, sizeof(head)))
        tls_write(ssl, fd, answer, sizeof(answer) - 1);
}

static void http_refuses_each(void **state)
{
    static const char *const no_headers[] = {NULL};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tls_server server;
        struct err err;
        char url[60];
        start(&server, &rows[i], serve_http);
        snprintf(url, sizeof(url), "https://localhost:%d/", server.port);
        struct http_request request = {.method = "GET",
                                       .url = url,
                                       .headers = no_headers,
                                       .timeout_ms = 5000,
                                       .max_reply = 1000};
        done = sent = false;
        uv_loop_init(&loop);
        struct http *http = http_open(&loop, server.ca_file, &err);
        assert_non_null(http);
        http_send(http, &request, on_done, NULL);
        while (!done)
            uv_run(&loop, UV_RUN_ONCE);
        http_close(http);
        uv_run(&loop, UV_RUN_DEFAULT);
        assert_int_equal(uv_loop_close(&loop), 0);
        tls_stop(&server);
        if ((status == 200) != rows[i].good || sent != rows[i].good ||
            server.shaken_hands != rows[i].good || server.accepted != 1)
            fail_msg("%s: status %d", rows[i].what, status);
    }
}

static void serve_websocket(SSL *ssl, int fd)
{
    if (shake_hands(ssl, fd, "101 Switching Protocols"))
        put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
}

static void websockets_refuse_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct tls_server server;
        forget();
        start(&server, &rows[i], serve_websocket);
        live_with(&server, server.ca_file);
        tls_stop(&server);
        if (got.ups != rows[i].good || server.shaken_hands != rows[i].good || server.accepted != 1)
            fail_msg("%s: up %d times, %s", rows[i].what, got.ups, got.why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(http_refuses_each), TEST(websockets_refuse_each)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
