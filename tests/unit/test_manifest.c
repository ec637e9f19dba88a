/* manifest.json against Slack's schema (docs.slack.dev/reference/app-manifest, version 1), as a
 * table of ours, and against what the bot does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers.h"
#include "json.h"
#include "slack/api.h"
#include "text.h"

static json_t *manifest;

static int set_up(void **state)
{
    json_error_t error;
    (void)state;
    manifest = json_load_file("manifest.json", JSON_REJECT_DUPLICATES, &error);
    if (manifest == NULL)
        fprintf(stderr, "manifest.json:%d: %s\n", error.line, error.text);
    return manifest != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(manifest);
    return 0;
}

/* --- the schema --- */

/* What may stand there: most code points of a text, most items of a list. */
static const struct {
    const char *path; /* [] an item of a list */
    int type;
    size_t most;
} schema[] = {
    {"_metadata", JSON_OBJECT, 0},
    {"_metadata.major_version", JSON_INTEGER, 0},
    {"_metadata.minor_version", JSON_INTEGER, 0},
    {"display_information", JSON_OBJECT, 0},
    {"display_information.name", JSON_STRING, 35},
    {"display_information.description", JSON_STRING, 140},
    {"display_information.background_color", JSON_STRING, 7},
    {"display_information.long_description", JSON_STRING, 4000},
    {"features", JSON_OBJECT, 0},
    {"features.app_home", JSON_OBJECT, 0},
    {"features.app_home.home_tab_enabled", JSON_TRUE, 0},
    {"features.app_home.messages_tab_enabled", JSON_TRUE, 0},
    {"features.app_home.messages_tab_read_only_enabled", JSON_TRUE, 0},
    {"features.bot_user", JSON_OBJECT, 0},
    {"features.bot_user.display_name", JSON_STRING, 80},
    {"features.bot_user.always_online", JSON_TRUE, 0},
    {"features.slash_commands", JSON_ARRAY, 50},
    {"features.slash_commands[]", JSON_OBJECT, 0},
    {"features.slash_commands[].command", JSON_STRING, 32},
    {"features.slash_commands[].description", JSON_STRING, 2000},
    {"features.slash_commands[].usage_hint", JSON_STRING, 1000},
    {"features.slash_commands[].should_escape", JSON_TRUE, 0},
    {"features.shortcuts", JSON_ARRAY, 10},
    {"features.shortcuts[]", JSON_OBJECT, 0},
    {"features.shortcuts[].name", JSON_STRING, 24},
    {"features.shortcuts[].type", JSON_STRING, 7},
    {"features.shortcuts[].callback_id", JSON_STRING, 255},
    {"features.shortcuts[].description", JSON_STRING, 150},
    {"oauth_config", JSON_OBJECT, 0},
    {"oauth_config.scopes", JSON_OBJECT, 0},
    {"oauth_config.scopes.bot", JSON_ARRAY, 255},
    {"oauth_config.scopes.bot[]", JSON_STRING, 50},
    {"oauth_config.scopes.bot_optional", JSON_ARRAY, 255},
    {"oauth_config.scopes.bot_optional[]", JSON_STRING, 50},
    {"settings", JSON_OBJECT, 0},
    {"settings.event_subscriptions", JSON_OBJECT, 0},
    {"settings.event_subscriptions.bot_events", JSON_ARRAY, 100},
    {"settings.event_subscriptions.bot_events[]", JSON_STRING, 50},
    {"settings.interactivity", JSON_OBJECT, 0},
    {"settings.interactivity.is_enabled", JSON_TRUE, 0},
    {"settings.org_deploy_enabled", JSON_TRUE, 0},
    {"settings.socket_mode_enabled", JSON_TRUE, 0},
    {"settings.token_rotation_enabled", JSON_TRUE, 0},
};

