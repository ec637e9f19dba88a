#include "book/requests.h"

#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "hash.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "text.h"

/* --- offers and revisions --- */

static void add_revision(struct turn *turn, int64_t number, int revision, const char *content,
                         const char *form_id)
{
    store_run(turn_writes(turn),
              "INSERT INTO revision (offer, revision, content, form, created_at)"
              " VALUES (?, ?, ?, ?, ?)",
              SQL_ARGS(SQL_INT(number), SQL_INT(revision), SQL_TEXT(content), SQL_TEXT(form_id),
                       SQL_INT(turn_now(turn))));
}

int64_t requests_add(struct turn *turn, const struct new_request *request)
{
    int64_t number = turn_count(turn, "offer");
    store_run(turn_writes(turn),
              "INSERT INTO offer (number, kind, subject, revision, state, requester, created_at,"
              " changed_at) VALUES (?, ?, ?, 1, 'draft', ?, ?, ?)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(request->kind->name), SQL_INT(request->subject),
                       SQL_TEXT(request->requester), SQL_INT(turn_now(turn)),
                       SQL_INT(turn_now(turn))));
    add_revision(turn, number, 1, request->content, request->form);
    return number;
}

#define OFFER_COLUMNS                                                                              \
    "offer.number, offer.revision, offer.state, offer.requester, offer.created_at,"                \
    " offer.changed_at, offer.published_at, offer.problem, offer.can_retry, revision.content,"     \
    " (SELECT value FROM setting WHERE name = 'book'), offer.kind, offer.subject"                  \
    " FROM offer JOIN revision ON revision.offer = offer.number"                                   \
    " AND revision.revision = offer.revision"

/* One that cannot be read is in a state of which no move leads out: it stops nothing else, and
 * nothing is done by half of what it says. */
static void read_state(struct offer *offer, const char *kind, const char *state,
                       const char *content)
{
    int known = offer_state_named(state);
    offer->kind = kind_named(kind);
    bool good = offer->kind->read != NULL && offer->kind->read(offer, content);
    if (good && known >= 0 && kind_has(offer->kind, (enum offer_state)known)) {
        offer->state = (enum offer_state)known;
        return;
    }
    offer->state = OFFER_UNREADABLE;
    offer->content = (struct content){.buyer_count = 0};
    log_error("offer unreadable", F_INT("offer", offer->number), F_TEXT("kind", kind),
              F_TEXT("state", state), F_TEXT("content", good ? "good" : "unreadable"));
}

static void read_offer(struct rows *rows, struct offer *offer)
{
    *offer = (struct offer){
        .number = rows_int(rows, 0),
        .revision = (int)rows_int(rows, 1),
        .created_at = rows_int(rows, 4),
        .changed_at = rows_int(rows, 5),
        .published_at = rows_int(rows, 6),
        .can_retry = rows_int(rows, 8) != 0,
        .subject = rows_int(rows, 12),
    };
    rows_fit(rows, 3, offer->requester, sizeof(offer->requester));
    rows_fit(rows, 7, offer->problem, sizeof(offer->problem));
    read_state(offer, rows_text(rows, 11), rows_text(rows, 2), rows_text(rows, 9));
    reference_digest(rows_text(rows, 10), offer->number, offer->revision, rows_text(rows, 9),
                     offer->digest);
}

static bool read_one(struct rows *rows, struct offer *offer)
{
    if (!rows_next(rows))
        return false;
    read_offer(rows, offer);
    rows_close(rows);
    return true;
}

/* The offer that a turn is about: each of its flows asks for it. Number 0: none is kept. */
static struct offer *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct offer));
}

static struct store *writes(struct turn *turn)
{
    kept(turn)->number = 0;
    return turn_writes(turn);
}

bool requests_get(struct turn *turn, int64_t number, struct offer *offer)
{
    struct offer *known = kept(turn);
    if (known->number != number &&
        !read_one(store_query(turn_reads(turn), "SELECT " OFFER_COLUMNS " WHERE offer.number = ?",
                              SQL_ARGS(SQL_INT(number))),
                  known)) {
        known->number = 0;
        return false;
    }
    *offer = *known;
    return true;
}

