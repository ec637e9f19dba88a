/* AWS's errors: their class, their code, their words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "marketplace/errors.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct aws_error read_error(int status, const char *type, const char *body)
{
    struct aws_error error;
    memset(&error, 'x', sizeof(error));
    aws_error_read(&error, status, true, type, body, strlen(body));
    assert_true(text_is_utf8(error.text, strlen(error.text)));
    return error;
}

static void expect(int status, const char *type, const char *body, enum aws_class class,
                   const char *code, const char *said)
{
    struct aws_error error = read_error(status, type, body);
    if (error.class != class || strcmp(error.code, code) != 0 || strstr(error.text, said) == NULL)
        fail_msg("HTTP %d %s %s: class %d, %s, “%s”", status, type != NULL ? type : "", body,
                 (int)error.class, error.code, error.text);
}

/* --- answers of the service --- */

static void success_is_no_error(void **state)
{
    (void)state;
    expect(200, NULL, "{\"Message\":\"hello\"}", AWS_OK, "", "");
    expect(204, NULL, "", AWS_OK, "", "");
}

/* Wherever the code stands: x-amzn-ErrorType, __type, code; Message or message. */
static void every_code_has_its_class(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int status;
        enum aws_class class;
    } cases[] = {
        {"AccessDeniedException", 403, AWS_REFUSED},
        {"ResourceNotFoundException", 404, AWS_REFUSED},
        {"ResourceNotSupportedException", 415, AWS_REFUSED},
        {"ValidationException", 422, AWS_REFUSED},
        {"ResourceInUseException", 423, AWS_RETRY},
        {"ServiceQuotaExceededException", 402, AWS_FULL},
        {"ThrottlingException", 429, AWS_RETRY},
        {"ThrottlingException", 400, AWS_RETRY},
        {"InternalServiceException", 500, AWS_UNSURE},
        {"UnrecognizedClientException", 403, AWS_CREDENTIALS},
        {"ExpiredTokenException", 403, AWS_CREDENTIALS},
        {"IncompleteSignatureException", 403, AWS_CREDENTIALS},
        {"MissingAuthenticationTokenException", 403, AWS_CREDENTIALS},
        {"InvalidSignatureException", 403, AWS_CLOCK},
    };
    const char *unknown = "AWS refused it";
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *code = cases[i].code;
        int status = cases[i].status;
        enum aws_class class = cases[i].class;
        char *type = text_format("%s:http://internal.amazon.com/coral/com.amazonaws/", code);
        char *hash =
            text_format("{\"__type\":\"com.amazonaws.catalog#%s\",\"message\":\"m1\"}", code);
        char *plain = text_format("{\"__type\":\"%s\",\"Message\":\"m2\",\"x\":null}", code);
        char *lower = text_format("{\"code\":\"%s\",\"message\":\"m3\"}", code);
        expect(status, type, "{\"Message\":\"m0\"}", class, code, ": m0");
        expect(status, code, "{\"message\":\"m0\"}", class, code, ": m0");
        expect(status, code, "", class, code, "");
        expect(status, NULL, hash, class, code, ": m1");
        expect(status, NULL, plain, class, code, ": m2");
        expect(status, NULL, lower, class, code, ": m3");
        if (strstr(read_error(status, code, "").text, unknown) != NULL)
            fail_msg("nobody would know what to do about %s", code);
        free(type);
        free(hash);
        free(plain);
        free(lower);
    }
    expect(403, "NeverHeardOf", "{\"Message\":\"m\"}", AWS_REFUSED, "NeverHeardOf",
           "AWS refused it: m");
}

static void sts_answers_in_xml(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int status;
        enum aws_class class;
    } cases[] = {{"InvalidClientTokenId", 403, AWS_CREDENTIALS},
                 {"ExpiredToken", 403, AWS_CREDENTIALS},
                 {"SignatureDoesNotMatch", 403, AWS_CLOCK},
                 {"RequestExpired", 400, AWS_CLOCK},
                 {"Throttling", 400, AWS_RETRY},
                 {"AccessDenied", 403, AWS_REFUSED}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *body =
            text_format("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                        "<Type>Sender</Type><Code>%s</Code><Message>Not so.</Message></Error>"
                        "<RequestId>1</RequestId></ErrorResponse>",
                        cases[i].code);
        expect(cases[i].status, NULL, body, cases[i].class, cases[i].code, ": Not so.");
        free(body);
    }
}

