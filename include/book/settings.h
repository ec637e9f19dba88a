/* What is remembered of the installation itself: small texts by name. */
#ifndef CPPO_BOOK_SETTINGS_H
#define CPPO_BOOK_SETTINGS_H

#include "engine/turn.h"

/* All there are, so that no two have one name, which is stored: another needs a migration. */
#define SETTINGS(ROW)                                                                              \
    /* A random id of this book, made with it; SQL reads it (book/requests.c). */                  \
    ROW(SETTING_BOOK, "book")                                                                      \
    /* The life of the file that goes on now (book/marks.h); SQL reads it, too. */                 \
    ROW(SETTING_LIFE, "life")                                                                      \
    /* What marks what we leave at AWS as this installation's (flows/app_context.h). */            \
    ROW(SETTING_INSTALL, "install")                                                                \
    /* Who we are at Slack, as it said last. */                                                    \
    ROW(SETTING_SLACK_TEAM, "slack.team")                                                          \
    ROW(SETTING_SLACK_BOT_USER, "slack.bot_user")                                                  \
    ROW(SETTING_SLACK_ENTERPRISE, "slack.enterprise")                                              \
    /* There once authorizations were listed to the end; why the last try before failed. */        \
    ROW(SETTING_LISTED, "authorizations.listed")                                                   \
    ROW(SETTING_UNREAD, "authorizations.unread")                                                   \
    /* The day that open cards show; "stale" after an upgrade that changes them. */                \
    ROW(SETTING_CARDS_DAY, "cards")                                                                \
    /* May the file be older than the world; when, and in which life, it was last known not to     \
     * be; and may another bot run on a copy of it? */                                             \
    ROW(SETTING_DOUBTED, "doubted")                                                                \
    ROW(SETTING_CAUGHT_UP_AT, "caught_up_at")                                                      \
    ROW(SETTING_CAUGHT_UP_BY, "caught_up_by")                                                      \
    ROW(SETTING_COPIED, "copied")                                                                  \
    /* In which life it was known that another one does. */                                        \
    ROW(SETTING_OTHER_SEEN_BY, "other seen by")                                                    \
    /* The page of each side that is being compared. */                                            \
    ROW(SETTING_AWS_PAGE, "AWS page")                                                              \
    ROW(SETTING_SLACK_PAGE, "Slack page")                                                          \
    /* What operators are to be told of the comparison: what was found, what could not be seen,    \
     * why it was made, whether the file was new; and that they were told. */                      \
    ROW(SETTING_REPORT, "report")                                                                  \
    ROW(SETTING_UNSEEN, "unseen")                                                                  \
    ROW(SETTING_DOUBT_CAUSE, "doubted because")                                                    \
    ROW(SETTING_NEW_FILE, "new file")                                                              \
    ROW(SETTING_REPORT_TOLD, "report told")                                                        \
    /* Requests below this number are not found by words yet (flows/finding.c). */                 \
    ROW(SETTING_SEARCH_BELOW, "search.below")                                                      \
    /* Many of each, by what they are about: operators were told, once, of an offer that cannot    \
     * be read, of a draft that is not where it should be, of posts of a kind that this version    \
     * does not know, and of a requester whom Slack lets nobody write to. */                       \
    ROW(SETTING_UNREADABLE, "unreadable.")                                                         \
    ROW(SETTING_STUCK, "stuck.")                                                                   \
    ROW(SETTING_UNKNOWN_POST, "unknown post.")                                                     \
    ROW(SETTING_UNREACHABLE, "unreachable.")                                                       \
    /* Our channels in which other organisations read along (flows/outsiders.h). */                \
    ROW(SETTING_OUTSIDERS, "outsiders.")

#define SETTINGS_CONSTANT(constant, name) constant,
enum setting { SETTINGS(SETTINGS_CONSTANT) SETTINGS_COUNT };

/* False, and "" in ${value}, when nothing is remembered. */
bool settings_get(struct turn *turn, enum setting setting, char *value, size_t capacity);
/* Is anything but "" remembered? */
bool settings_has(struct turn *turn, enum setting setting);
void settings_put(struct turn *turn, enum setting setting, const char *value);

/* Remember ${about}, under a setting of which there are many (its name ends in a dot) for each by
 * itself, else the newest alone; false: it is remembered already. */
bool settings_note(struct turn *turn, enum setting setting, const char *about);
/* Is it remembered? */
bool settings_noted(struct turn *turn, enum setting setting, const char *about);
/* ... no more: of one of many this, of any other whatever it was. */
void settings_forget(struct turn *turn, enum setting setting, const char *about);

#endif
