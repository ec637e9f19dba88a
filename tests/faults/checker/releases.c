/* I1: released and announced at most once. I2: only after enough valid approvals of exactly that
 * content. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* When the log saw it released: the entry, with what it was then; NULL: never. */
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

/* The value of the line "name=..." of a revision's content, with its \\n and \\\\ read; the caller
 * frees. NULL: no such line. */
static char *value_of(const char *content, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = content; *line != '\0';
         line += strcspn(line, "\n"), line += *line != 0) {
        if (strncmp(line, name, size) != 0 || line[size] != '=')
            continue;
        char *value = calloc(strcspn(line, "\n") + 1, 1), *to = value;
        for (const char *at = line + size + 1; value != NULL && *at != '\n' && *at != '\0'; at++) {
            bool escaped = *at == '\\' && at[1] != '\n' && at[1] != '\0';
            at += escaped;
            *to++ = escaped && *at == 'n' ? '\n' : *at;
        }
        return value;
    }
    return NULL;
}

static bool content_says(const char *content, const char *name, const char *value)
{
    char *said = value_of(content, name);
    bool same = said != NULL && strcmp(said, value) == 0;
    free(said);
    return same;
}

static bool has_buyer(const json_t *offer, const char *account)
{
    size_t i, j;
    json_t *rule, *buyer;
    json_array_foreach(json_object_get(offer, "rules"), i, rule)
    {
        const json_t *target = json_object_get(rule, "PositiveTargeting");
        json_array_foreach(json_object_get(target, "BuyerAccounts"), j, buyer)
        {
            if (strcmp(json_string_value(buyer), account) == 0)
                return true;
        }
    }
    return false;
}

static size_t count_buyers(const json_t *offer)
{
    size_t i, count = 0;
    json_t *rule;
    json_array_foreach(json_object_get(offer, "rules"), i, rule)
    {
        count += json_array_size(
            json_object_get(json_object_get(rule, "PositiveTargeting"), "BuyerAccounts"));
    }
    return count;
}

/* The same accounts, in any order: AWS keeps them as a set. */
static bool same_buyers(const char *content, const json_t *offer)
{
    char *buyers = value_of(content, "buyers");
    char *rest = NULL;
    size_t found = 0, count = 0;
    for (char *one = buyers != NULL ? strtok_r(buyers, "\n", &rest) : NULL; one != NULL;
         one = strtok_r(NULL, "\n", &rest)) {
        found += has_buyer(offer, one);
        count++;
    }
    free(buyers);
    return count > 0 && found == count && count_buyers(offer) == count;
}

/* The term of this type among the offer's; NULL: AWS takes the authorization's. */
static const json_t *term_of(const json_t *offer, const char *type)
{
    size_t i;
    json_t *term;
    json_array_foreach(json_object_get(offer, "terms"), i, term)
    {
        if (strcmp(text_of(term, "Type"), type) == 0)
            return term;
    }
    return NULL;
}

static bool same_eula(const char *content, const json_t *offer)
{
    const json_t *documents = json_object_get(term_of(offer, "LegalTerm"), "Documents");
    const json_t *document = json_array_get(documents, 0);
    const char *type = text_of(document, "Type");
    const char *eula = strcmp(type, "CustomEula") == 0     ? "custom"
                       : strcmp(type, "StandardEula") == 0 ? "standard"
                                                           : "as_authorized";
    return json_array_size(documents) <= 1 && content_says(content, "eula", eula) &&
           content_says(content, "eula_url", text_of(document, "Url"));
}

/* The customer stands in the description, in front of the offer's number. */
static bool same_customer(const char *content, const json_t *offer)
{
    char customer[1100];
    const char *about = text_of(offer, "Description");
    const char *end = strstr(about, " - CPPO-");
    snprintf(customer, sizeof(customer), "%.*s", end != NULL ? (int)(end - about) : 0, about);
    return content_says(content, "customer", customer);
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

/* The bot sets neither countries nor terms but these. */
static bool nothing_else(const json_t *offer)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(offer, "rules"), i, one)
    {
        const json_t *positive = json_object_get(one, "PositiveTargeting");
        if (json_array_size(json_object_get(positive, "CountryCodes")) > 0 ||
            json_object_get(one, "NegativeTargeting") != NULL)
            return false;
    }
    json_array_foreach(json_object_get(offer, "terms"), i, one)
    {
        if (strcmp(text_of(one, "Type"), "ValidityTerm") != 0 &&
            strcmp(text_of(one, "Type"), "LegalTerm") != 0)
            return false;
    }
    return true;
}

