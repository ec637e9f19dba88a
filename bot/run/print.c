#include "print.h"

#include <stdbool.h>
#include <stdio.h>

#include "book/people.h"
#include "text.h"

void print_safely(const char *text)
{
    while (*text != '\0') {
        size_t width = text_unseen(text);
        if (width > 0) {
            putchar(' ');
        } else {
            (void)text_point(text, &width);
            (void)fwrite(text, 1, width, stdout);
        }
        text += width;
    }
}

void print_field(const char *label, const char *value)
{
    printf("  %-22s ", label);
    print_safely(value);
    printf("\n");
}

void print_person(struct turn *turn, const char *id)
{
    struct person person;
    bool named = people_get(turn, id, &person) && *person.name != '\0';
    print_safely(named ? person.name : id);
}
