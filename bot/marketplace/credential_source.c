/* Where credentials come from: the chain, and the profiles of the AWS files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "marketplace/credentials.h"
#include "mem.h"
#include "text.h"

enum { MAX_HOPS = 5 }; /* from profile to source_profile */

static const char *env(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static struct credential_source *source_new(enum credential_source_kind kind)
{
    struct credential_source *source = mem_new(1, sizeof(*source));
    source->kind = kind;
    return source;
}

void credential_source_free(struct credential_source *source)
{
    if (source == NULL)
        return;
    credentials_free(source->credentials);
    credential_source_words_free(source->words);
    free(source->url);
    mem_wipe_free(source->authorization);
    free(source->role);
    free(source->session);
    mem_wipe_free(source->external_id);
    free(source->duration);
    free(source->token_file);
    credential_source_free(source->base);
    free(source);
}

/* --- a command line --- */

void credential_source_words_free(char **words)
{
    for (char **word = words; word != NULL && *word != NULL; word++)
        free(*word);
    free(words);
}

/* One word from *${at} on; false when a quote is not closed. */
static bool take_word(const char **at, struct text *word)
{
    char quote = '\0';
    for (; **at != '\0' && (quote != '\0' || !isspace((unsigned char)**at)); ++*at) {
        bool escapes = **at == '\\' && quote != '\'' && (*at)[1] != '\0';
        if (escapes)
            ++*at;
        else if (quote == '\0' && (**at == '"' || **at == '\'')) {
            quote = **at;
            continue;
        } else if (quote != '\0' && **at == quote) {
            quote = '\0';
            continue;
        }
        text_add_bytes(word, *at, 1);
    }
    return quote == '\0';
}

char **credential_source_words(const char *line)
{
    char **words = mem_new(1, sizeof(*words));
    size_t count = 0;
    for (;;) {
        struct text word = {0};
        while (isspace((unsigned char)*line))
            line++;
        if (*line == '\0')
            return words;
        bool closed = take_word(&line, &word);
        words = mem_resize(words, count + 2, sizeof(*words));
        words[count++] = text_take(&word);
        words[count] = NULL;
        if (!closed) {
            credential_source_words_free(words);
            return NULL;
        }
    }
}

/* --- INI --- */

static bool is_section(const char *line, size_t size, const char *section)
{
    while (size > 0 && isspace((unsigned char)line[size - 1]))
        size--;
    return size == strlen(section) + 2 && line[0] == '[' && line[size - 1] == ']' &&
           strncmp(line + 1, section, size - 2) == 0;
}

static char *value_of(const char *line, size_t size, const char *key)
{
    size_t name = strlen(key);
    if (size <= name || strncmp(line, key, name) != 0)
        return NULL;
    const char *at = line + name;
    const char *end = line + size;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end || *at != '=')
        return NULL;
    at++;
    while (at < end && isspace((unsigned char)*at))
        at++;
    while (end > at && isspace((unsigned char)end[-1]))
        end--;
    return mem_slice(at, (size_t)(end - at));
}

char *credentials_ini(const char *text, const char *section, const char *key)
{
    bool inside = false;
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (*text == '[')
            inside = is_section(text, size, section);
        char *value = inside ? value_of(text, size, key) : NULL;
        if (value != NULL)
            return value;
        text += size + (text[size] == '\n');
    }
    return NULL;
}

/* --- places without a profile --- */

static struct credential_source *static_credentials(char *access_key, char *secret_key, char *token)
{
    struct credential_source *source = source_new(CREDENTIALS_STATIC);
    source->credentials = mem_new(1, sizeof(*source->credentials));
    *source->credentials = (struct credentials){access_key, secret_key, token, 0};
    return source;
}

static struct credential_source *from_environment(void)
{
    if (*env("AWS_ACCESS_KEY_ID") == '\0' || *env("AWS_SECRET_ACCESS_KEY") == '\0')
        return NULL;
    return static_credentials(mem_copy(env("AWS_ACCESS_KEY_ID")),
                              mem_copy(env("AWS_SECRET_ACCESS_KEY")),
                              mem_copy(env("AWS_SESSION_TOKEN")));
}

/* Takes the texts; ${session} NULL or "" is ours. */
static struct credential_source *web_identity(char *role, char *token_file, char *session)
{
    struct credential_source *source = source_new(CREDENTIALS_WEB_IDENTITY);
    source->role = role;
    source->token_file = token_file;
    source->session =
        session != NULL && *session != '\0' ? mem_copy(session) : mem_copy("cppo-bot");
    source->external_id = mem_copy("");
    source->duration = mem_copy("");
    free(session);
    return source;
}

