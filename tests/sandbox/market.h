/* What the files of the Marketplace's half share. State is JSON, by id, so that it can be shown as
 * it is. */
#ifndef SANDBOX_MARKET_H
#define SANDBOX_MARKET_H

#include "sandbox.h"

struct running;

#define SANDBOX_ISV "999988887777"               /* the ISV's AWS account */
#define MARKET_NO_END "2099-12-31T23:59:59.999Z" /* of an authorization without an end */

struct market {
    struct sandbox *sandbox;
    json_t *authorizations;
    json_t *offers;
    json_t *change_sets;
    json_t *agreements; /* {offer, acceptor, proposer, status, accepted_ms, start_ms, end_ms} */
    json_t *buckets;    /* rates: operation -> {level, at} */
    json_t *orders;     /* bad luck that was ordered for the next change sets */
    json_t *ways;       /* market_ways.c: switch -> how AWS behaves */
    json_t *older;      /* offer -> {left, offer}: what reads show so many times more */
    json_t *denied;     /* operation or "*" -> "permission" or "kyc" */
    json_t *policy;     /* the identity's IAM policy; NULL: everything is allowed */
    json_t *waiting;    /* what the colleague will do between two calls of the bot */
    int64_t skew_ms;    /* AWS's clock minus ours */
    int prepare_ms, apply_ms;
    bool honours_tokens;
    int64_t list_lag_ms; /* lists show what was so much earlier */
    int64_t key_life_ms; /* of temporary keys */
    int64_t role_until;  /* those that were issued last, by AWS's clock */
    unsigned last_id;
    unsigned reads;          /* of legal documents: no two addresses are the same */
    struct running *running; /* change sets on their way */
    const char *by;          /* who calls just now; NULL: the bot */
    json_t *late;            /* calls that are applied later, unheard: {operation, query, body} */
};

/* How a call ends: with a body (taken), or with an error. */
struct market_answer {
    int status;
    const char *code;
    const char *message; /* static, or kept until the answer is sent */
    json_t *body;
};
void market_refuse(struct market_answer *answer, int status, const char *code, const char *message);

const char *text_in(const json_t *object, const char *key); /* "" when there is none */
void iso_time(int64_t ms, char text[32]);
int64_t market_now(const struct market *market);            /* ms, by AWS's clock */
char *market_id(struct market *market, const char *prefix); /* on the heap */

/* market_ways.c: how AWS behaves where its documents leave it open, or say it in one place only.
 * Set by POST /_sandbox/fault, {"KEY": value}; "clear" sets the defaults again. */
void ways_open(struct market *market);
bool way_known(const char *key);
const char *way_set(struct market *market, const char *key, const json_t *value); /* or an error */
bool way_is(const struct market *market, const char *key, const char *value);
int way_number(const struct market *market, const char *key);
bool way_spend(struct market *market, const char *key); /* one less; false: none was left */
json_t *ways_choices(void); /* switch -> [word], or a number: a new reference */
void ways_print(void);      /* for --help */

/* market_sign.c: NULL when the signature is good, else AWS's error code; *${account}: whose key. */
const char *sign_message(const char *error); /* what AWS says with it */
const char *sign_check(struct market *market, const struct sb_request *request, const char *service,
                       const char **account);
bool sign_is_colleague(const struct sb_request *request); /* of whom it was good */

/* market_orders.c: POST /_sandbox/market/. */
void orders_serve(struct market *market, const char *what, const struct sb_request *request,
                  struct sb_reply *reply);

/* market_plays.c: what the ISV (extend {name, kind?, price?, buyers?, single_use?, end?, ...},
 * revoke {authorization}), a buyer (accept {offer, account}) and time (agreement {agreement,
 * status}) do. NULL, or what is wrong with it; the new id goes into ${answer}, as "authorization"
 * or "agreement". */
const char *play_extend(struct market *market, const json_t *order, json_t *answer);
const char *play_revoke(struct market *market, const json_t *order, json_t *answer);
const char *play_accept(struct market *market, const json_t *order, json_t *answer);
const char *play_agreement(struct market *market, const json_t *order, json_t *answer);

/* market_colleague.c: somebody with another identity of our account who works in the console: the
 * same calls, {offer, act, value?}. With "after": {operation, skip} only once that call of the bot
 * was answered, else now; with "slowly": true as a change set that takes its time. */
const char *play_colleague(struct market *market, const json_t *order, json_t *answer);
void colleague_turn(struct market *market, const char *operation); /* a call was answered */

/* market_access.c: may the bot's identity do this? Fills ${answer} when not. ${args}: of the body;
 * ${id}: of the query, or "". */
void access_check(struct market *market, const char *operation, const json_t *args, const char *id,
                  struct market_answer *answer);
const char *access_deny(struct market *market, const json_t *wish);   /* {deny, why}, {allow} */
const char *access_policy(struct market *market, const json_t *wish); /* {policy}, null: none */

