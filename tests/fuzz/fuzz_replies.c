/* A JSON body as the reply of every call to AWS and Slack. */
#include <jansson.h>

#include "fuzz.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "slack/replies.h"

#define good(array)                                                                                \
    must(strnlen((array), sizeof(array)) < sizeof(array) && fuzz_utf8(array), #array)

static void judge_authorization(const struct authorization *a)
{
    good(a->id);
    good(a->name);
    good(a->product_id);
    good(a->status);
    good(a->extended_status);
    good(a->unit_price);
    good(a->currency);
    good(a->duration);
    must(a->buyer_count <= MAX_AUTHORIZED_BUYERS, "no more buyers than there is room for");
    const char *why = authorization_unusable(a, INT64_C(1795507200000));
    must(why == NULL || *why != '\0', "what cannot be used is told why");
}

/* They are stored, and read again as they were. */
static void judge_terms(const struct terms *terms)
{
    static struct terms again;
    must(terms->count <= MAX_TERM_LINES, "no more lines than there is room for");
    for (size_t i = 0; i < terms->count; i++) {
        good(terms->lines[i].key);
        good(terms->lines[i].name);
        good(terms->lines[i].duration);
        good(terms->lines[i].amount);
        good(terms->lines[i].currency);
    }
    char *stored = terms_write(terms);
    must(terms_parse(&again, stored) && again.count == terms->count && again.more == terms->more,
         "what is stored is read again");
    char *words = terms_words(terms);
    must(fuzz_utf8(words), "the amounts are text");
    free(words);
    free(stored);
}

static void read_lists(const json_t *reply)
{
    char next[NEXT_TOKEN];
    char ids[8][ENTITY_ID];
    char id[ENTITY_ID];
    size_t count;
    struct authorization *list = catalog_authorizations(reply, &count, next);
    good(next);
    for (size_t i = 0; i < count; i++)
        judge_authorization(&list[i]);
    free(list);
    count = catalog_offer_ids(reply, ids, 8, next);
    must(count <= 8, "no more ids than there is room for");
    good(next);
    for (size_t i = 0; i < count; i++)
        good(ids[i]);
    struct acceptance agreements[4];
    count = catalog_agreements(reply, "offer-1", agreements, 4, next);
    must(count <= 4, "no more agreements than there is room for");
    good(next);
    for (size_t i = 0; i < count; i++) {
        good(agreements[i].agreement);
        good(agreements[i].account);
        good(agreements[i].status);
        must(*agreements[i].agreement != '\0' && agreements[i].accepted_at >= 0,
             "an agreement has an id and a time");
    }
    char *words = acceptance_words(agreements, count, 3);
    good(words);
    free(words);
    if (catalog_find_change_set(reply, "cppo.x.1.r1.make.1.1", id))
        good(id);
    if (catalog_started(reply, id))
        must(*id != '\0' && fuzz_utf8(id), "what was started has an id");
}

static void read_offer(const json_t *reply)
{
    static const struct content content = {
        .authorization = "resaleauthz-1", .markup = "25", .buyer_count = 1, .buyers = {"1"}};
    struct catalog_offer offer;
    if (!catalog_offer(reply, &offer))
        return;
    good(offer.id);
    good(offer.name);
    good(offer.description);
    good(offer.authorization);
    good(offer.markup);
    good(offer.accept_by);
    good(offer.duration);
    good(offer.revision);
    good(offer.countries);
    good(offer.others);
    judge_terms(&offer.terms);
    must(offer.buyer_count <= MAX_AUTHORIZED_BUYERS + 1, "buyers are counted up to one too many");
    const struct approved approved = {12, 2, &content, &offer.terms, "2022-07-14"};
    char *differences = catalog_differences(&offer, &approved);
    must(differences == NULL || (*differences != '\0' && fuzz_utf8(differences)),
         "a difference is told");
    free(differences);
}

static void read_change_set(const json_t *reply)
{
    struct change_set_state state;
    if (!catalog_change_set(reply, &state))
        return;
    good(state.id);
    good(state.entity);
    good(state.why);
    must(state.status != CHANGE_SET_FAILED || *state.why != '\0', "a failure says why");
}

static void read_slack(const json_t *reply)
{
    static struct person person;
    char ts[40];
    char user[PERSON_ID];
    const char *members[8];
    if (slack_posted(reply, ts, sizeof(ts)))
        must(*ts != '\0', "what was posted has a ts");
    if (slack_find_post(reply, "U0BOT", "key", ts, sizeof(ts)))
        must(*ts != '\0', "what was found has a ts");
    person = (struct person){.known = false};
    if (slack_person(reply, &person)) {
        good(person.id);
        good(person.name);
        good(person.team);
    }
    must(slack_group_members(reply, members, 8) <= 8, "no more members than there is room for");
    if (slack_identity(reply, ts, sizeof(ts), user, sizeof(user)))
        must(*ts != '\0' && *user != '\0', "who we are is told whole");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct authorization one;
    static struct terms terms;
    json_t *reply = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (reply == NULL)
        return 0;
    read_lists(reply);
    one = (struct authorization){.unlisted = false};
    if (catalog_authorization(reply, &one, &terms)) {
        judge_authorization(&one);
        judge_terms(&terms);
    }
    read_offer(reply);
    read_change_set(reply);
    read_slack(reply);
    json_decref(reply);
    return 0;
}
