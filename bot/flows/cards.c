#include "flows/cards.h"

#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/posts.h"
#include "book/settings.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "log.h"
#include "mem.h"
#include "slack/replies.h"
#include "text.h"

enum { MOST_VOTES = 16, TIMES = 20, CHANGES_ROOM = 2000 };

static const int64_t FIRST_LOOK_MS = 2000; /* until a post that was made can be found */
static const int64_t SECOND_LOOK_MS = 13000;
static const int64_t TROUBLE_MS = 60000; /* between tries while a channel is shut to us */

/* --- what a card shows -------------------------------------------------------------------- */

struct loaded_card {
    struct offer offer;
    struct authorization authorization;
    struct terms customer;
    struct draft draft;
    struct check checks[MOST_CHECKS];
    struct vote votes[MOST_VOTES];
    struct vote lost[MOST_VOTES];
    struct move last;
    char changes[CHANGES_ROOM];
    char unit_price[DECIMAL_TEXT];
    char usual_time[100];
    char *rule;
    char *buyer_url;
    struct card card;
};

/* The pattern of the configuration with {product} and {offer} filled in. */
static char *buyer_url(const char *pattern, const char *product, const char *entity)
{
    struct text url = {0};
    while (*pattern != '\0') {
        if (strncmp(pattern, "{product}", 9) == 0) {
            text_add(&url, product);
            pattern += 9;
        } else if (strncmp(pattern, "{offer}", 7) == 0) {
            text_add(&url, entity);
            pattern += 7;
        } else {
            text_add_bytes(&url, pattern++, 1);
        }
    }
    return text_take(&url);
}

/* The pattern that we know is one for SaaS; of other kinds of products AWS tells none. */
static const char *link_hint(const char *pattern, const char *type)
{
    if (strstr(pattern, "/saas/") == NULL || strcmp(type, "SaaSProduct") == 0)
        return "";
    return *type != '\0' && *type != '?' ? "The buyer's link is in the AWS Marketplace portal: "
                                           "open the offer and choose “Copy "
                                           "offer URL”."
                                         : "If the link does not open, take it from the AWS "
                                           "Marketplace portal: open the offer "
                                           "and choose “Copy offer URL”.";
}

static bool link_works(const char *pattern, const char *type)
{
    return strstr(pattern, "/saas/") == NULL || *type == '\0' || *type == '?' ||
           strcmp(type, "SaaSProduct") == 0;
}

/* "AWS usually takes 11-14 minutes", from the middle half of our own history. */
static void usual_time(struct turn *turn, char *text, size_t room)
{
    int64_t took[TIMES];
    size_t count = offers_times(turn, took, TIMES);
    text[0] = '\0';
    if (count < 3)
        return;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && took[j - 1] > took[j]; j--) {
            int64_t other = took[j];
            took[j] = took[j - 1];
            took[j - 1] = other;
        }
    }
    long long quick = (long long)(took[count / 4] / 60000);
    long long slow = (long long)((took[count - 1 - count / 4] + 59999) / 60000);
    if (slow <= 1)
        snprintf(text, room, "AWS usually takes about a minute");
    else if (quick == slow)
        snprintf(text, room, "AWS usually takes about %lld minutes", slow);
    else
        snprintf(text, room, "AWS usually takes %lld–%lld minutes", quick, slow);
}

static void load_checks(struct turn *turn, struct loaded_card *loaded)
{
    const struct config *config = config_of(turn);
    const struct draft *draft = &loaded->draft;
    bool current = draft->revision == loaded->offer.revision;
    struct check_input input = {
        .content = &loaded->offer.content,
        .authorization = loaded->card.authorization,
        .customer = loaded->card.customer,
        .now = turn_now(turn),
        .expected_unit_price = config->expected_unit_price,
        .expected_currency = config->expected_currency,
        .prices_read = current && draft->prices_read,
        .price_problem = draft->price_problem,
        .draft_problem = current && draft->state == DRAFT_REFUSED ? draft->why : "",
        .draft_ready = current && (draft->state == DRAFT_READY || draft->state == DRAFT_RELEASING ||
                                   draft->state == DRAFT_RELEASED),
        .draft_wanted = config->draft == DRAFT_ON_SUBMIT && !loaded->authorization.single_use,
    };
    loaded->card.check_count = checks_make(&input, loaded->checks);
    loaded->card.checks = loaded->checks;
    checks_price(loaded->card.customer, loaded->unit_price);
}

/* What the customer pays, once the authorization has been described. */
static void load_terms(struct turn *turn, struct loaded_card *loaded)
{
    struct terms authorized;
    const struct content *content = &loaded->offer.content;
    if (loaded->card.authorization == NULL || loaded->authorization.read_at == 0)
        return;
    authorizations_terms(turn, content->authorization, &authorized);
    terms_mark_up(&authorized, content->markup, &loaded->customer);
    loaded->card.customer = &loaded->customer;
}

