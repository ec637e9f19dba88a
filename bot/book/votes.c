#include "book/votes.h"

#include <assert.h>
#include <string.h>

#include "book/people.h"
#include "hash.h"
#include "io/store.h"
#include "text.h"

/* The votes of one revision, whether they count or not. Request 0: none are kept. Identities are
 * not kept with them. */
struct kept_votes {
    int64_t request;
    int revision;
    struct vote at[2][MAX_VOTES];
    size_t count[2];
};

static struct kept_votes *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_votes));
}

static struct store *writes(struct turn *turn)
{
    *kept(turn) = (struct kept_votes){.request = 0};
    return turn_writes(turn);
}

/* What people say with a decision. */
const char book_schema_comments[] = "ALTER TABLE vote ADD COLUMN comment TEXT NOT NULL DEFAULT '';";

/* Rejections of before there were codes are for what fits none. */
const char book_schema_codes[] =
    "ALTER TABLE vote ADD COLUMN code TEXT NOT NULL DEFAULT '';"
    "UPDATE vote SET code = 'other' WHERE verdict = 'reject';"
    "ALTER TABLE pending_action ADD COLUMN code TEXT NOT NULL DEFAULT '';"
    "UPDATE pending_action SET code = 'other' WHERE what = 'reject';";

/* Adds it to those kept; where its place among them is not certain, they are read again. */
static void keep_vote(struct turn *turn, const struct request *request, const struct ballot *ballot)
{
    struct kept_votes *known = kept(turn);
    size_t count = known->count[false];
    bool last = count == 0 || known->at[false][count - 1].at < turn_now(turn);
    if (ballot->verdict != EVENT_APPROVE || known->request != request->number ||
        known->revision != request->revision || known->count[true] > 0 || count == MAX_VOTES ||
        !last) {
        known->request = 0;
        return;
    }
    struct vote *vote = &known->at[false][known->count[false]++];
    *vote = (struct vote){.revision = request->revision, .at = turn_now(turn)};
    text_fit(vote->person, sizeof(vote->person), ballot->person);
    text_fit(vote->step, sizeof(vote->step), ballot->step);
    text_fit(vote->comment, sizeof(vote->comment), ballot->comment);
}

bool votes_give(struct turn *turn, const struct request *request, const struct ballot *ballot)
{
    char digest[HASH_HEX];
    enum request_event verdict = ballot->verdict;
    assert(request->revision > 0 && *ballot->person != '\0' && *ballot->step != '\0');
    assert(verdict == EVENT_APPROVE || verdict == EVENT_REJECT || verdict == EVENT_REQUEST_CHANGES);
    hash_hex(ballot->saw, strlen(ballot->saw), digest);
    bool is_new =
        store_run(turn_writes(turn),
                  "INSERT INTO vote (request, revision, person, verdict, step, at, comment, code,"
                  " shown, saw, digest, rule) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                  " ON CONFLICT (request, revision, person, verdict, step) DO UPDATE SET lost = '',"
                  " at = excluded.at, comment = excluded.comment, shown = excluded.shown,"
                  " saw = excluded.saw, digest = excluded.digest, rule = excluded.rule"
                  " WHERE lost <> ''",
                  SQL_ARGS(SQL_INT(request->number), SQL_INT(request->revision),
                           SQL_TEXT(ballot->person), SQL_TEXT(request_event_name(verdict)),
                           SQL_TEXT(ballot->step), SQL_INT(turn_now(turn)),
                           SQL_TEXT(ballot->comment), SQL_TEXT(ballot->code),
                           SQL_TEXT(ballot->shown), SQL_TEXT(ballot->saw), SQL_TEXT(digest),
                           SQL_TEXT(ballot->rule))) > 0;
    if (is_new)
        keep_vote(turn, request, ballot);
    return is_new;
}

void votes_comment(struct turn *turn, const struct request *request, const struct ballot *ballot)
{
    store_run(writes(turn),
              "UPDATE vote SET comment = ? WHERE request = ? AND revision = ? AND person = ?"
              " AND verdict = ? AND step = ?",
              SQL_ARGS(SQL_TEXT(ballot->comment), SQL_INT(request->number),
                       SQL_INT(request->revision), SQL_TEXT(ballot->person),
                       SQL_TEXT(request_event_name(ballot->verdict)), SQL_TEXT(ballot->step)));
}

#define VOTE_COLUMNS "person, at, lost, step, comment"

