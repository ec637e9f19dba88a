/* The sandbox's Marketplace reads back as AWS's does: authorizations of every kind, offers made
 * from them, and what AWS's documents leave open. */
#include "sandbox_market_fixture.h"

/* --- authorizations --- */

static void usage_is_unlimited_without_end_and_quantity_alone(void **state)
{
    static const struct {
        const char *order, *usage;
        int most;
    } kinds[] = {
        {"{'name': 'A'}", "Unlimited", 0},
        {"{'name': 'B', 'end': '2030-06-30T23:59:59.999Z'}", "Limited", 0},
        {"{'name': 'C', 'single_use': true}", "Limited", 1},
        {"{'name': 'D', 'single_use': true, 'end': '2030-06-30T23:59:59.999Z'}", "Limited", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *id = extend(kinds[i].order);
        const json_t *rule = typed(read_entity(id), "Rules", "AvailabilityRule");
        assert_string_equal(text_in(rule, "Usage"), kinds[i].usage);
        assert_int_equal(json_integer_value(json_object_get(rule, "OffersMaxQuantity")),
                         kinds[i].most);
        assert_int_equal(json_object_get(rule, "AvailabilityEndDate") != NULL,
                         strstr(kinds[i].order, "end") != NULL);
    }
}

static void a_dated_authorization_makes_many_offers(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'Dated', 'end': '2030-06-30T23:59:59.999Z'}"));
    for (int i = 1; i <= 3; i++) {
        const char *offer = draft(id, "25");
        assert_string_equal(change("ReleaseOffer", offer, "{}"), "");
        const json_t *details = json_object_get(read_entity(id), "OfferDetails");
        assert_string_equal(text_in(details, "OfferExtendedStatus"), "Completed-Usable");
        assert_int_equal(json_integer_value(json_object_get(details, "OfferCreatedCount")), i);
    }
    free(id);
}

static void a_single_use_one_makes_one(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'Once', 'single_use': true}"));
    assert_string_equal(change("ReleaseOffer", draft(id, "25"), "{}"), "");
    const json_t *details = json_object_get(read_entity(id), "OfferDetails");
    assert_string_equal(text_in(details, "OfferExtendedStatus"), "Completed-Used");
    free(id);
}

static void an_end_may_come_without_milliseconds(void **state)
{
    (void)state;
    turn_on("{'authorization_dates': 'seconds'}");
    const json_t *rule = typed(read_entity("resaleauthz-single01"), "Rules", "AvailabilityRule");
    assert_string_equal(text_in(rule, "AvailabilityEndDate"), "2099-06-30T23:59:59Z");
}

/* The ISV names a day, as AWS asks for it; what AWS then shows is its last moment. */
static void an_end_is_given_as_a_day(void **state)
{
    (void)state;
    const json_t *rule = typed(read_entity(extend("{'name': 'Dated', 'end': '2030-06-30'}")),
                               "Rules", "AvailabilityRule");
    assert_string_equal(text_in(rule, "AvailabilityEndDate"), "2030-06-30T23:59:59.999Z");
    assert_string_equal(try_order(play_extend, "{'name': 'X', 'end': 'next year'}"),
                        "end is a day, 2027-01-10, or a time, 2027-01-10T23:59:59.999Z");
}

static void durations_stand_in_the_pricing_terms(void **state)
{
    (void)state;
    const json_t *details =
        read_entity(extend("{'name': 'C', 'kind': 'consumption', 'latest_start': '2030-01-01'}"));
    assert_string_equal(text_in(term(details, "ResaleFixedUpfrontPricingTerm"), "Duration"),
                        "P12M");
    const json_t *validity = term(details, "BuyerValidityTerm");
    assert_string_equal(text_in(validity, "MaximumAgreementStartDate"), "2030-01-01");
    assert_null(json_object_get(validity, "AgreementDuration"));
    assert_int_equal(json_array_size(json_object_get(details, "Dimensions")), 5);
    assert_string_equal(text_in(details, "PricingModel"), "Contract");
    const json_t *charge =
        json_array_get(json_object_get(term(details, "ResalePaymentScheduleTerm"), "Schedule"), 0);
    assert_non_null(strstr(text_in(charge, "ChargeDate"), "T00:00:00.000Z"));
    assert_string_equal(try_order(play_extend, "{'name': 'X', 'kind': 'odd'}"),
                        "kind is usage, metered, contract, instalments, consumption or "
                        "configurable");
}

