#include "marketplace/errors.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "marketplace/xml.h"
#include "text.h"

/* --- answers of the service --- */

static const struct {
    const char *code;
    enum aws_class class;
    const char *words;
} known[] = {
    {"ThrottlingException", AWS_RETRY, "AWS asks us to slow down"},
    {"Throttling", AWS_RETRY, "AWS asks us to slow down"}, /* STS */
    {"ResourceInUseException", AWS_RETRY, "another change of this offer is still running at AWS"},
    {"ServiceQuotaExceededException", AWS_FULL, "too many changes of our account are open at AWS"},
    {"InternalServiceException", AWS_UNSURE, "AWS had an error of its own"},
    {"ValidationException", AWS_REFUSED, "AWS rejected the request"},
    {"ResourceNotFoundException", AWS_REFUSED, "AWS cannot find it"},
    {"ResourceNotSupportedException", AWS_REFUSED, "AWS does not support this"},
    {"AccessDeniedException", AWS_REFUSED, "AWS does not let our identity do this"},
    {"UnrecognizedClientException", AWS_CREDENTIALS, "AWS does not recognize the access key"},
    {"InvalidClientTokenId", AWS_CREDENTIALS, "AWS does not recognize the access key"},
    {"ExpiredTokenException", AWS_CREDENTIALS, "the AWS session has expired"},
    {"ExpiredToken", AWS_CREDENTIALS, "the AWS session has expired"},
    {"MissingAuthenticationTokenException", AWS_CREDENTIALS, "the request was not signed"},
    {"IncompleteSignatureException", AWS_CREDENTIALS, "AWS rejected the signature"},
    {"InvalidSignatureException", AWS_CLOCK,
     "AWS rejected the signature: check the secret key and this machine's clock"},
    {"SignatureDoesNotMatch", AWS_CLOCK,
     "AWS rejected the signature: check the secret key and this machine's clock"},
    {"RequestExpired", AWS_CLOCK, "this machine's clock is off"},
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

static enum aws_class class_of_status(int status)
{
    switch (status) {
    case 402:
    case 423:
    case 429:
        return AWS_RETRY;
    case 401:
        return AWS_CREDENTIALS;
    default:
        return status >= 400 && status < 500 ? AWS_REFUSED : AWS_UNSURE;
    }
}

/* "ValidationException:http://…" and "com.amazonaws…#ValidationException" -> the name. */
static void copy_code(char *code, size_t capacity, const char *from)
{
    const char *hash = strchr(from, '#');
    text_fit(code, capacity, hash != NULL ? hash + 1 : from);
    code[strcspn(code, ":")] = '\0';
}

static const char *member(const json_t *root, const char *a, const char *b)
{
    const char *text = json_text(root, a);
    return *text != '\0' ? text : json_text(root, b);
}

static void read_code(struct aws_error *error, const char *type_header, const char *body,
                      size_t size, char *message, size_t capacity)
{
    json_t *root = json_loadb(body != NULL ? body : "", size, 0, NULL);
    if (root != NULL) {
        copy_code(error->code, sizeof(error->code),
                  type_header != NULL && *type_header != '\0' ? type_header
                                                              : member(root, "__type", "code"));
        text_fit(message, capacity, member(root, "Message", "message"));
        json_decref(root);
        return;
    }
    char *xml_code = xml_text(body, size, "Code"); /* STS answers in XML */
    char *xml_message = xml_text(body, size, "Message");
    text_fit(error->code, sizeof(error->code), xml_code);
    text_fit(message, capacity, xml_message);
    free(xml_code);
    free(xml_message);
    if (error->code[0] == '\0' && type_header != NULL)
        copy_code(error->code, sizeof(error->code), type_header);
}

void aws_error_read(struct aws_error *error, int status, bool sent, const char *type_header,
                    const char *body, size_t size)
{
    char message[400] = "";
    const char *words = "AWS refused it";
    *error = (struct aws_error){.class = AWS_OK};
    if (status >= 200 && status < 300)
        return;
    if (status == 0) {
        error->class = sent ? AWS_UNSURE : AWS_RETRY;
        text_fit(error->code, sizeof(error->code), sent ? "no_answer" : "not_reached");
        text_fit(error->text, sizeof(error->text),
                 sent ? "AWS did not answer" : "AWS could not be reached");
        return;
    }
    read_code(error, type_header, body, size, message, sizeof(message));
    error->class = class_of_status(status);
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].code, error->code) == 0) {
            words = known[i].words;
            error->class = status >= 500 ? AWS_UNSURE : known[i].class;
        }
    }
    text_repair(error->code); /* any bytes may come, and nothing be left of them */
    if (error->code[0] == '\0')
        snprintf(error->code, sizeof(error->code), "http_%d", status);
    if (strstr(message, "expired") != NULL && error->class == AWS_CREDENTIALS)
        words = "the AWS session has expired";
    snprintf(error->text, sizeof(error->text), "%s%s%s", words, message[0] != '\0' ? ": " : "",
             message);
    text_hide_addresses(error->text);
    text_repair(error->text); /* the same, and room may end within a character */
}

/* --- codes of change sets --- */

