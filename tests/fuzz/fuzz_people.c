/* What people type, click and send in, from the envelope to what everybody sees: engine, handlers
 * and book as they are, Slack and AWS played. Three bytes and a text (up to a 0x1E) are an action:
 * what, who, how. Slack takes all that goes out, and nothing that anybody typed does anything in
 * it; and a second reading of a command says what it has to come to. */
#include "../unit/flows_fixture.h"
#include "../unit/views_fixture.h"
#include "fuzz.h"
#include "slack/payload.h"

enum { MAX_ACTIONS = 6, MAX_ACK = 20000 };

static const char *const people[] = {"U0SELLER", "U0APPROVER", "U0OPERATOR", "U0GUEST"};
static const char *const buttons[] = {"approve", "reject",   "request_changes", "details",  "edit",
                                      "retry",   "withdraw", "new_offer",       "my_offers"};

/* --- the judge --- */

/* Does one of the tokens that the bot itself writes begin there? */
static bool is_ours(const char *at)
{
    static const char *const ours[] = {"<@U0SELLER>", "<@U0APPROVER>", "<@U0OPERATOR>",
                                       "<@U0GUEST>",  "<!date^1",      "<https://aws.amazon.com/"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strncmp(at, ours[i], strlen(ours[i])) == 0)
            return true;
    }
    return false;
}

static void judge_text(const char *type, const char *text, void *unused)
{
    (void)unused;
    must(fuzz_utf8(text), "what is shown is text");
    for (const char *at = text; strcmp(type, "plain_text") != 0 && *at != '\0'; at++)
        must(*at != '<' || is_ours(at), "no token is born of what somebody typed");
}

static void judge_shown(const json_t *whole)
{
    struct err err = {.text = ""};
    must(blocks_check(whole, &err) == 0, err.text);
    each_text(whole, judge_text, NULL);
}

static void judge_ack(void)
{
    const char *field;
    json_t *error;
    must(strlen(flows.ack) < MAX_ACK, "Slack takes the ack");
    json_t *ack = *flows.ack != '\0' ? json_loads(flows.ack, 0, NULL) : NULL;
    must(*flows.ack == '\0' || json_is_object(ack), "an ack is JSON");
    if (json_object_get(ack, "blocks") != NULL)
        judge_shown(ack);
    json_object_foreach(json_object_get(ack, "errors"), field, error)
    {
        must(json_is_string(error) && *json_string_value(error) != '\0', "an error says what");
        must(strcmp(field, "reason") == 0 || field_named(field) >= 0, "beside a field of the form");
    }
    json_decref(ack);
}

static void judge_call(const struct sent *sent)
{
    json_t *body = json_loads(sent->body, 0, NULL);
    must(json_is_object(body), "a call's body is JSON");
    if (json_object_get(body, "view") != NULL)
        judge_shown(json_object_get(body, "view"));
    else if (json_object_get(body, "blocks") != NULL)
        judge_shown(body);
    json_decref(body);
}

/* --- Slack and AWS --- */

static json_t *reply_to(const struct sent *sent)
{
    json_t *body = json_loads(sent->body, 0, NULL);
    const char *user = check_text(body, "user");
    json_t *reply =
        strcmp(sent->call, "slack:users.info") == 0
            ? json_pack("{s:b, s:{s:s, s:s, s:s, s:b}}", "ok", 1, "user", "id", user, "team_id",
                        "T0HOME", "name", "x", "is_restricted", strcmp(user, "U0GUEST") == 0)
            : json_pack("{s:b, s:s, s:s, s:s}", "ok", 1, "channel", "C0APPROVALS", "ts",
                        "1795507200.000100", "ChangeSetId", "cs-1");
    json_decref(body);
    return reply;
}

/* AWS refuses whatever it is asked, in these words; without words it is content. */
static void answer(struct sent *sent, const char *words)
{
    bool refused = *words != '\0' && strncmp(sent->call, "aws:", 4) == 0;
    json_t *reply = refused ? NULL : reply_to(sent);
    const struct completion completion = {.outcome = refused ? OUTCOME_REFUSED : OUTCOME_OK,
                                          .code = refused ? "ValidationException" : "",
                                          .text = refused ? words : "",
                                          .reply = reply,
                                          .retry_after_ms = -1};
    flows_finish(sent, &completion);
    json_decref(reply);
}

/* All that waits, and what comes of it. */
static void answer_all(const char *words)
{
    size_t done = 0;
    for (; done < flows.count && done < MAX_OUT / 2; done++) {
        judge_call(&flows.sent[done]);
        if (flows.sent[done].open)
            answer(&flows.sent[done], words);
    }
    for (size_t i = done; i < flows.count; i++)
        judge_call(&flows.sent[i]);
}

/* --- envelopes --- */

