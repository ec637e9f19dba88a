#include "book/pending_actions.h"

#include <assert.h>

#include "book/around.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

#define COLUMNS                                                                                    \
    "SELECT id, what, request, revision, person, channel, reason, form, lapses, digest, shown,"    \
    " question, skipped, query, whispered, code FROM pending_action"

/* While Slack cannot say who clicked, thousands may wait; a changed form among them is asked for
 * with each look at its request. */
const char book_schema_pending_actions[] =
    "CREATE INDEX pending_action_revise ON pending_action (offer, id) WHERE what = 'revise';"
    "CREATE INDEX pending_action_form ON pending_action (form) WHERE what = 'revise';";

int64_t pending_actions_add(struct turn *turn, const struct pending_action *pending,
                            const char *content)
{
    assert(pending->what->run !=
           NULL); /* nobody can ask for an action that this version does not know */
    int64_t id = turn_count(turn, "pending_action");
    store_run(
        around_writes(turn),
        "INSERT INTO pending_action (id, what, request, revision, person, channel, reason,"
        " asked_at, form, content, digest, shown, question, skipped, query,"
        " whispered, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        SQL_ARGS(SQL_INT(id), SQL_TEXT(pending->what->name), SQL_INT(pending->request),
                 SQL_INT(pending->revision), SQL_TEXT(pending->person), SQL_TEXT(pending->channel),
                 SQL_TEXT(pending->reason), SQL_INT(turn_now(turn)), SQL_TEXT(pending->form),
                 SQL_TEXT(content != NULL ? content : ""), SQL_TEXT(pending->digest),
                 SQL_TEXT(pending->shown), SQL_TEXT(pending->question), SQL_INT(pending->skipped),
                 SQL_TEXT(pending->query), SQL_INT(pending->whispered), SQL_TEXT(pending->code)));
    return id;
}

/* An action that another version stored and this one does not know does nothing. */
static const struct action_type *named(const char *name)
{
    const struct action_type *type = action_named(name);
    if (type->run == NULL)
        log_error("unknown pending action", F_TEXT("action", name));
    return type;
}

static bool read_one(struct rows *rows, struct pending_action *pending)
{
    if (!rows_next(rows))
        return false;
    *pending = (struct pending_action){
        .id = rows_int(rows, 0),
        .what = named(rows_text(rows, 1)),
        .request = rows_int(rows, 2),
        .revision = (int)rows_int(rows, 3),
        .lapses = (int)rows_int(rows, 8),
        .skipped = (int)rows_int(rows, 12),
        .whispered = rows_int(rows, 14) != 0,
    };
    rows_fit(rows, 4, pending->person, sizeof(pending->person));
    rows_fit(rows, 5, pending->channel, sizeof(pending->channel));
    rows_fit(rows, 6, pending->reason, sizeof(pending->reason));
    rows_fit(rows, 7, pending->form, sizeof(pending->form));
    rows_fit(rows, 9, pending->digest, sizeof(pending->digest));
    rows_fit(rows, 10, pending->shown, sizeof(pending->shown));
    rows_fit(rows, 13, pending->query, sizeof(pending->query));
    rows_fit(rows, 11, pending->question, sizeof(pending->question));
    rows_fit(rows, 15, pending->code, sizeof(pending->code));
    rows_close(rows);
    return true;
}

bool pending_actions_get(struct turn *turn, int64_t id, struct pending_action *pending)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id = ?", SQL_ARGS(SQL_INT(id))),
                    pending);
}

char *pending_actions_content(struct turn *turn, int64_t id)
{
    struct rows *rows = store_query(
        turn_reads(turn), "SELECT content FROM pending_action WHERE id = ?", SQL_ARGS(SQL_INT(id)));
    if (!rows_next(rows))
        return NULL;
    const char *stored = rows_text(rows, 0);
    char *content = *stored != '\0' ? mem_copy(stored) : NULL;
    rows_close(rows);
    return content;
}

bool pending_actions_next(struct turn *turn, int64_t after, struct pending_action *pending)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id > ? ORDER BY id LIMIT 1",
                                SQL_ARGS(SQL_INT(after))),
                    pending);
}

bool pending_actions_by_form(struct turn *turn, const char *form, struct pending_action *pending)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE what = 'revise' AND form = ?",
                                SQL_ARGS(SQL_TEXT(form))),
                    pending);
}

bool pending_actions_revision(struct turn *turn, int64_t request, char person[PERSON_ID])
{
    text_fit(person, PERSON_ID, around_of(turn, request)->reviser);
    return *person != '\0';
}

void pending_actions_note_lapse(struct turn *turn, struct pending_action *pending)
{
    pending->lapses++;
    store_run(turn_writes(turn), "UPDATE pending_action SET lapses = ? WHERE id = ?",
              SQL_ARGS(SQL_INT(pending->lapses), SQL_INT(pending->id)));
}

void pending_actions_remove(struct turn *turn, int64_t id)
{
    store_run(around_writes(turn), "DELETE FROM pending_action WHERE id = ?",
              SQL_ARGS(SQL_INT(id)));
}
