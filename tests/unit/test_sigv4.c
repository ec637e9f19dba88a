/* Signature Version 4: known answers (AWS's public suite, and requests of this bot), the query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "marketplace/sigv4.h"
#include "offers/date.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN "IQoJb3JpZ2luX2VjEXAMPLE//+TOKEN=="

/* AWS's suite: its case get-vanilla is the request with nothing set. */
static const struct sigv4_request vanilla = {.method = "GET",
                                             .host = "example.amazonaws.com",
                                             .path = "/",
                                             .content_type = "",
                                             .target = "",
                                             .region = "us-east-1",
                                             .service = "service"};
static const struct sigv4_request catalog = {.method = "GET",
                                             .host = "catalog.marketplace.us-east-1.amazonaws.com",
                                             .content_type = "",
                                             .target = "",
                                             .region = "us-east-1",
                                             .service = "aws-marketplace"};

static struct sigv4_headers sign(struct sigv4_request request, const char *token, const char *when)
{
    struct sigv4_credentials keys = {"AKIDEXAMPLE", SECRET, token};
    struct sigv4_headers headers;
    int64_t ms;
    assert_true(date_time_read(&ms, when));
    if (request.body != NULL)
        request.body_size = strlen(request.body);
    sigv4_sign(&request, &keys, ms / 1000, &headers);
    return headers;
}

/* What follows "Name: "; NULL when there is no such header. Each must be there at most once. */
static const char *header(const struct sigv4_headers *headers, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < SIGV4_HEADERS && headers->line[i] != NULL; i++) {
        const char *line = headers->line[i];
        size_t size = strlen(name);
        if (strncasecmp(line, name, size) != 0 || strncmp(line + size, ": ", 2) != 0)
            continue;
        assert_null(value);
        value = line + size + 2;
    }
    return value;
}

static void expect_signature(struct sigv4_request request, const char *token, const char *when,
                             const char *names, const char *signature)
{
    struct sigv4_headers headers = sign(request, token, when);
    char *expected =
        text_format("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%.4s%.2s%.2s/%s/%s/"
                    "aws4_request, SignedHeaders=%s, Signature=%s",
                    when, when + 5, when + 8, request.region, request.service, names, signature);
    assert_string_equal(header(&headers, "Authorization"), expected);
    free(expected);
    sigv4_headers_free(&headers);
}

/* --- AWS's suite --- */

static void expect_suite(struct sigv4_request request, const char *names, const char *signature)
{
    expect_signature(request, "", "2015-08-30T12:36:00Z", names, signature);
}

