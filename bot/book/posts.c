#include "book/posts.h"

#include <string.h>

#include "around.h"
#include "io/store.h"

const char *post_kind_name(enum post_kind kind)
{
    return kind == POST_CARD ? "card" : "announcement";
}

void post_read(struct rows *rows, int at, struct post *post)
{
    *post = (struct post){
        .offer = rows_int(rows, at),
        .kind = strcmp(rows_text(rows, at + 1), "card") == 0 ? POST_CARD : POST_ANNOUNCEMENT,
        .deed = rows_int(rows, at + 4),
        .sent_at = rows_int(rows, at + 5),
    };
    rows_fit(rows, at + 2, post->channel, sizeof(post->channel));
    rows_fit(rows, at + 3, post->ts, sizeof(post->ts));
    rows_fit(rows, at + 6, post->trouble, sizeof(post->trouble));
    rows_fit(rows, at + 7, post->key, sizeof(post->key));
}

static bool read_one(struct rows *rows, struct post *post)
{
    if (!rows_next(rows))
        return false;
    post_read(rows, 0, post);
    rows_close(rows);
    return true;
}

static bool get_card(struct turn *turn, int64_t offer, struct post *post)
{
    const struct around *around = around_of(turn, offer);
    if (around->card.offer == 0)
        return false;
    *post = around->card;
    return true;
}

bool posts_get(struct turn *turn, enum post_kind kind, int64_t offer, struct post *post)
{
    if (kind == POST_CARD)
        return get_card(turn, offer, post);
    return read_one(store_query(turn_reads(turn),
                                "SELECT " POST_COLUMNS " FROM post WHERE kind = ? AND offer = ?",
                                ARGS(TEXT(post_kind_name(kind)), INT(offer))),
                    post);
}

bool posts_by_deed(struct turn *turn, int64_t deed, struct post *post)
{
    return read_one(store_query(turn_reads(turn),
                                "SELECT " POST_COLUMNS " FROM post WHERE deed = ?",
                                ARGS(INT(deed))),
                    post);
}

void posts_put(struct turn *turn, const struct post *post)
{
    store_run(around_writes(turn),
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
                                "SELECT " POST_COLUMNS
                                " FROM post WHERE kind = ? AND offer > ? AND trouble <> ''"
                                " ORDER BY offer LIMIT 1",
                                ARGS(TEXT(post_kind_name(kind)), INT(offer))),
                    post);
}
