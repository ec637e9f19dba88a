#include "slack/api.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const int64_t MAX_RETRY_MS = INT64_C(15) * 60 * 1000;

static const struct slack_method methods[] = {
    {"apps.connections.open", "", true, true, 10000, false},
    {"auth.test", "", true, false, 10000, false},
    {"chat.getPermalink", "", true, false, 10000, false},
    {"chat.postMessage", "chat:write,im:write", false, false, 15000,
     false}, /* im: to a person's id */
    {"chat.update", "chat:write", false, false, 15000, false},
    {"chat.postEphemeral", "chat:write", false, false, 10000, false},
    {"conversations.history", "channels:history,groups:history", true, false, 15000, true},
    {"conversations.info", "channels:read,groups:read", true, false, 10000, false},
    {"conversations.members", "channels:read,groups:read", true, false, 10000, false},
    {"usergroups.list", "usergroups:read", true, false, 10000, false},
    {"usergroups.users.list", "usergroups:read", true, false, 10000, false},
    {"users.info", "users:read", true, false, 10000, false},
    {"views.open", "", false, false, 3000, false},
    {"views.publish", "", false, false, 10000, false},
    {"views.push", "", false, false, 3000, false},
    {"views.update", "", false, false, 10000, false},
    {NULL, NULL, false, false, 0, false},
};

const struct slack_method *slack_methods(void)
{
    return methods;
}

/* Not a method: the address is the envelope's own, and it knows no token. */
static const struct slack_method response = {SLACK_RESPONSE, "", false, false, 10000, false};

const struct slack_method *slack_method_named(const char *name)
{
    if (strcmp(name, SLACK_RESPONSE) == 0)
        return &response;
    for (const struct slack_method *method = methods; method->name != NULL; method++) {
        if (strcmp(method->name, name) == 0)
            return method;
    }
    return NULL;
}

/* --- response urls --- */

static bool begins(const char *text, const char *start, size_t size)
{
    return strncmp(text, start, size) == 0;
}

/* "https://slack.com/api/" -> the length of "https://slack.com"; 0 when it has none. */
static size_t origin_size(const char *url)
{
    const char *host = strstr(url, "://");
    size_t size = host != NULL ? strcspn(host + 3, "/?#") : 0;
    return size > 0 ? (size_t)(host - url) + 3 + size : 0;
}

bool slack_response_allowed(const char *url, const char *api_url)
{
    static const char hooks[] = "https://hooks.slack.com/";
    size_t origin = origin_size(api_url);
    for (const char *at = url; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7F || *at == '\\')
            return false;
    }
    return begins(url, hooks, strlen(hooks)) ||
           (origin > 0 && begins(url, api_url, origin) && url[origin] == '/');
}

/* --- asking --- */

const char *slack_content_type(const struct slack_method *method)
{
    return method->form ? "Content-Type: application/x-www-form-urlencoded"
                        : "Content-Type: application/json; charset=utf-8";
}

static void add_value(struct text *form, const json_t *value)
{
    if (json_is_string(value)) {
        text_add_encoded(form, json_string_value(value));
        return;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    text_add_encoded(form, text);
    free(text);
}

char *slack_request_body(const struct slack_method *method, const char *args, size_t size)
{
    struct text form = {0};
    if (!method->form) {
        text_add_bytes(&form, args, size);
        return text_take(&form);
    }
    json_t *object = json_loadb(args, size, 0, NULL);
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        text_addf(&form, "%s%s=", form.size > 0 ? "&" : "", key);
        add_value(&form, value);
    }
    json_decref(object);
    return text_take(&form);
}

/* --- what an error means --- */

enum error_class {
    CLASS_RETRY,  /* nothing happened; later it may */
    CLASS_UNSURE, /* Slack's own trouble: it may have happened */
    CLASS_SETUP,  /* token, scope or app */
    CLASS_CALL,   /* this call, as it is */
};

/* A code that ends in * stands for all that begin so. Sources: the common errors of the Web API and
 * those of each method's page. */
