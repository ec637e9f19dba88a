/* What the book has read it keeps for its turn: each thing it keeps is read anew once it was
 * written, and nothing outlives the turn. */
#include "envelope_fixture.h"

#include "book/denials.h"
#include "book/doubts.h"
#include "book/history.h"
#include "book/posts.h"
#include "book/settings.h"
#include "book/threads.h"
#include "book/votes.h"
#include "offers/draft.h"
#include "offers/offer.h"

static struct request offer_of(struct turn *turn)
{
    struct request request;
    assert_true(offers_get(turn, 1, &request));
    return request;
}

static const struct ballot approval = {
    EVENT_APPROVE, "approval", "U0APPROVER", "Fine", "", "", "", ""};

static void do_with_an_offer(void (*what)(struct turn *turn, const void *unused))
{
    flows_submit();
    flows_do(what, NULL);
}

/* --- offers, votes, moves --- */

static void write_offers(struct turn *turn, const void *unused)
{
    struct request request = offer_of(turn);
    struct content content = *offer_content(&request);
    struct reference first = {.number = 1, .revision = 1};
    (void)unused;
    text_fit(first.digest, sizeof(first.digest), request.digest);
    assert_true(requests_has(turn, &first));
    text_fit(content.customer, sizeof(content.customer), "Another Corp");
    assert_true(flows_revise(turn, &request, &content, "second form"));
    struct request now = offer_of(turn);
    assert_string_equal(offer_content(&now)->customer, "Another Corp");
    assert_true(requests_has(turn, &first)); /* it was */
    first.revision = 2;
    assert_false(requests_has(turn, &first));
    assert_true(requests_take_over(turn, &request, "U0OPERATOR"));
    assert_string_equal(offer_of(turn).requester, "U0OPERATOR");
    assert_true(requests_move(turn, &request, EVENT_APPROVE, actor_person("U0APPROVER"), ""));
    assert_true(requests_move(turn, &request, EVENT_FAIL, actor_aws(), "words"));
    requests_can_retry(turn, &request, true);
    assert_true(offer_of(turn).can_retry);
}

static void a_changed_offer_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_offers);
}

static void write_votes(struct turn *turn, const void *unused)
{
    const struct request request = offer_of(turn);
    struct vote votes[2];
    (void)unused;
    assert_int_equal(votes_given(turn, 1, 1, votes, 2), 0);
    assert_true(votes_give(turn, &request, &approval));
    assert_int_equal(votes_given(turn, 1, 1, votes, 2), 1);
    assert_int_equal(votes_given(turn, 1, 2, &votes[1], 1), 0);
    assert_int_equal(votes_lost(turn, 1, 1, &votes[1], 1), 0);
    votes_lose(turn, &request, &votes[0], "they are a guest now");
    assert_int_equal(votes_given(turn, 1, 1, votes, 2), 0);
    assert_int_equal(votes_lost(turn, 1, 1, votes, 2), 1);
    assert_string_equal(votes[0].lost, "they are a guest now");
}

static void a_vote_given_or_lost_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_votes);
}

static void write_moves(struct turn *turn, const void *unused)
{
    struct request request = offer_of(turn);
    struct move last;
    (void)unused;
    assert_true(history_last(turn, 1, &last));
    assert_int_equal(last.event, EVENT_SUBMIT);
    assert_true(
        requests_move(turn, &request, EVENT_REQUEST_CHANGES, actor_person("U0APPROVER"), "?"));
    assert_true(history_last(turn, 1, &last));
    assert_int_equal(last.event, EVENT_REQUEST_CHANGES);
    assert_false(history_last(turn, 2, &last));
}

static void a_move_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_moves);
}

/* --- who sent it in --- */

/* ${person} takes it over and sends it in. */
static void send_in(struct turn *turn, const char *person)
{
    struct request request = offer_of(turn);
    assert_true(
        requests_move(turn, &request, EVENT_REQUEST_CHANGES, actor_person("U0APPROVER"), "?"));
    assert_true(requests_take_over(turn, &request, person));
    assert_true(requests_move(turn, &request, EVENT_SUBMIT, actor_person(person), ""));
}

