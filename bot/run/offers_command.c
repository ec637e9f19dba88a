#include "run/offers_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/history.h"
#include "book/requests.h"
#include "book/requests_list.h"
#include "book/votes.h"
#include "engine/turn.h"
#include "io/store.h"
#include "mem.h"
#include "offers/content.h"
#include "offers/date.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/typed.h"
#include "offers_json.h"
#include "print.h"
#include "run/clock.h"
#include "run/migrations.h"
#include "text.h"

enum { MAX_LISTED = 500, MAX_HISTORY = 200, MAX_DECISIONS = 200 };

struct wanted {
    int64_t number;  /* 0: a list */
    unsigned states; /* a bit mask */
    bool json;
    int status;
};

/* --- words --- */

static void print_actor(struct turn *turn, const struct actor *who)
{
    static const char *const words[] = {[ACTOR_BOT] = "the bot", [ACTOR_AWS] = "AWS"};
    if (who->kind == ACTOR_PERSON)
        print_person(turn, who->id);
    else
        printf("%s", words[who->kind]);
}

static void print_move(struct turn *turn, const struct move *move)
{
    char at[TIME_TEXT];
    date_time_write(move->at, at);
    printf("  %s  r%-3d %-16s %s → %s, by ", at, move->revision, request_event_name(move->event),
           request_state_name(move->from), request_state_name(move->to));
    print_actor(turn, &move->who);
    printf("%s", *move->why != '\0' ? ": " : "");
    print_safely(move->why);
    printf("\n");
}

/* --- one, and all --- */

static void print_value(struct turn *turn, const struct request_kind *kind, const char *name,
                        const char *stored)
{
    char *words = kind->value != NULL && *stored != '\0' ? kind->value(turn, name, stored) : NULL;
    print_field(kind->label != NULL ? kind->label(name) : name, words != NULL ? words : stored);
    free(words);
}

static void print_content(struct turn *turn, const struct request *offer)
{
    char *content = requests_content(turn, offer->number, offer->revision);
    struct text value = {0};
    const char *name;
    for (char *rest = content; rest != NULL && content_next(&rest, &name, &value);)
        print_value(turn, offer->kind, name, text_get(&value));
    text_free(&value);
    free(content);
}

/* With what they said; the rest of a decision is in the history. */
static void print_decisions(struct turn *turn, int64_t number)
{
    struct decided *decided = mem_new(MAX_DECISIONS, sizeof(*decided));
    size_t count = votes_all(turn, number, decided, MAX_DECISIONS);
    if (count > 0)
        printf("Decisions\n");
    for (size_t i = 0; i < count; i++) {
        const struct vote *vote = &decided[i].vote;
        char at[TIME_TEXT];
        date_time_write(vote->at, at);
        printf("  %s  r%-3d %-16s by ", at, vote->revision, request_event_name(decided[i].verdict));
        print_person(turn, vote->person);
        char *words = rejection_words(rejection_of(decided[i].code), vote->comment);
        printf("%s", *words != '\0' ? ": " : "");
        print_safely(words);
        free(words);
        printf("%s\n", *vote->lost != '\0' ? " (no longer counts)" : "");
    }
    free(decided);
}

static void print_title(const struct request *offer)
{
    struct text title = {0};
    if (offer->kind->title != NULL)
        offer->kind->title(offer, &title);
    print_safely(text_get(&title));
    text_free(&title);
}

static void print_details(struct turn *turn, const struct request *offer, const struct move *moves,
                          size_t count)
{
    struct draft draft;
    struct change_set set = {.id = ""};
    printf("CPPO-%lld, revision %d: %s\n", (long long)offer->number, offer->revision,
           kind_label(offer->kind, offer->state));
    printf("  %-22s ", "Requester");
    print_person(turn, offer->requester);
    printf("\n");
    print_content(turn, offer);
    drafts_get(turn, offer->number, &draft);
    print_field("Marketplace draft", draft_state_name(draft.state));
    print_field("Marketplace offer", draft.entity);
    change_sets_last(turn, offer->number, &set);
    print_field("Last change set", set.id);
    print_decisions(turn, offer->number);
    printf("History\n");
    for (size_t i = 0; i < count; i++)
        print_move(turn, &moves[i]);
}

static void print_one(struct turn *turn, struct wanted *wanted)
{
    struct request offer;
    wanted->status = !requests_get(turn, wanted->number, &offer);
    if (wanted->status != 0) {
        fprintf(stderr, "there is no CPPO-%lld\n", (long long)wanted->number);
        return;
    }
    struct move *moves = mem_new(MAX_HISTORY, sizeof(*moves));
    size_t count = history_moves(turn, offer.number, 0, moves, MAX_HISTORY);
    if (wanted->json)
        offers_json_print(offers_json_one(turn, &offer, moves, count));
    else
        print_details(turn, &offer, moves, count);
    free(moves);
}

static void print_line(struct turn *turn, const struct request *offer)
{
    char name[32];
    char at[TIME_TEXT];
    snprintf(name, sizeof(name), "CPPO-%lld", (long long)offer->number);
    date_time_write(offer->changed_at, at);
    printf("%-10s r%-3d %-18s %s  ", name, offer->revision, request_state_name(offer->state), at);
    print_title(offer);
    printf(", requested by ");
    print_person(turn, offer->requester);
    printf("\n");
}

static void print_list(struct turn *turn, const struct wanted *wanted)
{
    struct request *offers = mem_new(MAX_LISTED, sizeof(*offers));
    int64_t total;
    size_t count = requests_list(turn, NULL, wanted->states, offers, MAX_LISTED, &total);
    if (wanted->json)
        offers_json_print(offers_json_list(turn, offers, count, total));
    for (size_t i = 0; !wanted->json && i < count; i++)
        print_line(turn, &offers[i]);
    if (!wanted->json && (int64_t)count < total)
        printf("… and %lld older ones\n", (long long)(total - (int64_t)count));
    free(offers);
}

static void print(struct turn *turn, void *about)
{
    struct wanted *wanted = about;
    if (wanted->number != 0)
        print_one(turn, wanted);
    else
        print_list(turn, wanted);
}

/* --- the command --- */

static bool read_which(const char *which, struct wanted *wanted)
{
    int state = which != NULL ? request_state_named(which) : -1;
    *wanted = (struct wanted){.states = ~0U};
    if (which == NULL)
        return true;
    if (state >= 0) {
        wanted->states = 1U << state;
        return true;
    }
    wanted->number = typed_request_number(which);
    return wanted->number > 0;
}

int offers_command(const struct config *config, const char *which, bool json)
{
    struct wanted wanted;
    struct err err;
    if (!read_which(which, &wanted)) {
        fprintf(stderr, "“%s” is neither an offer, such as CPPO-12, nor a state, such as pending\n",
                which);
        return EX_USAGE;
    }
    wanted.json = json;
    struct store *store = store_open_reader(config->store_path, bot_migration_count, &err);
    if (store == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    turn_read_only(store, clock_ms(), NULL, print, &wanted);
    store_close(store);
    return wanted.status;
}