char *requests_content(struct turn *turn, int64_t number, int revision)
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT content FROM revision WHERE offer = ? AND revision = ?",
                                    SQL_ARGS(SQL_INT(number), SQL_INT(revision)));
    if (!rows_next(rows))
        return NULL;
    char *content = mem_copy(rows_text(rows, 0));
    rows_close(rows);
    return content;
}

bool requests_has(struct turn *turn, const struct offer_reference *shown)
{
    struct offer_reference ours = {.number = shown->number, .revision = shown->revision};
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT content, (SELECT value FROM setting WHERE name = 'book')"
                    " FROM revision WHERE offer = ? AND revision = ?",
                    SQL_ARGS(SQL_INT(shown->number), SQL_INT(shown->revision)));
    if (!rows_next(rows))
        return false;
    reference_digest(rows_text(rows, 1), ours.number, ours.revision, rows_text(rows, 0),
                     ours.digest);
    rows_close(rows);
    return reference_same(&ours, shown);
}

bool requests_by_form(struct turn *turn, const char *form_id, int64_t *number, int *revision)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT offer, revision FROM revision WHERE form = ?",
                    SQL_ARGS(SQL_TEXT(form_id)));
    if (!rows_next(rows))
        return false;
    *number = rows_int(rows, 0);
    *revision = (int)rows_int(rows, 1);
    rows_close(rows);
    return true;
}

bool requests_revise(struct turn *turn, struct offer *offer, const char *content,
                     const char *form_id)
{
    if (store_run(writes(turn),
                  "UPDATE offer SET revision = revision + 1, changed_at = ?"
                  " WHERE number = ? AND revision = ? AND state = ?",
                  SQL_ARGS(SQL_INT(turn_now(turn)), SQL_INT(offer->number),
                           SQL_INT(offer->revision), SQL_TEXT(offer_state_name(offer->state)))) ==
        0)
        return false;
    offer->revision++;
    add_revision(turn, offer->number, offer->revision, content, form_id);
    return requests_get(turn, offer->number, offer);
}

bool requests_adopt(struct turn *turn, struct offer *offer, int revision, const char *content,
                    const char *form_id)
{
    if (store_run(writes(turn),
                  "UPDATE offer SET revision = ?, changed_at = ?"
                  " WHERE number = ? AND revision = ? AND revision < ?",
                  SQL_ARGS(SQL_INT(revision), SQL_INT(turn_now(turn)), SQL_INT(offer->number),
                           SQL_INT(offer->revision), SQL_INT(revision))) == 0)
        return false;
    add_revision(turn, offer->number, revision, content, form_id);
    return requests_get(turn, offer->number, offer);
}

/* --- moves --- */

static void add_move(struct turn *turn, const struct offer *offer, enum offer_event event,
                     enum offer_state to, const char *who, const char *why)
{
    store_run(turn_writes(turn),
              "INSERT INTO move (offer, step, at, who, event, from_state, to_state, revision, why)"
              " SELECT ?1, coalesce(max(step), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
              " FROM move WHERE offer = ?1",
              SQL_ARGS(SQL_INT(offer->number), SQL_INT(turn_now(turn)), SQL_TEXT(who),
                       SQL_TEXT(offer_event_name(event)), SQL_TEXT(offer_state_name(offer->state)),
                       SQL_TEXT(offer_state_name(to)), SQL_INT(offer->revision), SQL_TEXT(why)));
}

bool requests_requested_by(struct turn *turn, int64_t number, const char *person)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM move"
                     " LEFT JOIN alias AS theirs ON theirs.id = move.who"
                     " LEFT JOIN alias AS mine ON mine.id = ?2"
                     " WHERE move.offer = ?1 AND move.event = 'submit'"
                     " AND coalesce(theirs.person, move.who) = coalesce(mine.person, ?2))",
                     SQL_ARGS(SQL_INT(number), SQL_TEXT(person)), 0) != 0;
}

/* Lists were asked elsewhere; but whatever they say, nobody is requester and approver in one: not
 * under another id, and not after the offer went over to somebody else. */
