/* Small readers of JSON that the readers of replies share. */
#ifndef CPPO_MARKETPLACE_CATALOG_PARTS_H
#define CPPO_MARKETPLACE_CATALOG_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text at ${key}, cut to what ${array} holds; "" where there is none. */
void catalog_fit(const json_t *object, const char *key, char *array, size_t capacity);

/* For what is compared: a text that is too long must not equal one that is as long as there is
 * room, nor anything that can be typed. */
void catalog_fit_whole(const json_t *object, const char *key, char *array, size_t capacity);

/* "offer-abc@3" -> "offer-abc" */
void catalog_fit_id(const char *id, char *array, size_t capacity);
/* "offer-abc@3" -> "3", "" where none is told. */
void catalog_fit_revision(const char *id, char *array, size_t capacity);
/* Until when: a time, or a day, of which all is meant; 0: no end is told, or none that can be read,
 * which are told apart by ${*readable}. */
int64_t catalog_until(const json_t *object, const char *key, bool *readable);

#endif
