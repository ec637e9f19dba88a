#include "play.h"

#define SELLER "U0SELLER"
#define MIA "U0MIA"
#define MAX "U0MAX"

#define ASK(customer)                                                                              \
    {                                                                                              \
        ACT_REQUEST, SELLER, customer, NULL, NULL, 0                                               \
    }
#define SEEN(customer) "for " customer ": Waiting for approval (revision 1)"
#define APPROVED_BY(user, end)                                                                     \
    {                                                                                              \
        ACT_CLICK, user, "approve", NULL, end, 0                                                   \
    }
#define FAULT(json)                                                                                \
    {                                                                                              \
        ACT_ORDER, NULL, "fault", json, NULL, 0                                                    \
    }

const struct scenario scenarios[] = {
    {"publish",
     1,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, "AWS has accepted", 0},
      APPROVED_BY(MIA, "Published (revision 1)")}},
    {"approve-at-once",
     1,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      APPROVED_BY(MIA, "Published (revision 1)")}},
    {"reject",
     1,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      {ACT_REASON, MIA, "reject", "reject_form", "Rejected (revision 1)", 0}}},
    {"changes",
     1,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      {ACT_REASON, MAX, "request_changes", "changes_form", "Changes requested (revision 1)", 0},
      {ACT_EDIT, SELLER, "/cppo edit CPPO-1", "20", "Waiting for approval (revision 2)", 0},
      APPROVED_BY(MIA, "Published (revision 2)")}},
    {"withdraw",
     1,
     {{ACT_ORDER, NULL, "fault", "{\"change_set\": \"hold\"}", NULL, 0},
      {ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      {ACT_COMMAND, SELLER, "/cppo withdraw CPPO-1", NULL, "Withdrawn (revision 1)", 0},
      {ACT_ORDER, NULL, "fault", "{\"change_set\": \"go_on\"}", NULL, 0}}},
    {"two-approvers",
     2,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      APPROVED_BY(MAX, NULL),
      {ACT_CLICK, MIA, "approve", NULL, "Published (revision 1)", 1}}},
    {"retry",
     1,
     {{ACT_REQUEST, SELLER, "Alpha", NULL, "AWS has accepted", 0},
      {ACT_ORDER, NULL, "fault",
       "{\"change_set\": \"fail\", \"code\": \"INCOMPATIBLE_SELLER_VERIFICATION\"}", NULL, 0},
      APPROVED_BY(MIA, "Publishing failed (revision 1)"),
      {ACT_CLICK, "U0OLGA", "retry", NULL, "Published (revision 1)", 0}}},
    {"edit-while-AWS-works",
     1,
     {{ACT_ORDER, NULL, "fault", "{\"change_set\": \"hold\"}", NULL, 0},
      {ACT_REQUEST, SELLER, "Alpha", NULL, SEEN("Alpha"), 0},
      {ACT_EDIT, SELLER, "/cppo edit CPPO-1", "30", "Waiting for approval (revision 2)", 0},
      APPROVED_BY(MIA, NULL),
      {ACT_ORDER, NULL, "fault", "{\"change_set\": \"go_on\"}", NULL, 0},
      APPROVED_BY(MIA, "Published (revision 2)")}},
    {"lost-answers",
     1,
     {FAULT("{\"where\": \"slack\", \"method\": \"chat.postMessage\", \"match\": \"card\","
            " \"drop\": \"after\"}"),
      FAULT("{\"where\": \"aws\", \"method\": \"StartChangeSet\", \"drop\": \"after\", \"times\": "
            "2}"),
      {ACT_REQUEST, SELLER, "Alpha", NULL, "AWS has accepted", 0},
      APPROVED_BY(MIA, "Published (revision 1)")}},
    {"refused-draft",
     1,
     {{ACT_ORDER, NULL, "fault", "{\"change_set\": \"fail\", \"code\": \"INVALID_BUYER_ACCOUNTS\"}",
       NULL, 0},
      {ACT_REQUEST, SELLER, "Alpha", NULL, "Changes requested (revision 1)", 0},
      {ACT_EDIT, SELLER, "/cppo edit CPPO-1", "20", "Waiting for approval (revision 2)", 0},
      APPROVED_BY(MIA, "Published (revision 2)")}},
    {0},
};
