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

#include "mem.h"
#include "offers/reference.h"
#include "text.h"

enum { LOOK_MS = 50, AGAIN_MS = 500, FORM_EVERY = 40, HOME_EVERY = 15, MAX_AT_ONCE = 60 };
enum { CLICK_EVERY = 40, CLICK_AT = 10 }; /* while the newest offers are on their way */

/* What somebody wants; it is tried until it is answered. */
struct deed {
    struct deed *next;
    char *path;
    char *body;
    char *envelope; /* of an event or form: the same comes again; NULL: it was not sent yet */
    CURL *easy;     /* NULL: it waits until ${due} */
    struct curl_slist *headers;
    struct text reply;
    int64_t due;
    bool same; /* Slack, or the person's client, repeats the envelope itself */
    bool is_form;
};

struct traffic {
    char *url;
    char *book;
    pthread_t thread;
    CURLM *multi;
    struct deed *deeds;
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

/* --- what they want ----------------------------------------------------------------------- */

json_t *traffic_form(const char *form, const char *customer)
{
    char *origin = text_format("{\"form\":\"%s\",\"offer\":0,\"revision\":0}", form);
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

/* What the buttons of this offer hold; it was stored before its form was answered. */
static void read_button(const char *book, long offer, char value[OFFER_REFERENCE])
{
    struct offer_reference reference = {.number = offer, .revision = 1};
    sqlite3 *db = NULL;
    sqlite3_stmt *ask = NULL;
    if (sqlite3_open_v2(book, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(db, 5000) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT value, content FROM revision JOIN setting ON name = 'book'"
                           " WHERE offer = ? AND revision = 1",
                           -1, &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(ask, 1, offer) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW)
        reference_digest((const char *)sqlite3_column_text(ask, 0), offer, 1,
                         (const char *)sqlite3_column_text(ask, 1), reference.digest);
    sqlite3_finalize(ask);
    sqlite3_close(db);
    reference_write(&reference, value);
}

/* Mia approves, in a list that they alone see: nobody here knows where the card stands. */
static json_t *click(const char *book, long offer)
{
    char value[OFFER_REFERENCE];
    read_button(book, offer, value);
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:{s:s, s:s, s:b}, s:[{s:s, s:s, s:s}]}", "type",
                     "block_actions", "user", "id", "U0MIA", "team_id", "T0HOME", "trigger_id",
                     value, "container", "message_ts", "1.1", "channel_id", "C0DEALDESK",
                     "is_ephemeral", 1, "actions", "action_id", "approve", "value", value,
                     "action_ts", value);
}

static struct deed *new_deed(struct traffic *traffic)
{
    struct deed *deed = mem_new(1, sizeof(*deed));
    long number = ++traffic->begun;
    json_t *body;
    if (number % FORM_EVERY == 0) {
        traffic->forms++;
        deed->same = true;
        deed->is_form = true;
        deed->path = mem_copy("deliver");
        char *form = text_format("traffic-%ld-%ld", (long)getpid(), number);
        body =
            json_pack("{s:s, s:o}", "type", "interactive", "payload", traffic_form(form, "Alpha"));
        free(form);
    } else if (number % CLICK_EVERY == CLICK_AT && traffic->clicks < traffic->stored) {
        deed->same = true;
        deed->path = mem_copy("deliver");
        body = json_pack("{s:s, s:o}", "type", "interactive", "payload",
                         click(traffic->book, ++traffic->clicks));
    } else if (number % HOME_EVERY == 0) {
        deed->same = true;
        deed->path = mem_copy("home");
        body = json_pack("{s:s}", "user", "U0MIA");
    } else {
        deed->path = mem_copy("command");
        body = json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "text", "/cppo help", "channel",
                         "C0DEALDESK");
    }
    deed->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    deed->next = traffic->deeds;
    traffic->deeds = deed;
    traffic->under_way++;
    return deed;
}

