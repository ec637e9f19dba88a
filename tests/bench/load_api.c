/* The Web API as far as a client needs it to come up and to go on: every call succeeds at once. */
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench.h"
#include "load_parts.h"
#include "mem.h"

static void reply(struct conn *conn, const char *json)
{
    text_addf(&conn->out,
              "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
              "Content-Length: %zu\r\n\r\n%s",
              strlen(json), json);
}

/* --- a socket comes into being --- */

static void upgrade(struct conn *conn, const char *key)
{
    static const char hello[] =
        "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A0CPPO\"},"
        "\"debug_info\":{\"host\":\"bench\",\"approximate_connection_time\":18060}}";
    unsigned char digest[SHA_DIGEST_LENGTH];
    unsigned char accept[64];
    char *joined = text_format("%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    SHA1((const unsigned char *)joined, strlen(joined), digest);
    EVP_EncodeBlock(accept, digest, sizeof(digest));
    text_addf(&conn->out,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
              (const char *)accept);
    free(joined);
    conn->socket = true;
    conn_frame(conn, 1, hello, strlen(hello));
    struct load_seen *seen = &conn->load->seen;
    seen->greeted++;
    seen->greeted_ms = bench_now_ms();
    seen->standing++;
}

/* The value of a header, on the heap; NULL: it is not there. */
static char *header(const char *head, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, size) != 0 || line[2 + size] != ':')
            continue;
        const char *value = line + 3 + size;
        value += strspn(value, " ");
        return mem_slice(value, strcspn(value, "\r"));
    }
    return NULL;
}

/* --- calls --- */

/* An argument of the call, be the body a form or JSON; "" when there is none (static room). */
static const char *argument(const char *body, const char *name)
{
    static char value[100];
    char *pair = text_format("\"%s\":\"", name);
    char *field = text_format("%s=", name);
    const char *at = strstr(body, pair);
    const char *end = "\"";
    at = at != NULL ? at + strlen(pair) : NULL;
    if (at == NULL && (at = strstr(body, field)) != NULL) {
        at += strlen(field);
        end = "&";
    }
    size_t size = at != NULL ? strcspn(at, end) : 0;
    snprintf(value, sizeof(value), "%.*s", (int)size, at != NULL ? at : "");
    free(pair);
    free(field);
    return value;
}

static void give_address(struct conn *conn)
{
    struct load *load = conn->load;
    load->seen.asked++;
    load->seen.asked_ms = bench_now_ms();
    char *json = text_format("{\"ok\":true,\"url\":\"%s://localhost:%d/link/?ticket=%d\"}",
                             load->tls != NULL ? "wss" : "ws", load->port, load->seen.asked);
    reply(conn, json);
    free(json);
}

static void describe_person(struct conn *conn, const char *body)
{
    char *json = text_format(
        "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\",\"deleted\":false,"
        "\"is_bot\":false,\"is_restricted\":false,\"is_ultra_restricted\":false,"
        "\"real_name\":\"Somebody\",\"name\":\"somebody\",\"profile\":{\"display_name\":\"\"}}}",
        argument(body, "user"));
    reply(conn, json);
    free(json);
}

static void post(struct conn *conn, const char *body)
{
    const char *ts = argument(body, "ts");
    char stamp[40];
    snprintf(stamp, sizeof(stamp), "1800000000.%06ld", ++conn->load->posts);
    char *json = text_format("{\"ok\":true,\"ts\":\"%s\",", *ts != '\0' ? ts : stamp);
    char *whole =
        text_format("%s\"channel\":\"%s\",\"message\":{}}", json, argument(body, "channel"));
    reply(conn, whole);
    free(whole);
    free(json);
}

static const struct {
    const char *method, *reply;
} constants[] = {
    {"auth.test", "{\"ok\":true,\"url\":\"https://bench.example/\",\"team\":\"Home\",\"user\":"
                  "\"cppo\",\"team_id\":\"T0HOME\",\"user_id\":\"U0BOT\",\"bot_id\":\"B0BOT\"}"},
    {"conversations.history", "{\"ok\":true,\"messages\":[],\"has_more\":false}"},
    {"conversations.info", "{\"ok\":true,\"channel\":{\"id\":\"C0\",\"is_member\":true}}"},
    {"conversations.members", "{\"ok\":true,\"members\":[]}"},
    {"usergroups.users.list", "{\"ok\":true,\"users\":[\"U0MIA\",\"U0MAX\"]}"},
    {"chat.getPermalink", "{\"ok\":true,\"permalink\":\"https://bench.example/p1\"}"},
    {"views.", "{\"ok\":true,\"view\":{\"id\":\"V0BENCH\"}}"},
};

static void answer_call(struct conn *conn, const char *method, const char *body)
{
    if (strcmp(method, "apps.connections.open") == 0) {
        give_address(conn);
    } else if (strcmp(method, "users.info") == 0) {
        describe_person(conn, body);
    } else if (strcmp(method, "chat.postMessage") == 0 || strcmp(method, "chat.update") == 0) {
        post(conn, body);
    } else {
        const char *json = "{\"ok\":true}";
        for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
            if (strncmp(method, constants[i].method, strlen(constants[i].method)) == 0)
                json = constants[i].reply;
        }
        reply(conn, json);
    }
}

void api_answer(struct conn *conn, const char *head, const char *body, size_t size)
{
    const char *withheld = conn->load->withheld;
    char *key = header(head, "sec-websocket-key");
    char method[100] = "";
    if (key != NULL) {
        upgrade(conn, key);
        free(key);
        return;
    }
    conn->load->seen.calls++;
    sscanf(head, "%*s /api/%99[^? ]", method);
    if (withheld != NULL && strcmp(method, withheld) == 0)
        return;
    char *text = mem_slice(body, size);
    answer_call(conn, method, text);
    free(text);
}
