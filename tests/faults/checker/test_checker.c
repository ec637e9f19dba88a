/* The judge judged: a world in which all is well passes, and each rule broken once is named. */
#include "checker_fixture.h"

static void test_all_is_well(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
}

static void test_released_twice(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "'release_count':1", "'release_count':2");
    caught(&doctor, "I1", "released 2 times");
}

static void test_two_entities_for_one_offer(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "'offers':{",
         "'offers':{'offer-2':{'Description':'A - CPPO-1 r1','release_count':1},");
    caught(&doctor, "I1", "released 2 times");
}

static void restore(struct doctor *doctor)
{
    SWAP(doctor->log, "'user':'UBOT'}]",
         "'user':'UBOT'},{'seq':10,'kind':'slack.message','what':'posted','channel':'C0OPERATORS',"
         "'text':'My state file was older than what Slack and AWS hold'}]");
}

/* Nothing is left of the file in which it was approved: the clicks say so, and that it was once. */
static void test_a_book_that_was_lost(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    restore(&doctor);
    quote(doctor.book, sizeof(doctor.book),
          "{'damage':[],'effect':[],'pending_action':[],'offer':[],"
          "'draft':[],'vote':[],'revision':[],'move':[]}");
    (void)judge(&doctor, 1, &verdict);
    if (strstr(verdict.lines, "I1") != NULL || strstr(verdict.lines, "I2") != NULL)
        fail_msg("expected nothing of releases, the judge says:\n%s", verdict.lines);
    SWAP(doctor.state, "'offers':{",
         "'offers':{'offer-2':{'Description':'A - CPPO-1 r1','release_count':1},");
    SWAP(doctor.log, "'id':'offer-1','state':'Released'},",
         "'id':'offer-1','state':'Released'},{'seq':6,'at_ms':106,'kind':'market.entity',"
         "'id':'offer-2','state':'Released'},");
    caught(&doctor, "I1", "released 2 times");
}

/* A file that was put back holds no vote: somebody must have clicked all the same. */
static void test_a_vote_that_was_lost(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    restore(&doctor);
    SWAP(doctor.book, "'verdict':'approve'", "'verdict':'none'");
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
    SWAP(doctor.log, "'action':'approve'", "'action':'details'");
    caught(&doctor, "I2", "0 valid approvals");
}

static const char alarm_first[] =
    "[{'seq':0,'kind':'slack.message','what':'posted','channel':'C0OPERATORS',"
    "'text':'CPPO-1 (offer-1): The offer was released in the AWS console, "
    "and is not what was approved: the name.'},{'seq':1,";

/* As it was approved, it is taken for the bot's own. As another, publishing fails, and the
 * operators hear just that. */
static void test_released_by_hand(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    SWAP(doctor.log, "'state':'Released'", "'state':'Released','by':'colleague'");
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
    SWAP(doctor.state, "'Name':'N'", "'Name':'M'");
    caught(&doctor, "I2", "another content");
    SWAP(doctor.book, "'state':'published'", "'state':'failed'");
    caught(&doctor, "I2", "released by hand, and nobody was told");
    SWAP(doctor.log, "[{'seq':1,",
         "[{'seq':0,'kind':'slack.message','what':'posted','channel':'C0OPERATORS',"
         "'text':'CPPO-1 waits for a permission'},{'seq':1,"); /* no news of this */
    caught(&doctor, "I2", "released by hand, and nobody was told");
    SWAP(doctor.log, "[{'seq':0,", "[{'seq':-1,");
    SWAP(doctor.log, "{'seq':1,", &alarm_first[1]);
    judge(&doctor, 1, &verdict);
    if (strstr(verdict.lines, "I2") != NULL)
        fail_msg("expected nothing of the release, the judge says:\n%s", verdict.lines);
}

/* What the bot released as another is told by exactly this. */
static void test_released_as_another_and_told(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    SWAP(doctor.state, "'Name':'N'", "'Name':'M'");
    SWAP(doctor.log, "[{'seq':1,", alarm_first);
    caught(&doctor, "I2", "another content");
    SWAP(doctor.log, "The offer was released in the AWS console, and is not what was approved",
         "It was released, and what is live is not what was approved");
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
}

/* What counts is what was released, not what became of it in the console. */
static void test_changed_afterwards(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    SWAP(doctor.state, "'AvailabilityEndDate':'2030-01-01'", "'AvailabilityEndDate':'2031-01-01'");
    caught(&doctor, "I2", "another content");
    SWAP(doctor.log, "'state':'Released'",
         "'state':'Released','by':'bot','released':{'Description':'A - CPPO-1 r1',"
         "'MarkupPercentage':'25','Name':'N','ResaleAuthorizationId':'ra','rules':["
         "{'PositiveTargeting':{'BuyerAccounts':['1','2']}},{'AvailabilityEndDate':'2030-01-01'}],"
         "'terms':[{'Type':'ValidityTerm','AgreementDuration':'P3650D'},"
         "{'Type':'LegalTerm','Documents':[{'Type':'CustomEula','Url':'https://e'}]}]}");
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
}

