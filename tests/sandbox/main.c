/* cppo-sandbox: a local Slack workspace and a local AWS Marketplace. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "child.h"
#include "control.h"
#include "control_page.h"
#include "fault.h"
#include "help.h"
#include "http.h"
#include "link.h"
#include "log.h"
#include "page.h"
#include "parts.h"
#include "response.h"
#include "setup.h"
#include "tunnel.h"
#include "workspace.h"

struct options {
    int port;
    const char *dir;
    char **command; /* NULL: none */
};

/* The whole process. */
struct run {
    struct sandbox sandbox;
    uv_signal_t signals[2];
    bool ending;
};

/* --- requests --- */

/* 127.0.0.1 or localhost, with the port ${port}, or with any or none when that is NULL. */
static bool is_this_machine(const char *host, const char *port)
{
    size_t name = strcspn(host, ":");
    if (strncmp(host, "127.0.0.1", name) != 0 && strncmp(host, "localhost", name) != 0)
        return false;
    return name == 9 && (port == NULL || strcmp(host + name, port) == 0);
}

/* A page of another site in the same browser must not work the sandbox, not even under a name that
 * leads to this machine. */
static bool is_foreign(const struct sandbox *sandbox, const struct sb_request *request)
{
    const char *host = sandbox_header(request, "Host");
    const char *origin = sandbox_header(request, "Origin");
    if (origin != NULL && (strncmp(origin, "http://", 7) != 0 ||
                           !is_this_machine(origin + 7, strrchr(sandbox->url, ':'))))
        return true;
    return host == NULL || !is_this_machine(host, NULL);
}

static bool begins(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

static void not_found(struct sb_reply *reply)
{
    sandbox_reply_json(reply, 404, json_pack("{s:b, s:s}", "ok", 0, "error", "no_such_path"));
}

static void handle(struct sandbox *sandbox, struct http_exchange *exchange)
{
    const struct sb_request *request = http_request(exchange);
    const char *path = request->path;
    struct sb_reply reply = {0};
    if (is_foreign(sandbox, request))
        sandbox_reply_json(&reply, 403, json_pack("{s:b, s:s}", "ok", 0, "error", "foreign"));
    else if (control_is_away(sandbox) && (begins(path, "/api/") || begins(path, "/response/")))
        reply.cut = true;
    else if (begins(path, "/api/"))
        api_handle(sandbox, request, &reply);
    else if (begins(path, "/aws/") || begins(path, "/_sandbox/market/")) {
        if (!market_handle(sandbox->market, request, &reply))
            not_found(&reply);
    } else if (begins(path, "/_sandbox/")) {
        control_handle(sandbox, exchange);
        return;
    } else if (begins(path, "/response/"))
        response_handle(sandbox, request, &reply);
    else if (!page_serve(path, &reply))
        not_found(&reply);
    http_reply(exchange, &reply);
}

/* --- birth and death --- */

static void close_parts(struct run *run)
{
    struct sandbox *sandbox = &run->sandbox;
    child_close(sandbox->child);
    market_close(sandbox->market);
    tunnel_close(sandbox->tunnel);
    link_close(sandbox->link);
    while (sandbox->timers != NULL)
        sandbox_cancel(sandbox->timers);
    http_close(sandbox->http);
}

static void bot_ended(void *ctx)
{
    struct run *run = ctx;
    for (size_t i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    close_parts(run);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct run *run = handle->data;
    (void)number;
    if (run->ending)
        return;
    run->ending = true;
    child_stop(run->sandbox.child, bot_ended, run);
}

static int open_parts(struct run *run, const struct options *options, struct err *err)
{
    struct sandbox *sandbox = &run->sandbox;
    sandbox->log = log_open();
    sandbox->faults = fault_open();
    sandbox->workspace = workspace_open();
    sandbox->http = http_open(sandbox, options->port, handle, err);
    if (sandbox->http == NULL)
        return -1;
    snprintf(sandbox->url, sizeof(sandbox->url), "http://127.0.0.1:%d", http_port(sandbox->http));
    sandbox->market = market_open(sandbox);
    sandbox->link = link_open(sandbox, err);
    if (sandbox->link == NULL || setup_write(sandbox, options->dir, err) != 0)
        return -1;
    if (options->command != NULL) {
        sandbox->child = child_open(sandbox, options->command, options->dir, err);
        if (sandbox->child == NULL)
            return -1;
    }
    static const int numbers[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&sandbox->loop, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, numbers[i]);
    }
    return 0;
}

static void greet(const struct sandbox *sandbox, const struct options *options)
{
    int port = http_port(sandbox->http);
    if (options->port != 0 && port != options->port)
        printf("port %d is in use, so it is %d\n", options->port, port);
    printf("page %s/\n", sandbox->url);
    printf("slack %s/api/ (Socket Mode on port %d)\n", sandbox->url, link_port(sandbox->link));
    printf("aws %s/aws/\n", sandbox->url);
    printf("files %s/cppo.yaml %s/sandbox.env\n", options->dir, options->dir);
    printf("ready\n");
    if (options->command != NULL)
        printf("Open %s in a browser. Ctrl-C ends it.\n", sandbox->url);
}

static int run_all(const struct options *options)
{
    struct run run = {0};
    struct err err;
    int status = 0;
    uv_loop_init(&run.sandbox.loop);
    if (open_parts(&run, options, &err) == 0) {
        greet(&run.sandbox, options);
    } else {
        fprintf(stderr, "cppo-sandbox: %s\n", err.text);
        status = 1;
        close_parts(&run);
    }
    uv_run(&run.sandbox.loop, UV_RUN_DEFAULT);
    uv_loop_close(&run.sandbox.loop);
    log_close(run.sandbox.log);
    fault_close(run.sandbox.faults);
    workspace_close(run.sandbox.workspace);
    json_decref(run.sandbox.front);
    return status;
}

/* --- the command line --- */

static bool read_port(const char *text, int *port)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 0 || number > 65535) {
        fprintf(stderr, "cppo-sandbox: “%s” is not a port\n", text);
        return false;
    }
    *port = (int)number;
    return true;
}

int main(int count, char **words)
{
    static const struct option names[] = {{"port", required_argument, NULL, 'p'},
                                          {"dir", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct options options = {.port = 8080, .dir = ".build/sandbox"};
    int option;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    while ((option = getopt_long(count, words, "+", names, NULL)) != -1) {
        if (option == 'h') {
            help_print();
            return 0;
        }
        if (option == 'd')
            options.dir = optarg;
        else if (option != 'p' || !read_port(optarg, &options.port)) {
            fputs(help_usage, stderr);
            return 2;
        }
    }
    if (optind < count)
        options.command = words + optind;
    return run_all(&options);
}