/* --- offers made from them --- */

static void a_contract_reads_back_with_the_markup(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'consumption', 'currency': 'EUR',"
                               " 'net_payment': 'P30D'}"));
    const json_t *details = read_entity(draft(id, "5"));
    const json_t *fixed = term(details, "FixedUpfrontPricingTerm");
    assert_string_equal(text_in(fixed, "Price"), "0");
    assert_string_equal(text_in(fixed, "CurrencyCode"), "EUR");
    assert_int_equal(json_array_size(json_object_get(fixed, "Grants")), 2);
    assert_null(json_object_get(fixed, "Duration"));
    assert_string_equal(text_in(term(details, "ValidityTerm"), "AgreementDuration"), "P12M");
    const json_t *schedule = json_object_get(term(details, "PaymentScheduleTerm"), "Schedule");
    assert_string_equal(text_in(json_array_get(schedule, 1), "ChargeAmount"), "131250");
    assert_string_equal(first_price(term(details, "UsageBasedPricingTerm")), "0.00105");
    assert_string_equal(text_in(term(details, "NetPaymentTerm"), "PaymentDuePeriod"), "P30D");
    free(id);
}

static void amounts_without_a_markup_stay_as_written(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'instalments'}"));
    const json_t *details = read_entity(draft(id, "0"));
    const json_t *schedule = json_object_get(term(details, "PaymentScheduleTerm"), "Schedule");
    assert_string_equal(text_in(json_array_get(schedule, 0), "ChargeAmount"), "125000.00");
    free(id);
}

static void a_configurable_one_keeps_its_selectors(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'configurable'}"));
    char *offer = mem_copy(draft(id, "33.3"));
    const json_t *details = read_entity(offer);
    const json_t *cards =
        json_object_get(term(details, "ConfigurableUpfrontPricingTerm"), "RateCards");
    assert_int_equal(json_array_size(cards), 2);
    assert_string_equal(text_in(json_object_get(json_array_get(cards, 1), "Selector"), "Value"),
                        "P24M");
    assert_string_equal(first_price(term(details, "ConfigurableUpfrontPricingTerm")), "199.95");
    assert_null(term(details, "ValidityTerm"));
    assert_string_equal(
        change("UpdateValidityTerms", offer,
               "{'Terms': [{'Type': 'ValidityTerm', 'AgreementDuration': 'P12M'}]}"),
        "MISSING_AGREEMENT_START_DATE");
    free(offer);
    free(id);
}

/* What comes of asking for this duration. */
static const char *lasting(const char *offer, const char *duration)
{
    char *details =
        text_format("{'Terms': [{'Type': 'ValidityTerm', 'AgreementDuration': '%s'}]}", duration);
    const char *code = change("UpdateValidityTerms", offer, details);
    free(details);
    return code;
}

static void the_authorization_fixes_the_duration(void **state)
{
    static const struct {
        const char *term, *code;
    } tries[] = {
        {"'AgreementDuration': 'P3650D'", "INCOMPATIBLE_RESALE_AUTHORIZATION"},
        {"'AgreementDuration': 'P1Y'", ""},
        {"'AgreementDuration': 'P12M'", ""},
        {"'AgreementStartDate': '2031-01-01'", "INCOMPATIBLE_AGREEMENT_START_DATE"},
    };
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'contract', 'latest_start': '2030-01-01'}"));
    char *offer = mem_copy(draft(id, "5"));
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        char *details = text_format("{'Terms': [{'Type': 'ValidityTerm', %s}]}", tries[i].term);
        assert_string_equal(change("UpdateValidityTerms", offer, details), tries[i].code);
        free(details);
    }
    free(offer);
    free(id);
}

