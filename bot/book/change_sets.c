#include "book/change_sets.h"

#include <assert.h>

#include "io/store.h"
#include "text.h"

#define COLUMNS                                                                                    \
    "SELECT number, offer, purpose, state, revision, draft, attempt, mark, name, token, effect,"   \
    " id, started_at, began, ended_at, slow, why, faults, stale FROM change_set"

/* Change sets were columns of the draft: the one under way, or the last. They get their offer's
 * number, so that timers and reads that wait go on with them; what is not under way is over, and
 * what it was for is not known any more. A release that was taken waits for its end as long as AWS
 * is to be asked for it; then for AWS to show it. */
const char book_schema_change_sets[] =
    "CREATE TABLE change_set ("
    "  number INTEGER PRIMARY KEY,"
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  purpose TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  draft INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  mark TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  token TEXT NOT NULL,"
    "  asked TEXT NOT NULL,"
    "  effect INTEGER NOT NULL,"
    "  id TEXT NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  began INTEGER NOT NULL,"
    "  ended_at INTEGER NOT NULL,"
    "  slow INTEGER NOT NULL CHECK (slow IN (0, 1)),"
    "  why TEXT NOT NULL) STRICT;"
    "INSERT INTO change_set"
    "  SELECT draft.offer, draft.offer,"
    "    CASE draft.state WHEN 'making' THEN 'make' WHEN 'updating' THEN 'update'"
    "      WHEN 'releasing' THEN 'release' ELSE '' END,"
    "    CASE WHEN draft.state NOT IN ('making', 'updating', 'releasing') THEN 'left'"
    "      WHEN draft.deed <> 0 THEN 'lost'"
    "      WHEN draft.change_set = '' AND effect.id IS NOT NULL THEN 'starting'"
    "      WHEN draft.change_set = '' THEN 'left'"
    "      WHEN draft.state <> 'releasing' OR EXISTS (SELECT 1 FROM timer"
    "        WHERE timer.name = 'change_set.poll' AND timer.subject = draft.offer)"
    "        OR EXISTS (SELECT 1 FROM effect AS read WHERE read.type = 'change_set.describe'"
    "        AND read.subject = draft.offer) THEN 'running'"
    "      WHEN draft.why <> '' THEN 'failed' ELSE 'succeeded' END,"
    "    draft.revision, draft.number, draft.attempt, draft.mark,"
    "    coalesce(json_extract(effect.text, '$.ChangeSetName'), ''),"
    "    coalesce(json_extract(effect.text, '$.ClientRequestToken'), ''),"
    "    coalesce(effect.text, ''), coalesce(effect.id, 0), draft.change_set, draft.started_at,"
    "    draft.began, 0, draft.slow, ''"
    "  FROM draft LEFT JOIN (SELECT id, subject, type, CASE WHEN json_valid(CAST(body AS TEXT))"
    "      THEN CAST(body AS TEXT) END AS text FROM effect) AS effect"
    "    ON effect.id = CASE WHEN draft.deed <> 0 THEN draft.deed ELSE (SELECT max(start.id)"
    "      FROM effect AS start WHERE start.subject = draft.offer AND start.type ="
    "      CASE draft.state WHEN 'releasing' THEN 'release.start' ELSE 'draft.start' END) END"
    "  WHERE draft.attempt > 0;"
    "INSERT INTO counter (name, value) SELECT 'change_set', max(number) FROM change_set"
    "  HAVING max(number) IS NOT NULL;"
    "CREATE INDEX change_set_by_offer ON change_set (offer, attempt);"
    "CREATE INDEX change_set_by_effect ON change_set (effect) WHERE effect <> 0;"
    /* What is still to be read for one whose answer was lost. */
    "CREATE TABLE search ("
    "  change_set INTEGER PRIMARY KEY REFERENCES change_set (number),"
    "  unread INTEGER NOT NULL) STRICT;"
    "INSERT INTO search SELECT offer, unread FROM draft WHERE deed <> 0 AND unread > 0"
    "  AND attempt > 0;"
    "ALTER TABLE draft DROP COLUMN attempt;"
    "ALTER TABLE draft DROP COLUMN change_set;"
    "ALTER TABLE draft DROP COLUMN deed;"
    "ALTER TABLE draft DROP COLUMN unread;"
    "ALTER TABLE draft DROP COLUMN started_at;"
    "ALTER TABLE draft DROP COLUMN mark;"
    "ALTER TABLE draft DROP COLUMN began;"
    "ALTER TABLE draft DROP COLUMN slow;";