static void send_in_often(struct turn *turn, const void *unused)
{
    char person[PERSON_ID];
    (void)unused;
    assert_true(history_requested_by(turn, 1, "U0SELLER"));
    for (int i = 0; i < 12; i++) { /* more than are kept */
        snprintf(person, sizeof(person), "U0SENDER%d", i);
        assert_false(history_requested_by(turn, 1, person));
        send_in(turn, person);
        assert_true(history_requested_by(turn, 1, person));
    }
    assert_true(history_requested_by(turn, 1, "U0SELLER"));
    assert_true(history_requested_by(turn, 1, "U0SENDER0"));
    assert_false(history_requested_by(turn, 1, "U0SENDER12"));
}

static void whoever_sent_it_in_is_known(void **state)
{
    (void)state;
    do_with_an_offer(send_in_often);
}

/* --- what stands around an offer --- */

static void write_draft(struct turn *turn, const void *unused)
{
    struct draft draft;
    (void)unused;
    drafts_get(turn, 7, &draft);
    assert_int_equal(draft.state, DRAFT_NONE);
    assert_int_equal(draft.offer, 7);
    drafts_get(turn, 1, &draft);
    text_fit(draft.entity, sizeof(draft.entity), "offer-1");
    draft.differing_reads = 3;
    drafts_put(turn, &draft);
    drafts_get(turn, 1, &draft);
    assert_string_equal(draft.entity, "offer-1");
    assert_int_equal(draft.differing_reads, 3);
}

static void a_changed_draft_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_draft);
}

/* A state comes of an event alone: what would bring another is not stored at all. */
static void write_another_state(struct turn *turn, const void *unused)
{
    struct draft draft;
    (void)unused;
    drafts_get(turn, 1, &draft);
    enum draft_state before = draft.state;
    draft.state = DRAFT_RELEASING;
    draft.differing_reads = 3;
    drafts_put(turn, &draft);
    drafts_get(turn, 1, &draft);
    assert_int_equal(draft.state, before);
    assert_int_equal(draft.differing_reads, 0);
}

static void a_draft_is_not_moved_without_an_event(void **state)
{
    (void)state;
    do_with_an_offer(write_another_state);
}

static void write_doubt(struct turn *turn, const void *unused)
{
    struct doubt doubt = {
        .offer = 1, .revision = 2, .entity = "offer-1", .why = "not listed", .since = 77};
    (void)unused;
    assert_false(doubts_get(turn, 1, &doubt));
    doubts_put(turn, &doubt);
    doubt = (struct doubt){.offer = 0};
    assert_true(doubts_get(turn, 1, &doubt));
    assert_int_equal(doubt.revision, 2);
    assert_string_equal(doubt.why, "not listed");
    assert_int_equal(doubt.since, 77);
    doubts_drop(turn, 1);
    assert_false(doubts_get(turn, 1, &doubt));
}

static void a_doubt_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_doubt);
}

static void write_wait(struct turn *turn, const void *unused)
{
    struct blocked blocked;
    (void)unused;
    blocked_get(turn, 1, &blocked);
    assert_int_equal(blocked.since, 0);
    blocked.since = 5;
    blocked.tries = 6;
    blocked_put(turn, &blocked);
    blocked_get(turn, 1, &blocked);
    assert_int_equal(blocked.since, 5);
    assert_int_equal(blocked.tries, 6);
}

static void what_an_offer_waits_for_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_wait);
}

static void write_card(struct turn *turn, const void *unused)
{
    struct post post;
    struct thread thread;
    char url[PERMALINK];
    (void)unused;
    assert_true(posts_get(turn, POST_CARD, 1, &post));
    assert_false(posts_get(turn, POST_CARD, 2, &post));
    assert_false(posts_get(turn, POST_ANNOUNCEMENT, 1, &post));
    assert_true(posts_get(turn, POST_CARD, 1, &post));
    text_fit(post.ts, sizeof(post.ts), "17.5");
    posts_put(turn, &post);
    assert_true(posts_get(turn, POST_CARD, 1, &post));
    assert_string_equal(post.ts, "17.5");

    threads_get(turn, 1, &thread);
    text_fit(thread.ts, sizeof(thread.ts), "17.5");
    text_fit(thread.permalink, sizeof(thread.permalink), "https://example.slack.com/p175");
    threads_put(turn, &thread);
    threads_permalink(turn, 1, post.ts, url);
    assert_string_equal(url, "https://example.slack.com/p175");
    threads_permalink(turn, 2, post.ts, url);
    assert_string_equal(url, "");
}

