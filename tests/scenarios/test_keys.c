/* Where the AWS credentials come from, and what happens when they are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "driver.h"

static struct world w;

/* A world whose bot has no credentials yet and is not started. */
static int set_up(void **state)
{
    (void)state;
    world_open(&w, "keys", false);
    world_setting(&w, "AWS_ACCESS_KEY_ID", NULL);
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", NULL);
    world_setting(&w, "AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
    world_setting(&w, "AWS_CONFIG_FILE", "/nowhere");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void setting_of_url(const char *name, const char *path)
{
    char url[300];
    snprintf(url, sizeof(url), "%s%s", w.url, path);
    world_setting(&w, name, url);
}

static void publish(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
}

static size_t asked(const char *operation)
{
    return count_in_log(&w, "market.call", "operation", operation);
}

static void test_environment(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXPARTNER");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/partner/secret+key");
    publish();
}

static void test_configured_profile(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXOTHER"); /* goes behind a named profile */
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/other/secret+key");
    world_setting(&w, "AWS_SHARED_CREDENTIALS_FILE",
                  world_file(&w, "credentials",
                             "[default]\naws_access_key_id = X\naws_secret_access_key = Y\n"
                             "[seller]\naws_access_key_id = AKIDSANDBOXPARTNER\n"
                             "aws_secret_access_key = sandbox/partner/secret+key\n"));
    world_replace(&w, "aws:\n", "aws:\n  profile: seller\n");
    publish();
}

static void test_program(void **state)
{
    char profile[600];
    (void)state;
    const char *program =
        world_file(&w, "keys of ours",
                   "#!/bin/sh\necho a secret >&2\n"
                   "echo \"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"$1\\\","
                   " \\\"SecretAccessKey\\\": \\\"sandbox/partner/secret+key\\\"}\"\n");
    chmod(program, 0700);
    snprintf(profile, sizeof(profile),
             "[default]\ncredential_process = \"%s\" AKIDSANDBOXPARTNER\n", program);
    world_setting(&w, "AWS_CONFIG_FILE", world_file(&w, "config", profile));
    publish();
}

static void test_container(void **state)
{
    (void)state;
    setting_of_url("AWS_CONTAINER_CREDENTIALS_FULL_URI", "/aws/container");
    world_setting(&w, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                  world_file(&w, "token", "sandbox-container\n"));
    publish();
}

static void test_instance(void **state)
{
    (void)state;
    world_setting(&w, "AWS_EC2_METADATA_DISABLED", NULL);
    setting_of_url("AWS_EC2_METADATA_SERVICE_ENDPOINT", "/aws/instance/");
    publish();
}

static void test_web_identity(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/cppo");
    world_setting(&w, "AWS_WEB_IDENTITY_TOKEN_FILE",
                  world_file(&w, "token", "sandbox.web.identity\n"));
    publish();
    expect(&w, asked("AssumeRoleWithWebIdentity") == 1, "STS is asked once");
}

static void use_role(void)
{
    world_setting(&w, "AWS_PROFILE", "seller");
    world_setting(&w, "AWS_CONFIG_FILE",
                  world_file(&w, "config",
                             "[profile seller]\nrole_arn = arn:aws:iam::111122223333:role/cppo\n"
                             "source_profile = base\nexternal_id = a+b/c\n"
                             "[profile base]\naws_access_key_id = AKIDSANDBOXPARTNER\n"
                             "aws_secret_access_key = sandbox/partner/secret+key\n"));
}

static void test_role(void **state)
{
    (void)state;
    use_role();
    publish();
    expect(&w, asked("AssumeRole") == 1, "STS is asked once");
}

/* As STS and IAM say it: by 400, and in XML. */
static void throttle(const char *action)
{
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:i, s:s}", "where", "aws", "method", action, "status", 400,
                       "body",
                       "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"
                       "<Message>Rate exceeded</Message></Error></ErrorResponse>"));
}

/* A service that is busy has not refused. */
static void test_check_waits_for_keys_identity_and_role(void **state)
{
    static const char *const actions[] = {"AssumeRole", "GetCallerIdentity", "GetRole"};
    (void)state;
    use_role();
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        throttle(actions[i]);
    const char *said = world_check(&w, 0, "No problems found.");
    expect(&w, strstr(said, "AWSServiceRoleForMarketplaceResaleAuthorization") != NULL,
           "and what was asked is known in the end");
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        expect(&w, asked(actions[i]) == 2, "it was asked for twice");
}

static bool asked_twice(const json_t *state, const void *about)
{
    (void)state;
    (void)about;
    return asked("AssumeRole") >= 2;
}

/* The credentials last three seconds; a change set that hangs keeps the bot asking AWS. */
static void test_keys_are_renewed_before_they_end(void **state)
{
    (void)state;
    use_role();
    world_do(&w, "market/keys", json_pack("{s:i}", "life_ms", 3000));
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    world_request(&w, "Alpha", "25");
    expect(&w, world_wait(&w, asked_twice, NULL), "STS is asked again");
    world_do(&w, "market/keys", json_pack("{s:i}", "life_ms", 3600000));
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    expect(&w, count_in_log(&w, "market.call", "error", "ExpiredTokenException") == 0,
           "no call is made with credentials that have expired");
}

static void test_wrong_account(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXOTHER");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/other/secret+key");
    world_start_bot(&w);
    expect(&w, world_sees(&w, "C0OPERATORS", "444455556666"), "the operators are told whose");
    expect(&w, asked("ListEntities") == 0, "nothing of another account is read");
    world_stop_bot(&w);
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDSANDBOXPARTNER");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "sandbox/partner/secret+key");
    publish();
}

static void test_no_credentials(void **state)
{
    (void)state;
    world_start_bot(&w);
    expect(&w, world_sees(&w, "C0OPERATORS", "AWS_ACCESS_KEY_ID"), "the operators are told");
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, count_in_log(&w, "complaint", NULL, NULL) == 0, "and people are answered");
}

static void test_keys_that_aws_does_not_know(void **state)
{
    (void)state;
    world_setting(&w, "AWS_ACCESS_KEY_ID", "AKIDNOBODY");
    world_setting(&w, "AWS_SECRET_ACCESS_KEY", "secret-of-nobody");
    world_start_bot(&w);
    expect(&w, world_sees(&w, "C0OPERATORS", "does not recognize the access key"),
           "the operators are told");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_environment),
        TEST(test_configured_profile),
        TEST(test_program),
        TEST(test_container),
        TEST(test_instance),
        TEST(test_web_identity),
        TEST(test_role),
        TEST(test_check_waits_for_keys_identity_and_role),
        TEST(test_keys_are_renewed_before_they_end),
        TEST(test_wrong_account),
        TEST(test_no_credentials),
        TEST(test_keys_that_aws_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
