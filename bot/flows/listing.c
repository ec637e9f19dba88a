#include "flows/listing.h"

#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/requests_list.h"
#include "book/threads.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/lists.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "json.h"
#include "mem.h"
#include "offers/filter.h"
#include "offers/kind.h"
#include "text.h"
#include "views/list_view.h"
#include "views/messages.h"

/* In one message of 50 blocks; where the reader may decide, a request takes two. */
enum { MAX_LISTED = LIST_VIEW_ROWS, MAX_BELOW = 10 };

static bool sees_cards(const struct turn *turn, const struct person *person)
{
    struct policy policy = app_policy(turn);
    return policy_sees_cards(&policy, person);
}

const char listing_of_others[] = "You see your own offers; those of others are for approvers and "
                                 "operators. Type /cppo list by:me.";

/* --- what is asked for --- */

/* Whom people call so, of those whom the book knows. NULL, and their id; or why not. */
static char *find_person(struct turn *turn, const char *name, char id[PERSON_ID])
{
    size_t count = people_named(turn, name, id);
    if (count == 1)
        return NULL;
    return text_format(
        "%s “%.*s”. Type the whole name as Slack shows it, in quotation marks where it has "
        "several words (by:\"Ana Lopez\"), or their member id (in their profile, ⋮, Copy member "
        "ID), as in by:U0123ABCD.",
        count == 0 ? "I know nobody called" : "I know more than one person called",
        (int)text_cut(name, 60), name);
}

char *listing_query(struct turn *turn, const char *user, const char *typed, char *query)
{
    struct list_page page = {.from = 0};
    struct text problems = {0};
    char *unknown = NULL;
    if (!filter_read(&page.filter, typed, &problems))
        return text_take(&problems);
    if (page.filter.mine)
        text_fit(page.filter.by, sizeof(page.filter.by), user);
    else if (*page.filter.name != '\0')
        unknown = find_person(turn, page.filter.name, page.filter.by);
    page.filter.mine = false;
    list_page_write(&page, query);
    return unknown;
}

/* What a list is called that is asked for again and again; NULL: it is none of these. */
static char *usual_heading(const struct filter *filter, const char *user)
{
    struct filter rest = *filter;
    bool own = strcmp(filter->by, user) == 0;
    bool waits = filter_waits(filter);
    rest.by[0] = '\0';
    rest.states = 0;
    struct text line = {0};
    filter_write(&rest, &line);
    bool more = line.size > 0;
    text_free(&line);
    if (!more && waits && (own || *filter->by == '\0'))
        return text_format(own ? "Yours, waiting for approval" : "Waiting for approval");
    if (!more && filter->states == 0 && (own || *filter->by == '\0'))
        return text_format(own ? "Your %s" : "All %s", kinds_words()->nouns);
    return NULL;
}

/* --- what is shown --- */

struct loaded_list {
    struct listing_view view;
    struct filter filter;
    struct request requests[MAX_LISTED];
    struct listed entries[MAX_LISTED];
    char urls[MAX_LISTED][PERMALINK];
    char *prices[MAX_LISTED];
    char *heading, *empty;
    char previous[PAGE_TEXT];
    char next[PAGE_TEXT];
};

/* The headline, and what is said where nothing is found. */
static void name_list(struct loaded_list *loaded, const char *user)
{
    char *usual = usual_heading(&loaded->filter, user);
    const char *nouns = kinds_words()->nouns;
    loaded->heading = usual != NULL ? usual : text_format("%s found", kinds_words()->capital);
    loaded->empty = usual == NULL ? text_format("No %s like this. `/cppo list` shows yours.", nouns)
                    : filter_waits(&loaded->filter)
                        ? text_format("Nothing is waiting for approval.")
                        : text_format("No %s yet. Create one with `/cppo new`.", nouns);
    loaded->view.filter = usual == NULL ? &loaded->filter : NULL;
    loaded->view.heading = loaded->heading;
    loaded->view.empty = loaded->empty;
}

