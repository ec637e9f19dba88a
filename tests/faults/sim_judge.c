/* The simulator's own judge: it sees more than the independent one (checker/), who could decide
 * when and what each person typed, beside Slack's messages, AWS's entities and the history in the
 * state file. Shares no rule with the bot. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sandbox/market.h"
#include "io/store.h"
#include "sim.h"
#include "text.h"

/* --- I1, I2: what was released --- */

/* "Customer 7 - CPPO-3 r2" */
static bool read_description(const char *text, char customer[40], long long *number, int *revision)
{
    const char *dot = strstr(text, " - CPPO-");
    if (dot == NULL || sscanf(dot, " - CPPO-%lld r%d", number, revision) != 2)
        return false;
    snprintf(customer, 40, "%.*s", (int)(dot - text), text);
    return true;
}

/* Could they decide at any moment between? The last word before counts, and every one within. */
static bool was_entitled(struct sim *sim, const char *user, int64_t from, int64_t until)
{
    bool may = false;
    size_t i;
    const json_t *one;
    json_array_foreach(sim->entitled, i, one)
    {
        int64_t at = json_integer_value(json_object_get(one, "at"));
        if (strcmp(text_in(one, "user"), user) != 0 || at > until)
            continue;
        bool now = json_is_true(json_object_get(one, "may"));
        may = at <= from ? now : may || now;
    }
    return may;
}

/* When AWS released it, to the end of that second. */
static int64_t released_ms(const json_t *entity)
{
    struct tm when = {0};
    return strptime(text_in(entity, "released"), "%Y-%m-%dT%H:%M:%S", &when) != NULL
               ? (int64_t)timegm(&when) * 1000 + 999
               : 0;
}

/* Did what was clicked on, or sent in, show this customer's offer? */
static bool showed(const json_t *approval, const char *header, const char *customer)
{
    const char *form = text_in(approval, "form");
    size_t size = strlen(customer);
    for (const char *at = form; (at = strstr(at, customer)) != NULL; at++) {
        if (at[size] < '0' || at[size] > '9')
            return true;
    }
    return strcmp(text_in(approval, "header"), header) == 0;
}

/* What Slack says of people is a minute old at most, and was up to a quarter under way; a click
 * waits for it half a minute, and for a bot that is being started. */
static bool was_entitled_about(struct sim *sim, const char *user, int64_t at)
{
    enum { OLD_MS = 75000, WAIT_MS = 40000 };
    return was_entitled(sim, user, at - OLD_MS, at + WAIT_MS);
}

/* How many different people had approved exactly this when ${last} was clicked, on a card or in a
 * form that showed it: all of whom could when they clicked, and could still at that moment, at
 * which earlier votes are looked at again. */
static int approvals_by(struct sim *sim, const json_t *last, const char *value, const char *header,
                        const char *customer, const char *requester)
{
    int64_t until = json_integer_value(json_object_get(last, "at"));
    json_t *people = json_object();
    size_t i;
    const json_t *one;
    json_array_foreach(sim->approvals, i, one)
    {
        const char *user = text_in(one, "user");
        int64_t at = json_integer_value(json_object_get(one, "at"));
        if (at <= until && strcmp(user, requester) != 0 &&
            strncmp(text_in(one, "value"), value, strlen(value)) == 0 &&
            showed(one, header, customer) && was_entitled_about(sim, user, at) &&
            was_entitled_about(sim, user, until))
            json_object_set_new(people, user, json_true());
    }
    int count = (int)json_object_size(people);
    json_decref(people);
    return count;
}

/* The most people who had approved exactly this at one moment before ${until}. */
static int approvals(struct sim *sim, long long number, int revision, const char *customer,
                     const char *requester, int64_t until)
{
    char value[40];
    char header[80];
    int most = 0;
    size_t i;
    const json_t *last;
    snprintf(value, sizeof(value), "%lld.%d.", number, revision);
    snprintf(header, sizeof(header), "CPPO-%lld · %s", number, customer);
    json_array_foreach(sim->approvals, i, last)
    {
        if (strncmp(text_in(last, "value"), value, strlen(value)) != 0 ||
            json_integer_value(json_object_get(last, "at")) > until)
            continue;
        int count = approvals_by(sim, last, value, header, customer, requester);
        most = count > most ? count : most;
    }
    return most;
}

