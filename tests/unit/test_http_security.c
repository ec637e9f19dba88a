/* Whom HTTP trusts: certificates, names, and where plain http may go. */
#include "tls_fixture.h"

#include "io/http.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- TLS --- */

static struct {
    int times, status;
    bool sent;
    char error[300];
} got;

static void on_done(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    got.times++;
    got.status = reply->status;
    got.sent = reply->sent;
    text_fit(got.error, sizeof(got.error), reply->status == 0 ? reply->error : "");
}

static void serve(SSL *ssl, int fd)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    char head[2000];
    if (tls_read_head(ssl, fd, head, sizeof(head)))
        tls_write(ssl, fd, answer, sizeof(answer) - 1);
}

static void get(const char *host, int port, const char *ca_file)
{
    static const char *const no_headers[] = {NULL};
    uv_loop_t loop;
    struct err err;
    char url[100];
    snprintf(url, sizeof(url), "https://%s:%d/", host, port);
    struct http_request request = {.method = "GET",
                                   .url = url,
                                   .headers = no_headers,
                                   .timeout_ms = 5000,
                                   .max_reply = 1000,
                                   .plain = HTTP_PLAIN_LOOPBACK | HTTP_PLAIN_CREDENTIALS};
    memset(&got, 0, sizeof(got));
    uv_loop_init(&loop);
    struct http *http = http_open(&loop, ca_file, &err);
    assert_non_null(http);
    http_send(http, &request, on_done, NULL);
    while (got.times == 0)
        uv_run(&loop, UV_RUN_ONCE);
    http_close(http);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(got.times, 1);
}

static void expect_refused(const struct tls_server *server)
{
    assert_int_equal(got.status, 0);
    assert_false(got.sent); /* no request was told to the wrong one */
    assert_string_not_equal(got.error, "");
    assert_int_equal(server->shaken_hands, 0);
}

static void a_known_authority_is_trusted(void **state)
{
    (void)state;
    struct tls_server server;
    tls_start(&server, "localhost", serve);
    get("localhost", server.port, server.ca_file);
    if (got.status != 200)
        fail_msg("%s", got.error);
    assert_true(got.sent);
    assert_int_equal(server.shaken_hands, 1);
    tls_stop(&server);
}

static void an_unknown_authority_is_refused(void **state)
{
    (void)state;
    struct tls_server server, another;
    tls_start(&server, "localhost", serve);
    get("localhost", server.port, "");
    expect_refused(&server);
    tls_start(&another, "localhost", serve); /* same name, other key */
    get("localhost", server.port, another.ca_file);
    expect_refused(&server);
    tls_stop(&another);
    tls_stop(&server);
}

/* Refused by name before anything is asked: each call would fail for another reason, it seems. */
static void authorities_that_are_not_there_are_named(void **state)
{
    static const char *const files[] = {"/tmp/cppo-test-no-such-file.pem", "/tmp", "/dev/null"};
    uv_loop_t loop;
    (void)state;
    uv_loop_init(&loop);
    for (size_t i = 0; i < COUNT(files); i++) {
        struct err err = {.text = ""};
        assert_null(http_open(&loop, files[i], &err));
        assert_non_null(strstr(err.text, "tls.ca_file"));
        assert_non_null(strstr(err.text, files[i]));
    }
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"slack.com", "localhost.evil.example", "*.localhost",
                                        "127.0.0.1"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct tls_server server;
        tls_start(&server, names[i], serve);
        get("localhost", server.port, server.ca_file);
        expect_refused(&server);
        assert_int_equal(server.accepted, 1);
        tls_stop(&server);
    }
}

static void a_plain_server_is_no_tls_server(void **state)
{
    (void)state;
    struct tls_server server;
    tls_start(&server, NULL, serve);
    get("localhost", server.port, "");
    assert_int_equal(got.status, 0);
    assert_false(got.sent);
    tls_stop(&server);
}

/* --- plain http --- */