/* Whether 365 days are 12 months is not written down. */
static void what_counts_as_the_same_duration_is_a_switch(void **state)
{
    static const char refused[] = "INCOMPATIBLE_RESALE_AUTHORIZATION";
    static const struct {
        const char *way, *of_days, *of_years;
    } ways[] = {
        {"by_units", refused, ""}, {"by_meaning", "", ""}, {"as_written", refused, refused}};
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'contract'}"));
    char *offer = mem_copy(draft(id, "5"));
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        char *wish = text_format("{'fixed_durations': '%s'}", ways[i].way);
        turn_on(wish);
        free(wish);
        assert_string_equal(lasting(offer, "P365D"), ways[i].of_days);
        assert_string_equal(lasting(offer, "P1Y"), ways[i].of_years);
        assert_string_equal(lasting(offer, "P12M"), "");
        assert_string_equal(lasting(offer, "P366D"), refused);
    }
    free(offer);
    free(id);
}

static void a_later_start_is_for_saas_alone(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'product_type': 'AmiProduct'}"));
    assert_string_equal(
        change("UpdateValidityTerms", draft(id, "5"),
               "{'Terms': [{'Type': 'ValidityTerm', 'AgreementStartDate': '2031-01-01'}]}"),
        "INCOMPATIBLE_PRODUCT");
    free(id);
}

static void prices_of_ones_own_exclude_a_markup(void **state)
{
    static const char price[] = "{'PricingModel': 'Contract', 'Terms': [{'Type':"
                                " 'FixedUpfrontPricingTerm', 'CurrencyCode': 'USD', 'Price':"
                                " '%s', 'Grants': [{'DimensionKey': 'seats', 'MaxQuantity':"
                                " 5}]}]}";
    char details[400];
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'contract'}"));
    char *offer = mem_copy(draft(id, "5"));
    snprintf(details, sizeof(details), price, "15000.00");
    assert_string_equal(change("UpdatePricingTerms", offer, details),
                        "INCOMPATIBLE_MARKUP_PERCENTAGE");
    assert_string_equal(change("UpdateMarkup", offer, "{'Percentage': '0'}"), "");
    assert_string_equal(change("UpdatePricingTerms", offer, details), "");
    assert_string_equal(text_in(term(read_entity(offer), "FixedUpfrontPricingTerm"), "Price"),
                        "15000.00");
    snprintf(details, sizeof(details), price, "11999.99");
    assert_string_equal(change("UpdatePricingTerms", offer, details),
                        "INCOMPATIBLE_RESALE_AUTHORIZATION");
    assert_string_equal(change("UpdateMarkup", offer, "{'Percentage': '5'}"), "INCOMPATIBLE_TERMS");
    free(offer);
    free(id);
}

static void instalments_keep_their_dates(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'C', 'kind': 'instalments'}"));
    char *offer = mem_copy(draft(id, "0"));
    assert_string_equal(
        change("UpdatePaymentScheduleTerms", offer,
               "{'Terms': [{'Type': 'PaymentScheduleTerm', 'CurrencyCode': 'USD', 'Schedule':"
               " [{'ChargeDate': '2024-06-01', 'ChargeAmount': '250000.00'}]}]}"),
        "INVALID_CHARGE_DATES");
    assert_string_equal(
        change("UpdateAvailability", offer, "{'AvailabilityEndDate': '2026-01-01'}"), "");
    assert_string_equal(change("ReleaseOffer", offer, "{}"), "TOO_MANY_BACKDATED_CHARGES");
    free(offer);
    free(id);
}

/* --- prices --- */

static const char *price_at(const char *markup)
{
    return first_price(term(read_entity(draft(BRONZE, markup)), "UsageBasedPricingTerm"));
}

static void prices_have_so_many_decimals(void **state)
{
    (void)state;
    assert_string_equal(price_at("25"), "0.01");
    assert_string_equal(price_at("33.333333333"), "0.01066667");
    turn_on("{'rounding': 'down'}");
    assert_string_equal(price_at("33.333333333"), "0.01066666");
    turn_on("{'price_decimals': 12}");
    assert_string_equal(price_at("33.333333333"), "0.010666666666");
    turn_on("{'rounding': 'half_even', 'price_decimals': 4}");
    assert_string_equal(price_at("6.25"), "0.0085");
    turn_on("{'price_decimals': 3}");
    assert_string_equal(price_at("6.25"), "0.008");
    turn_on("{'rounding': 'half_up'}");
    assert_string_equal(price_at("6.25"), "0.009");
}

