#include "flows/line.h"

#include <string.h>

#include "book/places.h"
#include "book/posts.h"
#include "book/requests.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "log.h"
#include "offers/kind.h"

static const struct timer_type line_timer, line_long_timer;

enum {
    DOCUMENTED = 20, /* offers that are created or updated at once */
    AT_ONCE = 5,     /* starts a second */
};

static const int64_t FIRST_WAIT_MS = 15000; /* after a refusal; doubled with each more in a row */
static const int64_t MAX_WAIT_MS = 300000;
static const int64_t STARTED_MS = 30000;   /* one that is not answered by then holds up no other */
static const int64_t ADMITTED_MS = 120000; /* one that has not come by then does not come */
static const int64_t LOOK_MS = 30000;      /* who frees a place without telling is noticed */

/* --- is a place free? --- */

static int64_t wait_after(int refusals)
{
    int64_t wait = FIRST_WAIT_MS;
    for (int i = 1; i < refusals && wait < MAX_WAIT_MS; i++)
        wait *= 2;
    return wait < MAX_WAIT_MS ? wait : MAX_WAIT_MS;
}

/* In how many ms AWS may be asked for one more than it took so far; 0: now. */
static int64_t asking_wait(const struct turn *turn, const struct places *places)
{
    if (places->refusals == 0)
        return 0;
    int64_t rest = places->refused_at + wait_after(places->refusals) - turn_time(turn);
    return rest > 0 ? rest : 0;
}

static int known(const struct places *places)
{
    return places->since > 0 || places->most > DOCUMENTED ? places->most : DOCUMENTED;
}

/* *${use}: as it is counted. */
static bool has_place(struct turn *turn, struct places_use *use)
{
    int64_t now = turn_time(turn);
    places_count(turn, now - ADMITTED_MS, now - STARTED_MS, use);
    int busy = use->started + use->admitted;
    if (busy >= AT_ONCE)
        return false;
    return use->open + use->admitted < known(&use->places) ||
           (busy == 0 && asking_wait(turn, &use->places) == 0);
}

/* --- the line --- */

static void show(struct turn *turn, int64_t offer)
{
    struct post post;
    if (posts_get(turn, POST_CARD, offer, &post))
        flows_tell_stale(turn, &post);
}

/* Unless a place is freed before. */
static void look_later(struct turn *turn, const struct places *places)
{
    int64_t wait = asking_wait(turn, places);
    turn_timer(turn, &line_timer, 0, wait > 0 && wait < LOOK_MS ? wait : LOOK_MS);
}

static bool admits(struct turn *turn, int64_t offer, bool keeps)
{
    struct places_use use;
    enum place_state state = places_of(turn, offer);
    if (state == PLACE_ADMITTED && !keeps)
        places_leave(turn, offer);
    if (state != PLACE_NONE)
        return state == PLACE_ADMITTED;
    bool free_place = has_place(turn, &use);
    if (free_place && use.first == 0) {
        if (keeps)
            places_admit(turn, offer);
        return true;
    }
    places_wait(turn, offer);
    if (free_place)
        turn_timer(turn, &line_timer, 0, 0); /* for the first */
    else if (use.first == 0)
        look_later(turn, &use.places);
    return false;
}

bool line_admits(struct turn *turn, int64_t offer)
{
    return admits(turn, offer, false);
}

bool line_admits_soon(struct turn *turn, int64_t offer)
{
    return admits(turn, offer, true);
}

bool line_holds(struct turn *turn, int64_t offer)
{
    return places_of(turn, offer) == PLACE_WAITING;
}

bool line_calls(struct turn *turn, int64_t offer)
{
    return places_of(turn, offer) == PLACE_ADMITTED;
}

void line_started(struct turn *turn, int64_t offer)
{
    places_leave(turn, offer);
}

void line_moves_on(struct turn *turn)
{
    if (places_waiting(turn) > 0)
        turn_timer(turn, &line_timer, 0, 0);
}

