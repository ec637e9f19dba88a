#include "book/threads.h"

#include <string.h>

#include "book/around.h"
#include "io/store.h"
#include "text.h"

void threads_get(struct turn *turn, int64_t request, struct thread *thread)
{
    *thread = around_of(turn, request)->thread;
}

void threads_put(struct turn *turn, const struct thread *thread)
{
    store_run(around_writes(turn),
              "INSERT INTO thread (request, ts, permalink, mention, whom) VALUES (?, ?, ?, ?, ?)"
              " ON CONFLICT (request) DO UPDATE SET ts = excluded.ts,"
              " permalink = excluded.permalink, mention = excluded.mention, whom = excluded.whom",
              SQL_ARGS(SQL_INT(thread->request), SQL_TEXT(thread->ts), SQL_TEXT(thread->permalink),
                       SQL_TEXT(thread->mention), SQL_TEXT(thread->whom)));
}

void threads_permalink(struct turn *turn, int64_t request, const char *ts, char url[PERMALINK])
{
    struct thread thread;
    threads_get(turn, request, &thread);
    text_fit(url, PERMALINK, *ts != '\0' && strcmp(thread.ts, ts) == 0 ? thread.permalink : "");
}

void threads_card(struct turn *turn, int64_t request, char url[PERMALINK])
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT thread.permalink FROM thread JOIN post"
                                    " ON post.kind = 'card' AND post.request = thread.request"
                                    " AND post.ts = thread.ts"
                                    " WHERE thread.request = ? AND thread.ts <> ''",
                                    SQL_ARGS(SQL_INT(request)));
    url[0] = '\0';
    while (rows_next(rows))
        rows_fit(rows, 0, url, PERMALINK);
}