static void load_changes(struct turn *turn, struct loaded_card *loaded)
{
    struct content before;
    int revision = loaded->offer.revision;
    if (revision > 1 && offers_revision(turn, loaded->offer.number, revision - 1, &before))
        content_changes(&before, &loaded->offer.content, loaded->changes, CHANGES_ROOM);
}

static void load_link(struct loaded_card *loaded, const char *pattern)
{
    const struct authorization *a = &loaded->authorization;
    bool published = loaded->offer.published_at > 0;
    loaded->card.link_hint = published ? link_hint(pattern, a->product_type) : "";
    loaded->buyer_url = published && link_works(pattern, a->product_type)
                            ? buyer_url(pattern, a->product_id, loaded->draft.entity)
                            : mem_copy("");
}

struct loaded_card *cards_load(struct turn *turn, int64_t number)
{
    const struct config *config = config_of(turn);
    struct loaded_card *loaded = mem_new(1, sizeof(*loaded));
    if (!offers_get(turn, number, &loaded->offer)) {
        free(loaded);
        return NULL;
    }
    struct card *card = &loaded->card;
    if (authorizations_get(turn, loaded->offer.content.authorization, &loaded->authorization))
        card->authorization = &loaded->authorization;
    drafts_get(turn, number, &loaded->draft);
    load_terms(turn, loaded);
    load_checks(turn, loaded);
    load_changes(turn, loaded);
    usual_time(turn, loaded->usual_time, sizeof(loaded->usual_time));
    loaded->rule = approval_rule(turn);
    load_link(loaded, config->buyer_url);
    card->offer = &loaded->offer;
    card->draft = &loaded->draft;
    card->votes = loaded->votes;
    card->vote_count =
        offers_votes(turn, number, loaded->offer.revision, loaded->votes, MOST_VOTES);
    card->lost = loaded->lost;
    card->lost_count =
        offers_lost_votes(turn, number, loaded->offer.revision, loaded->lost, MOST_VOTES);
    card->needed = config->needed;
    card->rule = loaded->rule;
    card->changes = loaded->changes;
    card->last = offers_last_move(turn, number, &loaded->last) ? &loaded->last : NULL;
    card->today = date_of_ms(turn_now(turn));
    card->unit_price = loaded->unit_price;
    card->expected_unit_price = config->expected_unit_price;
    card->buyer_url = loaded->buyer_url;
    card->usual_time = loaded->usual_time;
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
    free(loaded->buyer_url);
    free(loaded);
}

/* --- posting ------------------------------------------------------------------------------ */

static json_t *message_of(const struct post *post, const struct loaded_card *loaded)
{
    json_t *message = post->kind == POST_CARD ? card_message(cards_view(loaded))
                                              : card_announcement(cards_view(loaded));
    json_object_set_new(message, "channel", json_string(post->channel));
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    return message;
}

/* A new deed that posts it, with a key of its own in the metadata, by which it can be found again
 * when Slack's answer was lost. */
static void post_anew(struct turn *turn, struct post *post)
{
    struct loaded_card *loaded = cards_load(turn, post->offer);
    char *lane = text_format("channel:%s", post->channel);
    turn_mint(turn, post->key);
    json_t *message = message_of(post, loaded);
    json_object_set_new(message, "metadata",
                        json_pack("{s:s, s:{s:s, s:s, s:I}}", "event_type", "cppo_post",
                                  "event_payload", "key", post->key, "kind",
                                  post_kind_name(post->kind), "offer", (json_int_t)post->offer));
    char *body = json_dumps(message, JSON_COMPACT);
    post->ts[0] = '\0';
    post->trouble[0] = '\0';
    post->sent_at = turn_now(turn);
    post->deed = turn_effect(turn, &(struct effect){.type = "post",
                                                    .subject = post->offer,
                                                    .target = post->key,
                                                    .lane = lane,
                                                    .body = body,
                                                    .body_size = strlen(body)});
    posts_put(turn, post);
    free(body);
    free(lane);
    json_decref(message);
    cards_free(loaded);
}

static void mirror(struct turn *turn, int64_t offer)
{
    char target[32];
    snprintf(target, sizeof(target), "card %lld", (long long)offer);
    turn_mirror(turn, "card", target, offer);
}

/* Where posts of this kind belong. */
static const char *channel_of(const struct turn *turn, enum post_kind kind)
{
    const struct config *config = config_of(turn);
    return kind == POST_CARD ? config->channel_approvals : config->channel_announcements;
}

void cards_show(struct turn *turn, int64_t offer)
{
    struct post post = {.offer = offer, .kind = POST_CARD};
    if (posts_get(turn, POST_CARD, offer, &post)) {
        mirror(turn, offer);
        return;
    }
    text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_CARD));
    post_anew(turn, &post);
}

