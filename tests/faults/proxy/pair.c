/* One connection through a proxy: two sockets, two directions. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "proxy_parts.h"

struct write {
    uv_write_t request;
    char bytes[];
};

static void pump(struct lane *lane);

/* --- the end --- */

static void let_go(struct pair *pair)
{
    if (--pair->handles > 0)
        return;
    for (int i = 0; i < WAYS; i++)
        text_free(&pair->lanes[i].held);
    free(pair);
}

static void on_closed(uv_handle_t *handle)
{
    let_go(handle->data);
}

static void on_timer_closed(uv_handle_t *handle)
{
    const struct lane *lane = handle->data;
    let_go(lane->pair);
}

void pair_go(struct pair *pair, bool reset)
{
    struct proxy *proxy = pair->proxy;
    struct pair **at = &proxy->pairs;
    if (pair->gone)
        return;
    pair->gone = true;
    while (*at != pair)
        at = &(*at)->next;
    *at = pair->next;
    if (proxy->planned_for == pair)
        proxy->planned_for = NULL;
    for (int i = 0; i < WAYS; i++) {
        uv_handle_t *end = (uv_handle_t *)&pair->ends[i];
        uv_close((uv_handle_t *)&pair->timers[i], on_timer_closed);
        if (uv_is_closing(end)) /* one that fell into the hole */
            continue;
        if (!reset || uv_tcp_close_reset(&pair->ends[i], on_closed) != 0)
            uv_close(end, on_closed);
    }
}

static void on_shut(uv_shutdown_t *request, int status)
{
    (void)status;
    free(request);
}

static void shut(uv_tcp_t *end)
{
    uv_shutdown_t *request = mem_new(1, sizeof(*request));
    if (uv_shutdown(request, (uv_stream_t *)end, on_shut) != 0)
        free(request);
}

/* --- what is done to it --- */

static void note_deed(struct proxy *proxy)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    proxy->struck_at = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_stall_over(uv_timer_t *timer)
{
    struct lane *lane = timer->data;
    lane->stalled = false;
    pump(lane);
}

void pair_strike(struct pair *pair, enum strike strike, enum way way, long stall_ms)
{
    note_deed(pair->proxy);
    switch (strike) {
    case STRIKE_RESET:
        pair_go(pair, true);
        break;
    case STRIKE_FIN:
        pair->deaf = true; /* what comes is dropped until both have ended as well */
        for (int i = 0; i < WAYS; i++)
            shut(&pair->ends[i]);
        break;
    case STRIKE_STALL:
        pair->lanes[way].stalled = true;
        if (stall_ms > 0)
            uv_timer_start(&pair->timers[way], on_stall_over, (uint64_t)stall_ms, 0);
        break;
    case STRIKE_HOLE:
        pair->hole = true;
        break;
    }
}

void pair_bury(struct pair *pair)
{
    if (pair->hole || pair->lanes[0].stalled || pair->lanes[1].stalled)
        pair_go(pair, true);
}

/* --- passing on --- */

/* Bytes until the record's end, or its head's. */
static size_t to_boundary(const struct records *records)
{
    return records->have < RECORD_HEAD ? RECORD_HEAD - records->have : records->left;
}

/* Count ${size} bytes that are within one record, or within its head: true, it is whole. */
static bool count_bytes(struct records *records, const char *bytes, size_t size)
{
    if (records->have < RECORD_HEAD) {
        memcpy(records->head + records->have, bytes, size);
        records->have += size;
        if (records->have == RECORD_HEAD)
            records->left = (size_t)records->head[3] << 8 | records->head[4];
    } else {
        records->left -= size;
    }
    if (records->have < RECORD_HEAD || records->left > 0)
        return false;
    records->have = 0;
    return true;
}

/* The plan that stands over this direction; NULL: none. */
static struct plan *plan_of(const struct lane *lane)
{
    struct proxy *proxy = lane->pair->proxy;
    bool mine = proxy->planned && !proxy->carried_out && proxy->plan.way == lane->way &&
                (!proxy->for_next || proxy->planned_for == lane->pair);
    return mine ? &proxy->plan : NULL;
}

/* Is it time? Then it is done. */
static bool carry_out(struct lane *lane)
{
    struct plan *plan = plan_of(lane);
    struct proxies *proxies = lane->pair->proxy->proxies;
    if (plan == NULL || plan->records > 0 || plan->bytes > 0)
        return false;
    pthread_mutex_lock(&proxies->lock);
    lane->pair->proxy->carried_out = true;
    pthread_cond_broadcast(&proxies->news);
    pthread_mutex_unlock(&proxies->lock);
    pair_strike(lane->pair, plan->strike, lane->way, plan->stall_ms);
    return true;
}

static void on_written(uv_write_t *request, int status)
{
    (void)status; /* the reading side hears of it as well */
    free(request);
}

static void write_some(struct lane *lane, const char *bytes, size_t size)
{
    struct write *write = mem_new(1, sizeof(*write) + size);
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)size);
    memcpy(write->bytes, bytes, size);
    if (uv_write(&write->request, (uv_stream_t *)lane->to, &buffer, 1, on_written) != 0)
        free(write);
}

