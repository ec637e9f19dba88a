/* The AWS keys: from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN),
 * or from a profile of the shared files (~/.aws/credentials and ~/.aws/config, or where
 * AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say). Source: AWS SDKs and Tools Reference Guide,
 * "Credential provider chain". */
#ifndef CPPO_MARKETPLACE_CREDENTIALS_H
#define CPPO_MARKETPLACE_CREDENTIALS_H

#include "err.h"

struct credentials {
    char *access_key;
    char *secret_key;
    char *token; /* "" when there is none */
};

/* ${profile}: configured; "" is AWS_PROFILE or "default". A configured profile goes before the
 * environment. NULL with an error that says where was looked. */
struct credentials *credentials_load(const char *profile, struct err *err);
void credentials_free(struct credentials *credentials); /* wipes; NULL is fine */

/* The value of ${key} in section ${section} of an INI text ("[section]", "key = value"); on the
 * heap, NULL when it is not there. */
char *credentials_ini(const char *text, const char *section, const char *key);

#endif
