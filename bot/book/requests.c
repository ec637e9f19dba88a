#include "book/requests.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/people.h"
#include "book/search_keys.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "offers/change_set.h"
#include "offers/kind.h"
#include "text.h"

/* --- requests and revisions --- */

static void add_revision(struct turn *turn, int64_t number, int revision, const char *content,
                         const char *form_id)
{
    store_run(turn_writes(turn),
              "INSERT INTO revision (request, revision, content, form, created_at)"
              " VALUES (?, ?, ?, ?, ?)",
              SQL_ARGS(SQL_INT(number), SQL_INT(revision), SQL_TEXT(content), SQL_TEXT(form_id),
                       SQL_INT(turn_now(turn))));
}

/* By what it is found with that content, one a line; on the heap. */
static char *keys_of(const struct request_kind *kind, const char *content)
{
    struct text keys = {0};
    struct request *made = mem_new(1, sizeof(*made));
    made->kind = kind;
    if (kind->found_by != NULL && kind->read(made->content, content))
        kind->found_by(made, &keys);
    free(made);
    return text_take(&keys);
}

/* ${before}: NULL: it is new. */
static void put_keys(struct turn *turn, const struct request_kind *kind, int64_t number,
                     const char *before, const char *after)
{
    char *old = before != NULL ? keys_of(kind, before) : mem_copy("");
    char *new = keys_of(kind, after);
    search_keys_put(turn, number, old, new);
    free(new);
    free(old);
}

/* The revision that counted so far gives way to ${content}. */
static void replace_keys(struct turn *turn, const struct request *request, int before,
                         const char *content)
{
    char *old = requests_content(turn, request->number, before);
    put_keys(turn, request->kind, request->number, old, content);
    free(old);
}

void requests_put_keys(struct turn *turn, int64_t number)
{
    struct request request;
    if (!requests_get(turn, number, &request))
        return;
    char *content = requests_content(turn, number, request.revision);
    if (content != NULL)
        put_keys(turn, request.kind, number, NULL, content);
    free(content);
}

int64_t requests_add(struct turn *turn, const struct new_request *request)
{
    assert(request->kind->read != NULL); /* else it could not be read again */
    int64_t number = turn_count(turn, "request");
    store_run(turn_writes(turn),
              "INSERT INTO request (number, kind, subject, copy_of, copy_revision, revision, state,"
              " requester, created_at, changed_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(request->kind->name), SQL_INT(request->subject),
                       SQL_INT(request->copy_of), SQL_INT(request->copy_revision),
                       SQL_TEXT(request_state_name(STATE_DRAFT)), SQL_TEXT(request->requester),
                       SQL_INT(turn_now(turn)), SQL_INT(turn_now(turn))));
    add_revision(turn, number, 1, request->content, request->form);
    put_keys(turn, request->kind, number, NULL, request->content);
    return number;
}

#define REQUEST_COLUMNS                                                                            \
    "request.number, request.revision, request.state, request.requester, request.created_at,"      \
    " request.changed_at, request.published_at, request.problem, request.can_retry,"               \
    " revision.content, (SELECT value FROM setting WHERE name = 'book'),"                          \
    " request.kind, request.subject,"                                                              \
    " draft.state,"                                                                                \
    " (SELECT group_concat(change_set.state) FROM change_set"                                      \
    "  WHERE change_set.offer = request.number),"                                                  \
    " request.copy_of, request.copy_revision,"                                                     \
    " timing.opens, timing.opens_at, timing.held_by, timing.held_at, timing.held_why,"             \
    " timing.date, timing.zone, timing.came,"                                                      \
    " (SELECT rule FROM ruling WHERE ruling.request = request.number"                              \
    "  AND ruling.revision = request.revision)"                                                    \
    " FROM request JOIN revision ON revision.request = request.number"                             \
    " AND revision.revision = request.revision"                                                    \
    " LEFT JOIN draft ON draft.offer = request.number"                                             \
    " LEFT JOIN timing ON timing.request = request.number"

