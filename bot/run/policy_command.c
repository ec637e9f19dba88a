#include "run/policy_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "book/people.h"
#include "book/requests.h"
#include "book/votes.h"
#include "engine/turn.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/lists.h"
#include "flows/ruling.h"
#include "io/store.h"
#include "mem.h"
#include "offers/kind.h"
#include "offers/rule.h"
#include "offers/typed.h"
#include "print.h"
#include "run/clock.h"
#include "run/migrations.h"
#include "text.h"

struct tested {
    int64_t number; /* 0: a line each */
    unsigned states;
    int64_t count, changed;
    int status;
};

/* A request under the rule that it was sent with, and under the one that applies now. */
struct compared {
    struct request had, has;
    struct ruling ruling;
    bool readable; /* the request; and what it is now, is known */
    bool same_rule;
    struct approval before, after;
    size_t approvals;
};

/* --- judging --- */

/* The clicks of those who approved, once more, under the rule of ${request}: what they count for
 * there. What a rule approved by itself was nobody's click. */
static struct approval again(struct turn *turn, const struct request *request,
                             const struct vote *given, size_t count)
{
    struct vote votes[MAX_VOTES + MAX_STEPS];
    const struct approval_step *steps[MAX_STEPS];
    struct approval_rules rules = approvals_rules(turn, request);
    struct approval now = approvals_evaluate(turn, request, votes, 0);
    size_t filled = 0;
    for (size_t i = 0; i < count && filled < MAX_VOTES; i++) {
        struct person person;
        if (rule_of_voter(given[i].person) != NULL)
            continue;
        lists_known_person(turn, given[i].person, &person);
        if ((approval_open_lists(&now) & person.lists) == 0)
            continue;
        size_t more = approval_steps_for(&rules, &now, person.lists, steps);
        for (size_t j = 0; j < more; j++) {
            votes[filled] = given[i];
            text_fit(votes[filled++].step, VOTE_STEP, steps[j]->name);
        }
        now = approvals_evaluate(turn, request, votes, filled);
    }
    return now;
}

static bool is_by_itself(const char *stored)
{
    struct rule rule;
    return rule_read(&rule, stored) && rule.by_itself;
}

/* Where no rules are configured, none is kept with what is sent. */
static const char *rule_now(struct turn *turn, const struct ruling *ruling)
{
    return ruling->open ? REQUEST_RULE_OPEN : app_config(turn)->rule_count > 0 ? ruling->rule : "";
}

static void compare(struct turn *turn, const struct request *request, struct compared *compared)
{
    struct vote votes[MAX_VOTES];
    *compared = (struct compared){.had = *request, .has = *request};
    if (request->state == STATE_UNREADABLE)
        return;
    compared->ruling = ruling_of(turn, request, true);
    text_fit(compared->has.rule, REQUEST_RULE, rule_now(turn, &compared->ruling));
    compared->readable = !compared->ruling.open;
    compared->same_rule = strcmp(compared->had.rule, compared->has.rule) == 0;
    compared->approvals = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    compared->before = approvals_evaluate(turn, request, votes, compared->approvals);
    compared->after = again(turn, &compared->has, votes, compared->approvals);
    compared->after.complete |= is_by_itself(compared->has.rule);
}

static bool would_change(const struct compared *compared)
{
    return compared->readable &&
           (!compared->same_rule || compared->before.complete != compared->after.complete);
}

/* --- words; on the heap --- */

static char *rule_words(struct turn *turn, const char *stored)
{
    struct rule rule;
    char version[RULE_VERSION];
    if (*stored == '\0')
        return text_format("no rule: approvals.needed, %d of approvers", app_config(turn)->needed);
    if (strcmp(stored, REQUEST_RULE_OPEN) == 0)
        return text_format("not known yet: its prices, or the lists of its requester, were not "
                           "read so far");
    if (!rule_read(&rule, stored))
        return text_format("a rule that this version cannot read");
    rule_version(stored, version);
    return text_format("%s, version %s: %s", rule.name, version, rule.parts[RULE_APPROVE]);
}

static char *rule_name(const char *stored)
{
    struct rule rule;
    if (*stored == '\0')
        return text_format("no rule");
    if (strcmp(stored, REQUEST_RULE_OPEN) == 0)
        return text_format("not known yet");
    return rule_read(&rule, stored) ? text_format("%s", rule.name) : text_format("unreadable");
}

static void add_missing(struct text *words, const struct approval *after)
{
    for (size_t i = 0; i < after->open_count; i++)
        text_addf(words, "%s%d more at %s", i > 0 ? ", " : "", after->open[i].missing,
                  after->open[i].step.name);
}

static char *changed_words(const struct compared *compared)
{
    struct text words = {0};
    const struct approval *after = &compared->after;
    if (after->complete)
        text_add(&words, compared->before.complete ? "approved, as it is" : "it would be approved");
    else
        text_add(&words, compared->before.complete ? "it would not be approved: " : "not yet: ");
    add_missing(&words, after);
    return text_take(&words);
}

