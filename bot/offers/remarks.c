#include "offers/remarks.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* As people draw up lists. */
static const char *behind_bullet(const char *line)
{
    static const char *const bullets[] = {"-", "*", "•", "–"};
    line += strspn(line, " \t");
    for (size_t i = 0; i < sizeof(bullets) / sizeof(bullets[0]); i++) {
        size_t size = strlen(bullets[i]);
        if (strncmp(line, bullets[i], size) == 0)
            return line + size + strspn(line + size, " \t");
    }
    return line;
}

static bool is_called(enum field field, const char *key, size_t size)
{
    const char *label = field_label(field);
    const char *name = field_name(field);
    return (strlen(label) == size && strncasecmp(label, key, size) == 0) ||
           (strlen(name) == size && strncasecmp(name, key, size) == 0);
}

/* "Buyer" of "Buyer account ids": whole words. */
static bool begins_with(enum field field, const char *key, size_t size)
{
    const char *label = field_label(field);
    return strlen(label) > size && label[size] == ' ' && strncasecmp(label, key, size) == 0;
}

/* The field that is called so, before one that only begins so; -1: none is. */
static int field_called(const char *key, size_t size)
{
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (is_called((enum field)field, key, size))
            return field;
    }
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (begins_with((enum field)field, key, size))
            return field;
    }
    return -1;
}

/* What the line says of the field; NULL: it is about another, or none. */
static const char *said_of(enum field field, const char *line, size_t *size)
{
    const char *end = line + strcspn(line, "\n");
    const char *key = behind_bullet(line);
    const char *colon = key + strcspn(key, ":\n");
    size_t width = (size_t)(colon - key);
    if (*colon != ':')
        return NULL;
    while (width > 0 && isblank((unsigned char)key[width - 1]))
        width--;
    if (width == 0 || field_called(key, width) != (int)field)
        return NULL;
    const char *words = colon + 1 + strspn(colon + 1, " \t");
    *size = (size_t)(end - words);
    return *size > 0 ? words : NULL;
}

char *remarks_at(const char *remarks, enum field field)
{
    struct text said = {0};
    while (*remarks != '\0') {
        size_t size;
        const char *words = said_of(field, remarks, &size);
        if (words != NULL)
            text_addf(&said, "%s%.*s", said.size > 0 ? "\n" : "", (int)size, words);
        remarks += strcspn(remarks, "\n");
        remarks += *remarks == '\n';
    }
    if (said.size > 0)
        return text_take(&said);
    text_free(&said);
    return NULL;
}
