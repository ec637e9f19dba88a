#include "views/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json.h"
#include "offers/rejection.h"
#include "offers/remarks.h"
#include "offers/zone.h"
#include "parts.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/form_fields.h"
#include "views/form_rare.h"

enum { OPTIONS_BYTES = 18000, MAX_OPTIONS = 100 };

static const char incoming_page[] =
    "https://aws.amazon.com/marketplace/management/partners/incoming";

/* --- the form --- */

/* "Archera-Partner-Subscription-2024 · 0.008 USD · once only": its name, cut where it must be, and
 * what tells it from others. */
char *form_authorization_label(const struct authorization *authorization)
{
    enum { POINTS = 75 };
    struct text tail = {0};
    const char *name = *authorization->name != '\0' ? authorization->name : authorization->id;
    if (*authorization->unit_price != '\0')
        text_addf(&tail, " · %s %s", authorization->unit_price, authorization->currency);
    if (authorization->single_use)
        text_add(&tail, " · once only");
    if (authorization->buyer_count > 0)
        text_addf(&tail, " · for %zu %s", authorization->buyer_count,
                  authorization->buyer_count == 1 ? "buyer" : "buyers");
    size_t capacity = POINTS - text_points(text_get(&tail));
    bool whole = text_points(name) <= capacity;
    size_t cut = whole ? strlen(name) : text_cut(name, capacity - 1);
    char *label = text_format("%.*s%s%s", (int)cut, name, whole ? "" : "…", text_get(&tail));
    text_free(&tail);
    return label;
}

static json_t *authorization_option(const struct authorization *authorization)
{
    if (authorization == NULL)
        return NULL;
    char *label = form_authorization_label(authorization);
    json_t *choice = blocks_option(label, authorization->id);
    free(label);
    return choice;
}

/* Adds those that may be chosen and whose name or id contains ${typed}, as many as Slack accepts.
 * False: some did not fit. */
static bool add_options(json_t *options, size_t *bytes, const struct form_choices *choices,
                        const char *typed, bool single_use)
{
    for (size_t i = 0; i < choices->count; i++) {
        const struct authorization *one = &choices->list[i];
        if (one->single_use != single_use || authorization_unusable(one, choices->now) != NULL ||
            (strcasestr(one->name, typed) == NULL && strcasestr(one->id, typed) == NULL))
            continue;
        json_t *choice = authorization_option(one);
        char *text = json_write(json_incref(choice));
        *bytes += strlen(text) + 1;
        free(text);
        if (*bytes > OPTIONS_BYTES || json_array_size(options) == MAX_OPTIONS) {
            json_decref(choice);
            return false;
        }
        json_array_append_new(options, choice);
    }
    return true;
}

/* Those that can be used again first. */
static json_t *matching_options(const struct form_choices *choices, const char *typed, bool *all)
{
    json_t *options = json_array();
    size_t bytes = 0;
    *all = add_options(options, &bytes, choices, typed, false) &&
           add_options(options, &bytes, choices, typed, true);
    return options;
}

static bool has_option(const json_t *options, const json_t *choice)
{
    size_t i;
    const json_t *one;
    json_array_foreach(options, i, one)
    {
        if (json_equal(json_object_get(one, "value"), json_object_get(choice, "value")))
            return true;
    }
    return false;
}

/* A ready-made list if the person may see it and Slack accepts all of it; otherwise one that Slack
 * fetches as they type. */
static json_t *authorization_input(const struct form_view *view)
{
    bool all;
    json_t *chosen = authorization_option(view->authorization);
    json_t *options = matching_options(&view->choices, "", &all);
    if (all && chosen != NULL && json_array_size(options) > 0 && !has_option(options, chosen)) {
        json_array_insert(options, 0, chosen); /* what was chosen before stays to be seen */
        all = json_array_size(options) <= MAX_OPTIONS;
    }
    if (all && json_array_size(options) > 0)
        return blocks_input_select(field_name(FIELD_AUTHORIZATION), options, chosen);
    json_decref(options);
    return blocks_input_external(field_name(FIELD_AUTHORIZATION), chosen,
                                 "Choose what the ISV extended to us");
}

