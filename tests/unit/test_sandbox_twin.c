/* Every error code of AWS's pages on channel partner private offers, private offers and resale
 * authorizations. It is looked at before anybody is asked: then one example passes and one fails,
 * in the bot's twin as in the sandbox's Marketplace, which gets the bytes that the bot would send.
 * Or it is not: then why not. */
#include <stdio.h>
#include <time.h>

#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"
#include "marketplace/errors.h"
#include "offers/twin.h"
#include "sandbox_market_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EULA_VERSION "2022-07-14"

/* On 2023-11-14, by the sandbox's clock. An authorization: its id, or how the ISV extends it. */
#define ANY "{'name': 'Any'}"
#define CLOSED "{'name': 'Closed', 'buyers': ['111122223333', '222233334444']}"
#define PAST "{'name': 'Past', 'end': '2023-11-13'}"
#define DATED "{'name': 'Dated', 'end': '2024-11-13'}"
#define CONTRACT "{'name': 'Contract', 'kind': 'contract'}"
#define CHOICE "{'name': 'Choice', 'kind': 'configurable'}"
#define INSTALMENTS "{'name': 'Instalments', 'kind': 'instalments'}"
#define FIFTY "Archera Archera Archera Archera Archera Archera Su"
#define BOTH "{'name': 'Both', 'kind': 'consumption', 'net_payment': 'P30D', 'currency': 'JPY'}"
#define TEN_DIAMONDS "💎💎💎💎💎💎💎💎💎💎"

/* An offer that differs from a plain one in its authorization, or in one field. */
struct example {
    const char *authorization; /* NULL: ANY */
    enum field field;
    const char *value; /* NULL: as it is */
};