static const struct error {
    const char *code;
    enum error_class class;
    const char *words;
} errors[] = {
    {"ratelimited", CLASS_RETRY, "Slack asks us to slow down"},
    {"rate_limited", CLASS_RETRY, "Slack asks us to slow down"},
    {"message_limit_exceeded", CLASS_RETRY, "the channel takes no more messages for now"},
    {"service_unavailable", CLASS_UNSURE, "Slack is not available at the moment"},
    {"internal_error", CLASS_UNSURE, "Slack had an error of its own"},
    {"fatal_error", CLASS_UNSURE, "Slack had an error of its own"},
    {"update_failed", CLASS_UNSURE, "Slack could not update the message"},
    {"request_timeout", CLASS_UNSURE, "Slack did not get the whole request"},
    {"team_added_to_org", CLASS_RETRY, "the workspace is being moved into an organisation"},
    {"org_login_required", CLASS_RETRY, "the workspace is being moved into an organisation"},
    {"external_channel_migrating", CLASS_RETRY, "the channel is being moved"},

    {"not_authed", CLASS_SETUP, "no token was sent: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN"},
    {"invalid_auth", CLASS_SETUP, "the token is not valid: copy it again from the app's settings"},
    {"account_inactive", CLASS_SETUP, "the token's user or workspace was deactivated"},
    {"user_removed_from_team", CLASS_SETUP, "the token's user was removed from the workspace"},
    {"inactive_team", CLASS_SETUP, "the workspace was deactivated"},
    {"team_disabled", CLASS_SETUP, "the workspace was deactivated"},
    {"token_revoked", CLASS_SETUP, "the token was revoked: install the app again"},
    {"token_expired", CLASS_SETUP,
     "the token has expired: switch token rotation off for the app, and install it again"},
    {"not_allowed_token_type", CLASS_SETUP,
     "the wrong kind of token: SLACK_APP_TOKEN starts with xapp-, SLACK_BOT_TOKEN with xoxb-"},
    {"missing_scope", CLASS_SETUP,
     "a scope is missing: update the app from manifest.json and install it again"},
    {"no_permission", CLASS_SETUP, "the workspace does not allow this to the app"},
    {"access_denied", CLASS_SETUP, "the workspace does not allow this to the app"},
    {"accesslimited", CLASS_SETUP, "access to this is limited in the workspace"},
    {"ekm_access_denied", CLASS_SETUP, "the administrators have suspended posting"},
    {"enterprise_is_restricted", CLASS_SETUP, "the organisation does not allow this"},
    {"team_access_not_granted", CLASS_SETUP, "the app is not installed in this workspace"},
    {"forbidden_team", CLASS_SETUP, "the app is not allowed in this workspace"},
    {"two_factor_setup_required", CLASS_SETUP, "the workspace requires two-factor sign-in"},
    {"method_deprecated", CLASS_SETUP, "Slack has retired this call: update the bot"},
    {"deprecated_endpoint", CLASS_SETUP, "Slack has retired this call: update the bot"},

    {"channel_not_found", CLASS_CALL,
     "there is no such channel, or the bot is not in it: check the id and invite the bot with "
     "/invite @cppo"},
    {"not_in_channel", CLASS_CALL, "the bot is not in the channel: invite it with /invite @cppo"},
    {"is_archived", CLASS_CALL, "the channel is archived: unarchive it or configure another"},
    {"restricted_action*", CLASS_CALL, "the channel's settings do not let the bot post"},
    {"slack_connect_*", CLASS_CALL, "the channel is shared in a way that does not allow this"},
    {"message_not_found", CLASS_CALL, "the message is gone"},
    {"thread_not_found", CLASS_CALL, "the message is gone"},
    {"cant_update_message", CLASS_CALL, "the message is not ours"},
    {"edit_window_closed", CLASS_CALL, "the workspace no longer lets the message be changed"},
    {"is_inactive", CLASS_CALL, "the channel is frozen: configure another"},
    {"user_not_in_channel", CLASS_CALL, "the person is not in the channel"},
    {"user_not_found", CLASS_CALL, "there is no such user"},
    {"user_not_visible", CLASS_CALL, "the bot cannot see this user"},
    {"users_not_found", CLASS_CALL, "there is no such user"},
    {"user_disabled", CLASS_CALL, "the person's account was deactivated"},
    {"cannot_dm_bot", CLASS_CALL, "one bot cannot write to another"},
    {"no_such_subteam", CLASS_CALL, "there is no such user group"},
    {"plan_upgrade_required", CLASS_CALL, "user groups need a paid plan: name users instead"},
    {"expired_trigger_id", CLASS_CALL, "it took longer than the 3 seconds that Slack allows"},
    {"exchanged_trigger_id", CLASS_CALL, "the form was opened already"},
    {"invalid_trigger_id", CLASS_CALL, "the click can no longer open a form"},
    {"push_limit_reached", CLASS_CALL, "too many forms lie on top of each other: close one"},
    {"duplicate_external_id", CLASS_CALL, "the form is open already"},
    {"hash_conflict", CLASS_CALL, "the form was changed meanwhile"},
    {"not_found", CLASS_CALL, "the form was closed"},
    {"not_enabled", CLASS_CALL, "the app's home tab is switched off"},
    {"messages_tab_disabled", CLASS_CALL,
     "direct messages with the bot are switched off in the app's settings"},

    {"invalid_blocks*", CLASS_CALL, "Slack rejected the message as malformed"},
    {"block_mismatch", CLASS_CALL, "Slack rejected the message as malformed"},
    {"no_text", CLASS_CALL, "Slack rejected the message as malformed"},
    {"too_many_attachments", CLASS_CALL, "Slack rejected the message as malformed"},
    {"streaming_state_conflict", CLASS_CALL, "the message is still being written"},
    {"msg_too_long", CLASS_CALL, "the message is too long"},
    {"msg_blocks_too_long", CLASS_CALL, "the message is too long"},
    {"metadata_too_large", CLASS_CALL, "the message's metadata is too long"},
    {"metadata_must_be_sent_from_app", CLASS_CALL, "Slack rejected the message's metadata"},
    {"view_too_large", CLASS_CALL, "the form is too large"},
    {"invalid_*", CLASS_CALL, "Slack rejected the request as malformed"},
    {"missing_*", CLASS_CALL, "Slack rejected the request as malformed"},
    {"json_not_object", CLASS_CALL, "Slack rejected the request as malformed"},
    {"insecure_request", CLASS_CALL,
     "Slack requires https and POST for this call: see SLACK_API_URL"},
    {"unknown_method", CLASS_CALL, "there is no such call at this address: see SLACK_API_URL"},
};