static void fill_rows(struct turn *turn, const char *user, struct loaded_list *loaded, size_t count)
{
    struct person reader;
    lists_known_person(turn, user, &reader);
    bool cards = sees_cards(turn, &reader);
    for (size_t i = 0; i < count; i++) {
        const struct request *request = &loaded->requests[i];
        notify_unreadable(turn, request);
        loaded->urls[i][0] = '\0';
        if (cards)
            threads_card(turn, request->number, loaded->urls[i]);
        bool decide =
            request->state == STATE_PENDING && rosters_may(turn, RIGHT_DECIDE, &reader, request);
        loaded->prices[i] =
            decide && request->kind->price != NULL ? request->kind->price(turn, request) : NULL;
        loaded->entries[i] = (struct listed){
            .request = request,
            .permalink = loaded->urls[i],
            .decide = decide,
            .own = people_same(turn, request->requester, user),
            .price = loaded->prices[i] != NULL ? loaded->prices[i] : "",
        };
    }
}

/* Where nothing waits for them, nothing is asked. */
static void fill_approved(struct turn *turn, const char *user, struct loaded_list *loaded,
                          size_t count)
{
    bool approved[MAX_LISTED];
    bool decides = false;
    for (size_t i = 0; i < count; i++)
        decides |= loaded->entries[i].decide;
    if (!decides)
        return;
    votes_approved(turn, user, loaded->requests, count, approved);
    for (size_t i = 0; i < count; i++)
        loaded->entries[i].approved = loaded->entries[i].decide && approved[i];
}

static void write_place(const struct filter *filter, int64_t from, bool back, char *value)
{
    const struct list_page page = {.filter = *filter, .from = from, .back = back};
    value[0] = '\0';
    if (from != 0)
        list_page_write(&page, value);
}

struct loaded_list *listing_load(struct turn *turn, const char *user, const struct list_page *asked,
                                 size_t max)
{
    struct loaded_list *loaded = mem_block(sizeof(*loaded)); /* all of it is filled here */
    size_t capacity = max < MAX_LISTED ? max : MAX_LISTED;
    struct requests_page page = {.requests = loaded->requests, .capacity = capacity};
    loaded->filter = asked->filter;
    requests_page(turn, asked, &page);
    fill_rows(turn, user, loaded, page.count);
    fill_approved(turn, user, loaded, page.count);
    write_place(&asked->filter, page.previous, true, loaded->previous);
    write_place(&asked->filter, page.next, false, loaded->next);
    loaded->view = (struct listing_view){
        .list = loaded->entries,
        .count = page.count,
        .total = page.total,
        .at_least = page.at_least,
        .too_many = page.too_many,
        .oldest_first = filter_waits(&asked->filter),
        .previous = loaded->previous,
        .next = loaded->next,
        .now = turn_now(turn),
    };
    name_list(loaded, user);
    return loaded;
}

const struct listing_view *listing_view(const struct loaded_list *loaded)
{
    return &loaded->view;
}

void listing_free(struct loaded_list *loaded)
{
    for (size_t i = 0; i < loaded->view.count; i++)
        free(loaded->prices[i]);
    free(loaded->heading);
    free(loaded->empty);
    free(loaded);
}

/* Below those that ${json} holds already; the first one gives the message its words. */
static void add_list(struct turn *turn, const char *user, const struct list_page *asked, size_t max,
                     struct text *json)
{
    struct loaded_list *loaded = listing_load(turn, user, asked, max);
    if (json->size == 0)
        list_view_begin(json, loaded->heading, loaded->view.total);
    list_view_add(json, &loaded->view);
    listing_free(loaded);
}