/* --- one --- */

static void print_step(struct turn *turn, const char *label, const struct request *request,
                       const struct approval_step *step)
{
    int shown = 0;
    printf("  %-22s ", label);
    print_safely(step->name);
    printf(", %d needed: ", step->needed);
    for (int list = 0; list < lists_count(turn); list++) {
        struct list_walk walk = {.user = 0};
        const char *id;
        while ((step->lists & LIST_BIT(list)) != 0 &&
               (id = lists_next(turn, lists_people(turn, (enum list)list), &walk)) != NULL) {
            if (people_same(turn, id, request->requester))
                continue;
            printf("%s", shown++ > 0 ? ", " : "");
            print_person(turn, id);
        }
    }
    printf("%s\n", shown == 0 ? "nobody that the bot has read of" : "");
}

static void print_steps(struct turn *turn, const struct request *request)
{
    struct approval_rules rules = approvals_rules(turn, request);
    if (is_by_itself(request->rule)) {
        print_field("Who may approve", "nobody needs to: the rule does");
        return;
    }
    for (size_t i = 0; i < rules.count; i++) {
        const char *label = rules.steps[i].together ? "and" : "then";
        print_step(turn, i == 0 ? "Who may approve" : label, request, &rules.steps[i]);
    }
}

static void print_rule(struct turn *turn, const char *label, const char *stored)
{
    char *words = rule_words(turn, stored);
    print_field(label, words);
    free(words);
}

static void print_lines(const char *label, char *lines)
{
    char *rest = lines;
    for (char *line; (line = strsep(&rest, "\n")) != NULL; label = "")
        print_field(label, line);
}

static void print_one(struct turn *turn, const struct compared *compared)
{
    const struct request *request = &compared->had;
    printf("CPPO-%lld, revision %d: %s\n", (long long)request->number, request->revision,
           kind_label(request->kind, request->state));
    print_rule(turn, "It was sent under", request->rule);
    print_rule(turn, "Now it would be", compared->has.rule);
    if (!compared->readable)
        return;
    print_lines("Why", compared->ruling.why);
    print_steps(turn, &compared->has);
    printf("  %-22s %zu\n", "Approvals that it has", compared->approvals);
    char *words = changed_words(compared);
    print_field(would_change(compared) ? "What would change" : "Nothing would change", words);
    free(words);
}

/* --- a line each --- */

static void print_line(const struct compared *compared)
{
    char name[32];
    const struct request *request = &compared->had;
    char *had = rule_name(request->rule);
    char *has = rule_name(compared->has.rule);
    char *words = changed_words(compared);
    snprintf(name, sizeof(name), "CPPO-%lld", (long long)request->number);
    printf("%-10s r%-3d %-18s %s  ", name, request->revision, request_state_name(request->state),
           would_change(compared) ? "CHANGED" : "same   ");
    print_safely(had);
    if (!compared->same_rule) {
        printf(" → ");
        print_safely(has);
    }
    if (compared->readable) {
        printf(": ");
        print_safely(words);
    }
    printf("\n");
    free(words);
    free(has);
    free(had);
}

static void test(struct turn *turn, const struct request *request, struct tested *tested)
{
    struct compared *compared = mem_new(1, sizeof(*compared));
    compare(turn, request, compared);
    tested->count++;
    tested->changed += would_change(compared);
    if (request->state == STATE_UNREADABLE)
        printf("CPPO-%lld cannot be read: %s\n", (long long)request->number, request->problem);
    else if (tested->number != 0)
        print_one(turn, compared);
    else
        print_line(compared);
    ruling_free(&compared->ruling);
    free(compared);
}

static void read_book(struct turn *turn, void *about)
{
    struct tested *tested = about;
    struct request request;
    if (tested->number != 0 && !requests_get(turn, tested->number, &request)) {
        fprintf(stderr, "there is no CPPO-%lld\n", (long long)tested->number);
        tested->status = 1;
        return;
    }
    if (tested->number != 0) {
        test(turn, &request, tested);
        return;
    }
    for (request.number = 0; requests_next(turn, tested->states, request.number, &request);)
        test(turn, &request, tested);
    printf("%lld tested, %lld would change\n", (long long)tested->count,
           (long long)tested->changed);
}

/* --- the command --- */

int policy_command(const struct config *config, const char *which, bool all)
{
    struct tested tested = {.number = which != NULL ? typed_request_number(which) : 0,
                            .states = all ? ~0U : 1U << STATE_PENDING};
    const struct app_context app = {.config = config};
    struct err err;
    if (which != NULL && tested.number <= 0) {
        fprintf(stderr, "“%s” is no offer, such as CPPO-12\n", which);
        return EX_USAGE;
    }
    struct store *store = store_open_reader(config->store_path, bot_migration_count, &err);
    if (store == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    turn_read_only(store, clock_ms(), &app, read_book, &tested);
    store_close(store);
    return tested.status;
}
