#include "config_playbooks.h"

#include <stdlib.h>
#include <string.h>

#include "config_values.h"
#include "mem.h"
#include "offers/rules.h"
#include "offers/taken.h"

/* What is read. */
struct playbooks_reading {
    const struct config *config;
    const char *path;
    struct text *problems;
    struct config_playbook *written;
    struct playbook *into;
};

static const char *given(const char *text)
{
    return *text != '\0' ? text : NULL;
}

/* ${rest} continues "${key} “${value}” ". */
static void refuse(struct playbooks_reading *r, const char *key, const char *value,
                   const char *rest)
{
    config_wrong(r->problems, r->path, r->written->line, "playbooks “%.40s”: %s “%.60s” %s",
                 r->written->name, key, value, rest);
}

/* The markup of its tier goes where one of its own would stand. */
static void take_tier(struct playbooks_reading *r)
{
    struct config_playbook *written = r->written;
    const struct config *config = r->config;
    char markup[DECIMAL_TEXT];
    bool known = false;
    if (*written->tier == '\0')
        return;
    if (*written->markup != '\0')
        refuse(r, "markup", written->markup, "stands beside a tier; write one of the two");
    for (size_t i = 0; i < config->tier_count && !known; i++) {
        if (strcmp(config->tiers[i].name, written->tier) != 0)
            continue;
        decimal_write(config->tiers[i].markup, markup);
        free(written->markup);
        written->markup = mem_copy(markup);
        known = true;
    }
    if (!known)
        refuse(r, "tier", written->tier, "is not one of offer.tiers");
}

static void read_markup(struct playbooks_reading *r)
{
    struct decimal markup;
    const char *text = r->written->markup;
    if (*text == '\0')
        return;
    if (!decimal_read(&markup, text))
        refuse(r, "markup", text, "is not a percentage; write digits such as 50 or 33.3");
    else if (decimal_compare(markup, r->config->markup_cap) > 0)
        refuse(r, "markup", text, "is more than offer.markup_cap");
    r->into->form.typed[FIELD_MARKUP] = text;
}

static void read_term(struct playbooks_reading *r)
{
    const char *text = r->written->term;
    const char *term = *text != '\0' ? term_labelled(text) : NULL;
    if (*text != '\0' && term == NULL)
        refuse(r, "term", text,
               "is none; write 10 years, 5 years, 3 years, 1 year or as authorized");
    r->into->form.typed[FIELD_TERM] = term;
}

static void read_eula(struct playbooks_reading *r)
{
    const struct config_playbook *written = r->written;
    int eula = eula_named(written->eula);
    if (*written->eula != '\0' && eula < 0)
        refuse(r, "eula", written->eula, "is none; write as_authorized, standard or custom");
    if (*written->eula_url != '\0' && eula != EULA_CUSTOM)
        refuse(r, "eula_url", written->eula_url, "needs eula: custom");
    else if (*written->eula_url != '\0' &&
             (!taken_address(written->eula_url) || strlen(written->eula_url) > URL_BYTES))
        refuse(r, "eula_url", written->eula_url, "is not an address in S3 with https://");
    r->into->form.typed[FIELD_EULA] = given(written->eula);
    r->into->form.typed[FIELD_EULA_URL] = given(written->eula_url);
}

static void read_texts(struct playbooks_reading *r)
{
    const struct config_playbook *written = r->written;
    if (strlen(written->name) >= PLAYBOOK_NAME || text_unseen(written->name) > 0 ||
        strpbrk(written->name, "=\n") != NULL)
        refuse(r, "name", written->name, "cannot be chosen; use at most 60 letters, without =");
    const char *offer = written->offer_name;
    if (*offer != '\0' &&
        (!taken_name(offer) || taken_name_sign(offer) != NULL || text_utf16(offer) > NAME_POINTS))
        refuse(r, "offer_name", offer, "is no name that AWS takes");
    if (text_points(written->note) > NOTE_POINTS)
        refuse(r, "note", written->note, "is longer than a note may be: 1000 characters");
    r->into->form.typed[FIELD_OFFER_NAME] = given(written->offer_name);
    r->into->form.typed[FIELD_NOTE] = given(written->note);
}

static void check_list(struct playbooks_reading *r)
{
    struct rule_lists lists;
    const char *name = r->written->list;
    config_lists(r->config, &lists);
    int list = *name != '\0' ? rules_list(&lists, name) : -1;
    if (*name != '\0' && list < 0)
        refuse(r, "for", name,
               "is no list of people; write requesters, approvers, operators, or one of "
               "approvals.groups");
    else if (list >= 0 && lists.at[list].users[0] == NULL && !lists.at[list].groups)
        refuse(r, "for", name, "has nobody on it");
}

static void read_one(struct playbooks_reading *r)
{
    const struct config_playbook *written = r->written;
    *r->into = (struct playbook){.name = written->name,
                                 .authorization = written->authorization,
                                 .list = written->list,
                                 .price = written->price,
                                 .days = written->days};
    take_tier(r);
    read_markup(r);
    read_term(r);
    read_eula(r);
    read_texts(r);
    check_list(r);
}

void config_playbooks_read(struct config *config, const char *path, struct text *problems)
{
    struct playbooks_reading r = {.config = config, .path = path, .problems = problems};
    if (config->preset_count == 0)
        return;
    config->playbooks = mem_new(config->preset_count, sizeof(*config->playbooks));
    for (size_t i = 0; i < config->preset_count; i++) {
        r.written = &config->presets[i];
        r.into = &config->playbooks[i];
        if (playbook_named(config->playbooks, i, r.written->name) != NULL)
            refuse(&r, "name", r.written->name, "is taken by another, but for capital letters");
        read_one(&r);
    }
}
