/* The card at a glance: what stands on it, what behind Details, and what looks dangerous. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "views_expect.h"

/* What is as it mostly is takes no room; Details has the rest, and the form of an approval. */
static void the_card_is_one_screen(void **state)
{
    (void)state;
    static const char *const elsewhere[] = {"Archera - Subscription", "Wholesale price",
                                            "Archera-Us-Subscription-2026", "As authorized"};
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < 4; i++)
        f->checks[i].outcome = CHECK_PASSED;
    f->checks[3].verdict = true;
    text_fit(f->checks[3].text, sizeof(f->checks[3].text), "AWS has accepted the draft");
    memset(fixture_offer(&f->request)->note, 'x', NOTE_POINTS);
    json_t *card = card_message(&f->card);
    json_t *form = card_approval(&f->card, "12.1");
    expect_good(card);
    expect_text(card, "✅ AWS has accepted the draft · 3 more checks passed");
    expect_text(card, "… (more in Details)");
    assert_int_equal(json_array_size(json_object_get(card, "blocks")), 6);
    for (size_t i = 0; i < 4; i++) {
        expect_no_text(card, elsewhere[i]);
        expect_text(form, elsewhere[i]);
    }
    expect_text(form, fixture_offer(&f->request)->note);
    json_decref(form);
    json_decref(card);
    fixture_offer(&f->request)->eula = EULA_CUSTOM;
    card = card_message(&f->card);
    expect_text(card, "*EULA* ");
    json_decref(card);
    free(f);
}

static void what_cannot_be_undone_looks_different(void **state)
{
    (void)state;
    static const char *const dangerous[] = {"reject", "withdraw"};
    static const char *const harmless[] = {"request_changes", "details", "edit"};
    struct fixture *f = fixture_new();
    json_t *card = card_message(&f->card);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(check_text(button_named(card, dangerous[i]), "style"), "danger");
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(check_text(button_named(card, harmless[i]), "style"), "");
    assert_string_equal(
        check_text(json_object_get(button_named(card, "withdraw"), "confirm"), "style"), "danger");
    json_decref(card);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_card_is_one_screen),
        cmocka_unit_test(what_cannot_be_undone_looks_different),
    };
    return cmocka_run_group_tests_name("views glance", tests, NULL, NULL);
}
