#include "book/judgements.h"

#include "io/store.h"

#define COLUMNS "SELECT id, what, offer, revision, person, channel, reason, asked_at FROM judgement"

int64_t judgements_add(struct turn *turn, const struct judgement *judgement)
{
    int64_t id = turn_count(turn, "judgement");
    store_run(turn_writes(turn),
              "INSERT INTO judgement (id, what, offer, revision, person, channel, reason, asked_at)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              ARGS(INT(id), INT(judgement->what), INT(judgement->offer), INT(judgement->revision),
                   TEXT(judgement->person), TEXT(judgement->channel), TEXT(judgement->reason),
                   INT(turn_now(turn))));
    return id;
}

static bool read_one(struct rows *rows, struct judgement *judgement)
{
    if (!rows_next(rows))
        return false;
    *judgement = (struct judgement){
        .id = rows_int(rows, 0),
        .what = (enum judged)rows_int(rows, 1),
        .offer = rows_int(rows, 2),
        .revision = (int)rows_int(rows, 3),
        .asked_at = rows_int(rows, 7),
    };
    rows_fit(rows, 4, judgement->person, sizeof(judgement->person));
    rows_fit(rows, 5, judgement->channel, sizeof(judgement->channel));
    rows_fit(rows, 6, judgement->reason, sizeof(judgement->reason));
    rows_close(rows);
    return true;
}

bool judgements_get(struct turn *turn, int64_t id, struct judgement *judgement)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id = ?", ARGS(INT(id))),
                    judgement);
}

bool judgements_next(struct turn *turn, int64_t after, struct judgement *judgement)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE id > ? ORDER BY id LIMIT 1",
                                ARGS(INT(after))),
                    judgement);
}

void judgements_remove(struct turn *turn, int64_t id)
{
    store_run(turn_writes(turn), "DELETE FROM judgement WHERE id = ?", ARGS(INT(id)));
}
