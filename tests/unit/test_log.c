/* The log: its one line an event, and what must never stand in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- catching what goes to stderr --- */

static char caught[64 * 1024];
static FILE *file;
static int kept;

static void begin(void)
{
    file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
}

static const char *end(void)
{
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    caught[fread(caught, 1, sizeof(caught) - 1, file)] = '\0';
    fclose(file);
    return caught;
}

/* What a line says behind its level, without the newline. */
static const char *after_level(void)
{
    char *line = strstr(caught, " level=");
    assert_non_null(line);
    line = strchr(line + 1, ' ');
    assert_non_null(line);
    line[strcspn(line, "\n")] = '\0';
    return line + 1;
}

static const char *shown(const char *value)
{
    begin();
    log_error("e", F_TEXT("k", value));
    end();
    const char *line = after_level();
    assert_memory_equal(line, "event=\"e\" k=", 12);
    return line + 12;
}

static int set_up(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_INFO);
    return 0;
}

/* --- a line --- */

static void a_line_has_time_level_event_and_fields(void **state)
{
    (void)state;
    begin();
    log_info("socket up", F_INT("socket", 7), F_TEXT("host", "wss"), F_INT("far", INT64_MIN));
    const char *line = end();
    static const char form[] = "ts=dddd-dd-ddTdd:dd:dd.dddZ level=info ";
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (form[i] == 'd' && i < 27)
            assert_in_range(line[i], '0', '9');
        else
            assert_int_equal(line[i], form[i]);
    }
    assert_string_equal(line + sizeof(form) - 1,
                        "event=\"socket up\" socket=7 host=\"wss\" far=-9223372036854775808\n");
}

static void an_event_needs_no_fields(void **state)
{
    (void)state;
    begin();
    log_warn("nothing more");
    end();
    assert_string_equal(after_level(), "event=\"nothing more\"");
}

static void a_missing_text_is_a_dash(void **state)
{
    (void)state;
    const char *none = NULL;
    assert_string_equal(shown(none), "\"-\"");
    assert_string_equal(shown(""), "\"\"");
}

static void one_event_is_one_line(void **state)
{
    (void)state;
    begin();
    log_error("two\nlines", F_TEXT("a", "x\r\ny\nz"), F_TEXT("b", "end\n"));
    log_error("next");
    const char *lines = end();
    size_t ends = 0;
    for (const char *at = lines; *at != '\0'; at++)
        ends += *at == '\n';
    assert_int_equal(ends, 2);
    assert_non_null(strstr(lines, "event=\"two\\nlines\" a=\"x\\x0d\\ny\\nz\" b=\"end\\n\"\n"));
}

static void values_are_escaped(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"plain", "\"plain\""},
        {"a \"b\" c", "\"a \\\"b\\\" c\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"\" level=error event=\"forged", "\"\\\" level=error event=\\\"forged\""},
        {"tab\there", "\"tab\\x09here\""},
        {"\x1B[31mred", "\"\\x1b[31mred\""},
        {"\x01\x1F\x7F", "\"\\x01\\x1f\\x7f\""},
        {"ü € 😀", "\"ü € 😀\""},
        {"\xC2\x9B"
         "31mred\xC2\x85",
         "\"\\xc2\\x9b31mred\\xc2\\x85\""}, /* C1: CSI, NEL */
        {"\xE2\x80\xAE"
         "cba\xE2\x81\xA6\xD8\x9C\xE2\x80\x8F",
         "\"\\xe2\\x80\\xaecba\\xe2\\x81\\xa6\\xd8\\x9c\\xe2\\x80\\x8f\""}, /* turned around */
        {"a\xE2\x80\xA8"
         "b",
         "\"a\\xe2\\x80\\xa8b\""}, /* a line of its own */
        {"\x9B"
         "1m \xC3",
         "\"\\x9b1m \\xc3\""}, /* no UTF-8 */
        {"100%s %n", "\"100%s %n\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(shown(rows[i][0]), rows[i][1]);
}

static void long_values_are_cut(void **state)
{
    (void)state;
    char *long_one = text_format("%0500d", 7);
    const char *line = shown(long_one);
    assert_int_equal(strlen(line), 502); /* all of it, and the quotes */
    free(long_one);
    long_one = text_format("%0501d", 7);
    line = shown(long_one);
    assert_int_equal(strlen(line), 505);
    assert_string_equal(line + 499, "00...\"");
    free(long_one);
    long_one = text_format("%0100000d", 7);
    assert_int_equal(strlen(shown(long_one)), 505);
    free(long_one);
}

