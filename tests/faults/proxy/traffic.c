#include "traffic.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../button_value.h"
#include "mem.h"
#include "text.h"

enum { LOOK_MS = 50, FORM_EVERY = 40, HOME_EVERY = 15, MAX_AT_ONCE = 20 };
/* One person sends them all: the bot writes to them once a second, and lets only so much wait. */
enum { MAX_FORMS = 30 };
enum { BUSY_MS = 300000 };
/* Between two tries, twice as long each time: on a machine that is too slow for all who try again,
 * nobody would ever be answered in time. */
enum { AGAIN_MS = 500, AGAIN_DOUBLED = 3 };
enum { CLICK_EVERY = 40, CLICK_AT = 10 }; /* while the newest offers are on their way */

/* What somebody wants; it is tried until it is answered. */
struct act {
    struct act *next;
    char *path;
    char *body;
    char *envelope; /* of an event or form: the same comes again; NULL: it was not sent yet */
    CURL *easy;     /* NULL: it waits until ${due} */
    struct curl_slist *headers;
    struct text reply;
    int64_t due;
    int tries;
    bool same; /* Slack, or the person's client, repeats the envelope itself */
    bool is_form;
};

struct traffic {
    char *url;
    char *book;
    pthread_t thread;
    CURLM *multi;
    struct act *acts;
    long under_way;
    atomic_long every_ms, heeded_ms, begun, answered, again, forms, clicks;
    long stored; /* forms that were answered: so many offers there are, at least */
    atomic_bool ending;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- what they want --- */

json_t *traffic_form(const char *form, const char *customer)
{
    char *origin = text_format("{\"form\":\"%s\",\"request\":0,\"revision\":0}", form);
    json_t *payload = json_pack(
        "{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:{s:{"
        "s:{s:{s:{s:s}}}, s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}},"
        "s:{s:{s:{s:s}}}, s:{s:{s:s}}, s:{s:{s:{s:s}}}}}}}",
        "type", "view_submission", "user", "id", "U0SELLER", "team_id", "T0HOME", "view", "id",
        "V1", "callback_id", "offer_form", "private_metadata", origin, "state", "values",
        "authorization", "authorization", "selected_option", "value", "resaleauthz-bronze2024",
        "offer_name", "offer_name", "value", "Archera - Subscription", "customer", "customer",
        "value", customer, "buyers", "buyers", "value", "222233334444", "markup", "markup", "value",
        "25", "term", "term", "selected_option", "value", "P3650D", "accept_by", "accept_by",
        "selected_date", "2027-01-15", "eula", "eula", "selected_option", "value", "as_authorized");
    free(origin);
    return payload;
}

/* It was stored before its form was answered. */
static void read_button(const char *book, long offer, char value[REFERENCE_TEXT])
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(book, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(db, BUSY_MS) != SQLITE_OK)
        abort();
    button_value(db, offer, value);
    sqlite3_close(db);
}

/* Mia approves, in a list that they alone see: nobody here knows where the card stands. */
static json_t *click(const char *book, long offer)
{
    char value[REFERENCE_TEXT];
    read_button(book, offer, value);
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:{s:s, s:s, s:b}, s:[{s:s, s:s, s:s}]}", "type",
                     "block_actions", "user", "id", "U0MIA", "team_id", "T0HOME", "trigger_id",
                     value, "container", "message_ts", "1.1", "channel_id", "C0DEALDESK",
                     "is_ephemeral", 1, "actions", "action_id", "approve", "value", value,
                     "action_ts", value);
}

static struct act *new_act(struct traffic *traffic)
{
    struct act *act = mem_new(1, sizeof(*act));
    long number = ++traffic->begun;
    json_t *body;
    if (number % FORM_EVERY == 0 && traffic->forms < MAX_FORMS) {
        traffic->forms++;
        act->same = true;
        act->is_form = true;
        act->path = mem_copy("deliver");
        char *form = text_format("traffic-%ld-%ld", (long)getpid(), number);
        body =
            json_pack("{s:s, s:o}", "type", "interactive", "payload", traffic_form(form, "Alpha"));
        free(form);
    } else if (number % CLICK_EVERY == CLICK_AT && traffic->clicks < traffic->stored) {
        act->same = true;
        act->path = mem_copy("deliver");
        body = json_pack("{s:s, s:o}", "type", "interactive", "payload",
                         click(traffic->book, ++traffic->clicks));
    } else if (number % HOME_EVERY == 0) {
        act->same = true;
        act->path = mem_copy("home");
        body = json_pack("{s:s}", "user", "U0MIA");
    } else {
        act->path = mem_copy("command");
        body = json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "text", "/cppo help", "channel",
                         "C0DEALDESK");
    }
    act->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    act->next = traffic->acts;
    traffic->acts = act;
    traffic->under_way++;
    return act;
}

static void free_act(struct traffic *traffic, struct act *act)
{
    struct act **at = &traffic->acts;
    while (*at != act)
        at = &(*at)->next;
    *at = act->next;
    traffic->under_way--;
    text_free(&act->reply);
    free(act->path);
    free(act->body);
    free(act->envelope);
    free(act);
}

