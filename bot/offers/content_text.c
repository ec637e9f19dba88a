/* Content as text: canonical, back to the form, and what changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/content.h"
#include "text.h"

enum { BUYERS_TEXT = MAX_BUYERS * (ACCOUNT_ID + 1) + 1, SHOWN_POINTS = 200 };

static void join_buyers(const struct content *content, const char *between, char *text, size_t size)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < content->buyer_count && at + ACCOUNT_ID + 1 < size; i++)
        at += (size_t)snprintf(text + at, size - at, "%s%s", i > 0 ? between : "",
                               content->buyers[i]);
}

void content_form(const struct content *content, char *buyers, size_t capacity, struct form *form)
{
    join_buyers(content, "\n", buyers, capacity);
    *form = (struct form){.typed = {
                              [FIELD_AUTHORIZATION] = content->authorization,
                              [FIELD_OFFER_NAME] = content->offer_name,
                              [FIELD_CUSTOMER] = content->customer,
                              [FIELD_BUYERS] = buyers,
                              [FIELD_MARKUP] = content->markup,
                              [FIELD_TERM] = content->term,
                              [FIELD_ACCEPT_BY] = content->accept_by,
                              [FIELD_EULA] = eula_value(content->eula),
                              [FIELD_EULA_URL] = content->eula_url,
                              [FIELD_NOTE] = content->note,
                              [FIELD_PLAYBOOK] = content->playbook,
                          }};
}

/* One "name=value" a line; in values, backslash and newline are written \\ and \n. */
char *content_write(const struct content *content)
{
    char buyers[BUYERS_TEXT];
    struct form form;
    struct text text = {0};
    content_form(content, buyers, sizeof(buyers), &form);
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (field == FIELD_PLAYBOOK && *content->playbook == '\0')
            continue;
        text_addf(&text, "%s=", field_name((enum field)field));
        for (const char *at = form.typed[field]; *at != '\0'; at++) {
            if (*at == '\n')
                text_add(&text, "\\n");
            else if (*at == '\\')
                text_add(&text, "\\\\");
            else
                text_add_bytes(&text, at, 1);
        }
        text_add(&text, "\n");
    }
    return text_take(&text);
}

/* A value, the ${size} bytes at ${line}, as it was; ${value} is emptied first. */
static void unescape(struct text *value, const char *line, size_t size)
{
    text_clear(value);
    for (size_t at = 0; at < size;) {
        const char *mark = memchr(line + at, '\\', size - at);
        size_t plain = mark != NULL ? (size_t)(mark - line) - at : size - at;
        text_add_bytes(value, line + at, plain);
        at += plain;
        if (mark == NULL)
            break;
        bool last = at + 1 == size;
        text_add(value, !last && mark[1] == 'n' ? "\n" : "\\");
        at += last ? 1 : 2;
    }
}

bool content_next(char **rest, const char **name, struct text *value)
{
    char *line = *rest;
    size_t size = strcspn(line, "\n");
    if (size == 0)
        return false;
    *rest = line + size + (line[size] == '\n');
    line[size] = '\0';
    size_t at = strcspn(line, "=");
    unescape(value, line + at + (at < size), size - at - (at < size));
    line[at] = '\0';
    *name = line;
    return true;
}

static bool put_buyers(struct content *content, const char *list)
{
    for (; *list != '\0'; list += strspn(list, "\n")) {
        size_t size = strcspn(list, "\n");
        if (size != ACCOUNT_ID - 1 || content->buyer_count == MAX_BUYERS)
            return false;
        char *buyer = content->buyers[content->buyer_count++];
        memcpy(buyer, list, size);
        buyer[size] = '\0';
        if (!taken_account(buyer))
            return false;
        list += size;
    }
    return true;
}

static bool put_eula(struct content *content, const char *value)
{
    for (int kind = EULA_AS_AUTHORIZED; kind <= EULA_CUSTOM; kind++) {
        if (strcmp(eula_value((enum offer_eula)kind), value) == 0) {
            content->eula = (enum offer_eula)kind;
            return true;
        }
    }
    return false;
}

