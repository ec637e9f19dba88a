/* The form of an offer, and what to look for in it. */
#ifndef CPPO_TESTS_FORM_FIXTURE_H
#define CPPO_TESTS_FORM_FIXTURE_H

#include "views/form.h"
#include "views_fixture.h"

static inline void expect_good(const json_t *whole)
{
    char *problem = judged(whole);
    if (*problem != '\0')
        fail_msg("%s", problem);
    free(problem);
}

static inline void expect_text(const json_t *whole, const char *wanted)
{
    char *text = all_text(whole);
    if (strstr(text, wanted) == NULL)
        fail_msg("nowhere does it say “%s” in:\n%s", wanted, text);
    free(text);
}

static inline const json_t *block_named(const json_t *modal, const char *block_id)
{
    const json_t *blocks = json_object_get(modal, "blocks");
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        if (strcmp(check_text(json_array_get(blocks, i), "block_id"), block_id) == 0)
            return json_array_get(blocks, i);
    }
    return NULL;
}

static inline const json_t *element_named(const json_t *modal, const char *name)
{
    return json_object_get(block_named(modal, name), "element");
}

static inline const char *chosen(const json_t *modal, const char *name)
{
    return check_text(json_object_get(element_named(modal, name), "initial_option"), "value");
}

static inline struct form_view empty_view(void)
{
    return (struct form_view){
        .form_id = "0123456789abcdef0123456789abcdef", .remarks = "", .notice = "", .digest = ""};
}

#endif
