/* AWS as the engine sees it, where the credentials are not what they should be. */
#include "http_fixture.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "mem.h"
#include "run/ports.h"

static int64_t later_s; /* so much time went by unseen */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long failed = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME)
        now->tv_sec += later_s;
    return (int)failed;
}

static struct {
    int finished, alarms;
    enum outcome outcome;
    char alarm[400];
} seen;

static void on_finish(void *ctx, int64_t effect, const struct completion *completion)
{
    (void)ctx;
    (void)effect;
    seen.finished++;
    seen.outcome = completion->outcome;
    uv_stop(&loop);
}

static void on_alarm(void *ctx, const char *text)
{
    (void)ctx;
    seen.alarms++;
    text_fit(seen.alarm, sizeof(seen.alarm), text);
}

/* What STS says to a signature by a wrong secret, with AWS's time, which is ${off_s} from ours. */
static char *refusal(int64_t off_s)
{
    static const char body[] = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"
                               "<Message>It does not match.</Message></Error></ErrorResponse>";
    char date[60];
    struct tm utc;
    time_t theirs = time(NULL) + off_s;
    gmtime_r(&theirs, &utc);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return text_format("HTTP/1.1 403 Forbidden\r\nDate: %s\r\nContent-Type: text/xml\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       date, strlen(body), body);
}

static void keys_are_there(void)
{
    char endpoint[60];
    log_set_level(LOG_LEVEL_ERROR);
    snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server.port);
    setenv("AWS_ENDPOINT_URL_STS", endpoint, 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
}

static void ask(struct aws_port *port, const char *answer)
{
    static const struct effect_call call = {.effect = 7,
                                            .name = "aws:DescribeChangeSet",
                                            .kind = EFFECT_READ,
                                            .body = "{\"changeSetId\":\"c\"}",
                                            .body_size = 19};
    int before = seen.finished;
    server.answer = answer;
    aws_port_run(port, &call);
    while (seen.finished == before)
        uv_run(&loop, UV_RUN_DEFAULT);
}

/* Ours, and for whatever else is asked nothing of use. */
static const char identity[] = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
                               "<R><Account>111122223333</Account>     \n</R>";

static void agreements_are_asked_for_where_they_are(void **state)
{
    struct config config = {.aws_account = mem_copy("111122223333"), .aws_profile = mem_copy("")};
    const struct port_results results = {
        .complete = on_finish,
        .alarm = on_alarm,
        .ctx = NULL,
    };
    static const struct effect_call call = {.effect = 7,
                                            .name = "aws:SearchAgreements",
                                            .kind = EFFECT_READ,
                                            .body = "{}",
                                            .body_size = 2};
    static const char *const parts[] = {
        "POST /agreements/ HTTP", "Content-Type: application/x-amz-json-1.0\r\n",
        "X-Amz-Target: AWSMPCommerceService_v20200301.SearchAgreements\r\n",
        "/us-east-1/aws-marketplace/aws4_request", ";x-amz-target,"};
    char endpoint[60];
    (void)state;
    keys_are_there();
    snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/agreements/", server.port);
    setenv("AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT", endpoint, 1);
    struct aws_port *port = aws_port_new(http, &loop, &config, &results);
    server.answer = identity;
    seen.finished = 0;
    aws_port_run(port, &call);
    while (seen.finished == 0)
        uv_run(&loop, UV_RUN_DEFAULT);
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (strstr(text_get(&server.request), parts[i]) == NULL)
            fail_msg("“%s” is not in: %s", parts[i], text_get(&server.request));
    }
    aws_port_free(port);
    free(config.aws_account);
    free(config.aws_profile);
}

static void a_secret_that_is_wrong_is_told_and_a_clock_that_is_off_is_mended(void **state)
{
    struct config config = {.aws_account = mem_copy("111122223333"), .aws_profile = mem_copy("")};
    const struct port_results results = {
        .complete = on_finish,
        .alarm = on_alarm,
        .ctx = NULL,
    };
    (void)state;
    keys_are_there();
    struct aws_port *port = aws_port_new(http, &loop, &config, &results);
    seen.alarms = 0;
    char *off = refusal(600);
    ask(port, off);
    assert_int_equal(seen.outcome, OUTCOME_RETRY);
    assert_int_equal(seen.alarms, 0); /* signed by the right time it may be taken */
    char *still = refusal(600);
    ask(port, still);
    assert_int_equal(seen.outcome, OUTCOME_RETRY);
    assert_int_equal(seen.alarms, 1);
    assert_non_null(strstr(seen.alarm, "secret key"));
    aws_port_free(port);
    free(off);
    free(still);
    free(config.aws_account);
    free(config.aws_profile);
}

/* A profile "p" whose credentials come from a program and expire soon; the directory's name into
 * ${dir}. */
static void a_program_gives_keys(char *dir)
{
    char path[60];
    char ends[40];
    struct tm utc;
    time_t soon = time(NULL) + 300;
    gmtime_r(&soon, &utc);
    strftime(ends, sizeof(ends), "%Y-%m-%dT%H:%M:%SZ", &utc);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/keys", dir);
    FILE *file = fopen(path, "we");
    fprintf(file,
            "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\","
            "\"SessionToken\":\"T\",\"Expiration\":\"%s\"}",
            ends);
    fclose(file);
    snprintf(path, sizeof(path), "%s/config", dir);
    file = fopen(path, "we");
    fprintf(file, "[profile p]\ncredential_process = cat %s/keys\n", dir);
    fclose(file);
    setenv("AWS_CONFIG_FILE", path, 1);
}

static void forget_program(const char *dir)
{
    static const char *const files[] = {"keys", "config"};
    char path[60];
    for (size_t i = 0; i < COUNT(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
    unsetenv("AWS_CONFIG_FILE");
}

/* The credentials are renewed before they expire, and are those of another account now. */
static void renewed_keys_are_of_our_account_or_nothing_is_sent(void **state)
{
    static const char other[] = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
                                "<R><Account>444455556666</Account>     \n</R>";
    struct config config = {.aws_account = mem_copy("111122223333"), .aws_profile = mem_copy("p")};
    const struct port_results results = {
        .complete = on_finish,
        .alarm = on_alarm,
        .ctx = NULL,
    };
    char dir[] = "/tmp/cppo-keys-XXXXXX";
    char endpoint[60];
    (void)state;
    keys_are_there();
    a_program_gives_keys(dir);
    snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server.port);
    setenv("AWS_ENDPOINT_URL_MARKETPLACE_CATALOG", endpoint, 1);
    seen.alarms = 0;
    struct aws_port *port = aws_port_new(http, &loop, &config, &results);
    ask(port, identity);
    later_s = 40;            /* the next one has them renewed, while the old are good */
    while (seen.alarms == 0) /* the program has its time */
        ask(port, other);
    assert_int_equal(seen.alarms, 1);
    assert_non_null(strstr(seen.alarm, "444455556666"));
    assert_int_equal(seen.outcome, OUTCOME_RETRY);
    later_s = 0;
    forget_program(dir);
    aws_port_free(port);
    free(config.aws_account);
    free(config.aws_profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(agreements_are_asked_for_where_they_are),
        TEST(renewed_keys_are_of_our_account_or_nothing_is_sent),
        TEST(a_secret_that_is_wrong_is_told_and_a_clock_that_is_off_is_mended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
