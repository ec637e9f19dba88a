/* The fields of the form, each up to a 0x1E, in the form's order; the first byte chooses what is
 * known of the authorization. What is taken obeys the rules, and comes back from its canonical text
 * and from the form as it was. */
#include "fuzz.h"
#include "offers/content.h"

static const int64_t NOW = INT64_C(1795507200000); /* 2026-11-24 08:00 UTC */

static void judge_line(const char *text, size_t points, bool newlines)
{
    must(fuzz_utf8(text) && text_points(text) <= points, "a text keeps its limit");
    for (const char *at = text; *at != '\0'; at++)
        must((unsigned char)*at >= 0x20 || (newlines && (*at == '\n' || *at == '\t')),
             "no control character is taken");
}

static void judge_content(const struct content *c, const struct authorization *chosen)
{
    int32_t day;
    struct decimal markup;
    judge_line(c->offer_name, NAME_POINTS, false);
    must(*c->offer_name != '\0' && *c->offer_name != ' ' && strpbrk(c->offer_name, "\\<>") == NULL,
         "AWS takes the offer's name");
    judge_line(c->customer, CUSTOMER_POINTS, false);
    must(*c->customer != '\0', "there is a customer");
    judge_line(c->note, NOTE_POINTS, true);
    must(c->buyer_count >= 1 && c->buyer_count <= MAX_BUYERS, "there are buyers");
    for (size_t i = 0; i < c->buyer_count; i++) {
        must(strspn(c->buyers[i], "0123456789") == 12 && c->buyers[i][12] == '\0', "an account id");
        must(chosen == NULL || authorization_allows(chosen, c->buyers[i]), "an allowed buyer");
        for (size_t j = 0; j < i; j++)
            must(strcmp(c->buyers[i], c->buyers[j]) != 0, "no buyer is listed twice");
    }
    must(decimal_read(&markup, c->markup) && decimal_compare(markup, (struct decimal){100, 0}) <= 0,
         "the markup keeps its cap");
    must(term_label(c->term) != NULL, "the term is one of ours");
    must(date_read(&day, c->accept_by) && day > date_of_ms(NOW), "it can still be accepted");
    must((c->eula == EULA_CUSTOM) == (*c->eula_url != '\0'), "an address with a EULA of our own");
    must(*c->eula_url == '\0' || strncmp(c->eula_url, "https://", 8) == 0,
         "it is an https address");
}

static bool is_written(const struct content *content, const char *canonical)
{
    char *text = content_write(content);
    bool same = strcmp(text, canonical) == 0;
    free(text);
    return same;
}

/* Another way in must lead to the same. */
static void come_back(const struct content *content, const struct form_rules *rules)
{
    struct content again;
    struct form form;
    struct form_errors errors;
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1) + 1];
    char changes[2000];
    char *canonical = content_write(content);
    must(content_parse(&again, canonical) && is_written(&again, canonical),
         "it comes back from its canonical text");
    content_form(content, buyers, sizeof(buyers), &form);
    must(content_read(&form, rules, &again, &errors) && is_written(&again, canonical),
         "it comes back from the form");
    content_changes(content, &again, changes, sizeof(changes));
    must(*changes == '\0', "nothing changed");
    again.buyer_count = 0;
    text_fit(again.note, sizeof(again.note), "changed");
    content_changes(content, &again, changes, sizeof(changes));
    must(*changes != '\0' && fuzz_utf8(changes), "a change is told");
    free(canonical);
}

static void judge_errors(const struct form_errors *errors)
{
    size_t count = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        count += errors->text[i][0] != '\0';
        must(fuzz_utf8(errors->text[i]), "no character of an error is cut in two");
    }
    must(count == errors->count && count > 0, "what is refused is said beside its field");
}

static void judge_reason(const char *typed)
{
    char reason[REASON_POINTS * 4 + 1];
    char why[300] = "";
    if (content_read_reason(typed, reason, why, sizeof(why)))
        judge_line(reason, REASON_POINTS, true);
    else
        must(*why != '\0' && fuzz_utf8(why), "a refusal says why");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct authorization open = {.id = "resaleauthz-1", .status = "Active"};
    static const struct authorization closed = {
        .id = "resaleauthz-1", .status = "Active", .buyer_count = 1, .buyers = {"123456789012"}};
    const struct authorization *const known[] = {NULL, &open, &closed};
    struct fuzz fuzz = {data, size};
    struct content content;
    struct form_errors errors;
    struct form form;
    char *typed[FIELD_COUNT];
    const struct form_rules rules = {.today = date_of_ms(NOW),
                                     .markup_cap = {100, 0},
                                     .chosen = known[fuzz_byte(&fuzz) % 3],
                                     .now = NOW};
    for (int i = 0; i < FIELD_COUNT; i++)
        form.typed[i] = typed[i] = fuzz_field(&fuzz);
    if (content_read(&form, &rules, &content, &errors)) {
        must(errors.count == 0, "what is taken has no error");
        judge_content(&content, rules.chosen);
        come_back(&content, &rules);
    } else {
        judge_errors(&errors);
    }
    judge_reason(typed[FIELD_NOTE]);
    content_parse(&content, typed[FIELD_NOTE]);
    for (int i = 0; i < FIELD_COUNT; i++)
        free(typed[i]);
    return 0;
}
