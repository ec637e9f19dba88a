/* What the operator types: check, offers, init, and a second bot by mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "driver.h"
#include "text.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "operator", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void start(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

static void checked(int status, const char *words)
{
    world_check(&w, status, words);
}

static void test_nothing_is_wrong(void **state)
{
    (void)state;
    checked(0, "No problems found.");
    char *path = text_format("%s/cppo.yaml", w.dir);
    chmod(path, 0666);
    checked(0, "others than its owner can change the file, and it says who may approve");
    chmod(path, 0600);
    free(path);
    expect(&w, count_in_log(&w, "complaint", NULL, NULL) == 0, "Slack has nothing to complain of");
    expect(&w, count_in_log(&w, "market.call", "operation", "StartChangeSet") == 0,
           "nothing is made at AWS");
}

static void test_tokens(void **state)
{
    (void)state;
    world_setting(&w, "SLACK_BOT_TOKEN", "xapp-1-A0CPPO-sandbox");
    checked(1, "SLACK_BOT_TOKEN must start with xoxb-");
    world_setting(&w, "SLACK_BOT_TOKEN", "xoxb-revoked");
    checked(1, "the token is not valid");
    world_setting(&w, "SLACK_APP_TOKEN", NULL);
    checked(1, "SLACK_APP_TOKEN is not set");
}

static void test_scopes_are_named(void **state)
{
    (void)state;
    world_do(&w, "scopes",
             json_pack("{s:[s, s, s]}", "scopes", "commands", "chat:write", "channels:read"));
    checked(1, "lacks im:write, groups:read, usergroups:read, users:read: update the app");
}

/* Who installs the app may decline them. */
static void test_optional_scopes_are_named(void **state)
{
    (void)state;
    world_do(&w, "scopes",
             json_pack("{s:[s, s, s, s, s, s, s]}", "scopes", "commands", "chat:write", "im:write",
                       "users:read", "usergroups:read", "channels:read", "groups:read"));
    checked(0, "lacks channels:history, groups:history, which are optional");
    checked(0, "the bot token has all that are needed");
}

static void test_channels(void **state)
{
    (void)state;
    world_do(&w, "channel", json_pack("{s:s, s:b}", "channel", "C0OFFERS", "bot_member", 0));
    checked(1, "type /invite @cppo there");
    world_replace(&w, "announcements: C0OFFERS", "announcements: C0NOWHERE");
    checked(1, "C0NOWHERE: there is no such channel");
}

static void test_people(void **state)
{
    (void)state;
    world_replace(&w, "    groups:\n      - S0MANAGERS\n",
                  "    users:\n      - U0NOBODY\n      - U0GUS\n      - U0MIA\n");
    checked(1, "U0NOBODY: there is no such user");
    checked(1, "(U0GUS): Guests cannot");
    world_replace(&w, "needed: 1", "needed: 4");
    checked(1, "4 approvals are needed, but only 1 person can approve");
}

static void channel(const char *id, const char *key, json_t *value)
{
    world_do(&w, "channel", json_pack("{s:s, s:o}", "channel", id, key, value));
}

/* A card shows markup, wholesale price and note. */
static void test_who_reads_the_cards(void **state)
{
    (void)state;
    channel("C0APPROVALS", "is_ext_shared", json_true());
    checked(1, "is shared with another organisation");
    channel("C0APPROVALS", "is_ext_shared", json_false());
    channel("C0APPROVALS", "is_pending_ext_shared", json_true());
    checked(1, "is shared with another organisation");
    channel("C0APPROVALS", "is_pending_ext_shared", json_false());
    channel("C0APPROVALS", "is_private", json_false());
    checked(0, "is public: everybody in the workspace can read markups");
    world_replace(&w, "announcements: C0OFFERS", "announcements: C0APPROVALS");
    checked(1, "it is the approvals channel: whoever reads announcements would read markups");
}

static void test_a_shared_channel_is_told(void **state)
{
    (void)state;
    channel("C0APPROVALS", "is_ext_shared", json_true());
    start();
    expect(&w, world_sees(&w, "C0OPERATORS", "is shared with another organisation"),
           "the operators are told that others read the cards");
    expect(&w, world_stop_bot(&w) == 0, "the bot stops");
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, json_array_size(messages_in(world_state(&w), "C0OPERATORS")) == 1, "and told once");
}

static void test_approvers_are_in_the_channel(void **state)
{
    (void)state;
    channel("C0APPROVALS", "members", json_pack("[s, s]", "U0MIA", "U0SELLER"));
    checked(0, "not in the channel, so not told of new offers: U0MAX");
    channel("C0APPROVALS", "members", json_pack("[s]", "U0SELLER"));
    checked(1, "no approver is in the channel: invite");
}