static struct credential_source *from_web_identity(void)
{
    if (*env("AWS_WEB_IDENTITY_TOKEN_FILE") == '\0' || *env("AWS_ROLE_ARN") == '\0')
        return NULL;
    return web_identity(mem_copy(env("AWS_ROLE_ARN")), mem_copy(env("AWS_WEB_IDENTITY_TOKEN_FILE")),
                        mem_copy(env("AWS_ROLE_SESSION_NAME")));
}

/* The file is preferred: it is renewed while we run. A line break would smuggle in a header. */
static char *container_authorization(struct err *err)
{
    const char *file = env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    char *value =
        *file != '\0' ? credentials_file(file) : mem_copy(env("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    if (value == NULL) {
        err_set(err, "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot "
                     "be read");
    } else if (strpbrk(value, "\r\n") != NULL) {
        err_set(err, "the container's authorization token holds a line break");
        mem_wipe_free(value);
        value = NULL;
    }
    return value;
}

/* NULL without an error: there is no container. */
static struct credential_source *from_container(bool *broken, struct err *err)
{
    const char *relative = env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (*relative == '\0' && *full == '\0')
        return NULL;
    char *authorization = container_authorization(err);
    if (authorization == NULL) {
        *broken = true;
        return NULL;
    }
    struct credential_source *source = source_new(CREDENTIALS_CONTAINER);
    source->url =
        *relative != '\0' ? text_format("http://169.254.170.2%s", relative) : mem_copy(full);
    source->authorization = authorization;
    return source;
}

static struct credential_source *from_instance(void)
{
    const char *endpoint = env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (text_same_nocase(env("AWS_EC2_METADATA_DISABLED"), "true"))
        return NULL;
    struct credential_source *source = source_new(CREDENTIALS_INSTANCE);
    if (*endpoint == '\0')
        endpoint = text_same_nocase(env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6")
                       ? "http://[fd00:ec2::254]"
                       : "http://169.254.169.254";
    source->url = mem_copy(endpoint);
    for (size_t end = strlen(source->url); end > 0 && source->url[end - 1] == '/'; end--)
        source->url[end - 1] = '\0';
    return source;
}

/* --- profiles --- */

struct files {
    char *credentials; /* "" when there is none */
    char *config;
    int hops;
    bool broken; /* an error was set: the profile is there, and wrong */
};

static char *file_of(const char *variable, const char *name)
{
    char *path = *env(variable) != '\0' ? mem_copy(env(variable))
                                        : text_format("%s/.aws/%s", env("HOME"), name);
    char *text = credentials_file(path);
    free(path);
    return text != NULL ? text : mem_copy("");
}

/* A key with nothing behind it is as good as none. */
static char *unless_empty(char *value)
{
    if (value != NULL && *value != '\0')
        return value;
    free(value);
    return NULL;
}

/* In the credentials file the section is [name], in the other one [profile name]. */
static char *setting(const struct files *files, const char *profile, const char *key)
{
    char *value = unless_empty(credentials_ini(files->credentials, profile, key));
    if (value != NULL)
        return value;
    char *section =
        strcmp(profile, "default") == 0 ? mem_copy(profile) : text_format("profile %s", profile);
    value = unless_empty(credentials_ini(files->config, section, key));
    free(section);
    return value;
}

static bool has(const struct files *files, const char *profile, const char *key)
{
    char *value = setting(files, profile, key);
    bool there = value != NULL;
    mem_wipe_free(value);
    return there;
}

static char *setting_or_empty(const struct files *files, const char *profile, const char *key)
{
    char *value = setting(files, profile, key);
    return value != NULL ? value : mem_copy("");
}

static struct credential_source *profile_error(struct files *files, struct err *err,
                                               const char *profile, const char *why)
{
    files->broken = true;
    err_set(err, "the AWS profile “%s” cannot be used: %s", profile, why);
    return NULL;
}

static struct credential_source *profile_credentials(struct files *files, const char *profile)
{
    char *access_key = setting(files, profile, "aws_access_key_id");
    char *secret_key = setting(files, profile, "aws_secret_access_key");
    if (access_key != NULL && secret_key != NULL)
        return static_credentials(access_key, secret_key,
                                  setting_or_empty(files, profile, "aws_session_token"));
    mem_wipe_free(access_key);
    mem_wipe_free(secret_key);
    return NULL;
}

static struct credential_source *from_profile(struct files *files, const char *profile,
                                              struct err *err);

/* Whose credentials ask for the role of this profile. */
static struct credential_source *role_base(struct files *files, const char *profile,
                                           struct err *err)
{
    char *other = setting(files, profile, "source_profile");
    char *place = setting(files, profile, "credential_source");
    struct credential_source *base = NULL;
    if (other != NULL && strcmp(other, profile) == 0)
        base = profile_credentials(files, profile);
    else if (other != NULL && ++files->hops < MAX_HOPS)
        base = from_profile(files, other, err);
    else if (place != NULL && strcmp(place, "Environment") == 0)
        base = from_environment();
    else if (place != NULL && strcmp(place, "EcsContainer") == 0)
        base = from_container(&files->broken, err);
    else if (place != NULL && strcmp(place, "Ec2InstanceMetadata") == 0)
        base = from_instance();
    free(other);
    free(place);
    return base;
}

static struct credential_source *from_role(struct files *files, const char *profile,
                                           struct err *err)
{
    if (has(files, profile, "mfa_serial"))
        return profile_error(files, err, profile,
                             "it requires an MFA code, which a daemon does not have");
    if (has(files, profile, "web_identity_token_file"))
        return web_identity(setting(files, profile, "role_arn"),
                            setting(files, profile, "web_identity_token_file"),
                            setting(files, profile, "role_session_name"));
    struct credential_source *base = role_base(files, profile, err);
    if (base == NULL)
        return files->broken
                   ? NULL
                   : profile_error(files, err, profile,
                                   "its role_arn needs a source_profile or a credential_source "
                                   "that has credentials");
    struct credential_source *source = source_new(CREDENTIALS_ROLE);
    char *session = setting_or_empty(files, profile, "role_session_name");
    source->base = base;
    source->role = setting(files, profile, "role_arn");
    source->session = *session != '\0' ? mem_copy(session) : mem_copy("cppo-bot");
    source->external_id = setting_or_empty(files, profile, "external_id");
    source->duration = setting_or_empty(files, profile, "duration_seconds");
    free(session);
    return source;
}

static struct credential_source *from_process(struct files *files, const char *profile,
                                              struct err *err)
{
    char *line = setting(files, profile, "credential_process");
    struct credential_source *source = source_new(CREDENTIALS_PROCESS);
    source->words = credential_source_words(line);
    free(line);
    if (source->words != NULL && source->words[0] != NULL)
        return source;
    credential_source_free(source);
    return profile_error(files, err, profile,
                         "its credential_process is empty, or a quote is not closed");
}

/* NULL without an error set: there is no such profile, or nothing in it. */
static struct credential_source *from_profile(struct files *files, const char *profile,
                                              struct err *err)
{
    if (has(files, profile, "role_arn"))
        return from_role(files, profile, err);
    struct credential_source *source = profile_credentials(files, profile);
    if (source != NULL)
        return source;
    if (has(files, profile, "credential_process"))
        return from_process(files, profile, err);
    if (has(files, profile, "sso_session") || has(files, profile, "sso_start_url"))
        return profile_error(
            files, err, profile,
            "SSO needs a login in a browser, which a daemon cannot do; use a role");
    return NULL;
}

static struct credential_source *profile_of_files(const char *profile, bool *wrong, struct err *err)
{
    struct files files = {.credentials = file_of("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                          .config = file_of("AWS_CONFIG_FILE", "config")};
    struct credential_source *source = from_profile(&files, profile, err);
    *wrong = files.broken;
    mem_wipe_free(files.credentials);
    mem_wipe_free(files.config);
    return source;
}

/* --- the chain --- */

struct credential_source *credential_source_find(const char *profile, struct err *err)
{
    bool wrong = false;
    struct credential_source *source;
    if (*profile != '\0') {
        source = profile_of_files(profile, &wrong, err);
        if (source == NULL && !wrong)
            err_set(err, "the AWS files have no profile “%s” with credentials in it", profile);
        return source;
    }
    source = from_environment();
    if (source == NULL)
        source = from_web_identity();
    if (source == NULL)
        source = profile_of_files(*env("AWS_PROFILE") != '\0' ? env("AWS_PROFILE") : "default",
                                  &wrong, err);
    if (source == NULL && !wrong)
        source = from_container(&wrong, err);
    if (source == NULL && !wrong)
        source = from_instance();
    if (source == NULL && !wrong)
        err_set(
            err,
            "there are no AWS credentials: neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
            "nor a web identity, nor in the profile of the AWS files, nor from a container");
    return source;
}