static unsigned roles_of(struct turn *turn, const struct offer *offer, const struct actor *who)
{
    if (who->kind != ACTOR_PERSON)
        return ROLE_BOT;
    if (people_same(turn, offer->requester, who->id))
        return ROLE_REQUESTER;
    return requests_requested_by(turn, offer->number, who->id) ? ROLE_OPERATOR
                                                               : ROLE_APPROVER | ROLE_OPERATOR;
}

static void moved(struct offer *offer, enum offer_state to, int64_t now, const char *problem)
{
    offer->state = to;
    offer->changed_at = now;
    if (to == OFFER_PUBLISHED)
        offer->published_at = now;
    offer->can_retry = false;
    text_fit(offer->problem, sizeof(offer->problem), problem);
}

/* What people write as a reason is theirs: it stands in the history, and in no log. */
bool requests_move(struct turn *turn, struct offer *offer, enum offer_event event, struct actor who,
                   const char *why)
{
    struct offer *known = kept(turn);
    int to = kind_move(offer->kind, offer->state, event);
    if (to < 0 ||
        (kind_movers(offer->kind, offer->state, event) & roles_of(turn, offer, &who)) == 0)
        return false;
    bool trouble = to == OFFER_FAILED || to == OFFER_CHANGES_REQUESTED || to == OFFER_REJECTED;
    int64_t published = to == OFFER_PUBLISHED ? turn_now(turn) : offer->published_at;
    if (store_run(
            turn_writes(turn),
            "UPDATE offer SET state = ?, changed_at = ?, published_at = ?, problem = ?,"
            " can_retry = 0 WHERE number = ? AND state = ? AND revision = ?",
            SQL_ARGS(SQL_TEXT(offer_state_name((enum offer_state)to)), SQL_INT(turn_now(turn)),
                     SQL_INT(published), SQL_TEXT(trouble ? why : ""), SQL_INT(offer->number),
                     SQL_TEXT(offer_state_name(offer->state)), SQL_INT(offer->revision))) == 0)
        return false;
    add_move(turn, offer, event, (enum offer_state)to, actor_name(&who), why);
    log_info("offer moved", F_INT("offer", offer->number), F_INT("revision", offer->revision),
             F_TEXT("event", offer_event_name(event)),
             F_TEXT("to", offer_state_name((enum offer_state)to)), F_TEXT("who", actor_name(&who)),
             F_TEXT("why", who.kind == ACTOR_PERSON ? "" : why));
    moved(offer, (enum offer_state)to, turn_now(turn), trouble ? why : "");
    if (known->number == offer->number)
        moved(known, (enum offer_state)to, turn_now(turn), trouble ? why : "");
    return true;
}

bool requests_take_over(struct turn *turn, struct offer *offer, const char *who)
{
    if (store_run(writes(turn),
                  "UPDATE offer SET requester = ? WHERE number = ? AND requester = ?"
                  " AND state = ? AND revision = ?",
                  SQL_ARGS(SQL_TEXT(who), SQL_INT(offer->number), SQL_TEXT(offer->requester),
                           SQL_TEXT(offer_state_name(offer->state)), SQL_INT(offer->revision))) ==
        0)
        return false;
    add_move(turn, offer, OFFER_TAKE_OVER, offer->state, who, offer->requester);
    log_info("offer taken over", F_INT("offer", offer->number), F_TEXT("from", offer->requester),
             F_TEXT("who", who));
    text_fit(offer->requester, sizeof(offer->requester), who);
    return true;
}

void requests_can_retry(struct turn *turn, struct offer *offer, bool can_retry)
{
    store_run(writes(turn), "UPDATE offer SET can_retry = ? WHERE number = ?",
              SQL_ARGS(SQL_INT(can_retry), SQL_INT(offer->number)));
    offer->can_retry = can_retry;
}

#define MOVE_COLUMNS                                                                               \
    "SELECT offer, at, who, event, from_state, to_state, revision, why FROM move WHERE offer = ?"  \
    " ORDER BY step DESC LIMIT ? OFFSET ?"

