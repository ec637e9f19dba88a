/* Any file as one of the time zone database, asked about any moment. */
#include "fuzz.h"
#include "offers/zone.h"

static int64_t seconds_of(struct civil civil)
{
    return civil.day * INT64_C(86400) + civil.second;
}

static bool same(struct civil a, struct civil b)
{
    return a.day == b.day && a.second == b.second;
}

static void judge_time(struct zone_time time, int64_t utc)
{
    must(time.civil.second >= 0 && time.civil.second < 86400, "a second is one of a day");
    must(seconds_of(time.civil) - time.offset == utc, "the offset is what lies between");
    must(*time.short_name != '\0' && strpbrk(time.short_name, "<>&*_`~ \n") == NULL,
         "a short name needs no escaping");
}

/* What a clock shows at a moment, it shows in that moment. */
static void judge_moment(const struct zone *zone, int64_t utc)
{
    struct zone_time time = zone_local(zone, utc);
    judge_time(time, utc);
    struct zone_moments moments = zone_utc(zone, time.civil);
    must(moments.count > 0, "a time that was shown is one");
    must(moments.count > 1 || moments.at[0] == utc, "it is shown then");
}

static void judge_civil(const struct zone *zone, struct civil civil)
{
    struct zone_moments moments = zone_utc(zone, civil);
    for (int i = 0; i < moments.count; i++)
        must(same(zone_local(zone, moments.at[i]).civil, civil), "a clock shows it then");
    if (moments.count == 2)
        must(moments.at[0] < moments.at[1], "one comes before the other");
    if (moments.count > 0)
        return;
    must(moments.at[1] == moments.at[0] + 1, "nothing lies between the sides of a gap");
    must(seconds_of(zone_local(zone, moments.at[0]).civil) < seconds_of(civil), "it comes before");
    must(seconds_of(zone_local(zone, moments.at[1]).civil) > seconds_of(civil), "it comes after");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct err err = {0};
    uint64_t moment = 0;
    for (int i = 0; i < 5; i++)
        moment = moment << 8 | fuzz_byte(&fuzz);
    int64_t utc = (int64_t)(moment % UINT64_C(250000000000)); /* up to the year 9892 */
    char *bytes = mem_slice(fuzz.left > 0 ? fuzz.at : (const uint8_t *)"", fuzz.left);
    struct zone *zone = zone_read(bytes, fuzz.left, &err);
    free(bytes);
    if (zone == NULL) {
        must(*err.text != '\0', "a refusal says why");
        return 0;
    }
    judge_moment(zone, utc);
    judge_civil(zone, (struct civil){(int32_t)(utc / 86400), (int32_t)(utc % 86400)});
    zone_free(zone);
    return 0;
}
