/* What stands behind `/cppo list`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/filter.h"
#include "offers/machine.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As it is understood, written in one way; what is wrong with it in its place. */
static char *understood(const char *line)
{
    struct filter filter;
    struct text said = {0};
    if (filter_read(&filter, line, &said))
        filter_write(&filter, &said);
    if (*filter.name != '\0')
        text_addf(&said, "%sname:%s", said.size > 0 ? " " : "", filter.name);
    return text_take(&said);
}

static void expect_understood(const char *line, const char *as)
{
    char *got = understood(line);
    if (strcmp(got, as) != 0)
        fail_msg("“%s” is understood as “%s”", line, got);
    free(got);
}

static void several_filters_stand_in_any_order(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"state:pending", "state:pending"},
        {"state=pending", "state:pending"},
        {"State : Pending", "state:pending"},
        {"state:changes-requested", "state:changes_requested"},
        {"state:waiting", "state:pending"},
        {"state:pending,failed", "state:pending,failed"},
        {"state:pending, failed", "state:pending,failed"},
        {"state:failed state:pending", "state:pending,failed"},
        {"state:all", ""},
        {"buyer:1111", "buyer:1111"},
        {"buyer:1111…", "buyer:1111"},
        {"buyer=1111-2222-3333", "buyer:111122223333"},
        {"1111-2222-3333", "buyer:111122223333"},
        {"by:me", "by:me"},
        {"by:@me", "by:me"},
        {"by:U0123ABC", "by:U0123ABC"},
        {"by:<@U0123ABC|ana>", "by:U0123ABC"},
        {"by:<@W0123ABC>", "by:W0123ABC"},
        {"by:@ana", "name:ana"},
        {"by:\"Ana Lopez\" acme", "customer:acme name:Ana Lopez"},
        {"customer:acme", "customer:acme"},
        {"customer:\"Acme Corp\"", "customer:acme customer:corp"},
        {"customer:“Acme Corp”", "customer:acme customer:corp"},
        {"Acme Corp", "customer:acme customer:corp"},
        {"Müller & Søn", "customer:muller customer:son"},
        {"*acme*", "customer:acme"},
        {"age:>3d", "age:>72h"},
        {"age:3d", "age:>72h"},
        {"age:>3 days acme", "customer:acme age:>72h"},
        {"age:<12h", "age:<12h"},
        {"age:>=2w", "age:>336h"},
        {"age:>1d age:<1w", "age:>24h age:<168h"},
        {"age:>3d customer:acme by:me buyer:1111 state:open",
         "state:pending,changes_requested,approved,publishing,failed,under_way by:me buyer:1111 "
         "customer:acme age:>72h"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_understood(cases[i][0], cases[i][1]);
}

