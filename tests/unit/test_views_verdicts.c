/* What approvers say with their approvals, on the card and in letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "views_expect.h"
#include "views/notice.h"

/* What they said stands beside their names; of the last, whose move it was, once. */
static void what_was_said_with_an_approval_stands_on_the_card(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->votes[0] = (struct vote){.person = "U0BOSS", .at = INT64_C(1795464180000)};
    f->votes[1] = (struct vote){.person = "U0MIA", .at = INT64_C(1795464180000)};
    text_fit(f->votes[0].comment, sizeof(f->votes[0].comment), "Only *EVIL* this once");
    f->card.vote_count = 2;
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "20:03 UTC>): “Only ∗EVIL∗ this once”\nApproved by <@U0MIA>");
    assert_string_equal(
        check_text(
            json_array_get(json_object_get(button_named(card, "approve_comment"), "options"), 0),
            "value"),
        check_text(button_named(card, "approve"), "value"));
    json_decref(card);
    f->card.outsiders = true;
    card = card_message(&f->card);
    expect_no_text(card, "this once");
    json_decref(card);
    f->card.outsiders = false;
    f->request.state = STATE_APPROVED;
    fixture_move(&f->moves[0], "U0BOSS", EVENT_APPROVE, f->votes[0].comment);
    card = card_message(&f->card);
    assert_int_equal(times_in(card, "this once"), 1);
    json_decref(card);
    json_t *letter = notice_message(&f->card);
    expect_good(letter);
    assert_int_equal(times_in(letter, "this once”"), 1);
    json_decref(letter);
    fixture_publish(f);
    letter = notice_message(&f->card);
    expect_text(letter, "Approved by <@U0BOSS>: “Only ∗EVIL∗ this once”");
    json_decref(letter);
    free(f);
}

/* Thirty-two people with as much to say as there is room for. */
static void very_much_said_fits(void **state)
{
    (void)state;
    static struct vote votes[MAX_VOTES];
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < MAX_VOTES; i++) {
        votes[i] = (struct vote){.person = "U0BOSS", .at = INT64_C(1795464180000)};
        evil_field(votes[i].comment, sizeof(votes[i].comment), COMMENT_POINTS, "&", true);
    }
    f->card.votes = votes;
    f->card.vote_count = MAX_VOTES;
    f->request.state = STATE_PUBLISHED;
    json_t *shown[] = {card_message(&f->card), notice_message(&f->card)};
    for (size_t i = 0; i < 2; i++) {
        expect_good(shown[i]);
        assert_int_equal(times_in(shown[i], "Approved by <@U0BOSS>"), MAX_VOTES);
        json_decref(shown[i]);
    }
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_with_an_approval_stands_on_the_card),
        cmocka_unit_test(very_much_said_fits),
    };
    return cmocka_run_group_tests_name("views verdicts", tests, NULL, NULL);
}
