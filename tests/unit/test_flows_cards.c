/* The messages that must stand once, on bad days in Slack. */
#include "flows_fixture.h"

#include "book/marks.h"
#include "book/posts.h"
#include "book/settings.h"
#include "flows/cards.h"
#include "flows/gates.h"

enum { MINUTE_MS = 60000 };

/* What the channel holds: our post with this key, beside one of another life of the same number. */
static const char *channel_with(const char *key)
{
    static char reply[600];
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"messages\":[{\"user\":\"U0BOT\",\"ts\":\"0.900000\",\"metadata\":"
             "{\"event_type\":\"cppo_post\",\"event_payload\":{\"key\":\"another\",\"kind\":"
             "\"card\",\"offer\":1}}},{\"user\":\"U0BOT\",\"ts\":\"1.000001\",\"metadata\":"
             "{\"event_type\":\"cppo_post\",\"event_payload\":{\"key\":\"%s\",\"kind\":\"card\","
             "\"offer\":1}}}]}",
             key);
    return reply;
}

static const char *card_key(void)
{
    static char key[TURN_ID];
    struct rows *rows =
        store_query(flows.store, "SELECT key FROM post WHERE kind = 'card'", SQL_NO_ARGS);
    assert_true(rows_next(rows));
    rows_fit(rows, 0, key, sizeof(key));
    rows_close(rows);
    return key;
}

static void refuse_all_posts(const char *code)
{
    while (flows_find("slack:chat.postMessage", "\"cppo_post\"") != NULL) {
        flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_REFUSED, code);
    }
}

/* However many cards a shut channel kept away, all of them stand once it is open. */
static void every_card_is_posted_once_the_channel_is_open(void **state)
{
    enum { OFFERS = 52 }; /* refused within one minute */
    size_t cards = 0;
    (void)state;
    flows.config->draft = DRAFT_ON_APPROVAL;
    for (int i = 0; i < OFFERS; i++) {
        flows_submit();
        flows_pass(1105);
        refuse_all_posts("not_in_channel");
        flows_answer_rest();
    }
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM post WHERE error <> ''", SQL_NO_ARGS, -1),
        OFFERS);
    flows_pass(MINUTE_MS);
    for (int i = 0; i < 2 * OFFERS; i++) { /* a post a second */
        flows_pass(1200);
        while (flows_find("slack:chat.postMessage", "\"cppo_post\"") != NULL) {
            char reply[60];
            cards++;
            snprintf(reply, sizeof(reply), "{\"ok\":true,\"ts\":\"1.%06zu\"}", cards);
            flows_answer("slack:chat.postMessage", "\"cppo_post\"", reply);
        }
        flows_answer_rest();
    }
    assert_int_equal(cards, OFFERS);
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM post WHERE error <> ''", SQL_NO_ARGS, -1), 0);
}

/* The words say: "configure another". */
static void a_card_goes_to_the_channel_that_is_configured_by_now(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    refuse_all_posts("is_archived");
    free(flows.config->channel_approvals);
    flows.config->channel_approvals = mem_copy("C0ANOTHER");
    flows_pass(MINUTE_MS + 2000);
    flows_answer("slack:chat.postMessage", "\"channel\":\"C0ANOTHER\"",
                 "{\"ok\":true,\"ts\":\"1.000001\"}");
    assert_non_null(flows_find("slack:chat.update", "C0ANOTHER"));
}

/* Slack did not answer, and the channel cannot be read for a while: the post may stand there. */
static void an_ambiguous_post_is_looked_for_before_it_is_repeated(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(2000);
    flows_fail("slack:conversations.history", "C0APPROVALS", OUTCOME_REFUSED, "not_in_channel");
    flows_pass(MINUTE_MS + 2000);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", card_key()), 1);
    flows_answer("slack:conversations.history", "C0APPROVALS", channel_with(card_key()));
    flows_pass(MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 1);
    assert_non_null(flows_find("slack:chat.update", "1.000001"));
}

static void keep_mark(struct turn *turn, const void *unused)
{
    char mark[BOOK_MARK];
    (void)unused;
    marks_newest(turn, mark);
    text_fit(flows.app.beside, sizeof(flows.app.beside), mark);
}

/* The next start finds its file as it left it: nothing has to be compared. */
static void stop(void)
{
    flows_do(keep_mark, NULL);
    flows_stop();
}

