#include "offers/twin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/taken.h"
#include "text.h"

static enum twin_outcome say(enum twin_outcome outcome, char found[TWIN_FOUND], const char *format,
                             ...) __attribute__((format(printf, 3, 4)));

/* What there is instead of what AWS asks for. */
static enum twin_outcome say(enum twin_outcome outcome, char found[TWIN_FOUND], const char *format,
                             ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(found, TWIN_FOUND, format, args);
    va_end(args);
    return outcome;
}

static enum twin_outcome passes(bool good)
{
    return good ? TWIN_PASSED : TWIN_FAILED;
}

/* --- CreateOfferUsingResaleAuthorization --- */

static enum twin_outcome listed(const struct twin_input *input, char found[TWIN_FOUND])
{
    return input->authorization != NULL && !input->authorization->unlisted
               ? TWIN_PASSED
               : say(TWIN_FAILED, found, "it is no longer listed");
}

static enum twin_outcome active(const struct twin_input *input, char found[TWIN_FOUND])
{
    if (input->authorization == NULL)
        return TWIN_UNKNOWN;
    const char *why = authorization_inactive(input->authorization);
    return why == NULL ? TWIN_PASSED : say(TWIN_FAILED, found, "it %s", why);
}

static enum twin_outcome lasting(const struct twin_input *input, char found[TWIN_FOUND])
{
    char end[DATE_TEXT];
    if (input->authorization == NULL)
        return TWIN_UNKNOWN;
    if (!authorization_ended(input->authorization, input->now))
        return TWIN_PASSED;
    date_write(date_of_ms(input->authorization->ends_at), end);
    return say(TWIN_FAILED, found, "it expired on %s", end);
}

static enum twin_outcome unspent(const struct twin_input *input, char found[TWIN_FOUND])
{
    if (input->authorization == NULL)
        return TWIN_UNKNOWN;
    return authorization_spent(input->authorization)
               ? say(TWIN_FAILED, found, "it has already been used (single-use)")
               : TWIN_PASSED;
}

/* --- UpdateInformation --- */

static enum twin_outcome named(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(*input->content->offer_name != '\0');
}

/* In which units AWS counts, it does not say. */
static enum twin_outcome short_name(const struct twin_input *input, char found[TWIN_FOUND])
{
    const char *name = input->content->offer_name;
    if (taken_name(name))
        return TWIN_PASSED;
    return say(text_points(name) <= NAME_POINTS ? TWIN_UNSURE : TWIN_FAILED, found, "it has %zu",
               text_utf16(name));
}

static enum twin_outcome plain_name(const struct twin_input *input, char found[TWIN_FOUND])
{
    const char *sign = taken_name_sign(input->content->offer_name);
    return sign == NULL ? TWIN_PASSED : say(TWIN_FAILED, found, "there is “%c” in it", *sign);
}

static enum twin_outcome trimmed_name(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(*input->content->offer_name != ' ');
}

static enum twin_outcome described(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(*input->content->customer != '\0' && *input->content->customer != ' ');
}

/* --- UpdateMarkup --- */

static enum twin_outcome percentage(const struct twin_input *input, char found[TWIN_FOUND])
{
    const char *markup = input->content->markup;
    return taken_percentage(markup) ? TWIN_PASSED : say(TWIN_FAILED, found, "“%s” is none", markup);
}

/* --- UpdateTargeting --- */

static enum twin_outcome account_ids(const struct twin_input *input, char found[TWIN_FOUND])
{
    for (size_t i = 0; i < input->content->buyer_count; i++) {
        if (!taken_account(input->content->buyers[i]))
            return say(TWIN_FAILED, found, "“%s” is none", input->content->buyers[i]);
    }
    return TWIN_PASSED;
}

static enum twin_outcome targeted(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(input->content->buyer_count > 0);
}

static enum twin_outcome covered(const struct twin_input *input, char found[TWIN_FOUND])
{
    const struct authorization *a = input->authorization;
    if (a == NULL || (a->read_at == 0 && a->buyer_count == 0))
        return TWIN_UNKNOWN;
    const char *buyer = content_uncovered(input->content, a);
    return buyer == NULL ? TWIN_PASSED : say(TWIN_FAILED, found, "%s is not among them", buyer);
}

/* --- UpdateAvailability --- */

static enum twin_outcome dated(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(*input->content->accept_by != '\0');
}

static enum twin_outcome real_date(const struct twin_input *input, char found[TWIN_FOUND])
{
    int32_t day;
    const char *date = input->content->accept_by;
    if (*date == '\0')
        return TWIN_UNKNOWN;
    return date_read(&day, date) ? TWIN_PASSED : say(TWIN_FAILED, found, "“%s” is none", date);
}

/* It can be accepted until the last moment of that day: whether AWS finds that ahead, it does not
 * say. */
static enum twin_outcome ahead(const struct twin_input *input, char found[TWIN_FOUND])
{
    int32_t day;
    int32_t today = date_of_ms(input->now);
    const char *date = input->content->accept_by;
    if (!date_read(&day, date))
        return TWIN_UNKNOWN;
    if (day == today)
        return say(TWIN_UNSURE, found, "%s is today", date);
    return day > today ? TWIN_PASSED : say(TWIN_FAILED, found, "%s has passed", date);
}

/* --- UpdateValidityTerms --- */

static bool inherits(const struct twin_input *input)
{
    return strcmp(input->content->term, term_as_authorized) == 0;
}

