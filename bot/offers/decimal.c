#include "offers/decimal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 18, MIN_KEPT = 9 };

static const int64_t powers[DIGITS + 1] = {1,
                                           10,
                                           100,
                                           1000,
                                           10000,
                                           100000,
                                           1000000,
                                           10000000,
                                           100000000,
                                           1000000000,
                                           10000000000,
                                           100000000000,
                                           1000000000000,
                                           10000000000000,
                                           100000000000000,
                                           1000000000000000,
                                           10000000000000000,
                                           100000000000000000,
                                           1000000000000000000};

static void reduce(struct decimal *value)
{
    while (value->scale > 0 && value->units % 10 == 0) {
        value->units /= 10;
        value->scale--;
    }
}

static bool read_digits(struct decimal *value, const char *text, int most_decimals)
{
    int digits = 0;
    bool point = false;
    *value = (struct decimal){0, 0};
    for (; *text != '\0'; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9')
            return false;
        if (point && text[strspn(text, "0")] == '\0')
            return true; /* only zeros are left */
        digits += digits > 0 || *text != '0' || point;
        value->scale += point;
        if (digits > DIGITS || value->scale > most_decimals)
            return false;
        value->units = value->units * 10 + (*text - '0');
    }
    return true;
}

static bool read_decimal(struct decimal *value, const char *text, int most_decimals)
{
    size_t size = strlen(text);
    if (size == 0 || text[size - 1] == '.' || !read_digits(value, text, most_decimals))
        return false;
    reduce(value);
    return true;
}

bool decimal_read(struct decimal *value, const char *text)
{
    return read_decimal(value, text, 9);
}

bool decimal_read_price(struct decimal *value, const char *text)
{
    return read_decimal(value, text, DIGITS);
}

void decimal_write(struct decimal value, char text[DECIMAL_TEXT])
{
    int64_t whole = value.units / powers[value.scale];
    int64_t rest = value.units % powers[value.scale];
    if (value.scale == 0)
        snprintf(text, DECIMAL_TEXT, "%lld", (long long)whole);
    else
        snprintf(text, DECIMAL_TEXT, "%lld.%0*lld", (long long)whole, value.scale, (long long)rest);
}

int decimal_compare(struct decimal a, struct decimal b)
{
    assert(a.units >= 0 && a.scale >= 0 && a.scale <= DIGITS);
    assert(b.units >= 0 && b.scale >= 0 && b.scale <= DIGITS);
    int64_t whole_a = a.units / powers[a.scale];
    int64_t whole_b = b.units / powers[b.scale];
    if (whole_a != whole_b)
        return whole_a < whole_b ? -1 : 1;
    /* Fractions of at most 18 digits: scaled up to 18 they fit. */
    int64_t rest_a = a.units % powers[a.scale] * powers[DIGITS - a.scale];
    int64_t rest_b = b.units % powers[b.scale] * powers[DIGITS - b.scale];
    return rest_a < rest_b ? -1 : rest_a > rest_b;
}

/* Wide enough for a product of two; what is kept has at most 18 digits again. */
__extension__ typedef __int128 wide;

bool decimal_mark_up(struct decimal price, struct decimal percent, struct decimal *marked)
{
    wide units = price.units * (100 * (wide)powers[percent.scale] + percent.units);
    int scale = price.scale + percent.scale + 2;
    while (scale > 0 && units % 10 == 0) {
        units /= 10;
        scale--;
    }
    while (scale > MIN_KEPT && (scale > DIGITS || units > powers[DIGITS])) {
        units /= 10;
        scale--;
    }
    if (scale > DIGITS || units > powers[DIGITS])
        return false;
    *marked = (struct decimal){(int64_t)units, scale};
    reduce(marked);
    assert(decimal_compare(*marked, price) >= 0); /* a markup lowers no price */
    return true;
}

bool decimal_markup_of(struct decimal price, struct decimal marked, struct decimal *least,
                       struct decimal *greatest)
{
    enum { DECIMALS = 9, SHIFT = DECIMALS + 2 }; /* of a percentage, of a ratio */
    int scale = price.scale > marked.scale ? price.scale : marked.scale;
    wide base = (wide)price.units * powers[scale - price.scale];
    wide rest = (wide)marked.units * powers[scale - marked.scale] - base;
    if (base == 0 || rest < 0 || rest / base >= powers[DIGITS - SHIFT])
        return false;
    wide units = rest / base;
    rest %= base;
    for (int i = 0; i < SHIFT; i++) { /* long division: a product of both would be too wide */
        rest *= 10;
        units = units * 10 + rest / base;
        rest %= base;
    }
    *greatest = (struct decimal){(int64_t)units, DECIMALS};
    *least = (struct decimal){(int64_t)units + (rest > 0), DECIMALS};
    reduce(least);
    reduce(greatest);
    return true;
}

/* With both signs of ${b}: what is negative, or has too many digits, is no sum. */
static bool put_together(struct decimal a, struct decimal b, int sign, struct decimal *sum)
{
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide units =
        (wide)a.units * powers[scale - a.scale] + sign * (wide)b.units * powers[scale - b.scale];
    while (scale > 0 && units % 10 == 0) {
        units /= 10;
        scale--;
    }
    if (units < 0 || units > powers[DIGITS])
        return false;
    *sum = (struct decimal){(int64_t)units, scale};
    return true;
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum)
{
    return put_together(a, b, 1, sum);
}

bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *rest)
{
    return put_together(a, b, -1, rest);
}

struct decimal decimal_round(struct decimal value, int decimals)
{
    assert(decimals >= 0 && decimals <= DIGITS && value.scale <= DIGITS);
    if (value.scale > decimals) {
        int64_t step = powers[value.scale - decimals];
        value = (struct decimal){(int64_t)(((wide)value.units + step / 2) / step), decimals};
        reduce(&value);
    }
    return value;
}

bool decimal_near(struct decimal a, struct decimal b, int decimals)
{
    wide left = (wide)a.units * powers[DIGITS - a.scale];
    wide right = (wide)b.units * powers[DIGITS - b.scale];
    wide apart = left > right ? left - right : right - left;
    return apart < powers[DIGITS - decimals];
}

bool decimal_deviation(struct decimal actual, struct decimal expected, char text[DECIMAL_TEXT],
                       bool *above)
{
    int scale = actual.scale > expected.scale ? actual.scale : expected.scale;
    int64_t a;
    int64_t e;
    int64_t scaled;
    if (expected.units == 0 ||
        __builtin_mul_overflow(actual.units, powers[scale - actual.scale], &a) ||
        __builtin_mul_overflow(expected.units, powers[scale - expected.scale], &e))
        return false;
    int64_t difference = a > e ? a - e : e - a;
    *above = a > e;
    if (__builtin_mul_overflow(difference, (int64_t)20000, &scaled) || e > INT64_MAX / 2 ||
        __builtin_add_overflow(scaled, e, &scaled))
        return false;
    int64_t hundredths = scaled / (2 * e); /* of a percent, rounded to nearest */
    decimal_write((struct decimal){hundredths, 2}, text);
    return true;
}