static void a_card_and_its_thread_are_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_card);
}

static void write_revision(struct turn *turn, const void *unused)
{
    struct pending_action pending = {.what = &approve_action, .request = 1, .person = "U0APPROVER"};
    char person[PERSON_ID];
    (void)unused;
    pending_actions_add(turn, &pending, NULL);
    assert_false(pending_actions_revision(turn, 1, person));
    pending = (struct pending_action){.what = &revise_action, .request = 1, .person = "U0SELLER"};
    int64_t id = pending_actions_add(turn, &pending, "content");
    assert_true(pending_actions_revision(turn, 1, person));
    assert_string_equal(person, "U0SELLER");
    assert_false(pending_actions_revision(turn, 2, person));
    pending_actions_remove(turn, id);
    assert_false(pending_actions_revision(turn, 1, person));
}

static void a_revision_that_waits_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_revision);
}

/* A number that none has is none of those that were asked for before. */
static void ask_for_none(struct turn *turn, const void *unused)
{
    struct request request = offer_of(turn);
    struct draft draft;
    struct move last;
    struct vote vote;
    (void)unused;
    drafts_get(turn, 1, &draft);
    text_fit(draft.entity, sizeof(draft.entity), "offer-1");
    drafts_put(turn, &draft);
    assert_true(votes_give(turn, &request, &approval));
    assert_true(requests_take_over(turn, &request, "U0OPERATOR"));
    assert_false(requests_get(turn, 0, &request));
    assert_false(history_last(turn, 0, &last));
    assert_int_equal(votes_given(turn, 0, 0, &vote, 1), 0);
    drafts_get(turn, 0, &draft);
    assert_int_equal(draft.state, DRAFT_NONE);
    assert_string_equal(draft.entity, "");
}

static void no_number_is_no_offer(void **state)
{
    (void)state;
    do_with_an_offer(ask_for_none);
}

/* --- people --- */

static void write_people(struct turn *turn, const void *unused)
{
    struct person person;
    struct person seller = {.id = "U0SELLER", .name = "Sam", .team = "T0HOME", .known = true};
    char identity[PERSON_ID];
    (void)unused;
    assert_false(people_get(turn, "U0NEW", &person));
    people_put(turn, &(struct person){.id = "U0NEW", .name = "Nia"});
    assert_true(people_get(turn, "U0NEW", &person));
    assert_string_equal(person.name, "Nia");
    assert_true(people_hide(turn, "U0NEW", "user_not_found", true));
    assert_true(people_get(turn, "U0NEW", &person));
    assert_false(person.known);

    assert_false(people_same(turn, "U0SELLER", "W0SELLER"));
    assert_false(history_requested_by(turn, 1, "W0SELLER"));
    text_fit(seller.identity, sizeof(seller.identity), "W0SELLER");
    people_put(turn, &seller);
    assert_true(people_same(turn, "U0SELLER", "W0SELLER"));
    assert_true(people_same(turn, "W0SELLER", "U0SELLER"));
    assert_true(history_requested_by(turn, 1, "W0SELLER"));
    people_identity(turn, "U0SELLER", identity);
    assert_string_equal(identity, "W0SELLER");
    assert_false(people_same(turn, "U0SELLER", "U0NEW"));
}

static void write_groups(struct turn *turn, const void *unused)
{
    static const char *const members[] = {"U0NEW", "W0OTHER"};
    (void)unused;
    assert_false(people_in_group(turn, "S0GROUP", "U0NEW"));
    people_put_group(turn, "S0GROUP", members, 2);
    assert_true(people_in_group(turn, "S0GROUP", "U0NEW"));
    assert_false(people_in_group(turn, "S0NONE", "U0NEW"));
    assert_false(people_in_group(turn, "S0GROUP", "U0OTHER"));
    people_put(turn, &(struct person){.id = "U0OTHER", .identity = "W0OTHER"});
    assert_true(people_in_group(turn, "S0GROUP", "U0OTHER"));
    assert_true(people_lose_group(turn, "S0GROUP", "no_such_subteam", "words"));
    assert_false(people_in_group(turn, "S0GROUP", "U0NEW"));
    people_put_group(turn, "S0GROUP", members + 1, 1);
    assert_false(people_in_group(turn, "S0GROUP", "U0NEW"));
    assert_true(people_in_group(turn, "S0GROUP", "W0OTHER"));
}

