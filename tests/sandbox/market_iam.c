#include "market_iam.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* --- texts --- */

enum how { EQUAL, EQUAL_IGNORING_CASE, LIKE, LIKE_IGNORING_CASE };

/* "*" stands for any characters, "?" for one. */
static bool is_like(const char *text, const char *pattern, bool ignore_case)
{
    const char *star = NULL;
    const char *back = NULL;
    while (*text != '\0') {
        bool same = ignore_case ? tolower((unsigned char)*text) == tolower((unsigned char)*pattern)
                                : *text == *pattern;
        if (*pattern == '*') {
            star = pattern++;
            back = text;
        } else if (*pattern == '?' || same) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++back;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool fits(const char *text, const char *wanted, enum how how)
{
    switch (how) {
    case EQUAL:
        return strcmp(text, wanted) == 0;
    case EQUAL_IGNORING_CASE:
        return strcasecmp(text, wanted) == 0;
    case LIKE:
        return is_like(text, wanted, false);
    case LIKE_IGNORING_CASE:
    default:
        return is_like(text, wanted, true);
    }
}

/* A policy may write true for "true". */
static const char *text_of(const json_t *value)
{
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    const char *text = json_string_value(value);
    return text != NULL ? text : "";
}

/* One value stands for a list of one. */
static size_t count_of(const json_t *values)
{
    return json_is_array(values) ? json_array_size(values) : values != NULL;
}

static const json_t *value_at(const json_t *values, size_t i)
{
    return json_is_array(values) ? json_array_get(values, i) : values;
}

static bool fits_any(const char *text, const json_t *wanted, enum how how)
{
    for (size_t i = 0; i < count_of(wanted); i++) {
        if (fits(text, text_of(value_at(wanted, i)), how))
            return true;
    }
    return false;
}

/* --- conditions --- */

enum set { NO_SET, FOR_ALL, FOR_ANY };

struct operator
{
    enum how how;
    bool negated, if_exists, null;
    enum set set;
};

static const struct {
    const char *name;
    enum how how;
    bool negated;
} operators[] = {
    {"StringEquals", EQUAL, false},
    {"StringNotEquals", EQUAL, true},
    {"StringEqualsIgnoreCase", EQUAL_IGNORING_CASE, false},
    {"StringNotEqualsIgnoreCase", EQUAL_IGNORING_CASE, true},
    {"StringLike", LIKE, false},
    {"StringNotLike", LIKE, true},
    {"ArnEquals", LIKE, false},
    {"ArnNotEquals", LIKE, true},
    {"ArnLike", LIKE, false},
    {"ArnNotLike", LIKE, true},
    {"Bool", EQUAL_IGNORING_CASE, false},
};

static bool read_operator(const char *name, struct operator* op)
{
    static const char all[] = "ForAllValues:", any[] = "ForAnyValue:", exists[] = "IfExists";
    *op = (struct operator){0};
    if (strncasecmp(name, all, sizeof(all) - 1) == 0) {
        op->set = FOR_ALL;
        name += sizeof(all) - 1;
    } else if (strncasecmp(name, any, sizeof(any) - 1) == 0) {
        op->set = FOR_ANY;
        name += sizeof(any) - 1;
    }
    op->null = op->set == NO_SET && strcasecmp(name, "Null") == 0;
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t size = strlen(operators[i].name);
        if (strncasecmp(operators[i].name, name, size) != 0 ||
            (name[size] != '\0' && strcasecmp(name + size, exists) != 0))
            continue;
        op->how = operators[i].how;
        op->negated = operators[i].negated;
        op->if_exists = name[size] != '\0';
        return true;
    }
    return op->null;
}

/* Names of keys know no case. */
static const json_t *context_value(const json_t *context, const char *key)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)context, name, value)
    {
        if (strcasecmp(name, key) == 0 && !json_is_null(value) && count_of(value) > 0)
            return value;
    }
    return NULL;
}

static bool absent_fits(const struct operator* op)
{
    if (op->if_exists || op->set == FOR_ALL)
        return true;
    return op->negated && op->set == NO_SET;
}

/* A multivalued key asks for a set operator; what becomes of it without one is not written down,
 * and taken here for no match. */
static bool value_fits(const struct operator* op, const json_t *value, const json_t *wanted)
{
    size_t count = count_of(value);
    size_t good = 0;
    if (op->set == NO_SET && json_is_array(value))
        return false;
    for (size_t i = 0; i < count; i++)
        good += fits_any(text_of(value_at(value, i)), wanted, op->how) != op->negated;
    return op->set == FOR_ANY ? good > 0 : good == count;
}