static enum twin_outcome real_term(const struct twin_input *input, char found[TWIN_FOUND])
{
    const char *term = input->content->term;
    return inherits(input) || duration_is(term) ? TWIN_PASSED
                                                : say(TWIN_FAILED, found, "“%s” is none", term);
}

/* AWS wants the same, and does not say whether a year is 12 months, or 365 days, for it. */
static enum twin_outcome agreed_term(const struct twin_input *input, char found[TWIN_FOUND])
{
    const struct authorization *a = input->authorization;
    const char *term = input->content->term;
    char words[DURATION_WORDS];
    if (inherits(input))
        return TWIN_PASSED;
    if (a == NULL || a->read_at == 0)
        return TWIN_UNKNOWN;
    if (*a->duration == '\0' || duration_matches(term, a->duration))
        return TWIN_PASSED;
    duration_words(a->duration, words);
    return say(duration_same(term, a->duration) ? TWIN_UNSURE : TWIN_FAILED, found,
               "the authorization fixes it at %s", words);
}

/* Where no term is sent, AWS has nothing to say of its start. */
static enum twin_outcome startless(const struct twin_input *input, char found[TWIN_FOUND])
{
    const struct authorization *a = input->authorization;
    if (inherits(input))
        return TWIN_PASSED;
    if (a == NULL || a->read_at == 0)
        return TWIN_UNKNOWN;
    return a->sale != SALE_CHOICE ? TWIN_PASSED : say(TWIN_FAILED, found, "I cannot set one");
}

/* --- UpdateLegalTerms --- */

static enum twin_outcome addressed(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    return passes(input->content->eula != EULA_CUSTOM || *input->content->eula_url != '\0');
}

static enum twin_outcome in_s3(const struct twin_input *input, char found[TWIN_FOUND])
{
    (void)found;
    if (input->content->eula != EULA_CUSTOM)
        return TWIN_PASSED;
    return *input->content->eula_url == '\0' ? TWIN_UNKNOWN
                                             : passes(taken_address(input->content->eula_url));
}

/* --- ReleaseOffer --- */

/* AWS says it of instalments that a reseller sets; of those that come from the authorization, not.
 */
static enum twin_outcome scheduled(const struct twin_input *input, char found[TWIN_FOUND])
{
    size_t before = 0;
    const char *until = input->content->accept_by;
    if (input->customer == NULL)
        return TWIN_UNKNOWN;
    for (size_t i = 0; i < input->customer->count; i++) {
        const struct term_line *line = &input->customer->lines[i];
        before += line->kind == TERM_INSTALMENT && strcmp(line->key, until) <= 0;
    }
    return before <= 1 ? TWIN_PASSED
                       : say(TWIN_UNSURE, found, "%zu are due before (%s)", before, until);
}

/* --- all of them --- */

static const char at_once[] = "ValidationException";
static const char of_authorization[] = "INCOMPATIBLE_RESALE_AUTHORIZATION";

const struct twin_check twin_checks[] = {
    {at_once, "The resale authorization has to be one that AWS lists for us", "Choose another",
     listed},
    {at_once, "The resale authorization has to be active", "Choose another", active},
    {of_authorization, "The resale authorization must not be past its end", "Choose another",
     lasting},
    {of_authorization, "The resale authorization must not be used up", "Choose another", unspent},
    {"MISSING_NAME", "The offer needs a name", "Type one", named},
    {at_once, "The offer's name has at most 150 characters", "Shorten it", short_name},
    {at_once, "The offer's name has no \\, < or >", "Leave it out", plain_name},
    {at_once, "The offer's name begins with no space", "Leave it out", trimmed_name},
    {at_once, "The description, which begins with the customer, begins with no space",
     "Type who buys", described},
    {at_once, "The markup is a number with at most 9 decimals", "Type one such as 25 or 33.3",
     percentage},
    {"MISSING_BUYER_ACCOUNTS", "The offer needs a buyer", "Type the buyer's AWS account id",
     targeted},
    {at_once, "A buyer's AWS account id has 12 digits", "Type all 12", account_ids},
    {of_authorization, "The buyers have to be among the authorization's",
     "Take that one out, or choose another authorization", covered},
    {"MISSING_AVAILABILITY_END_DATE", "The offer needs an accept-by date", "Choose one", dated},
    {at_once, "The accept-by date is a date", "Choose one", real_date},
    {"INVALID_AVAILABILITY_END_DATE", "The accept-by date has to lie ahead", "Choose a later one",
     ahead},
    {at_once, "The term is a duration", "Choose one in the form", real_term},
    {of_authorization, "The term has to be the authorization's, where that fixes one",
     "Choose “As authorized”", agreed_term},
    {"MISSING_AGREEMENT_START_DATE",
     "Where the buyer chooses units and duration, the agreement needs a start date",
     "Make the offer in the AWS Marketplace portal", startless},
    {at_once, "A EULA of our own needs an address", "Type one", addressed},
    {"INVALID_LEGAL_DOCUMENTS", "A EULA of our own has to lie in S3",
     "Type an address such as https://bucket.s3.amazonaws.com/eula.pdf", in_s3},
    {"TOO_MANY_BACKDATED_CHARGES",
     "At most one instalment is due before the buyer must have accepted",
     "Choose an earlier accept-by date", scheduled},
};

const size_t twin_count = sizeof(twin_checks) / sizeof(twin_checks[0]);

void twin_words(const struct twin_check *check, const char *found, char *words, size_t capacity)
{
    char *all =
        text_format("%s%s%s. %s", check->what, *found != '\0' ? ": " : "", found, check->instead);
    text_fit(words, capacity, all);
    free(all);
}
