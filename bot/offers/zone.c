#include "offers/zone.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/date.h"
#include "zone_rule.h"

static const int64_t DAY = 86400;

enum { MAX_CHANGES = 8192, MAX_TYPES = 256, HEADER = 44, TYPE = 6 };

_Static_assert((int)ZONE_SHORT == (int)ZONE_TYPE_NAME, "a short name fits wherever it goes");

struct zone {
    size_t count; /* of changes */
    int64_t *at;  /* when, rising */
    uint8_t *to;  /* which type from then on */
    struct zone_type *types;
    bool has_rule;
    struct zone_rule rule; /* what comes behind the changes; without it, the last goes on */
};

bool zone_name_good(const char *name)
{
    int parts = 0;
    if (strlen(name) >= ZONE_NAME)
        return false;
    for (;; name++) {
        size_t size = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789_+-");
        if (size == 0 || ++parts > 3)
            return false;
        name += size;
        if (*name != '/')
            return *name == '\0';
    }
}

/* --- reading --- */

/* A block of the file: its header's counts, and what lies behind it, by the size of its times. */
struct block {
    uint32_t utc, standard, leaps, changes, types, letters;
    size_t time; /* bytes of a time: 4 in the first block, 8 in the second */
    const uint8_t *data;
    uint64_t size;
};

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read_time(const uint8_t *at, size_t size)
{
    if (size == 4)
        return (int32_t)read_u32(at);
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

static bool read_block(struct block *block, const uint8_t *bytes, size_t size, size_t time)
{
    if (size < HEADER || memcmp(bytes, "TZif", 4) != 0)
        return false;
    const uint8_t *at = bytes + 20;
    *block = (struct block){.utc = read_u32(at),
                            .standard = read_u32(at + 4),
                            .leaps = read_u32(at + 8),
                            .changes = read_u32(at + 12),
                            .types = read_u32(at + 16),
                            .letters = read_u32(at + 20),
                            .time = time,
                            .data = bytes + HEADER};
    block->size = (uint64_t)block->changes * (time + 1) + (uint64_t)block->types * TYPE +
                  block->letters + (uint64_t)block->leaps * (time + 4) + block->standard +
                  block->utc;
    return block->size <= size - HEADER;
}

static bool read_types(struct zone *zone, const struct block *block)
{
    const uint8_t *at = block->data + block->changes * (block->time + 1);
    const char *letters = (const char *)at + (size_t)block->types * TYPE;
    zone->types = mem_new(block->types, sizeof(*zone->types));
    for (uint32_t i = 0; i < block->types; i++, at += TYPE) {
        struct zone_type *type = &zone->types[i];
        type->offset = (int32_t)read_u32(at);
        if (type->offset <= -ZONE_FARTHEST || type->offset >= ZONE_FARTHEST ||
            at[5] >= block->letters)
            return false;
        const char *name = letters + at[5];
        if (!zone_short_name_read(type->short_name, name, strnlen(name, block->letters - at[5])))
            return false;
    }
    return true;
}

static bool read_changes(struct zone *zone, const struct block *block)
{
    const uint8_t *types = block->data + block->changes * block->time;
    zone->count = block->changes;
    zone->at = mem_new(zone->count + 1, sizeof(*zone->at));
    zone->to = mem_new(zone->count + 1, sizeof(*zone->to));
    for (size_t i = 0; i < zone->count; i++) {
        zone->at[i] = read_time(block->data + i * block->time, block->time);
        zone->to[i] = types[i];
        if (zone->to[i] >= block->types || (i > 0 && zone->at[i] <= zone->at[i - 1]))
            return false;
    }
    return true;
}

/* The rule, between two ends of lines; there may be none. */
static bool read_footer(struct zone *zone, const uint8_t *at, size_t size)
{
    if (size < 2 || at[0] != '\n')
        return false;
    const uint8_t *end = memchr(at + 1, '\n', size - 1);
    if (end == NULL)
        return false;
    zone->has_rule = end > at + 1;
    return !zone->has_rule ||
           zone_rule_read(&zone->rule, (const char *)at + 1, (size_t)(end - at - 1));
}

static int read_zone(struct zone *zone, const uint8_t *bytes, size_t size, struct err *err)
{
    struct block block;
    if (size > ZONE_FILE)
        return err_set(err, "it is larger than %d bytes", ZONE_FILE);
    if (!read_block(&block, bytes, size, 4))
        return err_set(err, "it is no file of the time zone database, or cut short");
    bool newer = bytes[4] >= '2';
    if (newer) {
        size_t first = HEADER + (size_t)block.size;
        bytes += first;
        size -= first;
        if (!read_block(&block, bytes, size, 8))
            return err_set(err, "its second half is cut short");
    }
    if (block.leaps > 0)
        return err_set(err, "it counts leap seconds, which clocks here do not");
    if (block.types == 0 || block.types > MAX_TYPES || block.changes > MAX_CHANGES)
        return err_set(err, "it has more changes than a time zone has, or no time at all");
    if (!read_types(zone, &block) || !read_changes(zone, &block))
        return err_set(err, "its table makes no sense");
    if (newer && !read_footer(zone, block.data + block.size, size - HEADER - (size_t)block.size))
        return err_set(err, "its rule for the years to come makes no sense");
    return 0;
}

struct zone *zone_read(const void *bytes, size_t size, struct err *err)
{
    struct zone *zone = mem_new(1, sizeof(*zone));
    if (read_zone(zone, bytes, size, err) == 0)
        return zone;
    zone_free(zone);
    return NULL;
}

void zone_free(struct zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->at);
    free(zone->to);
    free(zone->types);
    free(zone);
}