static void what_slack_says_of_groups_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_groups);
}

static void what_slack_says_of_people_is_seen(void **state)
{
    (void)state;
    do_with_an_offer(write_people);
}

/* They are kept under their ids: one that is cut is nobody's. */
static void ask_for_long_ids(struct turn *turn, const void *unused)
{
    struct person person;
    (void)unused;
    people_put(turn, &(struct person){.id = "U012345678901234567890123456789"});
    assert_false(people_get(turn, "U012345678901234567890123456789X", &person));
    assert_true(people_get(turn, "U012345678901234567890123456789", &person));
    assert_false(people_get(turn, "U012345678901234567890123456789X", &person));
    assert_false(people_get(turn, "", &person));
}

static void a_long_id_is_nobody_elses(void **state)
{
    (void)state;
    flows_do(ask_for_long_ids, NULL);
}

/* More than are kept at a time. */
static void ask_for_many(struct turn *turn, const void *unused)
{
    enum { MANY = 20 };
    struct person person = {.known = true};
    (void)unused;
    for (int i = 0; i < MANY; i++) {
        snprintf(person.id, sizeof(person.id), "U0MANY%d", i);
        snprintf(person.name, sizeof(person.name), "Nia %d", i);
        people_put(turn, &person);
    }
    for (int i = 0; i < 3 * MANY; i++) {
        char id[PERSON_ID], name[20];
        snprintf(id, sizeof(id), "U0MANY%d", i % MANY);
        snprintf(name, sizeof(name), "Nia %d", i % MANY);
        assert_true(people_get(turn, id, &person));
        assert_string_equal(person.name, name);
    }
}

static void of_many_people_each_is_known(void **state)
{
    (void)state;
    flows_do(ask_for_many, NULL);
}

/* --- authorizations and settings --- */

static void write_authorizations(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    (void)unused;
    flows_know(turn, NULL);
    authorizations_terms(turn, "resaleauthz-2", &terms);
    assert_int_equal(terms.count, 0);
    authorizations_terms(turn, "resaleauthz-1", &terms);
    assert_string_equal(terms.lines[0].amount, "0.0075");
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    text_fit(authorization.status, sizeof(authorization.status), "Restricted");
    text_fit(terms.lines[0].amount, sizeof(terms.lines[0].amount), "0.01");
    authorizations_put(turn, &authorization, &terms);
    authorizations_terms(turn, "resaleauthz-1", &terms);
    assert_string_equal(terms.lines[0].amount, "0.01");
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    assert_string_equal(authorization.status, "Restricted");
    assert_false(authorizations_get(turn, "resaleauthz-2", &authorization));
}

static void what_aws_says_of_an_authorization_is_seen(void **state)
{
    (void)state;
    flows_do(write_authorizations, NULL);
}

static void write_settings(struct turn *turn, const void *unused)
{
    char value[10];
    (void)unused;
    settings_put(turn, SETTING_INSTALL, "one");
    assert_true(settings_get(turn, SETTING_INSTALL, value, sizeof(value)));
    settings_put(turn, SETTING_INSTALL, "two");
    assert_true(settings_get(turn, SETTING_INSTALL, value, sizeof(value)));
    assert_string_equal(value, "two");
}

static void write_all_settings(struct turn *turn, const void *unused)
{
    char value[12], expected[12];
    (void)unused;
    for (int setting = 0; setting < SETTINGS_COUNT; setting++) {
        snprintf(value, sizeof(value), "%d", setting);
        settings_put(turn, (enum setting)setting, value);
    }
    for (int setting = 0; setting < SETTINGS_COUNT; setting++) {
        snprintf(expected, sizeof(expected), "%d", setting);
        assert_true(settings_get(turn, (enum setting)setting, value, sizeof(value)));
        assert_string_equal(value, expected);
    }
}

static void no_two_settings_have_one_name(void **state)
{
    (void)state;
    flows_do(write_all_settings, NULL);
}

static void note_settings(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_true(settings_note(turn, SETTING_STUCK, "1"));
    assert_false(settings_note(turn, SETTING_STUCK, "1"));
    assert_true(settings_note(turn, SETTING_STUCK, "11"));
    assert_true(settings_note(turn, SETTING_UNREADABLE, "1"));
    settings_forget(turn, SETTING_STUCK, "1");
    assert_false(settings_note(turn, SETTING_STUCK, "11"));
    assert_false(settings_note(turn, SETTING_UNREADABLE, "1"));
    assert_true(settings_note(turn, SETTING_STUCK, "1"));
}

