/* What AWS's documents leave open, what Slack's organisations are like, what its permissions take
 * away, and a colleague who works in the console while the bot works. Drawn at random for each day,
 * of those kinds that SIM_STRANGE names:
 *
 *   SIM_STRANGE=legal,stale   these;   all, none
 *
 * When it is not set: those of which the table says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sandbox/market.h"
#include "mem.h"
#include "sim.h"

static const struct {
    const char *name;
    bool usual; /* without SIM_STRANGE, too: what the bot stands already */
} kinds[] = {
    [STRANGE_LEGAL] = {"legal", true},         [STRANGE_SHAPES] = {"shapes", true},
    [STRANGE_STALE] = {"stale", true},         [STRANGE_REVISIONS] = {"revisions", true},
    [STRANGE_DRAFTS] = {"drafts", true},       [STRANGE_DATES] = {"dates", true},
    [STRANGE_BY_HAND] = {"by-hand", true},     [STRANGE_ENDINGS] = {"endings", true},
    [STRANGE_RIGHTS] = {"rights", true},       [STRANGE_DATED] = {"dated", true},
    [STRANGE_EULAS] = {"eulas", true},         [STRANGE_GRID] = {"grid", true},
    [STRANGE_CONTRACTS] = {"contracts", true},
};

/* --- which of them today --- */

static bool is_wanted(enum sim_strange kind)
{
    const char *list = getenv("SIM_STRANGE");
    size_t size = strlen(kinds[kind].name);
    if (list == NULL || strcmp(list, "all") == 0)
        return list != NULL || kinds[kind].usual;
    for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',') {
        if (strcspn(list, ",") == size && strncmp(list, kinds[kind].name, size) == 0)
            return true;
    }
    return false;
}

bool strange_is(const struct sim *sim, enum sim_strange kind)
{
    return (sim->strange & 1U << kind) != 0;
}

static void set_word(struct sim *sim, const char *key, const char *word)
{
    json_t *value = json_string(word);
    const char *wrong = way_set(sim->market, key, value);
    json_decref(value);
    if (wrong != NULL) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
}

static void set_number(struct sim *sim, const char *key, int number)
{
    json_t *value = json_integer(number);
    way_set(sim->market, key, value);
    json_decref(value);
}

static const char *any_of(struct sim *sim, const char *const *words, size_t count)
{
    return words[sim_roll(sim, count)];
}

static void draw_ways(struct sim *sim)
{
    static const char *const merges[] = {"two_terms", "one_term", "one_term_ours_first",
                                         "two_terms_ours_first"};
    static const char *const states[] = {"shown", "absent"};
    static const char *const starts[] = {"absent", "shown"};
    static const char *const durations[] = {"as_sent", "in_years"};
    static const char *const fixed[] = {"by_units", "by_meaning", "as_written"};
    static const char *const roundings[] = {"half_up", "half_even", "down"};
    static const char *const dates[] = {"milliseconds", "seconds"};
    static const char *const ends[] = {"far", "absent"};
    static const char *const words[] = {"revision", "other", "none"};
    static const char *const revisions[] = {"refused", "fails", "ignored"};
    if (strange_is(sim, STRANGE_LEGAL)) {
        set_word(sim, "legal_terms", any_of(sim, merges, 4));
        set_word(sim, "legal_urls", "presigned");
    }
    if (strange_is(sim, STRANGE_SHAPES)) {
        set_word(sim, "draft_state", any_of(sim, states, 2));
        set_word(sim, "markup_of_zero", any_of(sim, states, 2));
        set_word(sim, "durations", any_of(sim, durations, 2));
        set_word(sim, "availability_start", any_of(sim, starts, 2));
        set_word(sim, "fixed_durations", any_of(sim, fixed, 3));
        set_word(sim, "rounding", any_of(sim, roundings, 3));
        set_word(sim, "authorization_dates", any_of(sim, dates, 2));
        set_word(sim, "no_end", any_of(sim, ends, 2));
        set_number(sim, "offers_at_once", 2 + (int)sim_roll(sim, 19));
    }
    if (strange_is(sim, STRANGE_REVISIONS)) {
        set_word(sim, "revisions", any_of(sim, revisions, 3));
        set_word(sim, "stale_words", any_of(sim, words, 3));
    }
}

void strange_open(struct sim *sim)
{
    sim->releases = json_object();
    sim->console = json_array();
}

void strange_draw(struct sim *sim)
{
    for (int kind = 0; kind < STRANGES; kind++) {
        if (is_wanted((enum sim_strange)kind) && sim_chance(sim, 500))
            sim->strange |= 1U << kind;
    }
    draw_ways(sim);
    if (strange_is(sim, STRANGE_GRID))
        snprintf(sim->app.enterprise, sizeof(sim->app.enterprise), "%s", SIM_ORGANISATION);
}

/* --- while the day goes on --- */

static void allow_again(void *ctx)
{
    struct sim *sim = ctx;
    json_object_clear(sim->market->denied);
}

static void take_rights(struct sim *sim)
{
    static const char *const calls[] = {"StartChangeSet", "SearchAgreements", "DescribeEntity",
                                        "ListEntities", "*"};
    static const char *const reasons[] = {"permission", "kyc"};
    json_object_set_new(sim->market->denied, any_of(sim, calls, 5),
                        json_string(any_of(sim, reasons, 2)));
    sim_after(sim, 60000 + (int64_t)sim_roll(sim, 1200000), allow_again, sim);
}

