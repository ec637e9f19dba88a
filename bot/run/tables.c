#include "run/tables.h"

#include "book/acceptances.h"
#include "book/doubts.h"
#include "book/letters.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/adopting.h"
#include "flows/agreements.h"
#include "flows/cards.h"
#include "flows/catching_up.h"
#include "flows/deciding.h"
#include "flows/details.h"
#include "flows/exposure.h"
#include "flows/drafting.h"
#include "flows/following.h"
#include "flows/judging.h"
#include "flows/letters.h"
#include "flows/notify.h"
#include "flows/origins.h"
#include "flows/publishing.h"
#include "flows/syncing.h"
#include "flows/threads.h"
#include "flows/tracking.h"
#include "flows/unsure.h"
#include "handlers.h"
#include "slack/api.h"

/* Keep alphabetized. */
static const struct route routes[] = {
    {"action:approve", approve_click},
    {"action:approve_again", approve_again_click},
    {"action:details", details_click},
    {"action:edit", edit_click},
    {"action:eula", eula_chosen},
    {"action:history", history_click},
    {"action:history_newest", history_click},
    {"action:keep", keep_click},
    {"action:my_offers", my_offers_click},
    {"action:new_offer", new_offer_click},
    {"action:pending_offers", pending_offers_click},
    {"action:reject", reject_click},
    {"action:request_changes", request_changes_click},
    {"action:retry", retry_click},
    {"action:withdraw", withdraw_click},
    {"command", cppo_command},
    {"options:authorization", authorization_options},
    {"view:approve_form", approve_form_submit},
    {"view:changes_form", changes_form_submit},
    {"view:offer_form", offer_form_submit},
    {"view:reject_form", reject_form_submit},
    {NULL, NULL},
};

enum {
    POST_GAP_MS = 1100,
    FIVE_MINUTES_MS = 300000,
    TEN_MINUTES_MS = 600000,
    LIST_PATIENCE_MS = 30000,
};