static char *check_released(struct sim *sim, json_t *released)
{
    const char *id;
    json_t *entity;
    json_object_foreach(sim->market->offers, id, entity)
    {
        char customer[40];
        char key[24];
        long long number;
        int revision;
        if (strcmp(text_in(entity, "State"), "Released") != 0)
            continue;
        if (!read_description(text_in(entity, "Description"), customer, &number, &revision))
            return text_format("%s was released as “%s”", id, text_in(entity, "Description"));
        snprintf(key, sizeof(key), "%lld", number);
        const json_t *typed = json_object_get(sim->submissions, customer);
        const json_t *then = judge_released(sim, id);
        if (then == NULL) {
            char *wrong = judge_by_hand(sim, id, number, typed);
            if (wrong != NULL)
                return wrong;
            if (json_object_get(released, key) == NULL)
                json_object_set_new(released, key, json_string(id));
            continue;
        }
        if (json_integer_value(json_object_get(entity, "release_count")) != 1)
            return text_format("I1: %s was released %d times", id,
                               (int)json_integer_value(json_object_get(entity, "release_count")));
        const char *other = text_in(released, key);
        if (*other != '\0' && judge_released(sim, other) != NULL)
            return text_format("I1: CPPO-%lld was released twice, as %s and %s", number, other, id);
        if ((typed == NULL || !content_is(then, typed)) &&
            !judge_alarmed(sim, number, JUDGE_DIFFERS))
            return text_format("I2: CPPO-%lld r%d (%s) is not what was typed, and nobody was told",
                               number, revision, customer);
        int count =
            approvals(sim, number, revision, customer, text_in(typed, "user"), released_ms(entity));
        if (count < sim->config.needed)
            return text_format("I2: CPPO-%lld r%d was released with %d valid approvals of %d",
                               number, revision, count, sim->config.needed);
        json_object_set_new(released, key, json_string(id));
    }
    return NULL;
}

/* A release leaves only when nothing is left to wait for: neither its undo window, nor its
 * date, nor whoever holds it. */
void judge_leaving(struct sim *sim, const struct effect_call *call)
{
    if (strcmp(call->name, "aws:StartChangeSet") != 0)
        return;
    char *body = text_format("%.*s", (int)call->body_size, (const char *)call->body);
    if (strstr(body, "\"ReleaseOffer\"") != NULL)
        sim->too_early += store_int(sim->store,
                                    "SELECT count(*) FROM timing JOIN draft ON offer = request"
                                    " WHERE entity <> '' AND instr(?, '\"' || entity) > 0"
                                    " AND (held_by <> '' OR opens <> 0"
                                    "  OR (date <> 0 AND came = 0))",
                                    SQL_ARGS(SQL_TEXT(body)), 0) != 0;
    free(body);
}

static bool is_held(struct sim *sim, int64_t offer)
{
    return store_int(sim->store,
                     "SELECT count(*) FROM timing JOIN request ON number = request"
                     " WHERE number = ? AND held_by <> '' AND state IN ('approved', 'publishing')",
                     SQL_ARGS(SQL_INT(offer)), 0) != 0;
}

/* --- I3: nothing is lost, nothing hangs --- */

/* A change of an offer is held until it is known whether its sender may ask; who may not is told
 * so, and nothing is stored. What Slack says of people is a minute old at most, and a change is
 * held half a minute, and for a bot that is being started. */
static bool may_be_refused(struct sim *sim, const json_t *submission)
{
    enum { OLD_MS = 75000, WAIT_MS = 100000 };
    const char *user = text_in(submission, "user");
    int64_t at = json_integer_value(json_object_get(submission, "acked_at"));
    size_t i;
    const json_t *one;
    bool may = true;
    json_array_foreach(sim->entitled, i, one)
    {
        int64_t when = json_integer_value(json_object_get(one, "at"));
        if (strcmp(text_in(one, "user"), user) != 0 || when > at + WAIT_MS)
            continue;
        bool now = json_is_true(json_object_get(one, "asks"));
        may = when <= at - OLD_MS ? now : may && now;
    }
    return !may;
}

/* The next message, from the ${*i}th, that the sender got when their form was acknowledged or
 * later; NULL: there is none. */
static const json_t *next_answer(const struct sim *sim, const json_t *submission, size_t *i)
{
    int64_t at = json_integer_value(json_object_get(submission, "acked_at"));
    while (*i < json_array_size(sim->messages)) {
        const json_t *message = json_array_get(sim->messages, (*i)++);
        if (strcmp(text_in(message, "channel"), text_in(submission, "user")) == 0 &&
            (strtoll(text_in(message, "ts"), NULL, 10) + 1) * 1000 >= at)
            return message;
    }
    return NULL;
}