/* Takes ${payload}. */
static void send_in(const char *type, json_t *payload)
{
    static unsigned long count;
    char route[SLACK_ROUTE];
    char keys[SLACK_KEYS][SLACK_KEY];
    char id[30];
    struct delivery delivery = {.serial = 1, .route = route};
    struct err err = {0};
    snprintf(id, sizeof(id), "e%lu", ++count);
    json_t *whole =
        json_pack("{s:s, s:s, s:o}", "envelope_id", id, "type", type, "payload", payload);
    char *frame = json_dumps(whole, JSON_COMPACT);
    struct slack_envelope *envelope =
        slack_envelope_decode(slack_frame_parse(frame, strlen(frame), &err), &err);
    must(envelope != NULL, "Slack sends what can be read");
    slack_route(envelope, route);
    slack_keys(envelope, keys, delivery.keys);
    delivery.envelope = envelope->id;
    delivery.payload = envelope;
    flows.ack[0] = '\0';
    engine_envelope(flows.engine, &delivery);
    flows_pass(0);
    judge_ack();
    slack_envelope_free(envelope);
    free(frame);
    json_decref(whole);
}

static json_t *interaction(const char *type, const char *user)
{
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:{s:s, s:s}}", "type", type, "user", "id", user,
                     "team_id", "T0HOME", "trigger_id", "t", "container", "channel_id",
                     "C0APPROVALS", "message_ts", "1795507200.000100");
}

/* As Slack does it in a command's text. */
static char *escaped(const char *text)
{
    struct text out = {0};
    for (; *text != '\0'; text++) {
        if (*text == '&' || *text == '<' || *text == '>')
            text_add(&out, *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : "&gt;");
        else
            text_add_bytes(&out, text, 1);
    }
    return text_take(&out);
}

/* What a command has to come to, by its words. */
static void judge_command(const char *typed, const char *user)
{
    char *words = mem_copy(typed);
    char *rest = words;
    const char *word = strtok_r(words, " \t\n\v\f\r", &rest);
    bool guest = strcmp(user, "U0GUEST") == 0;
    if (word == NULL)
        must(strstr(flows.ack, "Private offers") != NULL, "/cppo alone shows the menu");
    else if (strcasecmp(word, "help") == 0)
        must(strstr(flows.ack, "What you can type") != NULL, "help helps");
    else if (strcasecmp(word, "list") == 0)
        must(strstr(flows.ack, "Your offers") != NULL, "a list is shown");
    else if (strcasecmp(word, "new") == 0 && strlen(typed) < 1000)
        must(guest ? strstr(flows.ack, "Guests cannot") != NULL
                   : flows_find("slack:views.open", "offer_form") != NULL,
             "the form opens, for guests it does not");
    else if (strcasecmp(word, "new") != 0 && strcasecmp(word, "show") != 0 &&
             strcasecmp(word, "edit") != 0 && strcasecmp(word, "withdraw") != 0)
        must(strstr(flows.ack, "Unknown command “") != NULL, "what is not known is said");
    free(words);
}

static void type(const char *user, const char *typed)
{
    char *text = escaped(typed);
    send_in("slash_commands", json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "user_id", user,
                                        "team_id", "T0HOME", "channel_id", "C0DEALS", "trigger_id",
                                        "t", "command", "/cppo", "text", text));
    judge_command(typed, user);
    free(text);
}

static void look_up(struct turn *turn, const void *about)
{
    struct reference *reference = (struct reference *)(uintptr_t)about;
    struct request offer;
    if (!offers_get(turn, reference->number, &offer) ||
        (reference->revision != 0 && reference->revision != offer.revision))
        return;
    reference->revision = offer.revision;
    text_fit(reference->digest, sizeof(reference->digest), offer.digest);
}

/* As the card has it now, where it has that revision (0: any). */
static struct reference on_card(int64_t offer, int revision)
{
    struct reference reference = {.number = offer, .revision = revision};
    flows_do(look_up, &reference);
    return reference;
}

static void click(const char *user, const char *button, const char *value)
{
    struct reference first = on_card(1, 0);
    char usual[REFERENCE_TEXT];
    reference_write(&first, usual);
    json_t *payload = interaction("block_actions", user);
    json_object_set_new(payload, "actions",
                        json_pack("[{s:s, s:s, s:s}]", "action_id", button, "value",
                                  *value != '\0' ? value : usual, "action_ts", "1.5"));
    send_in("interactive", payload);
}

static void search(const char *user, const char *typed)
{
    json_t *payload = interaction("block_suggestion", user);
    json_object_set_new(payload, "action_id", json_string("authorization"));
    json_object_set_new(payload, "value", json_string(typed));
    send_in("interactive", payload);
}

static void put_value(json_t *values, const char *field, const char *value)
{
    json_object_set_new(values, field, json_pack("{s:{s:s}}", field, "value", value));
}

static void send_form(const char *user, const char *form, json_t *values, unsigned how)
{
    json_t *payload = interaction("view_submission", user);
    char origin[120];
    struct reference offer = on_card(how & 3, (int)(how >> 2 & 3));
    snprintf(origin, sizeof(origin),
             "{\"form\":\"f%u\",\"request\":%u,\"revision\":%d,\"digest\":\"%s\"}", how, how & 3,
             offer.revision, offer.digest);
    json_object_set_new(payload, "view",
                        json_pack("{s:s, s:s, s:{s:o}}", "callback_id", form, "private_metadata",
                                  origin, "state", "values", values));
    send_in("interactive", payload);
}

