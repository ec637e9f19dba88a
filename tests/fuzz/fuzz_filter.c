/* What is typed after `/cppo list`, and what its buttons bring back. */
#include "fuzz.h"
#include "offers/filter.h"

/* Everything but a name that nobody has looked up yet. */
static bool same(const struct filter *a, const struct filter *b)
{
    bool words = a->word_count == b->word_count;
    for (size_t i = 0; words && i < a->word_count; i++)
        words = strcmp(a->words[i], b->words[i]) == 0;
    return words && a->states == b->states && a->mine == b->mine && a->older_ms == b->older_ms &&
           a->younger_ms == b->younger_ms && strcmp(a->by, b->by) == 0 &&
           strcmp(a->buyer, b->buyer) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct list_page page = {.from = 7}, again, any;
    struct text problems = {0};
    char value[PAGE_TEXT];
    char *line = fuzz_rest(&fuzz);
    bool good = filter_read(&page.filter, line, &problems);
    must(good == (problems.size == 0), "what is wrong is said");
    must(!fuzz_utf8(line) || fuzz_utf8(text_get(&problems)), "no character is cut in two");
    list_page_write(&page, value);
    must(list_page_read(&again, value), "a button of ours is read again");
    must(same(&page.filter, &again.filter) && again.from == 7, "and means what it meant");
    must(!fuzz_utf8(line) || fuzz_utf8(value), "and is text");
    if (list_page_read(&any, line)) {
        list_page_write(&any, value);
        must(list_page_read(&again, value) && again.from == any.from &&
                 same(&any.filter, &again.filter),
             "so is one of anybody's that is taken for ours");
    }
    text_free(&problems);
    free(line);
    return 0;
}
