/* `cppo-bot check`, Slack: tokens and scopes, channels and who reads them. */
#include <stdlib.h>
#include <string.h>

#include "check_up.h"
#include "mem.h"
#include "offers/kind.h"
#include "slack/replies.h"
#include "text.h"

/* --- tokens --- */

static char *read_token(struct check_up *up, const char *name, const char *what, const char *prefix)
{
    struct err err;
    char *token = config_secret(name, &err);
    if (token == NULL) {
        check_wrong(up, what, "%s", err.text);
    } else if (slack_token_fault(token, prefix) != NULL) {
        check_wrong(up, what, "%s must start with %s; %s", name, prefix,
                    slack_token_fault(token, prefix));
        mem_wipe_free(token);
        token = NULL;
    }
    return token;
}

static void check_app_token(struct check_up *up)
{
    struct slack_answer answer;
    up->app_token = read_token(up, "SLACK_APP_TOKEN", "app token", "xapp-");
    if (up->app_token == NULL)
        return;
    ask_slack(&up->asker, "apps.connections.open", up->app_token, json_object(), &answer, NULL);
    if (answer.outcome == OUTCOME_OK)
        check_good("app token", "it opens sockets");
    else if (strcmp(answer.code, "missing_scope") == 0)
        check_wrong(up, "app token",
                    "it lacks the scope connections:write: generate another with it");
    else
        check_wrong(up, "app token", "%s (%s)", answer.text, answer.code);
    slack_answer_clear(&answer);
}

static bool in_list(const char *list, const char *item, size_t size)
{
    while (*list != '\0') {
        list += strspn(list, ", ");
        size_t one = strcspn(list, ", ");
        if (one == size && strncmp(list, item, size) == 0)
            return true;
        list += one;
    }
    return false;
}

/* Those of ${needed} that the token does not have, each once. */
static void add_missing(struct text *missing, const char *needed, const char *granted)
{
    while (*needed != '\0') {
        size_t size = strcspn(needed, ",");
        if (!in_list(granted, needed, size) && !in_list(text_get(missing), needed, size))
            text_addf(missing, "%s%.*s", missing->size > 0 ? ", " : "", (int)size, needed);
        needed += size + (needed[size] == ',');
    }
}

static void check_scopes(struct check_up *up, const char *granted)
{
    struct text missing = {0};
    struct text declined = {0};
    add_missing(&missing, "commands", granted);
    for (const struct slack_method *method = slack_methods(); method->name != NULL; method++)
        add_missing(method->optional ? &declined : &missing, method->scopes, granted);
    if (missing.size > 0)
        check_wrong(
            up, "scopes",
            "the bot token lacks %s: update the app from manifest.json and install it again",
            text_get(&missing));
    else
        check_good("scopes", "the bot token has all that are needed");
    if (declined.size > 0)
        check_note("scopes",
                   "the bot token lacks %s, which are optional: without them the bot cannot look "
                   "for its own messages, so one that Slack did not confirm waits for an operator, "
                   "and after the state file was lost or restored old cards are not seen",
                   text_get(&declined));
    text_free(&missing);
    text_free(&declined);
}

static void check_bot_token(struct check_up *up)
{
    struct slack_answer answer;
    char *scopes;
    char user[PERSON_ID];
    char team[PERSON_ID];
    const char *home = up->config->home_team;
    up->bot_token = read_token(up, "SLACK_BOT_TOKEN", "bot token", "xoxb-");
    if (up->bot_token == NULL)
        return;
    ask_slack(&up->asker, "auth.test", up->bot_token, json_object(), &answer, &scopes);
    if (answer.outcome != OUTCOME_OK ||
        !slack_identity(answer.root, team, sizeof(team), user, sizeof(user))) {
        check_wrong(up, "bot token", "%s (%s)", answer.text, answer.code);
        mem_wipe_free(up->bot_token);
        up->bot_token = NULL;
    } else {
        text_fit(up->home_team, sizeof(up->home_team), *home != '\0' ? home : team);
        check_good("bot token", "it is %s of the workspace %s", user, team);
        if (strcmp(up->home_team, team) != 0)
            check_note("home team", "slack.home_team is %s, the token's workspace is %s", home,
                       team);
        slack_enterprise(answer.root, up->enterprise, sizeof(up->enterprise));
        if (*up->enterprise != '\0')
            check_note("workspace",
                       "it is part of an Enterprise Grid: people who are only in its other "
                       "workspaces are treated as external unless people.teams lists their "
                       "workspace");
        check_scopes(up, scopes);
    }
    slack_answer_clear(&answer);
    free(scopes);
}

/* --- channels --- */

