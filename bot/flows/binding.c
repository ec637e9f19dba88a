#include "flows/binding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/posts.h"
#include "book/requests.h"
#include "flows/cards.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/whispers.h"
#include "offers/kind.h"
#include "text.h"
#include "views/messages.h"

bool binding_holds(struct turn *turn, const struct reference *request)
{
    return requests_has(turn, request);
}

char *binding_words(const char *what, const struct reference *request)
{
    char *one = request->number > 0
                    ? text_format(", and /cppo show CPPO-%lld today's %s of that number",
                                  (long long)request->number, kinds_words()->noun)
                    : text_format("%s", "");
    char *words = text_format("This %s belongs to an earlier set of records, so nothing was "
                              "changed. /cppo list shows the %s of today%s.",
                              what, kinds_words()->nouns, one);
    free(one);
    return words;
}

/* Does it have to match what the book holds? Whoever sends in a request, or types a number, was not
 * looking at any revision. */
static bool is_bound(const struct pending_action *pending)
{
    enum action_binding binding = pending->what->binding;
    return binding == BINDS_SHOWN || (binding == BINDS_BUTTON && pending->revision != 0);
}

/* False: it is about no request of this book, and the person has been told so. */
static bool find(struct turn *turn, const struct pending_action *pending, struct request *request)
{
    struct reference shown = {.number = pending->request, .revision = pending->revision};
    text_fit(shown.digest, sizeof(shown.digest), pending->digest);
    if (is_bound(pending) && !binding_holds(turn, &shown)) {
        char *words = binding_words("click", &shown);
        reply_log_refused(pending->person, pending->what->verb, shown.number, words);
        reply_undone(turn, pending, "%s", words);
        free(words);
        return false;
    }
    if (!requests_get(turn, pending->request, request)) {
        reply_undone(turn, pending, "There is no CPPO-%lld. /cppo list shows yours.",
                     (long long)pending->request);
        return false;
    }
    notify_unreadable(turn, request);
    return true;
}

/* Tells whoever may not. Text that was typed is not just thrown away: the action says what becomes
 * of it. */
static bool check_right(struct turn *turn, const struct pending_action *pending,
                        const struct person *person, const struct request *request)
{
    return pending->what->typed != TYPED_NOTHING ||
           reply_unless_allowed(turn, pending, person, request);
}

void binding_run(struct turn *turn, const struct pending_action *pending,
                 const struct person *person, const char *content)
{
    const struct action_type *what = pending->what;
    struct request request;
    struct action action = {.pending = pending, .person = person, .content = content};
    if (what->run == NULL)
        return;
    if (what->binding != BINDS_NOTHING) {
        if (!find(turn, pending, &request) || !check_right(turn, pending, person, &request))
            return;
        action.request = &request;
    }
    what->run(turn, &action);
}

/* The card as we know it, whatever its buttons say. */
static bool is_card(struct turn *turn, int64_t request, const struct slack_envelope *from)
{
    struct post post;
    return posts_get(turn, POST_CARD, request, &post) && strcmp(post.ts, from->message_ts) == 0 &&
           strcmp(post.channel, from->channel) == 0;
}

/* In a list, a form, Home or a direct message only that person sees the button. */
static bool is_lasting(const struct slack_envelope *from)
{
    return *from->message_ts != '\0' && from->channel[0] != 'D';
}

static const char *pressed(const struct slack_envelope *from)
{
    return *from->action_id != '\0' ? from->action_id : from->callback_id;
}

/* Takes ${words}. */
static void refuse(struct turn *turn, const struct slack_envelope *from, int64_t request,
                   char *words)
{
    reply_log_refused(from->user, pressed(from), request, words);
    whisper_message(turn, from->place, from->user, message_plain(words));
    free(words);
}

bool binding_of_click(struct turn *turn, const struct slack_envelope *from,
                      struct reference *request, char shown[SHOWN_TEXT])
{
    bool known = reference_read(request, from->value) && binding_holds(turn, request);
    bool lasting = is_lasting(from);
    if (!known) {
        refuse(turn, from, request->number, binding_words(lasting ? "card" : "button", request));
        /* Buttons from before the digest: the next click finds a card that has it. */
        if (lasting && is_card(turn, request->number, from))
            cards_show(turn, request->number);
        return false;
    }
    if (lasting &&
        !cards_own(turn, request->number, from->channel, from->message_ts, from->message_key)) {
        refuse(turn, from, request->number,
               text_format("CPPO-%lld has a newer card, so nothing was changed. /cppo show "
                           "CPPO-%lld shows how it stands now.",
                           (long long)request->number, (long long)request->number));
        return false;
    }
    if (shown != NULL)
        snprintf(shown, SHOWN_TEXT, "%s %s in %s %s", pressed(from), request->digest,
                 *from->message_ts != '\0' ? from->channel : "a view or whisper", from->message_ts);
    return true;
}
