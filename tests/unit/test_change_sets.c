/* Change sets: the bodies that StartChangeSet is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ctype.h>
#include <jansson.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "marketplace/change_sets.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct change_set_id made = {"home", 12, 2, "make", 1, 1, "0a1b2c3d.7"};
static const struct content plain = {.authorization = "resaleauthz-1",
                                     .offer_name = "Acme \"2026\" ü",
                                     .customer = "Acme",
                                     .buyer_count = 2,
                                     .buyers = {"111122223333", "000011112222"},
                                     .markup = "33.3",
                                     .term = "P1095D",
                                     .accept_by = "2026-08-31",
                                     .note = "for the approver only"};

/* Parses and frees the body. */
static json_t *read_body(char *body)
{
    json_error_t error;
    json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("%s: %s", error.text, body);
    assert_null(strstr(body, plain.note));
    free(body);
    return root;
}

static const char *member(const json_t *root, const char *key)
{
    const char *text = json_string_value(json_object_get(root, key));
    if (text == NULL)
        fail_msg("there is no text %s", key);
    return text;
}

/* The change at ${i}: of this type, of this entity, with these details. */
static void expect_change(const json_t *root, size_t i, const char *type, const char *entity,
                          const char *details)
{
    json_t *change = json_array_get(json_object_get(root, "ChangeSet"), i);
    assert_string_equal(member(change, "ChangeType"), type);
    assert_string_equal(member(json_object_get(change, "Entity"), "Type"), "Offer@1.0");
    if (entity != NULL)
        assert_string_equal(member(json_object_get(change, "Entity"), "Identifier"), entity);
    else
        assert_null(json_object_get(json_object_get(change, "Entity"), "Identifier"));
    json_t *expected = json_loads(details, 0, NULL);
    assert_non_null(expected);
    if (!json_equal(json_object_get(change, "DetailsDocument"), expected))
        fail_msg("%s: %s", type,
                 json_dumps(json_object_get(change, "DetailsDocument"), JSON_COMPACT));
    json_decref(expected);
}

static size_t changes(const json_t *root)
{
    return json_array_size(json_object_get(root, "ChangeSet"));
}

/* From ${i} on: all that can be said of a draft. */
static void expect_updates(const json_t *root, size_t i, const char *entity)
{
    expect_change(root, i, "UpdateInformation", entity,
                  "{\"Name\":\"Acme \\\"2026\\\" ü\",\"Description\":\"Acme - CPPO-12 r2\"}");
    expect_change(root, i + 1, "UpdateMarkup", entity, "{\"Percentage\":\"33.3\"}");
    expect_change(root, i + 2, "UpdateTargeting", entity,
                  "{\"PositiveTargeting\":{\"BuyerAccounts\":"
                  "[\"111122223333\",\"000011112222\"]}}");
    expect_change(root, i + 3, "UpdateAvailability", entity,
                  "{\"AvailabilityEndDate\":\"2026-08-31\"}");
    expect_change(root, i + 4, "UpdateValidityTerms", entity,
                  "{\"Terms\":[{\"Type\":\"ValidityTerm\",\"AgreementDuration\":\"P1095D\"}]}");
}

/* --- bodies --- */

static void making_creates_and_fills_a_draft(void **state)
{
    (void)state;
    json_t *root = read_body(change_set_make(&made, &plain, "2022-07-14"));
    assert_string_equal(member(root, "Catalog"), "AWSMarketplace");
    assert_string_equal(member(root, "ChangeSetName"), "cppo.home.12.r2.make.1.1.0a1b2c3d.7");
    assert_int_equal(json_object_size(root), 4);
    assert_int_equal(changes(root), 6);
    json_t *create = json_array_get(json_object_get(root, "ChangeSet"), 0);
    assert_string_equal(member(create, "ChangeName"), "CreateCPPO");
    expect_change(root, 0, "CreateOfferUsingResaleAuthorization", NULL,
                  "{\"ResaleAuthorizationId\":\"resaleauthz-1\",\"Name\":\"Acme \\\"2026\\\" ü\","
                  "\"Description\":\"Acme - CPPO-12 r2\"}");
    expect_updates(root, 1, "$CreateCPPO.Entity.Identifier");
    json_decref(root);
}

static void updating_names_the_draft(void **state)
{
    (void)state;
    struct change_set_id id = made;
    id.purpose = "update";
    json_t *root = read_body(change_set_update(&id, "offer-abc", &plain, "2022-07-14"));
    assert_string_equal(member(root, "ChangeSetName"), "cppo.home.12.r2.update.1.1.0a1b2c3d.7");
    assert_int_equal(changes(root), 5);
    expect_updates(root, 0, "offer-abc");
    json_decref(root);
}

