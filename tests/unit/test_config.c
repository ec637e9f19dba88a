/* The configuration: what is taken, what is refused and with which words, and the secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- a file --- */

static const char *const least[] = {"slack:",
                                    "  channels:",
                                    "    approvals: C0123456789",
                                    "    announcements: C0123456780",
                                    "aws:",
                                    "  account: \"111122223333\"",
                                    "people:",
                                    "  approvers:",
                                    "    users: [U0123456789]",
                                    ""};
enum { APPENDED = 10 }; /* the first line behind them */

static char path[64];

static void write_file(const char *bytes, size_t size)
{
    snprintf(path, sizeof(path), "/tmp/cppo-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static struct config *load(const char *bytes, size_t size, struct err *err)
{
    write_file(bytes, size);
    *err = (struct err){0};
    char *why = NULL;
    struct config *config = config_load(path, &why);
    assert_int_equal(config == NULL, why != NULL);
    if (why != NULL)
        text_fit(err->text, sizeof(err->text), why);
    free(why);
    unlink(path);
    return config;
}

/* The least file with ${text} in place of its ${line}, from 1. */
static struct config *load_changed(int line, const char *text, struct err *err)
{
    struct text file = {0};
    for (int i = 1; i <= APPENDED; i++)
        text_addf(&file, "%s\n", i == line ? text : least[i - 1]);
    struct config *config = load(file.bytes, file.size, err);
    text_free(&file);
    return config;
}

static struct config *load_good(const char *appended)
{
    struct err err;
    struct config *config = load_changed(APPENDED, appended, &err);
    if (config == NULL)
        fail_msg("refused: %s", err.text);
    return config;
}

static void expect_refused(const char *bytes, size_t size, const char *words)
{
    struct err err;
    struct config *config = load(bytes, size, &err);
    config_free(config);
    if (config != NULL)
        fail_msg("taken: %s", bytes);
    if (strstr(err.text, words) == NULL)
        fail_msg("“%s” is not in: %s", words, err.text);
}

/* --- what is taken --- */

static void assert_percent(struct decimal value, const char *wanted)
{
    char text[DECIMAL_TEXT];
    decimal_write(value, text);
    assert_string_equal(text, wanted);
}

static void the_least_file_gets_every_default(void **state)
{
    (void)state;
    struct config *c = load_good("");
    assert_string_equal(c->home_team, "");
    assert_int_equal(c->connections, 2);
    assert_string_equal(c->channel_approvals, "C0123456789");
    assert_string_equal(c->channel_announcements, "C0123456780");
    assert_string_equal(c->channel_operators, "");
    assert_string_equal(c->aws_account, "111122223333");
    assert_string_equal(c->aws_profile, "");
    assert_int_equal(c->draft, DRAFT_ON_SUBMIT);
    assert_non_null(strstr(c->buyer_url, "{product}"));
    assert_non_null(strstr(c->buyer_url, "{offer}"));
    assert_string_equal(c->eula_version, "2022-07-14");
    assert_int_equal(c->poll_first, 5000);
    assert_int_equal(c->poll_slowest, 60000);
    assert_string_equal(c->offer_name, "Archera - Subscription");
    assert_string_equal(c->expected_unit_price, "");
    assert_int_equal(c->accept_within_days, 60);
    assert_percent(c->markup_cap, "100");
    assert_string_equal(c->tier, "bronze");
    assert_int_equal(c->tier_count, 3);
    assert_percent(c->tiers[1].markup, "33.3");
    assert_percent(config_markup(c), "25");
    assert_string_equal(c->people[LIST_APPROVERS].users[0], "U0123456789");
    assert_null(c->people[LIST_APPROVERS].users[1]);
    assert_null(c->people[LIST_APPROVERS].groups[0]);
    assert_null(c->people[LIST_REQUESTERS].users[0]);
    assert_null(c->people[LIST_REQUESTERS].groups[0]);
    assert_null(c->people[LIST_OPERATORS].users[0]);
    assert_null(c->people[LIST_OPERATORS].groups[0]);
    assert_null(c->teams[0]);
    assert_int_equal(c->needed, 1);
    assert_string_equal(c->support_contact, "partnersupport@archera.ai");
    assert_string_equal(c->ca_file, "");
    assert_string_equal(c->store_path, "/tmp/cppo.db"); /* beside the file */
    assert_int_equal(c->log_level, LOG_LEVEL_INFO);
    config_free(c);
    config_free(NULL);
}

static void every_key_can_be_set(void **state)
{
    (void)state;
    static const char file[] =
        "slack: {home_team: T0123456789, connections: 4, channels: {approvals: G0123456789,\n"
        "  announcements: C1, operators: C2}}\n"
        "aws: {account: \"000000000001\", profile: seller}\n"
        "marketplace: {draft: on-approval, buyer_url: \"https://x/{offer}\", poll_first: 50ms,\n"
        "  eula_version: 2030-01-01, poll_slowest: 1h}\n"
        "offer: {name: \"ü\", expected_unit_price: 0.0123456789012345, accept_within_days: 365,\n"
        "  markup_cap: 12.5, tier: own, tiers: [{name: own, markup: 7.25}]}\n"
        "people: {requesters: {users: [W1A], groups: [S1]}, approvers: {groups: [S2, S3]},\n"
        "  operators: {users: [U1, U2], groups: [S4]}, teams: [T1, E1]}\n"
        "approvals: {needed: 10}\n"
        "support_contact: me\n"
        "tls: {ca_file: /ca.pem}\n"
        "store: {path: /x.db}\n"
        "log: {level: debug}\n";
    struct err err;
    struct config *c = load(file, sizeof(file) - 1, &err);
    if (c == NULL)
        fail_msg("refused: %s", err.text);
    assert_string_equal(c->home_team, "T0123456789");
    assert_int_equal(c->connections, 4);
    assert_string_equal(c->channel_approvals, "G0123456789");
    assert_string_equal(c->channel_operators, "C2");
    assert_string_equal(c->aws_account, "000000000001");
    assert_string_equal(c->aws_profile, "seller");
    assert_int_equal(c->draft, DRAFT_ON_APPROVAL);
    assert_string_equal(c->buyer_url, "https://x/{offer}");
    assert_string_equal(c->eula_version, "2030-01-01");
    assert_int_equal(c->poll_first, 50);
    assert_int_equal(c->poll_slowest, 3600000);
    assert_string_equal(c->offer_name, "ü");
    assert_string_equal(c->expected_unit_price, "0.0123456789012345");
    assert_int_equal(c->accept_within_days, 365);
    assert_percent(c->markup_cap, "12.5");
    assert_int_equal(c->tier_count, 1);
    assert_percent(config_markup(c), "7.25");
    assert_string_equal(c->people[LIST_REQUESTERS].users[0], "W1A");
    assert_string_equal(c->people[LIST_REQUESTERS].groups[0], "S1");
    assert_string_equal(c->people[LIST_APPROVERS].groups[1], "S3");
    assert_null(c->people[LIST_APPROVERS].groups[2]);
    assert_string_equal(c->people[LIST_OPERATORS].users[1], "U2");
    assert_string_equal(c->teams[1], "E1");
    assert_int_equal(c->needed, 10);
    assert_string_equal(c->ca_file, "/ca.pem");
    assert_string_equal(c->store_path, "/x.db");
    assert_int_equal(c->log_level, LOG_LEVEL_DEBUG);
    config_free(c);
}

/* As it stands when each of its keys is commented out. */
static void a_section_may_be_empty(void **state)
{
    static const char *const empty[] = {"offer:", "proxy:\n# url: http://proxy"};
    (void)state;
    for (size_t i = 0; i < COUNT(empty); i++)
        config_free(load_good(empty[i]));
}

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"200ms", 200}, {"5s", 5000},     {"10m", 600000},
                {"50ms", 50},   {"600s", 600000}, {"600000ms", 600000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *line = text_format("marketplace: {poll_first: %s, poll_slowest: 1h}", rows[i].text);
        struct config *config = load_good(line);
        assert_int_equal(config->poll_first, rows[i].ms);
        config_free(config);
        free(line);
    }
}

