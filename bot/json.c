#include "json.h"

#include <stdlib.h>
#include <string.h>

const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

char *json_write(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    return text;
}

json_t *json_read(char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    free(text);
    return value;
}

/* RFC 8259, section 7. */
static void add_escaped(struct text *into, char c)
{
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char names[] = "\"\\bfnrt";
    const char *at = strchr(named, c);
    if (at != NULL)
        text_addf(into, "\\%c", names[at - named]);
    else
        text_addf(into, "\\u%04X", (unsigned)c);
}

static bool stands_as_it_is(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

void json_add_text(struct text *into, const char *text)
{
    text_add(into, "\"");
    for (;;) {
        size_t plain = 0;
        while (stands_as_it_is(text[plain]))
            plain++;
        text_add_bytes(into, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        add_escaped(into, *text++);
    }
    text_add(into, "\"");
}
