#include "offers/typed.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* --- characters --- */

/* The width of the character at ${at} when it is one of ${points}; 0 when not. */
static size_t one_of(const char *at, const unsigned *points, size_t count)
{
    size_t width;
    if (*at == '\0')
        return 0;
    unsigned point = text_point(at, &width);
    for (size_t i = 0; i < count; i++) {
        if (points[i] == point)
            return width;
    }
    return 0;
}

size_t typed_blank(const char *at)
{
    static const unsigned others[] = {0x85,   0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
                                      0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
                                      0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
    if (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        return 1;
    return one_of(at, others, sizeof(others) / sizeof(others[0]));
}

size_t typed_hyphen(const char *at)
{
    static const unsigned hyphens[] = {'-',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014,
                                       0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D};
    return one_of(at, hyphens, sizeof(hyphens) / sizeof(hyphens[0]));
}

/* A character without width that nobody types on purpose. */
static size_t invisible_at(const char *at)
{
    static const unsigned invisible[] = {0xAD, 0x200B, 0x2060, 0xFEFF};
    return one_of(at, invisible, sizeof(invisible) / sizeof(invisible[0]));
}

/* Characters that reorder or fake text (Unicode: Cc, bidirectional controls); those that nobody
 * sees are gone by then. The zero-width joiner stays: emoji are made with it. */
const char *typed_forbidden(unsigned point, bool lines)
{
    if (point == '\n')
        return lines ? NULL : "a line break";
    if (point < 0x20 || (point >= 0x7F && point < 0xA0))
        return "a control character";
    if (point == 0xFFFD) /* also in place of what JSON can name and no text can hold */
        return "a character that could not be read";
    if (point == 0x200E || point == 0x200F || point == 0x061C ||
        (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069))
        return "a mark that turns the direction of writing";
    return NULL;
}

/* The width of whatever character stands there. */
static size_t step(const char *at)
{
    size_t width;
    (void)text_point(at, &width);
    return width;
}

size_t typed_word(const char *at)
{
    size_t size = 0;
    while (at[size] != '\0' && typed_blank(at + size) == 0)
        size += step(at + size);
    return size;
}

size_t typed_blanks(const char *at)
{
    size_t size = 0, width;
    while ((width = typed_blank(at + size)) > 0 || (width = invisible_at(at + size)) > 0)
        size += width;
    return size;
}

/* --- texts --- */

static void drop_last_blanks(struct text *text)
{
    while (text->size > 0 && typed_blank(text->bytes + text->size - 1) > 0)
        text->bytes[--text->size] = '\0';
}

char *typed_text(const char *typed)
{
    struct text text = {0};
    for (const char *at = typed + typed_blanks(typed); *at != '\0';) {
        size_t width = step(at);
        if (typed_blank(at) > 0)
            text_add(&text, *at == '\n' ? "\n" : " ");
        else if (invisible_at(at) == 0)
            text_add_bytes(&text, at, width);
        at += width;
    }
    drop_last_blanks(&text);
    return text_take(&text);
}

char *typed_code(const char *typed)
{
    static const char marks[] = "*_`~ \n";
    char *text = typed_text(typed);
    struct text code = {0};
    for (const char *at = text + strspn(text, marks); *at != '\0';) {
        size_t width = step(at);
        if (typed_hyphen(at) > 0)
            text_add(&code, "-");
        else
            text_add_bytes(&code, at, width);
        at += width;
    }
    while (code.size > 0 && strchr(marks, code.bytes[code.size - 1]) != NULL)
        code.bytes[--code.size] = '\0';
    free(text);
    return text_take(&code);
}

int64_t typed_request_number(const char *typed)
{
    char *code = typed_code(typed);
    const char *at = code;
    char *end;
    int64_t number = 0;
    if (strncasecmp(at, "cppo", 4) == 0)
        at += 4;
    at += strspn(at, "-# ");
    if (isdigit((unsigned char)*at)) {
        number = strtoll(at, &end, 10);
        end += strspn(end, ".,;:!?)");
        if (*end != '\0')
            number = 0;
    }
    free(code);
    return number;
}
