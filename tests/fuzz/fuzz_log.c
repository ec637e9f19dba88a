/* Anything as the value of a field in the log: one line comes out, from which the value can be read
 * again, and no secret in it. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "log.h"

/* What was written on the log, on the heap. */
static char *logged(const char *value)
{
    static int instead = -1, before;
    struct text line = {0};
    char part[4096];
    if (instead < 0) {
        instead = memfd_create("log", MFD_CLOEXEC);
        before = dup(STDERR_FILENO);
        must(instead >= 0 && before >= 0, "there is a file for it");
    }
    dup2(instead, STDERR_FILENO);
    log_error("fuzzed", F_TEXT("value", value), F_INT("after", 7));
    dup2(before, STDERR_FILENO);
    lseek(instead, 0, SEEK_SET);
    for (ssize_t got; (got = read(instead, part, sizeof(part))) > 0;)
        text_add_bytes(&line, part, (size_t)got);
    must(ftruncate(instead, 0) == 0 && lseek(instead, 0, SEEK_SET) == 0, "it begins anew");
    return text_take(&line);
}

/* The end of the value that starts there, NULL when none ends. */
static const char *end_of_value(const char *at)
{
    for (; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && *++at == '\0')
            return NULL;
    }
    return *at == '"' ? at : NULL;
}

/* What stands between ${from} and ${to}, read as the log's format says. On the heap. */
static char *read_again(const char *from, const char *to)
{
    struct text value = {0};
    for (; from < to; from++) {
        char c = *from;
        if (c == '\\') {
            c = *++from == 'n' ? '\n' : *from;
            if (c == 'x') {
                c = (char)strtol((char[]){from[1], from[2], '\0'}, NULL, 16);
                from += 2;
            }
        }
        text_add_bytes(&value, &c, 1);
    }
    return text_take(&value);
}

/* What is no secret is there: whole, or as far as the line had room. */
static void judge_value(const char *value, const char *from, const char *to)
{
    char *again = read_again(from, to);
    size_t size = strlen(again);
    bool redacted = strstr(again, "***") != NULL;
    bool cut = to - from >= 500 && size >= 3 && strcmp(again + size - 3, "...") == 0;
    must(to - from < 550, "a value is cut");
    must(redacted || strcmp(again, value) == 0 || (cut && strncmp(again, value, size - 3) == 0),
         "a value can be read again");
    free(again);
}

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static void judge_secrets(const char *line)
{
    static const char *const marks[] = {"xoxb-", "xoxp-", "xapp-", "AKIA", "ASIA"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        for (const char *at = line; (at = strstr(at, marks[i])) != NULL; at++)
            must(!is_token(at[strlen(marks[i])]), "what follows a token's mark is redacted out");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    char *value = fuzz_rest(&fuzz);
    char *line = logged(value);
    size_t length = strlen(line);
    must(length > 0 && line[length - 1] == '\n', "a line ends");
    for (size_t i = 0; i + 1 < length; i++)
        must((unsigned char)line[i] >= 0x20 && line[i] != 0x7F, "one event is one line");
    const char *shown = strstr(line, " value=\"");
    must(shown != NULL, "the value is there");
    const char *end = end_of_value(shown + strlen(" value=\""));
    must(end != NULL && strcmp(end, "\" after=7\n") == 0, "the value ends where it ends");
    judge_value(value, shown + strlen(" value=\""), end);
    must(!fuzz_utf8(value) || fuzz_utf8(line), "no character is cut in two");
    judge_secrets(line);
    free(value);
    free(line);
    return 0;
}
