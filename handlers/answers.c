#include "answers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flows/actions.h"
#include "flows/binding.h"
#include "flows/replies.h"
#include "flows/whispers.h"
#include "json.h"
#include "views/messages.h"

enum { MAX_ACKED = 19000 }; /* bytes; the envelope is around it */

static bool fits(const char *text)
{
    return strlen(text) <= MAX_ACKED;
}

char *answer_body(json_t *body)
{
    char *text = json_write(body);
    if (fits(text))
        return text;
    free(text);
    return NULL;
}

/* What is too long for an ack goes out as a message of its own. */
struct decision answer_message(struct turn *turn, const struct slack_envelope *from,
                               json_t *message)
{
    char *body = answer_body(json_incref(message));
    if (body == NULL)
        whisper_message(turn, from->place, from->user, message);
    else
        json_decref(message);
    return turn_answer(turn, body);
}

struct decision answer_text(struct turn *turn, const struct slack_envelope *from, char *message)
{
    if (fits(message))
        return turn_answer(turn, message);
    whisper_message(turn, from->place, from->user, json_read(message));
    return turn_answer(turn, NULL);
}

struct decision answer_which(struct turn *turn, const struct slack_envelope *from,
                             const struct usage *usage)
{
    return answer_message(
        turn, from,
        message_format("Which one? Type /cppo %s %s, for example; /cppo list shows yours.",
                       usage->name, usage->rest));
}

void answer_click(struct turn *turn, const struct slack_envelope *from, json_t *message)
{
    whisper_replace(turn, from->place, from->user, from->whisper_ts, false, message);
}

struct decision answer_errors(struct turn *turn, json_t *errors)
{
    char *body =
        answer_body(json_pack("{s:s, s:o}", "response_action", "errors", "errors", errors));
    assert(body != NULL); /* an error is one sentence, and there are few fields */
    return turn_errors(turn, body);
}

struct decision answer_other_book(struct turn *turn, const struct slack_envelope *from,
                                  const char *block, const struct reference *shown)
{
    char *words = binding_words("form", shown);
    reply_log_refused(from->user, from->callback_id, shown->number, words);
    json_t *errors = json_pack("{s:s}", block, words);
    free(words);
    return answer_errors(turn, errors);
}

struct decision answer_action(struct turn *turn, const struct pending_action *pending)
{
    return actions_now_or_later(turn, pending, NULL) ? turn_answer(turn, NULL)
                                                     : turn_act_later(turn);
}
