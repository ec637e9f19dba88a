/* Where AWS credentials come from, and what those places say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "marketplace/credentials.h"
#include "marketplace/xml.h"
#include "text.h"

static const char *const variables[] = {"AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_PROFILE",
                                        "AWS_SHARED_CREDENTIALS_FILE",
                                        "AWS_CONFIG_FILE",
                                        "AWS_ROLE_ARN",
                                        "AWS_ROLE_SESSION_NAME",
                                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                                        "AWS_EC2_METADATA_DISABLED",
                                        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"};

static int nothing_is_set(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    setenv("HOME", "/nowhere", 1);
    return 0;
}

/* A configuration file of AWS with ${text} in it, until the end of the test. */
static void config_file(const char *text)
{
    static char path[] = "/tmp/cppo-config-XXXXXX";
    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    setenv("AWS_CONFIG_FILE", path, 1);
}

static struct credential_source *find(const char *profile)
{
    struct err err = {.text = ""};
    struct credential_source *source = credential_source_find(profile, &err);
    if (source == NULL)
        fail_msg("%s", err.text);
    return source;
}

static void refused(const char *profile, const char *words)
{
    struct err err = {.text = ""};
    assert_null(credential_source_find(profile, &err));
    if (strstr(err.text, words) == NULL)
        fail_msg("“%s” does not say “%s”", err.text, words);
}

/* --- the chain --- */

