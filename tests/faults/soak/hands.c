#include "hands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { FORM_MS = 6000 };

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* One step of time. */
static void let_go_on(struct hands *hands, int64_t until)
{
    enum seen seen = world_wait(hands->world, until);
    if (seen == SEEN_HANGING) {
        fprintf(stderr, "the bot hangs: it neither sleeps nor ends\n");
        exit(1);
    }
    hands->ended = seen == SEEN_END;
}

void hands_wait(struct hands *hands, int64_t until)
{
    while (!hands->ended && world_now_ms(hands->world) < until)
        let_go_on(hands, until);
}

const struct sight *hands_look(struct hands *hands)
{
    if (sight_read(&hands->sight, hands->world) != 0) {
        fprintf(stderr, "the sandbox does not answer\n");
        exit(1);
    }
    return &hands->sight;
}

const char *hands_card(struct hands *hands, const char *customer, const char **ts)
{
    char words[60];
    size_t i;
    json_t *card;
    *ts = "";
    snprintf(words, sizeof(words), " for %s: ", customer);
    json_array_foreach(hands_look(hands)->cards, i, card)
    {
        if (strstr(member(card, "text"), words) != NULL) {
            *ts = member(card, "ts");
            return member(card, "shown");
        }
    }
    return "";
}

/* --- one thing on the screen --- */

static bool do_it(struct hands *hands, const char *path, json_t *body)
{
    json_t *answer = world_ask(hands->world, path, body);
    bool taken = strcmp(member(answer, "outcome"), "acked") == 0;
    bool sent = *member(answer, "envelope_id") != '\0';
    hands->acts += sent;
    hands->unheeded += sent && !taken;
    taken &= json_object_get(json_object_get(answer, "ack"), "errors") == NULL;
    json_decref(answer);
    return taken;
}

bool hands_type(struct hands *hands, const char *user, const char *text)
{
    return do_it(hands, "command",
                 json_pack("{s:s, s:s, s:s}", "user", user, "text", text, "channel", "C0DEALDESK"));
}

bool hands_click(struct hands *hands, const char *user, const char *ts, const char *button)
{
    return do_it(hands, "click",
                 json_pack("{s:s, s:s, s:s, s:s}", "user", user, "channel", "C0APPROVALS", "ts", ts,
                           "action_id", button));
}

/* Open within a moment. */
static bool form_comes(struct hands *hands, const char *user, const char *form)
{
    int64_t until = world_now_ms(hands->world) + FORM_MS;
    while (!sight_form(hands_look(hands), user, form)) {
        if (hands->ended || world_now_ms(hands->world) >= until)
            return false;
        let_go_on(hands, until);
    }
    return true;
}

/* Sent in, or else put away. */
static bool submit(struct hands *hands, const char *user, json_t *values)
{
    bool taken = do_it(hands, "submit", json_pack("{s:s, s:o}", "user", user, "values", values));
    if (!taken)
        json_decref(world_ask(hands->world, "close", json_pack("{s:s}", "user", user)));
    return taken;
}

/* --- longer ones --- */

bool hands_reason(struct hands *hands, const char *user, const char *ts, const char *button,
                  const char *form)
{
    return hands_click(hands, user, ts, button) && form_comes(hands, user, form) &&
           submit(hands, user, json_pack("{s:s}", "reason", "Because"));
}

/* As long as a note may be: the book grows by some. */
static json_t *long_note(void)
{
    enum { POINTS = 1000 };
    char note[2 * POINTS + 1] = "";
    for (size_t i = 0; i < POINTS; i++)
        memcpy(note + 2 * i, "ß", 2);
    return json_string(note);
}

bool hands_request(struct hands *hands, const char *user, const char *customer,
                   const char *accept_by)
{
    if (!hands_type(hands, user, "/cppo new") || !form_comes(hands, user, "offer_form") ||
        !do_it(hands, "suggest",
               json_pack("{s:s, s:s, s:s}", "user", user, "block_id", "authorization", "text",
                         "Subscription")))
        return false;
    return submit(hands, user,
                  json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "authorization",
                            "resaleauthz-bronze2024", "customer", customer, "buyers",
                            "123456789012", "markup", "25", "accept_by", accept_by, "note",
                            long_note()));
}

bool hands_edit(struct hands *hands, const char *user, long long offer, const char *markup)
{
    char command[40];
    snprintf(command, sizeof(command), "/cppo edit CPPO-%lld", offer);
    return hands_type(hands, user, command) && form_comes(hands, user, "offer_form") &&
           submit(hands, user, json_pack("{s:s}", "markup", markup));
}

void hands_order(struct hands *hands, const char *path, json_t *body)
{
    char *words = json_dumps(body, JSON_COMPACT);
    json_t *answer = world_ask(hands->world, path, body);
    if (!json_is_true(json_object_get(answer, "ok"))) {
        fprintf(stderr, "the sandbox refuses %s %s\n", path, words);
        exit(1);
    }
    free(words);
    json_decref(answer);
}