/* The first goes on, if it still wants to. */
static void admit(struct turn *turn, int64_t number)
{
    struct request request;
    if (notify_if_unreadable(turn, number)) { /* another version will admit it */
        places_rest(turn, number);
        return;
    }
    if (!requests_get(turn, number, &request) ||
        !request_state_in(request.state, 1U << STATE_PENDING | STATES_GOING)) {
        places_leave(turn, number);
        return;
    }
    places_admit(turn, number);
    show(turn, number);
    moves_wake(turn, &request);
}

/* Everybody has been answered: AWS took them all. */
static void forget(struct turn *turn, const struct places *places)
{
    if (places->since > 0)
        log_info("AWS has room again");
    places_forget(turn);
    turn_timer_stop(turn, &line_long_timer, 0);
}

static void move_on(struct turn *turn, int64_t unused)
{
    struct places_use use;
    const struct places *places = &use.places;
    (void)unused;
    places_drop(turn, turn_time(turn) - ADMITTED_MS);
    while (has_place(turn, &use) && use.first != 0)
        admit(turn, use.first);
    bool known_of = places->since > 0 || places->most > 0;
    if (use.first != 0 || (known_of && use.admitted + use.started > 0))
        look_later(turn, places);
    else if (known_of)
        forget(turn, places);
}

/* --- what AWS says --- */

void line_taken(struct turn *turn)
{
    struct places_use use;
    places_count(turn, 0, 0, &use);
    int taken = use.open - use.started;
    if (taken <= known(&use.places))
        return; /* that says nothing of one more */
    use.places.refusals = 0;
    use.places.most = taken;
    places_put(turn, &use.places);
}

bool line_is_full(const struct result *result)
{
    return result->outcome == OUTCOME_REFUSED &&
           strcmp(result->code, "ServiceQuotaExceededException") == 0;
}

void line_refused(struct turn *turn)
{
    struct places_use use;
    struct places *places = &use.places;
    places_count(turn, 0, 0, &use);
    if (places->since == 0) {
        places->since = turn_time(turn);
        turn_timer(turn, &line_long_timer, 0, HOUR_MS);
        log_warn("AWS takes no more change sets at once", F_INT("ours", use.open - use.started));
    }
    places->most = use.open - use.started;
    places->refusals++;
    places->refused_at = turn_time(turn);
    places_put(turn, places);
}

void line_wait(struct turn *turn, int64_t offer)
{
    places_wait(turn, offer);
    turn_timer(turn, &line_timer, 0, 0);
    show(turn, offer);
}

static void tell_long(struct turn *turn, int64_t unused)
{
    struct places_use use;
    (void)unused;
    places_count(turn, 0, 0, &use);
    notify_operators(
        turn,
        "For an hour AWS has had as many changes of our account under way as it takes at once (%d "
        "are mine). %s that wait for their turn: %lld. The oldest goes first, all go on by "
        "themselves, and nothing is lost. If it stays like this, look who else changes offers by "
        "this account, or ask AWS for a higher quota.",
        use.open - use.started, kinds_words()->capital, (long long)places_waiting(turn));
}

/* --- what it hears of --- */

static void on_start(struct turn *turn)
{
    places_take_up(turn);
    line_moves_on(turn);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    if (!request_state_in(moved->request->state, 1U << STATE_PENDING | STATES_GOING) &&
        places_of(turn, moved->request->number) != PLACE_NONE) {
        places_leave(turn, moved->request->number);
        line_moves_on(turn);
    }
}

static const struct timer_type line_timer = {.name = "line", .due = move_on};
static const struct timer_type line_long_timer = {.name = "line.long", .due = tell_long};

const struct flow line_flow = {.kind = KIND_OFFER,
                               .timers = {&line_timer, &line_long_timer},
                               .on_start = on_start,
                               .on_move = on_move};
