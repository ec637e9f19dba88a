/* Who may do what at the sandbox's Marketplace: refusals by order, the policy that README gives,
 * and a colleague in the console. */
#include <stdio.h>

#include "sandbox_market_fixture.h"

/* --- rights --- */

/* A call of the bot: ${args} are its body, ${id} what its query names. */
struct call {
    const char *operation, *args, *id;
};

static const char search[] =
    "{'catalog': 'AWSMarketplace', 'filters': [{'name': 'PartyType', 'values': ['Proposer']},"
    " {'name': 'AgreementType', 'values': ['PurchaseAgreement']},"
    " {'name': 'OfferId', 'values': ['offer-1']}]}";

#define CHANGE(type, entity)                                                                       \
    "{'ChangeSet': [{'ChangeType': '" type "', 'Entity': {'Type': 'Offer@1.0'" entity "}}]}"

/* Each call that the bot makes. */
static const struct call calls[] = {
    {"ListEntities", "{'EntityType': 'ResaleAuthorization', 'OwnershipType': 'SHARED'}", ""},
    {"ListEntities", "{'EntityType': 'Offer', 'OwnershipType': 'SELF'}", ""},
    {"DescribeEntity", "{}", BRONZE},
    {"DescribeEntity", "{}", "offer-1"},
    {"StartChangeSet", CHANGE("CreateOfferUsingResaleAuthorization", ""), ""},
    {"StartChangeSet", CHANGE("UpdateMarkup", ", 'Identifier': '$New.Entity.Identifier'"), ""},
    {"StartChangeSet", CHANGE("UpdateInformation", ", 'Identifier': 'offer-1'"), ""},
    {"StartChangeSet", CHANGE("UpdateTargeting", ", 'Identifier': 'offer-1'"), ""},
    {"StartChangeSet", CHANGE("UpdateAvailability", ", 'Identifier': 'offer-1'"), ""},
    {"StartChangeSet", CHANGE("UpdateValidityTerms", ", 'Identifier': 'offer-1'"), ""},
    {"StartChangeSet", CHANGE("UpdateLegalTerms", ", 'Identifier': 'offer-1'"), ""},
    {"StartChangeSet", CHANGE("ReleaseOffer", ", 'Identifier': 'offer-1@2'"), ""},
    {"DescribeChangeSet", "{}", "changeset1"},
    {"ListChangeSets", "{}", ""},
    {"CancelChangeSet", "{}", "changeset1"},
    {"DescribeEntity", "{}", "prod-archera"}, /* the ISV's, if it lets us */
    {"SearchAgreements", search, ""},
};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static const char *check(const struct call *call)
{
    json_t *args = parse(call->args);
    answer_free();
    access_check(market, call->operation, args, call->id, &answer);
    json_decref(args);
    return answer.code;
}

static void give_policy(json_t *policy)
{
    json_t *wish = json_pack("{s:o}", "policy", policy);
    const char *wrong = access_policy(market, wish);
    if (wrong != NULL)
        fail_msg("%s", wrong);
    json_decref(wish);
}

static void refusals_are_ordered_by_call(void **state)
{
    (void)state;
    turn_on("{'deny': 'StartChangeSet'}");
    assert_string_equal(check(&calls[4]), "AccessDeniedException");
    assert_non_null(strstr(answer.message, "is not authorized to perform: "
                                           "aws-marketplace:StartChangeSet on resource: "));
    assert_non_null(strstr(answer.message, "no identity-based policy allows"));
    assert_null(check(&calls[0]));
    turn_on("{'deny': 'StartChangeSet', 'why': 'kyc'}");
    assert_string_equal(check(&calls[4]), "AccessDeniedException");
    assert_string_equal(answer.message, "Current identity is not KYC compliant");
    turn_on("{'allow': 'StartChangeSet'}");
    assert_null(check(&calls[4]));
    turn_on("{'deny': '*', 'why': 'kyc'}");
    for (size_t i = 0; i < CALLS; i++)
        assert_string_equal(check(&calls[i]), "AccessDeniedException");
    turn_on("{'allow': '*'}");
    for (size_t i = 0; i < CALLS; i++)
        assert_null(check(&calls[i]));
}

/* --- the policy of the README --- */

