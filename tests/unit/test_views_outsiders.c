/* What is left out of a card where people of other organisations read along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "views_expect.h"

/* It says what waits for whom. */
static void what_outsiders_read_has_no_price_note_or_comment(void **state)
{
    (void)state;
    static const char *const secrets[] = {"33.3",         "0.0099975",    "0.0075",
                                          "Please hurry", "AWS computes", "was 25 %",
                                          "too dear for", "0.012 is live"};
    struct fixture *f = fixture_new();
    f->card.outsiders = true;
    f->card.changes = "Markup: was 25 %";
    json_t *card = card_message(&f->card);
    expect_good(card);
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        expect_no_text(card, secrets[i]);
    expect_text(card, "CPPO-12 · Example Corp");
    expect_text(card, "123456789012, 000000000001");
    expect_text(card, "❌ Checks that failed: 1 · ⚠️ Warnings: 1");
    expect_text(card, "*Details* shows them");
    assert_string_equal(check_text(card, "text"),
                        "CPPO-12 for Example Corp: Waiting for approval (revision 1) · Mia Moss "
                        "asks");
    expect_buttons(card, "approve_again request_changes reject details edit withdraw");
    fixture_move(&f->moves[0], "U0BOB", EVENT_REJECT, "too dear for them");
    f->request.state = STATE_REJECTED;
    card = card_message(&f->card);
    expect_text(card, "Rejected by ");
    expect_no_text(card, "too dear for");
    json_decref(card);
    f->request.state = STATE_PUBLISHED;
    f->draft.state = DRAFT_RELEASED;
    text_fit(f->draft.why, sizeof(f->draft.why), "0.012 is live");
    card = card_message(&f->card);
    expect_text(card, "What is live is not what was approved");
    expect_no_text(card, "0.012 is live");
    json_decref(card);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_outsiders_read_has_no_price_note_or_comment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
