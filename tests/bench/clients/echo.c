/* The floor: a client on the bot's own libraries that does nothing but answer. libwebsockets on
 * libuv, libcurl for the address of the socket, jansson for the envelope. With BENCH_STORE all that
 * was read in one turn of the loop is kept by one fdatasync before it is acknowledged. */
#ifndef NDEBUG
#define NDEBUG 1 /* libwebsockets' header would define _DEBUG for us */
#endif
#include <libwebsockets.h>

#include <curl/curl.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "mem.h"
#include "text.h"

static struct lws_context *context;
static struct lws *wire;
static char *reply; /* JSON text */
static int store = -1;
static uv_prepare_t before_sleep;
static struct text message; /* as far as it is there */
static struct text kept;    /* lines for the store */
static struct text acks;    /* of messages whose lines are not stored yet: text, NUL, text ... */

/* --- the address --- */

static size_t take_body(char *bytes, size_t one, size_t size, void *ctx)
{
    text_add_bytes(ctx, bytes, one * size);
    return one * size;
}

/* On the heap. */
static char *ask_address(const char *ca)
{
    struct text body = {0};
    CURL *easy = curl_easy_init();
    char *url = text_format("%sapps.connections.open", getenv("SLACK_API_URL"));
    char *bearer = text_format("Authorization: Bearer %s", getenv("SLACK_APP_TOKEN"));
    struct curl_slist *headers = curl_slist_append(NULL, bearer);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    if (*ca != '\0')
        curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
    CURLcode code = curl_easy_perform(easy);
    json_t *root = json_loads(text_get(&body), 0, NULL);
    char *address = mem_copy(json_string_value(json_object_get(root, "url")));
    if (code != CURLE_OK || address == NULL) {
        fprintf(stderr, "echo: no address: %s\n", curl_easy_strerror(code));
        exit(1);
    }
    json_decref(root);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    text_free(&body);
    free(url);
    free(bearer);
    return address;
}

/* --- envelopes --- */

static void take_message(const char *bytes, size_t size)
{
    json_t *root = json_loadb(bytes, size, 0, NULL);
    const char *id = json_string_value(json_object_get(root, "envelope_id"));
    const char *type = json_string_value(json_object_get(root, "type"));
    if (id != NULL && type != NULL) {
        bool command = strcmp(type, "slash_commands") == 0;
        text_addf(&acks,
                  command ? "{\"envelope_id\":\"%s\",\"payload\":%s}" : "{\"envelope_id\":\"%s\"}",
                  id, reply);
        text_add_bytes(&acks, "", 1);
        if (store >= 0 && !command) {
            text_add_bytes(&kept, bytes, size);
            text_add(&kept, "\n");
        }
    }
    json_decref(root);
}

static void send_acks(void)
{
    static struct text frame;
    for (size_t at = 0; at < acks.size;) {
        size_t size = strlen(acks.bytes + at);
        text_clear(&frame);
        text_add_bytes(&frame, (char[LWS_PRE]){0}, LWS_PRE);
        text_add_bytes(&frame, acks.bytes + at, size);
        lws_write(wire, (unsigned char *)frame.bytes + LWS_PRE, size, LWS_WRITE_TEXT);
        at += size + 1;
    }
    text_clear(&acks);
}

static void on_prepare(uv_prepare_t *prepare)
{
    (void)prepare;
    if (kept.size > 0) {
        if (write(store, kept.bytes, kept.size) != (ssize_t)kept.size || fdatasync(store) != 0)
            abort();
        text_clear(&kept);
    }
    if (acks.size > 0)
        send_acks();
}

static int on_wire(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t size)
{
    (void)user;
    switch ((int)reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        wire = wsi;
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        text_add_bytes(&message, in, size);
        if (lws_remaining_packet_payload(wsi) == 0 && lws_is_final_fragment(wsi)) {
            take_message(message.bytes, message.size);
            text_clear(&message);
        }
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    case LWS_CALLBACK_CLIENT_CLOSED:
        exit(1);
    default:
        break;
    }
    return 0;
}

/* --- birth --- */

static char *read_reply(const char *path)
{
    json_t *root = json_load_file(path, JSON_DECODE_ANY, NULL);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

static void connect_to(const char *address)
{
    char host[100], path[200] = "/";
    int port = 0;
    if (sscanf(strstr(address, "://") + 3, "%99[^:]:%d%199s", host, &port, path) < 2)
        abort();
    struct lws_client_connect_info info = {
        .context = context,
        .address = host,
        .host = host,
        .origin = host,
        .port = port,
        .path = path,
        .ssl_connection = strncmp(address, "wss", 3) == 0 ? LCCSCF_USE_SSL : 0,
        .local_protocol_name = "echo",
    };
    lws_client_connect_via_info(&info);
}

int main(void)
{
    static const struct lws_protocols protocols[] = {
        {.name = "echo", .callback = on_wire, .rx_buffer_size = 65536}, {.name = NULL}};
    uv_loop_t loop;
    void *loops[] = {&loop};
    const char *ca = getenv("SSL_CERT_FILE") != NULL ? getenv("SSL_CERT_FILE") : "";
    const char *file = getenv("BENCH_STORE");
    uv_loop_init(&loop);
    lws_set_log_level(0, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    reply = read_reply(getenv("BENCH_REPLY"));
    if (file != NULL)
        store = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char *address = ask_address(ca);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .foreign_loops = loops,
        .client_ssl_ca_filepath = *ca != '\0' ? ca : NULL,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
    };
    context = lws_create_context(&info);
    connect_to(address);
    free(address);
    uv_prepare_init(&loop, &before_sleep);
    uv_prepare_start(&before_sleep, on_prepare);
    return uv_run(&loop, UV_RUN_DEFAULT);
}
