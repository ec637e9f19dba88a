#include "io/syncer.h"

#include <assert.h>
#include <stdlib.h>

#include "mem.h"

enum state { IDLE, WANTED, DONE, ENDING };

struct syncer {
    struct store *store;
    void (*done)(void *ctx, int64_t took);
    void *ctx;
    uv_thread_t thread;
    uv_async_t answered;
    uv_mutex_t mutex;
    uv_cond_t changed;
    enum state state; /* this and the next: by whoever holds the mutex */
    int64_t took;
};

static void work(void *ctx)
{
    struct syncer *syncer = ctx;
    uv_mutex_lock(&syncer->mutex);
    for (;;) {
        while (syncer->state == IDLE || syncer->state == DONE)
            uv_cond_wait(&syncer->changed, &syncer->mutex);
        if (syncer->state == ENDING)
            break;
        uv_mutex_unlock(&syncer->mutex);
        int64_t took = store_sync(syncer->store);
        uv_mutex_lock(&syncer->mutex);
        syncer->took = took;
        syncer->state = DONE;
        uv_cond_signal(&syncer->changed);
        uv_async_send(&syncer->answered);
    }
    uv_mutex_unlock(&syncer->mutex);
}

/* It may come late: when somebody waited for it, and when the next is under way by now. */
static void on_answered(uv_async_t *answered)
{
    struct syncer *syncer = answered->data;
    uv_mutex_lock(&syncer->mutex);
    bool is_done = syncer->state == DONE;
    int64_t took = syncer->took;
    if (is_done)
        syncer->state = IDLE;
    uv_mutex_unlock(&syncer->mutex);
    if (is_done)
        syncer->done(syncer->ctx, took);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static int begin(struct syncer *syncer)
{
    int failed = uv_mutex_init(&syncer->mutex);
    if (failed == 0)
        failed = uv_cond_init(&syncer->changed);
    if (failed == 0)
        failed = uv_thread_create(&syncer->thread, work, syncer);
    return failed;
}

struct syncer *syncer_start(uv_loop_t *loop, struct store *store,
                            void (*done)(void *ctx, int64_t took), void *ctx, struct err *err)
{
    struct syncer *syncer = mem_new(1, sizeof(*syncer));
    *syncer = (struct syncer){.store = store, .done = done, .ctx = ctx};
    syncer->answered.data = syncer;
    int failed = uv_async_init(loop, &syncer->answered, on_answered);
    if (failed != 0) {
        err_set(err, "there is no way back from a thread to the loop: %s", uv_strerror(failed));
        free(syncer);
        return NULL;
    }
    failed = begin(syncer);
    if (failed == 0)
        return syncer;
    err_set(err, "there is no thread to wait for the disk: %s", uv_strerror(failed));
    uv_close((uv_handle_t *)&syncer->answered, on_closed);
    return NULL;
}

static void set(struct syncer *syncer, enum state state)
{
    uv_mutex_lock(&syncer->mutex);
    assert(syncer->state == IDLE);
    syncer->state = state;
    uv_cond_signal(&syncer->changed);
    uv_mutex_unlock(&syncer->mutex);
}

void syncer_sync(struct syncer *syncer)
{
    set(syncer, WANTED);
}

int64_t syncer_wait(struct syncer *syncer)
{
    uv_mutex_lock(&syncer->mutex);
    assert(syncer->state == WANTED || syncer->state == DONE);
    while (syncer->state != DONE)
        uv_cond_wait(&syncer->changed, &syncer->mutex);
    syncer->state = IDLE;
    int64_t took = syncer->took;
    uv_mutex_unlock(&syncer->mutex);
    return took;
}

void syncer_close(struct syncer *syncer)
{
    if (syncer == NULL)
        return;
    set(syncer, ENDING);
    uv_thread_join(&syncer->thread);
    uv_mutex_destroy(&syncer->mutex);
    uv_cond_destroy(&syncer->changed);
    uv_close((uv_handle_t *)&syncer->answered, on_closed);
}
