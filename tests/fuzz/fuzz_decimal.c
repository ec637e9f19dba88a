/* Decimals against an implementation that works on digits as text, and sums of 128 bits. */
#include "fuzz.h"
#include "offers/decimal.h"

__extension__ typedef __int128 wide;

enum { DIGITS = 18, KEPT = 9 };

/* The shortest text of what was typed, "" when it is no decimal of that size. */
static void shortest(const char *typed, size_t most_decimals, char *out, size_t capacity)
{
    size_t whole = strspn(typed, "0123456789");
    const char *fraction = typed[whole] == '.' ? typed + whole + 1 : "";
    size_t decimals = strspn(fraction, "0123456789");
    size_t skip = strspn(typed, "0");
    *out = '\0';
    if (typed[whole] != '\0' &&
        (typed[whole] != '.' || decimals == 0 || fraction[decimals] != '\0'))
        return;
    if (whole == 0 && decimals == 0)
        return;
    while (decimals > 0 && fraction[decimals - 1] == '0')
        decimals--;
    skip = skip < whole ? skip : whole;
    if (decimals > most_decimals || whole - skip + decimals > DIGITS)
        return;
    snprintf(out, capacity, "%.*s%s%.*s", (int)(whole > skip ? whole - skip : 1),
             whole > skip ? typed + skip : "0", decimals > 0 ? "." : "", (int)decimals, fraction);
}

static bool compare_reading(const char *typed, bool price, struct decimal *value)
{
    char expected[64];
    char written[DECIMAL_TEXT];
    bool good = price ? decimal_read_price(value, typed) : decimal_read(value, typed);
    shortest(typed, price ? DIGITS : 9, expected, sizeof(expected));
    must(good == (*expected != '\0'), "what is a decimal is agreed on");
    if (!good)
        return false;
    decimal_write(*value, written);
    must(strcmp(written, expected) == 0, "the value is agreed on");
    return true;
}

static wide power(int exponent)
{
    wide value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

/* price x (1 + percent / 100) = units / 10^scale; false when that takes more than 18 digits. */
static bool mark_up(struct decimal price, struct decimal percent, wide *units, int *scale)
{
    *units = price.units * (100 * power(percent.scale) + percent.units); /* below 10^39 / 5 */
    *scale = price.scale + percent.scale + 2;
    while (*scale > 0 && *units % 10 == 0) {
        *units /= 10;
        (*scale)--;
    }
    return *scale <= DIGITS && *units <= power(DIGITS);
}

/* Exact where that fits; else cut, behind the 9th decimal at the earliest. */
static void compare_mark_up(struct decimal price, struct decimal percent)
{
    struct decimal marked;
    wide units;
    int scale;
    bool exact = mark_up(price, percent, &units, &scale);
    bool fits = exact || scale <= KEPT ? exact : units / power(scale - KEPT) <= power(DIGITS);
    must(decimal_mark_up(price, percent, &marked) == fits, "whether it fits is agreed on");
    must(!exact || (marked.units == units && marked.scale == scale), "the price is agreed on");
    if (!fits || exact)
        return;
    wide less = units - marked.units * power(scale - marked.scale);
    must(less > 0 && less < power(scale - KEPT), "what is cut lies behind the 9th decimal");
}

static void compare_sums(struct decimal price, struct decimal percent)
{
    bool above;
    char text[DECIMAL_TEXT];
    /* Percentages beyond any cap would not fit into 128 bits. */
    if (percent.units > INT64_C(1000000000000))
        return;
    compare_mark_up(price, percent);
    wide difference = price.units * power(percent.scale) - percent.units * power(price.scale);
    int order = decimal_compare(price, percent);
    must((order > 0) == (difference > 0) && (order < 0) == (difference < 0), "order is agreed on");
    if (decimal_deviation(price, percent, text, &above))
        must(above == (difference > 0), "the side is agreed on");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct decimal price;
    struct decimal percent;
    char *first = fuzz_field(&fuzz);
    char *second = fuzz_field(&fuzz);
    compare_reading(first, false, &price);
    bool both = compare_reading(first, true, &price);
    both = compare_reading(second, false, &percent) && both;
    if (both)
        compare_sums(price, percent);
    free(first);
    free(second);
    return 0;
}
