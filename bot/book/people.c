#include "book/people.h"

#include <stdio.h>
#include <string.h>

#include "io/store.h"
#include "text.h"

/* --- when it was read --- */

enum { STOPWATCH_NAME = PERSON_ID + 8 };

static void stopwatch_name(char name[STOPWATCH_NAME], const char *id)
{
    snprintf(name, STOPWATCH_NAME, "read %s", id);
}

static void note_reading(struct turn *turn, const char *id)
{
    char name[STOPWATCH_NAME];
    stopwatch_name(name, id);
    turn_stopwatch_start(turn, name);
}

/* --- people --- */

/* Who is asked about in a turn: who acts, who made the request, who approved. */
struct known_person {
    char id[PERSON_ID]; /* that was asked for; "": none */
    char identity[PERSON_ID];
    bool has_other_ids;
    bool there; /* Slack has said who they are */
    struct person person;
};

/* Whether somebody is in a group. */
struct known_member {
    char group[PERSON_ID]; /* "": none */
    char person[PERSON_ID];
    bool in;
};

enum { MAX_KEPT = 8 };

struct kept_people {
    struct known_person at[MAX_KEPT];
    size_t next; /* is overwritten by the next person */
    struct known_member members[MAX_KEPT];
    size_t next_member; /* the same */
};

static struct kept_people *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_people));
}

static struct store *writes(struct turn *turn)
{
    *kept(turn) = (struct kept_people){.next = 0};
    return turn_writes(turn);
}

static void read_person(struct rows *rows, const char *id, struct person *person)
{
    *person = (struct person){
        .deleted = rows_int(rows, 2) != 0,
        .bot = rows_int(rows, 3) != 0,
        .guest = (enum guest)rows_int(rows, 4),
        .stranger = rows_int(rows, 5) != 0,
    };
    text_fit(person->id, sizeof(person->id), id);
    rows_fit(rows, 0, person->name, sizeof(person->name));
    rows_fit(rows, 1, person->team, sizeof(person->team));
    rows_fit(rows, 6, person->enterprise, sizeof(person->enterprise));
    rows_fit(rows, 7, person->teams, sizeof(person->teams));
    rows_fit(rows, 12, person->zone, sizeof(person->zone));
    rows_fit(rows, 8, person->error, sizeof(person->error));
    rows_fit(rows, 10, person->identity, sizeof(person->identity));
    person->known = person->error[0] == '\0';
}

static void read_known(struct turn *turn, const char *id, struct known_person *one)
{
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT name, team, deleted, bot, guest, stranger, enterprise, teams, error,"
        " person.id IS NOT NULL, coalesce(alias.person, asked.id), alias.id IS NOT NULL,"
        " coalesce(zone, '')"
        " FROM (SELECT ? AS id) AS asked LEFT JOIN person ON person.id = asked.id"
        " LEFT JOIN alias ON alias.id = asked.id",
        SQL_ARGS(SQL_TEXT(id)));
    while (rows_next(rows)) {
        read_person(rows, id, &one->person);
        one->there = rows_int(rows, 9) != 0;
        rows_fit(rows, 10, one->identity, sizeof(one->identity));
        one->has_other_ids = rows_int(rows, 11) != 0;
    }
    if (!text_fit(one->id, sizeof(one->id), id))
        one->id[0] = '\0'; /* too long for an id of Slack's: it must not be mistaken for another */
}

/* Good until the next one is asked for. */
static const struct known_person *known_person(struct turn *turn, const char *id)
{
    struct kept_people *known = kept(turn);
    for (size_t i = 0; i < MAX_KEPT; i++) {
        if (*id != '\0' && strcmp(known->at[i].id, id) == 0)
            return &known->at[i];
    }
    struct known_person *one = &known->at[known->next];
    known->next = (known->next + 1) % MAX_KEPT;
    read_known(turn, id, one);
    return one;
}

bool people_get(struct turn *turn, const char *id, struct person *person)
{
    const struct known_person *one = known_person(turn, id);
    if (one->there)
        *person = one->person;
    return one->there;
}

void people_identity(struct turn *turn, const char *id, char identity[PERSON_ID])
{
    text_fit(identity, PERSON_ID, known_person(turn, id)->identity);
}

