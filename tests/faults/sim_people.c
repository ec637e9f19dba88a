/* What people do: ask, decide, change their minds, click on what they saw a moment ago, and click
 * again when nothing seems to happen. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../bot/engine/internal.h"
#include "../sandbox/market.h"
#include "io/store.h"
#include "mem.h"
#include "sim.h"
#include "text.h"

static const char *const sellers[] = {"U0SAM", "U0SUE", "U0SVEN"}; /* Sam approves, too */
static const char *const everybody[] = {"U0MIA",  "U0MAX",  "U0SAM", "U0SUE",
                                        "U0SVEN", "U0OTTO", "U0GUS", "U0INES"};

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const char *any(struct sim *sim, const char *const *of, size_t count)
{
    return of[sim_roll(sim, count)];
}

static json_t *who(const char *user)
{
    return json_pack("{s:s, s:s}", "id", user, "team_id",
                     strcmp(user, "U0INES") == 0 ? "T0ISV" : "T0HOME");
}

/* In an organisation of several workspaces a click may come with either of somebody's two ids ...
 */
static json_t *clicker(struct sim *sim, const char *user)
{
    json_t *one = who(user);
    if (strange_is(sim, STRANGE_GRID) && sim_chance(sim, 300))
        json_object_set_new(one, "id", json_sprintf("W%s", user + 1));
    return one;
}

/* ... and it is the same person. */
static json_t *clicked_by(const json_t *payload)
{
    return json_sprintf("U%s", text_at(json_object_get(payload, "user"), "id") + 1);
}

static void trigger(struct sim *sim, const char *user, json_t *payload)
{
    char *id = text_format("%lld %s", (long long)sim->now, user);
    json_object_set_new(payload, "trigger_id", json_string(id));
    free(id);
    const json_t *container = json_object_get(payload, "container");
    bool whisper = json_is_true(json_object_get(container, "is_ephemeral"));
    char *url = text_format("http://127.0.0.1:1/response/%s/%s",
                            whisper ? text_at(container, "message_ts") : "none", user);
    json_object_set_new(payload, "response_url", json_string(url));
    free(url);
}

/* --- an envelope on its way; it may be delivered twice --- */

struct sim_delivery {
    struct sim *sim;
    char id[40];
    const char *type;
    json_t *payload;
    char *customer; /* of a submission, to be tried again until it is acked; NULL */
    int tries;
};

static void send_delivery(void *ctx);

/* The value of the button that the form stands for. */
static json_t *approved_value(const json_t *view)
{
    json_t *origin = json_loads(text_at(view, "private_metadata"), 0, NULL);
    char *value = text_format(
        "%lld.%lld.%s", json_integer_value(json_object_get(origin, "request")),
        json_integer_value(json_object_get(origin, "revision")), text_at(origin, "digest"));
    json_t *text = json_string(value);
    free(value);
    json_decref(origin);
    return text;
}

static void note_approval(struct sim *sim, const json_t *payload)
{
    const json_t *action = json_array_get(json_object_get(payload, "actions"), 0);
    const json_t *message = json_object_get(payload, "message");
    const json_t *header = json_array_get(json_object_get(message, "blocks"), 0);
    const json_t *view = json_object_get(payload, "view");
    if (strcmp(text_at(view, "callback_id"), "approve_form") == 0)
        json_array_append_new(sim->approvals,
                              json_pack("{s:o, s:O, s:o, s:I}", "value", approved_value(view),
                                        "form", json_object_get(view, "shown"), "user",
                                        clicked_by(payload), "at", (json_int_t)sim->now));
    if (strcmp(text_at(action, "action_id"), "approve") == 0)
        json_array_append_new(sim->approvals,
                              json_pack("{s:s, s:s, s:o, s:I}", "value", text_at(action, "value"),
                                        "header", text_at(json_object_get(header, "text"), "text"),
                                        "user", clicked_by(payload), "at", (json_int_t)sim->now));
}

static bool is_acked(struct sim *sim, const char *customer)
{
    return json_is_true(json_object_get(json_object_get(sim->submissions, customer), "acked"));
}

/* Three seconds later: was it taken? People send a form again that Slack says was not. */
static void look_again(void *ctx)
{
    struct sim_delivery *delivery = ctx;
    if (delivery->customer != NULL && !is_acked(delivery->sim, delivery->customer) &&
        ++delivery->tries < 4 && sim_chance(delivery->sim, 700)) {
        send_delivery(delivery);
        return;
    }
    json_decref(delivery->payload);
    free(delivery->customer);
    free(delivery);
}

