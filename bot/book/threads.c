#include "book/threads.h"

#include "io/store.h"

void threads_get(struct turn *turn, int64_t offer, struct thread *thread)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT ts, permalink, calling FROM thread WHERE offer = ?",
                    ARGS(INT(offer)));
    *thread = (struct thread){.offer = offer};
    if (!rows_next(rows))
        return;
    rows_fit(rows, 0, thread->ts, sizeof(thread->ts));
    rows_fit(rows, 1, thread->permalink, sizeof(thread->permalink));
    rows_fit(rows, 2, thread->calling, sizeof(thread->calling));
    rows_close(rows);
}

void threads_put(struct turn *turn, const struct thread *thread)
{
    store_run(
        turn_writes(turn),
        "INSERT INTO thread (offer, ts, permalink, calling) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (offer) DO UPDATE SET ts = excluded.ts,"
        " permalink = excluded.permalink, calling = excluded.calling",
        ARGS(INT(thread->offer), TEXT(thread->ts), TEXT(thread->permalink), TEXT(thread->calling)));
}
