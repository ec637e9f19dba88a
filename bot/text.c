#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

static void grow(struct text *text, size_t more)
{
    size_t need = text->size + more + 1;
    if (need <= text->capacity)
        return;
    size_t capacity = text->capacity < 64 ? 64 : text->capacity;
    while (capacity < need)
        capacity += capacity / 2;
    text->bytes = mem_resize(text->bytes, capacity, 1);
    text->capacity = capacity;
}

void text_add_bytes(struct text *text, const void *bytes, size_t size)
{
    grow(text, size);
    if (size > 0)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_bytes(text, more, strlen(more));
}

void text_add_int(struct text *text, int64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0)
        text_add(text, "-");
    text_add_bytes(text, digits + at, sizeof(digits) - at);
}

__attribute__((format(printf, 2, 0))) static void add_formatted(struct text *text,
                                                                const char *format, va_list args)
{
    va_list again;
    grow(text, 1);
    size_t room = text->capacity - text->size;
    va_copy(again, args);
    int size = vsnprintf(text->bytes + text->size, room, format, args);
    if (size >= 0 && (size_t)size >= room) { /* once more, now that there is room for it */
        grow(text, (size_t)size);
        vsnprintf(text->bytes + text->size, (size_t)size + 1, format, again);
    }
    text->size += size > 0 ? (size_t)size : 0;
    text->bytes[text->size] = '\0';
    va_end(again);
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_formatted(text, format, args);
    va_end(args);
}

void text_add_encoded(struct text *text, const char *more)
{
    for (; *more != '\0'; more++) {
        unsigned char c = (unsigned char)*more;
        if (isalnum(c) || strchr("-._~", c) != NULL)
            text_add_bytes(text, more, 1);
        else
            text_addf(text, "%%%02X", c);
    }
}

void text_hex(char *hex, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[from[i] >> 4];
        hex[2 * i + 1] = digits[from[i] & 15];
    }
    hex[2 * size] = '\0';
}