/* All that the bot wants done, as one number: a wish more, and it is another. */
static int64_t wishes(const struct sim *sim)
{
    return sim->store != NULL
               ? store_int(sim->store, "SELECT coalesce(sum(version + 1), 0) FROM effect",
                           SQL_NO_ARGS, -1)
               : -1;
}

/* Did it change anything, so that its answer is kept? */
static bool is_kept(const struct sim *sim, const char *id)
{
    char *key = text_format("envelope %s", id);
    bool kept =
        sim->store != NULL && store_int(sim->store, "SELECT count(*) FROM inbox WHERE key = ?",
                                        SQL_ARGS(SQL_TEXT(key)), 0) > 0;
    free(key);
    return kept;
}

/* The very same once more, which is to do nothing; nor does it say anything once more where there
 * was something to do: what is said is worthless in a moment, and in no row. */
static void deliver_twice(const struct sim_delivery *delivery)
{
    struct sim *sim = delivery->sim;
    bool kept = is_kept(sim, delivery->id);
    int64_t before = wishes(sim);
    size_t said = kept ? sim->engine->waiting.count : 0;
    sim_envelope(sim, delivery->id, delivery->payload, delivery->type);
    sim->done_twice += wishes(sim) != before || (kept && sim->engine->waiting.count != said);
}

/* Each under an id of its own: one that the bot has seen would say nothing about the content. */
static void repeat(const struct sim_delivery *delivery)
{
    struct sim *sim = delivery->sim;
    char id[40];
    snprintf(id, sizeof(id), "r%llu", (unsigned long long)sim_roll(sim, UINT64_C(1) << 60));
    sim_envelope(sim, id, delivery->payload, delivery->type);
}

static void send_delivery(void *ctx)
{
    struct sim_delivery *delivery = ctx;
    struct sim *sim = delivery->sim;
    /* Another envelope each time, but for deliveries that Slack repeats by itself. */
    if (delivery->tries == 0 || sim_chance(sim, 800))
        snprintf(delivery->id, sizeof(delivery->id), "e%llu",
                 (unsigned long long)sim_roll(sim, UINT64_C(1) << 60));
    if (delivery->customer != NULL)
        json_object_set_new(json_object_get(sim->submissions, delivery->customer), "envelope",
                            json_string(delivery->id));
    const char *asker = text_at(delivery->payload, "user_id");
    if (*asker != '\0')
        json_object_set_new(sim->askers, delivery->id, json_string(asker));
    if (sim_envelope(sim, delivery->id, delivery->payload, delivery->type))
        note_approval(sim, delivery->payload);
    if (sim_fault(sim, SIM_TWICE, 50))
        deliver_twice(delivery);
    if (sim_fault(sim, SIM_OTHER_ENVELOPE, 50))
        repeat(delivery);
    sim_after(sim, 3000, look_again, delivery);
}

/* One that only looks whether it was taken has nothing more to say. */
char *people_text(const struct sim_event *event)
{
    const struct sim_delivery *delivery = event->ctx;
    if (event->run == look_again)
        return mem_copy("");
    return event->run == send_delivery
               ? json_dumps(delivery->payload, JSON_COMPACT | JSON_SORT_KEYS)
               : NULL;
}

/* Takes ${payload} and ${customer}. */
static void deliver(struct sim *sim, int64_t after, const char *type, json_t *payload,
                    char *customer)
{
    struct sim_delivery *delivery = mem_new(1, sizeof(*delivery));
    *delivery =
        (struct sim_delivery){.sim = sim, .type = type, .payload = payload, .customer = customer};
    if (sim_fault(sim, SIM_REORDER, 300))
        after += (int64_t)sim_roll(sim, 2500);
    sim_after(sim, after, send_delivery, delivery);
}

/* What a command is answered with stands there for them alone, with its buttons. */
static void show_answer(struct sim *sim, const char *envelope, const char *payload)
{
    char user[40];
    snprintf(user, sizeof(user), "%s", text_at(sim->askers, envelope));
    json_t *message = payload != NULL ? json_loads(payload, 0, NULL) : NULL;
    if (*user != '\0' && json_object_get(message, "blocks") != NULL)
        slack_whisper(sim, user, message);
    json_object_del(sim->askers, envelope);
    json_decref(message);
}