/* --- what a draft reads like --- */

static void a_draft_may_lack_what_is_usual(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "0"));
    assert_string_equal(change("UpdateValidityTerms", offer,
                               "{'Terms': [{'Type': 'ValidityTerm', 'AgreementDuration':"
                               " 'P3650D'}]}"),
                        "");
    assert_string_equal(text_in(read_entity(offer), "State"), "Draft");
    turn_on("{'draft_state': 'absent', 'markup_of_zero': 'absent', 'durations': 'in_years'}");
    const json_t *details = read_entity(offer);
    assert_null(json_object_get(details, "State"));
    assert_null(json_object_get(details, "MarkupPercentage"));
    assert_string_equal(text_in(term(details, "ValidityTerm"), "AgreementDuration"), "P10Y");
    assert_string_equal(text_in(typed(details, "Rules", "AvailabilityRule"), "AvailabilityEndDate"),
                        "2024-02-01T23:59:59.999Z");
    free(offer);
}

static void an_offer_may_say_since_when_it_can_be_accepted(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "0"));
    const json_t *rule = typed(read_entity(offer), "Rules", "AvailabilityRule");
    assert_null(json_object_get(rule, "AvailabilityStartDate"));
    turn_on("{'availability_start': 'shown'}");
    rule = typed(read_entity(offer), "Rules", "AvailabilityRule");
    assert_string_equal(text_in(rule, "AvailabilityStartDate"),
                        text_in(answer.body, "LastModifiedDate"));
    free(offer);
}

/* The types of all documents in all legal terms, in order. */
static void expect_legal(const char *offer, size_t terms, const char *types)
{
    const json_t *details = read_entity(offer);
    struct text all = {0};
    size_t i, j, count = 0;
    const json_t *one, *document;
    json_array_foreach(json_object_get(details, "Terms"), i, one)
    {
        count += strcmp(text_in(one, "Type"), "LegalTerm") == 0;
        json_array_foreach(json_object_get(one, "Documents"), j, document)
        {
            text_addf(&all, "%s ", text_in(document, "Type"));
        }
    }
    assert_int_equal(count, terms);
    assert_string_equal(text_get(&all), types);
    text_free(&all);
}

static void legal_terms_are_merged_in_one_of_four_ways(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "5"));
    expect_legal(offer, 1, "CustomEula ");
    assert_string_equal(change("UpdateLegalTerms", offer,
                               "{'Terms': [{'Type': 'LegalTerm', 'Documents': [{'Type':"
                               " 'StandardEula', 'Version': '2022-07-14'}]}]}"),
                        "");
    turn_on("{'legal_terms': 'two_terms'}");
    expect_legal(offer, 2, "CustomEula StandardEula ");
    turn_on("{'legal_terms': 'two_terms_ours_first'}");
    expect_legal(offer, 2, "StandardEula CustomEula ");
    turn_on("{'legal_terms': 'one_term'}");
    expect_legal(offer, 1, "CustomEula StandardEula ");
    turn_on("{'legal_terms': 'one_term_ours_first'}");
    expect_legal(offer, 1, "StandardEula CustomEula ");
    free(offer);
}

