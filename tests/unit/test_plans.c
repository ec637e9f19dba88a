/* No statement of the bot reads a table that grows with every offer from end to end. The statements
 * are taken from the source: store_run, store_int and store_query get literals, by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <glob.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "run/migrations.h"
#include "text.h"

static const char *const growing[] = {"request",        "revision",   "vote",   "move",
                                      "draft",          "effect",     "post",   "timer",
                                      "pending_action", "inbox",      "letter", "change_set",
                                      "seen",           "search_key", "buyer",  "customer"};

/* --- reading the source --- */

static char *file_text(const char *path)
{
    char *bytes = mem_new(1, 200000);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    bytes[fread(bytes, 1, 199999, file)] = '\0';
    fclose(file);
    return bytes;
}

/* Adds what stands in the literal at ${at}; where it ends. */
static const char *add_literal(struct text *sql, const char *at)
{
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        text_add_bytes(sql, at, 1);
    }
    return at + 1;
}

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

/* What the files of the book share, and those of the engine. */
static char *headers;

/* The literals of the macro ${name} of this file, or of those headers, and of macros in it. */
static void add_macro(struct text *sql, const char *source, const char *name, size_t size)
{
    char *define = text_format("#define %.*s ", (int)size, name);
    const char *own = strstr(source, define);
    const char *at = own != NULL ? own : strstr(headers, define);
    if (at == NULL)
        fail_msg("a statement holds “%.*s”, which is no literal", (int)size, name);
    for (at += strlen(define); *at != '\n';) {
        size_t inner = strspn(at, capitals);
        if (inner > 0) {
            add_macro(sql, source, at, inner);
            at += inner;
        } else if (*at == '"') {
            at = add_literal(sql, at);
        } else {
            at += at[0] == '\\' ? 2 : 1;
        }
    }
    free(define);
}

/* The statement that begins at ${at}: literals and macros of literals, up to a comma. */
static void read_statement(struct text *sql, const char *source, const char *at)
{
    while (*at != ',') {
        if (*at == '"') {
            at = add_literal(sql, at);
        } else if (isalpha((unsigned char)*at)) {
            size_t size = strspn(at, capitals);
            add_macro(sql, source, at, size > 0 ? size : strcspn(at, " ,"));
            at += size > 0 ? size : strcspn(at, " ,");
        } else {
            at++;
        }
    }
}

/* Behind the first argument, however many brackets are in it. */
static const char *second_argument(const char *at)
{
    for (int depth = 0; depth > 0 || *at != ','; at++)
        depth += (*at == '(') - (*at == ')');
    return at + 1;
}

/* --- judging --- */

static sqlite3 *db;
static int statements;

static bool names(const char *detail, const char *table)
{
    char *aliased = text_format(" %s", table);
    const char *at = strstr(detail, aliased);
    bool found =
        at != NULL && !isalnum((unsigned char)at[strlen(aliased)]) && at[strlen(aliased)] != '_';
    free(aliased);
    return found;
}

/* Does this step of a plan read all of such a table? A range of its keys without an end, too. */
static bool reads_all(const char *detail)
{
    if (strncmp(detail, "SCAN ", 5) != 0 &&
        strstr(detail, "USING INTEGER PRIMARY KEY (rowid>?") == NULL)
        return false;
    for (size_t i = 0; i < sizeof(growing) / sizeof(growing[0]); i++) {
        if (names(detail, growing[i]))
            return true;
    }
    return strstr(detail, "ahead") != NULL || strstr(detail, "done") != NULL ||
           strstr(detail, "began") != NULL; /* aliases */
}

/* Does this step of a subquery read, for each row of the query around it, all that share a word of
 * which there are few? */
static bool reads_all_of_a_word(const char *detail)
{
    return strstr(detail, "(event=?)") != NULL || strstr(detail, "(state=?)") != NULL;
}

/* A step may read from one end as far as a LIMIT lets it: the newest offers, the next click; and
 * all of an index that holds nothing else: what was under way when the process ended. */
static bool is_limited(const char *sql)
{
    static const char *const pages[] = {
        "SELECT number FROM request WHERE number > ? AND number < ? ORDER BY number DESC LIMIT ?",
        "SELECT number FROM request WHERE number > ? AND number < ? ORDER BY number LIMIT ?",
        "SELECT number FROM request WHERE number >= ? ORDER BY number LIMIT 1"};
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(sql, pages[i]) == 0)
            return true;
    }
    return strstr(sql, " FROM pending_action WHERE id > ? ORDER BY id LIMIT 1") != NULL ||
           strstr(sql, " FROM change_set WHERE instr('starting lost running', state) > 0") !=
               NULL ||
           strcmp(sql, "SELECT id FROM effect WHERE state = 'under_way' ORDER BY id LIMIT 1") == 0;
}

enum { MAX_STEPS = 600 }; /* of a plan; their ids are not much higher */

static void judge(const char *path, const char *sql)
{
    bool for_each_row[MAX_STEPS] = {false};
    sqlite3_stmt *plan = NULL;
    char *explain = text_format("EXPLAIN QUERY PLAN %s", sql);
    if (sqlite3_prepare_v2(db, explain, -1, &plan, NULL) != SQLITE_OK)
        fail_msg("%s: “%s”: %s", path, sql, sqlite3_errmsg(db));
    while (sqlite3_step(plan) == SQLITE_ROW) {
        int id = sqlite3_column_int(plan, 0);
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        assert_in_range(id, 1, MAX_STEPS - 1);
        for_each_row[id] =
            for_each_row[sqlite3_column_int(plan, 1)] || strncmp(detail, "CORRELATED ", 11) == 0;
        if (for_each_row[id] && reads_all_of_a_word(detail))
            fail_msg("%s: “%s” reads all of them for each row: %s", path, sql, detail);
        if (reads_all(detail) && !is_limited(sql))
            fail_msg("%s: “%s” reads all: %s", path, sql, detail);
    }
    sqlite3_finalize(plan);
    free(explain);
    statements++;
}

static void judge_file(const char *path)
{
    static const char *const calls[] = {"store_run(", "store_int(", "store_query("};
    char *source = file_text(path);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        for (const char *at = source; (at = strstr(at, calls[i])) != NULL; at++) {
            struct text sql = {0};
            read_statement(&sql, source, second_argument(at + strlen(calls[i])));
            judge(path, text_get(&sql));
            text_free(&sql);
        }
    }
    free(source);
}

static void no_statement_reads_what_grows_from_end_to_end(void **state)
{
    static const char *const places[] = {"bot/engine/*.c", "bot/book/*.c"};
    (void)state;
    char *of_book = file_text("include/book/around.h");
    char *of_engine = file_text("bot/engine/internal.h");
    headers = text_format("%s%s", of_book, of_engine);
    free(of_book);
    free(of_engine);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < bot_migration_count; i++) {
        char *error = NULL;
        if (sqlite3_exec(db, bot_migrations[i], NULL, NULL, &error) != SQLITE_OK)
            fail_msg("step %zu: %s", i, error);
    }
    for (size_t i = 0; i < 2; i++) {
        glob_t found;
        assert_int_equal(glob(places[i], 0, NULL, &found), 0);
        for (size_t j = 0; j < found.gl_pathc; j++)
            judge_file(found.gl_pathv[j]);
        globfree(&found);
    }
    sqlite3_close(db);
    free(headers);
    assert_in_range(statements, 60, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_statement_reads_what_grows_from_end_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