/* Of what there is one of, the newest is remembered. */
static void note_one(struct turn *turn, const void *unused)
{
    char value[20];
    (void)unused;
    settings_forget(turn, SETTING_UNREAD, "C1");
    assert_false(settings_get(turn, SETTING_UNREAD, value, sizeof(value)));
    assert_true(settings_note(turn, SETTING_UNREAD, "C1"));
    assert_false(settings_note(turn, SETTING_UNREAD, "C1"));
    assert_true(settings_note(turn, SETTING_UNREAD, "C2"));
    assert_true(settings_get(turn, SETTING_UNREAD, value, sizeof(value)));
    assert_string_equal(value, "C2");
    settings_forget(turn, SETTING_UNREAD, "C3");
    assert_true(settings_get(turn, SETTING_UNREAD, value, sizeof(value)));
    assert_string_equal(value, "");
    assert_true(settings_note(turn, SETTING_UNREAD, "C2"));
}

static void what_is_noted_of_many_is_new_once_of_each(void **state)
{
    (void)state;
    flows_do(note_settings, NULL);
    flows_do(note_one, NULL);
}

static void a_setting_is_seen(void **state)
{
    (void)state;
    flows_do(write_settings, NULL);
}

/* --- a turn that is undone --- */

static int form;

/* The first form takes the offer over and has errors; the second finds it as it was. */
static struct decision take_a_form(struct turn *turn, const void *payload)
{
    struct request request = offer_of(turn);
    struct vote vote;
    struct move last;
    (void)payload;
    assert_string_equal(request.requester, "U0SELLER");
    assert_int_equal(votes_given(turn, 1, 1, &vote, 1), 0);
    assert_true(history_last(turn, 1, &last));
    assert_int_equal(last.event, EVENT_SUBMIT);
    if (++form > 1)
        return turn_answer(turn, NULL);
    assert_true(votes_give(turn, &request, &approval));
    assert_true(requests_take_over(turn, &request, "U0OPERATOR"));
    assert_int_equal(votes_given(turn, 1, 1, &vote, 1), 1);
    assert_string_equal(offer_of(turn).requester, "U0OPERATOR");
    return turn_errors(turn, mem_copy("\"errors\""));
}

static handler_fn *form_handler(const char *route)
{
    (void)route;
    return take_a_form;
}

static void what_is_undone_is_not_kept(void **state)
{
    (void)state;
    flows_stop();
    flows.handler_of = form_handler;
    flows_start();
    flows_submit();
    form = 0;
    send_frame("interactive", mem_copy("{}"));
    assert_string_equal(flows.ack, "\"errors\"");
    send_frame("interactive", mem_copy("{}"));
    assert_int_equal(form, 2);
    assert_string_equal(flows.ack, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_changed_offer_is_seen),
        FLOWS_TEST(a_vote_given_or_lost_is_seen),
        FLOWS_TEST(a_move_is_seen),
        FLOWS_TEST(whoever_sent_it_in_is_known),
        FLOWS_TEST(a_changed_draft_is_seen),
        FLOWS_TEST(a_draft_is_not_moved_without_an_event),
        FLOWS_TEST(a_doubt_is_seen),
        FLOWS_TEST(what_an_offer_waits_for_is_seen),
        FLOWS_TEST(a_card_and_its_thread_are_seen),
        FLOWS_TEST(a_revision_that_waits_is_seen),
        FLOWS_TEST(no_number_is_no_offer),
        FLOWS_TEST(what_slack_says_of_people_is_seen),
        FLOWS_TEST(what_slack_says_of_groups_is_seen),
        FLOWS_TEST(a_long_id_is_nobody_elses),
        FLOWS_TEST(of_many_people_each_is_known),
        FLOWS_TEST(what_aws_says_of_an_authorization_is_seen),
        FLOWS_TEST(a_setting_is_seen),
        FLOWS_TEST(no_two_settings_have_one_name),
        FLOWS_TEST(what_is_noted_of_many_is_new_once_of_each),
        FLOWS_TEST(what_is_undone_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