void text_clear(struct text *text)
{
    text->size = 0;
    if (text->bytes != NULL)
        text->bytes[0] = '\0';
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

char *text_take(struct text *text)
{
    char *bytes = text->bytes != NULL ? text->bytes : mem_copy("");
    *text = (struct text){0};
    return bytes;
}

const char *text_get(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

bool text_fit(char *array, size_t capacity, const char *from)
{
    size_t size = strlen(from);
    bool whole = size < capacity;
    if (!whole) {
        size = capacity - 1;
        while (size > 0 && ((unsigned char)from[size] & 0xC0U) == 0x80U)
            size--;
    }
    memcpy(array, from, size);
    array[size] = '\0';
    return whole;
}

char *text_vformat(const char *format, va_list args)
{
    struct text text = {0};
    add_formatted(&text, format, args);
    return text_take(&text);
}

char *text_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = text_vformat(format, args);
    va_end(args);
    return text;
}

/* The width of the well-formed sequence at ${b}, 0 when it is not one (RFC 3629, section 4). */
static size_t sequence(const unsigned char *b, size_t left)
{
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t width;
    if (b[0] < 0x80)
        return 1;
    if (b[0] >= 0xC2 && b[0] <= 0xDF)
        width = 2;
    else if (b[0] >= 0xE0 && b[0] <= 0xEF)
        width = 3;
    else if (b[0] >= 0xF0 && b[0] <= 0xF4)
        width = 4;
    else
        return 0;
    if (b[0] == 0xE0)
        low = 0xA0;
    if (b[0] == 0xED)
        high = 0x9F;
    if (b[0] == 0xF0)
        low = 0x90;
    if (b[0] == 0xF4)
        high = 0x8F;
    if (left < width || b[1] < low || b[1] > high)
        return 0;
    for (size_t i = 2; i < width; i++) {
        if ((b[i] & 0xC0U) != 0x80U)
            return 0;
    }
    return width;
}

bool text_is_utf8(const char *bytes, size_t size)
{
    const unsigned char *b = (const unsigned char *)bytes;
    for (size_t at = 0; at < size;) {
        size_t width = sequence(b + at, size - at);
        if (width == 0)
            return false;
        at += width;
    }
    return true;
}

void text_repair(char *text)
{
    char *to = text;
    while (*text != '\0') {
        size_t width = 1;
        size_t left = strnlen(text, 4);
        while (width <= left && !text_is_utf8(text, width))
            width++;
        if (width > left) {
            text++;
            continue;
        }
        memmove(to, text, width);
        to += width;
        text += width;
    }
    *to = '\0';
}

size_t text_unseen(const char *text)
{
    static const unsigned unseen[][2] = {
        {0x01, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
    };
    size_t width = sequence((const unsigned char *)text, strnlen(text, 4));
    if (width == 0)
        return 1;
    unsigned point = text_point(text, &width);
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
        if (point >= unseen[i][0] && point <= unseen[i][1])
            return width;
    }
    return 0;
}

/* The bytes of what stands between words: a blank, a quotation mark, a dash. 0: none is there. */
static size_t between_words(const char *text)
{
    if (strncmp(text, "\xE2\x80", 2) == 0) /* U+2000 to U+203F, the marks of print */
        return text[2] != '\0' ? 3 : 2;
    return *text != '\0' && strchr(" \t\r\n\"'<>`", *text) != NULL;
}

static size_t word_size(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0' && between_words(text + size) == 0)
        size++;
    return size;
}

static bool holds(const char *word, size_t size, const char *part)
{
    size_t length = strlen(part);
    for (size_t at = 0; at + length <= size; at++) {
        if (strncasecmp(word + at, part, length) == 0)
            return true;
    }
    return false;
}

/* The names of AWS's services end in amazonaws.com, too: those are no addresses. */
static bool is_address(const char *word, size_t size)
{
    static const char *const parts[] = {"://", "amazonaws.com/", ".s3.", ".s3-", "X-Amz-"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (holds(word, size, parts[i]))
            return true;
    }
    return false;
}

void text_hide_addresses(char *text)
{
    static const char ellipsis[] = "…";
    char *to = text;
    while (*text != '\0') {
        size_t between = between_words(text);
        size_t size = between > 0 ? between : word_size(text);
        bool address = is_address(text, size);
        size_t kept = address ? sizeof(ellipsis) - 1 : size;
        memmove(to, address ? ellipsis : text, kept);
        to += kept;
        text += size;
    }
    *to = '\0';
}

size_t text_points(const char *utf8)
{
    size_t points = 0;
    for (; *utf8 != '\0'; utf8++)
        points += ((unsigned char)*utf8 & 0xC0U) != 0x80U;
    return points;
}

size_t text_cut(const char *utf8, size_t points)
{
    size_t at = 0;
    while (utf8[at] != '\0') {
        if (((unsigned char)utf8[at] & 0xC0U) != 0x80U && points-- == 0)
            break;
        at++;
    }
    return at;
}

/* Of UTF-8 only what begins with 0xF0 and above lies beyond U+FFFF. */
static size_t utf16_units(unsigned char first)
{
    return (first & 0xC0U) == 0x80U ? 0 : first >= 0xF0 ? 2 : 1;
}

size_t text_utf16(const char *utf8)
{
    size_t units = 0;
    for (; *utf8 != '\0'; utf8++)
        units += utf16_units((unsigned char)*utf8);
    return units;
}

size_t text_cut_utf16(const char *utf8, size_t units)
{
    size_t at = 0;
    while (utf8[at] != '\0') {
        size_t more = utf16_units((unsigned char)utf8[at]);
        if (more > units)
            break;
        units -= more;
        at++;
    }
    return at;
}

unsigned text_point(const char *utf8, size_t *width)
{
    const unsigned char *b = (const unsigned char *)utf8;
    if (b[0] < 0x80) {
        *width = 1;
        return b[0];
    }
    size_t w = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    unsigned point = b[0] & (0xFFU >> (w + 1));
    size_t i = 1;
    for (; i < w && (b[i] & 0xC0U) == 0x80U; i++)
        point = point << 6 | (b[i] & 0x3FU);
    *width = i;
    return point;
}

bool text_same_nocase(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcasecmp(a, b) == 0;
}

/* How many single-character edits turn ${a} into ${b} (Levenshtein). Only the first 63 bytes count.
 */
static unsigned distance_of(const char *a, const char *b)
{
    unsigned row[64];
    size_t width = strnlen(b, 63);
    size_t height = strnlen(a, 63);
    for (size_t j = 0; j <= width; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= height; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            unsigned best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best < change ? best : change;
        }
    }
    return row[width];
}

const char *text_nearest(const char *typed, const char *const *first, size_t stride, size_t count,
                         unsigned below)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name;
        memcpy(&name, (const char *)first + i * stride, sizeof(name));
        if (name == NULL)
            break;
        unsigned distance = distance_of(typed, name);
        if (distance < below) {
            below = distance;
            nearest = name;
        }
    }
    return nearest;
}

bool text_take_word(const char **at, char *word, size_t capacity)
{
    size_t size = strcspn(*at, " ");
    if (size >= capacity)
        return false;
    memcpy(word, *at, size);
    word[size] = '\0';
    *at += size + ((*at)[size] == ' ');
    return true;
}