/* One code, as AWS gives it in one case. */
static const struct row {
    const char *code;
    const char *what;         /* the twin's check; NULL: there is none, and */
    const char *why;          /* why */
    struct example good, bad; /* for the twin */
    const char *sent;         /* AWS's code for what the bot sends then; NULL: the row's */
    const char *refusing;     /* AWS leaves it open: the switch by which it refuses the bad one, */
    const char *taking;       /* and takes it */
} rows[] = {
    /* CreateOfferUsingResaleAuthorization */
    {"ValidationException", "The resale authorization has to be one that AWS lists for us",
     .bad = {.authorization = "resaleauthz-nobodys"}},
    {"ValidationException", "The resale authorization has to be active",
     .bad = {.authorization = "resaleauthz-restrict1"}},
    {"INCOMPATIBLE_RESALE_AUTHORIZATION", "The resale authorization must not be past its end",
     .good = {.authorization = DATED}, .bad = {.authorization = PAST}},
    {"INCOMPATIBLE_RESALE_AUTHORIZATION", "The resale authorization must not be used up",
     .good = {.authorization = "{'name': 'Once', 'single_use': true}"},
     .bad = {.authorization = "resaleauthz-used01"}},
    {"INCOMPATIBLE_PRODUCT",
     .why = "it is about the product, of which the bot reads only the type"},
    {"INVALID_UPDATE_REQUEST", .why = "it is about released offers, which the bot does not change"},
    /* UpdateInformation */
    {"MISSING_NAME", "The offer needs a name", .bad = {.field = FIELD_OFFER_NAME, .value = ""},
     .sent = "ValidationException"},
    {"ValidationException", "The offer's name has at most 150 characters",
     .good = {.field = FIELD_OFFER_NAME, .value = FIFTY FIFTY FIFTY},
     .bad = {.field = FIELD_OFFER_NAME, .value = FIFTY FIFTY FIFTY "s"}},
    {"ValidationException", "The offer's name has at most 150 characters",
     .good = {.field = FIELD_OFFER_NAME, .value = TEN_DIAMONDS TEN_DIAMONDS TEN_DIAMONDS},
     .bad = {.field = FIELD_OFFER_NAME,
             .value = TEN_DIAMONDS TEN_DIAMONDS TEN_DIAMONDS TEN_DIAMONDS TEN_DIAMONDS TEN_DIAMONDS
                 TEN_DIAMONDS TEN_DIAMONDS},
     .refusing = "{'text_units': 'utf16'}", .taking = "{'text_units': 'points'}"},
    {"ValidationException", "The offer's name has no \\, < or >",
     .good = {.field = FIELD_OFFER_NAME, .value = "Archera / \"Sub\" & more"},
     .bad = {.field = FIELD_OFFER_NAME, .value = "Archera <Sub>"}},
    {"ValidationException", "The offer's name begins with no space",
     .bad = {.field = FIELD_OFFER_NAME, .value = " Archera"}},
    {"ValidationException", "The description, which begins with the customer, begins with no space",
     .bad = {.field = FIELD_CUSTOMER, .value = ""}},
    {"MISSING_DESCRIPTION", .why = "each of our offers has one, with its number"},
    {"INCOMPATIBLE_PRE_EXISTING_AGREEMENT", .why = "the bot names no earlier agreement"},
    /* UpdateMarkup */
    {"ValidationException", "The markup is a number with at most 9 decimals",
     .good = {.field = FIELD_MARKUP, .value = "25.000000001"},
     .bad = {.field = FIELD_MARKUP, .value = "25.0000000001"}},
    {"INVALID_MARKUP_PERCENTAGE", .why = "it is about offers without a resale authorization"},
    {"INCOMPATIBLE_MARKUP",
     .why = "it is about released offers, whose markup the bot leaves alone"},
    {"INCOMPATIBLE_MARKUP_PERCENTAGE",
     .why = "it is about prices of our own, which the bot sends not"},
    {"INCOMPATIBLE_TERMS", .why = "it is about prices of our own, and released offers"},
    /* UpdateTargeting */
    {"ValidationException", "A buyer's AWS account id has 12 digits",
     .good = {.field = FIELD_BUYERS, .value = "000000000001"},
     .bad = {.field = FIELD_BUYERS, .value = "1"}},
    {"MISSING_BUYER_ACCOUNTS", "The offer needs a buyer",
     .bad = {.field = FIELD_BUYERS, .value = ""}, .sent = "ValidationException"},
    {"INCOMPATIBLE_RESALE_AUTHORIZATION", "The buyers have to be among the authorization's",
     .good = {CLOSED, FIELD_BUYERS, "222233334444,111122223333"},
     .bad = {CLOSED, FIELD_BUYERS, "111122223333,999999999999"}},
    {"TOO_MANY_BUYER_ACCOUNTS",
     .why = "the form takes 24, the least that one of AWS's pages names"},
    {"INVALID_BUYER_ACCOUNTS", .why = "which accounts there are, AWS alone knows"},
    {"INCOMPATIBLE_BUYER_ACCOUNTS", .why = "AWS does not say which accounts it means"},
    {"INVALID_COUNTRY_CODES", .why = "the bot names no countries"},
    {"MISSING_COUNTRY_CODES", .why = "the bot names no countries"},
    {"INCOMPATIBLE_COUNTRY_CODES", .why = "the bot names no countries"},
    {"INVALID_TARGETING", .why = "the bot names buyers and nothing else"},
    {"INCOMPATIBLE_TARGETING", .why = "it is about released offers, and replacements"},
    /* UpdateAvailability */
    {"MISSING_AVAILABILITY_END_DATE", "The offer needs an accept-by date",
     .bad = {.field = FIELD_ACCEPT_BY, .value = ""}, .sent = "ValidationException"},
    {"ValidationException", "The accept-by date is a date",
     .good = {.field = FIELD_ACCEPT_BY, .value = "2024-02-29"},
     .bad = {.field = FIELD_ACCEPT_BY, .value = "29/02/2024"}},
    {"INVALID_AVAILABILITY_END_DATE", "The accept-by date has to lie ahead",
     .good = {.field = FIELD_ACCEPT_BY, .value = "2023-11-15"},
     .bad = {.field = FIELD_ACCEPT_BY, .value = "2023-11-13"}},
    {"INVALID_AVAILABILITY_END_DATE", "The accept-by date has to lie ahead",
     .bad = {.field = FIELD_ACCEPT_BY, .value = "2023-11-14"},
     .refusing = "{'ends_today': 'refused'}", .taking = "{'ends_today': 'taken'}"},
    /* UpdateValidityTerms */
    {"ValidationException", "The term is a duration",
     .good = {.field = FIELD_TERM, .value = "P365D"},
     .bad = {.field = FIELD_TERM, .value = "1 year"}},
    {"INCOMPATIBLE_RESALE_AUTHORIZATION",
     "The term has to be the authorization's, where that fixes one",
     .good = {CONTRACT, FIELD_TERM, "as_authorized"}, .bad = {CONTRACT, FIELD_TERM, "P3650D"}},
    {"INCOMPATIBLE_RESALE_AUTHORIZATION",
     "The term has to be the authorization's, where that fixes one",
     .good = {CONTRACT, FIELD_TERM, "as_authorized"}, .bad = {CONTRACT, FIELD_TERM, "P365D"},
     .refusing = "{'fixed_durations': 'by_units'}", .taking = "{'fixed_durations': 'by_meaning'}"},
    {"MISSING_AGREEMENT_START_DATE",
     "Where the buyer chooses units and duration, the agreement needs a start date",
     .good = {CHOICE, FIELD_TERM, "as_authorized"}, .bad = {CHOICE, FIELD_TERM, "P365D"}},
    {"INVALID_AGREEMENT_DURATION", .why = "AWS does not say what is too short or too long"},
    {"INVALID_AGREEMENT_START_DATE", .why = "the bot sends no dates of agreements"},
    {"INVALID_AGREEMENT_END_DATE", .why = "the bot sends no dates of agreements"},
    {"INVALID_AGREEMENT_TIME_INTERVAL", .why = "the bot sends no dates of agreements"},
    {"INCOMPATIBLE_AGREEMENT", .why = "it is about replacements, which the bot does not make"},
    {"INCOMPATIBLE_AGREEMENT_START_DATE", .why = "the bot sends no dates of agreements"},
    {"INCOMPATIBLE_AGREEMENT_END_DATE", .why = "the bot sends no dates of agreements"},
    {"MISSING_AGREEMENT_END_DATE", .why = "it is about replacements, which the bot does not make"},
    /* UpdateLegalTerms */
    {"ValidationException", "A EULA of our own needs an address",
     .good = {.field = FIELD_EULA_URL, .value = "https://partner.s3.amazonaws.com/eula.pdf"},
     .bad = {.field = FIELD_EULA_URL, .value = ""}},
    {"INVALID_LEGAL_DOCUMENTS", "A EULA of our own has to lie in S3",
     .good = {.field = FIELD_EULA_URL, .value = "https://s3.eu-west-1.amazonaws.com/partner/e.pdf"},
     .bad = {.field = FIELD_EULA_URL, .value = "https://partner.example/eula.pdf"}},
    {"LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE", .why = "AWS does not say how large is too large"},
    /* UpdatePaymentScheduleTerms, UpdatePricingTerms, UpdateNetPaymentTerms, which the bot sends
     * not: what the authorization sets, comes with it */
    {"TOO_MANY_BACKDATED_CHARGES",
     "At most one instalment is due before the buyer must have accepted",
     .good = {INSTALMENTS, FIELD_ACCEPT_BY, "2024-11-14"},
     .bad = {INSTALMENTS, FIELD_ACCEPT_BY, "2025-06-01"},
     .refusing = "{'inherited_charges': 'checked'}", .taking = "{'inherited_charges': 'any'}"},
    {"INVALID_CHARGE_DATES", .why = "the instalments are the authorization's own"},
    {"INVALID_RATE_CARD", .why = "the prices are the authorization's own, and AWS rounds them"},
    /* ReleaseOffer */
    {"MISSING_MANDATORY_TERMS", .why = "AWS does not say which terms it misses"},
    {"INCOMPATIBLE_PAYMENT_SETTINGS", .why = "of our bank account, no call of AWS's tells"},
    {"INCOMPATIBLE_SELLER_VERIFICATION", .why = "of our verification, no call of AWS's tells"},
    {"INVALID_TAX_INFORMATION", .why = "of our tax form, no call of AWS's tells"},
    {"TOO_MANY_OFFERS", .why = "AWS does not say how many are too many"},
    /* CreateResaleAuthorization and what belongs to it, which the ISV does */
    {"INVALID_RESELLER_ACCOUNT", .why = "it is told to the ISV, who extends the authorization"},
};

