/* What is typed after `/cppo new`. '=' in front: values, which are written as pairs in quotes and
 * must come back as they were. */
#include "fuzz.h"
#include "offers/pairs.h"
#include "offers/typed.h"

static const struct playbook playbooks[] = {{.name = "Gold"}, {.name = "G+ 1"}};
static const struct pairs_known known = {
    .today = 20000, .playbooks = playbooks, .playbook_count = 2};

static bool has_quote(const char *text)
{
    static const char *const marks[] = {"\"", "“", "”", "„", "‟", "«", "»", "＂"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strstr(text, marks[i]) != NULL)
            return true;
    }
    return false;
}

static void write_and_read(struct fuzz *fuzz)
{
    char *values[FIELD_COUNT];
    struct pairs pairs;
    struct text line = {0};
    bool plain = true;
    for (int i = 0; i < FIELD_COUNT; i++) {
        values[i] = fuzz_field(fuzz);
        plain = plain && !has_quote(values[i]);
        const char *const parts[] = {field_name((enum field)i), i % 2 ? "=“" : "=\"", values[i],
                                     i % 3 ? "” " : "\" "};
        for (size_t part = 0; part < 4; part++)
            text_add(&line, parts[part]);
    }
    pairs_read(&pairs, text_get(&line), &known);
    for (int i = 0; i < FIELD_COUNT && plain; i++) {
        must(pairs.typed[i] != NULL, "a field that was given is there");
        must(strcmp(pairs.typed[i], values[i]) == 0 ||
                 (i == FIELD_TERM && term_label(pairs.typed[i]) != NULL) || i == FIELD_ACCEPT_BY ||
                 i == FIELD_EULA,
             "what was given comes back as it was");
    }
    must(!plain || pairs.notice.size == 0, "there is nothing to complain about");
    for (int i = 0; i < FIELD_COUNT; i++)
        free(values[i]);
    pairs_free(&pairs);
    text_free(&line);
}

/* Is every word of ${value} one of ${line}, in its order? */
static bool stands_in(const char *line, const char *value)
{
    while (*(value += typed_blanks(value)) != '\0') {
        size_t size = typed_word(value);
        bool comma = size > 1 && value[size - 1] == ','; /* between accounts */
        char *word = strndup(value, size - comma);
        const char *found = strstr(line, word);
        free(word);
        if (found == NULL)
            return false;
        line = found + size - comma;
        value += size;
    }
    return true;
}

static void read_any(const char *line)
{
    struct pairs pairs;
    bool given = false;
    pairs_read(&pairs, line, &known);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *value = pairs.typed[i];
        given = given || value != NULL;
        must(value == NULL || stands_in(line, value) || term_label(value) != NULL ||
                 i == FIELD_ACCEPT_BY || i == FIELD_EULA,
             "nothing is made up");
    }
    must(given || pairs.notice.size > 0 || line[typed_blanks(line)] == '\0',
         "what is not understood is said");
    must(!fuzz_utf8(line) || fuzz_utf8(text_get(&pairs.notice)), "no character is cut in two");
    pairs_free(&pairs);
}

/* Its line is short enough to be stored, and read without a complaint. */
static void read_message(const char *message)
{
    struct pairs pairs;
    char *line = pairs_of_message(message);
    must(strlen(line) < 1500, "the line of a message is short");
    pairs_read(&pairs, line, &known);
    must(strstr(text_get(&pairs.notice), "could not read") == NULL &&
             strstr(text_get(&pairs.notice), "do not know") == NULL,
         "all of it is understood");
    must((pairs.typed[FIELD_NOTE] == NULL) == (message[typed_blanks(message)] == '\0'),
         "it becomes the note");
    pairs_free(&pairs);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    if (size > 0 && data[0] == '=') {
        fuzz_byte(&fuzz);
        write_and_read(&fuzz);
        return 0;
    }
    char *line = fuzz_rest(&fuzz);
    read_any(line);
    read_message(line);
    free(line);
    return 0;
}