static const struct {
    const char *code;
    bool can_retry;
    const char *words;
} changes[] = {
    {"INCOMPATIBLE_RESALE_AUTHORIZATION", false,
     "the resale authorization does not allow this: choose another, or its buyers and term"},
    {"INCOMPATIBLE_PRODUCT", false, "the product cannot be offered like this: ask the ISV"},
    {"INCOMPATIBLE_MARKUP", false,
     "the markup of a released offer cannot change: make a new offer"},
    {"INCOMPATIBLE_TERMS", false, "the terms conflict: edit the offer"},
    {"INVALID_MARKUP_PERCENTAGE", false, "AWS rejected this markup: enter another"},
    {"INVALID_BUYER_ACCOUNTS", false,
     "AWS does not know a buyer account: check the ids with the customer"},
    {"TOO_MANY_BUYER_ACCOUNTS", false, "too many buyers: make two offers"},
    {"INCOMPATIBLE_BUYER_ACCOUNTS", false,
     "a buyer account is not valid for this offer: check the ids"},
    {"MISSING_BUYER_ACCOUNTS", false, "no buyer given: enter one"},
    {"INVALID_COUNTRY_CODES", false,
     "AWS rejected a country: ask the ISV to check the countries of the authorization"},
    {"MISSING_COUNTRY_CODES", false,
     "a country is missing: ask the ISV to add it to the authorization"},
    {"INCOMPATIBLE_COUNTRY_CODES", false,
     "a country does not fit this offer: ask the ISV to check the countries of the authorization"},
    {"INVALID_TARGETING", false, "the buyers do not fit: check the ids"},
    {"INCOMPATIBLE_TARGETING", false,
     "the buyers of a released or expired offer cannot change: make a new offer"},
    {"INCOMPATIBLE_PRE_EXISTING_AGREEMENT", false,
     "the buyer's earlier agreement does not fit: ask the ISV to check it, or make the offer in "
     "the AWS Marketplace portal"},
    {"INVALID_AVAILABILITY_END_DATE", false, "AWS rejected the accept-by date: choose another"},
    {"MISSING_AVAILABILITY_END_DATE", false, "the accept-by date is missing: choose one"},
    {"MISSING_AGREEMENT_END_DATE", false, "the agreement's end is missing: choose another term"},
    {"INVALID_AGREEMENT_DURATION", false, "AWS rejected this term: choose another"},
    {"INVALID_AGREEMENT_START_DATE", false,
     "AWS rejected the agreement's start, which I cannot set: make the offer in the AWS "
     "Marketplace portal"},
    {"INVALID_AGREEMENT_END_DATE", false, "AWS rejected the agreement's end: choose another term"},
    {"INVALID_AGREEMENT_TIME_INTERVAL", false,
     "the time that the agreement lasts does not fit: choose another term"},
    {"MISSING_AGREEMENT_START_DATE", false,
     "this authorization requires a start date for the agreement, which I cannot set: make the "
     "offer in the AWS Marketplace portal"},
    {"INCOMPATIBLE_AGREEMENT", false,
     "it does not fit the agreement that the buyer already has: look at it in the AWS Marketplace "
     "portal"},
    {"INCOMPATIBLE_AGREEMENT_START_DATE", false,
     "the agreement's start does not fit the authorization: make the offer in the AWS Marketplace "
     "portal, or choose another authorization"},
    {"INCOMPATIBLE_AGREEMENT_END_DATE", false,
     "the agreement's end does not fit the authorization: choose “As authorized” as the term, or "
     "another authorization"},
    {"INCOMPATIBLE_MARKUP_PERCENTAGE", false,
     "a markup does not go with the other prices of this offer: make a new offer"},
    {"INVALID_CHARGE_DATES", false,
     "the dates on which the instalments are due do not fit: ask the ISV, or choose another "
     "accept-by date"},
    {"TOO_MANY_BACKDATED_CHARGES", false,
     "too many instalments are due before the buyer must have accepted: choose an earlier "
     "accept-by date, or ask the ISV for other instalments"},
    {"INVALID_LEGAL_DOCUMENTS", false,
     "AWS cannot read the EULA: it must be a public PDF or text file in S3"},
    {"LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE", false, "the EULA is too large: use a smaller file"},
    {"MISSING_NAME", false, "the offer's name is missing: type one"},
    {"MISSING_DESCRIPTION", false, "the offer's description is missing: send it again"},
    {"MISSING_MANDATORY_TERMS", false, "the authorization lacks terms: ask the ISV"},
    {"INCOMPATIBLE_PAYMENT_SETTINGS", true, "our bank account at AWS Marketplace is not complete"},
    {"INCOMPATIBLE_SELLER_VERIFICATION", true,
     "our verification (KYC) at AWS Marketplace is not complete"},
    {"INVALID_TAX_INFORMATION", true, "our tax form at AWS Marketplace is not complete"},
    {"TOO_MANY_OFFERS", true,
     "our account has as many offers as AWS allows: end some, or ask AWS for more"},
    {"INVALID_UPDATE_REQUEST", false, "AWS says the offer has already been released"},
};

const char *aws_change_error(const char *code, bool *can_retry)
{
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        if (strcmp(changes[i].code, code) == 0) {
            *can_retry = changes[i].can_retry;
            return changes[i].words;
        }
    }
    *can_retry = false;
    return NULL;
}

/* Nothing is wrong with the offer if the same can be tried again. */
bool aws_change_of_account(const char *code)
{
    bool can_retry;
    return aws_change_error(code, &can_retry) != NULL && can_retry;
}
