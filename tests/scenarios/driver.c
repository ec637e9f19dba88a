#include "driver.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

/* So long that whoever waits in vain waits for a fault, not for a busy machine. */
enum { PATIENCE_S = 300 };

/* --- HTTP --- */

static size_t on_body(char *bytes, size_t one, size_t size, void *ctx)
{
    (void)one;
    text_add_bytes(ctx, bytes, size);
    return size;
}

static json_t *talk(struct world *world, const char *path, const char *body)
{
    struct text reply = {0};
    char *url = text_format("%s/_sandbox/%s", world->url, path);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)PATIENCE_S);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
    if (body != NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    }
    CURLcode code = curl_easy_perform(easy);
    json_t *answer = json_loadb(text_get(&reply), reply.size, 0, NULL);
    if (code != CURLE_OK || answer == NULL) {
        fprintf(stderr, "the sandbox does not answer %s: %s\n", path, curl_easy_strerror(code));
        answer = json_object();
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    text_free(&reply);
    free(url);
    return answer;
}

json_t *world_post(struct world *world, const char *path, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_t *answer = talk(world, path, text);
    json_decref(body);
    free(text);
    return answer;
}

void world_do(struct world *world, const char *path, json_t *body)
{
    json_decref(world_post(world, path, body));
}

const char *world_extend(struct world *world, json_t *order)
{
    static char id[80];
    json_t *answer = world_post(world, "market/extend", order);
    text_fit(id, sizeof(id), member(answer, "authorization"));
    expect(world, *id != '\0', "it is extended");
    json_decref(answer);
    return id;
}