static bool put(struct content *content, enum field field, const char *value)
{
    switch (field) {
    case FIELD_AUTHORIZATION:
        return text_fit(content->authorization, sizeof(content->authorization), value);
    case FIELD_OFFER_NAME:
        return text_fit(content->offer_name, sizeof(content->offer_name), value);
    case FIELD_CUSTOMER:
        return text_fit(content->customer, sizeof(content->customer), value);
    case FIELD_BUYERS:
        return put_buyers(content, value);
    case FIELD_MARKUP:
        return text_fit(content->markup, sizeof(content->markup), value);
    case FIELD_TERM:
        return (*value == '\0' || term_label(value) != NULL) &&
               text_fit(content->term, sizeof(content->term), value);
    case FIELD_ACCEPT_BY:
        return text_fit(content->accept_by, sizeof(content->accept_by), value);
    case FIELD_EULA:
        return put_eula(content, value);
    case FIELD_EULA_URL:
        return text_fit(content->eula_url, sizeof(content->eula_url), value);
    case FIELD_NOTE:
        return text_fit(content->note, sizeof(content->note), value);
    case FIELD_PLAYBOOK:
        return *value != '\0' && text_fit(content->playbook, sizeof(content->playbook), value);
    case FIELD_COUNT:
        break;
    }
    return false;
}

bool content_parse(struct content *content, const char *canonical)
{
    struct text value = {0};
    int seen = 0;
    bool good = true;
    content->buyer_count = 0; /* all else is set by its line, each of which must be there */
    content->playbook[0] = '\0';
    while (good && *canonical != '\0') {
        size_t line = strcspn(canonical, "\n");
        size_t name = strcspn(canonical, "=");
        char key[32];
        good = name < line && name < sizeof(key) && seen < FIELD_COUNT;
        if (!good)
            break;
        memcpy(key, canonical, name);
        key[name] = '\0';
        unescape(&value, canonical + name + 1, line - name - 1);
        good = strcmp(key, field_name((enum field)seen)) == 0 &&
               put(content, (enum field)seen, text_get(&value));
        seen++;
        canonical += line + (canonical[line] == '\n');
    }
    text_free(&value);
    return good && (seen == FIELD_COUNT || seen == FIELD_PLAYBOOK);
}

/* How a value reads to people. */
static const char *shown(const struct content *content, enum field field, const char *value)
{
    if (field == FIELD_TERM && term_label(value) != NULL)
        return term_label(value);
    if (field == FIELD_EULA)
        return eula_label(content->eula);
    return *value != '\0' ? value : "(empty)";
}

/* "Markup: 25 % → 33.3 %": one line, long values cut with an ellipsis. On the heap. */
static char *change_line(enum field field, const char *from, const char *to)
{
    const char *unit = field == FIELD_MARKUP ? " %" : "";
    size_t cut[] = {text_cut(from, SHOWN_POINTS), text_cut(to, SHOWN_POINTS)};
    char *line = text_format("%s: %.*s%s%s → %.*s%s%s", field_label(field), (int)cut[0], from,
                             from[cut[0]] != '\0' ? "…" : "", unit, (int)cut[1], to,
                             to[cut[1]] != '\0' ? "…" : "", unit);
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '\n')
            *at = ' ';
    }
    return line;
}

const char *content_uncovered(const struct content *content,
                              const struct authorization *authorization)
{
    for (size_t i = 0; i < content->buyer_count; i++) {
        if (!authorization_allows(authorization, content->buyers[i]))
            return content->buyers[i];
    }
    return NULL;
}

void content_changes(const struct content *before, const struct content *after, char *text,
                     size_t capacity)
{
    char buyers[2][BUYERS_TEXT];
    struct form old;
    struct form new;
    size_t at = 0;
    bool fits = true;
    content_form(before, buyers[0], BUYERS_TEXT, &old);
    content_form(after, buyers[1], BUYERS_TEXT, &new);
    join_buyers(before, ", ", buyers[0], BUYERS_TEXT);
    join_buyers(after, ", ", buyers[1], BUYERS_TEXT);
    text[0] = '\0';
    for (int i = 0; i < FIELD_COUNT && fits; i++) {
        enum field field = (enum field)i;
        if (strcmp(old.typed[i], new.typed[i]) == 0)
            continue;
        char *line = change_line(field, shown(before, field, old.typed[i]),
                                 shown(after, field, new.typed[i]));
        fits = at + strlen(line) + 2 <= capacity;
        if (fits)
            at += (size_t)snprintf(text + at, capacity - at, "%s%s", at > 0 ? "\n" : "", line);
        free(line);
    }
}
