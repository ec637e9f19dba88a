/* How a connection ends: closed, cut by its guard, or lost; it is told once, and freed when the
 * library, the dialing and the guard have all let go of it. */
#include <stdlib.h>

#include "websocket_parts.h"

static void on_guard_closed(uv_handle_t *handle)
{
    struct websocket *socket = handle->data;
    assert(socket->ended && socket->dial == NULL && socket->wsi == NULL);
    struct websocket **link = &socket->sockets->first;
    while (*link != socket)
        link = &(*link)->next;
    *link = socket->next;
    text_free(&socket->out);
    text_free(&socket->message);
    free(socket->host);
    free(socket->path);
    free(socket);
}

void websocket_let_go(struct websocket *socket)
{
    if (socket->dial == NULL && socket->wsi == NULL &&
        !uv_is_closing((uv_handle_t *)&socket->guard))
        uv_close((uv_handle_t *)&socket->guard, on_guard_closed);
}

void websocket_end(struct websocket *socket, const char *why)
{
    if (!socket->ended) {
        socket->ended = true;
        socket->events.down(socket->ctx, socket->why[0] != '\0' ? socket->why : why);
    }
    websocket_let_go(socket);
}

void websocket_kill(struct websocket *socket, const char *why)
{
    if (socket->why[0] == '\0')
        text_fit(socket->why, sizeof(socket->why), why);
    if (socket->dial != NULL)
        dial_cancel(socket->dial);
    socket->dial = NULL;
    if (socket->wsi != NULL)
        lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    else
        websocket_end(socket, why);
}

static void on_guard(uv_timer_t *timer)
{
    struct websocket *socket = timer->data;
    websocket_kill(socket, socket->closing ? "closed" : "it did not come up in time");
}

void websocket_guard(struct websocket *socket, uint64_t ms)
{
    uv_timer_start(&socket->guard, on_guard, ms, 0);
}

/* The library may say it in more than one way, and may speak again when the socket is gone: the
 * first word counts. */
void websocket_drop(struct websocket *socket, struct lws *wsi, const char *why)
{
    lws_set_wsi_user(wsi, NULL);
    socket->wsi = NULL;
    websocket_end(socket, why);
}