/* --- what is refused --- */

static void what_is_wrong_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        int line;
        const char *text;
        const char *words; /* behind the file's name */
    } rows[] = {
        {10, "offer: {teir: gold}",
         ":10: there is no key “offer.teir”; did you mean “offer.tier”?"},
        {1, "slack:\n  conections: 3",
         ":2: there is no key “slack.conections”; did you mean “slack"},
        {2,
         "  chanels:", ":2: there is no section “slack.chanels”; did you mean “slack.channels”?"},
        {10, "something_else_entirely: 1", ":10: there is no key “something_else_entirely”"},
        {10, "[a]: 1", ":10: a key must be a word"},
        {6, "  account: \"111122223333\"\n  account: \"111122223333\"",
         ":7: aws.account is listed twice"},
        {10, "log: {level: info,\n level: warn}", ":11: log.level is listed twice"},
        {10, "approvals: {needed: true}", ":10: approvals.needed: “true” is not a number"},
        {10, "approvals: {needed: 0}", "“0” is not a number from 1 to 10"},
        {10, "approvals: {needed: 11}", "“11” is not a number from 1 to 10"},
        {10, "approvals: {needed: -1}", "“-1” is not a number"},
        {10, "approvals: {needed: 1.5}", "“1.5” is not a number"},
        {10, "approvals: {needed: \" 1\"}", "“ 1” is not a number"},
        {10, "approvals: {needed: 99999999999999999999}", "is not a number from 1 to 10"},
        {10, "approvals: {needed: }", "is not a number"},
        {10, "approvals: {needed: [1]}", ":10: approvals.needed must be a single value"},
        {10, "approvals: {needed: {a: 1}}", ":10: approvals.needed must be a single value"},
        {1, "slack:\n  connections: 5", ":2: slack.connections: “5” is not a number from 1 to 4"},
        {10, "offer: {accept_within_days: 366}", "from 1 to 365"},
        {10, "marketplace: {poll_first: 5}", ":10: marketplace.poll_first: “5” is not a duration"},
        {10, "marketplace: {poll_first: 49ms}", "write it like 200ms, 5s or 10m"},
        {10, "marketplace: {poll_first: 11m}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: -5s}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 5 s}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 1.5s}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 1d}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 5S}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 9223372036854775807h}", "not a duration in bounds"},
        {10, "marketplace: {poll_slowest: 61m}", "not a duration in bounds"},
        {10, "marketplace: {poll_first: 2m}", "poll_slowest is shorter than"},
        {10, "marketplace: {draft: later}",
         ":10: marketplace.draft: write on-submit or on-approval"},
        {10, "log: {level: loud}", ":10: log.level: write error, warn, info or debug, not “loud”"},
        {10, "offer: {markup_cap: 10%}", ":10: offer.markup_cap: “10%” is not a percentage"},
        {10, "offer: {expected_unit_price: free}",
         ":10: offer.expected_unit_price: “free” is not a"},
        {3, "    approvals: general",
         ":3: slack.channels.approvals: “general” is not a channel id"},
        {3, "    approvals: \"#c\"", ":3: slack.channels.approvals: “#c” is not a channel id"},
        {3, "    approvals: c0123456789", ":3: slack.channels.approvals: “c0123456789” is not a"},
        {3, "    approvals: U0123456789", "“U0123456789” is not a channel id"},
        {3, "    approvals: C", "“C” is not a channel id"},
        {3, "    approvals: C012345678901234567890123456789X", "is not a channel id"},
        {3, "    approvals:", ":3: slack.channels.approvals is empty: give the channel's id"},
        {1, "slack:\n  home_team: C1", ":2: slack.home_team: “C1” is not a team id"},
        {9, "    users: [U1, bob]", ":9: people.approvers.users: “bob” is not a user id"},
        {9, "    users: [U1,\n     [U2]]", ":10: people.approvers.users"},
        {9, "    users: [S1]", "“S1” is not a user id; it looks like U0123456789"},
        {9, "    groups: [U1]", "“U1” is not a user group id; it looks like S0123456789"},
        {7, "people:\n  teams: [C1]", ":8: people.teams: “C1” is not a team id"},
        {9, "    users: U0123456789", ":9: people.approvers.users must be a list"},
        {9, "    users: []", "nobody can approve"},
        {6, "  account: 11112222333", ":6: aws.account: “11112222333” is not an AWS account id"},
        {6, "  account: 1111-2222-3333", "12 digits in quotes"},
        {6, "  account: \"1111222233334\"", "is not an AWS account id"},
        {6, "  profile: x", "aws.account is missing: our seller account"},
        {3, "", "slack.channels.approvals is missing"},
        {4, "", "slack.channels.announcements is missing"},
        {10, "offer: {tier: gould}", "offer.tier “gould” is not one of offer.tiers"},
        {10, "offer: {markup_cap: 24.9}",
         "offer.markup_cap is 24.9, less than the markup of our tier “bronze”, which is 25"},
        {10, "offer: [bronze]", ":10: offer must be a section"},
        {10, "offer: bronze", ":10: offer must be a section"},
        {10, "offer: {tiers: [{name: own, markup: 5}]}", "offer.tier “bronze” is not one of"},
        {10, "offer: {tiers: [{name: own}]}",
         ":10: offer.tiers[].markup is missing: its markup, percent"},
        {10, "offer:\n  tiers: [\n   {name: bronze, markup: lots}]",
         ":12: offer.tiers[].markup: “lots” is not a percentage"},
        {10, "offer:\n  tiers:\n   - name: bronze\n     mark_up: 5",
         ":13: there is no key “mark_up” in offer.tiers; did you mean “markup”?"},
        {10, "offer: {tiers: [bronze]}", ":10: offer.tiers: write {name: bronze, markup: \"25\"}"},
        {10, "offer: {tiers: [{name: bronze, markup: 5, colour: red}]}",
         ":10: there is no key “colour” in offer.tiers"},
        {10, "offer: {tiers: [{name: bronze, name: b, markup: 5}]}",
         ":10: offer.tiers[].name is listed twice"},
        {10, "offer: {tiers: [{name: \"\", markup: 5}]}", ":10: offer.tiers[].name is empty"},
        {10, "offer: {tiers: {name: bronze, markup: 5}}",
         ":10: offer.tiers must be a list of maps"},
        {10, "offer: {tiers: [{name: bronze, markup: 5}, {name: bronze, markup: 6}]}",
         "“bronze” is listed twice"},
        {10, "offer: {}\noffer: {}", ":11: offer is listed twice"},
        {10, "offer.name: x", ":10: write “offer.name” as a section"},
        {10, "offer: {name: &x v}", "anchors (&name) and aliases (*name) are not supported"},
        {10, "offer: {name: &x v, tier: *x}", "anchors (&name) and aliases (*name)"},
        {10, "---\nlog: {level: info", "only one document is taken"},
        {10, "offer: {tier: [aäääääääääääääääääääääääääääääääääääääääääää]}", ":10: "},
        {10, "offer: {tiers: bronze}", ":10: offer.tiers must be a list of maps"},
        {10, "---\nlog: {level: info}", "there is a second document"},
        {10, "log: {level: info", ": not YAML: "},
        {10, "\tlog: x", ":10: there is a tab: indent with spaces"},
        {10, "log:\n\tlevel: info", ":11: there is a tab: indent with spaces"},
        {10, "# ä€\nlog:\n\tlevel: info", ":12: there is a tab: indent with spaces"},
        {10, "log:\n  level: info\n\tformat: text", ":12: there is a tab: indent with spaces"},
        {10, "offer: {name: @x}", ":10: put what begins with “@” between quotes"},
        {10, "offer: {name: `x`}", ":10: put what begins with “`” between quotes"},
        {10, "offer:\n  name: %x", ":11: put what begins with “%” between quotes"},
        {10, "  log: x\n y: z", ": not YAML: "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err;
        struct config *config = load_changed(rows[i].line, rows[i].text, &err);
        config_free(config);
        if (config != NULL)
            fail_msg("taken: %s", rows[i].text);
        assert_true(text_is_utf8(err.text, strlen(err.text)));
        if (strstr(err.text, rows[i].words) == NULL)
            fail_msg("“%s” is not in: %s", rows[i].words, err.text);
        if (rows[i].words[0] == ':' && strstr(err.text, path) != err.text)
            fail_msg("the file is not named first: %s", err.text);
    }
}

