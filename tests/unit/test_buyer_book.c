/* What the buyer book knows of earlier offers, and what is said of it. */
#include "handlers_fixture.h"

#include "book/buyer_book.h"
#include "flows/buyer_checks.h"
#include "offers/near.h"
#include "offers/past_buyers.h"

/* --- names and accounts --- */

static void a_name_is_known_however_it_is_written(void **state)
{
    static const char *const same[] = {"Example Corp", "example corp.", "EXAMPLE-CORP",
                                       "Example, Corp", "(Example) \"Corp\""};
    char folded[FOLDED_NAME];
    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        past_buyers_fold(same[i], folded);
        assert_string_equal(folded, "examplecorp");
    }
    past_buyers_fold("Äpfel & Söhne", folded);
    assert_string_equal(folded, "Äpfelsöhne");
    past_buyers_fold("", folded);
    assert_string_equal(folded, "");
    char *long_name = mem_new(1, 900);
    memset(long_name, 'x', 800);
    past_buyers_fold(long_name, folded);
    assert_int_equal(strlen(folded), FOLDED_POINTS);
    free(long_name);
}

static void one_slip_makes_another_account(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } cases[] = {{"111122223333", "111122223334", true},  {"111122223333", "211122223333", true},
                 {"111122223333", "111212223333", true},  {"123456789012", "123456789021", true},
                 {"111122223333", "111122223333", false}, {"111122223333", "111122224444", false},
                 {"123456789012", "213456789021", false}, {"123456789012", "321456789012", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (near_account(cases[i].a, cases[i].b) != cases[i].near)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
}

static void one_slip_makes_another_name(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } cases[] = {{"examplecorp", "exmaplecorp", true},
                 {"examplecorp", "exampelcorp", true},
                 {"examplecorp", "examplcorp", true},
                 {"examplecorp", "examplecorps", true},
                 {"examplecorp", "axamplecorp", true},
                 {"söhne", "sohne", true},
                 {"söhne", "sönhe", true},
                 {"söhne", "sähne", true},
                 {"öäcorp", "äöcorp", true},
                 {"examplecorp", "examplecorp", false},
                 {"examplecorp", "sampleco", false},
                 {"phase1", "phase2", false},
                 {"phase1", "phase12", false},
                 {"acm", "acn", false},
                 {"examplecorp", "exampleltd", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (near_name(cases[i].a, cases[i].b) != cases[i].near ||
            near_name(cases[i].b, cases[i].a) != cases[i].near)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
}

/* --- what is said --- */

static struct text said;

static void say(struct turn *turn, const void *about)
{
    struct check checks[MAX_PAST_CHECKS];
    struct authorization authorization;
    struct request offer;
    int64_t number = *(const int64_t *)about;
    assert_true(offers_get(turn, number, &offer));
    assert_true(authorizations_get(turn, offer_content(&offer)->authorization, &authorization));
    size_t count =
        buyer_checks_make(turn, number, offer_content(&offer), &authorization, checks, NULL);
    text_clear(&said);
    for (size_t i = 0; i < count; i++)
        text_addf(&said, "%s %s\n", checks[i].outcome == CHECK_NOTE ? "note" : "warning",
                  checks[i].text);
}

/* All that is said of it, and nothing else. */
static void expect_said(int64_t number, const char *words)
{
    flows_do(say, &number);
    assert_string_equal(text_get(&said), words);
    text_free(&said);
}

static void submit(const char *customer, const char *buyer)
{
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    text_fit(content.buyers[0], ACCOUNT_ID, buyer);
    flows_do(flows_add, &content);
    flows_forget_slack();
}

/* It ends as sold: nothing of it is in the way of others. */
static void end_it(int64_t number, const char *how)
{
    store_run(flows.store, "UPDATE request SET state = ? WHERE number = ?",
              SQL_ARGS(SQL_TEXT(how), SQL_INT(number)));
}

static void who_is_new_is_noted(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "expired");
    submit("Example Corp", "123456789012");
    expect_said(1, "note This is the first offer to 123456789012\n");
    expect_said(2, "");
}

static void who_was_anothers_is_flagged(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "expired");
    submit("Globex", "123456789012");
    expect_said(2, "warning The last offer to 123456789012 was for Example Corp (CPPO-1)\n");
}

