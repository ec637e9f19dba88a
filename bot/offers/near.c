#include "offers/near.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

enum { MIN_LETTERS = 4 }; /* of a name that may be misspelled */

bool near_account(const char *a, const char *b)
{
    size_t first = 0;
    if (strlen(a) != strlen(b) || strcmp(a, b) == 0)
        return false;
    while (a[first] == b[first])
        first++;
    if (strcmp(a + first + 1, b + first + 1) == 0)
        return true;
    return a[first] == b[first + 1] && a[first + 1] == b[first] &&
           strcmp(a + first + 2, b + first + 2) == 0;
}

static bool is_continued(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80;
}

static bool are_digits(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

/* How many characters these bytes are; each begins with one. */
static size_t characters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += !is_continued(text[i]);
    return count;
}

/* Two characters that stand the other way round. */
static bool are_swapped(const char *a, const char *b, size_t size)
{
    size_t width = 1;
    while (width < size && is_continued(a[width]))
        width++;
    return strncmp(a, b + (size - width), width) == 0 && strncmp(a + width, b, size - width) == 0;
}

bool near_name(const char *a, const char *b)
{
    size_t sizes[2] = {strlen(a), strlen(b)};
    size_t head = 0;
    size_t tail = 0;
    if (text_points(a) < MIN_LETTERS || text_points(b) < MIN_LETTERS || strcmp(a, b) == 0)
        return false;
    while (a[head] != '\0' && a[head] == b[head])
        head++;
    while (head > 0 && (is_continued(a[head]) || is_continued(b[head])))
        head--;
    while (tail < sizes[0] - head && tail < sizes[1] - head &&
           a[sizes[0] - tail - 1] == b[sizes[1] - tail - 1])
        tail++;
    while (tail > 0 && is_continued(a[sizes[0] - tail]))
        tail--;
    sizes[0] -= head + tail;
    sizes[1] -= head + tail;
    if (are_digits(a + head, sizes[0]) && are_digits(b + head, sizes[1]))
        return false;
    size_t counts[2] = {characters(a + head, sizes[0]), characters(b + head, sizes[1])};
    if (counts[0] <= 1 && counts[1] <= 1)
        return true;
    return counts[0] == 2 && counts[1] == 2 && sizes[0] == sizes[1] &&
           are_swapped(a + head, b + head, sizes[0]);
}
