#include "offers/rejection.h"

#include <string.h>

#include "mem.h"
#include "text.h"

const struct rejection rejections[] = {
    {"price", "Price or margin"},
    {"customer", "The customer, or their accounts"},
    {"terms", "Term, dates or EULA"},
    {"authorization", "Another authorization or tier is the right one"},
    {"duplicate", "There is such an offer already"},
    {"timing", "Not now"},
    {"not_ours", "Not our deal"},
    {"other", "Something else"},
};
const size_t rejection_count = sizeof(rejections) / sizeof(rejections[0]);

const struct rejection *rejection_of(const char *code)
{
    for (size_t i = 0; code != NULL && i < rejection_count; i++) {
        if (strcmp(rejections[i].code, code) == 0)
            return &rejections[i];
    }
    return &rejections[rejection_count - 1];
}

bool rejection_is_other(const struct rejection *rejection)
{
    return rejection == &rejections[rejection_count - 1];
}

char *rejection_words(const struct rejection *rejection, const char *words)
{
    if (rejection_is_other(rejection))
        return mem_copy(words);
    return text_format("%s%s%s", rejection->label, *words != '\0' ? ": " : "", words);
}