/* --- one example --- */

static struct content content;
static struct authorization authorization;
static struct terms customer;

static struct twin_input twin_now(void)
{
    return (struct twin_input){.content = &content,
                               .authorization = *authorization.id != '\0' ? &authorization : NULL,
                               .customer = *authorization.id != '\0' ? &customer : NULL,
                               .now = market_now(market)};
}

static void put_buyers(const char *list)
{
    content.buyer_count = 0;
    for (; *list != '\0'; list += strspn(list, ",")) {
        size_t size = strcspn(list, ",");
        snprintf(content.buyers[content.buyer_count++], ACCOUNT_ID, "%.*s", (int)size, list);
        list += size;
    }
}

static void put(enum field field, const char *value)
{
    bool fits = true;
    if (field == FIELD_OFFER_NAME)
        fits = text_fit(content.offer_name, sizeof(content.offer_name), value);
    else if (field == FIELD_CUSTOMER)
        fits = text_fit(content.customer, sizeof(content.customer), value);
    else if (field == FIELD_BUYERS)
        put_buyers(value);
    else if (field == FIELD_MARKUP)
        fits = text_fit(content.markup, sizeof(content.markup), value);
    else if (field == FIELD_TERM)
        fits = text_fit(content.term, sizeof(content.term), value);
    else if (field == FIELD_ACCEPT_BY)
        fits = text_fit(content.accept_by, sizeof(content.accept_by), value);
    else if (field == FIELD_EULA_URL)
        fits = text_fit(content.eula_url, sizeof(content.eula_url), value);
    assert_true(fits);
    if (field == FIELD_EULA_URL)
        content.eula = EULA_CUSTOM;
}

