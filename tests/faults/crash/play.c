#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../blank_book.h"
#include "mem.h"
#include "rest.h"
#include "sight.h"

enum {
    AGAIN_MS = 6000,      /* somebody who was not answered tries again */
    LONG_MS = 100 * 1000, /* somebody whose wish came to nothing begins again */
    MAX_MS = 3600 * 1000,
    REST_MS = 5000,
};

struct stage {
    struct world *world;
    struct trial *trial;
    const struct scenario *scenario;
    int64_t began;
    struct sight sight;
    bool gone; /* what was clicked last is not there any more */
};

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const struct sight *look(struct stage *stage)
{
    if (sight_read(&stage->sight, stage->world) != 0)
        stage->trial->trouble = "the sandbox does not answer";
    return &stage->sight;
}

/* --- the bot's life --- */

static long log_size(const struct world *world)
{
    struct stat about;
    char *path = text_format("%s/bot.log", world->dir);
    long size = stat(path, &about) == 0 ? (long)about.st_size : 0;
    free(path);
    return size;
}

static void note_end(struct stage *stage)
{
    struct world *world = stage->world;
    struct trial *trial = stage->trial;
    int start = world->starts - 1;
    if (start == 0) {
        trial->calls = world->page->calls;
        trial->allocations = world->page->allocations;
        trial->start_allocations = world->page->start_allocations;
    }
    if (start < 2 && world->page->struck) {
        trial->struck[start] = true;
        snprintf(trial->what[start], sizeof(trial->what[start]), "%.23s %.23s %.12s",
                 world->page->name, world->page->file,
                 world->page->error != 0 ? strerrorname_np(world->page->error) : "");
    }
    trial->ends[start] = world->mothers[ROLE_BOT].status;
    trial->log_ends[start] = log_size(world);
}

/* Once, if there is a backup by then. What people did since is lost with the file, where the world
 * does not show it. */
static void put_back(struct stage *stage)
{
    struct trial *trial = stage->trial;
    if (trial->restored != 0 || !world_has_kept(stage->world))
        return;
    look(stage);
    trial->restored = (long)stage->sight.next;
    if (world_put_back(stage->world, (stage->scenario->ways & SET_BACK) != 0) != 0)
        trial->trouble = "the state file cannot be put back";
}

static void start_bot(struct stage *stage)
{
    int start = stage->world->starts;
    world_start_bot(stage->world, start < 2 ? &stage->trial->orders[start] : NULL);
}

static void revive(struct stage *stage)
{
    put_back(stage);
    start_bot(stage);
}

/* Let time go on; whenever the bot ends it is started again, as a supervisor does. */
static enum seen wait_for(struct stage *stage, int64_t until)
{
    enum seen seen;
    if (stage->world->mothers[ROLE_BOT].child == 0)
        seen = SEEN_END;
    else
        seen = world_wait(stage->world, until);
    if (seen == SEEN_END) {
        note_end(stage);
        if (stage->world->starts >= MAX_STARTS)
            stage->trial->trouble = "the bot ends again and again";
        else
            revive(stage);
    }
    if (seen == SEEN_HANGING) {
        stage->trial->trouble = "the bot hangs: it neither sleeps nor ends";
        world_fell_bot(stage->world);
    }
    if (world_now_ms(stage->world) - stage->began > MAX_MS && stage->trial->trouble == NULL)
        stage->trial->trouble = "it is stuck: hours went by";
    return seen;
}

static void wait_ms(struct stage *stage, int64_t ms)
{
    int64_t until = world_now_ms(stage->world) + ms;
    while (stage->trial->trouble == NULL && world_now_ms(stage->world) < until)
        wait_for(stage, until);
}

/* --- what people do --- */

/* True when Slack showed that the bot took it, without an error; or when the button is gone, since
 * an earlier click, their own or another's, has counted. */
static bool do_it(struct stage *stage, const char *path, json_t *body)
{
    json_t *answer = world_ask(stage->world, path, body);
    bool taken = strcmp(member(answer, "outcome"), "acked") == 0 &&
                 json_object_get(json_object_get(answer, "ack"), "errors") == NULL;
    stage->gone = strcmp(member(answer, "error"), "no_such_element") == 0;
    if (taken && (stage->scenario->ways & TWICE))
        json_decref(world_ask(stage->world, "redeliver",
                              json_pack("{s:s}", "envelope_id", member(answer, "envelope_id"))));
    json_decref(answer);
    return taken || stage->gone;
}

