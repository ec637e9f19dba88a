/* What people do on their screens in a world that lasts for days. Each returns whether Slack showed
 * that the bot took it. */
#ifndef SOAK_HANDS_H
#define SOAK_HANDS_H

#include "../crash/sight.h"
#include "../crash/world.h"

struct hands {
    struct world *world;
    struct sight sight;
    bool ended;    /* the bot did */
    long acts;     /* envelopes ... */
    long unheeded; /* ... and those that nobody acknowledged */
};

/* Let time go by until then. */
void hands_wait(struct hands *hands, int64_t until);
const struct sight *hands_look(struct hands *hands);

/* The card of the offer for ${customer}: all that it shows, its ts in *${ts}; both "": none. */
const char *hands_card(struct hands *hands, const char *customer, const char **ts);

bool hands_type(struct hands *hands, const char *user, const char *text);
bool hands_click(struct hands *hands, const char *user, const char *ts, const char *button);
/* The button opens a form with a reason. */
bool hands_reason(struct hands *hands, const char *user, const char *ts, const char *button,
                  const char *form);
bool hands_request(struct hands *hands, const char *user, const char *customer,
                   const char *accept_by);
bool hands_edit(struct hands *hands, const char *user, long long offer, const char *markup);

/* POST to the sandbox's control; what it does not understand ends the program. */
void hands_order(struct hands *hands, const char *path, json_t *body);

#endif
