#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parts.h"

struct entry {
    struct entry *next;
    json_t *wish; /* owns the texts */
    struct fault fault;
    const char *where;
    const char *method;
    const char *match;
    int skip;
    int times;
};

struct fault_queue {
    struct entry *entries;
    struct entry *spent; /* its fault was returned last */
};

struct fault_queue *fault_open(void)
{
    return mem_new(1, sizeof(struct fault_queue));
}

static void free_entry(struct entry *entry)
{
    if (entry == NULL)
        return;
    json_decref(entry->wish);
    free(entry);
}

static void clear(struct fault_queue *faults)
{
    while (faults->entries != NULL) {
        struct entry *entry = faults->entries;
        faults->entries = entry->next;
        free_entry(entry);
    }
}

void fault_close(struct fault_queue *faults)
{
    if (faults == NULL)
        return;
    clear(faults);
    free_entry(faults->spent);
    free(faults);
}

/* --- asking for one --- */

static int number(const json_t *wish, const char *key, int fallback)
{
    const json_t *value = json_object_get(wish, key);
    return json_is_integer(value) ? (int)json_integer_value(value) : fallback;
}

static const char *text(const json_t *wish, const char *key)
{
    return json_string_value(json_object_get(wish, key));
}

static int read_drop(const json_t *wish, enum fault_drop *drop, struct err *err)
{
    const char *word = text(wish, "drop");
    *drop = FAULT_KEEP;
    if (word == NULL)
        return 0;
    if (strcmp(word, "before") == 0)
        *drop = FAULT_BEFORE;
    else if (strcmp(word, "after") == 0)
        *drop = FAULT_AFTER;
    else if (strcmp(word, "late") == 0)
        *drop = FAULT_LATE;
    else
        return err_set(err, "drop is \"before\", \"after\" or \"late\"");
    return 0;
}

static bool has(const char *const *list, size_t count, const char *word)
{
    size_t i = 0;
    while (i < count && strcmp(list[i], word) != 0)
        i++;
    return i < count;
}

int fault_check(const json_t *wish, struct err *err)
{
    static const char *const texts[] = {"where", "method", "match",  "error",
                                        "drop",  "body",   "sockets"};
    static const char *const numbers[] = {"times",    "skip",    "status", "retry_after",
                                          "delay_ms", "ping_ms", "pad"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)wish, key, value)
    {
        bool is_text = has(texts, sizeof(texts) / sizeof(texts[0]), key);
        bool is_number = has(numbers, sizeof(numbers) / sizeof(numbers[0]), key);
        if (!is_text && !is_number)
            return err_set(err, "a fault has no “%s”", key);
        if (is_text && !json_is_string(value))
            return err_set(err, "%s is a text", key);
        if (is_number && (!json_is_integer(value) || json_integer_value(value) < 0))
            return err_set(err, "%s is a whole number", key);
    }
    return 0;
}

/* What can go wrong on a socket, by and by; link_disconnect knows what can at once. */
static bool of_socket(const char *method)
{
    static const char *const known[] = {"upgrade", "hello", "ping",   "pong",
                                        "close",   "ack",   "payload"};
    return method != NULL && has(known, sizeof(known) / sizeof(known[0]), method);
}

int fault_add(struct fault_queue *faults, const json_t *wish, struct err *err)
{
    enum fault_drop drop;
    const char *where = text(wish, "where");
    const char *method = text(wish, "method");
    if (json_is_true(json_object_get(wish, "clear"))) {
        clear(faults);
        return 0;
    }
    if (fault_check(wish, err) != 0 || read_drop(wish, &drop, err) != 0)
        return -1;
    if (where == NULL || (strcmp(where, "slack") != 0 && strcmp(where, "aws") != 0 &&
                          strcmp(where, "socket") != 0 && strcmp(where, "proxy") != 0))
        return err_set(err, "where is \"slack\", \"aws\", \"socket\" or \"proxy\"");
    if (strcmp(where, "socket") == 0 && !of_socket(method))
        return err_set(err, "a socket has no “%s”", method != NULL ? method : "");
    struct entry *entry = mem_new(1, sizeof(*entry));
    entry->wish = json_deep_copy(wish);
    entry->where = text(entry->wish, "where");
    entry->method = method != NULL ? text(entry->wish, "method") : "*";
    entry->match = text(entry->wish, "match");
    entry->times = number(wish, "times", 1);
    entry->skip = number(wish, "skip", 0);
    entry->fault = (struct fault){
        .status = number(wish, "status", 0),
        .error = text(entry->wish, "error"),
        .retry_after = number(wish, "retry_after", 0),
        .drop = drop,
        .delay_ms = number(wish, "delay_ms", 0),
        .body = text(entry->wish, "body"),
        .match = entry->match,
        .pad = number(wish, "pad", 0),
    };
    struct entry **end = &faults->entries;
    while (*end != NULL)
        end = &(*end)->next;
    *end = entry;
    return 0;
}

json_t *fault_list(const struct fault_queue *faults)
{
    json_t *list = json_array();
    for (const struct entry *entry = faults->entries; entry != NULL; entry = entry->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "where", entry->where, "method",
                                              entry->method, "times", entry->times));
    return list;
}

/* --- meeting one --- */

static bool fits(const struct entry *entry, const char *where, const char *method, const char *body,
                 size_t size)
{
    if (strcmp(entry->where, where) != 0)
        return false;
    if (strcmp(entry->method, "*") != 0 && strcmp(entry->method, method) != 0)
        return false;
    return entry->match == NULL ||
           (size > 0 && memmem(body, size, entry->match, strlen(entry->match)) != NULL);
}

const struct fault *fault_take(struct sandbox *sandbox, const char *where, const char *method,
                               const char *body, size_t body_size)
{
    struct fault_queue *faults = sandbox->faults;
    free_entry(faults->spent);
    faults->spent = NULL;
    for (struct entry **at = &faults->entries; *at != NULL; at = &(*at)->next) {
        struct entry *entry = *at;
        if (!fits(entry, where, method, body, body_size))
            continue;
        if (entry->skip > 0) {
            entry->skip--;
            continue;
        }
        if (--entry->times <= 0) {
            *at = entry->next;
            faults->spent = entry;
        }
        log_entry(
            sandbox, "fault",
            json_pack("{s:s, s:s, s:O}", "where", where, "method", method, "fault", entry->wish));
        return &entry->fault;
    }
    return NULL;
}

bool fault_replaces(const struct fault *fault)
{
    return fault != NULL && (fault->error != NULL || fault->status != 0 || fault->body != NULL ||
                             fault->retry_after > 0 || fault->drop == FAULT_BEFORE);
}

void fault_apply(const struct fault *fault, struct sb_reply *reply)
{
    if (fault == NULL)
        return;
    reply->delay_ms = fault->drop != FAULT_LATE ? fault->delay_ms : 0;
    reply->cut = fault->drop != FAULT_KEEP;
    if (fault->status != 0)
        reply->status = fault->status;
    if (fault->retry_after > 0)
        text_addf(&reply->headers, "Retry-After: %d\r\n", fault->retry_after);
    if (fault->body != NULL) {
        text_clear(&reply->body);
        text_add(&reply->body, fault->body);
    }
}