static void plain_http_goes_to_few_hosts(void **state)
{
    (void)state;
    enum { NOWHERE, LOOP = HTTP_PLAIN_LOOPBACK, KEYS = HTTP_PLAIN_CREDENTIALS };
    static const struct {
        const char *url;
        unsigned with; /* the one flag that allows it */
    } rows[] = {
        {"http://127.0.0.1/", LOOP},
        {"http://127.0.0.1:8080/x?y#z", LOOP},
        {"http://127.9.9.9/", LOOP},
        {"http://127.255.255.255", LOOP},
        {"http://localhost", LOOP},
        {"http://LocalHost:1/", LOOP},
        {"http://[::1]:80/", LOOP},
        {"ws://127.0.0.1:1/?ticket=1", LOOP},
        {"ws://localhost/", LOOP},
        {"ws://evil.example/", NOWHERE},
        {"http://169.254.169.254/latest/meta-data/", KEYS},
        {"http://169.254.170.2/v2/credentials", KEYS},
        {"http://169.254.170.23/v1/credentials", KEYS},
        {"http://[fd00:ec2::254]/", KEYS},
        {"http://[fd00:ec2::23]:80/v1", KEYS},
        {"http://169.254.169.253/", NOWHERE},
        {"http://169.254.170.2.evil.example/", NOWHERE},
        {"http://[fd00:ec2::25]/", NOWHERE},
        {"http://127.0.0.1.evil.com/", NOWHERE},
        {"http://localhost.evil.com/", NOWHERE},
        {"http://notlocalhost/", NOWHERE},
        {"http://128.0.0.1/", NOWHERE},
        {"http://126.255.255.255/", NOWHERE},
        {"http://0.0.0.0/", NOWHERE},
        {"http://10.0.0.1/", NOWHERE},
        {"http://[::2]/", NOWHERE},
        {"http://[::]/", NOWHERE},
        {"http://127.0.0.1@evil.com/", NOWHERE},
        {"http://localhost:80@evil.com/", NOWHERE},
        {"http://u:p@localhost@evil.com/", NOWHERE},
        {"http://evil.com#@127.0.0.1/", NOWHERE},
        {"http://evil.com/127.0.0.1", NOWHERE},
        {"http://evil.com?127.0.0.1", NOWHERE},
        {"http://evil.com\\@127.0.0.1/", LOOP}, /* so libcurl reads it, and goes there */
        {"http://user@127.0.0.1/", LOOP},       /* it is that host */
        {"http://", NOWHERE},
        {"", NOWHERE},
        {"127.0.0.1 ", NOWHERE},
        {"http://127.0.0.1:99999/", NOWHERE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (unsigned flags = 0; flags <= (LOOP | KEYS); flags++) {
            if (http_plain_allowed(rows[i].url, flags) != ((flags & rows[i].with) != 0))
                fail_msg("%s with %u", rows[i].url, flags);
        }
    }
}

/* --- dates --- */

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Thu, 29 Feb 2024 23:59:59 GMT", 1709251199},
        {"Fri, 01 Jan 2100 00:00:00 GMT", 4102444800},
        {"", -1},
        {"120", -1}, /* of Retry-After */
        {"20240101", -1},
        {"Sun, 06 Nov 1994", -1},
        {"Sun, 06 Nov 1994 08:49:37 +0500", -1},
        {"Sun, 31 Feb 2024 08:49:37 GMT", -1},
        {"7", -1},
        {"soon", -1},
        {"-1", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (http_date(rows[i].text) != rows[i].seconds)
            fail_msg("%s: %lld", rows[i].text, (long long)http_date(rows[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_authority_is_trusted),
        cmocka_unit_test(an_unknown_authority_is_refused),
        cmocka_unit_test(authorities_that_are_not_there_are_named),
        cmocka_unit_test(a_certificate_for_another_name_is_refused),
        cmocka_unit_test(a_plain_server_is_no_tls_server),
        cmocka_unit_test(plain_http_goes_to_few_hosts),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