/* --- asking --- */

/* How many changes there were up to ${utc}. */
static size_t changes_until(const struct zone *zone, int64_t utc)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct zone_span span_at(const struct zone *zone, int64_t utc)
{
    static const struct zone_type plain = {0, "UTC"};
    if (zone == NULL)
        return (struct zone_span){INT64_MIN, INT64_MAX, &plain};
    size_t passed = changes_until(zone, utc);
    struct zone_span span = {passed > 0 ? zone->at[passed - 1] : INT64_MIN,
                             passed < zone->count ? zone->at[passed] : INT64_MAX,
                             &zone->types[passed > 0 ? zone->to[passed - 1] : 0]};
    if (passed < zone->count || !zone->has_rule)
        return span;
    int64_t last = span.from;
    span = zone_rule_at(&zone->rule, utc);
    if (span.from < last)
        span.from = last;
    return span;
}

static int64_t within(int64_t utc)
{
    int64_t first = date_join(ZONE_FIRST_YEAR, 1, 1) * DAY;
    int64_t last = date_join(ZONE_LAST_YEAR + 1, 1, 1) * DAY - 1;
    return utc < first ? first : utc > last ? last : utc;
}

struct zone_time zone_local(const struct zone *zone, int64_t utc)
{
    utc = within(utc);
    const struct zone_type *type = span_at(zone, utc).type;
    int64_t local = utc + type->offset;
    int64_t second = (local % DAY + DAY) % DAY;
    struct zone_time time = {
        {(int32_t)((local - second) / DAY), (int32_t)second}, type->offset, ""};
    memcpy(time.short_name, type->short_name, sizeof(time.short_name));
    return time;
}

/* No two clocks are farther apart than a span's type may be from UTC: what shows that time lies so
 * near to it. */
struct zone_moments zone_utc(const struct zone *zone, struct civil civil)
{
    int64_t local = within(civil.day * DAY + civil.second);
    struct zone_moments moments = {0};
    struct zone_moments gap = {0};
    bool is_before = false; /* does the last span end before its clock shows that time? */
    for (int64_t utc = local - ZONE_FARTHEST; utc <= local + ZONE_FARTHEST;) {
        struct zone_span span = span_at(zone, utc);
        int64_t at = local - span.type->offset;
        if (at >= span.from && at < span.to && moments.count < 2)
            moments.at[moments.count++] = at;
        if (is_before && at < span.from && gap.count == 0)
            gap = (struct zone_moments){1, {span.from - 1, span.from}};
        is_before = at >= span.to;
        if (span.to > local + ZONE_FARTHEST)
            break;
        utc = span.to;
    }
    if (moments.count == 0)
        memcpy(moments.at, gap.at, sizeof(gap.at));
    return moments;
}
