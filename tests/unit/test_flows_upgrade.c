/* A state file that an earlier version left in the middle of its work. */
#include "flows_fixture.h"

enum { BEFORE_PEOPLE = 4 }; /* the migrations of a version that named judgements by numbers */

/* Offer ${number} in ${state}, and a click or form that waits for what Slack says of ${person}; as
 * that version wrote it. */
static void leave(struct store *store, int64_t number, const char *state, int64_t what,
                  const char *person)
{
    const struct content content = flows_content();
    char *text = content_write(&content);
    char *body = text_format("{\"user\":\"%s\"}", person);
    store_run(store,
              "INSERT INTO offer (number, revision, state, requester, created_at, changed_at)"
              " VALUES (?, 1, ?, 'U0SELLER', 1, 1)",
              ARGS(INT(number), TEXT(state)));
    store_run(store,
              "INSERT INTO revision (offer, revision, content, form, created_at)"
              " VALUES (?1, 1, ?2, 'form ' || ?1, 1)",
              ARGS(INT(number), TEXT(text)));
    store_run(store,
              "INSERT INTO judgement (id, what, offer, revision, person, channel, reason, asked_at)"
              " VALUES (?1, ?2, ?1, 1, ?3, 'C0APPROVALS', '', ?4)",
              ARGS(INT(number), INT(what), TEXT(person), INT(MORNING_MS)));
    store_run(store, "INSERT INTO timer (name, subject, due_at) VALUES ('judgement.lapse', ?, ?)",
              ARGS(INT(number), INT(MORNING_MS + 30000)));
    store_run(store,
              "INSERT INTO effect (id, type, kind, state, subject, target, single, body,"
              " not_before, created_at) VALUES (?1, 'person.read', 'read', 'waiting', 0, ?2,"
              " 'person.read ' || ?2 || ' 0', CAST(?3 AS BLOB), 0, 1)",
              ARGS(INT(number), TEXT(person), TEXT(body)));
    free(body);
    free(text);
}

/* The file of that version, in the place of the one that lies there. */
static void go_back(void)
{
    struct err err = {0};
    flows_stop();
    unlink(flows.path);
    struct store *store = store_open(flows.path, bot_migrations, BEFORE_PEOPLE, &err);
    if (store == NULL) {
        fail_msg("%s", err.text);
        return;
    }
    leave(store, 1, "pending", 0, "U0APPROVER"); /* an approval */
    leave(store, 2, "draft", 3, "U0SELLER");     /* a form that was sent in */
    store_run(store,
              "INSERT OR IGNORE INTO counter (name, value) VALUES ('offer', 2), ('effect', 2)",
              NO_ARGS);
    store_close(store);
}

static void show(const char *user)
{
    char reply[200];
    snprintf(reply, sizeof(reply), "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\"}}",
             user);
    flows_answer("slack:users.info", user, reply);
}

/* The form is kept. The click counts for nothing, since it does not say what it showed; whoever
 * clicked hears it. */
static void what_waited_to_be_judged_is_judged(void **state)
{
    (void)state;
    go_back();
    flows_start();
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM judgement WHERE what IN ('approve', 'submit')",
                               NO_ARGS, 0),
                     2);
    show("U0SELLER");
    show("U0APPROVER");
    flows_pass(60000); /* AWS says nothing of the authorization */
    assert_string_equal(flows_state(2), "pending");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM judgement", NO_ARGS, -1), 0);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM vote", NO_ARGS, -1), 0);
    assert_non_null(flows_find("slack:chat.postEphemeral", "U0APPROVER"));
    flows_do(flows_know, NULL);
    flows_decide(JUDGE_APPROVE, 1, "U0APPROVER"); /* on the card as it stands now */
    assert_string_equal(flows_state(1), "approved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(what_waited_to_be_judged_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