static void free_deed(struct traffic *traffic, struct deed *deed)
{
    struct deed **at = &traffic->deeds;
    while (*at != deed)
        at = &(*at)->next;
    *at = deed->next;
    traffic->under_way--;
    text_free(&deed->reply);
    free(deed->path);
    free(deed->body);
    free(deed->envelope);
    free(deed);
}

/* --- asking the sandbox ------------------------------------------------------------------- */

static size_t on_body(char *bytes, size_t one, size_t size, void *ctx)
{
    (void)one;
    text_add_bytes(ctx, bytes, size);
    return size;
}

static void send_deed(struct traffic *traffic, struct deed *deed)
{
    bool repeat = deed->same && deed->envelope != NULL;
    char *url = text_format("%s/_sandbox/%s", traffic->url, repeat ? "redeliver" : deed->path);
    char *body =
        repeat ? text_format("{\"envelope_id\":\"%s\"}", deed->envelope) : mem_copy(deed->body);
    deed->easy = curl_easy_init();
    deed->headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(deed->easy, CURLOPT_URL, url);
    curl_easy_setopt(deed->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(deed->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(deed->easy, CURLOPT_HTTPHEADER, deed->headers);
    curl_easy_setopt(deed->easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(deed->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(deed->easy, CURLOPT_WRITEDATA, &deed->reply);
    curl_easy_setopt(deed->easy, CURLOPT_PRIVATE, deed);
    curl_multi_add_handle(traffic->multi, deed->easy);
    free(url);
    free(body);
}

static void answered(struct traffic *traffic, struct deed *deed)
{
    json_t *answer = json_loadb(text_get(&deed->reply), deed->reply.size, 0, NULL);
    const char *outcome = json_string_value(json_object_get(answer, "outcome"));
    const char *envelope = json_string_value(json_object_get(answer, "envelope_id"));
    bool acked = outcome != NULL && strcmp(outcome, "acked") == 0;
    curl_multi_remove_handle(traffic->multi, deed->easy);
    curl_easy_cleanup(deed->easy);
    curl_slist_free_all(deed->headers);
    text_clear(&deed->reply);
    deed->easy = NULL;
    if (acked) {
        traffic->answered++;
        traffic->stored += deed->is_form;
        free_deed(traffic, deed);
    } else {
        traffic->again++;
        deed->due = now_ms() + AGAIN_MS;
        if (envelope != NULL && deed->envelope == NULL)
            deed->envelope = mem_copy(envelope);
    }
    json_decref(answer);
}

static void take_answers(struct traffic *traffic)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(traffic->multi, &left)) != NULL) {
        struct deed *deed;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&deed);
        answered(traffic, deed);
    }
}

/* Begin what is due; how long nothing will be. */
static int64_t begin_due(struct traffic *traffic, int64_t *next)
{
    int64_t now = now_ms();
    long every = traffic->every_ms;
    int64_t wait = LOOK_MS;
    if (every > 0 && *next <= now && traffic->under_way < MAX_AT_ONCE) {
        send_deed(traffic, new_deed(traffic));
        *next = now + every;
    }
    traffic->heeded_ms = every;
    if (every > 0 && *next - now < wait)
        wait = *next > now ? *next - now : 1;
    for (struct deed *deed = traffic->deeds; deed != NULL; deed = deed->next) {
        if (deed->easy == NULL && deed->due <= now)
            send_deed(traffic, deed);
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

/* --- from outside ------------------------------------------------------------------------- */

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
    while (traffic->deeds != NULL) {
        struct deed *deed = traffic->deeds;
        fprintf(stderr, "never answered: %s, envelope %s\n", deed->path,
                deed->envelope != NULL ? deed->envelope : "unknown");
        if (deed->easy != NULL) {
            curl_multi_remove_handle(traffic->multi, deed->easy);
            curl_easy_cleanup(deed->easy);
            curl_slist_free_all(deed->headers);
        }
        free_deed(traffic, deed);
    }
    curl_multi_cleanup(traffic->multi);
    free(traffic->url);
    free(traffic->book);
    free(traffic);
}