static void releasing_is_a_change_of_its_own(void **state)
{
    (void)state;
    struct change_set_id id = made;
    id.purpose = "release";
    json_t *root = read_body(change_set_release(&id, "offer-abc", "3"));
    assert_string_equal(member(root, "Catalog"), "AWSMarketplace");
    assert_string_equal(member(root, "ChangeSetName"), "cppo.home.12.r2.release.1.1.0a1b2c3d.7");
    assert_int_equal(changes(root), 1);
    expect_change(root, 0, "ReleaseOffer", "offer-abc@3", "{}");
    json_decref(root);
    root = read_body(change_set_release(&id, "offer-abc", "")); /* AWS told none */
    expect_change(root, 0, "ReleaseOffer", "offer-abc", "{}");
    json_decref(root);
}

/* The authorization's own term is left as it is. */
static void a_term_as_authorized_is_not_sent(void **state)
{
    struct content content = plain;
    (void)state;
    text_fit(content.term, sizeof(content.term), term_as_authorized);
    json_t *root = read_body(change_set_make(&made, &content, "2022-07-14"));
    char *text = json_dumps(root, JSON_COMPACT);
    assert_int_equal(changes(root), 5);
    assert_null(strstr(text, "Validity"));
    free(text);
    json_decref(root);
}

static void legal_terms_only_with_another_eula(void **state)
{
    (void)state;
    struct content content = plain;
    content.eula = EULA_STANDARD;
    json_t *root = read_body(change_set_make(&made, &content, "2022-07-14"));
    assert_int_equal(changes(root), 7);
    expect_updates(root, 1, "$CreateCPPO.Entity.Identifier");
    expect_change(root, 6, "UpdateLegalTerms", "$CreateCPPO.Entity.Identifier",
                  "{\"Terms\":[{\"Type\":\"LegalTerm\",\"Documents\":[{\"Type\":\"StandardEula\","
                  "\"Version\":\"2022-07-14\"}]}]}");
    json_decref(root);
    content.eula = EULA_CUSTOM;
    text_fit(content.eula_url, sizeof(content.eula_url), "https://b.s3.amazonaws.com/e.pdf");
    root = read_body(change_set_update(&made, "offer-abc", &content, "2022-07-14"));
    assert_int_equal(changes(root), 6);
    expect_updates(root, 0, "offer-abc");
    expect_change(root, 5, "UpdateLegalTerms", "offer-abc",
                  "{\"Terms\":[{\"Type\":\"LegalTerm\",\"Documents\":[{\"Type\":\"CustomEula\","
                  "\"Url\":\"https://b.s3.amazonaws.com/e.pdf\"}]}]}");
    json_decref(root);
}

/* --- names and tokens --- */

/* The pattern of the API reference. */
static void names_fit(void **state)
{
    (void)state;
    static const struct change_set_id ids[] = {
        {"home", 12, 2, "make", 1, 1, ""},
        {"i", 1, 1, "release", 1, 1, "0a1b2c3d.1"},
        {"an-install.name:of@more+than=thirty-two_chars", INT64_MAX, 2147483647, "release",
         2147483647, 2147483647, "0a1b2c3d.9223372036854775807"},
    };
    regex_t pattern;
    assert_int_equal(regcomp(&pattern, "^[[:alnum:]_[:space:]+=.:@-]{1,100}$", REG_EXTENDED), 0);
    for (size_t i = 0; i < COUNT(ids); i++) {
        char name[SET_NAME];
        change_set_name(&ids[i], name);
        if (regexec(&pattern, name, 0, NULL, 0) != 0)
            fail_msg("%s", name);
    }
    regfree(&pattern);
}

/* What a list of AWS's shows is read back: names of today, and those of before there were marks. */
static void a_name_is_read_as_it_was_written(void **state)
{
    static const char *const strange[] = {"",
                                          "cppo",
                                          "other.home.12.r2.make.1.1",
                                          "cppo.home.x.r2.make.1.1",
                                          "cppo.home.0.r2.make.1.1",
                                          "cppo.home.12.r0.make.1.1",
                                          "cppo.home.12.r2.make.1",
                                          "cppo.home.12.r2.make.1.1x",
                                          "cppo.HOME.12.r2.make.1.1"};
    (void)state;
    char name[SET_NAME];
    struct change_set_parts parts;
    change_set_name(&made, name);
    assert_true(change_set_name_read(&parts, name));
    assert_string_equal(parts.install, "home");
    assert_int_equal(parts.offer, 12);
    assert_int_equal(parts.revision, 2);
    assert_string_equal(parts.purpose, "make");
    assert_int_equal(parts.number, 1);
    assert_int_equal(parts.attempt, 1);
    assert_string_equal(parts.mark, "0a1b2c3d.7");
    assert_true(change_set_name_read(&parts, "cppo.home.12.r2.release.1.3"));
    assert_string_equal(parts.mark, "");
    for (size_t i = 0; i < COUNT(strange); i++) {
        if (change_set_name_read(&parts, strange[i]))
            fail_msg("“%s” was read", strange[i]);
    }
}

