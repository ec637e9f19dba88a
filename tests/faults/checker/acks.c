/* I3: nothing that was acknowledged is lost, nothing is stuck. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* The ack of log entry ${at}, when it took what the person did: in time, and without errors. */
static const json_t *ack_of(const struct evidence *evidence, size_t at)
{
    const json_t *sent = json_array_get(evidence->log, at);
    for (size_t i = at + 1; i < json_array_size(evidence->log); i++) {
        const json_t *entry = json_array_get(evidence->log, i);
        if (strcmp(text_of(entry, "kind"), "envelope.acked") == 0 &&
            strcmp(text_of(entry, "envelope_id"), text_of(sent, "envelope_id")) == 0 &&
            !json_is_true(json_object_get(entry, "late")))
            return json_object_get(json_object_get(entry, "payload"), "errors") == NULL ? entry
                                                                                        : NULL;
    }
    return NULL;
}

/* What somebody wanted, as far as it leaves a trace in the book. */
struct wish {
    const char *event; /* what the history calls it; NULL: none that it knows */
    const char *user;
    const char *form;            /* its metadata */
    json_int_t number, revision; /* 0: whichever there is */
    json_int_t seq;
    bool clicked; /* not sent in by a form */
};

/* A button carries "12.3", a form '{"form":"…","request":12,"revision":3}'; commands only ask. */
static void read_wish(const json_t *sent, struct wish *wish)
{
    const char *form = text_of(sent, "form"), *action = text_of(sent, "action");
    const char *value = text_of(sent, "value"), *metadata = text_of(sent, "metadata");
    const char *dot = strchr(value, '.');
    *wish = (struct wish){
        .user = text_of(sent, "user"), .form = metadata, .seq = number_of(sent, "seq")};
    if (strcmp(text_of(sent, "payload_type"), "view_submission") == 0) {
        wish->event = strcmp(form, "offer_form") == 0     ? "submit"
                      : strcmp(form, "approve_form") == 0 ? "approve"
                      : strcmp(form, "reject_form") == 0  ? "reject"
                      : strcmp(form, "changes_form") == 0 ? "request_changes"
                                                          : NULL;
        wish->number = number_after(metadata, "\"request\":");
        wish->revision = number_after(metadata, "\"revision\":");
    } else if (strcmp(action, "approve") == 0 || strcmp(action, "retry") == 0 ||
               strcmp(action, "withdraw") == 0) {
        wish->event = action;
        wish->clicked = true;
        wish->number = strtoll(value, NULL, 10);
        wish->revision = dot != NULL ? strtoll(dot + 1, NULL, 10) : 0;
    }
}

static bool is_revision(const struct evidence *evidence, const char *metadata)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "revision"), i, row)
    {
        const char *form = text_of(row, "form");
        if (*form != '\0' && strstr(metadata, form) != NULL)
            return true;
    }
    return false;
}

/* Exactly that stands in the book, no later than ${until}: who was not answered clicks again, and
 * that second click may not speak for the lost one. */
static bool did(const struct evidence *evidence, const struct wish *wish, json_int_t until)
{
    bool vote = strcmp(wish->event, "approve") == 0;
    size_t i;
    json_t *row;
    if (strcmp(wish->event, "submit") == 0)
        return is_revision(evidence, wish->form);
    json_array_foreach(rows_of(evidence, vote ? "vote" : "move"), i, row)
    {
        if (number_of(row, "offer") == wish->number &&
            (wish->revision == 0 || number_of(row, "revision") == wish->revision) &&
            strcmp(text_of(row, vote ? "verdict" : "event"), wish->event) == 0 &&
            strcmp(text_of(row, vote ? "person" : "who"), wish->user) == 0 &&
            number_of(row, "at") <= until)
            return true;
    }
    return false;
}

/* Is this message why it was not done? It names the offer, or, about people's rights, none. The
 * requester hears of every move of their offers: that is no answer to what they wanted. */
static bool answers(const struct evidence *evidence, const json_t *message, const struct wish *wish)
{
    const char *text = text_of(message, "text");
    json_int_t about = number_after(text, "CPPO-");
    bool whispered = strcmp(text_of(message, "what"), "ephemeral") == 0 &&
                     strcmp(text_of(message, "to"), wish->user) == 0;
    bool direct = strcmp(text_of(message, "what"), "posted") == 0 &&
                  strstr(text, "(revision ") == NULL &&
                  is_direct(evidence, text_of(message, "channel"), wish->user);
    return strcmp(text_of(message, "user"), "USLACKBOT") != 0 &&
           (about == 0 || about == wish->number) && (whispered || direct);
}

