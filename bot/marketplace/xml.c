#include "marketplace/xml.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "text.h"

static const char *const entities[][2] = {
    {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}, {"&apos;", "'"}};

static char *decode(const char *from, const char *to)
{
    struct text out = {0};
    while (from < to) {
        size_t width = 1;
        const char *plain = from;
        size_t plain_size = 1;
        for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
            size_t size = strlen(entities[i][0]);
            if ((size_t)(to - from) >= size && strncmp(from, entities[i][0], size) == 0) {
                width = size;
                plain = entities[i][1];
            }
        }
        text_add_bytes(&out, plain, plain_size);
        from += width;
    }
    return text_take(&out);
}

char *xml_text(const char *bytes, size_t size, const char *name)
{
    char open[64];
    snprintf(open, sizeof(open), "<%.60s>", name);
    const char *from = size > 0 ? memmem(bytes, size, open, strlen(open)) : NULL;
    if (from == NULL)
        return mem_copy("");
    from += strlen(open);
    const char *to = memchr(from, '<', size - (size_t)(from - bytes));
    return to != NULL ? decode(from, to) : mem_copy("");
}