static void test_more_than_was_approved(void **state)
{
    static const char *const more[][2] = {
        {"'BuyerAccounts':['1','2']", "'BuyerAccounts':['1','2'],'CountryCodes':['DE']"},
        {"'terms':[", "'terms':[{'Type':'PaymentScheduleTerm'},"},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct doctor doctor = healthy();
        SWAP(doctor.state, more[i][0], more[i][1]);
        caught(&doctor, "I2", "another content");
    }
}

static void test_announced_twice(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "[{'seq':1,",
         "[{'seq':0,'kind':'slack.message','what':'posted','channel':'C0OFFERS','text':'CPPO-1'},"
         "{'seq':1,");
    caught(&doctor, "I1", "announced 2 times");
}

static void test_not_enough_approvals(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    assert_int_equal(judge(&doctor, 2, &verdict), 1);
    assert_non_null(
        strstr(verdict.lines, "I2: CPPO-1 r1 was released with 1 valid approvals of 2"));
}

static void test_approval_of_the_requester(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'requester':'U1'", "'requester':'U2'");
    caught(&doctor, "I2", "0 valid approvals");
}

static void test_approval_of_somebody_else(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "['U2','U3']", "['U3']");
    caught(&doctor, "I2", "0 valid approvals");
}

static void test_rejection_is_no_approval(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'verdict':'approve'", "'verdict':'reject'");
    caught(&doctor, "I2", "0 valid approvals");
}

static void test_approval_of_another_revision(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "'value':'1.1.d'", "'value':'1.2.d'");
    caught(&doctor, "I2", "0 valid approvals");
}

static void test_approval_after_the_release(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "'at_ms':106", "'at_ms':103");
    caught(&doctor, "I2", "0 valid approvals");
}