enum { NAME = 40 }; /* of a state: longer ones are not ours */

/* A request that cannot be read gets a state that no move leaves: it holds up nothing else, and
 * nobody acts on half of what it says. Its problem says what is wrong. */
static void make_unreadable(struct request *request, const char *what, const char *name)
{
    char *problem = text_format("its %s cannot be read: “%s”", what, name);
    request->state = STATE_UNREADABLE;
    memset(request->content, 0, sizeof(request->content));
    text_fit(request->problem, sizeof(request->problem), problem);
    free(problem);
}

/* The first of ${names}, "running,abandoned", that nobody knows; false: they are all known. */
static bool has_unknown(const char *names, int (*named)(const char *name), char unknown[NAME])
{
    while (names != NULL && *names != '\0') {
        size_t size = strcspn(names, ",");
        char *name = mem_slice(names, size);
        bool known = named(name) >= 0;
        text_fit(unknown, NAME, name);
        free(name);
        if (!known)
            return true;
        names += size + (names[size] == ',');
    }
    return false;
}

static void read_state(struct rows *rows, struct request *request)
{
    char unknown[NAME];
    int known = request_state_named(rows_text(rows, 2));
    request->kind = kind_named(rows_text(rows, 11));
    if (request->kind->read == NULL)
        make_unreadable(request, "kind", rows_text(rows, 11));
    else if (known < 0 || !kind_has(request->kind, (enum request_state)known))
        make_unreadable(request, "state", rows_text(rows, 2));
    else if (has_unknown(rows_text(rows, 13), draft_state_named, unknown))
        make_unreadable(request, "draft's state", unknown);
    else if (has_unknown(rows_text(rows, 14), set_state_named, unknown))
        make_unreadable(request, "change set's state", unknown);
    else if (!request->kind->read(request->content, rows_text(rows, 9)))
        make_unreadable(request, "content", rows_text(rows, 11));
    else
        request->state = (enum request_state)known;
}

static void read_timing(struct rows *rows, struct timing *timing)
{
    timing->opens = rows_int(rows, 17);
    timing->opens_at = rows_int(rows, 18);
    rows_fit(rows, 19, timing->held_by, sizeof(timing->held_by));
    timing->held_at = rows_int(rows, 20);
    rows_fit(rows, 21, timing->held_why, sizeof(timing->held_why));
    timing->date = rows_int(rows, 22);
    rows_fit(rows, 23, timing->zone, sizeof(timing->zone));
    timing->came = rows_int(rows, 24) != 0;
}

static void read_request(struct rows *rows, struct request *request)
{
    *request = (struct request){
        .number = rows_int(rows, 0),
        .revision = (int)rows_int(rows, 1),
        .created_at = rows_int(rows, 4),
        .changed_at = rows_int(rows, 5),
        .published_at = rows_int(rows, 6),
        .can_retry = rows_int(rows, 8) != 0,
        .subject = rows_int(rows, 12),
        .copy_of = rows_int(rows, 15),
        .copy_revision = (int)rows_int(rows, 16),
    };
    rows_fit(rows, 3, request->requester, sizeof(request->requester));
    rows_fit(rows, 7, request->problem, sizeof(request->problem));
    read_timing(rows, &request->timing);
    rows_fit(rows, 25, request->rule, sizeof(request->rule));
    read_state(rows, request);
    reference_digest(rows_text(rows, 10), request->number, request->revision, rows_text(rows, 9),
                     request->digest);
}

static bool read_one(struct rows *rows, struct request *request)
{
    if (!rows_next(rows))
        return false;
    read_request(rows, request);
    rows_close(rows);
    return true;
}

/* The request that the turn is about, which each of its flows asks for. Number 0: none is kept. */
static struct request *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct request));
}

static struct store *writes(struct turn *turn)
{
    kept(turn)->number = 0;
    return turn_writes(turn);
}

void requests_forget(struct turn *turn)
{
    kept(turn)->number = 0;
}

