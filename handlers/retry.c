#include "answers.h"
#include "clicks.h"

static struct decision retry_click(struct turn *turn, const void *payload)
{
    struct pending_action pending;
    if (!click_action(turn, payload, &retry_action, &pending))
        return turn_answer(turn, NULL);
    return answer_action(turn, &pending);
}

const struct entry retry_entry = {.routes = {{"action:retry", retry_click}}};
