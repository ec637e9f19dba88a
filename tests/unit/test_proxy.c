/* Which proxy is used, for which hosts, and what it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/proxy.h"
#include "mem.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const variables[] = {"https_proxy",
                                        "HTTPS_PROXY",
                                        "all_proxy",
                                        "ALL_PROXY",
                                        "no_proxy",
                                        "NO_PROXY",
                                        "PROXY_PASSWORD",
                                        "http_proxy",
                                        "HTTP_PROXY",
                                        "PROXY_PASSWORD_FILE",
                                        "CREDENTIALS_DIRECTORY"};

static int clear(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    return 0;
}

static struct err err;

/* NULL: none, or an error. */
static struct proxy *read_proxy(const char *url, const char *no_proxy)
{
    struct config config = {.proxy_url = (char *)(uintptr_t)url,
                            .no_proxy = (char *)(uintptr_t)no_proxy};
    struct proxy *proxy = NULL;
    memset(&err, 0, sizeof(err));
    int result = proxy_open(&config, &proxy, &err);
    assert_int_equal(result != 0, err.text[0] != '\0');
    assert_true(result == 0 || proxy == NULL);
    return proxy;
}

static void expect_text(struct proxy *proxy, const char *wanted)
{
    if (proxy == NULL)
        fail_msg("none: %s", err.text);
    char *text = proxy_text(proxy);
    assert_string_equal(text, wanted);
    free(text);
    proxy_close(proxy);
}

/* --- which --- */

static void without_any_there_is_none(void **state)
{
    (void)state;
    assert_null(read_proxy("", ""));
    assert_string_equal(err.text, "");
    setenv("http_proxy", "http://plain:1", 1); /* for plain http, which never leaves the machine */
    setenv("HTTP_PROXY", "http://plain:1", 1);
    setenv("HTTPS_PROXY", "", 1);
    assert_null(read_proxy("", ""));
    assert_string_equal(err.text, "");
}

static void the_configuration_goes_before_the_variables(void **state)
{
    static const char *const order[] = {"ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"};
    (void)state;
    for (size_t i = 0; i < COUNT(order); i++) {
        char *url = text_format("http://host-%zu:8%zu", i, i);
        char *wanted = text_format("http://host-%zu:8%zu (%s)", i, i, order[i]);
        setenv(order[i], url, 1);
        expect_text(read_proxy("", ""), wanted);
        free(url);
        free(wanted);
    }
    expect_text(read_proxy("http://ours:3128", ""), "http://ours:3128 (proxy.url)");
    assert_null(read_proxy("none", ""));
    assert_string_equal(err.text, "");
}

