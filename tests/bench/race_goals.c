/* What the bot is to reach, and whether it does. */
#include <math.h>
#include <string.h>

#include "figures.h"
#include "race.h"

enum than { A_FIGURE, A_PEER };
enum sense { AT_MOST, AT_LEAST };

static const struct goal {
    const char *name; /* of the figure */
    enum than than;
    enum who peer;
    enum sense sense;
    double bound; /* of the figure, or of its ratio to the peer's */
} goals[] = {
    {"help, 1 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"help, 16 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"help, 128 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"help, 1 in flight: acks/s", A_PEER, SLACK_GO, AT_LEAST, 1},
    {"help, 16 in flight: acks/s", A_PEER, SLACK_GO, AT_LEAST, 1},
    {"help, 128 in flight: acks/s", A_PEER, SLACK_GO, AT_LEAST, 1},
    {"list of 20 offers, 1 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"list of 20 offers, 16 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"list of 20 offers, 128 in flight: processor per ack, us", A_PEER, SLACK_GO, AT_MOST, 1},
    {"stored click, 16 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 5},
    {"stored click, 128 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 10},
    {"stored click, 1000 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 10},
    {"form, 1 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"form, 16 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"form, 128 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"form, 1000 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"approval, 1 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"approval, 16 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"approval, 128 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"approval, 1000 in flight: acks/s", A_PEER, BOLT_STORES, AT_LEAST, 2},
    {"form, 1000 in flight: fsyncs per ack", A_FIGURE, BOT, AT_MOST, 0.1},
    {"approval, 1000 in flight: fsyncs per ack", A_FIGURE, BOT, AT_MOST, 0.1},
    {"form, 1 in flight: p50 beyond that of fsync, ms", A_FIGURE, BOT, AT_MOST, 1},
    {"form, 100 a second: p99 beyond that of fsync, ms", A_FIGURE, BOT, AT_MOST, 2},
    {"idle, TLS: private, MB", A_PEER, ECHO_ONLY, AT_MOST, 1.5},
    {"start to hello, ms", A_PEER, ECHO_ONLY, AT_MOST, 1.5},
    {"start to hello, TLS, ms", A_PEER, ECHO_ONLY, AT_MOST, 1.5},
    {"ready after kill -9, 10 000 open offers, ms", A_FIGURE, BOT, AT_MOST, 500},
    {"deaf at a refresh, ms", A_FIGURE, BOT, AT_MOST, 0},
    {"deaf after a cut, ms", A_PEER, SLACK_GO, AT_MOST, 1},
    {"a silent peer noticed after, s", A_FIGURE, BOT, AT_MOST, 15},
    {"help while the disk is 0 ms slower, 100 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 3},
    {"help while the disk is 1 ms slower, 100 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 5},
    {"help while the disk is 5 ms slower, 100 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 13},
    {"help while the disk is 20 ms slower, 100 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 43},
    {"form while the disk is 0 ms slower, 20 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 3},
    {"form while the disk is 1 ms slower, 20 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 5},
    {"form while the disk is 5 ms slower, 20 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 13},
    {"form while the disk is 20 ms slower, 20 a second: p99, ms", A_FIGURE, BOT, AT_MOST, 43},
};

/* One row; false: not met. What could not be measured is said, and counts as not met. */
static bool judge(FILE *out, const struct goal *goal)
{
    struct spread got = goal->than == A_PEER ? figures_ratio(BOT, goal->peer, goal->name)
                                             : figures_get(BOT, goal->name);
    bool met = got.count > 0 &&
               (goal->sense == AT_MOST ? got.median <= goal->bound : got.median >= goal->bound);
    const char *sense = goal->sense == AT_MOST ? "at most" : "at least";
    fprintf(out, "| %s | %s %g", goal->name, sense, goal->bound);
    if (goal->than == A_PEER)
        fprintf(out, " x %s", who_names[goal->peer]);
    if (got.count > 0)
        fprintf(out, " | %.3g (%.3g–%.3g) | %s |\n", got.median, got.least, got.most,
                met ? "met" : "**not met**");
    else
        fprintf(out, " | not measured | **not met** |\n");
    return met;
}

int race_goals(FILE *out)
{
    int missed = 0;
    fprintf(out, "| goal | bound | median (least–most) | |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof(goals) / sizeof(goals[0]); i++)
        missed += !judge(out, &goals[i]);
    return missed;
}