/* By its name, and with what to type instead. */
static void what_is_not_understood_is_named(void **state)
{
    static const char *const cases[][2] = {
        {"stat:pending", "“stat” is no filter. Did you mean state:pending?"},
        {"price:3", "“price” is no filter. There are state:pending, buyer:1111, by:@ana, "
                    "customer:acme and age:>3d."},
        {"state:pendng", "“pendng” is no state. Did you mean state:pending?"},
        {"state:", "“state:” needs a state, such as state:pending."},
        {"state: buyer:1", "“state:” needs a state, such as state:pending."},
        {"buyer:acme", "“acme” is no AWS account. Type its 12 digits, or the first of them, as in "
                       "buyer:1111."},
        {"buyer:1234567890123", "“1234567890123” is no AWS account. Type its 12 digits, or the "
                                "first of them, as in buyer:1111."},
        {"by:", "“by:” names nobody. Type by:me, by:@ana, or a member id, as in by:U0123ABCD."},
        {"age:old", "“old” is no age. Type age:>3d for longer ago than three days, age:<12h for "
                    "less than twelve hours (h, d, w)."},
        {"age:>99999999d", "“>99999999d” is no age. Type age:>3d for longer ago than three days, "
                           "age:<12h for less than twelve hours (h, d, w)."},
        {"!!!", "“!!!” has no word to search by. Type customer:acme, for example."},
        {"a b c d e f g", "“g” is one word too many: six are enough to search by."},
        {"CPPO-12", "“CPPO-12” is a number. Type /cppo show CPPO-12 to see that one."},
        {"stat:x byer:1", "“stat” is no filter. Did you mean state:pending?\n"
                          "“byer” is no filter. Did you mean buyer:1111?"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_understood(cases[i][0], cases[i][1]);
}

/* A button names a place in a list, and the list. */
static void a_page_comes_back_from_its_button(void **state)
{
    struct list_page page = {.from = 12, .back = true};
    struct list_page again;
    struct text problems = {0};
    char value[PAGE_TEXT];
    (void)state;
    assert_true(filter_read(&page.filter, "state:pending by:U0123ABC acme", &problems));
    list_page_write(&page, value);
    assert_string_equal(value, "<12 state:pending by:U0123ABC customer:acme");
    assert_true(list_page_read(&again, value));
    assert_int_equal(again.from, 12);
    assert_true(again.back);
    assert_string_equal(again.filter.by, "U0123ABC");
    assert_string_equal(again.filter.words[0], "acme");
    assert_true(list_page_read(&again, ""));
    assert_int_equal(again.from, 0);
}

/* Nothing at all names what is shown without a list. */
static void a_list_of_everything_has_a_name(void **state)
{
    struct list_page page = {.from = 0};
    struct text problems = {0};
    char value[PAGE_TEXT];
    (void)state;
    assert_true(filter_read(&page.filter, "state:all", &problems));
    list_page_write(&page, value);
    assert_string_equal(value, "state:all");
    page.from = 12;
    list_page_write(&page, value);
    assert_string_equal(value, ">12 state:all");
}

static void what_no_button_of_ours_holds_is_no_page(void **state)
{
    static const char *const others[] = {">",
                                         "<x state:pending",
                                         ">-1 ",
                                         ">12",
                                         ">0 ",
                                         "stat:x",
                                         ">99999999999999999999 state:pending"};
    struct list_page page;
    char *longest = malloc(PAGE_TEXT + 1);
    (void)state;
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(list_page_read(&page, others[i]));
    memset(longest, 'a', PAGE_TEXT);
    longest[PAGE_TEXT] = '\0';
    assert_false(list_page_read(&page, longest));
    free(longest);
}

/* All that a filter can hold fits into a button. */
static void the_longest_filter_fits_into_a_button(void **state)
{
    struct list_page page = {.from = INT64_MAX - 1, .back = true};
    struct list_page again;
    char value[PAGE_TEXT];
    (void)state;
    page.filter = (struct filter){.states = (1U << STATES) - 2,
                                  .word_count = FILTER_WORDS,
                                  .older_ms = INT64_C(87840) * 3600000,
                                  .younger_ms = INT64_C(87840) * 3600000};
    for (size_t i = 0; i < FILTER_WORDS; i++)
        memset(page.filter.words[i], 'w', FOLDED_WORD - 1);
    memset(page.filter.by, 'U', PERSON_ID - 1);
    memset(page.filter.buyer, '1', ACCOUNT_ID - 1);
    list_page_write(&page, value);
    assert_true(list_page_read(&again, value));
    assert_int_equal(again.filter.younger_ms, page.filter.younger_ms);
    assert_int_equal(again.filter.states, page.filter.states);
}

static void expect_words(const char *text, const char *words)
{
    struct text got = {0};
    char word[FOLDED_WORD];
    for (const char *at = text; folded_next(&at, word);)
        text_addf(&got, "%s%s", got.size > 0 ? " " : "", word);
    assert_string_equal(text_get(&got), words);
    text_free(&got);
}

static void names_are_searched_without_case_and_accents(void **state)
{
    static const char *const cases[][2] = {
        {"Acme Corp.", "acme corp"},
        {"O'Brien & Sons (UK)", "o brien sons uk"},
        {"MÜLLER Straße", "muller strase"},
        {"Ångström–Łódź", "angstrom lodz"},
        {"Cafe\u0301 Noir", "cafe noir"},
        {"ΑΒΓ Жуков", "αβγ жуков"},
        {"株式会社 ソニー", "株式会社 ソニー"},
        {"a\xFF"
         "b\xC3",
         "a b"},
        {"“x”…", "x"},
        {" \t", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_words(cases[i][0], cases[i][1]);
    expect_words("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff",
                 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_filters_stand_in_any_order),
        cmocka_unit_test(what_is_not_understood_is_named),
        cmocka_unit_test(a_page_comes_back_from_its_button),
        cmocka_unit_test(a_list_of_everything_has_a_name),
        cmocka_unit_test(what_no_button_of_ours_holds_is_no_page),
        cmocka_unit_test(the_longest_filter_fits_into_a_button),
        cmocka_unit_test(names_are_searched_without_case_and_accents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