static void the_environment_goes_before_files_but_behind_a_configured_profile(void **state)
{
    (void)state;
    config_file("[default]\naws_access_key_id=F\naws_secret_access_key=f\n"
                "[profile own]\naws_access_key_id = P\naws_secret_access_key = p=/+\r\n"
                "aws_session_token = t\n");
    setenv("AWS_ACCESS_KEY_ID", "E", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "e", 1);
    struct credential_source *source = find("");
    assert_string_equal(source->credentials->access_key, "E");
    assert_string_equal(source->credentials->token, "");
    credential_source_free(source);
    source = find("own");
    assert_string_equal(source->credentials->access_key, "P");
    assert_string_equal(source->credentials->secret_key, "p=/+");
    assert_string_equal(source->credentials->token, "t");
    credential_source_free(source);
    unsetenv("AWS_SECRET_ACCESS_KEY"); /* half a pair is none */
    source = find("");
    assert_string_equal(source->credentials->access_key, "F");
    credential_source_free(source);
    refused("other", "no profile “other”");
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void a_role_is_asked_for_with_the_keys_of_its_source(void **state)
{
    (void)state;
    config_file("[profile a]\nrole_arn = arn:a\nsource_profile = b\nexternal_id = x\n"
                "duration_seconds = 900\n"
                "[profile b]\nrole_arn = arn:b\nsource_profile = b\nrole_session_name = me\n"
                "aws_access_key_id = B\naws_secret_access_key = b\n");
    struct credential_source *source = find("a");
    assert_int_equal(source->kind, CREDENTIALS_ROLE);
    assert_string_equal(source->session, "cppo-bot");
    assert_int_equal(source->base->kind, CREDENTIALS_ROLE);
    assert_string_equal(source->base->session, "me");
    assert_int_equal(source->base->base->kind, CREDENTIALS_STATIC);
    char *body = credentials_sts_body(source, "");
    assert_string_equal(body, "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aa&"
                              "RoleSessionName=cppo-bot&DurationSeconds=900&ExternalId=x");
    free(body);
    credential_source_free(source);
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void profiles_that_a_daemon_cannot_use_say_why(void **state)
{
    (void)state;
    config_file("[profile mfa]\nrole_arn=a\nmfa_serial=m\nsource_profile=x\n"
                "[profile sso]\nsso_session=s\n[profile bare]\nrole_arn=a\n"
                "[profile open]\ncredential_process=\"a b\n"
                "[profile one]\nrole_arn=a\nsource_profile=two\n"
                "[profile two]\nrole_arn=b\nsource_profile=one\n"
                "[profile old]\nsso_start_url=u\n[profile empty]\ncredential_process=\n"
                "[profile half]\naws_access_key_id=A\n"
                "[profile self]\nrole_arn=a\nsource_profile=self\n"
                "[profile odd]\nrole_arn=a\ncredential_source=Elsewhere\n"
                "[profile ecs]\nrole_arn=a\ncredential_source=EcsContainer\n");
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/keys", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t\n", 1);
    refused("mfa", "MFA");
    refused("sso", "login in a browser");
    refused("bare", "source_profile");
    refused("open", "a quote is not closed");
    refused("one", "source_profile"); /* they ask each other */
    refused("old", "login in a browser");
    refused("empty", "with credentials in it");
    refused("half", "with credentials in it");
    refused("self", "source_profile"); /* its own keys are none */
    refused("odd", "a credential_source that has credentials");
    refused("ecs", "line break");
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void a_role_may_name_a_place_instead_of_a_profile(void **state)
{
    static const struct {
        const char *profile;
        enum credential_source_kind base;
    } cases[] = {
        {"env", CREDENTIALS_STATIC}, {"ecs", CREDENTIALS_CONTAINER}, {"ec2", CREDENTIALS_INSTANCE}};
    (void)state;
    config_file("[profile env]\nrole_arn=a\ncredential_source=Environment\n"
                "[profile ecs]\nrole_arn=a\ncredential_source=EcsContainer\n"
                "[profile ec2]\nrole_arn=a\ncredential_source=Ec2InstanceMetadata\n");
    setenv("AWS_ACCESS_KEY_ID", "E", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "e", 1);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/keys", 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct credential_source *source = find(cases[i].profile);
        assert_int_equal(source->kind, CREDENTIALS_ROLE);
        assert_int_equal(source->base->kind, cases[i].base);
        if (cases[i].base == CREDENTIALS_CONTAINER)
            assert_string_equal(source->base->url, "http://127.0.0.1/keys");
        credential_source_free(source);
    }
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void a_profile_may_give_a_web_identity_or_a_program(void **state)
{
    (void)state;
    config_file("[profile web]\nrole_arn=arn:w\nweb_identity_token_file=/t\n"
                "role_session_name=me\n"
                "[profile plain]\nrole_arn=arn:p\nweb_identity_token_file=/t\n"
                "[profile program]\ncredential_process=/bin/keys --for us\n");
    struct credential_source *source = find("web");
    assert_int_equal(source->kind, CREDENTIALS_WEB_IDENTITY);
    assert_string_equal(source->role, "arn:w");
    assert_string_equal(source->token_file, "/t");
    assert_string_equal(source->session, "me");
    credential_source_free(source);
    setenv("AWS_PROFILE", "plain", 1); /* as good as one of the configuration */
    source = find("");
    assert_string_equal(source->role, "arn:p");
    assert_string_equal(source->session, "cppo-bot");
    credential_source_free(source);
    source = find("program");
    assert_int_equal(source->kind, CREDENTIALS_PROCESS);
    assert_string_equal(source->words[2], "us");
    credential_source_free(source);
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void files_are_read_as_the_sdks_read_them(void **state)
{
    (void)state;
    config_file(
        "# [profile a]\n[profile ab]\naws_access_key_id=no\naws_secret_access_key=no\n"
        "[profile a] \r\naws_access_key_id_old=no\naws_access_key_id\n"
        "aws_access_key_id \t= \t A \t\naws_secret_access_key=a\n"
        "[profile a\naws_access_key_id=no\n"
        "(profile b]\n[profile none]\naws_access_key_id=\naws_secret_access_key=a\n[profile "
        "blank]\naws_access_key_id=A\naws_secret_access_key=");
    struct credential_source *source = find("a");
    assert_string_equal(source->credentials->access_key, "A");
    credential_source_free(source);
    refused("b", "no profile");
    refused("none", "with credentials in it"); /* empty ones are none */
    refused("blank", "with credentials in it");
    unlink(getenv("AWS_CONFIG_FILE"));
}

static void containers_instances_and_web_identities(void **state)
{
    (void)state;
    struct credential_source *source = find("");
    assert_int_equal(source->kind, CREDENTIALS_INSTANCE);
    assert_string_equal(source->url, "http://169.254.169.254");
    credential_source_free(source);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6", 1);
    source = find("");
    assert_string_equal(source->url, "http://[fd00:ec2::254]");
    credential_source_free(source);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338//", 1);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/web", 1); /* no role: not meant */
    source = find("");
    assert_int_equal(source->kind, CREDENTIALS_INSTANCE);
    assert_string_equal(source->url, "http://127.0.0.1:1338");
    credential_source_free(source);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    refused("", "there are no AWS credentials");

    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t", 1);
    source = find("");
    assert_int_equal(source->kind, CREDENTIALS_CONTAINER);
    assert_string_equal(source->url, "http://169.254.170.2/v2/x");
    assert_string_equal(source->authorization, "t");
    credential_source_free(source);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t\r\nHost: evil", 1);
    refused("", "line break");
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/token", 1);
    refused("", "cannot be read");

    setenv("AWS_ROLE_ARN", "arn:r", 1);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/web", 1);
    source = find("");
    assert_int_equal(source->kind, CREDENTIALS_WEB_IDENTITY);
    char *body = credentials_sts_body(source, "a.b/c=");
    assert_string_equal(body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&"
                              "RoleSessionName=cppo-bot&WebIdentityToken=a.b%2Fc%3D");
    free(body);
    credential_source_free(source);
}

/* --- small readers --- */

static void command_lines_are_split_as_a_shell_would(void **state)
{
    static const struct {
        const char *line;
        const char *words; /* joined by | */
    } cases[] = {
        {"a b  c", "a|b|c"},
        {"  'a b' \"c d\" ", "a b|c d"},
        {"a\\ b 'c\\d'", "a b|c\\d"},
        {"\"a\\\"b\" ''", "a\"b|"},
        {"/x/y --k=\"v w\"z", "/x/y|--k=v wz"},
        {"", ""},
        {"a\\", "a\\"}, /* nothing to escape */
        {"'a", NULL},
        {"a \"b", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char **words = credential_source_words(cases[i].line);
        struct text joined = {0};
        if (cases[i].words == NULL) {
            assert_null(words);
            continue;
        }
        for (size_t j = 0; words[j] != NULL; j++)
            text_addf(&joined, "%s%s", j > 0 ? "|" : "", words[j]);
        assert_string_equal(text_get(&joined), cases[i].words);
        text_free(&joined);
        credential_source_words_free(words);
    }
}

static struct credentials *read_json(const char *json, bool process)
{
    struct err err;
    return credentials_read_json(json, strlen(json), process, &err);
}

static void json_answers(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"Version\":1}",
        "{\"Version\":2,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\"}",
        "{\"Version\":1,\"AccessKeyId\":\"A\"}",
        "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\",\"Expiration\":\"soon\"}"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_null(read_json(bad[i], true));
    assert_null(read_json("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"AccessKeyId\":\"A\","
                          "\"SecretAccessKey\":\"S\"}",
                          false));
    struct credentials *keys =
        read_json("{\"Code\":\"Success\",\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\","
                  "\"Token\":\"T\",\"Expiration\":\"1970-01-02T00:00:01Z\"}",
                  false);
    assert_string_equal(keys->access_key, "A");
    assert_string_equal(keys->token, "T");
    assert_int_equal(keys->expires_at, 86401000);
    credentials_free(keys);
    keys = read_json("{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\","
                     "\"SessionToken\":null}",
                     true);
    assert_string_equal(keys->token, "");
    assert_int_equal(keys->expires_at, 0);
    credentials_free(keys);
}

static void answers_of_sts(void **state)
{
    static const char xml[] =
        "<R xmlns=\"https://sts.amazonaws.com/\"><Credentials><AccessKeyId>A</AccessKeyId>"
        "<SecretAccessKey>a&amp;b</SecretAccessKey><SessionToken>T==</SessionToken>"
        "<Expiration>1970-01-02T00:00:00.500Z</Expiration></Credentials></R>";
    struct err err;
    (void)state;
    struct credentials *keys = credentials_read_sts(xml, sizeof(xml) - 1, &err);
    assert_string_equal(keys->secret_key, "a&b");
    assert_int_equal(keys->expires_at, 86400500);
    credentials_free(keys);
    assert_null(credentials_read_sts("<a/>", 4, &err));
    assert_null(credentials_read_sts(xml, 90, &err)); /* cut off */
    char *text = xml_text("<a>&lt;&amp;lt;</a>", 19, "a");
    assert_string_equal(text, "<&lt;");
    free(text);
}

/* As a token is that some file system makes up when it is read. */
static void a_file_that_says_it_is_empty_is_read(void **state)
{
    (void)state;
    char *text = credentials_file("/proc/sys/kernel/ostype");
    assert_non_null(text);
    assert_string_equal(text, "Linux");
    free(text);
}

#define TEST(name) cmocka_unit_test_setup(name, nothing_is_set)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_environment_goes_before_files_but_behind_a_configured_profile),
        TEST(a_role_is_asked_for_with_the_keys_of_its_source),
        TEST(profiles_that_a_daemon_cannot_use_say_why),
        TEST(a_role_may_name_a_place_instead_of_a_profile),
        TEST(a_profile_may_give_a_web_identity_or_a_program),
        TEST(files_are_read_as_the_sdks_read_them),
        TEST(containers_instances_and_web_identities),
        TEST(command_lines_are_split_as_a_shell_would),
        TEST(json_answers),
        TEST(answers_of_sts),
        TEST(a_file_that_says_it_is_empty_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