static enum offer_event event_named(const char *name)
{
    for (int event = 0; event < OFFER_EVENTS; event++) {
        if (strcmp(offer_event_name((enum offer_event)event), name) == 0)
            return (enum offer_event)event;
    }
    return OFFER_EVENTS;
}

static void read_move(struct rows *rows, struct move *move)
{
    *move = (struct move){
        .offer = rows_int(rows, 0),
        .at = rows_int(rows, 1),
        .who = actor_named(rows_text(rows, 2)),
        .event = event_named(rows_text(rows, 3)),
        .from = (enum offer_state)offer_state_named(rows_text(rows, 4)),
        .to = (enum offer_state)offer_state_named(rows_text(rows, 5)),
        .revision = (int)rows_int(rows, 6),
    };
    rows_fit(rows, 7, move->why, sizeof(move->why));
}

size_t requests_moves(struct turn *turn, int64_t number, size_t skipped, struct move *moves,
                      size_t capacity)
{
    size_t count = 0;
    struct rows *rows = store_query(turn_reads(turn), MOVE_COLUMNS,
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

bool requests_last_move(struct turn *turn, int64_t number, struct move *move)
{
    return requests_moves(turn, number, 0, move, 1) == 1;
}

/* --- lists --- */

/* Statements of their own for what is asked: one for all would fit none of the indexes. */
static struct rows *numbers_of(struct turn *turn, const char *requester, const char *state,
                               size_t capacity)
{
    struct store *store = turn_reads(turn);
    if (requester == NULL && state == NULL)
        return store_query(store, "SELECT number FROM offer ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_INT(capacity)));
    if (requester == NULL)
        return store_query(store,
                           "SELECT number FROM offer WHERE state = ? ORDER BY number DESC LIMIT ?",
                           SQL_ARGS(SQL_TEXT(state), SQL_INT(capacity)));
    if (state == NULL)
        return store_query(
            store, "SELECT number FROM offer WHERE requester = ? ORDER BY number DESC LIMIT ?",
            SQL_ARGS(SQL_TEXT(requester), SQL_INT(capacity)));
    return store_query(store,
                       "SELECT number FROM offer WHERE requester = ? AND state = ?"
                       " ORDER BY number DESC LIMIT ?",
                       SQL_ARGS(SQL_TEXT(requester), SQL_TEXT(state), SQL_INT(capacity)));
}

/* Merge them into those that are there, the greatest first. */
static size_t add_numbers(struct rows *rows, int64_t *numbers, size_t count, size_t capacity)
{
    while (rows_next(rows)) {
        int64_t number = rows_int(rows, 0);
        size_t at = count < capacity ? count++ : capacity;
        for (; at > 0 && numbers[at - 1] < number; at--) {
            if (at < capacity)
                numbers[at] = numbers[at - 1];
        }
        if (at < capacity)
            numbers[at] = number;
    }
    return count;
}

static bool is_every_state(unsigned states)
{
    return (states | ~0U << OFFER_STATES) == ~0U;
}

static size_t list_numbers(struct turn *turn, const char *requester, unsigned states,
                           int64_t *numbers, size_t capacity)
{
    size_t count = 0;
    if (is_every_state(states))
        return add_numbers(numbers_of(turn, requester, NULL, capacity), numbers, 0, capacity);
    for (int state = 0; state < OFFER_STATES; state++) {
        if (states & 1U << state)
            count = add_numbers(
                numbers_of(turn, requester, offer_state_name((enum offer_state)state), capacity),
                numbers, count, capacity);
    }
    return count;
}

int64_t requests_count(struct turn *turn, const char *requester, unsigned states)
{
    int64_t count = 0;
    for (int state = 0; state < OFFER_STATES; state++) {
        if (states & 1U << state)
            count += store_int(turn_reads(turn),
                               "SELECT count FROM tally WHERE requester = ? AND state = ?",
                               SQL_ARGS(SQL_TEXT(requester != NULL ? requester : ""),
                                        SQL_TEXT(offer_state_name((enum offer_state)state))),
                               0);
    }
    return count;
}

size_t requests_list(struct turn *turn, const char *requester, unsigned states,
                     struct offer *offers, size_t capacity, int64_t *total)
{
    int64_t *numbers = mem_new(capacity, sizeof(*numbers));
    size_t count = list_numbers(turn, requester, states, numbers, capacity);
    size_t got = 0;
    for (size_t i = 0; i < count; i++)
        got += requests_get(turn, numbers[i], &offers[got]);
    *total = requests_count(turn, requester, states);
    free(numbers);
    return got;
}

int64_t requests_highest(struct turn *turn)
{
    return store_int(turn_reads(turn), "SELECT max(number) FROM offer", SQL_NO_ARGS, 0);
}

bool requests_next(struct turn *turn, enum offer_state state, int64_t after, struct offer *offer)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT " OFFER_COLUMNS " WHERE offer.state = ?"
                                " AND offer.number > ? ORDER BY offer.number LIMIT 1",
                                SQL_ARGS(SQL_TEXT(offer_state_name(state)), SQL_INT(after))),
                    offer);
}