/* Errors beside the fields are no acceptance. */
void people_acked(struct sim *sim, const char *envelope, const char *payload)
{
    show_answer(sim, envelope, payload);
    const char *customer;
    json_t *submission;
    bool errors = payload != NULL && strstr(payload, "\"errors\"") != NULL;
    json_object_foreach(sim->submissions, customer, submission)
    {
        if (!errors && strcmp(text_at(submission, "envelope"), envelope) == 0)
            json_object_update_new(
                submission, json_pack("{s:b, s:I}", "acked", 1, "acked_at", (json_int_t)sim->now));
    }
}

/* --- commands and clicks --- */

static void type_command(struct sim *sim, const char *user, char *text)
{
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:s}", "user_id", user, "team_id", "T0HOME",
                                "channel_id", "C0DEALDESK", "command", "/cppo", "text", text);
    trigger(sim, user, payload);
    free(text);
    deliver(sim, 0, "slash_commands", payload, NULL);
}

/* Some button of some card, as it is or as it was before its last update; and where it stands. */
static const json_t *pick_button(struct sim *sim, const json_t *message, const json_t **blocks,
                                 const char **block_id)
{
    const json_t *before = json_object_get(message, "before");
    size_t i;
    const json_t *block;
    *blocks = before != NULL && sim_chance(sim, 150) ? before : json_object_get(message, "blocks");
    json_array_foreach(*blocks, i, block)
    {
        const json_t *elements = json_object_get(block, "elements");
        *block_id = text_at(block, "block_id");
        if (strcmp(text_at(block, "type"), "actions") == 0)
            return json_array_get(
                elements, sim_chance(sim, 500) ? 0 : sim_roll(sim, json_array_size(elements)));
    }
    return NULL;
}

/* What was written to a person stands in their direct messages with the app. */
static const char *channel_at(const json_t *message)
{
    const char *channel = text_at(message, "channel");
    return channel[0] == 'U' || channel[0] == 'W' ? "D0DIRECT" : channel;
}

/* Of a menu, that of the first thing in it. */
static const char *value_of(const json_t *button)
{
    const json_t *first = json_array_get(json_object_get(button, "options"), 0);
    return text_at(first != NULL ? first : button, "value");
}

/* For some minutes from now, by the clock of the world; sometimes for none. */
static void set_time(struct sim *sim, const char *user, long long number)
{
    char when[40];
    struct tm civil;
    time_t at = (time_t)(sim->now / 1000 + 60 + (int64_t)sim_roll(sim, 1800));
    if (gmtime_r(&at, &civil) == NULL || sim_chance(sim, 200) ||
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &civil) == 0)
        snprintf(when, sizeof(when), "off");
    type_command(sim, user, text_format("schedule CPPO-%lld %s", number, when));
}

static void click(struct sim *sim)
{
    size_t count = json_array_size(sim->messages);
    size_t reach = count < 60 ? count : 60;
    if (count == 0)
        return;
    const json_t *message = json_array_get(sim->messages, count - 1 - sim_roll(sim, reach));
    const json_t *blocks;
    const char *block_id;
    const json_t *button = pick_button(sim, message, &blocks, &block_id);
    char at[40];
    if (button == NULL)
        return;
    /* Approvals mostly by those who may, one of whom asks for offers too. */
    bool approve = strncmp(text_at(button, "action_id"), "approve", strlen("approve")) == 0;
    bool whisper = json_is_true(json_object_get(message, "whisper"));
    const char *user = whisper                           ? text_at(message, "channel")
                       : approve && sim_chance(sim, 700) ? any(sim, everybody, 3)
                                                         : any(sim, everybody, 8);
    snprintf(at, sizeof(at), "%lld.%06lld", (long long)(sim->now / 1000),
             (long long)sim_roll(sim, 1000000));
    json_t *payload = json_pack(
        "{s:s, s:o, s:{s:s, s:s, s:b}, s:o, s:[{s:s, s:s, s:s, s:s}]}", "type", "block_actions",
        "user", clicker(sim, user), "container", "message_ts", text_at(message, "ts"), "channel_id",
        channel_at(message), "is_ephemeral", (int)whisper, "message", slack_seen(message, blocks),
        "actions", "action_id", text_at(button, "action_id"), "value", value_of(button),
        "action_ts", at, "block_id", block_id);
    trigger(sim, user, payload);
    if (sim_chance(sim, 50)) /* an impatient finger */
        deliver(sim, 150, "interactive", json_deep_copy(payload), NULL);
    deliver(sim, 0, "interactive", payload, NULL);
}