/* The name's last part must not be cut off: it makes the name unique. */
static void the_longest_name_ends_with_the_mark(void **state)
{
    (void)state;
    struct change_set_id id = {"0123456789abcdefghijklmnopqrstuvwxyz",
                               INT64_C(999999999),
                               9999,
                               "release",
                               999,
                               7,
                               "0a1b2c3d.123456789"};
    char name[SET_NAME];
    change_set_name(&id, name);
    assert_string_equal(name, "cppo.0123456789abcdefghijklmnopqrstuv.999999999.r9999.release."
                              "999.7.0a1b2c3d.123456789");
}

static char *token_of(const struct change_set_id *id, const struct content *content)
{
    json_t *root = read_body(change_set_update(id, "offer-abc", content, "2022-07-14"));
    char *token = text_format("%s", member(root, "ClientRequestToken"));
    json_decref(root);
    return token;
}

static void the_same_is_sent_the_same(void **state)
{
    (void)state;
    char *once = change_set_make(&made, &plain, "2022-07-14");
    char *twice = change_set_make(&made, &plain, "2022-07-14");
    assert_string_equal(once, twice);
    free(once);
    free(twice);
    char *token = token_of(&made, &plain);
    assert_int_equal(strlen(token), 36);
    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23)
            assert_int_equal(token[i], '-');
        else
            assert_true(isxdigit((unsigned char)token[i]));
    }
    free(token);
}

static void whatever_differs_has_a_token_of_its_own(void **state)
{
    (void)state;
    struct change_set_id ids[] = {made, made, made, made, made, made, made};
    ids[1].install = "work";
    ids[2].offer = 13;
    ids[3].revision = 3;
    ids[4].purpose = "update";
    ids[5].number = 2;
    ids[6].attempt = 2;
    char *tokens[COUNT(ids) + 1];
    for (size_t i = 0; i < COUNT(ids); i++)
        tokens[i] = token_of(&ids[i], &plain);
    struct content other = plain;
    text_fit(other.markup, sizeof(other.markup), "33.4");
    tokens[COUNT(ids)] = token_of(&made, &other);
    for (size_t i = 0; i < COUNT(tokens); i++) {
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(tokens[i], tokens[j]);
    }
    for (size_t i = 0; i < COUNT(tokens); i++)
        free(tokens[i]);
}

/* --- the description --- */

static void descriptions_are_cut_to_255_utf16_units(void **state)
{
    (void)state;
    static const char *const letters[] = {"x", "ü", "😀"};
    static const char tail[] = " - CPPO-12 r2";
    for (size_t i = 0; i < COUNT(letters); i++) {
        for (size_t points = 240; points <= 260; points++) {
            struct text customer = {0};
            for (size_t j = 0; j < points; j++)
                text_add(&customer, letters[i]);
            char *description = change_set_description(12, 2, text_get(&customer));
            size_t size = strlen(description);
            assert_true(text_is_utf8(description, size));
            size_t most = text_utf16(letters[i]) * points + strlen(tail);
            assert_true(text_utf16(description) <= 255);
            assert_true(text_utf16(description) >= (most < 254 ? most : 254));
            assert_string_equal(description + size - strlen(tail), tail);
            assert_memory_equal(description, text_get(&customer), size - strlen(tail));
            free(description);
            text_free(&customer);
        }
    }
    char *longest = change_set_description(INT64_MAX, 2147483647, "");
    assert_non_null(strstr(longest, "- CPPO-9223372036854775807 r2147483647"));
    free(longest);
}

/* Drafts that were made before are ours as well. */
static void descriptions_of_either_kind_are_known(void **state)
{
    (void)state;
    assert_true(change_set_describes("Acme - CPPO-12 r2", 12, 2, "Acme"));
    assert_true(change_set_describes("Acme · CPPO-12 r2", 12, 2, "Acme"));
    assert_false(change_set_describes("Acme - CPPO-12 r2", 12, 1, "Acme"));
    assert_false(change_set_describes("Acme - CPPO-12 r2", 1, 2, "Acme"));
    assert_false(change_set_describes("Acme - CPPO-12 r2", 12, 2, "Acm"));
    assert_false(change_set_describes("", 12, 2, "Acme"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making_creates_and_fills_a_draft),
        cmocka_unit_test(updating_names_the_draft),
        cmocka_unit_test(releasing_is_a_change_of_its_own),
        cmocka_unit_test(a_term_as_authorized_is_not_sent),
        cmocka_unit_test(legal_terms_only_with_another_eula),
        cmocka_unit_test(names_fit),
        cmocka_unit_test(a_name_is_read_as_it_was_written),
        cmocka_unit_test(the_longest_name_ends_with_the_mark),
        cmocka_unit_test(the_same_is_sent_the_same),
        cmocka_unit_test(whatever_differs_has_a_token_of_its_own),
        cmocka_unit_test(descriptions_are_cut_to_255_utf16_units),
        cmocka_unit_test(descriptions_of_either_kind_are_known),
    };
    return cmocka_run_group_tests_name("change_sets", tests, NULL, NULL);
}
