#include "book/rulings.h"

#include "book/people.h"
#include "book/requests.h"
#include "io/store.h"
#include "mem.h"
#include "text.h"

/* By which rule a revision is approved, and why; how often a rule has approved by itself on a day.
 */
const char rulings_schema[] =
    "CREATE TABLE ruling ("
    "  request INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  rule TEXT NOT NULL,"
    "  why TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  PRIMARY KEY (request, revision),"
    "  FOREIGN KEY (request, revision) REFERENCES revision (request, revision)) STRICT;"
    "CREATE INDEX ruling_open ON ruling (request) WHERE rule = '?';"
    "CREATE TABLE quota ("
    "  requester TEXT NOT NULL,"
    "  rule TEXT NOT NULL,"
    "  day INTEGER NOT NULL," /* UTC */
    "  used INTEGER NOT NULL,"
    "  PRIMARY KEY (requester, rule, day)) STRICT;";

void rulings_put(struct turn *turn, struct request *request, const char *rule, const char *why)
{
    requests_forget(turn);
    store_run(turn_writes(turn),
              "INSERT INTO ruling (request, revision, rule, why, at) VALUES (?, ?, ?, ?, ?)"
              " ON CONFLICT (request, revision) DO UPDATE SET rule = excluded.rule,"
              " why = excluded.why, at = excluded.at",
              SQL_ARGS(SQL_INT(request->number), SQL_INT(request->revision), SQL_TEXT(rule),
                       SQL_TEXT(why), SQL_INT(turn_now(turn))));
    text_fit(request->rule, sizeof(request->rule), rule);
}

char *rulings_why(struct turn *turn, int64_t number, int revision)
{
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT why FROM ruling WHERE request = ? AND revision = ?",
                    SQL_ARGS(SQL_INT(number), SQL_INT(revision)));
    if (!rows_next(rows))
        return NULL;
    char *why = mem_copy(rows_text(rows, 0));
    rows_close(rows);
    return why;
}

/* '?' is REQUEST_RULE_OPEN, for which there is an index. */
int64_t rulings_next_open(struct turn *turn, int64_t after)
{
    return store_int(turn_reads(turn),
                     "SELECT min(request) FROM ruling WHERE rule = '?'"
                     " AND request > ?",
                     SQL_ARGS(SQL_INT(after)), 0);
}

int64_t rulings_used(struct turn *turn, const char *rule, const char *requester, int32_t day)
{
    char identity[PERSON_ID];
    people_identity(turn, requester, identity);
    return store_int(turn_reads(turn),
                     "SELECT used FROM quota WHERE requester = ? AND rule = ? AND day = ?",
                     SQL_ARGS(SQL_TEXT(identity), SQL_TEXT(rule), SQL_INT(day)), 0);
}

void rulings_use(struct turn *turn, const char *rule, const char *requester, int32_t day)
{
    char identity[PERSON_ID];
    people_identity(turn, requester, identity);
    store_run(turn_writes(turn),
              "INSERT INTO quota (requester, rule, day, used) VALUES (?, ?, ?, 1)"
              " ON CONFLICT (requester, rule, day) DO UPDATE SET used = used + 1",
              SQL_ARGS(SQL_TEXT(identity), SQL_TEXT(rule), SQL_INT(day)));
}
