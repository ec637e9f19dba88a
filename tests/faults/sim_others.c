/* What others do meanwhile: buyers accept what was released, the ISV extends authorizations and
 * takes them back, an administrator moves people in and out of the managers' group, makes them
 * guests and shuts their accounts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sandbox/market.h"
#include "mem.h"
#include "sim.h"

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* --- people --- */

static bool is(struct sim *sim, const char *user, const char *what)
{
    return json_is_true(json_object_get(json_object_get(sim->staff, user), what));
}

static bool may_decide(struct sim *sim, const char *user)
{
    return !sim->group_gone && is(sim, user, "manager") && !is(sim, user, "guest") &&
           !is(sim, user, "deleted");
}

static bool may_ask(struct sim *sim, const char *user)
{
    return !is(sim, user, "guest") && !is(sim, user, "deleted");
}

/* Kept for the judge: from when on who may decide, and who may ask. */
static void note(struct sim *sim, const char *user)
{
    json_array_append_new(sim->entitled,
                          json_pack("{s:s, s:I, s:b, s:b}", "user", user, "at",
                                    (json_int_t)sim->now, "may", (int)may_decide(sim, user), "asks",
                                    (int)may_ask(sim, user)));
}

static void add(struct sim *sim, const char *user, bool manager, bool guest)
{
    json_object_set_new(
        sim->staff, user,
        json_pack("{s:b, s:b, s:b}", "manager", (int)manager, "guest", (int)guest, "deleted", 0));
    note(sim, user);
}

void others_open(struct sim *sim)
{
    static const char *const members[] = {"U0SUE", "U0SVEN", "U0OTTO", "U0OLGA"};
    sim->staff = json_object();
    sim->entitled = json_array();
    for (size_t i = 0; i < 3; i++)
        add(sim, (const char *const[]){"U0MIA", "U0MAX", "U0SAM"}[i], true, false);
    for (size_t i = 0; i < 4; i++)
        add(sim, members[i], false, false);
    add(sim, "U0GUS", false, true);
    add(sim, "U0INES", false, false);
}

bool others_vary(struct sim *sim)
{
    static const int64_t half_a_day = INT64_C(12) * 3600 * 1000;
    bool evening = sim_chance(sim, 250);
    sim->config.needed = sim_chance(sim, 300) ? 2 : 1;
    sim->config.undo_window = sim_chance(sim, 500) ? (int64_t)sim_roll(sim, 1200000) : 0;
    if (evening)
        sim->now += half_a_day; /* the machine slept meanwhile */
    return evening;
}

/* In an organisation of several workspaces everybody has a second id, and Slack uses either. */
static json_t *id_of(struct sim *sim, const char *user)
{
    bool second = strange_is(sim, STRANGE_GRID) && sim_chance(sim, 500);
    return json_sprintf("%c%s", second ? 'W' : 'U', user + 1);
}

/* What an organisation says of its own besides: their workspace is there, or it is another, or none
 * is named. */
static void add_organisation(struct sim *sim, json_t *user, const char *id)
{
    static const char *const teams[] = {"T0HOME", "T0SISTER", NULL};
    const char *team = teams[sim_roll(sim, 3)];
    json_object_set_new(user, "team_id", team != NULL ? json_string(team) : json_null());
    json_object_set_new(user, "enterprise_user",
                        json_pack("{s:o, s:s, s:[s, s]}", "id", json_sprintf("W%s", id + 1),
                                  "enterprise_id", SIM_ORGANISATION, "teams", "T0SISTER",
                                  "T0HOME"));
}

json_t *others_person(struct sim *sim, const char *asked)
{
    char id[40];
    snprintf(id, sizeof(id), "U%.30s", asked + 1);
    bool ours = strcmp(id, "U0INES") != 0;
    json_t *user =
        json_pack("{s:o, s:s, s:s, s:b, s:b, s:{s:s}}", "id", id_of(sim, id), "team_id",
                  ours ? "T0HOME" : "T0ISV", "name", id, "is_restricted", (int)is(sim, id, "guest"),
                  "deleted", (int)is(sim, id, "deleted"), "profile", "display_name", id);
    if (ours && strange_is(sim, STRANGE_GRID))
        add_organisation(sim, user, id);
    return json_pack("{s:b, s:o}", "ok", 1, "user", user);
}

