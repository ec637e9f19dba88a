/* Exact decimals for money and percentages: units / 10^scale, never a double. */
#ifndef CPPO_OFFERS_DECIMAL_H
#define CPPO_OFFERS_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Always in lowest terms: no trailing zero in ${units} while ${scale} > 0. Not negative. */
struct decimal {
    int64_t units;
    int scale; /* 0..18 */
};

enum { DECIMAL_TEXT = 24 }; /* room for any decimal as text, NUL included */

/* "25", "33.3", ".5", "007" -> value. ASCII digits and one point only: no sign, exponent, comma,
 * space or trailing point. At most 9 digits after the point are read, trailing zeros not counted,
 * and at most 18 digits in all. False when it is not one. */
bool decimal_read(struct decimal *value, const char *text);

/* The same, but up to 18 digits after the point: for prices that AWS sends. */
bool decimal_read_price(struct decimal *value, const char *text);

/* Shortest text: "33.3", "0.0099975", "25". */
void decimal_write(struct decimal value, char text[DECIMAL_TEXT]);

int decimal_compare(struct decimal a, struct decimal b); /* <0, 0, >0; exact */

/* price x (1 + percent / 100): exact where 18 digits are enough; else truncated, but never before
 * the 9th decimal, which is below what AWS keeps of a price. False when that is not enough. */
bool decimal_mark_up(struct decimal price, struct decimal percent, struct decimal *marked);

/* The least percentage of at most 9 decimals by which ${price} becomes ${marked} or more, and the
 * greatest by which it becomes that or less; the same where one is exact. False when ${price} is
 * zero, ${marked} is below it, or the digits do not suffice. */
bool decimal_markup_of(struct decimal price, struct decimal marked, struct decimal *least,
                       struct decimal *greatest);

/* ${a} + ${b}, and ${a} - ${b} where that is not negative; exact. False: 18 digits do not suffice.
 */
bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum);
bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *rest);

/* Rounded to nearest (half up) to ${decimals} decimal places, 0..18. */
struct decimal decimal_round(struct decimal value, int decimals);

/* Do they lie less than one unit of the decimal place ${decimals} (0..18) apart? */
bool decimal_near(struct decimal a, struct decimal b, int decimals);

/* How far ${actual} lies from ${expected}, in percent with two decimals, rounded to nearest, for
 * people to read: "0.03", "14.24". *${above} tells on which side. False when ${expected} is zero or
 * the digits do not suffice. */
bool decimal_deviation(struct decimal actual, struct decimal expected, char text[DECIMAL_TEXT],
                       bool *above);

#endif
