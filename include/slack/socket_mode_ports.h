/* What the client of Socket Mode acts through (slack/socket_mode.h). */
#ifndef CPPO_SLACK_SOCKET_MODE_PORTS_H
#define CPPO_SLACK_SOCKET_MODE_PORTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct socket_mode_ports {
    int64_t (*now)(void *ctx); /* monotonic, ms */
    uint32_t (*random)(void *ctx);
    /* Ask apps.connections.open; answer with socket_mode_address or socket_mode_no_address. */
    void (*ask)(void *ctx, uint64_t serial);
    /* Connect; then socket_mode_up, _text, _alive, _pong, _down. False: it cannot even be tried. */
    bool (*connect)(void *ctx, uint64_t serial, const char *url);
    int (*send)(void *ctx, uint64_t serial, const char *bytes, size_t size);
    void (*ping)(void *ctx, uint64_t serial);
    void (*close)(void *ctx, uint64_t serial); /* socket_mode_down follows, later */
    /* A frame that is no hello and no disconnect: an envelope, or something odd. Takes ${frame}. */
    void (*frame)(void *ctx, uint64_t serial, json_t *frame);
    void (*hello)(void *ctx, uint64_t serial);  /* usable from now on */
    void (*alarm)(void *ctx, const char *text); /* an operator should know */
    void (*wake_at)(void *ctx, int64_t when);   /* call socket_mode_tick then */
    void *ctx;
};

#endif