/* market_sts.c: STS; IAM's GetRole; and the places of a container and an instance, false for
 * another path. */
void sts_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply);
void iam_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply);
bool places_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply);

/* market_gate.c: is the call let in? Fills ${answer} when not; the fault that is due for it, or
 * NULL. Then the answer, of rest-json, or of AWS JSON with its type in the body. */
const struct fault *gate_admit(struct market *market, const char *operation,
                               const struct sb_request *request, struct market_answer *answer);
void gate_send(struct market *market, const char *operation, const struct market_answer *answer,
               struct sb_reply *reply);
void gate_send_typed(struct market *market, const char *operation,
                     const struct market_answer *answer, struct sb_reply *reply);

/* market_agreements.c */
void agreements_search(struct market *market, const json_t *args, struct market_answer *answer);
void agreements_describe(struct market *market, const json_t *args, struct market_answer *answer);

/* market_lists.c: the member of an item or of an object in it; sort by one ("": leave); the page
 * that ${token} ("": the first) asks for, a new reference, and the next token, "" at the end. */
const json_t *list_member(const json_t *item, const char *key);
void list_sort(json_t *list, const char *key, bool descending);
json_t *list_page(const json_t *list, const char *token, json_int_t most, char next[24]);

/* market_filters.c: what is wrong with the filters and the sort of ListEntities, or NULL; whether
 * they take a summary; sort as asked. */
const char *filters_check(const json_t *args);
bool filters_take(const json_t *args, const json_t *summary);
void filters_sort(const json_t *args, json_t *list);

/* market_summaries.c */
void entities_list(struct market *market, const json_t *args, struct market_answer *answer);

/* market_kinds.c: sets "pricing", "dimensions" and "model" of ${authorization}; or what is wrong
 * with
 * ${kind}. */
const char *kind_set(struct market *market, const char *kind, json_t *authorization);

/* market_terms.c: terms of price and payment. */
json_t *terms_extended(const json_t *authorization); /* as the ISV extended them: a new list */
json_t *terms_offered(const struct market *market, const json_t *authorization,
                      const json_t *offer);              /* with our markup: a new list */
const char *terms_duration(const json_t *authorization); /* that it fixes, "" when none */
bool terms_have(const json_t *authorization, const char *type);
void terms_show_dates(json_t *terms); /* of charges, as they are read back */

/* market_legal.c: the authorization's document, and the legal terms of an offer, which are the
 * authorization's and ours: new references. Ours are set by the change of an offer. */
json_t *legal_extended(const json_t *authorization);
const char *legal_apply(const json_t *details, json_t *offer); /* NULL, or a code */
json_t *legal_terms(struct market *market, const char *id, const json_t *authorization,
                    const json_t *offer);

/* market_entities.c; what is not there is NULL */
char *entity_arn(const char *type, const char *id);           /* on the heap */
const json_t *typed_in(const json_t *list, const char *type); /* the first of that Type */
const json_t *offer_rule(const json_t *offer, const char *type);
const json_t *offer_term(const json_t *offer, const char *type);
json_t *offer_buyers(const json_t *offer);
void entities_open(struct market *market);
void entities_describe(struct market *market, const char *id, struct market_answer *answer);

/* market_start.c */
void changes_start(struct market *market, const json_t *args, struct market_answer *answer);

/* market_changes.c */
bool changes_is_open(const json_t *set);
char *changes_arn(const char *id); /* on the heap */
json_t *changes_started(const char *id);
void changes_finish(struct market *market, const char *id); /* now, if it is open */
/* Start a set of ${changes}, which were found good. */
void changes_begin(struct market *market, const json_t *args, json_t *changes,
                   struct market_answer *answer);
void changes_describe(struct market *market, const char *id, struct market_answer *answer);
void changes_cancel(struct market *market, const char *id, struct market_answer *answer);
void changes_release_holds(struct market *market);
void changes_close(struct market *market);

/* market_list_changes.c */
void changes_list(struct market *market, const json_t *args, struct market_answer *answer);

/* market_rules.c: what AWS says at once (422): NULL or a message, kept until the next call. */
const char *rules_at_once(struct market *market, const json_t *change);
/* What it says later: NULL, or a code of ErrorDetailList; otherwise the change is applied. */
const char *rules_create(struct market *market, const json_t *change);
const char *rules_apply(struct market *market, const json_t *change, json_t *offer);
/* The terms of ${details} stand in the place of those of this type. */
void rules_replace_term(const char *type, const json_t *details, json_t *offer);

/* market_prices.c: the same for markup, prices, instalments and payment terms. */
bool prices_know(const char *type); /* of a change; not the markup's */
const char *prices_at_once(const json_t *change);
const char *prices_apply(const struct market *market, const json_t *change, json_t *offer);
const char *prices_released(const struct market *market, const json_t *authorization,
                            const json_t *offer);

#endif
