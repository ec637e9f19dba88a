#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"
#include "timing_view.h"

static void write_value(const struct request *request, const char *covers, char value[BUTTON_VALUE])
{
    struct reference reference = {.number = request->number, .revision = request->revision};
    text_fit(reference.digest, sizeof(reference.digest), request->digest);
    reference_cover(reference.digest, covers);
    reference_write(&reference, value);
}

void parts_button_value(const struct request *request, char value[BUTTON_VALUE])
{
    write_value(request, "", value);
}

/* --- buttons --- */

/* How bad the worst check came out. */
static enum check_outcome worst(const struct card *card)
{
    enum check_outcome found = CHECK_PASSED;
    for (size_t i = 0; i < card->check_count; i++) {
        if (card->checks[i].outcome == CHECK_FAILED)
            return CHECK_FAILED;
        if (card->checks[i].outcome == CHECK_WARNING)
            found = CHECK_WARNING;
    }
    return found;
}

/* Green only if nothing speaks against approving. */
static enum button_style approve_style(const struct card *card)
{
    enum check_outcome found = worst(card);
    if (found == CHECK_FAILED)
        return BUTTON_DANGER;
    return found == CHECK_WARNING ? BUTTON_PLAIN : BUTTON_PRIMARY;
}

/* What Slack's dialog cannot show in full is shown in a form, which the click opens. This button
 * says by its action that it had no dialog, whatever may fit by the time it is pressed. */
static json_t *approve_button(const struct card *card)
{
    char value[BUTTON_VALUE];
    bool asks = card_facts_fit(card);
    write_value(card->request, card->covers, value);
    json_t *approve =
        blocks_button("Approve", asks ? "approve" : "approve_again", value, approve_style(card));
    if (!asks)
        return approve;
    char *question = card_facts_question(card);
    approve = blocks_button_confirm(approve, card->request->kind->words->approve, question,
                                    "Approve", "Not yet");
    free(question);
    return approve;
}

/* A comment takes a form, which shows all that the dialog does. */
static json_t *comment_menu(const struct card *card)
{
    char value[BUTTON_VALUE];
    write_value(card->request, card->covers, value);
    return blocks_overflow("approve_comment",
                           json_pack("[o]", blocks_option("Approve with a comment", value)));
}

static bool allows(const struct request *request, enum request_event event)
{
    return kind_move(request->kind, request->state, event) >= 0;
}

/* Editing is the only way on for a request that cannot go on as it is. */
static enum button_style edit_style(const struct request *request)
{
    bool only = request->state == STATE_CHANGES_REQUESTED ||
                (request->state == STATE_FAILED && !request->can_retry);
    return only ? BUTTON_PRIMARY : BUTTON_PLAIN;
}

size_t parts_refusing(const struct request *request, const char *value,
                      struct block_button buttons[PARTS_REFUSING])
{
    size_t count = 0;
    if (allows(request, EVENT_REQUEST_CHANGES))
        buttons[count++] =
            (struct block_button){"Request changes", "request_changes", value, BUTTON_PLAIN};
    if (allows(request, EVENT_REJECT))
        buttons[count++] = (struct block_button){"Reject", "reject", value, BUTTON_DANGER};
    return count;
}

static void add_deciding(json_t *buttons, const struct card *card, const char *value)
{
    const struct request *request = card->request;
    struct block_button refusing[PARTS_REFUSING];
    if (allows(request, EVENT_APPROVE))
        json_array_append_new(buttons, approve_button(card));
    size_t count = parts_refusing(request, value, refusing);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(buttons, blocks_button(refusing[i].label, refusing[i].action_id,
                                                     refusing[i].value, refusing[i].style));
    if (allows(request, EVENT_APPROVE))
        json_array_append_new(buttons, comment_menu(card));
}

/* What an approver asked for, to be sent in by one click, whose dialog says what that changes:
 * outsiders could read it. True: it can be. */
static bool add_agreeing(json_t *buttons, const struct card *card, const char *value)
{
    const struct request *request = card->request;
    bool asked = request->state == STATE_CHANGES_REQUESTED && card->last != NULL &&
                 card->last->event == EVENT_REQUEST_CHANGES;
    char *changes = asked && !card->outsiders && request->kind->agreed != NULL
                        ? request->kind->agreed(request)
                        : NULL;
    if (changes == NULL)
        return false;
    char *question = text_format("%s\nThe approvers then decide on it.", changes);
    json_array_append_new(
        buttons, blocks_button_confirm(
                     blocks_button("Change and send", request->kind->agree, value, BUTTON_PRIMARY),
                     "Send it with these changes?", question, "Change and send", "Not yet"));
    free(question);
    free(changes);
    return true;
}