static void a_cut_leaves_whole_characters(void **state)
{
    (void)state;
    for (int before = 494; before <= 500; before++) {
        char *value = text_format("%0*d😀😀é😀", before, 0);
        const char *line = shown(value);
        assert_true(text_is_utf8(line, strlen(line)));
        assert_non_null(strstr(line, "...\""));
        free(value);
    }
}

/* --- secrets --- */

static void secrets_are_redacted(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"xoxb-1234-5678-AbCd", "xoxb-***"},
        {"xoxp-1-2-3-f00", "xoxp-***"},
        {"xoxa-2-abc", "xoxa-***"},
        {"xoxe.xoxp-1-Mi0yLTE", "xoxe***"},
        {"xapp-1-A0B1-2345-deadbeef", "xapp-***"},
        {"xwfp-abc", "xwfp-***"},
        {"AKIAIOSFODNN7EXAMPLE", "AKIA***"},
        {"ASIAIOSFODNN7EXAMPLE", "ASIA***"},
        {"Authorization: Bearer xoxb-1-2-3", "Authorization: Bearer ***"},
        {"aws_secret_access_key = wJalr/K7+x", "aws_secret_access_key = ***"},
        {"{\"SecretAccessKey\":\"wJalr\",\"a\":1}",
         "{\\\"SecretAccessKey\\\":\\\"***\\\",\\\"a\\\":1}"},
        {"X-Amz-Security-Token=IQoJ//x&b=1", "X-Amz-Security-Token=***&b=1"},
        {"{\"ticket\": \"abc\"}", "{\\\"ticket\\\": \\\"***\\\"}"},
        {"wss://wss-primary.slack.com/link/?ticket=1234-5678&app_id=A1",
         "wss://wss-primary.slack.com/link/?ticket=***&app_id=A1"},
        {"https://x/?X-Amz-Signature=0a1b2c&X-Amz-Date=2",
         "https://x/?X-Amz-Signature=***&X-Amz-Date=2"},
        {"AWS4-HMAC-SHA256 Credential=AKIAI/20260101/us-east-1/aws/aws4_request, "
         "SignedHeaders=host, Signature=00ff00ff",
         "AWS4-HMAC-SHA256 Credential=AKIA***, SignedHeaders=host, Signature=***"},
        {"https://hooks.slack.com/services/T1/B1/xyz", "https://hooks.slack.com/***"},
        {"a xoxb-1, b xapp-2; c", "a xoxb-***, b xapp-***; c"},
        {"ticket=a%2Fb%3D%3D end", "ticket=*** end"},
        {"(xoxb-1)\n", "(xoxb-***)\\n"},
        {"xoxb-", "xoxb-***"},
        {"xoxb", "xoxb"}, /* no token yet */
        {"the ticket was sold", "the ticket was sold"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *wanted = text_format("\"%s\"", rows[i][1]);
        const char *line = shown(rows[i][0]);
        assert_string_equal(line, wanted);
        free(wanted);
    }
    begin();
    log_error("xoxb-1-2-3 in the event");
    end();
    assert_string_equal(after_level(), "event=\"xoxb-*** in the event\"");
}

static void a_secret_at_the_cut_is_redacted_too(void **state)
{
    (void)state;
    for (int before = 480; before <= 501; before++) {
        char *value = text_format("%0*d xoxb-SECRETSECRETSECRETSECRETSECRET", before, 0);
        assert_null(strstr(shown(value), "SECRET"));
        free(value);
    }
    char *value = text_format("xoxb-%0600d tail", 1);
    assert_string_equal(shown(value), "\"xoxb-*** tail\"");
    free(value);
}

/* --- a reader that stands still --- */

enum { STANDING_LINES = 20000 };