static void end_agreement(struct sim *sim)
{
    static const char *const endings[] = {"CANCELLED", "TERMINATED", "REPLACED", "ROLLED_BACK",
                                          "ARCHIVED"};
    const char *id;
    const char *found = NULL;
    json_t *one;
    uint64_t count = 0;
    json_object_foreach(sim->market->agreements, id, one)
    {
        if (sim_roll(sim, ++count) == 0)
            found = id;
    }
    if (found == NULL)
        return;
    json_t *order = json_pack("{s:s, s:s}", "agreement", found, "status", any_of(sim, endings, 5));
    json_t *answer = json_object();
    play_agreement(sim->market, order, answer);
    json_decref(order);
    json_decref(answer);
}

/* What the colleague does to an offer that stands so. NULL: nothing today. */
static const char *draw_act(struct sim *sim, bool is_released)
{
    static const char *const to_draft[] = {"name", "markup", "buyers", "countries", "legal",
                                           "term", "date",   "price",  "schedule"};
    static const char *const to_released[] = {"extend", "cancel", "extend"};
    if (is_released)
        return strange_is(sim, STRANGE_DATES) ? any_of(sim, to_released, 3) : NULL;
    if (strange_is(sim, STRANGE_BY_HAND) && sim_chance(sim, 100))
        return "release";
    return strange_is(sim, STRANGE_DRAFTS) ? any_of(sim, to_draft, 9) : NULL;
}

static void colleague_acts(struct sim *sim, const char *id)
{
    const json_t *offer = json_object_get(sim->market->offers, id);
    if (offer == NULL)
        return;
    const char *act = draw_act(sim, strcmp(text_in(offer, "State"), "Released") == 0);
    if (act == NULL)
        return;
    json_t *order = json_pack("{s:s, s:s}", "offer", id, "act", act);
    json_t *answer = json_object();
    /* Two custom EULAs read back alike: no reply of AWS tells one from the other. */
    if (strcmp(act, "legal") == 0 && !strange_is(sim, STRANGE_EULAS))
        json_object_set_new(order, "value", json_string("standard"));
    play_colleague(sim->market, order, answer);
    json_decref(order);
    json_decref(answer);
}

static const char *any_offer(struct sim *sim)
{
    const char *id;
    const char *found = "";
    json_t *one;
    uint64_t count = 0;
    json_object_foreach(sim->market->offers, id, one)
    {
        if (sim_roll(sim, ++count) == 0)
            found = id;
    }
    return found;
}

void strange_act(struct sim *sim)
{
    if (sim->strange == 0)
        return;
    if (strange_is(sim, STRANGE_RIGHTS) && sim_chance(sim, 10))
        take_rights(sim);
    if (strange_is(sim, STRANGE_ENDINGS) && sim_chance(sim, 40))
        end_agreement(sim);
    if (strange_is(sim, STRANGE_STALE))
        set_number(sim, "stale_reads", (int)sim_roll(sim, 3));
    if (strange_is(sim, STRANGE_REVISIONS) && sim_chance(sim, 50))
        set_number(sim, "raised", 1);
    if (sim_chance(sim, 20))
        colleague_acts(sim, any_offer(sim));
}

/* A call of the bot has been answered: its next one is yet to come. */
void strange_between(struct sim *sim, const json_t *args)
{
    const json_t *first = json_array_get(json_object_get(args, "ChangeSet"), 0);
    const char *entity = text_in(json_object_get(first, "Entity"), "Identifier");
    if (*entity == '\0')
        entity = text_in(args, "entityId");
    if (sim->strange == 0 || !sim->faults || !sim_chance(sim, 15))
        return;
    char *id = mem_slice(entity, strcspn(entity, "@"));
    colleague_acts(sim, id);
    free(id);
}

void strange_calm(struct sim *sim)
{
    allow_again(sim);
    set_number(sim, "stale_reads", 0);
    set_number(sim, "raised", 0);
    json_object_clear(sim->market->older);
}

/* An authorization that can be used until a date, as often as wanted; or one for a contract. */
void strange_extension(struct sim *sim, json_t *order)
{
    static const char *const contracts[] = {"contract", "instalments", "consumption"};
    if (strange_is(sim, STRANGE_CONTRACTS) && sim_chance(sim, 700))
        json_object_set_new(order, "kind", json_string(any_of(sim, contracts, 3)));
    if (strange_is(sim, STRANGE_DATED) && sim_chance(sim, 500))
        json_object_set_new(order, "end", json_string("2027-06-30T23:59:59.999Z"));
}

/* --- what the judge has to know --- */

/* An offer as it was when it was released, by whom and when. */
static void note_release(struct sim *sim, const json_t *fields)
{
    const char *id = text_in(fields, "id");
    if (strcmp(text_in(fields, "state"), "Released") == 0 &&
        json_object_get(sim->releases, id) == NULL)
        json_object_set_new(sim->releases, id,
                            json_pack("{s:s, s:I, s:o}", "by", text_in(fields, "by"), "at",
                                      (json_int_t)sim->now, "offer",
                                      json_deep_copy(json_object_get(sim->market->offers, id))));
}

void strange_log(struct sim *sim, const char *kind, const json_t *fields)
{
    if (sim->market == NULL || sim->releases == NULL)
        return;
    if (strcmp(kind, "market.entity") == 0)
        note_release(sim, fields);
    if (strcmp(kind, "market.colleague") == 0 && *text_in(fields, "error") == '\0')
        json_array_append_new(sim->console,
                              json_pack("{s:s, s:s, s:I}", "offer", text_in(fields, "offer"), "act",
                                        text_in(fields, "act"), "at", (json_int_t)sim->now));
}

void strange_close(struct sim *sim)
{
    json_decref(sim->releases);
    json_decref(sim->console);
}