static bool type(struct stage *stage, const char *user, const char *text)
{
    return do_it(stage, "command",
                 json_pack("{s:s, s:s, s:s}", "user", user, "text", text, "channel", "C0DEALDESK"));
}

static bool press(struct stage *stage, const struct step *step, const char *ts, const char *button)
{
    return do_it(stage, "click",
                 json_pack("{s:s, s:s, s:s, s:s}", "user", step->user, "channel", "C0APPROVALS",
                           "ts", ts, "action_id", button));
}

/* Where there is more to show than a dialog holds, Approve is another button. */
static bool click(struct stage *stage, const struct step *step)
{
    const char *card = step->on != NULL ? step->on : "CPPO-1";
    const char *ts = sight_card(look(stage), card);
    bool taken = ts != NULL && press(stage, step, ts, step->what);
    if (taken && stage->gone && strcmp(step->what, "approve") == 0 &&
        (ts = sight_card(look(stage), card)) != NULL)
        taken = press(stage, step, ts, "approve_again");
    return taken;
}

/* The form is there, perhaps a moment after the wish for it. */
static bool form_comes(struct stage *stage, const char *user, const char *form)
{
    int64_t until = world_now_ms(stage->world) + AGAIN_MS;
    while (stage->trial->trouble == NULL) {
        if (sight_form(look(stage), user, form))
            return true;
        if (wait_for(stage, until) == SEEN_TIME)
            return false;
    }
    return false;
}

static bool fill_request(struct stage *stage, const struct step *step)
{
    if (!sight_form(look(stage), step->user, "offer_form") &&
        (!type(stage, step->user, "/cppo new") || !form_comes(stage, step->user, "offer_form")))
        return false;
    if (!do_it(stage, "suggest",
               json_pack("{s:s, s:s, s:s}", "user", step->user, "block_id", "authorization", "text",
                         "Subscription")))
        return false;
    return do_it(stage, "submit",
                 json_pack("{s:s, s:{s:s, s:s, s:s, s:s}}", "user", step->user, "values",
                           "authorization", "resaleauthz-bronze2024", "customer", step->what,
                           "buyers", "123456789012", "markup", "25"));
}

static bool fill_edit(struct stage *stage, const struct step *step)
{
    if (!sight_form(look(stage), step->user, "offer_form") &&
        (!type(stage, step->user, step->what) || !form_comes(stage, step->user, "offer_form")))
        return false;
    return do_it(stage, "submit",
                 json_pack("{s:s, s:{s:s}}", "user", step->user, "values", "markup", step->more));
}

static bool give_reason(struct stage *stage, const struct step *step)
{
    if (!sight_form(look(stage), step->user, step->more)) {
        if (!click(stage, step))
            return false;
        if (stage->gone)
            return true;
        if (!form_comes(stage, step->user, step->more))
            return false;
    }
    return do_it(stage, "submit",
                 json_pack("{s:s, s:{s:s}}", "user", step->user, "values", "reason", "Because"));
}

/* What the sandbox does not understand is a mistake in the scenario. */
static bool order(struct stage *stage, const struct step *step)
{
    json_t *answer = world_ask(stage->world, step->what, json_loads(step->more, 0, NULL));
    if (!json_is_true(json_object_get(answer, "ok")))
        stage->trial->trouble = "the sandbox refuses an order";
    json_decref(answer);
    return true;
}

/* Nothing is being written: both sleep, and nothing is on its way. */
static bool back_up(struct stage *stage)
{
    int64_t until = world_now_ms(stage->world) + AGAIN_MS;
    while (stage->trial->trouble == NULL && wait_for(stage, until) != SEEN_QUIET)
        until = world_now_ms(stage->world) + AGAIN_MS;
    if (stage->trial->trouble == NULL && world_keep_book(stage->world) != 0)
        stage->trial->trouble = "the state file cannot be copied";
    return true;
}

