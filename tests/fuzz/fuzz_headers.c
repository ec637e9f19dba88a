/* Headers that steer us, Retry-After and Date, and the answer that comes with them: the status (a
 * byte), the header up to a 0x1E, the body. */
#include <time.h>

#include "fuzz.h"
#include "io/http.h"
#include "slack/api.h"

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static const int64_t LAST_SECOND = INT64_C(253402300799); /* of the year 9999 */

/* The shape that everybody must send (IMF-fixdate), by way of writing it. */
static void write_date(int64_t seconds)
{
    char again[64];
    struct tm utc;
    time_t moment = seconds;
    gmtime_r(&moment, &utc);
    snprintf(again, sizeof(again), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
             utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
             utc.tm_sec);
    must(http_date(again) == seconds, "a moment that is written is read as the same");
}

/* Whatever was read, and any moment at all up to the year 9999: the text's bytes choose it. */
static void judge_date(const char *text)
{
    int64_t seconds = http_date(text);
    uint64_t any = 0;
    must(seconds >= -1, "a moment is after 1970, or none");
    if (seconds >= 0 && seconds <= LAST_SECOND)
        write_date(seconds);
    for (size_t i = 0; i < 8 && text[i] != '\0'; i++)
        any = any * 31 + (unsigned char)text[i];
    write_date((int64_t)(any % (uint64_t)LAST_SECOND));
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
