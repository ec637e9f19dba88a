/* Replies of AWS in the shapes in which it gives them, and JSON written with ' for ". */
#ifndef CPPO_TESTS_AWS_FIXTURE_H
#define CPPO_TESTS_AWS_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "text.h"

/* A file of tests/unit/aws; test programs run at the tree's top. */
static inline json_t *aws_reply(const char *name)
{
    json_error_t error;
    char *path = text_format("tests/unit/aws/%s.json", name);
    json_t *reply = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (reply == NULL)
        fail_msg("%s: %s", path, error.text);
    free(path);
    return reply;
}

static inline json_t *json(const char *quoted)
{
    json_error_t error;
    char *text = text_format("%s", quoted);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("%s: %s", error.text, text);
    free(text);
    return root;
}

#endif