const json_t *world_state(struct world *world)
{
    json_decref(world->state);
    world->state = talk(world, "state", NULL);
    return world->state;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ${awake}: the machine does not sleep meanwhile. */
static bool wait_for(struct world *world, seen_fn *seen, const void *about, double seconds,
                     bool awake)
{
    double until = seconds_now() + seconds;
    for (;;) {
        if (seen(world_state(world), about))
            return true;
        if (seconds_now() > until)
            return false;
        if (!awake)
            world_outlast_doubts(world);
        char *path = text_format("log?after=%ld&wait_ms=500", world->seen);
        json_t *log = talk(world, path, NULL);
        world->seen = (long)json_integer_value(json_object_get(log, "next"));
        json_decref(log);
        free(path);
    }
}

bool world_wait_for(struct world *world, seen_fn *seen, const void *about, double seconds)
{
    return wait_for(world, seen, about, seconds, false);
}

/* Where many waits are in vain, as when a guard is taken out, fewer seconds are set. */
static double patience(void)
{
    const char *set = getenv("PATIENCE_S");
    return set != NULL ? strtod(set, NULL) : PATIENCE_S;
}

bool world_wait(struct world *world, seen_fn *seen, const void *about)
{
    return world_wait_for(world, seen, about, patience());
}

/* --- what people do --- */

const json_t *world_command(struct world *world, const char *user, const char *text)
{
    static json_t *answer;
    json_decref(answer);
    answer = world_post(
        world, "command",
        json_pack("{s:s, s:s, s:s}", "user", user, "text", text, "channel", "C0DEALDESK"));
    return json_object_get(answer, "ack");
}

/* Takes ${body}. */
static const char *outcome_of(struct world *world, const char *path, json_t *body)
{
    static char outcome[100];
    json_t *answer = world_post(world, path, body);
    text_fit(outcome, sizeof(outcome), member(answer, "outcome"));
    if (*outcome == '\0')
        text_fit(outcome, sizeof(outcome), member(answer, "error"));
    json_decref(answer);
    return outcome;
}

const char *world_click_value(struct world *world, const char *user, const char *channel,
                              const char *ts, const char *action, const char *value)
{
    return outcome_of(world, "click",
                      json_pack("{s:s, s:s, s:s, s:s, s:s*}", "user", user, "channel", channel,
                                "ts", ts, "action_id", action, "value", value));
}

const char *world_click(struct world *world, const char *user, const char *channel, const char *ts,
                        const char *action)
{
    return world_click_value(world, user, channel, ts, action, NULL);
}

const char *world_click_late(struct world *world, const char *user, const char *channel,
                             const char *ts, const char *action)
{
    return outcome_of(world, "click",
                      json_pack("{s:s, s:s, s:s, s:s, s:b}", "user", user, "channel", channel, "ts",
                                ts, "action_id", action, "late", 1));
}

const char *world_shortcut(struct world *world, const char *user, const char *callback_id,
                           const char *channel, const char *ts)
{
    return outcome_of(world, "shortcut",
                      json_pack("{s:s, s:s, s:s*, s:s*}", "user", user, "callback_id", callback_id,
                                "channel", channel, "ts", ts));
}

const json_t *world_submit(struct world *world, const char *user, json_t *values)
{
    static json_t *answer;
    json_decref(answer);
    answer = world_post(world, "submit", json_pack("{s:s, s:o}", "user", user, "values", values));
    return json_object_get(json_object_get(answer, "ack"), "errors");
}

void world_request(struct world *world, const char *customer, const char *markup)
{
    world_command(world, "U0SELLER", "/cppo new");
    expect(world, world_form(world, "U0SELLER", "offer_form"), "the form opens");
    world_do(world, "suggest",
             json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text",
                       "Subscription"));
    const json_t *errors =
        world_submit(world, "U0SELLER",
                     json_pack("{s:s, s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                               "customer", customer, "buyers", "123456789012", "markup", markup));
    expect(world, errors == NULL, "the form is taken without an error");
}

const char *world_press(struct world *world, const char *user, const char *action)
{
    char ts[40];
    char channel[40];
    const json_t *list = json_object_get(json_object_get(world_state(world), "ephemerals"), user);
    const json_t *newest = json_array_get(list, json_array_size(list) - 1);
    expect(world, newest != NULL, "there is a message with buttons");
    text_fit(ts, sizeof(ts), member(newest, "ts"));
    text_fit(channel, sizeof(channel), member(newest, "channel"));
    return world_click(world, user, *channel != '\0' ? channel : "C0DEALDESK", ts, action);
}

void world_press_in_view(struct world *world, const char *user, const char *action,
                         const char *value)
{
    const json_t *top = top_view(world_state(world), user);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s*}", "user", user, "view_id", member(top, "id"),
                             "action_id", action, "value", value);
    json_t *answer = world_post(world, "click", body);
    expect(world, strcmp(member(answer, "outcome"), "acked") == 0, "what was pressed is answered");
    json_decref(answer);
}

void world_withdraw(struct world *world, const char *user, const char *offer)
{
    char text[60];
    snprintf(text, sizeof(text), "/cppo withdraw %s", offer);
    world_command(world, user, text);
    expect(world, world_hears(world, user, "Withdraw CPPO-"), "it is asked first");
    expect(world, strcmp(world_press(world, user, "withdraw"), "acked") == 0, "and answered");
}

/* --- what they see --- */

const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const json_t *channel_in(const json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(member(one, "id"), id) == 0 || strcmp(member(one, "user"), id) == 0)
            return one;
    }
    return NULL;
}

const json_t *messages_in(const json_t *state, const char *channel)
{
    const json_t *one = channel_in(json_object_get(state, "channels"), channel);
    if (one == NULL)
        one = channel_in(json_object_get(state, "dms"), channel);
    return json_object_get(one, "messages");
}

/* What a message showed before does not count. */
bool shows(const json_t *message, const char *text)
{
    json_t *now = json_copy((json_t *)(uintptr_t)message);
    if (json_is_object(now)) {
        json_object_del(now, "versions");
        json_object_del(now, "calls");
    }
    char *all = json_dumps(now, JSON_COMPACT);
    bool found = all != NULL && strstr(all, text) != NULL;
    free(all);
    json_decref(now);
    return found;
}

