#include "book/people.h"

#include <stdio.h>

#include "io/store.h"
#include "text.h"

/* --- when it was read --- */

enum { WATCH_NAME = PERSON_ID + 8 };

static void watch_name(char name[WATCH_NAME], const char *id)
{
    snprintf(name, WATCH_NAME, "read %s", id);
}

static void note_reading(struct turn *turn, const char *id)
{
    char name[WATCH_NAME];
    watch_name(name, id);
    turn_watch(turn, name);
}

/* --- people and groups --- */

bool people_get(struct turn *turn, const char *id, struct person *person)
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT name, team, deleted, bot, guest, stranger"
                                    " FROM person WHERE id = ?",
                                    ARGS(TEXT(id)));
    if (!rows_next(rows))
        return false;
    *person = (struct person){
        .known = true,
        .deleted = rows_int(rows, 2) != 0,
        .bot = rows_int(rows, 3) != 0,
        .guest = rows_int(rows, 4) != 0,
        .stranger = rows_int(rows, 5) != 0,
    };
    rows_fit(rows, 0, person->name, sizeof(person->name));
    rows_fit(rows, 1, person->team, sizeof(person->team));
    rows_close(rows);
    text_fit(person->id, sizeof(person->id), id);
    return true;
}

void people_put(struct turn *turn, const struct person *person)
{
    store_run(turn_writes(turn),
              "INSERT INTO person (id, name, team, deleted, bot, guest, stranger)"
              " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
              " name = excluded.name, team = excluded.team, deleted = excluded.deleted,"
              " bot = excluded.bot, guest = excluded.guest, stranger = excluded.stranger",
              ARGS(TEXT(person->id), TEXT(person->name), TEXT(person->team), INT(person->deleted),
                   INT(person->bot), INT(person->guest), INT(person->stranger)));
    note_reading(turn, person->id);
}

void people_put_group(struct turn *turn, const char *group, const char *const *members,
                      size_t count)
{
    struct store *store = turn_writes(turn);
    store_run(store, "INSERT INTO user_group (id) VALUES (?) ON CONFLICT (id) DO NOTHING",
              ARGS(TEXT(group)));
    note_reading(turn, group);
    store_run(store, "DELETE FROM member WHERE user_group = ?", ARGS(TEXT(group)));
    for (size_t i = 0; i < count; i++)
        store_run(store,
                  "INSERT INTO member (user_group, person) VALUES (?, ?)"
                  " ON CONFLICT (user_group, person) DO NOTHING",
                  ARGS(TEXT(group), TEXT(members[i])));
}

int64_t people_age(const struct turn *turn, const char *id)
{
    char name[WATCH_NAME];
    watch_name(name, id);
    return turn_watched(turn, name);
}

bool people_next_member(struct turn *turn, const char *group, char person[PERSON_ID])
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT person FROM member WHERE user_group = ?"
                                    " AND person > ? ORDER BY person LIMIT 1",
                                    ARGS(TEXT(group), TEXT(person)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, person, PERSON_ID);
    rows_close(rows);
    return true;
}

bool people_in_group(struct turn *turn, const char *group, const char *person)
{
    return store_int(turn_reads(turn), "SELECT 1 FROM member WHERE user_group = ? AND person = ?",
                     ARGS(TEXT(group), TEXT(person)), 0) != 0;
}
