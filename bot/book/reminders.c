#include "book/reminders.h"

#include "io/store.h"

int64_t reminders_last(struct turn *turn, int64_t request, const char *person)
{
    return store_int(turn_reads(turn), "SELECT at FROM reminder WHERE request = ? AND person = ?",
                     SQL_ARGS(SQL_INT(request), SQL_TEXT(person)), 0);
}

int64_t reminders_since(struct turn *turn, const char *person, int64_t since)
{
    return store_int(turn_reads(turn), "SELECT count(*) FROM reminder WHERE person = ? AND at >= ?",
                     SQL_ARGS(SQL_TEXT(person), SQL_INT(since)), 0);
}

void reminders_note(struct turn *turn, int64_t request, const char *person)
{
    store_run(turn_writes(turn),
              "INSERT INTO reminder (request, person, at) VALUES (?, ?, ?)"
              " ON CONFLICT (request, person) DO UPDATE SET at = excluded.at",
              SQL_ARGS(SQL_INT(request), SQL_TEXT(person), SQL_INT(turn_now(turn))));
}

/* What waits already is looked at as soon as this version starts. */
const char book_schema_reminders[] =
    "CREATE TABLE reminder ("
    "  request INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  PRIMARY KEY (request, person)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reminder_by_person ON reminder (person, at);"
    "ALTER TABLE thread ADD COLUMN whom TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE person ADD COLUMN zone TEXT NOT NULL DEFAULT '';"
    "INSERT INTO timer (name, subject, due_at, dated)"
    "  SELECT 'reminder.look', number, 0, 1 FROM request WHERE state = 'pending';";
