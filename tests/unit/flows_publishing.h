/* The steps of a publication, with AWS played by the test. */
#ifndef CPPO_TESTS_FLOWS_PUBLISHING_H
#define CPPO_TESTS_FLOWS_PUBLISHING_H

#include "flows_fixture.h"

enum { SECOND_MS = 1000 };

/* What AWS holds of our offer, as DescribeEntity tells it; ${more_terms}: JSON, each behind a
 * comma.
 */
struct held {
    const char *state, *markup, *price;
    int revision;
    const char *countries; /* JSON */
};

static inline void describe_held_with(const struct held *held, const char *more_terms)
{
    char reply[1900];
    snprintf(
        reply, sizeof(reply),
        "{\"EntityIdentifier\":\"offer-1@%d\",\"DetailsDocument\":{\"State\":\"%s\","
        "\"Name\":\"Archera - Subscription\",\"Description\":\"Example Corp - CPPO-1 r1\","
        "\"ResaleAuthorizationId\":\"resaleauthz-1\",\"MarkupPercentage\":\"%s\","
        "\"Rules\":[{\"Type\":\"AvailabilityRule\",\"AvailabilityEndDate\":\"2027-01-20\"},"
        "{\"Type\":\"TargetingRule\",\"PositiveTargeting\":{\"BuyerAccounts\":"
        "[\"123456789012\"],\"CountryCodes\":%s}}],\"Terms\":[{\"Type\":\"ValidityTerm\","
        "\"AgreementDuration\":\"P3650D\"},{\"Type\":\"UsageBasedPricingTerm\",\"CurrencyCode\":"
        "\"USD\",\"RateCards\":[{\"RateCard\":[{\"DimensionKey\":\"PremiumUnits\",\"Price\":"
        "\"%s\"}]}]}%s]}}",
        held->revision, held->state, held->markup, held->countries, held->price, more_terms);
    flows_answer("aws:DescribeEntity", "offer-1", reply);
}

static inline void describe_held(const struct held *held)
{
    describe_held_with(held, "");
}

static inline void describe_offer(const char *state, const char *markup)
{
    describe_held(&(struct held){state, markup, "0.009375", 3, "null"});
}

/* It is read as often as it takes until what it shows is believed. */
static inline void describe_other(const char *markup)
{
    for (int i = 0; i < 4; i++) {
        describe_offer("Draft", markup);
        flows_pass(6 * SECOND_MS);
    }
}

/* ${more_terms}: JSON, each behind a comma. */
static inline void describe_authorization_with(const char *more_terms)
{
    char reply[900];
    snprintf(reply, sizeof(reply),
             "{\"EntityIdentifier\":\"resaleauthz-1@1\",\"DetailsDocument\":{\"Name\":\"RA\","
             "\"ProductId\":\"prod-1\",\"Status\":\"Active\",\"Rules\":[],\"Terms\":[{"
             "\"Type\":\"ResaleUsageBasedPricingTerm\",\"CurrencyCode\":\"USD\",\"RateCards\":["
             "{\"RateCard\":[{\"DimensionKey\":\"PremiumUnits\",\"Price\":\"0.0075\"}]}]}%s]}}",
             more_terms);
    flows_answer("aws:DescribeEntity", "resaleauthz-1", reply);
}

static inline void describe_authorization(void)
{
    describe_authorization_with("");
}

static inline void start(const char *part, const char *id)
{
    char reply[60];
    snprintf(reply, sizeof(reply), "{\"ChangeSetId\":\"%s\"}", id);
    flows_answer("aws:StartChangeSet", part, reply);
    flows_pass(6 * SECOND_MS);
}

/* The change set ends so; ${more}: what else is said of it. */
static inline void end(const char *id, const char *status, const char *more)
{
    char reply[400];
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetId\":\"%s\",\"Status\":\"%s\",\"ChangeSet\":[{\"Entity\":"
             "{\"Identifier\":\"offer-1@1\"}%s}]}",
             id, status, more);
    flows_answer("aws:DescribeChangeSet", id, reply);
}

static inline void approve_submitted(void)
{
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    describe_offer("Draft", "25");
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
}

/* The history says so of each failure. */
static inline void expect_failed_by(const char *who)
{
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) > 0 AND count(*) = sum(who = ?) FROM move"
                               " WHERE event = 'fail'",
                               SQL_ARGS(SQL_TEXT(who)), -1),
                     1);
}

static inline void submit_and_approve(void)
{
    flows_submit();
    approve_submitted();
}

static inline void release_starts(const char *id)
{
    describe_authorization();
    describe_offer("Draft", "25");
    start("ReleaseOffer", id);
    assert_string_equal(flows_state(1), "publishing");
}

/* The form of CPPO-1's first revision, sent in with ${content}. */
static inline void send_revision(struct turn *turn, const struct content *content)
{
    struct person person;
    struct pending_action pending = {
        .what = &revise_action, .request = 1, .revision = 1, .person = "U0SELLER"};
    pending = flows_click(turn, &pending);
    turn_new_id(turn, pending.form);
    lists_known_person(turn, pending.person, &person);
    char *canonical = content_write(content);
    binding_run(turn, &pending, &person, canonical);
    free(canonical);
}

/* The same offer, at another markup. */
static inline void ask_for_more(struct turn *turn, const void *unused)
{
    struct content content = flows_content();
    (void)unused;
    text_fit(content.markup, sizeof(content.markup), "30");
    send_revision(turn, &content);
}

/* All goes well. */
static inline void publish_submitted(void)
{
    approve_submitted();
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
}

static inline void publish(void)
{
    flows_submit();
    publish_submitted();
}

#endif
