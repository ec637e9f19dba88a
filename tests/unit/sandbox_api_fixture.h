/* Calls of the sandbox's Web API, without a server. */
#ifndef CPPO_TESTS_SANDBOX_API_FIXTURE_H
#define CPPO_TESTS_SANDBOX_API_FIXTURE_H

#include "../sandbox/api.h"
#include "../sandbox/link.h"
#include "sandbox_fixture.h"

#define BOT "Bearer xoxb-sandbox"
#define APP "Bearer xapp-1-A0CPPO-sandbox"
#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json; charset=utf-8"

/* What came back; owned. */
static struct {
    int status;
    bool cut;
    char *headers;
    json_t *body;
    char *raw;
} reply;

/* There is no WebSocket side here. */
char *link_ticket(struct link *link)
{
    (void)link;
    return mem_copy("ws://127.0.0.1:2/link/?ticket=1");
}

static inline void reply_free(void)
{
    free(reply.headers);
    free(reply.raw);
    json_decref(reply.body);
    memset(&reply, 0, sizeof(reply));
}

/* ${token}, ${type}: NULL: the header is not sent. */
static inline void send_call(const char *http, const char *method, const char *token,
                             const char *type, const char *body)
{
    struct sb_header headers[2];
    struct sb_reply got = {0};
    char *path = text_format("/api/%s", method);
    size_t count = 0;
    if (token != NULL)
        headers[count++] = (struct sb_header){"Authorization", token};
    if (type != NULL)
        headers[count++] = (struct sb_header){"Content-Type", type};
    struct sb_request request = {.method = http,
                                 .target = path,
                                 .path = path,
                                 .query = "",
                                 .body = body,
                                 .body_size = strlen(body),
                                 .headers = headers,
                                 .header_count = count,
                                 .connection = 1};
    reply_free();
    api_handle(&fake.box, &request, &got);
    reply.status = got.status != 0 ? got.status : 200;
    reply.cut = got.cut;
    reply.headers = text_take(&got.headers);
    reply.raw = text_take(&got.body);
    reply.body = json_loads(reply.raw, 0, NULL);
    free(path);
}

/* A JSON call of the bot; ' stands for " in ${json}. */
static inline void call(const char *method, const char *json)
{
    json_t *body = parse(json);
    char *text = json_dumps(body, JSON_COMPACT);
    send_call("POST", method, BOT, JSON, text);
    free(text);
    json_decref(body);
}

static inline void call_form(const char *method, const char *form)
{
    send_call("POST", method, BOT, FORM, form);
}

static inline const char *answer(const char *key)
{
    return workspace_text(reply.body, key);
}

/* ${error} NULL: it was taken. */
static inline void expect_error(const char *error)
{
    if (error == NULL && !workspace_flag(reply.body, "ok"))
        fail_msg("should be taken, got %s", reply.raw);
    if (error != NULL && strcmp(answer("error"), error) != 0)
        fail_msg("wanted %s, got %s", error, reply.raw);
}

/* The log's last complaint holds ${words}. */
static inline void expect_complaint(const char *words)
{
    char *text = json_dumps(logged("complaint"), JSON_COMPACT);
    if (text == NULL || strstr(text, words) == NULL)
        fail_msg("the log should say “%s”, it says %s", words, text != NULL ? text : "nothing");
    free(text);
}

static inline int set_up(void **state)
{
    (void)state;
    fixture_open();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    reply_free();
    fixture_close();
    return 0;
}

#endif