static void add_input(json_t *blocks, enum field field, const char *hint, bool optional,
                      json_t *element)
{
    json_array_append_new(
        blocks, blocks_input(field_name(field), field_label(field), hint, optional, element));
}

/* What Slack takes as the first value of a date, else NULL: as form_fields_url. */
static const char *date_or_none(const char *typed)
{
    int32_t day;
    return typed != NULL && date_read(&day, typed) ? typed : NULL;
}

/* What follows from what stands in the field. */
static void add_words(json_t *blocks, const struct form_view *view, enum field field)
{
    if (view->words.below[field] != NULL)
        json_array_append_new(blocks, form_fields_words(field, view->words.below[field]));
}

/* We are told when something is chosen in the field that was added last. */
static void tell_of_choices(json_t *blocks)
{
    json_object_set_new(json_array_get(blocks, json_array_size(blocks) - 1), "dispatch_action",
                        json_true());
}

/* What was extended since is not among them. NULL: nothing is to be said; else on the heap. */
static char *list_age(int minutes)
{
    return minutes < 1 ? NULL
                       : text_format("As AWS listed them %d minute%s ago. One that was extended "
                                     "since will be here within ten minutes: open the form again.",
                                     minutes, minutes == 1 ? "" : "s");
}

/* Enter shows what the customer pays. */
static void add_markup(json_t *blocks, const struct form_view *view)
{
    json_t *input = blocks_input_text("markup", view->values.typed[FIELD_MARKUP], false, 30, "25");
    json_object_set_new(input, "dispatch_action_config",
                        json_pack("{s:[s]}", "trigger_actions_on", "on_enter_pressed"));
    add_input(blocks, FIELD_MARKUP,
              "In percent, for example 25 or 33.3. Or the price that the customer is to pay, for "
              "example =0.0125 or 0.0125 USD. Enter shows what comes of it.",
              false, input);
    tell_of_choices(blocks);
    add_words(blocks, view, FIELD_MARKUP);
}

static json_t *playbook_input(const struct form_view *view)
{
    const char *chosen = view->values.typed[FIELD_PLAYBOOK];
    json_t *options = json_pack("[o]", blocks_option("No playbook", FORM_NO_PLAYBOOK));
    json_t *initial = NULL;
    for (size_t i = 0; i < view->playbook_count; i++) {
        const char *name = view->playbooks[i].name;
        json_array_append_new(options, blocks_option(name, name));
        if (chosen != NULL && text_same_nocase(chosen, name))
            initial = blocks_option(name, name);
    }
    return blocks_input_select("playbook", options, initial);
}

static void add_playbook(json_t *blocks, const struct form_view *view)
{
    if (view->playbook_count == 0)
        return;
    add_input(blocks, FIELD_PLAYBOOK, "Fills in the rest. What you have typed yourself stays.",
              true, playbook_input(view));
    tell_of_choices(blocks);
    add_words(blocks, view, FIELD_PLAYBOOK);
}

static bool is_closed(const struct form_view *view)
{
    return view->closed && form_rare_fits(&view->values);
}

static void add_rare(json_t *blocks, const struct form_view *view)
{
    json_t *fields = is_closed(view) ? json_pack("[o]", form_rare_closed(&view->values))
                                     : form_rare_blocks(&view->values);
    json_array_extend(blocks, fields);
    json_decref(fields);
}