void cards_announce(struct turn *turn, int64_t offer)
{
    struct post post = {.offer = offer, .kind = POST_ANNOUNCEMENT};
    if (posts_get(turn, POST_ANNOUNCEMENT, offer, &post))
        return;
    text_fit(post.channel, sizeof(post.channel), channel_of(turn, POST_ANNOUNCEMENT));
    post_anew(turn, &post);
}

/* --- after an upgrade --------------------------------------------------------------------- */

/* The next offer behind ${after} that is not at its end; false when there is none. */
static bool next_open(struct turn *turn, int64_t after, struct offer *offer)
{
    static const enum offer_state open[] = {OFFER_PENDING, OFFER_CHANGES_REQUESTED, OFFER_APPROVED,
                                            OFFER_PUBLISHING, OFFER_FAILED};
    struct offer one;
    bool found = false;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        if (offers_next(turn, open[i], after, &one) && (!found || one.number < offer->number)) {
            *offer = one;
            found = true;
        }
    }
    return found;
}

void cards_refresh(struct turn *turn, int64_t after)
{
    enum { AT_ONCE = 100 };
    struct offer offer = {.number = after};
    for (int i = 0; i < AT_ONCE; i++) {
        if (!next_open(turn, offer.number, &offer)) {
            settings_put(turn, "cards", "present");
            return;
        }
        cards_show(turn, offer.number);
    }
    turn_timer(turn, "cards.refresh", offer.number, turn_now(turn));
}

void cards_start(struct turn *turn)
{
    char age[16];
    if (settings_get(turn, "cards", age, sizeof(age)) && strcmp(age, "stale") == 0)
        turn_timer(turn, "cards.refresh", 0, turn_now(turn));
}

/* It stands at ${ts}: what changed since it was written shows up now. */
static void adopt(struct turn *turn, struct post *post, const char *ts)
{
    text_fit(post->ts, sizeof(post->ts), ts);
    post->trouble[0] = '\0';
    posts_put(turn, post);
    turn_timer_stop(turn, "post.look", post->deed);
    if (post->kind == POST_CARD)
        mirror(turn, post->offer);
}

bool cards_own(struct turn *turn, int64_t offer, const char *channel, const char *ts,
               const char *key)
{
    struct post post;
    if (!posts_get(turn, POST_CARD, offer, &post) || strcmp(post.channel, channel) != 0)
        return false;
    if (*key != '\0' && *post.key != '\0' && strcmp(key, post.key) != 0)
        return false;
    if (*post.ts == '\0') { /* Slack never told us: this is where it stands */
        turn_settle(turn, post.deed);
        adopt(turn, &post, ts);
    }
    return strcmp(post.ts, ts) == 0;
}

/* The channel is shut to us: people are told once, and it is tried again. */
static void in_trouble(struct turn *turn, struct post *post, const char *code, const char *text)
{
    bool news = strcmp(post->trouble, code) != 0;
    text_fit(post->trouble, sizeof(post->trouble), code);
    posts_put(turn, post);
    turn_timer(turn, "posts.again", 0, turn_now(turn) + TROUBLE_MS);
    if (!news)
        return;
    char *words =
        text_format("I cannot post the %s of CPPO-%lld in <#%s>: %s (%s). I try again "
                    "every minute; nothing is lost.",
                    post_kind_name(post->kind), (long long)post->offer, post->channel, text, code);
    log_error("a post is refused", F_INT("offer", post->offer), F_TEXT("code", code),
              F_TEXT("channel", post->channel));
    notify_operators(turn, words);
    free(words);
}

/* Once more, until it is posted: where posts of its kind belong by now, since an operator may have
 * configured another channel. One whose outcome is unknown is looked for first. */
static void try_again(struct turn *turn, struct post *post)
{
    char code[sizeof(post->trouble)];
    enum deed_state deed = turn_deed(turn, post->deed);
    bool moved = strcmp(post->channel, channel_of(turn, post->kind)) != 0;
    if (*post->ts != '\0' && !moved) {
        mirror(turn, post->offer);
        return;
    }
    if (deed == DEED_OPEN)
        return; /* its result is still to come, and says whether there is trouble */
    if (deed == DEED_UNKNOWN && !moved) {
        cards_look(turn, post->deed);
        return;
    }
    text_fit(code, sizeof(code), post->trouble);
    text_fit(post->channel, sizeof(post->channel), channel_of(turn, post->kind));
    turn_settle(turn, post->deed);
    post_anew(turn, post);
    text_fit(post->trouble, sizeof(post->trouble), code);
    posts_put(turn, post);
}

void cards_try_again(struct turn *turn, int64_t unused)
{
    struct post post;
    (void)unused;
    for (int kind = POST_CARD; kind <= POST_ANNOUNCEMENT; kind++) {
        post.offer = 0;
        while (posts_in_trouble(turn, (enum post_kind)kind, post.offer, &post))
            try_again(turn, &post);
    }
}

