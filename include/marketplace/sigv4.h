/* AWS Signature Version 4 (IAM user guide, "Create a signed AWS API request"), for requests whose
 * path needs no encoding. */
#ifndef CPPO_MARKETPLACE_SIGV4_H
#define CPPO_MARKETPLACE_SIGV4_H

#include <stddef.h>
#include <stdint.h>

struct sigv4_credentials {
    const char *access_key;
    const char *secret_key;
    const char *token; /* may be "" */
};

struct sigv4_parameter {
    const char *name, *value; /* not encoded */
};

struct sigv4_request {
    const char *method;
    const char *host;                    /* with a port where the URL has one */
    const char *path;                    /* encoded already, starting with a slash */
    const struct sigv4_parameter *query; /* ends with a NULL name; NULL: none */
    const char *content_type;            /* "" when there is no body */
    const char *target;                  /* X-Amz-Target, "" when none */
    const void *body;
    size_t body_size;
    const char *region;
    const char *service;
};

enum { SIGV4_HEADERS = 6 };

/* The header lines to send ("Name: value"), on the heap, ended by NULL. Those that carry secrets
 * are wiped by sigv4_headers_free. */
struct sigv4_headers {
    char *line[SIGV4_HEADERS];
};

/* Sign for this moment (run/aws.h: how long that is good). Frees nothing that ${headers} had. */
void sigv4_sign(const struct sigv4_request *request, const struct sigv4_credentials *credentials,
                int64_t epoch_seconds, struct sigv4_headers *headers);
void sigv4_headers_free(struct sigv4_headers *headers);

/* The query string as it is signed and must be sent: sorted, RFC 3986 encoded, "" when empty. On
 * the heap. */
char *sigv4_query(const struct sigv4_parameter *query);

#endif
