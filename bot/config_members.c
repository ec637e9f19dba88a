#include "config_members.h"

#include <stdlib.h>
#include <string.h>

#include "config_values.h"

void *config_member(void *into, const struct config_row *row)
{
    return (char *)into + row->offset;
}

char *config_maps(void *into, const struct config_row *row)
{
    char *maps;
    memcpy(&maps, config_member(into, row), sizeof(maps));
    return maps;
}

size_t *config_count(void *into, const struct config_row *row)
{
    return (size_t *)(void *)((char *)into + row->list->count);
}

void config_clear(const struct config_row *rows, void *from)
{
    for (const struct config_row *row = rows; row->key != NULL; row++) {
        config_drop(row, config_member(from, row));
        if (row->kind != KIND_LIST_OF_MAPS)
            continue;
        char *maps = config_maps(from, row);
        for (size_t i = 0; i < *config_count(from, row); i++)
            config_clear(row->list->rows, maps + i * row->list->size);
        free(maps);
    }
}