static char *read_file(const char *path)
{
    struct text text = {0};
    char part[4096];
    size_t size;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while ((size = fread(part, 1, sizeof(part), file)) > 0)
        text_add_bytes(&text, part, size);
    fclose(file);
    return text_take(&text);
}

/* A new reference. */
static json_t *policy_of_the_readme(void)
{
    char *readme = read_file("README.md");
    const char *begin = strstr(readme, "{\"Version\": \"2012-10-17\"");
    assert_non_null(begin);
    json_error_t error;
    json_t *policy = json_loads(begin, JSON_DISABLE_EOF_CHECK, &error);
    if (policy == NULL)
        fail_msg("README's policy, line %d: %s", error.line, error.text);
    free(readme);
    return policy;
}

static void the_readme_allows_every_call_of_the_bot(void **state)
{
    (void)state;
    give_policy(policy_of_the_readme());
    for (size_t i = 0; i < CALLS; i++) {
        if (check(&calls[i]) != NULL)
            fail_msg("%s: %s", calls[i].operation, answer.message);
    }
}

static void the_readme_allows_nothing_else(void **state)
{
    static const struct call others[] = {
        {"StartChangeSet",
         "{'ChangeSet': [{'ChangeType': 'UpdateInformation', 'Entity': {'Type':"
         " 'ResaleAuthorization@1.0', 'Identifier': '" BRONZE "'}}]}",
         ""},
        {"PutResourcePolicy", "{}", "offer-1"},
        {"SearchAgreements",
         "{'filters': [{'name': 'PartyType', 'values': ['Acceptor']}, {'name': 'AgreementType',"
         " 'values': ['PurchaseAgreement']}]}",
         ""},
        {"SearchAgreements",
         "{'filters': [{'name': 'PartyType', 'values': ['Proposer']}, {'name': 'AgreementType',"
         " 'values': ['VendorInsightsAgreement']}]}",
         ""},
        {"SearchAgreements", "{'filters': [{'name': 'PartyType', 'values': ['Proposer']}]}", ""},
    };
    (void)state;
    give_policy(policy_of_the_readme());
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (check(&others[i]) == NULL)
            fail_msg("allowed: %s %s", others[i].operation, others[i].args);
    }
}

/* Each statement of it is needed by some call. */
static void no_statement_of_the_readme_can_be_left_out(void **state)
{
    (void)state;
    json_t *whole = policy_of_the_readme();
    size_t count = json_array_size(json_object_get(whole, "Statement"));
    for (size_t left = 0; left < count; left++) {
        size_t refused = 0;
        json_t *policy = json_deep_copy(whole);
        json_array_remove(json_object_get(policy, "Statement"), left);
        give_policy(policy);
        for (size_t i = 0; i < CALLS; i++)
            refused += check(&calls[i]) != NULL;
        assert_true(refused > 0);
    }
    json_decref(whole);
}

/* A type of agreements is a list of texts: a plain StringEquals is not for it. */
static void a_plain_operator_does_not_fit_the_type_of_agreements(void **state)
{
    (void)state;
    give_policy(parse("{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action':"
                      " 'aws-marketplace:SearchAgreements', 'Resource': '*', 'Condition':"
                      " {'StringEquals': {'aws-marketplace:PartyType': 'Proposer',"
                      " 'aws-marketplace:AgreementType': 'PurchaseAgreement'}}}}"));
    assert_string_equal(check(&calls[CALLS - 1]), "AccessDeniedException");
}

static void a_type_of_change_can_be_denied(void **state)
{
    (void)state;
    give_policy(parse("{'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action':"
                      " 'aws-marketplace:*', 'Resource': '*'}, {'Effect': 'Deny', 'Action': '*',"
                      " 'Resource': '*', 'Condition': {'StringEquals': {'catalog:ChangeType':"
                      " 'ReleaseOffer'}}}]}"));
    assert_null(check(&calls[4]));
    assert_string_equal(check(&calls[11]), "AccessDeniedException");
    assert_non_null(strstr(answer.message, "Offer/offer-1 with an explicit deny"));
}

/* --- the colleague --- */

static void ask_colleague(const char *offer, const char *rest)
{
    char *json = text_format("{'offer': '%s', %s}", offer, rest);
    order(play_colleague, json);
    free(json);
}

static const char *accept_by(const char *offer)
{
    return text_in(typed(read_entity(offer), "Rules", "AvailabilityRule"), "AvailabilityEndDate");
}

