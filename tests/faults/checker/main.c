/* checker LOG.json STATE.json BOOK.db [APPROVALS NEEDED]: exit 0 when nothing is broken, 1 with a
 * line for each thing that is, 2 when the evidence cannot be read. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static json_t *load(const char *path)
{
    json_error_t where;
    json_t *json = json_load_file(path, 0, &where);
    if (json == NULL)
        fprintf(stderr, "%s, line %d: %s\n", path, where.line, where.text);
    return json;
}

int main(int count, char **words)
{
    struct verdict verdict;
    if (count < 4) {
        fprintf(stderr, "usage: checker LOG.json STATE.json BOOK.db [APPROVALS NEEDED]\n");
        return 2;
    }
    json_t *log = load(words[1]);
    json_t *state = load(words[2]);
    json_t *book = book_read(words[3]);
    const json_t *entries = json_is_array(log) ? log : json_object_get(log, "entries");
    struct evidence evidence = {.log = entries,
                                .state = state,
                                .book = book,
                                .needed = count > 4 ? (int)strtol(words[4], NULL, 10) : 1};
    int status = 2;
    if (entries != NULL && state != NULL) {
        status = check_all(&evidence, &verdict) > 0;
        fputs(verdict.lines, stdout);
    }
    json_decref(log);
    json_decref(state);
    json_decref(book);
    return status;
}