static bool is_reply(const json_t *message)
{
    const char *thread = member(message, "thread_ts");
    return *thread != '\0' && strcmp(thread, member(message, "ts")) != 0;
}

/* Its heading, which says what it is about: the rest may speak of others. */
static bool is_headed(const json_t *message, const char *text)
{
    const json_t *header = json_array_get(json_object_get(message, "blocks"), 0);
    return strcmp(member(header, "type"), "header") == 0 && shows(header, text);
}

static const json_t *newest_with(const json_t *list, const char *text, bool reply)
{
    const json_t *found = NULL;
    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *message = json_array_get(list, i);
        if (is_reply(message) != reply)
            continue;
        if (is_headed(message, text))
            return message;
        if (found == NULL && shows(message, text))
            found = message;
    }
    return found;
}

const json_t *message_with(const json_t *state, const char *channel, const char *text)
{
    return newest_with(messages_in(state, channel), text, false);
}

static const json_t *reply_with(const json_t *state, const char *channel, const char *text)
{
    return newest_with(messages_in(state, channel), text, true);
}

size_t posts_in(const json_t *state, const char *channel)
{
    const json_t *list = messages_in(state, channel);
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        count += !is_reply(json_array_get(list, i));
    return count;
}

const char *last_whisper(const json_t *state, const char *user)
{
    const json_t *list = json_object_get(json_object_get(state, "ephemerals"), user);
    size_t size = json_array_size(list);
    return size > 0 ? member(json_array_get(list, size - 1), "text") : "";
}

const json_t *top_view(const json_t *state, const char *user)
{
    const json_t *stack =
        json_object_get(json_object_get(json_object_get(state, "views"), user), "stack");
    const json_t *top = json_array_get(stack, json_array_size(stack) - 1);
    const json_t *view = json_object_get(top, "view");
    return view != NULL ? view : top;
}

bool form_open(const json_t *state, const char *user, const char *callback_id)
{
    const json_t *stack =
        json_object_get(json_object_get(json_object_get(state, "views"), user), "stack");
    for (size_t i = 0; i < json_array_size(stack); i++) {
        const json_t *entry = json_array_get(stack, i);
        const json_t *view = json_object_get(entry, "view");
        if (strcmp(member(view != NULL ? view : entry, "callback_id"), callback_id) == 0)
            return true;
    }
    return false;
}

size_t released(const json_t *state)
{
    size_t count = 0;
    const char *id;
    json_t *offer;
    json_object_foreach(json_object_get(json_object_get(state, "market"), "offers"), id, offer)
    {
        count += (size_t)json_integer_value(json_object_get(offer, "release_count"));
    }
    return count;
}

json_t *world_log(struct world *world, long after)
{
    char *path = text_format("log?after=%ld", after);
    json_t *log = talk(world, path, NULL);
    free(path);
    return log;
}

/* On a slow machine the log may grow as fast as it is read. */
json_t *world_log_on(struct world *world, long *after)
{
    json_t *all = json_array();
    json_int_t newest = *after + 1;
    for (bool first = true; *after < newest; first = false) {
        json_t *log = world_log(world, *after);
        expect(world, json_integer_value(json_object_get(log, "oldest")) <= *after + 1,
               "the sandbox's log is read before it forgets");
        if (first)
            newest = json_integer_value(json_object_get(log, "newest"));
        json_array_extend(all, json_object_get(log, "entries"));
        *after = (long)json_integer_value(json_object_get(log, "next"));
        json_decref(log);
    }
    return all;
}

size_t count_in_log(struct world *world, const char *kind, const char *key, const char *value)
{
    size_t count = 0, i;
    long after = 0;
    json_t *entries = world_log_on(world, &after);
    const json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        count += strcmp(member(entry, "kind"), kind) == 0 &&
                 (key == NULL || strcmp(member(entry, key), value) == 0);
    }
    json_decref(entries);
    return count;
}

int world_tear_down(struct world *world)
{
    expect(world, count_in_log(world, "complaint", NULL, NULL) == 0,
           "Slack has nothing to complain of");
    world_close(world);
    return 0;
}