static void read_vote(struct rows *rows, int revision, struct vote *vote)
{
    *vote = (struct vote){.revision = revision, .at = rows_int(rows, 1)};
    rows_fit(rows, 0, vote->person, sizeof(vote->person));
    rows_fit(rows, 2, vote->lost, sizeof(vote->lost));
    rows_fit(rows, 3, vote->step, sizeof(vote->step));
    rows_fit(rows, 4, vote->comment, sizeof(vote->comment));
}

static const struct kept_votes *votes_of(struct turn *turn, int64_t number, int revision)
{
    struct kept_votes *known = kept(turn);
    if (known->request == number && known->revision == revision)
        return known;
    *known = (struct kept_votes){.request = number, .revision = revision};
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT " VOTE_COLUMNS " FROM vote"
                                    " WHERE request = ? AND revision = ? AND verdict = 'approve'"
                                    " ORDER BY at, person",
                                    SQL_ARGS(SQL_INT(number), SQL_INT(revision)));
    while (rows_next(rows)) {
        bool lost = *rows_text(rows, 2) != '\0';
        if (known->count[lost] == MAX_VOTES)
            continue;
        read_vote(rows, revision, &known->at[lost][known->count[lost]++]);
    }
    return known;
}

static size_t copy_votes(struct turn *turn, int64_t number, int revision, bool lost,
                         struct vote *votes, size_t capacity)
{
    const struct kept_votes *known = votes_of(turn, number, revision);
    size_t count = known->count[lost] < capacity ? known->count[lost] : capacity;
    for (size_t i = 0; i < count; i++) {
        votes[i] = known->at[lost][i];
        people_identity(turn, votes[i].person, votes[i].identity);
    }
    return count;
}

size_t votes_given(struct turn *turn, int64_t number, int revision, struct vote *votes,
                   size_t capacity)
{
    return copy_votes(turn, number, revision, false, votes, capacity);
}

/* One statement for each id, however many requests there are. */
void votes_approved(struct turn *turn, const char *person, const struct request *requests,
                    size_t count, bool *approved)
{
    char ids[PERSON_IDS][PERSON_ID];
    struct text numbers = {0};
    for (size_t i = 0; i < count; i++) {
        approved[i] = false;
        text_addf(&numbers, "%s%lld", i == 0 ? "[" : ",", (long long)requests[i].number);
    }
    text_add(&numbers, count == 0 ? "[]" : "]");
    for (size_t id = people_ids(turn, person, ids); id > 0; id--) {
        struct rows *rows =
            store_query(turn_reads(turn),
                        "SELECT vote.request FROM json_each(?1) AS asked"
                        " JOIN request ON request.number = asked.value"
                        " JOIN vote ON vote.request = request.number"
                        "  AND vote.revision = request.revision AND vote.person = ?2"
                        "  AND vote.verdict = 'approve' AND vote.lost = ''",
                        SQL_ARGS(SQL_TEXT(text_get(&numbers)), SQL_TEXT(ids[id - 1])));
        while (rows_next(rows)) {
            for (size_t i = 0; i < count; i++)
                approved[i] |= requests[i].number == rows_int(rows, 0);
        }
    }
    text_free(&numbers);
}

size_t votes_lost(struct turn *turn, int64_t number, int revision, struct vote *votes,
                  size_t capacity)
{
    return copy_votes(turn, number, revision, true, votes, capacity);
}

void votes_lose(struct turn *turn, const struct request *request, const struct vote *vote,
                const char *why)
{
    store_run(writes(turn),
              "UPDATE vote SET lost = ? WHERE request = ? AND revision = ? AND person = ?"
              " AND verdict = 'approve' AND step = ?",
              SQL_ARGS(SQL_TEXT(why), SQL_INT(request->number), SQL_INT(vote->revision),
                       SQL_TEXT(vote->person), SQL_TEXT(vote->step)));
}

size_t votes_all(struct turn *turn, int64_t number, struct decided *decided, size_t capacity)
{
    size_t count = 0;
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT " VOTE_COLUMNS ", revision, verdict, code FROM vote WHERE request = ?"
                    " ORDER BY revision, at, person, verdict LIMIT ?",
                    SQL_ARGS(SQL_INT(number), SQL_INT(capacity)));
    while (rows_next(rows)) {
        read_vote(rows, (int)rows_int(rows, 5), &decided[count].vote);
        rows_fit(rows, 7, decided[count].code, sizeof(decided[count].code));
        decided[count++].verdict = request_event_named(rows_text(rows, 6));
    }
    return count;
}