static void the_suites_requests(void **state)
{
    (void)state;
    struct sigv4_request request = vanilla;
    expect_suite(request, "host;x-amz-date",
                 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    request.path = "/%E1%88%B4"; /* get-utf8 */
    expect_suite(request, "host;x-amz-date",
                 "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    request = vanilla;
    request.method = "POST"; /* post-vanilla */
    expect_suite(request, "host;x-amz-date",
                 "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    request.content_type = "application/x-www-form-urlencoded"; /* post-x-www-form-urlencoded */
    request.body = "Param1=value1";
    expect_suite(request, "content-type;host;x-amz-date",
                 "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

static void the_suites_queries(void **state)
{
    (void)state;
#define UNRESERVED "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    static const struct {
        struct sigv4_parameter query[3];
        const char *signature;
    } cases[] = {
        {{{"Param1", "value1"}}, /* get-vanilla-empty-query-key */
         "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
        {{{"Param2", "value2"}, {"Param1", "value1"}}, /* get-vanilla-query-order-key-case */
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {{{"Param1", "value2"}, {"Param1", "Value1"}}, /* get-vanilla-query-order-key */
         "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
        {{{"Param1", "value2"}, {"Param1", "value1"}}, /* get-vanilla-query-order-value */
         "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
        {{{UNRESERVED, UNRESERVED}}, /* get-vanilla-query-unreserved */
         "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
        {{{"ሴ", "bar"}}, /* get-vanilla-utf8-query */
         "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sigv4_request request = vanilla;
        request.query = cases[i].query;
        expect_suite(request, "host;x-amz-date", cases[i].signature);
    }
}

/* --- requests of this bot --- */

static void expect_ours(struct sigv4_request request, const char *token, const char *names,
                        const char *signature)
{
    expect_signature(request, token, "2025-03-05T12:00:00Z", names, signature);
}

static void describing_and_cancelling(void **state)
{
    (void)state;
    struct sigv4_parameter query[] = {
        {"catalog", "AWSMarketplace"}, {"changeSetId", "example123456789012abcdef"}, {NULL, NULL}};
    struct sigv4_request request = catalog;
    request.path = "/DescribeChangeSet";
    request.query = query;
    expect_ours(request, "", "host;x-amz-date",
                "3a7a3d5ef2ca90420c74a73a05581db4f352fd1b36e9bf83c99bda3ca67328c8");
    request.method = "PATCH";
    request.path = "/CancelChangeSet";
    expect_ours(request, TOKEN, "host;x-amz-date;x-amz-security-token",
                "8269cfa01af7f3cf603a02976e373a3c9287d2b572c5d4cd83c216de8e220b95");
    request.method = "GET";
    request.path = "/DescribeEntity";
    query[1] = (struct sigv4_parameter){"entityId", "offer-1111111111111"};
    expect_ours(request, TOKEN, "host;x-amz-date;x-amz-security-token",
                "f3bb1889b6c67cc04425614d2cc4c8090f562662cbe5521bde5f399ad78cc189");
    request.path = "/GetResourcePolicy";
    query[0] = (struct sigv4_parameter){
        "resourceArn",
        "arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/offer-1"};
    query[1] = (struct sigv4_parameter){NULL, NULL};
    expect_ours(request, "", "host;x-amz-date",
                "ef8e4efda7f760d542f32165497dba4d023bd0955326d9b0aa07779f9919b472");
}

static void starting_a_change_set(void **state)
{
    (void)state;
    struct sigv4_request request = catalog;
    request.method = "POST";
    request.path = "/StartChangeSet";
    request.content_type = "application/json";
    request.body = "{\"Catalog\":\"AWSMarketplace\",\"ChangeSet\":[{\"ChangeType\":"
                   "\"UpdateMarkup\",\"Entity\":{\"Type\":\"Offer@1.0\",\"Identifier\":"
                   "\"offer-1111111111111\"},\"DetailsDocument\":{\"Percentage\":\"33.3\"}}],"
                   "\"ClientRequestToken\":\"a-token\"}";
    expect_ours(request, TOKEN, "content-type;host;x-amz-date;x-amz-security-token",
                "dc8e7f4506e1b0f6add3e64b26d433a0c217d581c7e01b7b030c569ab13e4f07");
}

static void other_services(void **state)
{
    (void)state;
    struct sigv4_request request = catalog;
    request.method = "POST";
    request.host = "agreement-marketplace.us-east-1.amazonaws.com";
    request.path = "/";
    request.content_type = "application/x-amz-json-1.0";
    request.target = "AWSMPCommerceService_v20200301.SearchAgreements";
    request.body = "{\"catalog\":\"AWSMarketplace\"}";
    expect_ours(request, TOKEN, "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
                "4e7773db5b321a83d7518bea69926d87d72ed4a886b1585d6adb77e381015525");
    request.host = "sts.us-east-1.amazonaws.com";
    request.service = "sts";
    request.content_type = "application/x-www-form-urlencoded; charset=utf-8";
    request.target = "";
    request.body = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333"
                   "%3Arole%2Fcppo&RoleSessionName=cppo-bot";
    expect_ours(request, "", "content-type;host;x-amz-date",
                "921a026d0620c561fd66f6988c25c7a747f601bcde13844ffdc3425772b87f0b");
}

/* --- headers and query --- */

static void each_header_is_sent_once(void **state)
{
    (void)state;
    struct sigv4_request request = catalog;
    request.path = "/";
    struct sigv4_headers headers = sign(request, "", "2025-03-05T12:00:00Z");
    assert_non_null(header(&headers, "Authorization"));
    assert_string_equal(header(&headers, "X-Amz-Date"), "20250305T120000Z");
    assert_null(header(&headers, "Content-Type"));
    assert_null(header(&headers, "X-Amz-Security-Token"));
    assert_null(header(&headers, "X-Amz-Target"));
    assert_null(headers.line[2]);
    sigv4_headers_free(&headers);
    assert_null(headers.line[0]);

    request.content_type = "a/b";
    request.target = "A.B";
    request.body = "{}";
    headers = sign(request, TOKEN, "2025-03-05T12:00:00Z");
    assert_non_null(header(&headers, "Authorization"));
    assert_string_equal(header(&headers, "X-Amz-Date"), "20250305T120000Z");
    assert_string_equal(header(&headers, "Content-Type"), "a/b");
    assert_string_equal(header(&headers, "X-Amz-Security-Token"), TOKEN);
    assert_string_equal(header(&headers, "X-Amz-Target"), "A.B");
    assert_null(headers.line[5]);
    for (size_t i = 0; i < 5; i++)
        assert_null(strstr(headers.line[i], SECRET));
    sigv4_headers_free(&headers);
}

static void queries_are_sorted_and_encoded(void **state)
{
    (void)state;
    static const struct {
        struct sigv4_parameter query[5];
        const char *text;
    } cases[] = {
        {{{NULL, NULL}}, ""},
        {{{"b", "1"}, {"a", "2"}}, "a=2&b=1"},
        {{{"b", "2"}, {"b", "10"}, {"b", ""}}, "b=&b=10&b=2"},
        {{{"a-b", "1"}, {"a", "2"}, {"a1", "3"}, {"a b", "4"}}, "a=2&a%20b=4&a-b=1&a1=3"},
        {{{"a", "z"}, {"B", "y"}}, "B=y&a=z"},
        {{{"x", "a b+c&d=e/f%"}}, "x=a%20b%2Bc%26d%3De%2Ff%25"},
        {{{"x", "ü~*'()!,:@$;?#[]\"\\"}},
         "x=%C3%BC~%2A%27%28%29%21%2C%3A%40%24%3B%3F%23%5B%5D%22%5C"},
        {{{"x", UNRESERVED}}, "x=" UNRESERVED},
        {{{"x", "\n\x7F\x01"}}, "x=%0A%7F%01"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = sigv4_query(cases[i].query);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
    char *none = sigv4_query(NULL);
    assert_string_equal(none, "");
    free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_suites_requests),
        cmocka_unit_test(the_suites_queries),
        cmocka_unit_test(describing_and_cancelling),
        cmocka_unit_test(starting_a_change_set),
        cmocka_unit_test(other_services),
        cmocka_unit_test(each_header_is_sent_once),
        cmocka_unit_test(queries_are_sorted_and_encoded),
    };
    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