static void add_editing(json_t *buttons, const struct card *card, const char *value)
{
    const struct request *request = card->request;
    bool agrees = add_agreeing(buttons, card, value);
    json_array_append_new(buttons, blocks_button("Edit", request->kind->edit, value,
                                                 agrees ? BUTTON_PLAIN : edit_style(request)));
}

static void add_changing(json_t *buttons, const struct card *card, const char *value, unsigned may)
{
    const struct request *request = card->request;
    const struct kind_words *words = request->kind->words;
    if ((may & MAY_EDIT) && request->kind->edit != NULL && allows(request, EVENT_SUBMIT))
        add_editing(buttons, card, value);
    if ((may & MAY_WITHDRAW) && allows(request, EVENT_WITHDRAW) && !card->irrevocable)
        json_array_append_new(
            buttons,
            blocks_button_confirm(blocks_button("Withdraw", "withdraw", value, BUTTON_DANGER),
                                  words->withdraw, words->withdrawn, "Withdraw", "Keep it"));
}

/* Once nobody waits for it any more, or where it stopped, the same may be wanted anew. */
static bool is_copied_from(const struct request *request)
{
    return request->kind->copy != NULL &&
           request_state_in(request->state, STATES_OUT | 1U << STATE_REJECTED |
                                                1U << STATE_WITHDRAWN | 1U << STATE_FAILED);
}

json_t *parts_buttons(const struct card *card, unsigned may)
{
    const struct request *request = card->request;
    json_t *buttons = json_array();
    char value[BUTTON_VALUE];
    parts_button_value(request, value);
    if (may & MAY_DECIDE)
        add_deciding(buttons, card, value);
    timing_view_add_buttons(buttons, card, value, may);
    if ((may & MAY_RETRY) && allows(request, EVENT_RETRY) && request->can_retry)
        json_array_append_new(buttons, blocks_button("Try again", "retry", value, BUTTON_PRIMARY));
    if (may & MAY_SEE_DETAILS)
        json_array_append_new(buttons, blocks_button("Details", "details", value, BUTTON_PLAIN));
    add_changing(buttons, card, value, may);
    if ((may & MAY_NUDGE) && request->state == STATE_PENDING)
        json_array_append_new(buttons, blocks_button("Nudge", "nudge", value, BUTTON_PLAIN));
    if ((may & MAY_COPY) && is_copied_from(request))
        json_array_append_new(buttons,
                              blocks_button("Copy", request->kind->copy, value, BUTTON_PLAIN));
    return buttons;
}

/* --- what its kind shows --- */

void parts_add_title(struct text *line, const struct request *request)
{
    if (request->kind->title != NULL)
        request->kind->title(request, line);
}

void parts_add_facts(json_t *blocks, const struct card *card)
{
    if (card->request->kind->facts != NULL)
        card->request->kind->facts(blocks, card);
}

void parts_add_glance(json_t *blocks, const struct card *card)
{
    if (card->request->kind->glance != NULL)
        card->request->kind->glance(blocks, card);
    else
        parts_add_facts(blocks, card);
}

void parts_add_progress(json_t *blocks, const struct card *card)
{
    if (card->request->kind->progress != NULL)
        card->request->kind->progress(blocks, card);
}

/* --- lines --- */

void parts_add_fact(json_t *fields, const char *label, const char *value)
{
    struct text markup = {0};
    text_addf(&markup, "*%s*\n", label);
    mrkdwn_escape(&markup, *value != '\0' ? value : "–");
    json_array_append_new(fields, blocks_mrkdwn(text_get(&markup), 2000));
    text_free(&markup);
}