static void documents_are_aws_own_presigned_copies(void **state)
{
    (void)state;
    char *id = mem_copy(extend("{'name': 'S', 'eula': 'StandardEula'}"));
    char *offer = mem_copy(draft(id, "5"));
    assert_string_equal(change("UpdateLegalTerms", offer,
                               "{'Terms': [{'Type': 'LegalTerm', 'Documents': [{'Type':"
                               " 'CustomEula', 'Url': 'https://b.s3.amazonaws.com/e.pdf'}]}]}"),
                        "");
    const json_t *documents = json_object_get(term(read_entity(offer), "LegalTerm"), "Documents");
    const json_t *standard = json_array_get(documents, 0);
    const char *url = text_in(json_array_get(documents, 1), "Url");
    assert_string_equal(text_in(standard, "Version"), "2022-07-14");
    assert_non_null(strstr(text_in(standard, "Url"), "aws-mp-offer-legal-artifacts"));
    assert_non_null(strstr(url, offer));
    assert_non_null(strstr(url, "X-Amz-Security-Token="));
    assert_null(strstr(url, "e.pdf"));
    char *first = mem_copy(url);
    documents = json_object_get(term(read_entity(offer), "LegalTerm"), "Documents");
    assert_string_not_equal(text_in(json_array_get(documents, 1), "Url"), first);
    free(first);
    free(offer);
    free(id);
}

/* --- reads and revisions --- */

static void reads_are_stale_for_a_while(void **state)
{
    (void)state;
    turn_on("{'stale_reads': 2}");
    char *offer = mem_copy(draft(BRONZE, "5"));
    assert_null(read_entity(offer));
    assert_string_equal(answer.code, "ResourceNotFoundException");
    assert_null(read_entity(offer));
    assert_non_null(read_entity(offer));
    assert_string_equal(change("UpdateMarkup", offer, "{'Percentage': '7'}"), "");
    for (int i = 0; i < 3; i++) {
        assert_string_equal(text_in(read_entity(offer), "MarkupPercentage"), i < 2 ? "5" : "7");
        assert_string_equal(strchr(text_in(answer.body, "EntityIdentifier"), '@'),
                            i < 2 ? "@1" : "@2");
    }
    free(offer);
}

static const char *release_at(const char *offer, int revision)
{
    char *entity = text_format("%s@%d", offer, revision);
    char *json = text_format("[{'ChangeType': 'ReleaseOffer', 'Entity': {'Type': 'Offer@1.0',"
                             " 'Identifier': '%s'}, 'DetailsDocument': {}}]",
                             entity);
    start(json);
    free(json);
    free(entity);
    return answer.code != NULL ? answer.code : ended();
}

static void a_stale_revision_is_refused_or_fails_or_is_ignored(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "5"));
    assert_string_equal(change("UpdateMarkup", offer, "{'Percentage': '7'}"), "");
    assert_string_equal(release_at(offer, 1), "ValidationException");
    assert_non_null(strstr(answer.message, "@2"));
    turn_on("{'revisions': 'fails'}");
    assert_string_equal(release_at(offer, 1), "INVALID_ENTITY_REVISION");
    assert_string_equal(text_in(set_now(), "Status"), "FAILED");
    turn_on("{'stale_words': 'other'}");
    assert_string_equal(release_at(offer, 1), "CONFLICTING_REQUEST");
    turn_on("{'stale_words': 'none'}");
    assert_string_equal(release_at(offer, 1), "without a code");
    assert_string_equal(text_in(set_now(), "Status"), "FAILED");
    assert_string_equal(text_in(read_entity(offer), "State"), "Draft");
    turn_on("{'revisions': 'ignored'}");
    assert_string_equal(release_at(offer, 1), "");
    assert_string_equal(text_in(read_entity(offer), "State"), "Released");
    free(offer);
}

static void aws_itself_raises_a_revision(void **state)
{
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "5"));
    turn_on("{'raised': 1}");
    read_entity(offer);
    assert_string_equal(strchr(text_in(answer.body, "EntityIdentifier"), '@'), "@1");
    assert_string_equal(release_at(offer, 1), "ValidationException");
    read_entity(offer);
    assert_string_equal(strchr(text_in(answer.body, "EntityIdentifier"), '@'), "@2");
    assert_string_equal(release_at(offer, 2), "");
    free(offer);
}