void people_act(struct sim *sim)
{
    const char *seller = any(sim, sellers, 3);
    long long number = 1 + (long long)sim_roll(sim, 1 + json_object_size(sim->submissions));
    switch (sim_roll(sim, 10)) {
    case 0:
    case 1:
        type_command(sim, seller, mem_copy("new"));
        break;
    case 2:
        type_command(sim, seller, text_format("edit CPPO-%lld", number));
        break;
    case 3:
        if (sim_chance(sim, 300))
            type_command(sim, seller, text_format("withdraw CPPO-%lld", number));
        else if (sim_chance(sim, 500))
            set_time(sim, seller, number);
        else
            type_command(sim, seller, text_format("nudge CPPO-%lld", number));
        break;
    default:
        click(sim);
        break;
    }
}

/* --- forms --- */

static void fill(json_t *values, const char *name, json_t *element)
{
    json_object_set_new(values, name, json_pack("{s:o}", name, element));
}

static json_t *typed(const char *text)
{
    return json_pack("{s:s}", "value", text);
}

static json_t *chosen(const char *value)
{
    return json_pack("{s:{s:s}}", "selected_option", "value", value);
}

static json_t *view_of(const json_t *view, json_t *values)
{
    char *shown = json_dumps(json_object_get(view, "blocks"), JSON_COMPACT); /* for the judge */
    json_t *whole =
        json_pack("{s:s, s:s, s:s, s:s, s:{s:o}, s:s?}", "id", "V1", "hash", "h", "callback_id",
                  text_at(view, "callback_id"), "private_metadata",
                  text_at(view, "private_metadata"), "state", "values", values, "shown", shown);
    free(shown);
    return whole;
}

/* The authorization's own, unless AWS's merging of two is what is tried today. */
static void fill_eula(struct sim *sim, json_t *values, json_t *submission)
{
    static const char *const eulas[] = {"as_authorized", "standard", "custom"};
    const char *eula = strange_is(sim, STRANGE_LEGAL) ? any(sim, eulas, 3) : eulas[0];
    json_object_set_new(submission, "eula", json_string(eula));
    fill(values, "eula", chosen(eula));
    if (strcmp(eula, "custom") == 0)
        fill(values, "eula_url", typed("https://partner.s3.amazonaws.com/eula.pdf"));
}

/* What the authorization fixes is left there, mostly. */
static const char *any_term(struct sim *sim, const char *authorization)
{
    static const char *const terms[] = {"P3650D", "P365D"};
    const json_t *one = json_object_get(sim->market->authorizations, authorization);
    bool fixed = *terms_duration(one) != '\0';
    return fixed && sim_chance(sim, 800) ? "as_authorized" : any(sim, terms, 2);
}

/* The customer's name tells which submission an offer came from: no two are alike. */
static void send_offer_form(struct sim *sim, const char *user, const json_t *view)
{
    static const char *const markups[] = {"25", "33.3", "42.8", "0.5"};
    static const char *const buyers[] = {"222233334444", "555566667777",
                                         "222233334444,555566667777", "123456789012"};
    static const char *const authorizations[] = {"resaleauthz-bronze2024", "resaleauthz-bronze2024",
                                                 "resaleauthz-single01"};
    static const char *const dates[] = {"2027-01-15", "2027-02-20", "2026-11-25"};
    const char *authorization = *sim->extended != '\0' && sim_chance(sim, 250)
                                    ? sim->extended
                                    : any(sim, authorizations, 3);
    json_t *values = json_object();
    char *customer = text_format("Customer %zu", json_object_size(sim->submissions) + 1);
    json_t *submission =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "user", user, "markup", any(sim, markups, 4),
                  "buyers", any(sim, buyers, 4), "authorization", authorization, "term",
                  any_term(sim, authorization), "accept_by", any(sim, dates, 3));
    fill(values, "authorization", chosen(text_at(submission, "authorization")));
    fill(values, "offer_name", typed("Archera - Subscription"));
    fill(values, "customer", typed(customer));
    fill(values, "buyers", typed(text_at(submission, "buyers")));
    fill(values, "markup", typed(text_at(submission, "markup")));
    fill(values, "term", chosen(text_at(submission, "term")));
    fill(values, "accept_by",
         json_pack("{s:s}", "selected_date", text_at(submission, "accept_by")));
    fill_eula(sim, values, submission);
    json_object_set_new(sim->submissions, customer, submission);
    deliver(sim, 1000 + (int64_t)sim_roll(sim, 60000), "interactive",
            json_pack("{s:s, s:o, s:o}", "type", "view_submission", "user", who(user), "view",
                      view_of(view, values)),
            customer);
}

