#include "err.h"

#include <stdarg.h>
#include <stdio.h>

#include "text.h"

int err_set(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    text_repair(err->text);
    return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
    char before[sizeof(err->text)];
    char whole[2 * sizeof(err->text) + 3];
    va_list args;
    va_start(args, format);
    vsnprintf(before, sizeof(before), format, args);
    va_end(args);
    snprintf(whole, sizeof(whole), "%s: %s", before, err->text);
    snprintf(err->text, sizeof(err->text), "%.*s", (int)sizeof(err->text) - 1, whole);
    text_repair(err->text);
    return -1;
}