static void a_colleague_changes_a_draft(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    ask_colleague(offer, "'act': 'name', 'value': 'Cheaper'");
    assert_string_equal(text_in(played, "status"), "SUCCEEDED");
    ask_colleague(offer, "'act': 'markup', 'value': '3'");
    ask_colleague(offer, "'act': 'buyers', 'value': ['999900001111']");
    ask_colleague(offer, "'act': 'date', 'value': '2024-05-05'");
    ask_colleague(offer, "'act': 'term', 'value': 'P1D'");
    ask_colleague(offer, "'act': 'legal', 'value': 'standard'");
    const json_t *details = read_entity(offer);
    assert_string_equal(text_in(details, "Name"), "Cheaper");
    assert_string_equal(text_in(details, "MarkupPercentage"), "3");
    assert_string_equal(text_in(term(details, "ValidityTerm"), "AgreementDuration"), "P1D");
    const json_t *buyers = json_object_get(
        json_object_get(typed(details, "Rules", "TargetingRule"), "PositiveTargeting"),
        "BuyerAccounts");
    assert_string_equal(json_string_value(json_array_get(buyers, 0)), "999900001111");
    assert_string_equal(accept_by(offer), "2024-05-05T23:59:59.999Z");
    assert_non_null(strstr(text_in(answer.body, "EntityIdentifier"), "@7"));
    assert_string_equal(text_in(set_now(), "by"), "bot");
    assert_string_equal(
        text_in(json_object_get(market->change_sets, text_in(played, "change_set")), "by"),
        "colleague");
    free(offer);
}

static void a_colleague_adds_countries_and_keeps_the_buyers(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    ask_colleague(offer, "'act': 'countries', 'value': ['DE', 'FR']");
    const json_t *targeting =
        json_object_get(typed(read_entity(offer), "Rules", "TargetingRule"), "PositiveTargeting");
    assert_int_equal(json_array_size(json_object_get(targeting, "CountryCodes")), 2);
    assert_int_equal(json_array_size(json_object_get(targeting, "BuyerAccounts")), 2);
    free(offer);
}

static void a_colleague_sets_prices_and_instalments(void **state)
{
    (void)state;
    char *contract = mem_copy(extend("{'name': 'C', 'kind': 'contract'}"));
    char *offer = mem_copy(draft(contract, "25"));
    ask_colleague(offer, "'act': 'price', 'value': '20000.00'");
    assert_string_equal(text_in(played, "status"), "SUCCEEDED");
    assert_string_equal(text_in(term(read_entity(offer), "FixedUpfrontPricingTerm"), "Price"),
                        "20000.00");
    free(offer);
    char *instalments = mem_copy(extend("{'name': 'I', 'kind': 'instalments'}"));
    offer = mem_copy(draft(instalments, "25"));
    ask_colleague(offer, "'act': 'schedule', 'value': '250000.00'");
    assert_string_equal(text_in(played, "status"), "SUCCEEDED");
    const json_t *schedule =
        json_object_get(term(read_entity(offer), "PaymentScheduleTerm"), "Schedule");
    assert_string_equal(text_in(json_array_get(schedule, 1), "ChargeAmount"), "250000.00");
    free(offer);
    free(contract);
    free(instalments);
}

static void a_colleague_releases_extends_and_cancels(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    ask_colleague(offer, "'act': 'release'");
    assert_string_equal(text_in(read_entity(offer), "State"), "Released");
    assert_string_equal(text_in(logged("market.entity"), "by"), "colleague");
    ask_colleague(offer, "'act': 'extend', 'value': '2024-12-31'");
    assert_string_equal(accept_by(offer), "2024-12-31T23:59:59.999Z");
    ask_colleague(offer, "'act': 'cancel'");
    assert_string_equal(accept_by(offer), "2023-11-13T23:59:59.999Z");
    ask_colleague(offer, "'act': 'markup'");
    assert_string_equal(text_in(played, "status"), "FAILED"); /* that is frozen */
    free(offer);
}

