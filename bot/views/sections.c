#include "sections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/kind.h"
#include "offers/rule.h"
#include "parts.h"
#include "slack/blocks.h"
#include "text.h"
#include "timing_view.h"

enum { CONTEXT_POINTS = 2000 }; /* that a context takes */

void sections_add_markup(json_t *blocks, struct text *markup)
{
    if (markup->size > 0)
        json_array_append_new(blocks, blocks_section(text_get(markup)));
    text_free(markup);
}

/* As much of ${line} as one section takes; escaped text is cut between two characters of it. */
static size_t size_that_fits(const char *line)
{
    size_t size = text_cut(line, SECTION_POINTS);
    size_t entity = size;
    while (entity > 0 && size - entity < 6 && line[entity] != '&')
        entity--;
    return line[size] != '\0' && line[entity] == '&' && entity > 0 ? entity : size;
}

void sections_add_markup_lines(json_t *blocks, struct text *lines)
{
    struct text part = {0};
    const char *at = text_get(lines);
    while (*at != '\0') {
        char *line = text_format("%.*s", (int)strcspn(at, "\n"), at);
        size_t size = size_that_fits(line);
        line[size] = '\0';
        if (part.size > 0 && text_points(text_get(&part)) + text_points(line) > SECTION_POINTS)
            sections_add_markup(blocks, &part);
        text_addf(&part, "%s%s", part.size > 0 ? "\n" : "", line);
        at += size;
        if (*at == '\n')
            at++;
        free(line);
    }
    sections_add_markup(blocks, &part);
    text_free(lines);
}

/* --- the request and its state --- */

const char *sections_label(const struct card *card)
{
    return card_facts_refused(card) ? "AWS needs a change" : timing_view_label(card->request);
}

void sections_add_requester(struct text *line, const struct card *card)
{
    if (*card->requester_name != '\0')
        mrkdwn_escape(line, card->requester_name);
    else
        mrkdwn_person(line, card->request->requester);
}

void sections_add_heading(json_t *blocks, const struct card *card)
{
    const struct request *request = card->request;
    struct text line = {0};
    struct text title = {0};
    text_addf(&title, "CPPO-%lld · ", (long long)request->number);
    parts_add_title(&title, request);
    json_array_append_new(blocks, blocks_header(text_get(&title)));
    text_free(&title);
    text_addf(&line, "%s *%s* · revision %d · requested by ", timing_view_sign(request),
              sections_label(card), request->revision);
    sections_add_requester(&line, card);
    sections_add_markup(blocks, &line);
}

/* How the checks came out, without what they say: that names prices. */
static void add_check_counts(json_t *blocks, const struct card *card)
{
    size_t failed = 0;
    size_t warnings = 0;
    struct text line = {0};
    for (size_t i = 0; i < card->check_count; i++) {
        failed += card->checks[i].outcome == CHECK_FAILED;
        warnings += card->checks[i].outcome == CHECK_WARNING;
    }
    if (failed > 0)
        text_addf(&line, "❌ Checks that failed: %zu", failed);
    if (warnings > 0)
        text_addf(&line, "%s⚠️ Warnings: %zu", line.size > 0 ? " · " : "", warnings);
    sections_add_markup(blocks, &line);
}

static const char *const signs[] = {"✅", "⚠️", "❌", "⏳", "🔎", "ℹ️"};

static void add_check(struct text *lines, const struct check *check)
{
    text_addf(lines, "%s%s ", lines->size > 0 ? "\n" : "", signs[check->outcome]);
    mrkdwn_escape(lines, check->text);
}

void sections_add_checks(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (card->outsiders) {
        add_check_counts(blocks, card);
        return;
    }
    for (size_t i = 0; i < card->check_count; i++)
        add_check(&lines, &card->checks[i]);
    sections_add_markup_lines(blocks, &lines);
}

/* "✅ AWS has accepted the draft · 6 more checks passed" */
static void add_passed(struct text *lines, const struct card *card)
{
    size_t named = 0;
    size_t others = 0;
    for (size_t i = 0; i < card->check_count; i++) {
        const struct check *check = &card->checks[i];
        bool passed = check->outcome == CHECK_PASSED;
        others += passed && !check->verdict;
        if (!passed || !check->verdict)
            continue;
        text_addf(lines, "%s ", named++ > 0 ? " ·" : lines->size > 0 ? "\n✅" : "✅");
        mrkdwn_escape(lines, check->text);
    }
    if (others > 0)
        text_addf(lines, "%s %zu %scheck%s passed",
                  named > 0         ? " ·"
                  : lines->size > 0 ? "\n✅"
                                    : "✅",
                  others, named > 0 ? "more " : "", others == 1 ? "" : "s");
}

void sections_add_checks_brief(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (card->outsiders) {
        add_check_counts(blocks, card);
        return;
    }
    for (size_t i = 0; i < card->check_count; i++) {
        if (card->checks[i].outcome != CHECK_PASSED)
            add_check(&lines, &card->checks[i]);
    }
    add_passed(&lines, card);
    sections_add_markup_lines(blocks, &lines);
}

void sections_add_changes(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (*card->changes == '\0' || card->outsiders)
        return;
    text_add(&lines, "*Changed since the last revision*\n");
    mrkdwn_escape(&lines, card->changes);
    sections_add_markup_lines(blocks, &lines);
}

