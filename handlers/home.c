/* The app's Home tab: opened, filtered, searched, turned over. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "flows/homes.h"
#include "flows/listing.h"
#include "offers/filter.h"

/* Its messages have a tab of their own, which is opened by the same event. */
static struct decision opened(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    if (strcmp(from->value, "home") == 0)
        homes_show(turn, from->user, "", "");
    return turn_answer(turn, NULL);
}

static struct decision overview_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    homes_show(turn, from->user, "", "");
    return turn_answer(turn, NULL);
}

/* Typed or chosen: what is wrong with it is said above. */
static struct decision search(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    char query[PAGE_TEXT];
    char *wrong = listing_query(turn, from->user, from->value, query);
    homes_show(turn, from->user, wrong == NULL && *from->value != '\0' ? query : "",
               wrong != NULL ? wrong : "");
    free(wrong);
    return turn_answer(turn, NULL);
}

static struct decision page_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct list_page page;
    homes_show(turn, from->user, list_page_read(&page, from->value) ? from->value : "", "");
    return turn_answer(turn, NULL);
}

const struct entry home_entry = {
    .routes = {{"event:app_home_opened", opened},
               {"action:home_overview", overview_click},
               {"action:home_filter", search},
               {"action:home_search", search},
               {"action:home_on", page_click},
               {"action:home_back", page_click}},
};
