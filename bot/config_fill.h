/* A struct, filled by its table from what a YAML document says; for config_read.c alone. */
#ifndef CPPO_CONFIG_FILL_H
#define CPPO_CONFIG_FILL_H

#include <yaml.h>

#include "config_table.h"
#include "text.h"

/* What is being read; all problems are collected. */
struct config_reading {
    const char *path;
    yaml_document_t document;
    struct text *problems;
};

/* Fill the zeroed struct at ${into}, defaults included, from the mapping ${root}; what is wrong
 * with it is added to the problems. */
void config_fill(struct config_reading *r, const struct config_row *rows, void *into,
                 const yaml_node_t *root);

/* The line of a node; 0 for none. */
size_t config_line(const yaml_node_t *node);

/* Add a problem in these words; ${node} NULL: with the whole file. */
#define COMPLAIN(r, node, ...)                                                                     \
    config_wrong((r)->problems, (r)->path, config_line(node), __VA_ARGS__)

#endif