/* As the bot reads it: summary and description. */
static void read_authorization(const char *id)
{
    char next[NEXT_TOKEN];
    size_t count;
    struct terms authorized;
    json_t *args = parse("{'Catalog': 'AWSMarketplace', 'EntityType': 'ResaleAuthorization',"
                         " 'OwnershipType': 'SHARED', 'MaxResults': 50}");
    answer_free();
    entities_list(market, args, &answer);
    struct authorization *listed = catalog_authorizations(answer.body, &count, next);
    memset(&authorization, 0, sizeof(authorization));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(listed[i].id, id) == 0)
            authorization = listed[i];
    }
    free(listed);
    json_decref(args);
    if (*authorization.id == '\0')
        return;
    answer_free();
    entities_describe(market, id, &answer);
    assert_true(catalog_authorization(answer.body, &authorization, &authorized));
    authorization.read_at = market_now(market);
    terms_mark_up(&authorized, content.markup, &customer);
}

static void set_example(const struct example *example)
{
    const char *from = example->authorization != NULL ? example->authorization : ANY;
    static char extended[AUTHORIZATION_ID]; /* of the example before */
    json_object_del(market->authorizations, extended);
    text_fit(extended, sizeof(extended), *from == '{' ? extend(from) : "");
    const char *id = *from == '{' ? extended : from;
    memset(&content, 0, sizeof(content));
    text_fit(content.authorization, sizeof(content.authorization), id);
    put(FIELD_OFFER_NAME, "Archera - Subscription");
    put(FIELD_CUSTOMER, "Example Corp");
    put(FIELD_BUYERS, "111122223333");
    put(FIELD_MARKUP, "25");
    put(FIELD_TERM, strstr(from, "kind") != NULL ? term_as_authorized : "P3650D");
    put(FIELD_ACCEPT_BY, "2024-01-31");
    if (example->value != NULL)
        put(example->field, example->value);
    read_authorization(id);
}

