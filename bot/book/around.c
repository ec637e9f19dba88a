#include "book/around.h"

#include <string.h>

#include "io/store.h"
#include "offers/draft.h"

#define DRAFT_COLUMNS                                                                              \
    "draft.offer, draft.state, draft.number, draft.revision, draft.entity,"                        \
    " draft.authorization, draft.own_eula, draft.price_reads, draft.why, draft.empty_reads,"       \
    " draft.polled_since, draft.entity_revision, draft.differing_reads, draft.prices_read,"        \
    " draft.price_problem, draft.origin, draft.origin_revision, draft.origin_since"
#define THREAD_COLUMNS "thread.ts, thread.permalink, thread.mention, thread.whom"
#define PLACE_COLUMNS "line.offer, line.called_at"
#define REVISER_COLUMN                                                                             \
    "(SELECT person FROM pending_action"                                                           \
    "  WHERE what = 'revise' AND pending_action.request = asked.offer ORDER BY id LIMIT 1)"

/* How many columns each has. */
enum {
    DRAFT_WIDTH = 18,
    DOUBT_WIDTH = 6,
    POST_WIDTH = 9,
    BLOCKED_WIDTH = 4,
    THREAD_WIDTH = 4,
    PLACE_WIDTH = 2,
};

/* --- the rows, column by column --- */

static const char *const origin_names[] = {
    [ORIGIN_UNKNOWN] = "unknown", [ORIGIN_OURS] = "ours", [ORIGIN_FOREIGN] = "foreign"};

const char *around_origin_name(enum draft_origin origin)
{
    return origin_names[origin];
}

/* A name that this version does not know means that the origin has to be found out again. */
static enum draft_origin origin_named(const char *name)
{
    for (int i = ORIGIN_UNKNOWN; i <= ORIGIN_FOREIGN; i++) {
        if (strcmp(origin_names[i], name) == 0)
            return (enum draft_origin)i;
    }
    return ORIGIN_UNKNOWN;
}

static void read_draft(struct rows *rows, int at, struct draft *draft)
{
    *draft = (struct draft){.state = DRAFT_NONE};
    if (rows_int(rows, at) == 0)
        return;
    int state = draft_state_named(rows_text(rows, at + 1));
    draft->state = state >= 0 ? (enum draft_state)state : DRAFT_UNREADABLE;
    draft->number = (int)rows_int(rows, at + 2);
    draft->revision = (int)rows_int(rows, at + 3);
    rows_fit(rows, at + 4, draft->entity, sizeof(draft->entity));
    rows_fit(rows, at + 5, draft->authorization, sizeof(draft->authorization));
    draft->own_eula = rows_int(rows, at + 6) != 0;
    draft->price_reads = (int)rows_int(rows, at + 7);
    rows_fit(rows, at + 8, draft->why, sizeof(draft->why));
    draft->empty_reads = (int)rows_int(rows, at + 9);
    draft->polled_since = rows_int(rows, at + 10);
    rows_fit(rows, at + 11, draft->entity_revision, sizeof(draft->entity_revision));
    draft->differing_reads = (int)rows_int(rows, at + 12);
    draft->prices_read = rows_int(rows, at + 13) != 0;
    rows_fit(rows, at + 14, draft->price_problem, sizeof(draft->price_problem));
    draft->origin = origin_named(rows_text(rows, at + 15));
    rows_fit(rows, at + 16, draft->origin_revision, sizeof(draft->origin_revision));
    draft->origin_since = rows_int(rows, at + 17);
}

void around_read_doubt(struct rows *rows, int at, struct doubt *doubt)
{
    *doubt = (struct doubt){
        .offer = rows_int(rows, at),
        .revision = (int)rows_int(rows, at + 2),
        .told = rows_int(rows, at + 4) != 0,
        .since = rows_int(rows, at + 5),
    };
    rows_fit(rows, at + 1, doubt->entity, sizeof(doubt->entity));
    rows_fit(rows, at + 3, doubt->why, sizeof(doubt->why));
}

void around_read_post(struct rows *rows, int at, struct post *post)
{
    *post = (struct post){
        .request = rows_int(rows, at),
        .kind = strcmp(rows_text(rows, at + 1), "card") == 0 ? POST_CARD : POST_ANNOUNCEMENT,
        .effect = rows_int(rows, at + 4),
        .sent_at = rows_int(rows, at + 5),
        .step = rows_int(rows, at + 8),
    };
    rows_fit(rows, at + 2, post->channel, sizeof(post->channel));
    rows_fit(rows, at + 3, post->ts, sizeof(post->ts));
    rows_fit(rows, at + 6, post->error, sizeof(post->error));
    rows_fit(rows, at + 7, post->key, sizeof(post->key));
}

void around_read_blocked(struct rows *rows, int at, struct blocked *blocked)
{
    *blocked = (struct blocked){
        .offer = rows_int(rows, at),
        .since = rows_int(rows, at + 1),
        .tries = (int)rows_int(rows, at + 2),
        .told = rows_int(rows, at + 3) != 0,
    };
}

static void read_thread(struct rows *rows, int at, struct thread *thread)
{
    rows_fit(rows, at, thread->ts, sizeof(thread->ts));
    rows_fit(rows, at + 1, thread->permalink, sizeof(thread->permalink));
    rows_fit(rows, at + 2, thread->mention, sizeof(thread->mention));
    rows_fit(rows, at + 3, thread->whom, sizeof(thread->whom));
}

static enum place_state place_of(int64_t offer, int64_t admitted_at)
{
    return offer == 0 ? PLACE_NONE : admitted_at > 0 ? PLACE_ADMITTED : PLACE_WAITING;
}

/* --- all of them --- */

static struct around *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct around));
}

static void read_row(struct rows *rows, struct around *around)
{
    int at = 0;
    read_draft(rows, at, &around->draft);
    around_read_doubt(rows, at += DRAFT_WIDTH, &around->doubt);
    around_read_post(rows, at += DOUBT_WIDTH, &around->card);
    around_read_blocked(rows, at += POST_WIDTH, &around->blocked);
    read_thread(rows, at += BLOCKED_WIDTH, &around->thread);
    at += THREAD_WIDTH;
    around->place = place_of(rows_int(rows, at), rows_int(rows, at + 1));
    rows_fit(rows, at + PLACE_WIDTH, around->reviser, sizeof(around->reviser));
}

const struct around *around_of(struct turn *turn, int64_t offer)
{
    struct around *around = kept(turn);
    if (around->offer == offer)
        return around;
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT " DRAFT_COLUMNS ", " DOUBT_COLUMNS ", " POST_COLUMNS
                    ", " BLOCKED_COLUMNS ", " THREAD_COLUMNS ", " PLACE_COLUMNS ", " REVISER_COLUMN
                    " FROM (SELECT ? AS offer) AS asked"
                    " LEFT JOIN draft ON draft.offer = asked.offer"
                    " LEFT JOIN doubt ON doubt.offer = asked.offer"
                    " LEFT JOIN post ON post.kind = 'card' AND post.request = asked.offer"
                    " LEFT JOIN blocked ON blocked.offer = asked.offer"
                    " LEFT JOIN thread ON thread.request = asked.offer"
                    " LEFT JOIN line ON line.offer = asked.offer",
                    SQL_ARGS(SQL_INT(offer)));
    while (rows_next(rows))
        read_row(rows, around);
    around->offer = offer;
    around->draft.offer = offer;
    around->blocked.offer = offer;
    around->thread.request = offer;
    return around;
}

struct store *around_writes(struct turn *turn)
{
    *kept(turn) = (struct around){.offer = 0};
    return turn_writes(turn);
}