/* What was turned down may have been wrong. */
static void what_was_turned_down_teaches_nothing(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "rejected");
    submit("Globex", "123456789012");
    expect_said(2, "note This is the first offer to 123456789012\n");
}

static void a_slip_in_an_account_is_flagged(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "expired");
    submit("Example Corp", "123456789021");
    expect_said(2, "warning 123456789021 is new, and almost 123456789012, to which CPPO-1 for "
                   "Example Corp went: is it typed right?\n");
    end_it(2, "expired");
    submit("Globex", "123456789013"); /* another customer's may look like it */
    expect_said(3, "note This is the first offer to 123456789013\n");
}

static void a_slip_in_a_name_is_flagged(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "expired");
    submit("Exmaple Corp.", "123456789012");
    expect_said(2, "warning The customer is new, and spelled almost like Example Corp (CPPO-1): is "
                   "it the same?\n");
    expect_said(1, "note This is the first offer to 123456789012\n");
}

/* --- what stands in the way --- */

static void become_saas(struct turn *turn, const void *unused)
{
    (void)unused;
    authorizations_put_product(turn, "prod-1", "SaaSProduct");
}

static void what_is_offered_already_is_said(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    submit("Example Corp", "123456789012");
    flows_do(become_saas, NULL);
    expect_said(2, "warning CPPO-1 (Waiting for approval) offers this product to 123456789012, "
                   "too: AWS lets them accept one of the two\n");
    expect_said(1, "note This is the first offer to 123456789012\n");
    end_it(2, "published"); /* it overtook the other */
    expect_said(1, "warning CPPO-2 (Published) offers this product to 123456789012, too: AWS lets "
                   "them accept one of the two\n"
                   "note This is the first offer to 123456789012\n");
    end_it(1, "withdrawn");
    expect_said(2, "note This is the first offer to 123456789012\n");
}

static void sell_another(struct turn *turn, const void *unused)
{
    struct terms terms = {.count = 0};
    const struct authorization other = {
        .id = "resaleauthz-1", .product_id = "prod-2", .status = "Active"};
    (void)unused;
    authorizations_put(turn, &other, &terms);
}

static void another_product_is_not_in_the_way(void **state)
{
    (void)state;
    struct content content = flows_content();
    submit("Example Corp", "123456789012");
    store_run(flows.store, "UPDATE buyer SET authorization = 'resaleauthz-2'", SQL_NO_ARGS);
    flows_do(flows_add, &content);
    flows_do(sell_another, NULL);
    expect_said(2, "");
}

static void an_agreement_is_in_the_way_while_it_is_active(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "accepted");
    store_run(flows.store,
              "INSERT INTO acceptance (offer, agreement, account, status, accepted_at, seen_at)"
              " VALUES (1, 'agmt-1', '123456789012', 'ACTIVE', 1, 1)",
              SQL_NO_ARGS);
    submit("Example Corp", "123456789012");
    flows_do(become_saas, NULL);
    expect_said(2, "warning 123456789012 has an active agreement for this product by CPPO-1: AWS "
                   "lets nobody accept a second before the first has ended\n");
    store_run(flows.store, "UPDATE acceptance SET status = 'EXPIRED'", SQL_NO_ARGS);
    expect_said(2, "");
}

/* --- the book --- */

static int64_t rows_of(const char *account)
{
    return store_int(flows.store, "SELECT count(*) FROM buyer WHERE account = ?",
                     SQL_ARGS(SQL_TEXT(account)), -1);
}