static void send_reason(struct sim *sim, const char *user, const json_t *view, int64_t after)
{
    json_t *values = json_object();
    char comment[60];
    snprintf(comment, sizeof(comment), SIM_COMMENT "%s", user + 1);
    if (strcmp(text_at(view, "callback_id"), "approve_form") == 0)
        fill(values, "comment", typed(comment));
    else
        fill(values, "reason", typed("Not like this"));
    if (strcmp(text_at(view, "callback_id"), "reject_form") == 0 && sim_chance(sim, 500))
        fill(values, "code", chosen("price"));
    deliver(sim, after, "interactive",
            json_pack("{s:s, s:o, s:o}", "type", "view_submission", "user", who(user), "view",
                      view_of(view, values)),
            NULL);
}

void people_form(struct sim *sim, const char *user)
{
    const json_t *view = json_object_get(sim->views, user);
    if (sim->scripted || sim_chance(sim, 100))
        return; /* Cancel */
    if (strcmp(text_at(view, "callback_id"), "offer_form") == 0)
        send_offer_form(sim, user, view);
    else if (strcmp(text_at(view, "callback_id"), "details") != 0)
        send_reason(sim, user, view, 1000 + (int64_t)sim_roll(sim, 30000));
}

/* --- as a test tells them --- */

void people_type(struct sim *sim, const char *user, const char *text)
{
    type_command(sim, user, mem_copy(text));
}

static json_t *element(const char *name, const char *value)
{
    if (strcmp(name, "authorization") == 0 || strcmp(name, "term") == 0 ||
        strcmp(name, "eula") == 0)
        return chosen(value);
    if (strcmp(name, "accept_by") == 0)
        return json_pack("{s:s}", "selected_date", value);
    return typed(value);
}

void people_send_form(struct sim *sim, const char *user, ...)
{
    static const char *const usual[][2] = {{"authorization", "resaleauthz-bronze2024"},
                                           {"offer_name", "Archera - Subscription"},
                                           {"customer", "Alpha"},
                                           {"buyers", "222233334444"},
                                           {"markup", "25"},
                                           {"term", "P3650D"},
                                           {"accept_by", "2027-01-15"},
                                           {"eula", "as_authorized"}};
    const json_t *view = json_object_get(sim->views, user);
    json_t *values = json_object();
    const char *name;
    va_list args;
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        fill(values, usual[i][0], element(usual[i][0], usual[i][1]));
    va_start(args, user);
    while ((name = va_arg(args, const char *)) != NULL)
        fill(values, name, element(name, va_arg(args, const char *)));
    va_end(args);
    deliver(sim, 0, "interactive",
            json_pack("{s:s, s:o, s:o}", "type", "view_submission", "user", who(user), "view",
                      view_of(view, values)),
            NULL);
}

void people_send_reason(struct sim *sim, const char *user)
{
    send_reason(sim, user, json_object_get(sim->views, user), 0);
}

void people_click(struct sim *sim, const char *user, const char *action, int64_t offer,
                  int revision)
{
    char at[40];
    char key[40];
    snprintf(key, sizeof(key), "%lld.%d", (long long)offer, revision);
    snprintf(at, sizeof(at), "%lld.%06d", (long long)(sim->now / 1000),
             sim->at_once ? 0 : (int)sim_roll(sim, 999999));
    const json_t *card = json_object_get(sim->cards, key);
    json_t *payload = json_pack(
        "{s:s, s:o, s:{s:s, s:s}, s:[{s:s, s:s, s:s}]}", "type", "block_actions", "user", who(user),
        "container", "message_ts", card != NULL ? text_at(card, "ts") : "1.1", "channel_id",
        card != NULL ? text_at(card, "channel") : "C0DEALDESK", "actions", "action_id", action,
        "value", card != NULL ? text_at(card, "value") : key, "action_ts", at);
    if (card != NULL)
        json_object_set(payload, "message", json_object_get(card, "message"));
    trigger(sim, user, payload);
    deliver(sim, 0, "interactive", payload, NULL);
}