/* No message excuses a form with an offer: what was acknowledged leaves its revision. */
static bool was_told(const struct evidence *evidence, const struct wish *wish, json_int_t until)
{
    size_t i;
    json_t *entry;
    if (strcmp(wish->event, "submit") == 0)
        return false;
    json_array_foreach(evidence->log, i, entry)
    {
        if (number_of(entry, "seq") > wish->seq && number_of(entry, "at_ms") <= until &&
            strcmp(text_of(entry, "kind"), "slack.message") == 0 && answers(evidence, entry, wish))
            return true;
    }
    return false;
}

/* Where something is amiss, Approve only opens a form that shows it; sending that in approves. */
static bool was_shown(const struct evidence *evidence, const struct wish *wish, json_int_t until)
{
    size_t i;
    json_t *entry;
    if (strcmp(wish->event, "approve") != 0 || !wish->clicked)
        return false;
    json_array_foreach(evidence->log, i, entry)
    {
        if (number_of(entry, "seq") > wish->seq && number_of(entry, "at_ms") <= until &&
            strcmp(text_of(entry, "kind"), "view.opened") == 0 &&
            strcmp(text_of(entry, "callback_id"), "approve_form") == 0 &&
            strcmp(text_of(entry, "user"), wish->user) == 0)
            return true;
    }
    return false;
}

void check_acks(const struct evidence *evidence, struct verdict *verdict)
{
    enum { MAX_MS = 60 * 1000 }; /* Slack is asked about people for 30 s, and the bot may die */
    size_t i;
    json_t *sent;
    json_array_foreach(evidence->log, i, sent)
    {
        struct wish wish;
        if (strcmp(text_of(sent, "kind"), "envelope.sent") != 0)
            continue;
        read_wish(sent, &wish);
        const json_t *ack = wish.event != NULL ? ack_of(evidence, i) : NULL;
        if (ack == NULL || number_of(ack, "seq") < restored_at(evidence))
            continue;
        json_int_t until = number_of(ack, "at_ms") + MAX_MS;
        if (!did(evidence, &wish, until) && !was_told(evidence, &wish, until) &&
            !was_shown(evidence, &wish, until))
            broken(verdict, "I3", "%s of %s was acknowledged, and is lost", wish.event, wish.user);
    }
}

/* --- the end --- */

/* By a message of its own, or by one that was brought to the present. */
static bool heard_the_end(const struct evidence *evidence, const json_t *offer)
{
    const char *label = label_of(text_of(offer, "state"));
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        const char *text = text_of(entry, "text");
        const char *what = text_of(entry, "what");
        if ((strcmp(what, "posted") == 0 || strcmp(what, "updated") == 0) &&
            is_direct(evidence, text_of(entry, "channel"), text_of(offer, "requester")) &&
            number_after(text, "CPPO-") == number_of(offer, "number") && label != NULL &&
            strstr(text, label) != NULL)
            return true;
    }
    return false;
}

static void check_effects(const struct evidence *evidence, struct verdict *verdict)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "effect"), i, row)
    {
        if (strcmp(text_of(row, "state"), "waiting") != 0)
            broken(verdict, "I3", "%s stays %s", text_of(row, "type"), text_of(row, "state"));
    }
    if (json_array_size(rows_of(evidence, "pending_action")) > 0)
        broken(verdict, "I3", "a click is never settled");
}

void check_ends(const struct evidence *evidence, struct verdict *verdict)
{
    static const char *const passing[] = {"approved", "publishing", NULL};
    static const char *const working[] = {"making", "updating", "releasing", NULL};
    static const char *const open[] = {"starting", "lost", "running", NULL};
    size_t i;
    json_t *row;
    check_effects(evidence, verdict);
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        if (in_list(text_of(row, "state"), passing))
            broken(verdict, "I3", "CPPO-%lld is stuck: %s", (long long)number_of(row, "number"),
                   text_of(row, "state"));
        if (!heard_the_end(evidence, row))
            broken(verdict, "I3", "%s was not told that CPPO-%lld is %s", text_of(row, "requester"),
                   (long long)number_of(row, "number"), text_of(row, "state"));
    }
    json_array_foreach(rows_of(evidence, "draft"), i, row)
    {
        if (in_list(text_of(row, "state"), working))
            broken(verdict, "I3", "the draft of CPPO-%lld is stuck: %s",
                   (long long)number_of(row, "offer"), text_of(row, "state"));
    }
    json_array_foreach(rows_of(evidence, "change_set"), i, row)
    {
        if (in_list(text_of(row, "state"), open))
            broken(verdict, "I3", "a change set of CPPO-%lld (%s) is stuck: %s",
                   (long long)number_of(row, "offer"), text_of(row, "purpose"),
                   text_of(row, "state"));
    }
}
