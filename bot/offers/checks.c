#include "offers/checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

struct list {
    struct check *checks;
    size_t count;
};

static void add(struct list *list, enum check_outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(struct list *list, enum check_outcome outcome, const char *format, ...)
{
    struct check *check = &list->checks[list->count++];
    va_list args;
    check->outcome = outcome;
    va_start(args, format);
    vsnprintf(check->text, sizeof(check->text), format, args);
    va_end(args);
}

void checks_price(const struct terms *customer, char price[DECIMAL_TEXT])
{
    const struct term_line *only = customer != NULL ? terms_unit_price(customer) : NULL;
    price[0] = '\0';
    if (only != NULL)
        terms_amount(only, price);
}

static void check_authorization(struct list *list, const struct check_input *input)
{
    if (input->over)
        return;
    const struct authorization *authorization = input->authorization;
    const char *why = authorization != NULL ? authorization_unusable(authorization, input->now)
                                            : "is no longer known to AWS";
    if (why != NULL)
        add(list, CHECK_FAILED, "The resale authorization %s", why);
    else
        add(list, CHECK_PASSED, "The resale authorization can be used");
}

static void check_buyers(struct list *list, const struct check_input *input)
{
    const struct content *content = input->content;
    if (input->over || input->authorization == NULL || input->authorization->buyer_count == 0)
        return;
    const char *buyer = content_uncovered(content, input->authorization);
    if (buyer != NULL)
        add(list, CHECK_FAILED, "Buyer %s is not among the authorization's buyers", buyer);
    else
        add(list, CHECK_PASSED, "All buyers are among the authorization's buyers");
}

/* AWS's user guide speaks of one buyer, its API of up to 25. */
static void check_buyer_count(struct list *list, const struct check_input *input)
{
    if (input->content->buyer_count > 1)
        add(list, CHECK_WARNING,
            "There are %zu buyers: AWS's user guide speaks of one, so make sure each sees the "
            "offer",
            input->content->buyer_count);
}

/* Within half a percent of what is expected passes: 33.3 % on 0.0075 gives 0.0099975. */
static void check_expected(struct list *list, const struct check_input *input, const char *price)
{
    struct decimal actual;
    struct decimal expected;
    struct decimal off;
    char percent[DECIMAL_TEXT];
    bool above;
    if (*input->expected_unit_price == '\0')
        return;
    const char *currency = input->customer != NULL ? terms_currency(input->customer) : "";
    if (*currency != '\0' && strcmp(currency, input->expected_currency) != 0) {
        add(list, CHECK_WARNING,
            "The price is in %s, the expected %s in %s: they were not compared", currency,
            input->expected_unit_price, input->expected_currency);
        return;
    }
    if (*price == '\0' || !decimal_read_price(&actual, price) ||
        !decimal_read_price(&expected, input->expected_unit_price) ||
        !decimal_deviation(actual, expected, percent, &above)) {
        add(list, CHECK_WARNING,
            "The authorization has no single price per unit: its amounts were not compared with "
            "the "
            "expected %s",
            input->expected_unit_price);
        return;
    }
    decimal_read(&off, percent);
    if (decimal_compare(off, (struct decimal){5, 1}) <= 0)
        add(list, CHECK_PASSED, "Customer's price %s is the expected %s%s%s%s", price,
            input->expected_unit_price, off.units > 0 ? " (within " : "",
            off.units > 0 ? percent : "", off.units > 0 ? " %)" : "");
    else
        add(list, CHECK_WARNING,
            "Customer's price %s is %s %% %s the expected %s: does the markup fit this "
            "authorization's tier?",
            price, percent, above ? "above" : "below", input->expected_unit_price);
}

static void check_aws_price(struct list *list, const struct check_input *input, const char *price)
{
    char problem[250];
    text_fit(problem, sizeof(problem), input->price_problem);
    if (!input->prices_read)
        return;
    if (*problem != '\0')
        add(list, CHECK_FAILED, "AWS computes other prices: %s", problem);
    else if (*price != '\0')
        add(list, CHECK_PASSED, "AWS computes the same price: %s", price);
    else
        add(list, CHECK_PASSED, "AWS computes the same amounts");
}

/* What was typed before the authorization was read may not fit it. */
static void check_term(struct list *list, const struct check_input *input)
{
    const struct authorization *a = input->authorization;
    const char *term = input->content->term;
    bool inherits = strcmp(term, term_as_authorized) == 0;
    char words[DURATION_WORDS];
    if (a == NULL || a->read_at == 0)
        return;
    duration_words(a->duration, words);
    if (inherits && *a->duration == '\0')
        add(list, CHECK_FAILED, "The authorization fixes no term: choose one in the form");
    else if (!inherits && *a->duration != '\0' && !duration_matches(term, a->duration))
        add(list, CHECK_FAILED, "The authorization fixes the term at %s: choose “%s” in the form",
            words, term_label(term_as_authorized));
}

/* Work with channel partner private offers: at most one scheduled payment may lie before the date
 * until which the offer can be accepted. */
static void check_schedule(struct list *list, const struct check_input *input)
{
    size_t before = 0;
    for (size_t i = 0; input->customer != NULL && i < input->customer->count; i++) {
        const struct term_line *line = &input->customer->lines[i];
        before +=
            line->kind == TERM_INSTALMENT && strcmp(line->key, input->content->accept_by) <= 0;
    }
    if (before > 1)
        add(list, CHECK_WARNING,
            "%zu instalments are due before the buyer must have accepted (%s); AWS takes one: "
            "choose "
            "an earlier accept-by date",
            before, input->content->accept_by);
}

static void check_accept_by(struct list *list, const struct check_input *input)
{
    int32_t day;
    int32_t today = date_of_ms(input->now);
    if (input->over || !date_read(&day, input->content->accept_by))
        return;
    if (day <= today)
        add(list, CHECK_FAILED, "The accept-by date %s has passed or is too soon",
            input->content->accept_by);
    else if (input->authorization != NULL && input->authorization->ends_at != 0 &&
             date_end_ms(day) > input->authorization->ends_at)
        add(list, CHECK_WARNING, "The buyer may accept until %s, after the authorization's own end",
            input->content->accept_by);
    else if (day - today < 30 || day - today > 90)
        add(list, CHECK_WARNING, "The buyer has %d day%s to accept; 30 to 90 are usual",
            (int)(day - today), day - today == 1 ? "" : "s");
    else
        add(list, CHECK_PASSED, "The buyer has %d days to accept", (int)(day - today));
}

static void check_draft(struct list *list, const struct check_input *input)
{
    char problem[250];
    text_fit(problem, sizeof(problem), input->draft_problem);
    if (input->draft_blocked)
        add(list, CHECK_WAITING,
            "AWS is blocking it: our access lacks a permission, or our seller account is not "
            "in order. The operators know, and it will continue by itself");
    else if (input->waits && !input->draft_ready)
        add(list, CHECK_WAITING,
            "AWS works on so many offers of ours at once: this one waits for its turn, and will "
            "continue by itself");
    else if (*problem != '\0')
        add(list, CHECK_FAILED, "AWS refused the draft%s%s", input->draft_problem_told ? "" : ": ",
            input->draft_problem_told ? "" : problem);
    else if (input->draft_ready)
        add(list, CHECK_PASSED, "AWS has accepted the draft");
    else if (input->over || input->stopped)
        return;
    else if (input->draft_wanted)
        add(list, CHECK_WAITING, "AWS is checking the draft");
    else
        add(list, CHECK_WAITING, "AWS checks the offer once it is approved");
}

size_t checks_make(const struct check_input *input, struct check *checks)
{
    struct list list = {checks, 0};
    char price[DECIMAL_TEXT];
    checks_price(input->customer, price);
    check_authorization(&list, input);
    check_buyers(&list, input);
    check_buyer_count(&list, input);
    check_expected(&list, input, price);
    check_aws_price(&list, input, price);
    check_accept_by(&list, input);
    check_term(&list, input);
    check_schedule(&list, input);
    check_draft(&list, input);
    return list.count;
}