/* Who may not is told so, by name of the reason. */
static bool was_refused(struct sim *sim, const json_t *submission)
{
    static const char *const reasons[] = {"Guests cannot do this", "Only active members",
                                          "Only members of our own organisation"};
    size_t i = 0;
    const json_t *message;
    while ((message = next_answer(sim, submission, &i)) != NULL) {
        for (size_t j = 0; j < sizeof(reasons) / sizeof(reasons[0]); j++) {
            if (strstr(text_in(message, "text"), reasons[j]) != NULL)
                return true;
        }
    }
    return false;
}

/* Does the message show this customer as what was typed? */
static bool shows_typed(const json_t *message, const char *customer)
{
    char *whole = json_dumps(message, JSON_COMPACT);
    char *typed = text_format("→ %s", customer);
    const char *at = strstr(whole, typed);
    bool shown = at != NULL && strchr("\\\"", at[strlen(typed)]) != NULL;
    free(typed);
    free(whole);
    return shown;
}

/* Of two changes of one revision that are held, the first that is made leaves the other too late:
 * its sender is told so, and shown all that they typed. */
static bool was_overtaken(struct sim *sim, const json_t *submission, const char *customer)
{
    size_t i = 0;
    const json_t *message;
    while ((message = next_answer(sim, submission, &i)) != NULL) {
        const char *text = text_in(message, "text");
        long long number;
        if (sscanf(text, "Your change of CPPO-%lld was not made: ", &number) == 1 &&
            strstr(text, "it has changed in the meantime") != NULL &&
            shows_typed(message, customer) &&
            store_int(sim->store, "SELECT count(*) FROM revision WHERE request = ?",
                      SQL_ARGS(SQL_INT(number)), 0) > 1)
            return true;
    }
    return false;
}

/* Was the sender told why it is not there? */
static bool was_answered(struct sim *sim, const json_t *submission, const char *customer)
{
    return (may_be_refused(sim, submission) && was_refused(sim, submission)) ||
           was_overtaken(sim, submission, customer);
}

static char *check_acked(struct sim *sim)
{
    const char *customer;
    json_t *submission;
    json_object_foreach(sim->submissions, customer, submission)
    {
        char *pattern = text_format("%%\ncustomer=%s\n%%", customer);
        /* A restored file may hold one once more, as a later revision of the same offer. */
        int64_t stored =
            store_int(sim->store,
                      sim->restores > 0 ? "SELECT count(DISTINCT request) FROM revision"
                                          " WHERE content LIKE ?"
                                        : "SELECT count(*) FROM revision WHERE content LIKE ?",
                      SQL_ARGS(SQL_TEXT(pattern)), 0);
        free(pattern);
        bool lost = json_is_true(json_object_get(submission, "lost"));
        if (json_is_true(json_object_get(submission, "acked")) && !lost && stored == 0 &&
            !was_answered(sim, submission, customer))
            return text_format("I3: “%s” was acknowledged and is lost", customer);
        if (stored > 1)
            return text_format("I1: “%s” was asked for once and is there %d times", customer,
                               (int)stored);
    }
    return NULL;
}

static char *check_nothing_hangs(struct sim *sim)
{
    int64_t offer = store_int(sim->store,
                              "SELECT number FROM request WHERE state IN ('draft', 'approved',"
                              " 'publishing') AND number NOT IN"
                              " (SELECT request FROM timing WHERE held_by <> '') UNION SELECT "
                              "offer FROM line WHERE called_at <= 0"
                              " LIMIT 1",
                              SQL_NO_ARGS, 0);
    if (offer != 0)
        return text_format("I3: CPPO-%lld hangs", (long long)offer);
    offer = store_int(sim->store,
                      "SELECT offer FROM draft WHERE state IN ('making', 'updating', 'releasing')"
                      " LIMIT 1",
                      SQL_NO_ARGS, 0);
    if (offer != 0)
        return text_format("I3: the draft of CPPO-%lld hangs", (long long)offer);
    offer = store_int(sim->store,
                      "SELECT offer FROM change_set WHERE state IN ('starting', 'lost', 'running')"
                      " LIMIT 1",
                      SQL_NO_ARGS, 0);
    if (offer != 0)
        return text_format("I3: a change set of CPPO-%lld hangs", (long long)offer);
    offer = store_int(sim->store,
                      "SELECT offer FROM change_set WHERE id <> '' GROUP BY id"
                      " HAVING count(*) > 1 LIMIT 1",
                      SQL_NO_ARGS, 0);
    if (offer != 0)
        return text_format("I1: a change set of CPPO-%lld is taken for two", (long long)offer);
    /* Lists are read every ten minutes: what is a minute old is nobody's turn. */
    struct rows *rows =
        store_query(sim->store,
                    "SELECT type, subject, state FROM effect"
                    " WHERE not_before < 9000000000000000000 AND created_at < ? LIMIT 1",
                    SQL_ARGS(SQL_INT(sim_own_time(sim) - 60000)));
    if (rows_next(rows)) {
        char *words =
            text_format("I3: the effect “%s” of CPPO-%lld is left over (%s)", rows_text(rows, 0),
                        (long long)rows_int(rows, 1), rows_text(rows, 2));
        rows_close(rows);
        return words;
    }

    if (store_int(sim->store, "SELECT count(*) FROM pending_action", SQL_NO_ARGS, 0) != 0)
        return text_format("I3: a click was never judged");
    return NULL;
}

