#include "check_up.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* --- lines --- */

static void say(const char *mark, const char *what, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void say(const char *mark, const char *what, const char *format, va_list args)
{
    printf("%-6s %-16s ", mark, what);
    vprintf(format, args);
    printf("\n");
}

void check_good(const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("ok", what, format, args);
    va_end(args);
}

void check_wrong(struct check_up *up, const char *what, const char *format, ...)
{
    va_list args;
    up->wrong++;
    va_start(args, format);
    say("WRONG", what, format, args);
    va_end(args);
}

void check_note(const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("note", what, format, args);
    va_end(args);
}

/* --- people --- */

static bool is_called(const struct check_person *person, const char *id)
{
    return strcmp(person->id, id) == 0 || strcmp(person->identity, id) == 0;
}

bool check_people_has(const struct check_people *people, const char *id, const char *identity)
{
    for (size_t i = 0; i < people->count; i++) {
        if (is_called(&people->at[i], id) || is_called(&people->at[i], identity))
            return true;
    }
    return false;
}

void check_people_add(struct check_people *people, const char *id, const char *identity)
{
    if (people->count < CHECK_MAX_PEOPLE && !check_people_has(people, id, identity))
        people->at[people->count++] =
            (struct check_person){.id = mem_copy(id), .identity = mem_copy(identity)};
}

void check_people_clear(struct check_people *people)
{
    for (size_t i = 0; i < people->count; i++) {
        free(people->at[i].id);
        free(people->at[i].identity);
    }
    people->count = 0;
}
