/* A state file that may be older than the world: the test plays what AWS and Slack hold beside it.
 */
#ifndef CPPO_TESTS_FLOWS_RESTORED_H
#define CPPO_TESTS_FLOWS_RESTORED_H

#include "book/marks.h"
#include "book/settings.h"
#include "flows/app_context.h"
#include "flows_publishing.h"

enum { MINUTE_MS = 60 * SECOND_MS };

static const char none[] = "{\"ok\":true}";

static char mark[BOOK_MARK];
static char install[TURN_ID];

static inline void read_names(struct turn *turn, const void *unused)
{
    (void)unused;
    marks_newest(turn, mark);
    app_install(turn, install);
}

/* The next start finds the file as it is, and a line beside it that the file does not know. */
static inline void start_restored(void)
{
    flows_stop();
    flows.plays_world = true;
    text_fit(flows.app.beside, sizeof(flows.app.beside), "0fabcdef.9");
    flows_start();
}

/* ... that it knows. */
static inline void start_again(void)
{
    flows_do(read_names, NULL);
    flows_stop();
    flows.plays_world = true;
    text_fit(flows.app.beside, sizeof(flows.app.beside), mark);
    flows_start();
}

static inline void no_posts(void)
{
    while (flows_find("slack:conversations.history", "\"limit\"") != NULL)
        flows_answer("slack:conversations.history", "\"limit\"", none);
}

static inline void no_sets(void)
{
    while (flows_find("aws:ListChangeSets", "DESCENDING") != NULL)
        flows_answer("aws:ListChangeSets", "DESCENDING", "{\"ChangeSetSummaryList\":[]}");
}

/* AWS's lists cannot lag behind any longer, and nothing is new. */
static inline void second_look(void)
{
    flows_pass(11 * MINUTE_MS);
    no_posts();
    no_sets();
}

/* Nothing is left of the file. */
static inline void start_lost(void)
{
    flows_stop();
    unlink(flows.path);
    flows.plays_world = true;
    flows.app.beside[0] = '\0';
    flows_start();
}

/* The channel holds a card of this offer, made by a life that the file does not know. */
static inline void one_card_in(int offer, const char *state)
{
    char reply[500];
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"messages\":[{\"ts\":\"1795507300.1\",\"user\":\"U0BOT\","
             "\"metadata\":{\"event_type\":\"cppo_post\",\"event_payload\":{\"key\":\"k\","
             "\"kind\":\"card\",\"offer\":%d,\"revision\":1,\"state\":\"%s\","
             "\"mark\":\"0fabcdef.7\"}}}]}",
             offer, state);
    flows_answer("slack:conversations.history", "\"limit\"", reply);
    no_posts();
}

static inline void one_card(int offer)
{
    one_card_in(offer, "approved");
}

/* AWS lists a release of CPPO-1 by a later life of this file, so often counted. */
static inline void one_release(const char *entity, int count)
{
    char reply[500];
    flows_do(read_names, NULL);
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetSummaryList\":[{\"ChangeSetId\":\"cs-%d\",\"ChangeSetName\":"
             "\"cppo.%s.1.r1.release.1.%d.0fabcdef.%d\",\"Status\":\"SUCCEEDED\","
             "\"StartTime\":\"2026-11-24T08:30:00Z\",\"EntityIdList\":[\"%s\"]}]}",
             count, install, count, count, entity);
    while (flows_find("aws:ListChangeSets", "DESCENDING") != NULL)
        flows_answer("aws:ListChangeSets", "DESCENDING", reply);
}

/* All that AWS is asked for the release is answered as if nothing had happened. */
static inline void read_back(void)
{
    while (flows_find("aws:DescribeEntity", "resaleauthz-1") != NULL)
        describe_authorization();
    while (flows_find("aws:DescribeEntity", "offer-1") != NULL)
        describe_offer("Draft", "25");
}

static inline bool is_released(void)
{
    read_back();
    return flows_find("aws:StartChangeSet", "ReleaseOffer") != NULL;
}

static inline size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

static inline void read_by_operators(const char *words)
{
    flows_answer("slack:chat.postMessage", words, "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
}

#endif