/* The bot was down for two days, and the channel is a busy one. */
static void a_post_of_days_ago_is_found_on_a_later_page(void **state)
{
    char oldest[40];
    (void)state;
    flows_submit();
    flows_pass(1200);
    int64_t sent_at = MORNING_MS;
    stop();
    flows.now += INT64_C(2) * 24 * 3600 * 1000;
    flows_start();
    flows_pass(2500);
    snprintf(oldest, sizeof(oldest), "\"oldest\":\"%lld\"", (long long)(sent_at / 1000 - 3600));
    struct sent *look = flows_expect("slack:conversations.history", oldest);
    assert_null(strstr(look->body, "cursor"));
    flows_answer("slack:conversations.history", oldest,
                 "{\"ok\":true,\"messages\":[],\"response_metadata\":{\"next_cursor\":\"page2\"}}");
    flows_answer("slack:conversations.history", "\"cursor\":\"page2\"", channel_with(card_key()));
    flows_pass(MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 0);
    assert_non_null(flows_find("slack:chat.update", "1.000001"));
}

static void mark_stale(struct turn *turn, const void *unused)
{
    (void)unused;
    settings_put(turn, SETTING_CARDS_DAY, "stale");
}

static void answer_updates(void)
{
    for (size_t i = 0; i < flows.count; i++) { /* one makes room for the next */
        if (flows.sent[i].open)
            flows_answer(flows.sent[i].call, flows.sent[i].body, "{\"ok\":true}");
    }
}

/* Their buttons are those of an older bot: they are brought to the present, once, all that wait for
 * something. */
static void cards_from_before_an_upgrade_are_brought_to_the_present(void **state)
{
    enum { OFFERS = 120 };
    (void)state;
    flows.config->draft = DRAFT_ON_APPROVAL;
    for (int i = 0; i < OFFERS; i++) {
        char reply[60];
        flows_submit();
        flows_pass(1200);
        snprintf(reply, sizeof(reply), "{\"ok\":true,\"ts\":\"1.%06d\"}", i + 1);
        flows_answer("slack:chat.postMessage", "\"cppo_post\"", reply);
        flows_answer_rest();
    }
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_pass(1200);
    flows_answer_rest();
    flows_do(mark_stale, NULL);
    flows_stop();
    flows_start();
    flows_pass(0);
    answer_updates();
    assert_int_equal(flows_count("slack:chat.update", ""), 25); /* others have room beside them */
    for (int minute = 0; minute < OFFERS / 25; minute++) {
        flows_pass(MINUTE_MS);
        answer_updates();
    }
    assert_int_equal(flows_count("slack:chat.update", "1.000001\""), 0);
    for (int i = 2; i <= OFFERS; i++) {
        char ts[20];
        snprintf(ts, sizeof(ts), "1.%06d\"", i);
        assert_int_equal(flows_count("slack:chat.update", ts), 1);
    }
    flows_stop();
    flows_start();
    flows_pass(MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.update", ""), 0);
}

/* The file is known to be the newest. */
static void show(struct turn *turn, const void *unused)
{
    (void)unused;
    cards_show(turn, 1);
}

static void post_anew(struct turn *turn, const void *unused)
{
    (void)unused;
    flows_tell_renewed(turn);
}

/* An app that was made anew finds that out twice: its updates are refused, and it has another user.
 */
static void shut(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_close_gate(turn, &posts_gate);
}

static void open_again(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_open_gate(turn, &posts_gate);
}

static void a_card_of_another_app_is_posted_again_once(void **state)
{
    (void)state;
    flows_submit();
    flows_forget_slack();
    flows_pass(0);
    flows_forget_slack();
    stop();
    flows_start();
    flows_pass(0);
    flows_do(show, NULL);
    flows_do(shut, NULL); /* no post goes out yet */
    flows_fail("slack:chat.update", "", OUTCOME_REFUSED, "cant_update_message");
    flows_do(post_anew, NULL);
    flows_do(open_again, NULL);
    flows_pass(MINUTE_MS);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 1);
}

static void look_once_more(struct turn *turn, const void *unused)
{
    struct post post;
    (void)unused;
    posts_get(turn, POST_CARD, 1, &post);
    bot_tables.timer_named("post.find")->due(turn, post.effect);
}

