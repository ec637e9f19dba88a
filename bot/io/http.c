#include "io/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "log.h"
#include "mem.h"
#include "text.h"

enum {
    CONNECT_MS = 5000,
    MAX_HEADERS = 64 * 1024,
    MAX_CONNECTIONS = 64,
    MOMENT_S = 5, /* a connection that was not in use for longer carries nothing that must not
                     arrive twice */
};

struct http {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_idle_t replies; /* wait to be passed on: the loop does not sleep */
    int handles;       /* of these two, still open */
    char *ca_file;
    const struct proxy *proxy; /* NULL: none */
    struct http_call *calls;   /* all that are under way */
    bool closing;
};

/* One socket that curl watches. */
struct poll_handle {
    uv_poll_t poll;
    struct http *http;
    curl_socket_t fd;
};

struct http_call {
    struct http *http;
    CURL *easy;
    struct curl_slist *lines;
    char *url;
    char *body;
    size_t body_size;
    size_t handed; /* of it, piece by piece */
    struct text reply;
    struct text headers; /* "Name: value" lines */
    size_t max_reply;
    bool too_large;
    char why[CURL_ERROR_SIZE];
    http_done_fn *done;
    void *ctx;
    struct http_call *next;
    struct http_call **link;
};

/* --- which hosts may be spoken to in plain --- */

static bool is_one_of(const char *host, const char *const *hosts)
{
    while (*hosts != NULL && strcasecmp(host, *hosts) != 0)
        hosts++;
    return *hosts != NULL;
}

static bool is_loopback(const char *host)
{
    struct in_addr address;
    static const char *const names[] = {"localhost", "[::1]", NULL};
    if (uv_inet_pton(AF_INET, host, &address) == 0)
        return (ntohl(address.s_addr) >> 24) == 127;
    return is_one_of(host, names);
}

/* The host of a URL, NULL when it is not one; for curl_free. */
static char *host_of(const char *url)
{
    CURLU *parsed = curl_url();
    char *host = NULL;
    if (curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
        (void)curl_url_get(parsed, CURLUPART_HOST, &host, 0);
    curl_url_cleanup(parsed);
    return host;
}

bool http_plain_allowed(const char *url, unsigned plain)
{
    static const char *const credentials[] = {"169.254.169.254", "169.254.170.2",  "169.254.170.23",
                                              "[fd00:ec2::254]", "[fd00:ec2::23]", NULL};
    char *host = host_of(url);
    bool allowed =
        host != NULL && (((plain & HTTP_PLAIN_LOOPBACK) && is_loopback(host)) ||
                         ((plain & HTTP_PLAIN_CREDENTIALS) && is_one_of(host, credentials)));
    curl_free(host);
    return allowed;
}

/* --- the end of a call --- */

/* Out of the list; once more does no harm. */
static void unlink_call(struct http_call *call)
{
    *call->link = call->next;
    if (call->next != NULL)
        call->next->link = call->link;
    call->next = NULL;
    call->link = &call->next;
}

static void call_free(struct http_call *call)
{
    assert(call->link == &call->next); /* nobody finds it any more */
    curl_multi_remove_handle(call->http->multi, call->easy);
    curl_easy_cleanup(call->easy);
    for (struct curl_slist *line = call->lines; line != NULL; line = line->next)
        explicit_bzero(line->data, strlen(line->data)); /* tokens and signatures */
    curl_slist_free_all(call->lines);
    free(call->url);
    mem_wipe_free(call->body);
    if (call->reply.bytes != NULL)
        explicit_bzero(call->reply.bytes, call->reply.size); /* it may have held keys */
    text_free(&call->reply);
    text_free(&call->headers);
    free(call);
}

/* Errors after which it is certain that nothing was sent. */
static bool never_left(CURLcode code)
{
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return true;
    default:
        return false;
    }
}

/* Lines become strings of their own. */
static void cut_into_lines(struct text *headers)
{
    for (size_t at = 0; at < headers->size; at++) {
        if (headers->bytes[at] == '\r' || headers->bytes[at] == '\n')
            headers->bytes[at] = '\0';
    }
}

static void finish(struct http_call *call, CURLcode code)
{
    long status = 0;
    long tunnel = 0; /* a proxy's answer to CONNECT */
    curl_off_t connected = 0;
    http_done_fn *done = call->done;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    curl_easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    bool refused = code != CURLE_OK && tunnel >= 300;
    struct http_reply reply = {
        .status = code == CURLE_OK ? (int)status : 0,
        .sent = code == CURLE_OK || call->handed > 0 ||
                (!refused && !never_left(code) && connected > 0),
        .error = call->too_large        ? "the answer is too large"
                 : refused              ? proxy_refusal((int)tunnel)
                 : call->why[0] != '\0' ? call->why
                                        : curl_easy_strerror(code),
        .body = text_get(&call->reply),
        .size = call->reply.size,
        .headers = &call->headers,
    };
    cut_into_lines(&call->headers);
    unlink_call(call); /* before the callback: it may start others */
    done(call->ctx, &reply);
    call_free(call);
}