static bool key_fits(const char *name, const char *key, const json_t *wanted, const json_t *context)
{
    struct operator op;
    const json_t *value = context_value(context, key);
    read_operator(name, &op);
    if (op.null)
        return fits_any(value == NULL ? "true" : "false", wanted, EQUAL_IGNORING_CASE);
    return value == NULL ? absent_fits(&op) : value_fits(&op, value, wanted);
}

/* All operators, and all keys of each. */
static bool condition_fits(const json_t *condition, const json_t *context)
{
    const char *name, *key;
    json_t *keys, *wanted;
    json_object_foreach((json_t *)(uintptr_t)condition, name, keys)
    {
        json_object_foreach(keys, key, wanted)
        {
            if (!key_fits(name, key, wanted, context))
                return false;
        }
    }
    return true;
}

/* --- statements --- */

static bool element_fits(const json_t *statement, const char *name, const char *opposite,
                         const char *text, enum how how)
{
    const json_t *wanted = json_object_get(statement, name);
    return wanted != NULL ? fits_any(text, wanted, how)
                          : !fits_any(text, json_object_get(statement, opposite), how);
}

enum iam_verdict iam_judge(const json_t *policy, const struct iam_request *request)
{
    enum iam_verdict verdict = IAM_NONE;
    const json_t *statements = json_object_get(policy, "Statement");
    for (size_t i = 0; i < count_of(statements); i++) {
        const json_t *one = value_at(statements, i);
        if (!element_fits(one, "Action", "NotAction", request->action, LIKE_IGNORING_CASE) ||
            !element_fits(one, "Resource", "NotResource", request->resource, LIKE) ||
            !condition_fits(json_object_get(one, "Condition"), request->context))
            continue;
        if (strcmp(text_of(json_object_get(one, "Effect")), "Deny") == 0)
            return IAM_DENIED;
        verdict = IAM_ALLOWED;
    }
    return verdict;
}

/* --- is it a policy? --- */

static bool are_texts(const json_t *values)
{
    for (size_t i = 0; i < count_of(values); i++) {
        if (!json_is_string(value_at(values, i)) && !json_is_boolean(value_at(values, i)))
            return false;
    }
    return count_of(values) > 0;
}

static const char *condition_wrong(const json_t *condition)
{
    const char *name, *key;
    json_t *keys, *wanted;
    struct operator op;
    json_object_foreach((json_t *)(uintptr_t)condition, name, keys)
    {
        if (!read_operator(name, &op))
            return "a condition has an operator that is not known here";
        if (json_object_size(keys) == 0)
            return "a condition's operator needs keys";
        json_object_foreach(keys, key, wanted)
        {
            if (!are_texts(wanted))
                return "a condition's key needs texts";
        }
    }
    return NULL;
}

static const char *statement_wrong(const json_t *one)
{
    static const char *const known[] = {"Sid",      "Effect",      "Action",   "NotAction",
                                        "Resource", "NotResource", "Condition"};
    const char *effect = text_of(json_object_get(one, "Effect"));
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)one, name, value)
    {
        size_t i = 0;
        while (i < sizeof(known) / sizeof(known[0]) && strcmp(known[i], name) != 0)
            i++;
        if (i == sizeof(known) / sizeof(known[0]))
            return "a statement has an element that an identity policy does not take";
    }
    if (strcmp(effect, "Allow") != 0 && strcmp(effect, "Deny") != 0)
        return "Effect is Allow or Deny";
    for (size_t i = 2; i < 6; i += 2) {
        const json_t *a = json_object_get(one, known[i]);
        const json_t *b = json_object_get(one, known[i + 1]);
        if ((a == NULL) == (b == NULL) || !are_texts(a != NULL ? a : b))
            return "a statement needs Action or NotAction, and Resource or NotResource";
    }
    return condition_wrong(json_object_get(one, "Condition"));
}

const char *iam_wrong(const json_t *policy)
{
    const json_t *statements = json_object_get(policy, "Statement");
    const char *version = text_of(json_object_get(policy, "Version"));
    if (strcmp(version, "2012-10-17") != 0)
        return "Version is 2012-10-17";
    if (count_of(statements) == 0)
        return "a policy needs a Statement";
    for (size_t i = 0; i < count_of(statements); i++) {
        const json_t *one = value_at(statements, i);
        const char *wrong = json_is_object(one) ? statement_wrong(one) : "a statement is an object";
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}
