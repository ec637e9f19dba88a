/* I4: every move is one that the design allows, none leaves a terminal state, and the offer's state
 * is what its history says. */
#include <string.h>

#include "check.h"

static const char *const moves[][3] = {
    {"draft", "submit", "pending"},
    {"draft", "withdraw", "withdrawn"},
    {"pending", "submit", "pending"},
    {"pending", "approve", "approved"},
    {"pending", "pass", "approved"},
    {"pending", "request_changes", "changes_requested"},
    {"pending", "refuse", "changes_requested"},
    {"pending", "lapse", "changes_requested"},
    {"pending", "give_back", "changes_requested"},
    {"pending", "reject", "rejected"},
    {"pending", "withdraw", "withdrawn"},
    {"changes_requested", "submit", "pending"},
    {"changes_requested", "withdraw", "withdrawn"},
    {"approved", "publish", "publishing"},
    {"approved", "fail", "failed"},
    {"approved", "withdraw", "withdrawn"},
    {"publishing", "withdraw", "withdrawn"},
    {"publishing", "release", "published"},
    {"publishing", "fail", "failed"},
    {"failed", "retry", "publishing"},
    {"failed", "submit", "pending"},
    {"failed", "withdraw", "withdrawn"},
    {"published", "accept", "accepted"},
    {"published", "expire", "expired"},
    {"published", "close", "closed"},
    {"draft", "find", "publishing"},
    {"pending", "find", "publishing"},
    {"changes_requested", "find", "publishing"},
    {"approved", "find", "publishing"},
    {"publishing", "find", "publishing"},
    {"failed", "find", "publishing"},
    {"rejected", "find", "publishing"},
    {"withdrawn", "find", "publishing"},
    {"expired", "accept", "accepted"},
    {"expired", "reopen", "published"},
    {"closed", "accept", "accepted"},
    {"closed", "reopen", "published"},
    {"approved", "hold", "approved"},
    {"approved", "continue", "approved"},
    {"approved", "due", "approved"},
    {"publishing", "hold", "publishing"},
    {"publishing", "continue", "publishing"},
    {"publishing", "due", "publishing"},
    {"failed", "due", "failed"},
    {"pending", "due", "pending"},
    {"changes_requested", "due", "changes_requested"},
    {"pending", "schedule", "pending"},
    {"changes_requested", "schedule", "changes_requested"},
    {"approved", "schedule", "approved"},
    {"publishing", "schedule", "publishing"},
    {"failed", "schedule", "failed"},
};

static bool is_allowed(const json_t *move)
{
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        if (strcmp(moves[i][0], text_of(move, "from_state")) == 0 &&
            strcmp(moves[i][1], text_of(move, "event")) == 0 &&
            strcmp(moves[i][2], text_of(move, "to_state")) == 0)
            return true;
    }
    return false;
}

/* A submission makes the next revision; nothing else changes it, but what a file that was put back
 * does not know: then it only rises. */
static bool revision_fits(const struct evidence *evidence, const json_t *move, json_int_t revision)
{
    bool submits = strcmp(text_of(move, "event"), "submit") == 0;
    if (was_restored(evidence))
        return number_of(move, "revision") >= revision + (submits ? 1 : 0);
    return number_of(move, "revision") == revision + (submits ? 1 : 0);
}

/* What somebody holds goes nowhere but out of its approval, until it is let go on. */
static bool goes_out(const json_t *move)
{
    return strcmp(text_of(move, "event"), "publish") == 0 ||
           strcmp(text_of(move, "event"), "release") == 0;
}

static bool is_held(const json_t *move, bool held)
{
    const char *event = text_of(move, "event");
    if (strcmp(event, "hold") == 0)
        return true;
    return held && strcmp(event, "continue") != 0 && strcmp(event, "submit") != 0 &&
           strcmp(event, "find") != 0;
}

static void replay(const struct evidence *evidence, const json_t *offer, struct verdict *verdict)
{
    json_int_t number = number_of(offer, "number");
    const char *state = "draft";
    json_int_t step = 0, revision = 0, at = 0;
    bool held = false;
    size_t i;
    json_t *move;
    json_array_foreach(rows_of(evidence, "move"), i, move)
    {
        if (number_of(move, "offer") != number)
            continue;
        if (!is_allowed(move) || strcmp(text_of(move, "from_state"), state) != 0)
            broken(verdict, "I4", "CPPO-%lld went from %s (it was %s) to %s by %s",
                   (long long)number, text_of(move, "from_state"), state, text_of(move, "to_state"),
                   text_of(move, "event"));
        if (number_of(move, "step") != ++step || number_of(move, "at") < at)
            broken(verdict, "I4", "the history of CPPO-%lld has a gap or goes back in time at %lld",
                   (long long)number, (long long)step);
        if (!revision_fits(evidence, move, revision))
            broken(verdict, "I4", "CPPO-%lld: %s in revision %lld, after revision %lld",
                   (long long)number, text_of(move, "event"),
                   (long long)number_of(move, "revision"), (long long)revision);
        if (held && goes_out(move))
            broken(verdict, "I4", "CPPO-%lld went out while it was held", (long long)number);
        held = is_held(move, held);
        state = text_of(move, "to_state");
        at = number_of(move, "at");
        revision = number_of(move, "revision");
    }
    if (was_restored(evidence) && revision < number_of(offer, "revision"))
        revision = number_of(offer, "revision");
    if (strcmp(state, text_of(offer, "state")) != 0 || revision != number_of(offer, "revision"))
        broken(verdict, "I4", "CPPO-%lld is %s r%lld, its history says %s r%lld", (long long)number,
               text_of(offer, "state"), (long long)number_of(offer, "revision"), state,
               (long long)revision);
}

void check_history(const struct evidence *evidence, struct verdict *verdict)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        replay(evidence, row, verdict);
    }
}
