/* Catching up with AWS: change sets that carry our name. */
#include <stdlib.h>
#include <string.h>

#include "book/change_sets.h"
#include "book/finds.h"
#include "book/marks.h"
#include "flows/catching_up_news.h"
#include "flows/catching_up_sides.h"
#include "flows/catching_up_state.h"
#include "marketplace/catalog.h"
#include "text.h"

char *catching_up_sets_body(const struct catching_page *page)
{
    return catalog_newest_change_sets(page->cursor);
}

static bool set_known(struct turn *turn, const struct change_set_summary *set)
{
    if (finds_settled(turn, FIND_SET, set->id, set->parts.mark))
        return true;
    if (*set->parts.mark != '\0')
        return marks_known(turn, set->parts.mark);
    return change_sets_attempts(turn, set->parts.offer) >= set->parts.attempt ||
           set->at <= catching_up_last(turn);
}

static void note_set(struct turn *turn, const struct change_set_summary *set)
{
    bool done = set->status != CHANGE_SET_FAILED && set->status != CHANGE_SET_CANCELLED;
    struct find find = {.what = FIND_SET,
                        .request = set->parts.offer,
                        .revision = set->parts.revision,
                        .number = set->parts.number,
                        .attempt = set->parts.attempt,
                        .at = set->at};
    text_fit(find.id, sizeof(find.id), set->id);
    text_fit(find.state, sizeof(find.state), done ? set->parts.purpose : "failed");
    text_fit(find.entity, sizeof(find.entity), set->entity);
    text_fit(find.mark, sizeof(find.mark), set->parts.mark);
    finds_put(turn, &find);
    turn_count_past(turn, "request", find.request);
}

enum catching_next catching_up_sets(struct turn *turn, const struct result *result,
                                    struct catching_page *page)
{
    size_t count, ours = 0;
    if (result->outcome != OUTCOME_OK)
        return CATCHING_LATER;
    struct change_set_summary *list = catalog_change_sets(result->reply, &count, page->cursor);
    for (size_t i = 0; i < count; i++) {
        if (!catching_up_is_ours(turn, list[i].parts.install))
            continue;
        ours++;
        if (set_known(turn, &list[i]))
            continue;
        note_set(turn, &list[i]);
        page->whole = true;
    }
    free(list);
    bool more = *page->cursor != '\0' && (page->whole || ours == 0);
    if (more && page->number < CATCHING_PAGES) {
        page->number++;
        return CATCHING_PAGE;
    }
    if (more)
        catching_up_unseen(turn,
                           "AWS lists more change sets than I read: I have not seen the oldest.");
    return CATCHING_END;
}