/* --- votes --- */

bool requests_vote(struct turn *turn, const struct offer *offer, enum offer_event verdict,
                   const char *step, const char *person, const char *shown, const char *saw,
                   const char *rule)
{
    char digest[HASH_HEX];
    hash_hex(saw, strlen(saw), digest);
    return store_run(
               turn_writes(turn),
               "INSERT INTO vote (offer, revision, person, verdict, step, at, shown, saw,"
               " digest, rule) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
               " ON CONFLICT (offer, revision, person, verdict, step) DO UPDATE SET lost = '',"
               " at = excluded.at, shown = excluded.shown, saw = excluded.saw,"
               " digest = excluded.digest, rule = excluded.rule WHERE lost <> ''",
               SQL_ARGS(SQL_INT(offer->number), SQL_INT(offer->revision), SQL_TEXT(person),
                        SQL_TEXT(offer_event_name(verdict)), SQL_TEXT(step),
                        SQL_INT(turn_now(turn)), SQL_TEXT(shown), SQL_TEXT(saw), SQL_TEXT(digest),
                        SQL_TEXT(rule))) > 0;
}

static size_t read_votes(struct turn *turn, int64_t number, int revision, bool lost,
                         struct vote *votes, size_t capacity)
{
    size_t count = 0;
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT person, at, lost, step FROM vote"
                    " WHERE offer = ? AND revision = ? AND verdict = 'approve'"
                    " AND (lost <> '') = ? ORDER BY at, person LIMIT ?",
                    SQL_ARGS(SQL_INT(number), SQL_INT(revision), SQL_INT(lost), SQL_INT(capacity)));
    while (rows_next(rows)) {
        votes[count] = (struct vote){.revision = revision, .at = rows_int(rows, 1)};
        rows_fit(rows, 0, votes[count].person, sizeof(votes[count].person));
        rows_fit(rows, 2, votes[count].lost, sizeof(votes[count].lost));
        rows_fit(rows, 3, votes[count].step, sizeof(votes[count].step));
        count++;
    }
    for (size_t i = 0; i < count; i++)
        people_identity(turn, votes[i].person, votes[i].identity);
    return count;
}

size_t requests_votes(struct turn *turn, int64_t number, int revision, struct vote *votes,
                      size_t capacity)
{
    return read_votes(turn, number, revision, false, votes, capacity);
}

size_t requests_lost_votes(struct turn *turn, int64_t number, int revision, struct vote *votes,
                           size_t capacity)
{
    return read_votes(turn, number, revision, true, votes, capacity);
}

void requests_lose_vote(struct turn *turn, const struct offer *offer, const struct vote *vote,
                        const char *why)
{
    store_run(turn_writes(turn),
              "UPDATE vote SET lost = ? WHERE offer = ? AND revision = ? AND person = ?"
              " AND verdict = 'approve' AND step = ?",
              SQL_ARGS(SQL_TEXT(why), SQL_INT(offer->number), SQL_INT(vote->revision),
                       SQL_TEXT(vote->person), SQL_TEXT(vote->step)));
}