/* The usual form, but for one field, or with its free texts all the same. */
static void send_offer(const char *user, unsigned how, const char *text)
{
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1) + 1];
    struct content content = flows_content();
    struct form form;
    json_t *values = json_object();
    content_form(&content, buyers, sizeof(buyers), &form);
    for (int i = 0; i < FIELD_COUNT; i++) {
        bool free_text = i == FIELD_OFFER_NAME || i == FIELD_CUSTOMER || i == FIELD_NOTE;
        bool chosen = (int)(how >> 4) == i || (how >> 4 > FIELD_COUNT && free_text);
        const char *value = chosen ? text : form.typed[i];
        if (value != NULL)
            put_value(values, field_name((enum field)i), value);
    }
    send_form(user, "offer_form", values, how & 15);
}

static void send_reason(const char *user, const char *form, unsigned how, const char *text)
{
    json_t *values = json_object();
    put_value(values, "reason", text);
    send_form(user, form, values, how);
}

/* --- the day --- */

static void happen(unsigned what, const char *user, unsigned how, const char *text)
{
    switch (what % 8) {
    case 0:
    case 1:
        type(user, text);
        break;
    case 2:
        send_offer(user, how, text);
        break;
    case 3:
        click(user, buttons[how % (sizeof(buttons) / sizeof(buttons[0]))], text);
        break;
    case 4:
        send_reason(user, how & 16 ? "reject_form" : "changes_form", how & 15, text);
        break;
    case 5:
        search(user, text);
        break;
    case 6:
        answer_all(text);
        break;
    case 7:
        flows_pass((int64_t)how * 1000);
        break;
    }
}

static void know_guest(struct turn *turn, const void *unused)
{
    const struct person guest = {
        .id = "U0GUEST", .team = "T0HOME", .known = true, .guest = GUEST_IS};
    (void)unused;
    people_put(turn, &guest);
}

static void begin_anew(void)
{
    /* The store knows a statement by its address. */
    static const char *const statements[] = {
        "DELETE FROM buyer",    "DELETE FROM customer",       "DELETE FROM home",
        "DELETE FROM places",   "DELETE FROM quota",          "DELETE FROM reminder",
        "DELETE FROM ruling",   "DELETE FROM search_key",     "DELETE FROM timing",
        "DELETE FROM vote",     "DELETE FROM seen",           "DELETE FROM claim",
        "DELETE FROM letter",   "DELETE FROM thread",         "DELETE FROM post",
        "DELETE FROM move",     "DELETE FROM pending_action", "DELETE FROM typed",
        "DELETE FROM find",     "DELETE FROM blocked",        "DELETE FROM denial",
        "DELETE FROM doubt",    "DELETE FROM following",      "DELETE FROM acceptance",
        "DELETE FROM search",   "DELETE FROM change_set",     "DELETE FROM draft",
        "DELETE FROM revision", "DELETE FROM request",        "DELETE FROM tally",
        "DELETE FROM member",   "DELETE FROM user_group",     "DELETE FROM alias",
        "DELETE FROM person",   "DELETE FROM authorization",  "DELETE FROM setting",
        "DELETE FROM life",     "DELETE FROM counter",        "DELETE FROM inbox",
        "DELETE FROM effect",   "DELETE FROM timer",
    };
    const struct ports ports = {
        .clock = flows_clock,
        .monotonic = flows_monotonic,
        .random = flows_random,
        .send_ack = flows_ack,
        .run_effect = flows_out,
        .wake_in = flows_wake,
        .ctx = NULL,
    };
    engine_free(flows.engine);
    store_begin(flows.store);
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
        store_run(flows.store, statements[i], SQL_NO_ARGS);
    store_commit(flows.store);
    flows.now = MORNING_MS;
    flows.wake = INT64_MAX;
    flows.engine = engine_new(flows.store, &ports, &bot_tables, &flows.app);
    engine_start(flows.engine);
    flows_do(flows_know, NULL);
    flows_do(know_guest, NULL);
}

static void forget(void)
{
    for (size_t i = 0; i < flows.count; i++)
        free(flows.sent[i].body);
    flows.count = 0;
}

static void close_world(void)
{
    flows_tear_down(NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    if (flows.store == NULL) {
        must(flows_set_up(NULL) == 0, "the world opens");
        fuzz_quietly();
        atexit(close_world);
    }
    begin_anew();
    for (int i = 0; i < MAX_ACTIONS && fuzz.left > 2; i++) {
        unsigned what = fuzz_byte(&fuzz);
        unsigned who = fuzz_byte(&fuzz);
        unsigned how = fuzz_byte(&fuzz);
        char *text = fuzz_field(&fuzz);
        text_repair(text);
        happen(what, people[who & 3], how, text);
        free(text);
    }
    answer_all("");
    forget();
    return 0;
}