static void add_inputs(json_t *blocks, const struct form_view *view)
{
    const char *const *typed = view->values.typed;
    char *age = list_age(view->list_minutes);
    add_playbook(blocks, view);
    add_input(blocks, FIELD_AUTHORIZATION, age, false, authorization_input(view));
    free(age);
    tell_of_choices(blocks);
    add_words(blocks, view, FIELD_AUTHORIZATION);
    add_input(blocks, FIELD_CUSTOMER, "For us; the buyer does not see it.", false,
              blocks_input_text("customer", typed[FIELD_CUSTOMER], false, CUSTOMER_POINTS,
                                "Example Corp"));
    add_input(blocks, FIELD_BUYERS,
              "AWS accounts of 12 digits, separated by commas or lines: 123456789012, 210987654321",
              false, blocks_input_text("buyers", typed[FIELD_BUYERS], true, 1000, NULL));
    add_markup(blocks, view);
    add_input(blocks, FIELD_ACCEPT_BY, "The buyer can accept until the end of this day, UTC.",
              false, blocks_input_date("accept_by", date_or_none(typed[FIELD_ACCEPT_BY])));
    add_input(blocks, FIELD_NOTE, "Not shown to the buyer.", true,
              blocks_input_text("note", typed[FIELD_NOTE], true, NOTE_POINTS, NULL));
    add_rare(blocks, view);
}

static void add_top(json_t *blocks, const struct form_view *view)
{
    struct text line = {0};
    if (*view->remarks != '\0') {
        text_add(&line, "✏️ *");
        parts_add_actor(&line, &view->remarks_by);
        text_add(&line, "*: ");
        mrkdwn_escape(&line, view->remarks);
        json_array_append_new(blocks, blocks_section(text_get(&line)));
    }
    text_free(&line);
    if (*view->notice != '\0')
        json_array_append_new(blocks, blocks_section_plain(view->notice));
    const char *url = view->values.typed[FIELD_EULA_URL];
    if (url != NULL && *url != '\0' && form_rare_url(url) == NULL) {
        text_addf(&line, "“%s” is not a valid EULA address: it must begin with https://", url);
        json_array_append_new(blocks, blocks_section_plain(text_get(&line)));
        text_free(&line);
    }
}

/* What the remarks say of a field stands above it, for as long as the form is open. */
static void add_remarks(json_t *blocks, const struct form_view *view)
{
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(blocks, i), "block_id"));
        int field = id != NULL ? field_named(id) : -1;
        char *said = field >= 0 ? remarks_at(view->remarks, (enum field)field) : NULL;
        if (said == NULL)
            continue;
        struct text line = {0};
        text_add(&line, "✏️ ");
        parts_add_actor(&line, &view->remarks_by);
        text_add(&line, ": ");
        mrkdwn_escape(&line, said);
        json_array_insert_new(blocks, i++, blocks_context(text_get(&line)));
        text_free(&line);
        free(said);
    }
}

char *form_origin_write(const struct form_origin *origin)
{
    const struct reference *request = &origin->request;
    json_t *root =
        json_pack("{s:s, s:I, s:i, s:s, s:s, s:b}", "form", origin->form_id, "request",
                  (json_int_t)request->number, "revision", request->revision, "digest",
                  request->digest, "place", origin->place, "whispered", origin->whispered);
    if (*origin->playbook != '\0')
        json_object_set_new(root, "playbook", json_string(origin->playbook));
    if (origin->copied.number != 0) {
        char copied[REFERENCE_TEXT];
        reference_write(&origin->copied, copied);
        json_object_set_new(root, "copied", json_string(copied));
    }
    return json_write(root);
}

/* With what stands behind "More". */
static char *metadata_write(const struct form_origin *from, const struct form_view *view)
{
    char *text = form_origin_write(from);
    json_t *root = is_closed(view) ? json_loads(text, 0, NULL) : NULL;
    if (root == NULL)
        return text;
    free(text);
    form_rare_keep(root, &view->values);
    return json_write(root);
}