static void a_switch_that_does_not_exist_is_refused(void **state)
{
    static const char *const wrong[] = {"{'revisions': 'sometimes'}", "{'stale_reads': -1}",
                                        "{'stale_reads': 'many'}", "{'legal_urls': 1}"};
    const char *error;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        json_t *wish = parse(wrong[i]);
        error = NULL;
        assert_true(market_luck(market, wish, &error));
        assert_non_null(error);
        json_decref(wish);
    }
    json_t *wish = parse("{'weather': 'bad'}");
    assert_false(market_luck(market, wish, &error));
    json_decref(wish);
    turn_on("{'revisions': 'ignored'}");
    market_luck_ends(market);
    assert_true(way_is(market, "revisions", "refused"));
}

/* --- agreements --- */

static json_t *agreements_of(const char *offer)
{
    char *json = text_format("{'catalog': 'AWSMarketplace', 'filters': [{'name': 'PartyType',"
                             " 'values': ['Proposer']}, {'name': 'AgreementType', 'values':"
                             " ['PurchaseAgreement']}, {'name': 'OfferId', 'values': ['%s']}]}",
                             offer);
    json_t *args = parse(json);
    answer_free();
    agreements_search(market, args, &answer);
    json_decref(args);
    free(json);
    return json_object_get(answer.body, "agreementViewSummaries");
}

static const char *buy(const char *offer, const char *account)
{
    char *json = text_format("{'offer': '%s', 'account': '%s'}", offer, account);
    const char *error = try_order(play_accept, json);
    free(json);
    return error;
}

static void each_buyer_has_an_agreement_with_a_status(void **state)
{
    static const char *const all[] = {"ARCHIVED", "CANCELLED",   "EXPIRED",    "RENEWED",
                                      "REPLACED", "ROLLED_BACK", "SUPERSEDED", "TERMINATED"};
    (void)state;
    char *offer = mem_copy(draft(BRONZE, "5"));
    assert_string_equal(change("ReleaseOffer", offer, "{}"), "");
    assert_null(buy(offer, "222233334444"));
    char *agreement = mem_copy(text_in(played, "agreement"));
    assert_string_equal(buy(offer, "222233334444"), "already_accepted");
    assert_int_equal(json_array_size(agreements_of(offer)), 1);
    assert_null(buy(offer, "555566667777"));
    assert_int_equal(json_array_size(agreements_of(offer)), 2);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        char *json = text_format("{'agreement': '%s', 'status': '%s'}", agreement, all[i]);
        order(play_agreement, json);
        const json_t *one = json_array_get(agreements_of(offer), 0);
        assert_string_equal(text_in(one, "status"), all[i]);
        assert_string_equal(text_in(json_array_get(agreements_of(offer), 1), "status"), "ACTIVE");
        free(json);
    }
    assert_string_equal(try_order(play_agreement, "{'agreement': 'agmt-0', 'status': 'ACTIVE'}"),
                        "no_such_agreement");
    free(agreement);
    free(offer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(usage_is_unlimited_without_end_and_quantity_alone),
        TEST(a_dated_authorization_makes_many_offers),
        TEST(a_single_use_one_makes_one),
        TEST(an_end_may_come_without_milliseconds),
        TEST(an_end_is_given_as_a_day),
        TEST(durations_stand_in_the_pricing_terms),
        TEST(a_contract_reads_back_with_the_markup),
        TEST(amounts_without_a_markup_stay_as_written),
        TEST(a_configurable_one_keeps_its_selectors),
        TEST(the_authorization_fixes_the_duration),
        TEST(what_counts_as_the_same_duration_is_a_switch),
        TEST(a_later_start_is_for_saas_alone),
        TEST(prices_of_ones_own_exclude_a_markup),
        TEST(instalments_keep_their_dates),
        TEST(prices_have_so_many_decimals),
        TEST(a_draft_may_lack_what_is_usual),
        TEST(an_offer_may_say_since_when_it_can_be_accepted),
        TEST(legal_terms_are_merged_in_one_of_four_ways),
        TEST(documents_are_aws_own_presigned_copies),
        TEST(reads_are_stale_for_a_while),
        TEST(a_stale_revision_is_refused_or_fails_or_is_ignored),
        TEST(aws_itself_raises_a_revision),
        TEST(a_switch_that_does_not_exist_is_refused),
        TEST(each_buyer_has_an_agreement_with_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