static bool same_content(const char *content, const json_t *offer)
{
    const char *given = text_of(term_of(offer, "ValidityTerm"), "AgreementDuration");
    const char *term = *given != '\0' ? given : "as_authorized";
    return content_says(content, "markup", text_of(offer, "MarkupPercentage")) &&
           content_says(content, "accept_by", end_date(offer)) &&
           content_says(content, "offer_name", text_of(offer, "Name")) &&
           content_says(content, "authorization", text_of(offer, "ResaleAuthorizationId")) &&
           content_says(content, "term", term) && same_buyers(content, offer) &&
           same_eula(content, offer) && same_customer(content, offer) && nothing_else(offer);
}

/* What the operators are told of an offer that is live and is not what was approved: who released
 * it tells which. */
static const char ours_differs[] = "what is live is not what was approved";
static const char theirs_differs[] =
    "was released in the AWS console, and is not what was approved";

/* The operators were told so of this offer, in their channel or directly. */
static bool was_alarmed(const struct evidence *evidence, json_int_t number, const char *words)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        const char *channel = text_of(entry, "channel");
        if (strcmp(text_of(entry, "kind"), "slack.message") == 0 &&
            (strcmp(channel, "C0OPERATORS") == 0 || is_direct(evidence, channel, "U0OLGA")) &&
            number_after(text_of(entry, "text"), "CPPO-") == number &&
            strstr(text_of(entry, "text"), words) != NULL)
            return true;
    }
    return false;
}

static void check_content(const struct evidence *evidence, json_int_t number, json_int_t revision,
                          const json_t *offer, struct verdict *verdict)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(evidence, "revision"), i, row)
    {
        if (number_of(row, "offer") != number || number_of(row, "revision") != revision)
            continue;
        if (!same_content(text_of(row, "content"), offer) &&
            !was_alarmed(evidence, number, ours_differs))
            broken(verdict, "I2",
                   "CPPO-%lld r%lld was released with another content than was approved",
                   (long long)number, (long long)revision);
        return;
    }
    broken(verdict, "I2", "CPPO-%lld r%lld was released and is not in the book", (long long)number,
           (long long)revision);
}

/* Approve, as a button that says what it approves or as the form that did; the button that only
 * opens the form approves nothing. */
static bool approves(const json_t *sent, json_int_t number, json_int_t revision)
{
    const char *metadata = text_of(sent, "metadata");
    char value[60];
    if (strcmp(text_of(sent, "payload_type"), "view_submission") == 0)
        return strcmp(text_of(sent, "form"), "approve_form") == 0 &&
               number_after(metadata, "\"request\":") == number &&
               number_after(metadata, "\"revision\":") == revision;
    /* What follows binds it to what was shown, and is the bot's alone. */
    snprintf(value, sizeof(value), "%lld.%lld.", (long long)number, (long long)revision);
    return strcmp(text_of(sent, "action"), "approve") == 0 &&
           strncmp(text_of(sent, "value"), value, strlen(value)) == 0;
}

