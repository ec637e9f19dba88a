#include "book/authorizations.h"

#include <stdlib.h>
#include <string.h>

#include "book/offers.h"
#include "book/settings.h"
#include "io/store.h"
#include "mem.h"
#include "offers/claim.h"
#include "text.h"

#define COLUMNS                                                                                    \
    "id, name, product_id, status, extended_status, ends_at, single_use, unlisted, unit_price,"    \
    " currency, duration, buyers, read_at, sale, product_type"

enum { COLUMN_COUNT = 15 };

static void read_buyers(struct authorization *authorization, const char *buyers)
{
    while (*buyers != '\0' && authorization->buyer_count < MAX_AUTHORIZED_BUYERS) {
        size_t size = strcspn(buyers, " ");
        char *account = authorization->buyers[authorization->buyer_count];
        if (size < ACCOUNT_ID) {
            memcpy(account, buyers, size);
            account[size] = '\0';
            authorization->buyer_count++;
        }
        buyers += size + (buyers[size] == ' ');
    }
}

static void read_row(struct rows *rows, struct authorization *authorization)
{
    struct authorization *a = authorization;
    *a = (struct authorization){
        .ends_at = rows_int(rows, 5),
        .single_use = rows_int(rows, 6) != 0,
        .unlisted = rows_int(rows, 7) != 0,
        .read_at = rows_int(rows, 12),
        .sale = authorization_sale_named(rows_text(rows, 13)),
    };
    rows_fit(rows, 0, a->id, sizeof(a->id));
    rows_fit(rows, 1, a->name, sizeof(a->name));
    rows_fit(rows, 2, a->product_id, sizeof(a->product_id));
    rows_fit(rows, 3, a->status, sizeof(a->status));
    rows_fit(rows, 4, a->extended_status, sizeof(a->extended_status));
    rows_fit(rows, 8, a->unit_price, sizeof(a->unit_price));
    rows_fit(rows, 9, a->currency, sizeof(a->currency));
    rows_fit(rows, 10, a->duration, sizeof(a->duration));
    read_buyers(a, rows_text(rows, 11));
    rows_fit(rows, 14, a->product_type, sizeof(a->product_type));
}

/* The one that a turn is about, with its terms; its id is "" where none is kept. */
struct kept_authorization {
    struct authorization authorization;
    struct terms terms;
};

static struct kept_authorization *kept(struct turn *turn)
{
    static const char owner;
    return turn_memory(turn, &owner, sizeof(struct kept_authorization));
}

static struct store *writes(struct turn *turn)
{
    kept(turn)->authorization.id[0] = '\0';
    return turn_writes(turn);
}

/* NULL: there is none. */
static const struct kept_authorization *authorization_of(struct turn *turn, const char *id)
{
    struct kept_authorization *known = kept(turn);
    if (*known->authorization.id != '\0' && strcmp(known->authorization.id, id) == 0)
        return known;
    struct rows *rows =
        store_query(turn_reads(turn), "SELECT " COLUMNS ", terms FROM authorization WHERE id = ?",
                    SQL_ARGS(SQL_TEXT(id)));
    if (!rows_next(rows))
        return NULL;
    read_row(rows, &known->authorization);
    if (!terms_parse(&known->terms, rows_text(rows, COLUMN_COUNT)))
        known->terms.more = true; /* what cannot be read equals nothing */
    rows_close(rows);
    return known;
}

bool authorizations_get(struct turn *turn, const char *id, struct authorization *authorization)
{
    const struct kept_authorization *known = authorization_of(turn, id);
    if (known != NULL)
        *authorization = known->authorization;
    return known != NULL;
}

void authorizations_terms(struct turn *turn, const char *id, struct terms *terms)
{
    const struct kept_authorization *known = authorization_of(turn, id);
    if (known != NULL)
        terms_copy(terms, &known->terms);
    else
        terms->count = terms->more = 0;
}

size_t authorizations_all(struct turn *turn, struct authorization **list)
{
    size_t count = 0;
    struct rows *rows = store_query(
        turn_reads(turn),
        "SELECT " COLUMNS " FROM authorization WHERE unlisted = 0 ORDER BY name, id LIMIT 1000",
        SQL_NO_ARGS);
    *list = NULL;
    while (rows_next(rows)) {
        *list = mem_resize(*list, count + 1, sizeof(**list));
        read_row(rows, &(*list)[count++]);
    }
    return count;
}

size_t authorizations_usable(struct turn *turn, struct authorization **list)
{
    size_t kept = 0;
    size_t count = authorizations_all(turn, list);
    for (size_t i = 0; i < count; i++) {
        struct authorization *one = &(*list)[i];
        int64_t owner = one->single_use ? offers_claimed(turn, one->id) : 0;
        if (claim_taken(one, owner, 0) == 0 && authorization_unusable(one, turn_now(turn)) == NULL)
            (*list)[kept++] = *one;
    }
    return kept;
}

