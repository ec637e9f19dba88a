#include "flows/informing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/letters.h"
#include "book/people.h"
#include "book/posts.h"
#include "book/requests.h"
#include "flows/cards_load.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "hash.h"
#include "json.h"
#include "log.h"
#include "offers/kind.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"
#include "views/notice.h"

static const struct effect_type letter_effect, letter_update_effect;

enum {
    MAX_LETTERS = 10, /* that are kept up to date: older ones have said what they had to */
    MAX_WAITING = 40, /* for one reader; Slack takes one message a second */
};

/* Did ${letter} go to somebody other than the newest did? Unknown, hence false, of one not yet
 * sent. */
static bool is_elsewhere(const struct letter *letter, const struct letter *newest)
{
    return *newest->channel != '\0' && strcmp(letter->channel, newest->channel) != 0;
}

/* What ${letter} says: the newest of all, or an earlier one. */
static json_t *message_from(const struct loaded_card *loaded, const struct letter *letter,
                            const struct letter *newest)
{
    const struct card *card = cards_view(loaded);
    json_t *message = letter->id == newest->id       ? notice_message(card)
                      : is_elsewhere(letter, newest) ? notice_handed_over(card)
                                                     : notice_old(card);
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    return message;
}

static json_t *message_of(struct turn *turn, int64_t request, const struct letter *letter,
                          const struct letter *newest)
{
    struct loaded_card *loaded = cards_load(turn, request);
    json_t *message = message_from(loaded, letter, newest);
    cards_free(loaded);
    return message;
}

/* Of what a letter is to show. The newest changes with every move, unasked (on_move): what it was
 * to show before a move says nothing of what it shows since. */
static void digest_of(json_t *message, const struct loaded_card *loaded, bool is_newest,
                      char digest[HASH_HEX])
{
    const struct move *last = cards_view(loaded)->last;
    struct text text = {0};
    char *words = json_write(json_incref(message));
    text_add(&text, words);
    if (is_newest && last != NULL)
        text_addf(&text, " %lld", (long long)last->at);
    hash_hex(text_get(&text), text.size, digest);
    text_free(&text);
    free(words);
}

static void post(struct turn *turn, const struct request *request)
{
    char shown[HASH_HEX];
    char target[32];
    char *lane = text_format("channel:%s", request->requester);
    const struct letter new = {.id = 0};
    struct loaded_card *loaded = cards_load(turn, request->number);
    json_t *message = message_from(loaded, &new, &new);
    digest_of(message, loaded, true, shown);
    cards_free(loaded);
    if (turn_crowded(turn, &(struct effect){.type = &letter_effect, .lane = lane}, MAX_WAITING)) {
        free(lane);
        notify_news(turn, request->requester, request->number, message);
        return;
    }
    snprintf(target, sizeof(target), "%lld", (long long)letters_add(turn, request->number, shown));
    json_object_set_new(message, "channel", json_string(request->requester));
    flow_effect(
        turn,
        &(struct effect){
            .type = &letter_effect, .subject = request->number, .target = target, .lane = lane},
        message);
    free(lane);
}

/* It will show the present, as of when it leaves. */
static void mirror(struct turn *turn, const struct letter *letter)
{
    char target[40];
    snprintf(target, sizeof(target), "letter %lld", (long long)letter->id);
    turn_mirror(turn, &letter_update_effect, target, letter->request);
}

static void show_in(struct turn *turn, struct letter *letter, const struct loaded_card *loaded,
                    const struct letter *newest)
{
    char shown[HASH_HEX];
    json_t *message = message_from(loaded, letter, newest);
    digest_of(message, loaded, letter->id == newest->id, shown);
    json_decref(message);
    if (strcmp(shown, letter->shown) == 0)
        return;
    text_fit(letter->shown, sizeof(letter->shown), shown);
    letters_put(turn, letter);
    mirror(turn, letter);
}

/* Those of a request, the newest first. */
struct letters {
    struct letter at[MAX_LETTERS];
    size_t count;
};

static void load(struct turn *turn, int64_t request, struct letters *letters)
{
    letters->count = letters_newest(turn, request, letters->at, MAX_LETTERS);
}

/* Updates those that do not show the present yet, from the ${first} on. */
static void bring_to_present(struct turn *turn, struct letters *letters, size_t first)
{
    struct loaded_card *loaded = NULL;
    for (size_t i = first; i < letters->count; i++) {
        struct letter *letter = &letters->at[i];
        if (*letter->ts == '\0')
            continue;
        if (loaded == NULL)
            loaded = cards_load(turn, letter->request);
        show_in(turn, letter, loaded, &letters->at[0]);
    }
    cards_free(loaded);
}

/* Cancels those not yet sent. True: there was one. */
static bool take_back(struct turn *turn, int64_t request, const struct letters *letters)
{
    bool unsent = false;
    for (size_t i = 0; i < letters->count; i++)
        unsent |= *letters->at[i].ts == '\0';
    if (!unsent || !turn_cancel_waiting(turn, &letter_effect, request))
        return false;
    letters_forget_unsent(turn, request);
    return true;
}

/* Somebody took it over and sent it in: they have no message yet that could be updated. */
static bool is_new_requester(struct turn *turn, const struct moved *moved)
{
    struct move last[2];
    return moved->move->event == EVENT_SUBMIT &&
           history_moves(turn, moved->request->number, 0, last, 2) == 2 &&
           last[0].event == EVENT_TAKE_OVER;
}