static char *show_both(struct turn *turn, const char *user, bool all)
{
    struct text json = {0};
    struct list_page own = {.from = 0};
    const struct list_page waiting = {.filter = {.states = 1U << STATE_PENDING}};
    text_fit(own.filter.by, sizeof(own.filter.by), user);
    add_list(turn, user, &own, MAX_LISTED, &json);
    if (all)
        add_list(turn, user, &waiting, MAX_BELOW, &json);
    return list_view_end(&json);
}

bool listing_read(struct turn *turn, const char *user, bool all, const char *query,
                  struct list_page *page)
{
    bool good = list_page_read(page, query);
    if (!good || page->filter.mine || (!all && *page->filter.by == '\0'))
        text_fit(page->filter.by, sizeof(page->filter.by), user);
    page->filter.mine = false;
    return all || people_same(turn, page->filter.by, user);
}

char *listing_show(struct turn *turn, const char *user, bool all, const char *query)
{
    struct text json = {0};
    struct list_page page;
    if (*query == '\0')
        return show_both(turn, user, all);
    if (!listing_read(turn, user, all, query, &page))
        return json_write(message_plain(listing_of_others));
    add_list(turn, user, &page, MAX_LISTED, &json);
    return list_view_end(&json);
}

/* --- who may see it --- */

enum listing listing_for(struct turn *turn, const char *user, char **why)
{
    struct standing standing;
    *why = NULL;
    rosters_settle(turn, RIGHT_SEE, user, NULL, ROSTERS_KNOWN_MS, &standing);
    const struct policy_rule *own = rosters_why(turn, RIGHT_SEE, &standing.person, true);
    if (standing.settled && standing.why == NULL)
        return LISTING_ALL;
    if (standing.settled && own == NULL)
        return LISTING_OWN;
    if (standing.settled) {
        *why = rosters_words(turn, RIGHT_SEE, own, &standing.person, NULL);
        reply_log_refused(user, list_action.verb, 0, *why);
        return LISTING_NONE;
    }
    /* They were on no list when it was read last: they see their own at once, and more the next
     * time. */
    struct person last;
    lists_known_person(turn, user, &last);
    bool listed = sees_cards(turn, &last);
    if (!standing.hopeless)
        rosters_ask(turn, user, NULL, &standing);
    return !listed && (own == NULL || !last.known) ? LISTING_OWN : LISTING_LATER;
}

char *listing_answer(struct turn *turn, const char *user, const char *query)
{
    char *why;
    enum listing reach = listing_for(turn, user, &why);
    char *message = reach == LISTING_LATER  ? NULL
                    : reach == LISTING_NONE ? json_write(message_plain(why))
                                            : listing_show(turn, user, reach == LISTING_ALL, query);
    free(why);
    return message;
}

int64_t listing_count(struct turn *turn, const char *user, bool *own)
{
    struct person person;
    lists_known_person(turn, user, &person);
    bool listed = sees_cards(turn, &person);
    *own = person.known ? rosters_why(turn, RIGHT_SEE, &person, false) != NULL : !listed;
    return requests_count(turn, *own ? user : NULL, 1U << STATE_PENDING);
}

static void on_list(struct turn *turn, const struct action *action)
{
    const struct person *person = action->person;
    const struct reply_to to = reply_to_action(action->pending);
    bool all = rosters_why(turn, RIGHT_SEE, person, false) == NULL;
    const struct policy_rule *why = rosters_why(turn, RIGHT_SEE, person, true);
    char *words = why != NULL ? rosters_words(turn, RIGHT_SEE, why, person, NULL) : NULL;
    json_t *answer = words != NULL
                         ? message_plain(words)
                         : json_read(listing_show(turn, to.person, all, action->pending->query));
    if (words != NULL)
        reply_log_refused(to.person, list_action.verb, 0, words);
    reply_message(turn, &to, answer);
    free(words);
}

/* The requests of others that wait for a decision. */
const struct action_type list_action = {
    .name = "list",
    .verb = "list",
    .right = RIGHT_SEE,
    .binding = BINDS_NOTHING,
    .run = on_list,
};
