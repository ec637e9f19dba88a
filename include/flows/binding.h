/* A click, or a form that was sent in, counts only for what it showed. Every message that we ever
 * posted can still be clicked on: those of a state file that was lost, of a backup's future, of a
 * card that was replaced. */
#ifndef CPPO_FLOWS_BINDING_H
#define CPPO_FLOWS_BINDING_H

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "offers/reference.h"
#include "slack/payload.h"

/* What was clicked on: a button of a request of this book, at a revision that it has or had; where
 * its message lasts and others see it, that is the request's own card. False when it is none: then
 * nothing may follow, and the person has been told. ${shown} (may be NULL): where the button stood,
 * for the vote. */
bool binding_of_click(struct turn *turn, const struct slack_envelope *from,
                      struct reference *request, char shown[SHOWN_TEXT]);

/* Did a form, or what was stored of a click, show what this book holds? */
bool binding_holds(struct turn *turn, const struct reference *request);

/* Do what ${pending} asks: of what it is bound to, if that is there, and if ${person} may (but for
 * what was typed: offers/action.h). Where they may not, or what it was asked of is none of this
 * book, nothing follows, and the person is told. */
void binding_run(struct turn *turn, const struct pending_action *pending,
                 const struct person *person, const char *content);

/* What is said where it does not: nothing was changed, and where to look. On the heap. */
char *binding_words(const char *what, const struct reference *request);

#endif
