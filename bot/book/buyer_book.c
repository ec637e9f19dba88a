#include "book/buyer_book.h"

#include <stdlib.h>

#include "io/store.h"
#include "mem.h"
#include "text.h"

/* Without blanks and punctuation, in small letters: past_buyers_fold. */
#define FOLDED                                                                                     \
    "substr(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("      \
    "replace(replace(lower(customer), ' ', ''), '.', ''), ',', ''), '-', ''), '&', ''), '''', "    \
    "''),"                                                                                         \
    " '(', ''), ')', ''), '/', ''), '\"', ''), '_', ''), '+', ''), 1, 60)"

/* A content is a line a field, in the form's order; within a value, line breaks and backslashes are
 * escaped (offers/content_text.c). */
const char book_schema_buyers[] =
    "CREATE TABLE buyer ("
    "  request INTEGER NOT NULL REFERENCES request (number),"
    "  account TEXT NOT NULL,"
    "  customer TEXT NOT NULL,"
    "  folded TEXT NOT NULL,"
    "  authorization TEXT NOT NULL,"
    "  PRIMARY KEY (request, account)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE customer ("
    "  folded TEXT PRIMARY KEY,"
    "  customer TEXT NOT NULL,"
    "  head TEXT NOT NULL,"
    "  tail TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO buyer (request, account, customer, folded, authorization)"
    "  SELECT request, list.value, customer, " FOLDED ", authorization FROM ("
    "    SELECT request, replace(substr(content, named + 10, listed - named - 10), '\\\\', '\\')"
    "        AS customer,"
    "      substr(content, 15, instr(content, char(10)) - 15) AS authorization,"
    "      '[\"' || replace(substr(content, listed + 8, marked - listed - 8), '\\n', '\",\"')"
    "        || '\"]' AS buyers"
    "    FROM (SELECT revision.request, revision.content,"
    "        instr(content, char(10) || 'customer=') AS named,"
    "        instr(content, char(10) || 'buyers=') AS listed,"
    "        instr(content, char(10) || 'markup=') AS marked"
    "      FROM request JOIN revision ON revision.request = request.number"
    "        AND revision.revision = request.revision"
    "      WHERE request.kind = 'offer' AND request.state <> 'draft')"
    "    WHERE named > 0 AND listed > named AND marked > listed) AS offer"
    "  JOIN json_each(CASE WHEN json_valid(buyers) THEN buyers ELSE '[]' END) AS list"
    "  WHERE length(list.value) = 12;"
    "INSERT OR IGNORE INTO customer (folded, customer, head, tail)"
    "  SELECT folded, customer, substr(folded, 1, 3), substr(folded, -3) FROM buyer;"
    "CREATE INDEX buyer_by_account ON buyer (account, request);"
    "CREATE INDEX buyer_by_customer ON buyer (folded, request);"
    "CREATE INDEX customer_by_head ON customer (head);"
    "CREATE INDEX customer_by_tail ON customer (tail);";

/* Accounts as a JSON array, on the heap. */
static char *array_of(const char (*buyers)[ACCOUNT_ID], size_t count)
{
    struct text array = {0};
    for (size_t i = 0; i < count; i++)
        text_addf(&array, "%s\"%s\"", i == 0 ? "[" : ",", buyers[i]);
    text_add(&array, count == 0 ? "[]" : "]");
    return text_take(&array);
}

void buyer_book_learn(struct turn *turn, int64_t offer, int revision, const struct content *content)
{
    char folded[FOLDED_NAME];
    char *buyers = array_of(content->buyers, content->buyer_count);
    past_buyers_fold(content->customer, folded);
    if (revision > 1)
        store_run(turn_writes(turn), "DELETE FROM buyer WHERE request = ?",
                  SQL_ARGS(SQL_INT(offer)));
    store_run(turn_writes(turn),
              "INSERT OR IGNORE INTO buyer (request, account, customer, folded, authorization)"
              " SELECT ?1, value, ?3, ?4, ?5 FROM json_each(?2)",
              SQL_ARGS(SQL_INT(offer), SQL_TEXT(buyers), SQL_TEXT(content->customer),
                       SQL_TEXT(folded), SQL_TEXT(content->authorization)));
    store_run(turn_writes(turn),
              "INSERT OR IGNORE INTO customer (folded, customer, head, tail)"
              " VALUES (?1, ?2, substr(?1, 1, 3), substr(?1, -3))",
              SQL_ARGS(SQL_TEXT(folded), SQL_TEXT(content->customer)));
    free(buyers);
}

