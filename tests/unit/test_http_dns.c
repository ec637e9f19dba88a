/* A name server that does not answer must not stop the loop: neither while libcurl asks, nor when
 * it gives up, nor when all is closed. */
#include "http_fixture.h"

#include <netdb.h>
#include <pthread.h>
#include <time.h>

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool asked, answers, gave_up_waiting;
} resolver = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Takes the place of the system's, in libcurl too. It answers when it is told to; after ten seconds
 * the test has failed, but must end. */
int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    struct timespec until;
    (void)name;
    (void)service;
    (void)hints;
    (void)list;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&resolver.mutex);
    resolver.asked = true;
    while (!resolver.answers && !resolver.gave_up_waiting)
        resolver.gave_up_waiting =
            pthread_cond_timedwait(&resolver.changed, &resolver.mutex, &until) != 0;
    pthread_mutex_unlock(&resolver.mutex);
    return EAI_AGAIN;
}

static int let_it_answer(void **state)
{
    pthread_mutex_lock(&resolver.mutex);
    resolver.answers = true;
    pthread_cond_broadcast(&resolver.changed);
    pthread_mutex_unlock(&resolver.mutex);
    return tear_down(state);
}

static bool was_asked(void)
{
    pthread_mutex_lock(&resolver.mutex);
    bool asked = resolver.asked;
    pthread_mutex_unlock(&resolver.mutex);
    return asked;
}

static bool gave_up_waiting(void)
{
    pthread_mutex_lock(&resolver.mutex);
    bool gave_up = resolver.gave_up_waiting;
    pthread_mutex_unlock(&resolver.mutex);
    return gave_up;
}

static void a_silent_name_server_does_not_stop_the_loop(void **state)
{
    struct http_request request = request_for("/");
    (void)state;
    request.url = "https://slow.example/";
    /* Where all is slow, a short call ends before anybody was asked. */
    for (request.timeout_ms = 50; !was_asked() && request.timeout_ms < 10000;
         request.timeout_ms *= 2) {
        call(&request);
        expect_failure(false);
    }
    assert_true(was_asked());
    assert_false(gave_up_waiting());
    text_free(&got.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_silent_name_server_does_not_stop_the_loop, set_up,
                                        let_it_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