/* --- replies --- */

/* One in each round of the loop, after whatever else has come: whoever clicks meanwhile waits for
 * no more of them. */
static void on_replies(uv_idle_t *replies)
{
    struct http *http = replies->data;
    int left = 0;
    CURLMsg *message = http->closing ? NULL : curl_multi_info_read(http->multi, &left);
    if (message != NULL && message->msg == CURLMSG_DONE) {
        struct http_call *call;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        finish(call, code);
    }
    if (left == 0)
        uv_idle_stop(replies);
}

/* --- curl on libuv --- */

static void on_timer(uv_timer_t *timer)
{
    struct http *http = timer->data;
    int running;
    curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    uv_idle_start(&http->replies, on_replies);
}

static int on_curl_timer(CURLM *multi, long ms, void *ctx)
{
    struct http *http = ctx;
    (void)multi;
    if (http->closing)
        return 0;
    if (ms < 0)
        uv_timer_stop(&http->timer);
    else
        uv_timer_start(&http->timer, on_timer, (uint64_t)ms, 0);
    return 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct poll_handle *handle = poll->data;
    struct http *http = handle->http;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    int running;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    curl_multi_socket_action(http->multi, handle->fd, flags, &running);
    uv_idle_start(&http->replies, on_replies);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* NULL, and libuv's reason, when it cannot be watched. */
static struct poll_handle *poll_handle_new(struct http *http, curl_socket_t fd, int *status)
{
    struct poll_handle *handle = mem_new(1, sizeof(*handle));
    handle->http = http;
    handle->fd = fd;
    *status = uv_poll_init_socket(http->loop, &handle->poll, fd);
    if (*status != 0) {
        free(handle);
        return NULL;
    }
    handle->poll.data = handle;
    curl_multi_assign(http->multi, fd, handle);
    return handle;
}

static int on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *mine)
{
    struct http *http = ctx;
    struct poll_handle *handle = mine;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (handle != NULL) {
            uv_poll_stop(&handle->poll);
            uv_close((uv_handle_t *)&handle->poll, on_poll_closed);
            curl_multi_assign(http->multi, fd, NULL);
        }
        return 0;
    }
    if (http->closing)
        return 0;
    int status = 0;
    if (handle == NULL)
        handle = poll_handle_new(http, fd, &status);
    int events =
        (what != CURL_POLL_OUT ? UV_READABLE : 0) | (what != CURL_POLL_IN ? UV_WRITABLE : 0);
    /* An error from here would end curl's part in every call, those to come included; a call whose
     * socket nobody watches ends by its deadline. */
    if (handle != NULL)
        status = uv_poll_start(&handle->poll, events, on_poll);
    if (status != 0)
        log_warn("socket poll failed", F_INT("socket", fd), F_TEXT("why", uv_strerror(status)));
    return 0;
}

/* --- a call --- */

/* Each byte once. */
static size_t on_read(char *into, size_t one, size_t capacity, void *ctx)
{
    struct http_call *call = ctx;
    size_t left = call->body_size - call->handed;
    size_t size = left < one * capacity ? left : one * capacity;
    if (left == 0)
        return CURL_READFUNC_ABORT;
    memcpy(into, call->body + call->handed, size);
    call->handed += size;
    return size;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *ctx)
{
    struct http_call *call = ctx;
    (void)one;
    if (call->reply.size + size > call->max_reply) {
        call->too_large = true;
        return 0;
    }
    text_add_bytes(&call->reply, bytes, size);
    return size;
}

static size_t on_header(char *bytes, size_t one, size_t size, void *ctx)
{
    struct http_call *call = ctx;
    (void)one;
    if (call->headers.size + size > MAX_HEADERS) {
        call->too_large = true;
        return 0;
    }
    text_add_bytes(&call->headers, bytes, size);
    return size;
}

const char *http_reply_header(const struct http_reply *reply, const char *name)
{
    const struct text *headers = reply->headers;
    size_t size = strlen(name);
    for (size_t at = 0; at < headers->size; at += strlen(headers->bytes + at) + 1) {
        const char *line = headers->bytes + at;
        if (strncasecmp(line, name, size) == 0 && line[size] == ':')
            return line + size + 1 + strspn(line + size + 1, " \t");
    }
    return NULL;
}

int64_t http_date(const char *text)
{
    static const char *const formats[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                          "%a %b %e %H:%M:%S %Y"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct tm utc = {0};
        const char *end = strptime(text, formats[i], &utc);
        struct tm same = utc;
        int64_t seconds = end != NULL && *end == '\0' ? timegm(&same) : -1;
        if (seconds >= 0 && same.tm_mday == utc.tm_mday) /* a day that exists */
            return seconds;
    }
    return -1;
}

/* Where it goes through a proxy, all of it does so by CONNECT: the proxy gets none of our headers,
 * and ours are not mixed with its. "": none, whatever the environment says. */