static bool is(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* Who is in it; false when Slack does not say. */
static bool read_members(struct check_up *up, const char *channel, struct check_people *members)
{
    enum { PAGE = 200, MAX_PAGES = 10 };
    char cursor[SLACK_CURSOR] = "";
    bool more = true, told = true;
    for (int i = 0; more && told && i < MAX_PAGES; i++) {
        struct slack_answer answer;
        ask_slack(&up->asker, "conversations.members", up->bot_token,
                  json_pack("{s:s, s:i, s:s}", "channel", channel, "limit", PAGE, "cursor", cursor),
                  &answer, NULL);
        told = answer.outcome == OUTCOME_OK;
        const json_t *page = json_object_get(answer.root, "members");
        for (size_t at = 0; at < json_array_size(page); at++) {
            const char *id = json_string_value(json_array_get(page, at));
            if (id != NULL)
                check_people_add(members, id, id);
        }
        more = told && slack_next_page(answer.root, cursor);
        slack_answer_clear(&answer);
    }
    return told && !more;
}

/* A card shows markup, wholesale price and note: not to everybody. */
static void check_secrecy(struct check_up *up, const json_t *reply, const char *name)
{
    if (slack_channel_shared(reply))
        check_wrong(up, "approvals",
                    "#%s is shared with another organisation, which would read markups and "
                    "wholesale prices: use a private channel of your own",
                    name);
    else if (!is(json_object_get(reply, "channel"), "is_private"))
        check_note("approvals",
                   "#%s is public: everybody in the workspace can read markups and wholesale "
                   "prices; a private channel is better",
                   name);
}

static void read_identity(struct check_up *up, struct check_person *one)
{
    struct slack_answer answer;
    struct person person;
    ask_slack(&up->asker, "users.info", up->bot_token, json_pack("{s:s}", "user", one->id), &answer,
              NULL);
    if (answer.outcome == OUTCOME_OK && slack_person(answer.root, &person)) {
        free(one->identity);
        one->identity = mem_copy(person.identity);
    }
    slack_answer_clear(&answer);
}

/* The approvers who are not among ${members}, between commas; how many. */
static size_t list_absent(const struct check_up *up, const struct check_people *members,
                          struct text *absent)
{
    size_t count = 0;
    text_clear(absent);
    for (size_t i = 0; i < up->approvers.count; i++) {
        const struct check_person *approver = &up->approvers.at[i];
        if (!check_people_has(members, approver->id, approver->identity))
            text_addf(absent, "%s%s", count++ > 0 ? ", " : "", approver->id);
    }
    return count;
}

/* On Grid the channel may list somebody by an id that only Slack knows to be theirs. Slack allows
 * some hundred questions a minute: false when the members are too many to ask for all. */
static bool read_identities(struct check_up *up, struct check_people *members)
{
    enum { MAX_READ = 200 };
    int count = 0;
    for (size_t i = 0; i < members->count; i++) {
        struct check_person *one = &members->at[i];
        if (check_people_has(&up->approvers, one->id, one->id))
            continue;
        if (count++ == MAX_READ)
            return false;
        read_identity(up, one);
    }
    return true;
}

/* Nobody is told of a message in a channel that they are not in. */
static void check_readers(struct check_up *up, const char *channel)
{
    struct check_people *members = mem_new(1, sizeof(*members));
    struct text absent = {0};
    bool told = read_members(up, channel, members);
    bool all = true;
    size_t count = told ? list_absent(up, members, &absent) : 0;
    if (count > 0 && *up->enterprise != '\0') {
        all = read_identities(up, members);
        count = list_absent(up, members, &absent);
    }
    if (!told)
        check_note("approvals", "who is in the channel could not be read");
    else if (count > 0 && !all)
        check_note("approvals",
                   "perhaps not in the channel, which has too many members to ask "
                   "Slack about each: %s",
                   text_get(&absent));
    else if (count > 0 && count == up->approvers.count)
        check_wrong(up, "approvals", "no approver is in the channel: invite %s", text_get(&absent));
    else if (count > 0)
        check_note("approvals", "not in the channel, so not told of new %s: %s",
                   kinds_words()->nouns, text_get(&absent));
    text_free(&absent);
    check_people_clear(members);
    free(members);
}

static void check_channel(struct check_up *up, const char *what, const char *id)
{
    struct slack_answer answer;
    bool approvals = id == up->config->channel_approvals;
    if (*id == '\0')
        return;
    ask_slack(&up->asker, "conversations.info", up->bot_token, json_pack("{s:s}", "channel", id),
              &answer, NULL);
    const json_t *channel = json_object_get(answer.root, "channel");
    const char *name = json_string_value(json_object_get(channel, "name"));
    name = name != NULL ? name : "?";
    if (answer.outcome != OUTCOME_OK) {
        check_wrong(up, what, "%s: %s (%s)", id, answer.text, answer.code);
    } else if (is(channel, "is_archived")) {
        check_wrong(up, what, "#%s (%s) is archived: unarchive it or configure another", name, id);
    } else if (!is(channel, "is_member")) {
        check_wrong(up, what, "the bot is not in #%s (%s): type /invite @cppo there", name, id);
    } else {
        check_good(what, "#%s (%s)", name, id);
        if (approvals)
            check_secrecy(up, answer.root, name);
    }
    slack_answer_clear(&answer);
}

/* Markup and wholesale price stand in one and never in the other. */
static void check_apart(struct check_up *up)
{
    const struct config *config = up->config;
    if (strcmp(config->channel_approvals, config->channel_announcements) == 0)
        check_wrong(up, "announcements",
                    "it is the approvals channel: whoever reads announcements would read markups "
                    "and wholesale prices; use another channel");
}

/* --- all of it --- */

void check_slack(struct check_up *up)
{
    const struct config *config = up->config;
    check_app_token(up);
    check_bot_token(up);
    if (up->bot_token == NULL)
        return;
    check_channel(up, "approvals", config->channel_approvals);
    check_channel(up, "announcements", config->channel_announcements);
    check_apart(up);
    check_channel(up, "operators", config->channel_operators);
    check_lists(up);
    check_readers(up, config->channel_approvals);
    if (*config->channel_operators == '\0' && config->people[LIST_OPERATORS].users[0] == NULL &&
        config->people[LIST_OPERATORS].groups[0] == NULL)
        check_note("operators",
                   "problems are reported to the approvers: set slack.channels.operators");
}
