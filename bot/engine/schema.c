#include "engine/engine.h"

/* Portable SQL where that costs nothing; times are ms since the epoch. */
const char engine_schema[] =
    "CREATE TABLE counter ("
    "  name TEXT PRIMARY KEY,"
    "  value INTEGER NOT NULL CHECK (value > 0)) STRICT;"

    "CREATE TABLE inbox ("
    "  key TEXT PRIMARY KEY,"
    "  seen_at INTEGER NOT NULL,"
    "  answer TEXT) STRICT;"
    "CREATE INDEX inbox_by_age ON inbox (seen_at);"

    "CREATE TABLE effect ("
    "  id INTEGER PRIMARY KEY,"
    "  type TEXT NOT NULL,"
    "  kind TEXT NOT NULL CHECK (kind IN ('deed', 'mirror', 'notice', 'read')),"
    "  state TEXT NOT NULL CHECK (state IN ('waiting', 'under_way', 'unknown')),"
    "  subject INTEGER NOT NULL,"
    "  target TEXT NOT NULL,"
    "  single TEXT UNIQUE," /* type and target, where one at a time is kept */
    "  lane TEXT,"
    "  body BLOB NOT NULL,"
    "  version INTEGER NOT NULL DEFAULT 1,"
    "  attempts INTEGER NOT NULL DEFAULT 0,"
    "  not_before INTEGER NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  CHECK (kind = 'deed' OR state = 'waiting')) STRICT;"
    /* These hold all that choosing the next one reads: bodies are large and stay unread. */
    "CREATE INDEX effect_by_state ON effect (state, id, type, lane, not_before);"
    "CREATE INDEX effect_by_lane ON effect (lane, state, id, not_before) WHERE lane IS NOT NULL;"

    "CREATE TABLE timer ("
    "  name TEXT NOT NULL,"
    "  subject INTEGER NOT NULL,"
    "  due_at INTEGER NOT NULL,"
    "  PRIMARY KEY (name, subject)) STRICT;"
    "CREATE INDEX timer_by_due ON timer (due_at);";

/* Answers go ahead in their lane; and what is asked for by type and subject is found by it. */
const char engine_schema_2[] =
    "ALTER TABLE effect ADD COLUMN rank INTEGER NOT NULL DEFAULT 1;"
    "DROP INDEX effect_by_state;"
    "CREATE INDEX effect_by_state ON effect (state, rank, id, type, lane, not_before);"
    "DROP INDEX effect_by_lane;"
    "CREATE INDEX effect_by_lane ON effect (lane, state, rank, id, not_before)"
    "  WHERE lane IS NOT NULL;"
    "CREATE INDEX effect_by_type ON effect (type, subject, state);";

/* A timer is a wait, on the engine's own clock, or a date of the calendar. */
const char engine_schema_3[] =
    "ALTER TABLE timer ADD COLUMN dated INTEGER NOT NULL DEFAULT 0 CHECK (dated IN (0, 1));"
    "DROP INDEX timer_by_due;"
    "CREATE INDEX timer_by_due ON timer (dated, due_at, name, subject);";

/* What kinds and states there are, the code says. */
const char engine_schema_4[] =
    "CREATE TABLE effect_new ("
    "  id INTEGER PRIMARY KEY,"
    "  type TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  subject INTEGER NOT NULL,"
    "  target TEXT NOT NULL,"
    "  single TEXT UNIQUE,"
    "  lane TEXT,"
    "  body BLOB NOT NULL,"
    "  version INTEGER NOT NULL DEFAULT 1,"
    "  attempts INTEGER NOT NULL DEFAULT 0,"
    "  not_before INTEGER NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  rank INTEGER NOT NULL DEFAULT 1) STRICT;"
    "INSERT INTO effect_new (id, type, kind, state, subject, target, single, lane, body, "
    "  version, attempts, not_before, created_at, rank) "
    "  SELECT id, type, kind, state, subject, target, single, lane, body, version, "
    "  attempts, not_before, created_at, rank FROM effect;"
    "DROP TABLE effect;"
    "ALTER TABLE effect_new RENAME TO effect;"
    "CREATE INDEX effect_by_lane ON effect (lane, state, rank, id, not_before) WHERE lane IS NOT "
    "NULL;"
    "CREATE INDEX effect_by_state ON effect (state, rank, id, type, lane, not_before);"
    "CREATE INDEX effect_by_type ON effect (type, subject, state);";

/* An effect's id names it for ever: the table itself counts them, so that to add one is one
 * statement. */
const char engine_schema_5[] =
    "CREATE TRIGGER effect_added AFTER INSERT ON effect BEGIN"
    "  INSERT INTO counter (name, value) VALUES ('effect', new.id)"
    "    ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value);"
    "END;";

/* What this version does not know sleeps under a mark of its own, and loses nothing of what it was
 * to be done by. Until now a time that never comes stood for it: of a timer its own is not known
 * any more, and a mirror may be hidden. */
const char engine_schema_6[] =
    "ALTER TABLE timer ADD COLUMN asleep INTEGER NOT NULL DEFAULT 0;"
    "UPDATE timer SET asleep = 1, due_at = 0 WHERE due_at = 9223372036854775807;"
    "DROP INDEX timer_by_due;"
    "CREATE INDEX timer_by_due ON timer (asleep, dated, due_at, name, subject);"
    "UPDATE effect SET state = 'asleep', not_before = 0"
    "  WHERE state = 'waiting' AND not_before = 9223372036854775807 AND kind <> 'mirror';";

/* What can start is found by type: of those that are not paced by when they can, of the others the
 * first of each lane. Here lies all that choosing reads: bodies are large and stay unread. */
const char engine_schema_7[] =
    "DROP INDEX effect_by_state;"
    "CREATE INDEX effect_ready ON effect (type, state, not_before, id, lane, rank);"
    "CREATE INDEX effect_in_lanes ON effect (type, state, lane, rank, id, not_before)"
    "  WHERE lane IS NOT NULL;"
    "CREATE INDEX effect_under_way ON effect (id) WHERE state = 'under_way';";
