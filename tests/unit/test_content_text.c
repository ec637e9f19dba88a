/* The content of a revision as text: canonical and back, and what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/content.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct content plain = {.authorization = "resaleauthz-1",
                                     .offer_name = "Acme 2026",
                                     .customer = "Acme",
                                     .buyer_count = 1,
                                     .buyers = {"111122223333"},
                                     .markup = "25",
                                     .term = "P365D",
                                     .accept_by = "2026-08-31"};

static const struct content full = {.authorization = "resaleauthz-1",
                                    .offer_name = "Acme = \"2026\"",
                                    .customer = "Ac\\me",
                                    .buyer_count = 2,
                                    .buyers = {"111122223333", "444455556666"},
                                    .markup = "33.3",
                                    .term = "P3650D",
                                    .accept_by = "2026-08-31",
                                    .eula = EULA_CUSTOM,
                                    .eula_url = "https://b.s3.amazonaws.com/a=b",
                                    .note = "one\ntwo\\n\n\\\\three=\\"};

/* ${text} with the first ${find} in it replaced; on the heap. */
static char *replaced(const char *text, const char *find, const char *put)
{
    const char *at = strstr(text, find);
    assert_non_null(at);
    return text_format("%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
}

static bool same(const struct content *a, const struct content *b)
{
    char *left = content_write(a);
    char *right = content_write(b);
    bool same = strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

static void the_canonical_text_comes_back(void **state)
{
    (void)state;
    char *text = content_write(&full);
    assert_string_equal(text, "authorization=resaleauthz-1\n"
                              "offer_name=Acme = \"2026\"\n"
                              "customer=Ac\\\\me\n"
                              "buyers=111122223333\\n444455556666\n"
                              "markup=33.3\n"
                              "term=P3650D\n"
                              "accept_by=2026-08-31\n"
                              "eula=custom\n"
                              "eula_url=https://b.s3.amazonaws.com/a=b\n"
                              "note=one\\ntwo\\\\n\\n\\\\\\\\three=\\\\\n");
    struct content back;
    assert_true(content_parse(&back, text));
    assert_true(same(&back, &full));
    assert_string_equal(back.note, full.note);
    assert_int_equal(back.buyer_count, 2);
    char *again = content_write(&back);
    assert_string_equal(again, text);
    free(again);
    free(text);
}

static void the_form_comes_back(void **state)
{
    (void)state;
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1) + 1];
    struct authorization chosen = {.status = "Active"};
    struct form_rules rules = {.today = 20000, .markup_cap = {50, 0}, .chosen = &chosen};
    struct form form;
    struct form_errors errors;
    struct content back;
    content_form(&full, buyers, sizeof(buyers), &form);
    assert_string_equal(buyers, "111122223333\n444455556666");
    assert_true(content_read(&form, &rules, &back, &errors));
    assert_true(same(&full, &back));
}

static void garbage_is_no_content(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put;
    } cases[] = {{"authorization=", "authorisation="},
                 {"customer=Acme\n", ""},
                 {"customer=Acme\n", "customer=Acme\ncustomer=Acme\n"},
                 {"markup=25\nterm=P365D", "term=P365D\nmarkup=25"},
                 {"term=P365D", "term=P365DAYS"},
                 {"term=", "term"},
                 {"eula=as_authorized", "eula=own"},
                 {"eula=as_authorized", "eula="},
                 {"accept_by=", "accept_by=1"},
                 {"note=", "note=\nmore="},
                 {"note=", "note=\n\n"},
                 {"note=", "=note"},
                 {"buyers=", "buyers=1"},
                 {"buyers=", "buyers=garbage-----\\n"},
                 {"note=\n", ""},
                 {"note=", "a_key_that_is_longer_than_any_of_ours="}};
    static const char *const nonsense[] = {"", "\n", "=", "garbage", "====\n====\n", "{}"};
    struct content back;
    char *text = content_write(&plain);
    assert_true(content_parse(&back, text));
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *bad = replaced(text, cases[i].find, cases[i].put);
        if (content_parse(&back, bad))
            fail_msg("with “%s” for “%s” it was taken", cases[i].put, cases[i].find);
        free(bad);
    }
    for (size_t i = 0; i < COUNT(nonsense); i++)
        assert_false(content_parse(&back, nonsense[i]));
    free(text);
}

