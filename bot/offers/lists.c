#include "offers/lists.h"

#define PEOPLE_MEMBER(list, name, one, users, groups) [list] = (one),
static const char *const members[LISTS] = {PEOPLE(PEOPLE_MEMBER)};

const char *lists_word(enum list list)
{
    return members[list];
}
