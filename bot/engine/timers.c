/* Durable timers: a row each, run as turns when they are due. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"

static const struct timer_type *type_named(const struct engine *engine, const char *name)
{
    if (strcmp(name, engine->own_timer->name) == 0)
        return engine->own_timer;
    return engine->tables.timer_named(name);
}

/* One that no table has would never be found again. */
static void set(struct turn *turn, const struct timer_type *type, int64_t subject, bool dated,
                int64_t due)
{
    if (type_named(turn_engine(turn), type->name) != type) {
        log_error("unknown timer", F_TEXT("timer", type->name));
        abort();
    }
    store_run(turn_writes(turn),
              "INSERT INTO timer (name, subject, dated, due_at) VALUES (?, ?, ?, ?)"
              " ON CONFLICT (name, subject) DO UPDATE SET dated = excluded.dated,"
              " due_at = excluded.due_at, asleep = 0",
              SQL_ARGS(SQL_TEXT(type->name), SQL_INT(subject), SQL_INT(dated), SQL_INT(due)));
    turn->engine->timers_changed = true;
}

void turn_timer(struct turn *turn, const struct timer_type *type, int64_t subject, int64_t ms)
{
    static const int64_t TEN_YEARS_MS = INT64_C(315360000000);
    assert(ms >= 0 && ms < TEN_YEARS_MS);
    set(turn, type, subject, false, turn->time + ms);
}

void turn_date(struct turn *turn, const struct timer_type *type, int64_t subject, int64_t date)
{
    set(turn, type, subject, true, date);
}

void turn_timer_stop(struct turn *turn, const struct timer_type *type, int64_t subject)
{
    store_run(turn_writes(turn), "DELETE FROM timer WHERE name = ? AND subject = ?",
              SQL_ARGS(SQL_TEXT(type->name), SQL_INT(subject)));
    turn->engine->timers_changed = true;
}

/* A timer that this version does not know is kept, with its time, for one that does. */
static void set_asleep(struct turn *turn, const char *name, bool asleep)
{
    store_run(turn_writes(turn), "UPDATE timer SET asleep = ?1 WHERE name = ?2 AND asleep <> ?1",
              SQL_ARGS(SQL_INT(asleep), SQL_TEXT(name)));
    turn->engine->timers_changed = true;
}

static void put_to_sleep(struct turn *turn, int64_t row)
{
    store_run(turn_writes(turn), "UPDATE timer SET asleep = 1 WHERE rowid = ?",
              SQL_ARGS(SQL_INT(row)));
    turn->engine->timers_changed = true;
}

static void run_timer(struct engine *engine, int64_t row, const char *name, int64_t subject)
{
    struct turn turn;
    const struct timer_type *type = type_named(engine, name);
    turn_begin(&turn, engine);
    if (type == NULL) { /* damaged since the start: it would come first for ever */
        turn_alarm_unknown(&turn, "reminders", name);
        put_to_sleep(&turn, row);
    } else if (type->rests != NULL && type->rests(&turn, subject)) {
        put_to_sleep(&turn, row);
    } else {
        turn_timer_stop(&turn, type, subject);
        type->due(&turn, subject);
    }
    turn_end(&turn);
}

static bool next_name(struct engine *engine, char name[TYPE_NAME])
{
    struct rows *rows =
        store_query(engine->store, "SELECT name FROM timer WHERE name > ? ORDER BY name LIMIT 1",
                    SQL_ARGS(SQL_TEXT(name)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, name, TYPE_NAME);
    rows_close(rows);
    return true;
}

void timers_check_types(struct turn *turn)
{
    char name[TYPE_NAME] = "";
    while (next_name(turn->engine, name)) {
        bool known = type_named(turn->engine, name) != NULL;
        set_asleep(turn, name, !known);
        if (!known)
            turn_alarm_unknown(turn, "reminders", name);
    }
}

/* Waits end by the engine's own clock, dates come by the wall's. Of many that are due together, one
 * of each kind is run now, and the next after whatever else has come. */
static void run_due(struct engine *engine, bool dated, int64_t until)
{
    char name[TYPE_NAME];
    struct rows *rows = store_query(engine->store,
                                    "SELECT name, subject, rowid FROM timer"
                                    " WHERE asleep = 0 AND dated = ?"
                                    " AND due_at <= ? ORDER BY due_at, name, subject LIMIT 1",
                                    SQL_ARGS(SQL_INT(dated), SQL_INT(until)));
    if (!rows_next(rows))
        return;
    rows_fit(rows, 0, name, TYPE_NAME);
    int64_t subject = rows_int(rows, 1);
    int64_t row = rows_int(rows, 2);
    rows_close(rows);
    engine->timers_changed = true;
    run_timer(engine, row, name, subject);
}

void timers_run(struct engine *engine)
{
    run_due(engine, false, engine_time(engine));
    run_due(engine, true, engine_wall(engine));
}

static int64_t first_due(struct engine *engine, bool dated)
{
    return store_int(engine->store,
                     "SELECT due_at FROM timer WHERE asleep = 0 AND dated = ?"
                     " ORDER BY due_at LIMIT 1",
                     SQL_ARGS(SQL_INT(dated)), INT64_MAX);
}

static int64_t ms_until(int64_t now, int64_t due)
{
    if (due == INT64_MAX)
        return INT64_MAX;
    return due > now ? due - now : 0;
}

int64_t timers_wait(struct engine *engine)
{
    if (engine->timers_changed) {
        engine->waits_due = first_due(engine, false);
        engine->dates_due = first_due(engine, true);
    }
    engine->timers_changed = false;
    int64_t wait = ms_until(engine_time(engine), engine->waits_due);
    int64_t date = ms_until(engine_wall(engine), engine->dates_due);
    return wait < date ? wait : date;
}
