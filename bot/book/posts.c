#include "book/posts.h"

#include <string.h>

#include "book/around.h"
#include "io/store.h"

const char *post_kind_name(enum post_kind kind)
{
    return kind == POST_CARD ? "card" : "announcement";
}

int post_kind_named(const char *name)
{
    for (int kind = POST_CARD; kind <= POST_ANNOUNCEMENT; kind++) {
        if (strcmp(post_kind_name((enum post_kind)kind), name) == 0)
            return kind;
    }
    return -1;
}

static bool read_one(struct rows *rows, struct post *post)
{
    if (!rows_next(rows))
        return false;
    bool known = post_kind_named(rows_text(rows, 1)) >= 0;
    if (known)
        around_read_post(rows, 0, post);
    rows_close(rows);
    return known;
}

static bool get_card(struct turn *turn, int64_t request, struct post *post)
{
    const struct around *around = around_of(turn, request);
    if (around->card.request == 0)
        return false;
    *post = around->card;
    return true;
}

bool posts_get(struct turn *turn, enum post_kind kind, int64_t request, struct post *post)
{
    if (kind == POST_CARD)
        return get_card(turn, request, post);
    return read_one(store_query(turn_reads(turn),
                                "SELECT " POST_COLUMNS " FROM post WHERE kind = ? AND request = ?",
                                SQL_ARGS(SQL_TEXT(post_kind_name(kind)), SQL_INT(request))),
                    post);
}

bool posts_by_effect(struct turn *turn, int64_t effect, struct post *post)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT " POST_COLUMNS " FROM post WHERE effect = ?",
                                SQL_ARGS(SQL_INT(effect))),
                    post);
}

bool posts_unknown(struct turn *turn, int64_t effect, char kind[40])
{
    struct rows *rows = store_query(turn_reads(turn), "SELECT kind FROM post WHERE effect = ?",
                                    SQL_ARGS(SQL_INT(effect)));
    if (!rows_next(rows))
        return false;
    bool known = post_kind_named(rows_text(rows, 0)) >= 0;
    rows_fit(rows, 0, kind, 40);
    rows_close(rows);
    return !known;
}

void posts_unknown_put(struct turn *turn, int64_t effect, const char *ts, const char *error)
{
    store_run(around_writes(turn), "UPDATE post SET ts = ?, error = ? WHERE effect = ?",
              SQL_ARGS(SQL_TEXT(ts), SQL_TEXT(error), SQL_INT(effect)));
}

void posts_put(struct turn *turn, const struct post *post)
{
    store_run(around_writes(turn),
              "INSERT INTO post (kind, request, channel, ts, effect, sent_at, error, key, step)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?9 >= 0 THEN ?9"
              "   ELSE (SELECT coalesce(max(step), 0) FROM move WHERE move.request = ?2) END)"
              " ON CONFLICT (kind, request) DO UPDATE SET"
              " channel = excluded.channel, ts = excluded.ts, effect = excluded.effect,"
              " sent_at = excluded.sent_at,"
              " error = excluded.error, key = excluded.key, step = excluded.step",
              SQL_ARGS(SQL_TEXT(post_kind_name(post->kind)), SQL_INT(post->request),
                       SQL_TEXT(post->channel), SQL_TEXT(post->ts), SQL_INT(post->effect),
                       SQL_INT(post->sent_at), SQL_TEXT(post->error), SQL_TEXT(post->key),
                       SQL_INT(post->step)));
}

bool posts_refused(struct turn *turn, enum post_kind kind, int64_t request, struct post *post)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT " POST_COLUMNS
                                " FROM post WHERE kind = ? AND request > ? AND error <> ''"
                                " ORDER BY request LIMIT 1",
                                SQL_ARGS(SQL_TEXT(post_kind_name(kind)), SQL_INT(request))),
                    post);
}
