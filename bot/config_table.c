#include "config_table.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "text.h"

#define AT(member) offsetof(struct config, member)

const struct config_row config_rows[] = {
    {"slack.home_team", KIND_TEAM, AT(home_team), "", 0, 0,
     "our organisation's team id; the bot token's when empty"},
    {"slack.connections", KIND_NUMBER, AT(connections), "2", 1, 4, "standing sockets to Slack"},
    {"slack.channels.approvals", KIND_CHANNEL, AT(channel_approvals), NULL, 0, 0,
     "where the cards stand; the bot must be in it"},
    {"slack.channels.announcements", KIND_CHANNEL, AT(channel_announcements), NULL, 0, 0,
     "where published offers are announced"},
    {"slack.channels.operators", KIND_CHANNEL, AT(channel_operators), "", 0, 0,
     "where trouble is told; direct messages to the operators when empty"},
    {"aws.account", KIND_ACCOUNT, AT(aws_account), NULL, 0, 0,
     "our seller account; keys of any other publish nothing"},
    {"aws.profile", KIND_TEXT, AT(aws_profile), "", 0, 0, "a profile of the AWS files"},
    {"marketplace.draft", KIND_DRAFT, AT(draft), "on-submit", 0, 0,
     "when AWS gets the draft: on-submit, or on-approval"},
    {"marketplace.buyer_url", KIND_TEXT, AT(buyer_url),
     "https://aws.amazon.com/marketplace/saas/ordering?productId={product}&offerId={offer}", 0, 0,
     "the buyer's link; AWS does not return it"},
    {"marketplace.eula_version", KIND_TEXT, AT(eula_version), "2022-07-14", 0, 0,
     "the standard contract's newest version"},
    {"marketplace.poll_first", KIND_DURATION, AT(poll_first), "5s", 50, 600000,
     "how soon AWS is asked whether it is done"},
    {"marketplace.poll_slowest", KIND_DURATION, AT(poll_slowest), "1m", 50, 3600000,
     "how slow that may become"},
    {"offer.name", KIND_TEXT, AT(offer_name), "Archera - Subscription", 0, 0,
     "the name that the form proposes"},
    {"offer.expected_unit_price", KIND_PRICE, AT(expected_unit_price), "", 0, 0,
     "what the customer's unit price should be; not compared when empty"},
    {"offer.expected_currency", KIND_TEXT, AT(expected_currency), "USD", 0, 0,
     "the currency of expected_unit_price; prices in another are not compared"},
    {"offer.accept_within_days", KIND_NUMBER, AT(accept_within_days), "60", 1, 365,
     "the accept-by date that the form proposes"},
    {"offer.markup_cap", KIND_PERCENT, AT(markup_cap), "100", 0, 0, "the highest markup, percent"},
    {"offer.tier", KIND_TEXT, AT(tier), "bronze", 0, 0, "our tier: its markup is proposed"},
    {"offer.tiers", KIND_TIERS, AT(tiers), "bronze 25, silver 33.3, gold 42.8", 0, 0,
     "name and markup of each tier"},
    {"people.requesters.users", KIND_USERS, AT(requesters.users), "", 0, 0,
     "who may request; with no requesters at all: every member of the home team but guests"},
    {"people.requesters.groups", KIND_GROUPS, AT(requesters.groups), "", 0, 0,
     "user groups who may request"},
    {"people.approvers.users", KIND_USERS, AT(approvers.users), "", 0, 0, "who decides"},
    {"people.approvers.groups", KIND_GROUPS, AT(approvers.groups), "", 0, 0,
     "user groups who decide"},
    {"people.operators.users", KIND_USERS, AT(operators.users), "", 0, 0, "who runs the bot"},
    {"people.operators.groups", KIND_GROUPS, AT(operators.groups), "", 0, 0,
     "user groups who run the bot"},
    {"people.teams", KIND_TEAMS, AT(teams), "", 0, 0,
     "further organisations or workspaces whose members, but not guests, may act like ours"},
    {"approvals.needed", KIND_NUMBER, AT(needed), "1", 1, 10, "how many approvers must agree"},
    {"support_contact", KIND_TEXT, AT(support_contact), "partnersupport@archera.ai", 0, 0,
     "whom to ask for authorizations and tiers"},
    {"proxy.url", KIND_TEXT, AT(proxy_url), "", 0, 0,
     "an HTTP proxy, http://[user@]host:port, its password in PROXY_PASSWORD; HTTPS_PROXY or "
     "ALL_PROXY when empty; none: no proxy"},
    {"proxy.no_proxy", KIND_TEXT, AT(no_proxy), "", 0, 0,
     "hosts that are reached without it, as NO_PROXY, which counts when empty"},
    {"tls.ca_file", KIND_TEXT, AT(ca_file), "", 0, 0,
     "authorities to trust instead of the system's"},
    {"store.path", KIND_TEXT, AT(store_path), "cppo.db", 0, 0,
     "the state file; a relative path starts at the folder of this file"},
    {"log.level", KIND_LEVEL, AT(log_level), "info", 0, 0, "error, warn, info or debug"},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL},
};

