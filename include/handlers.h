/* One function for each thing that a person can do; the table of routes (bot/run/tables.c) says
 * which envelope goes where. The payload of all of them is a const struct slack_envelope *. */
#ifndef CPPO_HANDLERS_H
#define CPPO_HANDLERS_H

#include "engine/turn.h"
#include "flows/flow.h"

struct decision cppo_command(struct turn *turn, const void *payload);

struct decision new_offer_click(struct turn *turn, const void *payload);
struct decision my_offers_click(struct turn *turn, const void *payload);
struct decision pending_offers_click(struct turn *turn, const void *payload);

struct decision authorization_options(struct turn *turn, const void *payload);
struct decision eula_chosen(struct turn *turn, const void *payload);
struct decision offer_form_submit(struct turn *turn, const void *payload);

struct decision approve_click(struct turn *turn, const void *payload);
struct decision approve_again_click(struct turn *turn, const void *payload);
struct decision approve_form_submit(struct turn *turn, const void *payload);
struct decision reject_click(struct turn *turn, const void *payload);
struct decision reject_form_submit(struct turn *turn, const void *payload);
struct decision request_changes_click(struct turn *turn, const void *payload);
struct decision changes_form_submit(struct turn *turn, const void *payload);
struct decision details_click(struct turn *turn, const void *payload);
struct decision history_click(struct turn *turn, const void *payload);
struct decision edit_click(struct turn *turn, const void *payload);
struct decision keep_click(struct turn *turn, const void *payload);
struct decision withdraw_click(struct turn *turn, const void *payload);
struct decision retry_click(struct turn *turn, const void *payload);

/* Anything else: acknowledged, and nothing happens. */
struct decision unknown_envelope(struct turn *turn, const void *payload);

/* Forms that could not be opened: the person gets a way to try again. */
extern const struct flow forms_flow;
/* A form is shown with a field more or less. */
extern const struct flow eula_flow;
/* Slack showed somebody who wanted a form and was never read. */
extern const struct flow opening_flow;

#endif
