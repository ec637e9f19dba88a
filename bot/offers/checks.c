#include "offers/checks.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "offers/twin.h"
#include "text.h"

enum { OWN_CHECKS = 10 };

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
    check->verdict = false;
    check->brief[0] = '\0';
    va_start(args, format);
    vsnprintf(check->text, sizeof(check->text), format, args);
    va_end(args);
}

/* What was looked at last, AWS itself says. */
static void by_aws(struct list *list)
{
    list->checks[list->count - 1].verdict = true;
}

void checks_price(const struct terms *customer, char price[DECIMAL_TEXT])
{
    const struct term_line *only = customer != NULL ? terms_unit_price(customer) : NULL;
    price[0] = '\0';
    if (only != NULL)
        terms_amount(only, price);
}

/* What AWS is known to ask for, in one line; what it would refuse, or may, in one each behind it.
 */
static void check_twin(struct list *list, const struct check_input *input)
{
    static const enum check_outcome as[] = {CHECK_PASSED, CHECK_WAITING, CHECK_WARNING,
                                            CHECK_FAILED};
    const struct twin_input twin = {input->content, input->authorization, input->customer,
                                    input->now};
    struct check *all = &list->checks[list->count];
    enum twin_outcome worst = TWIN_PASSED;
    size_t passed = 0;
    if (input->over)
        return;
    list->count++;
    for (size_t i = 0; i < twin_count; i++) {
        char found[TWIN_FOUND] = "";
        char words[250];
        enum twin_outcome outcome = twin_checks[i].look(&twin, found);
        passed += outcome == TWIN_PASSED;
        worst = outcome > worst ? outcome : worst;
        if (outcome != TWIN_UNSURE && outcome != TWIN_FAILED)
            continue;
        twin_words(&twin_checks[i], found, words, sizeof(words));
        add(list, as[outcome], "%s (AWS: %s)", words, twin_checks[i].code);
    }
    all->verdict = true;
    all->brief[0] = '\0';
    all->outcome = worst > TWIN_UNKNOWN ? CHECK_HEADING : as[worst];
    snprintf(all->text, sizeof(all->text), "AWS checks %zu/%zu%s", passed, twin_count,
             worst == TWIN_UNKNOWN
                 ? ": the others need terms of the resale authorization that I have not read yet"
                 : "");
}

static void check_sale(struct list *list, const struct check_input *input)
{
    const char *why = input->authorization != NULL && !input->over
                          ? authorization_unsellable(input->authorization)
                          : NULL;
    if (why != NULL)
        add(list, CHECK_FAILED, "The resale authorization %s", why);
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
static void compare_expected(struct list *list, const struct terms *customer, const char *expected,
                             const char *wanted_currency)
{
    struct decimal actual;
    struct decimal wanted;
    struct decimal off;
    char percent[DECIMAL_TEXT];
    char price[DECIMAL_TEXT];
    bool above;
    const char *currency = customer != NULL ? terms_currency(customer) : "";
    checks_price(customer, price);
    if (*currency != '\0' && strcmp(currency, wanted_currency) != 0) {
        add(list, CHECK_WARNING,
            "The price is in %s, the expected %s in %s: they were not compared", currency, expected,
            wanted_currency);
        return;
    }
    if (*price == '\0' || !decimal_read_price(&actual, price) ||
        !decimal_read_price(&wanted, expected) ||
        !decimal_deviation(actual, wanted, percent, &above)) {
        add(list, CHECK_WARNING,
            "The authorization has no single price per unit: its amounts were not compared with "
            "the "
            "expected %s",
            expected);
        return;
    }
    decimal_read(&off, percent);
    if (decimal_compare(off, (struct decimal){5, 1}) <= 0)
        add(list, CHECK_PASSED, "Customer's price %s is the expected %s%s%s%s", price, expected,
            off.units > 0 ? " (within " : "", off.units > 0 ? percent : "",
            off.units > 0 ? " %)" : "");
    else
        add(list, CHECK_WARNING,
            "Customer's price %s is %s %% %s the expected %s: does the markup fit this "
            "authorization's tier?",
            price, percent, above ? "above" : "below", expected);
}

static void check_expected(struct list *list, const struct check_input *input)
{
    if (*input->expected_unit_price != '\0')
        compare_expected(list, input->customer, input->expected_unit_price,
                         input->expected_currency);
}

bool checks_expected(const struct terms *customer, const char *expected, const char *currency,
                     struct check *check)
{
    struct list list = {check, 0};
    if (*expected != '\0')
        compare_expected(&list, customer, expected, currency);
    return list.count > 0;
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
    by_aws(list);
}

/* Whether AWS takes an offer without any term, it does not say. */
static void check_term(struct list *list, const struct check_input *input)
{
    const struct authorization *a = input->authorization;
    if (a != NULL && a->read_at != 0 && *a->duration == '\0' &&
        strcmp(input->content->term, term_as_authorized) == 0)
        add(list, CHECK_FAILED, "The authorization fixes no term: choose one in the form");
}

static void check_accept_by(struct list *list, const struct check_input *input)
{
    int32_t day;
    int32_t today = date_of_ms(input->now);
    if (input->over || !date_read(&day, input->content->accept_by) || day < today)
        return; /* then AWS's checks say it */
    if (day == today)
        add(list, CHECK_FAILED, "The accept-by date %s is too soon: AWS may take an hour",
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
    else if (input->draft_ready) {
        add(list, CHECK_PASSED, "AWS has accepted the draft");
        by_aws(list);
    } else if (input->over || input->stopped)
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
    assert(twin_count + OWN_CHECKS <= MAX_CHECKS);
    check_twin(&list, input);
    check_sale(&list, input);
    check_buyer_count(&list, input);
    check_expected(&list, input);
    check_aws_price(&list, input, price);
    check_accept_by(&list, input);
    check_term(&list, input);
    check_draft(&list, input);
    return list.count;
}