/* How often a step failed was counted with the draft: for the newest change set of its offer. */
const char book_schema_counts[] =
    "ALTER TABLE change_set ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE change_set ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;"
    "UPDATE change_set SET faults = draft.faults, stale = draft.stale FROM draft"
    "  WHERE draft.offer = change_set.offer AND change_set.number ="
    "    (SELECT newest.number FROM change_set AS newest WHERE newest.offer = draft.offer"
    "     ORDER BY newest.attempt DESC, newest.number DESC LIMIT 1);"
    "ALTER TABLE draft DROP COLUMN faults;"
    "ALTER TABLE draft DROP COLUMN stale;";

void change_sets_add(struct turn *turn, struct change_set *set, const char *asked)
{
    assert(set->offer > 0 && set->state != SET_UNREADABLE);
    set->number = turn_count(turn, "change_set");
    store_run(turn_writes(turn),
              "INSERT INTO change_set (number, offer, purpose, state, revision, draft, attempt,"
              " mark, name, token, asked, effect, id, started_at, began, ended_at, slow, why,"
              " faults, stale)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              SQL_ARGS(SQL_INT(set->number), SQL_INT(set->offer), SQL_TEXT(set->purpose),
                       SQL_TEXT(set_state_name(set->state)), SQL_INT(set->revision),
                       SQL_INT(set->draft), SQL_INT(set->attempt), SQL_TEXT(set->mark),
                       SQL_TEXT(set->name), SQL_TEXT(set->token), SQL_TEXT(asked),
                       SQL_INT(set->effect), SQL_TEXT(set->id), SQL_INT(set->started_at),
                       SQL_INT(set->began), SQL_INT(set->ended_at), SQL_INT(set->slow),
                       SQL_TEXT(set->why), SQL_INT(set->faults), SQL_INT(set->stale)));
}

void change_sets_count(struct turn *turn, int64_t number, int faults, int stale)
{
    store_run(turn_writes(turn), "UPDATE change_set SET faults = ?, stale = ? WHERE number = ?",
              SQL_ARGS(SQL_INT(faults), SQL_INT(stale), SQL_INT(number)));
}

void change_sets_put(struct turn *turn, const struct change_set *set)
{
    store_run(turn_writes(turn),
              "UPDATE change_set SET state = coalesce(?, state), id = ?, began = ?, ended_at = ?,"
              " slow = ?, why = ? WHERE number = ?",
              SQL_ARGS(SQL_TEXT(set->state != SET_UNREADABLE ? set_state_name(set->state) : NULL),
                       SQL_TEXT(set->id), SQL_INT(set->began), SQL_INT(set->ended_at),
                       SQL_INT(set->slow), SQL_TEXT(set->why), SQL_INT(set->number)));
}

static bool read_one(struct rows *rows, struct change_set *set)
{
    if (!rows_next(rows))
        return false;
    int state = set_state_named(rows_text(rows, 3));
    *set = (struct change_set){
        .number = rows_int(rows, 0),
        .offer = rows_int(rows, 1),
        .state = state >= 0 ? (enum set_state)state : SET_UNREADABLE,
        .revision = (int)rows_int(rows, 4),
        .draft = (int)rows_int(rows, 5),
        .attempt = (int)rows_int(rows, 6),
        .effect = rows_int(rows, 10),
        .started_at = rows_int(rows, 12),
        .began = rows_int(rows, 13),
        .ended_at = rows_int(rows, 14),
        .slow = rows_int(rows, 15) != 0,
        .faults = (int)rows_int(rows, 17),
        .stale = (int)rows_int(rows, 18),
    };
    rows_fit(rows, 2, set->purpose, sizeof(set->purpose));
    rows_fit(rows, 7, set->mark, sizeof(set->mark));
    rows_fit(rows, 8, set->name, sizeof(set->name));
    rows_fit(rows, 9, set->token, sizeof(set->token));
    rows_fit(rows, 11, set->id, sizeof(set->id));
    rows_fit(rows, 16, set->why, sizeof(set->why));
    rows_close(rows);
    return true;
}