/* What the example shows for a key without a default. */
static const char *sample(const struct config_row *row)
{
    return row->kind == KIND_ACCOUNT ? "\"" CONFIG_EXAMPLE_ACCOUNT "\"" : CONFIG_EXAMPLE_CHANNEL;
}

static void add_value(struct text *out, const struct config_row *row)
{
    switch (row->kind) {
    case KIND_USERS:
    case KIND_GROUPS:
    case KIND_TEAMS:
        text_add(out, strcmp(row->key, "people.approvers.groups") == 0 ? " [" CONFIG_EXAMPLE_GROUP
                                                                         "]"
                                                                       : " []");
        break;
    case KIND_TIERS:
        text_add(out, "\n    - {name: bronze, markup: \"25\"}\n    - {name: silver, markup: "
                      "\"33.3\"}\n    - {name: gold, markup: \"42.8\"}");
        break;
    case KIND_TEXT:
    case KIND_PRICE:
    case KIND_PERCENT:
    case KIND_CHANNEL:
    case KIND_TEAM:
        text_addf(out, row->by_default != NULL ? " \"%s\"" : " %s",
                  row->by_default != NULL ? row->by_default : sample(row));
        break;
    case KIND_ACCOUNT:
        text_addf(out, " %s", sample(row));
        break;
    case KIND_NUMBER:
    case KIND_DURATION:
    case KIND_DRAFT:
    case KIND_LEVEL:
        text_addf(out, " %s", row->by_default);
        break;
    }
}

/* Sections open where a key's leading part differs from the one before. */
char *config_example(void)
{
    struct text out = {0};
    const char *before = "";
    text_add(&out, "# Configuration of cppo-bot. Secrets do not stand here: SLACK_APP_TOKEN,\n"
                   "# SLACK_BOT_TOKEN and the AWS keys come from the environment.\n");
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        int depth = 0;
        const char *at = row->key;
        const char *dot;
        while ((dot = strchr(at, '.')) != NULL) {
            size_t size = (size_t)(dot - row->key) + 1;
            if (strncmp(before, row->key, size) != 0)
                text_addf(&out, "%s%*s%.*s:\n", depth == 0 ? "\n" : "", 2 * depth, "",
                          (int)(dot - at), at);
            depth++;
            at = dot + 1;
        }
        text_addf(&out, "%*s# %s\n%*s%s:", 2 * depth, "", row->doc, 2 * depth, "", at);
        add_value(&out, row);
        text_add(&out, "\n");
        before = row->key;
    }
    return text_take(&out);
}

char *config_table_markdown(void)
{
    struct text out = {0};
    text_add(&out, "| key | default | what it is |\n| --- | --- | --- |\n");
    for (const struct config_row *row = config_rows; row->key != NULL; row++)
        text_addf(&out, "| `%s` | %s%s%s | %s |\n", row->key,
                  row->by_default == NULL    ? "required"
                  : *row->by_default == '\0' ? ""
                                             : "`",
                  row->by_default != NULL ? row->by_default : "",
                  row->by_default != NULL && *row->by_default != '\0' ? "`" : "", row->doc);
    return text_take(&out);
}