static void look_in_vain(void)
{
    flows_answer("slack:conversations.history", "C0APPROVALS", "{\"ok\":true,\"messages\":[]}");
    flows_pass(0);
}

/* The post went out by a clock two hours ahead, which is right by now. */
static void a_post_is_found_whatever_the_clock_was(void **state)
{
    char part[40];
    (void)state;
    flows.now += 2 * HOUR_MS;
    flows.set_by += 2 * HOUR_MS;
    flows_submit();
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_UNKNOWN, "no_answer");
    flows.now -= 2 * HOUR_MS;
    flows.set_by -= 2 * HOUR_MS;
    flows_pass(2000);
    snprintf(part, sizeof(part), "\"oldest\":\"%lld\"", (long long)(flows.now / 1000 - 3600));
    flows_expect("slack:conversations.history", part);
}

/* A clock that is put forward makes no wait shorter: the post may still be on its way. */
static void a_post_is_missed_after_true_seconds(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(2000);
    look_in_vain();
    flows.now += HOUR_MS;
    flows.set_by += HOUR_MS;
    flows_do(look_once_more, NULL);
    look_in_vain();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 1);
    flows_pass(13000);
    flows_answer("slack:conversations.history", "C0APPROVALS", "{\"ok\":true,\"messages\":[]}");
    flows_pass(0);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 2);
}

static void the_minute_comes_round(struct turn *turn, const void *unused)
{
    (void)unused;
    bot_tables.timer_named("posts.again")->due(turn, 0);
}

/* A look that was still out when the post went out once more has not looked for that one. */
static void a_late_look_does_not_count_for_the_next_time(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(2000);
    look_in_vain();
    flows_pass(13000);
    flows_do(look_once_more, NULL); /* beside the one that is out */
    look_in_vain();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 2);
    look_in_vain();
    flows_pass(15000);
    flows_fail("slack:chat.postMessage", "\"cppo_post\"", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(2000);
    look_in_vain();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 2);
    flows_pass(13000);
    look_in_vain();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 3);
}

/* Announcements in trouble bring the time to try again before Slack has answered for a card. */
static void a_post_that_is_out_is_not_made_again(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    refuse_all_posts("is_archived");
    flows_pass(MINUTE_MS + 2000);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 2);
    flows_do(the_minute_comes_round, NULL);
    flows_answer("slack:chat.postMessage", "\"cppo_post\"", "{\"ok\":true,\"ts\":\"1.000001\"}");
    flows_pass(2000);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"cppo_post\""), 2);
}

/* "The buyer has 57 days to accept" is true for a day: cards that wait for something are brought to
 * the present, and nobody is called for that. */
static void open_cards_count_the_days(void **state)
{
    (void)state;
    flows.config->draft = DRAFT_ON_APPROVAL;
    flows_submit();
    flows_submit();
    flows_settle_slack();
    flows_decide(&reject_action, 2, "U0APPROVER");
    flows_settle_slack();
    size_t posted = flows_count("slack:chat.postMessage", "");
    assert_int_equal(flows_count("slack:chat.update", "56 days"), 0);
    flows_pass(24 * HOUR_MS);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.update", "56 days"), 1); /* of CPPO-1 alone */
    stop();
    flows.now += 24 * HOUR_MS; /* the bot is away for a day */
    flows_start();
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.update", "55 days"), 1);
    stop();
    flows_start(); /* and twice on the same */
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.update", " days"), 0);
    flows_pass(24 * HOUR_MS);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.update", "54 days"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", ""), 0);
    assert_true(posted > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(every_card_is_posted_once_the_channel_is_open),
        FLOWS_TEST(a_card_goes_to_the_channel_that_is_configured_by_now),
        FLOWS_TEST(an_ambiguous_post_is_looked_for_before_it_is_repeated),
        FLOWS_TEST(a_post_of_days_ago_is_found_on_a_later_page),
        FLOWS_TEST(a_post_is_found_whatever_the_clock_was),
        FLOWS_TEST(a_post_is_missed_after_true_seconds),
        FLOWS_TEST(cards_from_before_an_upgrade_are_brought_to_the_present),
        FLOWS_TEST(open_cards_count_the_days),
        FLOWS_TEST(a_card_of_another_app_is_posted_again_once),
        FLOWS_TEST(a_post_that_is_out_is_not_made_again),
        FLOWS_TEST(a_late_look_does_not_count_for_the_next_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
