/* What people type, press and send in, for tests of the handlers. */
#ifndef CPPO_TESTS_HANDLERS_FIXTURE_H
#define CPPO_TESTS_HANDLERS_FIXTURE_H

#include "envelope_fixture.h"

#include "book/posts.h"
#include "book/threads.h"
#include "flows/actions.h"
#include "views/form.h"

enum { A_WHILE_MS = 615 * 1000 }; /* a form that lay open for longer than lists are good */

static inline void send_envelope(const char *type, const char *payload)
{
    send_frame(type, mem_copy(payload));
}

static inline void type_command(const char *user, const char *command, const char *text)
{
    char payload[300];
    snprintf(payload, sizeof(payload),
             "{\"user_id\":\"%s\",\"channel_id\":\"C0DEALS\",\"trigger_id\":\"t\","
             "\"command\":\"%s\",\"text\":\"%s\"}",
             user, command, text);
    send_envelope("slash_commands", payload);
}

static inline void type(const char *user, const char *text)
{
    type_command(user, "/cppo", text);
}

static inline void become_guest(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true, .guest = GUEST_IS};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static inline void ask_options(const char *user)
{
    char payload[300];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_suggestion\",\"user\":{\"id\":\"%s\"},\"action_id\":"
             "\"authorization\",\"block_id\":\"authorization\",\"value\":\"\"}",
             user);
    send_envelope("interactive", payload);
}

static inline void show(const char *user, const char *more)
{
    char reply[300];
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\"%s}}", user, more);
    flows_answer("slack:users.info", user, reply);
}

static inline void read_first(struct turn *turn, const void *offer)
{
    assert_true(offers_get(turn, 1, (struct request *)(uintptr_t)offer));
}

static inline void read_button(struct turn *turn, const void *about)
{
    struct reference *button;
    struct loaded_card *loaded = cards_load(turn, 1);
    const struct card *card = cards_view(loaded);
    memcpy(&button, about, sizeof(button));
    *button = (struct reference){.number = 1, .revision = card->request->revision};
    text_fit(button->digest, sizeof(button->digest), card->request->digest);
    reference_cover(button->digest, card->covers);
    cards_free(loaded);
}

/* What the buttons of CPPO-1 hold (static room). */
static inline const char *button_value_now(void)
{
    static char value[REFERENCE_TEXT];
    struct reference button;
    struct reference *at = &button;
    flows_do(read_button, &at);
    reference_write(&button, value);
    return value;
}

/* The fields of a form, as Slack sends them; "%s": the offer name. */
#define FORM_STATE                                                                                 \
    "\"state\":{\"values\":{"                                                                      \
    "\"authorization\":{\"authorization\":{\"selected_option\":{\"value\":"                        \
    "\"resaleauthz-1\"}}},"                                                                        \
    "\"offer_name\":{\"offer_name\":{\"value\":\"%s\"}},"                                          \
    "\"customer\":{\"customer\":{\"value\":\"Example Corp\"}},"                                    \
    "\"buyers\":{\"buyers\":{\"value\":\"123456789012\"}},"                                        \
    "\"markup\":{\"markup\":{\"value\":\"25\"}},"                                                  \
    "\"term\":{\"term\":{\"selected_option\":{\"value\":\"P3650D\"}}},"                            \
    "\"accept_by\":{\"accept_by\":{\"selected_date\":\"2027-01-20\"}},"                            \
    "\"eula\":{\"eula\":{\"selected_option\":{\"value\":\"as_authorized\"}}}}}"

/* The edit form of CPPO-1 ${form}, opened at revision 1, with another offer name. */
static inline void send_change(const char *user, const char *form, const char *name)
{
    char payload[1400];
    static char digest[REFERENCE_DIGEST]; /* of revision 1 */
    struct request first = {.number = 0};
    flows_do(read_first, &first);
    if (first.revision == 1)
        text_fit(digest, sizeof(digest), first.digest);
    snprintf(payload, sizeof(payload),
             "{\"type\":\"view_submission\",\"user\":{\"id\":\"%s\"},\"view\":{"
             "\"callback_id\":\"offer_form\",\"private_metadata\":"
             "\"{\\\"form\\\":\\\"%s\\\",\\\"request\\\":1,\\\"revision\\\":1,"
             "\\\"digest\\\":\\\"%s\\\"}\"," FORM_STATE "}}",
             user, form, digest, name);
    send_envelope("interactive", payload);
}

static inline int64_t revision(void)
{
    return store_int(flows.store, "SELECT revision FROM request", SQL_NO_ARGS, 0);
}

static inline void judge_now(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    actions_now_or_later(turn, &pending, NULL);
}

#endif
