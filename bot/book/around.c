#include "around.h"

#include "text.h"

static struct around *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct around));
}

static void read_row(struct rows *rows, struct around *around)
{
    int at = 0;
    draft_read(rows, at, &around->draft);
    doubt_read(rows, at += DRAFT_WIDTH, &around->doubt);
    post_read(rows, at += DOUBT_WIDTH, &around->card);
    blocked_read(rows, at += POST_WIDTH, &around->blocked);
    thread_read(rows, at += BLOCKED_WIDTH, &around->thread);
    rows_fit(rows, at + THREAD_WIDTH, around->reviser, sizeof(around->reviser));
}

const struct around *around_of(struct turn *turn, int64_t offer)
{
    struct around *around = kept(turn);
    if (around->offer == offer)
        return around;
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT " DRAFT_COLUMNS ", " DOUBT_COLUMNS ", " POST_COLUMNS ", " BLOCKED_COLUMNS
        ", " THREAD_COLUMNS ", (SELECT person FROM pending_action WHERE what = 'revise'"
        "   AND pending_action.offer = asked.offer ORDER BY id LIMIT 1)"
        " FROM (SELECT ? AS offer) AS asked"
        " LEFT JOIN draft ON draft.offer = asked.offer"
        " LEFT JOIN doubt ON doubt.offer = asked.offer"
        " LEFT JOIN post ON post.kind = 'card' AND post.offer = asked.offer"
        " LEFT JOIN blocked ON blocked.offer = asked.offer"
        " LEFT JOIN thread ON thread.offer = asked.offer",
        SQL_ARGS(SQL_INT(offer)));
    while (rows_next(rows))
        read_row(rows, around);
    around->offer = offer;
    around->draft.offer = offer;
    around->blocked.offer = offer;
    around->thread.offer = offer;
    return around;
}

struct store *around_writes(struct turn *turn)
{
    *kept(turn) = (struct around){.offer = 0};
    return turn_writes(turn);
}
