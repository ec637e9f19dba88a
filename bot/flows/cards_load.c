#include "flows/cards_load.h"

#include <stdlib.h>

#include "book/history.h"
#include "book/people.h"
#include "book/posts.h"
#include "book/requests.h"
#include "book/rulings.h"
#include "book/threads.h"
#include "book/votes.h"
#include "flows/approvals.h"
#include "flows/outsiders.h"
#include "mem.h"
#include "offers/kind.h"
#include "offers/rule.h"
#include "text.h"

enum { CHANGES_ROOM = 32000 /* all that a form holds, before and after */ };

struct loaded_card {
    struct request request;
    struct vote votes[MAX_VOTES];
    struct vote lost[MAX_VOTES];
    struct move last;
    struct person requester;
    struct post post;
    char permalink[PERMALINK];
    char *changes; /* NULL: none; nor of the next */
    char *copied;
    char *rule;
    char *why_rule; /* NULL: it has none of its own */
    void *own;      /* of its kind */
    struct card card;
};

/* What changed from that revision of that request to ${now}; on the heap, NULL: it is not there. */
static char *changes_since(struct turn *turn, int64_t number, int revision,
                           const struct request_kind *kind, const char *now)
{
    char *changes = NULL;
    char *before = requests_content(turn, number, revision);
    if (before != NULL) {
        changes = mem_new(1, CHANGES_ROOM);
        kind->changes(before, now, changes, CHANGES_ROOM);
    }
    free(before);
    return changes;
}

static void load_changes(struct turn *turn, struct loaded_card *loaded)
{
    const struct request *request = &loaded->request;
    const struct request_kind *kind = request->kind;
    if ((request->revision == 1 && request->copy_of == 0) || request->state == STATE_UNREADABLE ||
        kind->changes == NULL)
        return;
    char *now = requests_content(turn, request->number, request->revision);
    if (request->revision > 1)
        loaded->changes = changes_since(turn, request->number, request->revision - 1, kind, now);
    if (request->copy_of != 0)
        loaded->copied = changes_since(turn, request->copy_of, request->copy_revision, kind, now);
    free(now);
}

/* Who asked, by name; and whether the card stands where the approvers see it. */
static void load_places(struct turn *turn, struct loaded_card *loaded)
{
    struct card *card = &loaded->card;
    people_get(turn, loaded->request.requester, &loaded->requester);
    card->requester_name = loaded->requester.name;
    card->permalink = loaded->permalink;
    if (!posts_get(turn, POST_CARD, loaded->request.number, &loaded->post))
        return;
    if (*loaded->post.error != '\0')
        card->seen = CARD_SHUT;
    else if (*loaded->post.ts != '\0')
        card->seen = CARD_STANDS;
    threads_permalink(turn, loaded->request.number, loaded->post.ts, loaded->permalink);
}

static void load_ruling(struct turn *turn, struct loaded_card *loaded)
{
    struct rule rule;
    char version[RULE_VERSION];
    const struct request *request = &loaded->request;
    loaded->card.why_rule = "";
    if (!rule_read(&rule, request->rule))
        return;
    char *met = rulings_why(turn, request->number, request->revision);
    rule_version(request->rule, version);
    loaded->why_rule = text_format("Rule “%s”, version %s: %s\n%s", rule.name, version,
                                   rule.parts[RULE_APPROVE], met != NULL ? met : "");
    loaded->card.why_rule = loaded->why_rule;
    free(met);
}

struct loaded_card *cards_load(struct turn *turn, int64_t number)
{
    struct loaded_card *loaded = mem_new(1, sizeof(*loaded));
    if (!requests_get(turn, number, &loaded->request)) {
        free(loaded);
        return NULL;
    }
    struct card *card = &loaded->card;
    load_changes(turn, loaded);
    card->request = &loaded->request;
    card->last = history_last(turn, number, &loaded->last) ? &loaded->last : NULL;
    card->today = date_of_ms(turn_now(turn));
    card->held = "";
    if (loaded->request.kind->irrevocable != NULL)
        card->irrevocable = loaded->request.kind->irrevocable(turn, &loaded->request);
    if (loaded->request.kind->load != NULL)
        card->own = loaded->own = loaded->request.kind->load(turn, card);
    card->votes = loaded->votes;
    card->vote_count =
        votes_given(turn, number, loaded->request.revision, loaded->votes, MAX_VOTES);
    card->lost = loaded->lost;
    card->lost_count = votes_lost(turn, number, loaded->request.revision, loaded->lost, MAX_VOTES);
    card->approval = approvals_evaluate(turn, &loaded->request, loaded->votes, card->vote_count);
    loaded->rule =
        approvals_rule(turn, &loaded->request, &card->approval, loaded->votes, card->vote_count);
    load_places(turn, loaded);
    card->rule = loaded->rule;
    load_ruling(turn, loaded);
    card->changes = loaded->changes != NULL ? loaded->changes : "";
    card->copied = loaded->copied != NULL ? loaded->copied : "";
    return loaded;
}

struct loaded_card *cards_load_for(struct turn *turn, int64_t number, const char *channel)
{
    struct loaded_card *loaded = cards_load(turn, number);
    if (loaded != NULL)
        loaded->card.outsiders = outsiders_read(turn, channel);
    return loaded;
}

const struct card *cards_view(const struct loaded_card *loaded)
{
    return &loaded->card;
}

void cards_free(struct loaded_card *loaded)
{
    if (loaded == NULL)
        return;
    free(loaded->rule);
    free(loaded->why_rule);
    free(loaded->changes);
    free(loaded->copied);
    if (loaded->own != NULL)
        loaded->request.kind->unload(loaded->own);
    free(loaded);
}
