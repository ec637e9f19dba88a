/* The opening handshake of a client's WebSocket: RFC 6455, 4.1, and Slack's ticket. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "link_parts.h"
#include "mem.h"

enum { TICKET_MS = 30000 };

/* The value of a header in the raw head, on the heap; NULL when it is not there. */
static char *header_of(const char *head, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, size) != 0 || line[size] != ':')
            continue;
        line += size + 1;
        line += strspn(line, " \t");
        return mem_slice(line, strcspn(line, "\r"));
    }
    return NULL;
}

static bool header_is(const char *head, const char *name, const char *wanted)
{
    char *value = header_of(head, name);
    bool same = value != NULL && strcasestr(value, wanted) != NULL;
    free(value);
    return same;
}

/* Is the ticket in the request's address one of ours, fresh and unused? It is used up by this. */
static bool spend_ticket(struct link *link, const char *head)
{
    const char *at = strstr(head, "ticket=");
    if (at == NULL || at > strstr(head, "\r\n"))
        return false;
    at += strlen("ticket=");
    char *ticket = mem_slice(at, strcspn(at, "& \r"));
    const json_t *made = json_object_get(link->tickets, ticket);
    bool good = made != NULL && sandbox_monotonic_ms() - json_integer_value(made) < TICKET_MS;
    json_object_del(link->tickets, ticket);
    free(ticket);
    return good;
}

const char *handshake_check(struct link *link, const char *head, char accept[WS_ACCEPT],
                            const char **why)
{
    char *key = header_of(head, "Sec-WebSocket-Key");
    bool good_key = key != NULL && ws_accept(key, accept);
    size_t line = strcspn(head, "\r");
    free(key);
    *why = "not a WebSocket handshake for /link/ (RFC 6455, 4.1)";
    if (strncmp(head, "GET /link/?", 11) != 0 || line < 20 ||
        strncmp(head + line - 9, " HTTP/1.1", 9) != 0)
        return "404 Not Found";
    if (!header_is(head, "Upgrade", "websocket") || !header_is(head, "Connection", "upgrade") ||
        !header_is(head, "Host", "") || !good_key)
        return "400 Bad Request";
    *why = "only WebSocket version 13";
    if (!header_is(head, "Sec-WebSocket-Version", "13"))
        return "426 Upgrade Required";
    *why = "the ticket is unknown, used or too old";
    return spend_ticket(link, head) ? NULL : "403 Forbidden";
}