static void a_revision_takes_the_place_of_what_was_learnt(void **state)
{
    (void)state;
    submit("Example Corp", "999999999999");
    flows_do(flows_know, NULL);
    send_change("U0SELLER", "form-2", "Archera - Renewal");
    assert_int_equal(revision(), 2);
    assert_int_equal(rows_of("999999999999"), 0);
    assert_int_equal(rows_of("123456789012"), 1);
}

static void add_old(struct store *store, int64_t number, const char *customer, const char *state)
{
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    text_fit(content.buyers[1], ACCOUNT_ID, "210987654321");
    text_fit(content.note, sizeof(content.note), "markup=1\nbuyers=1");
    content.buyer_count = 2;
    char *text = content_write(&content);
    store_run(store,
              "INSERT INTO request (number, revision, state, requester, created_at, changed_at)"
              " VALUES (?, 1, ?, 'U0SELLER', 1, 1)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
    store_run(store,
              "INSERT INTO revision (request, revision, content, form, created_at)"
              " VALUES (?1, 1, ?2, 'form ' || ?1, 1)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(text)));
    free(text);
}

/* As it would have been learnt. */
static void an_older_book_is_learnt_from(void **state)
{
    static const char odd[] = "Back\\slash, \"Quoted\" & Söhne";
    char folded[FOLDED_NAME];
    (void)state;
    struct store *store = flows_older(book_schema_buyers);
    add_old(store, 1, odd, "published");
    add_old(store, 2, "Example Corp", "draft");
    store_run(store, "UPDATE revision SET content = 'damaged' WHERE request = 2", SQL_NO_ARGS);
    add_old(store, 3, "Example Corp", "withdrawn");
    store_close(store);
    flows_start();
    past_buyers_fold(odd, folded);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM buyer WHERE customer = ? AND folded = ? AND"
                               " authorization = 'resaleauthz-1' AND request = 1",
                               SQL_ARGS(SQL_TEXT(odd), SQL_TEXT(folded)), 0),
                     2);
    assert_int_equal(rows_of("210987654321"), 2);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM buyer", SQL_NO_ARGS, 0), 4);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM customer", SQL_NO_ARGS, 0), 2);
}

/* --- before it is sent in --- */

static void a_known_customers_accounts_are_proposed(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "accepted");
    type("U0SELLER", "new example corp. 25%");
    const char *form = flows_expect("slack:views.open", "offer_form")->body;
    assert_non_null(strstr(form, "\"initial_value\":\"123456789012\""));
    assert_non_null(
        strstr(form, "The buyers are those of CPPO-1, the last offer for Example Corp."));
}

static void what_is_typed_counts_for_more_than_what_is_known(void **state)
{
    (void)state;
    submit("Example Corp", "123456789012");
    end_it(1, "expired");
    type("U0SELLER", "new Example Corp 123456789021");
    const char *form = flows_expect("slack:views.open", "offer_form")->body;
    assert_non_null(strstr(form, "\"initial_value\":\"123456789021\""));
    assert_null(strstr(form, "The buyers are those"));
    assert_non_null(strstr(form, "⚠️ 123456789021 is new, and almost 123456789012"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_known_however_it_is_written),
        cmocka_unit_test(one_slip_makes_another_account),
        cmocka_unit_test(one_slip_makes_another_name),
        FLOWS_TEST(who_is_new_is_noted),
        FLOWS_TEST(who_was_anothers_is_flagged),
        FLOWS_TEST(what_was_turned_down_teaches_nothing),
        FLOWS_TEST(a_slip_in_an_account_is_flagged),
        FLOWS_TEST(a_slip_in_a_name_is_flagged),
        FLOWS_TEST(what_is_offered_already_is_said),
        FLOWS_TEST(another_product_is_not_in_the_way),
        FLOWS_TEST(an_agreement_is_in_the_way_while_it_is_active),
        FLOWS_TEST(a_revision_takes_the_place_of_what_was_learnt),
        FLOWS_TEST(an_older_book_is_learnt_from),
        FLOWS_TEST(a_known_customers_accounts_are_proposed),
        FLOWS_TEST(what_is_typed_counts_for_more_than_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