static void addresses_are_read(void **state)
{
    static const char *const rows[][2] = {
        {"http://proxy.example:3128", "http://proxy.example:3128 (HTTPS_PROXY)"},
        {"HTTP://proxy.example:3128/", "http://proxy.example:3128 (HTTPS_PROXY)"},
        {"proxy:1", "http://proxy:1 (HTTPS_PROXY)"},
        {"http://192.0.2.7:65535", "http://192.0.2.7:65535 (HTTPS_PROXY)"},
        {"http://[2001:db8::7]:80", "http://[2001:db8::7]:80 (HTTPS_PROXY)"},
        {"http://deal-desk:pass%40word%3A@proxy:80/",
         "http://proxy:80, as user deal-desk (HTTPS_PROXY)"},
        {"a%5Cb:c@proxy:80", "http://proxy:80, as user a\\b (HTTPS_PROXY)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        setenv("HTTPS_PROXY", rows[i][0], 1);
        expect_text(read_proxy("", ""), rows[i][1]);
    }
}

static void what_cannot_be_used_is_refused_by_name(void **state)
{
    static const struct {
        const char *url, *why;
    } rows[] = {
        {"https://user:SECRET@proxy:443", "TLS proxy"},
        {"socks5h://SECRET:SECRET@proxy:1080", "not HTTP"},
        {"http://proxy", "http://host:port"}, /* curl says 1080, others 80 */
        {"http://proxy:", "http://host:port"},
        {"http://proxy:0", "http://host:port"},
        {"http://proxy:65536", "http://host:port"},
        {"http://proxy:80x", "http://host:port"},
        {"http://:80", "http://host:port"},
        {"http://proxy:80/SECRET", "http://host:port"},
        {"http://proxy:80?SECRET", "http://host:port"},
        {"http://u:SECRET%zz@proxy:80", "http://host:port"},
        {"http://u:SECRET%0d%0aX: y@proxy:80", "http://host:port"},
        {"http://u%3Av:SECRET@proxy:80", "http://host:port"},
        {"http://:SECRET@proxy:80", "http://host:port"},
        {"http://pro xy:80", "http://host:port"},
        {"http://2001:db8::7:80", "http://host:port"},
        {"http://[2001:db8::7]", "http://host:port"},
        {"http://[2001:db8::7:80", "http://host:port"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        setenv("HTTPS_PROXY", rows[i].url, 1);
        if (read_proxy("", "") != NULL)
            fail_msg("%s is taken", rows[i].url);
        if (strstr(err.text, rows[i].why) == NULL || strstr(err.text, "HTTPS_PROXY") == NULL ||
            strstr(err.text, "SECRET") != NULL)
            fail_msg("%s: %s", rows[i].url, err.text);
    }
}

/* --- its password --- */

static void expect_password(struct proxy *proxy, const char *wanted)
{
    if (proxy == NULL)
        fail_msg("none: %s", err.text);
    assert_string_equal(proxy->password, wanted);
    char *text = proxy_text(proxy);
    assert_null(strstr(text, wanted));
    free(text);
    proxy_close(proxy);
}

static void the_password_is_a_secret(void **state)
{
    char file[] = "/tmp/cppo-proxy-XXXXXX";
    (void)state;
    setenv("HTTPS_PROXY", "http://desk:pass%40word@proxy:80", 1);
    expect_password(read_proxy("", ""), "pass@word");
    setenv("HTTPS_PROXY", "http://desk:@proxy:80", 1); /* an empty one is one */
    proxy_close(read_proxy("", ""));
    assert_string_equal(err.text, "");
    assert_null(read_proxy("http://desk:SECRET@proxy:80", ""));
    assert_non_null(strstr(err.text, "PROXY_PASSWORD"));
    assert_null(strstr(err.text, "SECRET"));
    assert_null(read_proxy("http://desk@proxy:80", ""));
    assert_non_null(strstr(err.text, "PROXY_PASSWORD"));
    setenv("PROXY_PASSWORD", "of the environment", 1);
    expect_password(read_proxy("http://desk@proxy:80", ""), "of the environment");
    unsetenv("PROXY_PASSWORD");
    int fd = mkstemp(file);
    assert_int_equal(write(fd, "of a file\n", 10), 10);
    close(fd);
    setenv("PROXY_PASSWORD_FILE", file, 1);
    expect_password(read_proxy("http://desk@proxy:80", ""), "of a file");
    chmod(file, 0644);
    assert_null(read_proxy("http://desk@proxy:80", ""));
    unlink(file);
}

/* --- for whom --- */

static void expect_direct(const char *no_proxy, const char *host, bool direct)
{
    struct proxy *proxy = read_proxy("http://proxy:80", no_proxy);
    assert_non_null(proxy);
    if ((proxy_for(proxy, host) == NULL) != direct)
        fail_msg("no_proxy “%s”: %s goes %s", no_proxy, host, direct ? "by proxy" : "directly");
    proxy_close(proxy);
}

static void no_proxy_is_matched_as_curl_does(void **state)
{
    static const struct {
        const char *no_proxy, *host;
        bool direct;
    } rows[] = {
        {"", "slack.com", false},
        {"*", "slack.com", true},
        {"*, a", "slack.com", false}, /* alone only */
        {"slack.com", "slack.com", true},
        {"slack.com", "SLACK.com", true},
        {"slack.com.", "slack.com", true},
        {"slack.com", "slack.com.", true},
        {".slack.com", "slack.com", true},
        {".slack.com", "wss-primary.slack.com", true},
        {"slack.com", "wss-primary.slack.com", true},
        {"slack.com", "notslack.com", false},
        {"slack.com", "slack.com.evil.example", false},
        {"lack.com", "slack.com", false},
        {"a.example b.example,  slack.com", "slack.com", true},
        {"a.example,b.example", "slack.com", false},
        {"amazonaws.com", "sts.us-east-1.amazonaws.com", true},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.10", false},
        {"2.1", "192.0.2.1", false},
        {"192.0.2.0/24", "192.0.2.200", true},
        {"192.0.2.0/24", "192.0.3.1", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"0.0.0.0/0", "198.51.100.1", true},
        {"0.0.0.0/0", "slack.com", false},
        {"192.0.2.0/33", "192.0.2.1", false},
        {"192.0.2.0/x", "192.0.2.0", false},
        {"192.0.2.0/", "192.0.2.0", false},
        {"2001:db8::/32", "[2001:db8:1::1]", true},
        {"2001:db8::/32", "[2001:db9::1]", false},
        {"[2001:db8::1]", "[2001:DB8:0::1]", true},
        {"2001:db8::1", "2001:db8::2", false},
        {"slack.com/8", "slack.com", false},
        {".", "slack.com", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_direct(rows[i].no_proxy, rows[i].host, rows[i].direct);
    setenv("NO_PROXY", "of.variable", 1);
    expect_direct("", "of.variable", true);
    expect_direct("other", "of.variable", false); /* the configuration's counts */
    setenv("no_proxy", "small.letters", 1);
    expect_direct("", "of.variable", false);
    expect_direct("", "small.letters", true);
}

static void this_machine_is_gone_to_directly_unless_named(void **state)
{
    static const char *const hosts[] = {"localhost", "LOCALHOST", "x.localhost", "127.0.0.1",
                                        "127.9.9.9", "[::1]",     "::1",         "localhost."};
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        expect_direct("", hosts[i], true);
        expect_direct("<-loopback>", hosts[i], false);
    }
    expect_direct("<-loopback>, localhost", "localhost", true);
    expect_direct("", "128.0.0.1", false);
    expect_direct("", "localhost.evil.example", false);
    expect_direct("", "notlocalhost", false);
}

/* Their answers are keys: no other machine is to see the question, whatever anybody configures. */
static void what_gives_credentials_is_never_asked_by_proxy(void **state)
{
    static const char *const hosts[] = {"169.254.169.254", "169.254.170.2",   "169.254.170.23",
                                        "169.254.1.1",     "[fd00:ec2::254]", "[fd00:ec2::23]",
                                        "fd00:ec2::254",   "[FD00:0EC2::254]"};
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        expect_direct("", hosts[i], true);
        expect_direct("<-loopback>", hosts[i], true);
    }
    expect_direct("", "169.253.169.254", false);
}

/* --- what it is told --- */

static void expect_request(const char *url, const char *host, const char *wanted)
{
    setenv("HTTPS_PROXY", url, 1);
    struct proxy *proxy = read_proxy("", "");
    assert_non_null(proxy);
    char *request = proxy_request(proxy, host, 443);
    assert_string_equal(request, wanted);
    mem_wipe_free(request);
    proxy_close(proxy);
}

static void the_request(void **state)
{
    (void)state;
    expect_request("proxy:80", "slack.com",
                   "CONNECT slack.com:443 HTTP/1.1\r\nHost: slack.com:443\r\n"
                   "User-Agent: cppo-bot\r\n\r\n");
    expect_request("proxy:80", "2001:db8::1",
                   "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n"
                   "User-Agent: cppo-bot\r\n\r\n");
    static const char *const users[][2] = {
        {"Aladdin:open%20sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, /* RFC 7617 */
        {"ab:c", "YWI6Yw=="},
        {"ab:cd", "YWI6Y2Q="},
        {"ab:cde", "YWI6Y2Rl"},
        {"%FF%FE:%C3%BC", "//46w7w="},
    };
    for (size_t i = 0; i < COUNT(users); i++) {
        char *url = text_format("%s@proxy:80", users[i][0]);
        char *wanted =
            text_format("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nUser-Agent: cppo-bot\r\n"
                        "Proxy-Authorization: Basic %s\r\n\r\n",
                        users[i][1]);
        expect_request(url, "h", wanted);
        free(url);
        free(wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_any_there_is_none, clear),
        cmocka_unit_test_setup(the_configuration_goes_before_the_variables, clear),
        cmocka_unit_test_setup(addresses_are_read, clear),
        cmocka_unit_test_setup(what_cannot_be_used_is_refused_by_name, clear),
        cmocka_unit_test_setup(the_password_is_a_secret, clear),
        cmocka_unit_test_setup(no_proxy_is_matched_as_curl_does, clear),
        cmocka_unit_test_setup(this_machine_is_gone_to_directly_unless_named, clear),
        cmocka_unit_test_setup(what_gives_credentials_is_never_asked_by_proxy, clear),
        cmocka_unit_test_setup(the_request, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