/* --- asking the sandbox --- */

static size_t on_body(char *bytes, size_t one, size_t size, void *ctx)
{
    (void)one;
    text_add_bytes(ctx, bytes, size);
    return size;
}

static void send_act(struct traffic *traffic, struct act *act)
{
    bool repeat = act->same && act->envelope != NULL;
    char *url = text_format("%s/_sandbox/%s", traffic->url, repeat ? "redeliver" : act->path);
    char *body =
        repeat ? text_format("{\"envelope_id\":\"%s\"}", act->envelope) : mem_copy(act->body);
    act->easy = curl_easy_init();
    act->headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(act->easy, CURLOPT_URL, url);
    curl_easy_setopt(act->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(act->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(act->easy, CURLOPT_HTTPHEADER, act->headers);
    curl_easy_setopt(act->easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(act->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(act->easy, CURLOPT_WRITEDATA, &act->reply);
    curl_easy_setopt(act->easy, CURLOPT_PRIVATE, act);
    curl_multi_add_handle(traffic->multi, act->easy);
    free(url);
    free(body);
}

static void answered(struct traffic *traffic, struct act *act)
{
    json_t *answer = json_loadb(text_get(&act->reply), act->reply.size, 0, NULL);
    const char *outcome = json_string_value(json_object_get(answer, "outcome"));
    const char *envelope = json_string_value(json_object_get(answer, "envelope_id"));
    bool acked = outcome != NULL && strcmp(outcome, "acked") == 0;
    curl_multi_remove_handle(traffic->multi, act->easy);
    curl_easy_cleanup(act->easy);
    curl_slist_free_all(act->headers);
    text_clear(&act->reply);
    act->easy = NULL;
    if (acked) {
        traffic->answered++;
        traffic->stored += act->is_form;
        free_act(traffic, act);
    } else {
        traffic->again++;
        act->due = now_ms() + (AGAIN_MS << act->tries);
        act->tries += act->tries < AGAIN_DOUBLED;
        if (envelope != NULL && act->envelope == NULL)
            act->envelope = mem_copy(envelope);
    }
    json_decref(answer);
}

static void take_answers(struct traffic *traffic)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(traffic->multi, &left)) != NULL) {
        struct act *act;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&act);
        answered(traffic, act);
    }
}

/* Begin what is due; how long nothing will be. */
static int64_t begin_due(struct traffic *traffic, int64_t *next)
{
    int64_t now = now_ms();
    long every = traffic->every_ms;
    int64_t wait = LOOK_MS;
    if (every > 0 && *next <= now && traffic->under_way < MAX_AT_ONCE) {
        send_act(traffic, new_act(traffic));
        *next = now + every;
    }
    traffic->heeded_ms = every;
    if (every > 0 && *next - now < wait)
        wait = *next > now ? *next - now : 1;
    for (struct act *act = traffic->acts; act != NULL; act = act->next) {
        if (act->easy == NULL && act->due <= now)
            send_act(traffic, act);
    }
    return wait;
}

static void *run(void *ctx)
{
    struct traffic *traffic = ctx;
    int64_t next = 0;
    int running;
    while (!traffic->ending) {
        int64_t wait = begin_due(traffic, &next);
        curl_multi_perform(traffic->multi, &running);
        take_answers(traffic);
        curl_multi_poll(traffic->multi, NULL, 0, (int)wait, NULL);
    }
    return NULL;
}

/* --- from outside --- */

struct traffic *traffic_open(const char *url, const char *book)
{
    struct traffic *traffic = mem_new(1, sizeof(*traffic));
    traffic->url = mem_copy(url);
    traffic->book = mem_copy(book);
    traffic->multi = curl_multi_init();
    if (pthread_create(&traffic->thread, NULL, run, traffic) != 0)
        abort();
    return traffic;
}

void traffic_every(struct traffic *traffic, long ms)
{
    traffic->every_ms = ms;
}

struct tally traffic_tally(struct traffic *traffic)
{
    return (struct tally){.begun = traffic->begun,
                          .answered = traffic->answered,
                          .again = traffic->again,
                          .forms = traffic->forms,
                          .clicks = traffic->clicks};
}

bool traffic_drain(struct traffic *traffic, long ms)
{
    int64_t until = now_ms() + ms;
    traffic->every_ms = 0;
    while (now_ms() < until) {
        if (traffic->heeded_ms == 0 && traffic->answered == traffic->begun)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return false;
}

void traffic_close(struct traffic *traffic)
{
    traffic->ending = true;
    pthread_join(traffic->thread, NULL);
    while (traffic->acts != NULL) {
        struct act *act = traffic->acts;
        fprintf(stderr, "never answered: %s, envelope %s\n", act->path,
                act->envelope != NULL ? act->envelope : "unknown");
        if (act->easy != NULL) {
            curl_multi_remove_handle(traffic->multi, act->easy);
            curl_easy_cleanup(act->easy);
            curl_slist_free_all(act->headers);
        }
        free_act(traffic, act);
    }
    curl_multi_cleanup(traffic->multi);
    free(traffic->url);
    free(traffic->book);
    free(traffic);
}
