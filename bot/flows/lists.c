#include "flows/lists.h"

#include "book/people.h"
#include "flows/app_context.h"
#include "text.h"

const struct config_people *lists_people(const struct turn *turn, enum list list)
{
    return config_people(app_config(turn), (size_t)list);
}

int lists_count(const struct turn *turn)
{
    return (int)config_list_count(app_config(turn));
}

bool lists_young(const struct turn *turn, const char *id, int64_t age)
{
    int64_t old = people_age(turn, id);
    return old >= 0 && old <= age;
}

const char *lists_next(struct turn *turn, const struct config_people *people,
                       struct list_walk *walk)
{
    if (people->users[walk->user] != NULL)
        return people->users[walk->user++];
    for (; people->groups[walk->group] != NULL; walk->group++) {
        if (people_next_member(turn, people->groups[walk->group], walk->member))
            return walk->member;
        walk->member[0] = '\0';
    }
    return NULL;
}

/* A person may be listed under an id of one kind and click with the other; whether that is so, we
 * know once Slack has shown them. */
static bool is_strange(struct turn *turn, const char *id, const char *user)
{
    struct person person;
    return id[0] != user[0] && people_age(turn, id) < 0 && !people_get(turn, id, &person);
}

const char *lists_next_strange(struct turn *turn, const struct config_people *people,
                               const char *user, struct list_walk *walk)
{
    const char *id;
    do
        id = lists_next(turn, people, walk);
    while (id != NULL && !is_strange(turn, id, user));
    return id;
}

enum { ANY_AGE = -1 };

enum stand { STANDS_NOT, STANDS, STANDS_PERHAPS };

static enum stand stand_on(struct turn *turn, enum list list, const char *user, int64_t age)
{
    const struct config_people *people = lists_people(turn, list);
    struct list_walk walk = {.user = 0};
    bool perhaps = false;
    for (char **one = people->users; *one != NULL; one++) {
        if (people_same(turn, *one, user))
            return STANDS;
    }
    for (char **group = people->groups; *group != NULL; group++) {
        if (age != ANY_AGE && !lists_young(turn, *group, age))
            perhaps = true;
        else if (people_in_group(turn, *group, user))
            return STANDS;
    }
    perhaps |= age != ANY_AGE && lists_next_strange(turn, people, user, &walk) != NULL;
    return perhaps ? STANDS_PERHAPS : STANDS_NOT;
}

unsigned lists_person(struct turn *turn, const char *user, int64_t age, struct person *person)
{
    unsigned perhaps = 0;
    if (!people_get(turn, user, person)) {
        *person = (struct person){.known = false};
        text_fit(person->id, sizeof(person->id), user);
        text_fit(person->identity, sizeof(person->identity), user);
    }
    for (int list = 0; list < lists_count(turn); list++) {
        enum stand stand = stand_on(turn, (enum list)list, user, age);
        person->lists |= stand == STANDS ? LIST_BIT(list) : 0;
        perhaps |= stand == STANDS_PERHAPS ? LIST_BIT(list) : 0;
    }
    return perhaps;
}

void lists_known_person(struct turn *turn, const char *user, struct person *person)
{
    (void)lists_person(turn, user, ANY_AGE, person);
}