static struct rows *by_number(struct turn *turn, int64_t number)
{
    return store_query(turn_reads(turn), "SELECT " REQUEST_COLUMNS " WHERE request.number = ?",
                       SQL_ARGS(SQL_INT(number)));
}

bool requests_get(struct turn *turn, int64_t number, struct request *request)
{
    struct request *known = kept(turn);
    if ((known->number == 0 || known->number != number) &&
        !read_one(by_number(turn, number), known)) {
        known->number = 0;
        return false;
    }
    *request = *known;
    return true;
}

/* Numbers as a JSON array, on the heap. */
static char *array_of(const int64_t *numbers, size_t count)
{
    struct text array = {0};
    for (size_t i = 0; i < count; i++) {
        text_add(&array, i == 0 ? "[" : ",");
        text_add_int(&array, numbers[i]);
    }
    text_add(&array, count == 0 ? "[]" : "]");
    return text_take(&array);
}

size_t requests_get_all(struct turn *turn, const int64_t *numbers, size_t count,
                        struct request *requests)
{
    size_t got = 0;
    char *wanted = array_of(numbers, count);
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT " REQUEST_COLUMNS " WHERE request.number IN"
                                    " (SELECT value FROM json_each(?))"
                                    " ORDER BY request.number DESC",
                                    SQL_ARGS(SQL_TEXT(wanted)));
    while (rows_next(rows)) {
        assert(got < count); /* a number stands for one request */
        read_request(rows, &requests[got++]);
    }
    free(wanted);
    return got;
}

/* The lowest number after ${after} in one of these states; 0: none. One statement for each state: a
 * single one for all could use no index. */
static int64_t next_number(struct turn *turn, unsigned states, int64_t after)
{
    int64_t next = 0;
    for (int state = 0; state < STATES; state++) {
        if (!request_state_in((enum request_state)state, states))
            continue;
        int64_t number = store_int(
            turn_reads(turn), "SELECT min(number) FROM request WHERE state = ? AND number > ?",
            SQL_ARGS(SQL_TEXT(request_state_name((enum request_state)state)), SQL_INT(after)), 0);
        if (number != 0 && (next == 0 || number < next))
            next = number;
    }
    assert(next == 0 || next > after); /* so that a walk from one to the next ends */
    return next;
}

bool requests_next(struct turn *turn, unsigned states, int64_t after, struct request *request)
{
    while ((after = next_number(turn, states, after)) != 0) {
        if (read_one(by_number(turn, after), request))
            return true;
    }
    return false;
}

char *requests_content(struct turn *turn, int64_t number, int revision)
{
    struct rows *rows = store_query(
        turn_reads(turn), "SELECT content FROM revision WHERE request = ? AND revision = ?",
        SQL_ARGS(SQL_INT(number), SQL_INT(revision)));
    if (!rows_next(rows))
        return NULL;
    char *content = mem_copy(rows_text(rows, 0));
    rows_close(rows);
    return content;
}

/* A reference to an earlier revision. False: there never was one of this number. */
static bool read_reference(struct turn *turn, struct reference *reference)
{
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT content, (SELECT value FROM setting WHERE name = 'book')"
                    " FROM revision WHERE request = ? AND revision = ?",
                    SQL_ARGS(SQL_INT(reference->number), SQL_INT(reference->revision)));
    if (!rows_next(rows))
        return false;
    reference_digest(rows_text(rows, 1), reference->number, reference->revision, rows_text(rows, 0),
                     reference->digest);
    rows_close(rows);
    return true;
}

bool requests_has(struct turn *turn, const struct reference *shown)
{
    struct request request;
    struct reference ours = {.number = shown->number, .revision = shown->revision};
    if (!requests_get(turn, shown->number, &request))
        return false;
    if (request.revision == shown->revision)
        text_fit(ours.digest, sizeof(ours.digest), request.digest);
    else if (!read_reference(turn, &ours))
        return false;
    return reference_same(&ours, shown);
}