bool people_same(struct turn *turn, const char *id, const char *other)
{
    char one[PERSON_ID];
    char two[PERSON_ID];
    if (strcmp(id, other) == 0)
        return true;
    if (!known_person(turn, other)->has_other_ids)
        return false; /* whoever shares them with somebody has a row of their own */
    people_identity(turn, id, one);
    people_identity(turn, other, two);
    return strcmp(one, two) == 0;
}

size_t people_ids(struct turn *turn, const char *id, char ids[PERSON_IDS][PERSON_ID])
{
    size_t count = 1;
    text_fit(ids[0], PERSON_ID, id);
    if (!known_person(turn, id)->has_other_ids)
        return count;
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT id FROM alias WHERE id <> ?1 AND person ="
                                    " (SELECT person FROM alias WHERE id = ?1) LIMIT ?2",
                                    SQL_ARGS(SQL_TEXT(id), SQL_INT(PERSON_IDS - 1)));
    while (rows_next(rows))
        rows_fit(rows, 0, ids[count++], PERSON_ID);
    return count;
}

static void add_alias(struct turn *turn, const char *id, const char *person)
{
    store_run(writes(turn),
              "INSERT INTO alias (id, person) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
              SQL_ARGS(SQL_TEXT(id), SQL_TEXT(person)));
}

/* Whoever was an alias of either becomes an alias of the one person. */
static void unite(struct turn *turn, const char *id, const char *other)
{
    char one[PERSON_ID];
    char two[PERSON_ID];
    people_identity(turn, id, one);
    people_identity(turn, other, two);
    if (strcmp(one, two) == 0)
        return;
    add_alias(turn, id, two);
    add_alias(turn, other, two);
    store_run(writes(turn), "UPDATE alias SET person = ? WHERE person = ?",
              SQL_ARGS(SQL_TEXT(two), SQL_TEXT(one)));
}

void people_put(struct turn *turn, const struct person *person)
{
    store_run(writes(turn),
              "INSERT INTO person (id, name, team, deleted, bot, guest, stranger, enterprise,"
              " teams, zone, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
              " ON CONFLICT (id) DO UPDATE SET"
              " name = excluded.name, team = excluded.team, deleted = excluded.deleted,"
              " bot = excluded.bot, guest = excluded.guest, stranger = excluded.stranger,"
              " enterprise = excluded.enterprise, teams = excluded.teams,"
              " zone = excluded.zone, error = ''",
              SQL_ARGS(SQL_TEXT(person->id), SQL_TEXT(person->name), SQL_TEXT(person->team),
                       SQL_INT(person->deleted), SQL_INT(person->bot), SQL_INT(person->guest),
                       SQL_INT(person->stranger), SQL_TEXT(person->enterprise),
                       SQL_TEXT(person->teams), SQL_TEXT(person->zone)));
    if (*person->identity != '\0')
        unite(turn, person->id, person->identity);
    note_reading(turn, person->id);
}

bool people_hide(struct turn *turn, const char *id, const char *code, bool answered)
{
    struct person before;
    bool is_new = !people_get(turn, id, &before) || strcmp(before.error, code) != 0;
    if (is_new)
        store_run(writes(turn),
                  "INSERT INTO person (id, name, team, deleted, bot, guest, stranger, error)"
                  " VALUES (?, '', '', 0, 0, 0, 0, ?)"
                  " ON CONFLICT (id) DO UPDATE SET error = excluded.error",
                  SQL_ARGS(SQL_TEXT(id), SQL_TEXT(code)));
    if (answered)
        note_reading(turn, id);
    return is_new;
}

size_t people_named(struct turn *turn, const char *name, char id[PERSON_ID])
{
    enum { MAX_NAMED = 20 };
    char found[MAX_NAMED][PERSON_ID];
    size_t count = 0;
    size_t people = 0;
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT id FROM person WHERE error = '' AND (name = ?1 COLLATE NOCASE"
        " OR substr(name, 1, length(?1) + 1) = ?1 || ' ' COLLATE NOCASE) ORDER BY id LIMIT 20",
        SQL_ARGS(SQL_TEXT(name)));
    while (rows_next(rows))
        rows_fit(rows, 0, found[count++], PERSON_ID);
    id[0] = '\0';
    for (size_t i = 0; i < count && people < 2; i++) {
        people += people == 0 || !people_same(turn, id, found[i]);
        text_fit(id, PERSON_ID, found[i]);
    }
    return people;
}

