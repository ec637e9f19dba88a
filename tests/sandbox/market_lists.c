/* What all lists of AWS have in common: order, pages, the filters that name values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"

/* One member of two items compared: numbers by size, lists by their first text. */
static int compared(const json_t *a, const json_t *b)
{
    if (json_is_array(a))
        a = json_array_get(a, 0);
    if (json_is_array(b))
        b = json_array_get(b, 0);
    if (json_is_number(a) && json_is_number(b)) {
        double difference = json_number_value(a) - json_number_value(b);
        return (difference > 0) - (difference < 0);
    }
    const char *left = json_string_value(a);
    const char *right = json_string_value(b);
    return strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

const json_t *list_member(const json_t *item, const char *key)
{
    const json_t *own = json_object_get(item, key);
    const char *name;
    json_t *inner;
    if (own != NULL)
        return own;
    json_object_foreach((json_t *)(uintptr_t)item, name, inner) /* a typed summary within */
    {
        if (json_object_get(inner, key) != NULL)
            return json_object_get(inner, key);
    }
    return NULL;
}

/* Insertion: lists here are short, and what is equal keeps its order. */
void list_sort(json_t *list, const char *key, bool descending)
{
    for (size_t i = 1; *key != '\0' && i < json_array_size(list); i++) {
        json_t *one = json_incref(json_array_get(list, i));
        size_t at = i;
        while (at > 0) {
            int order =
                compared(list_member(json_array_get(list, at - 1), key), list_member(one, key));
            if (descending ? order >= 0 : order <= 0)
                break;
            at--;
        }
        json_array_remove(list, i);
        json_array_insert_new(list, at, one);
    }
}

json_t *list_page(const json_t *list, const char *token, json_int_t most, char next[24])
{
    size_t skip = (size_t)strtoul(token, NULL, 10);
    size_t end = skip + (size_t)most;
    json_t *page = json_array();
    for (size_t i = skip; i < json_array_size(list) && i < end; i++)
        json_array_append(page, json_array_get(list, i));
    next[0] = '\0';
    if (end < json_array_size(list))
        snprintf(next, 24, "%zu", end);
    return page;
}