bool change_sets_get(struct turn *turn, int64_t number, struct change_set *set)
{
    return read_one(
        store_query(turn_reads(turn), COLUMNS " WHERE number = ?", SQL_ARGS(SQL_INT(number))), set);
}

bool change_sets_by_effect(struct turn *turn, int64_t effect, struct change_set *set)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE effect = ? AND effect <> 0",
                                SQL_ARGS(SQL_INT(effect))),
                    set);
}

/* The open states, as in set_state_open; a test compares the two. */
bool change_sets_open(struct turn *turn, int64_t offer, const char *purpose, struct change_set *set)
{
    return read_one(store_query(turn_reads(turn),
                                COLUMNS " WHERE offer = ?1 AND (?2 IS NULL OR purpose = ?2)"
                                        " AND state IN ('starting', 'lost', 'running')"
                                        " ORDER BY attempt DESC, number DESC LIMIT 1",
                                SQL_ARGS(SQL_INT(offer), SQL_TEXT(purpose))),
                    set);
}

bool change_sets_last(struct turn *turn, int64_t offer, struct change_set *set)
{
    return read_one(store_query(turn_reads(turn),
                                COLUMNS " WHERE offer = ?"
                                        " ORDER BY attempt DESC, number DESC LIMIT 1",
                                SQL_ARGS(SQL_INT(offer))),
                    set);
}

bool change_sets_last_of(struct turn *turn, int64_t offer, const char *purpose,
                         struct change_set *set)
{
    return read_one(store_query(turn_reads(turn),
                                COLUMNS " WHERE offer = ? AND purpose = ?"
                                        " ORDER BY attempt DESC, number DESC LIMIT 1",
                                SQL_ARGS(SQL_INT(offer), SQL_TEXT(purpose))),
                    set);
}

int change_sets_attempts(struct turn *turn, int64_t offer)
{
    return (int)store_int(turn_reads(turn),
                          "SELECT coalesce(max(attempt), 0) FROM change_set WHERE offer = ?",
                          SQL_ARGS(SQL_INT(offer)), 0);
}

/* --- looking for one whose answer was lost --- */

int change_sets_search_unread(struct turn *turn, int64_t change_set)
{
    return (int)store_int(turn_reads(turn), "SELECT unread FROM search WHERE change_set = ?",
                          SQL_ARGS(SQL_INT(change_set)), 0);
}

void change_sets_search_put(struct turn *turn, int64_t change_set, int unread)
{
    store_run(turn_writes(turn),
              "INSERT INTO search (change_set, unread) VALUES (?, ?)"
              " ON CONFLICT (change_set) DO UPDATE SET unread = excluded.unread",
              SQL_ARGS(SQL_INT(change_set), SQL_INT(unread)));
}

void change_sets_search_end(struct turn *turn, int64_t change_set)
{
    store_run(turn_writes(turn), "DELETE FROM search WHERE change_set = ?",
              SQL_ARGS(SQL_INT(change_set)));
}

void change_sets_close(struct turn *turn, struct change_set *set, enum set_state state,
                       const char *why)
{
    assert(!set_state_open(state) && state != SET_UNREADABLE);
    change_sets_search_end(turn, set->number);
    set->state = state;
    set->ended_at = turn_now(turn);
    text_fit(set->why, sizeof(set->why), why);
    change_sets_put(turn, set);
}

void change_sets_end(struct turn *turn, struct change_set *set, enum set_state state,
                     const char *why)
{
    assert(state != SET_ABSENT && state != SET_ABANDONED);
    change_sets_close(turn, set, state, why);
    if (set->faults != 0 || set->stale != 0)
        change_sets_count(turn, set->number, 0, 0);
}