bool requests_by_form(struct turn *turn, const char *form_id, int64_t *number, int *revision)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT request, revision FROM revision WHERE form = ?",
                    SQL_ARGS(SQL_TEXT(form_id)));
    if (!rows_next(rows))
        return false;
    *number = rows_int(rows, 0);
    *revision = (int)rows_int(rows, 1);
    rows_close(rows);
    return true;
}

bool requests_revise(struct turn *turn, struct request *request, const char *content,
                     const char *form_id)
{
    if (store_run(writes(turn),
                  "UPDATE request SET revision = revision + 1, changed_at = ?"
                  " WHERE number = ? AND revision = ? AND state = ?",
                  SQL_ARGS(SQL_INT(turn_now(turn)), SQL_INT(request->number),
                           SQL_INT(request->revision),
                           SQL_TEXT(request_state_name(request->state)))) == 0)
        return false;
    request->revision++;
    add_revision(turn, request->number, request->revision, content, form_id);
    replace_keys(turn, request, request->revision - 1, content);
    return requests_get(turn, request->number, request);
}

bool requests_adopt(struct turn *turn, struct request *request, int revision, const char *content,
                    const char *form_id)
{
    if (store_run(writes(turn),
                  "UPDATE request SET revision = ?, changed_at = ?"
                  " WHERE number = ? AND revision = ? AND revision < ?",
                  SQL_ARGS(SQL_INT(revision), SQL_INT(turn_now(turn)), SQL_INT(request->number),
                           SQL_INT(request->revision), SQL_INT(revision))) == 0)
        return false;
    add_revision(turn, request->number, revision, content, form_id);
    replace_keys(turn, request, request->revision, content);
    return requests_get(turn, request->number, request);
}

/* --- moves --- */

/* The lists are checked elsewhere. But whatever they say, nobody is both requester and approver:
 * not under another id, nor after somebody else has taken the request over. */
static unsigned roles_of(struct turn *turn, const struct request *request, const struct actor *who)
{
    if (who->kind != ACTOR_PERSON)
        return ROLE_BOT;
    if (people_same(turn, request->requester, who->id))
        return ROLE_REQUESTER;
    return history_requested_by(turn, request->number, who->id) ? ROLE_OPERATOR
                                                                : ROLE_APPROVER | ROLE_OPERATOR;
}

static int64_t published_at(const struct request *request, enum request_state to, int64_t now)
{
    return to == STATE_PUBLISHED ? now : request->published_at;
}

static void apply_move(struct request *request, enum request_state to, int64_t now,
                       const char *problem)
{
    request->state = to;
    request->changed_at = now;
    request->published_at = published_at(request, to, now);
    request->can_retry = false;
    text_fit(request->problem, sizeof(request->problem), problem);
}

/* The reasons that people write belong in the history and never in a log. */
bool requests_move(struct turn *turn, struct request *request, enum request_event event,
                   struct actor who, const char *why)
{
    struct request *known = kept(turn);
    int to = kind_move(request->kind, request->state, event);
    if (to < 0 ||
        (kind_movers(request->kind, request->state, event) & roles_of(turn, request, &who)) == 0)
        return false;
    bool has_problem = request_state_in((enum request_state)to, STATES_STOPPED);
    int64_t published = published_at(request, (enum request_state)to, turn_now(turn));
    if (store_run(
            turn_writes(turn),
            "UPDATE request SET state = ?, changed_at = ?, published_at = ?, problem = ?,"
            " can_retry = 0 WHERE number = ? AND state = ? AND revision = ?",
            SQL_ARGS(SQL_TEXT(request_state_name((enum request_state)to)), SQL_INT(turn_now(turn)),
                     SQL_INT(published), SQL_TEXT(has_problem ? why : ""), SQL_INT(request->number),
                     SQL_TEXT(request_state_name(request->state)), SQL_INT(request->revision))) ==
        0)
        return false;
    assert(request->revision > 0 && kind_has(request->kind, (enum request_state)to));
    history_write(turn, request, event, (enum request_state)to, actor_name(&who), why);
    log_info("request moved", F_INT("request", request->number),
             F_INT("revision", request->revision), F_TEXT("event", request_event_name(event)),
             F_TEXT("to", request_state_name((enum request_state)to)),
             F_TEXT("who", actor_name(&who)), F_TEXT("why", who.kind == ACTOR_PERSON ? "" : why));
    apply_move(request, (enum request_state)to, turn_now(turn), has_problem ? why : "");
    if (known->number == request->number)
        apply_move(known, (enum request_state)to, turn_now(turn), has_problem ? why : "");
    return true;
}

