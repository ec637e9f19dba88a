/* I1: released and announced at most once. I2: only after enough valid approvals of exactly that
 * content. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* When the log saw it released: the entry; NULL: never. */
static const json_t *release_of(const struct evidence *evidence, const char *entity)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        if (strcmp(text_of(entry, "kind"), "market.entity") == 0 &&
            strcmp(text_of(entry, "id"), entity) == 0 &&
            strcmp(text_of(entry, "state"), "Released") == 0)
            return entry;
    }
    return NULL;
}

/* The line "name=..." of a revision's content equals ${value}. */
static bool content_says(const char *content, const char *name, const char *value)
{
    char line[600];
    snprintf(line, sizeof(line), "%s=%s\n", name, value);
    const char *at = strstr(content, line);
    return at != NULL && (at == content || at[-1] == '\n');
}

static void joined_buyers(const json_t *offer, char *all, size_t room)
{
    size_t i, j;
    json_t *rule, *buyer;
    *all = '\0';
    json_array_foreach(json_object_get(offer, "rules"), i, rule)
    {
        const json_t *target = json_object_get(rule, "PositiveTargeting");
        json_array_foreach(json_object_get(target, "BuyerAccounts"), j, buyer)
        {
            size_t used = strlen(all);
            snprintf(all + used, room - used, "%s%s", used > 0 ? " " : "",
                     json_string_value(buyer));
        }
    }
}

static const char *end_date(const json_t *offer)
{
    size_t i;
    json_t *rule;
    json_array_foreach(json_object_get(offer, "rules"), i, rule)
    {
        if (*text_of(rule, "AvailabilityEndDate") != '\0')
            return text_of(rule, "AvailabilityEndDate");
    }
    return "";
}

static void check_content(const struct evidence *evidence, json_int_t number, json_int_t revision,
                          const json_t *offer, struct verdict *verdict)
{
    char buyers[500];
    size_t i;
    json_t *row;
    joined_buyers(offer, buyers, sizeof(buyers));
    json_array_foreach(rows_of(evidence, "revision"), i, row)
    {
        const char *content = text_of(row, "content");
        if (number_of(row, "offer") != number || number_of(row, "revision") != revision)
            continue;
        if (!content_says(content, "markup", text_of(offer, "MarkupPercentage")) ||
            !content_says(content, "buyers", buyers) ||
            !content_says(content, "accept_by", end_date(offer)) ||
            !content_says(content, "offer_name", text_of(offer, "Name")) ||
            !content_says(content, "authorization", text_of(offer, "ResaleAuthorizationId")))
            broken(verdict, "I2",
                   "CPPO-%lld r%lld was released with another content than was approved",
                   (long long)number, (long long)revision);
        return;
    }
    broken(verdict, "I2", "CPPO-%lld r%lld was released and is not in the book", (long long)number,
           (long long)revision);
}

/* Slack saw the person click Approve on exactly this revision, before the release. */
static bool clicked(const struct evidence *evidence, const char *person, json_int_t number,
                    json_int_t revision, json_int_t before)
{
    char value[60];
    size_t i;
    json_t *entry;
    snprintf(value, sizeof(value), "%lld.%lld", (long long)number, (long long)revision);
    json_array_foreach(evidence->log, i, entry)
    {
        if (strcmp(text_of(entry, "kind"), "envelope.sent") == 0 &&
            strcmp(text_of(entry, "user"), person) == 0 &&
            strcmp(text_of(entry, "action"), "approve") == 0 &&
            strcmp(text_of(entry, "value"), value) == 0 && number_of(entry, "seq") < before)
            return true;
    }
    return false;
}

static bool may_approve(const struct evidence *evidence, const char *person)
{
    size_t i, j;
    json_t *group, *user;
    json_array_foreach(json_object_get(evidence->state, "groups"), i, group)
    {
        json_array_foreach(json_object_get(group, "users"), j, user)
        {
            if (strcmp(text_of(group, "handle"), "managers") == 0 &&
                strcmp(json_string_value(user), person) == 0)
                return true;
        }
    }
    return false;
}

static void check_votes(const struct evidence *evidence, json_int_t number, json_int_t revision,
                        const json_t *release, struct verdict *verdict)
{
    const char *requester = text_of(offer_row(evidence, number), "requester");
    int good = 0;
    size_t i;
    json_t *vote;
    json_array_foreach(rows_of(evidence, "vote"), i, vote)
    {
        const char *person = text_of(vote, "person");
        if (number_of(vote, "offer") != number || number_of(vote, "revision") != revision ||
            strcmp(text_of(vote, "verdict"), "approve") != 0)
            continue;
        good += strcmp(person, requester) != 0 && may_approve(evidence, person) &&
                number_of(vote, "at") <= number_of(release, "at_ms") &&
                clicked(evidence, person, number, revision, number_of(release, "seq"));
    }
    if (good < evidence->needed)
        broken(verdict, "I2", "CPPO-%lld r%lld was released with %d valid approvals of %d",
               (long long)number, (long long)revision, good, evidence->needed);
}

static void check_announcements(const struct evidence *evidence, json_int_t number,
                                struct verdict *verdict)
{
    int posts = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        posts += strcmp(text_of(entry, "kind"), "slack.message") == 0 &&
                 strcmp(text_of(entry, "what"), "posted") == 0 &&
                 strcmp(text_of(entry, "channel"), "C0OFFERS") == 0 &&
                 number_after(text_of(entry, "text"), "CPPO-") == number;
    }
    if (posts != 1)
        broken(verdict, posts > 1 ? "I1" : "I3", "CPPO-%lld was announced %d times",
               (long long)number, posts);
}

static void check_number(const struct evidence *evidence, const json_t *row,
                         struct verdict *verdict)
{
    json_int_t number = number_of(row, "number"), releases = 0;
    static const char *const out[] = {"published", "accepted", "expired", "closed", NULL};
    const char *entity;
    json_t *offer;
    json_t *offers = json_object_get(json_object_get(evidence->state, "market"), "offers");
    json_object_foreach(offers, entity, offer)
    {
        if (number_after(text_of(offer, "Description"), "CPPO-") == number)
            releases += number_of(offer, "release_count");
    }
    bool said = in_list(text_of(row, "state"), out);
    if (releases > 1)
        broken(verdict, "I1", "CPPO-%lld was released %lld times", (long long)number,
               (long long)releases);
    if ((releases > 0) != said)
        broken(verdict, "I3", "CPPO-%lld is %s in the book, and AWS has %s it", (long long)number,
               text_of(row, "state"), releases > 0 ? "released" : "not released");
    if (releases > 0)
        check_announcements(evidence, number, verdict);
}

void check_releases(const struct evidence *evidence, struct verdict *verdict)
{
    const char *entity;
    json_t *offer, *row;
    size_t i;
    json_t *offers = json_object_get(json_object_get(evidence->state, "market"), "offers");
    json_object_foreach(offers, entity, offer)
    {
        const json_t *release = release_of(evidence, entity);
        const char *about = text_of(offer, "Description");
        const char *mark = strstr(about, "CPPO-");
        json_int_t number = number_after(about, "CPPO-");
        json_int_t revision = mark != NULL ? number_after(mark, " r") : 0;
        if (number_of(offer, "release_count") == 0)
            continue;
        if (release == NULL || offer_row(evidence, number) == NULL) {
            broken(verdict, "I2", "%s was released, and nobody asked for it", entity);
            continue;
        }
        check_content(evidence, number, revision, offer, verdict);
        check_votes(evidence, number, revision, release, verdict);
    }
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        check_number(evidence, row, verdict);
    }
}
