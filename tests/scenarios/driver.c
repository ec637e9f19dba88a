#include "driver.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

enum { LONGEST = 30 }; /* seconds */

/* --- HTTP --------------------------------------------------------------------------------- */

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
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
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

bool world_wait(struct world *world, seen_fn *seen, const void *about, int seconds)
{
    double until = seconds_now() + seconds;
    for (;;) {
        if (seen(world_state(world), about))
            return true;
        if (seconds_now() > until)
            return false;
        char *path = text_format("log?after=%ld&wait_ms=500", world->seen);
        json_t *log = talk(world, path, NULL);
        world->seen = (long)json_integer_value(json_object_get(log, "next"));
        json_decref(log);
        free(path);
    }
}

/* --- processes ---------------------------------------------------------------------------- */

static char **environment(const struct world *world)
{
    extern char **environ;
    char *path = text_format("%s/sandbox.env", world->dir);
    FILE *file = fopen(path, "re");
    char line[500];
    size_t count = 0;
    char **list = NULL;
    for (char **one = environ; *one != NULL; one++) {
        if (strncmp(*one, "AWS_", 4) == 0 || strncmp(*one, "SLACK_", 6) == 0)
            continue; /* only what the world says */
        list = mem_resize(list, count + 2, sizeof(*list));
        list[count++] = mem_copy(*one);
    }
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        list = mem_resize(list, count + 2, sizeof(*list));
        list[count++] = mem_copy(line);
    }
    list[count] = NULL;
    if (file != NULL)
        fclose(file);
    free(path);
    return list;
}

static void free_list(char **list)
{
    for (char **one = list; *one != NULL; one++)
        free(*one);
    free(list);
}

int world_run(struct world *world, const char **said, ...)
{
    enum { MOST_WORDS = 6 };
    static char output[65536];
    char *program = text_format("%s/cppo-bot", world->bin);
    char *config = text_format("%s/cppo.yaml", world->dir);
    char *words[MOST_WORDS + 1] = {program, (char[]){"--config"}, config};
    char **env = environment(world);
    int pipes[2];
    size_t size = 0;
    int status = 0;
    va_list args;
    va_start(args, said);
    for (int i = 3; i < MOST_WORDS && (words[i] = va_arg(args, char *)) != NULL; i++)
        ;
    va_end(args);
    expect(world, pipe(pipes) == 0, "there are pipes");
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], 1);
        dup2(pipes[1], 2);
        execve(program, words, env);
        _exit(127);
    }
    close(pipes[1]);
    for (ssize_t got; (got = read(pipes[0], output + size, sizeof(output) - 1 - size)) > 0;)
        size += (size_t)got;
    output[size] = '\0';
    close(pipes[0]);
    waitpid(child, &status, 0);
    free_list(env);
    free(program);
    free(config);
    *said = output;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void world_start_bot(struct world *world)
{
    char *program = text_format("%s/cppo-bot", world->bin);
    char *config = text_format("%s/cppo.yaml", world->dir);
    char *log = text_format("%s/bot.log", world->dir);
    char **env = environment(world);
    world->bot = fork();
    if (world->bot == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(fd, 2);
        execle(program, program, "run", "--config", config, (char *)NULL, env);
        _exit(127);
    }
    free_list(env);
    free(program);
    free(config);
    free(log);
}