bool requests_take_over(struct turn *turn, struct request *request, const char *who)
{
    if (store_run(writes(turn),
                  "UPDATE request SET requester = ? WHERE number = ? AND requester = ?"
                  " AND state = ? AND revision = ?",
                  SQL_ARGS(SQL_TEXT(who), SQL_INT(request->number), SQL_TEXT(request->requester),
                           SQL_TEXT(request_state_name(request->state)),
                           SQL_INT(request->revision))) == 0)
        return false;
    history_write(turn, request, EVENT_TAKE_OVER, request->state, who, request->requester);
    log_info("request taken over", F_INT("request", request->number),
             F_TEXT("from", request->requester), F_TEXT("who", who));
    text_fit(request->requester, sizeof(request->requester), who);
    return true;
}

void requests_can_retry(struct turn *turn, struct request *request, bool can_retry)
{
    assert(!can_retry || request->state == STATE_FAILED);
    store_run(writes(turn), "UPDATE request SET can_retry = ? WHERE number = ?",
              SQL_ARGS(SQL_INT(can_retry), SQL_INT(request->number)));
    request->can_retry = can_retry;
}

/* --- what it waits for --- */

const char book_schema_timing[] = "CREATE TABLE timing ("
                                  "  request INTEGER PRIMARY KEY REFERENCES request (number),"
                                  "  opens INTEGER NOT NULL," /* on the engine's clock */
                                  "  opens_at INTEGER NOT NULL,"
                                  "  held_by TEXT NOT NULL,"
                                  "  held_at INTEGER NOT NULL,"
                                  "  held_why TEXT NOT NULL) STRICT;";

const char book_schema_dates_set[] =
    "ALTER TABLE timing ADD COLUMN date INTEGER NOT NULL DEFAULT 0;" /* by the wall clock */
    "ALTER TABLE timing ADD COLUMN zone TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE timing ADD COLUMN came INTEGER NOT NULL DEFAULT 0;";

void requests_time(struct turn *turn, struct request *request, const struct timing *timing)
{
    struct request *known = kept(turn);
    store_run(turn_writes(turn),
              "INSERT INTO timing"
              " (request, opens, opens_at, held_by, held_at, held_why, date, zone, came)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request) DO UPDATE SET"
              " opens = excluded.opens, opens_at = excluded.opens_at, held_by = excluded.held_by,"
              " held_at = excluded.held_at, held_why = excluded.held_why, date = excluded.date,"
              " zone = excluded.zone, came = excluded.came",
              SQL_ARGS(SQL_INT(request->number), SQL_INT(timing->opens), SQL_INT(timing->opens_at),
                       SQL_TEXT(timing->held_by), SQL_INT(timing->held_at),
                       SQL_TEXT(timing->held_why), SQL_INT(timing->date), SQL_TEXT(timing->zone),
                       SQL_INT(timing->came)));
    request->timing = *timing;
    if (known->number == request->number)
        known->timing = *timing;
}

void requests_note(struct turn *turn, const struct request *request, enum request_event event,
                   struct actor who, const char *why)
{
    history_write(turn, request, event, request->state, actor_name(&who), why);
    log_info("request noted", F_INT("request", request->number),
             F_TEXT("event", request_event_name(event)), F_TEXT("who", actor_name(&who)));
}
