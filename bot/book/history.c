#include "book/history.h"

#include <string.h>

#include "book/people.h"
#include "io/store.h"
#include "text.h"

/* What is asked of a request's history again and again. Request 0: nothing is kept yet. */
enum { MAX_SENDERS = 8 };

struct kept_history {
    int64_t request;
    bool moved; /* false: there is no last move */
    struct move last;
    char senders[MAX_SENDERS][PERSON_ID]; /* who sent in a revision of it */
    size_t sender_count;
    bool more; /* senders than fit */
};

static struct kept_history *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_history));
}

#define MOVE_COLUMNS "request, at, who, event, from_state, to_state, revision, why"

static enum request_state state_named(const char *name)
{
    int state = request_state_named(name);
    return state >= 0 ? (enum request_state)state : STATE_UNREADABLE;
}

static void read_move(struct rows *rows, struct move *move)
{
    *move = (struct move){
        .request = rows_int(rows, 0),
        .at = rows_int(rows, 1),
        .who = actor_named(rows_text(rows, 2)),
        .event = request_event_named(rows_text(rows, 3)),
        .from = state_named(rows_text(rows, 4)),
        .to = state_named(rows_text(rows, 5)),
        .revision = (int)rows_int(rows, 6),
    };
    rows_fit(rows, 7, move->why, sizeof(move->why));
}

static void add_sender(struct kept_history *history, const char *who)
{
    for (size_t i = 0; i < history->sender_count; i++) {
        if (strcmp(history->senders[i], who) == 0)
            return;
    }
    if (history->sender_count == MAX_SENDERS)
        history->more = true;
    else
        text_fit(history->senders[history->sender_count++], PERSON_ID, who);
}

/* If the history was read in this turn, this move becomes its newest. */
static void keep_move(struct turn *turn, const struct move *move)
{
    struct kept_history *history = kept(turn);
    if (history->request != move->request || !request_event_moves(move->event))
        return;
    history->moved = true;
    history->last = *move;
    if (move->event == EVENT_SUBMIT)
        add_sender(history, actor_name(&move->who));
}

void history_write(struct turn *turn, const struct request *request, enum request_event event,
                   enum request_state to, const char *who, const char *why)
{
    struct move move = {.request = request->number,
                        .at = turn_now(turn),
                        .who = actor_named(who),
                        .event = event,
                        .from = request->state,
                        .to = to,
                        .revision = request->revision};
    text_fit(move.why, sizeof(move.why), why);
    keep_move(turn, &move);
    store_run(
        turn_writes(turn),
        "INSERT INTO move (request, step, at, who, event, from_state, to_state, revision, why)"
        " VALUES (?1, (SELECT coalesce(max(step), 0) + 1 FROM move WHERE request = ?1),"
        " ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        SQL_ARGS(SQL_INT(request->number), SQL_INT(turn_now(turn)), SQL_TEXT(who),
                 SQL_TEXT(request_event_name(event)), SQL_TEXT(request_state_name(request->state)),
                 SQL_TEXT(request_state_name(to)), SQL_INT(request->revision), SQL_TEXT(why)));
}

static const struct kept_history *read_history(struct turn *turn, int64_t number)
{
    struct kept_history *history = kept(turn);
    if (history->request == number)
        return history;
    *history = (struct kept_history){.request = number};
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT " MOVE_COLUMNS " FROM move WHERE request = ?1 AND (event = 'submit'"
        " OR step = (SELECT max(step) FROM move WHERE request = ?1"
        "  AND event NOT IN ('schedule', 'hold', 'continue', 'due'))) ORDER BY step DESC",
        SQL_ARGS(SQL_INT(number)));
    while (rows_next(rows)) {
        struct move move;
        read_move(rows, &move);
        if (!history->moved)
            history->last = move;
        history->moved = true;
        if (move.event == EVENT_SUBMIT)
            add_sender(history, rows_text(rows, 2));
    }
    return history;
}

/* However many there are. */
static bool is_sender(struct turn *turn, int64_t number, const char *person)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM move"
                     " LEFT JOIN alias AS theirs ON theirs.id = move.who"
                     " LEFT JOIN alias AS mine ON mine.id = ?2"
                     " WHERE move.request = ?1 AND move.event = 'submit'"
                     " AND coalesce(theirs.person, move.who) = coalesce(mine.person, ?2))",
                     SQL_ARGS(SQL_INT(number), SQL_TEXT(person)), 0) != 0;
}

bool history_requested_by(struct turn *turn, int64_t number, const char *person)
{
    const struct kept_history *history = read_history(turn, number);
    for (size_t i = 0; i < history->sender_count; i++) {
        if (people_same(turn, history->senders[i], person))
            return true;
    }
    return history->more && is_sender(turn, number, person);
}

int64_t history_steps(struct turn *turn, int64_t number)
{
    return store_int(turn_reads(turn), "SELECT max(step) FROM move WHERE request = ?",
                     SQL_ARGS(SQL_INT(number)), 0);
}

bool history_last(struct turn *turn, int64_t number, struct move *move)
{
    const struct kept_history *history = read_history(turn, number);
    if (history->moved)
        *move = history->last;
    return history->moved;
}

size_t history_moves(struct turn *turn, int64_t number, size_t skipped, struct move *moves,
                     size_t capacity)
{
    size_t count = 0;
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT " MOVE_COLUMNS " FROM move WHERE request = ? ORDER BY step DESC LIMIT ? OFFSET ?",
        SQL_ARGS(SQL_INT(number), SQL_INT(capacity), SQL_INT(skipped)));
    while (rows_next(rows))
        read_move(rows, &moves[count++]);
    for (size_t i = 0; i < count / 2; i++) {
        struct move other = moves[i];
        moves[i] = moves[count - 1 - i];
        moves[count - 1 - i] = other;
    }
    return count;
}
