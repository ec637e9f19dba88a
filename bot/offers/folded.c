#include "offers/folded.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

/* --- letters --- */

/* U+00C0 to U+017F, a letter each; a blank where it is none. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
                            "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(latin) - 1 == 0x180 - 0xC0, "a letter each");

/* The same in Greek and Cyrillic, where one is a capital. */
static unsigned small(unsigned point)
{
    if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F))
        return point + 0x20;
    return point >= 0x400 && point <= 0x40F ? point + 0x50 : point;
}

/* Blanks, punctuation, controls: what stands between words. */
static bool is_between(unsigned point)
{
    if (point < 0x80)
        return !((point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
                 (point >= 'A' && point <= 'Z'));
    return point < 0xC0 || point == 0xD7 || point == 0xF7 || (point >= 0x2000 && point <= 0x206F) ||
           (point >= 0x3000 && point <= 0x303F) || (point >= 0xFE00 && point <= 0xFE6F) ||
           point == 0xFEFF || point == 0x1680 || point == 0xFFFD;
}

static bool is_accent(unsigned point)
{
    return point >= 0x300 && point <= 0x36F;
}

/* Of a point that stands in a word, its bytes; ${from} are those that it was read from. */
static void fold(unsigned point, const char *from, size_t width, char letter[5])
{
    unsigned folded = small(point);
    if (point >= 'A' && point <= 'Z')
        snprintf(letter, 5, "%c", (char)(point - 'A' + 'a'));
    else if (point >= 0xC0 && point < 0x180)
        snprintf(letter, 5, "%c", latin[point - 0xC0]);
    else if (folded != point)
        snprintf(letter, 5, "%c%c", (int)(0xC0 | folded >> 6), (int)(0x80 | (folded & 0x3F)));
    else
        snprintf(letter, 5, "%.*s", (int)width, from);
}

/* The point at ${at}; of a byte that is not UTF-8 what stands for it. */
static unsigned point_at(const char *at, size_t *width)
{
    size_t size = 1;
    unsigned char first = (unsigned char)*at;
    if (first >= 0xC2)
        size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *width = 1;
    if (strnlen(at, size) < size || !text_is_utf8(at, size))
        return 0xFFFD;
    return text_point(at, width);
}

bool folded_next(const char **at, char word[FOLDED_WORD])
{
    size_t size = 0, width;
    for (; **at != '\0'; *at += width) {
        char letter[5];
        unsigned point = point_at(*at, &width);
        if (is_accent(point))
            continue;
        if (is_between(point)) {
            if (size > 0)
                break;
            continue;
        }
        fold(point, *at, width, letter);
        if (size + strlen(letter) < FOLDED_WORD) {
            memcpy(word + size, letter, strlen(letter));
            size += strlen(letter);
        }
    }
    word[size] = '\0';
    return size > 0;
}