/* Slack saw the person approve exactly this revision, before the release. */
static bool clicked(const struct evidence *evidence, const char *person, json_int_t number,
                    json_int_t revision, json_int_t before)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence->log, i, entry)
    {
        if (strcmp(text_of(entry, "kind"), "envelope.sent") == 0 &&
            strcmp(text_of(entry, "user"), person) == 0 && approves(entry, number, revision) &&
            number_of(entry, "seq") < before)
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

int approvers_that_clicked(const struct evidence *evidence, const char *requester,
                           json_int_t number, json_int_t revision, const json_t *before)
{
    int good = 0;
    size_t i, j;
    json_t *group, *user;
    json_array_foreach(json_object_get(evidence->state, "groups"), i, group)
    {
        if (strcmp(text_of(group, "handle"), "managers") != 0)
            continue;
        json_array_foreach(json_object_get(group, "users"), j, user)
        {
            const char *person = json_string_value(user);
            good += strcmp(person, requester) != 0 &&
                    clicked(evidence, person, number, revision, number_of(before, "seq"));
        }
    }
    return good;
}

/* An offer that is in no book any more was approved and released once, like any other. */
static bool is_of_a_lost_book(const struct evidence *evidence, json_int_t number,
                              json_int_t revision, const json_t *release)
{
    return release != NULL && was_restored(evidence) &&
           approvers_that_clicked(evidence, "", number, revision, release) >= evidence->needed;
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
    if (good < evidence->needed && was_restored(evidence))
        good = approvers_that_clicked(evidence, requester, number, revision, release);
    if (good < evidence->needed)
        broken(verdict, "I2", "CPPO-%lld r%lld was released with %d valid approvals of %d",
               (long long)number, (long long)revision, good, evidence->needed);
}

static bool is_by_hand(const json_t *release)
{
    return strcmp(text_of(release, "by"), "colleague") == 0;
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

static json_int_t count_releases(const struct evidence *evidence, json_int_t number, bool *by_hand)
{
    json_int_t releases = 0;
    const char *entity;
    json_t *offer;
    json_t *offers = json_object_get(json_object_get(evidence->state, "market"), "offers");
    json_object_foreach(offers, entity, offer)
    {
        if (number_after(text_of(offer, "Description"), "CPPO-") != number)
            continue;
        releases += number_of(offer, "release_count");
        *by_hand |= is_by_hand(release_of(evidence, entity));
    }
    return releases;
}

static void check_once(json_int_t number, json_int_t releases, struct verdict *verdict)
{
    if (releases > 1)
        broken(verdict, "I1", "CPPO-%lld was released %lld times", (long long)number,
               (long long)releases);
}

static bool is_out(const struct evidence *evidence, json_int_t number)
{
    static const char *const out[] = {"published", "accepted", "expired", "closed", NULL};
    return in_list(text_of(offer_row(evidence, number), "state"), out);
}

/* Somebody released it by hand. What the bot was to release and finds released it takes for its own
 * when it is what was approved (it is out then); when it is not, publishing has failed and the
 * operators are called. What was rejected or withdrawn it looks at once more, and what is released
 * later it promises nothing of. */
static void check_by_hand(const struct evidence *evidence, json_int_t number,
                          struct verdict *verdict)
{
    if (strcmp(text_of(offer_row(evidence, number), "state"), "failed") == 0 &&
        !was_alarmed(evidence, number, theirs_differs))
        broken(verdict, "I2", "CPPO-%lld was released by hand, and nobody was told",
               (long long)number);
}

static void check_number(const struct evidence *evidence, const json_t *row,
                         struct verdict *verdict)
{
    json_int_t number = number_of(row, "number");
    bool by_hand = false;
    json_int_t releases = count_releases(evidence, number, &by_hand);
    bool said = is_out(evidence, number);
    check_once(number, releases, verdict);
    if (by_hand)
        return; /* not our doing: the rest is for people to say */
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
            bool by_hand = false;
            if (is_of_a_lost_book(evidence, number, revision, release))
                check_once(number, count_releases(evidence, number, &by_hand), verdict);
            else
                broken(verdict, "I2", "%s was released, and nobody asked for it", entity);
            continue;
        }
        const json_t *then = json_object_get(release, "released");
        if (!is_by_hand(release) || is_out(evidence, number))
            check_content(evidence, number, revision, then != NULL ? then : offer, verdict);
        if (is_by_hand(release)) {
            check_by_hand(evidence, number, verdict);
            continue;
        }
        check_votes(evidence, number, revision, release, verdict);
    }
    json_array_foreach(rows_of(evidence, "offer"), i, row)
    {
        check_number(evidence, row, verdict);
    }
}