/* AWS's code for these bytes of the bot's; "" when it took them. */
static const char *sent(char *body)
{
    json_t *args = json_loads(body, 0, NULL);
    answer_free();
    changes_start(market, args, &answer);
    text_fit(last_set, sizeof(last_set), text_in(answer.body, "ChangeSetId"));
    json_decref(args);
    free(body);
    return answer.code != NULL ? answer.code : ended();
}

/* What AWS says of the example, from the draft to the release. */
static const char *aws_says(void)
{
    static int64_t offer;
    const struct change_set_id make = {.install = "twin",
                                       .offer = ++offer,
                                       .revision = 1,
                                       .purpose = "make",
                                       .attempt = 1,
                                       .mark = ""};
    struct change_set_id release = make;
    struct change_set_state state;
    const char *code = sent(change_set_make(&make, &content, EULA_VERSION));
    if (*code != '\0')
        return code;
    answer_free();
    changes_describe(market, last_set, &answer);
    assert_true(catalog_change_set(answer.body, &state));
    release.purpose = "release";
    return sent(change_set_release(&release, state.entity, state.revision));
}

static enum twin_outcome looked(const struct twin_check *check)
{
    char found[TWIN_FOUND] = "";
    const struct twin_input input = twin_now();
    return check->look(&input, found);
}

/* The worst outcome of all checks. */
static enum twin_outcome twin_says(void)
{
    enum twin_outcome worst = TWIN_PASSED;
    for (size_t i = 0; i < twin_count; i++) {
        enum twin_outcome outcome = looked(&twin_checks[i]);
        worst = outcome > worst ? outcome : worst;
    }
    return worst;
}

static const struct twin_check *check_of(const struct row *row)
{
    for (size_t i = 0; i < twin_count; i++) {
        if (strcmp(twin_checks[i].what, row->what) == 0)
            return &twin_checks[i];
    }
    fail_msg("the bot does not look whether “%s”", row->what);
    return NULL;
}

/* --- the table --- */

static void each_code_is_looked_at_or_it_is_said_why_not(void **state)
{
    size_t looked_at = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool can_retry, first = true;
        assert_true((rows[i].what == NULL) == (rows[i].why != NULL));
        if (rows[i].what != NULL)
            assert_string_equal(check_of(&rows[i])->code, rows[i].code);
        for (size_t j = 0; j < i; j++)
            first &= rows[i].what == NULL || rows[j].what == NULL ||
                     strcmp(rows[i].what, rows[j].what) != 0;
        looked_at += rows[i].what != NULL && first;
        if (strchr(rows[i].code, '_') != NULL && strcmp(rows[i].code, "INVALID_RATE_CARD") != 0 &&
            strcmp(rows[i].code, "INVALID_RESELLER_ACCOUNT") != 0 &&
            aws_change_error(rows[i].code, &can_retry) == NULL)
            fail_msg("the bot has no words for %s", rows[i].code);
    }
    assert_int_equal(looked_at, twin_count);
}

static void each_code_passes_one_example_and_fails_one_as_aws_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        if (row->what == NULL)
            continue;
        set_example(&row->good);
        if (looked(check_of(row)) != TWIN_PASSED)
            fail_msg("%s: the good one fails", row->what);
        assert_string_equal(aws_says(), "");
        set_example(&row->bad);
        if (looked(check_of(row)) != (row->refusing != NULL ? TWIN_UNSURE : TWIN_FAILED))
            fail_msg("%s: %d", row->what, (int)looked(check_of(row)));
        assert_string_equal(aws_says(), row->sent != NULL ? row->sent : row->code);
    }
}