/* Everything that the reader can have now. */
static void take_all(int fd, struct text *all)
{
    char buffer[65536];
    ssize_t size;
    while ((size = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0 ||
           (size < 0 && errno == ENOTSOCK && (size = read(fd, buffer, sizeof(buffer))) > 0))
        text_add_bytes(all, buffer, (size_t)size);
}

/* Lines are whole and in order; what is missing is told by number. */
static void expect_accounted(const char *all)
{
    long next = 0;
    for (const char *line = all; *line != '\0'; line = strchr(line, '\n') + 1) {
        const char *number = strstr(line, " n=");
        const char *lost = strstr(line, " lines=");
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        if (lost != NULL && lost < end) {
            next += atol(lost + 7);
        } else {
            assert_true(number != NULL && number < end);
            assert_int_equal(atol(number + 3), next);
            next++;
        }
    }
    assert_int_equal(next, STANDING_LINES + 1);
}

static void stand_still(int reader, int writer)
{
    struct text all = {0};
    kept = dup(STDERR_FILENO);
    dup2(writer, STDERR_FILENO);
    close(writer);
    alarm(60); /* else it would stand for ever */
    for (int i = 0; i < STANDING_LINES; i++)
        log_error("a line that somebody should read", F_INT("n", i), F_TEXT("k", "value"));
    alarm(0);
    assert_int_equal(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0); /* as others have it */
    assert_false(log_flush());
    for (int i = 0; i < 100; i++) {
        take_all(reader, &all);
        if (log_flush())
            break;
    }
    log_error("last", F_INT("n", STANDING_LINES));
    take_all(reader, &all);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(reader);
    assert_non_null(strstr(text_get(&all), "level=warn event=\"log lines lost\" lines="));
    expect_accounted(text_get(&all));
    text_free(&all);
}

static void a_pipe_that_nobody_reads_stops_nobody(void **state)
{
    int pipes[2];
    (void)state;
    assert_int_equal(pipe(pipes), 0);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    stand_still(pipes[0], pipes[1]);
}

static void a_socket_that_nobody_reads_stops_nobody(void **state)
{
    int sockets[2];
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    stand_still(sockets[0], sockets[1]);
}

/* Who may write to it may not open it: another user's pipe. */
static void a_pipe_that_cannot_be_opened_again_stops_nobody(void **state)
{
    int pipes[2];
    uid_t before = geteuid();
    (void)state;
    assert_int_equal(pipe(pipes), 0);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    assert_int_equal(fchmod(pipes[1], 0), 0);
    if (before == 0)
        assert_int_equal(seteuid(65534), 0);
    stand_still(pipes[0], pipes[1]);
    assert_int_equal(seteuid(before), 0);
}

static void a_reader_that_is_gone_stops_nobody(void **state)
{
    int pipes[2];
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(pipes), 0);
    kept = dup(STDERR_FILENO);
    dup2(pipes[1], STDERR_FILENO);
    close(pipes[0]);
    close(pipes[1]);
    for (int i = 0; i < 1000; i++)
        log_error("to nobody");
    assert_true(log_flush());
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* --- levels --- */

static void lines_above_the_level_are_dropped(void **state)
{
    (void)state;
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
        log_set_level((enum log_level)level);
        begin();
        log_error("e");
        log_warn("e");
        log_info("e");
        log_debug("e");
        const char *lines = end();
        for (int i = LOG_LEVEL_ERROR; i <= LOG_LEVEL_DEBUG; i++) {
            char *wanted = text_format(" level=%s event=\"e\"\n", names[i]);
            assert_int_equal(strstr(lines, wanted) != NULL, i <= level);
            free(wanted);
        }
    }
}

static void levels_have_names(void **state)
{
    (void)state;
    assert_int_equal(log_level_named("error"), LOG_LEVEL_ERROR);
    assert_int_equal(log_level_named("warn"), LOG_WARN);
    assert_int_equal(log_level_named("info"), LOG_LEVEL_INFO);
    assert_int_equal(log_level_named("debug"), LOG_LEVEL_DEBUG);
    static const char *const wrong[] = {"",      "Info", "INFO",  "warning",
                                        "trace", "inf",  "info ", "0"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(log_level_named(wrong[i]), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_has_time_level_event_and_fields, set_up),
        cmocka_unit_test_setup(an_event_needs_no_fields, set_up),
        cmocka_unit_test_setup(a_missing_text_is_a_dash, set_up),
        cmocka_unit_test_setup(one_event_is_one_line, set_up),
        cmocka_unit_test_setup(values_are_escaped, set_up),
        cmocka_unit_test_setup(long_values_are_cut, set_up),
        cmocka_unit_test_setup(a_cut_leaves_whole_characters, set_up),
        cmocka_unit_test_setup(secrets_are_redacted, set_up),
        cmocka_unit_test_setup(a_secret_at_the_cut_is_redacted_too, set_up),
        cmocka_unit_test_setup(a_pipe_that_nobody_reads_stops_nobody, set_up),
        cmocka_unit_test_setup(a_socket_that_nobody_reads_stops_nobody, set_up),
        cmocka_unit_test_setup(a_pipe_that_cannot_be_opened_again_stops_nobody, set_up),
        cmocka_unit_test_setup(a_reader_that_is_gone_stops_nobody, set_up),
        cmocka_unit_test_setup(lines_above_the_level_are_dropped, set_up),
        cmocka_unit_test_setup(levels_have_names, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
