#include "bare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/date.h"
#include "offers/typed.h"

enum {
    MIN_ACCOUNT = 10, /* digits: the form reports ids that are a digit or two off */
    MAX_COUNT = 3650, /* of days, weeks or years */
};

/* The bytes of what people write around a word, before it. */
static size_t opening(const char *at)
{
    return strspn(at, "([*_~");
}

/* The same behind one that ends at ${at}; -1 where it goes on. */
static int end_of_word(const char *at)
{
    size_t size = strspn(at, ".,;:!?)]*_~");
    return at[size] == '\0' || typed_blank(at + size) > 0 ? (int)size : -1;
}

/* "25%", "25 %", "+12,5%" */
static bool read_percent(const char *at, struct bare *bare)
{
    size_t sign = *at == '+';
    size_t size = strspn(at + sign, "0123456789.,");
    const char *unit = at + sign + size + typed_blanks(at + sign + size);
    if (!isdigit((unsigned char)at[sign]) || *unit != '%' || end_of_word(unit + 1) < 0)
        return false;
    *bare = (struct bare){.field = FIELD_MARKUP,
                          .value = mem_slice(at + sign, size),
                          .size = (size_t)(unit + 1 - at) + (size_t)end_of_word(unit + 1)};
    return true;
}

/* The currencies that AWS Marketplace sells in, as their codes; the bytes of one at ${at}. */
static size_t currency_at(const char *at)
{
    static const char *const codes[] = {"USD", "EUR", "GBP", "AUD", "JPY", "INR"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strncmp(at, codes[i], 3) == 0 && end_of_word(at + 3) >= 0)
            return 3;
    }
    return 0;
}

/* "0.0125 USD": the price that the customer is to pay, which is typed as the markup. */
static bool read_price(const char *at, struct bare *bare)
{
    size_t size = strspn(at, "0123456789.,");
    size_t blanks = typed_blanks(at + size);
    size_t code = currency_at(at + size + blanks);
    size += blanks + code;
    if (!isdigit((unsigned char)*at) || code == 0)
        return false;
    *bare = (struct bare){.field = FIELD_MARKUP,
                          .value = mem_slice(at, size),
                          .size = size + (size_t)end_of_word(at + size)};
    return true;
}

/* In days; 0: years. */
static const struct {
    const char *word;
    int days;
} units[] = {{"d", 1},     {"day", 1}, {"days", 1}, {"w", 7},    {"week", 7},
             {"weeks", 7}, {"y", 0},   {"yr", 0},   {"year", 0}, {"years", 0}};

/* "60d", "8 weeks", "3 years" */
static bool read_count(const char *at, int32_t today, struct bare *bare)
{
    char *rest;
    char day[DATE_TEXT];
    if (!isdigit((unsigned char)*at))
        return false;
    long count = strtol(at, &rest, 10);
    rest += typed_blanks(rest);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t size = strlen(units[i].word);
        if (strncasecmp(rest, units[i].word, size) != 0 || end_of_word(rest + size) < 0 ||
            count < 1 || count > MAX_COUNT)
            continue;
        bool years = units[i].days == 0;
        if (!years)
            date_write(today + (int32_t)count * units[i].days, day);
        *bare = (struct bare){
            .field = years ? FIELD_TERM : FIELD_ACCEPT_BY,
            .value = years ? mem_slice(at, (size_t)(rest + size - at)) : mem_copy(day),
            .size = (size_t)(rest + size - at) + (size_t)end_of_word(rest + size)};
        return true;
    }
    return false;
}

/* The bytes from one digit to the last, with hyphens, commas and semicolons between them;
 * ${digits}: how many they are. */
static size_t digits_at(const char *at, size_t *digits)
{
    size_t size = 0, last = 0;
    *digits = 0;
    for (;;) {
        size_t hyphen = typed_hyphen(at + size);
        bool digit = isdigit((unsigned char)at[size]);
        if (!digit && hyphen == 0 && at[size] != ',' && at[size] != ';')
            return last;
        size += hyphen > 0 ? hyphen : 1;
        *digits += digit;
        last = digit ? size : last;
    }
}

/* A date, or account ids with whatever people put between their digits. */
static bool read_digits(const char *at, struct bare *bare)
{
    size_t digits, size = digits_at(at, &digits);
    int32_t day;
    if (!isdigit((unsigned char)*at) || end_of_word(at + size) < 0)
        return false;
    char *word = mem_slice(at, size);
    char *code = typed_code(word);
    bool date = date_read(&day, code), accounts = !date && digits >= MIN_ACCOUNT;
    *bare = (struct bare){.field = date ? FIELD_ACCEPT_BY : FIELD_BUYERS,
                          .value = date ? code : word,
                          .size = size + (size_t)end_of_word(at + size)};
    if (!date)
        free(code);
    if (!accounts)
        free(word);
    return date || accounts;
}

bool bare_read(const char *at, int32_t today, struct bare *bare)
{
    size_t before = opening(at);
    at += before;
    bool read = read_percent(at, bare) || read_price(at, bare) || read_count(at, today, bare) ||
                read_digits(at, bare);
    if (read)
        bare->size += before;
    return read;
}

bool bare_is_name(const char *at)
{
    size_t size = typed_word(at);
    bool letter = false;
    for (size_t i = 0; i < size; i++) {
        letter |= isalpha((unsigned char)at[i]) || (unsigned char)at[i] >= 0x80;
        if (at[i] == '=')
            return false;
    }
    return letter;
}