static const struct error *find_error(const char *code)
{
    static const struct error unknown = {"", CLASS_CALL, "Slack refused it"};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        size_t size = strlen(errors[i].code) - 1;
        bool open = errors[i].code[size] == '*';
        if (open ? strncmp(errors[i].code, code, size) == 0 : strcmp(errors[i].code, code) == 0)
            return &errors[i];
    }
    return &unknown;
}

const char *slack_error_words(const char *code)
{
    return find_error(code)->words;
}

bool slack_error_is_setup(const char *code)
{
    return find_error(code)->class == CLASS_SETUP;
}

const char *slack_token_fault(const char *token, const char *prefix)
{
    if (strncmp(token, prefix, strlen(prefix)) == 0)
        return NULL;
    if (strncmp(token, "xoxe", 4) == 0)
        return "this one is rotated (xoxe) and expires: switch token rotation off for the app, and "
               "install it again";
    if (strncmp(token, "xapp-", 5) == 0 || strncmp(token, "xoxb-", 5) == 0)
        return "this is the other token: they may have been swapped";
    return "this is another kind of token";
}

/* --- reading an answer --- */

static int64_t read_retry_after(const char *header)
{
    char *end;
    if (header == NULL || !isdigit((unsigned char)*header))
        return -1;
    long long seconds = strtoll(header, &end, 10);
    if (*end != '\0' || seconds > MAX_RETRY_MS / 1000)
        return MAX_RETRY_MS;
    return seconds * 1000;
}

