/* What is expected of a message or form that was made. */
#ifndef CPPO_TESTS_VIEWS_EXPECT_H
#define CPPO_TESTS_VIEWS_EXPECT_H

#include "views_fixture.h"

static inline void expect_text(const json_t *whole, const char *wanted)
{
    char *text = all_text(whole);
    if (strstr(text, wanted) == NULL)
        fail_msg("nowhere does it say “%s” in:\n%s", wanted, text);
    free(text);
}

static inline void expect_no_text(const json_t *whole, const char *unwanted)
{
    char *text = all_text(whole);
    if (strstr(text, unwanted) != NULL)
        fail_msg("it should not say “%s”:\n%s", unwanted, text);
    free(text);
}

static inline int times_in(const json_t *whole, const char *words)
{
    char *text = all_text(whole);
    int times = 0;
    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        times++;
    free(text);
    return times;
}

static inline void expect_good(const json_t *whole)
{
    char *problem = judged(whole);
    if (*problem != '\0')
        fail_msg("%s", problem);
    free(problem);
}

/* Take ${whole}; its buttons are these. */
static inline void expect_buttons(json_t *whole, const char *wanted)
{
    char *ids = button_ids(whole);
    assert_string_equal(ids, wanted);
    free(ids);
    json_decref(whole);
}

enum { ALL = MAY_DECIDE | MAY_CHANGE | MAY_RETRY | MAY_SEE_DETAILS | MAY_OPEN_CARD };

#endif