json_t *form_modal(const struct form_view *view)
{
    json_t *blocks = json_array();
    char title[40];
    struct form_origin from = {.request = {.number = view->offer, .revision = view->revision},
                               .copied = view->copied};
    text_fit(from.request.digest, sizeof(from.request.digest), view->digest);
    text_fit(from.form_id, sizeof(from.form_id), view->form_id);
    if (view->playbook_count > 0 && view->values.typed[FIELD_PLAYBOOK] != NULL)
        text_fit(from.playbook, sizeof(from.playbook), view->values.typed[FIELD_PLAYBOOK]);
    char *origin = metadata_write(&from, view);
    if (view->offer != 0)
        snprintf(title, sizeof(title), "Edit CPPO-%lld", (long long)view->offer);
    else if (view->copied.number != 0)
        snprintf(title, sizeof(title), "Copy of CPPO-%lld", (long long)view->copied.number);
    else
        snprintf(title, sizeof(title), "New private offer");
    add_top(blocks, view);
    add_inputs(blocks, view);
    add_remarks(blocks, view);
    json_t *whole =
        blocks_modal("offer_form", title, "Send for approval", "Cancel", origin, blocks);
    free(origin);
    return whole;
}

bool form_origin_read(const char *private_metadata, struct form_origin *origin)
{
    json_t *root = json_loads(private_metadata, JSON_REJECT_DUPLICATES, NULL);
    const char *form = json_string_value(json_object_get(root, "form"));
    const char *digest = json_string_value(json_object_get(root, "digest"));
    const char *place = json_string_value(json_object_get(root, "place"));
    json_int_t revision = json_integer_value(json_object_get(root, "revision"));
    const char *copied = json_string_value(json_object_get(root, "copied"));
    const char *playbook = json_string_value(json_object_get(root, "playbook"));
    const json_t *number = json_object_get(root, "request");
    if (number == NULL) /* a form that an earlier version opened */
        number = json_object_get(root, "offer");
    *origin = (struct form_origin){
        .request = {.number = json_integer_value(number), .revision = (int)revision},
        .whispered = json_is_true(json_object_get(root, "whispered"))};
    if (copied != NULL && !reference_read(&origin->copied, copied))
        origin->copied = (struct reference){.number = 0};
    bool good = form != NULL && *form != '\0' && revision >= 0 && revision < 1000000 &&
                text_fit(origin->form_id, sizeof(origin->form_id), form) &&
                text_fit(origin->request.digest, REFERENCE_DIGEST, digest != NULL ? digest : "") &&
                text_fit(origin->place, sizeof(origin->place), place != NULL ? place : "");
    text_fit(origin->playbook, sizeof(origin->playbook), playbook != NULL ? playbook : "");
    json_decref(root);
    return good;
}

char *form_unsellable(const struct authorization *list, size_t count)
{
    enum { MAX_NAMED = 5 };
    struct text lines = {0};
    for (size_t i = 0; i < count && i < MAX_NAMED; i++)
        text_addf(&lines, "%s“%s” is not listed because it %s.", i > 0 ? "\n" : "",
                  *list[i].name != '\0' ? list[i].name : list[i].id,
                  authorization_unsellable(&list[i]));
    if (count > MAX_NAMED)
        text_addf(&lines, "\n%zu more are not listed for similar reasons.", count - MAX_NAMED);
    return text_take(&lines);
}

/* --- authorizations --- */

/* Nothing has been read yet, which says nothing about what exists. */
static json_t *not_read(const char *unread)
{
    static const char failed[] =
        "*AWS has not told me yet what may be sold.* The last try failed: ";
    static const char asking[] = "*I am still reading from AWS what may be sold.* Try again in a "
                                 "minute.";
    struct text line = {0};
    text_add(&line, *unread != '\0' ? failed : asking);
    if (*unread != '\0') {
        mrkdwn_escape(&line, unread);
        text_add(&line, ". I'll keep trying; if it lasts, tell whoever runs this bot.");
    }
    json_t *whole =
        blocks_message(text_get(&line), json_pack("[o]", blocks_section(text_get(&line))));
    text_free(&line);
    return whole;
}

/* AWS Marketplace seller guide, "Creating a resale authorization": both sides need the role, and a
 * finished registration. AWS does not say which of these it is. */
static const char none_listed[] =
    "\nAWS lists none for our account. Either the ISV has not extended one to us yet, or the "
    "service-linked role AWSServiceRoleForMarketplaceResaleAuthorization is missing in our account "
    "or theirs, or our registration as a paid seller is not finished. An operator of this bot can "
    "look.";

