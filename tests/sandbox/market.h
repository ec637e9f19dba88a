/* What the files of the Marketplace's half share. State is JSON, by id, so that it can be shown as
 * it is. */
#ifndef SANDBOX_MARKET_H
#define SANDBOX_MARKET_H

#include "sandbox.h"

struct running;

struct market {
    struct sandbox *sandbox;
    json_t *authorizations;
    json_t *offers;
    json_t *change_sets;
    json_t *orders;  /* bad luck that was ordered for the next change sets */
    int64_t skew_ms; /* AWS's clock minus ours */
    int prepare_ms, apply_ms;
    char tokens[16];     /* "honoured" or "ignored" */
    int64_t key_life_ms; /* of temporary keys */
    int64_t role_until;  /* those that were issued last, by AWS's clock */
    unsigned last_id;
    struct running *running; /* change sets on their way */
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
char *market_id(struct market *market, const char *prefix); /* on the heap */

/* market_sign.c: NULL when the signature is good, else AWS's error code; *${account}: whose key. */
const char *sign_check(struct market *market, const struct sb_request *request, const char *service,
                       const char **account);

/* market_sts.c: STS; and the places of a container and an instance, false for another path. */
void sts_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply);
bool places_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply);

/* market_entities.c */
void entities_open(struct market *market);
void entities_list(struct market *market, const json_t *args, struct market_answer *answer);
void entities_describe(struct market *market, const char *id, struct market_answer *answer);

/* market_changes.c */
void changes_start(struct market *market, const json_t *args, struct market_answer *answer);
void changes_describe(struct market *market, const char *id, struct market_answer *answer);
void changes_list(struct market *market, const json_t *args, struct market_answer *answer);
void changes_cancel(struct market *market, const char *id, struct market_answer *answer);
void changes_release_holds(struct market *market);
void changes_close(struct market *market);

/* market_rules.c: what AWS says at once (422): NULL or a message, kept until the next call. */
const char *rules_at_once(struct market *market, const json_t *change);
/* What it says later: NULL, or a code of ErrorDetailList; otherwise the change is applied. */
const char *rules_apply(struct market *market, const json_t *change, json_t *offer);

#endif
