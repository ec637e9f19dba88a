/* Headers that steer us, Retry-After and Date, and the answer that comes with them: the status (a
 * byte), the header up to a 0x1E, the body. */
#include <time.h>

#include "fuzz.h"
#include "io/http.h"
#include "slack/api.h"

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The shape that everybody must send (IMF-fixdate), by way of writing it: the moment is found where
 * what is written equals what was read. */
static void judge_date(const char *text)
{
    int64_t seconds = http_date(text);
    char again[64];
    struct tm utc;
    must(seconds >= -1, "a moment is after 1970, or none");
    time_t moment = seconds >= 0 ? seconds : 0;
    gmtime_r(&moment, &utc);
    if (seconds < 0 || utc.tm_year > 9999 - 1900)
        return;
    snprintf(again, sizeof(again), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
             utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
             utc.tm_sec);
    must(http_date(again) == seconds, "a moment that is written anew is the same");
}

static void judge_answer(const char *header, const char *body, int status)
{
    struct slack_answer answer;
    size_t digits = strspn(header, "0123456789");
    slack_answer_read(&answer, status, true, body, strlen(body), header);
    must(answer.retry_after_ms >= -1 && answer.retry_after_ms <= INT64_C(900000),
         "nobody makes us wait longer than a quarter of an hour");
    if (digits > 0 && digits < 4 && header[digits] == '\0' && strtol(header, NULL, 10) <= 900)
        must(answer.retry_after_ms == strtol(header, NULL, 10) * 1000, "we wait as long as asked");
    must((answer.outcome == OUTCOME_OK) == (answer.code[0] == '\0'), "a failure has a code");
    must(answer.code[0] == '\0' || answer.text[0] != '\0', "a failure is told in words");
    must(status == 200 || answer.outcome != OUTCOME_OK, "only 200 is good");
    must(fuzz_utf8(answer.code) && fuzz_utf8(answer.text), "no character is cut in two");
    slack_answer_clear(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 429, 500, 503, 408, 404};
    struct fuzz fuzz = {data, size};
    int status = statuses[fuzz_byte(&fuzz) % 6];
    char *header = fuzz_field(&fuzz);
    char *body = fuzz_rest(&fuzz);
    judge_date(header);
    judge_answer(header, body, status);
    free(header);
    free(body);
    return 0;
}
