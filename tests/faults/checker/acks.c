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

static bool is_revision(const struct evidence *evidence, const char *metadata)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "revision"), i, row)
    {
        if (strstr(metadata, text_of(row, "form")) != NULL)
            return true;
    }
    return false;
}

static bool has_approved(const struct evidence *evidence, const char *person, json_int_t number,
                         json_int_t revision)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "vote"), i, row)
    {
        if (number_of(row, "offer") == number && number_of(row, "revision") == revision &&
            strcmp(text_of(row, "person"), person) == 0 &&
            strcmp(text_of(row, "verdict"), "approve") == 0)
            return true;
    }
    return false;
}

static bool has_moved(const struct evidence *evidence, const char *person, const char *event)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "move"), i, row)
    {
        if (strcmp(text_of(row, "event"), event) == 0 && strcmp(text_of(row, "who"), person) == 0)
            return true;
    }
    return false;
}

/* Did it do what the person wanted? ${event}: what the history calls it, NULL: it leaves no trace
 * there. */
static bool did(const struct evidence *evidence, const json_t *sent, const char **event)
{
    const char *user = text_of(sent, "user"), *form = text_of(sent, "form");
    const char *action = text_of(sent, "action"), *value = text_of(sent, "value");
    const char *dot = strchr(value, '.');
    *event = NULL;
    if (strcmp(text_of(sent, "payload_type"), "view_submission") == 0 &&
        strcmp(form, "offer_form") == 0) {
        *event = "submit";
        return is_revision(evidence, text_of(sent, "metadata"));
    }
    if (strcmp(text_of(sent, "payload_type"), "view_submission") == 0)
        *event = strcmp(form, "reject_form") == 0    ? "reject"
                 : strcmp(form, "changes_form") == 0 ? "request_changes"
                                                     : NULL;
    else if (strcmp(action, "approve") == 0)
        *event = "approve";
    else if (strcmp(action, "retry") == 0 || strcmp(action, "withdraw") == 0)
        *event = action;
    else if (strstr(value, "withdraw CPPO-") != NULL)
        *event = "withdraw";
    if (*event == NULL)
        return true;
    if (strcmp(*event, "approve") == 0)
        return has_approved(evidence, user, strtoll(value, NULL, 10),
                            dot != NULL ? strtoll(dot + 1, NULL, 10) : 0);
    return has_moved(evidence, user, *event);
}

void check_acks(const struct evidence *evidence, struct verdict *verdict)
{
    size_t i;
    json_t *sent;
    json_array_foreach(evidence->log, i, sent)
    {
        const char *event;
        if (strcmp(text_of(sent, "kind"), "envelope.sent") != 0 || did(evidence, sent, &event) ||
            ack_of(evidence, i) == NULL) /* the dear question last */
            continue;
        if (!was_told(evidence, text_of(sent, "user"), number_of(sent, "seq")))
            broken(verdict, "I3", "%s of %s was acknowledged, and is lost", event,
                   text_of(sent, "user"));
    }
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool heard_the_end(const struct evidence *evidence, const json_t *offer)
{
    const char *label = label_of(text_of(offer, "state"));
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        const char *text = text_of(entry, "text");
        if (strcmp(text_of(entry, "what"), "posted") == 0 &&
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
    if (json_array_size(rows_of(evidence, "judgement")) > 0)
        broken(verdict, "I3", "a click is never judged");
}

void check_ends(const struct evidence *evidence, struct verdict *verdict)
{
    static const char *const passing[] = {"approved", "publishing", NULL};
    static const char *const working[] = {"making", "updating", "releasing", NULL};
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
}