static void set_proxy(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    char *host = host_of(request->url);
    const struct proxy *via = NULL;
    if ((request->plain & HTTP_PLAIN_CREDENTIALS) == 0 && host != NULL)
        via = proxy_for(call->http->proxy, host);
    curl_free(host);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    if (via == NULL)
        return;
    bool six = strchr(via->host, ':') != NULL;
    char *url =
        text_format("http://%s%s%s:%d", six ? "[" : "", via->host, six ? "]" : "", via->port);
    curl_easy_setopt(easy, CURLOPT_PROXY, url);
    curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    if (via->user != NULL) {
        curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, via->user);
        curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, via->password);
    }
    free(url);
}

static void set_security(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    bool plain = strncasecmp(request->url, "http:", 5) == 0 &&
                 http_plain_allowed(request->url, request->plain);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (*call->http->ca_file != '\0') {
        curl_easy_setopt(easy, CURLOPT_CAINFO, call->http->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    set_proxy(call, request);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

static void set_request(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    for (const char *const *line = request->headers; *line != NULL; line++)
        call->lines = curl_slist_append(call->lines, *line);
    call->lines = curl_slist_append(call->lines, "Expect:");
    if (call->body == NULL && strcmp(request->method, "GET") != 0) /* front ends insist on it */
        call->lines = curl_slist_append(call->lines, "Content-Length: 0");
    curl_easy_setopt(easy, CURLOPT_URL, call->url);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->lines);
    if (call->body != NULL)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
    if (request->connection == HTTP_ONCE) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
        curl_easy_setopt(easy, CURLOPT_READDATA, call);
        curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)MOMENT_S);
    } else if (call->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body);
    }
    bool fresh = request->connection == HTTP_FRESH;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, fresh ? 1L : 0L);
}

void http_send(struct http *http, const struct http_request *request, http_done_fn *done, void *ctx)
{
    assert(request->max_reply > 0 && request->timeout_ms > 0); /* nothing comes without a bound */
    assert(request->connection != HTTP_ONCE || request->body_size > 0);
    struct http_call *call = mem_new(1, sizeof(*call));
    CURL *easy = curl_easy_init();
    call->http = http;
    call->easy = easy;
    call->url = mem_copy(request->url);
    call->body = request->body != NULL ? mem_slice(request->body, request->body_size) : NULL;
    call->body_size = request->body_size;
    call->max_reply = request->max_reply;
    call->done = done;
    call->ctx = ctx;
    call->next = http->calls;
    call->link = &http->calls;
    if (call->next != NULL)
        call->next->link = &call->next;
    http->calls = call;

    set_security(call, request);
    set_request(call, request);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                     1L); /* or the end waits for a thread's getaddrinfo */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "cppo-bot");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     request->timeout_ms < CONNECT_MS ? (long)request->timeout_ms : CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_multi_add_handle(http->multi, easy); /* only arms the timer */
}

/* --- birth and death --- */

/* Named before anything fails by it: without it, each call would say something else. */
static int check_ca_file(const char *path, struct err *err)
{
    char line[256];
    bool found = false;
    if (*path == '\0')
        return 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set(err, "tls.ca_file %s cannot be read: %s", path, strerror(errno));
    while (!found && fgets(line, sizeof(line), file) != NULL)
        found = strncmp(line, "-----BEGIN ", 11) == 0;
    (void)fclose(file); /* it was only read */
    if (!found)
        return err_set(err, "tls.ca_file %s holds no certificate in PEM form", path);
    return 0;
}

void http_use_proxy(struct http *http, const struct proxy *proxy)
{
    http->proxy = proxy;
}

struct http *http_open(uv_loop_t *loop, const char *ca_file, struct err *err)
{
    if (check_ca_file(ca_file, err) != 0)
        return NULL;
    struct http *http = mem_new(1, sizeof(*http));
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_block, free, mem_regrow, mem_copy, mem_new) !=
            CURLE_OK ||
        (http->multi = curl_multi_init()) == NULL) {
        err_set(err, "libcurl does not start");
        free(http);
        return NULL;
    }
    http->loop = loop;
    http->ca_file = mem_copy(ca_file);
    uv_timer_init(loop, &http->timer);
    uv_idle_init(loop, &http->replies);
    http->timer.data = http->replies.data = http;
    http->handles = 2;
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)MAX_CONNECTIONS);
    return http;
}

static void on_http_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;
    if (--http->handles > 0)
        return;
    free(http->ca_file);
    free(http);
    curl_global_cleanup();
}

/* As unlink_call() would do it, in such a way that clang's analyser sees the list shrink. */
static struct http_call *take_first(struct http *http)
{
    struct http_call *call = http->calls;
    http->calls = call->next;
    if (call->next != NULL)
        call->next->link = &http->calls;
    call->next = NULL;
    call->link = &call->next;
    return call;
}

void http_close(struct http *http)
{
    http->closing = true;
    while (http->calls != NULL)
        finish(take_first(http), CURLE_ABORTED_BY_CALLBACK);
    curl_multi_cleanup(http->multi);
    uv_close((uv_handle_t *)&http->timer, on_http_closed);
    uv_close((uv_handle_t *)&http->replies, on_http_closed);
}
