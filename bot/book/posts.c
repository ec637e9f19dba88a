#include "book/posts.h"

#include <string.h>

#include "io/store.h"

#define COLUMNS "SELECT kind, offer, channel, ts, deed, sent_at, trouble, key FROM post"

const char *post_kind_name(enum post_kind kind)
{
    return kind == POST_CARD ? "card" : "announcement";
}

static void read_row(struct rows *rows, struct post *post)
{
    *post = (struct post){
        .kind = strcmp(rows_text(rows, 0), "card") == 0 ? POST_CARD : POST_ANNOUNCEMENT,
        .offer = rows_int(rows, 1),
        .deed = rows_int(rows, 4),
        .sent_at = rows_int(rows, 5),
    };
    rows_fit(rows, 2, post->channel, sizeof(post->channel));
    rows_fit(rows, 3, post->ts, sizeof(post->ts));
    rows_fit(rows, 6, post->trouble, sizeof(post->trouble));
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
                                ARGS(TEXT(post_kind_name(kind)), INT(offer))),
                    post);
}

bool posts_by_deed(struct turn *turn, int64_t deed, struct post *post)
{
    return read_one(store_query(turn_reads(turn), COLUMNS " WHERE deed = ?", ARGS(INT(deed))),
                    post);
}

void posts_put(struct turn *turn, const struct post *post)
{
    store_run(turn_writes(turn),
              "INSERT INTO post (kind, offer, channel, ts, deed, sent_at, trouble, key)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, offer) DO UPDATE SET"
              " channel = excluded.channel, ts = excluded.ts, deed = excluded.deed,"
              " sent_at = excluded.sent_at,"
              " trouble = excluded.trouble, key = excluded.key",
              ARGS(TEXT(post_kind_name(post->kind)), INT(post->offer), TEXT(post->channel),
                   TEXT(post->ts), INT(post->deed), INT(post->sent_at), TEXT(post->trouble),
                   TEXT(post->key)));
}

bool posts_in_trouble(struct turn *turn, enum post_kind kind, int64_t offer, struct post *post)
{
    return read_one(store_query(turn_reads(turn),
                                COLUMNS " WHERE kind = ? AND offer > ? AND trouble <> ''"
                                        " ORDER BY offer LIMIT 1",
                                ARGS(TEXT(post_kind_name(kind)), INT(offer))),
                    post);
}