static void test_machine(void **state)
{
    char path[300];
    (void)state;
    checked(0, "are free where the state file is");
    snprintf(path, sizeof(path), "path: \"%s/cppo.db\"", w.dir);
    world_replace(&w, path, "path: \"/there/is/none/cppo.db\"");
    checked(1,
            "its folder /there/is/none: No such file or directory; make it, or change store.path");
}

static void test_values_of_the_example(void **state)
{
    (void)state;
    world_replace(&w, "announcements: C0OFFERS", "announcements: C0123456789");
    checked(1, "slack.channels.announcements is still the example's C0123456789");
}

/* A service that is busy, or cannot be reached, has not refused. */
static void test_reasons_of_the_network(void **state)
{
    (void)state;
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s, s:i, s:i}", "where", "slack", "method", "users.info",
                       "error", "ratelimited", "status", 429, "retry_after", 1));
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s}", "where", "aws", "method", "ListChangeSets", "error",
                       "ThrottlingException"));
    checked(0, "No problems found.");
    world_setting(&w, "SLACK_API_URL", "https://there-is-none.invalid/api/");
    checked(1, "Slack could not be reached: ");
}

static void aws_fault(const char *method, const char *error)
{
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s}", "where", "aws", "method", method, "error", error));
}

static void test_the_role_that_shares(void **state)
{
    (void)state;
    checked(0, "AWSServiceRoleForMarketplaceResaleAuthorization");
    aws_fault("GetRole", "NoSuchEntity");
    checked(1, "is missing, and no authorization is shared with us without it");
}

/* Its first page is not all that there is. */
static void test_a_long_list_of_authorizations(void **state)
{
    (void)state;
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:i, s:s}", "where", "aws", "method", "ListEntities", "status",
                       200, "body", "{\"EntitySummaryList\": [], \"NextToken\": \"0\"}"));
    checked(0, "No problems found.");
}

static void test_aws(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXOTHER");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/other/secret+key");
    checked(1, "credentials of account 444455556666, aws.account is 111122223333");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", NULL);
    checked(1, "there are no AWS credentials");
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXPARTNER");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/partner/secret+key");
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s}", "where", "aws", "method", "ListChangeSets", "error",
                       "AccessDeniedException"));
    checked(1, "ListChangeSets: AWS does not let our identity do this");
}

static void test_offers(void **state)
{
    const char *said;
    (void)state;
    expect(&w, world_run(&w, &said, "offers", NULL) == 1, "without a state file it says so");
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, world_run(&w, &said, "offers", NULL) == 0 && strstr(said, "Alpha") != NULL,
           "the list shows it beside the running bot");
    expect(&w, world_run(&w, &said, "offers", "pending", NULL) == 0 && strstr(said, "CPPO-1 "),
           "by state");
    expect(&w, world_run(&w, &said, "offers", "published", NULL) == 0 && *said == '\0',
           "none is published");
    expect(&w, world_run(&w, &said, "offers", "cppo-1", NULL) == 0 && strstr(said, "→ pending"),
           "one is shown with its history");
    expect(&w, world_run(&w, &said, "offers", "CPPO-9", NULL) == 1 && strstr(said, "no CPPO-9"),
           "one that is not there");
    expect(&w, world_run(&w, &said, "offers", "pendign", NULL) == 64, "a slip is refused");
}

static bool offers_say(const char *which, const char *words)
{
    const char *said;
    return world_run(&w, &said, "offers", which, NULL) == 0 && strstr(said, words) != NULL;
}

static void test_offers_are_told_in_words(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, offers_say(NULL, "requested by sam") && !offers_say(NULL, "U0SELLER"),
           "the list has names");
    expect(&w, offers_say("CPPO-1", "by sam") && !offers_say("CPPO-1", "U0SELLER"),
           "and so has the history");
    expect(&w, offers_say("CPPO-1", "10 years") && !offers_say("CPPO-1", "P3650D"),
           "a term is one of the form's");
    expect(&w, offers_say("CPPO-1", "As authorized") && !offers_say("CPPO-1", "as_authorized"),
           "and so is a EULA");
    expect(&w, offers_say("CPPO-1", "25 %"), "a markup has its unit");
    expect(&w, !offers_say("CPPO-1", "resaleauthz-"), "an authorization has its name");
}

/* What it says on standard output is JSON. */
static json_t *offers_json(const char *which)
{
    const char *said;
    json_error_t error;
    expect(&w, world_run(&w, &said, "offers", "--json", which, NULL) == 0, "it can be told");
    json_t *told = json_loads(said, 0, &error);
    expect(&w, told != NULL, "as JSON");
    return told;
}