static void a_colleague_is_bound_by_locks(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    char *json = text_format("[{'ChangeType': 'UpdateMarkup', 'Entity': {'Type': 'Offer@1.0',"
                             " 'Identifier': '%s'}, 'DetailsDocument': {'Percentage': '5'}}]",
                             offer);
    start(json);
    free(json);
    json = text_format("{'offer': '%s', 'act': 'name'}", offer);
    assert_string_equal(try_order(play_colleague, json), "ResourceInUseException");
    free(json);
    assert_string_equal(ended(), "");
    ask_colleague(offer, "'act': 'name', 'slowly': true");
    assert_string_equal(text_in(played, "status"), "PREPARING");
    pass(2000);
    assert_string_equal(text_in(read_entity(offer), "Name"), "Another name");
    free(offer);
}

static void a_colleague_comes_between_two_calls(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    order(play_colleague, "{'act': 'name', 'value': 'Other', 'after': {'operation':"
                          " 'DescribeEntity', 'skip': 1}}");
    colleague_turn(market, "DescribeEntity");
    colleague_turn(market, "ListEntities");
    assert_string_equal(text_in(read_entity(offer), "Name"), "Archera");
    colleague_turn(market, "DescribeEntity");
    assert_string_equal(text_in(read_entity(offer), "Name"), "Other");
    colleague_turn(market, "DescribeEntity");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(market->offers, offer), "revision")), 2);
    free(offer);
}

/* The change sets that named this entity, whoever started them, the newest first. */
static const json_t *list_of(const char *entity)
{
    json_t *args = json_pack("{s:s, s:[{s:s, s:[s]}], s:{s:s, s:s}}", "Catalog", "AWSMarketplace",
                             "FilterList", "Name", "EntityId", "ValueList", entity, "Sort",
                             "SortBy", "StartTime", "SortOrder", "DESCENDING");
    answer_free();
    changes_list(market, args, &answer);
    json_decref(args);
    return json_object_get(answer.body, "ChangeSetSummaryList");
}

static void change_sets_are_listed_by_entity(void **state)
{
    (void)state;
    char *other = mem_copy(draft(BRONZE, "25"));
    char *offer = mem_copy(draft(BRONZE, "25"));
    char *made = mem_copy(last_set);
    assert_int_equal(json_array_size(list_of(offer)), 1); /* it had no id when it was started */
    pass(2000);
    ask_colleague(offer, "'act': 'legal'");
    const json_t *list = list_of(offer);
    assert_int_equal(json_array_size(list), 2);
    const json_t *newest = json_array_get(list, 0);
    assert_string_equal(text_in(newest, "ChangeSetId"), text_in(played, "change_set"));
    assert_non_null(strstr(text_in(newest, "ChangeSetName"), "Submitted by"));
    assert_string_equal(text_in(newest, "Status"), "SUCCEEDED");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(newest, "EntityIdList"), 0)), offer);
    assert_string_equal(text_in(json_array_get(list, 1), "ChangeSetId"), made);
    assert_int_equal(json_array_size(list_of(other)), 1);
    assert_int_equal(json_array_size(list_of("offer-none")), 0);
    free(made);
    free(offer);
    free(other);
}

/* The bot's rights are the bot's. */
static void a_colleague_has_other_rights(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "25"));
    turn_on("{'deny': '*'}");
    ask_colleague(offer, "'act': 'name'");
    assert_string_equal(text_in(played, "status"), "SUCCEEDED");
    assert_string_equal(try_order(play_colleague, "{'offer': 'offer-none', 'act': 'name'}"),
                        "no_such_offer");
    char *json = text_format("{'offer': '%s', 'act': 'dance'}", offer);
    assert_string_equal(try_order(play_colleague, json), "no_such_act");
    free(json);
    free(offer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refusals_are_ordered_by_call),
        TEST(the_readme_allows_every_call_of_the_bot),
        TEST(the_readme_allows_nothing_else),
        TEST(no_statement_of_the_readme_can_be_left_out),
        TEST(a_plain_operator_does_not_fit_the_type_of_agreements),
        TEST(a_type_of_change_can_be_denied),
        TEST(a_colleague_changes_a_draft),
        TEST(a_colleague_adds_countries_and_keeps_the_buyers),
        TEST(a_colleague_sets_prices_and_instalments),
        TEST(a_colleague_releases_extends_and_cancels),
        TEST(a_colleague_is_bound_by_locks),
        TEST(a_colleague_comes_between_two_calls),
        TEST(change_sets_are_listed_by_entity),
        TEST(a_colleague_has_other_rights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