void cards_posted(struct turn *turn, const struct result *result)
{
    struct post post;
    char ts[32];
    /* Another post took its place, or a click told already where it stands: whatever became of it
     * is settled. */
    if (!posts_by_deed(turn, result->effect, &post) || *post.ts != '\0') {
        turn_settle(turn, result->effect);
        return;
    }
    switch (result->outcome) {
    case OUTCOME_OK:
        if (slack_posted(result->reply, ts, sizeof(ts)))
            adopt(turn, &post, ts);
        else /* it stands somewhere */
            turn_timer(turn, "post.look", post.deed, turn_now(turn) + FIRST_LOOK_MS);
        break;
    case OUTCOME_REFUSED:
        in_trouble(turn, &post, result->code, result->text);
        break;
    case OUTCOME_RETRY:
    case OUTCOME_UNKNOWN:
        turn_timer(turn, "post.look", post.deed, turn_now(turn) + FIRST_LOOK_MS);
        break;
    }
}

/* --- an ambiguous post is looked for before it is repeated -------------------------------- */

/* One page of what the channel holds since an hour before it was decided: clocks differ. */
static void look(struct turn *turn, const struct post *post, const char *cursor)
{
    char oldest[32];
    /* By a clock that was ahead it was sent later than now. */
    int64_t since = post->sent_at < turn_now(turn) ? post->sent_at : turn_now(turn);
    snprintf(oldest, sizeof(oldest), "%lld", (long long)(since / 1000 - 3600));
    json_t *body = json_pack("{s:s, s:s, s:b, s:i}", "channel", post->channel, "oldest", oldest,
                             "include_all_metadata", 1, "limit", 200);
    if (*cursor != '\0')
        json_object_set_new(body, "cursor", json_string(cursor));
    char *target = text_format("%lld %s", (long long)post->deed, cursor);
    char *text = json_dumps(body, JSON_COMPACT);
    turn_effect(turn, &(struct effect){.type = "post.look",
                                       .subject = post->deed,
                                       .target = target,
                                       .body = text,
                                       .body_size = strlen(text)});
    free(target);
    free(text);
    json_decref(body);
}

void cards_look(struct turn *turn, int64_t deed)
{
    struct post post;
    if (posts_by_deed(turn, deed, &post) && *post.ts == '\0')
        look(turn, &post, "");
}

void cards_looked(struct turn *turn, const struct result *result)
{
    struct post post;
    char ts[32];
    char cursor[SLACK_CURSOR];
    int64_t deed = result->subject;
    if (!posts_by_deed(turn, deed, &post) || *post.ts != '\0')
        return;
    if (result->outcome != OUTCOME_OK) {
        in_trouble(turn, &post, result->code, result->text);
        return;
    }
    if (slack_find_post(result->reply, house_of(turn)->bot_user, post.key, ts, sizeof(ts))) {
        turn_settle(turn, deed);
        adopt(turn, &post, ts);
        return;
    }
    if (slack_next_page(result->reply, cursor)) {
        look(turn, &post, cursor);
        return;
    }
    enum deed_state state = turn_deed(turn, deed);
    if (state == DEED_CLOSED)
        log_error("a post that Slack took is nowhere", F_INT("offer", post.offer));
    if (state != DEED_UNKNOWN)
        return; /* or it is out once more: what this look missed says nothing of that */
    int64_t rest = turn_missed(turn, deed, SECOND_LOOK_MS);
    if (rest > 0)
        turn_timer(turn, "post.look", deed, turn_now(turn) + rest);
    else
        turn_resend(turn, deed);
}

/* --- updating ----------------------------------------------------------------------------- */

char *cards_render(struct turn *turn, int64_t offer, const char *target)
{
    struct post post;
    (void)target;
    if (!posts_get(turn, POST_CARD, offer, &post) || *post.ts == '\0')
        return NULL;
    struct loaded_card *loaded = cards_load(turn, offer);
    json_t *message = message_of(&post, loaded);
    json_object_set_new(message, "ts", json_string(post.ts));
    char *body = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    cards_free(loaded);
    return body;
}

void cards_updated(struct turn *turn, const struct result *result)
{
    struct post post;
    if (!posts_get(turn, POST_CARD, result->subject, &post))
        return;
    if (result->outcome == OUTCOME_OK) {
        if (*post.trouble != '\0') {
            post.trouble[0] = '\0';
            posts_put(turn, &post);
        }
        return;
    }
    if (strcmp(result->code, "message_not_found") == 0) {
        log_warn("a card was deleted; it is posted again", F_INT("offer", post.offer));
        post_anew(turn, &post);
        return;
    }
    in_trouble(turn, &post, result->code, result->text);
}