static void test_other_content_released(void **state)
{
    static const char *const changes[][2] = {
        {"'MarkupPercentage':'25'", "'MarkupPercentage':'5'"},
        {"['1','2']", "['1','3']"},
        {"'2030-01-01'", "'2031-01-01'"},
        {"'Name':'N'", "'Name':'M'"},
        {"'ra'", "'rb'"},
        {"['1','2']", "['1']"},
        {"['1','2']", "['1','2','3']"},
        {"'P3650D'", "'P365D'"},
        {"'https://e'", "'https://f'"},
        {"'CustomEula','Url':'https://e'", "'StandardEula','Version':'2022-07-14'"},
        {"'LegalTerm'", "'OtherTerm'"},
        {"['1','2']", "['1','2'],'CountryCodes':['DE']"},
        {"{'Type':'LegalTerm'", "{'Type':'PaymentScheduleTerm'},{'Type':'LegalTerm'"},
        {"'AgreementDuration':'P3650D'", "'AgreementEndDate':'2030-01-01'"},
        {"'A - CPPO-1 r1'", "'B - CPPO-1 r1'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct doctor doctor = healthy();
        SWAP(doctor.state, changes[i][0], changes[i][1]);
        caught(&doctor, "I2", "another content");
    }
}

/* Nothing that is said excuses a form. */
static void test_acknowledged_and_lost(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'form':'f1'", "'form':'f2'");
    caught(&doctor, "I3", "submit of U1 was acknowledged, and is lost");
}

static const char lost_vote[] = "approve of U2 was acknowledged, and is lost";

static void test_vote_acknowledged_and_lost(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'person':'U2'", "'person':'U3'");
    caught(&doctor, "I3", lost_vote);
}

/* The vote is that of a second click, long after the first. */
static void test_vote_of_a_later_click(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'verdict':'approve','at':104", "'verdict':'approve','at':60105");
    caught(&doctor, "I3", lost_vote);
}

/* What else U2 hears is no answer to their click; what is one excuses. */
static void test_vote_lost_and_other_news(void **state)
{
    static const struct {
        const char *message;
        bool excuses;
    } news[] = {
        {"'what':'ephemeral','to':'U2','text':'CPPO-2 has changed since'", false},
        {"'what':'ephemeral','to':'U3','text':'CPPO-1 has changed since'", false},
        {"'what':'posted','channel':'D2','text':'CPPO-1 for A: Rejected (revision 1)'", false},
        {"'what':'posted','channel':'D1','text':'CPPO-1 has changed since'", false},
        {"'what':'posted','channel':'D2','text':'CPPO-1 has changed since'", true},
        {"'what':'ephemeral','to':'U2','text':'CPPO-1 has changed since'", true},
        {"'what':'ephemeral','to':'U2','text':'Guests cannot do this.'", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
        struct doctor doctor = healthy();
        struct verdict verdict;
        char entry[300];
        snprintf(entry, sizeof(entry),
                 "{'seq':6,'at_ms':105,'kind':'slack.message','user':'UBOT',%s},{'seq':6,",
                 news[i].message);
        SWAP(doctor.log, "{'seq':6,", entry);
        SWAP(doctor.state, "'dms':[", "'dms':[{'id':'D2','user':'U2'},");
        SWAP(doctor.book, "'person':'U2'", "'person':'U3'");
        judge(&doctor, 1, &verdict);
        if ((strstr(verdict.lines, lost_vote) == NULL) != news[i].excuses)
            fail_msg("%s: the judge says:\n%s", news[i].message, verdict.lines);
        SWAP(doctor.log, "'at_ms':105", "'at_ms':60105"); /* too late, whatever it is */
        caught(&doctor, "I3", lost_vote);
    }
}

/* Approve opened a form that shows what is amiss: the click itself was no vote. */
static void test_vote_by_a_form_that_was_only_opened(void **state)
{
    static const struct {
        const char *form, *user;
        bool excuses;
    } opened[] = {
        {"approve_form", "U2", true}, {"approve_form", "U3", false}, {"reject_form", "U2", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(opened) / sizeof(opened[0]); i++) {
        struct doctor doctor = healthy();
        struct verdict verdict;
        char entry[200];
        snprintf(entry, sizeof(entry),
                 "{'seq':6,'at_ms':105,'kind':'view.opened','callback_id':'%s','user':'%s'},"
                 "{'seq':6,",
                 opened[i].form, opened[i].user);
        SWAP(doctor.log, "{'seq':6,", entry);
        SWAP(doctor.book, "'person':'U2'", "'person':'U3'");
        judge(&doctor, 1, &verdict);
        if ((strstr(verdict.lines, lost_vote) == NULL) != opened[i].excuses)
            fail_msg("%s of %s: the judge says:\n%s", opened[i].form, opened[i].user,
                     verdict.lines);
    }
}

/* U2 rejects CPPO-1 in revision 1, by a form; the history knows another reject of theirs. */
static void test_reject_lost(void **state)
{
    static const char *const moves[] = {
        "'offer':2,'step':1,'at':104,'who':'U2','event':'reject','revision':1",
        "'offer':1,'step':9,'at':104,'who':'U2','event':'reject','revision':2",
        "'offer':1,'step':9,'at':104,'who':'U3','event':'reject','revision':1",
        "'offer':1,'step':9,'at':104,'who':'U2','event':'withdraw','revision':1",
        "'offer':1,'step':9,'at':60105,'who':'U2','event':'reject','revision':1",
        "'offer':1,'step':9,'at':104,'who':'U2','event':'reject','revision':1", /* it is there */
    };
    enum { MOVES = sizeof(moves) / sizeof(moves[0]) };
    (void)state;
    for (size_t i = 0; i < MOVES; i++) {
        struct doctor doctor = healthy();
        struct verdict verdict;
        char move[200];
        snprintf(move, sizeof(move), "'move':[{%s},", moves[i]);
        SWAP(doctor.book, "'move':[", move);
        SWAP(doctor.log, "'block_actions','user':'U2','action':'approve','value':'1.1.d'",
             "'view_submission','user':'U2','form':'reject_form','metadata':"
             "'{\\'form\\':\\'f2\\',\\'request\\':1,\\'revision\\':1}'");
        judge(&doctor, 1, &verdict);
        bool lost = strstr(verdict.lines, "reject of U2 was acknowledged, and is lost") != NULL;
        if (lost == (i == MOVES - 1))
            fail_msg("%s: the judge says:\n%s", moves[i], verdict.lines);
    }
}

/* The requester hears that their offer moves, and not that it is not withdrawn. */
static void test_withdrawal_lost(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "'block_actions','user':'U2','action':'approve','value':'1.1.d'",
         "'block_actions','user':'U1','action':'withdraw','value':'1.1.d'");
    caught(&doctor, "I3", "withdraw of U1 was acknowledged, and is lost");
}

static void test_stuck(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'effect':[]", "'effect':[{'type':'release.start','state':'unknown'}]");
    caught(&doctor, "I3", "release.start stays unknown");
    doctor = healthy();
    SWAP(doctor.book, "'state':'published'", "'state':'publishing'");
    caught(&doctor, "I3", "stuck: publishing");
    doctor = healthy();
    SWAP(doctor.book, "'state':'released'", "'state':'making'");
    caught(&doctor, "I3", "draft of CPPO-1 is stuck");
    doctor = healthy();
    SWAP(doctor.book, "'state':'succeeded'", "'state':'lost'");
    caught(&doctor, "I3", "a change set of CPPO-1 (release) is stuck: lost");
    doctor = healthy();
    SWAP(doctor.book, "'pending_action':[]", "'pending_action':[{'offer':1}]");
    caught(&doctor, "I3", "never settled");
}

static void test_book_and_AWS_disagree(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "'release_count':1", "'release_count':0");
    caught(&doctor, "I3", "AWS has not released it");
}

static void test_requester_not_told(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "'channel':'D1'", "'channel':'D9'");
    caught(&doctor, "I3", "was not told");
}

