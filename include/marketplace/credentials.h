/* AWS credentials: where they come from, and what those places say. Source: AWS SDKs and Tools
 * Reference Guide, "Credential provider chain" and the page of each provider; STS API reference.
 * Nothing here waits for anybody: asking is done by bot/run/aws_credentials.c. */
#ifndef CPPO_MARKETPLACE_CREDENTIALS_H
#define CPPO_MARKETPLACE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct credentials {
    char *access_key;
    char *secret_key;
    char *token;        /* may be "" */
    int64_t expires_at; /* ms since the epoch; 0: never */
};
void credentials_free(struct credentials *credentials); /* wipes; NULL is fine */

/* --- where they come from --- */

enum credential_source_kind {
    CREDENTIALS_STATIC,       /* `credentials`: from the environment or a file */
    CREDENTIALS_PROCESS,      /* run `words`, read its output */
    CREDENTIALS_CONTAINER,    /* GET `url` with `authorization` (ECS, EKS Pod Identity) */
    CREDENTIALS_INSTANCE,     /* the instance metadata service, version 2, at `url` */
    CREDENTIALS_WEB_IDENTITY, /* STS gives `role` for the token in `token_file` */
    CREDENTIALS_ROLE,         /* STS gives `role` to who has the credentials of `base` */
};

/* Owns everything in it; texts are NULL where the kind does not have them. */
struct credential_source {
    enum credential_source_kind kind;
    struct credentials *credentials;
    char **words; /* NULL-terminated */
    char *url;
    char *authorization; /* may be "" */
    char *role, *session;
    char *external_id; /* "" */
    char *duration;    /* seconds, "" = what STS gives */
    char *token_file;
    struct credential_source *base;
};

/* The first of: a configured ${profile}; the environment; a web identity; the profile that
 * AWS_PROFILE names, or "default"; the container; the instance. ${profile} "": not configured.
 * Files are read anew at each call. NULL with an error that says what is wrong or where was looked.
 */
struct credential_source *credential_source_find(const char *profile, struct err *err);
void credential_source_free(struct credential_source *source); /* wipes; NULL is fine */

/* The value of ${key} in section ${section} of an INI text ("[section]", "key = value"); on the
 * heap, NULL when it is not there. */
char *credentials_ini(const char *text, const char *section, const char *key);

/* A command line in words, as a shell would split it: quotes and backslashes, and nothing else of a
 * shell. NULL-terminated, on the heap, as are its words; NULL when a quote is not closed. */
char **credential_source_words(const char *line);
void credential_source_words_free(char **words);

/* --- what they say --- */

/* JSON of a credential_process (${process}: Version must be 1), a container or an instance. */
struct credentials *credentials_read_json(const char *bytes, size_t size, bool process,
                                          struct err *err);
/* XML of STS: AssumeRole, AssumeRoleWithWebIdentity. */
struct credentials *credentials_read_sts(const char *bytes, size_t size, struct err *err);

/* The body of the question to STS for a CREDENTIALS_ROLE, or with ${web_token} for a
 * CREDENTIALS_WEB_IDENTITY; on the heap, to be wiped. */
char *credentials_sts_body(const struct credential_source *source, const char *web_token);

/* A small file as text, its end trimmed; on the heap, to be wiped. NULL when it cannot be read. */
char *credentials_file(const char *path);

#endif