/* Does the requester need a new message, or is it enough that the present one changes? An edit
 * notifies nobody. */
static bool is_news(struct turn *turn, const struct moved *moved)
{
    switch (moved->request->state) {
    case STATE_CHANGES_REQUESTED:
    case STATE_REJECTED:
    case STATE_FAILED:
    case STATE_PUBLISHED:
    case STATE_ACCEPTED:
    case STATE_EXPIRED:
    case STATE_CLOSED:
    case STATE_DONE:
        return true;
    case STATE_WITHDRAWN: /* by somebody else */
        return !people_same(turn, moved->move->who.id, moved->request->requester);
    case STATE_PENDING:
        return is_new_requester(turn, moved);
    case STATE_DRAFT:
    case STATE_APPROVED:
    case STATE_PUBLISHING:
    case STATE_UNDER_WAY:
    case STATE_UNREADABLE:
    case STATES:
        break;
    }
    return false;
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    const struct request *request = moved->request;
    struct letters letters;
    if (moved->move->from == STATE_DRAFT)
        return; /* nobody has been told of it: they are when its card stands */
    load(turn, request->number, &letters);
    if (take_back(turn, request->number, &letters) || is_news(turn, moved)) {
        post(turn, request);
        load(turn, request->number, &letters);
    }
    /* The newest changes in any case: its words are made when they leave. */
    if (letters.count > 0 && *letters.at[0].ts != '\0')
        mirror(turn, &letters.at[0]);
    bring_to_present(turn, &letters, 1);
}

void informing_update(struct turn *turn, int64_t number)
{
    struct letters letters;
    struct request request;
    if (!requests_get(turn, number, &request))
        return;
    load(turn, number, &letters);
    if (letters.count > 0)
        bring_to_present(turn, &letters, 0);
    else if (request.state == STATE_PENDING)
        post(turn, &request);
}

void informing_news(struct turn *turn, int64_t number)
{
    struct letters letters;
    struct request request;
    if (!requests_get(turn, number, &request))
        return;
    load(turn, number, &letters);
    take_back(turn, number, &letters);
    post(turn, &request);
    load(turn, number, &letters);
    bring_to_present(turn, &letters, 0);
}

static void on_card(struct turn *turn, const struct post *card, enum card_place place)
{
    (void)place; /* it says whether the approvers see it */
    informing_update(turn, card->request);
}

/* --- results --- */

static const struct matter unreachable = {TOLD_FOR_EVER, .setting = SETTING_UNREACHABLE};

/* The request goes on without its requester: somebody else has to see to it. */
static void report_unreachable(struct turn *turn, int64_t number, const struct result *result)
{
    struct request request;
    char about[24];
    if (result->outcome != OUTCOME_REFUSED || strcmp(result->code, "gave_up") == 0 ||
        !requests_get(turn, number, &request))
        return;
    snprintf(about, sizeof(about), "%lld", (long long)number);
    notify_operators_once(turn, &unreachable, about,
                          "I cannot tell " MENTION_PERSON
                          ", who requested CPPO-%lld, how it goes: %s (%s). The "
                          "%s goes on without them. /cppo show CPPO-%lld says how it stands.",
                          request.requester, (long long)number, result->text, result->code,
                          request.kind->words->noun, (long long)number);
}

static void on_letter(struct turn *turn, const struct result *result)
{
    struct letter letter;
    struct letters letters;
    if (!letters_get(turn, strtoll(result->target, NULL, 10), &letter))
        return;
    if (result->outcome != OUTCOME_OK ||
        !slack_posted_in(result->reply, letter.channel, sizeof(letter.channel)) ||
        !slack_posted(result->reply, letter.ts, sizeof(letter.ts))) {
        log_error("requester not notified", F_INT("request", letter.request),
                  F_TEXT("code", result->code), F_TEXT("why", result->text));
        report_unreachable(turn, letter.request, result);
        return;
    }
    letters_put(turn, &letter);
    load(turn, letter.request, &letters);
    bring_to_present(turn, &letters, 0);
}

static char *render(struct turn *turn, int64_t request, const char *target)
{
    struct letter letter;
    struct letter newest;
    if (!letters_get(turn, strtoll(target + strlen("letter "), NULL, 10), &letter) ||
        letters_newest(turn, request, &newest, 1) == 0 || *letter.ts == '\0')
        return NULL;
    json_t *message = message_of(turn, request, &letter, &newest);
    json_object_set_new(message, "channel", json_string(letter.channel));
    json_object_set_new(message, "ts", json_string(letter.ts));
    return json_write(message);
}

/* One that cannot be updated (any more) stays as it is: whatever mattered came as a message of its
 * own. */
static void on_letter_update(struct turn *turn, const struct result *result)
{
    (void)turn;
    if (result->outcome != OUTCOME_OK)
        log_warn("direct message not updated", F_INT("request", result->subject),
                 F_TEXT("code", result->code));
}

static const struct effect_type letter_effect = {
    .name = "letter",
    .kind = EFFECT_NOTICE,
    .call = "slack:chat.postMessage",
    .done = on_letter,
    .gap_ms = SLACK_POST_GAP_MS,
};
static const struct effect_type letter_update_effect = {
    .name = "letter.update",
    .kind = EFFECT_MIRROR,
    .call = "slack:chat.update",
    .done = on_letter_update,
    .render = render,
};

const struct flow informing_flow = {
    .effects = {&letter_effect, &letter_update_effect}, .on_move = on_move, .on_card = on_card};