static bool act(struct stage *stage, const struct step *step)
{
    switch (step->act) {
    case ACT_REQUEST:
        return fill_request(stage, step);
    case ACT_CLICK:
        return click(stage, step);
    case ACT_REASON:
        return give_reason(stage, step);
    case ACT_EDIT:
        return fill_edit(stage, step);
    case ACT_COMMAND:
        return type(stage, step->user, step->what);
    case ACT_ORDER:
        return order(stage, step);
    case ACT_COPY:
        return back_up(stage);
    }
    return false;
}

/* Where something is amiss, Approve opens a form that shows it, and sending that in approves. */
static void send_approval(struct stage *stage, const struct step *step)
{
    if (step->act == ACT_CLICK && sight_form(look(stage), step->user, "approve_form"))
        do_it(stage, "submit", json_pack("{s:s, s:{}}", "user", step->user, "values"));
}

/* Until the card shows it; false when that takes too long. */
static bool seen_until(struct stage *stage, const struct step *step)
{
    int64_t until = world_now_ms(stage->world) + LONG_MS;
    while (step->until != NULL && stage->trial->trouble == NULL) {
        if (sight_card(look(stage), step->until) != NULL)
            return true;
        send_approval(stage, step);
        if (wait_for(stage, until) == SEEN_TIME)
            return false;
    }
    return true;
}

/* Who goes on to the next thing closes what is still open on their screen. */
static void close_forms(struct stage *stage, const struct step *step)
{
    if (step->user != NULL && sight_form(look(stage), step->user, NULL))
        json_decref(world_ask(stage->world, "close", json_pack("{s:s}", "user", step->user)));
}

/* --- the whole --- */

static void run_steps(struct stage *stage, const struct step *steps)
{
    int at = 0;
    bool acted = false; /* the wish was acknowledged: a form is not sent in twice */
    while (stage->trial->trouble == NULL &&
           (steps[at].what != NULL || steps[at].act != ACT_REQUEST)) {
        const struct step *step = &steps[at];
        bool already = step->until != NULL && sight_card(look(stage), step->until) != NULL;
        bool again = step->act == ACT_REQUEST || step->act == ACT_EDIT;
        if (!already && !(acted && again) && !act(stage, step)) {
            wait_ms(stage, AGAIN_MS);
            continue;
        }
        acted = true;
        if (seen_until(stage, step)) {
            at++;
            acted = false;
            close_forms(stage, &steps[at]);
        } else if (step->back > 0) {
            at -= step->back;
            acted = false;
        }
    }
}

/* What the bot still has to say and do comes to its end, and what AWS held up goes on. */
static void come_to_rest(struct stage *stage)
{
    char path[120];
    snprintf(path, sizeof(path), "%s/cppo.db", stage->world->dir);
    static const struct step go_on = {
        .act = ACT_ORDER, .what = "fault", .more = "{\"change_set\": \"go_on\"}"};
    do {
        order(stage, &go_on);
        wait_ms(stage, REST_MS);
    } while (stage->trial->trouble == NULL && rest_left(path, true) != 0);
    if (stage->trial->trouble != NULL && rest_left(path, true) != 0)
        stage->trial->trouble = "something stays undone";
}

static void begin_with_blank_book(const struct world *world)
{
    char *path = text_format("%s/cppo.db", world->dir);
    blank_book_copy(path);
    free(path);
}

int play(struct world *world, const struct scenario *scenario, struct trial *trial)
{
    struct stage stage = {.world = world, .trial = trial, .scenario = scenario};
    trial->trouble = NULL;
    world->on_approval = (scenario->ways & ON_APPROVAL) != 0;
    if (world_begin(world, scenario->needed) != 0) {
        trial->trouble = "the sandbox does not start";
        return -1;
    }
    if ((scenario->ways & NEW_BOOK) == 0)
        begin_with_blank_book(world);
    sight_open(&stage.sight);
    stage.began = world_now_ms(world);
    json_decref(
        world_ask(world, "market/speed", json_pack("{s:i, s:i}", "prepare_ms", 5, "apply_ms", 5)));
    json_decref(world_ask(world, "limits", json_pack("{s:b}", "enabled", 0)));
    start_bot(&stage);
    run_steps(&stage, scenario->steps);
    if (trial->trouble == NULL)
        come_to_rest(&stage);
    if (world->starts <= 2)
        note_end(&stage);
    sight_close(&stage.sight);
    return trial->trouble == NULL ? 0 : -1;
}
