#include "mail.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { DIGITS = 12 };

/* In the text of a mail: where the number goes, and where the value. */
#define NUMBER "@number@"
#define VALUE "@value@"

struct mail {
    char *pattern;
    char **values;
    size_t value_count;
    long first; /* the first number that was written; -1: none was */
    struct text text;
};

/* Takes ${payload}. */
static struct mail *mail_new(const char *type, json_t *payload)
{
    struct mail *mail = mem_new(1, sizeof(*mail));
    json_t *frame = json_pack("{s:s, s:o, s:s, s:b}", "envelope_id", "bench-" NUMBER, "payload",
                              payload, "type", type, "accepts_response_payload", 1);
    mail->pattern = json_dumps(frame, JSON_COMPACT | JSON_ESCAPE_SLASH);
    mail->first = -1;
    json_decref(frame);
    return mail;
}

struct mail *mail_command(const char *url, const char *user, const char *text)
{
    char *later = text_format("%s/response/%s", url, NUMBER);
    json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
                                "token", "bench", "team_id", "T0HOME", "team_domain", "partner",
                                "channel_id", "C0DEALDESK", "channel_name", "deal-desk", "user_id",
                                user, "user_name", "somebody", "command", "/cppo", "text", text,
                                "api_app_id", "A0CPPO", "is_enterprise_install", "false",
                                "response_url", later, "trigger_id", NUMBER ".77." NUMBER);
    free(later);
    return mail_new("slash_commands", payload);
}

struct mail *mail_click(const char *url, const char *user, const char *action, const char *ts,
                        const char *key, const char *const *values, size_t count)
{
    char *later = text_format("%s/response/%s", url, NUMBER);
    json_t *payload = json_pack(
        "{s:s, s:{s:s, s:s, s:s}, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:b}, s:s, s:{s:s, s:s},"
        " s:{s:s, s:s}, s:{s:s, s:s, s:s, s:{s:s, s:{s:s}}}, s:{s:{}}, s:s,"
        " s:[{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}}]}",
        "type", "block_actions", "user", "id", user, "username", "somebody", "team_id", "T0HOME",
        "api_app_id", "A0CPPO", "token", "bench", "trigger_id", NUMBER ".77." NUMBER, "container",
        "type", "message", "message_ts", ts, "channel_id", "C0APPROVALS", "is_ephemeral", 0,
        "response_url", later, "team", "id", "T0HOME", "domain", "partner", "channel", "id",
        "C0APPROVALS", "name", "approvals", "message", "type", "message", "ts", ts, "text",
        "An offer waits for approval", "metadata", "event_type", "cppo_post", "event_payload",
        "key", key, "state", "values", "actions_of", NUMBER, "actions", "type", "button",
        "action_id", action, "block_id", "decide", "value", VALUE, "action_ts", NUMBER ".000100",
        "text", "type", "plain_text", "text", "Press");
    struct mail *mail = mail_new("interactive", payload);
    mail->values = mem_new(count, sizeof(*mail->values));
    mail->value_count = count;
    for (size_t i = 0; i < count; i++)
        mail->values[i] = mem_copy(values[i]);
    free(later);
    return mail;
}

static json_t *typed(const char *value)
{
    return json_pack("{s:s, s:s}", "type", "plain_text_input", "value", value);
}

static json_t *chosen(const char *value)
{
    return json_pack("{s:s, s:{s:s}}", "type", "static_select", "selected_option", "value", value);
}

struct mail *mail_form(const char *user)
{
    const char *origin = "{\"form\":\"form-" NUMBER "\",\"request\":0,\"revision\":0}";
    json_t *values =
        json_pack("{s:{s:o}, s:{s:o}, s:{s:o}, s:{s:o}, s:{s:o}, s:{s:o}, s:{s:{s:s}}, s:{s:o}}",
                  "authorization", "authorization", chosen("resaleauthz-bronze2024"), "offer_name",
                  "offer_name", typed("Archera - Subscription"), "customer", "customer",
                  typed("Alpha"), "buyers", "buyers", typed("222233334444"), "markup", "markup",
                  typed("25"), "term", "term", chosen("P3650D"), "accept_by", "accept_by",
                  "selected_date", "2027-01-15", "eula", "eula", chosen("as_authorized"));
    json_t *payload =
        json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:s, s:s, s:s,"
                  " s:{s:s, s:s, s:s, s:s, s:{s:o}, s:s}, s:[]}",
                  "type", "view_submission", "team", "id", "T0HOME", "domain", "partner", "user",
                  "id", user, "username", "somebody", "team_id", "T0HOME", "api_app_id", "A0CPPO",
                  "token", "bench", "trigger_id", NUMBER ".77." NUMBER, "view", "id", "V0BENCH",
                  "type", "modal", "callback_id", "offer_form", "private_metadata", origin, "state",
                  "values", values, "hash", "1700000000.aaaa", "response_urls");
    return mail_new("interactive", payload);
}

void mail_free(struct mail *mail)
{
    if (mail == NULL)
        return;
    for (size_t i = 0; i < mail->value_count; i++)
        free(mail->values[i]);
    free(mail->values);
    free(mail->pattern);
    text_free(&mail->text);
    free(mail);
}

const struct text *mail_write(struct mail *mail, long number)
{
    char digits[32];
    if (mail->first < 0)
        mail->first = number;
    snprintf(digits, sizeof(digits), "%0*lu", DIGITS, (unsigned long)number % 1000000000000UL);
    text_clear(&mail->text);
    const char *from = mail->pattern;
    for (const char *at; (at = strchr(from, '@')) != NULL;) {
        text_add_bytes(&mail->text, from, (size_t)(at - from));
        bool value = strncmp(at, VALUE, strlen(VALUE)) == 0;
        if (value)
            text_add(&mail->text, mail->values[(size_t)(number - mail->first) % mail->value_count]);
        else
            text_add_bytes(&mail->text, digits, DIGITS);
        from = at + strlen(value ? VALUE : NUMBER);
    }
    text_add(&mail->text, from);
    return &mail->text;
}

long mail_acked(const char *bytes, size_t size)
{
    const char *at = memmem(bytes, size, "\"bench-", 7);
    return at != NULL && at + 7 + DIGITS <= bytes + size ? strtol(at + 7, NULL, 10) : -1;
}