static void every_difference_is_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *line;
    } cases[] = {
        {"resaleauthz-1", "resaleauthz-2", "Resale authorization: resaleauthz-1 → resaleauthz-2"},
        {"Acme 2026", "Acme 2027", "Offer name: Acme 2026 → Acme 2027"},
        {"customer=Acme", "customer=Acme Inc", "Customer: Acme → Acme Inc"},
        {"111122223333", "111122223333\\n444455556666",
         "Buyer account ids: 111122223333 → 111122223333, 444455556666"},
        {"markup=25", "markup=33.3", "Markup: 25 % → 33.3 %"},
        {"P365D", "P3650D", "Term: 1 year → 10 years"},
        {"2026-08-31", "2026-09-30", "Accept by: 2026-08-31 → 2026-09-30"},
        {"eula=as_authorized", "eula=standard",
         "EULA: As authorized → AWS Marketplace standard contract"},
        {"eula_url=", "eula_url=https://b", "EULA address: (empty) → https://b"},
        {"note=", "note=hi", "Note for the approver: (empty) → hi"},
        {"note=\n", "note=\nplaybook=Gold\n", "Playbook: (empty) → Gold"},
    };
    char changes[400];
    char *text = content_write(&plain);
    content_changes(&plain, &plain, changes, sizeof(changes));
    assert_string_equal(changes, "");
    assert_true(same(&plain, &plain));
    assert_int_equal(COUNT(cases), FIELD_COUNT);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct content after;
        char *other = replaced(text, cases[i].find, cases[i].put);
        assert_true(content_parse(&after, other));
        assert_false(same(&plain, &after));
        content_changes(&plain, &after, changes, sizeof(changes));
        assert_string_equal(changes, cases[i].line);
        free(other);
    }
    free(text);
}

static void more_buyers_than_an_offer_has_room_for_are_no_content(void **state)
{
    (void)state;
    struct content most = plain;
    struct content back;
    most.buyer_count = MAX_BUYERS;
    for (int i = 0; i < MAX_BUYERS; i++)
        text_fit(most.buyers[i], sizeof(most.buyers[i]), "111122223333");
    char *text = content_write(&most);
    assert_true(content_parse(&back, text));
    assert_true(same(&most, &back));
    char *more = replaced(text, "buyers=", "buyers=444455556666\\n");
    assert_false(content_parse(&back, more));
    free(more);
    free(text);
}

/* Two hundred characters of each are shown, in one line. */
static void long_values_are_shown_by_their_beginning(void **state)
{
    (void)state;
    struct content before = plain;
    struct content after = plain;
    char changes[1000];
    memset(before.note, 'a', 201);
    memset(after.note, 'b', 201);
    before.note[1] = '\n';
    content_changes(&before, &after, changes, sizeof(changes));
    assert_int_equal(strlen(changes), strlen("Note for the approver:  → ") + 400 + 2 * strlen("…"));
    assert_non_null(strstr(changes, "approver: a aaa"));
    assert_non_null(strstr(changes, "a… → b"));
    assert_string_equal(changes + strlen(changes) - 4, "b…");
}

static void differences_are_cut_at_a_line(void **state)
{
    (void)state;
    static const char whole[] = "Markup: 25 % → 30 %\nEULA: As authorized → Our own\n"
                                "EULA address: (empty) → https://b.s3.amazonaws.com/e";
    char text[sizeof(whole)];
    struct content after = plain;
    after.eula = EULA_CUSTOM;
    text_fit(after.eula_url, sizeof(after.eula_url), "https://b.s3.amazonaws.com/e");
    text_fit(after.markup, sizeof(after.markup), "30");
    for (size_t capacity = 1; capacity <= sizeof(whole); capacity++) {
        size_t size;
        content_changes(&plain, &after, text, capacity);
        size = strlen(text);
        assert_true(size < capacity);
        assert_memory_equal(text, whole, size);
        assert_true(size == 0 || whole[size] == '\n' || whole[size] == '\0');
    }
    assert_string_equal(text, whole);
}

static void fields_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < FIELD_COUNT; i++) {
        assert_int_equal(field_named(field_name((enum field)i)), i);
        assert_true(*field_label((enum field)i) != '\0');
    }
    assert_int_equal(field_named("Markup"), -1);
    assert_int_equal(field_named(""), -1);
    assert_string_equal(term_label("P1825D"), "5 years");
    assert_null(term_label("P1D"));
    assert_string_equal(term_meaning("P10Y"), "P3650D"); /* as AWS reads it back */
    assert_string_equal(term_meaning("P12M"), "P365D");
    assert_string_equal(term_meaning("P2Y"), "");
    assert_string_equal(term_meaning(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_canonical_text_comes_back),
        cmocka_unit_test(the_form_comes_back),
        cmocka_unit_test(garbage_is_no_content),
        cmocka_unit_test(every_difference_is_a_line),
        cmocka_unit_test(more_buyers_than_an_offer_has_room_for_are_no_content),
        cmocka_unit_test(long_values_are_shown_by_their_beginning),
        cmocka_unit_test(differences_are_cut_at_a_line),
        cmocka_unit_test(fields_have_names),
    };
    return cmocka_run_group_tests_name("content_text", tests, NULL, NULL);
}