/* --- I4: the history --- */

static bool is_move(const char *from, const char *to)
{
    static const char *const moves[] = {
        "draft pending",
        "draft withdrawn",
        "pending pending",
        "pending approved",
        "pending rejected",
        "pending changes_requested",
        "pending withdrawn",
        "changes_requested pending",
        "changes_requested withdrawn",
        "approved publishing",
        "approved failed",
        "approved withdrawn",
        "publishing published",
        "publishing failed",
        "failed publishing",
        "failed pending",
        "failed withdrawn",
        "published accepted",
        "published expired",
        "published closed",
        "expired accepted",
        "expired published",
        "closed accepted",
        "closed published",
        "publishing withdrawn", /* and what is held, let go on, or has waited for long enough */
        "approved approved",
        "publishing publishing",
        "failed failed",
        "changes_requested changes_requested",
    };
    char *both = text_format("%s %s", from, to);
    bool found = false;
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
        found |= strcmp(moves[i], both) == 0;
    free(both);
    return found;
}

/* Released in the world, which a file that was put back had forgotten. */
static bool is_find(const struct sim *sim, struct rows *rows)
{
    return sim->restores > 0 && strcmp(rows_text(rows, 2), "find") == 0;
}

static char *replay(struct sim *sim, int64_t offer, const char *state)
{
    char at[40] = "draft";
    char *wrong = NULL;
    struct rows *rows = store_query(
        sim->store, "SELECT from_state, to_state, event FROM move WHERE request = ? ORDER BY step",
        SQL_ARGS(SQL_INT(offer)));
    while (wrong == NULL && rows_next(rows)) {
        if (strcmp(rows_text(rows, 0), at) != 0 ||
            !(is_move(at, rows_text(rows, 1)) || is_find(sim, rows)))
            wrong = text_format("I4: CPPO-%lld moved from %s (was %s) to %s", (long long)offer,
                                rows_text(rows, 0), at, rows_text(rows, 1));
        rows_fit(rows, 1, at, sizeof(at));
    }
    if (wrong != NULL)
        rows_close(rows);
    else if (strcmp(at, state) != 0)
        wrong =
            text_format("I4: CPPO-%lld is %s, its history says %s", (long long)offer, state, at);
    return wrong;
}

/* --- I5: what people see --- */

/* Messages in ${channel} that stand for this offer; *${last} is one of them. */
static size_t posts_of(struct sim *sim, const char *channel, int64_t offer, const json_t **last)
{
    size_t count = 0;
    size_t i;
    const json_t *message;
    json_array_foreach(sim->messages, i, message)
    {
        const json_t *payload =
            json_object_get(json_object_get(message, "metadata"), "event_payload");
        if (strcmp(text_in(message, "channel"), channel) == 0 &&
            json_integer_value(json_object_get(payload, "offer")) == offer) {
            *last = message;
            count++;
        }
    }
    return count;
}

/* A card that somebody deleted is missed when it would change, and posted again then. */
bool judge_card_gone(struct sim *sim, int64_t offer)
{
    size_t i;
    const json_t *one;
    json_array_foreach(sim->deleted, i, one)
    {
        if (json_integer_value(one) == offer)
            return true;
    }
    return false;
}