static void pass(struct lane *lane, size_t size)
{
    struct proxy *proxy = lane->pair->proxy;
    struct plan *plan = plan_of(lane);
    const char *bytes = lane->held.bytes + lane->at;
    write_some(lane, bytes, size);
    lane->at += size;
    proxy->bytes[lane->way] += (long)size;
    if (plan != NULL && plan->records == 0)
        plan->bytes -= (long)size;
    for (size_t done = 0; done < size;) {
        size_t part = to_boundary(&lane->records);
        part = part < size - done ? part : size - done;
        if (count_bytes(&lane->records, bytes + done, part)) {
            proxy->records[lane->way]++;
            if (plan != NULL && plan->records > 0)
                plan->records--;
        }
        done += part;
    }
}

/* How much may go in one piece. */
static size_t piece_of(const struct lane *lane)
{
    const struct proxy *proxy = lane->pair->proxy;
    const struct plan *plan = plan_of(lane);
    size_t size = lane->held.size - lane->at;
    if (proxy->piece > 0 && size > proxy->piece)
        size = proxy->piece;
    if (plan != NULL && plan->records > 0 && size > to_boundary(&lane->records))
        size = to_boundary(&lane->records);
    else if (plan != NULL && plan->records == 0 && size > (size_t)plan->bytes)
        size = (size_t)plan->bytes;
    return size;
}

static void on_next_piece(uv_timer_t *timer)
{
    pump(timer->data);
}

static void pump(struct lane *lane)
{
    struct pair *pair = lane->pair;
    struct proxy *proxy = pair->proxy;
    if (pair->gone || pair->deaf || pair->hole || !pair->connected)
        return;
    if (uv_is_active((uv_handle_t *)&pair->timers[lane->way])) /* its time will come */
        return;
    while (!carry_out(lane) && lane->at < lane->held.size && !lane->stalled) {
        pass(lane, piece_of(lane));
        if (proxy->piece > 0 && !carry_out(lane) && !lane->stalled) {
            uv_timer_start(&pair->timers[lane->way], on_next_piece, (uint64_t)proxy->every_ms, 0);
            return;
        }
    }
    if (pair->gone || pair->deaf || pair->hole || lane->stalled || lane->at < lane->held.size)
        return;
    text_clear(&lane->held);
    lane->at = 0;
    if (lane->ended && !lane->shut) {
        lane->shut = true;
        shut(lane->to);
    }
    if (pair->lanes[0].shut && pair->lanes[1].shut)
        pair_go(pair, false);
}

/* --- coming --- */

static void allocate(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle;
    *buffer = uv_buf_init(mem_new(wanted, 1), (unsigned)wanted);
}

/* The stream of this side is over: nobody hears of it who is beyond a hole. */
static void on_end(struct lane *lane, bool reset)
{
    struct pair *pair = lane->pair;
    lane->ended = true;
    uv_read_stop((uv_stream_t *)lane->from);
    if (pair->hole) {
        uv_close((uv_handle_t *)lane->from, on_closed);
        if (pair->lanes[!lane->way].ended)
            pair_go(pair, true);
    } else if (reset || (pair->deaf && pair->lanes[!lane->way].ended)) {
        pair_go(pair, reset);
    } else if (!pair->deaf) {
        pump(lane);
    }
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct pair *pair = stream->data;
    struct lane *lane = &pair->lanes[stream == (uv_stream_t *)&pair->ends[0] ? TO_SERVER : TO_BOT];
    if (count < 0) {
        on_end(lane, count != UV_EOF);
    } else if (count > 0 && !pair->hole && !pair->deaf) {
        text_add_bytes(&lane->held, buffer->base, (size_t)count);
        pump(lane);
    }
    free(buffer->base);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct pair *pair = request->data;
    if (pair->gone)
        return;
    if (status != 0) {
        pair_go(pair, true);
        return;
    }
    pair->connected = true;
    uv_tcp_nodelay(&pair->ends[1], 1);
    uv_read_start((uv_stream_t *)&pair->ends[1], allocate, on_bytes);
    pump(&pair->lanes[TO_SERVER]);
    if (!pair->gone)
        pump(&pair->lanes[TO_BOT]);
}

static struct pair *new_pair(struct proxy *proxy)
{
    struct pair *pair = mem_new(1, sizeof(*pair));
    uv_loop_t *loop = &proxy->proxies->loop;
    pair->proxy = proxy;
    for (int i = 0; i < WAYS; i++) {
        uv_tcp_init(loop, &pair->ends[i]);
        uv_timer_init(loop, &pair->timers[i]);
        pair->ends[i].data = pair;
        pair->handles += 2;
        pair->lanes[i] = (struct lane){
            .pair = pair, .way = (enum way)i, .from = &pair->ends[i], .to = &pair->ends[!i]};
        pair->timers[i].data = &pair->lanes[i];
    }
    pair->connect.data = pair;
    return pair;
}

void pair_take(struct proxy *proxy, uv_stream_t *listener)
{
    struct pair *pair = new_pair(proxy);
    struct sockaddr_in server;
    pair->next = proxy->pairs;
    proxy->pairs = pair;
    if (proxy->planned && proxy->for_next && !proxy->carried_out && proxy->planned_for == NULL)
        proxy->planned_for = pair;
    uv_ip4_addr("127.0.0.1", proxy->target, &server);
    if (uv_accept(listener, (uv_stream_t *)&pair->ends[0]) != 0 ||
        uv_read_start((uv_stream_t *)&pair->ends[0], allocate, on_bytes) != 0 ||
        uv_tcp_connect(&pair->connect, &pair->ends[1], (struct sockaddr *)&server, on_connected) !=
            0) {
        pair_go(pair, true);
        return;
    }
    uv_tcp_nodelay(&pair->ends[0], 1);
}