/* What Slack says stands in messages of ours: it mentions nobody there. */
static void remove_marks(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<' || *text == '>')
            *text = ' ';
    }
}

static void conclude(struct slack_answer *answer, enum outcome outcome, const char *code,
                     const char *words)
{
    answer->outcome = outcome;
    text_fit(answer->code, sizeof(answer->code), code);
    text_fit(answer->text, sizeof(answer->text), words);
    remove_marks(answer->code);
    remove_marks(answer->text);
}

/* What Slack adds to an error: the scope that is missing, the block that is wrong. */
static void add_details(struct slack_answer *answer)
{
    const char *needed = json_string_value(json_object_get(answer->root, "needed"));
    const json_t *metadata = json_object_get(answer->root, "response_metadata");
    const char *first = json_string_value(json_array_get(json_object_get(metadata, "messages"), 0));
    const char *detail = needed != NULL ? needed : first;
    if (detail == NULL)
        return;
    char *whole = text_format("%s (%.*s)", answer->text, (int)text_cut(detail, 150), detail);
    text_fit(answer->text, sizeof(answer->text), whole);
    remove_marks(answer->text);
    free(whole);
}

static void read_error(struct slack_answer *answer, const char *code)
{
    const struct error *error = find_error(code);
    enum outcome outcome = OUTCOME_REFUSED;
    switch (error->class) {
    case CLASS_RETRY:
    case CLASS_SETUP: /* an operator can fix it while we wait */
        outcome = OUTCOME_RETRY;
        break;
    case CLASS_UNSURE:
        outcome = OUTCOME_UNKNOWN;
        break;
    case CLASS_CALL:
        break;
    }
    conclude(answer, outcome, code, error->words);
    add_details(answer);
}

void slack_answer_read(struct slack_answer *answer, int status, bool sent, const char *body,
                       size_t size, const char *retry_after)
{
    char code[32];
    *answer = (struct slack_answer){.retry_after_ms = read_retry_after(retry_after)};
    if (status == 0) {
        conclude(answer, sent ? OUTCOME_UNKNOWN : OUTCOME_RETRY, sent ? "no_answer" : "not_reached",
                 sent ? "Slack did not answer" : "Slack could not be reached");
        return;
    }
    answer->root = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
    const char *error = json_string_value(json_object_get(answer->root, "error"));
    snprintf(code, sizeof(code), "http_%d", status);
    if (status == 429) {
        if (answer->retry_after_ms < 0)
            answer->retry_after_ms = 30000;
        conclude(answer, OUTCOME_RETRY, "ratelimited", slack_error_words("ratelimited"));
    } else if (error != NULL && *error != '\0' && status < 500) {
        read_error(answer, error);
    } else if (status == 200 && json_is_true(json_object_get(answer->root, "ok"))) {
        conclude(answer, OUTCOME_OK, "", "");
    } else if (status >= 400 && status < 500 && status != 408) {
        conclude(answer, OUTCOME_REFUSED, code, "Slack refused the request");
    } else {
        conclude(answer, OUTCOME_UNKNOWN, code, "unexpected reply from Slack");
    }
}

void slack_response_read(struct slack_answer *answer, int status, bool sent, const char *body,
                         size_t size, const char *retry_after)
{
    slack_answer_read(answer, status, sent, body, size, retry_after);
    if (status == 200 && size == 2 && memcmp(body, "ok", 2) == 0)
        conclude(answer, OUTCOME_OK, "", "");
}

void slack_answer_clear(struct slack_answer *answer)
{
    json_decref(answer->root);
    *answer = (struct slack_answer){.root = NULL};
}