/* What AWS keeps at an address of its own opens to whoever reads that. */
static void addresses_are_not_repeated(void **state)
{
    struct aws_error error;
    static const char body[] =
        "{\"Message\":\"cannot read https://copies.s3.amazonaws.com/offer-x/7d1f?X-Amz-Signature=S "
        "now\"}";
    (void)state;
    aws_error_read(&error, 422, true, "ValidationException", body, sizeof(body) - 1);
    assert_non_null(strstr(error.text, ": cannot read … now"));
    assert_null(strstr(error.text, "copies"));
}

static void without_a_code_the_status_counts(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum aws_class class;
        const char *code;
    } cases[] = {{302, AWS_UNSURE, "http_302"},      {400, AWS_REFUSED, "http_400"},
                 {401, AWS_CREDENTIALS, "http_401"}, {402, AWS_RETRY, "http_402"},
                 {403, AWS_REFUSED, "http_403"},     {404, AWS_REFUSED, "http_404"},
                 {423, AWS_RETRY, "http_423"},       {429, AWS_RETRY, "http_429"},
                 {500, AWS_UNSURE, "http_500"},      {502, AWS_UNSURE, "http_502"},
                 {503, AWS_UNSURE, "http_503"},      {504, AWS_UNSURE, "http_504"}};
    static const char *const bodies[] = {"",
                                         "<html><h1>Bad gateway</h1></html>",
                                         "{}",
                                         "[]",
                                         "null",
                                         "{\"__type\":null}",
                                         "{\"message\":null}",
                                         "<Code>cut off",
                                         "\xFF"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t j = 0; j < COUNT(bodies); j++)
            expect(cases[i].status, NULL, bodies[j], cases[i].class, cases[i].code, "AWS");
    }
}

/* The answer came from behind a gateway: what it says of the request is not certain. */
static void a_5xx_is_never_certain(void **state)
{
    (void)state;
    static const char *const codes[] = {"ThrottlingException", "ValidationException",
                                        "AccessDeniedException", "InternalServiceException",
                                        "NeverHeardOf"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        expect(500, codes[i], "", AWS_UNSURE, codes[i], "");
        expect(503, codes[i], "{\"message\":\"m\"}", AWS_UNSURE, codes[i], ": m");
    }
}

static void no_answer_at_all(void **state)
{
    (void)state;
    struct aws_error error;
    aws_error_read(&error, 0, true, NULL, "", 0);
    assert_int_equal(error.class, AWS_UNSURE);
    assert_string_equal(error.code, "no_answer");
    assert_string_equal(error.text, "AWS did not answer");
    aws_error_read(&error, 0, false, NULL, NULL, 0);
    assert_int_equal(error.class, AWS_RETRY);
    assert_string_equal(error.code, "not_reached");
    assert_string_equal(error.text, "AWS could not be reached");
    aws_error_read(&error, 504, true, NULL, NULL, 0);
    assert_int_equal(error.class, AWS_UNSURE);
    assert_string_equal(error.code, "http_504");
}

static void an_expired_session_is_said_to_be_one(void **state)
{
    (void)state;
    expect(403, "UnrecognizedClientException",
           "{\"message\":\"The security token included in the request is expired\"}",
           AWS_CREDENTIALS, "UnrecognizedClientException", "the AWS session has expired");
    expect(403, "UnrecognizedClientException",
           "{\"message\":\"The security token included in the request is invalid\"}",
           AWS_CREDENTIALS, "UnrecognizedClientException", "does not recognize the access key");
}

static void long_words_are_cut_between_characters(void **state)
{
    (void)state;
    struct text body = {0};
    for (int i = 0; i < 4; i++) {
        text_clear(&body);
        text_addf(&body, "{\"__type\":\"ValidationException\",\"message\":\"%.*s", i, "xxx");
        for (int j = 0; j < 1000; j++)
            text_add(&body, "😀");
        text_add(&body, "\"}");
        assert_true(strlen(read_error(422, NULL, text_get(&body)).text) > 300);
    }
    char *code = text_format("{\"__type\":\"%0200d\"}", 0);
    assert_true(strlen(read_error(422, NULL, code).code) < sizeof(((struct aws_error *)0)->code));
    free(code);
    text_free(&body);
}