static void several_problems_are_told_together(void **state)
{
    (void)state;
    struct err err;
    assert_null(load_changed(APPENDED, "log: {level: x}\napprovals: {needed: x}", &err));
    assert_non_null(strstr(err.text, ":10: log.level"));
    assert_non_null(strstr(err.text, "\n"));
    assert_non_null(strstr(err.text, ":11: approvals.needed"));
}

/* What could not be read is not compared with anything. */
static void a_value_that_is_none_is_told_once(void **state)
{
    (void)state;
    struct err err;
    assert_null(load_changed(APPENDED, "offer: {markup_cap: fifty}", &err));
    assert_non_null(strstr(err.text, "“fifty” is not a percentage"));
    assert_null(strstr(err.text, "less than the markup"));
    assert_null(load_changed(APPENDED, "marketplace: {poll_slowest: soon}", &err));
    assert_non_null(strstr(err.text, "“soon” is not a duration"));
    assert_null(strstr(err.text, "is shorter than"));
}

static void whole_files_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *words;
    } rows[] = {
        {"", "it is empty; `cppo-bot init` writes an example"},
        {"\n# only words\n", "it is empty"},
        {"- a\n- b\n", ":1: expected key: value pairs"},
        {"just a text\n", ":1: expected key: value pairs"},
        {"log: {level: \"\xFF\"}\n", "not YAML"},
        {"log: {level: \"\xC0\x80\"}\n", "not YAML"},
        {"log: {level: \"\xED\xA0\x80\"}\n", "not YAML"},
        {"log: \x01\n", "not YAML"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refused(rows[i].bytes, strlen(rows[i].bytes), rows[i].words);
    char *why;
    assert_null(config_load("/tmp/cppo-test-there-is-none/x.yaml", &why));
    assert_non_null(strstr(why, "/tmp/cppo-test-there-is-none/x.yaml cannot be read: No such"));
    free(why);
    assert_null(config_load("/tmp", &why)); /* a directory */
    free(why);
}

static void a_long_list_of_mistakes_is_told_whole(void **state)
{
    enum { MISTAKES = 50 };
    struct text file = {0};
    char wanted[60];
    char *why = NULL;
    (void)state;
    for (int i = 0; i < MISTAKES; i++)
        text_addf(&file, "mistake_%d: 1\n", i);
    write_file(file.bytes, file.size);
    assert_null(config_load(path, &why));
    unlink(path);
    for (int i = 0; i < MISTAKES; i++) {
        snprintf(wanted, sizeof(wanted), ":%d: there is no key “mistake_%d”", i + 1, i);
        assert_non_null(strstr(why, wanted));
    }
    free(why);
    text_free(&file);
}

/* --- the example --- */

static void the_example_is_a_file_that_loads(void **state)
{
    (void)state;
    struct err err;
    char *example = config_example();
    struct config *config = load(example, strlen(example), &err);
    if (config == NULL)
        fail_msg("refused: %s", err.text);
    struct config *defaults = load_good("");
    assert_string_equal(config->buyer_url, defaults->buyer_url);
    assert_string_equal(config->offer_name, defaults->offer_name);
    assert_int_equal(config->poll_slowest, defaults->poll_slowest);
    assert_int_equal(config->tier_count, defaults->tier_count);
    for (size_t i = 0; i < config->tier_count; i++) {
        assert_string_equal(config->tiers[i].name, defaults->tiers[i].name);
        assert_int_equal(decimal_compare(config->tiers[i].markup, defaults->tiers[i].markup), 0);
    }
    assert_string_equal(config->people[LIST_APPROVERS].groups[0], "S0123456789");
    char *table = config_table_markdown();
    assert_non_null(strstr(table, "| `aws.account` | required | "));
    assert_non_null(strstr(table, "| `slack.connections` | `2` | "));
    free(table);
    free(example);
    config_free(config);
    config_free(defaults);
}

/* What it shows of playbooks is a comment; without the sign of one it loads, too. */
static void the_playbooks_of_the_example_load(void **state)
{
    (void)state;
    struct err err;
    struct text file = {0};
    char *example = config_example();
    char *at = strstr(example, "playbooks: []");
    assert_non_null(at);
    text_addf(&file, "%.*splaybooks:\n", (int)(at - example), example);
    at = strstr(at, "# for example");
    at = strchr(at, '\n') + 1;
    for (; strncmp(at, "# - ", 4) == 0; at = strchr(at, '\n') + 1)
        text_addf(&file, "  %.*s\n", (int)strcspn(at, "\n") - 2, at + 2);
    struct config *config = load(file.bytes, file.size, &err);
    if (config == NULL)
        fail_msg("refused: %s", err.text);
    assert_int_equal(config->preset_count, 3);
    const struct playbook *gold = playbook_named(config->playbooks, 3, "gold");
    assert_non_null(gold);
    assert_string_equal(gold->form.typed[FIELD_MARKUP], "42.8");
    assert_string_equal(gold->form.typed[FIELD_TERM], "P3650D");
    assert_string_equal(gold->form.typed[FIELD_OFFER_NAME], "Archera - Subscription");
    assert_null(gold->form.typed[FIELD_EULA]);
    assert_int_equal(gold->days, 60);
    config_free(config);
    text_free(&file);
    free(example);
}

/* Each with its line, and what to write instead. */
static void impossible_playbooks_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *map, *words;
    } rows[] = {
        {"{name: A, tier: iron}", ":12: playbooks “A”: tier “iron” is not one of offer.tiers"},
        {"{name: A, tier: gold, markup: 3}", "markup “3” stands beside a tier"},
        {"{name: A, markup: much}", "markup “much” is not a percentage"},
        {"{name: A, markup: 101}", "markup “101” is more than offer.markup_cap"},
        {"{name: A, term: 2 years}", "term “2 years” is none; write 10 years, 5 years"},
        {"{name: A, accept_within_days: 0}", ":12: playbooks[].accept_within_days: “0” is not a"},
        {"{name: A, eula: own}", "eula “own” is none; write as_authorized, standard or custom"},
        {"{name: A, eula_url: \"https://b\"}", "eula_url “https://b” needs eula: custom"},
        {"{name: A, eula: custom, eula_url: \"http://b\"}", "“http://b” is not an address"},
        {"{name: A, offer_name: \"<x>\"}", "offer_name “<x>” is no name that AWS takes"},
        {"{name: A, for: sellers}", "for “sellers” is no list of people; write requesters"},
        {"{name: A, for: operators}", "for “operators” has nobody on it"},
        {"{name: A=B}", "name “A=B” cannot be chosen"},
        {"{name: A, expected_unit_price: x}", "expected_unit_price: “x” is not a price"},
        {"{name: B}\n- {name: b}", ":13: playbooks “b”: name “b” is taken by another"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err;
        char *text = text_format("playbooks:\n- {name: first}\n- %s", rows[i].map);
        struct config *config = load_changed(APPENDED, text, &err);
        if (config != NULL || strstr(err.text, rows[i].words) == NULL)
            fail_msg("“%s” is not in: %s", rows[i].words, config != NULL ? "-" : err.text);
        free(text);
    }
}