/* --- waiting for it --- */

struct sight {
    const char *where, *text;
};

static bool is_seen(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return message_with(state, sight->where, sight->text) != NULL;
}

static bool is_replied(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return reply_with(state, sight->where, sight->text) != NULL;
}

static bool is_heard(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return strstr(last_whisper(state, sight->where), sight->text) != NULL;
}

static bool is_open(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return form_open(state, sight->where, sight->text);
}

bool world_sees(struct world *world, const char *channel, const char *text)
{
    return world_wait(world, is_seen, &(struct sight){channel, text});
}

bool world_reads_reply(struct world *world, const char *channel, const char *text)
{
    return world_wait(world, is_replied, &(struct sight){channel, text});
}

bool world_hears(struct world *world, const char *user, const char *text)
{
    return world_wait(world, is_heard, &(struct sight){user, text});
}

bool world_form(struct world *world, const char *user, const char *callback_id)
{
    return wait_for(world, is_open, &(struct sight){user, callback_id}, patience(), true);
}

static bool has_rare(const json_t *state, const void *user)
{
    return shows(top_view(state, user), "Runs from the day the buyer accepts");
}

void world_more(struct world *world, const char *user)
{
    if (has_rare(world_state(world), user))
        return;
    world_press_in_view(world, user, "more", NULL);
    expect(world, world_wait(world, has_rare, user), "the other fields come out");
}

/* It hears people, and has learnt what can be sold. */
static bool is_connected(const json_t *state, const void *about)
{
    struct world *world = (struct world *)(uintptr_t)about;
    return json_integer_value(json_object_get(state, "sockets")) >= 1 &&
           count_in_log(world, "market.call", "operation", "DescribeEntity") > world->described;
}

bool world_connected(struct world *world)
{
    return world_wait(world, is_connected, world);
}

const char *world_card(struct world *world, const char *text)
{
    static char ts[40];
    expect(world, world_sees(world, "C0APPROVALS", text), "the card is in #approvals");
    text_fit(ts, sizeof(ts), member(message_with(world->state, "C0APPROVALS", text), "ts"));
    return ts;
}

static const char *button_in(const json_t *message, const char *action)
{
    size_t i, j;
    const json_t *block, *element;
    json_array_foreach(json_object_get(message, "blocks"), i, block)
    {
        json_array_foreach(json_object_get(block, "elements"), j, element)
        {
            if (strcmp(member(element, "action_id"), action) == 0)
                return member(element, "value");
        }
    }
    return "";
}

const char *world_button(struct world *world, const char *channel, const char *ts,
                         const char *action)
{
    static char value[100];
    const json_t *list = messages_in(world_state(world), channel);
    value[0] = '\0';
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *message = json_array_get(list, i);
        if (strcmp(member(message, "ts"), ts) == 0)
            text_fit(value, sizeof(value), button_in(message, action));
    }
    expect(world, *value != '\0', "the message has that button");
    return value;
}

const char *world_check(struct world *world, int status, const char *words)
{
    const char *said;
    char message[300];
    int got = world_run(world, &said, "check", NULL);
    if (strstr(said, words) == NULL || got != status)
        fprintf(stderr, "%s", said);
    snprintf(message, sizeof(message), "check says “%s” and ends with %d, not %d", words, status,
             got);
    expect(world, strstr(said, words) != NULL && got == status, message);
    return said;
}

void world_published_once(struct world *world)
{
    expect(world, world_sees(world, "C0OFFERS", "is published"), "the offer is announced");
    expect(world, world_sees(world, "C0APPROVALS", "*Published*"),
           "the card says that it is published");
    expect(world, released(world->state) == 1, "it is released once");
    expect(world, json_array_size(messages_in(world->state, "C0OFFERS")) == 1,
           "it is announced once");
    expect(world, posts_in(world->state, "C0APPROVALS") == 1, "there is one card");
}