json_t *others_managers(struct sim *sim)
{
    json_t *list = json_array();
    const char *user;
    json_t *one;
    json_object_foreach(sim->staff, user, one)
    {
        if (is(sim, user, "manager"))
            json_array_append_new(list, id_of(sim, user));
    }
    bool is_none = sim->group_gone && sim_chance(sim, 500); /* else it is there, and disabled */
    if (sim->group_gone)
        json_array_clear(list);
    json_t *reply = is_none ? json_pack("{s:b, s:s}", "ok", 0, "error", "no_such_subteam")
                            : json_pack("{s:b, s:O}", "ok", 1, "users", list);
    json_decref(list);
    return reply;
}

/* Something that is not so for long. */
struct change {
    struct sim *sim;
    const char *user, *flag;
    bool usual; /* what it is otherwise */
};

static void set_flag(const struct change *change, bool value)
{
    json_object_set_new(json_object_get(change->sim->staff, change->user), change->flag,
                        json_boolean(value));
    note(change->sim, change->user);
}

static void change_back(void *ctx)
{
    struct change *change = ctx;
    set_flag(change, change->usual);
    free(change);
}

/* One of the managers is none any more, or a guest, or has no account; or Otto is a manager. */
static void change_staff(struct sim *sim)
{
    static const char *const who[] = {"U0MIA", "U0MAX", "U0SAM", "U0OTTO"};
    static const char *const what[] = {"manager", "manager", "guest", "deleted"};
    struct change *change = mem_new(1, sizeof(*change));
    change->sim = sim;
    change->user = who[sim_roll(sim, 4)];
    change->flag = what[sim_roll(sim, 4)];
    change->usual = strcmp(change->flag, "manager") == 0 && strcmp(change->user, "U0OTTO") != 0;
    set_flag(change, !change->usual);
    sim_after(sim, 1000 + (int64_t)sim_roll(sim, 1200000), change_back, change);
}

static void set_group(struct sim *sim, bool gone)
{
    const char *user;
    json_t *one;
    sim->group_gone = gone;
    json_object_foreach(sim->staff, user, one)
    {
        note(sim, user);
    }
}

static void group_back(void *ctx)
{
    set_group(ctx, false);
}

/* Somebody deletes or disables the managers' group, and brings it back. */
static void lose_group(struct sim *sim)
{
    if (sim->group_gone)
        return;
    set_group(sim, true);
    sim_after(sim, 1000 + (int64_t)sim_roll(sim, 1200000), group_back, sim);
}

/* --- the buyer and the ISV --- */

/* One of ${offers}, at random, that is released. */
static const char *released(struct sim *sim)
{
    const char *found = NULL;
    const char *id;
    json_t *offer;
    uint64_t count = 0;
    json_object_foreach(sim->market->offers, id, offer)
    {
        if (strcmp(text_at(offer, "State"), "Released") == 0 && sim_roll(sim, ++count) == 0)
            found = id;
    }
    return found;
}

static void accept(struct sim *sim)
{
    const char *id = released(sim);
    if (id == NULL)
        return;
    json_t *offer = json_object_get(sim->market->offers, id);
    json_t *order =
        json_pack("{s:s, s:O}", "offer", id, "account", json_array_get(offer_buyers(offer), 0));
    json_t *answer = json_object();
    play_accept(sim->market, order, answer); /* not twice, and not when its date is past */
    json_decref(order);
    json_decref(answer);
}

/* One more, or the last one is taken back. */
static void trade(struct sim *sim)
{
    json_t *answer = json_object();
    json_t *order =
        json_pack("{s:s, s:s}", "name", "Archera-Partner-Extra", "authorization", sim->extended);
    strange_extension(sim, order);
    if (*sim->extended == '\0' || sim_chance(sim, 500))
        play_extend(sim->market, order, answer);
    else
        play_revoke(sim->market, order, answer);
    snprintf(sim->extended, sizeof(sim->extended), "%s", text_at(answer, "authorization"));
    json_decref(order);
    json_decref(answer);
}

void others_act(struct sim *sim)
{
    switch (sim_roll(sim, 40)) {
    case 0:
        change_staff(sim);
        break;
    case 1:
        trade(sim);
        break;
    case 2:
    case 3:
        accept(sim);
        break;
    case 4:
        if (sim_fault(sim, SIM_GROUP_GONE, 200))
            lose_group(sim);
        break;
    default:
        break;
    }
}
