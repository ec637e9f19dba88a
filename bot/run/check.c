#include "run/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/store.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "marketplace/xml.h"
#include "mem.h"
#include "offers/authorization.h"
#include "run/ask.h"
#include "run/ports.h"
#include "run/tables.h"
#include "slack/replies.h"
#include "text.h"

enum { MOST_APPROVERS = 2000 };

struct check_up {
    const struct config *config;
    struct asker asker;
    char *app_token, *bot_token;
    char home_team[PERSON_ID];
    char *approvers[MOST_APPROVERS]; /* distinct ids */
    size_t approver_count;
    char key_trouble[600];
    int wrong, doubtful;
};

/* --- lines -------------------------------------------------------------------------------- */

static void say(const char *mark, const char *what, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void say(const char *mark, const char *what, const char *format, va_list args)
{
    printf("%-6s %-16s ", mark, what);
    vprintf(format, args);
    printf("\n");
}

static void good(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void good(const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("ok", what, format, args);
    va_end(args);
}

static void wrong(struct check_up *up, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void wrong(struct check_up *up, const char *what, const char *format, ...)
{
    va_list args;
    up->wrong++;
    va_start(args, format);
    say("WRONG", what, format, args);
    va_end(args);
}

static void doubtful(struct check_up *up, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void doubtful(struct check_up *up, const char *what, const char *format, ...)
{
    va_list args;
    up->doubtful++;
    va_start(args, format);
    say("note", what, format, args);
    va_end(args);
}

/* --- the state file ----------------------------------------------------------------------- */

static void check_store(struct check_up *up)
{
    struct err err;
    const char *path = up->config->store_path;
    if (access(path, F_OK) != 0) {
        good("state file", "%s will be made at the first start", path);
        return;
    }
    struct store *store = store_open_reader(path, bot_migration_count, &err);
    if (store == NULL)
        wrong(up, "state file", "%s", err.text);
    else
        good("state file", "%s", path);
    store_close(store);
}

/* --- tokens ------------------------------------------------------------------------------- */

static char *read_token(struct check_up *up, const char *name, const char *what, const char *prefix)
{
    struct err err;
    char *token = config_secret(name, &err);
    if (token == NULL) {
        wrong(up, what, "%s", err.text);
    } else if (strncmp(token, prefix, strlen(prefix)) != 0) {
        wrong(up, what, "%s must start with %s; this is another kind of token", name, prefix);
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
        good("app token", "it opens sockets");
    else if (strcmp(answer.code, "missing_scope") == 0)
        wrong(up, "app token", "it lacks the scope connections:write: generate another with it");
    else
        wrong(up, "app token", "%s (%s)", answer.text, answer.code);
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

/* Every scope that a call of ours needs and the token does not have, once. */
static void check_scopes(struct check_up *up, const char *granted)
{
    struct text missing = {0};
    const char *needed = "commands";
    const struct slack_method *method = slack_methods();
    for (;;) {
        while (*needed != '\0') {
            size_t size = strcspn(needed, ",");
            if (!in_list(granted, needed, size) && !in_list(text_get(&missing), needed, size))
                text_addf(&missing, "%s%.*s", missing.size > 0 ? ", " : "", (int)size, needed);
            needed += size + (needed[size] == ',');
        }
        if (method->name == NULL)
            break;
        needed = method->scopes;
        method++;
    }
    if (missing.size > 0)
        wrong(up, "scopes",
              "the bot token lacks %s: update the app from manifest.json and install it again",
              text_get(&missing));
    else
        good("scopes", "the bot token has all that are needed");
    text_free(&missing);
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
        wrong(up, "bot token", "%s (%s)", answer.text, answer.code);
        mem_wipe_free(up->bot_token);
        up->bot_token = NULL;
    } else {
        text_fit(up->home_team, sizeof(up->home_team), *home != '\0' ? home : team);
        good("bot token", "it is %s of the workspace %s", user, team);
        if (strcmp(up->home_team, team) != 0)
            doubtful(up, "home team", "slack.home_team is %s, the token's workspace is %s", home,
                     team);
        check_scopes(up, scopes);
    }
    slack_answer_clear(&answer);
    free(scopes);
}

/* --- channels ----------------------------------------------------------------------------- */

static void check_channel(struct check_up *up, const char *what, const char *id)
{
    struct slack_answer answer;
    if (*id == '\0')
        return;
    ask_slack(&up->asker, "conversations.info", up->bot_token, json_pack("{s:s}", "channel", id),
              &answer, NULL);
    const json_t *channel = json_object_get(answer.root, "channel");
    const char *name = json_string_value(json_object_get(channel, "name"));
    name = name != NULL ? name : "?";
    if (answer.outcome != OUTCOME_OK)
        wrong(up, what, "%s: %s (%s)", id, answer.text, answer.code);
    else if (json_is_true(json_object_get(channel, "is_archived")))
        wrong(up, what, "#%s (%s) is archived: unarchive it or configure another", name, id);
    else if (!json_is_true(json_object_get(channel, "is_member")))
        wrong(up, what, "the bot is not in #%s (%s): type /invite @cppo there", name, id);
    else
        good(what, "#%s (%s)", name, id);
    slack_answer_clear(&answer);
}

/* --- people ------------------------------------------------------------------------------- */

static void add_approver(struct check_up *up, const char *id)
{
    for (size_t i = 0; i < up->approver_count; i++) {
        if (strcmp(up->approvers[i], id) == 0)
            return;
    }
    if (up->approver_count < MOST_APPROVERS)
        up->approvers[up->approver_count++] = mem_copy(id);
}

static void check_user(struct check_up *up, const char *what, const char *id,
                       const struct policy *policy)
{
    struct slack_answer answer;
    struct person person;
    ask_slack(&up->asker, "users.info", up->bot_token, json_pack("{s:s}", "user", id), &answer,
              NULL);
    if (answer.outcome != OUTCOME_OK)
        wrong(up, what, "%s: %s (%s)", id, answer.text, answer.code);
    else if (!slack_person(answer.root, &person))
        wrong(up, what, "%s: Slack's answer makes no sense", id);
    else if (policy_may_request(policy, &person) != NULL)
        wrong(up, what, "%s (%s): %s", person.name, id, policy_may_request(policy, &person));
    else
        good(what, "%s (%s)", person.name, id);
    slack_answer_clear(&answer);
}

static void check_group(struct check_up *up, const char *what, const char *id, bool approvers)
{
    struct slack_answer answer;
    const char *members[MOST_APPROVERS];
    ask_slack(&up->asker, "usergroups.users.list", up->bot_token,
              json_pack("{s:s}", "usergroup", id), &answer, NULL);
    int count = answer.outcome == OUTCOME_OK
                    ? slack_group_members(answer.root, members, MOST_APPROVERS)
                    : -1;
    if (count < 0)
        wrong(up, what, "user group %s: %s (%s)", id, answer.text, answer.code);
    else if (count == 0)
        wrong(up, what, "user group %s has no members", id);
    else
        good(what, "user group %s: %d people", id, count);
    for (int i = 0; approvers && i < count; i++)
        add_approver(up, members[i]);
    slack_answer_clear(&answer);
}

/* Anybody may stand on a list who would be let in at the click: the policy itself is asked. */
static void check_people(struct check_up *up, const char *what, const struct config_people *people)
{
    const struct policy policy = {.home_team = up->home_team,
                                  .teams = (const char *const *)up->config->teams};
    bool approvers = people == &up->config->approvers;
    for (char **user = people->users; *user != NULL; user++) {
        check_user(up, what, *user, &policy);
        if (approvers)
            add_approver(up, *user);
    }
    for (char **group = people->groups; *group != NULL; group++)
        check_group(up, what, *group, approvers);
}

static void check_enough(struct check_up *up)
{
    size_t needed = (size_t)up->config->needed;
    if (up->approver_count < needed)
        wrong(up, "approvals", "%zu approvals are needed, but only %zu people can give them",
              needed, up->approver_count);
    else if (up->approver_count == needed)
        doubtful(up, "approvals",
                 "all %zu approvers are needed: none of them can request an offer himself", needed);
    else
        good("approvals", "%zu of %zu people", needed, up->approver_count);
}

static void check_slack(struct check_up *up)
{
    const struct config *config = up->config;
    check_app_token(up);
    check_bot_token(up);
    if (up->bot_token == NULL)
        return;
    check_channel(up, "approvals", config->channel_approvals);
    check_channel(up, "announcements", config->channel_announcements);
    check_channel(up, "operators", config->channel_operators);
    check_people(up, "approver", &config->approvers);
    check_people(up, "operator", &config->operators);
    check_people(up, "requester", &config->requesters);
    check_enough(up);
    if (*config->channel_operators == '\0' && config->operators.users[0] == NULL)
        doubtful(up, "operators", "nobody is told of trouble: set slack.channels.operators");
}

/* --- AWS ---------------------------------------------------------------------------------- */

static void on_keys(void *ctx, const char *why)
{
    struct check_up *up = ctx;
    text_fit(up->key_trouble, sizeof(up->key_trouble), why != NULL ? why : "");
}

static bool check_identity(struct check_up *up, const struct credentials *keys)
{
    struct aws_error error;
    char *reply = ask_identity(&up->asker, keys, &error);
    char *account = xml_text(reply, strlen(reply), "Account");
    char *arn = xml_text(reply, strlen(reply), "Arn");
    bool ours = strcmp(account, up->config->aws_account) == 0;
    if (error.class != AWS_OK)
        wrong(up, "AWS identity", "%s (%s)", error.text, error.code);
    else if (!ours)
        wrong(up, "AWS identity",
              "these are keys of account %s, aws.account is %s: nothing would be published",
              account, up->config->aws_account);
    else
        good("AWS identity", "%s", arn);
    free(reply);
    free(account);
    free(arn);
    return ours;
}

/* What is asked for may not be there, as long as we may ask. */
static bool may_ask(const struct aws_error *error)
{
    return error->class == AWS_OK || strcmp(error->code, "ResourceNotFoundException") == 0 ||
           strcmp(error->code, "ValidationException") == 0;
}

/* One call of the catalog, its arguments as JSON text (taken): the reply or NULL. */
static json_t *call_catalog(struct check_up *up, const struct credentials *keys, const char *name,
                            char *args)
{
    struct aws_error error;
    char *body = ask_catalog(&up->asker, name, args, keys, &error);
    if (may_ask(&error))
        good("AWS permission", "%s", name);
    else
        wrong(up, "AWS permission", "%s: %s (%s)", name, error.text, error.code);
    json_t *reply = error.class == AWS_OK ? json_loads(body, 0, NULL) : NULL;
    free(args);
    free(body);
    return reply;
}

/* Offers are published without it. */
static void check_agreements(struct check_up *up, const struct credentials *keys)
{
    struct aws_error error;
    char *args = catalog_search_agreements("offer-none");
    char *body = ask_catalog(&up->asker, "SearchAgreements", args, keys, &error);
    if (may_ask(&error))
        good("AWS permission", "SearchAgreements");
    else
        doubtful(up, "AWS permission",
                 "SearchAgreements: %s (%s): nobody is told when a buyer accepts", error.text,
                 error.code);
    free(args);
    free(body);
}

static void check_authorizations(struct check_up *up, const json_t *reply,
                                 char id[AUTHORIZATION_ID])
{
    char next[NEXT_TOKEN];
    size_t count;
    size_t usable = 0;
    int64_t now = (int64_t)time(NULL) * 1000;
    struct authorization *list = catalog_authorizations(reply, &count, next);
    for (size_t i = 0; i < count; i++) {
        const char *why = authorization_unusable(&list[i], now);
        usable += why == NULL;
        if (why != NULL)
            doubtful(up, "authorization", "%s (%s) %s", list[i].name, list[i].id, why);
        else
            good("authorization", "%s (%s)", list[i].name, list[i].id);
    }
    if (usable == 0)
        wrong(up, "authorizations", "none can be used%s: ask %s",
              count == 0 ? ", none is there" : "", up->config->support_contact);
    text_fit(id, AUTHORIZATION_ID, count > 0 ? list[0].id : "resaleauthz-none");
    free(list);
}

static void check_permissions(struct check_up *up, const struct credentials *keys)
{
    char id[AUTHORIZATION_ID] = "resaleauthz-none";
    json_t *list = call_catalog(up, keys, "ListEntities", catalog_list_authorizations(""));
    if (list != NULL)
        check_authorizations(up, list, id);
    json_decref(list);
    json_decref(call_catalog(up, keys, "DescribeEntity", catalog_describe_entity(id)));
    json_decref(call_catalog(up, keys, "ListChangeSets", catalog_list_change_sets("cppo.check")));
    json_decref(
        call_catalog(up, keys, "DescribeChangeSet", catalog_describe_change_set("cppo-check")));
    json_decref(call_catalog(up, keys, "CancelChangeSet", catalog_cancel_change_set("cppo-check")));
    check_agreements(up, keys);
    doubtful(up, "AWS permission", "StartChangeSet is not tried: it would make something");
}

static void check_aws(struct check_up *up)
{
    struct aws_keys *source =
        aws_keys_new(&up->asker.wire, &up->asker.loop, up->config->aws_profile, on_keys, up);
    const struct credentials *keys = ask_keys(&up->asker, source);
    if (keys == NULL)
        wrong(up, "AWS keys", "%s", up->key_trouble);
    else if (check_identity(up, keys))
        check_permissions(up, keys);
    aws_keys_free(source);
}

/* --- all of it ---------------------------------------------------------------------------- */

int check_run(const struct config *config)
{
    struct check_up *up = mem_new(1, sizeof(*up));
    struct err err;
    up->config = config;
    log_set_level(LOG_ERROR);
    check_store(up);
    if (asker_open(&up->asker, config->ca_file, &err) != 0) {
        wrong(up, "network", "%s", err.text);
    } else {
        check_slack(up);
        check_aws(up);
    }
    asker_close(&up->asker);
    int status = up->wrong > 0;
    if (up->wrong > 0)
        printf("\n%d %s wrong.\n", up->wrong, up->wrong == 1 ? "thing is" : "things are");
    else
        printf("\nNothing is wrong.\n");
    for (size_t i = 0; i < up->approver_count; i++)
        free(up->approvers[i]);
    mem_wipe_free(up->app_token);
    mem_wipe_free(up->bot_token);
    free(up);
    return status;
}
