#include "flows/details.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "flows/actions.h"
#include "flows/app_context.h"
#include "flows/cards_load.h"
#include "flows/rosters.h"
#include "flows/whispers.h"
#include "log.h"
#include "mem.h"
#include "text.h"
#include "views/full_view.h"

static const struct effect_type details_open_effect;

static const int64_t TRIGGER_MS =
    2500; /* of Slack's three seconds, some of which the way here took */

static char *trigger_name(const char *user, int64_t request)
{
    return text_format("trigger %s %lld", user, (long long)request);
}

void details_expect(struct turn *turn, const char *user, int64_t request, const char *trigger)
{
    char *name = trigger_name(user, request);
    if (*trigger != '\0')
        turn_note(turn, name, trigger, TRIGGER_MS, 1);
    free(name);
}

/* Which buttons this person is shown. */
static unsigned may(struct turn *turn, const struct person *person, const struct request *request)
{
    unsigned all = 0;
    struct policy policy = app_policy(turn);
    if (rosters_may(turn, RIGHT_DECIDE, person, request))
        all |= MAY_DECIDE;
    if (rosters_may(turn, RIGHT_EDIT, person, request))
        all |= MAY_EDIT;
    if (rosters_may(turn, RIGHT_WITHDRAW, person, request))
        all |= MAY_WITHDRAW | MAY_SCHEDULE | MAY_NUDGE;
    if (rosters_may(turn, RIGHT_RETRY, person, request))
        all |= MAY_RETRY;
    if (rosters_why(turn, RIGHT_REQUEST, person, true) == NULL)
        all |= MAY_COPY;
    if (rosters_may(turn, RIGHT_HOLD, person, request))
        all |= MAY_HOLD;
    if (rosters_may(turn, RIGHT_CONTINUE, person, request))
        all |= MAY_CONTINUE;
    if (policy_sees_cards(&policy, person))
        all |= MAY_OPEN_CARD;
    return all;
}

static void send_message(struct turn *turn, const struct reply_to *to, const struct card *card,
                         unsigned all)
{
    struct move *moves = mem_new(MAX_MOVES, sizeof(*moves));
    size_t count = history_moves(turn, card->request->number, 0, moves, MAX_MOVES);
    reply_message(turn, to, full_view_message(card, moves, count, all));
    free(moves);
}

static json_t *make_modal(struct turn *turn, const struct card *card, unsigned all, size_t skipped)
{
    struct move *moves = mem_new(HISTORY_PAGE + 1, sizeof(*moves));
    struct history history = {.skipped = skipped};
    size_t count = history_moves(turn, card->request->number, skipped, moves, HISTORY_PAGE + 1);
    history.older = count > HISTORY_PAGE;
    history.count = history.older ? HISTORY_PAGE : count;
    history.moves = moves + (count - history.count);
    json_t *modal = full_view_modal(card, &history, all);
    free(moves);
    return modal;
}

/* Takes ${view}. */
static void open_modal(struct turn *turn, const struct reply_to *to, int64_t request,
                       const char *trigger, json_t *view)
{
    json_t *body = json_pack("{s:s, s:o}", "trigger_id", trigger, "view", view);
    char *target = text_format("%s %s", to->person, to->channel);
    flow_effect(
        turn, &(struct effect){.type = &details_open_effect, .subject = request, .target = target},
        body);
    free(target);
}

void details_show(struct turn *turn, const struct reply_to *to, const struct person *person,
                  const struct request *request, size_t skipped)
{
    struct loaded_card *loaded = cards_load(turn, request->number);
    const struct card *card = cards_view(loaded);
    unsigned all = may(turn, person, request);
    char *name = trigger_name(to->person, request->number);
    char *trigger = turn_noted(turn, name);
    if (whispers_in_modal(to->channel))
        whisper_view(turn, to->channel, to->person, make_modal(turn, card, all, skipped));
    else if (trigger != NULL)
        open_modal(turn, to, request->number, trigger, make_modal(turn, card, all, skipped));
    else
        send_message(turn, to, card, all);
    mem_wipe_free(trigger);
    free(name);
    cards_free(loaded);
}

/* Too late, or Slack refused: then it is a message, if the person may still see it. */
static void on_details_open(struct turn *turn, const struct result *result)
{
    struct pending_action pending = {.what = &details_action, .request = result->subject};
    size_t size = strcspn(result->target, " ");
    if (result->outcome == OUTCOME_OK || size >= sizeof(pending.person))
        return;
    log_info("details modal refused", F_INT("request", result->subject),
             F_TEXT("code", result->code));
    snprintf(pending.person, sizeof(pending.person), "%.*s", (int)size, result->target);
    text_fit(pending.channel, sizeof(pending.channel),
             result->target[size] != '\0' ? result->target + size + 1 : "");
    actions_now_or_later(turn, &pending, NULL);
}

static void on_details(struct turn *turn, const struct action *action)
{
    const struct reply_to to = reply_to_action(action->pending);
    int skipped = action->pending->skipped;
    details_show(turn, &to, action->person, action->request, skipped > 0 ? (size_t)skipped : 0);
}

const struct action_type details_action = {
    .name = "details",
    .verb = "see",
    .right = RIGHT_SEE,
    .binding = BINDS_NUMBER,
    .run = on_details,
};

static const struct effect_type details_open_effect = {
    .name = "details.open",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.open",
    .done = on_details_open,
};

const struct flow details_flow = {.effects = {&details_open_effect}};
