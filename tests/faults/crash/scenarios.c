#include "play.h"

#define SELLER "U0SELLER"
#define MIA "U0MIA"
#define MAX "U0MAX"
#define WAITS "Waiting for approval (revision 1)"
#define WAITS_AGAIN "Waiting for approval (revision 2)"

/* People, and when they are content. */
#define ASKS(customer, end)                                                                        \
    {                                                                                              \
        .act = ACT_REQUEST, .user = SELLER, .what = (customer), .until = (end)                     \
    }
#define EDITS(text, markup)                                                                        \
    {                                                                                              \
        .act = ACT_EDIT, .user = SELLER, .what = (text), .more = (markup), .until = WAITS_AGAIN    \
    }
#define CLICKS(who, button, end)                                                                   \
    {                                                                                              \
        .act = ACT_CLICK, .user = (who), .what = (button), .until = (end)                          \
    }
#define REASONS(who, button, form, end)                                                            \
    {                                                                                              \
        .act = ACT_REASON, .user = (who), .what = (button), .more = (form), .until = (end)         \
    }
/* The sandbox. */
#define BAD_LUCK(json)                                                                             \
    {                                                                                              \
        .act = ACT_ORDER, .what = "fault", .more = (json)                                          \
    }
#define COLLEAGUE(what_is_done, end)                                                               \
    {                                                                                              \
        .act = ACT_ORDER, .what = "market/colleague", .more = "{\"act\": \"" what_is_done "\"}",   \
        .until = (end)                                                                             \
    }
#define BACKUP                                                                                     \
    {                                                                                              \
        .act = ACT_COPY, .what = ""                                                                \
    }
#define AWS_HOLDS BAD_LUCK("{\"change_set\": \"hold\"}")
#define AWS_GOES_ON BAD_LUCK("{\"change_set\": \"go_on\"}")
#define AWS_FAILS(code) BAD_LUCK("{\"change_set\": \"fail\", \"code\": \"" code "\"}")

static const char drafted[] = "AWS has accepted";
static const char published[] = "Published (revision 1)";
static const char published_2[] = "Published (revision 2)";

const struct scenario scenarios[] = {
    {"first-start", 1, NEW_BOOK, {ASKS("Alpha", WAITS)}},
    {"publish", 1, PLAIN, {ASKS("Alpha", drafted), CLICKS(MIA, "approve", published)}},
    {"approve-at-once", 1, PLAIN, {ASKS("Alpha", WAITS), CLICKS(MIA, "approve", published)}},
    {"reject",
     1,
     PLAIN,
     {ASKS("Alpha", WAITS), REASONS(MIA, "reject", "reject_form", "Rejected (revision 1)")}},
    {"changes",
     1,
     PLAIN,
     {ASKS("Alpha", WAITS),
      REASONS(MAX, "request_changes", "changes_form", "Changes requested (revision 1)"),
      EDITS("/cppo edit CPPO-1", "20"), CLICKS(MIA, "approve", published_2)}},
    {"delivered-twice",
     1,
     TWICE,
     {ASKS("Alpha", WAITS),
      REASONS(MAX, "request_changes", "changes_form", "Changes requested (revision 1)"),
      EDITS("/cppo edit CPPO-1", "20"), CLICKS(MIA, "approve", published_2)}},
    {"withdraw",
     1,
     PLAIN,
     {AWS_HOLDS, ASKS("Alpha", WAITS), CLICKS(SELLER, "withdraw", "Withdrawn (revision 1)"),
      AWS_GOES_ON}},
    {"two-approvers",
     2,
     PLAIN,
     {ASKS("Alpha", WAITS),
      CLICKS(MAX, "approve", NULL),
      {.act = ACT_CLICK, .user = MIA, .what = "approve", .until = published, .back = 1}}},
    {"retry",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), BAD_LUCK("{\"change_set\": \"cancel\"}"),
      CLICKS(MIA, "approve", "Publishing failed (revision 1)"),
      CLICKS("U0OLGA", "retry", published)}},
    {"edit-while-AWS-works",
     1,
     PLAIN,
     {AWS_HOLDS,
      ASKS("Alpha", WAITS),
      EDITS("/cppo edit CPPO-1", "30"),
      CLICKS(MIA, "approve", NULL),
      AWS_GOES_ON,
      {.act = ACT_CLICK, .user = MIA, .what = "approve", .until = published_2, .back = 1}}},
    {"changed-in-the-console",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), COLLEAGUE("markup", NULL),
      CLICKS(MIA, "approve", "Publishing failed (revision 1)"),
      CLICKS("U0OLGA", "retry", published)}},
    {"extended-in-the-console",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), CLICKS(MIA, "approve", published),
      COLLEAGUE("extend", "changed on AWS; approved was")}},
    {"cancelled-in-the-console",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), CLICKS(MIA, "approve", published),
      COLLEAGUE("cancel", "Closed (revision 1)")}},
    {"lost-answers",
     1,
     PLAIN,
     {BAD_LUCK("{\"where\": \"slack\", \"method\": \"chat.postMessage\", \"match\": \"card\","
               " \"drop\": \"after\"}"),
      BAD_LUCK("{\"where\": \"aws\", \"method\": \"StartChangeSet\", \"drop\": \"after\","
               " \"times\": 2}"),
      ASKS("Alpha", drafted), CLICKS(MIA, "approve", published)}},
    {"refused-draft",
     1,
     PLAIN,
     {AWS_FAILS("INVALID_BUYER_ACCOUNTS"), ASKS("Alpha", "AWS needs a change (revision 1)"),
      EDITS("/cppo edit CPPO-1", "20"), CLICKS(MIA, "approve", published_2)}},
    {"approve-against-reject",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), CLICKS(MIA, "approve", NULL),
      REASONS(MAX, "reject", "reject_form", NULL)}},
    {"approve-against-withdraw",
     1,
     PLAIN,
     {ASKS("Alpha", drafted), CLICKS(MIA, "approve", NULL), CLICKS(SELLER, "withdraw", NULL)}},
    {"two-offers",
     1,
     PLAIN,
     {ASKS("Alpha", WAITS),
      ASKS("Beta", "for Beta: " WAITS),
      {.act = ACT_CLICK, .user = MIA, .what = "approve", .on = "CPPO-2"},
      {.act = ACT_REASON,
       .user = MAX,
       .what = "reject",
       .more = "reject_form",
       .until = "for Alpha: Rejected (revision 1)"},
      {.act = ACT_CLICK,
       .user = MIA,
       .what = "approve",
       .on = "CPPO-2",
       .until = "for Beta: Published (revision 1)"}}},
    {"restored", 1, PLAIN, {ASKS("Alpha", drafted), BACKUP, CLICKS(MIA, "approve", published)}},
    {"restored-while-it-publishes",
     1,
     ON_APPROVAL,
     {ASKS("Alpha", WAITS), CLICKS(MIA, "approve", NULL), BACKUP,
      CLICKS(MIA, "approve", published)}},
    {"machine-set-back",
     1,
     ON_APPROVAL | SET_BACK,
     {ASKS("Alpha", WAITS), BACKUP, CLICKS(MIA, "approve", published)}},
    {0},
};