static int end(pid_t *pid, int signal_number)
{
    int status = 0;
    if (*pid <= 0)
        return -1;
    if (signal_number != 0)
        kill(*pid, signal_number);
    waitpid(*pid, &status, 0);
    *pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void world_kill_bot(struct world *world)
{
    end(&world->bot, SIGKILL);
}

int world_stop_bot(struct world *world)
{
    return end(&world->bot, SIGTERM);
}

int world_wait_bot(struct world *world)
{
    return end(&world->bot, 0);
}

/* The sandbox says where it is, then "ready". */
static bool read_ready(struct world *world, int fd)
{
    FILE *out = fdopen(fd, "r");
    char line[300];
    bool ready = false;
    while (!ready && fgets(line, sizeof(line), out) != NULL) {
        if (strncmp(line, "page ", 5) == 0) {
            text_fit(world->url, sizeof(world->url), line + 5);
            world->url[strcspn(world->url, "\n")] = '\0';
            if (world->url[strlen(world->url) - 1] == '/')
                world->url[strlen(world->url) - 1] = '\0';
        }
        ready = strcmp(line, "ready\n") == 0;
    }
    return ready; /* the pipe stays open: the sandbox may say more */
}

static void start_sandbox(struct world *world)
{
    int pipes[2];
    char *program = text_format("%s/cppo-sandbox", world->bin);
    if (pipe(pipes) != 0)
        exit(1);
    world->sandbox = fork();
    if (world->sandbox == 0) {
        dup2(pipes[1], 1);
        close(pipes[0]);
        execl(program, program, "--port", "0", "--dir", world->dir, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    free(program);
    if (!read_ready(world, pipes[0])) {
        fprintf(stderr, "the sandbox does not start\n");
        exit(1);
    }
}

static const char *own_directory(void)
{
    static char path[500];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[size > 0 ? size : 0] = '\0';
    return dirname(path);
}

/* It hears people, and has learnt what can be sold. */
static bool is_connected(const json_t *state, const void *about)
{
    struct world *world = (struct world *)(uintptr_t)about;
    return json_integer_value(json_object_get(state, "sockets")) >= 1 &&
           count_in_log(world, "market.call", "operation", "DescribeEntity") > 0;
}

bool world_connected(struct world *world)
{
    return world_wait(world, is_connected, world, LONGEST);
}

void world_open(struct world *world, const char *name, bool bot)
{
    static unsigned worlds;
    memset(world, 0, sizeof(*world));
    world->bin = own_directory();
    snprintf(world->dir, sizeof(world->dir), "%.120s/worlds", world->bin);
    mkdir(world->dir, 0700);
    snprintf(world->dir, sizeof(world->dir), "%.120s/worlds/%.40s-%ld-%u", world->bin, name,
             (long)getpid(), ++worlds);
    start_sandbox(world);
    world_do(world, "market/speed", json_pack("{s:i, s:i}", "prepare_ms", 60, "apply_ms", 60));
    world_replace(world, "poll_first: 200ms", "poll_first: 50ms");
    world_replace(world, "poll_slowest: 2s", "poll_slowest: 200ms");
    if (!bot)
        return;
    world_start_bot(world);
    expect(world, world_connected(world), "the bot connects to Slack");
}

void world_close(struct world *world)
{
    end(&world->bot, SIGTERM);
    end(&world->sandbox, SIGTERM);
    json_decref(world->state);
    world->state = NULL;
}

void world_replace(struct world *world, const char *old, const char *new)
{
    char *path = text_format("%s/cppo.yaml", world->dir);
    FILE *file = fopen(path, "re");
    char *text = mem_new(65536, 1);
    struct text out = {0};
    if (file == NULL || fread(text, 1, 65535, file) == 0 || strstr(text, old) == NULL)
        world_fail(world, __FILE__, __LINE__, "the configuration holds the text to replace");
    fclose(file);
    char *at = strstr(text, old);
    text_add_bytes(&out, text, (size_t)(at - text));
    text_add(&out, new);
    text_add(&out, at + strlen(old));
    file = fopen(path, "we");
    fputs(text_get(&out), file);
    fclose(file);
    text_free(&out);
    free(text);
    free(path);
}

void world_setting(struct world *world, const char *name, const char *value)
{
    char *path = text_format("%s/sandbox.env", world->dir);
    FILE *file = fopen(path, "re");
    char line[500];
    struct text out = {0};
    size_t size = strlen(name);
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, name, size) != 0 || line[size] != '=')
            text_add(&out, line);
    }
    if (file != NULL)
        fclose(file);
    if (value != NULL)
        text_addf(&out, "%s=%s\n", name, value);
    world_file(world, "sandbox.env", text_get(&out));
    text_free(&out);
    free(path);
}

const char *world_file(struct world *world, const char *name, const char *content)
{
    static char path[300];
    snprintf(path, sizeof(path), "%s/%s", world->dir, name);
    FILE *file = fopen(path, "we");
    expect(world, file != NULL && fputs(content, file) >= 0, "a file of the world is written");
    fclose(file);
    return path;
}

/* --- what people do ----------------------------------------------------------------------- */

const json_t *world_command(struct world *world, const char *user, const char *text)
{
    static json_t *answer;
    json_decref(answer);
    answer = world_post(
        world, "command",
        json_pack("{s:s, s:s, s:s}", "user", user, "text", text, "channel", "C0DEALDESK"));
    return json_object_get(answer, "ack");
}

static const char *click_with(struct world *world, json_t *body)
{
    static char outcome[100];
    json_t *answer = world_post(world, "click", body);
    text_fit(outcome, sizeof(outcome), member(answer, "outcome"));
    if (*outcome == '\0')
        text_fit(outcome, sizeof(outcome), member(answer, "error"));
    json_decref(answer);
    return outcome;
}

const char *world_click_value(struct world *world, const char *user, const char *channel,
                              const char *ts, const char *action, const char *value)
{
    return click_with(world, json_pack("{s:s, s:s, s:s, s:s, s:s*}", "user", user, "channel",
                                       channel, "ts", ts, "action_id", action, "value", value));
}

const char *world_click(struct world *world, const char *user, const char *channel, const char *ts,
                        const char *action)
{
    return world_click_value(world, user, channel, ts, action, NULL);
}