/* Who can change the file decides who may approve: that is noticed, and told by the commands. */
static void a_file_that_others_can_change_is_noticed(void **state)
{
    static const struct {
        mode_t mode;
        bool noticed;
    } cases[] = {{0600, false}, {0644, false}, {0444, false},
                 {0664, true},  {0646, true},  {0622, true}};
    struct text file = {0};
    (void)state;
    for (int i = 0; i < APPENDED; i++)
        text_addf(&file, "%s\n", least[i]);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *why = NULL;
        write_file(text_get(&file), file.size);
        chmod(path, cases[i].mode);
        struct config *config = config_load(path, &why);
        unlink(path);
        if (config == NULL || config->writable_by_others != cases[i].noticed)
            fail_msg("%o: %s", (unsigned)cases[i].mode, why != NULL ? why : "noticed or not");
        config_free(config);
    }
    text_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_others_can_change_is_noticed),
        cmocka_unit_test(the_least_file_gets_every_default),
        cmocka_unit_test(every_key_can_be_set),
        cmocka_unit_test(a_section_may_be_empty),
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(several_problems_are_told_together),
        cmocka_unit_test(a_value_that_is_none_is_told_once),
        cmocka_unit_test(whole_files_that_are_none),
        cmocka_unit_test(a_long_list_of_mistakes_is_told_whole),
        cmocka_unit_test(the_example_is_a_file_that_loads),
        cmocka_unit_test(the_playbooks_of_the_example_load),
        cmocka_unit_test(impossible_playbooks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