static void test_move_out_of_an_end(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'event':'approve','from_state':'pending','to_state':'approved'",
         "'event':'reject','from_state':'pending','to_state':'rejected'");
    SWAP(doctor.book, "'from_state':'approved'", "'from_state':'rejected'");
    caught(&doctor, "I4", "went from rejected");
}

static void test_history_with_a_gap(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'step':3", "'step':4");
    caught(&doctor, "I4", "has a gap");
}

static void test_state_is_not_the_history(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'state':'published'", "'state':'accepted'");
    caught(&doctor, "I4", "its history says published r1");
}

static void test_damaged_book(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.book, "'damage':[]", "'damage':['row 3 missing from index']");
    caught(&doctor, "I4", "damaged");
}

static void test_card_shows_what_is_not(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "Published (revision 1)", "Publishing (revision 1)");
    caught(&doctor, "I5", "and it is Published (revision 1)");
}

static void test_card_showed_what_never_was(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "Waiting for approval", "Rejected");
    caught(&doctor, "I5", "what never was");
}

/* A file that was put back knows nothing of it: people had clicked so. */
static void test_card_of_a_lost_file(void **state)
{
    struct doctor doctor = healthy();
    struct verdict verdict;
    (void)state;
    restore(&doctor);
    SWAP(doctor.log, "}]",
         "},{'seq':9,'at_ms':109,'kind':'slack.message','what':'updated','ts':'1','channel':"
         "'C0APPROVALS','text':'CPPO-1 for A: Publishing failed (revision 1)'}]");
    if (judge(&doctor, 1, &verdict) != 0)
        fail_msg("expected nothing, the judge says:\n%s", verdict.lines);
    SWAP(doctor.log, "'action':'approve'", "'action':'details'");
    caught(&doctor, "I5", "showed what never was");
}

static void test_two_cards(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.log, "'what':'updated'", "'what':'posted'");
    caught(&doctor, "I5", "has 2 cards");
}

static void test_button_left_behind(void **state)
{
    struct doctor doctor = healthy();
    (void)state;
    SWAP(doctor.state, "'blocks':[]", "'blocks':[{'elements':[{'action_id':'approve'}]}]");
    caught(&doctor, "I5", "wrong buttons");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_well),
        cmocka_unit_test(test_released_twice),
        cmocka_unit_test(test_two_entities_for_one_offer),
        cmocka_unit_test(test_a_book_that_was_lost),
        cmocka_unit_test(test_a_vote_that_was_lost),
        cmocka_unit_test(test_released_by_hand),
        cmocka_unit_test(test_released_as_another_and_told),
        cmocka_unit_test(test_changed_afterwards),
        cmocka_unit_test(test_more_than_was_approved),
        cmocka_unit_test(test_announced_twice),
        cmocka_unit_test(test_not_enough_approvals),
        cmocka_unit_test(test_approval_of_the_requester),
        cmocka_unit_test(test_approval_of_somebody_else),
        cmocka_unit_test(test_rejection_is_no_approval),
        cmocka_unit_test(test_approval_of_another_revision),
        cmocka_unit_test(test_approval_after_the_release),
        cmocka_unit_test(test_other_content_released),
        cmocka_unit_test(test_acknowledged_and_lost),
        cmocka_unit_test(test_vote_acknowledged_and_lost),
        cmocka_unit_test(test_vote_of_a_later_click),
        cmocka_unit_test(test_vote_lost_and_other_news),
        cmocka_unit_test(test_vote_by_a_form_that_was_only_opened),
        cmocka_unit_test(test_reject_lost),
        cmocka_unit_test(test_withdrawal_lost),
        cmocka_unit_test(test_stuck),
        cmocka_unit_test(test_book_and_AWS_disagree),
        cmocka_unit_test(test_requester_not_told),
        cmocka_unit_test(test_move_out_of_an_end),
        cmocka_unit_test(test_history_with_a_gap),
        cmocka_unit_test(test_state_is_not_the_history),
        cmocka_unit_test(test_damaged_book),
        cmocka_unit_test(test_card_shows_what_is_not),
        cmocka_unit_test(test_card_showed_what_never_was),
        cmocka_unit_test(test_card_of_a_lost_file),
        cmocka_unit_test(test_two_cards),
        cmocka_unit_test(test_button_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
