/* Playbooks: what they fill in, and what an offer does otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/playbook.h"

static const struct playbook gold = {
    .name = "Gold",
    .authorization = "Subscription",
    .form = {.typed = {[FIELD_MARKUP] = "42.8",
                       [FIELD_TERM] = "P3650D",
                       [FIELD_EULA] = "standard",
                       [FIELD_OFFER_NAME] = "Archera - Subscription"}},
};

static void one_is_known_by_its_name_in_any_case(void **state)
{
    (void)state;
    assert_ptr_equal(playbook_named(&gold, 1, "gOLD"), &gold);
    assert_null(playbook_named(&gold, 1, "Gol"));
    assert_null(playbook_named(NULL, 0, "Gold"));
}

/* What the form proposed itself gives way, what somebody typed does not. */
static void what_was_typed_stays(void **state)
{
    (void)state;
    const struct form before = {
        .typed = {[FIELD_MARKUP] = "25", [FIELD_TERM] = "P3650D", [FIELD_NOTE] = "of Bronze"}};
    const struct form values = {
        .typed = {
            [FIELD_MARKUP] = "42.8", [FIELD_TERM] = "P3650D", [FIELD_OFFER_NAME] = "Subscription"}};
    struct form now = {.typed = {[FIELD_MARKUP] = "25.0",
                                 [FIELD_TERM] = "P365D",
                                 [FIELD_CUSTOMER] = "Acme",
                                 [FIELD_NOTE] = "of Bronze"}};
    struct form into;
    playbook_fill(&values, &now, &before, &into);
    assert_string_equal(into.typed[FIELD_MARKUP], "42.8");
    assert_null(into.typed[FIELD_TERM]); /* they chose another one */
    assert_string_equal(into.typed[FIELD_OFFER_NAME], "Subscription");
    assert_null(into.typed[FIELD_CUSTOMER]);
    assert_string_equal(into.typed[FIELD_NOTE],
                        ""); /* came with the one before, and goes with it */
    now.typed[FIELD_MARKUP] = "30";
    playbook_fill(&values, &now, &before, &into);
    assert_null(into.typed[FIELD_MARKUP]);
    now.typed[FIELD_MARKUP] = "42.8";
    playbook_fill(&values, &now, &before, &into);
    assert_null(into.typed[FIELD_MARKUP]); /* it is so already */
}

static void expect(const struct form *form, const struct authorization *authorization,
                   const char *words)
{
    char *differs = playbook_differences(&gold, form, authorization);
    assert_string_equal(differs, words);
    free(differs);
}

static void what_is_otherwise_is_said(void **state)
{
    (void)state;
    struct authorization authorization = {.name = "Archera-Acme-SUBSCRIPTION-2024"};
    struct form form = gold.form;
    expect(&form, &authorization, "");
    expect(&form, NULL, "");
    form.typed[FIELD_MARKUP] = "25";
    form.typed[FIELD_TERM] = "P365D";
    form.typed[FIELD_EULA] = "as_authorized";
    form.typed[FIELD_OFFER_NAME] = "Acme";
    expect(&form, &authorization,
           "markup 25 % instead of 42.8 %, term 1 year instead of 10 years, EULA As authorized "
           "instead of AWS Marketplace standard contract, offer name “Acme” instead of “Archera - "
           "Subscription”");
    form = gold.form;
    form.typed[FIELD_TERM] = term_as_authorized;
    expect(&form, &authorization, "term As authorized instead of 10 years");
    text_fit(authorization.duration, sizeof(authorization.duration), "P10Y");
    expect(&form, &authorization, "");
    text_fit(authorization.name, sizeof(authorization.name), "Other");
    expect(&form, &authorization, "an authorization that is not one of “Subscription”");
    form.typed[FIELD_MARKUP] = "=0.01"; /* as it is typed in the form */
    authorization.name[0] = '\0';
    expect(&form, NULL, "markup =0.01 instead of 42.8 %, term As authorized instead of 10 years");
    form.typed[FIELD_MARKUP] = NULL;
    expect(&form, NULL, "term As authorized instead of 10 years");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_known_by_its_name_in_any_case),
        cmocka_unit_test(what_was_typed_stays),
        cmocka_unit_test(what_is_otherwise_is_said),
    };
    return cmocka_run_group_tests_name("playbook", tests, NULL, NULL);
}