/* --- groups --- */

void people_put_group(struct turn *turn, const char *group, const char *const *members,
                      size_t count)
{
    struct store *store = writes(turn);
    store_run(store,
              "INSERT INTO user_group (id) VALUES (?)"
              " ON CONFLICT (id) DO UPDATE SET error = '', error_text = ''",
              SQL_ARGS(SQL_TEXT(group)));
    note_reading(turn, group);
    store_run(store, "DELETE FROM member WHERE user_group = ?", SQL_ARGS(SQL_TEXT(group)));
    for (size_t i = 0; i < count; i++)
        store_run(store,
                  "INSERT INTO member (user_group, person) VALUES (?, ?)"
                  " ON CONFLICT (user_group, person) DO NOTHING",
                  SQL_ARGS(SQL_TEXT(group), SQL_TEXT(members[i])));
}

bool people_lose_group(struct turn *turn, const char *group, const char *code, const char *words)
{
    bool is_new = store_int(turn_reads(turn), "SELECT error = ? FROM user_group WHERE id = ?",
                            SQL_ARGS(SQL_TEXT(code), SQL_TEXT(group)), 0) == 0;
    note_reading(turn, group);
    if (is_new)
        store_run(writes(turn),
                  "INSERT INTO user_group (id, error, error_text) VALUES (?, ?, ?)"
                  " ON CONFLICT (id) DO UPDATE SET error = excluded.error,"
                  " error_text = excluded.error_text",
                  SQL_ARGS(SQL_TEXT(group), SQL_TEXT(code), SQL_TEXT(words)));
    return is_new;
}

bool people_lost_group(struct turn *turn, const char *group, char *why, size_t capacity)
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT error_text || ' (' || error || ')'"
                                    " FROM user_group WHERE id = ? AND error <> ''",
                                    SQL_ARGS(SQL_TEXT(group)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, why, capacity);
    rows_close(rows);
    return true;
}

int64_t people_age(const struct turn *turn, const char *id)
{
    char name[STOPWATCH_NAME];
    stopwatch_name(name, id);
    return turn_stopwatch_ms(turn, name);
}

bool people_next_member(struct turn *turn, const char *group, char person[PERSON_ID])
{
    struct rows *rows = store_query(turn_reads(turn),
                                    "SELECT person FROM member WHERE user_group = ?"
                                    " AND person > ? ORDER BY person LIMIT 1",
                                    SQL_ARGS(SQL_TEXT(group), SQL_TEXT(person)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, person, PERSON_ID);
    rows_close(rows);
    return true;
}

static bool find_member(struct turn *turn, const char *group, const char *person)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM user_group WHERE id = ?1 AND error = '')"
                     " AND (EXISTS (SELECT 1 FROM member WHERE user_group = ?1 AND person = ?2)"
                     " OR EXISTS (SELECT 1 FROM alias AS mine"
                     "  JOIN alias AS theirs ON theirs.person = mine.person"
                     "  JOIN member ON member.user_group = ?1 AND member.person = theirs.id"
                     "  WHERE mine.id = ?2))",
                     SQL_ARGS(SQL_TEXT(group), SQL_TEXT(person)), 0) != 0;
}

bool people_in_group(struct turn *turn, const char *group, const char *person)
{
    struct kept_people *known = kept(turn);
    for (size_t i = 0; i < MAX_KEPT; i++) {
        const struct known_member *one = &known->members[i];
        if (*group != '\0' && strcmp(one->group, group) == 0 && strcmp(one->person, person) == 0)
            return one->in;
    }
    struct known_member *one = &known->members[known->next_member];
    known->next_member = (known->next_member + 1) % MAX_KEPT;
    one->in = find_member(turn, group, person);
    if (!text_fit(one->person, sizeof(one->person), person) ||
        !text_fit(one->group, sizeof(one->group), group))
        one->group[0] = '\0'; /* no ids of Slack's: they are not to be taken for others */
    return one->in;
}