/* --- codes of change sets --- */

static void every_code_of_a_change_set_has_words(void **state)
{
    (void)state;
    static const char *const lasting[] = {"INVALID_AGREEMENT_TIME_INTERVAL",
                                          "MISSING_AGREEMENT_START_DATE",
                                          "INCOMPATIBLE_AGREEMENT",
                                          "INCOMPATIBLE_AGREEMENT_START_DATE",
                                          "INCOMPATIBLE_AGREEMENT_END_DATE",
                                          "INCOMPATIBLE_MARKUP_PERCENTAGE",
                                          "INVALID_CHARGE_DATES",
                                          "TOO_MANY_BACKDATED_CHARGES",
                                          "INCOMPATIBLE_RESALE_AUTHORIZATION",
                                          "INCOMPATIBLE_PRODUCT",
                                          "INCOMPATIBLE_MARKUP",
                                          "INCOMPATIBLE_TERMS",
                                          "INVALID_MARKUP_PERCENTAGE",
                                          "INVALID_BUYER_ACCOUNTS",
                                          "TOO_MANY_BUYER_ACCOUNTS",
                                          "INCOMPATIBLE_BUYER_ACCOUNTS",
                                          "MISSING_BUYER_ACCOUNTS",
                                          "INVALID_COUNTRY_CODES",
                                          "MISSING_COUNTRY_CODES",
                                          "INCOMPATIBLE_COUNTRY_CODES",
                                          "INVALID_TARGETING",
                                          "INCOMPATIBLE_TARGETING",
                                          "INCOMPATIBLE_PRE_EXISTING_AGREEMENT",
                                          "INVALID_AVAILABILITY_END_DATE",
                                          "MISSING_AVAILABILITY_END_DATE",
                                          "MISSING_AGREEMENT_END_DATE",
                                          "INVALID_AGREEMENT_DURATION",
                                          "INVALID_AGREEMENT_START_DATE",
                                          "INVALID_AGREEMENT_END_DATE",
                                          "INVALID_LEGAL_DOCUMENTS",
                                          "LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE",
                                          "MISSING_NAME",
                                          "MISSING_DESCRIPTION",
                                          "MISSING_MANDATORY_TERMS",
                                          "INVALID_UPDATE_REQUEST"};
    /* Our account at AWS is put in order, and the same content goes through. */
    static const char *const passing[] = {"INCOMPATIBLE_PAYMENT_SETTINGS",
                                          "INCOMPATIBLE_SELLER_VERIFICATION",
                                          "INVALID_TAX_INFORMATION", "TOO_MANY_OFFERS"};
    bool can_retry;
    for (size_t i = 0; i < COUNT(lasting); i++) {
        can_retry = true;
        const char *words = aws_change_error(lasting[i], &can_retry);
        if (words == NULL || *words == '\0' || can_retry || aws_change_of_account(lasting[i]))
            fail_msg("%s", lasting[i]);
    }
    for (size_t i = 0; i < COUNT(passing); i++) {
        can_retry = false;
        const char *words = aws_change_error(passing[i], &can_retry);
        if (words == NULL || strstr(words, "our ") == NULL || !can_retry ||
            !aws_change_of_account(passing[i]))
            fail_msg("%s", passing[i]);
    }
    static const char *const unknown[] = {"", "NEVER_HEARD_OF", "missing_name", "MISSING_NAME "};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        can_retry = true;
        assert_null(aws_change_error(unknown[i], &can_retry));
        assert_false(can_retry);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_no_error),
        cmocka_unit_test(every_code_has_its_class),
        cmocka_unit_test(sts_answers_in_xml),
        cmocka_unit_test(addresses_are_not_repeated),
        cmocka_unit_test(without_a_code_the_status_counts),
        cmocka_unit_test(a_5xx_is_never_certain),
        cmocka_unit_test(no_answer_at_all),
        cmocka_unit_test(an_expired_session_is_said_to_be_one),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(every_code_of_a_change_set_has_words),
    };
    return cmocka_run_group_tests_name("aws_errors", tests, NULL, NULL);
}
