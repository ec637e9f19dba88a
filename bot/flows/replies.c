#include "flows/replies.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "flows/whispers.h"
#include "log.h"
#include "slack/blocks.h"
#include "views/messages.h"

struct reply_to reply_to_action(const struct pending_action *pending)
{
    return (struct reply_to){
        .person = pending->person,
        .channel = pending->channel,
        .question = pending->question,
        .typed = pending->reason,
    };
}

void reply_message(struct turn *turn, const struct reply_to *to, json_t *message)
{
    whisper_replace(turn, to->channel, to->person, to->question, to->kept, message);
}

static void say(struct turn *turn, const struct reply_to *to, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void say(struct turn *turn, const struct reply_to *to, const char *format, va_list args)
{
    char words[WHY_TEXT + 200]; /* what is wrong with a request, and what is said around it */
    vsnprintf(words, sizeof(words), format, args);
    reply_message(turn, to,
                  *to->typed != '\0' ? message_quoting(words, to->typed) : message_plain(words));
}

void reply_words(struct turn *turn, const struct reply_to *to, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(turn, to, format, args);
    va_end(args);
}

void reply_action(struct turn *turn, const struct pending_action *pending, const char *format, ...)
{
    const struct reply_to to = reply_to_action(pending);
    va_list args;
    va_start(args, format);
    say(turn, &to, format, args);
    va_end(args);
}

void reply_undone(struct turn *turn, const struct pending_action *pending, const char *format, ...)
{
    struct reply_to to = reply_to_action(pending);
    va_list args;
    to.kept = true;
    va_start(args, format);
    say(turn, &to, format, args);
    va_end(args);
}

void reply_log_refused(const char *who, const char *what, int64_t number, const char *words)
{
    char *why = blocks_unmarked(words);
    log_info("action refused", F_TEXT("who", who), F_TEXT("what", what), F_INT("request", number),
             F_TEXT("why", why));
    free(why);
}

void reply_refused(struct turn *turn, const struct reply_to *to, const struct refusal *refusal)
{
    char *words =
        rosters_words(turn, refusal->what->right, refusal->why, refusal->person, refusal->request);
    struct reply_to kept = *to;
    kept.kept = true;
    reply_log_refused(refusal->person->id, refusal->what->verb, refusal->request->number, words);
    reply_words(turn, &kept, "%s", words);
    free(words);
}

bool reply_unless_allowed(struct turn *turn, const struct pending_action *pending,
                          const struct person *person, const struct request *request)
{
    const struct reply_to to = reply_to_action(pending);
    const struct policy_rule *why = rosters_refusal(turn, pending->what->right, person, request);
    if (why != NULL)
        reply_refused(turn, &to, &(struct refusal){pending->what, why, person, request});
    return why == NULL;
}
