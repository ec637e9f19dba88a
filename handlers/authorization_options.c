/* The list behind the form's first field, asked for as one types. */
#include <stdlib.h>

#include "answers.h"
#include "book/authorizations.h"
#include "views/form.h"

static struct decision authorization_options(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct authorization *list;
    size_t count = authorizations_usable(turn, &list);
    if (!opening_known(turn, RIGHT_REQUEST, from->user, NULL))
        count = 0;
    const struct form_choices choices = {list, count, turn_now(turn)};
    json_t *options = form_options(&choices, from->value);
    free(list);
    return turn_answer(turn, answer_body(options));
}

const struct entry authorization_options_entry = {
    .routes = {{"options:authorization", authorization_options}},
};
