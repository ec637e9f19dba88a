#include "book/doubts.h"

#include "io/store.h"

const char book_schema_doubts[] = "CREATE TABLE doubt ("
                                  "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
                                  "  entity TEXT NOT NULL,"
                                  "  revision INTEGER NOT NULL,"
                                  "  why TEXT NOT NULL,"
                                  "  told INTEGER NOT NULL CHECK (told IN (0, 1))) STRICT;";

#define COLUMNS "SELECT offer, entity, revision, why, told FROM doubt"

static bool read_one(struct rows *rows, struct doubt *doubt)
{
    if (!rows_next(rows))
        return false;
    *doubt = (struct doubt){
        .offer = rows_int(rows, 0),
        .revision = (int)rows_int(rows, 2),
        .told = rows_int(rows, 4) != 0,
    };
    rows_fit(rows, 1, doubt->entity, sizeof(doubt->entity));
    rows_fit(rows, 3, doubt->why, sizeof(doubt->why));
    rows_close(rows);
    return true;
}

/* Whatever would publish asks first: the offer that was asked for last, and what was found. */
struct answer {
    int64_t offer;
    bool held;
    struct doubt doubt;
};

static struct answer *last_answer(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct answer));
}

bool doubts_get(struct turn *turn, int64_t offer, struct doubt *doubt)
{
    struct answer *last = last_answer(turn);
    if (last->offer != offer) {
        last->offer = offer;
        last->held = read_one(
            store_query(turn_reads(turn), COLUMNS " WHERE offer = ?", SQL_ARGS(SQL_INT(offer))),
            &last->doubt);
    }
    if (last->held)
        *doubt = last->doubt;
    return last->held;
}

bool doubts_next(struct turn *turn, int64_t after, struct doubt *doubt)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE offer > ? ORDER BY offer LIMIT 1",
                                SQL_ARGS(SQL_INT(after))),
                    doubt);
}

void doubts_put(struct turn *turn, const struct doubt *doubt)
{
    last_answer(turn)->offer = 0;
    store_run(turn_writes(turn),
              "INSERT INTO doubt (offer, entity, revision, why, told) VALUES (?, ?, ?, ?, ?)"
              " ON CONFLICT (offer) DO UPDATE SET entity = excluded.entity,"
              " revision = excluded.revision, why = excluded.why, told = excluded.told",
              SQL_ARGS(SQL_INT(doubt->offer), SQL_TEXT(doubt->entity), SQL_INT(doubt->revision),
                       SQL_TEXT(doubt->why), SQL_INT(doubt->told)));
}

void doubts_drop(struct turn *turn, int64_t offer)
{
    last_answer(turn)->offer = 0;
    store_run(turn_writes(turn), "DELETE FROM doubt WHERE offer = ?", SQL_ARGS(SQL_INT(offer)));
}
