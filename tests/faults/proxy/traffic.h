/* People who do not stop: every few milliseconds a command, now and then a filled form or an opened
 * Home tab, in a thread of its own. Who is not answered tries again; who is told nothing for too
 * long is lost. */
#ifndef FAULTS_TRAFFIC_H
#define FAULTS_TRAFFIC_H

#include <jansson.h>
#include <stdbool.h>

struct traffic;

struct tally {
    long begun;    /* acts: each a command, an event, a form or a click */
    long answered; /* ... and at last acknowledged */
    long again;    /* tries after the first */
    long forms;    /* filled forms among the acts */
    long clicks;   /* approvals among them, of one offer each */
};

/* ${url}: the sandbox's; ${book}: the bot's state file, which says what stands on its buttons. */
struct traffic *traffic_open(const char *url, const char *book);
/* So often, from now on; 0: nothing new. */
void traffic_every(struct traffic *traffic, long ms);
struct tally traffic_tally(struct traffic *traffic);
/* Nothing new; wait until all is answered. False: after ${ms} something is not. */
bool traffic_drain(struct traffic *traffic, long ms);
void traffic_close(struct traffic *traffic);

/* A filled form, as Slack would send it: one of its own by the name ${form}. */
json_t *traffic_form(const char *form, const char *customer);

#endif
