#include "book/posts.h"

#include <string.h>

#include "io/store.h"

#define COLUMNS "SELECT kind, offer, channel, ts, effect, sent_at, error, key FROM post"

const char *post_kind_name(enum post_kind kind)
{
    return kind == POST_CARD ? "card" : "announcement";
}

static void read_row(struct rows *rows, struct post *post)
{
    *post = (struct post){
        .kind = strcmp(rows_text(rows, 0), "card") == 0 ? POST_CARD : POST_ANNOUNCEMENT,
        .offer = rows_int(rows, 1),
        .effect = rows_int(rows, 4),
        .sent_at = rows_int(rows, 5),
    };
    rows_fit(rows, 2, post->channel, sizeof(post->channel));
    rows_fit(rows, 3, post->ts, sizeof(post->ts));
    rows_fit(rows, 6, post->error, sizeof(post->error));
    rows_fit(rows, 7, post->key, sizeof(post->key));
}

static bool read_one(struct rows *rows, struct post *post)
{
    if (!rows_next(rows))
        return false;
    read_row(rows, post);
    rows_close(rows);
    return true;
}

bool posts_get(struct turn *turn, enum post_kind kind, int64_t offer, struct post *post)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE kind = ? AND offer = ?",
                                SQL_ARGS(SQL_TEXT(post_kind_name(kind)), SQL_INT(offer))),
                    post);
}

bool posts_by_effect(struct turn *turn, int64_t effect, struct post *post)
{
    return read_one(
        store_query(turn_reads(turn), COLUMNS " WHERE effect = ?", SQL_ARGS(SQL_INT(effect))),
        post);
}

void posts_put(struct turn *turn, const struct post *post)
{
    store_run(turn_writes(turn),
              "INSERT INTO post (kind, offer, channel, ts, effect, sent_at, error, key)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, offer) DO UPDATE SET"
              " channel = excluded.channel, ts = excluded.ts, effect = excluded.effect,"
              " sent_at = excluded.sent_at,"
              " error = excluded.error, key = excluded.key",
              SQL_ARGS(SQL_TEXT(post_kind_name(post->kind)), SQL_INT(post->offer),
                       SQL_TEXT(post->channel), SQL_TEXT(post->ts), SQL_INT(post->effect),
                       SQL_INT(post->sent_at), SQL_TEXT(post->error), SQL_TEXT(post->key)));
}

bool posts_refused(struct turn *turn, enum post_kind kind, int64_t offer, struct post *post)
{
    return read_one(store_query(turn_reads(turn),
                                COLUMNS " WHERE kind = ? AND offer > ? AND error <> ''"
                                        " ORDER BY offer LIMIT 1",
                                SQL_ARGS(SQL_TEXT(post_kind_name(kind)), SQL_INT(offer))),
                    post);
}
