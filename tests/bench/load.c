/* The load generator's loop: who connects, what is driven, when each ack came. */
#include "load.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "load_parts.h"
#include "mem.h"

static const double LOST_MS = 30000;
static const double PING_MS = 5000;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

/* --- TLS --- */

static void add_extensions(X509 *certificate)
{
    static const int kinds[] = {NID_basic_constraints, NID_subject_alt_name};
    static const char *const values[] = {"critical,CA:TRUE", "DNS:localhost,IP:127.0.0.1"};
    for (int i = 0; i < 2; i++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kinds[i], values[i]);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
}

/* A certificate for localhost, which is its own authority. */
static void make_certificate(struct load *load, const char *dir)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"bench", -1, -1,
                               0);
    X509_set_issuer_name(certificate, subject);
    add_extensions(certificate);
    load->tls = SSL_CTX_new(TLS_server_method());
    if (X509_sign(certificate, key, EVP_sha256()) <= 0 ||
        SSL_CTX_use_certificate(load->tls, certificate) != 1 ||
        SSL_CTX_use_PrivateKey(load->tls, key) != 1)
        fail("no certificate");
    SSL_CTX_set_mode(load->tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    snprintf(load->ca, sizeof(load->ca), "%s/load.pem", dir);
    FILE *file = fopen(load->ca, "we");
    if (file == NULL || PEM_write_X509(file, certificate) != 1 || fclose(file) != 0)
        fail("the certificate cannot be written");
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* --- birth and death --- */

struct load *load_open(bool tls, const char *dir)
{
    struct load *load = mem_new(1, sizeof(*load));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    if (tls)
        make_certificate(load, dir);
    load->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (bind(load->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(load->listener, 128) != 0 ||
        getsockname(load->listener, (struct sockaddr *)&address, &size) != 0 ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->listener, &event) != 0)
        fail("cannot listen");
    load->port = ntohs(address.sin_port);
    snprintf(load->url, sizeof(load->url), "%s://localhost:%d/api/", tls ? "https" : "http",
             load->port);
    return load;
}

void load_forget(struct load *load)
{
    while (load->count > 0)
        conn_free(load->conn[--load->count]);
    load->seen = (struct load_seen){0};
    load->withheld = NULL;
}

void load_close(struct load *load)
{
    load_forget(load);
    close(load->listener);
    close(load->epoll);
    SSL_CTX_free(load->tls);
    free(load->sent_ms);
    free(load->us);
    free(load->payload);
    free(load);
}

const char *load_url(const struct load *load)
{
    return load->url;
}

const char *load_ca(const struct load *load)
{
    return load->ca;
}

const struct load_seen *load_seen(const struct load *load)
{
    return &load->seen;
}

void load_withhold(struct load *load, const char *method)
{
    load->withheld = method;
}

/* --- the loop --- */

static void take_connection(struct load *load)
{
    int one = 1;
    int fd = accept4(load->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (load->count == MAX_CONNS)
        fail("too many connections");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    struct conn *conn = conn_new(load, fd);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event);
    load->conn[load->count++] = conn;
}

static void bury(struct load *load)
{
    for (int i = load->count - 1; i >= 0; i--) {
        struct conn *conn = load->conn[i];
        if (!conn->gone)
            continue;
        load->seen.standing -= conn->socket && !conn->silent;
        conn_free(conn);
        load->conn[i] = load->conn[--load->count];
    }
}

static void ping(struct load *load, double at)
{
    if (at < load->pinged_ms + PING_MS)
        return;
    load->pinged_ms = at;
    for (int i = 0; i < load->count; i++) {
        if (load->conn[i]->socket && !load->conn[i]->silent)
            conn_frame(load->conn[i], 9, "bench", 5);
    }
}

static void flush_all(struct load *load)
{
    for (int i = 0; i < load->count; i++) {
        if (load->conn[i]->out.size > 0)
            conn_flush(load->conn[i]);
    }
    bury(load);
}

/* One turn of the loop, which waits for ${wait_ms} at most. */
static void turn(struct load *load, double wait_ms)
{
    struct epoll_event events[64];
    struct timespec wait = {(time_t)(wait_ms / 1e3), (long)(wait_ms * 1e6) % 1000000000L};
    ping(load, bench_now_ms());
    flush_all(load);
    int count = epoll_pwait2(load->epoll, events, 64, &wait, NULL);
    for (int i = 0; i < count; i++) {
        struct conn *conn = events[i].data.ptr;
        if (conn == NULL)
            take_connection(load);
        else
            conn_read(conn);
    }
    flush_all(load);
}

bool load_wait(struct load *load, int sockets, double wait_ms)
{
    double until = bench_now_ms() + wait_ms;
    while (load->seen.standing < sockets && bench_now_ms() < until)
        turn(load, 10);
    return load->seen.standing >= sockets;
}

void load_serve(struct load *load, double ms)
{
    double until = bench_now_ms() + ms;
    for (double at; (at = bench_now_ms()) < until;)
        turn(load, until - at < 10 ? until - at : 10);
}

/* --- sockets that go --- */

void load_refresh(struct load *load)
{
    static const char text[] = "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\","
                               "\"debug_info\":{\"host\":\"bench\"}}";
    for (int i = 0; i < load->count; i++) {
        if (load->conn[i]->socket)
            conn_frame(load->conn[i], 1, text, strlen(text));
    }
    flush_all(load);
}

void load_cut(struct load *load)
{
    for (int i = 0; i < load->count; i++)
        load->conn[i]->gone |= load->conn[i]->socket;
    bury(load);
}

void load_fall_silent(struct load *load)
{
    for (int i = 0; i < load->count; i++) {
        struct conn *conn = load->conn[i];
        if (!conn->socket || conn->silent)
            continue;
        conn->silent = true;
        load->seen.standing--;
        epoll_ctl(load->epoll, EPOLL_CTL_DEL, conn->fd, NULL);
    }
}

/* --- envelopes --- */

static struct conn *next_socket(struct load *load)
{
    for (int i = 0; i < load->count; i++) {
        struct conn *conn = load->conn[++load->turn % load->count];
        if (conn->socket && !conn->silent && !conn->closing && !conn->gone)
            return conn;
    }
    return NULL;
}

static void send_one(struct load *load, const struct drive *drive)
{
    struct conn *conn = next_socket(load);
    size_t at = (size_t)(load->next - load->first);
    if (conn == NULL)
        return;
    if (at == load->room) {
        load->room = load->room > 0 ? 2 * load->room : 65536;
        load->sent_ms = mem_resize(load->sent_ms, load->room, sizeof(*load->sent_ms));
        load->us = mem_resize(load->us, load->room, sizeof(*load->us));
    }
    const struct text *text = mail_write(drive->mail, load->next++);
    conn_frame(conn, 1, text->bytes, text->size);
    if (load->tls != NULL) /* as a record of its own, as Slack's are */
        conn_flush(conn);
    load->sent_ms[at] = bench_now_ms();
}

static void keep_payload(struct load *load, const char *bytes, size_t size)
{
    static const char key[] = "\"payload\":";
    const char *at = memmem(bytes, size, key, strlen(key));
    if (load->payload != NULL || at == NULL)
        return;
    load->payload = mem_slice(bytes, size);
}

void load_message(struct load *load, const char *bytes, size_t size)
{
    long number = mail_acked(bytes, size);
    if (number < load->first || number >= load->next || load->sent_ms[number - load->first] < 0)
        return;
    double *sent_ms = &load->sent_ms[number - load->first];
    load->last_ms = bench_now_ms();
    load->us[load->acked++] = (long)((load->last_ms - *sent_ms) * 1e3);
    *sent_ms = -1;
    keep_payload(load, bytes, size);
}

/* May another be sent at ${at}? */
static bool may_send(const struct load *load, const struct drive *drive, double began, double at)
{
    long sent = load->next - load->first;
    bool wanted = drive->count > 0 ? sent < drive->count : at < began + drive->seconds * 1e3;
    if (!wanted)
        return false;
    return drive->in_flight > 0 ? sent - load->acked < drive->in_flight
                                : at >= began + (double)sent * 1e3 / drive->per_second;
}

static bool all_sent(const struct load *load, const struct drive *drive, double began, double at)
{
    return drive->count > 0 ? load->next - load->first >= drive->count
                            : at >= began + drive->seconds * 1e3;
}

static double pause_ms(const struct load *load, const struct drive *drive, double began, double at)
{
    if (drive->in_flight > 0)
        return 10;
    double due = began + (double)(load->next - load->first) * 1e3 / drive->per_second;
    return due > at && due < at + 10 ? due - at : due <= at ? 0 : 10;
}

/* What was measured, out of what was noted. */
static void sum_up(struct load *load, double began, struct driven *driven)
{
    *driven = (struct driven){.acked = load->acked,
                              .lost = load->next - load->first - load->acked,
                              .seconds = (load->last_ms - began) / 1e3,
                              .payload = load->payload};
    load->payload = NULL;
    if (load->acked == 0)
        return;
    size_t count = (size_t)load->acked;
    bench_sort(load->us, count);
    driven->p50_ms = (double)load->us[count / 2] / 1e3;
    driven->p99_ms = (double)load->us[count * 99 / 100] / 1e3;
    driven->worst_ms = (double)load->us[count - 1] / 1e3;
}

void load_drive(struct load *load, const struct drive *drive, struct driven *driven)
{
    double began = bench_now_ms();
    load->first = load->next;
    load->acked = 0;
    load->last_ms = began;
    for (;;) {
        double at = bench_now_ms();
        while (load->seen.standing > 0 && may_send(load, drive, began, at))
            send_one(load, drive);
        bool over = all_sent(load, drive, began, at);
        if (over && load->acked == load->next - load->first)
            break;
        if (at > load->last_ms + LOST_MS)
            break;
        turn(load, over ? 10 : pause_ms(load, drive, began, at));
    }
    sum_up(load, began, driven);
}
