#include "views/card_mentions.h"

#include "offers/kind.h"
#include "slack/blocks.h"

static void add_failed_checks(struct text *line, const struct card *card)
{
    const char *between = ": ";
    if (card->outsiders)
        return;
    for (size_t i = 0; i < card->check_count; i++) {
        if (card->checks[i].outcome != CHECK_FAILED)
            continue;
        text_add(line, between);
        mrkdwn_escape(line, card->checks[i].text);
        between = "; ";
    }
}

static void add_sent_again(const struct card *card, struct text *line)
{
    text_addf(line,
              "was sent again (revision %d) and waits for a decision: ", card->request->revision);
}

static void add_missing_votes(const struct card *card, struct text *line)
{
    const struct approval *approval = &card->approval;
    char place[APPROVAL_PLACE];
    approval_place(approval, place);
    text_addf(line, "has %d of %d approvals%s; %d more needed: ", approval->given,
              approval->step.needed, place, approval->missing);
}

static void add_failure(const struct card *card, struct text *line)
{
    text_addf(line, "%s: ", card->request->kind->words->failed);
    mrkdwn_escape(line, card->outsiders ? "Details says why." : card->request->problem);
    text_add(line, " ");
}

static void add_authorization(const struct card *card, struct text *line)
{
    text_add(line, "cannot be published as it stands");
    add_failed_checks(line, card);
    text_add(line, ". ");
}

static void add_nudge(const struct card *card, struct text *line)
{
    text_add(line, "is needed soon. Somebody asks for your decision, for which it has been waiting "
                   "since ");
    mrkdwn_time(line, card->request->changed_at);
    text_add(line, ": ");
}

static void add_reminder(const struct card *card, struct text *line)
{
    text_add(line, "has been waiting for your decision since ");
    mrkdwn_time(line, card->request->changed_at);
    text_add(line, ": ");
}

static void add_ruled(const struct card *card, struct text *line)
{
    (void)card;
    text_add(line, "waits for a decision, now that it is known who decides: ");
}

const struct card_mention sent_again_mention = {"sent_again", add_sent_again};
const struct card_mention vote_mention = {"vote", add_missing_votes};
const struct card_mention ruled_mention = {"ruled", add_ruled};
const struct card_mention failed_mention = {"failed", add_failure};
const struct card_mention authorization_mention = {"authorization", add_authorization};
const struct card_mention reminder_mention = {"reminder", add_reminder};
const struct card_mention nudge_mention = {"nudge", add_nudge};

/* Short: the card above has the rest. What the approvers read first is what they are needed for. */
json_t *card_mention_message(const struct card *card, const struct card_mention *why,
                             const char *mention)
{
    struct text line = {0};
    text_addf(&line, "CPPO-%lld ", (long long)card->request->number);
    why->words(card, &line);
    text_add(&line, mention);
    json_t *whole =
        blocks_message(text_get(&line), json_pack("[o]", blocks_section(text_get(&line))));
    text_free(&line);
    return whole;
}