static const struct effect_type effects[] = {
    /* Slack */
    {"post", EFFECT_DEED, "slack:chat.postMessage", cards_posted, NULL, POST_GAP_MS, 0},
    {"post.look", EFFECT_READ, "slack:conversations.history", cards_looked, NULL, 0, 0},
    {"marks.posts", EFFECT_READ, "slack:conversations.history", catching_up_posts, NULL, 0,
     LIST_PATIENCE_MS},
    {"card.retire", EFFECT_NOTICE, "slack:chat.update", adopting_retired, NULL, 0, TEN_MINUTES_MS},
    {"card", EFFECT_MIRROR, "slack:chat.update", cards_updated, cards_render, 0, 0},
    {"permalink.read", EFFECT_READ, "slack:chat.getPermalink", threads_linked, NULL, 0,
     FIVE_MINUTES_MS},
    {"thread.reply", EFFECT_NOTICE, "slack:chat.postMessage", threads_replied, NULL, POST_GAP_MS,
     0},
    {"letter", EFFECT_NOTICE, "slack:chat.postMessage", letters_posted, NULL, POST_GAP_MS, 0},
    {"letter.update", EFFECT_MIRROR, "slack:chat.update", letters_updated, letters_render, 0, 0},
    {"notice", EFFECT_NOTICE, "slack:chat.postMessage", notify_told, NULL, POST_GAP_MS, 0},
    {"answer", EFFECT_VOLATILE, "slack:" SLACK_RESPONSE, notify_answered, NULL, 0, 0},
    {"whisper", EFFECT_VOLATILE, "slack:chat.postEphemeral", notify_whispered, NULL, 0, 0},
    {"details.open", EFFECT_VOLATILE, "slack:views.open", details_opened, NULL, 0, 0},
    {"view.update", EFFECT_VOLATILE, "slack:views.update", notify_modal_updated, NULL, 0, 0},
    {"form.update", EFFECT_VOLATILE, "slack:views.update", form_updated, NULL, 0, 0},
    {"view.push", EFFECT_VOLATILE, "slack:views.push", form_not_opened, NULL, 0, 0},
    {"view.open", EFFECT_VOLATILE, "slack:views.open", form_not_opened, NULL, 0, 0},
    {"person.read", EFFECT_READ, "slack:users.info", judging_person_read, NULL, 0,
     LIST_PATIENCE_MS},
    {"person.first", EFFECT_VOLATILE, "slack:users.info", opening_person_read, NULL, 0, 0},
    {"person.warm", EFFECT_VOLATILE, "slack:users.info", judging_person_read, NULL, 0, 0},
    {"group.read", EFFECT_READ, "slack:usergroups.users.list", judging_group_read, NULL, 0,
     LIST_PATIENCE_MS},
    {"channel.read", EFFECT_READ, "slack:conversations.info", exposure_read, NULL, 0,
     FIVE_MINUTES_MS},
    /* AWS */
    {"draft.start", EFFECT_DEED, "aws:StartChangeSet", drafting_started, NULL, 0, 0},
    {"draft.read", EFFECT_READ, "aws:DescribeEntity", drafting_read, NULL, 0, 0},
    {"draft.cancel", EFFECT_NOTICE, "aws:CancelChangeSet", drafting_cancelled, NULL, 0,
     TEN_MINUTES_MS},
    {"release.authorization", EFFECT_READ, "aws:DescribeEntity", publishing_authorization_read,
     NULL, 0, 0},
    {"release.draft", EFFECT_READ, "aws:DescribeEntity", publishing_draft_read, NULL, 0, 0},
    {"release.start", EFFECT_DEED, "aws:StartChangeSet", publishing_started, NULL, 0, 0},
    {"release.check", EFFECT_READ, "aws:DescribeEntity", publishing_released, NULL, 0, 0},
    {"change_set.describe", EFFECT_READ, "aws:DescribeChangeSet", tracking_described, NULL, 0, 0},
    {"origin.list", EFFECT_READ, "aws:ListChangeSets", origins_listed, NULL, 0, 0},
    {"origin.set", EFFECT_READ, "aws:DescribeChangeSet", origins_described, NULL, 0, 0},
    {"marks.sets", EFFECT_READ, "aws:ListChangeSets", catching_up_sets, NULL, 0, 0},
    {"adopt.entity", EFFECT_READ, "aws:DescribeEntity", adopting_entity, NULL, 0, 0},
    {"unsure.entity", EFFECT_READ, "aws:DescribeEntity", unsure_read, NULL, 0, FIVE_MINUTES_MS},
    {"deed.find", EFFECT_READ, "aws:ListChangeSets", tracking_found, NULL, 0, 0},
    {"deed.entities", EFFECT_READ, "aws:ListEntities", tracking_listed, NULL, 0, 0},
    {"deed.entity", EFFECT_READ, "aws:DescribeEntity", tracking_entity, NULL, 0, 0},
    {"agreement.read", EFFECT_READ, "aws:SearchAgreements", agreements_read, NULL, 100,
     FIVE_MINUTES_MS},
    {"entity.follow", EFFECT_READ, "aws:DescribeEntity", following_read, NULL, 100,
     FIVE_MINUTES_MS},
    {"authorizations.list", EFFECT_READ, "aws:ListEntities", syncing_listed, NULL, 0,
     FIVE_MINUTES_MS},
    {"product.read", EFFECT_READ, "aws:DescribeEntity", syncing_product_read, NULL, 60,
     FIVE_MINUTES_MS},
    {"authorization.look", EFFECT_VOLATILE, "aws:DescribeEntity", syncing_described, NULL, 0, 0},
    {"authorization.read", EFFECT_READ, "aws:DescribeEntity", syncing_described, NULL, 60,
     FIVE_MINUTES_MS},
    {NULL, EFFECT_READ, NULL, NULL, NULL, 0, 0},
};

static const struct timer_type timers[] = {
    {"access.again", access_again},         {"agreement.look", agreements_look},
    {"authorizations.sync", syncing_start}, {"cards.refresh", cards_refresh},
    {"channel.look", exposure_look},        {"change_set.poll", tracking_poll},
    {"deed.look", tracking_look},           {"draft.again", drafting_again},
    {"entity.follow", following_look},      {"judgement.lapse", judging_lapse},
    {"marks.look", catching_up_look},       {"offer.lapse", deciding_lapse},
    {"origin.audit", origins_audit},        {"post.look", cards_look},
    {"posts.again", cards_try_again},       {"release.again", publishing_again},
    {"release.late", publishing_late},      {"release.look", publishing_look},
    {"unsure.look", unsure_look},           {NULL, NULL},
};

static void start(struct turn *turn)
{
    syncing_soon(turn);
    exposure_start(turn);
    cards_start(turn);
    catching_up_start(turn);
}

const struct tables bot_tables = {
    .routes = routes,
    .effects = effects,
    .timers = timers,
    .start = start,
    .unknown = unknown_envelope,
    .alarm = notify_operators,
    .arrived = notify_arrived,
    .finished = access_finished,
};

const char *const bot_migrations[] = {engine_schema,       book_schema,        book_schema_2,
                                      engine_schema_2,     book_schema_people, book_schema_terms,
                                      book_schema_product, engine_schema_3,    book_schema_dates,
                                      book_schema_tally,   book_schema_3,      book_schema_letters,
                                      book_schema_4,       book_schema_slow,   book_schema_after,
                                      book_schema_origins, book_schema_doubts};
const size_t bot_migration_count = sizeof(bot_migrations) / sizeof(bot_migrations[0]);