static const char *label_of(const char *state)
{
    static const char *const labels[][2] = {
        {"pending", "Waiting for approval"},
        {"changes_requested", "Changes requested"},
        {"published", "Published"},
        {"rejected", "Rejected"},
        {"withdrawn", "Withdrawn"},
        {"failed", "Publishing failed"},
        {"accepted", "Accepted by the buyer"},
        {"expired", "Expired"},
        {"closed", "Closed"},
    };
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i][0], state) == 0)
            return labels[i][1];
    }
    return "?";
}

static bool is_out(const char *state)
{
    return strcmp(state, "published") == 0 || strcmp(state, "accepted") == 0 ||
           strcmp(state, "expired") == 0 || strcmp(state, "closed") == 0;
}

static char *check_posts(struct sim *sim, const json_t *released, int64_t offer, const char *state)
{
    char key[24];
    const json_t *card = NULL;
    const json_t *announcement = NULL;
    snprintf(key, sizeof(key), "%lld", (long long)offer);
    bool is_released = json_object_get(released, key) != NULL;
    bool published = is_out(state);
    size_t cards = posts_of(sim, "C0APPROVALS", offer, &card);
    size_t announcements = posts_of(sim, "C0OFFERS", offer, &announcement);
    if (is_released != published && judge_released(sim, text_in(released, key)) != NULL)
        return text_format("I5: CPPO-%s is %s, at AWS it is %s", key, state,
                           is_released ? "released" : "not released");
    if (announcements != published)
        return text_format("I5: CPPO-%s (%s) was announced %zu times", key, state, announcements);
    if (cards != 1 &&
        !(cards == 0 && (strcmp(state, "withdrawn") == 0 || judge_card_gone(sim, offer))))
        return text_format("I5: CPPO-%s has %zu cards", key, cards);
    char *all = card != NULL ? json_dumps(json_object_get(card, "blocks"), JSON_COMPACT) : NULL;
    bool back = strcmp(state, "changes_requested") == 0; /* by an approver, or by AWS */
    const char *label = is_held(sim, offer) ? "On hold" : label_of(state);
    bool truth = all == NULL || strstr(all, label) != NULL ||
                 (back && strstr(all, "AWS needs a change") != NULL);
    free(all);
    return truth ? NULL : text_format("I5: the card of CPPO-%s does not say %s", key, state);
}

/* --- all --- */

static bool was_lost(struct sim *sim, int64_t offer)
{
    for (size_t i = 0; i < json_array_size(sim->lost); i++) {
        if (json_integer_value(json_array_get(sim->lost, i)) == offer)
            return true;
    }
    return false;
}

static char *check_offers(struct sim *sim, const json_t *released)
{
    int64_t last = store_int(sim->store, "SELECT max(number) FROM request", SQL_NO_ARGS, 0);
    char *wrong = NULL;
    for (int64_t offer = 1; wrong == NULL && offer <= last; offer++) {
        char state[40];
        char key[24];
        struct rows *rows = store_query(sim->store, "SELECT state FROM request WHERE number = ?",
                                        SQL_ARGS(SQL_INT(offer)));
        if (!rows_next(rows)) {
            if (was_lost(sim, offer))
                continue;
            return text_format("I3: CPPO-%lld is gone", (long long)offer);
        }
        rows_fit(rows, 0, state, sizeof(state));
        rows_close(rows);
        snprintf(key, sizeof(key), "%lld", (long long)offer);
        wrong = replay(sim, offer, state);
        if (wrong == NULL)
            wrong = check_posts(sim, released, offer, state);
        if (wrong == NULL)
            wrong = outcome_wrong(sim, text_in(released, key), offer, state);
    }
    return wrong;
}

char *sim_judge(struct sim *sim)
{
    json_t *released = json_object();
    char *wrong = check_released(sim, released);
    if (wrong == NULL)
        wrong = judge_votes(sim);
    if (wrong == NULL && sim->overwritten > 0)
        wrong = text_format("I5: %zu answers to one person took the place of what all see",
                            sim->overwritten);
    if (wrong == NULL && sim->too_early > 0)
        wrong = text_format("I2: %zu releases left while they had to wait", sim->too_early);
    if (wrong == NULL && sim->done_twice > 0)
        wrong = text_format("I1: %zu second deliveries did something", sim->done_twice);
    if (wrong == NULL)
        wrong = check_acked(sim);
    if (wrong == NULL)
        wrong = check_nothing_hangs(sim);
    if (wrong == NULL)
        wrong = judge_reminders(sim);
    if (wrong == NULL)
        wrong = restored_wrong(sim);
    if (wrong == NULL)
        wrong = check_offers(sim, released);
    json_decref(released);
    return wrong;
}