void sections_add_copied(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    if (card->request->copy_of == 0)
        return;
    text_addf(&lines, "*Copy of CPPO-%lld*", (long long)card->request->copy_of);
    if (*card->copied != '\0' && !card->outsiders) {
        text_add(&lines, ", and what is changed in it\n");
        mrkdwn_escape(&lines, card->copied);
    }
    sections_add_markup_lines(blocks, &lines);
}

/* A person; or a rule, which approves by itself. */
static void add_voter(struct text *line, const char *voter)
{
    const char *rule = rule_of_voter(voter);
    if (rule == NULL) {
        mrkdwn_person(line, voter);
        return;
    }
    text_add(line, "rule “");
    mrkdwn_escape(line, rule);
    text_add(line, "”, which needs nobody");
}

static void add_comment(struct text *line, const struct vote *vote)
{
    if (*vote->comment == '\0')
        return;
    text_add(line, ": “");
    mrkdwn_escape(line, vote->comment);
    text_add(line, "”");
}

/* Whoever said something has a line of their own. */
static void add_approvals(struct text *line, const struct card *card)
{
    for (size_t i = 0; i < card->vote_count; i++) {
        const struct vote *vote = &card->votes[i];
        bool alone =
            !card->outsiders && (*vote->comment != '\0' || (i > 0 && *vote[-1].comment != '\0'));
        if (strcmp(vote->step, APPROVAL_ALONE) == 0)
            text_add(line, line->size > 0 ? "\n🚨 Break-glass, approved alone by "
                                          : "🚨 Break-glass, approved alone by ");
        else
            text_add(line, i > 0 && !alone  ? ", "
                           : line->size > 0 ? "\nApproved by "
                                            : "Approved by ");
        add_voter(line, vote->person);
        text_add(line, " (");
        mrkdwn_time(line, vote->at);
        text_add(line, ")");
        if (!card->outsiders)
            add_comment(line, vote);
    }
}

void sections_add_votes(json_t *blocks, const struct card *card)
{
    struct text line = {0};
    if (card->request->state == STATE_PENDING) {
        text_add(&line, card->rule);
        text_add(&line, " (not ");
        sections_add_requester(&line, card);
        text_add(&line, ", who asked)");
    }
    add_approvals(&line, card);
    for (size_t i = 0; i < card->lost_count; i++) {
        text_add(&line, line.size > 0 ? "\nThe approval of " : "The approval of ");
        mrkdwn_person(&line, card->lost[i].person);
        text_addf(&line, " no longer counts: %s", card->lost[i].lost);
    }
    if (text_points(text_get(&line)) > CONTEXT_POINTS)
        sections_add_markup_lines(blocks, &line);
    else if (line.size > 0)
        json_array_append_new(blocks, blocks_context(text_get(&line)));
    text_free(&line);
}

void sections_add_comments(json_t *blocks, const struct card *card)
{
    struct text lines = {0};
    const struct move *last = card->last;
    for (size_t i = 0; i < card->vote_count; i++) {
        const struct vote *vote = &card->votes[i];
        bool said =
            last != NULL && last->event == EVENT_APPROVE && strcmp(last->who.id, vote->person) == 0;
        if (said || *vote->comment == '\0')
            continue;
        text_add(&lines, lines.size > 0 ? "\nApproved by " : "Approved by ");
        mrkdwn_person(&lines, vote->person);
        add_comment(&lines, vote);
    }
    sections_add_markup_lines(blocks, &lines);
}

void sections_add_last_move(json_t *blocks, const struct card *card)
{
    if (card->last == NULL || card->request->state == STATE_PENDING)
        return;
    struct move last = *card->last;
    if (card->outsiders && last.event != EVENT_TAKE_OVER) /* whose "why" is a person */
        last.why[0] = '\0';
    char *line = parts_move_line(card->request->kind, &last);
    json_array_append_new(blocks, blocks_section(line));
    free(line);
}

/* --- for phones and screen readers --- */

char *sections_fallback(const struct card *card)
{
    const struct request *request = card->request;
    struct text title = {0};
    parts_add_title(&title, request);
    const char *called = text_get(&title);
    char *whole = text_format("CPPO-%lld%s%.*s: %s (revision %d)", (long long)request->number,
                              request->kind->words->joint, (int)text_cut(called, 200), called,
                              sections_label(card), request->revision);
    text_free(&title);
    return whole;
}

char *sections_decision(const struct card *card)
{
    const struct request_kind *kind = card->request->kind;
    struct text line = {0};
    char *what = sections_fallback(card);
    char *brief = kind->brief != NULL && !card->outsiders ? kind->brief(card) : mem_copy("");
    text_add(&line, what);
    if (*card->requester_name != '\0')
        text_addf(&line, " · %s asks", card->requester_name);
    if (*brief != '\0')
        text_addf(&line, " · %s", brief);
    free(brief);
    free(what);
    return text_take(&line);
}

json_t *sections_message(const char *text, json_t *blocks)
{
    struct text safe = {0};
    mrkdwn_escape(&safe, text);
    json_t *whole = blocks_message(text_get(&safe), blocks);
    text_free(&safe);
    return whole;
}