static void test_offers_are_told_to_programs(void **state)
{
    const char *id, *name;
    json_int_t total;
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    json_t *list = offers_json(NULL);
    expect(&w,
           json_unpack(list, "{s:I, s:[{s:s, s:{s:s, s:s}}]}", "total", &total, "offers", "number",
                       &name, "requester", "id", &id, "name", &name) == 0,
           "the list has ids and names");
    expect(&w, total == 1 && strcmp(id, "U0SELLER") == 0 && strcmp(name, "sam") == 0,
           "of the one that there is");
    json_decref(list);
    json_t *one = offers_json("CPPO-1");
    expect(&w,
           json_unpack(one, "{s:s, s:{s:s}, s:[{s:s, s:{s:s}}]}", "state", &name, "content", "term",
                       &id, "history", "to", &name, "by", "id", &name) == 0,
           "one has its content and history");
    expect(&w, strcmp(id, "P3650D") == 0 && strcmp(name, "U0SELLER") == 0, "as they are stored");
    json_decref(one);
    json_t *none = offers_json("published");
    expect(&w, json_unpack(none, "{s:I, s:[]}", "total", &total, "offers") == 0 && total == 0,
           "none is published");
    json_decref(none);
}

static void test_second_bot_is_refused(void **state)
{
    const char *said;
    char pid[40];
    (void)state;
    start();
    snprintf(pid, sizeof(pid), "%ld", (long)w.bot);
    expect(&w, world_run(&w, &said, "run", NULL) == 75 && strstr(said, pid) != NULL,
           "it says which process has the state file");
    checked(0, "MB, all of it checked");
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
}

/* As a bot of next year leaves it behind: SQLite keeps user_version at byte 60. */
static void test_newer_state_file_is_refused(void **state)
{
    const char *said;
    char path[300];
    (void)state;
    start();
    expect(&w, world_stop_bot(&w) == 0, "it stops");
    snprintf(path, sizeof(path), "%s/cppo.db", w.dir);
    FILE *file = fopen(path, "r+e");
    expect(&w,
           file != NULL && fseek(file, 60, SEEK_SET) == 0 && fwrite("\0\0\3\xe7", 4, 1, file) == 1,
           "the state file is changed");
    fclose(file);
    expect(&w, world_run(&w, &said, "run", NULL) != 0 && strstr(said, "newer cppo-bot") != NULL,
           "it says that the file is newer than the bot");
    expect(&w, world_run(&w, &said, "offers", NULL) != 0 && strstr(said, "newer cppo-bot") != NULL,
           "to who only reads as well");
}

static void test_orderly_stop(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, world_stop_bot(&w) == 0, "SIGTERM ends it in good order");
    expect(&w,
           count_in_log(&w, "socket.close", NULL, NULL) ==
               count_in_log(&w, "socket.up", NULL, NULL),
           "every socket was closed with a close frame");
}

static void test_the_example_is_not_run(void **state)
{
    const char *said;
    (void)state;
    world_replace(&w, "account: \"111122223333\"", "account: \"000000000000\"");
    expect(&w,
           world_run(&w, &said, "run", NULL) == 78 &&
               strstr(said, "still holds values of the example") != NULL,
           "a file that is only half filled in is told of");
    expect(&w, count_in_log(&w, "socket.up", NULL, NULL) == 0, "and nobody connects with it");
}

static void test_wrong_usage(void **state)
{
    const char *said;
    (void)state;
    expect(&w, world_run(&w, &said, "rnu", NULL) == 64 && strstr(said, "“run”") != NULL,
           "an unknown command is answered with the nearest that there is");
    expect(&w,
           world_run(&w, &said, "check", "fast", NULL) == 64 &&
               strstr(said, "unexpected argument “fast”") != NULL,
           "a word too many is no unknown command");
    expect(&w,
           world_run(&w, &said, "check", "--loud", NULL) == 64 &&
               strstr(said, "unknown option “--loud”") != NULL,
           "nor is an option");
    expect(&w, world_run(&w, &said, "init", NULL) == 73 && strstr(said, "there already") != NULL,
           "init does not write over a configuration");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_wrong),
        TEST(test_tokens),
        TEST(test_scopes_are_named),
        TEST(test_optional_scopes_are_named),
        TEST(test_channels),
        TEST(test_people),
        TEST(test_who_reads_the_cards),
        TEST(test_a_shared_channel_is_told),
        TEST(test_approvers_are_in_the_channel),
        TEST(test_machine),
        TEST(test_values_of_the_example),
        TEST(test_reasons_of_the_network),
        TEST(test_the_role_that_shares),
        TEST(test_a_long_list_of_authorizations),
        TEST(test_aws),
        TEST(test_offers),
        TEST(test_offers_are_told_in_words),
        TEST(test_offers_are_told_to_programs),
        TEST(test_the_example_is_not_run),
        TEST(test_wrong_usage),
        TEST(test_second_bot_is_refused),
        TEST(test_orderly_stop),
        TEST(test_newer_state_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