static void what_aws_leaves_open_is_taken_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        if (row->refusing == NULL)
            continue;
        for (int takes = 0; takes <= 1; takes++) {
            ways_open(market);
            turn_on(takes ? row->taking : row->refusing);
            set_example(&row->bad);
            assert_int_equal(twin_says(), TWIN_UNSURE);
            assert_string_equal(aws_says(), takes ? "" : row->code);
        }
    }
    ways_open(market);
}

/* --- all of them --- */

/* What AWS takes, at its most lenient, is never refused; what all checks pass, it takes at its
 * strictest. */
static void hold_together(const struct example *one)
{
    enum twin_outcome says = twin_says();
    ways_open(market);
    const char *strict = aws_says();
    if (says == TWIN_PASSED && *strict != '\0')
        fail_msg("“%s” of %s passes, and AWS says %s", one->value, one->authorization, strict);
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].taking != NULL)
            turn_on(rows[i].taking);
    }
    const char *lenient = aws_says();
    if (says == TWIN_FAILED && *lenient == '\0')
        fail_msg("“%s” of %s fails, and AWS takes it", one->value, one->authorization);
}

static void every_field_under_every_authorization_holds_together(void **state)
{
    static const char *const kinds[] = {ANY,
                                        CLOSED,
                                        PAST,
                                        CONTRACT,
                                        CHOICE,
                                        INSTALMENTS,
                                        "resaleauthz-used01",
                                        "resaleauthz-restrict1",
                                        BOTH};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct example one = i % 2 == 0 ? rows[i / 2].good : rows[i / 2].bad;
        for (size_t j = 0; one.value != NULL && j < COUNT(kinds); j++) {
            one.authorization = kinds[j];
            set_example(&one);
            hold_together(&one);
        }
    }
}

/* --- the form --- */

/* What would fail stands beside its field, or beside the authorization, when the form is sent; or
 * the form mends it. */
static void what_fails_is_said_beside_its_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char buyers[MAX_BUYERS * (ACCOUNT_ID + 1) + 1];
        struct form form;
        struct form_errors errors;
        if (row->what == NULL || row->refusing != NULL)
            continue;
        set_example(&row->bad);
        const struct form_rules rules = {.today = date_of_ms(market_now(market)),
                                         .markup_cap = {100, 0},
                                         .chosen = twin_now().authorization,
                                         .now = market_now(market)};
        struct content bad = content;
        content_form(&bad, buyers, sizeof(buyers), &form);
        if (content_read(&form, &rules, &content, &errors))
            assert_int_equal(twin_says(), TWIN_PASSED);
        else if (*errors.text[row->bad.field] == '\0' && *errors.text[FIELD_AUTHORIZATION] == '\0')
            fail_msg("“%s” is not said beside its field", row->what);
    }
}

/* --- the time --- */

static int64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void all_of_them_take_less_than_a_millisecond(void **state)
{
    enum { TIMES = 1000 };
    size_t passed = 0;
    (void)state;
    set_example(&(struct example){.authorization = CLOSED});
    int64_t begin = cpu_ns();
    for (int i = 0; i < TIMES; i++)
        passed += twin_says() == TWIN_PASSED;
    int64_t took = (cpu_ns() - begin) / TIMES;
    assert_int_equal(passed, TIMES);
    printf("AWS checks: %zu in %lld ns\n", twin_count, (long long)took);
    assert_true(took < 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_code_is_looked_at_or_it_is_said_why_not),
        TEST(each_code_passes_one_example_and_fails_one_as_aws_does),
        TEST(what_aws_leaves_open_is_taken_both_ways),
        TEST(every_field_under_every_authorization_holds_together),
        TEST(what_fails_is_said_beside_its_field),
        TEST(all_of_them_take_less_than_a_millisecond),
    };
    return cmocka_run_group_tests_name("sandbox_twin", tests, NULL, NULL);
}