json_t *form_nothing_usable(const struct authorization *known, size_t count, int64_t now,
                            const char *unread, const char *support_contact)
{
    if (unread != NULL && count == 0)
        return not_read(unread);
    json_t *blocks = json_array();
    struct text line = {0};
    text_add(&line,
             "*No resale authorization can be used at the moment*, so no offer can be created.");
    for (size_t i = 0; i < count && i < 10; i++) {
        const char *why = authorization_unusable(&known[i], now);
        text_add(&line, "\n• ");
        mrkdwn_escape(&line, *known[i].name != '\0' ? known[i].name : known[i].id);
        text_add(&line, " ");
        text_add(&line, why != NULL ? why : "belongs to another approved offer");
    }
    if (count == 0)
        text_add(&line, none_listed);
    json_array_append_new(blocks, blocks_section(text_get(&line)));
    text_clear(&line);
    text_add(&line, "See ");
    mrkdwn_link(&line, incoming_page, "AWS's page of incoming authorizations");
    text_add(&line, " for what was extended to us.");
    if (*support_contact != '\0') {
        text_add(&line, "\nFor a new one, or another tier, ask ");
        mrkdwn_escape(&line, support_contact);
        text_add(&line, ".");
    }
    json_array_append_new(blocks, blocks_section(text_get(&line)));
    text_free(&line);
    return blocks_message("No resale authorization can be used at the moment.", blocks);
}

json_t *form_options(const struct form_choices *choices, const char *typed)
{
    bool all;
    return json_pack("{s:o}", "options", matching_options(choices, typed, &all));
}

/* --- reasons --- */

static json_t *code_input(void)
{
    json_t *options = json_array();
    for (size_t i = 0; i < rejection_count; i++)
        json_array_append_new(options, blocks_option(rejections[i].label, rejections[i].code));
    return blocks_input("code", "Reason", NULL, true, blocks_input_select("code", options, NULL));
}

json_t *form_reason(const struct reason_form *form, const struct form_origin *origin)
{
    char *metadata = form_origin_write(origin);
    char *title = text_format("%s CPPO-%lld", form->title, (long long)origin->request.number);
    const char *hint = form->hint != NULL ? form->hint : "The requester reads this.";
    json_t *blocks = json_array();
    if (form->coded)
        json_array_append_new(blocks, code_input());
    json_array_append_new(
        blocks, blocks_input("reason", form->question, hint, form->coded,
                             blocks_input_text("reason", NULL, true, REASON_POINTS, NULL)));
    json_t *whole =
        blocks_modal(form->callback_id, title, form->submit, "Cancel", metadata, blocks);
    free(title);
    free(metadata);
    return whole;
}

json_t *form_schedule(const struct form_time *form, const struct form_origin *origin)
{
    char *metadata = form_origin_write(origin);
    char *title = text_format("Schedule CPPO-%lld", (long long)origin->request.number);
    const char *none = form->set ? "To set no time any more, empty date and time." : NULL;
    json_t *blocks = json_array();
    json_array_append_new(
        blocks, blocks_section_plain("It is published at this time if it is approved by then, "
                                     "else as soon as it is."));
    json_array_append_new(
        blocks, blocks_input("day", "Date", none, form->set, blocks_input_date("day", form->day)));
    json_array_append_new(blocks, blocks_input("clock", "Time", NULL, form->set,
                                               blocks_input_time("clock", form->clock)));
    json_array_append_new(
        blocks, blocks_input("zone", "Time zone",
                             "Like Europe/Berlin, or UTC. Empty: your time zone in Slack.", true,
                             blocks_input_text("zone", form->zone, false, ZONE_NAME - 1, NULL)));
    json_t *whole =
        blocks_modal("schedule_form", title, "Set the time", "Cancel", metadata, blocks);
    free(title);
    free(metadata);
    return whole;
}