static void check_value(const char *path, const json_t *value)
{
    size_t i = 0;
    int type = json_is_boolean(value) ? JSON_TRUE : (int)json_typeof(value);
    while (i < sizeof(schema) / sizeof(schema[0]) && strcmp(schema[i].path, path) != 0)
        i++;
    if (i == sizeof(schema) / sizeof(schema[0]))
        fail_msg("Slack's schema has no %s", path);
    if (schema[i].type != type)
        fail_msg("%s is of the wrong type", path);
    if (type == JSON_STRING && (text_points(json_string_value(value)) > schema[i].most ||
                                *json_string_value(value) == '\0'))
        fail_msg("%s is empty, or longer than %zu", path, schema[i].most);
    if (type == JSON_ARRAY && json_array_size(value) > schema[i].most)
        fail_msg("%s has more than %zu items", path, schema[i].most);
}

static void walk(const char *path, json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;
    if (*path != '\0')
        check_value(path, value);
    json_object_foreach(value, key, child)
    {
        char *below = text_format("%s%s%s", path, *path != '\0' ? "." : "", key);
        walk(below, child);
        free(below);
    }
    json_array_foreach(value, i, child)
    {
        char *below = text_format("%s[]", path);
        walk(below, child);
        free(below);
    }
}

static void it_is_what_slack_takes(void **state)
{
    (void)state;
    walk("", manifest);
    const json_t *about = json_object_get(manifest, "display_information");
    const char *colour = json_string_value(json_object_get(about, "background_color"));
    assert_non_null(json_object_get(about, "name"));
    assert_int_equal(strspn(colour + 1, "0123456789abcdef"), 6);
    assert_int_equal(*colour, '#');
}

/* --- what the bot does --- */

static json_t *at(const char *a, const char *b, const char *c)
{
    return json_object_get(json_object_get(json_object_get(manifest, a), b), c);
}

/* In this list of the manifest's? */
static bool asks_for(const char *list, const char *scope, size_t size)
{
    size_t i;
    json_t *one;
    json_array_foreach(at("oauth_config", "scopes", list), i, one)
    {
        if (strlen(json_string_value(one)) == size &&
            strncmp(json_string_value(one), scope, size) == 0)
            return true;
    }
    return false;
}

/* Is this scope named by a call of ours? */
static bool is_needed(const char *scope)
{
    for (const struct slack_method *method = slack_methods(); method->name != NULL; method++) {
        const char *found = strstr(method->scopes, scope);
        if (found != NULL && (found[strlen(scope)] == '\0' || found[strlen(scope)] == ','))
            return true;
    }
    return strcmp(scope, "commands") == 0;
}

static void its_scopes_are_those_that_our_calls_need_and_no_others(void **state)
{
    size_t i;
    json_t *one;
    (void)state;
    for (const struct slack_method *method = slack_methods(); method->name != NULL; method++) {
        for (const char *scope = method->scopes; *scope != '\0';) {
            size_t size = strcspn(scope, ",");
            if (!asks_for("bot", scope, size))
                fail_msg("%s needs the scope %.*s", method->name, (int)size, scope);
            if (asks_for("bot_optional", scope, size) != method->optional)
                fail_msg("is %.*s optional, as %s is?", (int)size, scope, method->name);
            scope += size + (scope[size] == ',');
        }
    }
    json_array_foreach(at("oauth_config", "scopes", "bot"), i, one)
    {
        if (!is_needed(json_string_value(one)))
            fail_msg("no call of ours needs the scope %s", json_string_value(one));
    }
}

/* Slack takes as optional only what it is asked for at all. */
static void what_is_optional_is_asked_for(void **state)
{
    size_t i;
    json_t *one;
    (void)state;
    json_array_foreach(at("oauth_config", "scopes", "bot_optional"), i, one)
    {
        if (!asks_for("bot", json_string_value(one), json_string_length(one)))
            fail_msg("%s is not among the scopes", json_string_value(one));
    }
}

