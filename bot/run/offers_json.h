/* `cppo-bot offers --json`: the same for programs, with ids and names, as it is stored. */
#ifndef BOT_RUN_OFFERS_JSON_H
#define BOT_RUN_OFFERS_JSON_H

#include "offers/request.h"

struct json_t;
struct turn;

/* {"total": …, "offers": [{…}, …]}; ${total}: how many there are, listed or not. */
struct json_t *offers_json_list(struct turn *turn, const struct request *offers, size_t count,
                                int64_t total);
/* What a list says of it, with its content, what AWS holds, and its last ${count} moves. */
struct json_t *offers_json_one(struct turn *turn, const struct request *offer,
                               const struct move *moves, size_t count);
/* On standard output, in ASCII: a terminal finds nothing in it to act on. Takes ${value}. */
void offers_json_print(struct json_t *value);

#endif