size_t authorizations_unsellable(struct turn *turn, struct authorization **list)
{
    size_t kept = 0;
    size_t count = authorizations_all(turn, list);
    for (size_t i = 0; i < count; i++) {
        struct authorization sellable = (*list)[i];
        sellable.sale = SALE_POSSIBLE;
        if (authorization_unsellable(&(*list)[i]) != NULL &&
            authorization_unusable(&sellable, turn_now(turn)) == NULL)
            (*list)[kept++] = (*list)[i];
    }
    return kept;
}

void authorizations_put_summary(struct turn *turn, const struct authorization *authorization,
                                int64_t since)
{
    const struct authorization *a = authorization;
    store_run(
        writes(turn),
        "INSERT INTO authorization (id, name, product_id, status, extended_status, ends_at,"
        " single_use, unlisted, unit_price, currency, duration, buyers, read_at, listed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, 0, '', '', '', '', 0, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " product_id = excluded.product_id, status = excluded.status,"
        " extended_status = excluded.extended_status, ends_at = excluded.ends_at, unlisted = 0,"
        " listed_at = max(listed_at, excluded.listed_at)",
        SQL_ARGS(SQL_TEXT(a->id), SQL_TEXT(a->name), SQL_TEXT(a->product_id), SQL_TEXT(a->status),
                 SQL_TEXT(a->extended_status), SQL_INT(a->ends_at), SQL_INT(since)));
}

void authorizations_put(struct turn *turn, const struct authorization *authorization,
                        const struct terms *terms)
{
    const struct authorization *a = authorization;
    struct text buyers = {0};
    char *lines = terms_write(terms);
    for (size_t i = 0; i < a->buyer_count; i++)
        text_addf(&buyers, "%s%s", i > 0 ? " " : "", a->buyers[i]);
    authorizations_put_summary(turn, authorization, 0);
    store_run(writes(turn),
              "UPDATE authorization SET single_use = ?, unit_price = ?, currency = ?,"
              " duration = ?, buyers = ?, read_at = ?, sale = ?, terms = ?"
              " WHERE id = ?",
              SQL_ARGS(SQL_INT(a->single_use), SQL_TEXT(a->unit_price), SQL_TEXT(a->currency),
                       SQL_TEXT(a->duration), SQL_TEXT(text_get(&buyers)), SQL_INT(turn_now(turn)),
                       SQL_TEXT(authorization_sale_name(a->sale)), SQL_TEXT(lines),
                       SQL_TEXT(a->id)));
    text_free(&buyers);
    free(lines);
}

void authorizations_put_product(struct turn *turn, const char *product, const char *type)
{
    store_run(writes(turn), "UPDATE authorization SET product_type = ? WHERE product_id = ?",
              SQL_ARGS(SQL_TEXT(type), SQL_TEXT(product)));
}

void authorizations_mark_unlisted(struct turn *turn, int64_t since)
{
    store_run(writes(turn), "UPDATE authorization SET unlisted = 1 WHERE listed_at < ?",
              SQL_ARGS(SQL_INT(since)));
    settings_put(turn, SETTING_LISTED, "yes");
}

void authorizations_unread(struct turn *turn, const char *why)
{
    settings_put(turn, SETTING_UNREAD, why);
}

bool authorizations_listed(struct turn *turn, char why[UNREAD_WORDS])
{
    if (settings_get(turn, SETTING_LISTED, why, UNREAD_WORDS))
        return true;
    settings_get(turn, SETTING_UNREAD, why, UNREAD_WORDS);
    return false;
}

bool authorizations_unlisted(struct turn *turn, int64_t since, char id[AUTHORIZATION_ID])
{
    struct rows *rows =
        store_query(turn_reads(turn),
                    "SELECT id FROM authorization WHERE unlisted = 0 AND listed_at < ? LIMIT 1",
                    SQL_ARGS(SQL_INT(since)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, id, AUTHORIZATION_ID);
    rows_close(rows);
    return true;
}

void authorizations_lose(struct turn *turn, const char *id)
{
    store_run(writes(turn), "UPDATE authorization SET unlisted = 1 WHERE id = ?",
              SQL_ARGS(SQL_TEXT(id)));
}

void authorizations_shown(struct turn *turn, const char *id, char why[AUTHORIZATION_PROBLEM])
{
    struct rows *rows = store_query(
        turn_reads(turn), "SELECT shown FROM authorization WHERE id = ?", SQL_ARGS(SQL_TEXT(id)));
    why[0] = '\0';
    if (!rows_next(rows))
        return;
    rows_fit(rows, 0, why, AUTHORIZATION_PROBLEM);
    rows_close(rows);
}

void authorizations_set_shown(struct turn *turn, const char *id, const char *why)
{
    store_run(writes(turn), "UPDATE authorization SET shown = ? WHERE id = ?",
              SQL_ARGS(SQL_TEXT(why), SQL_TEXT(id)));
}