void parts_add_lines(json_t *blocks, const char *heading, const char *lines)
{
    struct text section = {0};
    text_add(&section, heading);
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");
        struct text line = {0};
        char *plain = mem_slice(lines, size);
        mrkdwn_escape(&line, plain);
        if (text_points(text_get(&section)) + text_points(text_get(&line)) > SECTION_POINTS) {
            json_array_append_new(blocks, blocks_section(text_get(&section)));
            text_clear(&section);
        }
        text_addf(&section, "%s%s", section.size > 0 ? "\n" : "", text_get(&line));
        text_free(&line);
        free(plain);
        lines += size + (lines[size] == '\n');
    }
    if (section.size > 0)
        json_array_append_new(blocks, blocks_section(text_get(&section)));
    text_free(&section);
}

void parts_add_plain(json_t *blocks, const char *label, const char *text)
{
    if (*text == '\0')
        return;
    char *line = text_format("%s: %s", label, text);
    json_array_append_new(blocks, blocks_section_plain(line));
    free(line);
}

/* --- history --- */

/* What happened, and where the actor is named: before it, after it, or not at all. */
static const struct {
    const char *words;
    enum { NOBODY, BEFORE, BEHIND } who;
} happened[EVENTS + 1] = {
    [EVENT_SUBMIT] = {" sent it for approval", BEFORE},
    [EVENT_APPROVE] = {"Approved by ", BEHIND},
    [EVENT_PASS] = {"Approved without anybody", NOBODY},
    [EVENT_REQUEST_CHANGES] = {" asked for changes", BEFORE},
    [EVENT_REJECT] = {"Rejected by ", BEHIND},
    [EVENT_WITHDRAW] = {"Withdrawn by ", BEHIND},
    [EVENT_REFUSE] = {" needs a change", BEFORE},
    [EVENT_LAPSE] = {"Its accept-by date passed", NOBODY},
    [EVENT_PUBLISH] = {"Release started", NOBODY},
    [EVENT_RELEASE] = {"Released on AWS Marketplace", NOBODY},
    [EVENT_FAIL] = {"Failed", NOBODY},
    [EVENT_RETRY] = {" tried again", BEFORE},
    [EVENT_ACCEPT] = {"🎉 Sold: accepted by the buyer", NOBODY},
    [EVENT_EXPIRE] = {"Expired: nobody accepted it in time", NOBODY},
    [EVENT_CLOSE] = {"Closed on AWS Marketplace", NOBODY},
    [EVENT_REOPEN] = {"Can be accepted again", NOBODY},
    [EVENT_TAKE_OVER] = {" took it over", BEFORE},
    [EVENT_GIVE_BACK] = {"Back with its requester", NOBODY},
    [EVENT_FIND] = {"Its release was found on AWS Marketplace", NOBODY},
    [EVENT_BEGIN] = {"Begun", NOBODY},
    [EVENT_FINISH] = {"Done", NOBODY},
    [EVENT_SCHEDULE] = {" set the time to publish it", BEFORE},
    [EVENT_HOLD] = {" put it on hold", BEFORE},
    [EVENT_CONTINUE] = {" let it go on", BEFORE},
    [EVENT_DUE] = {"The time to publish it came", NOBODY},
    [EVENTS] = {" changed it", BEFORE},
};

void parts_add_actor(struct text *line, const struct actor *actor)
{
    switch (actor->kind) {
    case ACTOR_BOT:
        text_add(line, "the bot");
        break;
    case ACTOR_AWS:
        text_add(line, "AWS");
        break;
    case ACTOR_PERSON:
        mrkdwn_person(line, actor->id);
        break;
    }
}

char *parts_move_line(const struct request_kind *kind, const struct move *move)
{
    struct text line = {0};
    const char *own = move->event < EVENTS ? kind->words->happened[move->event] : NULL;
    bool person = move->who.kind == ACTOR_PERSON;
    if (happened[move->event].who == BEFORE)
        parts_add_actor(&line, &move->who);
    text_add(&line, own != NULL ? own : happened[move->event].words);
    if (happened[move->event].who == BEHIND)
        parts_add_actor(&line, &move->who);
    if (move->event == EVENT_SUBMIT && move->revision > 1)
        text_addf(&line, " again, as revision %d", move->revision);
    text_add(&line, " (");
    mrkdwn_time(&line, move->at);
    text_add(&line, ")");
    if (move->event == EVENT_TAKE_OVER) {
        text_add(&line, " from ");
        mrkdwn_person(&line, move->why);
    } else if (*move->why != '\0') {
        text_add(&line, person ? ": “" : ": ");
        mrkdwn_escape(&line, move->why);
        if (person)
            text_add(&line, "”");
    }
    return text_take(&line);
}
