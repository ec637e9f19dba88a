#include "book/judgements.h"

#include <string.h>

#include "around.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

#define COLUMNS                                                                                    \
    "SELECT id, what, offer, revision, person, channel, reason, asked_at, form, lapses, digest,"   \
    " shown"                                                                                       \
    " FROM judgement"

static const char *const names[JUDGED] = {
    [JUDGE_APPROVE] = "approve",
    [JUDGE_REJECT] = "reject",
    [JUDGE_REQUEST_CHANGES] = "request_changes",
    [JUDGE_SUBMIT] = "submit",
    [JUDGE_REVISE] = "revise",
    [JUDGE_WITHDRAW] = "withdraw",
    [JUDGE_DETAILS] = "details",
    [JUDGE_RETRY] = "retry",
    [JUDGE_LIST] = "list",
};

int64_t judgements_add(struct turn *turn, const struct judgement *judgement, const char *content)
{
    int64_t id = turn_count(turn, "judgement");
    store_run(
        around_writes(turn),
        "INSERT INTO judgement (id, what, offer, revision, person, channel, reason,"
        " asked_at, form, content, digest, shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ARGS(INT(id), TEXT(names[judgement->what]), INT(judgement->offer), INT(judgement->revision),
             TEXT(judgement->person), TEXT(judgement->channel), TEXT(judgement->reason),
             INT(turn_now(turn)), TEXT(judgement->form), TEXT(content != NULL ? content : ""),
             TEXT(judgement->digest), TEXT(judgement->shown)));
    return id;
}

/* One that an older or newer version stored and this one does not know does nothing. */
static enum judged named(const char *name)
{
    for (int what = 0; what < JUDGED; what++) {
        if (strcmp(names[what], name) == 0)
            return (enum judged)what;
    }
    log_error("unknown stored click", F_TEXT("what", name));
    return JUDGED;
}

static bool read_one(struct rows *rows, struct judgement *judgement)
{
    if (!rows_next(rows))
        return false;
    *judgement = (struct judgement){
        .id = rows_int(rows, 0),
        .what = named(rows_text(rows, 1)),
        .offer = rows_int(rows, 2),
        .revision = (int)rows_int(rows, 3),
        .asked_at = rows_int(rows, 7),
        .lapses = (int)rows_int(rows, 9),
    };
    rows_fit(rows, 4, judgement->person, sizeof(judgement->person));
    rows_fit(rows, 5, judgement->channel, sizeof(judgement->channel));
    rows_fit(rows, 6, judgement->reason, sizeof(judgement->reason));
    rows_fit(rows, 8, judgement->form, sizeof(judgement->form));
    rows_fit(rows, 10, judgement->digest, sizeof(judgement->digest));
    rows_fit(rows, 11, judgement->shown, sizeof(judgement->shown));
    rows_close(rows);
    return true;
}

bool judgements_get(struct turn *turn, int64_t id, struct judgement *judgement)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id = ?", ARGS(INT(id))),
                    judgement);
}

char *judgements_content(struct turn *turn, int64_t id)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT content FROM judgement WHERE id = ?", ARGS(INT(id)));
    if (!rows_next(rows))
        return NULL;
    const char *stored = rows_text(rows, 0);
    char *content = *stored != '\0' ? mem_copy(stored) : NULL;
    rows_close(rows);
    return content;
}

bool judgements_next(struct turn *turn, int64_t after, struct judgement *judgement)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id > ? ORDER BY id LIMIT 1",
                                ARGS(INT(after))),
                    judgement);
}

bool judgements_by_form(struct turn *turn, const char *form, struct judgement *judgement)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE what = 'revise' AND form = ?",
                                ARGS(TEXT(form))),
                    judgement);
}

bool judgements_revision(struct turn *turn, int64_t offer, char person[PERSON_ID])
{
    text_fit(person, PERSON_ID, around_of(turn, offer)->reviser);
    return *person != '\0';
}

void judgements_lapsed(struct turn *turn, struct judgement *judgement)
{
    judgement->lapses++;
    store_run(turn_writes(turn), "UPDATE judgement SET lapses = ? WHERE id = ?",
              ARGS(INT(judgement->lapses), INT(judgement->id)));
}

void judgements_remove(struct turn *turn, int64_t id)
{
    store_run(around_writes(turn), "DELETE FROM judgement WHERE id = ?", ARGS(INT(id)));
}
