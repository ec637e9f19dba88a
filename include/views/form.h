/* The form and the small forms that ask for a reason: Slack modals. Pure: structs in, JSON out; new
 * references. */
#ifndef CPPO_VIEWS_FORM_H
#define CPPO_VIEWS_FORM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/actor.h"
#include "offers/authorization.h"
#include "offers/content.h"
#include "offers/playbook.h"
#include "offers/reference.h"
#include "views/form_fields.h"

/* What may be chosen, borrowed. */
struct form_choices {
    const struct authorization *list;
    size_t count;
    int64_t now; /* ms, to judge what is usable */
};

struct form_view {
    const char *form_id;     /* made when the form was opened; goes into private_metadata */
    int64_t offer;           /* being edited; 0: a new one */
    int revision;            /* being edited */
    const char *digest;      /* ... and its digest (offers/reference.h); "" for a new one */
    struct reference copied; /* what a new one is filled with; number 0: no other */
    struct form values;      /* prefilled, NULL or "" where empty */
    const struct authorization *authorization; /* the prefilled one, NULL when none */
    const struct playbook *playbooks; /* that may be chosen; of what is prefilled, one of them */
    size_t playbook_count;
    struct form_choices choices; /* none: Slack asks for them; see form_options */
    struct form_words words;     /* that follow from what is prefilled */
    int list_minutes;            /* how old that list is; 0: as good as new, or not known */
    bool closed;                 /* what is seldom changed stands behind "More" */
    const char *remarks; /* an approver's (or AWS's) remarks, shown on top, and what they say of a
                            field (offers/remarks.h) above that; "" when none */
    struct actor remarks_by;
    const char *notice; /* e.g. which given key=value could not be used; "" when none */
};
/* How an authorization reads in its list, on the heap. */
char *form_authorization_label(const struct authorization *authorization);

/* The form, filled in; callback id `offer_form`. */
json_t *form_modal(const struct form_view *view);

/* What private_metadata says: form id, the request that the form was opened for, and where: the
 * channel or view whose button was pressed. */
struct form_origin {
    char form_id[40];
    struct reference request;     /* number 0: a new one */
    struct reference copied;      /* what a new one was filled with; number 0: no other */
    char playbook[PLAYBOOK_NAME]; /* by which it was filled in last, "" by none */
    char place[32];               /* "" where that does not matter */
    bool whispered;               /* its button stood where only that person sees it, in no view */
};
/* On the heap. */
char *form_origin_write(const struct form_origin *origin);
/* False when it is not ours. */
bool form_origin_read(const char *private_metadata, struct form_origin *origin);

/* Which authorizations are not offered though they could be used, and why: a line each, plain; ""
 * if all are offered. On the heap. */
char *form_unsellable(const struct authorization *list, size_t count);

/* No authorization is usable: why, the page where they show up, whom to ask. ${unread}: NULL once
 * AWS has told them all; before that why it could not, "" while it is being asked. */
json_t *form_nothing_usable(const struct authorization *known, size_t count, int64_t now,
                            const char *unread, const char *support_contact);

/* The answer to a block_suggestion: options matching ${typed} (name or id, case-insensitive),
 * usable ones only, trimmed to fewer than 20 000 bytes as a whole ack payload. */
json_t *form_options(const struct form_choices *choices, const char *typed);

/* A form that asks for a reason; all static text. */
struct reason_form {
    const char *callback_id;
    const char *title;    /* before the number: "Changes to" */
    const char *question; /* "What should be changed?" */
    const char *submit;   /* "Send back" */
    bool coded;       /* a choice of reasons comes first (block `code`): words may be left out */
    const char *hint; /* below the question; NULL: who reads the answer */
};
json_t *form_reason(const struct reason_form *form, const struct form_origin *origin);

/* A form that asks when a request is to be published. */
struct form_time {
    const char *day, *clock, *zone; /* prefilled: "2026-12-01", "09:00", "Europe/Berlin"; or "" */
    bool set;                       /* a time is set already, and can be taken back */
};
/* Callback id `schedule_form`; blocks `day`, `clock`, `zone`. */
json_t *form_schedule(const struct form_time *form, const struct form_origin *origin);

#endif