/* The next route that begins so, behind ${after} (NULL: the first); NULL when there is none. */
static const struct route *next_route(const char *begins, const struct route *after)
{
    bool behind = after == NULL;
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        for (size_t i = 0; i < MAX_ROUTES && (*entry)->routes[i].name != NULL; i++) {
            const struct route *route = &(*entry)->routes[i];
            if (behind && strncmp(route->name, begins, strlen(begins)) == 0)
                return route;
            behind |= route == after;
        }
    }
    return NULL;
}

static bool handles(const char *begins)
{
    return next_route(begins, NULL) != NULL;
}

/* Is each of these there a route, "${kind}:" and its name (under ${member}, NULL: the item itself),
 * and each such route there? */
static void expect_routes(const char *kind, const json_t *list, const char *member)
{
    size_t routes = 0;
    size_t i;
    json_t *one;
    for (const struct route *route = NULL; (route = next_route(kind, route)) != NULL;)
        routes++;
    json_array_foreach(list, i, one)
    {
        const json_t *name = member != NULL ? json_object_get(one, member) : one;
        char *route = text_format("%s%s", kind, json_string_value(name));
        if (handlers_route(route) == NULL)
            fail_msg("nobody takes %s", route);
        free(route);
    }
    if (json_array_size(list) != routes)
        fail_msg("of %zu routes %s… the manifest names %zu", routes, kind, json_array_size(list));
}

/* What may follow a word is left out of the hint; what has to is in it. */
static void expect_hint(const json_t *command)
{
    struct text names = {0};
    struct text hint = {0};
    text_add(&names, "Private offers: ");
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        const struct usage *usage = &(*entry)->usage;
        bool needed = usage->name != NULL && *usage->rest != '\0' && *usage->rest != '[';
        if (usage->name == NULL)
            continue;
        text_addf(&names, "%s%s", hint.size > 0 ? ", " : "", usage->name);
        text_addf(&hint, "%s%s%s%s", hint.size > 0 ? " | " : "", usage->name, needed ? " " : "",
                  needed ? usage->rest : "");
    }
    if (strcmp(json_text(command, "usage_hint"), text_get(&hint)) != 0 ||
        strcmp(json_text(command, "description"), text_get(&names)) != 0)
        fail_msg("of /cppo the manifest has to say\n\"description\": \"%s\",\n"
                 "\"usage_hint\": \"%s\"",
                 text_get(&names), text_get(&hint));
    text_free(&names);
    text_free(&hint);
}

static void what_it_switches_on_has_a_handler(void **state)
{
    (void)state;
    const json_t *commands =
        json_object_get(json_object_get(manifest, "features"), "slash_commands");
    const json_t *command = json_array_get(commands, 0);
    expect_routes("command:", commands, "command");
    expect_routes("shortcut:", json_object_get(json_object_get(manifest, "features"), "shortcuts"),
                  "callback_id");
    expect_routes("event:", at("settings", "event_subscriptions", "bot_events"), NULL);
    assert_string_equal(json_string_value(json_object_get(command, "command")), "/cppo");
    expect_hint(command);
    bool interactive = handles("action:") || handles("view:") || handles("options:");
    assert_int_equal(json_is_true(at("settings", "interactivity", "is_enabled")), interactive);
    const json_t *settings = json_object_get(manifest, "settings");
    assert_true(json_is_true(json_object_get(settings, "socket_mode_enabled")));
    assert_int_equal(json_is_true(at("features", "app_home", "home_tab_enabled")),
                     handles("event:app_home_opened"));
    assert_true(json_is_true(at("features", "app_home", "messages_tab_enabled")));
    /* Direct messages say what can be typed there. */
    assert_true(json_is_false(at("features", "app_home", "messages_tab_read_only_enabled")));
    assert_true(json_is_false(json_object_get(settings, "token_rotation_enabled")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_what_slack_takes),
        TEST(its_scopes_are_those_that_our_calls_need_and_no_others),
        TEST(what_is_optional_is_asked_for),
        TEST(what_it_switches_on_has_a_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