const char *world_click_late(struct world *world, const char *user, const char *channel,
                             const char *ts, const char *action)
{
    return click_with(world, json_pack("{s:s, s:s, s:s, s:s, s:b}", "user", user, "channel",
                                       channel, "ts", ts, "action_id", action, "late", 1));
}

const json_t *world_submit(struct world *world, const char *user, json_t *values)
{
    static json_t *answer;
    json_decref(answer);
    answer = world_post(world, "submit", json_pack("{s:s, s:o}", "user", user, "values", values));
    return json_object_get(json_object_get(answer, "ack"), "errors");
}

static bool has_form(const json_t *state, const void *about)
{
    return form_open(state, about, "offer_form");
}

void world_request(struct world *world, const char *customer, const char *markup)
{
    world_command(world, "U0SELLER", "/cppo new");
    expect(world, world_wait(world, has_form, "U0SELLER", 5), "the form opens");
    world_do(world, "suggest",
             json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text",
                       "Subscription"));
    const json_t *errors =
        world_submit(world, "U0SELLER",
                     json_pack("{s:s, s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                               "customer", customer, "buyers", "123456789012", "markup", markup));
    expect(world, errors == NULL, "the form is taken without an error");
}

/* --- what they see ------------------------------------------------------------------------ */

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
    if (json_is_object(now))
        json_object_del(now, "versions");
    char *all = json_dumps(now, JSON_COMPACT);
    bool found = all != NULL && strstr(all, text) != NULL;
    free(all);
    json_decref(now);
    return found;
}

/* The newest that shows ${text}. */
const json_t *message_with(const json_t *state, const char *channel, const char *text)
{
    const json_t *list = messages_in(state, channel);
    for (size_t i = json_array_size(list); i-- > 0;) {
        if (shows(json_array_get(list, i), text))
            return json_array_get(list, i);
    }
    return NULL;
}

const char *last_whisper(const json_t *state, const char *user)
{
    const json_t *list = json_object_get(json_object_get(state, "ephemerals"), user);
    size_t size = json_array_size(list);
    return size > 0 ? member(json_array_get(list, size - 1), "text") : "";
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

size_t count_in_log(struct world *world, const char *kind, const char *key, const char *value)
{
    json_t *log = talk(world, "log?after=0", NULL);
    const json_t *entries = json_object_get(log, "entries");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        count += strcmp(member(entry, "kind"), kind) == 0 &&
                 (key == NULL || strcmp(member(entry, key), value) == 0);
    }
    json_decref(log);
    return count;
}

/* --- waiting for it ----------------------------------------------------------------------- */

struct sight {
    const char *where, *text;
};

static bool is_seen(const json_t *state, const void *about)
{
    const struct sight *sight = about;
    return message_with(state, sight->where, sight->text) != NULL;
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
    return world_wait(world, is_seen, &(struct sight){channel, text}, LONGEST);
}

bool world_hears(struct world *world, const char *user, const char *text)
{
    return world_wait(world, is_heard, &(struct sight){user, text}, LONGEST);
}

bool world_form(struct world *world, const char *user, const char *callback_id)
{
    return world_wait(world, is_open, &(struct sight){user, callback_id}, LONGEST);
}

const char *world_card(struct world *world, const char *text)
{
    static char ts[40];
    expect(world, world_sees(world, "C0APPROVALS", text), "the card is in #approvals");
    text_fit(ts, sizeof(ts), member(message_with(world->state, "C0APPROVALS", text), "ts"));
    return ts;
}

/* --- failing ------------------------------------------------------------------------------ */

static void show_end(const char *dir, const char *name)
{
    char *command = text_format("%s/%s", dir, name);
    FILE *file = fopen(command, "re");
    char lines[25][400] = {{0}};
    size_t count = 0;
    while (file != NULL && fgets(lines[count % 25], 400, file) != NULL)
        count++;
    fprintf(stderr, "--- the end of %s\n", command);
    for (size_t i = count > 25 ? count - 25 : 0; i < count; i++)
        fputs(lines[i % 25], stderr);
    if (file != NULL)
        fclose(file);
    free(command);
}

void world_fail(struct world *world, const char *file, int line, const char *words)
{
    fprintf(stderr, "%s:%d: expected that %s\n", file, line, words);
    show_end(world->dir, "bot.log");
    end(&world->bot, SIGKILL);
    end(&world->sandbox, SIGKILL);
    exit(1);
}

void world_published_once(struct world *world)
{
    expect(world, world_sees(world, "C0OFFERS", "is published"), "the offer is announced");
    expect(world, world_sees(world, "C0APPROVALS", "*Published*"),
           "the card says that it is published");
    expect(world, released(world->state) == 1, "it is released once");
    expect(world, json_array_size(messages_in(world->state, "C0OFFERS")) == 1,
           "it is announced once");
    expect(world, json_array_size(messages_in(world->state, "C0APPROVALS")) == 1,
           "there is one card");
}