static void read_row(struct rows *rows, struct past_offer *found)
{
    int state = request_state_named(rows_text(rows, 4));
    *found = (struct past_offer){
        .number = rows_int(rows, 0),
        .state = state >= 0 ? (enum request_state)state : STATE_UNREADABLE,
        .same_product = rows_int(rows, 5) != 0,
        .agreement = rows_int(rows, 6) != 0,
    };
    rows_fit(rows, 1, found->account, sizeof(found->account));
    rows_fit(rows, 2, found->customer, sizeof(found->customer));
    rows_fit(rows, 3, found->folded, sizeof(found->folded));
}

/* The newest twenty to each account, and the newest fifty to the customer; of names that begin
 * alike, and of those that end so, fifty. */
#define OFFERED                                                                                    \
    "SELECT buyer.request, buyer.account, buyer.customer, buyer.folded, request.state,"            \
    " buyer.authorization = ?3 OR (?4 <> '' AND (SELECT product_id FROM authorization"             \
    "  WHERE id = buyer.authorization) = ?4) AS same_product,"                                     \
    " EXISTS (SELECT 1 FROM acceptance WHERE acceptance.offer = buyer.request"                     \
    "  AND acceptance.account = buyer.account AND acceptance.status = 'ACTIVE') AS agreement,"     \
    " '', ''"                                                                                      \
    " FROM buyer JOIN request ON request.number = buyer.request"

#define NAMED                                                                                      \
    "SELECT (SELECT min(request) FROM buyer WHERE buyer.folded = customer.folded), '',"            \
    " customer.customer, customer.folded, 'pending', 0, 0, '', '' FROM"                            \
    " (SELECT 1 WHERE NOT EXISTS"                                                                  \
    "   (SELECT 1 FROM buyer WHERE buyer.folded = ?2 AND buyer.request < ?5))"                     \
    " JOIN customer"

/* Of the customer's newest fifty. What waits for a decision, or was never approved, is no example.
 */
#define LAST                                                                                       \
    "SELECT past.request, '', '', '', '', 0, 0, sold.content,"                                     \
    " (SELECT terms FROM seen JOIN vote ON vote.request = seen.offer"                              \
    "   AND vote.revision = seen.revision AND vote.person = seen.person AND vote.lost = ''"        \
    "  WHERE seen.offer = past.request AND seen.revision = request.revision LIMIT 1)"              \
    " FROM (SELECT request FROM buyer WHERE folded = ?2 AND request < ?5"                          \
    "  ORDER BY request DESC LIMIT 50) AS past"                                                    \
    " JOIN request ON request.number = past.request"                                               \
    " JOIN revision AS sold ON sold.request = past.request AND sold.revision = request.revision"   \
    " WHERE ?6 AND request.state IN"                                                               \
    "  ('approved', 'publishing', 'published', 'accepted', 'expired', 'closed')"                   \
    " ORDER BY past.request DESC LIMIT 1"

static void read_last(struct rows *rows, struct last_offer *last)
{
    last->number = rows_int(rows, 0);
    last->content = mem_copy(rows_text(rows, 7));
    last->terms = mem_copy(rows_text(rows, 8));
}

void last_offer_free(struct last_offer *last)
{
    free(last->content);
    free(last->terms);
}

size_t buyer_book_find(struct turn *turn, const struct buyer_query *query, struct past_offer *found,
                       size_t capacity, struct last_offer *last)
{
    size_t count = 0;
    char folded[FOLDED_NAME];
    char *buyers = array_of(query->buyers, query->buyer_count);
    past_buyers_fold(query->customer, folded);
    if (last != NULL)
        *last = (struct last_offer){0};
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT * FROM (" OFFERED " JOIN json_each(?1) AS asked ON buyer.account = asked.value"
        "  WHERE buyer.request IN (SELECT request FROM buyer AS newest"
        "    WHERE newest.account = asked.value ORDER BY newest.request DESC LIMIT 20))"
        " UNION ALL SELECT * FROM (" OFFERED " WHERE buyer.folded = ?2"
        "  ORDER BY buyer.request DESC LIMIT 50)"
        " UNION ALL SELECT * FROM (" NAMED " WHERE head = substr(?2, 1, 3) LIMIT 50)"
        " UNION ALL SELECT * FROM (" NAMED " WHERE tail = substr(?2, -3) LIMIT 50)"
        " UNION ALL SELECT * FROM (" LAST ")",
        SQL_ARGS(SQL_TEXT(buyers), SQL_TEXT(folded), SQL_TEXT(query->authorization),
                 SQL_TEXT(query->product), SQL_INT(query->before > 0 ? query->before : INT64_MAX),
                 SQL_INT(last != NULL)));
    while (rows_next(rows)) {
        if (last != NULL && *rows_text(rows, 7) != '\0')
            read_last(rows, last);
        else if (count < capacity)
            read_row(rows, &found[count++]);
    }
    free(buyers);
    return count;
}
