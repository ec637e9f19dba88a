/* What approvers say with their decisions, from the card to whoever reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"
#include "text.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "verdicts", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

/* What is in the menu holds what the button beside it does. */
static void choose_comment(const char *user)
{
    char value[100];
    const char *ts = world_card(&w, "CPPO-1");
    text_fit(value, sizeof(value), world_button(&w, "C0APPROVALS", ts, "approve"));
    world_click_value(&w, user, "C0APPROVALS", ts, "approve_comment", value);
}

/* From the menu beside the button: the form shows what is approved; what hides is refused beside
 * its field; and what was said reaches the card, the requester and the operators' command. */
static void test_approve_with_a_comment(void **state)
{
    (void)state;
    const char *said;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted the draft"), "AWS has the draft");
    choose_comment("U0MIA");
    expect(&w, world_form(&w, "U0MIA", "approve_form"), "a form opens");
    expect(&w, shows(top_view(w.state, "U0MIA"), "25 %"), "it shows what is approved");
    const json_t *errors =
        world_submit(&w, "U0MIA", json_pack("{s:s}", "comment", "fine \xE2\x80\xAE enif"));
    expect(&w, strstr(member(errors, "comment"), "U+202E") != NULL, "what hides is refused");
    expect(&w, world_submit(&w, "U0MIA", json_pack("{s:s}", "comment", "Fine, <!channel>")) == NULL,
           "the comment is taken");
    world_published_once(&w);
    expect(&w, world_sees(&w, "C0APPROVALS", "“Fine, &lt;!channel&gt;”"), "the card shows it");
    expect(&w, world_sees(&w, "U0SELLER", "“Fine, &lt;!channel&gt;”"), "the requester reads it");
    expect(&w, message_with(w.state, "C0OFFERS", "Fine,") == NULL, "and nobody else");
    expect(&w, world_run(&w, &said, "offers", "CPPO-1", NULL) == 0, "the command runs");
    expect(&w, strstr(said, "Fine, <!channel>") != NULL, "operators find it");
}

/* With a code and words, or a code alone; and as forms were sent in before there were codes. */
static void test_reject_with_a_code(void **state)
{
    (void)state;
    const char *said;
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks why");
    const json_t *errors = world_submit(&w, "U0MIA", json_pack("{s:s}", "code", "other"));
    expect(&w, strstr(member(errors, "reason"), "in a few words") != NULL,
           "what fits no code is said in words");
    expect(&w,
           world_submit(
               &w, "U0MIA",
               json_pack("{s:s, s:s}", "code", "price", "reason", "Not below <b>20</b>")) == NULL,
           "it is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "“Price or margin: Not below &lt;b&gt;20"),
           "the card");
    expect(&w, world_sees(&w, "U0SELLER", "“Price or margin: Not below &lt;b&gt;20"), "the letter");
    expect(&w, world_run(&w, &said, "offers", "CPPO-1", "--json", NULL) == 0, "the command runs");
    expect(&w, strstr(said, "\"code\": \"price\"") != NULL, "programs find the code");
}

/* What is said of a field stands there when the requester edits, and in their letter. */
static void test_changes_at_fields(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "request_changes");
    expect(&w, world_form(&w, "U0MIA", "changes_form"), "a form asks what");
    expect(&w,
           world_submit(&w, "U0MIA",
                        json_pack("{s:s}", "reason", "Nearly.\nMarkup: 20, <!channel>")) == NULL,
           "it is taken");
    expect(&w, world_sees(&w, "U0SELLER", "Nearly.\\nMarkup: 20, &lt;!channel&gt;"), "the letter");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(top_view(w.state, "U0SELLER"), "✏️ <@U0MIA>: 20, &lt;!channel&gt;"),
           "the remark stands in it by itself");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20")) == NULL,
           "the change is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "Markup: 25 % → 20 %"), "the card shows the change");
}

/* An approval on condition: what it needs is one click of the requester, in their letter; nobody
 * else's click counts, and nobody's approval comes with it. */
static void test_on_condition(void **state)
{
    (void)state;
    char letter[40];
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "request_changes");
    expect(&w, world_form(&w, "U0MIA", "changes_form"), "a form asks what");
    expect(&w,
           world_submit(&w, "U0MIA",
                        json_pack("{s:s}", "reason", "Then it is fine.\nMarkup: at least 28")) ==
               NULL,
           "it is taken");
    expect(&w, world_sees(&w, "U0SELLER", "Markup: 25 % → 28 %"), "the letter offers it");
    text_fit(letter, sizeof(letter),
             member(message_with(w.state, "U0SELLER", "Markup: 25 % → 28 %"), "ts"));
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "agree");
    expect(&w, message_with(w.state, "C0APPROVALS", "revision 2") == NULL, "hers sends nothing");
    expect(&w, strcmp(world_click(&w, "U0SELLER", "D0SELLER", letter, "agree"), "acked") == 0,
           "they press it");
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "it is sent in by one click");
    expect(&w, world_sees(&w, "C0APPROVALS", "markup 28 %"), "with what was asked for");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted the draft"), "AWS has it");
    expect(&w, released(w.state) == 0, "nobody has approved it yet");
    world_click(&w, "U0MAX", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_approve_with_a_comment),
        TEST(test_reject_with_a_code),
        TEST(test_changes_at_fields),
        TEST(test_on_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
