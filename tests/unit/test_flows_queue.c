/* What waits for one reader: answers first, of news the newest, and never more than can be read. */
#include "flows_fixture.h"

#include "flows/notify.h"
#include "flows/whispers.h"
#include "views/messages.h"

static void say_news(struct turn *turn, const void *text)
{
    notify_person(turn, "U0SELLER", message_plain(text));
}

static void say_answer(struct turn *turn, const void *text)
{
    whisper_message(turn, "D0SELLER", "U0SELLER", message_plain(text));
}

/* What goes out next to the seller, and is answered; "" when nothing does within two seconds. */
static const char *next_message(void)
{
    static char body[4000];
    flows_pass(2000);
    struct sent *sent = flows_find("slack:chat.postMessage", "\"channel\":\"U0SELLER\"");
    text_fit(body, sizeof(body), sent != NULL ? sent->body : "");
    if (sent != NULL)
        flows_answer("slack:chat.postMessage", "\"channel\":\"U0SELLER\"", "{\"ok\":true}");
    return body;
}

static void expect_next(const char *part)
{
    const char *body = next_message();
    if (strstr(body, part) == NULL)
        fail_msg("“%s” is not in %s", part, body);
}

static void an_answer_goes_ahead_of_what_waits(void **state)
{
    (void)state;
    flows_do(say_news, "news of one");
    flows_do(say_news, "news of two");
    flows_do(say_answer, "the answer");
    expect_next("news of one"); /* it was out already */
    expect_next("the answer");
    expect_next("news of two");
}

/* What was said of an offer and had not been sent when more happened is not sent any more. */
static void of_an_offer_the_newest_is_told(void **state)
{
    (void)state;
    flows_do(say_news, "something else");
    flows_submit();
    flows_decide(&reject_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "rejected");
    expect_next("something else");
    expect_next("Rejected");
    assert_string_equal(next_message(), "");
}

/* Somebody's thousands of commands are not thousands of messages. */
static void answers_are_never_too_many_to_read(void **state)
{
    size_t count = 0;
    bool told = false;
    (void)state;
    for (int i = 0; i < 1000; i++)
        flows_do(say_answer, "an answer");
    for (const char *body; *(body = next_message()) != '\0'; count++)
        told |= strstr(body, "some answers are missing") != NULL;
    assert_true(told);
    assert_in_range(count, 10, 25);
}

static void news_are_never_too_many_to_read(void **state)
{
    size_t count = 0;
    bool told = false;
    (void)state;
    for (int i = 0; i < 1000; i++)
        flows_do(say_news, "news");
    flows_do(say_answer, "the answer");
    expect_next("news");
    expect_next("the answer"); /* for which there is room of its own */
    for (const char *body; *(body = next_message()) != '\0'; count++)
        told |= strstr(body, "more updates than Slack lets me send; some are missing.") != NULL;
    assert_true(told);
    assert_in_range(count, 20, 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(an_answer_goes_ahead_of_what_waits),
        FLOWS_TEST(of_an_offer_the_newest_is_told),
        FLOWS_TEST(answers_are_never_too_many_to_read),
        FLOWS_TEST(news_are_never_too_many_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
