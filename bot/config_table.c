#include "config_table.h"

#include "config.h"

#define AT(member) offsetof(struct config, member)
#define IN_TIER(member) offsetof(struct config_tier, member)

static const struct config_row tier_rows[] = {
    {"name", KIND_NAME, IN_TIER(name), NULL, 0, 0, "what it is called", NULL},
    {"markup", KIND_PERCENT, IN_TIER(markup), NULL, 0, 0, "its markup, percent", NULL},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
static const struct config_list tiers = {tier_rows, sizeof(struct config_tier), AT(tier_count), 0,
                                         NULL};

#define IN_GROUP(member) offsetof(struct config_group, member)
static const struct config_row group_rows[] = {
    {"name", KIND_NAME, IN_GROUP(name), NULL, 0, 0, "what rules call it: letters, digits, - and _",
     NULL},
    {"users", KIND_USERS, IN_GROUP(people.users), "", 0, 0, "who is on it", NULL},
    {"groups", KIND_GROUPS, IN_GROUP(people.groups), "", 0, 0, "user groups that are on it", NULL},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
static const struct config_list groups = {group_rows, sizeof(struct config_group), AT(group_count),
                                          IN_GROUP(line), NULL};

#define IN_RULE(member) offsetof(struct config_rule, member)
#define RULE_ROW(part, key, doc)                                                                   \
    {key, KIND_RULE, IN_RULE(parts[part]), (part) == RULE_APPROVE ? NULL : "", 0, 0, doc, NULL},
static const struct config_row rule_rows[] = {
    {"name", KIND_NAME, IN_RULE(name), NULL, 0, 0, "what it is called", NULL},
    RULE_PARTS_ROWS(RULE_ROW){NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
static const struct config_list rules = {rule_rows, sizeof(struct config_rule), AT(written_count),
                                         IN_RULE(line), NULL};

#define IN_PLAYBOOK(member) offsetof(struct config_playbook, member)
static const struct config_row playbook_rows[] = {
    {"name", KIND_NAME, IN_PLAYBOOK(name), NULL, 0, 0, "what it is called", NULL},
    {"authorization", KIND_TEXT, IN_PLAYBOOK(authorization), "", 0, 0,
     "a part of the name of the resale authorizations that it goes with", NULL},
    {"tier", KIND_TEXT, IN_PLAYBOOK(tier), "", 0, 0, "one of offer.tiers, whose markup it has",
     NULL},
    {"markup", KIND_TEXT, IN_PLAYBOOK(markup), "", 0, 0, "or a markup of its own, percent", NULL},
    {"term", KIND_TEXT, IN_PLAYBOOK(term), "", 0, 0,
     "10 years, 5 years, 3 years, 1 year or as authorized", NULL},
    {"accept_within_days", KIND_NUMBER, IN_PLAYBOOK(days), "", 1, 365,
     "how long the buyer has to accept; as offer.accept_within_days when empty", NULL},
    {"eula", KIND_TEXT, IN_PLAYBOOK(eula), "", 0, 0, "as_authorized, standard or custom", NULL},
    {"eula_url", KIND_TEXT, IN_PLAYBOOK(eula_url), "", 0, 0, "the address of a custom one", NULL},
    {"offer_name", KIND_TEXT, IN_PLAYBOOK(offer_name), "", 0, 0, "what the buyer reads", NULL},
    {"note", KIND_TEXT, IN_PLAYBOOK(note), "", 0, 0, "a note for the approver", NULL},
    {"expected_unit_price", KIND_PRICE, IN_PLAYBOOK(price), "", 0, 0,
     "what the customer's unit price should come to; as offer.expected_unit_price when empty",
     NULL},
    {"for", KIND_TEXT, IN_PLAYBOOK(list), "", 0, 0,
     "who may use it: requesters, approvers, operators, or one of approvals.groups; whoever may "
     "request when empty",
     NULL},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
/* What Archera's guide for its partners says: its tiers, the name of the offer and of the
 * authorization, ten years, and some weeks to accept. */
#define GUIDE(name, tier)                                                                          \
    "{name: " name ", tier: " tier ", authorization: Subscription, offer_name: \"Archera - "       \
    "Subscription\", term: 10 years, accept_within_days: 60, expected_unit_price: \"0.01\"}"
static const struct config_list playbooks = {
    playbook_rows, sizeof(struct config_playbook), AT(preset_count), IN_PLAYBOOK(line),
    GUIDE("Bronze", "bronze") "\n" GUIDE("Silver", "silver") "\n" GUIDE("Gold", "gold")};

/* Behind the row before it. */
#define PEOPLE_ROWS(list, name, one, of_users, of_groups)                                          \
    , {"people." name ".users", KIND_USERS, AT(people[list].users), "", 0, 0, of_users, NULL},     \
    {                                                                                              \
        "people." name ".groups", KIND_GROUPS, AT(people[list].groups), "", 0, 0, of_groups, NULL  \
    }

const struct config_row config_rows[] = {
    {"slack.home_team", KIND_TEAM, AT(home_team), "", 0, 0,
     "our organisation's team id; the bot token's when empty", NULL},
    {"slack.connections", KIND_NUMBER, AT(connections), "2", 1, 4, "standing sockets to Slack",
     NULL},
    {"slack.channels.approvals", KIND_CHANNEL, AT(channel_approvals), NULL, 0, 0,
     "where the cards are posted; the bot must be in it", NULL},
    {"slack.channels.announcements", KIND_CHANNEL, AT(channel_announcements), NULL, 0, 0,
     "where published offers are announced", NULL},
    {"slack.channels.operators", KIND_CHANNEL, AT(channel_operators), "", 0, 0,
     "where problems are reported; when empty, to each operator, or to the approvals channel",
     NULL},
    {"aws.account", KIND_ACCOUNT, AT(aws_account), NULL, 0, 0,
     "our seller account; credentials for another account are refused", NULL},
    {"aws.profile", KIND_TEXT, AT(aws_profile), "", 0, 0, "a profile of the AWS files", NULL},
    {"marketplace.draft", KIND_DRAFT, AT(draft), "on-submit", 0, 0,
     "when AWS gets the draft: on-submit, or on-approval", NULL},
    {"marketplace.buyer_url", KIND_TEXT, AT(buyer_url),
     "https://aws.amazon.com/marketplace/saas/ordering?productId={product}&offerId={offer}", 0, 0,
     "the buyer's link; AWS does not return it", NULL},
    {"marketplace.eula_version", KIND_TEXT, AT(eula_version), "2022-07-14", 0, 0,
     "the standard contract's newest version", NULL},
    {"marketplace.poll_first", KIND_DURATION, AT(poll_first), "5s", 50, 600000,
     "how soon AWS is asked whether it is done", NULL},
    {"marketplace.poll_slowest", KIND_DURATION, AT(poll_slowest), "1m", 50, 3600000,
     "longest interval between polls", NULL},
    {"offer.name", KIND_TEXT, AT(offer_name), "Archera - Subscription", 0, 0,
     "the name that the form proposes", NULL},
    {"offer.expected_unit_price", KIND_PRICE, AT(expected_unit_price), "", 0, 0,
     "what the customer's unit price should be; not compared when empty", NULL},
    {"offer.expected_currency", KIND_TEXT, AT(expected_currency), "USD", 0, 0,
     "the currency of expected_unit_price; prices in another are not compared", NULL},
    {"offer.accept_within_days", KIND_NUMBER, AT(accept_within_days), "60", 1, 365,
     "the accept-by date that the form proposes", NULL},
    {"offer.markup_cap", KIND_PERCENT, AT(markup_cap), "100", 0, 0, "the highest markup, percent",
     NULL},
    {"offer.tier", KIND_TEXT, AT(tier), "bronze", 0, 0, "our tier: its markup is proposed", NULL},
    {"offer.tiers", KIND_LIST_OF_MAPS, AT(tiers),
     "{name: bronze, markup: \"25\"}\n{name: silver, markup: \"33.3\"}\n"
     "{name: gold, markup: \"42.8\"}",
     0, 100, "the available tiers", &tiers} PEOPLE(PEOPLE_ROWS),
    {"people.teams", KIND_TEAMS, AT(teams), "", 0, 0,
     "further organisations or workspaces whose members may act like ours; guests of our own "
     "organisation may not, and of another one Slack does not say who is a guest",
     NULL},
    {"approvals.needed", KIND_NUMBER, AT(needed), "1", 1, 10, "how many approvers must agree",
     NULL},
    {"approvals.undo_window", KIND_DURATION, AT(undo_window), "0s", 0, 86400000,
     "how long an approved offer waits before it is released, so that Hold can stop it; 0s: not at "
     "all",
     NULL},
    {"approvals.groups", KIND_LIST_OF_MAPS, AT(groups), "", 0, 24,
     "lists of people that rules name, beside approvers and the other lists of people", &groups},
    {"approvals.rules", KIND_LIST_OF_MAPS, AT(written), "", 0, 50,
     "who approves what: of these the first that applies, fixed when a request is sent; where none "
     "does, approvals.needed of people.approvers",
     &rules},
    {"approvals.break_glass", KIND_TEXT, AT(break_glass), "", 0, 0,
     "one of approvals.groups, or approvers or operators: each of them may approve alone in an "
     "emergency, with a reason that all approvers and operators are told; nobody when empty",
     NULL},
    {"reminders.after", KIND_WAITS, AT(remind_after), "4h, 1d, 2d, 4d", 0, 0,
     "after how much working time approvers are reminded of what waits for them, in h or d; none "
     "when empty",
     NULL},
    {"working_hours.days", KIND_WEEKDAYS, AT(hours.days), "mon, tue, wed, thu, fri", 0, 0,
     "the days on which people are reminded", NULL},
    {"working_hours.from", KIND_CLOCK, AT(hours.from), "09:00", 0, 0,
     "... and from when, each by their own clock", NULL},
    {"working_hours.to", KIND_CLOCK, AT(hours.to), "17:00", 0, 0, "... and until when", NULL},
    {"working_hours.holidays", KIND_DATES, AT(hours.holidays), "", 0, 0,
     "dates on which nobody works, like 2026-12-25", NULL},
    {"working_hours.zone", KIND_ZONE, AT(zone), "UTC", 0, 0,
     "the time zone of whom Slack names none, like Europe/Berlin; one that the machine does not "
     "know is taken for UTC",
     NULL},
    {"playbooks", KIND_LIST_OF_MAPS, AT(presets), "", 0, 30,
     "presets that the form offers by name: choosing one fills the form in", &playbooks},
    {"support_contact", KIND_TEXT, AT(support_contact), "partnersupport@archera.ai", 0, 0,
     "whom to ask for authorizations and tiers", NULL},
    {"proxy.url", KIND_TEXT, AT(proxy_url), "", 0, 0,
     "an HTTP proxy, http://[user@]host:port, its password in PROXY_PASSWORD; HTTPS_PROXY or "
     "ALL_PROXY when empty; none: no proxy",
     NULL},
    {"proxy.no_proxy", KIND_TEXT, AT(no_proxy), "", 0, 0,
     "hosts that are reached without it, as NO_PROXY, which counts when empty", NULL},
    {"tls.ca_file", KIND_TEXT, AT(ca_file), "", 0, 0,
     "certificate authorities to trust instead of the system's", NULL},
    {"store.path", KIND_TEXT, AT(store_path), "cppo.db", 0, 0,
     "the state file; a relative path starts at the folder of this file", NULL},
    {"log.level", KIND_LEVEL, AT(log_level), "info", 0, 0, "error, warn, info or debug", NULL},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
_Static_assert(sizeof(config_rows) / sizeof(config_rows[0]) <= CONFIG_MAX_ROWS, "too many keys");
